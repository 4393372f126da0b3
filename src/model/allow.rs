//! Accepted findings: which elements an `allow` speaks of.

use super::{Allow, AllowPlace, Architecture, Component, FlowId, GroupId, Property};

impl Allow {
    /// Whether it speaks of a rule, by code or name, in any case.
    pub fn is_of_rule(&self, code: &str, name: &str) -> bool {
        let word = self.rule.text.as_str();
        word.eq_ignore_ascii_case(code) || word.eq_ignore_ascii_case(name)
    }

    /// Whether one of its places is or holds an element: a component, a flow or a link by its name.
    ///
    /// A component holds its links to itself; a group and a tag hold a link whose ends they both hold.
    pub fn covers(&self, architecture: &Architecture, element: &str) -> bool {
        self.places.iter().any(|place| place.covers(architecture, element))
    }

    /// The name of the first place that is an element: none for a tag, or where it holds for the file.
    pub fn first_element(&self, architecture: &Architecture) -> Option<String> {
        let name = |id| architecture.component(id).name.as_str();
        match self.places.first()? {
            AllowPlace::Component(id) => Some(name(*id).to_owned()),
            AllowPlace::Group(id) => Some(architecture.group(*id).name.to_string()),
            AllowPlace::Flow(id) => Some(architecture.flow(*id).name.to_string()),
            AllowPlace::Link(source, target) => {
                let mut links = architecture.links_from(*source);
                links.find(|link| link.target == *target).map(|link| architecture.link_name(link))
            }
            AllowPlace::Tag(_) => None,
        }
    }

    /// Whether all these flows are among its places; none are not.
    pub fn covers_all_flows(&self, architecture: &Architecture, flows: &[String]) -> bool {
        let is_accepted = |name: &String| {
            self.places.iter().any(|place| match place {
                AllowPlace::Flow(id) => is_of_flow(architecture, *id, name),
                _ => false,
            })
        };
        !flows.is_empty() && flows.iter().all(is_accepted)
    }
}

impl AllowPlace {
    fn covers(&self, architecture: &Architecture, element: &str) -> bool {
        let name = |id| architecture.component(id).name.as_str();
        match self {
            Self::Component(id) => {
                let own = name(*id);
                element == own || (element.starts_with(own) && ends(element) == Some((own, own)))
            }
            Self::Flow(id) => is_of_flow(architecture, *id, element),
            Self::Link(source, target) => ends(element) == Some((name(*source), name(*target))),
            Self::Group(id) => {
                let stands_in =
                    |end| architecture.component_named(end).is_some_and(|it| is_in(architecture, it, *id));
                element == architecture.group(*id).name
                    || stands_in(element)
                    || ends(element).is_some_and(|(source, target)| stands_in(source) && stands_in(target))
            }
            Self::Tag(tag) => {
                let is_tagged =
                    |end| architecture.component_named(end).is_some_and(|it| has_tag(architecture, it, tag));
                let is_of_link = || {
                    architecture
                        .links()
                        .any(|link| link.is(Property::Tags, tag) && architecture.link_name(link) == element)
                };
                is_tagged(element)
                    || architecture.flows().any(|flow| flow.name == element && flow.tags.contains(tag))
                    || ends(element).is_some_and(|(source, target)| {
                        is_tagged(source) && is_tagged(target) || is_of_link()
                    })
            }
        }
    }
}

/// Whether a component carries a tag, or stands in a group that does.
fn has_tag(architecture: &Architecture, component: &Component, tag: &str) -> bool {
    component.has_tag(tag)
        || architecture.groups_of(component.id).any(|(_, group)| group.tags.iter().any(|it| it == tag))
}

fn is_in(architecture: &Architecture, component: &Component, group: GroupId) -> bool {
    architecture.groups_of(component.id).any(|(id, _)| id == group)
}

/// The ends of a link by its name, `a -> b`.
fn ends(element: &str) -> Option<(&str, &str)> {
    element.split_once(" -> ").or_else(|| element.split_once(" ~> "))
}

/// A flow that is split by its routes is called `push by apns`: it is of the flow `push`.
fn is_of_flow(architecture: &Architecture, id: FlowId, name: &str) -> bool {
    let flow = architecture.flow(id).name.as_str();
    name == flow || name.strip_prefix(flow).is_some_and(|rest| rest.starts_with(" by "))
}
