//! What one node of a store holds: the overheads on the raw data, how it is parted over nodes, and what one bears.

use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::quantity::Size;
use crate::worked::Worked;

/// Raw data as it lies on disks.
#[derive(Clone, Debug, PartialEq)]
pub struct Laid {
    /// As the design states it.
    pub raw: Worked<Size>,
    /// With its indexes, by the catalogue's overhead; the raw data where the store has none.
    pub indexed: Worked<Size>,
    /// All copies of that together, which is what is paid for; nothing where their number is unsaid.
    pub copies: Option<Worked<Size>>,
    /// What lies on one node; nothing where it is unsaid over how many it is parted.
    pub per_node: Option<Worked<Size>>,
}

/// Raw data as a store lays it down.
pub fn laid(parameters: &Parameters, store: &Component, raw: Worked<Size>) -> Laid {
    let indexed = if has_indexes(store) {
        let overhead = index_factor(parameters);
        raw.clone() * Worked::given(overhead, format!("{} with indexes (assumed)", figures::number(overhead)))
    } else {
        raw.clone()
    };
    let whole = || indexed.clone().named(indexed.value.to_string());
    let over = |nodes: f64, word: &str| Worked::given(nodes, format!("{} {word}", figures::number(nodes)));
    let copies = match store.replicas {
        _ if store.is_managed() || spreads_data(store) => None,
        Replicas::Stated { least, .. } => Some(whole() * over(f64::from(least), "copies")),
        _ => None,
    };
    let per_node = parts(store).map(|parts| match parts {
        parts if parts > 1.0 && store.shards() > 1.0 => whole() / over(parts, "shards"),
        parts if parts > 1.0 => whole() / over(parts, "nodes"),
        _ => whole(),
    });
    Laid { raw, indexed, copies, per_node }
}

/// What indexes make of an amount of data, by the catalogue.
pub(super) fn index_factor(parameters: &Parameters) -> f64 {
    1.0 + parameters.index_overhead.value
}

/// Whether it keeps indexes beside what it is given.
pub(super) fn has_indexes(store: &Component) -> bool {
    matches!(store.kind, Kind::Database | Kind::SearchIndex)
}

/// The shape of its data, as it says itself, else as its engine or kind has it.
pub fn model(store: &Component) -> Option<&str> {
    store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model))
}

/// Whether its nodes share the data out among themselves.
pub fn spreads_data(store: &Component) -> bool {
    let by_model =
        || model(store) == Some("wide_column") || matches!(store.kind, Kind::ObjectStore | Kind::FileStore);
    store.engine().map_or_else(by_model, |engine| engine.facts.spreads_data)
}

/// Over how many nodes the data is parted, at the most; nothing where that is unsaid.
///
/// Shards as written. Where the nodes share the data out among themselves, no more than all of them: then each
/// record lies on one, which is the best that can be.
pub fn parts(store: &Component) -> Option<f64> {
    if store.figure(Property::Shards).is_some() || !spreads_data(store) {
        return Some(store.shards());
    }
    match store.replicas {
        Replicas::Stated { most, .. } => most.map(f64::from),
        _ => None,
    }
}

/// What one node of a store holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeLimit {
    /// Data.
    pub size: Size,
    /// Whether it is the catalogue's.
    pub is_assumed: bool,
}

impl NodeLimit {
    /// Of a store: as written, else the catalogue's. What somebody else runs grows as they let it.
    pub fn of(store: &Component) -> Option<Self> {
        if let Some(size) = store.size(Property::StorageCapacity).filter(|it| it.is_positive()) {
            return Some(Self { size, is_assumed: false });
        }
        let fact = store.known().get(|facts| facts.storage_capacity)?;
        // A kind without an engine is known by its usual model alone.
        let is_usual = store.engine().is_some() || model(store) == store.kind.facts().model;
        (is_usual && !store.is_managed()).then(|| Self { size: fact.size(), is_assumed: true })
    }
}
