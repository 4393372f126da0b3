//! Partitions and shards: whether the key spreads the load over them, and what one of them bears.

use super::{Flowing, Limit, Payloads, sum};
use crate::analysis::load::{Capacity, Load};
use crate::analysis::storage;
use crate::catalogue::{Fact, Facts, Kind};
use crate::model::property::Value;
use crate::model::{Architecture, Component, Link, Property};
use crate::quantity::{Rate, Throughput};

/// Why a key does not spread the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// It only ever grows: all writes go where the newest is.
    Monotonic,
    /// It has few values: the most usual can't be split.
    FewValues,
    /// It parts the alphabet: names do not spread evenly over letters.
    Alphabetical,
}

/// Words of which each record's is later than the one before.
const MONOTONIC: &[&str] = &[
    "time",
    "timestamp",
    "datetime",
    "created",
    "updated",
    "sequence",
    "sequence_number",
    "seq",
    "serial",
    "auto_increment",
    "autoincrement",
    "offset",
    "ulid",
    "timeuuid",
];

/// Words of time that many records share, so that not even a hash of them spreads.
const COARSE: &[&str] = &["date", "day", "hour", "minute", "week", "month", "year"];

/// Words of which there are few.
const FEW: &[&str] = &[
    "country",
    "country_code",
    "status",
    "state",
    "gender",
    "sex",
    "boolean",
    "bool",
    "flag",
    "active",
    "enabled",
    "deleted",
    "weekday",
    "continent",
    "priority",
    "severity",
    "currency",
    "order_status",
    "payment_status",
];

/// Words that part the alphabet.
const ALPHABET: &[&str] =
    &["letter", "first_letter", "initial", "initials", "alphabet", "alphabetical", "alphabetically"];

/// Words that only say how the others are put together.
const JOINING: &[&str] = &["by", "of", "and", "the", "range", "first"];

impl BadKey {
    /// What is wrong with a key, as it is written; nothing where any part of it spreads, or nobody knows.
    pub fn of(store: &Component) -> Option<Self> {
        let written = key_of(store)?.to_lowercase();
        let is_split = |it: char| !(it.is_alphanumeric() || it == '_' || it == '-');
        let mut found = None;
        for word in written.split(is_split).filter(|it| !it.is_empty() && !JOINING.contains(it)) {
            found = Some(Self::of_word(word)?);
        }
        found
    }

    fn of_word(word: &str) -> Option<Self> {
        let is_letters = |range: &str| {
            let mut ends = range.split('-');
            let is_letter =
                |it: Option<&str>| it.is_some_and(|it| it.len() == 1 && it.starts_with(char::is_alphabetic));
            is_letter(ends.next()) && is_letter(ends.next()) && ends.next().is_none()
        };
        let is_time = word.ends_with("_at")
            || word.ends_with("_time")
            || word.ends_with("_date")
            || word.ends_with("_timestamp");
        Some(match word {
            _ if is_letters(word) || ALPHABET.contains(&word) => Self::Alphabetical,
            _ if MONOTONIC.contains(&word) || COARSE.contains(&word) || is_time => Self::Monotonic,
            _ if FEW.contains(&word) || word.starts_with("is_") || word.starts_with("has_") => {
                Self::FewValues
            }
            _ => return None,
        })
    }
}

/// The key that the data is split by, as it is written.
pub fn key_of(store: &Component) -> Option<String> {
    match store.value(Property::ShardKey)? {
        Value::Words(words) => Some(words.join(", ")),
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// A shard or partition to which more comes than to the others, or than it bears.
#[derive(Clone, Debug)]
pub struct HotShard<'a> {
    /// Of what.
    pub store: &'a Component,
    /// Why.
    pub why: WhyHot<'a>,
}

/// Why one shard is hotter.
#[derive(Clone, Debug)]
pub enum WhyHot<'a> {
    /// The key does not spread it: with the peak of the writes, and what one shard bears, as far as they are known.
    Key(BadKey, Option<Rate>, Option<Limit<Rate>>),
    /// So many bytes a second come to each partition, although they spread evenly.
    Bytes(Throughput, f64, Limit<Throughput>),
    /// So many writes a second come to each partition, although they spread evenly.
    Writes(Rate, f64, Limit<Rate>),
    /// One request may write so often, which one partition can't take in a second.
    Skew(&'a Link, f64, Limit<Rate>),
}

/// Where one shard or partition is hotter than the others, or than it bears.
pub fn hot_shards<'a>(architecture: &'a Architecture, load: &Load) -> Vec<HotShard<'a>> {
    let mut found = Vec::new();
    let payloads = Payloads::of(architecture);
    for store in architecture.components().filter(|it| it.kind.holds_data()) {
        let why = by_key(load, store)
            .or_else(|| by_partition(architecture, load, &payloads, store))
            .or_else(|| by_skew(architecture, store));
        found.extend(why.map(|why| HotShard { store, why }));
    }
    found
}

fn by_key<'a>(load: &Load, store: &Component) -> Option<WhyHot<'a>> {
    let bad = BadKey::of(store)?;
    // Stores of measurements part their data by time by design, and data that must stay where it is by country.
    let is_apart = store.is_stated(Property::Residency) || store.has(Property::Because);
    let is_by_time =
        matches!(storage::model(store), Some("time_series" | "warehouse")) && bad == BadKey::Monotonic;
    let is_split =
        store.is_stated(Property::Partitions) || store.shards() > 1.0 || !store.is_stated(Property::Shards);
    // A hash of what is never the same twice spreads: then only the day or the hour is shared.
    let is_spread = bad == BadKey::Monotonic && hashes_keys(store) && !is_coarse(store);
    if is_apart || is_by_time || is_spread || !is_split || store.is_replica() {
        return None;
    }
    let demand = load.component(store.id);
    let writes = demand.peak.writes
        + if store.kind.is_queue() { demand.peak.reads + demand.peak.other } else { Rate::ZERO };
    let writes = Some(writes).filter(|it| demand.is_reached && it.is_positive());
    Some(WhyHot::Key(bad, writes, write_limit(store)))
}

/// Whether it places each record by a hash of its key, and not by where it stands in their order.
fn hashes_keys(store: &Component) -> bool {
    store.kind.is_queue()
        || matches!(store.kind, Kind::Cache | Kind::SearchIndex)
        || storage::model(store) == Some("key_value")
        || ["cassandra", "scylla", "keyspaces"].iter().any(|it| store.is_engine(it))
}

fn is_coarse(store: &Component) -> bool {
    let key = key_of(store).unwrap_or_default().to_lowercase();
    let mut words = key.split(|it: char| !(it.is_alphanumeric() || it == '_'));
    words.any(|word| COARSE.contains(&word) || word.ends_with("_date"))
}

/// Writes that one shard, or one partition, takes.
fn write_limit(store: &Component) -> Option<Limit<Rate>> {
    if let Some(partition) = partition(store, |facts| facts.partition_write_capacity) {
        return Some(Limit::assumed(partition.rate()));
    }
    let capacity = Capacity::of(store)?;
    let most = Limit { most: capacity.writes, is_assumed: capacity.is_assumed };
    most.most.is_finite().then_some(most)
}

fn partition(store: &Component, fact: fn(&Facts) -> Option<Fact>) -> Option<Fact> {
    store.engine().and_then(|engine| fact(&engine.facts))
}

/// The parts that a queue or store states: partitions, else shards.
fn stated_parts(store: &Component) -> Option<f64> {
    store.figure(Property::Partitions).or_else(|| store.figure(Property::Shards)).filter(|it| *it >= 1.0)
}

fn by_partition<'a>(
    architecture: &'a Architecture,
    load: &Load,
    payloads: &Payloads,
    store: &Component,
) -> Option<WhyHot<'a>> {
    let parts = stated_parts(store)?;
    if let Some(fact) = partition(store, |facts| facts.partition_bandwidth) {
        let flowing = Flowing::of(architecture, load, payloads, store);
        let each = sum(&flowing.received) / parts;
        if each > fact.throughput() {
            return Some(WhyHot::Bytes(each, parts, Limit::assumed(fact.throughput())));
        }
    }
    let fact = partition(store, |facts| facts.partition_write_capacity)?;
    let demand = load.component(store.id);
    let writes = if store.kind.is_queue() { demand.peak.total() } else { demand.peak.writes };
    let each = writes / parts;
    (demand.is_reached && each > fact.rate())
        .then(|| WhyHot::Writes(each, parts, Limit::assumed(fact.rate())))
}

/// A request that writes far more than others, to a store whose partitions are known to bear less a second.
fn by_skew<'a>(architecture: &'a Architecture, store: &Component) -> Option<WhyHot<'a>> {
    let fact = partition(store, |facts| facts.partition_write_capacity)?;
    let skewed = architecture.links_to(store.id).filter(|link| !link.is_reads_only() && !link.copies_data());
    let worst = skewed
        .filter_map(|link| Some((link, link.figure(Property::CallsMax)?)))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (worst.1 > fact.value).then(|| WhyHot::Skew(worst.0, worst.1, Limit::assumed(fact.rate())))
}
