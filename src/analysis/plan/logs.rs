//! Logs such as Kafka: the topics of one engine together, for they most likely stand on one cluster.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::load::Capacity;
use crate::analysis::messaging;
use crate::model::{Architecture, Component, ComponentId, Property};

/// The topics of one log.
#[derive(Debug, Default)]
pub(super) struct Topics {
    /// They, and the cluster where it is drawn apart, in the order of declaration.
    pub(super) members: Vec<ComponentId>,
    /// Those who read, each counted once.
    pub(super) groups: usize,
    /// Whether something shows that it is read again: it is kept for longer than the engine would by itself, is the
    /// only place of its data, others are made from it, or stores feed or follow it.
    pub(super) is_read_again: bool,
}

/// The logs of a design.
#[derive(Debug, Default)]
pub(super) struct Logs {
    /// By the first of their members that anything is sent to.
    by_first: FxHashMap<ComponentId, Topics>,
}

impl Logs {
    pub(super) fn of(architecture: &Architecture) -> Self {
        let mut by_engine: FxHashMap<&str, Topics> = FxHashMap::default();
        for component in architecture.components() {
            if let Some(name) = log_of(architecture, component) {
                by_engine.entry(name).or_default().members.push(component.id);
            }
        }
        if by_engine.is_empty() {
            return Self::default();
        }
        let derived: FxHashSet<ComponentId> = architecture
            .components()
            .flat_map(|it| &it.references)
            .filter(|(property, _)| *property == Property::DerivedFrom)
            .map(|(_, id)| *id)
            .collect();
        let mut logs = Self::default();
        for mut topics in by_engine.into_values() {
            let members = || topics.members.iter().map(|id| architecture.component(*id));
            let readers: FxHashSet<ComponentId> = members()
                .flat_map(|it| messaging::consumers(architecture, it))
                .map(|(_, reader)| reader.id)
                .collect();
            let is_read_again = members().any(|it| is_kept(architecture, it) || derived.contains(&it.id));
            (topics.groups, topics.is_read_again) = (readers.len(), is_read_again);
            let first = members().find(|it| architecture.links_to(it.id).len() > 0).map(|it| it.id);
            if let Some(first) = first {
                logs.by_first.insert(first, topics);
            }
        }
        logs
    }

    /// The topics of which a component is the first.
    pub(super) fn topics(&self, first: ComponentId) -> Option<&Topics> {
        self.by_first.get(&first)
    }
}

/// The engine of the log that a component is, or stands on; none where nothing is known of what it carries: then it
/// is a service that somebody else runs, and small by itself.
fn log_of(architecture: &Architecture, component: &Component) -> Option<&'static str> {
    let own = |it: &Component| {
        let engine = it.engine()?;
        (engine.facts.is_log && engine.facts.is_durable == Some(true) && Capacity::of(it).is_some())
            .then_some(engine.name)
    };
    if !component.kind.is_queue() {
        return None;
    }
    own(component).or_else(|| own(architecture.component(component.host?)))
}

fn is_kept(architecture: &Architecture, topic: &Component) -> bool {
    let default = topic.known().get(|facts| facts.max_age).map_or(0.0, |fact| fact.value);
    let is_long = |property| topic.figure(property).is_some_and(|kept| kept > default);
    is_long(Property::Retention)
        || is_long(Property::MaxAge)
        || topic.has(Property::SourceOfTruth)
        || architecture.links_to(topic.id).chain(architecture.links_from(topic.id)).any(|it| it.copies_data())
}
