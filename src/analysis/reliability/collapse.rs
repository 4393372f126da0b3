//! Gates over private coins are worked out at once: the coins of a gate that nothing else uses merge into one
//! leaf, whose table gives the gate's chances for each state of what it shares with others. So a tree
//! collapses to a number, and a tree over shared zones to a table over the zones.
//!
//! Every merge is written down, so that the slopes can be carried back from a result to its parts.

use super::circuit::{Circuit, Form, Op, Span, append};

/// How a merged leaf follows from its parts.
#[derive(Clone, Copy, Debug)]
enum Combine {
    Gate(Op),
    /// The table of this leaf, whose sites are the parts.
    Table(u32),
}

/// One part of a merge.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// The leaf that has gone into the merge; none for a site, which is up or down as the mask says.
    leaf: Option<u32>,
    /// Where the leaf's sites, or the site itself, are in the mask of the merged leaf.
    bits: Span,
}

/// A merge: `result` follows from the parts by `combine`, mask by mask.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merge {
    result: u32,
    combine: Combine,
    parts: Span,
}

/// The parts of all merges.
#[derive(Clone, Debug, Default)]
pub(super) struct Merger {
    parts: Vec<Part>,
    bits: Vec<u8>,
    chances: Vec<f64>,
    slopes: Vec<f64>,
}

/// The most sites of a merged leaf that are zones, regions or hosts: two regions of three zones.
const MAX_PLACES: usize = 6;
/// The most sites of a merged leaf when some are not: it holds them all until it is worked out, which a gate
/// over them need not.
const MAX_SHARED: usize = 3;

impl Merger {
    /// Merges what can be merged at a node whose inputs are as small as they get; gives the merges.
    pub(super) fn collapse(&mut self, circuit: &mut Circuit, node: u32, merges: &mut Vec<Merge>) {
        match circuit.forms[node as usize] {
            Form::Leaf(leaf) => self.collapse_leaf(circuit, node, leaf, merges),
            Form::Gate(op, _) => self.collapse_gate(circuit, node, op, merges),
        }
    }

    /// A leaf takes in those of its sites that are coins of no other use.
    fn collapse_leaf(&mut self, circuit: &mut Circuit, node: u32, leaf: u32, merges: &mut Vec<Merge>) {
        let sites = circuit.sites(leaf).to_vec();
        if !sites.iter().any(|site| private_leaf(circuit, *site).is_some()) {
            return;
        }
        let Some(union) = union_of_sites(circuit, &sites, sites.len().max(MAX_SHARED)) else { return };
        let merge = self.merge(circuit, Combine::Table(leaf), &sites, &union);
        circuit.forms[node as usize] = Form::Leaf(merge.result);
        merges.push(merge);
    }

    fn collapse_gate(&mut self, circuit: &mut Circuit, node: u32, op: Op, merges: &mut Vec<Merge>) {
        let children = circuit.inputs(node).to_vec();
        if let Some(union) = whole(circuit, node, &children) {
            let merge = self.merge(circuit, Combine::Gate(op), &children, &union);
            circuit.forms[node as usize] = Form::Leaf(merge.result);
            merges.push(merge);
            return;
        }
        if matches!(op, Op::AtLeast(_)) {
            return;
        }
        let (coins, mut kept): (Vec<u32>, Vec<u32>) =
            children.iter().partition(|child| private_leaf(circuit, **child).is_some());
        let groups = groups(circuit, &coins);
        if groups.len() == coins.len() {
            return;
        }
        for group in groups {
            if let [only] = group[..] {
                kept.push(only);
                continue;
            }
            let union = union_of_sites(circuit, &group, MAX_PLACES).expect("a group is within the limit");
            let merge = self.merge(circuit, Combine::Gate(op), &group, &union);
            kept.push(circuit.add_node(Form::Leaf(merge.result)));
            circuit.uses.push(1);
            circuit.is_site.push(false);
            merges.push(merge);
        }
        let kept = append(&mut circuit.edges, kept);
        circuit.forms[node as usize] = Form::Gate(op, kept);
    }

    fn merge(&mut self, circuit: &mut Circuit, combine: Combine, members: &[u32], union: &[u32]) -> Merge {
        let bit = |site: &u32| union.iter().position(|it| it == site).expect("the union has it") as u8;
        let start = self.parts.len();
        let mut hopeless =
            if let Combine::Table(leaf) = combine { circuit.leaves[leaf as usize].hopeless } else { false };
        for member in members {
            let leaf = private_leaf(circuit, *member);
            let bits = match leaf {
                Some(leaf) => append(&mut self.bits, circuit.sites(leaf).iter().map(bit)),
                None => append(&mut self.bits, [bit(member)]),
            };
            hopeless |= leaf.is_some_and(|leaf| circuit.leaves[leaf as usize].hopeless);
            self.parts.push(Part { leaf, bits });
        }
        let parts = Span::since(&self.parts, start);
        let mut table = Vec::with_capacity(1 << union.len());
        for mask in 0..1 << union.len() {
            self.read_chances(circuit, parts, mask);
            table.push(combined(circuit, combine, &self.chances));
        }
        let result = circuit.add_leaf(union, table, hopeless);
        Merge { result, combine, parts }
    }

    /// The parts' chances to be up in a state of the merged leaf's sites.
    fn read_chances(&mut self, circuit: &Circuit, parts: Span, mask: usize) {
        self.chances.clear();
        for part in &self.parts[parts.range()] {
            let own = project(mask, &self.bits[part.bits.range()]);
            self.chances.push(match part.leaf {
                Some(leaf) => circuit.table(leaf)[own],
                None => own as f64,
            });
        }
    }

    /// Carries the slopes of a merged leaf back to its parts: `slopes` lies parallel to the figures.
    pub(super) fn carry_back(&mut self, circuit: &Circuit, merge: Merge, slopes: &mut [f64]) {
        let result = &circuit.leaves[merge.result as usize];
        for mask in 0..1 << result.sites.len() {
            let slope = slopes[result.table as usize + mask];
            if slope == 0.0 {
                continue;
            }
            self.read_chances(circuit, merge.parts, mask);
            let mut gradient = std::mem::take(&mut self.slopes);
            differentiate(circuit, merge.combine, &self.chances, &mut gradient);
            for (part, part_slope) in self.parts[merge.parts.range()].iter().zip(&gradient) {
                if let Some(leaf) = part.leaf {
                    let own = project(mask, &self.bits[part.bits.range()]);
                    slopes[circuit.leaves[leaf as usize].table as usize + own] += slope * part_slope;
                }
            }
            if let Combine::Table(leaf) = merge.combine {
                self.carry_to_table(circuit, leaf, slope, slopes);
            }
            self.slopes = gradient;
        }
    }

    /// A table is read at each of its masks with the probability of that mask.
    fn carry_to_table(&self, circuit: &Circuit, leaf: u32, slope: f64, slopes: &mut [f64]) {
        let leaf = &circuit.leaves[leaf as usize];
        for mask in 0..1 << leaf.sites.len() {
            let chance: f64 = self
                .chances
                .iter()
                .enumerate()
                .map(|(at, up)| if mask >> at & 1 == 1 { *up } else { 1.0 - up })
                .product();
            slopes[leaf.table as usize + mask] += slope * chance;
        }
    }
}

/// The sites that the whole gate would have as one leaf, if it can be one.
fn whole(circuit: &Circuit, node: u32, children: &[u32]) -> Option<Vec<u32>> {
    let all_usable = children
        .iter()
        .all(|child| private_leaf(circuit, *child).is_some() || circuit.uses[*child as usize] > 1);
    if !all_usable {
        return None;
    }
    // Without a coin of its own it is worth a table only to go into another.
    let has_coin = children.iter().any(|child| private_leaf(circuit, *child).is_some());
    if !has_coin && circuit.uses[node as usize] > 1 {
        return None;
    }
    let union = union_of_sites(circuit, children, MAX_PLACES)?;
    let places_only = union.iter().all(|site| circuit.is_site[*site as usize]);
    (places_only || union.len() <= MAX_SHARED).then_some(union)
}

/// The leaf of a node that nothing but its one user refers to.
fn private_leaf(circuit: &Circuit, node: u32) -> Option<u32> {
    match circuit.forms[node as usize] {
        Form::Leaf(leaf) if circuit.uses[node as usize] == 1 => Some(leaf),
        _ => None,
    }
}

/// The sites of private leaves and the other members themselves, sorted; none if there are too many.
fn union_of_sites(circuit: &Circuit, members: &[u32], limit: usize) -> Option<Vec<u32>> {
    let mut union = Vec::new();
    for member in members {
        match private_leaf(circuit, *member) {
            Some(leaf) => union.extend_from_slice(circuit.sites(leaf)),
            None => union.push(*member),
        }
        if union.len() > limit {
            union.sort_unstable();
            union.dedup();
            if union.len() > limit {
                return None;
            }
        }
    }
    union.sort_unstable();
    union.dedup();
    Some(union)
}

/// Parts the coins so that each group shares few sites: in order, a group being closed when it is full.
fn groups(circuit: &Circuit, coins: &[u32]) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut sites: Vec<u32> = Vec::new();
    let mut sorted = coins.to_vec();
    sorted.sort_by(|left, right| circuit.inputs(*left).cmp(circuit.inputs(*right)).then(left.cmp(right)));
    for coin in sorted {
        let mut union = sites.clone();
        union.extend_from_slice(circuit.inputs(coin));
        union.sort_unstable();
        union.dedup();
        let limit =
            if union.iter().all(|site| circuit.is_site[*site as usize]) { MAX_PLACES } else { MAX_SHARED };
        match groups.last_mut() {
            Some(group) if union.len() <= limit => {
                group.push(coin);
                sites = union;
            }
            _ => {
                sites = circuit.inputs(coin).to_vec();
                groups.push(vec![coin]);
            }
        }
    }
    groups
}

/// The mask that these bits of a greater mask make up.
fn project(mask: usize, bits: &[u8]) -> usize {
    bits.iter().enumerate().map(|(at, bit)| (mask >> bit & 1) << at).sum()
}

/// The chance to be up of independent parts together.
fn combined(circuit: &Circuit, combine: Combine, chances: &[f64]) -> f64 {
    match combine {
        Combine::Gate(Op::All) => chances.iter().product(),
        Combine::Gate(Op::Any) => 1.0 - chances.iter().map(|up| 1.0 - up).product::<f64>(),
        Combine::Gate(Op::AtLeast(needed)) => {
            counts(chances, needed as usize).last().map_or(0.0, |last| last[needed as usize])
        }
        Combine::Table(leaf) => expectation(circuit.table(leaf), chances),
    }
}

/// After each part, the chances that so many are up; the last count stands for itself and all above.
fn counts(chances: &[f64], needed: usize) -> Vec<Vec<f64>> {
    let mut now = vec![0.0; needed + 1];
    now[0] = 1.0;
    let mut all = vec![now.clone()];
    for up in chances {
        now[needed] += now[needed - 1] * up;
        for count in (1..needed).rev() {
            now[count] = now[count] * (1.0 - up) + now[count - 1] * up;
        }
        now[0] *= 1.0 - up;
        all.push(now.clone());
    }
    all
}

/// The mean of a table over independent bits.
fn expectation(table: &[f64], chances: &[f64]) -> f64 {
    let mut now = table.to_vec();
    for up in chances {
        for at in 0..now.len() / 2 {
            now[at] = (1.0 - up) * now[2 * at] + up * now[2 * at + 1];
        }
        now.truncate(now.len() / 2);
    }
    now[0]
}

/// By how much the whole gains when a part goes from down to up: its Birnbaum importance.
fn differentiate(circuit: &Circuit, combine: Combine, chances: &[f64], gradient: &mut Vec<f64>) {
    gradient.clear();
    match combine {
        Combine::Gate(Op::All) => products_of_others(chances.iter().copied(), gradient),
        Combine::Gate(Op::Any) => products_of_others(chances.iter().map(|up| 1.0 - up), gradient),
        Combine::Gate(Op::AtLeast(needed)) => pivots(chances, needed as usize, gradient),
        Combine::Table(leaf) => {
            let table = circuit.table(leaf);
            let mut varied = chances.to_vec();
            for at in 0..chances.len() {
                varied[at] = 1.0;
                let up = expectation(table, &varied);
                varied[at] = 0.0;
                gradient.push(up - expectation(table, &varied));
                varied[at] = chances[at];
            }
        }
    }
}

fn products_of_others(factors: impl DoubleEndedIterator<Item = f64> + Clone, products: &mut Vec<f64>) {
    let mut before = 1.0;
    for factor in factors.clone() {
        products.push(before);
        before *= factor;
    }
    let mut after = 1.0;
    for (product, factor) in products.iter_mut().rev().zip(factors.rev()) {
        *product *= after;
        after *= factor;
    }
}

/// For each part the chance that exactly one more is needed, of all the others.
fn pivots(chances: &[f64], needed: usize, gradient: &mut Vec<f64>) {
    let counts = counts(chances, needed);
    // The chance to reach `needed` from each count, with the parts that come after.
    let mut reach = vec![0.0; needed + 1];
    reach[needed] = 1.0;
    for (at, up) in chances.iter().enumerate().rev() {
        gradient.push((0..needed).map(|count| counts[at][count] * (reach[count + 1] - reach[count])).sum());
        for count in 0..needed {
            reach[count] = (1.0 - up) * reach[count] + up * reach[count + 1];
        }
    }
    gradient.reverse();
}
