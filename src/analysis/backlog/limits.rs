//! How late what comes out of a queue may be, and by when it must be back: as the queue, a flow through it or the
//! system asks.

use rustc_hash::FxHashMap;

use crate::model::{Architecture, Component, ComponentId, FlowId, Properties, Property};
use crate::quantity::Duration;
use crate::source::Span;

/// A time that is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// How long.
    pub time: Duration,
    /// Who asks: a component, a flow, `system`.
    pub element: String,
    /// Where.
    pub span: Span,
}

/// How long a queue keeps a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// How long.
    pub time: Duration,
    /// Which property says so, and where.
    pub stated: Option<(Property, Span)>,
    /// Whose default it is, where nothing is stated.
    pub source: Option<&'static str>,
}

impl Kept {
    /// As it is stated, else as its engine does; nothing where that is for ever, or unknown.
    pub fn of(queue: &Component) -> Option<Self> {
        const AGES: [Property; 2] = [Property::MaxAge, Property::Retention];
        if let Some(property) = AGES.into_iter().find(|it| queue.is_stated(*it)) {
            let time = queue.duration(property).filter(|it| it.is_finite())?;
            return Some(Self { time, stated: Some((property, queue.span(property)?)), source: None });
        }
        let fact = queue.known().get(|facts| facts.max_age)?;
        Some(Self { time: fact.duration(), stated: None, source: Some(fact.source) })
    }
}

/// What is asked of the queues of a design.
#[derive(Debug, Default)]
pub struct Limits {
    freshness: FxHashMap<ComponentId, (Duration, FlowId)>,
    rto: FxHashMap<ComponentId, (Duration, FlowId)>,
}

impl Limits {
    /// Goes through the flows once.
    pub fn of(architecture: &Architecture) -> Self {
        let mut limits = Self::default();
        for flow in architecture.flows() {
            let steps = flow.path.steps.iter().map(|step| architecture.link(*step));
            let ends = steps.flat_map(|link| [link.source, link.target]);
            let asked = [Property::Freshness, Property::Rto].map(|it| flow.duration(it));
            if asked == [None, None] {
                continue;
            }
            for id in ends.filter(|id| architecture.component(*id).kind.is_queue()) {
                for (found, asked) in [&mut limits.freshness, &mut limits.rto].into_iter().zip(asked) {
                    let Some(asked) = asked else { continue };
                    let tightest = found.entry(id).or_insert((asked, flow.id));
                    if asked < tightest.0 {
                        *tightest = (asked, flow.id);
                    }
                }
            }
        }
        limits
    }

    /// How old what comes out of a queue may be.
    pub fn freshness(&self, architecture: &Architecture, queue: &Component) -> Option<Limit> {
        let system = &architecture.system.properties;
        own(queue, Property::Freshness)
            .or_else(|| of_flow(architecture, &self.freshness, queue, Property::Freshness))
            .or_else(|| of(system, "system", Property::Freshness))
    }

    /// By when consumers must have recovered.
    pub fn rto(&self, architecture: &Architecture, queue: &Component, consumer: &Component) -> Option<Limit> {
        let system = &architecture.system.properties;
        own(consumer, Property::Rto)
            .or_else(|| own(queue, Property::Rto))
            .or_else(|| of_flow(architecture, &self.rto, queue, Property::Rto))
            .or_else(|| of(system, "system", Property::Rto))
    }
}

fn own(component: &Component, property: Property) -> Option<Limit> {
    of(component, &component.name, property)
}

fn of(properties: &Properties, element: &str, property: Property) -> Option<Limit> {
    let time = properties.duration(property).filter(|it| it.is_finite())?;
    Some(Limit { time, element: element.to_owned(), span: properties.span(property)? })
}

fn of_flow(
    architecture: &Architecture,
    asked: &FxHashMap<ComponentId, (Duration, FlowId)>,
    queue: &Component,
    property: Property,
) -> Option<Limit> {
    let flow = architecture.flow(asked.get(&queue.id)?.1);
    of(&flow.properties, &flow.name, property)
}
