//! Whose the data is: who writes which store, what is written in one piece of work, and what is a copy of what.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::catalogue::Kind;
use crate::model::{Architecture, CallTree, Component, ComponentId, Flow, Link, LinkId, Property};
use crate::syntax::ast::Relation;

/// How sure it is that a link writes what it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Writing {
    /// It only reads, copies, or serves to run the system.
    Never,
    /// Nothing says that it does, and nothing that it does not.
    Perhaps,
    /// It is marked so, or a flow that only writes takes it, or it hands a message over.
    Surely,
}

/// The links that flows with a path take, by what those flows do.
#[derive(Debug, Default)]
pub struct Marks {
    written: FxHashSet<LinkId>,
    read: FxHashSet<LinkId>,
}

impl Marks {
    /// Gathers them: each path is walked once.
    pub fn of(architecture: &Architecture) -> Self {
        let mut marks = Self::default();
        for flow in architecture.flows() {
            if flow.is_writes_only() {
                marks.written.extend(flow.path.steps.iter().copied());
            } else if flow.is_reads_only() {
                marks.read.extend(flow.path.steps.iter().copied());
            }
        }
        marks
    }

    /// Whether a link writes the data of its target.
    pub fn writing(&self, architecture: &Architecture, link: &Link) -> Writing {
        let target = architecture.component(link.target);
        if link.copies_data()
            || link.has(Property::For)
            || link.is_reads_only()
            || link.is_absent(Property::Writes)
        {
            return Writing::Never;
        }
        // A message handed over is a write, whatever the flow does else.
        if target.kind.is_queue() || link.has(Property::Writes) {
            return Writing::Surely;
        }
        // An index is asked in a flow that writes as well, unless the link says otherwise.
        let is_asked = matches!(target.kind, Kind::SearchIndex | Kind::Cache);
        match (self.written.contains(&link.id), self.read.contains(&link.id)) {
            (true, _) if is_asked => Writing::Perhaps,
            (true, _) => Writing::Surely,
            (false, true) => Writing::Never,
            (false, false) => Writing::Perhaps,
        }
    }
}

/// The programs that write a store, with the surest link of each; one that is drawn in several places is one.
pub fn writers<'a>(
    architecture: &'a Architecture,
    marks: &Marks,
    store: ComponentId,
) -> Vec<(&'a Link, Writing)> {
    let mut found: Vec<(&Link, Writing)> = Vec::new();
    let mut by_name: FxHashMap<&str, usize> = FxHashMap::default();
    for link in architecture.links_to(store) {
        let source = architecture.component(link.source);
        let writing = marks.writing(architecture, link);
        if !source.kind.is_compute() || writing == Writing::Never {
            continue;
        }
        let at = *by_name.entry(own_name(source)).or_insert(found.len());
        match found.get_mut(at) {
            Some(known) if known.1 < writing => *known = (link, writing),
            Some(_) => {}
            None => found.push((link, writing)),
        }
    }
    found
}

/// The name without the groups it stands in: `api` of `east.api`.
pub fn own_name(component: &Component) -> &str {
    component.name.rsplit('.').next().unwrap_or(&component.name)
}

/// What one component writes in one piece of work.
#[derive(Debug)]
pub struct Together<'a> {
    /// Who writes.
    pub writer: &'a Component,
    /// The flow, where one says that they belong together.
    pub flow: Option<&'a Flow>,
    /// The links that surely write, in the order of their declaration.
    pub links: Vec<&'a Link>,
}

/// What requests write together: for each component the links that a flow's path takes from it, or where no flow's path
/// passes, those that are marked as writes. What is done by case, in a pool or a fallback is not done together.
pub fn written_together<'a>(architecture: &'a Architecture, marks: &Marks) -> Vec<Together<'a>> {
    let mut found = Vec::new();
    let mut on_a_path: FxHashSet<ComponentId> = FxHashSet::default();
    for flow in architecture.flows().filter(|flow| !flow.path.is_empty()) {
        let mut seen: FxHashSet<ComponentId> = FxHashSet::default();
        for step in &flow.path.steps {
            let source = architecture.link(*step).source;
            if !seen.insert(source) {
                continue;
            }
            on_a_path.insert(source);
            let writer = architecture.component(source);
            if flow.is_reads_only() || flow.path.has_lanes(source) || flow.path.steps_from(source).len() < 2 {
                continue;
            }
            let taken: FxHashSet<LinkId> = flow.path.steps_from(source).iter().copied().collect();
            let links = all_written(architecture, marks, writer, |link| taken.contains(&link));
            if links.len() > 1 {
                found.push(Together { writer, flow: Some(flow), links });
            }
        }
    }
    for writer in architecture.components() {
        if on_a_path.contains(&writer.id) || architecture.links_from(writer.id).len() < 2 {
            continue;
        }
        let links = all_written(architecture, marks, writer, |link| {
            architecture.link(link).has(Property::Writes) || architecture.link(link).is_async()
        });
        if links.len() > 1 && links.iter().any(|link| link.has(Property::Writes)) {
            found.push(Together { writer, flow: None, links });
        }
    }
    found
}

fn all_written<'a>(
    architecture: &'a Architecture,
    marks: &Marks,
    writer: &Component,
    takes: impl Fn(LinkId) -> bool,
) -> Vec<&'a Link> {
    let mut links = Vec::new();
    for call in architecture.calls_of(writer.id) {
        if let Some(tree) = call.tree.narrowed(&takes) {
            called(&tree, &mut links);
        }
    }
    let mut links: Vec<&Link> = links
        .into_iter()
        .map(|id| architecture.link(id))
        .filter(|link| marks.writing(architecture, link) == Writing::Surely)
        .collect();
    links.sort_by_key(|link| link.id);
    links.dedup_by_key(|link| link.id);
    links
}

/// The links of a call that are all taken: of alternatives the first. A tree is as deep as the text nests, which is
/// bounded.
fn called(tree: &CallTree, links: &mut Vec<LinkId>) {
    match tree {
        CallTree::Link(link) => links.push(*link),
        CallTree::Set(Relation::All, members) => members.iter().for_each(|it| called(it, links)),
        CallTree::Set(_, members) => {
            if let Some(first) = members.first() {
                called(first, links);
            }
        }
    }
}

/// Whether a component is made from another's data: stated, or something copies to it.
pub fn is_derived(architecture: &Architecture, component: &Component) -> bool {
    component.has(Property::DerivedFrom)
        || component.is_replica()
        || architecture.links_to(component.id).any(Link::copies_data)
}

/// Whether it may be the only place that holds the data: stated, or its engine is known not to be made for it.
pub fn is_of_record(component: &Component) -> Option<bool> {
    if component.is_stated(Property::SourceOfTruth) {
        return Some(component.has(Property::SourceOfTruth));
    }
    component.engine().and_then(|engine| engine.facts.is_system_of_record)
}

/// The data model: stated, or its engine's; what is typical of the kind alone does not count.
pub fn model(component: &Component) -> Option<SmolStr> {
    let stated = component.words(Property::Model).first().cloned();
    stated.or_else(|| component.engine()?.facts.model.map(SmolStr::new_static))
}

/// Whether data has its place in it: a store, or a cache that is said to be the only one. What runs as a database on an
/// engine that may forget has not.
pub fn is_place_of_data(component: &Component) -> bool {
    match component.kind {
        Kind::Cache => component.has(Property::SourceOfTruth),
        Kind::Database => is_of_record(component) != Some(false),
        kind => kind.is_store(),
    }
}

/// Whether it works off a queue: what fails is handed to it again.
pub fn is_redelivered_to(architecture: &Architecture, component: &Component) -> bool {
    component.kind == Kind::Worker
        || architecture.links_to(component.id).any(|link| architecture.component(link.source).kind.is_queue())
}
