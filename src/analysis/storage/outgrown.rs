//! Stores whose data no node of theirs holds.

use rustc_hash::FxHashSet;

use super::node::{NodeLimit, has_indexes, index_factor, parts};
use super::{Data, data, of_system, written};
use crate::analysis::journey::Journey;
use crate::analysis::load::Load;
use crate::catalogue::Parameters;
use crate::model::{Architecture, Component, ComponentId, Property};
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
    let mut found: Vec<Outgrown> = architecture
        .components()
        .zip(all)
        .filter_map(|(store, data)| of(&architecture.parameters, store, data?))
        .collect();
    // A copy of what is too much is the same story.
    let ids: FxHashSet<ComponentId> = found.iter().map(|it| it.store.id).collect();
    let is_told = |it: &Outgrown| {
        let mut links = architecture.links_to(it.store.id);
        links.any(|link| link.copies_data() && ids.contains(&link.source))
    };
    found.retain(|it| !is_told(it));
    found
}

fn of<'a>(parameters: &Parameters, store: &'a Component, data: Data) -> Option<Outgrown<'a>> {
    let limit = NodeLimit::of(store)?;
    let parts = parts(store)?;
    let (end, is_end_assumed) = data.end();
    let all = limit.size * parts;
    let with_indexes = if has_indexes(store) && !limit.is_assumed { index_factor(parameters) } else { 1.0 };
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

/// Stores that together do not hold what the system states, however it is parted among them.
#[derive(Clone, Debug)]
pub struct Together<'a> {
    /// Which, each with what it holds at the most.
    pub stores: Vec<(&'a Component, Size)>,
    /// What all of them hold.
    pub room: Size,
    /// Whether a capacity, or the horizon, is the catalogue's.
    pub is_assumed: bool,
    /// When it is looked at.
    pub end: Duration,
    /// The raw data then.
    pub raw: Worked<Size>,
}

/// The system's data against all stores that users write to, where they are several: nobody says which part is whose,
/// but more than all of them hold is too much in any case.
pub fn together<'a>(architecture: &'a Architecture, bases: &[Journey], load: &Load) -> Option<Together<'a>> {
    let written = written(architecture, load);
    let owns_data = |store: &&Component| {
        [Property::Storage, Property::Records, Property::Growth].iter().any(|it| store.is_stated(*it))
    };
    if written.len() < 2 || written.iter().any(owns_data) {
        return None;
    }
    let data = of_system(architecture, bases, load)?;
    let limits: Option<Vec<(&Component, NodeLimit, f64)>> =
        written.into_iter().map(|store| Some((store, NodeLimit::of(store)?, parts(store)?))).collect();
    let limits = limits?;
    let stores: Vec<(&Component, Size)> =
        limits.iter().map(|(store, limit, parts)| (*store, limit.size * *parts)).collect();
    let room = stores.iter().fold(Size::ZERO, |sum, (_, size)| sum + *size);
    let (end, is_end_assumed) = data.end();
    let when = data.exceeds(room)?;
    let end = if data.size_at(end) > room { end } else { when };
    let is_assumed =
        limits.iter().any(|(_, limit, _)| limit.is_assumed) || is_end_assumed && data.is_growing();
    Some(Together { stores, room, is_assumed, end, raw: data.at(end) })
}
