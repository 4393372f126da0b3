//! What to do next about something that fills up, in the order in which the craft teaches it: a cache, copies to
//! read from, federation, shards; more replicas of what has no state; more consumers behind a queue.

use std::fmt;

use super::{Busy, Filled};
use crate::analysis::load::{Traffic, has_unreadable_standby, writes_to_every_node};
use crate::catalogue::{Kind, Parameters};
use crate::model::{Component, Property};

/// The next step up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// So many replicas, consumers or brokers.
    Replicas(u32),
    /// So many partitions of the log it reads, and as many replicas.
    Partitions(u32),
    /// A cache before it.
    Cache,
    /// So many nodes to read from.
    ReadReplicas(u32),
    /// Parts of the data into stores of their own, else so many shards.
    Shards(u32),
    /// Nothing that is counted here: larger nodes, or less work.
    Larger,
}

/// So many nodes are looked at, at most.
const MOST: u32 = 1 << 20;

/// The next step for a component, with the count that carries its peak as it is planned for.
pub fn next_rung(parameters: &Parameters, component: &Component, busy: &Busy, is_cached: bool) -> Rung {
    let target = parameters.utilisation_target.value;
    if !writes_to_every_node(component) {
        let more = if busy.is_held { Rung::Partitions } else { Rung::Replicas };
        return busy.replicas_at(component, target).map_or(Rung::Larger, more);
    }
    if busy.filled() == Filled::ByReads {
        let is_cacheable = component.kind == Kind::Database && !component.has(Property::SourceOfTruth);
        if is_cacheable && !is_cached && !component.is_replica() {
            return Rung::Cache;
        }
        if !has_unreadable_standby(component)
            && let Some(count) = busy.replicas_at(component, target)
        {
            return Rung::ReadReplicas(count);
        }
    }
    Rung::Shards(busy.shards_at(component, target))
}

/// The least count that does it, where more do it as well; nothing where none does.
pub(in crate::analysis) fn least(does: impl Fn(u32) -> bool) -> Option<u32> {
    let (mut low, mut high) = (1, MOST);
    if !does(high) {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if does(middle) { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

impl Busy {
    /// How many nodes carry the peak at this utilisation; nothing where no number does.
    pub fn replicas_at(&self, component: &Component, utilisation: f64) -> Option<u32> {
        let does =
            |count: u32| !super::exceeds(self.share_with(component, Traffic::NONE, count), utilisation);
        least(does)
    }

    /// How many shards carry the peak at this utilisation.
    pub fn shards_at(&self, component: &Component, utilisation: f64) -> u32 {
        let all = self.share() * component.shards();
        (all / utilisation - 1e-9).ceil().clamp(1.0, f64::from(MOST)) as u32
    }
}

/// `a cache before it`, `9 replicas`.
impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Replicas(count) => write!(f, "x{count}"),
            Self::Partitions(count) => write!(f, "{count} partitions, and as many replicas"),
            Self::Cache => f.write_str("a cache before it"),
            Self::ReadReplicas(count) => write!(f, "{count} nodes to read from"),
            Self::Shards(count) => write!(f, "a store of its own for each part, else {count} shards"),
            Self::Larger => f.write_str("larger nodes"),
        }
    }
}
