//! What one component costs in time: its own work, and the wait for one's turn.

use super::walk::TAIL;
use crate::analysis::load::{Capacity, Load};
use crate::analysis::queueing::Line;
use crate::catalogue::{Kind, Parameters};
use crate::model::{Component, Property};
use crate::quantity::Duration;

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The design.
    Written,
    /// The catalogue, or a reckoning with its figures.
    Assumed,
    /// Nobody says.
    Unknown,
}

/// A time that is not always the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Half take no longer.
    pub median: Duration,
    /// Where that comes from.
    pub median_origin: Origin,
    /// All but one in a hundred take no longer.
    pub tail: Duration,
    /// Where that comes from.
    pub tail_origin: Origin,
}

impl Figure {
    /// Nothing is known of it.
    pub const UNKNOWN: Self = Self {
        median: Duration::ZERO,
        median_origin: Origin::Unknown,
        tail: Duration::ZERO,
        tail_origin: Origin::Unknown,
    };

    /// A time that is always the same.
    pub fn even(time: Duration, origin: Origin) -> Self {
        Self { median: time, median_origin: origin, tail: time, tail_origin: origin }
    }

    /// A moment somewhere in a span, at whose end all is done: half of it for half of them.
    pub fn within(span: Duration, origin: Origin) -> Self {
        Self { median: span / 2.0, median_origin: origin, tail: span, tail_origin: origin }
    }
}

/// A component's own time for a request that writes to it: the catalogue may know that to take longer.
pub(super) fn work_of_a_write(parameters: &Parameters, component: &Component) -> Figure {
    let own = work(parameters, component);
    if own.median_origin == Origin::Written {
        return own;
    }
    let Some(fact) = component.known().get(|facts| facts.write_time) else { return own };
    let median = own.median.max(fact.duration());
    let by_factor = median * parameters.tail_factor.value;
    let tail = if own.tail_origin == Origin::Written { own.tail } else { own.tail.max(by_factor) };
    Figure { median: median.min(tail), median_origin: Origin::Assumed, tail, ..own }
}

/// A component's own time: as written, else the catalogue's. A tail that is not known is the median times the
/// parameter `tail_factor`. Names are remembered, so a `dns` takes no time unless it says so.
pub fn work(parameters: &Parameters, component: &Component) -> Figure {
    let known = component.known();
    let median = component.duration(Property::ServiceTime);
    let tail = component.duration(Property::ServiceTimeP99);
    let by_factor = |median: Duration| median * parameters.tail_factor.value;
    let usual = known.get(|facts| facts.service_time).map(|fact| fact.duration());
    match (median, tail) {
        (Some(median), Some(tail)) => Figure {
            median,
            median_origin: Origin::Written,
            tail: tail.max(median),
            tail_origin: Origin::Written,
        },
        (Some(median), None) => Figure {
            median,
            median_origin: Origin::Written,
            tail: by_factor(median),
            tail_origin: Origin::Assumed,
        },
        (None, Some(tail)) => Figure {
            median: usual.unwrap_or(Duration::ZERO).min(tail),
            median_origin: if usual.is_some() { Origin::Assumed } else { Origin::Unknown },
            tail,
            tail_origin: Origin::Written,
        },
        (None, None) => {
            let Some(median) = usual else {
                return Figure::UNKNOWN;
            };
            let tail = known.get(|facts| facts.service_time_p99).map(|fact| fact.duration());
            Figure {
                median,
                median_origin: Origin::Assumed,
                tail: tail.unwrap_or_else(|| by_factor(median)),
                tail_origin: Origin::Assumed,
            }
        }
    }
}

/// How long requests wait for their turn at a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waiting {
    /// The line that they stand in.
    pub line: Line,
    /// The wait that half of them exceed.
    pub median: Duration,
    /// The wait that one in a hundred exceeds.
    pub tail: Duration,
    /// Whether the capacity is the catalogue's.
    pub is_assumed: bool,
}

impl Waiting {
    /// The line before a component at peak, where its load and its capacity are known.
    ///
    /// A replica works on capacity × service time at once (Little's law), on one at least; where the service time is
    /// unknown, on one that takes 1 ÷ capacity. The replicas share one line.
    pub(super) fn of(parameters: &Parameters, load: &Load, component: &Component) -> Option<Self> {
        let demand = load.component(component.id);
        if !demand.is_known() || component.kind == Kind::Dns {
            return None;
        }
        let utilisation = load.utilisation(component)?;
        let capacity = Capacity::of(component)?;
        let replicas = f64::from(load.carriers(component)?) * component.shards();
        let each = capacity.reads.min(capacity.writes);
        let time = work(parameters, component);
        let (service, at_once) = match time.median_origin {
            Origin::Unknown => (1.0 / each, 1.0),
            _ => (time.median, (each * time.median).round().max(1.0)),
        };
        let line = Line { servers: replicas.max(1.0) * at_once, service, utilisation: utilisation.share };
        let wait =
            |share| if line.is_saturated() { Duration::INFINITE } else { line.wait_exceeded_by(share) };
        Some(Self { line, median: wait(0.5), tail: wait(TAIL), is_assumed: utilisation.is_assumed })
    }

    /// The wait as a step; none where it has no end, or there is none.
    pub(super) fn figure(&self) -> Option<Figure> {
        (!self.line.is_saturated() && self.tail.is_positive()).then_some(Figure {
            median: self.median,
            median_origin: Origin::Assumed,
            tail: self.tail,
            tail_origin: Origin::Assumed,
        })
    }
}
