//! Which few lost units take a node down, whatever else holds: cut sets of order one and two, exactly.
//!
//! Scenarios are tried 64 at a time, one bit of a word each. Few need to be: a *witness*, some set of elements
//! that keeps the node up by itself, holds every element that could take it down.

use super::program::{ElementId, Kind, Node, Placed, Program};
use std::cell::Cell;

/// The elements of which the loss of one unit takes `root` down, in ascending order; none when it is down
/// anyhow.
///
/// Probabilities do not matter here, but for options of a choice that have no weight: a choice is down when
/// all its options are, which is when no throw of its coin can save it.
pub fn single_cuts(program: &Program, root: Node) -> Vec<ElementId> {
    Search::new(program, root).single_cuts(None)
}

/// What a root rests on, to be asked again and again whether it is down.
pub struct Support {
    nodes: Vec<Node>,
    root: Node,
}

impl Support {
    /// What `root` rests on.
    pub fn of(program: &Program, root: Node) -> Self {
        Self { nodes: program.reachable(root), root }
    }

    /// Whether the root is down, for certain, once these elements are down to their last unit and nothing else is.
    pub fn is_down_without(&self, program: &Program, lost: &[ElementId]) -> bool {
        let mut up = vec![false; self.root.0 as usize + 1];
        for &node in &self.nodes {
            let inputs = program.inputs(node).iter().map(|it| up[it.0 as usize]);
            up[node.0 as usize] = match program.kind(node) {
                Kind::Constant(up) => *up,
                Kind::Event { element, up, .. } => *up > 0.0 && !lost.contains(element),
                Kind::Placed(placed) => {
                    let sites: usize = inputs.enumerate().map(|(at, is_up)| usize::from(is_up) << at).sum();
                    placed.up[sites] > 0.0 && !lost.contains(&placed.element)
                }
                Kind::All(_) => inputs.min().unwrap_or(true),
                Kind::Any(_) => inputs.max().unwrap_or(false),
                Kind::AtLeast(needed, _) => inputs.filter(|is_up| *is_up).count() >= *needed as usize,
                Kind::Choice(weights, _) => inputs.zip(weights).any(|(is_up, weight)| is_up && *weight > 0.0),
            };
        }
        !up[self.root.0 as usize]
    }
}

/// The pairs of units whose loss takes a node down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoubleCuts {
    /// The pairs in ascending order, the lesser element first; twice the same means two of its units.
    pub pairs: Vec<(ElementId, ElementId)>,
    /// Whether there may be more.
    pub truncated: bool,
}

/// How many nodes and edges the search for pairs looks at before it gives up: some tenths of a second.
const MOST_LOOKS: u64 = 50_000_000;

/// The pairs of units whose loss takes `root` down, where neither does so alone; at most `limit` of them.
pub fn double_cuts(program: &Program, root: Node, limit: usize) -> DoubleCuts {
    let search = Search::new(program, root);
    let singles = search.single_cuts(None);
    let is_single = |element: &ElementId| singles.binary_search(element).is_ok();
    let mut found = DoubleCuts::default();
    // One of the two is in every witness, so each pair is found from there, some from both ends.
    for first in search.witness().into_iter().filter(|element| !is_single(element)) {
        if found.pairs.len() > limit || search.looks.get() > MOST_LOOKS {
            found.truncated = true;
            break;
        }
        for second in search.single_cuts(Some(first)).into_iter().filter(|element| !is_single(element)) {
            found.pairs.push((first.min(second), first.max(second)));
        }
        found.pairs.sort_unstable();
        found.pairs.dedup();
    }
    found.truncated |= found.pairs.len() > limit;
    found.pairs.truncate(limit);
    found
}

/// A bound from below: the probability that nothing at all fails.
pub(super) fn all_up_at_least(program: &Program, root: Node) -> f64 {
    let search = Search::new(program, root);
    let up = search.outcomes(None, &[]);
    if up[root.0 as usize] == 0 {
        return 0.0;
    }
    let is_up = |node: &Node| up[node.0 as usize] != 0;
    let chance = |node: &Node| match program.kind(*node) {
        // The coin has to choose one of the options that are up.
        Kind::Choice(weights, _) => {
            let options = weights.iter().zip(program.inputs(*node));
            options.filter(|(_, option)| is_up(option)).map(|(weight, _)| weight).sum::<f64>().min(1.0)
        }
        _ => search.chance(*node, &up),
    };
    // What is down even so is not needed.
    search.nodes.iter().filter(|node| is_up(node)).map(chance).product()
}

/// A bound from above: the probability that none of these fails, each of which takes `root` down.
pub(super) fn all_up_at_most(program: &Program, root: Node, singles: &[ElementId]) -> f64 {
    let search = Search::new(program, root);
    let up = search.outcomes(None, &[]);
    if up[root.0 as usize] == 0 {
        return 0.0;
    }
    let is_single =
        |node: &&Node| search.element(**node).is_some_and(|it| singles.binary_search(&it).is_ok());
    search.nodes.iter().filter(is_single).map(|node| search.chance(*node, &up)).product()
}

/// In each bit the state of a node in one scenario.
type Lanes = u64;
const ALL_UP: Lanes = Lanes::MAX;

/// More witnesses are sought while so many candidates are left, but no more than [`MOST_WITNESSES`].
const FEW_CANDIDATES: usize = Lanes::BITS as usize;
const MOST_WITNESSES: usize = 4;

/// What is asked again and again about one root. All lists go by the program's numbers.
struct Search<'a> {
    program: &'a Program,
    root: Node,
    /// What the root rests on, each after its inputs.
    nodes: Vec<Node>,
    /// The node of each element that is among these.
    node_of: Vec<Option<Node>>,
    looks: Cell<u64>,
}

impl<'a> Search<'a> {
    fn new(program: &'a Program, root: Node) -> Self {
        let nodes = program.reachable(root);
        let mut search =
            Self { program, root, nodes, node_of: vec![None; program.element_count()], looks: Cell::new(0) };
        for &node in &search.nodes {
            if let Some(element) = search.element(node) {
                search.node_of[element.0 as usize] = Some(node);
            }
        }
        search
    }

    fn element(&self, node: Node) -> Option<ElementId> {
        match self.program.kind(node) {
            Kind::Event { element, .. } => Some(*element),
            Kind::Placed(placed) => Some(placed.element),
            _ => None,
        }
    }

    /// The probability that an element is up while all sites that can be up are; of other nodes 1.
    fn chance(&self, node: Node, up: &[Lanes]) -> f64 {
        match self.program.kind(node) {
            Kind::Event { up, .. } => *up,
            Kind::Placed(placed) => placed.up[mask_of(placed, up)],
            _ => 1.0,
        }
    }

    /// The single units that take the root down once a unit of `lost` is gone.
    fn single_cuts(&self, lost: Option<ElementId>) -> Vec<ElementId> {
        let up = self.outcomes(lost, &[]);
        if up[self.root.0 as usize] == 0 {
            return Vec::new();
        }
        let critical = self.critical(lost, &up);
        let (mut found, mut unsure) = (Vec::new(), Vec::new());
        let mut visits = vec![0; up.len()];
        let mut witness = self.witness_among(&up, &mut visits);
        for round in 1..=MOST_WITNESSES {
            unsure.clear();
            found.clear();
            for &node in witness.iter().filter(|node| self.breaks(**node, lost, &up)) {
                let known = if critical[node.0 as usize] { &mut found } else { &mut unsure };
                known.extend(self.element(node));
            }
            if unsure.len() <= FEW_CANDIDATES || round == MOST_WITNESSES {
                break;
            }
            let other = self.witness_among(&up, &mut visits);
            witness.retain(|node| other.binary_search(node).is_ok());
        }
        for scenarios in unsure.chunks(Lanes::BITS as usize) {
            let outcome = self.outcomes(lost, scenarios)[self.root.0 as usize];
            let down = scenarios.iter().enumerate().filter(|(lane, _)| outcome >> lane & 1 == 0);
            found.extend(down.map(|(_, element)| *element));
        }
        found.sort_unstable();
        found
    }

    /// The elements of some set that keeps the root up by itself, in ascending order.
    fn witness(&self) -> Vec<ElementId> {
        let up = self.outcomes(None, &[]);
        if up[self.root.0 as usize] == 0 {
            return Vec::new();
        }
        let nodes = self.witness_among(&up, &mut vec![0; up.len()]);
        let mut elements: Vec<ElementId> = nodes.into_iter().filter_map(|node| self.element(node)).collect();
        elements.sort_unstable();
        elements
    }

    /// Whether an element that is up goes down with one more unit.
    fn breaks(&self, node: Node, lost: Option<ElementId>, up: &[Lanes]) -> bool {
        let spare = match self.program.kind(node) {
            Kind::Event { spare, .. } => i64::from(*spare),
            Kind::Placed(placed) => i64::from(placed.spare[mask_of(placed, up)]),
            _ => return false,
        };
        up[node.0 as usize] != 0 && spare == i64::from(self.element(node) == lost)
    }

    /// The nodes that surely take the root down with them. There may be more.
    fn critical(&self, lost: Option<ElementId>, up: &[Lanes]) -> Vec<bool> {
        let is_up = |node: &&Node| up[node.0 as usize] != 0;
        let mut critical = vec![false; up.len()];
        critical[self.root.0 as usize] = true;
        for &node in self.nodes.iter().rev() {
            if !critical[node.0 as usize] {
                continue;
            }
            let inputs = self.program.inputs(node);
            match self.program.kind(node) {
                Kind::Constant(_) | Kind::Event { .. } => {}
                Kind::All(_) => inputs.iter().for_each(|input| critical[input.0 as usize] = true),
                Kind::Any(_) | Kind::AtLeast(..) | Kind::Choice(..) => {
                    let needed = self.needed(node);
                    if self.options(node).filter(is_up).count() == needed {
                        self.options(node).filter(is_up).for_each(|it| critical[it.0 as usize] = true);
                    }
                }
                Kind::Placed(placed) => {
                    let gone = i32::from(Some(placed.element) == lost);
                    let mask = mask_of(placed, up);
                    for site in inputs.iter().filter(is_up) {
                        let without = placed.sites.iter().enumerate().filter(|(_, it)| *it == site);
                        let left = without.fold(mask, |mask, (at, _)| mask & !(1 << at));
                        critical[site.0 as usize] |= placed.spare[left] < gone;
                    }
                }
            }
        }
        critical
    }

    /// How many of its options a node needs.
    fn needed(&self, node: Node) -> usize {
        match self.program.kind(node) {
            Kind::AtLeast(needed, _) => *needed as usize,
            _ => 1,
        }
    }

    /// The children that can keep a node up.
    fn options(&self, node: Node) -> impl Iterator<Item = &'a Node> {
        let weights: Option<&[f64]> = match self.program.kind(node) {
            Kind::Choice(weights, _) => Some(weights),
            _ => None,
        };
        let inputs = self.program.inputs(node).iter().enumerate();
        inputs
            .filter(move |(at, _)| weights.is_none_or(|weights| weights[*at] > 0.0))
            .map(|(_, option)| option)
    }

    /// The nodes of some set that keeps the root up by itself, in ascending order: of the options those that
    /// have been visited least often before.
    fn witness_among(&self, up: &[Lanes], visits: &mut [u32]) -> Vec<Node> {
        let mut needed = vec![false; up.len()];
        needed[self.root.0 as usize] = true;
        let mut found = Vec::new();
        let mut options: Vec<&Node> = Vec::new();
        for &node in self.nodes.iter().rev() {
            if !needed[node.0 as usize] {
                continue;
            }
            found.push(node);
            visits[node.0 as usize] += 1;
            options.clear();
            options.extend(self.options(node).filter(|input| up[input.0 as usize] != 0));
            self.looks.set(self.looks.get() + 1 + options.len() as u64);
            if let Kind::Any(_) | Kind::AtLeast(..) | Kind::Choice(..) = self.program.kind(node) {
                options.sort_by_key(|it: &&Node| (!needed[it.0 as usize], visits[it.0 as usize]));
                options.truncate(self.needed(node));
            }
            for option in &options {
                needed[option.0 as usize] = true;
            }
        }
        found.reverse();
        found
    }

    /// Which nodes are up once a unit of `lost` is gone, and in each lane one of that scenario's element too.
    fn outcomes(&self, lost: Option<ElementId>, scenarios: &[ElementId]) -> Vec<Lanes> {
        let mut struck: Vec<Lanes> = vec![0; self.root.0 as usize + 1];
        for (lane, element) in scenarios.iter().enumerate() {
            if let Some(node) = self.node_of[element.0 as usize] {
                struck[node.0 as usize] |= 1 << lane;
            }
        }
        // What strikes a node is read just before its outcome takes the place.
        let mut up = struck;
        let mut looks = 0;
        for &node in &self.nodes {
            let struck = up[node.0 as usize];
            let inputs = self.program.inputs(node);
            looks += 1 + inputs.len() as u64;
            up[node.0 as usize] = match self.program.kind(node) {
                Kind::Constant(up) => lanes(*up),
                Kind::Event { element, spare, .. } => {
                    survivors(i64::from(*spare), Some(*element) == lost, struck)
                }
                Kind::Placed(placed) => placed_outcome(placed, &up, Some(placed.element) == lost, struck),
                Kind::All(_) => inputs.iter().fold(ALL_UP, |all, input| all & up[input.0 as usize]),
                Kind::Any(_) | Kind::Choice(..) => {
                    self.options(node).fold(0, |any, input| any | up[input.0 as usize])
                }
                Kind::AtLeast(needed, _) => {
                    at_least(*needed as usize, inputs.iter().map(|input| up[input.0 as usize]))
                }
            };
        }
        self.looks.set(self.looks.get() + looks);
        up
    }
}

fn lanes(up: bool) -> Lanes {
    if up { ALL_UP } else { 0 }
}

/// The mask of the sites that are up, of outcomes that are alike in all lanes.
fn mask_of(placed: &Placed, up: &[Lanes]) -> usize {
    placed.sites.iter().enumerate().map(|(at, site)| usize::from(up[site.0 as usize] != 0) << at).sum()
}

/// The lanes where an element with so many spare units is up, of which one may be lost in all lanes.
fn survivors(spare: i64, lost: bool, struck: Lanes) -> Lanes {
    match spare - i64::from(lost) {
        i64::MIN..=-1 => 0,
        0 => !struck,
        _ => ALL_UP,
    }
}

fn placed_outcome(placed: &Placed, up: &[Lanes], lost: bool, struck: Lanes) -> Lanes {
    // Most lanes agree on which sites are up; the others are looked at one by one.
    let (mut common, mut agree) = (0, ALL_UP);
    for (at, site) in placed.sites.iter().enumerate() {
        let site = up[site.0 as usize];
        let mostly_up = site.count_ones() >= Lanes::BITS / 2;
        common |= usize::from(mostly_up) << at;
        agree &= if mostly_up { site } else { !site };
    }
    let mut outcome = survivors(i64::from(placed.spare[common]), lost, struck) & agree;
    let mut odd = !agree;
    while odd != 0 {
        let lane = odd.trailing_zeros();
        odd &= odd - 1;
        let bit = |(at, site): (usize, &Node)| ((up[site.0 as usize] >> lane & 1) as usize) << at;
        let mask: usize = placed.sites.iter().enumerate().map(bit).sum();
        outcome |= survivors(i64::from(placed.spare[mask]), lost, struck) & 1 << lane;
    }
    outcome
}

/// The lanes where at least `needed` inputs are up. The counts of all lanes are kept as the digits of binary
/// numbers, one word a digit.
fn at_least(needed: usize, inputs: impl Iterator<Item = Lanes>) -> Lanes {
    let mut digits: Vec<Lanes> = Vec::new();
    for input in inputs {
        let mut carry = input;
        for digit in &mut digits {
            (*digit, carry) = (*digit ^ carry, *digit & carry);
        }
        if carry != 0 {
            digits.push(carry);
        }
    }
    if digits.len() < usize::BITS as usize && needed >> digits.len() != 0 {
        return 0;
    }
    // From the highest digit down: greater so far, and equal so far.
    let (mut greater, mut equal) = (0, ALL_UP);
    for (at, digit) in digits.iter().enumerate().rev() {
        let wanted = lanes(needed >> at & 1 == 1);
        greater |= equal & digit & !wanted;
        equal &= !(digit ^ wanted);
    }
    greater | equal
}
