//! How much of everything a design needs: `least`, `most` and why, decided in one place, so that no two rules
//! ever say "more" and "less" of the same thing.
//!
//! Rules only render it: who under-builds is below `least`, who over-builds above `most`, and nobody is spoken to
//! between. What is above `most` must also pass the deletion test, together with all that was deleted before it.

mod deletion;
mod kinds;
mod logs;
mod range;
mod reasons;
mod scale;
mod shortage;

pub use deletion::{Deletion, Kept, Plan, Step};
pub use kinds::{StoreKind, StoreKinds};
pub use range::{Dimension, Range, Why};
pub use reasons::explaining;
pub use scale::{Amount, Scale, Stored, Use, stored};
pub use shortage::{Certainty, Lack, LoadAssumed, Shortage, shortages};

use rustc_hash::{FxHashMap, FxHashSet};

use super::Analysis;
use super::availability::{self, Scenario};
use super::capacity::{self, StandIn};
use super::load::{Capacity, Traffic};
use super::regions::RegionLoss;
use super::reliability::Budget;
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId};
use logs::Logs;
use reasons::Asked;

/// Components that evaluations may visit, all together: some tenths of a second, whatever the design's size.
const VISITS: u64 = 200_000;

/// State updates that the evaluations may take.
const UPDATES: u64 = 4_000_000;

/// Half the budget and half the capacity: how much room what is called too much leaves.
const ROOM: f64 = 0.5;

/// So small a part of a budget is not felt: what takes no more of it is none of what the promise rests on.
const UNFELT: f64 = 0.01;

/// Asks how much is needed, of the design as it is or with some things taken away.
pub struct Planner<'a> {
    architecture: &'a Architecture,
    analysis: &'a Analysis,
    /// The design with what was taken away so far.
    scenario: Scenario,
    /// The peak that came to a component when others were taken away.
    moved: FxHashMap<ComponentId, Traffic>,
    /// Components that were taken away.
    gone: FxHashSet<ComponentId>,
    /// The journeys that need a component, by their place.
    needing: FxHashMap<ComponentId, Vec<usize>>,
    scale: Scale,
    asked: Asked,
    logs: Logs,
    /// Whom a component stands in for, and what comes to it then.
    stand_ins: FxHashMap<ComponentId, StandIn>,
    /// What comes to a component when a region is lost that is to be survived.
    region_losses: &'a FxHashMap<ComponentId, RegionLoss>,
    /// What comes to a store when the cache before it answers nothing.
    uncached: FxHashMap<ComponentId, Traffic>,
    /// How many services there are.
    services: usize,
    visits_left: u64,
    budget: Budget,
}

impl<'a> Planner<'a> {
    /// Of the design as it is.
    pub fn new(architecture: &'a Architecture, analysis: &'a Analysis) -> Self {
        let mut needing: FxHashMap<ComponentId, Vec<usize>> = FxHashMap::default();
        for (at, judged) in analysis.availability.iter().enumerate() {
            for id in &judged.needed {
                needing.entry(*id).or_default().push(at);
            }
        }
        let journey_of = |id: ComponentId| needing.get(&id).and_then(|it| it.first().copied());
        let stand_ins = capacity::stand_ins(architecture, &analysis.load, journey_of, &analysis.journeys);
        let cold = capacity::cold_caches(architecture, analysis);
        let uncached = cold.into_iter().map(|it| (it.store, it.more)).collect();
        Self {
            architecture,
            analysis,
            scenario: Scenario::as_is(),
            moved: FxHashMap::default(),
            gone: FxHashSet::default(),
            needing,
            scale: Scale::of(architecture, &analysis.load),
            asked: Asked::of(architecture),
            logs: Logs::of(architecture),
            stand_ins,
            region_losses: analysis.region_losses(architecture),
            uncached,
            services: architecture.of_kind(Kind::Service).count(),
            visits_left: VISITS,
            budget: Budget::new(UPDATES),
        }
    }

    /// The places of the journeys that need a component.
    fn journeys_needing(&self, id: ComponentId) -> &[usize] {
        self.needing.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What comes to a component at its peak, with what moved to it; nothing where it is not known.
    fn peak(&self, component: &Component) -> Option<Amount> {
        let mut amount = self.scale.peak(&self.architecture.parameters, &self.analysis.load, component)?;
        if let Some(moved) = self.moved.get(&component.id) {
            amount.traffic += *moved;
        }
        Some(amount)
    }

    /// How much of the busiest of so many nodes the grown peak uses.
    fn utilisation(&self, component: &Component, more: Traffic, replicas: u32) -> Option<f64> {
        let capacity = Capacity::of(component)?;
        let traffic = (self.peak(component)?.traffic + more) * self.scale.growth;
        Some(capacity.share(component, traffic, f64::from(replicas)))
    }

    /// How many replicas there are, with what was taken away.
    fn replicas(&self, component: &Component) -> u32 {
        let changed = self.scenario.changes.get(&component.id).and_then(|it| it.replicas);
        changed.or(component.least_replicas()).unwrap_or(1).max(1)
    }

    /// The availability of a journey in a scenario; nothing where the work for it is used up.
    fn low(&mut self, journey: usize, scenario: &Scenario) -> Option<f64> {
        let cost = self.analysis.availability[journey].needed.len() as u64 + 1;
        self.visits_left = self.visits_left.checked_sub(cost)?;
        let journey = &self.analysis.journeys[journey];
        let load = &self.analysis.load;
        Some(availability::availability(self.architecture, load, journey, scenario, &mut self.budget).lower())
    }

    /// Whether each of these journeys stays within a part of its budget; those without a promise do not count.
    /// Their availabilities are given with it.
    fn keeps(&mut self, journeys: &[usize], scenario: &Scenario, part: f64) -> Option<Vec<(usize, f64)>> {
        self.stays(journeys, scenario, |_, budget| budget * part)
    }

    /// The same of half the budget. Who uses more of it already, and keeps the promise, has nothing of that half to keep:
    /// it must not be felt there.
    fn keeps_room(&mut self, journeys: &[usize], scenario: &Scenario) -> Option<Vec<(usize, f64)>> {
        let analysis = self.analysis;
        self.stays(journeys, scenario, |at, budget| {
            let half = budget * ROOM;
            let as_is = 1.0 - analysis.availability[at].low.lower();
            if as_is > half { (as_is + budget * UNFELT).min(budget) } else { half }
        })
    }

    /// Whether each of these journeys is down no more than it may be, by its place and its budget.
    fn stays(
        &mut self,
        journeys: &[usize],
        scenario: &Scenario,
        most_down: impl Fn(usize, f64) -> f64,
    ) -> Option<Vec<(usize, f64)>> {
        let mut kept = Vec::new();
        for at in journeys {
            let Some(slo) = self.analysis.journeys[*at].promise.slo else { continue };
            let low = self.low(*at, scenario)?;
            // Equality is within the budget.
            if 1.0 - low > most_down(*at, 1.0 - slo) * (1.0 + 1e-9) + 1e-15 {
                return None;
            }
            kept.push((*at, low));
        }
        Some(kept)
    }
}
