//! Load along the links: what each component and link carries, on average and at peak.
//!
//! Every amount is a mean and takes the peak factor for its peak. Reads and writes go apart. Nothing is invented:
//! a journey without a rate leaves all that it reaches unknown.

use std::ops::{Add, AddAssign, Mul};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

use super::journey::{Journey, Mode};
use crate::catalogue::{Fact, Facts, Kind, parameter};
use crate::model::{
    Architecture, CallTree, Component, ComponentId, Link, LinkId, Path, Properties, Property, Replicas,
};
use crate::syntax::ast::{Dimension, Relation};

/// Requests a second, by what they do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Reads a second.
    pub reads: f64,
    /// Writes a second.
    pub writes: f64,
    /// Requests a second of which it is not said whether they read or write.
    pub other: f64,
}

impl Traffic {
    /// All requests a second.
    pub fn total(self) -> f64 {
        self.reads + self.writes + self.other
    }
}

impl Add for Traffic {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            reads: self.reads + more.reads,
            writes: self.writes + more.writes,
            other: self.other + more.other,
        }
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        *self = *self + more;
    }
}

impl Mul<f64> for Traffic {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self { reads: self.reads * factor, writes: self.writes * factor, other: self.other * factor }
    }
}

/// What something carries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    /// On average.
    pub mean: Traffic,
    /// In the busiest hour.
    pub peak: Traffic,
    /// Whether a journey without a rate reaches it as well: then this is only a part.
    pub is_partial: bool,
    /// Whether any journey with a rate reaches it.
    pub is_reached: bool,
}

impl Demand {
    /// Whether all of it is known.
    pub fn is_known(&self) -> bool {
        self.is_reached && !self.is_partial
    }
}

/// The traffic of one journey where it enters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// On average.
    pub mean: Traffic,
    /// The peak against the mean.
    pub peak_factor: f64,
    /// Whether the peak factor is the catalogue's.
    pub is_peak_assumed: bool,
}

/// The load of a design.
#[derive(Debug, Default)]
pub struct Load {
    components: Vec<Demand>,
    links: Vec<Demand>,
    /// The rate of each base journey; none where it is not said.
    pub rates: Vec<Option<Rate>>,
    /// Caches whose store would be over its written capacity at peak without them.
    pub cold_caches: FxHashSet<ComponentId>,
}

impl Load {
    /// Computes it.
    pub fn of(architecture: &Architecture, bases: &[Journey]) -> Self {
        let rates = rates(architecture, bases);
        let mut load = Self::with_rates(architecture, bases, rates, None);
        load.cold_caches = load.cold_caches(architecture, bases);
        load
    }

    fn with_rates(
        architecture: &Architecture,
        bases: &[Journey],
        rates: Vec<Option<Rate>>,
        cold: Option<ComponentId>,
    ) -> Self {
        let mut load = Self {
            components: vec![Demand::default(); architecture.components().len()],
            links: vec![Demand::default(); architecture.links().len()],
            rates,
            cold_caches: FxHashSet::default(),
        };
        for journey in bases {
            let rate = load.rates[journey.base];
            load.propagate(architecture, journey, rate, cold);
        }
        for (journey, rate) in own_rates(architecture) {
            load.propagate(architecture, &journey, Some(rate), cold);
        }
        load.replicate(architecture);
        load
    }

    /// What a component carries.
    pub fn component(&self, id: ComponentId) -> &Demand {
        &self.components[id.0 as usize]
    }

    /// What a link carries.
    pub fn link(&self, id: LinkId) -> &Demand {
        &self.links[id.0 as usize]
    }

    /// Whether any rate is known.
    pub fn is_known(&self) -> bool {
        self.rates.iter().any(Option::is_some)
    }

    /// The peak of all journeys together, per second; none where a rate is missing.
    pub fn total_peak(&self) -> Option<f64> {
        if self.rates.is_empty() {
            return None;
        }
        self.rates.iter().map(|rate| rate.map(|rate| rate.mean.total() * rate.peak_factor)).sum()
    }

    /// The mean of all journeys together, per second; none where a rate is missing.
    pub fn total_mean(&self) -> Option<f64> {
        if self.rates.is_empty() {
            return None;
        }
        self.rates.iter().map(|rate| rate.map(|rate| rate.mean.total())).sum()
    }

    /// Which part of a component's busiest node the peak uses, with this many replicas.
    pub fn utilisation_with(
        &self,
        architecture: &Architecture,
        component: &Component,
        replicas: u32,
    ) -> Option<Utilisation> {
        let demand = self.component(component.id);
        if !demand.is_reached {
            return None;
        }
        let capacity = Capacity::of(component)?;
        let _ = architecture;
        Some(Utilisation {
            share: capacity.share(component, demand.peak, f64::from(replicas)),
            is_assumed: capacity.is_assumed,
        })
    }

    /// Which part of a component's busiest node the peak uses; none where load, capacity or replicas are unknown.
    pub fn utilisation(&self, architecture: &Architecture, component: &Component) -> Option<Utilisation> {
        let replicas = match component.replicas {
            // Of a range the upper end carries the load; an open one says no number.
            Replicas::Stated { most, .. } => most?,
            Replicas::Unstated => 1,
            Replicas::Managed => return None,
        };
        self.utilisation_with(architecture, component, replicas)
    }

    fn cold_caches(&self, architecture: &Architecture, bases: &[Journey]) -> FxHashSet<ComponentId> {
        let mut found = FxHashSet::default();
        for cache in architecture.of_kind(Kind::Cache) {
            let stores: Vec<&Component> = stores_behind(architecture, cache)
                .into_iter()
                .map(|id| architecture.component(id))
                .filter(|store| Capacity::of(store).is_some_and(|capacity| !capacity.is_assumed))
                .collect();
            if stores.is_empty() || !self.component(cache.id).is_reached {
                continue;
            }
            let cold = Self::with_rates(architecture, bases, self.rates.clone(), Some(cache.id));
            let is_over = |load: &Self, store: &Component| {
                load.utilisation(architecture, store).is_some_and(|it| it.share > 1.0)
            };
            if stores.iter().any(|store| is_over(&cold, store)) {
                found.insert(cache.id);
            }
        }
        found
    }

    /// The load with one cache answering nothing.
    #[must_use]
    pub fn without_cache(&self, architecture: &Architecture, bases: &[Journey], cache: ComponentId) -> Self {
        Self::with_rates(architecture, bases, self.rates.clone(), Some(cache))
    }

    /// Copies of data apply what their source writes.
    fn replicate(&mut self, architecture: &Architecture) {
        for link in architecture.links().filter(|link| link.copies_data()) {
            let source = self.components[link.source.0 as usize];
            let only_writes = |traffic: Traffic| Traffic { writes: traffic.writes, ..Traffic::default() };
            let target = &mut self.components[link.target.0 as usize];
            target.mean += only_writes(source.mean);
            target.peak += only_writes(source.peak);
            target.is_partial |= source.is_partial;
            let of_link = &mut self.links[link.id.0 as usize];
            of_link.mean += only_writes(source.mean);
            of_link.peak += only_writes(source.peak);
            of_link.is_reached |= source.is_reached;
        }
    }

    fn propagate(
        &mut self,
        architecture: &Architecture,
        journey: &Journey,
        rate: Option<Rate>,
        cold: Option<ComponentId>,
    ) {
        let spread = Spread::new(architecture, journey, cold);
        let amount = rate.map_or(Traffic::default(), |rate| rate.mean);
        let factor = rate.map_or(1.0, |rate| rate.peak_factor);
        let mut carried: Vec<Traffic> = vec![Traffic::default(); spread.order.len()];
        let share = 1.0 / journey.entries.len().max(1) as f64;
        for entry in &journey.entries {
            if let Some(at) = spread.places.get(entry) {
                carried[*at] += amount * share;
            }
        }
        for at in 0..spread.order.len() {
            let id = spread.order[at];
            let traffic = carried[at];
            let demand = &mut self.components[id.0 as usize];
            demand.mean += traffic;
            demand.peak += traffic * factor;
            demand.is_reached |= rate.is_some();
            demand.is_partial |= rate.is_none();
            for (link, traffic) in spread.outgoing(id, traffic) {
                let demand = &mut self.links[link.0 as usize];
                demand.mean += traffic;
                demand.peak += traffic * factor;
                demand.is_reached |= rate.is_some();
                demand.is_partial |= rate.is_none();
                if let Some(target) = spread.places.get(&architecture.link(link).target) {
                    carried[*target] += traffic;
                }
            }
        }
    }
}

/// How busy a node is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Utilisation {
    /// The part of its capacity, 1 is full.
    pub share: f64,
    /// Whether the capacity is the catalogue's.
    pub is_assumed: bool,
}

/// What one replica carries, per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Reads a second.
    pub reads: f64,
    /// Writes a second.
    pub writes: f64,
    /// Whether it is the catalogue's.
    pub is_assumed: bool,
    /// The catalogue's fact, where it is.
    pub fact: Option<Fact>,
}

impl Capacity {
    /// The capacity of one replica: as written, else the catalogue's.
    pub fn of(component: &Component) -> Option<Self> {
        let written = |property| component.figure_of(property, Dimension::Rate).filter(|it| *it > 0.0);
        let all = written(Property::Capacity);
        let reads = written(Property::ReadCapacity).or(all);
        let writes = written(Property::WriteCapacity).or(all);
        if reads.is_some() || writes.is_some() {
            return Some(Self {
                reads: reads.unwrap_or(f64::INFINITY),
                writes: writes.unwrap_or(f64::INFINITY),
                is_assumed: false,
                fact: None,
            });
        }
        let known = component.known();
        let get = |fact: fn(&Facts) -> Option<Fact>| known.get(fact).filter(|fact| fact.value > 0.0);
        let all = get(|facts| facts.capacity);
        let reads = get(|facts| facts.read_capacity).or(all);
        let writes = get(|facts| facts.write_capacity).or(all);
        Some(Self { reads: reads?.value, writes: writes?.value, is_assumed: true, fact: reads })
    }

    /// The part of the busiest node that some traffic uses. Stores apply every write on every node of a shard:
    /// R ÷ (n·c_r) + W ÷ c_w; what has no state spreads all of it.
    pub fn share(&self, component: &Component, traffic: Traffic, replicas: f64) -> f64 {
        let shards = component.shards();
        let reads = (traffic.reads + traffic.other) / self.reads;
        let writes = traffic.writes / self.writes;
        if component.kind.is_store() || component.kind == Kind::Cache && component.shards() > 1.0 {
            let readers = if has_unreadable_standby(component) { 1.0 } else { replicas.max(1.0) };
            return (reads / readers + writes) / shards;
        }
        (reads + writes) / (replicas.max(1.0) * shards)
    }
}

/// Whether its other nodes only wait to take over: a standby is not readable.
pub fn has_unreadable_standby(component: &Component) -> bool {
    component.has(Property::Standby) || component.is(Property::Mode, "active_passive")
}

/// What a cache keeps copies of: as it says, else the stores that its callers call as well.
pub fn stores_behind(architecture: &Architecture, cache: &Component) -> Vec<ComponentId> {
    let stated = architecture.references(cache, Property::Caches);
    if !stated.is_empty() {
        return stated;
    }
    let mut found: Vec<ComponentId> = Vec::new();
    let callers = architecture.links_to(cache.id).map(|link| link.source);
    for id in callers.chain([cache.id]) {
        for link in architecture.links_from(id) {
            let is_store = architecture.component(link.target).kind == Kind::Database;
            if is_store && !link.is_async() && !found.contains(&link.target) {
                found.push(link.target);
            }
        }
    }
    found
}

/// The share of reads that a cache or CDN answers: as written, else the catalogue's.
pub fn hit_ratio(component: &Component) -> Option<f64> {
    component
        .figure(Property::HitRatio)
        .or_else(|| component.known().get(|facts| facts.hit_ratio).map(|fact| fact.value))
}

/// One journey's reach, in an order in which every component comes after all that send to it.
struct Spread<'a> {
    architecture: &'a Architecture,
    journey: &'a Journey,
    cold: Option<ComponentId>,
    order: Vec<ComponentId>,
    places: FxHashMap<ComponentId, usize>,
    closed: FxHashSet<LinkId>,
}

impl<'a> Spread<'a> {
    fn new(architecture: &'a Architecture, journey: &'a Journey, cold: Option<ComponentId>) -> Self {
        let mut spread = Self {
            architecture,
            journey,
            cold,
            order: Vec::new(),
            places: FxHashMap::default(),
            closed: FxHashSet::default(),
        };
        spread.arrange();
        spread
    }

    fn path(&self) -> Option<&'a Path> {
        self.journey.flow.map(|flow| &self.architecture.flow(flow).path).filter(|path| !path.is_empty())
    }

    /// Finds the reach breadth first, closes the links that lead back inside a cycle, and orders the rest.
    fn arrange(&mut self) {
        let mut found: Vec<ComponentId> = self.journey.entries.clone();
        let mut distance: FxHashMap<ComponentId, u32> = found.iter().map(|id| (*id, 0)).collect();
        let mut graph: DiGraph<ComponentId, LinkId> = DiGraph::new();
        let mut nodes: FxHashMap<ComponentId, NodeIndex> = FxHashMap::default();
        for id in &found {
            nodes.insert(*id, graph.add_node(*id));
        }
        let mut at = 0;
        while let Some(id) = found.get(at).copied() {
            at += 1;
            for link in self.architecture.links_from(id).filter(|link| self.carries(link)) {
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
        let rings = tarjan_scc(&graph);
        for (number, members) in rings.iter().enumerate() {
            for node in members {
                ring[node.index()] = number;
            }
        }
        // Tarjan gives the farthest ring first; inside a ring only links that lead farther are left open.
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

    /// Whether the journey's traffic takes a link at all.
    fn carries(&self, link: &Link) -> bool {
        let target = self.architecture.component(link.target);
        if target.kind.is_caller_only()
            || link.has(Property::For)
            || link.has(Property::Startup)
            || link.has(Property::Batch)
            || link.copies_data()
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
        let Some(path) = self.path() else { return self.fits(link) };
        if path.takes(link.id) {
            return true;
        }
        self.fits(link) && (link.is_async() || path.steps_from(link.source).is_empty())
    }

    fn fits(&self, link: &Link) -> bool {
        let mode = self.journey.mode;
        (mode.reads || !link.is_reads_only()) && (mode.writes || !link.is_writes_only())
    }

    /// What leaves a component by each link.
    fn outgoing(&self, id: ComponentId, traffic: Traffic) -> Vec<(LinkId, Traffic)> {
        let component = self.architecture.component(id);
        let mut traffic = traffic;
        // A CDN, or a cache that fetches by itself, lets only its misses through.
        let fetches = component.kind == Kind::Cdn || component.kind == Kind::Cache;
        if fetches && self.cold != Some(id) {
            traffic.reads *= 1.0 - hit_ratio(component).unwrap_or(0.0);
        }
        let is_open =
            |link: LinkId| !self.closed.contains(&link) && self.carries(self.architecture.link(link));
        let trees: Vec<CallTree> = self
            .architecture
            .calls_of(id)
            .filter_map(|call| call.tree.narrowed(&|link| is_open(link)))
            .map(|tree| self.chosen(tree))
            .collect();
        let mut out: Vec<(LinkId, Traffic)> = Vec::new();
        if component.kind.is_chooser() || component.kind.is_router() {
            self.outgoing_of_proxy(component, trees, traffic, &mut out);
        } else {
            for tree in &trees {
                self.tree(tree, traffic, &mut out);
            }
        }
        for (link, traffic) in &mut out {
            *traffic = self.over(*link, *traffic);
        }
        self.spare_cached_stores(&mut out);
        out
    }

    /// Of alternatives and routes those that the journey's path names, where it names any.
    fn chosen(&self, tree: CallTree) -> CallTree {
        let CallTree::Set(Relation::Any | Relation::Route, _) = tree else { return tree };
        let Some(path) = self.path() else { return tree };
        tree.narrowed(&|link| path.takes(link)).unwrap_or(tree)
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
                    let is_used = component.kind.is_router()
                        && (kind.is_stateless() && !kind.is_compute() && !kind.is_proxy()
                            || kind.holds_data() && !matches!(kind, Kind::ObjectStore | Kind::FileStore)
                            || matches!(
                                kind,
                                Kind::Identity | Kind::Secrets | Kind::Config | Kind::Registry
                            ));
                    if is_used {
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
                    self.tree(member, if at == 0 { traffic } else { Traffic::default() }, out);
                }
            }
            CallTree::Set(Relation::Any | Relation::Route, members) => {
                // Reads can't take a way that only writes take: each kind of traffic is parted by itself.
                let part = |of: fn(&Traffic) -> f64, takes: fn(&Link) -> bool| -> Vec<f64> {
                    let open: Vec<bool> = members
                        .iter()
                        .map(|it| it.links().iter().any(|link| takes(self.architecture.link(*link))))
                        .collect();
                    let stated: Vec<Option<f64>> = members.iter().map(|it| self.stated_share(it)).collect();
                    parts(&open, &stated).into_iter().map(|share| share * of(&traffic)).collect()
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

    /// A cache beside a store lets only its misses through on its caller's own way to the store.
    fn spare_cached_stores(&self, out: &mut [(LinkId, Traffic)]) {
        let caches: Vec<&Component> = out
            .iter()
            .map(|(link, _)| self.architecture.component(self.architecture.link(*link).target))
            .filter(|target| target.kind == Kind::Cache && Some(target.id) != self.cold)
            .collect();
        for cache in caches {
            let Some(hit) = hit_ratio(cache) else { continue };
            let stores = stores_behind(self.architecture, cache);
            for (link, traffic) in out.iter_mut() {
                if stores.contains(&self.architecture.link(*link).target) {
                    traffic.reads *= 1.0 - hit;
                }
            }
        }
    }

    /// What arrives at the far end of a link: `calls` multiply, a mark lets only reads or writes pass, a stated
    /// rate replaces all; caches, replicas, registries and the like are read also while something is written.
    fn over(&self, id: LinkId, traffic: Traffic) -> Traffic {
        let link = self.architecture.link(id);
        let mut traffic = traffic * link.figure(Property::Calls).unwrap_or(1.0);
        if link.is_reads_only() {
            // A journey that only writes and comes by here all the same looks something up on its way.
            let looks_up = self.journey.mode == Mode { reads: false, writes: true };
            let reads = if looks_up { traffic.total() } else { traffic.reads + traffic.other };
            traffic = Traffic { reads, ..Traffic::default() };
        } else if link.is_writes_only() {
            traffic = Traffic { writes: traffic.writes + traffic.other, ..Traffic::default() };
        } else {
            let target = self.architecture.component(link.target);
            let is_read = matches!(
                target.kind,
                Kind::Registry | Kind::Identity | Kind::SearchIndex | Kind::Secrets | Kind::Config
            ) || target.kind == Kind::Cache && !writes_through(target)
                || target.is_replica();
            if is_read {
                traffic = Traffic { reads: traffic.reads + traffic.writes, writes: 0.0, ..traffic };
            }
        }
        for (property, into) in [
            (Property::Rate, &mut traffic.other),
            (Property::Reads, &mut traffic.reads),
            (Property::Writes, &mut traffic.writes),
        ] {
            if let Some(rate) = link.figure_of(property, Dimension::Rate) {
                *into = rate;
            }
        }
        if link.figure_of(Property::Rate, Dimension::Rate).is_some() {
            traffic.reads = 0.0;
            traffic.writes = 0.0;
        }
        traffic
    }
}

fn writes_through(cache: &Component) -> bool {
    cache.is(Property::Strategy, "write_through")
        || cache.is(Property::Strategy, "write_behind")
        || cache.has(Property::SourceOfTruth)
}

/// Parts one among several: by the shares that are stated, what is left evenly over the others.
fn parts(open: &[bool], stated: &[Option<f64>]) -> Vec<f64> {
    let taken: f64 = open.iter().zip(stated).filter(|(open, _)| **open).filter_map(|(_, share)| *share).sum();
    let unstated = open.iter().zip(stated).filter(|(open, share)| **open && share.is_none()).count();
    let left = (1.0 - taken).max(0.0) / unstated.max(1) as f64;
    open.iter().zip(stated).map(|(open, share)| if *open { share.unwrap_or(left) } else { 0.0 }).collect()
}

// ---- where the traffic comes from

/// The rates that something states: reads and writes apart where it says, else by its ratio.
#[derive(Clone, Copy, Debug, Default)]
struct Stated {
    total: Option<f64>,
    reads: Option<f64>,
    writes: Option<f64>,
}

impl Stated {
    fn of(properties: &Properties, ratio: Option<f64>) -> Self {
        let rate = |property| properties.figure_of(property, Dimension::Rate);
        let users = [Property::DailyUsers, Property::Users, Property::MonthlyUsers]
            .into_iter()
            .find_map(|property| properties.figure(property));
        let by_users = users.zip(rate(Property::PerUser)).map(|(users, rate)| users * rate);
        let mut stated = Self {
            total: rate(Property::Rate).or(by_users),
            reads: rate(Property::Reads),
            writes: rate(Property::Writes),
        };
        if let Some(ratio) = ratio.filter(|it| *it > 0.0) {
            match (stated.total, stated.reads, stated.writes) {
                (_, Some(reads), None) => stated.writes = Some(reads / ratio),
                (_, None, Some(writes)) => stated.reads = Some(writes * ratio),
                (Some(total), None, None) => {
                    stated.reads = Some(total * ratio / (1.0 + ratio));
                    stated.writes = Some(total / (1.0 + ratio));
                }
                _ => {}
            }
        }
        if stated.total.is_none() && stated.reads.is_some() && stated.writes.is_some() {
            stated.total = stated.reads.zip(stated.writes).map(|(reads, writes)| reads + writes);
        }
        stated
    }

    fn is_empty(&self) -> bool {
        self.total.is_none() && self.reads.is_none() && self.writes.is_none()
    }

    /// As traffic of this mode.
    fn traffic(&self, mode: Mode) -> Option<Traffic> {
        match (mode.reads, mode.writes) {
            (true, false) => {
                let reads = self.total.or(self.reads)?;
                Some(Traffic { reads, ..Traffic::default() })
            }
            (false, true) => {
                let writes = self.total.or(self.writes)?;
                Some(Traffic { writes, ..Traffic::default() })
            }
            _ => match (self.reads, self.writes) {
                (None, None) => self.total.map(|other| Traffic { other, ..Traffic::default() }),
                (reads, writes) => {
                    Some(Traffic { reads: reads.unwrap_or(0.0), writes: writes.unwrap_or(0.0), other: 0.0 })
                }
            },
        }
    }
}

fn ratio_of(architecture: &Architecture, properties: Option<&Properties>) -> Option<f64> {
    properties
        .and_then(|it| it.figure(Property::ReadsPerWrite))
        .or_else(|| architecture.system.properties.figure(Property::ReadsPerWrite))
}

/// The rate of each base journey: its own, else its part of the system's.
fn rates(architecture: &Architecture, bases: &[Journey]) -> Vec<Option<Rate>> {
    let system = Stated::of(&architecture.system.properties, ratio_of(architecture, None));
    let of_entry = |journey: &Journey| match journey.entries[..] {
        [only] if journey.flow.is_none() => Some(&architecture.component(only).properties),
        _ => None,
    };
    let own: Vec<Option<Traffic>> = bases
        .iter()
        .map(|journey| {
            let properties = journey.properties(architecture).or_else(|| of_entry(journey))?;
            let stated = Stated::of(properties, ratio_of(architecture, Some(properties)));
            if stated.is_empty() {
                return None;
            }
            // A client's own rate is parted among its journeys.
            let siblings = match journey.flow {
                Some(_) => 1,
                None => bases.iter().filter(|it| it.entries == journey.entries).count(),
            };
            stated.traffic(journey.mode).map(|it| it * (1.0 / siblings as f64))
        })
        .collect();
    let taken = own.iter().flatten().fold(Traffic::default(), |sum, it| sum + *it);
    let shares: Vec<Option<f64>> = bases
        .iter()
        .map(|journey| {
            let properties = journey.properties(architecture).or_else(|| of_entry(journey))?;
            properties.figure(Property::Share)
        })
        .collect();
    let left = Left::new(&system, taken, bases, &own, &shares);
    bases
        .iter()
        .enumerate()
        .map(|(at, journey)| {
            let mean = own[at].or_else(|| match shares[at] {
                Some(share) => Stated {
                    total: system.total.map(|it| it * share),
                    reads: system.reads.map(|it| it * share),
                    writes: system.writes.map(|it| it * share),
                }
                .traffic(journey.mode),
                None => left.part(journey.mode),
            })?;
            Some(with_peak(architecture, journey, mean))
        })
        .collect()
}

/// What is left of the system's traffic for the journeys that state neither rate nor share, evenly.
struct Left {
    reads: Option<f64>,
    writes: Option<f64>,
    total: Option<f64>,
}

impl Left {
    fn new(
        system: &Stated,
        taken: Traffic,
        bases: &[Journey],
        own: &[Option<Traffic>],
        shares: &[Option<f64>],
    ) -> Self {
        let open = || {
            bases
                .iter()
                .enumerate()
                .filter(|(at, _)| own[*at].is_none() && shares[*at].is_none())
                .map(|(_, journey)| journey.mode)
        };
        let spoken_for: f64 = shares.iter().flatten().sum();
        let part = |all: Option<f64>, taken: f64, count: usize| {
            all.map(|all| (all * (1.0 - spoken_for) - taken).max(0.0) / count.max(1) as f64)
        };
        Self {
            reads: part(system.reads, taken.reads, open().filter(|mode| mode.reads).count()),
            writes: part(system.writes, taken.writes, open().filter(|mode| mode.writes).count()),
            total: part(system.total, taken.total(), open().count()),
        }
    }

    fn part(&self, mode: Mode) -> Option<Traffic> {
        let apart = Stated { total: None, reads: self.reads, writes: self.writes };
        if !apart.is_empty() {
            return apart.traffic(mode);
        }
        Stated { total: self.total, reads: None, writes: None }.traffic(mode)
    }
}

fn with_peak(architecture: &Architecture, journey: &Journey, mean: Traffic) -> Rate {
    let own = journey.properties(architecture);
    let system = &architecture.system.properties;
    let total = mean.total();
    if let Some(peak) = own.and_then(|it| it.figure(Property::Peak))
        && total > 0.0
    {
        return Rate { mean, peak_factor: peak / total, is_peak_assumed: false };
    }
    let stated = own
        .and_then(|it| it.figure(Property::PeakFactor))
        .or_else(|| system.figure(Property::PeakFactor))
        .or_else(|| {
            let all = Stated::of(system, ratio_of(architecture, None)).total?;
            system.figure(Property::Peak).filter(|_| all > 0.0).map(|peak| peak / all)
        });
    Rate {
        mean,
        peak_factor: stated.unwrap_or(parameter::PEAK_FACTOR.fact.value),
        is_peak_assumed: stated.is_none(),
    }
}

/// Components that state a rate of their own and that no journey starts at: schedulers, batch jobs.
fn own_rates(architecture: &Architecture) -> Vec<(Journey, Rate)> {
    architecture
        .components()
        .filter(|component| {
            !component.kind.is_outside()
                && component.figure(Property::Rate).is_some()
                && architecture.links_to(component.id).len() == 0
                && architecture.flows().all(|flow| !flow.path.heads.contains(&component.id))
        })
        .filter(|component| architecture.flows().len() > 0 || component.has(Property::Every))
        .filter_map(|component| {
            let journey = Journey::of_component(component);
            let mean = Stated::of(component, None).traffic(journey.mode)?;
            let rate = with_peak(architecture, &journey, mean);
            Some((journey, rate))
        })
        .collect()
}
