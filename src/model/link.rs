//! Links: who calls, feeds or copies to whom.

use smol_str::SmolStr;
use std::ops::Deref;

use super::{ComponentId, GroupId, Properties, Property};
use crate::catalogue::{self, Protocol};
use crate::source::Span;
use crate::syntax::Room;
use crate::syntax::ast::{Arrow, Name, Relation};

/// Which link of the architecture; also its index in the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

/// A link between two components.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Who calls.
    pub source: ComponentId,
    /// Who is called.
    pub target: ComponentId,
    /// Whether the caller waits.
    pub arrow: Arrow,
    /// Its label.
    pub label: Option<SmolStr>,
    /// How it is spoken, as written; several where both are open.
    pub protocols: Vec<Name>,
    /// What it states.
    pub properties: Properties,
    pub(super) copies_data: bool,
    /// The target's name in the text, where this link is written.
    pub span: Span,
    /// The whole statement, which may make several links.
    pub statement: Span,
    /// Where a further property of the statement can be written.
    pub room: Room,
}

impl Deref for Link {
    type Target = Properties;

    fn deref(&self) -> &Properties {
        &self.properties
    }
}

impl Link {
    /// Whether the caller does not wait.
    pub fn is_async(&self) -> bool {
        self.arrow == Arrow::Async
    }

    /// The protocols that the catalogue knows.
    pub fn known_protocols(&self) -> impl Iterator<Item = &'static Protocol> {
        self.protocols.iter().filter_map(|name| catalogue::protocol(&name.text))
    }

    /// Whether it names protocols that the catalogue knows, and `is_such` holds of each.
    pub fn speaks_only(&self, is_such: impl FnMut(&'static Protocol) -> bool) -> bool {
        let mut known = self.known_protocols().peekable();
        known.peek().is_some() && known.all(is_such)
    }

    /// Whether every protocol that the catalogue knows of it is a long connection without requests: WebSocket, SSE.
    pub fn is_held_open(&self) -> bool {
        self.speaks_only(|it| it.long_lived && !it.is_request)
    }

    /// Whether it copies data: replication, change data capture, snapshots.
    pub fn copies_data(&self) -> bool {
        self.copies_data
    }

    /// Whether it copies each write: a snapshot takes the whole from time to time.
    pub fn copies_each_write(&self) -> bool {
        self.copies_data() && !self.known_protocols().any(|protocol| protocol.name == "snapshot")
    }

    /// Whether it stands beside the users' path: `optional`, `startup`, `batch`, `for = …`, or a copy of data.
    pub fn is_beside_the_path(&self) -> bool {
        [Property::Optional, Property::Startup, Property::Batch, Property::For]
            .into_iter()
            .any(|property| self.has(property))
            || self.copies_data()
    }

    /// Whether only reads take it.
    pub fn is_reads_only(&self) -> bool {
        self.has(Property::Reads) && !self.has(Property::Writes)
    }

    /// Whether only writes take it.
    pub fn is_writes_only(&self) -> bool {
        self.has(Property::Writes) && !self.has(Property::Reads)
    }
}

/// One statement's set of targets, as one caller sees it.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub source: ComponentId,
    /// What, and how the targets relate.
    pub tree: CallTree,
}

/// Targets and how they relate.
#[derive(Clone, Debug)]
pub enum CallTree {
    /// One link.
    Link(LinkId),
    /// Several, by one relation.
    Set(Relation, Vec<CallTree>),
}

impl CallTree {
    /// All links in it, in order.
    pub fn links(&self) -> Vec<LinkId> {
        match self {
            Self::Link(link) => vec![*link],
            Self::Set(_, members) => members.iter().flat_map(Self::links).collect(),
        }
    }

    /// The first link in it; nothing in an empty set.
    pub fn first(&self) -> Option<LinkId> {
        match self {
            Self::Link(link) => Some(*link),
            Self::Set(_, members) => members.iter().find_map(Self::first),
        }
    }

    /// Whether a link is in it.
    pub fn holds(&self, link: LinkId) -> bool {
        match self {
            Self::Link(it) => *it == link,
            Self::Set(_, members) => members.iter().any(|it| it.holds(link)),
        }
    }

    /// What is left when only some links count; nothing where none does.
    pub fn narrowed(&self, keep: &impl Fn(LinkId) -> bool) -> Option<CallTree> {
        match self {
            Self::Link(link) => keep(*link).then_some(Self::Link(*link)),
            Self::Set(relation, members) => {
                let mut left: Vec<CallTree> = members.iter().filter_map(|it| it.narrowed(keep)).collect();
                match left.len() {
                    0 => None,
                    1 => left.pop(),
                    _ => Some(Self::Set(*relation, left)),
                }
            }
        }
    }
}

/// A copy of data between groups, or between a group and a component.
#[derive(Clone, Debug)]
pub struct GroupLink {
    /// Where the data comes from.
    pub source: Result<GroupId, ComponentId>,
    /// Where it goes.
    pub target: Result<GroupId, ComponentId>,
    /// Whether the source waits.
    pub arrow: Arrow,
    /// How.
    pub protocols: Vec<Name>,
    /// What it states.
    pub properties: Properties,
    /// The statement.
    pub span: Span,
}
