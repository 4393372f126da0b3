//! The evaluation of a circuit, modules first: each collapses or is worked out over its frontier and is one
//! coin from then on. What was done is kept in a journal, which is read backward for the slopes.

use super::beam;
use super::bounds::{Bounds, bounds};
use super::circuit::{Circuit, Form};
use super::collapse::{Merge, Merger};
use super::frontier;
use super::modules::modules;
use super::plan::{Local, Plan};
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// A circuit that is being evaluated.
#[derive(Debug)]
pub(super) struct Network {
    circuit: Circuit,
    root: u32,
    merger: Merger,
    journal: Vec<Entry>,
}

#[derive(Debug)]
enum Entry {
    Merges(Vec<Merge>),
    /// This leaf's chance is the result of the plan.
    Solved(u32, Rc<Plan>),
}

/// How a module that does not collapse is worked out.
#[derive(Debug)]
pub(super) enum Method<'a> {
    /// Exactly, with at most so many updates of a state; what is used is taken off.
    Exact(&'a mut u64),
    /// As the lower or the upper end of what can be told with about so many updates of a state.
    Bound(Side, u64),
}

/// The plans of modules by their node: the same for every evaluation of a circuit, and dear to find.
pub(super) type Plans = FxHashMap<u32, Rc<Plan>>;

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Lower,
    Upper,
}

/// At least so many states are kept for a bound, however long the plan.
const FEWEST_STATES: u64 = 4;

impl Network {
    pub(super) fn new(circuit: Circuit, root: u32) -> Self {
        Self { circuit, root, merger: Merger::default(), journal: Vec::new() }
    }

    /// The probability that the root is up, and whether it is exact; none if the updates do not suffice.
    pub(super) fn evaluate(&mut self, mut method: Method, plans: &mut Plans) -> Option<(f64, bool)> {
        let is_module = modules(&self.circuit, self.root);
        let crude = matches!(method, Method::Bound(..)).then(|| bounds(&self.circuit));
        let mut numbers = Vec::new();
        let mut merges = Vec::new();
        let mut exact = true;
        for node in 0..=self.root {
            if self.circuit.uses[node as usize] == 0 {
                continue;
            }
            self.merger.collapse(&mut self.circuit, node, &mut merges);
            if !is_module[node as usize] || self.is_free(node) {
                continue;
            }
            if !merges.is_empty() {
                self.journal.push(Entry::Merges(std::mem::take(&mut merges)));
            }
            numbers.resize(self.circuit.forms.len(), u32::MAX);
            let find_plan = || Rc::new(Local::gather(&self.circuit, node, &mut numbers).plan());
            let plan = Rc::clone(plans.entry(node).or_insert_with(find_plan));
            let up = match &mut method {
                Method::Exact(updates_left) => frontier::exact(&plan, &self.circuit, updates_left)?,
                Method::Bound(side, updates) => {
                    let crude =
                        crude.as_ref().map_or(Bounds { lower: 0.0, upper: 1.0 }, |it| it[node as usize]);
                    let (up, all_seen) = bounded(&plan, &self.circuit, crude, *side, *updates);
                    exact &= all_seen;
                    up
                }
            };
            let hopeless = plan.steps.iter().any(|step| self.circuit.leaves[step.leaf as usize].hopeless);
            let leaf = self.circuit.add_leaf(&[], [up], hopeless);
            self.circuit.forms[node as usize] = Form::Leaf(leaf);
            self.journal.push(Entry::Solved(leaf, plan));
        }
        self.journal.push(Entry::Merges(merges));
        let root = self.root_leaf();
        Some((self.circuit.table(root)[0].clamp(0.0, 1.0), exact))
    }

    /// For each of `count` elements by how much the root gains if that element is perfect. To be asked after
    /// an exact evaluation.
    pub(super) fn gains(&mut self, count: usize) -> Vec<f64> {
        let mut slopes = vec![0.0; self.circuit.figures.len()];
        let root = self.root_leaf();
        slopes[self.circuit.leaves[root as usize].table as usize] = 1.0;
        for entry in self.journal.iter().rev() {
            match entry {
                Entry::Merges(merges) => {
                    for merge in merges.iter().rev() {
                        self.merger.carry_back(&self.circuit, *merge, &mut slopes);
                    }
                }
                Entry::Solved(leaf, plan) => {
                    let weight = slopes[self.circuit.leaves[*leaf as usize].table as usize];
                    frontier::carry_back(plan, &self.circuit, weight, &mut slopes);
                }
            }
        }
        let mut gains = vec![0.0; count];
        for leaf in &self.circuit.leaves {
            let Some((element, gain)) = leaf.element else { continue };
            let masks = 0..1 << leaf.sites.len();
            gains[element.0 as usize] = masks
                .map(|mask| slopes[leaf.table as usize + mask] * self.circuit.figures[gain as usize + mask])
                .sum();
        }
        gains
    }

    /// Whether a node is a coin by itself.
    fn is_free(&self, node: u32) -> bool {
        matches!(self.circuit.forms[node as usize], Form::Leaf(_)) && self.circuit.inputs(node).is_empty()
    }

    fn root_leaf(&self) -> u32 {
        match self.circuit.forms[self.root as usize] {
            Form::Leaf(leaf) => leaf,
            Form::Gate(..) => unreachable!("the root is a module, and every module has become a leaf"),
        }
    }
}

/// One end of a module's probability, and whether it is exact.
fn bounded(plan: &Plan, circuit: &Circuit, crude: Bounds, side: Side, updates: u64) -> (f64, bool) {
    let keep = (updates / plan.steps.len().max(1) as u64).max(FEWEST_STATES);
    match (beam::bound(plan, circuit, keep as usize, side), side) {
        (Some((value, true)), _) => (value, true),
        (Some((value, false)), Side::Lower) => (value.max(crude.lower), false),
        (Some((value, false)), Side::Upper) => (value.min(crude.upper), false),
        (None, Side::Lower) => (crude.lower, false),
        (None, Side::Upper) => (crude.upper, false),
    }
}
