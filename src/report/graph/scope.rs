//! Which components and links a view asks for.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Picture;
use super::view::{Focus, Place};
use crate::model::{Architecture, Component, ComponentId, GroupId, Link, LinkId};

/// How a component is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// In full.
    Full,
    /// Faintly: it is a neighbour of what is wanted.
    Stub,
    /// Not at all.
    Absent,
}

/// What a view asks for.
pub(super) struct Scope {
    presence: Vec<Presence>,
    /// The steps of the flow that is wanted, with their numbers from 1; nothing where no flow is.
    steps: Option<FxHashMap<LinkId, usize>>,
    /// Whether everything is wanted.
    pub(super) is_all: bool,
}

impl Scope {
    /// Of a picture.
    pub(super) fn of(picture: &Picture) -> Self {
        let Picture { architecture, view, .. } = picture;
        let steps = (!view.journeys.is_empty()).then(|| steps(picture));
        let is_all = steps.is_none() && view.focus.is_none() && view.group.is_none();
        let mut scope =
            Self { presence: vec![Presence::Full; architecture.components().len()], steps, is_all };
        if scope.steps.is_some() {
            scope.keep_flow(picture);
        }
        if let Some(focus) = view.focus {
            scope.keep_near(architecture, focus);
        }
        if let Some(group) = view.group {
            scope.keep_inside(architecture, group);
        }
        scope
    }

    /// How a component is there.
    pub(super) fn presence(&self, id: ComponentId) -> Presence {
        self.presence[id.0 as usize]
    }

    /// Whether a component is there at all.
    pub(super) fn has(&self, id: ComponentId) -> bool {
        self.presence(id) != Presence::Absent
    }

    /// Whether a component is there in full.
    pub(super) fn is_full(&self, id: ComponentId) -> bool {
        self.presence(id) == Presence::Full
    }

    /// Whether a link is drawn: of the flow that is wanted, between two that are there, not both as stubs.
    pub(super) fn takes(&self, link: &Link) -> bool {
        let ends = [self.presence(link.source), self.presence(link.target)];
        self.is_of_flow(link.id) && !ends.contains(&Presence::Absent) && ends.contains(&Presence::Full)
    }

    /// The number of a link among the steps of the flow that is wanted.
    pub(super) fn step(&self, link: LinkId) -> Option<usize> {
        self.steps.as_ref()?.get(&link).copied()
    }

    /// How many neighbours of a component are not there, where its surroundings are what is wanted.
    pub(super) fn hidden_neighbours(&self, architecture: &Architecture, component: &Component) -> usize {
        if self.is_all || self.presence(component.id) == Presence::Stub {
            return 0;
        }
        let around: FxHashSet<ComponentId> = self.neighbours(architecture, component).collect();
        around.into_iter().filter(|id| !self.has(*id)).count()
    }

    fn is_of_flow(&self, link: LinkId) -> bool {
        self.steps.as_ref().is_none_or(|steps| steps.contains_key(&link))
    }

    /// What a component is linked to, whichever way, and what it runs on or carries.
    fn neighbours<'a>(
        &'a self,
        architecture: &'a Architecture,
        component: &'a Component,
    ) -> impl Iterator<Item = ComponentId> + 'a {
        let of_flow = |link: &&Link| self.is_of_flow(link.id);
        let targets = architecture.links_from(component.id).filter(of_flow).map(|link| link.target);
        let sources = architecture.links_to(component.id).filter(of_flow).map(|link| link.source);
        let hosted = architecture.hosted_on(component.id).map(|it| it.id);
        let hosts = component.host.into_iter().chain(hosted).filter(|_| self.steps.is_none());
        targets.chain(sources).chain(hosts)
    }

    fn keep_flow(&mut self, picture: &Picture) {
        let Picture { architecture, analysis, view, .. } = picture;
        let mut is_met = vec![false; self.presence.len()];
        for entry in view.journeys.iter().flat_map(|at| &analysis.journeys[*at].entries) {
            is_met[entry.0 as usize] = true;
        }
        for link in architecture.links().filter(|link| self.is_of_flow(link.id)) {
            is_met[link.source.0 as usize] = true;
            is_met[link.target.0 as usize] = true;
        }
        self.drop_all(|id| !is_met[id.0 as usize]);
    }

    fn keep_near(&mut self, architecture: &Architecture, focus: Focus) {
        let mut distances: FxHashMap<ComponentId, usize> = FxHashMap::default();
        let mut waiting: VecDeque<ComponentId> = architecture
            .components()
            .map(|it| it.id)
            .filter(|id| self.has(*id) && is_at(architecture, *id, focus.on))
            .collect();
        distances.extend(waiting.iter().map(|id| (*id, 0)));
        while let Some(id) = waiting.pop_front() {
            let next = distances[&id] + 1;
            if next > focus.depth {
                break;
            }
            for neighbour in self.neighbours(architecture, architecture.component(id)) {
                if self.has(neighbour) && !distances.contains_key(&neighbour) {
                    distances.insert(neighbour, next);
                    waiting.push_back(neighbour);
                }
            }
        }
        self.drop_all(|id| !distances.contains_key(&id));
    }

    fn keep_inside(&mut self, architecture: &Architecture, group: GroupId) {
        let inside: Vec<bool> =
            architecture.components().map(|it| is_at(architecture, it.id, Place::Group(group))).collect();
        let is_inside = |id: ComponentId| inside[id.0 as usize];
        let is_next = |component: &Component| {
            self.neighbours(architecture, component).any(|it| is_inside(it) && self.has(it))
        };
        let presence: Vec<Presence> = architecture
            .components()
            .map(|it| match self.presence(it.id) {
                Presence::Full if !is_inside(it.id) && is_next(it) => Presence::Stub,
                Presence::Full if !is_inside(it.id) => Presence::Absent,
                own => own,
            })
            .collect();
        self.presence = presence;
    }

    fn drop_all(&mut self, is_dropped: impl Fn(ComponentId) -> bool) {
        for (at, presence) in self.presence.iter_mut().enumerate() {
            if is_dropped(ComponentId(at as u32)) {
                *presence = Presence::Absent;
            }
        }
    }
}

/// Whether a component is, or stands in, what is meant.
fn is_at(architecture: &Architecture, id: ComponentId, place: Place) -> bool {
    match place {
        Place::Component(wanted) => id == wanted,
        Place::Group(wanted) => architecture.groups_of(id).any(|(group, _)| group == wanted),
    }
}

/// The links of the journeys that are wanted: those of a written path in its order, then what else requests come to.
fn steps(picture: &Picture) -> FxHashMap<LinkId, usize> {
    let Picture { architecture, analysis, view, .. } = picture;
    let written = view.journeys.iter().filter_map(|at| analysis.journeys[*at].flow);
    let written = written.flat_map(|flow| &architecture.flow(flow).path.steps);
    let touched = analysis.touched(architecture);
    let followed: Vec<LinkId> = view.journeys.iter().flat_map(|at| &touched[*at].links).copied().collect();
    let is_route = |link: &LinkId| view.journeys.len() != 1 || followed.contains(link);
    let mut steps = FxHashMap::default();
    for link in written.filter(|link| is_route(link)).chain(&followed) {
        let next = steps.len() + 1;
        steps.entry(*link).or_insert(next);
    }
    steps
}
