//! The architecture as it is asked: components, links, groups and flows with every name resolved.
//!
//! `build` makes it from the typed trees of a design's files; nothing here is a judgement.

mod allow;
mod bearer;
mod build;
mod change;
mod component;
mod constraint;
mod contrast;
mod ends;
mod engine;
mod flow;
mod group;
mod link;
mod names;
mod parameter;
pub mod property;
mod reason;
mod values;
pub mod word;

use std::sync::{Arc, OnceLock};

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

pub use bearer::Bearer;
pub use build::{Own, build, build_changed};
pub(crate) use build::{REFERENCES, names_in};
pub use change::Changes;
pub use component::{Component, ComponentId, Replicas};
pub use constraint::{Asked, Claim, Clause, Condition, Constraint, Select, SelectBy, Sort};
pub use contrast::{ElementChange, Fate, PropertyChange, Written, contrast};
pub use engine::Engine;
pub use flow::{Flow, FlowId, Path};
pub use group::{Group, GroupId, GroupKind};
pub use link::{Call, CallTree, GroupLink, Link, LinkId};
pub use names::{Entity, Names};
pub use parameter::Override;
pub use property::{Owner, Properties, Property};
pub use reason::UNSAID;

use crate::catalogue::{Kind, Parameters};
use crate::diagnostic::{Fix, Label};
use crate::source::Span;
use crate::syntax::{ErrorKind, SyntaxError, ast};
use component::Following;

/// A design with every name resolved.
#[derive(Clone, Debug, Default)]
pub struct Architecture {
    /// What is asked.
    pub system: System,
    /// What is reckoned with where nothing is stated.
    pub parameters: Arc<Parameters>,
    components: Vec<Component>,
    links: Vec<Link>,
    calls: Vec<Call>,
    groups: Vec<Group>,
    /// Copies of data from group to group.
    pub group_links: Vec<GroupLink>,
    flows: Vec<Flow>,
    /// The team's own rules.
    pub constraints: Vec<Constraint>,
    /// The accepted findings.
    pub allows: Vec<Allow>,
    /// The templates.
    pub templates: Vec<Template>,
    /// What could not be resolved.
    pub faults: Vec<Fault>,
    unlinked_names: Vec<ComponentId>,
    /// Made when a name is asked for first.
    by_name: OnceLock<FxHashMap<SmolStr, ComponentId>>,
    graph: DiGraph<ComponentId, LinkId>,
}

/// What is asked of the design.
#[derive(Clone, Debug, Default)]
pub struct System {
    /// Its name; none where the design has no `system`.
    pub name: Option<SmolStr>,
    /// What is asked.
    pub properties: Properties,
    /// Its name in the text; the start of the file where there is none.
    pub span: Span,
}

impl System {
    /// Whether it is a demo, of which nothing but security is asked.
    pub fn is_demo(&self) -> bool {
        self.properties.is(Property::Intent, "demo")
    }
}

/// A template, and whether anything is made from it.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub name: ast::Name,
    /// The kind or template that it extends.
    pub base: ast::Name,
    /// The engines that what is made from it runs on.
    pub engines: Vec<SmolStr>,
    /// How many replicas that has.
    pub replicas: Replicas,
    /// What that states.
    pub properties: Properties,
    /// Whether an element or another template uses it.
    pub is_used: bool,
    /// The whole statement.
    pub span: Span,
}

/// An accepted finding.
#[derive(Clone, Debug)]
pub struct Allow {
    /// A rule's code or name, as written.
    pub rule: ast::Name,
    /// What it is accepted on; empty for the whole design.
    pub places: Vec<AllowPlace>,
    /// Why.
    pub reason: Option<SmolStr>,
    /// The whole statement.
    pub span: Span,
}

/// Where a finding is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AllowPlace {
    /// On a component.
    Component(ComponentId),
    /// On all in a group.
    Group(GroupId),
    /// On a flow.
    Flow(FlowId),
    /// On all links between two components.
    Link(ComponentId, ComponentId),
    /// On all that carries the tag.
    Tag(SmolStr),
}

/// Which language rule a fault belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// LP001
    Syntax,
    /// LP002
    UnknownName,
    /// LP003
    DuplicateName,
    /// LP004
    UnknownKind,
    /// LP005
    UnknownProperty,
    /// LP006
    WrongType,
    /// LP007
    UnknownValue,
    /// LP008
    ImpossibleValue,
    /// LP011
    DuplicateLink,
    /// LP017
    IncludeNotFound,
    /// LP018
    IncludeCycle,
    /// LP019
    IncludeOutsideRoot,
    /// LP021
    UnlinkedPath,
    /// LP023
    TooLarge,
}

/// Something in the text that the model cannot take in.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The rule it belongs to.
    pub kind: FaultKind,
    /// What is wrong.
    pub message: String,
    /// Where; the first is the culprit.
    pub labels: Vec<Label>,
    /// What to do.
    pub help: Option<String>,
    /// A change of text that mends it.
    pub fix: Option<Fix>,
    /// The element that it stands in, or `system`.
    pub element: String,
}

/// A fault of the text.
impl From<SyntaxError> for Fault {
    fn from(error: SyntaxError) -> Self {
        let kind = match error.kind {
            ErrorKind::Syntax => FaultKind::Syntax,
            ErrorKind::Unit => FaultKind::WrongType,
            ErrorKind::TooLarge => FaultKind::TooLarge,
        };
        let fix = error.fix.map(|edit| Fix {
            title: match edit.text.trim() {
                "" => "take it out".to_owned(),
                text => format!("write `{text}`"),
            },
            is_safe: true,
            edits: vec![edit],
        });
        let help = error
            .help
            .or_else(|| Some("`loadpath explain LP001` shows how each statement is written".to_owned()));
        let label = Label { span: error.span, message: error.label, element: None };
        Self { kind, message: error.message, labels: vec![label], help, fix, element: "system".to_owned() }
    }
}

impl Architecture {
    /// Whether it is a drawing of a system and nothing more: boxes and arrows of which nothing is stated yet. With neither
    /// a `system` nor anybody outside it is a piece of something, and no drawing of all of it.
    pub fn is_sketch(&self) -> bool {
        let is_bare = |properties: &Properties| properties.iter().next().is_none();
        let is_counted = |it: &Component| matches!(it.replicas, Replicas::Stated { .. });
        let is_whole = self.system.name.is_some() || self.components.iter().any(|it| it.kind.is_outside());
        is_whole
            && is_bare(&self.system.properties)
            && self.components.iter().all(|it| is_bare(&it.properties) && !is_counted(it))
            && self.links.iter().all(|it| is_bare(&it.properties))
            && self.groups.iter().all(|it| is_bare(&it.properties))
            && self.flows.iter().all(|it| is_bare(&it.properties))
    }

    /// All components in the order of their declaration.
    pub fn components(&self) -> impl ExactSizeIterator<Item = &Component> + Clone {
        self.components.iter()
    }

    /// The component of this id.
    pub fn component(&self, id: ComponentId) -> &Component {
        &self.components[id.0 as usize]
    }

    /// The component of this display name.
    pub fn component_named(&self, name: &str) -> Option<&Component> {
        let by_name = self.by_name.get_or_init(|| {
            // Where two bear one name, which is a fault, the first has it.
            self.components.iter().rev().map(|component| (component.name.clone(), component.id)).collect()
        });
        by_name.get(name).map(|id| self.component(*id))
    }

    /// All links in the order of their declaration.
    pub fn links(&self) -> impl ExactSizeIterator<Item = &Link> + Clone {
        self.links.iter()
    }

    /// The link of this id.
    pub fn link(&self, id: LinkId) -> &Link {
        &self.links[id.0 as usize]
    }

    /// All groups, a parent before its members.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &Group> + Clone {
        self.groups.iter()
    }

    /// The group of this id.
    pub fn group(&self, id: GroupId) -> &Group {
        &self.groups[id.0 as usize]
    }

    /// A group and all that it stands in, innermost first.
    pub fn group_chain(&self, group: Option<GroupId>) -> impl Iterator<Item = (GroupId, &Group)> {
        std::iter::successors(group, |id| self.group(*id).parent).map(|id| (id, self.group(id)))
    }

    /// The groups a component stands in, innermost first.
    pub fn groups_of(&self, component: ComponentId) -> impl Iterator<Item = (GroupId, &Group)> {
        self.group_chain(self.component(component).group)
    }

    /// The innermost group of this kind that a component stands in.
    pub fn enclosing(&self, component: ComponentId, kind: GroupKind) -> Option<GroupId> {
        self.groups_of(component).find(|(_, group)| group.kind == kind).map(|(id, _)| id)
    }

    /// The flows that the design names, in order.
    pub fn flows(&self) -> impl ExactSizeIterator<Item = &Flow> + Clone {
        self.flows.iter()
    }

    /// The flow of this id.
    pub fn flow(&self, id: FlowId) -> &Flow {
        &self.flows[id.0 as usize]
    }

    /// The calls that a component makes: each is one statement's set of targets.
    pub fn calls_of(&self, component: ComponentId) -> impl Iterator<Item = &Call> {
        self.component(component).calls.iter().map(|at| &self.calls[*at as usize])
    }

    /// The call that a link is made by; a link of a group is made by none.
    pub fn call_of(&self, link: LinkId) -> Option<&Call> {
        let calls = &self.component(self.link(link).source).calls;
        let call = |at: usize| Some(&self.calls[*calls.get(at)? as usize]);
        // Links are made call by call: those of a later one come later.
        let later = calls
            .partition_point(|at| self.calls[*at as usize].tree.first().is_some_and(|first| first <= link));
        call(later.checked_sub(1)?).filter(|it| it.tree.holds(link))
    }

    /// The links that leave a component, in the order of their declaration.
    pub fn links_from(&self, component: ComponentId) -> impl ExactSizeIterator<Item = &Link> + Clone {
        self.component(component).outgoing.iter().map(|id| self.link(*id))
    }

    /// The links that reach a component, in the order of their declaration.
    pub fn links_to(&self, component: ComponentId) -> impl ExactSizeIterator<Item = &Link> + Clone {
        self.component(component).incoming.iter().map(|id| self.link(*id))
    }

    /// The source and the target of a link.
    pub fn ends(&self, link: &Link) -> (&Component, &Component) {
        (self.component(link.source), self.component(link.target))
    }

    /// How a link is called everywhere: `a -> b`, `a ~> b`.
    pub fn link_name(&self, link: &Link) -> String {
        let (source, target) = self.ends(link);
        format!("{} {} {}", source.name, if link.is_async() { "~>" } else { "->" }, target.name)
    }

    /// The graph of components and links, for graph algorithms.
    pub fn graph(&self) -> &DiGraph<ComponentId, LinkId> {
        &self.graph
    }

    /// The components that a reference property names (`caches`, `dead_letter`, `derived_from`, `audit_log`).
    pub fn references(&self, component: &Component, property: Property) -> Vec<ComponentId> {
        component.references.iter().filter(|(it, _)| *it == property).map(|(_, id)| *id).collect()
    }

    /// The components whose `on` names this one.
    pub fn hosted_on(&self, host: ComponentId) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |component| component.host == Some(host))
    }

    /// Components of one kind, in order.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Component> {
        self.components.iter().filter(move |component| component.kind == kind)
    }

    /// Every `dns` that nothing is linked to: whoever comes from outside asks it.
    pub fn unlinked_names(&self) -> &[ComponentId] {
        &self.unlinked_names
    }

    fn index(&mut self) {
        self.unlinked_names =
            self.of_kind(Kind::Dns).filter(|dns| dns.incoming.is_empty()).map(|dns| dns.id).collect();
        self.graph = DiGraph::with_capacity(self.components.len(), self.links.len());
        for component in &self.components {
            self.graph.add_node(component.id);
        }
        for link in &self.links {
            let copies = link.copies_data();
            let can_be_promoted = copies && self.makes_a_standby(link);
            self.components[link.source.0 as usize].is_copied |= copies;
            self.components[link.source.0 as usize].is_replicated |= can_be_promoted;
            if copies {
                self.components[link.target.0 as usize].follows = Following::Another;
            }
            self.components[link.target.0 as usize].is_steered |= link.is(Property::For, "manages");
            self.graph.add_edge(
                NodeIndex::new(link.source.0 as usize),
                NodeIndex::new(link.target.0 as usize),
                link.id,
            );
        }
        self.mark_peers();
    }

    /// Whether what a link copies to could be put in the place of what it copies: it gets the data as it is, and keeps it
    /// in the same way.
    fn makes_a_standby(&self, link: &Link) -> bool {
        if !link.known_protocols().any(|protocol| protocol.name == "replication") {
            return false;
        }
        let [source, target] = [link.source, link.target].map(|id| self.component(id));
        let model = |component: &Component| component.known().get(|facts| facts.model);
        source.kind == target.kind && model(source).zip(model(target)).is_none_or(|(one, other)| one == other)
    }

    /// Finds the stores that copy to each other.
    fn mark_peers(&mut self) {
        let mut copies: DiGraph<ComponentId, ()> = DiGraph::new();
        let mut nodes: FxHashMap<ComponentId, NodeIndex> = FxHashMap::default();
        for link in self.links.iter().filter(|link| link.copies_each_write()) {
            let mut node = |id| *nodes.entry(id).or_insert_with(|| copies.add_node(id));
            let (source, target) = (node(link.source), node(link.target));
            copies.add_edge(source, target, ());
        }
        for ring in kosaraju_scc(&copies).into_iter().filter(|ring| ring.len() > 1) {
            for node in ring {
                self.components[copies[node].0 as usize].follows = Following::EachOther;
            }
        }
    }
}
