//! How what two designs state differs: elements that only one of them has, and properties that are others.
//!
//! An element is known by what it is and its name. One that is renamed is another: nothing in the text says that it is
//! the same.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{AllowPlace, Architecture, Constraint, GroupId, Properties, Property, Replicas, property};
use crate::figures;
use crate::source::{Sources, Span};
use crate::syntax::ast::{Arrow, Name};

/// An element that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementChange {
    /// `system`, `template`, `group`, `component`, `link`, `flow`, `constraint` or `allow`.
    pub what: &'static str,
    /// How it is called.
    pub name: String,
    /// What becomes of it.
    pub fate: Fate,
    /// What it states otherwise, by name; of one that is added or removed, what it states at all.
    pub properties: Vec<PropertyChange>,
}

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Only the later design has it.
    Added,
    /// Only the earlier one has it.
    Removed,
    /// Both have it, and it states something else.
    Changed,
}

/// A property that differs, as it is written; none where nothing is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// Its name.
    pub name: String,
    /// As it was.
    pub before: Option<String>,
    /// As it is.
    pub after: Option<String>,
}

/// A design and its text.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// The text.
    pub sources: &'a Sources,
    /// What it says.
    pub architecture: &'a Architecture,
}

/// How what a later design states differs from an earlier one: in the order of the later, then what is gone.
pub fn contrast(before: Written, after: Written) -> Vec<ElementChange> {
    let was = before.elements();
    let is = after.elements();
    let mut old: FxHashMap<(&str, &str), &Element> =
        was.iter().map(|it| ((it.what, it.name.as_str()), it)).collect();
    let mut changes = Vec::new();
    for element in &is {
        let known = old.remove(&(element.what, element.name.as_str()));
        let nothing = BTreeMap::new();
        let properties = differing(known.map_or(&nothing, |it| &it.stated), &element.stated);
        let fate = if known.is_some() { Fate::Changed } else { Fate::Added };
        if fate == Fate::Added || !properties.is_empty() {
            changes.push(element.becomes(fate, properties));
        }
    }
    let gone = was.iter().filter(|it| old.contains_key(&(it.what, it.name.as_str())));
    changes.extend(gone.map(|it| it.becomes(Fate::Removed, differing(&it.stated, &BTreeMap::new()))));
    changes
}

/// An element with all that it states.
struct Element {
    what: &'static str,
    name: String,
    stated: BTreeMap<SmolStr, Stated>,
}

/// What is said of a property: what it means, so that `1s` is no other than `1000ms`, and how it is written.
#[derive(Clone, Debug)]
struct Stated {
    meaning: property::Statement,
    text: String,
}

impl Stated {
    /// What is not written as a property.
    fn text(text: String) -> Self {
        let meaning = property::Statement::Value(property::Value::Text(text.as_str().into()));
        Self { meaning, text }
    }
}

impl Element {
    /// One that states nothing yet.
    fn named(what: &'static str, name: String) -> Self {
        Self { what, name, stated: BTreeMap::new() }
    }

    fn becomes(&self, fate: Fate, properties: Vec<PropertyChange>) -> ElementChange {
        ElementChange { what: self.what, name: self.name.clone(), fate, properties }
    }

    /// With something it states that is not written as a property.
    fn with(mut self, name: &str, text: Option<String>) -> Self {
        if let Some(text) = text.filter(|it| !it.is_empty()) {
            self.stated.insert(name.into(), Stated::text(text));
        }
        self
    }
}

fn differing(before: &BTreeMap<SmolStr, Stated>, after: &BTreeMap<SmolStr, Stated>) -> Vec<PropertyChange> {
    let mut names: Vec<&SmolStr> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let meaning = |it: Option<&Stated>| it.map(|it| it.meaning.clone());
    let text = |it: Option<&Stated>| it.map(|it| it.text.clone());
    names
        .into_iter()
        .map(|name| (name, before.get(name), after.get(name)))
        .filter(|(_, was, is)| meaning(*was) != meaning(*is))
        .map(|(name, was, is)| PropertyChange { name: name.to_string(), before: text(was), after: text(is) })
        .collect()
}

impl Written<'_> {
    fn elements(&self) -> Vec<Element> {
        let Self { architecture, .. } = *self;
        let system = &architecture.system;
        let mut elements = vec![
            self.element("system", "system", &system.properties)
                .with("name", system.name.as_ref().map(ToString::to_string)),
        ];
        elements.extend(architecture.templates.iter().map(|it| {
            self.element("template", &it.name.text, &it.properties)
                .with("extends", Some(it.base.text.to_string()))
                .with("engine", Some(it.engines.join(" | ")))
                .with("replicas", count(it.replicas))
        }));
        elements.extend(architecture.groups().map(|it| {
            self.element("group", &it.name, &it.properties)
                .with("kind", Some(it.kind.name().to_owned()))
                .with("in", self.group(it.parent))
        }));
        elements.extend(architecture.components().map(|it| {
            self.element("component", &it.name, &it.properties)
                .with("kind", Some(it.kind.name().to_owned()))
                .with("engine", Some(it.engines.join(" | ")))
                .with("replicas", count(it.replicas))
                .with("in", self.group(it.group))
        }));
        elements.extend(architecture.links().map(|it| {
            self.element("link", &architecture.link_name(it), &it.properties)
                .with("protocol", Some(spoken(&it.protocols)))
        }));
        elements.extend(architecture.group_links.iter().map(|it| {
            let end = |end: Result<GroupId, super::ComponentId>| match end {
                Ok(group) => architecture.group(group).name.clone(),
                Err(component) => architecture.component(component).name.clone(),
            };
            let arrow = if it.arrow == Arrow::Async { "~>" } else { "->" };
            let name = format!("{} {arrow} {}", end(it.source), end(it.target));
            self.element("link", &name, &it.properties).with("protocol", Some(spoken(&it.protocols)))
        }));
        elements.extend(architecture.flows().map(|it| {
            let steps = it.path.steps.iter().map(|id| architecture.link_name(architecture.link(*id)));
            self.element("flow", &it.name, &it.properties)
                .with("path", Some(steps.collect::<Vec<_>>().join(", ")))
        }));
        elements.extend(architecture.constraints.iter().map(|it| self.constraint(it)));
        elements.extend(architecture.allows.iter().map(|it| {
            let places: Vec<String> = it.places.iter().map(|place| self.place(place)).collect();
            let on = if places.is_empty() { String::new() } else { format!(" on {}", places.join(", ")) };
            let element = Element::named("allow", format!("{}{on}", it.rule.text));
            element.with("reason", it.reason.as_ref().map(ToString::to_string))
        }));
        number_namesakes(&mut elements);
        elements
    }

    /// A constraint; one without a name or a text is known by its clauses.
    fn constraint(&self, constraint: &Constraint) -> Element {
        let clauses = |is_required: bool| {
            let clauses = constraint.clauses.iter().filter(|it| it.is_required == is_required);
            clauses.map(|it| self.value(it.span)).collect::<Vec<_>>().join("; ")
        };
        let (forbidden, required) = (clauses(false), clauses(true));
        let name = constraint.name.as_ref().or(constraint.text.as_ref());
        let name = name.map_or_else(|| format!("{forbidden}{required}"), ToString::to_string);
        Element::named("constraint", name)
            .with("level", Some(constraint.level.name().to_owned()))
            .with("forbid", Some(forbidden))
            .with("require", Some(required))
    }

    /// Where a finding is accepted, as it is written.
    fn place(&self, place: &AllowPlace) -> String {
        let name = |id| self.architecture.component(id).name.as_str();
        match place {
            AllowPlace::Component(id) => name(*id).to_owned(),
            AllowPlace::Group(id) => self.architecture.group(*id).name.to_string(),
            AllowPlace::Flow(id) => self.architecture.flow(*id).name.to_string(),
            AllowPlace::Link(source, target) => format!("{} -> {}", name(*source), name(*target)),
            AllowPlace::Tag(tag) => format!("#{tag}"),
        }
    }

    /// What is written behind the `=`.
    fn value(&self, span: Span) -> String {
        let text = self.sources.text(span);
        one_line(text.split_once('=').map_or(text, |(_, value)| value))
    }

    fn group(&self, group: Option<GroupId>) -> Option<String> {
        group.map(|id| self.architecture.group(id).name.to_string())
    }

    fn element(&self, what: &'static str, name: &str, properties: &Properties) -> Element {
        let known = properties.iter().filter(|it| is_worth_naming(it.property));
        let mut stated: BTreeMap<SmolStr, Stated> = known
            .map(|it| {
                let text = match &it.statement {
                    _ if it.property == Property::Password => "***".to_owned(),
                    statement => figure(statement, || self.sources.text(it.span)),
                };
                (it.property.name().into(), Stated { meaning: it.statement.clone(), text })
            })
            .collect();
        stated.extend(properties.own.iter().map(|it| {
            let text = figure(&it.statement, || "");
            (it.name.clone(), Stated { meaning: it.statement.clone(), text })
        }));
        Element { what, name: name.to_owned(), stated }
    }
}

/// Why something is so, what it is, and to whom it belongs changes nothing in it; what has a place of its own is read there.
fn is_worth_naming(property: Property) -> bool {
    use Property::{Because, Description, Engine, OwnerName, Replicas, Tags};
    !matches!(property, Because | Description | OwnerName | Tags | Replicas | Engine)
}

/// The value as it is written behind the `=`; without one, what the statement says.
fn figure<'a>(statement: &property::Statement, written: impl Fn() -> &'a str) -> String {
    use property::{Statement, Value};
    let value = match statement {
        Statement::Absent => return "none".to_owned(),
        Statement::Present => return "yes".to_owned(),
        Statement::Value(value) => value,
    };
    if let Some((_, text)) = written().split_once('=') {
        return one_line(text);
    }
    match value {
        Value::Figure { low, high, .. } if low.to_bits() == high.to_bits() => figures::number(*low),
        Value::Figure { low, high, .. } => format!("{}..{}", figures::number(*low), figures::number(*high)),
        Value::Words(words) => words.join(", "),
        Value::Text(text) => text.to_string(),
        Value::Numbers(numbers) => {
            numbers.iter().map(|it| figures::number(*it)).collect::<Vec<_>>().join(", ")
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spoken(protocols: &[Name]) -> String {
    protocols.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" | ")
}

fn count(replicas: Replicas) -> Option<String> {
    let Replicas::Stated { least, most } = replicas else { return None };
    Some(match most {
        Some(most) if most == least => format!("x{least}"),
        Some(most) => format!("x{least}..{most}"),
        None => format!("x{least}.."),
    })
}

/// Links may share a name: the second is told apart by its number.
fn number_namesakes(elements: &mut [Element]) {
    let mut seen: FxHashMap<(&'static str, String), usize> = FxHashMap::default();
    for element in elements {
        let times = seen.entry((element.what, element.name.clone())).or_default();
        *times += 1;
        if *times > 1 {
            element.name = format!("{} ({times})", element.name);
        }
    }
}
