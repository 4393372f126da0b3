//! One journey's traffic along the links: an order in which every component comes after all that send to it, and
//! what leaves a component by each link.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::capacity::{hit_ratio, stores_behind};
use super::{Circumstances, Traffic};
use crate::analysis::journey::{Journey, Mode};
use crate::analysis::messaging;
use crate::analysis::needs::serves_requests;
use crate::catalogue::Kind;
use crate::model::{Architecture, CallTree, Component, ComponentId, Link, LinkId, Path, Property};
use crate::quantity::Rate;
use crate::syntax::ast::Relation;

/// One journey's reach.
pub(super) struct Spread<'a> {
    architecture: &'a Architecture,
    journey: &'a Journey,
    circumstances: &'a Circumstances,
    dead_letters: &'a FxHashSet<ComponentId>,
    order: Vec<ComponentId>,
    places: FxHashMap<ComponentId, usize>,
    closed: FxHashSet<LinkId>,
}

/// What a journey brings where.
#[derive(Default)]
pub(super) struct Flowing {
    pub(super) components: Vec<(ComponentId, Traffic)>,
    pub(super) links: Vec<(LinkId, Traffic)>,
    /// A cache or CDN, what stands behind it, and what is kept off that.
    pub(super) spared: Vec<(ComponentId, ComponentId, Traffic)>,
}

/// What leaves one component.
#[derive(Default)]
struct Outgoing {
    links: Vec<(LinkId, Traffic)>,
    spared: Vec<(ComponentId, ComponentId, Traffic)>,
}

impl<'a> Spread<'a> {
    pub(super) fn new(
        architecture: &'a Architecture,
        journey: &'a Journey,
        circumstances: &'a Circumstances,
        dead_letters: &'a FxHashSet<ComponentId>,
    ) -> Self {
        let mut spread = Self {
            architecture,
            journey,
            circumstances,
            dead_letters,
            order: Vec::new(),
            places: FxHashMap::default(),
            closed: FxHashSet::default(),
        };
        spread.arrange();
        spread
    }

    /// How many components it comes to.
    pub(super) fn reach(&self) -> usize {
        self.order.len()
    }

    fn path(&self) -> Option<&'a Path> {
        self.journey.flow.map(|flow| &self.architecture.flow(flow).path).filter(|path| !path.is_empty())
    }

    /// Finds the reach breadth first, closes the links that lead back inside a cycle, and orders the rest.
    fn arrange(&mut self) {
        let is_up = |id: &ComponentId| !self.circumstances.down.contains(id);
        let mut found: Vec<ComponentId> = self.journey.entries.iter().copied().filter(is_up).collect();
        let mut distance: FxHashMap<ComponentId, u32> = found.iter().map(|id| (*id, 0)).collect();
        let mut graph: DiGraph<ComponentId, LinkId> = DiGraph::new();
        let mut nodes: FxHashMap<ComponentId, NodeIndex> = FxHashMap::default();
        for id in &found {
            nodes.insert(*id, graph.add_node(*id));
        }
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            for link in self.journey.links_from(self.architecture, id).filter(|link| self.carries(link)) {
                let next = distance[&id] + 1;
                distance.entry(link.target).or_insert_with(|| {
                    nodes.insert(link.target, graph.add_node(link.target));
                    found.push(link.target);
                    next
                });
                graph.add_edge(nodes[&id], nodes[&link.target], link.id);
            }
        }
        let mut ring = vec![0; graph.node_count()];
        let rings = kosaraju_scc(&graph);
        for (number, members) in rings.iter().enumerate() {
            for node in members {
                ring[node.index()] = number;
            }
        }
        // The farthest ring comes first; inside a ring only links that lead farther are left open.
        let mut order: Vec<(usize, u32, usize, ComponentId)> = graph
            .node_indices()
            .map(|node| {
                let id = graph[node];
                (rings.len() - ring[node.index()], distance[&id], node.index(), id)
            })
            .collect();
        order.sort_unstable();
        for edge in graph.edge_indices() {
            let (source, target) = graph.edge_endpoints(edge).expect("an edge of the graph");
            let is_inside = ring[source.index()] == ring[target.index()];
            if is_inside && distance[&graph[target]] <= distance[&graph[source]] {
                self.closed.insert(graph[edge]);
            }
        }
        self.order = order.into_iter().map(|(.., id)| id).collect();
        self.places = self.order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    }

    /// Where an amount goes that enters by the journey's entries, evenly.
    pub(super) fn flow(&self, amount: Traffic) -> Flowing {
        let mut carried: Vec<Traffic> = vec![Traffic::NONE; self.order.len()];
        // What came by which link, where the path says that it goes on by its own way.
        let mut came: FxHashMap<ComponentId, Vec<(LinkId, Traffic)>> = FxHashMap::default();
        let entries = self.journey.entries.iter().filter(|entry| self.places.contains_key(entry));
        let share = 1.0 / entries.clone().count().max(1) as f64;
        for entry in entries {
            carried[self.places[entry]] += amount * share;
        }
        let mut flowing = Flowing::default();
        for (at, id) in self.order.iter().copied().enumerate() {
            let outgoing = match came.get(&id) {
                Some(lanes) => self.outgoing_by_lane(id, carried[at], lanes),
                None => self.outgoing(id, carried[at], &|_| true),
            };
            flowing.components.push((id, carried[at]));
            for (link, traffic) in outgoing.links {
                let target = self.architecture.link(link).target;
                if let Some(target) = self.places.get(&target) {
                    carried[*target] += traffic;
                }
                if self.path().is_some_and(|path| path.has_lanes(target)) {
                    came.entry(target).or_default().push((link, traffic));
                }
                flowing.links.push((link, traffic));
            }
            flowing.spared.extend(outgoing.spared);
        }
        flowing
    }

    /// Where several ways of a path cross in one component, what comes by one goes on by the same.
    fn outgoing_by_lane(&self, id: ComponentId, all: Traffic, lanes: &[(LinkId, Traffic)]) -> Outgoing {
        let Some(path) = self.path() else { return self.outgoing(id, all, &|_| true) };
        let mut out = Outgoing::default();
        let mut started = all;
        let mut take = |more: Outgoing| {
            for (link, traffic) in more.links {
                match out.links.iter_mut().find(|(it, _)| *it == link) {
                    Some((_, sum)) => *sum += traffic,
                    None => out.links.push((link, traffic)),
                }
            }
            out.spared.extend(more.spared);
        };
        for (came, traffic) in lanes {
            started += *traffic * -1.0;
            take(self.outgoing(id, *traffic, &|link| path.goes_on(*came, link)));
        }
        // What entered here goes by all ways.
        if self.journey.entries.contains(&id) {
            take(self.outgoing(id, started, &|_| true));
        }
        out
    }

    /// Whether the journey's traffic takes a link at all.
    fn carries(&self, link: &Link) -> bool {
        let target = self.architecture.component(link.target);
        if target.kind.is_caller_only()
            || link.has(Property::For)
            || link.has(Property::Startup)
            || link.has(Property::Batch) && !self.journey.is_beside
            || link.copies_data()
            || self.circumstances.down.contains(&link.target)
            || self.journey.is_called_back_by(self.architecture, link)
        {
            return false;
        }
        let journey = self.journey;
        if journey.entries.contains(&link.source)
            && !journey.first.is_empty()
            && !journey.first.contains(&link.id)
        {
            return false;
        }
        if target.kind == Kind::Dns && self.architecture.links_from(target.id).len() == 0 {
            return false;
        }
        let Some(path) = self.path() else { return self.fits(link) && !self.is_for_dead_letters(link) };
        if path.takes(link.id) {
            return true;
        }
        self.fits(link)
            && !self.is_for_dead_letters(link)
            && (link.is_async() || path.steps_from(link.source).is_empty())
    }

    fn fits(&self, link: &Link) -> bool {
        let mode = self.journey.mode;
        (mode.reads || !link.is_reads_only()) && (mode.writes || !link.is_writes_only())
    }

    /// Whether only what nobody can work on goes there: in ordinary times nothing.
    fn is_for_dead_letters(&self, link: &Link) -> bool {
        self.dead_letters.contains(&link.target)
    }

    /// What leaves a component by each link that may be taken.
    fn outgoing(&self, id: ComponentId, traffic: Traffic, may_take: &impl Fn(LinkId) -> bool) -> Outgoing {
        let component = self.architecture.component(id);
        let is_open = |link: LinkId| {
            !self.closed.contains(&link) && self.carries(self.architecture.link(link)) && may_take(link)
        };
        let calls = self.journey.calls_from(self.architecture, id);
        let trees: Vec<CallTree> = calls
            .filter_map(|call| call.tree.narrowed(&|link| is_open(link)))
            .map(|tree| self.chosen(tree))
            .collect();
        let mut out = Outgoing::default();
        if component.kind.is_chooser() || component.kind.is_router() {
            self.outgoing_of_proxy(component, trees, traffic, &mut out.links);
        } else if messaging::hands_each_message_to_one(component) && !trees.is_empty() {
            self.tree(&self.competing(trees), traffic, &mut out.links);
        } else {
            for tree in &trees {
                self.tree(tree, traffic * self.share_alone(component, tree), &mut out.links);
            }
        }
        for (link, traffic) in &mut out.links {
            *traffic = self.over(*link, *traffic);
        }
        self.answer_from_copies(component, &mut out);
        self.spare_cached_stores(&mut out);
        out
    }

    /// Of alternatives, fallbacks and routes those that the journey's path names, where it names any.
    fn chosen(&self, tree: CallTree) -> CallTree {
        let Some(path) = self.path() else { return tree };
        match tree {
            CallTree::Set(Relation::All, members) => {
                CallTree::Set(Relation::All, members.into_iter().map(|it| self.chosen(it)).collect())
            }
            CallTree::Set(..) => tree.narrowed(&|link| path.takes(link)).unwrap_or(tree),
            CallTree::Link(_) => tree,
        }
    }

    /// The share of requests that takes a link of a statement of its own: routes may be written so, one link each.
    /// A client's is already in what arrives.
    fn share_alone(&self, component: &Component, tree: &CallTree) -> f64 {
        let CallTree::Link(link) = tree else { return 1.0 };
        let is_alone = || {
            let mut calls = self.architecture.calls_of(component.id);
            calls.any(|call| matches!(call.tree, CallTree::Link(it) if it == *link))
        };
        match self.architecture.link(*link).figure(Property::Share) {
            Some(share) if !component.kind.is_outside() && is_alone() => share,
            _ => 1.0,
        }
    }

    /// Consumers of one queue share its messages; where the path names some of them, these do.
    fn competing(&self, trees: Vec<CallTree>) -> CallTree {
        let mut consumers: Vec<CallTree> = Vec::new();
        for tree in trees {
            match tree {
                CallTree::Set(Relation::All, members) => consumers.extend(members),
                tree => consumers.push(tree),
            }
        }
        self.chosen(CallTree::Set(Relation::Route, consumers))
    }

    fn outgoing_of_proxy(
        &self,
        component: &Component,
        trees: Vec<CallTree>,
        traffic: Traffic,
        out: &mut Vec<(LinkId, Traffic)>,
    ) {
        let mut apart: Vec<CallTree> = Vec::new();
        let mut waiting = trees;
        waiting.reverse();
        while let Some(tree) = waiting.pop() {
            match tree {
                CallTree::Set(Relation::All, members) => waiting.extend(members.into_iter().rev()),
                CallTree::Link(link) => {
                    let kind = self.architecture.component(self.architecture.link(link).target).kind;
                    if component.kind.is_router() && !serves_requests(kind) {
                        out.push((link, traffic));
                    } else {
                        apart.push(CallTree::Link(link));
                    }
                }
                CallTree::Set(..) => apart.push(tree),
            }
        }
        match apart.len() {
            0 => {}
            1 => self.tree(&apart[0], traffic, out),
            _ => self.tree(&CallTree::Set(Relation::Route, apart), traffic, out),
        }
    }

    fn tree(&self, tree: &CallTree, traffic: Traffic, out: &mut Vec<(LinkId, Traffic)>) {
        match tree {
            CallTree::Link(link) => out.push((*link, traffic)),
            CallTree::Set(Relation::All, members) => {
                for member in members {
                    self.tree(member, traffic, out);
                }
            }
            CallTree::Set(Relation::Else, members) => {
                for (at, member) in members.iter().enumerate() {
                    self.tree(member, if at == 0 { traffic } else { Traffic::NONE }, out);
                }
            }
            CallTree::Set(Relation::Any | Relation::Route, members) => {
                // Reads can't take a way that only writes take: each kind of traffic is parted by itself.
                let part = |of: fn(&Traffic) -> Rate, takes: fn(&Link) -> bool| -> Vec<Rate> {
                    let open: Vec<bool> = members
                        .iter()
                        .map(|it| it.links().iter().any(|link| takes(self.architecture.link(*link))))
                        .collect();
                    let stated: Vec<Option<f64>> = members.iter().map(|it| self.stated_share(it)).collect();
                    parts(&open, &stated).into_iter().map(|share| of(&traffic) * share).collect()
                };
                let reads = part(|it| it.reads, |link| !link.is_writes_only());
                let writes = part(|it| it.writes, |link| !link.is_reads_only());
                let other = part(|it| it.other, |_| true);
                for (at, member) in members.iter().enumerate() {
                    let traffic = Traffic { reads: reads[at], writes: writes[at], other: other[at] };
                    self.tree(member, traffic, out);
                }
            }
        }
    }

    fn stated_share(&self, tree: &CallTree) -> Option<f64> {
        let [link] = tree.links()[..] else { return None };
        self.architecture.link(link).figure(Property::Share)
    }

    /// A CDN, or a cache that fetches by itself, lets only its misses through.
    fn answer_from_copies(&self, component: &Component, out: &mut Outgoing) {
        if !matches!(component.kind, Kind::Cdn | Kind::Cache) || self.is_cold(component) {
            return;
        }
        for (link, traffic) in &mut out.links {
            let link = self.architecture.link(*link);
            let hit = answered(
                component,
                [&component.properties, &link.properties],
                self.journey,
                self.architecture,
            );
            let hits = Traffic::of_reads(traffic.reads * hit);
            traffic.reads = traffic.reads * (1.0 - hit);
            out.spared.push((component.id, link.target, hits));
        }
    }

    /// A cache beside a store lets only its misses through on its caller's own way to the store. What it fetches or
    /// writes there by itself does not come that way at all.
    fn spare_cached_stores(&self, out: &mut Outgoing) {
        let caches: Vec<&Component> = out
            .links
            .iter()
            .map(|(link, _)| self.architecture.component(self.architecture.link(*link).target))
            .filter(|target| target.kind == Kind::Cache && !self.circumstances.down.contains(&target.id))
            .collect();
        for cache in caches {
            let stores = stores_behind(self.architecture, cache);
            let fetched: Vec<ComponentId> = self
                .architecture
                .links_from(cache.id)
                .filter(|link| self.carries(link))
                .map(|link| link.target)
                .collect();
            let hit = hit_ratio(cache).filter(|_| !self.is_cold(cache));
            for (link, traffic) in &mut out.links {
                let link = self.architecture.link(*link);
                if !stores.contains(&link.target) || link.source == cache.id {
                    continue;
                }
                if fetched.contains(&link.target) && !link.is_reads_only() {
                    traffic.reads = Rate::ZERO;
                    if writes_through(cache) && !link.is_writes_only() {
                        traffic.writes = Rate::ZERO;
                    }
                } else if let Some(hit) = hit {
                    out.spared.push((cache.id, link.target, Traffic::of_reads(traffic.reads * hit)));
                    traffic.reads = traffic.reads * (1.0 - hit);
                }
            }
        }
    }

    fn is_cold(&self, cache: &Component) -> bool {
        self.circumstances.cold.contains(&cache.id)
    }

    /// Whether what is written comes to a store only through the cache that a link calls: it passes as it is. Beside a
    /// direct link it is an invalidation.
    fn leads_on(&self, link: &Link) -> bool {
        let mut ways = self.architecture.links_from(link.target).filter(|way| {
            self.architecture.component(way.target).kind.is_store()
                && self.carries(way)
                && !way.is_reads_only()
        });
        ways.any(|way| {
            let mut beside = self.architecture.links_from(link.source);
            !beside.any(|it| it.target == way.target && !it.is_reads_only() && self.carries(it))
        })
    }

    /// What arrives at the far end of a link: `calls` multiply, a mark lets only reads or writes pass, a stated
    /// rate replaces all; caches, replicas, registries and the like are read also while something is written.
    fn over(&self, id: LinkId, traffic: Traffic) -> Traffic {
        let link = self.architecture.link(id);
        let mut traffic = traffic * calls_per_request(self.architecture, link);
        if link.is_reads_only() {
            // A journey that only writes and comes by here all the same looks something up on its way.
            let looks_up = self.journey.mode == Mode { reads: false, writes: true };
            let reads = if looks_up { traffic.total() } else { traffic.reads + traffic.other };
            traffic = Traffic::of_reads(reads);
        } else if link.is_writes_only() {
            // One that only reads and comes by here all the same notes something down.
            let notes_down = self.journey.mode == Mode { reads: true, writes: false };
            let writes = if notes_down { traffic.total() } else { traffic.writes + traffic.other };
            traffic = Traffic::of_writes(writes);
        } else {
            let target = self.architecture.component(link.target);
            let is_read = matches!(
                target.kind,
                Kind::Registry | Kind::Identity | Kind::SearchIndex | Kind::Secrets | Kind::Config
            ) || target.kind == Kind::Cache && !writes_through(target) && !self.leads_on(link)
                || target.is_replica();
            if is_read {
                let reads = traffic.reads + traffic.writes;
                traffic = Traffic { reads, writes: Rate::ZERO, ..traffic };
            }
        }
        if let Some(all) = link.rate(Property::Rate) {
            return Traffic::of_other(all);
        }
        Traffic {
            reads: link.rate(Property::Reads).unwrap_or(traffic.reads),
            writes: link.rate(Property::Writes).unwrap_or(traffic.writes),
            ..traffic
        }
    }
}

/// The calls that one request makes by a link on average: what is written, and one for each shard where all are
/// asked.
pub fn calls_per_request(architecture: &Architecture, link: &Link) -> f64 {
    let calls = link.figure(Property::Calls).unwrap_or(1.0);
    if link.has(Property::Scatter) { calls * architecture.component(link.target).shards() } else { calls }
}

/// The share of reads that a cache or CDN answers on the way to what it fetches from: no more than may be kept.
pub(in crate::analysis) fn answered(
    cache: &Component,
    stated: [&crate::model::Properties; 2],
    journey: &Journey,
    architecture: &Architecture,
) -> f64 {
    let of_flow = journey.properties(architecture);
    let keeps = stated.into_iter().chain(of_flow).filter_map(|properties| {
        let is_none = properties.is_absent(Property::Cacheable);
        if is_none { Some(0.0) } else { properties.figure(Property::Cacheable) }
    });
    hit_ratio(cache).map_or(0.0, |hit| keeps.fold(hit, f64::min))
}

fn writes_through(cache: &Component) -> bool {
    cache.is(Property::Strategy, "write_through")
        || cache.is(Property::Strategy, "write_behind")
        || cache.has(Property::SourceOfTruth)
}

/// Parts one among several: by the shares that are stated, what is left evenly over the others. Where all of those
/// that are open say theirs, they take all between them: who is down or not meant leaves nothing behind.
fn parts(open: &[bool], stated: &[Option<f64>]) -> Vec<f64> {
    let taken: f64 = open.iter().zip(stated).filter(|(open, _)| **open).filter_map(|(_, share)| *share).sum();
    let unstated = open.iter().zip(stated).filter(|(open, share)| **open && share.is_none()).count();
    let is_whole = (unstated == 0 || taken > 1.0) && taken > 0.0;
    let whole = if is_whole { taken } else { 1.0 };
    let left = (whole - taken) / unstated.max(1) as f64;
    let part = |share: Option<f64>| share.unwrap_or(left) / whole;
    open.iter().zip(stated).map(|(open, share)| if *open { part(*share) } else { 0.0 }).collect()
}
