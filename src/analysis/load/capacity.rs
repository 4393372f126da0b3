//! What one replica carries, and how busy a component's nodes are.

use super::Traffic;
use crate::catalogue::{Fact, Facts, Kind};
use crate::model::{Architecture, Component, ComponentId, Property};
use crate::quantity::Rate;

/// How busy a node is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Utilisation {
    /// The part of its capacity, 1 is full.
    pub share: f64,
    /// Whether the capacity is the catalogue's.
    pub is_assumed: bool,
}

/// What one replica carries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capacity {
    /// Reads.
    pub reads: Rate,
    /// Writes.
    pub writes: Rate,
    /// Whether it is the catalogue's.
    pub is_assumed: bool,
    /// The catalogue's facts of reads and of writes, where it is.
    pub facts: Option<[Fact; 2]>,
}

impl Capacity {
    /// The capacity of one replica: as written, else the catalogue's.
    pub fn of(component: &Component) -> Option<Self> {
        let written = |property| component.rate(property).filter(|it| it.is_positive());
        let all = written(Property::Capacity);
        let reads = written(Property::ReadCapacity).or(all);
        let writes = written(Property::WriteCapacity).or(all);
        if reads.is_some() || writes.is_some() {
            return Some(Self {
                reads: reads.unwrap_or(Rate::INFINITE),
                writes: writes.unwrap_or(Rate::INFINITE),
                is_assumed: false,
                facts: None,
            });
        }
        let known = component.known();
        let get = |fact: fn(&Facts) -> Option<Fact>| known.get(fact).filter(|fact| fact.value > 0.0);
        let all = get(|facts| facts.capacity);
        let reads = get(|facts| facts.read_capacity).or(all)?;
        let writes = get(|facts| facts.write_capacity).or(all)?;
        Some(Self {
            reads: reads.rate(),
            writes: writes.rate(),
            is_assumed: true,
            facts: Some([reads, writes]),
        })
    }

    /// The part of the busiest node that some traffic uses. Stores apply every write on every node of a shard:
    /// R ÷ (n·c_r) + W ÷ c_w; what has no state spreads all of it.
    pub fn share(&self, component: &Component, traffic: Traffic, replicas: f64) -> f64 {
        let shards = component.shards();
        let reads = (traffic.reads + traffic.other) / self.reads;
        let writes = traffic.writes / self.writes;
        if writes_to_every_node(component) {
            let readers = if has_unreadable_standby(component) { 1.0 } else { replicas.max(1.0) };
            return (reads / readers + writes) / shards;
        }
        (reads + writes) / (replicas.max(1.0) * shards)
    }
}

/// Whether each of its nodes applies all writes of its shard: a store's do, but for those that spread keys over their
/// nodes by themselves, of which it is only said how many nodes there are.
pub fn writes_to_every_node(component: &Component) -> bool {
    let is_split = component.shards() > 1.0;
    let model = component.word(Property::Model).or_else(|| component.known().get(|facts| facts.model));
    let spreads_keys = component.kind == Kind::SearchIndex || model == Some("wide_column");
    component.kind.is_store() && (is_split || !spreads_keys) || component.kind == Kind::Cache && is_split
}

/// Whether its other nodes only wait to take over: a standby is not readable.
pub fn has_unreadable_standby(component: &Component) -> bool {
    component.has(Property::Standby) || component.is(Property::Mode, "active_passive")
}

/// What a cache keeps copies of: as it says, else the stores that its callers call as well.
pub fn stores_behind(architecture: &Architecture, cache: &Component) -> Vec<ComponentId> {
    let stated = architecture.references(cache, Property::Caches);
    // The place of its own data is a copy of nothing.
    if !stated.is_empty() || cache.has(Property::SourceOfTruth) {
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
    let stated = component.figure(Property::HitRatio);
    // What is said that no cache can do is told of, and is not reckoned with.
    stated
        .map(|ratio| ratio.clamp(0.0, 1.0))
        .or_else(|| component.known().get(|facts| facts.hit_ratio).map(|fact| fact.value))
}
