//! Groups: regions, zones, hosts, networks, and groups that only tidy.

use smol_str::SmolStr;

use super::Properties;
use crate::source::Span;

/// What a group says of its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKind {
    /// A geographical region: its members fail with it.
    Region,
    /// A zone of a region: its members fail with it.
    Zone,
    /// One machine: its members fail together.
    Host,
    /// A network, private unless it says otherwise.
    Network,
    /// Nothing but what belongs together.
    Group,
}

impl GroupKind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Region, Self::Zone, Self::Host, Self::Network, Self::Group];

    /// The word it is written as.
    pub fn name(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Zone => "zone",
            Self::Host => "host",
            Self::Network => "network",
            Self::Group => "group",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether its members fail with it.
    pub fn is_failure_unit(self) -> bool {
        matches!(self, Self::Region | Self::Zone | Self::Host)
    }
}

/// Which group of the architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub u32);

/// A group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The short name where only one thing bears it, else dotted.
    pub name: SmolStr,
    /// What it says of its members.
    pub kind: GroupKind,
    /// Its label.
    pub label: Option<SmolStr>,
    /// Its tags.
    pub tags: Vec<SmolStr>,
    /// What it stands in.
    pub parent: Option<GroupId>,
    /// What it states.
    pub properties: Properties,
    /// Its name in the text.
    pub span: Span,
}
