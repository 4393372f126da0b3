//! How gravely a weakness weighs: by the promise that it endangers, and by the weak element alone.
//!
//! Whether an element is to blame never depends on how good the others are, so that no repair elsewhere can turn
//! one finding into an error of another.

use super::journey::{Journey, Promise, PromiseOrigin};
use super::load::Load;
use super::reliability::Availability;
use crate::catalogue::parameter;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Properties, Property};

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
    let is_quiet = load.total_mean().map(|rate| rate < parameter::SMALL_RATE.fact.value);
    let is_private = users.map(|users| users < parameter::SMALL_USERS.fact.value);
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
