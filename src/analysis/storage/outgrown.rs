//! Stores whose data no node of theirs holds.

use super::node::{NodeLimit, has_indexes, index_factor, parts};
use super::{Data, data};
use crate::analysis::load::Load;
use crate::model::{Architecture, Component};
use crate::quantity::{Duration, Size};
use crate::worked::Worked;

/// A store that outgrows a node.
#[derive(Clone, Debug)]
pub struct Outgrown<'a> {
    /// Which.
    pub store: &'a Component,
    /// What it holds.
    pub data: Data,
    /// What one node holds.
    pub limit: NodeLimit,
    /// Over how many nodes the data is parted.
    pub parts: f64,
    /// When it no longer fits: a whole number of years, or the end; zero for today.
    pub when: Duration,
    /// When it is looked at, and whether that is assumed.
    pub end: Duration,
    /// Whether that is the catalogue's horizon.
    pub is_end_assumed: bool,
    /// The raw data then.
    pub raw: Worked<Size>,
    /// That of one node, with its indexes where these alone make it too much.
    pub per_node: Size,
    /// Whether only the catalogue's overhead for indexes makes it too much.
    pub is_by_indexes: bool,
}

impl Outgrown<'_> {
    /// Whether the stated figures alone say so.
    pub fn is_sure(&self) -> bool {
        !self.limit.is_assumed && !self.is_by_indexes && (!self.is_end_assumed || self.when == Duration::ZERO)
    }

    /// The shards that would hold it, with as much room as utilisation leaves elsewhere.
    pub fn shards_for(&self, utilisation: f64) -> f64 {
        (self.per_node * self.parts / (self.limit.size * utilisation)).ceil()
    }
}

/// The stores whose data at the end, parted as they part it, one node does not hold.
///
/// Against a stated capacity indexes count as well, for what is stated is a disk; the catalogue's is a comfortable
/// size of raw data.
pub fn outgrown<'a>(architecture: &'a Architecture, load: &Load) -> Vec<Outgrown<'a>> {
    let all = data(architecture, load);
    architecture.components().zip(all).filter_map(|(store, data)| of(store, data?)).collect()
}

fn of(store: &Component, data: Data) -> Option<Outgrown<'_>> {
    let limit = NodeLimit::of(store)?;
    let parts = parts(store)?;
    let (end, is_end_assumed) = data.end();
    let all = limit.size * parts;
    let with_indexes = if has_indexes(store) && !limit.is_assumed { index_factor() } else { 1.0 };
    let of_raw = data.exceeds(all);
    let factor = if of_raw.is_some() { 1.0 } else { with_indexes };
    let when = of_raw.or_else(|| data.exceeds(all / with_indexes))?;
    // What is kept for a while only may be less again at the end.
    let at = if data.size_at(end) * factor > all { end } else { when };
    Some(Outgrown {
        store,
        data,
        limit,
        parts,
        when,
        end: at,
        is_end_assumed: is_end_assumed && data.is_growing(),
        raw: data.at(at),
        per_node: data.size_at(at) * factor / parts,
        is_by_indexes: of_raw.is_none(),
    })
}
