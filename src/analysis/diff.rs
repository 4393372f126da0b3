//! How the figures of two designs differ, flow by flow and component by component, each known by its name.

use std::cmp::Ordering;

use smol_str::SmolStr;

use super::Analysis;
use super::latency::Latency;
use super::pairs::pairs;
use super::reliability::Availability;
use super::what_if::{Carried, SAME, carried, is_time_changed, same_availability};
use crate::figures;
use crate::model::{Architecture, ComponentId};
use crate::quantity::{Duration, Rate};

/// Less than this part of a node more or less is nothing to speak of, unless it fills it.
const NOTICEABLE: f64 = 0.05;

/// A design and what was computed from it.
pub type Analysed<'a> = (&'a Architecture, &'a Analysis);

/// How figures differ.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The flows that differ: those of the later design in its order, then those that only the earlier has.
    pub flows: Vec<FlowDifference>,
    /// How many are as they were.
    pub unchanged_flows: usize,
    /// The components that are noticeably more or less busy than they were, or than nothing: the fullest first.
    pub components: Vec<ComponentDifference>,
    /// How many of both are about as busy as they were.
    pub unchanged_components: usize,
}

/// A flow, as each design has it.
#[derive(Clone, Debug)]
pub struct FlowDifference {
    /// Its name.
    pub name: SmolStr,
    /// As it was; none where there was none.
    pub before: Option<FlowFigures>,
    /// As it is; none where there is none.
    pub after: Option<FlowFigures>,
}

/// What is known of a flow.
#[derive(Clone, Debug)]
pub struct FlowFigures {
    /// How much of the time it is up.
    pub availability: Availability,
    /// What comes of all its routes at peak; none where no rate is stated.
    pub peak: Option<Rate>,
    /// How long it takes until it is answered; none where nothing of it is known.
    pub latency: Option<Latency>,
}

/// How a flow fares against what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fares {
    /// Nothing of it is better, and something worse.
    Worse,
    /// Nothing of it is worse, and something better.
    Better,
    /// Some of each, or another load alone.
    Otherwise,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A component, as each design has it.
#[derive(Clone, Debug)]
pub struct ComponentDifference {
    /// Its name.
    pub name: SmolStr,
    /// As it was; none where there was none.
    pub before: Option<Carried>,
    /// As it is; none where there is none.
    pub after: Option<Carried>,
}

/// Holds the figures of a later design against those of an earlier one.
pub fn diff(before: Analysed, after: Analysed) -> Difference {
    let mut flows = flows(before, after);
    let mut components = components(before, after);
    let all_flows = flows.len();
    flows.retain(FlowDifference::is_changed);
    let unchanged_components = components
        .iter()
        .filter(|it| it.before.is_some() && it.after.is_some() && !it.is_noticeable())
        .count();
    components.retain(ComponentDifference::is_noticeable);
    // What was full stands where it would if it were full now: read the other way round, the order is the same.
    let fullest = |it: &ComponentDifference| it.used().0.max(it.used().1);
    components.sort_by(|a, b| fullest(b).total_cmp(&fullest(a)).then_with(|| a.name.cmp(&b.name)));
    Difference { unchanged_flows: all_flows - flows.len(), unchanged_components, flows, components }
}

fn flows(before: Analysed, after: Analysed) -> Vec<FlowDifference> {
    let names = |(_, analysis): Analysed<'_>| -> Vec<SmolStr> {
        analysis.journeys.iter().map(|it| it.name.clone()).collect()
    };
    let (was, is) = (names(before), names(after));
    let flow = |(old, new): (Option<usize>, Option<usize>)| FlowDifference {
        name: new.map(|at| is[at].clone()).or_else(|| old.map(|at| was[at].clone())).unwrap_or_default(),
        before: old.map(|at| FlowFigures::of(before, at)),
        after: new.map(|at| FlowFigures::of(after, at)),
    };
    pairs(&was, &is).into_iter().map(flow).collect()
}

impl FlowFigures {
    fn of((architecture, analysis): Analysed, at: usize) -> Self {
        let latency = analysis.latency(architecture, at);
        let arrivals = analysis.load.arrivals[analysis.journeys[at].base].as_ref();
        Self {
            availability: analysis.availability[at].low,
            peak: arrivals.map(|it| it.peak().total()),
            latency: (!latency.steps.is_empty()).then(|| latency.clone()),
        }
    }
}

impl FlowDifference {
    /// Whether a reader is told other figures.
    fn is_changed(&self) -> bool {
        self.is_availability_changed() || self.is_load_changed() || self.is_latency_changed()
    }

    /// Whether it is up for another share of the time, as far as a reader can tell.
    pub fn is_availability_changed(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => !same_availability(before.availability, after.availability),
            _ => true,
        }
    }

    /// Whether another load comes at peak, as far as a reader can tell.
    pub fn is_load_changed(&self) -> bool {
        let told = |it: &Option<FlowFigures>| {
            it.as_ref().and_then(|it| it.peak).map(|it| figures::rate(it.per_second()))
        };
        told(&self.before) != told(&self.after)
    }

    /// Whether it takes longer or less long, or that came to be known or unknown.
    pub fn is_latency_changed(&self) -> bool {
        let [before, after] =
            [&self.before, &self.after].map(|it| it.as_ref().and_then(|it| it.latency.as_ref()));
        match (before, after) {
            (Some(before), Some(after)) => is_time_changed(before, after),
            _ => before.is_some() != after.is_some(),
        }
    }

    /// How it fares against what it was.
    pub fn fares(&self) -> Fares {
        let (before, after) = match (&self.before, &self.after) {
            (Some(before), Some(after)) => (before, after),
            (None, _) => return Fares::Added,
            (_, None) => return Fares::Removed,
        };
        let up = self.is_availability_changed();
        let is_down_more = up && after.availability.upper() < before.availability.lower();
        let is_down_less = up && after.availability.lower() > before.availability.upper();
        let time = match (&before.latency, &after.latency) {
            (Some(was), Some(is)) if self.is_latency_changed() => slowness(is).total_cmp(&slowness(was)),
            _ => Ordering::Equal,
        };
        match (is_down_more || time.is_gt(), is_down_less || time.is_lt()) {
            (true, false) => Fares::Worse,
            (false, true) => Fares::Better,
            _ => Fares::Otherwise,
        }
    }
}

/// By what two times are held against each other: all of the interval, unless the wait has no end.
fn slowness(latency: &Latency) -> f64 {
    if latency.saturated.is_empty() {
        [latency.median, latency.least, latency.most].map(Duration::seconds).iter().sum()
    } else {
        f64::INFINITY
    }
}

fn components(before: Analysed, after: Analysed) -> Vec<ComponentDifference> {
    let names = |(architecture, _): Analysed<'_>| -> Vec<SmolStr> {
        architecture.components().map(|it| it.name.clone()).collect()
    };
    let of = |(architecture, analysis): Analysed<'_>, at: usize| {
        carried(architecture, &analysis.load, ComponentId(at as u32), None)
    };
    let (was, is) = (names(before), names(after));
    let component = |(old, new): (Option<usize>, Option<usize>)| ComponentDifference {
        name: new.map(|at| is[at].clone()).or_else(|| old.map(|at| was[at].clone())).unwrap_or_default(),
        before: old.map(|at| of(before, at)),
        after: new.map(|at| of(after, at)),
    };
    pairs(&was, &is).into_iter().map(component).collect()
}

impl ComponentDifference {
    /// Which part of its busiest node the peak took, and takes; nothing where it is not known.
    fn used(&self) -> (f64, f64) {
        let used = |it: &Option<Carried>| it.and_then(|it| it.utilisation).map_or(0.0, |it| it.share);
        (used(&self.before), used(&self.after))
    }

    /// Whether it is fuller or emptier by so much that it matters.
    fn is_noticeable(&self) -> bool {
        let (before, after) = self.used();
        let is_full = |share: f64| share > 1.0 + SAME;
        (after - before).abs() >= NOTICEABLE || is_full(before) != is_full(after)
    }
}
