//! In which order a circuit is worked out, and in which bit of the state each value lies meanwhile.
//!
//! A *frontier* is the set of values that are known and still needed. Its width decides the cost, so several
//! orders are tried on paper and the one with the least Σ 2^width is taken.

use super::circuit::{Circuit, Form, Op};

/// A bit of the state.
pub(super) type Slot = u32;

/// The whole evaluation of one node as a list of steps.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    /// How many bits a state has.
    pub(super) slots: u32,
    /// Where the result is in the end.
    pub(super) result: Slot,
    /// Σ 2^width over the steps: at most so many states are looked at.
    pub(super) cost: f64,
}

/// One coin is thrown, and what follows from it is worked out.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The leaf that is thrown.
    pub(super) leaf: u32,
    /// Where its sites are, in their order.
    pub(super) sites: Vec<Slot>,
    /// Where its value goes.
    pub(super) slot: Slot,
    /// What follows, in order.
    pub(super) updates: Vec<Update>,
}

/// A change of a state: `rule` is read off the sources, then `clear` is set to 0, then the target, if the
/// rule says so, to 1.
#[derive(Clone, Debug)]
pub(super) struct Update {
    pub(super) rule: Rule,
    pub(super) sources: Vec<Slot>,
    pub(super) clear: Vec<Slot>,
    pub(super) target: Slot,
}

/// What is read off the sources of an update.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// Nothing: the values are no longer needed.
    Forget,
    /// Every source is up.
    All,
    /// Some source is up.
    Any,
    /// At least so many sources are up.
    AtLeast(u32),
    /// As many of these slots are set, from the first, as sources are up.
    Count(Vec<Slot>),
}

/// What lies under one node, numbered from 0, each after its inputs; the node itself is the last.
#[derive(Debug, Default)]
pub(super) struct Local {
    pub(super) nodes: Vec<LocalNode>,
}

/// A node with its neighbours.
#[derive(Debug)]
pub(super) struct LocalNode {
    form: LocalForm,
    inputs: Vec<u32>,
    users: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
enum LocalForm {
    Leaf(u32),
    Gate(Op),
}

impl LocalNode {
    /// A coin without sites can be thrown at any time; it is when it is first needed.
    fn is_free(&self) -> bool {
        matches!(self.form, LocalForm::Leaf(_)) && self.inputs.is_empty()
    }
}

impl Local {
    /// Gathers what `head` rests on. `numbers` is scratch, as long as the circuit and full of `u32::MAX`.
    pub(super) fn gather(circuit: &Circuit, head: u32, numbers: &mut [u32]) -> Self {
        let mut local = Self::default();
        let mut visited = Vec::new();
        let mut path: Vec<(u32, usize)> = vec![(head, 0)];
        while let Some((node, input)) = path.last_mut() {
            let inputs = circuit.inputs(*node);
            if let Some(&child) = inputs.get(*input) {
                *input += 1;
                if numbers[child as usize] == u32::MAX {
                    path.push((child, 0));
                }
                continue;
            }
            let number = local.nodes.len() as u32;
            numbers[*node as usize] = number;
            visited.push(*node);
            let inputs: Vec<u32> = inputs.iter().map(|input| numbers[*input as usize]).collect();
            for &input in &inputs {
                local.nodes[input as usize].users.push(number);
            }
            let form = match circuit.forms[*node as usize] {
                Form::Leaf(leaf) => LocalForm::Leaf(leaf),
                Form::Gate(op, _) => LocalForm::Gate(op),
            };
            local.nodes.push(LocalNode { form, inputs, users: Vec::new() });
            path.pop();
        }
        for node in visited {
            numbers[node as usize] = u32::MAX;
        }
        local
    }

    /// The cheapest plan that is found.
    pub(super) fn plan(&self) -> Plan {
        let walk: Vec<u32> =
            (0..self.nodes.len() as u32).filter(|node| !self.nodes[*node as usize].is_free()).collect();
        let mut best = Planner::new(self, f64::INFINITY).run(&walk).expect("nothing is dearer than infinity");
        if best.cost < CHEAP {
            return best;
        }
        let mut by_height = walk.clone();
        let heights = self.heights();
        by_height.sort_by_key(|node| heights[*node as usize]);
        let mut by_depth = walk.clone();
        let depths = self.depths();
        by_depth.sort_by_key(|node| std::cmp::Reverse(depths[*node as usize]));
        let narrowest = self.narrowest_first(&walk);
        for order in [Some(by_height), Some(by_depth), narrowest].into_iter().flatten() {
            if let Some(plan) = Planner::new(self, best.cost).run(&order) {
                best = plan;
            }
        }
        best
    }

    /// The longest way down from each node.
    fn heights(&self) -> Vec<u32> {
        let mut heights = vec![0; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            let below = node.inputs.iter().filter(|input| !self.nodes[**input as usize].is_free());
            heights[at] = below.map(|input| heights[*input as usize] + 1).max().unwrap_or(0);
        }
        heights
    }

    /// The longest way from the head to each node.
    fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate().rev() {
            depths[at] = node.users.iter().map(|user| depths[*user as usize] + 1).max().unwrap_or(0);
        }
        depths
    }

    /// Takes next what widens the frontier least; none if that takes too long to find out.
    fn narrowest_first(&self, walk: &[u32]) -> Option<Vec<u32>> {
        let mut missing: Vec<usize> = vec![0; self.nodes.len()];
        for &node in walk {
            let inputs = &self.nodes[node as usize].inputs;
            missing[node as usize] =
                inputs.iter().filter(|input| !self.nodes[**input as usize].is_free()).count();
        }
        let mut open_users: Vec<usize> = self.nodes.iter().map(|node| node.users.len()).collect();
        let mut thrown = vec![false; self.nodes.len()];
        let mut ready: Vec<u32> = walk.iter().copied().filter(|node| missing[*node as usize] == 0).collect();
        let mut order = Vec::with_capacity(walk.len());
        let mut looks = 0;
        while !ready.is_empty() {
            looks += ready.len();
            if looks > MOST_LOOKS {
                return None;
            }
            let growth = |node: u32| -> i64 {
                let node = &self.nodes[node as usize];
                let change = |input: &u32| match (
                    self.nodes[*input as usize].is_free(),
                    open_users[*input as usize],
                ) {
                    (true, 1) if !thrown[*input as usize] => 0,
                    (true, _) if !thrown[*input as usize] => 1,
                    (_, 1) => -1,
                    _ => 0,
                };
                node.inputs.iter().map(change).sum()
            };
            let (at, _) = ready.iter().enumerate().min_by_key(|(_, node)| growth(**node))?;
            let next = ready.remove(at);
            order.push(next);
            for &input in &self.nodes[next as usize].inputs {
                open_users[input as usize] -= 1;
                thrown[input as usize] = true;
            }
            for &user in &self.nodes[next as usize].users {
                missing[user as usize] -= 1;
                if missing[user as usize] == 0 {
                    ready.push(user);
                }
            }
        }
        Some(order)
    }
}

/// A plan that looks at fewer states than this needs no rival.
const CHEAP: f64 = 2048.0;
/// How many candidates the search for the narrowest frontier may look at.
const MOST_LOOKS: usize = 4_000_000;

/// The state of a plan being written.
struct Planner<'a> {
    local: &'a Local,
    plan: Plan,
    limit: f64,
    /// Where the known values are.
    slot: Vec<Option<Slot>>,
    /// Which coins have been thrown, also those whose value has been taken in by now.
    thrown: Vec<bool>,
    /// How many users have not taken each value in yet.
    pending: Vec<u32>,
    /// What each gate has gathered of its children so far: the slots of its running value.
    gathered: Vec<Vec<Slot>>,
    /// The children of each gate that are known and not taken in yet.
    waiting: Vec<Vec<u32>>,
    free: std::collections::BinaryHeap<std::cmp::Reverse<Slot>>,
    /// How many bits tell the states apart.
    width: i32,
}

impl<'a> Planner<'a> {
    fn new(local: &'a Local, limit: f64) -> Self {
        let count = local.nodes.len();
        let mut pending: Vec<u32> = local.nodes.iter().map(|node| node.users.len() as u32).collect();
        pending[count - 1] += 1; // The head is wanted in the end.
        Self {
            local,
            plan: Plan::default(),
            limit,
            slot: vec![None; count],
            thrown: vec![false; count],
            pending,
            gathered: vec![Vec::new(); count],
            waiting: vec![Vec::new(); count],
            free: std::collections::BinaryHeap::new(),
            width: 0,
        }
    }

    /// Writes the plan for an order of all nodes but the free coins; none if it costs as much as the limit.
    fn run(mut self, order: &[u32]) -> Option<Plan> {
        for &node in order {
            match self.local.nodes[node as usize].form {
                LocalForm::Leaf(leaf) => self.throw_placed(node, leaf),
                LocalForm::Gate(op) => self.complete(node, op),
            }
            if self.plan.cost >= self.limit {
                return None;
            }
        }
        let head = self.local.nodes.len() as u32 - 1;
        if self.local.nodes[head as usize].is_free() {
            self.ensure_known(head);
        }
        self.plan.result = self.slot[head as usize].expect("the head is the last in every order");
        Some(self.plan)
    }

    fn take_slot(&mut self) -> Slot {
        self.width += 1;
        if let Some(std::cmp::Reverse(slot)) = self.free.pop() {
            return slot;
        }
        self.plan.slots += 1;
        self.plan.slots - 1
    }

    fn give_back(&mut self, slot: Slot) {
        self.width -= 1;
        self.free.push(std::cmp::Reverse(slot));
    }

    /// Throws the coin of a leaf whose sites are known.
    fn throw(&mut self, node: u32, leaf: u32) {
        self.plan.cost += 2_f64.powi(self.width);
        let slot = self.take_slot();
        let site = |site: &u32| self.slot[*site as usize].expect("sites come first");
        let sites = self.local.nodes[node as usize].inputs.iter().map(site).collect();
        self.plan.steps.push(Step { leaf, sites, slot, updates: Vec::new() });
        self.slot[node as usize] = Some(slot);
        self.thrown[node as usize] = true;
    }

    /// Throws a free coin, unless that has been done.
    fn ensure_known(&mut self, node: u32) {
        let known = &self.local.nodes[node as usize];
        if let LocalForm::Leaf(leaf) = known.form
            && !self.thrown[node as usize]
        {
            self.throw(node, leaf);
            self.announce(node);
        }
    }

    fn throw_placed(&mut self, node: u32, leaf: u32) {
        let local = self.local;
        let sites = &local.nodes[node as usize].inputs;
        for &site in sites {
            if local.nodes[site as usize].is_free() {
                self.ensure_known(site);
            }
        }
        self.throw(node, leaf);
        let mut clear = Vec::new();
        for &site in sites {
            self.release(site, &mut clear);
        }
        if !clear.is_empty() {
            self.update(Update { rule: Rule::Forget, sources: Vec::new(), target: clear[0], clear });
        }
        self.announce(node);
    }

    /// One user less; with the last one the value's slot is to be cleared.
    fn release(&mut self, node: u32, clear: &mut Vec<Slot>) {
        self.pending[node as usize] -= 1;
        if self.pending[node as usize] == 0
            && let Some(slot) = self.slot[node as usize].take()
        {
            clear.push(slot);
            self.give_back(slot);
        }
    }

    /// Tells the gates that a value is known; those that can take it in without widening the frontier do.
    fn announce(&mut self, node: u32) {
        let local = self.local;
        for &user in &local.nodes[node as usize].users {
            if let LocalForm::Gate(op) = local.nodes[user as usize].form {
                self.waiting[user as usize].push(node);
                if self.waiting[user as usize].len() < local.nodes[user as usize].inputs.len() {
                    self.gather(user, op);
                }
            }
        }
    }

    /// Takes into a gate's running value the children that nothing else waits for.
    fn gather(&mut self, gate: u32, op: Op) {
        let (last_use, shared): (Vec<u32>, Vec<u32>) =
            self.waiting[gate as usize].iter().partition(|child| self.pending[**child as usize] == 1);
        let started = !self.gathered[gate as usize].is_empty();
        let stages = if let Op::AtLeast(needed) = op { needed as usize } else { 1 };
        if last_use.is_empty() || !started && last_use.len() <= stages {
            return;
        }
        self.waiting[gate as usize] = shared;
        let mut sources: Vec<Slot> = last_use
            .iter()
            .map(|child| self.slot[*child as usize].expect("a waiting child is known"))
            .collect();
        let mut clear = Vec::new();
        for child in last_use {
            self.release(child, &mut clear);
        }
        let running = std::mem::take(&mut self.gathered[gate as usize]);
        sources.extend(&running);
        clear.extend(&running);
        let stages: Vec<Slot> =
            if started { running } else { (0..stages).map(|_| self.take_slot()).collect() };
        let target = stages[0];
        let rule = match op {
            Op::All => Rule::All,
            Op::Any => Rule::Any,
            Op::AtLeast(_) => {
                if !started {
                    self.width -= saved_width(stages.len());
                }
                Rule::Count(stages.clone())
            }
        };
        self.gathered[gate as usize] = stages;
        self.update(Update { rule, sources, clear, target });
    }

    /// Works a gate out, all of whose children are known or free coins.
    fn complete(&mut self, gate: u32, op: Op) {
        let local = self.local;
        for &child in &local.nodes[gate as usize].inputs {
            if local.nodes[child as usize].is_free() {
                self.ensure_known(child);
            }
        }
        let waiting = std::mem::take(&mut self.waiting[gate as usize]);
        let mut sources: Vec<Slot> = waiting
            .iter()
            .map(|child| self.slot[*child as usize].expect("a waiting child is known"))
            .collect();
        let mut clear = Vec::new();
        for child in waiting {
            self.release(child, &mut clear);
        }
        let running = std::mem::take(&mut self.gathered[gate as usize]);
        if let Op::AtLeast(_) = op
            && !running.is_empty()
        {
            self.width += saved_width(running.len());
        }
        for slot in running {
            sources.push(slot);
            clear.push(slot);
            self.give_back(slot);
        }
        let target = self.take_slot();
        let rule = match op {
            Op::All => Rule::All,
            Op::Any => Rule::Any,
            Op::AtLeast(needed) => Rule::AtLeast(needed),
        };
        self.update(Update { rule, sources, clear, target });
        self.slot[gate as usize] = Some(target);
        self.announce(gate);
    }

    fn update(&mut self, update: Update) {
        self.plan.steps.last_mut().expect("some coin comes before every gate").updates.push(update);
    }
}

/// A count takes as many slots as its greatest value, but the bits of a binary number tell its states apart.
fn saved_width(stages: usize) -> i32 {
    (stages as u32).cast_signed() - (usize::BITS - stages.leading_zeros()).cast_signed()
}
