//! Queues and streams as rules ask about them: what bounds one, who works on it, how often a message comes, and
//! whether one may be lost.

use rustc_hash::{FxHashMap, FxHashSet};

use super::load::Load;
use crate::catalogue::{Fact, Kind};
use crate::model::{Architecture, Component, ComponentId, Flow, FlowId, Link, Properties, Property};
use crate::quantity::{Duration, Rate, Size};
use crate::source::Span;
use crate::syntax::ast::Dimension;

/// The queues and streams of a design, in order.
pub fn queues(architecture: &Architecture) -> impl Iterator<Item = &Component> {
    architecture.components().filter(|component| component.kind.is_queue())
}

/// Who takes messages out of a queue, with the link: what the queue feeds, and programs that read from it.
pub fn consumers<'a>(
    architecture: &'a Architecture,
    queue: &Component,
) -> impl Iterator<Item = (&'a Link, &'a Component)> {
    let fed = architecture
        .links_from(queue.id)
        .filter(|link| !link.copies_data() && !link.has(Property::For))
        .map(move |link| (link, architecture.component(link.target)));
    let polling = architecture
        .links_to(queue.id)
        .filter(|link| !link.is_async() && link.is_reads_only())
        .map(move |link| (link, architecture.component(link.source)));
    fed.chain(polling.filter(|(_, reader)| reader.kind.is_compute()))
        .filter(|(_, consumer)| !consumer.kind.is_queue() && !consumer.kind.is_caller_only())
}

/// Whether each of its messages goes to one consumer: a queue that is no log.
pub fn hands_each_message_to_one(queue: &Component) -> bool {
    queue.kind == Kind::Queue && !queue.engine().is_some_and(|engine| engine.facts.is_log)
}

/// How many replicas of each consumer can work at once, where all that comes to it comes from logs whose partitions are
/// stated: one replica a partition.
pub fn held_by_partitions(architecture: &Architecture) -> FxHashMap<ComponentId, u32> {
    let mut held = FxHashMap::default();
    let partitions = |queue: &Component| {
        let stated = queue.figure(Property::Partitions).filter(|it| *it >= 1.0)?;
        (!hands_each_message_to_one(queue)).then_some(stated)
    };
    for log in queues(architecture).filter(|queue| partitions(queue).is_some()) {
        for (link, consumer) in consumers(architecture, log) {
            // Who fetches from a log as well as being called works for its callers too.
            let is_fed = link.source == log.id;
            let others = architecture.links_to(consumer.id).filter(|it| !it.has(Property::For));
            let of_others = others.map(|it| partitions(architecture.component(it.source)));
            let Some(sum) = of_others.sum::<Option<f64>>() else { continue };
            let sum = if is_fed { sum } else { sum + partitions(log).unwrap_or_default() };
            held.insert(consumer.id, sum.min(f64::from(u32::MAX)) as u32);
        }
    }
    held
}

/// Whether all of its consumers are there, and each follows the load.
pub fn is_scaled_with_the_load(architecture: &Architecture, queue: &Component) -> bool {
    let mut consumers = consumers(architecture, queue).peekable();
    consumers.peek().is_some()
        && consumers.all(|(_, it)| {
            it.has(Property::Autoscale) || it.kind == Kind::Function && !it.is_absent(Property::Autoscale)
        })
}

/// What keeps a queue from growing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// A length or an age is stated.
    Stated,
    /// Only what its engine does unless told otherwise: how long it keeps a message, in seconds.
    Assumed(Fact),
    /// It is stated that there is none: where.
    Absent(Span),
    /// Nothing is said.
    Unstated,
}

impl Bound {
    /// What bounds a queue.
    pub fn of(queue: &Component) -> Self {
        const AGES: [Property; 2] = [Property::MaxAge, Property::Retention];
        // `forever` is a figure, and no bound.
        let is_endless = |property| queue.figure(property) == Some(f64::INFINITY);
        let bounds = |property| queue.has(property) && !is_endless(property);
        if bounds(Property::MaxLength) || AGES.into_iter().any(bounds) {
            return Self::Stated;
        }
        let is_absent = |property: &Property| queue.is_absent(*property) || is_endless(*property);
        if let Some(age) = AGES.iter().find(|it| is_absent(it)) {
            return Self::Absent(queue.span(*age).unwrap_or(queue.span));
        }
        match (queue.known().get(|facts| facts.max_age), queue.span(Property::MaxLength)) {
            (Some(age), _) => Self::Assumed(age),
            (None, Some(span)) => Self::Absent(span),
            (None, None) => Self::Unstated,
        }
    }
}

/// Messages that come in at peak, where all of them are known.
pub fn peak(load: &Load, queue: &Component) -> Option<Rate> {
    let demand = load.component(queue.id);
    Some(demand.peak.total()).filter(|peak| demand.is_known() && peak.is_positive())
}

/// How long a queue takes to fill at peak while nobody works on it.
pub fn time_to_fill(architecture: &Architecture, load: &Load, queue: &Component) -> Option<Duration> {
    let peak = peak(load, queue)?;
    if let Some(messages) = queue.figure_of(Property::MaxLength, Dimension::Number) {
        return Some(messages / peak);
    }
    let bytes = queue.size(Property::MaxLength)?;
    Some(bytes / message_size(architecture, queue)? / peak)
}

/// The size of one message, where the queue or what feeds it says so.
pub fn message_size(architecture: &Architecture, queue: &Component) -> Option<Size> {
    let of_links = || architecture.links_to(queue.id).filter_map(|link| link.size(Property::Payload));
    queue.size(Property::RecordSize).or_else(|| of_links().reduce(Size::max)).filter(|it| it.is_positive())
}

/// What happens to a message when the queue is full, as the queue or a link into it states.
pub fn on_full<'a>(architecture: &'a Architecture, queue: &'a Component) -> Option<&'a Properties> {
    let links = architecture.links_to(queue.id).map(|link| &link.properties);
    std::iter::once(&queue.properties).chain(links).find(|it| it.is_stated(Property::OnFull))
}

/// How often a message comes to a consumer: `at_least_once` and the like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery<'a> {
    /// In the words of the property.
    pub word: &'a str,
    /// Whether that is the catalogue's word on the engine.
    pub is_assumed: bool,
}

/// How often a message comes to a consumer by a link: as the nearest states it, else as the engine does it.
pub fn delivery<'a>(
    architecture: &'a Architecture,
    queue: &'a Component,
    link: &'a Link,
    consumer: &'a Component,
) -> Option<Delivery<'a>> {
    let system = &architecture.system.properties;
    let stated = [&link.properties, &consumer.properties, &queue.properties, system]
        .into_iter()
        .find_map(|it| it.word(Property::Delivery));
    if let Some(word) = stated {
        return Some(Delivery { word, is_assumed: false });
    }
    let word = queue.known().get(|facts| facts.delivery)?;
    Some(Delivery { word, is_assumed: true })
}

/// The queues that others name as their dead-letter queue, or that are called so.
pub fn dead_letters(architecture: &Architecture) -> FxHashSet<ComponentId> {
    let named = architecture.components().flat_map(|component| &component.references);
    let referred = named.filter(|(property, _)| *property == Property::DeadLetter).map(|(_, id)| *id);
    let called = queues(architecture).filter(|queue| is_called_dead_letter(&queue.name)).map(|it| it.id);
    referred.chain(called).collect()
}

/// Whether a name says that dead letters go there.
fn is_called_dead_letter(name: &str) -> bool {
    ["dead_letter", "dead-letter", "deadletter", "dlq"].iter().any(|word| name.contains(word))
}

/// Who asks that nothing be lost, for each queue.
#[derive(Debug)]
pub struct Keeping<'a> {
    architecture: &'a Architecture,
    /// The flow that asks it of a queue on its path.
    flows: FxHashMap<ComponentId, FlowId>,
}

/// Where it is asked that nothing be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The element that asks: a queue, a link, a flow, `system`.
    pub element: String,
    /// Where.
    pub span: Span,
}

impl<'a> Keeping<'a> {
    /// What the flows of a design ask.
    pub fn of(architecture: &'a Architecture) -> Self {
        let mut flows = FxHashMap::default();
        for flow in architecture.flows().filter(|flow| is_no_loss(flow)) {
            for queue in queues_on(architecture, flow) {
                flows.entry(queue).or_insert(flow.id);
            }
        }
        Self { architecture, flows }
    }

    /// Who asks that nothing be lost of a queue. The nearest wins: a queue that says `best_effort` may lose.
    pub fn of_queue(&self, queue: &Component) -> Option<Asked> {
        let asked = |element: String, properties: &Properties| {
            let span = properties.span(Property::Durability)?;
            Some(Asked { element, span }).filter(|_| is_no_loss(properties))
        };
        if queue.is_stated(Property::Durability) {
            return asked(queue.name.to_string(), queue);
        }
        let links = || {
            let into = self.architecture.links_to(queue.id);
            into.chain(self.architecture.links_from(queue.id))
                .filter(|link| link.is_stated(Property::Durability))
        };
        if let Some(link) = links().find(|link| is_no_loss(link)) {
            return asked(self.architecture.link_name(link), link);
        }
        if links().next().is_some() {
            return None;
        }
        if let Some(flow) = self.flows.get(&queue.id) {
            let flow = self.architecture.flow(*flow);
            return asked(flow.name.to_string(), flow);
        }
        asked("system".to_owned(), &self.architecture.system.properties)
    }
}

fn is_no_loss(properties: &Properties) -> bool {
    properties.is(Property::Durability, "no_loss")
}

/// The queues that a flow's path names; where it names none, those that its components feed.
fn queues_on(architecture: &Architecture, flow: &Flow) -> Vec<ComponentId> {
    let is_queue = |id: &ComponentId| architecture.component(*id).kind.is_queue();
    let steps = flow.path.steps.iter().map(|step| architecture.link(*step));
    let ends = steps.flat_map(|link| [link.source, link.target]).chain(flow.path.heads.iter().copied());
    let mut seen = FxHashSet::default();
    let on_path: Vec<ComponentId> = ends.filter(|id| seen.insert(*id)).collect();
    let named: Vec<ComponentId> = on_path.iter().copied().filter(is_queue).collect();
    if !named.is_empty() {
        return named;
    }
    let fed = on_path.iter().flat_map(|id| architecture.links_from(*id));
    fed.filter(|link| link.is_async()).map(|link| link.target).filter(is_queue).collect()
}
