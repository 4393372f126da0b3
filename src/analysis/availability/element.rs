//! The elements that downtime is attributed to: components, links, hosts, zones, regions, switches.

use crate::model::{Architecture, ComponentId, GroupId, LinkId};
use crate::source::Span;

/// Something that fails by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// A component.
    Component(ComponentId),
    /// A link with an availability of its own.
    Link(LinkId),
    /// A host, zone or region that is drawn.
    Group(GroupId),
    /// A zone of a region (or of the one place that there is), from 0.
    Zone(Option<GroupId>, u32),
    /// A region that replicas are spread over, from 0.
    Region(u32),
    /// The switch between alternatives, by the first link that it switches to.
    Switch(LinkId),
}

impl Element {
    /// What it is called in outputs.
    pub fn name(self, architecture: &Architecture) -> String {
        match self {
            Self::Component(id) => architecture.component(id).name.to_string(),
            Self::Link(id) => architecture.link_name(architecture.link(id)),
            Self::Group(id) => architecture.group(id).name.to_string(),
            Self::Zone(None, at) => format!("zone {}", at + 1),
            Self::Zone(Some(region), at) => {
                format!("zone {} of {}", at + 1, architecture.group(region).name)
            }
            Self::Region(at) => format!("region {}", at + 1),
            Self::Switch(id) => {
                format!("the switch of {}", architecture.component(architecture.link(id).source).name)
            }
        }
    }

    /// The component that it belongs to: of a switch, the one that calls the alternatives.
    pub fn component(self, architecture: &Architecture) -> Option<ComponentId> {
        match self {
            Self::Component(id) => Some(id),
            Self::Switch(link) => Some(architecture.link(link).source),
            _ => None,
        }
    }

    /// Where it stands in the text, if it does.
    pub fn span(self, architecture: &Architecture) -> Option<Span> {
        match self {
            Self::Component(id) => Some(architecture.component(id).span),
            Self::Switch(id) => Some(architecture.component(architecture.link(id).source).span),
            Self::Link(id) => Some(architecture.link(id).span),
            Self::Group(id) => Some(architecture.group(id).span),
            Self::Zone(..) | Self::Region(_) => None,
        }
    }
}
