//! What is stated after the fact: the last word of each property of the system, of elements, flows and links.

use super::declarations::{REFERENCES, names_in, replicas};
use super::{Builder, Entity, PendingReference};
use crate::model::component::{Component, ComponentId, Replicas};
use crate::model::group::Group;
use crate::model::link::LinkId;
use crate::model::property::{Own, Owner};
use crate::model::{FaultKind, Properties, Property, values};
use crate::syntax::ast;

impl Builder<'_> {
    /// States properties of the system, of components, groups and flows: the last word of each.
    pub(super) fn set_elements(&mut self, settings: &[ast::Setting]) {
        for setting in settings {
            match &setting.place {
                None => self.set_system(setting),
                Some(ast::Place::Element(path)) => self.set_element(path, setting),
                Some(_) => {}
            }
        }
    }

    fn set_system(&mut self, setting: &ast::Setting) {
        let stated = self.stated(setting, Owner::System, "system");
        stated.iter().for_each(|entry| drop(self.architecture.system.properties.insert(entry.clone())));
    }

    fn set_element(&mut self, path: &ast::Path, setting: &ast::Setting) {
        if let Some(only) = path.only()
            && let Some(flow) = self.flows.get(only).copied()
            && self.find(path, None).is_err()
        {
            let stated = self.stated(setting, Owner::Flow, only);
            let properties = &mut self.architecture.flows[flow.0 as usize].properties;
            stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            return;
        }
        match self.resolve(path, None) {
            Some(Entity::Component(id)) => self.set_component(id, setting),
            Some(Entity::Group(id)) => {
                let Group { kind, name, .. } = self.architecture.group(id).clone();
                let stated = self.stated(setting, Owner::Group(kind), &name);
                let properties = &mut self.architecture.groups[id.0 as usize].properties;
                stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            }
            None => {}
        }
    }

    /// What the property says of a component's count, engine, tags and references follows as from its declaration.
    fn set_component(&mut self, id: ComponentId, setting: &ast::Setting) {
        let Component { kind, name, .. } = self.architecture.component(id).clone();
        let stated = self.stated(setting, Owner::Component(kind), &name);
        let component = &mut self.architecture.components[id.0 as usize];
        for entry in stated.iter() {
            let property = entry.property;
            let has_count = states_count(component);
            component.properties.insert(entry.clone());
            match property {
                Property::Engine => component.engines = component.words(Property::Engine).to_vec(),
                Property::Tags => {
                    let tags = component.words(Property::Tags).to_vec();
                    component.tags.extend(tags);
                }
                Property::Managed | Property::Autoscale if has_count => {}
                Property::Replicas | Property::Managed | Property::Autoscale => {
                    let count = component.entry(Property::Replicas).cloned();
                    let (count, span) = replicas(None, count.as_ref(), &component.properties);
                    (component.replicas, component.replicas_span) = (count, span);
                }
                _ if REFERENCES.contains(&property) => {
                    let is_other = |it: &PendingReference| it.component != id || it.property != property;
                    self.pending_references.retain(is_other);
                    let names = names_in(&setting.property);
                    if !names.is_empty() {
                        self.pending_references.push(PendingReference { component: id, property, names });
                    }
                }
                _ => {}
            }
        }
    }

    /// States properties of links: of all between the two that are named.
    pub(super) fn set_links(&mut self, settings: &[ast::Setting]) {
        for setting in settings {
            let Some(ast::Place::Link(from, arrow, to)) = &setting.place else { continue };
            let (Some(source), Some(target)) = (self.resolve(from, None), self.resolve(to, None)) else {
                continue;
            };
            let links: Vec<LinkId> = match (source, target) {
                (Entity::Component(source), Entity::Component(target)) => {
                    let seen = self.seen_links.get(&(source, target, *arrow));
                    seen.into_iter()
                        .flat_map(|(first, others)| std::iter::once(first).chain(others))
                        .copied()
                        .collect()
                }
                _ => Vec::new(),
            };
            let Some(first) = links.first() else {
                let names = (self.entity_name(source).clone(), self.entity_name(target).clone());
                self.fault(
                    FaultKind::UnknownName,
                    format!("no link goes from `{}` to `{}`", names.0, names.1),
                    from.span.to(to.span),
                    "not linked",
                    Some("name a link of the design".to_owned()),
                );
                continue;
            };
            let name = self.architecture.link_name(self.architecture.link(*first));
            let stated = self.stated(setting, Owner::Link, &name);
            for link in links {
                let properties = &mut self.architecture.links[link.0 as usize].properties;
                stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            }
        }
    }

    /// What a setting states of its owner; a property that nothing reads changes nothing, and is refused.
    fn stated(&mut self, setting: &ast::Setting, owner: Owner, element: &str) -> Properties {
        let stated = values::properties(
            std::iter::once(&setting.property),
            owner,
            element,
            &mut self.architecture.faults,
        );
        for Own { name, span, .. } in &stated.own {
            self.fault(
                FaultKind::UnknownProperty,
                format!("{} has no property `{name}`", owner.title()),
                *span,
                "not a property",
                Some("`loadpath` reads those of docs/language.md".to_owned()),
            );
        }
        stated
    }
}

/// Whether its number of replicas is written, and does not follow from another property.
fn states_count(component: &Component) -> bool {
    matches!(component.replicas, Replicas::Stated { .. })
        && component.replicas_span != component.span(Property::Autoscale)
}
