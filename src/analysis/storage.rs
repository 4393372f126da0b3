//! How much data a store holds, from stated figures alone: an upper bound for over-engineering may guess
//! (`plan`), a report may not.

use super::load::Load;
use super::waiting;
use crate::model::{Architecture, Component, ComponentId, Properties, Property};
use crate::quantity::Rate;
use crate::syntax::ast::Dimension;

/// A year, which growth is compounded by.
const YEAR: f64 = 365.0 * 86_400.0;

/// The bytes that each component keeps, on one node of it; nothing where the design does not say.
///
/// Data is parted over shards; copies are whole. What the system states is the data of its one store that users
/// write to; where they write to several, nobody says which part is whose.
pub fn per_node(architecture: &Architecture, load: &Load) -> Vec<Option<f64>> {
    let only = only_written(architecture, load);
    let nothing = Properties::default();
    let bytes = |component: &Component| {
        let system = if only == Some(component.id) { &architecture.system.properties } else { &nothing };
        let writes = load.component(component.id);
        let writes =
            (writes.is_known() && writes.mean.other == Rate::ZERO).then_some(writes.mean.writes.per_second());
        data([&component.properties, system], writes).map(|bytes| bytes / component.shards())
    };
    let holds = |component: &Component| component.kind.is_store();
    let mut found: Vec<Option<f64>> =
        architecture.components().map(|it| if holds(it) { bytes(it) } else { None }).collect();
    for link in architecture.links().filter(|link| link.copies_data()) {
        let (source, target) = architecture.ends(link);
        let known = found[source.id.0 as usize].filter(|_| holds(target));
        if let (None, Some(node)) = (found[target.id.0 as usize], known) {
            found[target.id.0 as usize] = Some(node * source.shards() / target.shards());
        }
    }
    found
}

/// The bytes of the whole system, where it states them.
pub fn total(architecture: &Architecture) -> Option<f64> {
    data([&architecture.system.properties, &Properties::default()], None)
}

/// The one store that requests write to while somebody waits; copies aside.
fn only_written(architecture: &Architecture, load: &Load) -> Option<ComponentId> {
    let unwaited = waiting::unwaited(architecture);
    let is_written = |store: &&Component| {
        let demand = load.component(store.id);
        let can_be = !demand.is_known() || (demand.mean.writes + demand.mean.other).is_positive();
        let mut calls = architecture.links_to(store.id);
        can_be
            && calls.any(|it| !it.is_async() && !it.is_reads_only() && !unwaited.contains(&it.source))
            && !store.is_replica()
    };
    let mut written = architecture.components().filter(|it| it.kind.is_store()).filter(is_written);
    let first = written.next()?;
    written.next().is_none().then_some(first.id)
}

/// The data that some properties speak of, the first that states a figure before the others.
///
/// What there is (`storage`, or `records` of `record_size`), grown to the horizon where a share of it is added;
/// else what is added in the time that it is kept; else the writes of that time.
fn data(stated: [&Properties; 2], writes: Option<f64>) -> Option<f64> {
    let figure = |property| stated.iter().find_map(|it| it.figure(property)).filter(|it| it.is_finite());
    let of = |property, dimension| stated.iter().find_map(|it| it.figure_of(property, dimension));
    let size = figure(Property::RecordSize);
    let kept = figure(Property::Retention).or_else(|| figure(Property::Horizon));
    let now = figure(Property::Storage).or_else(|| Some(figure(Property::Records)? * size?));
    if let Some(now) = now {
        let growth = of(Property::Growth, Dimension::Growth).zip(figure(Property::Horizon));
        return Some(now * growth.map_or(1.0, |(growth, time)| (1.0 + growth * YEAR).powf(time / YEAR)));
    }
    let added = of(Property::Growth, Dimension::Throughput)
        .or_else(|| Some(of(Property::Growth, Dimension::Rate)? * size?))
        .or_else(|| Some(writes? * size?));
    Some(added? * kept?)
}
