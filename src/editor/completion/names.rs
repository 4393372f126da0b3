//! The names of a design, as they are written where the place stands: short where that leads to them, else dotted.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Proposals, Proposed, steps};
use crate::catalogue::Kind;
use crate::editor::spot::{Behind, Within};
use crate::model::{Component, ComponentId, Entity, Flow, Group, GroupId, GroupKind, Link};
use crate::source::Span;
use crate::syntax::ast::{Arrow, Path};

/// What comes behind the targets that are usual: groups, then those to which a call would close a circle, and what is linked.
const GROUPS: usize = 100;
const CLOSING: usize = 200;
const LINKED: usize = 300;

/// A thing, and how it is called where the place stands.
pub(super) struct Named {
    pub(super) entity: Entity,
    pub(super) name: String,
}

impl Proposals<'_> {
    /// The innermost group that the place stands in.
    fn scope(&self) -> Option<GroupId> {
        let mut scope = None;
        for name in &self.spot.around {
            match self.names.in_scope(scope, name) {
                Some(Entity::Group(id)) => scope = Some(id),
                Some(Entity::Component(_)) => break,
                None => return self.made_from(name).or(scope),
            }
        }
        scope
    }

    /// One of the groups that are made from a template: the names in the template lead to what stands in it.
    fn made_from(&self, template: &str) -> Option<GroupId> {
        let template = self.architecture.templates.iter().find(|it| it.name.text == template)?;
        let holds = |span: Span| {
            let (outer, inner) = (template.span, span);
            outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
        };
        self.architecture.components().find(|it| holds(it.span))?.group
    }

    /// What a path leads to that is written at the place.
    pub(super) fn entity(&self, path: &str) -> Option<Entity> {
        let path = Path { text: SmolStr::new(path), span: self.word };
        self.names.find(self.architecture, &path, self.scope()).ok()
    }

    pub(super) fn component_at(&self, path: &str) -> Option<ComponentId> {
        match self.entity(path)? {
            Entity::Component(id) => Some(id),
            Entity::Group(_) => None,
        }
    }

    /// All that can be named at the place; behind a dot what the group there holds.
    pub(super) fn named(&self) -> Vec<Named> {
        let groups = self.architecture.groups().enumerate().map(|(at, it)| {
            (
                Entity::Group(GroupId(u32::try_from(at).expect("a group has an id"))),
                it.parent,
                &it.name,
                it.span,
            )
        });
        let components = self.architecture.components();
        let components = components.map(|it| (Entity::Component(it.id), it.group, &it.name, it.span));
        let all = groups.chain(components).filter(|(.., span)| !self.is_here(*span));
        let own = |name: &SmolStr| name.rsplit('.').next().unwrap_or(name).to_owned();
        if let Some(path) = &self.spot.path {
            let Some(Entity::Group(holder)) = self.entity(path) else { return Vec::new() };
            let held = all.filter(|(_, parent, ..)| *parent == Some(holder));
            return held.map(|(entity, _, name, _)| Named { entity, name: own(name) }).collect();
        }
        let scope = self.scope();
        let leads = |name: &str, entity: Entity| {
            let path = Path { text: SmolStr::new(name), span: self.word };
            self.names.find(self.architecture, &path, scope) == Ok(entity)
        };
        all.filter_map(|(entity, _, name, _)| {
            let name = [own(name), name.to_string()].into_iter().find(|it| leads(it, entity))?;
            Some(Named { entity, name })
        })
        .collect()
    }

    /// The components that can be named and are wanted.
    pub(super) fn components(
        &mut self,
        wanted: impl Fn(&Component) -> bool,
        rank: impl Fn(&Component) -> usize,
    ) {
        if self.spot.behind == Behind::Dot {
            return self.groups(0, |_| true);
        }
        for Named { entity, name } in self.named() {
            if let Entity::Component(id) = entity
                && wanted(self.architecture.component(id))
            {
                let component = self.architecture.component(id);
                self.add(rank(component), Proposed::Component, &name, &told(component));
            }
        }
    }

    /// The groups that can be named and are wanted.
    pub(super) fn groups(&mut self, rank: usize, wanted: impl Fn(&Group) -> bool) {
        for Named { entity, name } in self.named() {
            if let Entity::Group(id) = entity
                && wanted(self.architecture.group(id))
            {
                let group = self.architecture.group(id);
                let detail = told_of_group(group);
                self.add(rank, Proposed::Group, &name, &detail);
            }
        }
    }

    /// What a property refers to.
    pub(super) fn referred(&mut self, fit: impl Fn(Kind) -> Option<usize>, listed: &[String]) {
        let listed: FxHashSet<ComponentId> = listed.iter().filter_map(|it| self.component_at(it)).collect();
        let own = self.owner_id();
        self.components(
            |it| fit(it.kind).is_some() && Some(it.id) != own && !listed.contains(&it.id),
            |it| fit(it.kind).unwrap_or_default(),
        );
    }

    /// The names of all groups of a kind: what a property calls them by.
    pub(super) fn group_names(&mut self, kind: GroupKind) {
        self.groups(0, |it| it.kind == kind);
    }

    /// The component in whose braces the place stands.
    fn owner_id(&self) -> Option<ComponentId> {
        match &self.spot.within {
            Within::Body { kind, name } => self.component_at(name.as_ref().unwrap_or(kind)),
            _ => None,
        }
    }

    /// What a link, or a flow's path, may start from: in a flow, those first that nobody calls. They take two ranks.
    pub(super) fn sources(&mut self, rank: usize) {
        let is_unlinked = self.spot.behind == Behind::Comma && self.spot.leads_to.is_empty();
        if is_unlinked
            || matches!(self.spot.behind, Behind::Equals | Behind::Word | Behind::Tail | Behind::Block)
        {
            return;
        }
        let targets: FxHashSet<ComponentId> =
            self.spot.leads_to.iter().filter_map(|it| self.component_at(it)).collect();
        let is_flow = self.spot.within == Within::Flow;
        self.components(
            |it| !targets.contains(&it.id),
            |it| if is_flow && it.kind.is_outside() { rank } else { rank + 1 },
        );
    }

    /// What a link may start from as well, beside others.
    pub(super) fn further_sources(&mut self, beside: &[String]) {
        let others = beside.iter().chain(&self.spot.leads_to);
        let taken: FxHashSet<ComponentId> = others.filter_map(|it| self.component_at(it)).collect();
        self.components(|it| !taken.contains(&it.id), |_| 0);
    }

    /// What a link may lead to, what is usual first: no source of it, and nothing that stands beside it already. A flow takes
    /// declared links alone, where there are any.
    pub(super) fn targets(&mut self, from: &[String], beside: &[String], arrow: Arrow) {
        let sources: Vec<ComponentId> = from.iter().filter_map(|it| self.component_at(it)).collect();
        let linked: FxHashSet<ComponentId> = sources
            .iter()
            .flat_map(|it| self.architecture.links_from(*it))
            .filter(|it| it.arrow == arrow && !self.is_here(it.span))
            .map(|it| it.target)
            .collect();
        let others = beside.iter().chain(&self.spot.leads_to).filter_map(|it| self.component_at(it));
        let taken: FxHashSet<ComponentId> = others.chain(sources.iter().copied()).collect();
        let is_step = self.spot.within == Within::Flow && !linked.is_empty();
        let is_wanted = |it: &Component| !taken.contains(&it.id) && (!is_step || linked.contains(&it.id));
        let own = if let Within::Body { kind, .. } = &self.spot.within { self.kind(kind) } else { None };
        let kind = sources.first().map(|it| self.architecture.component(*it).kind).or(own);
        let closing = if arrow == Arrow::Sync { self.waiting_for(&sources) } else { FxHashSet::default() };
        let reached: FxHashSet<ComponentId> =
            self.architecture.links().filter(|it| !self.is_here(it.span)).map(|it| it.target).collect();
        let rank = |it: &Component| match it.id {
            // What is linked already is linked again seldom, but for another protocol.
            id if !is_step && linked.contains(&id) => LINKED,
            id if !is_step && closing.contains(&id) => CLOSING,
            id => {
                2 * kind.map_or(0, |from| steps::unusual(from, it.kind, arrow))
                    + usize::from(reached.contains(&id))
            }
        };
        self.components(is_wanted, rank);
        if let (true, [only]) = (is_step, self.all.as_mut_slice()) {
            only.is_likely = true;
        }
        let from_group = from.iter().any(|it| matches!(self.entity(it), Some(Entity::Group(_))));
        if from_group && self.spot.within != Within::Flow {
            self.groups(GROUPS, |_| true);
        }
    }

    /// Who waits for one of these, at once or through others: a call to it would close a circle.
    fn waiting_for(&self, targets: &[ComponentId]) -> FxHashSet<ComponentId> {
        let is_waiting = |link: &Link| {
            let (source, target) = self.architecture.ends(link);
            let takes_over = |it: &Component| it.kind.is_queue() || it.kind.is_outside();
            !link.is_async() && !link.is_beside_the_path() && !takes_over(source) && !takes_over(target)
        };
        let mut waiting: FxHashSet<ComponentId> = FxHashSet::default();
        let mut open = targets.to_vec();
        while let Some(target) = open.pop() {
            let links = self.architecture.links_to(target).filter(|it| !self.is_here(it.span));
            let callers = links.filter(|it| is_waiting(it)).map(|it| it.source);
            open.extend(callers.filter(|it| waiting.insert(*it)));
        }
        waiting
    }

    pub(super) fn flows(&mut self, rank: impl Fn(&Flow) -> usize) {
        if self.spot.path.is_some() {
            return;
        }
        for flow in self.architecture.flows() {
            if self.is_here(flow.span) {
                continue;
            }
            let detail = flow.label.as_deref().unwrap_or("a flow");
            self.add(rank(flow), Proposed::Flow, &flow.name, detail);
        }
    }

    /// What a clause may name: what has links, and else flows as well.
    pub(super) fn selectable(&mut self, is_end: bool) {
        self.components(|_| true, |_| 1);
        self.groups(2, |_| true);
        if !is_end {
            self.flows(|_| 2);
        }
    }
}

/// What a component is, in a few words.
fn told(component: &Component) -> String {
    let mut told = component.kind.title().to_owned();
    if !component.engines.is_empty() {
        told += &format!(", {}", component.engines.join(" or "));
    }
    match &component.label {
        Some(label) => format!("{label} · {told}"),
        None => told,
    }
}

fn told_of_group(group: &Group) -> String {
    match &group.label {
        Some(label) => format!("{label} · {}", group.kind.name()),
        None => group.kind.name().to_owned(),
    }
}
