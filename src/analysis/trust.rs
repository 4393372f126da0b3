//! Who is trusted with what: where each component stands, which links cross a boundary, whether they are
//! encrypted, and what classes of data they carry.
//!
//! Every security rule asks here, so that they agree on what is outside, in the clear and delicate. All of it is
//! linear in the size of the design.

mod data;
mod encryption;
mod entry;
mod place;

pub use data::{Carried, Classes};
pub use encryption::{Encryption, PlainStatement, encrypts_at_rest_by_itself, plain_statement, secured};
pub use entry::{Entry, Guard, Walk, forwarded, is_in_force, is_login};
pub use place::{Crossing, Ground};

use rustc_hash::FxHashMap;

use crate::model::{Architecture, Component, ComponentId, Flow, FlowId, Link, LinkId, Properties, Property};
use crate::source::Span;

/// What follows from a design about trust.
#[derive(Debug)]
pub struct Trust {
    places: Vec<place::Place>,
    encryption: Vec<Encryption>,
    data: data::Data,
    entries: Vec<Entry>,
    ends_tls: Vec<bool>,
    /// The flows whose written path takes each link.
    flows: FxHashMap<LinkId, Vec<FlowId>>,
}

impl Trust {
    /// Computes it.
    pub fn of(architecture: &Architecture) -> Self {
        let places = place::places(architecture);
        let encryption: Vec<Encryption> =
            architecture.links().map(|link| encryption::of(architecture, &places, link)).collect();
        let data = data::Data::of(architecture);
        let entries = entry::entries(architecture, &places);
        let ends_tls =
            architecture.components().map(|it| encryption::ends_tls(architecture, &encryption, it)).collect();
        let mut flows: FxHashMap<LinkId, Vec<FlowId>> = FxHashMap::default();
        for flow in architecture.flows() {
            for step in &flow.path.steps {
                flows.entry(*step).or_default().push(flow.id);
            }
        }
        Self { places, encryption, data, entries, ends_tls, flows }
    }

    /// What ground a component stands on.
    pub fn ground(&self, component: ComponentId) -> Ground {
        self.place(component).ground
    }

    /// Whether a component is neither run by the team nor held by one of its networks.
    pub fn is_outside(&self, component: ComponentId) -> bool {
        self.ground(component) == Ground::Outside
    }

    /// The boundary that a link crosses, if it crosses one.
    pub fn crossing(&self, link: &Link) -> Option<Crossing> {
        place::crossing(self.place(link.source), self.place(link.target))
    }

    /// Whether a link can be read on its way.
    pub fn encryption(&self, link: &Link) -> Encryption {
        self.encryption[link.id.0 as usize]
    }

    /// The classes of data that a component holds or handles.
    pub fn held(&self, component: ComponentId) -> Classes {
        self.data.held(component)
    }

    /// The component that a component's most delicate class comes from, where that is another one.
    pub fn origin(&self, component: ComponentId) -> ComponentId {
        self.data.origin(component)
    }

    /// The classes of data that a link carries.
    pub fn carried(&self, link: &Link) -> Carried {
        self.data.carried(link.id)
    }

    /// The classified data that a link carries, as a sentence says it: `pii`, or `pii of \`users\`` where that
    /// follows from the store.
    pub fn classified_data(&self, architecture: &Architecture, link: &Link) -> Option<String> {
        let Carried { classes, origin, .. } = self.carried(link);
        let classes = classes.classified();
        if classes.is_empty() {
            return None;
        }
        let Some(origin) = origin else { return Some(classes.to_string()) };
        let name = &architecture.component(origin).name;
        let others = classes.without(self.held(origin));
        if others.is_empty() {
            return Some(format!("{classes} of `{name}`"));
        }
        Some(format!("{} of `{name}` and {others}", classes.without(others)))
    }

    /// Whether encryption from outside ends at a component, which hands on what it decrypts.
    pub fn ends_tls(&self, component: ComponentId) -> bool {
        self.ends_tls[component.0 as usize]
    }

    /// Whether a link hands on in the clear what came encrypted: stated so, or by `tls_termination` and no more.
    pub fn is_after_tls(&self, architecture: &Architecture, link: &Link) -> bool {
        let states_end = architecture.component(link.source).has(Property::TlsTermination);
        self.ends_tls(link.source)
            && match self.encryption(link) {
                Encryption::Plain => true,
                Encryption::Unstated => states_end && link.protocols.is_empty(),
                _ => false,
            }
    }

    /// Where requests come in from outside; in a design that nobody outside calls, at its roots.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entries by which the outside comes in.
    pub fn outside_entries<'a>(&'a self, architecture: &'a Architecture) -> impl Iterator<Item = &'a Link> {
        self.entries
            .iter()
            .filter_map(|entry| entry.link())
            .map(|id| architecture.link(id))
            .filter(|link| self.is_outside(link.source))
    }

    /// The flows whose written path takes a link, in the order of their declaration.
    pub fn flows_of<'a>(
        &self,
        architecture: &'a Architecture,
        link: &Link,
    ) -> impl Iterator<Item = &'a Flow> + use<'a, '_> {
        self.flows.get(&link.id).into_iter().flatten().map(|id| architecture.flow(*id))
    }

    /// Whether a link, or a flow that takes it, states that there is one of a property.
    pub fn is_on_link(&self, architecture: &Architecture, link: &Link, property: Property) -> bool {
        link.has(property) || self.flows_of(architecture, link).any(|flow| flow.has(property))
    }

    fn place(&self, component: ComponentId) -> &place::Place {
        &self.places[component.0 as usize]
    }
}

/// A statement that holds for a component: its own, else that of the nearest group that makes one, else the
/// system's.
#[derive(Clone, Copy, Debug)]
pub struct Scoped<'a> {
    /// Who makes it.
    pub properties: &'a Properties,
    /// Where.
    pub span: Span,
    /// Whether it says that there is one.
    pub has: bool,
}

/// What is said of a property where a component stands.
pub fn scoped<'a>(
    architecture: &'a Architecture,
    component: &'a Component,
    property: Property,
) -> Option<Scoped<'a>> {
    let groups = architecture.groups_of(component.id).map(|(_, group)| &group.properties);
    std::iter::once(&component.properties)
        .chain(groups)
        .chain(std::iter::once(&architecture.system.properties))
        .find_map(|properties| {
            let span = properties.span(property)?;
            Some(Scoped { properties, span, has: properties.has(property) })
        })
}

/// Whether a link stands for running the system rather than for using it: `for = health | deploy | …`.
pub fn is_operational(link: &Link) -> bool {
    link.has(Property::For)
}
