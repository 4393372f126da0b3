//! What a cache should hold, against the memory that it has.

use super::{Limit, nodes};
use crate::analysis::load::{self, Load};
use crate::analysis::storage::{self, Data};
use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Architecture, Component, Property};
use crate::quantity::{Duration, Size};
use crate::worked::Worked;

/// What a cache should hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// How much.
    pub size: Worked<Size>,
    /// Whether it is the usual hot part of what is read, and not what the cache itself states.
    pub is_hot_set: bool,
}

/// The memory that the nodes of a cache have for different data.
#[derive(Clone, Debug, PartialEq)]
pub struct Memory {
    /// Of one node.
    pub each: Limit<Size>,
    /// Nodes that hold different parts.
    pub parts: f64,
}

impl Memory {
    /// Of a cache: as written, else the catalogue's. Shards hold different parts, replicas the same.
    pub fn of(cache: &Component) -> Option<Self> {
        let stated = cache.size(Property::Memory).filter(|it| it.is_positive()).map(Limit::stated);
        let known = || cache.known().get(|facts| facts.memory).map(|fact| Limit::assumed(fact.size()));
        let is_parted = cache.engine().is_some_and(|engine| engine.facts.spreads_data);
        let parts = match cache.figure(Property::Shards) {
            None if is_parted => nodes(cache)?,
            _ => cache.shards(),
        };
        // Nobody says how much of another company's memory there is.
        let each = stated.or_else(|| known().filter(|_| !cache.is_managed()))?;
        Some(Self { each, parts })
    }

    /// All of it.
    pub fn total(&self) -> Size {
        self.each.most * self.parts
    }
}

/// A cache that has too little.
#[derive(Clone, Debug)]
pub struct Undersized<'a> {
    /// Which.
    pub cache: &'a Component,
    /// What it should hold.
    pub contents: Contents,
    /// What it has.
    pub memory: Memory,
}

/// The caches whose contents exceed their memory.
pub fn undersized<'a>(architecture: &'a Architecture, load: &Load) -> Vec<Undersized<'a>> {
    let mut caches = architecture.of_kind(Kind::Cache).peekable();
    if caches.peek().is_none() {
        return Vec::new();
    }
    let data = storage::data(architecture, load);
    caches
        .filter_map(|cache| {
            let memory = Memory::of(cache)?;
            let contents = contents(architecture, load, &data, cache)?;
            (contents.size.value > memory.total()).then_some(Undersized { cache, contents, memory })
        })
        .collect()
}

/// What a cache should hold: what it states, else the hot set of what it caches.
fn contents(
    architecture: &Architecture,
    load: &Load,
    data: &[Option<Data>],
    cache: &Component,
) -> Option<Contents> {
    if let Some(size) = stated_contents(&architecture.parameters, cache) {
        return Some(Contents { size, is_hot_set: false });
    }
    hot_set(architecture, load, data, cache).map(|size| Contents { size, is_hot_set: true })
}

fn stated_contents(parameters: &Parameters, cache: &Component) -> Option<Worked<Size>> {
    if let Some(stored) = cache.size(Property::Storage) {
        return Some(Worked::given(stored, stored.to_string()));
    }
    let (records, each) = cache.figure(Property::Records).zip(cache.size(Property::RecordSize))?;
    Some(storage::Stock::Records(records, each).worked() * overhead(parameters))
}

/// Whether all that a cache states to keep fits into the memory that it states, so that it is never full.
pub fn has_room_for_all(parameters: &Parameters, cache: &Component) -> bool {
    let memory = Memory::of(cache).filter(|it| !it.each.is_assumed);
    stated_contents(parameters, cache).zip(memory).is_some_and(|(all, memory)| all.value <= memory.total())
}

fn overhead(parameters: &Parameters) -> Worked<f64> {
    let factor = 1.0 + parameters.cache_overhead.value;
    Worked::given(factor, figures::number(factor))
}

/// The part of a day's distinct read bytes that is worth caching: 20 % × reads a day × size of a record × 1.2.
///
/// No more is read than there is: where a day's reads are more than the data that is cached, that is what is
/// distinct of them. Where nobody says how much data that is, nor is this known.
pub fn hot_set(
    architecture: &Architecture,
    load: &Load,
    data: &[Option<Data>],
    cache: &Component,
) -> Option<Worked<Size>> {
    let demand = load.component(cache.id);
    let reads =
        Some(demand.mean.reads + demand.mean.other).filter(|it| demand.is_known() && it.is_positive())?;
    let stores = load::stores_behind(architecture, cache);
    let [first, ..] = stores[..] else { return None };
    let all: Vec<Worked<Size>> = stores
        .iter()
        .map(|store| {
            let data = data[store.0 as usize]?;
            let (end, _) = data.end();
            Some(data.at(end)).filter(|held| held.value.is_positive())
        })
        .collect::<Option<_>>()?;
    let system = &architecture.system.properties;
    let record = cache
        .size(Property::RecordSize)
        .or_else(|| architecture.component(first).size(Property::RecordSize))
        .or_else(|| system.size(Property::RecordSize));
    let held: Size = all.iter().map(|it| it.value).sum();
    let day = Duration::DAY;
    let read = record.map(|each| reads * each * day);
    let distinct = match record.zip(read).filter(|(_, read)| *read < held) {
        Some((each, _)) => {
            Worked::given(reads, reads.to_string())
                * Worked::given(each, each.to_string())
                * Worked::given(day, "1 day")
        }
        None => Worked::given(held, held.to_string()),
    };
    let share = architecture.parameters.hot_share.value;
    Some(distinct * Worked::given(share, figures::percent(share)) * overhead(&architecture.parameters))
}
