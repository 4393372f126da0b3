//! Constraints: a team's own rules about its design, with their names resolved.

use smol_str::SmolStr;

use super::{Architecture, Component, ComponentId, GroupId, Properties, Property};
use crate::catalogue::Kind;
use crate::model::property::{Statement, Value};
use crate::source::Span;
use crate::syntax::ast::Arrow;

/// A team's own rule.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name.
    pub name: Option<SmolStr>,
    /// What it says to whoever breaks it.
    pub text: Option<SmolStr>,
    /// What is forbidden or required.
    pub clauses: Vec<Clause>,
    /// The word `constraint`.
    pub span: Span,
}

/// `forbid = kind client -> kind database`.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Whether it is a `require`; else it is a `forbid`.
    pub is_required: bool,
    /// What it speaks of, or where the link starts.
    pub subject: Select,
    /// Where the link leads.
    pub object: Option<Object>,
    /// The whole clause.
    pub span: Span,
}

/// The far end of a clause about links.
#[derive(Clone, Debug)]
pub struct Object {
    /// The arrow of the link; along a flow both kinds are followed.
    pub arrow: Arrow,
    /// Whether other components may stand between, along a flow.
    pub is_along_flow: bool,
    /// What the link leads to.
    pub select: Select,
}

/// Which components a clause speaks of.
#[derive(Clone, Debug)]
pub struct Select {
    /// By what they are chosen; nothing where the name or kind could not be resolved, and then it chooses none.
    pub by: Option<SelectBy>,
    /// As it is written: `kind database`, `#pci`, `api`.
    pub written: String,
    /// What must hold as well: `{ model = graph }`.
    pub conditions: Properties,
    /// Where it stands.
    pub span: Span,
}

/// How a clause chooses components.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectBy {
    /// `kind database`
    Kind(Kind),
    /// `#pci`: on the component or a group around it
    Tag(SmolStr),
    /// `api`
    Component(ComponentId),
    /// All that a group holds.
    Group(GroupId),
}

impl Select {
    /// Whether it speaks of a component, its conditions aside.
    pub fn chooses(&self, architecture: &Architecture, component: &Component) -> bool {
        match &self.by {
            None => false,
            Some(SelectBy::Kind(kind)) => component.kind == *kind,
            Some(SelectBy::Tag(tag)) => {
                component.has_tag(tag)
                    || architecture.groups_of(component.id).any(|(_, group)| group.tags.contains(tag))
            }
            Some(SelectBy::Component(id)) => component.id == *id,
            Some(SelectBy::Group(group)) => architecture.groups_of(component.id).any(|(id, _)| id == *group),
        }
    }

    /// The first of its conditions that a component does not meet, as it is written.
    pub fn unmet(&self, component: &Component) -> Option<Property> {
        self.conditions
            .iter()
            .find(|entry| !meets(component, entry.property, &entry.statement))
            .map(|it| it.property)
    }

    /// Whether it speaks of a component, which meets its conditions.
    pub fn takes(&self, architecture: &Architecture, component: &Component) -> bool {
        self.chooses(architecture, component) && self.unmet(component).is_none()
    }
}

/// Whether what a component states is within what a condition asks.
fn meets(component: &Component, property: Property, asked: &Statement) -> bool {
    match asked {
        Statement::Present => match property {
            Property::Managed => component.is_managed(),
            Property::Replicas => component.least_replicas().is_some(),
            Property::Engine => !component.engines.is_empty(),
            _ => component.has(property),
        },
        Statement::Absent if property == Property::Managed => !component.is_managed(),
        Statement::Absent => component.is_absent(property),
        Statement::Value(Value::Words(words)) => {
            let stated =
                if property == Property::Engine { &component.engines } else { component.words(property) };
            words.iter().all(|word| stated.contains(word))
        }
        Statement::Value(Value::Figure { low, high, .. }) => {
            let stated = match property {
                Property::Replicas => {
                    component.least_replicas().map(|least| (f64::from(least), f64::from(least)))
                }
                _ => component.range(property),
            };
            stated.is_some_and(|(least, most)| at_least(least, *low) && at_least(*high, most))
        }
        Statement::Value(value) => component.value(property) == Some(value),
    }
}

/// Whether one figure reaches another, but for the last digit.
fn at_least(figure: f64, other: f64) -> bool {
    figure >= other || (figure - other).abs() <= other.abs() * 1e-9
}
