//! What a design needs beside requests a second, and what there is of it: memory, bandwidth, connections, the calls
//! that a provider allows, and the room of one partition.
//!
//! Each against what is stated, else against the catalogue's figure, which is then named as assumed. What neither
//! says is unknown, and nothing is made of it.

mod bandwidth;
mod connections;
mod memory;
mod partitions;
mod quotas;

pub use bandwidth::{Bytes, Flowing, Payload, Payloads, Saturated, bits, bits_to, saturated, sum};
pub use connections::{
    Held, Pooled, Sockets, Starved, exhausted_pools, full_of_sockets, held, sockets, starved_callers,
};
pub use memory::{Contents, Memory, Undersized, has_room_for_all, hot_set, undersized};
pub use partitions::{BadKey, HotShard, WhyHot, hot_shards, key_of};
pub use quotas::{Allowed, OverQuota, Quota, over_quota, quotas};

use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::worked::Worked;

/// A limit of one node, or of a provider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limit<Q> {
    /// How much.
    pub most: Q,
    /// Whether it is the catalogue's.
    pub is_assumed: bool,
}

impl<Q> Limit<Q> {
    fn stated(most: Q) -> Self {
        Self { most, is_assumed: false }
    }

    fn assumed(most: Q) -> Self {
        Self { most, is_assumed: true }
    }

    /// ` (assumed)` where it is the catalogue's, for the end of a phrase.
    pub fn mark(&self) -> &'static str {
        if self.is_assumed { " (assumed)" } else { "" }
    }
}

/// A plain number with its working, in few digits: `3 000/s ÷ 5 replicas × 100 ms = 60`.
pub fn counted(worked: &Worked<f64>) -> String {
    format!("{} = {}", worked.working(), figures::number(worked.value))
}

/// The nodes that share a component's load at the most; one where nothing is said, nothing where it is open how many
/// there may be.
pub fn nodes(component: &Component) -> Option<f64> {
    match component.replicas {
        Replicas::Stated { most, .. } => most.map(f64::from),
        Replicas::Unstated if component.has(Property::Autoscale) => None,
        Replicas::Unstated | Replicas::Managed => Some(1.0),
    }
}
