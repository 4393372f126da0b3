//! Components: what the system is built from.

use smol_str::SmolStr;
use std::ops::Deref;

use super::{GroupId, LinkId, Properties, Property};
use crate::catalogue::{self, Engine, Kind, Known};
use crate::source::Span;
use crate::syntax::Room;

/// Which component of the architecture; also its index in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId(pub u32);

/// How many nodes a component has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replicas {
    /// `x3`, `x2..`, `x2..10`: the least, and the most where it is said.
    Stated {
        /// The least.
        least: u32,
        /// The most.
        most: Option<u32>,
    },
    /// Somebody else keeps it redundant.
    Managed,
    /// Nothing is said.
    Unstated,
}

/// Whether what is written to another store is copied to a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Following {
    /// Nothing is.
    Nobody,
    /// It follows another store.
    Another,
    /// It and others follow each other.
    EachOther,
}

/// A component.
#[derive(Clone, Debug)]
pub struct Component {
    /// Its id.
    pub id: ComponentId,
    /// The short name where only one thing bears it, else dotted: `east.api`.
    pub name: SmolStr,
    /// Its kind, also where a template stands between.
    pub kind: Kind,
    /// What it is built with: several where it is undecided.
    pub engines: Vec<SmolStr>,
    /// Its label.
    pub label: Option<SmolStr>,
    /// Its tags, without `#`.
    pub tags: Vec<SmolStr>,
    /// The innermost group that it stands in.
    pub group: Option<GroupId>,
    /// How many nodes.
    pub replicas: Replicas,
    /// Where the count is written: `x3` or `replicas = 3`.
    pub replicas_span: Option<Span>,
    /// What it runs on (`on = kafka`).
    pub host: Option<ComponentId>,
    /// What it states.
    pub properties: Properties,
    /// The components that its properties name.
    pub references: Vec<(Property, ComponentId)>,
    /// Its name in the text.
    pub span: Span,
    /// The whole declaration; several names share one.
    pub declaration: Span,
    /// Where a further property of it alone can be written; none where its declaration is of several, or in a list.
    pub room: Option<Room>,
    pub(super) outgoing: Vec<LinkId>,
    pub(super) incoming: Vec<LinkId>,
    pub(super) calls: Vec<u32>,
    pub(super) follows: Following,
    pub(super) is_copied: bool,
    pub(super) is_replicated: bool,
    pub(super) is_steered: bool,
}

impl Deref for Component {
    type Target = Properties;

    fn deref(&self) -> &Properties {
        &self.properties
    }
}

impl Component {
    /// The catalogue's entry for its engine: the first that the catalogue knows.
    pub fn engine(&self) -> Option<&'static Engine> {
        self.engines.iter().find_map(|name| catalogue::engine(name))
    }

    /// Whether any of its engines bears this catalogue name.
    pub fn is_engine(&self, name: &str) -> bool {
        self.engines.iter().any(|it| catalogue::engine(it).is_some_and(|engine| engine.name == name))
    }

    /// What the catalogue says of it.
    pub fn known(&self) -> Known {
        Known { kind: self.kind, engine: self.engine() }
    }

    /// Whether somebody else keeps it redundant: stated, or by its engine or kind.
    ///
    /// Where the kind alone says so, a replica count says that it is run by its owner after all.
    pub fn is_managed(&self) -> bool {
        if self.properties.is_stated(Property::Managed) {
            return self.has(Property::Managed);
        }
        if self.kind.is_outside() {
            return false;
        }
        self.known().is_managed() && (self.engine().is_some() || self.replicas == Replicas::Unstated)
    }

    /// Whether its availability is that of the whole, whatever its replicas: managed engines, third parties,
    /// functions.
    pub fn is_available_as_a_whole(&self) -> bool {
        self.is_managed() || matches!(self.kind, Kind::ThirdParty | Kind::Function)
    }

    /// Whether it is a copy that follows another store; stores that copy to each other are all written to.
    pub fn is_replica(&self) -> bool {
        self.follows == Following::Another
    }

    /// Whether it is copied to a component of its own.
    pub fn has_copies(&self) -> bool {
        self.is_copied
    }

    /// Whether one of these copies can take its place: the same kind of store, by replication. What is made from its
    /// data, a search index or a warehouse, can't.
    pub fn has_promotable_copies(&self) -> bool {
        self.is_replicated
    }

    /// Whether its copies are components of their own and something else promotes them.
    pub fn is_promoted_by_another(&self) -> bool {
        self.is_steered && self.is_replicated
    }

    /// The least number of nodes that is stated.
    pub fn least_replicas(&self) -> Option<u32> {
        match self.replicas {
            Replicas::Stated { least, .. } => Some(least),
            _ => None,
        }
    }

    /// The data classes that it states, in the order of writing.
    pub fn data_classes(&self) -> &[SmolStr] {
        self.words(Property::Data)
    }

    /// Whether it carries the tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|it| it == tag)
    }

    /// The shards that its data is split into; one where nothing is said.
    pub fn shards(&self) -> f64 {
        self.figure(Property::Shards).unwrap_or(1.0).max(1.0)
    }

    /// Whether its copies take over from each other by a switch (`failover`, `standby`, `mode = active_passive`), or
    /// by the nature of its engine.
    pub fn has_failover(&self) -> bool {
        self.has(Property::Failover)
            || (!self.is_absent(Property::Failover)
                && (self.has(Property::Standby)
                    || self.is(Property::Mode, "active_passive")
                    || self.elects_by_itself()))
    }

    /// Whether it has copies, and its engine is known to put one in the primary's place by itself.
    fn elects_by_itself(&self) -> bool {
        let has_copies = match self.replicas {
            Replicas::Stated { least, most } => most.unwrap_or(least) > 1,
            _ => self.figure(Property::Zones).is_some_and(|it| it > 1.0),
        };
        self.kind.is_store() && has_copies && self.engine().is_some_and(|it| it.facts.elects)
    }
}
