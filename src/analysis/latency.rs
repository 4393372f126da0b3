//! Time: what a journey waits for, one thing after the other, and how long each takes.
//!
//! A component takes its own time, and a request may have to wait for its turn there; each call crosses the way between
//! two places. Half of the requests take no longer than the sum of the medians. For the one in a hundred there is an
//! interval: at least the medians and the worst single tail, at most all tails at once. What is neither written nor in
//! the catalogue is unknown and counts as nothing, so that the whole is then a lower bound. The way from a client is
//! not counted: a promise is measured at the edge.

mod cost;
mod distance;
mod measured;
mod verdict;
mod walk;

use std::sync::OnceLock;

use super::Analysis;
use super::journey::Journey;
use super::load::{Circumstances, Load};
use crate::model::{Architecture, ComponentId, LinkId};
use crate::quantity::Duration;
use crate::source::Span;

pub use cost::{Figure, Origin, Waiting, work};
pub use distance::{Distance, Trip, trip};
pub use measured::{Comparison, Subject, comparisons};
pub use verdict::{Asked, Miss, Story, budget};
pub use walk::{MEDIAN, TAIL};

/// What takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A component's own work.
    Work(ComponentId),
    /// Waiting for one's turn at a component.
    Wait(ComponentId),
    /// The way to a target and back.
    Trip(LinkId),
    /// Until a batch is full, or its window over.
    Batch(Place),
    /// Until a consumer that runs by the clock runs again.
    Schedule(ComponentId),
    /// Until a copy has what the original has.
    Lag(LinkId),
}

impl What {
    /// The element that it is about, and where that stands.
    pub fn element(self, architecture: &Architecture) -> (String, Span) {
        match self {
            Self::Work(id) | Self::Wait(id) | Self::Schedule(id) | Self::Batch(Place::Component(id)) => {
                let component = architecture.component(id);
                (component.name.to_string(), component.span)
            }
            Self::Trip(id) | Self::Lag(id) | Self::Batch(Place::Link(id)) => {
                let link = architecture.link(id);
                (architecture.link_name(link), link.span)
            }
        }
    }
}

/// Where a property is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// On a component.
    Component(ComponentId),
    /// On a link.
    Link(LinkId),
}

/// How often something is done for one request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// For half of the requests.
    pub median: f64,
    /// For one in a hundred, surely.
    pub least: f64,
    /// The same by written figures alone.
    pub written: f64,
    /// For one in a hundred, perhaps.
    pub most: f64,
    /// Whether each request does it, so that its tail is a tail of the whole.
    pub is_always: bool,
}

/// One thing that a journey waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What.
    pub what: What,
    /// How long it takes once.
    pub each: Figure,
    /// How often.
    pub times: Times,
}

impl Step {
    /// What it adds for half of the requests.
    pub fn median(&self) -> Duration {
        self.each.median * self.times.median
    }

    /// What it surely adds for one in a hundred, its own tail aside.
    pub fn least(&self) -> Duration {
        self.each.median * self.times.least
    }

    /// What it adds where everything is slow at once.
    pub fn most(&self) -> Duration {
        self.each.tail * self.times.most
    }

    /// What a slow one adds over a usual one.
    pub fn excess(&self) -> Duration {
        let excess = self.each.tail - self.each.median;
        if self.times.is_always { excess.max(Duration::ZERO) } else { Duration::ZERO }
    }

    fn written_median(&self) -> Duration {
        let is_written = self.each.median_origin == Origin::Written;
        if is_written { self.each.median * self.times.median } else { Duration::ZERO }
    }

    fn written_least(&self) -> Duration {
        let is_written = self.each.median_origin == Origin::Written;
        if is_written { self.each.median * self.times.written } else { Duration::ZERO }
    }

    fn written_excess(&self) -> Duration {
        if self.each.tail_origin != Origin::Written || !self.times.is_always {
            return Duration::ZERO;
        }
        let is_counted = self.each.median_origin == Origin::Written;
        self.each.tail - if is_counted { self.each.median } else { Duration::ZERO }
    }
}

/// How long a journey takes, along its longest chain of waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    /// What it waits for, from the entry on.
    pub steps: Vec<Step>,
    /// Half of the requests take no longer.
    pub median: Duration,
    /// The same by written figures alone.
    pub written_median: Duration,
    /// One request in a hundred takes at least so long: all medians, and the longest single tail.
    pub least: Duration,
    /// The same by written figures alone.
    pub written: Duration,
    /// One request in a hundred takes at most so long: all tails at once.
    pub most: Duration,
    /// What the request with the most calls takes (`calls_max`), by medians.
    pub worst: Duration,
    /// Components of which no time is known.
    pub unknown: Vec<ComponentId>,
    /// Components to which more comes at peak than they can do: the wait there has no end, and is not in the sums.
    pub saturated: Vec<ComponentId>,
    /// Whether the design was too large to look at all of it.
    pub is_cut_short: bool,
}

impl Latency {
    fn of_steps(steps: Vec<Step>) -> Self {
        let sum = |of: fn(&Step) -> Duration| steps.iter().map(of).sum::<Duration>();
        let longest = |of: fn(&Step) -> Duration| steps.iter().map(of).fold(Duration::ZERO, Duration::max);
        Self {
            median: sum(Step::median),
            written_median: sum(Step::written_median),
            least: sum(Step::least) + longest(Step::excess),
            written: sum(Step::written_least) + longest(Step::written_excess),
            most: sum(Step::most),
            steps,
            ..Self::default()
        }
    }

    /// What each step adds to the least that one request in a hundred takes: together they are just that.
    pub fn costs(&self) -> Vec<Duration> {
        let mut costs: Vec<Duration> = self.steps.iter().map(Step::least).collect();
        // Of equals the first is the one whose tail counts.
        let longest = (0..self.steps.len())
            .rev()
            .max_by(|a, b| self.steps[*a].excess().total_cmp(&self.steps[*b].excess()));
        if let Some(at) = longest {
            costs[at] += self.steps[at].excess();
        }
        costs
    }

    /// Whether something of unknown length is on the way, so that all sums are lower bounds.
    pub fn is_lower_bound(&self) -> bool {
        !self.unknown.is_empty() || self.is_cut_short
    }

    /// How long one request in a hundred at least takes without some of the steps.
    pub fn least_without(&self, is_left_out: impl Fn(&Step) -> bool) -> Duration {
        let left = || self.steps.iter().filter(|step| !is_left_out(step));
        left().map(Step::least).sum::<Duration>()
            + left().map(Step::excess).fold(Duration::ZERO, Duration::max)
    }
}

/// How long each journey takes until it is answered under some circumstances, with the load that comes then. What goes
/// on without a component that is down does so at once: the wait until it is given up is not counted.
pub fn under(
    architecture: &Architecture,
    journeys: &[Journey],
    load: &Load,
    circumstances: &Circumstances,
) -> Vec<Latency> {
    let latencies = Latencies::default();
    let setting = walk::Setting { journeys, load, circumstances };
    (0..journeys.len()).map(|at| walk::latency(architecture, setting, &latencies, at, false)).collect()
}

/// The times of a design, each worked out when it is first asked for.
#[derive(Debug, Default)]
pub struct Latencies {
    answered: Slots<Latency>,
    completed: Slots<Latency>,
    waiting: Slots<Option<Waiting>>,
    misses: OnceLock<Vec<Miss>>,
}

/// Results that are worked out one by one. A design of which no time is asked has none of them.
#[derive(Debug)]
struct Slots<T>(OnceLock<Vec<OnceLock<T>>>);

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T> Slots<T> {
    fn get(&self, at: usize, of: usize, work_out: impl FnOnce() -> T) -> &T {
        let slots = self.0.get_or_init(|| (0..of).map(|_| OnceLock::new()).collect());
        slots[at].get_or_init(work_out)
    }
}

impl Latencies {
    /// How long the journey at this place takes until it is answered.
    pub fn answered(&self, architecture: &Architecture, analysis: &Analysis, at: usize) -> &Latency {
        self.answered.get(at, analysis.journeys.len(), || self.walk(architecture, analysis, at, false))
    }

    /// How long it takes until all is done that its path names, behind queues and in copies.
    pub fn completed(&self, architecture: &Architecture, analysis: &Analysis, at: usize) -> &Latency {
        self.completed.get(at, analysis.journeys.len(), || self.walk(architecture, analysis, at, true))
    }

    fn walk(
        &self,
        architecture: &Architecture,
        analysis: &Analysis,
        at: usize,
        is_completed: bool,
    ) -> Latency {
        let Analysis { journeys, load, .. } = analysis;
        let setting = walk::Setting { journeys, load, circumstances: &Circumstances::default() };
        walk::latency(architecture, setting, self, at, is_completed)
    }

    /// How long requests wait for their turn at a component at peak, as far as that is known.
    pub fn waiting(&self, architecture: &Architecture, load: &Load, id: ComponentId) -> Option<Waiting> {
        let of = architecture.components().len();
        *self.waiting.get(id.0 as usize, of, || {
            Waiting::of(&architecture.parameters, load, architecture.component(id))
        })
    }

    /// What takes longer than is asked, each flow once for each thing asked.
    pub fn misses(&self, architecture: &Architecture, analysis: &Analysis) -> &[Miss] {
        self.misses.get_or_init(|| verdict::misses(architecture, analysis, self))
    }
}
