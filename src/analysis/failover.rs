//! Whether a failover is quick enough: for what its journeys promise in a month, and for the recovery that is asked.

use rustc_hash::FxHashMap;

use super::Analysis;
use super::availability::{Element, MONTH_MINUTES, Switching, unit::Switch};
use super::blame::{self, Blame};
use super::journey::{Journey, PromiseOrigin};
use crate::diagnostic::Severity;
use crate::model::{Architecture, Properties, Property};
use crate::source::Span;
use crate::syntax::ast::Dimension;

/// How long recovery may take, and where that is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recovery {
    /// In seconds.
    pub seconds: f64,
    /// Where it is written.
    pub span: Option<Span>,
}

/// What a failover is too slow for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TooSlowFor {
    /// One failover a month is more than the promise of the journey allows: so many seconds.
    Budget(f64),
    /// It takes longer than recovery may.
    Recovery(Recovery),
    /// It takes as long as the repair: the standby saves nothing where high availability is asked.
    Repair,
}

/// A switch that takes too long, with the journeys that wait for it.
#[derive(Clone, Debug)]
pub struct SlowFailover {
    /// The component whose nodes take over from each other, or the switch between alternatives.
    pub switching: Switching,
    /// For what, of the worst journey.
    pub too_slow: TooSlowFor,
    /// How grave it is for the worst journey.
    pub level: Severity,
    /// The journeys, by their places.
    pub journeys: Vec<usize>,
    /// The place of the one for which it is gravest.
    pub worst: usize,
}

/// How long recovery may take for a journey: as its flow asks, else as the system does; and of what fails over, where
/// that asks for less.
pub fn asked_recovery(architecture: &Architecture, journey: &Journey, element: Element) -> Option<Recovery> {
    let asked = |properties: &Properties| {
        let seconds = properties.figure_of(Property::Rto, Dimension::Duration)?;
        Some(Recovery { seconds, span: properties.span(Property::Rto) })
    };
    let of_flow = journey.properties(architecture).filter(|it| it.is_stated(Property::Rto));
    let of_journey = asked(of_flow.unwrap_or(&architecture.system.properties));
    let own = match element {
        Element::Component(id) => asked(&architecture.component(id).properties),
        _ => None,
    };
    [of_journey, own].into_iter().flatten().min_by(|a, b| a.seconds.total_cmp(&b.seconds))
}

/// The seconds that a promise allows in a month of 30 days.
pub fn budget_seconds(slo: f64) -> f64 {
    (1.0 - slo) * MONTH_MINUTES * 60.0
}

/// The failovers that take too long, in the order of their elements. What a person does is told apart
/// (`manual-failover`).
pub fn slow(architecture: &Architecture, analysis: &Analysis) -> Vec<SlowFailover> {
    let blame = Blame::of(architecture, &analysis.load);
    let mut places: FxHashMap<Element, usize> = FxHashMap::default();
    let mut found: Vec<SlowFailover> = Vec::new();
    for (at, (journey, judged)) in analysis.judged().enumerate() {
        for switching in judged.switchings.iter().filter(|it| !it.is_manual) {
            let recovery = asked_recovery(architecture, journey, switching.element);
            let Some(too_slow) = too_slow(journey, switching.switch, recovery) else { continue };
            let is_written = is_written(architecture, switching);
            let level = match too_slow {
                TooSlowFor::Recovery(_) if is_written => Some(Severity::Error),
                TooSlowFor::Recovery(_) => Some(Severity::Warning),
                _ => switching.cost.and_then(|cost| blame.level(&journey.promise, judged.low, cost)),
            };
            // What the catalogue says of an engine is no ground for an error.
            let cap = if is_written { Severity::Error } else { Severity::Warning };
            let Some(level) = level.map(|it| it.max(cap)) else { continue };
            let slow = SlowFailover { switching: *switching, too_slow, level, journeys: vec![at], worst: at };
            match places.get(&switching.element) {
                Some(place) => found[*place].merge(&slow),
                None => {
                    places.insert(switching.element, found.len());
                    found.push(slow);
                }
            }
        }
    }
    found.sort_unstable_by_key(|it| it.switching.element);
    found
}

impl SlowFailover {
    fn merge(&mut self, other: &Self) {
        self.journeys.extend(&other.journeys);
        let cost = |it: &Self| it.switching.cost.unwrap_or(0.0);
        if (other.level, cost(self)) < (self.level, cost(other)) {
            let journeys = std::mem::take(&mut self.journeys);
            *self = Self { journeys, ..other.clone() };
        }
    }
}

/// The gravest reason: what is written of recovery, then the promise.
fn too_slow(journey: &Journey, switch: Switch, recovery: Option<Recovery>) -> Option<TooSlowFor> {
    let exceeds = |limit: f64| blame::exceeds(switch.seconds, limit);
    if let Some(recovery) = recovery.filter(|it| exceeds(it.seconds)) {
        return Some(TooSlowFor::Recovery(recovery));
    }
    if let Some(budget) = journey.promise.slo.map(budget_seconds).filter(|it| exceeds(*it)) {
        return Some(TooSlowFor::Budget(budget));
    }
    let is_vain = journey.promise.origin == PromiseOrigin::High && switch.seconds >= switch.repair;
    is_vain.then_some(TooSlowFor::Repair)
}

/// Whether how long it takes is written: as a figure, or as how ready the standby is.
fn is_written(architecture: &Architecture, switching: &Switching) -> bool {
    if !switching.switch.is_assumed {
        return true;
    }
    let says = |properties: &Properties| properties.word(Property::Standby).is_some_and(|it| it != "hot");
    match switching.element {
        Element::Component(id) => says(&architecture.component(id).properties),
        Element::Switch(link) => {
            let caller = architecture.link(link).source;
            says(&architecture.component(caller).properties)
                || architecture.links_from(caller).any(|link| {
                    says(&link.properties) || says(&architecture.component(link.target).properties)
                })
        }
        _ => false,
    }
}
