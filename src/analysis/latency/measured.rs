//! What was measured beside what is computed, where both are known.

use super::cost::{Origin, work};
use crate::analysis::Analysis;
use crate::model::{Architecture, ComponentId, FlowId, Property};
use crate::quantity::Duration;
use crate::source::Span;

/// Of what a time was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// One component: its own work, and the wait for it.
    Component(ComponentId),
    /// A flow until it is answered: of its routes the longest.
    Flow(FlowId),
}

/// A time that was measured, and the same as it is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Of what.
    pub subject: Subject,
    /// What was measured.
    pub measured: Duration,
    /// Where that is written.
    pub span: Span,
    /// Half of the requests take no longer, as computed.
    pub median: Duration,
    /// One in a hundred takes at most so long, as computed.
    pub tail: Duration,
    /// Whether some of it is unknown, or a wait in it has no end, so that both are lower bounds.
    pub is_lower_bound: bool,
}

impl Comparison {
    /// Whether what was measured lies where it is computed to lie: from the median to the slowest.
    pub fn agrees(&self) -> bool {
        (self.is_lower_bound || self.measured <= self.tail) && self.median <= self.measured
    }
}

/// All that was measured of components and flows, in their order. What is measured of a link is its round trip.
pub fn comparisons(architecture: &Architecture, analysis: &Analysis) -> Vec<Comparison> {
    let mut found = Vec::new();
    for component in architecture.components() {
        let Some((measured, span)) =
            component.duration(Property::Measured).zip(component.span(Property::Measured))
        else {
            continue;
        };
        let own = work(&architecture.parameters, component);
        let waiting = analysis.waiting(architecture, component.id);
        let is_endless = waiting.is_some_and(|it| it.line.is_saturated());
        let waiting = waiting.and_then(|it| it.figure());
        let wait = |of: fn(&super::Figure) -> Duration| waiting.as_ref().map_or(Duration::ZERO, of);
        found.push(Comparison {
            subject: Subject::Component(component.id),
            measured,
            span,
            median: own.median + wait(|it| it.median),
            tail: own.tail + wait(|it| it.tail),
            is_lower_bound: own.median_origin == Origin::Unknown || is_endless,
        });
    }
    for flow in architecture.flows() {
        let Some((measured, span)) = flow.duration(Property::Measured).zip(flow.span(Property::Measured))
        else {
            continue;
        };
        let routes = analysis.journeys.iter().enumerate().filter(|(_, it)| it.flow == Some(flow.id));
        let latencies = routes.map(|(at, _)| analysis.latency(architecture, at));
        let longest = latencies.reduce(|a, b| if b.most > a.most { b } else { a });
        let Some(latency) = longest else { continue };
        found.push(Comparison {
            subject: Subject::Flow(flow.id),
            measured,
            span,
            median: latency.median,
            tail: latency.most,
            is_lower_bound: latency.is_lower_bound() || !latency.saturated.is_empty(),
        });
    }
    found
}
