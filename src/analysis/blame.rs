//! How gravely a weakness weighs: by the promise that it endangers, and by the weak element alone.
//!
//! Whether an element is to blame never depends on how good the others are, so that no repair elsewhere can turn
//! one finding into an error of another.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::Analysis;
use super::availability::{self, Contribution, Element, FlowAvailability, unit};
use super::journey::{Journey, Promise, PromiseOrigin};
use super::load::Load;
use super::reliability::Availability;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, GroupKind, Properties, Property, Replicas};

/// An unavailability that equals its budget but for rounding is within it.
const ROUNDING: f64 = 1e-9;

/// Whether an unavailability is more than a budget allows; equality is not.
pub fn exceeds(unavailability: f64, budget: f64) -> bool {
    unavailability > budget * (1.0 + ROUNDING)
}

/// Whether a journey surely misses what it is held against.
pub fn misses(availability: Availability, slo: f64) -> bool {
    exceeds(1.0 - availability.upper(), 1.0 - slo)
}

/// What weighs on all journeys of a design alike.
#[derive(Clone, Copy, Debug)]
pub struct Blame {
    is_small: bool,
}

impl Blame {
    /// By the size of a design.
    pub fn of(architecture: &Architecture, load: &Load) -> Self {
        Self { is_small: is_small(architecture, load) }
    }

    /// How grave it is that something which is down for `unavailability` of the time takes a journey down; none
    /// where nothing is to be judged.
    ///
    /// An error where it alone uses up more than the promise allows: no improvement elsewhere could then keep it.
    pub fn level(
        self,
        promise: &Promise,
        availability: Availability,
        unavailability: f64,
    ) -> Option<Severity> {
        let by_slo = |slo| {
            if exceeds(unavailability, 1.0 - slo) {
                Severity::Error
            } else if misses(availability, slo) {
                Severity::Warning
            } else {
                Severity::Advice
            }
        };
        match (promise.origin, promise.slo) {
            (PromiseOrigin::Demo, _) => None,
            (PromiseOrigin::High, _) => Some(Severity::Warning),
            (PromiseOrigin::SmallIntent, _) => Some(Severity::Advice),
            (PromiseOrigin::Intent, Some(slo)) => Some(by_slo(slo).max(Severity::Warning)),
            (_, Some(slo)) => Some(by_slo(slo)),
            (_, None) if self.is_small => Some(Severity::Advice),
            (_, None) => Some(Severity::Warning),
        }
    }
}

/// Whether a design is so small that nobody would miss it for an hour: known to serve less than one request a
/// second, and not known to have more than a few hundred users.
fn is_small(architecture: &Architecture, load: &Load) -> bool {
    let users = users(&architecture.system.properties);
    let is_quiet = load.total_mean().map(|rate| rate < architecture.parameters.small_rate.rate());
    let is_private = users.map(|users| users < architecture.parameters.small_users.value);
    match (is_quiet, is_private) {
        (Some(is_quiet), is_private) => is_quiet && is_private.unwrap_or(true),
        (None, is_private) => is_private.unwrap_or(false),
    }
}

/// The most users that are stated, in whatever way they are counted.
fn users(properties: &Properties) -> Option<f64> {
    [Property::Users, Property::MonthlyUsers, Property::DailyUsers, Property::Concurrent]
        .into_iter()
        .filter_map(|property| properties.figure(property))
        .max_by(f64::total_cmp)
}

/// Whether a journey is to survive the loss of this: `replica`, `host`, `zone`, `region`, `third_party`.
pub fn must_survive(architecture: &Architecture, journey: &Journey, what: &str) -> bool {
    let of_flow = journey.properties(architecture).filter(|it| it.is_stated(Property::Survives));
    of_flow.unwrap_or(&architecture.system.properties).is(Property::Survives, what)
}

/// Why the loss of one unit takes a journey down, which decides who tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// There is one, or all of them are needed.
    NoSpare,
    /// Its count is not stated, and may be one.
    CountUnstated,
    /// It has copies, and nothing lets one of them take over from the primary.
    NothingPromotes,
}

/// A unit that its team runs, a replica or a host, whose loss alone takes journeys down.
#[derive(Clone, Debug)]
pub struct WeakPoint {
    /// The component or the host.
    pub element: Element,
    /// Why.
    pub cause: Cause,
    /// The gravest level that it has for any of the journeys.
    pub level: Severity,
    /// The journeys, by their places.
    pub journeys: Vec<usize>,
    /// The place of the journey for which it is gravest, and of these the one that it costs most.
    pub worst: usize,
    /// Its own unavailability.
    pub own: f64,
    /// What it costs the worst journey, where that is known.
    pub contribution: Option<Contribution>,
    /// How much of the worst journey's unavailability one more of it would save, where that is known.
    pub gain: Option<f64>,
}

/// All weak points, in the order of their elements.
pub fn weak_points(architecture: &Architecture, analysis: &Analysis) -> Vec<WeakPoint> {
    let blame = Blame::of(architecture, &analysis.load);
    let mut places: FxHashMap<Element, usize> = FxHashMap::default();
    let mut found: Vec<WeakPoint> = Vec::new();
    for (at, (journey, judged)) in analysis.judged().enumerate() {
        if judged.single_cuts.is_empty() {
            continue;
        }
        let costs: FxHashMap<Element, &Contribution> =
            judged.contributions.iter().map(|it| (it.element, it)).collect();
        for element in &judged.single_cuts {
            let Some(cause) = cause(architecture, analysis, *element) else { continue };
            let own = own(architecture, judged, *element);
            if own <= 0.0 {
                continue;
            }
            let Some(level) = level(architecture, blame, (journey, judged), *element, cause, own) else {
                continue;
            };
            let contribution = costs.get(element).map(|it| **it);
            let gain = match element {
                Element::Component(id) => judged.spareless(*id).and_then(|it| it.saved),
                _ => None,
            };
            let point = WeakPoint {
                element: *element,
                cause,
                level,
                journeys: vec![at],
                worst: at,
                own,
                contribution,
                gain,
            };
            if let Some(place) = places.get(element) {
                found[*place].merge(&point);
            } else {
                places.insert(*element, found.len());
                found.push(point);
            }
        }
    }
    found.sort_unstable_by_key(|it| it.element);
    found
}

impl WeakPoint {
    fn merge(&mut self, other: &Self) {
        self.journeys.extend(&other.journeys);
        let weight = |it: &Self| (Reverse(it.level), it.contribution.map_or(0.0, |it| it.saved));
        if weight(other) > weight(self) {
            let journeys = std::mem::take(&mut self.journeys);
            *self = Self { journeys, ..other.clone() };
        }
    }
}

/// Why a unit is alone; none for what somebody else keeps redundant, and for what is no unit of its own.
fn cause(architecture: &Architecture, analysis: &Analysis, element: Element) -> Option<Cause> {
    let id = match element {
        Element::Component(id) => id,
        Element::Group(id) if architecture.group(id).kind == GroupKind::Host => return Some(Cause::NoSpare),
        _ => return None,
    };
    let component = architecture.component(id);
    let is_cold_cache = component.kind == Kind::Cache && analysis.load.cold_caches.contains(&id);
    if component.is_available_as_a_whole() || component.kind == Kind::External || is_cold_cache {
        return None;
    }
    Some(match component.replicas {
        Replicas::Unstated => Cause::CountUnstated,
        _ if is_without_promotion(component) => Cause::NothingPromotes,
        _ => Cause::NoSpare,
    })
}

/// Whether it has several nodes of which one takes the writes, and nothing that makes another one the primary.
fn is_without_promotion(component: &Component) -> bool {
    let count = component.least_replicas().unwrap_or(1);
    count > 1
        && unit::has_primary(component)
        && unit::quorum(component, count, true).is_none()
        && !component.has_failover()
        && !component.is_stated(Property::Needs)
}

/// The unavailability of the unit alone.
fn own(architecture: &Architecture, judged: &FlowAvailability, element: Element) -> f64 {
    match element {
        Element::Component(id) => judged.spareless(id).map_or(0.0, |it| it.own),
        Element::Group(id) => 1.0 - availability::group_availability(architecture, id),
        _ => 0.0,
    }
}

fn level(
    architecture: &Architecture,
    blame: Blame,
    (journey, judged): (&Journey, &FlowAvailability),
    element: Element,
    cause: Cause,
    own: f64,
) -> Option<Severity> {
    let level = blame.level(&journey.promise, judged.low, own)?;
    if cause == Cause::CountUnstated {
        // What is not stated is a question; where nothing is asked of the journey either, or nothing is to be
        // assumed, one for a review.
        let is_asked_for = journey.promise.origin != PromiseOrigin::Nothing
            && !architecture.system.properties.is(Property::Assume, "nothing");
        return Some(level.max(if is_asked_for { Severity::Warning } else { Severity::Advice }));
    }
    let what = if matches!(element, Element::Group(_)) { "host" } else { "replica" };
    Some(if must_survive(architecture, journey, what) { Severity::Error } else { level })
}
