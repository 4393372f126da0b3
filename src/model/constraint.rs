//! Constraints: a team's own rules about its design, with their names resolved.

use smol_str::SmolStr;

use super::bearer::Bearer;
use super::property::{Statement, Value};
use super::{Architecture, Component, ComponentId, FlowId, GroupId, Property};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::source::Span;
use crate::syntax::ast::{Arrow, Name};

/// A team's own rule.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name.
    pub name: Option<SmolStr>,
    /// What it says to whoever breaks it.
    pub text: Option<SmolStr>,
    /// How gravely the team takes it.
    pub level: Severity,
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
    /// What is forbidden or required of that.
    pub claim: Claim,
    /// The whole clause.
    pub span: Span,
}

/// What a clause forbids or requires.
#[derive(Clone, Debug)]
pub enum Claim {
    /// That there is one: `forbid = kind database { model = graph }`, `require = kind monitoring`.
    Presence,
    /// That each states this: `require = kind database { backup }`.
    Statements(Vec<Condition>),
    /// A link: `forbid = kind client -> kind database`.
    Link(Arrow, Select),
    /// That each such link is of this sort: `require = kind any -> kind third_party : https with { timeout }`.
    EachLink(Arrow, Select, Sort),
    /// A way along a flow, through links of both kinds: `kind client -> ... -> kind database without #gate`.
    Way(Select, Option<Select>),
}

/// What a clause says of links.
#[derive(Clone, Debug)]
pub struct Sort {
    /// The protocols that it speaks one of; none is any.
    pub protocols: Vec<Name>,
    /// What it states.
    pub conditions: Vec<Condition>,
}

/// What a clause speaks of.
#[derive(Clone, Debug)]
pub struct Select {
    /// By what it is chosen; nothing where the name or kind could not be resolved, and then it chooses none.
    pub by: Option<SelectBy>,
    /// As it is written: `kind database`, `#pci`, `api`.
    pub written: String,
    /// What must hold as well: `where { data = pii }`.
    pub conditions: Vec<Condition>,
    /// Where it stands.
    pub span: Span,
}

/// How a clause chooses what it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelectBy {
    /// `kind any`: all components.
    Any,
    /// `kind database`
    Kind(Kind),
    /// `#pci`: on the component or a group around it
    Tag(SmolStr),
    /// `api`
    Component(ComponentId),
    /// All that a group holds.
    Group(GroupId),
    /// `kind flow`: all flows that the design names.
    Flows,
    /// One of them.
    Flow(FlowId),
    /// `kind system`: what is asked of the design.
    System,
}

impl SelectBy {
    /// Whether it chooses components, which have links; else flows or the system.
    pub fn is_of_components(&self) -> bool {
        !matches!(self, Self::Flows | Self::Flow(_) | Self::System)
    }
}

/// Something that a clause asks of what it speaks of: `backup`, `replicas = 2..`, `auth = jwt | mtls`.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What is asked for.
    pub subject: Asked,
    /// What is asked of it.
    pub statement: Statement,
    /// Whether any one of several words will do; else each is asked for.
    pub is_choice: bool,
}

/// Of what a condition asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A property of the language.
    Property(Property),
    /// One of the team's own, which nothing but its constraints reads.
    Own(SmolStr),
}

impl Asked {
    /// Its name as it is written.
    pub fn name(&self) -> &str {
        match self {
            Self::Property(property) => property.name(),
            Self::Own(name) => name,
        }
    }
}

impl Clause {
    /// All that it names.
    pub fn selects(&self) -> impl Iterator<Item = &Select> {
        let (end, without) = match &self.claim {
            Claim::Presence | Claim::Statements(_) => (None, None),
            Claim::Link(_, end) | Claim::EachLink(_, end, _) => (Some(end), None),
            Claim::Way(end, without) => (Some(end), without.as_ref()),
        };
        [Some(&self.subject), end, without].into_iter().flatten()
    }

    /// All that it asks of what it names.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let own = match &self.claim {
            Claim::Statements(conditions) => conditions.as_slice(),
            Claim::EachLink(_, _, sort) => &sort.conditions,
            _ => &[],
        };
        self.selects().flat_map(|select| &select.conditions).chain(own)
    }
}

impl Select {
    /// Whether it speaks of a component.
    pub fn takes(&self, architecture: &Architecture, component: &Component) -> bool {
        let is_chosen = match &self.by {
            Some(SelectBy::Any) => true,
            Some(SelectBy::Kind(kind)) => component.kind == *kind,
            Some(SelectBy::Tag(tag)) => {
                component.has_tag(tag)
                    || architecture.groups_of(component.id).any(|(_, group)| group.tags.contains(tag))
            }
            Some(SelectBy::Component(id)) => component.id == *id,
            Some(SelectBy::Group(group)) => architecture.groups_of(component.id).any(|(id, _)| id == *group),
            None | Some(SelectBy::Flows | SelectBy::Flow(_) | SelectBy::System) => false,
        };
        is_chosen && self.conditions.iter().all(|it| it.is_met(architecture, Bearer::Component(component)))
    }

    /// All that it speaks of, in order.
    pub fn chosen<'a>(&self, architecture: &'a Architecture) -> Vec<Bearer<'a>> {
        let all: Vec<Bearer> = match &self.by {
            Some(SelectBy::System) => vec![Bearer::System(&architecture.system.properties)],
            Some(SelectBy::Flows) => architecture.flows().map(Bearer::Flow).collect(),
            Some(SelectBy::Flow(id)) => vec![Bearer::Flow(architecture.flow(*id))],
            _ => {
                let components = architecture.components().filter(|it| self.takes(architecture, it));
                return components.map(Bearer::Component).collect();
            }
        };
        all.into_iter().filter(|it| self.conditions.iter().all(|one| one.is_met(architecture, *it))).collect()
    }
}

impl Sort {
    /// Whether it asks for nothing.
    pub fn is_any(&self) -> bool {
        self.protocols.is_empty() && self.conditions.is_empty()
    }
}

impl Condition {
    /// Whether what something states is within what is asked. What a group states holds for all in it.
    pub fn is_met(&self, architecture: &Architecture, bearer: Bearer) -> bool {
        match &self.subject {
            Asked::Own(name) => {
                let own = self.stating(architecture, bearer).and_then(|it| it.properties().own(name));
                self.is_met_by(own.map(|it| &it.statement))
            }
            Asked::Property(property) => {
                let stating = self.stating(architecture, bearer);
                match (bearer, property, &self.statement) {
                    (Bearer::Component(component), Property::Managed, Statement::Present) => {
                        component.is_managed()
                    }
                    (Bearer::Component(component), Property::Managed, Statement::Absent) => {
                        !component.is_managed()
                    }
                    (Bearer::Component(component), Property::Engine, _) => {
                        let engines = Statement::Value(Value::Words(component.engines.clone()));
                        self.is_met_by((!component.engines.is_empty()).then_some(&engines))
                    }
                    (Bearer::Component(component), Property::Model, _) if stating.is_none() => {
                        let known = component.known().get(|facts| facts.model).map(SmolStr::new_static);
                        let known = known.map(|model| Statement::Value(Value::Words(vec![model])));
                        self.is_met_by(known.as_ref())
                    }
                    (Bearer::Component(component), Property::Replicas, _) => {
                        let replicas = component.least_replicas().map(|it| Statement::number(f64::from(it)));
                        self.is_met_by(replicas.as_ref())
                    }
                    _ => self.is_met_by(
                        stating.and_then(|it| it.properties().entry(*property)).map(|it| &it.statement),
                    ),
                }
            }
        }
    }

    fn stating<'a>(&self, architecture: &'a Architecture, bearer: Bearer<'a>) -> Option<Bearer<'a>> {
        let speaks_of_it = |it: Bearer| match &self.subject {
            Asked::Property(property) => it.properties().entry(*property).is_some(),
            Asked::Own(name) => it.properties().own(name).is_some(),
        };
        if speaks_of_it(bearer) {
            return Some(bearer);
        }
        let Bearer::Component(component) = bearer else { return None };
        architecture
            .groups_of(component.id)
            .map(|(_, group)| Bearer::Group(group))
            .find(|it| speaks_of_it(*it))
    }

    fn is_met_by(&self, stated: Option<&Statement>) -> bool {
        match (&self.statement, stated) {
            (Statement::Present, Some(stated)) => *stated != Statement::Absent,
            (Statement::Absent, Some(stated)) => *stated == Statement::Absent,
            (Statement::Value(asked), Some(Statement::Value(stated))) => match (asked, stated) {
                (Value::Words(asked), Value::Words(stated)) if self.is_choice => {
                    asked.iter().any(|word| stated.contains(word))
                }
                (Value::Words(asked), Value::Words(stated)) => asked.iter().all(|word| stated.contains(word)),
                (Value::Figure { low, high, .. }, Value::Figure { low: least, high: most, .. }) => {
                    at_least(*least, *low) && at_least(*high, *most)
                }
                _ => asked == stated,
            },
            (_, None) | (Statement::Value(_), _) => false,
        }
    }
}

/// Whether one figure reaches another, but for the last digit.
fn at_least(figure: f64, other: f64) -> bool {
    figure >= other || (figure - other).abs() <= other.abs() * 1e-9
}
