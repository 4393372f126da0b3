//! A program made small: only what the root rests on, without constants, duplicates and nested like gates,
//! and with every random thing in one shape, a [`Leaf`] with a table over its sites.

use super::program::{ElementId, Kind, Node, Placed, Program};
use rustc_hash::FxHashMap;

/// A range of one of the circuit's lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Span {
    start: u32,
    len: u32,
}

impl Span {
    pub(super) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..(self.start + self.len) as usize
    }

    pub(super) fn len(self) -> usize {
        self.len as usize
    }

    /// From `start` of the list to where it stands now.
    pub(super) fn since<T>(list: &[T], start: usize) -> Self {
        Self { start: start as u32, len: (list.len() - start) as u32 }
    }
}

/// Appends to a list and says where.
pub(super) fn append<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Span {
    let start = list.len();
    list.extend(items);
    Span { start: start as u32, len: (list.len() - start) as u32 }
}

/// How a gate follows from its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    All,
    Any,
    AtLeast(u32),
}

/// What a node of the circuit is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// The leaf of this index.
    Leaf(u32),
    /// A gate over these edges.
    Gate(Op, Span),
}

/// A private coin, whose chances to be up depend on its sites only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf {
    /// The nodes it depends on, in the list of edges; no node twice.
    pub(super) sites: Span,
    /// P(up) for each mask of sites that are up, in the list of figures.
    pub(super) table: u32,
    /// The element it stands for, and for each mask what P(up) would gain if it were perfect.
    pub(super) element: Option<(ElementId, u32)>,
    /// Whether it is, or holds, an element that is never up, though its sites would let it: only then does a
    /// chance of 0 have a slope.
    pub(super) hopeless: bool,
}

/// The reduced formula. A node's edges lead to nodes of lower index.
#[derive(Clone, Debug, Default)]
pub(super) struct Circuit {
    pub(super) forms: Vec<Form>,
    pub(super) edges: Vec<u32>,
    pub(super) leaves: Vec<Leaf>,
    pub(super) figures: Vec<f64>,
    /// By how many edges each node is referred to; 0 for what is not in use, and the root counts as one use.
    pub(super) uses: Vec<u32>,
    /// Which nodes are sites of placed events: zones, regions, hosts.
    pub(super) is_site: Vec<bool>,
}

/// What a program comes down to.
#[derive(Clone, Debug)]
pub(super) enum Reduced {
    Constant(bool),
    /// A circuit, and its root.
    Circuit(Circuit, u32),
}

impl Circuit {
    /// The children of a gate, or the sites of a leaf.
    pub(super) fn inputs(&self, node: u32) -> &[u32] {
        let span = match self.forms[node as usize] {
            Form::Leaf(leaf) => self.leaves[leaf as usize].sites,
            Form::Gate(_, children) => children,
        };
        &self.edges[span.range()]
    }

    pub(super) fn sites(&self, leaf: u32) -> &[u32] {
        &self.edges[self.leaves[leaf as usize].sites.range()]
    }

    pub(super) fn table(&self, leaf: u32) -> &[f64] {
        let leaf = &self.leaves[leaf as usize];
        &self.figures[leaf.table as usize..][..1 << leaf.sites.len()]
    }

    /// Adds a leaf without a node.
    pub(super) fn add_leaf(
        &mut self,
        sites: &[u32],
        table: impl IntoIterator<Item = f64>,
        hopeless: bool,
    ) -> u32 {
        let sites = append(&mut self.edges, sites.iter().copied());
        let table = append(&mut self.figures, table);
        debug_assert_eq!(table.len(), 1 << sites.len());
        self.leaves.push(Leaf { sites, table: table.start, element: None, hopeless });
        self.leaves.len() as u32 - 1
    }

    /// Adds a node of this form.
    pub(super) fn add_node(&mut self, form: Form) -> u32 {
        self.forms.push(form);
        self.forms.len() as u32 - 1
    }

    fn count_uses(&mut self, root: u32) {
        self.uses = vec![0; self.forms.len()];
        self.is_site = vec![false; self.forms.len()];
        self.uses[root as usize] = 1;
        for node in (0..self.forms.len() as u32).rev() {
            if self.uses[node as usize] == 0 {
                continue;
            }
            let (span, sites) = match self.forms[node as usize] {
                Form::Leaf(leaf) => {
                    let leaf = &self.leaves[leaf as usize];
                    (leaf.sites, leaf.element.is_some())
                }
                Form::Gate(_, children) => (children, false),
            };
            for &input in &self.edges[span.range()] {
                self.uses[input as usize] += 1;
                self.is_site[input as usize] |= sites;
            }
        }
    }
}

/// Reduces what `root` means.
pub(super) fn reduce(program: &Program, root: Node) -> Reduced {
    let nodes = program.reachable(root);
    let mut reducer = Reducer {
        program,
        user: sole_users(program, &nodes, root),
        value: vec![Value::Known(false); root.0 as usize + 1],
        circuit: Circuit::default(),
        same: FxHashMap::default(),
        mark: Vec::new(),
        gates: 0,
    };
    for node in nodes {
        if !reducer.is_absorbed(node) {
            reducer.value[node.0 as usize] = reducer.node(node);
        }
    }
    match reducer.value[root.0 as usize] {
        Value::Known(up) => Reduced::Constant(up),
        Value::Node(at) => {
            let mut circuit = reducer.circuit;
            circuit.count_uses(at);
            Reduced::Circuit(circuit, at)
        }
    }
}

/// For each node, the one that uses it, where there is just one.
fn sole_users(program: &Program, nodes: &[Node], root: Node) -> Vec<Option<Node>> {
    let mut count = vec![0_u32; root.0 as usize + 1];
    let mut user = vec![None; root.0 as usize + 1];
    for &node in nodes {
        for input in program.inputs(node) {
            count[input.0 as usize] += 1;
            user[input.0 as usize] = (count[input.0 as usize] == 1).then_some(node);
        }
    }
    user
}

/// What a node of the program has come down to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Known(bool),
    Node(u32),
}

struct Reducer<'a> {
    program: &'a Program,
    user: Vec<Option<Node>>,
    value: Vec<Value>,
    circuit: Circuit,
    /// Gates by the hash of what they are, to find duplicates.
    same: FxHashMap<u64, u32>,
    /// Scratch for `absorb`: the number of the last gate that a node was a child of.
    mark: Vec<u32>,
    gates: u32,
}

/// A gate's children are searched for absorbed ones only where those have few children themselves, which
/// keeps the reduction linear.
const SMALL_GATE: usize = 16;

/// A choice among more options than this is made in several throws, so that no table has more sites.
const OPTIONS_AT_ONCE: usize = 5;

impl Reducer<'_> {
    /// Whether a node is an `all` within an `all`, or an `any` within an `any`, of which it is a mere part.
    fn is_absorbed(&self, node: Node) -> bool {
        let Some(user) = self.user[node.0 as usize] else { return false };
        matches!(
            (self.program.kind(node), self.program.kind(user)),
            (Kind::All(_), Kind::All(_)) | (Kind::Any(_), Kind::Any(_))
        )
    }

    fn node(&mut self, node: Node) -> Value {
        let program = self.program;
        match program.kind(node) {
            Kind::Constant(up) => Value::Known(*up),
            Kind::Event { element, up, .. } => self.element(*element, &[], &[*up], &[1.0 - up]),
            Kind::Placed(placed) => self.placed(placed),
            Kind::All(_) => {
                let children = self.flattened(node);
                self.gate(Op::All, children)
            }
            Kind::Any(_) => {
                let children = self.flattened(node);
                self.gate(Op::Any, children)
            }
            Kind::AtLeast(needed, operands) => self.at_least(*needed, program.list(*operands)),
            Kind::Choice(weights, operands) => self.choice(weights, program.list(*operands)),
        }
    }

    /// The children of a gate, with those of the like gates that are parts of it.
    fn flattened(&self, gate: Node) -> Vec<Value> {
        let mut found = Vec::with_capacity(self.program.inputs(gate).len());
        let mut open = vec![gate];
        while let Some(part) = open.pop() {
            for &child in self.program.inputs(part) {
                if self.is_absorbed(child) {
                    open.push(child);
                } else {
                    found.push(self.value[child.0 as usize]);
                }
            }
        }
        found
    }

    fn element(&mut self, element: ElementId, sites: &[u32], up: &[f64], gain: &[f64]) -> Value {
        if up.iter().all(|up| *up >= 1.0) {
            return Value::Known(true);
        }
        let hopeless = up.iter().zip(gain).any(|(up, gain)| *up <= 0.0 && *gain > 0.0);
        let leaf = self.circuit.add_leaf(sites, up.iter().copied(), hopeless);
        let gains = append(&mut self.circuit.figures, gain.iter().copied());
        self.circuit.leaves[leaf as usize].element = Some((element, gains.start));
        Value::Node(self.circuit.add_node(Form::Leaf(leaf)))
    }

    /// A placed event over those of its sites that can be either up or down.
    fn placed(&mut self, placed: &Placed) -> Value {
        let mut sites = Vec::new();
        // For each site of the program, the bit of the new mask that stands for it, or its constant value.
        let bits: Vec<Result<usize, bool>> = placed
            .sites
            .iter()
            .map(|site| match self.value[site.0 as usize] {
                Value::Known(up) => Err(up),
                Value::Node(at) => Ok(sites.iter().position(|site| *site == at).unwrap_or_else(|| {
                    sites.push(at);
                    sites.len() - 1
                })),
            })
            .collect();
        let old_mask = |mask: usize| -> usize {
            let up = |bit: &Result<usize, bool>| bit.map_or_else(|up| up, |bit| mask >> bit & 1 == 1);
            bits.iter().enumerate().map(|(at, bit)| usize::from(up(bit)) << at).sum()
        };
        let masks: Vec<usize> = (0..1 << sites.len()).map(old_mask).collect();
        let up: Vec<f64> = masks.iter().map(|mask| placed.up[*mask]).collect();
        let gain: Vec<f64> = masks
            .iter()
            .map(|&mask| if placed.spare[mask] < 0 { 0.0 } else { 1.0 - placed.up[mask] })
            .collect();
        self.element(placed.element, &sites, &up, &gain)
    }

    fn gate(&mut self, op: Op, values: Vec<Value>) -> Value {
        // A child of this value decides the gate; one of the other makes no difference.
        let decisive = op == Op::Any;
        let mut children = Vec::with_capacity(values.len());
        for value in values {
            match value {
                Value::Known(up) if up == decisive => return Value::Known(decisive),
                Value::Known(_) => {}
                Value::Node(child) => children.push(child),
            }
        }
        children.sort_unstable();
        children.dedup();
        self.absorb(op, &mut children);
        match children[..] {
            [] => Value::Known(!decisive),
            [child] => Value::Node(child),
            _ => self.interned(op, &children),
        }
    }

    /// x and (x or y) is x; x or (x and y) is x.
    fn absorb(&mut self, op: Op, children: &mut Vec<u32>) {
        let dual = if op == Op::All { Op::Any } else { Op::All };
        self.gates += 1;
        let gate = self.gates;
        self.mark.resize(self.circuit.forms.len(), 0);
        for &child in &*children {
            self.mark[child as usize] = gate;
        }
        let (circuit, mark) = (&self.circuit, &self.mark);
        children.retain(|child| match circuit.forms[*child as usize] {
            Form::Gate(op, span) if op == dual && span.len() <= SMALL_GATE => {
                circuit.edges[span.range()].iter().all(|grandchild| mark[*grandchild as usize] != gate)
            }
            _ => true,
        });
    }

    fn at_least(&mut self, needed: u32, children: &[Node]) -> Value {
        let values: Vec<Value> = children.iter().map(|child| self.value[child.0 as usize]).collect();
        let up = values.iter().filter(|value| **value == Value::Known(true)).count() as u32;
        let mut open: Vec<u32> = values
            .into_iter()
            .filter_map(|value| if let Value::Node(at) = value { Some(at) } else { None })
            .collect();
        open.sort_unstable();
        match needed.saturating_sub(up) {
            0 => return Value::Known(true),
            still if still as usize > open.len() => return Value::Known(false),
            1 => return self.gate(Op::Any, open.into_iter().map(Value::Node).collect()),
            still if still as usize == open.len() => {
                return self.gate(Op::All, open.into_iter().map(Value::Node).collect());
            }
            _ => {}
        }
        // A child that counts twice goes by two names, so that no gate has an edge twice.
        let mut previous = u32::MAX;
        for child in &mut open {
            if *child == previous {
                let alias = append(&mut self.circuit.edges, [*child]);
                *child = self.circuit.add_node(Form::Gate(Op::All, alias));
            } else {
                previous = *child;
            }
        }
        self.interned(Op::AtLeast(needed - up), &open)
    }

    fn choice(&mut self, weights: &[f64], options: &[Node]) -> Value {
        let mut up = 0.0;
        let mut open: Vec<(u32, f64)> = Vec::new();
        for (&weight, option) in weights.iter().zip(options) {
            match self.value[option.0 as usize] {
                _ if weight <= 0.0 => {}
                Value::Known(true) => up += weight,
                Value::Known(false) => {}
                Value::Node(at) => open.push((at, weight)),
            }
        }
        open.sort_by_key(|(at, _)| *at);
        open.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0.0 };
            same
        });
        while open.len() > OPTIONS_AT_ONCE {
            let groups: Vec<_> = open.chunks(OPTIONS_AT_ONCE).map(|group| self.throw(group)).collect();
            open = groups;
        }
        match open[..] {
            [] if up >= 1.0 => return Value::Known(true),
            [] if up <= 0.0 => return Value::Known(false),
            [(only, weight)] if weight >= 1.0 => return Value::Node(only),
            _ => {}
        }
        let sites: Vec<u32> = open.iter().map(|(at, _)| *at).collect();
        let leaf = self.circuit.add_leaf(&sites, mixture(up, &open, 1.0), false);
        Value::Node(self.circuit.add_node(Form::Leaf(leaf)))
    }

    /// The choice among a group, given that the coin has chosen the group; with the group's weight.
    fn throw(&mut self, group: &[(u32, f64)]) -> (u32, f64) {
        let total: f64 = group.iter().map(|(_, weight)| weight).sum();
        if let [only] = group {
            return *only;
        }
        let sites: Vec<u32> = group.iter().map(|(at, _)| *at).collect();
        let leaf = self.circuit.add_leaf(&sites, mixture(0.0, group, total), false);
        (self.circuit.add_node(Form::Leaf(leaf)), total)
    }

    /// The gate over these children, which may be there already.
    fn interned(&mut self, op: Op, children: &[u32]) -> Value {
        let hash = {
            use std::hash::{Hash, Hasher};
            let mut hasher = rustc_hash::FxHasher::default();
            (op, children).hash(&mut hasher);
            hasher.finish()
        };
        if let Some(&found) = self.same.get(&hash)
            && let Form::Gate(found_op, span) = self.circuit.forms[found as usize]
            && found_op == op
            && self.circuit.edges[span.range()] == *children
        {
            return Value::Node(found);
        }
        let children = append(&mut self.circuit.edges, children.iter().copied());
        let gate = self.circuit.add_node(Form::Gate(op, children));
        self.same.insert(hash, gate);
        Value::Node(gate)
    }
}

/// P(up) of a choice for each mask of its open options, where the weight `up` is on what is always up.
fn mixture(up: f64, open: &[(u32, f64)], total: f64) -> Vec<f64> {
    (0_usize..1 << open.len())
        .map(|mask| {
            let chosen: f64 =
                open.iter().enumerate().filter(|(at, _)| mask >> at & 1 == 1).map(|(_, it)| it.1).sum();
            ((up + chosen) / total).min(1.0)
        })
        .collect()
}
