//! The figures of a design: what its flows keep, what its parts carry, and what all of that rests on.
//!
//! [`Figures`] is plain data, described in `docs/json.md`; what is unknown is null there, never a guess.

pub(super) mod growth;
pub(super) mod measured;
pub(super) mod queues;
pub(super) mod text;
pub(super) mod time;
pub(super) mod verdict;

use serde::Serialize;

use super::dossier::Format;
use super::json;
use crate::analysis::Analysis;
use crate::analysis::assumptions::{self, Assumption};
use crate::analysis::availability::{self, FlowAvailability, MONTH_MINUTES};
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::analysis::load::{Capacity, Demand};
use crate::analysis::reliability::Availability;
use crate::analysis::storage;
use crate::catalogue::{Confidence, Unit};
use crate::check::Checked;
use crate::model::{Architecture, Component, Link, Replicas};
use crate::quantity::Size;

use growth::Bottleneck;
use measured::Compared;
use queues::Queued;
pub use text::text;
use time::Time;

/// For programs.
pub static FORMAT: Format =
    Format { name: "json", alias: None, about: "For programs", render: |dossier, _| dossier.figures.json() };

/// The version of the format.
pub const VERSION: u32 = 1;

/// Pairs of elements that are listed of one flow, at most.
const MAX_PAIRS: usize = 1_000;

/// How large the sets of elements are whose common loss takes a flow down, and that are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CutOrder {
    /// Single elements.
    #[default]
    One,
    /// Pairs as well.
    Two,
}

/// The figures of one design.
#[derive(Debug, Serialize)]
pub struct Figures {
    pub(in crate::report) version: u32,
    pub(in crate::report) tool: Tool,
    /// The files that the design is written in, its own first.
    pub(in crate::report) files: Vec<String>,
    /// Its name.
    pub(in crate::report) system: Option<String>,
    /// How many flows it was too large to follow, where it was: nothing is known of them, and all load is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) unfollowed: Option<usize>,
    /// Bytes of the whole, where the system states them.
    pub(in crate::report) storage: Option<f64>,
    #[serde(flatten)]
    pub(in crate::report) reading: Reading,
    /// The other ends of all intervals, where the design states ranges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) at_milder_ends: Option<Reading>,
    pub(in crate::report) assumptions: Vec<Assumed>,
}

/// What flows, components and links come to.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Reading {
    pub(in crate::report) flows: Vec<Flow>,
    pub(in crate::report) components: Vec<Part>,
    pub(in crate::report) links: Vec<Way>,
    pub(in crate::report) queues: Vec<Queued>,
    pub(in crate::report) bottlenecks: Vec<Bottleneck>,
    pub(in crate::report) measured: Vec<Compared>,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Tool {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) version: &'static str,
}

/// A figure that may be known only within bounds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Known {
    Exact { value: f64 },
    Bounds { lower: f64, upper: f64 },
}

impl From<Availability> for Known {
    fn from(availability: Availability) -> Self {
        match availability {
            Availability::Exact(value) => Self::Exact { value },
            Availability::Bounds { lower, upper } => Self::Bounds { lower, upper },
        }
    }
}

/// Minutes of a month: a number, or within bounds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Minutes {
    Exact(f64),
    Bounds { lower: f64, upper: f64 },
}

impl From<Availability> for Minutes {
    fn from(availability: Availability) -> Self {
        let down = |up: f64| (1.0 - up) * MONTH_MINUTES;
        match availability {
            Availability::Exact(value) => Self::Exact(down(value)),
            Availability::Bounds { lower, upper } => Self::Bounds { lower: down(upper), upper: down(lower) },
        }
    }
}

/// A flow as it is judged.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Flow {
    pub(in crate::report) name: String,
    /// What a finding about it is on.
    pub(in crate::report) element: String,
    /// The flow that it is one route of, where it is split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) route_of: Option<String>,
    pub(in crate::report) availability: Known,
    pub(in crate::report) availability_at_best: Known,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) completed: Option<Known>,
    pub(in crate::report) slo: Option<f64>,
    pub(in crate::report) slo_origin: &'static str,
    pub(in crate::report) downtime_minutes_per_month: Minutes,
    pub(in crate::report) budget_minutes_per_month: Option<f64>,
    /// None where the flow is too large for them.
    pub(in crate::report) cut_sets: Option<Vec<Vec<String>>>,
    pub(in crate::report) are_cut_sets_truncated: bool,
    pub(in crate::report) contributors: Vec<Contributor>,
    /// Of the whole flow, also where this is one route of it.
    pub(in crate::report) rate: Option<Rate>,
    /// Until it is answered; none where nothing is known of it.
    pub(in crate::report) latency: Option<Time>,
    /// Until its end, where its path goes on past a queue or a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) end_to_end: Option<Time>,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Contributor {
    pub(in crate::report) element: String,
    pub(in crate::report) minutes: f64,
    pub(in crate::report) share: f64,
}

/// Requests a second.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Rate {
    pub(in crate::report) mean: f64,
    pub(in crate::report) peak: f64,
    pub(in crate::report) reads: Option<f64>,
    pub(in crate::report) writes: Option<f64>,
    pub(in crate::report) is_peak_assumed: bool,
}

/// What something carries, a second; reads and writes on average.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(in crate::report) struct Carried {
    pub(in crate::report) reads: Option<f64>,
    pub(in crate::report) writes: Option<f64>,
    pub(in crate::report) mean: Option<f64>,
    pub(in crate::report) peak: Option<f64>,
    /// Whether more comes that nobody says how much of.
    pub(in crate::report) is_partial: bool,
}

impl From<&Demand> for Carried {
    fn from(demand: &Demand) -> Self {
        if !demand.is_reached {
            return Self::default();
        }
        let is_parted = demand.mean.other == crate::quantity::Rate::ZERO;
        Self {
            reads: is_parted.then_some(demand.mean.reads.per_second()),
            writes: is_parted.then_some(demand.mean.writes.per_second()),
            mean: Some(demand.mean.total().per_second()),
            peak: Some(demand.peak.total().per_second()),
            is_partial: demand.is_partial,
        }
    }
}

/// A component.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Part {
    pub(in crate::report) name: String,
    pub(in crate::report) kind: &'static str,
    pub(in crate::report) engine: Option<String>,
    pub(in crate::report) replicas: Option<Count>,
    pub(in crate::report) is_managed: bool,
    pub(in crate::report) shards: f64,
    #[serde(flatten)]
    pub(in crate::report) carried: Carried,
    /// Of one replica, a second.
    pub(in crate::report) read_capacity: Option<f64>,
    pub(in crate::report) write_capacity: Option<f64>,
    pub(in crate::report) is_capacity_assumed: bool,
    /// Of the busiest node at peak; 1 is full.
    pub(in crate::report) utilisation: Option<f64>,
    /// Bytes on one node.
    pub(in crate::report) storage: Option<f64>,
}

/// A stated number of replicas.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(untagged)]
pub(in crate::report) enum Count {
    Of(u32),
    Range { least: u32, most: Option<u32> },
}

/// A link.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Way {
    pub(in crate::report) name: String,
    pub(in crate::report) source: String,
    pub(in crate::report) target: String,
    pub(in crate::report) is_async: bool,
    #[serde(flatten)]
    pub(in crate::report) carried: Carried,
}

/// What the design does not say.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Assumed {
    pub(in crate::report) element: String,
    pub(in crate::report) property: &'static str,
    pub(in crate::report) value: f64,
    pub(in crate::report) unit: &'static str,
    pub(in crate::report) source: &'static str,
    pub(in crate::report) confidence: &'static str,
}

impl Figures {
    /// The figures of a checked design.
    pub fn of(design: &Checked, order: CutOrder) -> Self {
        let Checked { sources, architecture, analysis, milder, .. } = design;
        let milder = milder.as_ref().map(|it| Reading::of(&it.architecture, &it.analysis, order));
        Self {
            version: VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            files: sources.iter().map(|(_, file)| file.name.clone()).collect(),
            system: architecture.system.name.as_ref().map(ToString::to_string),
            unfollowed: Some(analysis.unfollowed()).filter(|count| *count > 0),
            storage: storage::total(architecture).map(Size::bytes),
            reading: Reading::of(architecture, analysis, order),
            at_milder_ends: milder,
            assumptions: assumptions::assumptions(architecture, analysis)
                .into_iter()
                .map(Assumed::of)
                .collect(),
        }
    }

    /// As JSON, ended by a newline.
    pub fn json(&self) -> String {
        json::pretty(self)
    }
}

impl Reading {
    fn of(architecture: &Architecture, analysis: &Analysis, order: CutOrder) -> Self {
        let design = Design { architecture, analysis };
        let nodes = storage::per_node(architecture, &analysis.load);
        let parts = architecture.components().zip(nodes);
        Self {
            flows: analysis
                .judged()
                .enumerate()
                .map(|(at, (journey, judged))| Flow::of(design, at, journey, judged, order))
                .collect(),
            components: parts.map(|(component, size)| Part::of(analysis, component, size)).collect(),
            links: architecture.links().map(|link| Way::of(design, link)).collect(),
            queues: queues::all(design),
            bottlenecks: growth::bottlenecks(design),
            measured: measured::all(design),
        }
    }
}

/// A design in one reading.
#[derive(Clone, Copy)]
struct Design<'a> {
    architecture: &'a Architecture,
    analysis: &'a Analysis,
}

impl Flow {
    fn of(design: Design, at: usize, journey: &Journey, judged: &FlowAvailability, order: CutOrder) -> Self {
        let Design { architecture, analysis } = design;
        let base = &analysis.bases[journey.base];
        let (cut_sets, are_cut_sets_truncated) = cut_sets(design, journey, judged, order);
        Self {
            name: journey.name.to_string(),
            element: journey.element.clone(),
            route_of: (base.name != journey.name).then(|| base.name.to_string()),
            availability: judged.low.into(),
            availability_at_best: judged.high.into(),
            completed: judged.completed.map(Known::from),
            slo: journey.promise.slo,
            slo_origin: match journey.promise.origin {
                PromiseOrigin::Stated => "stated",
                PromiseOrigin::High => "high",
                PromiseOrigin::Intent | PromiseOrigin::SmallIntent => "intent",
                PromiseOrigin::Demo => "demo",
                PromiseOrigin::Nothing => "none",
            },
            downtime_minutes_per_month: judged.low.into(),
            budget_minutes_per_month: journey.promise.budget().map(|budget| budget * MONTH_MINUTES),
            cut_sets,
            are_cut_sets_truncated,
            contributors: judged
                .contributions
                .iter()
                .map(|it| Contributor {
                    element: it.element.name(architecture),
                    minutes: it.minutes(),
                    share: it.share,
                })
                .collect(),
            rate: analysis.load.arrivals[journey.base].map(|arrivals| {
                let mean = arrivals.mean;
                let is_parted = mean.other == crate::quantity::Rate::ZERO;
                Rate {
                    mean: mean.total().per_second(),
                    peak: arrivals.peak().total().per_second(),
                    reads: is_parted.then_some(mean.reads.per_second()),
                    writes: is_parted.then_some(mean.writes.per_second()),
                    is_peak_assumed: arrivals.is_peak_assumed,
                }
            }),
            latency: Time::until_answered(design, journey, analysis.latency(architecture, at)),
            end_to_end: judged.completed.and_then(|_| {
                Time::until_done(design, journey, analysis.latency_to_the_end(architecture, at))
            }),
        }
    }
}

/// The minimal cut sets by name, and whether there are more than are listed.
fn cut_sets(
    design: Design,
    journey: &Journey,
    judged: &FlowAvailability,
    order: CutOrder,
) -> (Option<Vec<Vec<String>>>, bool) {
    let Design { architecture, analysis } = design;
    // Of a ring of callers that is too large to unroll neither is known.
    if matches!(judged.low, Availability::Bounds { .. }) && judged.single_cuts.is_empty() {
        return (None, false);
    }
    let mut sets: Vec<Vec<String>> =
        judged.single_cuts.iter().map(|element| vec![element.name(architecture)]).collect();
    if order == CutOrder::One {
        return (Some(sets), false);
    }
    let (pairs, is_truncated) = availability::double_cuts(architecture, &analysis.load, journey, MAX_PAIRS);
    let mut pairs: Vec<_> = pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
    pairs.sort_unstable();
    sets.extend(pairs.iter().map(|(a, b)| vec![a.name(architecture), b.name(architecture)]));
    (Some(sets), is_truncated)
}

impl Part {
    fn of(analysis: &Analysis, component: &Component, size: Option<Size>) -> Self {
        let demand = analysis.load.component(component.id);
        let capacity = Capacity::of(component);
        let figure = |of: fn(&Capacity) -> f64| capacity.as_ref().map(of).filter(|it| it.is_finite());
        Self {
            name: component.name.to_string(),
            kind: component.kind.name(),
            engine: component.engines.first().map(|_| component.engines.join(" | ")),
            replicas: match component.replicas {
                Replicas::Stated { least, most } if most == Some(least) => Some(Count::Of(least)),
                Replicas::Stated { least, most } => Some(Count::Range { least, most }),
                Replicas::Managed | Replicas::Unstated => None,
            },
            is_managed: component.is_managed(),
            shards: component.shards(),
            carried: demand.into(),
            read_capacity: figure(|it| it.reads.per_second()),
            write_capacity: figure(|it| it.writes.per_second()),
            is_capacity_assumed: capacity.is_some_and(|it| it.is_assumed),
            utilisation: analysis.load.utilisation(component).map(|it| it.share).filter(|it| it.is_finite()),
            storage: size.map(Size::bytes),
        }
    }
}

impl Way {
    fn of(design: Design, link: &Link) -> Self {
        let (source, target) = design.architecture.ends(link);
        Self {
            name: design.architecture.link_name(link),
            source: source.name.to_string(),
            target: target.name.to_string(),
            is_async: link.is_async(),
            carried: design.analysis.load.link(link.id).into(),
        }
    }
}

impl Assumed {
    fn of(assumption: Assumption) -> Self {
        let Assumption { element, property, fact } = assumption;
        Self {
            element,
            property,
            value: fact.value,
            unit: match fact.unit {
                Unit::Share => "share",
                Unit::Seconds => "seconds",
                Unit::Bytes => "bytes",
                Unit::PerSecond => "per_second",
                Unit::BytesPerSecond => "bytes_per_second",
                Unit::Count => "count",
            },
            source: fact.source,
            confidence: match fact.confidence {
                Confidence::High => "high",
                Confidence::Medium => "medium",
                Confidence::Low => "low",
            },
        }
    }
}
