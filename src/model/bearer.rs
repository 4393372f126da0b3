//! Whatever states properties: the system, components, groups, links and flows.

use super::{Architecture, Component, Flow, Group, Link, Owner, Properties};

/// Something that states properties.
#[derive(Clone, Copy, Debug)]
pub enum Bearer<'a> {
    /// The system.
    System(&'a Properties),
    /// A component.
    Component(&'a Component),
    /// A group.
    Group(&'a Group),
    /// A link.
    Link(&'a Link),
    /// A flow.
    Flow(&'a Flow),
}

impl<'a> Bearer<'a> {
    /// What it states.
    pub fn properties(self) -> &'a Properties {
        match self {
            Self::System(properties) => properties,
            Self::Component(component) => &component.properties,
            Self::Group(group) => &group.properties,
            Self::Link(link) => &link.properties,
            Self::Flow(flow) => &flow.properties,
        }
    }

    /// As what it bears them.
    pub fn owner(self) -> Owner {
        match self {
            Self::System(_) => Owner::System,
            Self::Component(component) => Owner::Component(component.kind),
            Self::Group(group) => Owner::Group(group.kind),
            Self::Link(_) => Owner::Link,
            Self::Flow(_) => Owner::Flow,
        }
    }

    /// What it is called in a finding.
    pub fn name(self, architecture: &Architecture) -> String {
        match self {
            Self::System(_) => "system".to_owned(),
            Self::Component(component) => component.name.to_string(),
            Self::Group(group) => group.name.to_string(),
            Self::Link(link) => architecture.link_name(link),
            Self::Flow(flow) => flow.name.to_string(),
        }
    }
}

impl Architecture {
    /// All that states properties: the system, then components, groups, links and flows, each in order.
    pub fn bearers(&self) -> impl Iterator<Item = Bearer<'_>> {
        let system = std::iter::once(Bearer::System(&self.system.properties));
        let components = self.components().map(Bearer::Component);
        let groups = self.groups().map(Bearer::Group);
        let links = self.links().map(Bearer::Link);
        let flows = self.flows().map(Bearer::Flow);
        system.chain(components).chain(groups).chain(links).chain(flows)
    }

    /// What all of these state, in the same order.
    pub(super) fn properties_mut(&mut self) -> impl Iterator<Item = &mut Properties> {
        let system = std::iter::once(&mut self.system.properties);
        let components = self.components.iter_mut().map(|it| &mut it.properties);
        let groups = self.groups.iter_mut().map(|it| &mut it.properties);
        let links = self.links.iter_mut().map(|it| &mut it.properties);
        let flows = self.flows.iter_mut().map(|it| &mut it.properties);
        system.chain(components).chain(groups).chain(links).chain(flows)
    }
}
