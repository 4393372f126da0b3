//! How likely is it that a formula over independent failures holds, which failures cost how much of that, and
//! which few take it down by themselves: the numerical kernel under the availability analysis.
//!
//! A [`Program`] is a monotone formula with sharing. It is reduced, its private parts collapse to numbers, and
//! what is left is evaluated by dynamic programming over a frontier, whose width and not the formula's size
//! decides the cost. When that is more than the [`Budget`] allows, proven bounds are given, never a guess.

mod beam;
mod bounds;
mod circuit;
mod closed_forms;
mod collapse;
mod cuts;
mod frontier;
mod modules;
mod network;
mod plan;
mod program;

use circuit::{Reduced, reduce};
use network::{Method, Network, Plans, Side};

pub use closed_forms::{Spread, at_least_of, majority, replicated, spread, switch_unavailability, switched};
pub use cuts::{DoubleCuts, Support, double_cuts, single_cuts};
pub use program::{ElementId, MAX_SITES, Node, Program};

/// What is known of the probability that a node is up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Availability {
    /// The probability, but for rounding (1e-12).
    Exact(f64),
    /// The probability lies between these, which is proven; the evaluation took too long to say where.
    Bounds {
        /// It is at least this.
        lower: f64,
        /// It is at most this.
        upper: f64,
    },
}

impl Availability {
    /// The value, or what it is at least.
    pub fn lower(self) -> f64 {
        match self {
            Self::Exact(value) => value,
            Self::Bounds { lower, .. } => lower,
        }
    }

    /// The value, or what it is at most.
    pub fn upper(self) -> f64 {
        match self {
            Self::Exact(value) => value,
            Self::Bounds { upper, .. } => upper,
        }
    }
}

/// How much work evaluations may do together before they give bounds instead.
///
/// It is counted in updates of one state, some ten nanoseconds each, and not in time, so that the result is
/// the same everywhere. What collapses without a frontier is free; so are small frontiers, even of an
/// exhausted budget.
#[derive(Clone, Debug)]
pub struct Budget {
    updates_left: u64,
    updates_for_bounds: u64,
}

impl Budget {
    /// A budget of so many updates of a state for exact results.
    pub fn new(updates: u64) -> Self {
        Self { updates_left: updates, updates_for_bounds: 100_000 }
    }

    /// Spends about so many updates on either bound of each evaluation that is not exact; 100 000, some ten
    /// milliseconds, if nothing is said.
    #[must_use]
    pub fn with_bounds(self, updates: u64) -> Self {
        Self { updates_for_bounds: updates, ..self }
    }

    /// How many updates of a state are left.
    pub fn updates_left(&self) -> u64 {
        self.updates_left
    }
}

impl Default for Budget {
    /// Some tenths of a second on one core.
    fn default() -> Self {
        Self::new(20_000_000)
    }
}

/// The probability that `root` is up.
pub fn availability(program: &Program, root: Node, budget: &mut Budget) -> Availability {
    evaluate(program, root, budget).0
}

/// The probability that `root` is up, and for each element by how much it would rise if that element were
/// perfect: if it never were down as long as its sites leave it enough units. That is (1 − p) times its
/// Birnbaum importance, exactly. None where only bounds are known.
///
/// The gains take about twice as long again as the availability; the budget is charged for that alone.
pub fn contributions(program: &Program, root: Node, budget: &mut Budget) -> (Availability, Option<Vec<f64>>) {
    let (availability, network) = evaluate(program, root, budget);
    let gains = match (availability, network) {
        (Availability::Bounds { .. }, _) => None,
        (_, None) => Some(vec![0.0; program.element_count()]),
        (_, Some(mut network)) => Some(network.gains(program.element_count())),
    };
    (availability, gains)
}

/// The availability, and the network it has been computed on, where there is anything random.
fn evaluate(program: &Program, root: Node, budget: &mut Budget) -> (Availability, Option<Network>) {
    let (circuit, circuit_root) = match reduce(program, root) {
        Reduced::Constant(up) => return (Availability::Exact(f64::from(u8::from(up))), None),
        Reduced::Circuit(circuit, root) => (circuit, root),
    };
    let mut plans = Plans::default();
    let updates_for_bounds = budget.updates_for_bounds;
    if budget.updates_left > 0 {
        let mut network = Network::new(circuit.clone(), circuit_root);
        if let Some((value, _)) = network.evaluate(Method::Exact(&mut budget.updates_left), &mut plans) {
            return (Availability::Exact(value), Some(network));
        }
    }
    let mut bound = |side| {
        let mut network = Network::new(circuit.clone(), circuit_root);
        let method = Method::Bound(side, updates_for_bounds);
        let (end, exact) = network.evaluate(method, &mut plans).expect("bounds need no budget");
        (end, exact, network)
    };
    let (lower, exact, network) = bound(Side::Lower);
    if exact {
        return (Availability::Exact(lower), Some(network));
    }
    let (upper, _, _) = bound(Side::Upper);
    let upper = cuts::all_up_at_most(program, root, &single_cuts(program, root)).min(upper);
    let lower = cuts::all_up_at_least(program, root).max(lower);
    (Availability::Bounds { lower, upper: upper.max(lower) }, None)
}
