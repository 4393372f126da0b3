//! All that a journey comes to, whatever is changed of it: found once, and each scenario is compiled from it.

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Compiled, Scenario, unit};
use crate::analysis::journey::Journey;
use crate::analysis::load::{self, Load};
use crate::analysis::needs::{Need, View};
use crate::analysis::reliability::{Availability, Budget};
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, Link, Property};
use crate::quantity::Duration;
use crate::syntax::ast::Dimension;

/// What a journey comes to: its components, and what each of them needs.
pub struct Reach<'a> {
    pub(super) view: View<'a>,
    pub(super) load: &'a Load,
    /// All that it comes to, entries first.
    pub(super) needed: Vec<ComponentId>,
    /// The same in an order in which what is needed stands before who needs it.
    pub(super) order: Vec<ComponentId>,
    pub(super) needs: FxHashMap<ComponentId, Need>,
    /// Components that the journey writes to.
    pub(super) written: FxHashSet<ComponentId>,
    /// Third parties that start the journey, and are not called on the way: whoever calls is up while it does.
    pub(super) callers: FxHashSet<ComponentId>,
    /// Components all of whose shards are asked.
    pub(super) scattered: FxHashSet<ComponentId>,
    /// The members of each ring of callers.
    pub(super) rings: Vec<Vec<ComponentId>>,
    /// Which ring a component belongs to and its place in it.
    pub(super) places: FxHashMap<ComponentId, (usize, u32)>,
}

impl<'a> Reach<'a> {
    /// Follows a journey up to and with its queues, or to its end.
    pub fn of(
        architecture: &'a Architecture,
        load: &'a Load,
        journey: &'a Journey,
        is_completed: bool,
    ) -> Self {
        let view =
            View { cold_caches: Some(&load.cold_caches), is_completed, ..View::new(architecture, journey) };
        let mut reach = Self {
            view,
            load,
            needed: journey.entries.clone(),
            order: Vec::new(),
            needs: FxHashMap::default(),
            written: FxHashSet::default(),
            callers: FxHashSet::default(),
            scattered: FxHashSet::default(),
            rings: Vec::new(),
            places: FxHashMap::default(),
        };
        reach.follow();
        reach
    }

    /// All components that it comes to, entries first.
    pub fn components(&self) -> &[ComponentId] {
        &self.needed
    }

    /// The journey's availability in a scenario.
    pub fn availability(&self, scenario: &Scenario, budget: &mut Budget) -> Availability {
        Compiled::of(self, scenario).availability(budget)
    }

    fn follow(&mut self) {
        let mut graph: DiGraph<ComponentId, ()> = DiGraph::new();
        let mut places: FxHashMap<ComponentId, NodeIndex> =
            self.needed.iter().map(|id| (*id, graph.add_node(*id))).collect();
        let mut at = 0;
        while let Some(id) = self.needed.get(at).copied() {
            at += 1;
            let need = self.need(id);
            for target in self.targets(&need) {
                let place = *places.entry(target).or_insert_with(|| {
                    self.needed.push(target);
                    graph.add_node(target)
                });
                graph.add_edge(places[&id], place, ());
            }
            self.needs.insert(id, need);
        }
        let is_only_calling = |id: &ComponentId| {
            self.view.architecture.component(*id).kind == Kind::ThirdParty
                && graph.neighbors_directed(places[id], Direction::Incoming).next().is_none()
        };
        self.callers = self.view.journey.entries.iter().copied().filter(is_only_calling).collect();
        let sets = kosaraju_scc(&graph);
        for set in &sets {
            let is_ring = set.len() > 1 || graph.contains_edge(set[0], set[0]);
            if !is_ring {
                continue;
            }
            for (place, node) in set.iter().enumerate() {
                self.places.insert(graph[*node], (self.rings.len(), place as u32));
            }
            self.rings.push(set.iter().map(|node| graph[*node]).collect());
        }
        self.order = sets.into_iter().flatten().map(|node| graph[node]).collect();
    }

    /// What a component needs, and what follows for its targets.
    fn need(&mut self, id: ComponentId) -> Need {
        let mut need = self.view.need(id);
        let component = self.view.architecture.component(id);
        if !self.view.is_completed
            && component.kind.is_queue()
            && let Some(weight) = self.held_up(component)
            && weight > 0.0
        {
            // Under `block` and `reject` the consumers hold up the sender once the queue is full.
            let consumers = self
                .view
                .architecture
                .links_from(id)
                .filter(|link| !link.is_beside_the_path())
                .map(|link| Need::Link(link.id))
                .collect();
            need = Need::All(consumers);
        }
        for link in need.links() {
            let link = self.view.architecture.link(link);
            if self.is_written_by(link) {
                self.written.insert(link.target);
            }
            if link.has(Property::Scatter) {
                self.scattered.insert(link.target);
            }
        }
        need
    }

    fn targets(&self, need: &Need) -> Vec<ComponentId> {
        let mut targets: Vec<ComponentId> =
            need.links().into_iter().map(|link| self.view.architecture.link(link).target).collect();
        asked(need, &mut targets);
        targets
    }

    /// Whether a journey that writes writes by this link: caches, searches, registries, identities and copies
    /// are read unless it says otherwise.
    fn is_written_by(&self, link: &Link) -> bool {
        if !self.view.journey.mode.writes || link.is_reads_only() {
            return false;
        }
        let target = self.view.architecture.component(link.target);
        let is_read = matches!(
            target.kind,
            Kind::Cache | Kind::SearchIndex | Kind::Registry | Kind::Identity | Kind::Secrets | Kind::Config
        ) || target.is_replica();
        !is_read || link.is_writes_only()
    }

    /// The probability that a full queue holds up its sender while its consumers are down: how much of their
    /// repair is left when it has filled up at peak.
    fn held_up(&self, queue: &Component) -> Option<f64> {
        if !queue.is(Property::OnFull, "block") && !queue.is(Property::OnFull, "reject") {
            return None;
        }
        let length = queue.figure_of(Property::MaxLength, Dimension::Number)?;
        let demand = self.load.component(queue.id);
        let peak = demand.peak.total();
        if !demand.is_known() || !peak.is_positive() {
            return None;
        }
        let repair = self
            .view
            .architecture
            .links_from(queue.id)
            .map(|link| {
                Duration::new(unit::repair(
                    &self.view.architecture.parameters,
                    self.view.architecture.component(link.target),
                ))
            })
            .fold(Duration::ZERO, Duration::max);
        repair.is_positive().then(|| (1.0 - length / peak / repair).max(0.0))
    }

    /// How often a component comes to need its targets at all, where it can mostly do without.
    pub(super) fn softening(&self, component: &Component) -> Option<f64> {
        if component.has(Property::ServeStale) {
            load::hit_ratio(component).map(|hit| 1.0 - hit)
        } else if component.kind.is_queue() && !self.view.is_completed {
            self.held_up(component)
        } else {
            None
        }
    }
}

fn asked(need: &Need, targets: &mut Vec<ComponentId>) {
    match need {
        Need::Asked(id) => targets.push(*id),
        Need::Link(_) => {}
        Need::All(members)
        | Need::Any(members)
        | Need::Unchecked(members)
        | Need::Else(members)
        | Need::Routes(members) => members.iter().for_each(|member| asked(member, targets)),
    }
}
