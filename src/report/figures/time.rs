//! How long the flows take, step by step.

use serde::Serialize;

use super::Design;
use crate::analysis::journey::Journey;
use crate::analysis::latency::{Latency, Origin, Step, What};
use crate::model::{ComponentId, Properties, Property};
use crate::quantity::Duration;

/// How long a flow takes at peak, in seconds.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct Taken {
    /// Half of the requests take no longer.
    pub(in crate::report) p50: f64,
    /// All but one in a hundred take no longer.
    pub(in crate::report) p99: Reach,
    /// Whether something of unknown length is on the way.
    pub(in crate::report) is_lower_bound: bool,
    /// Components to which more comes than they can do: the wait there has no bound, and is not in the sums.
    pub(in crate::report) saturated: Vec<String>,
}

/// From where something lies, and to where, unless there is no bound to it that is known.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::report) struct Reach {
    pub(in crate::report) lower: f64,
    pub(in crate::report) upper: Option<f64>,
}

/// How long a flow takes, step by step, against what is asked of it; in seconds.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Time {
    #[serde(flatten)]
    pub(in crate::report) taken: Taken,
    /// What is asked, where anything is.
    pub(in crate::report) asked_p50: Option<f64>,
    pub(in crate::report) asked_p99: Option<f64>,
    pub(in crate::report) steps: Vec<Waited>,
    /// Components of which no time is known.
    pub(in crate::report) unknown: Vec<String>,
}

/// An interval.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::report) struct Span {
    pub(in crate::report) lower: f64,
    pub(in crate::report) upper: f64,
}

/// One thing that is waited for.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Waited {
    pub(in crate::report) element: String,
    /// `work`, `wait`, `trip`, `batch`, `schedule` or `lag`.
    pub(in crate::report) what: &'static str,
    /// What it adds to the median.
    pub(in crate::report) p50: f64,
    /// What it adds to the least and to the most that one in a hundred takes.
    pub(in crate::report) p99: Span,
    pub(in crate::report) is_assumed: bool,
}

impl Taken {
    pub(in crate::report) fn of(latency: &Latency, name: &impl Fn(&ComponentId) -> String) -> Self {
        let is_bound = latency.is_lower_bound() || !latency.saturated.is_empty();
        Self {
            p50: latency.median.seconds(),
            p99: Reach {
                lower: latency.least.min(latency.most).seconds(),
                upper: (!is_bound).then(|| latency.most.seconds()),
            },
            is_lower_bound: latency.is_lower_bound(),
            saturated: latency.saturated.iter().map(name).collect(),
        }
    }
}

impl Time {
    /// Until the flow is answered.
    pub(super) fn until_answered(design: Design, journey: &Journey, latency: &Latency) -> Option<Self> {
        let asked = |property| asked(design, journey, property);
        Self::of(design, latency, asked(Property::LatencyP50), asked(Property::LatencyP99))
    }

    /// Until its end, behind queues and in copies.
    pub(super) fn until_done(design: Design, journey: &Journey, latency: &Latency) -> Option<Self> {
        Self::of(design, latency, None, asked(design, journey, Property::Freshness))
    }

    fn of(
        design: Design,
        latency: &Latency,
        asked_p50: Option<Duration>,
        asked_p99: Option<Duration>,
    ) -> Option<Self> {
        let name = |id: &ComponentId| design.architecture.component(*id).name.to_string();
        let time = Self {
            taken: Taken::of(latency, &name),
            asked_p50: asked_p50.map(Duration::seconds),
            asked_p99: asked_p99.map(Duration::seconds),
            steps: latency
                .steps
                .iter()
                .zip(latency.costs())
                .map(|(step, least)| Waited::of(design, step, least))
                .collect(),
            unknown: latency.unknown.iter().map(name).collect(),
        };
        (!time.steps.is_empty() || !time.unknown.is_empty()).then_some(time)
    }
}

/// What a flow asks, else the system.
fn asked(design: Design, journey: &Journey, property: Property) -> Option<Duration> {
    let stated = |properties: &Properties| properties.duration(property);
    let of_flow = journey.properties(design.architecture).and_then(stated);
    of_flow.or_else(|| stated(&design.architecture.system.properties))
}

impl Waited {
    fn of(design: Design, step: &Step, least: Duration) -> Self {
        let (element, _) = step.what.element(design.architecture);
        Self {
            element,
            what: match step.what {
                What::Work(_) => "work",
                What::Wait(_) => "wait",
                What::Trip(_) => "trip",
                What::Batch(_) => "batch",
                What::Schedule(_) => "schedule",
                What::Lag(_) => "lag",
            },
            p50: step.median().seconds(),
            p99: Span { lower: least.seconds(), upper: step.most().seconds() },
            is_assumed: step.each.median_origin != Origin::Written
                || step.each.tail_origin != Origin::Written,
        }
    }
}
