//! What comes to the other regions while one is lost that is to be survived.

use rustc_hash::FxHashMap;

use super::must_survive;
use crate::analysis::Analysis;
use crate::analysis::load::{Load, Traffic};
use crate::analysis::what_if::Failure;
use crate::model::{Architecture, ComponentId, GroupId, GroupKind};
use crate::quantity::Rate;

/// What comes to a component as well when a region is lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegionLoss {
    /// The region.
    pub gone: GroupId,
    /// What comes beside its own, at peak.
    pub more: Traffic,
}

/// The load is followed anew without each region: of more than so many nothing is said.
const MOST_REGIONS: usize = 16;

/// A part so small is no more traffic, but other sums of the same.
const ROUNDING: f64 = 1e-9;

/// For each component that journeys need which are to outlive a region, the loss that brings it the most.
///
/// What can go on without the lost region goes where its calls lead then; what can't is gone with it and comes to nobody.
pub(in crate::analysis) fn region_losses(
    architecture: &Architecture,
    analysis: &Analysis,
) -> FxHashMap<ComponentId, RegionLoss> {
    let mut found: FxHashMap<ComponentId, RegionLoss> = FxHashMap::default();
    let regions: Vec<GroupId> = (0..architecture.groups().len() as u32)
        .map(GroupId)
        .filter(|id| architecture.group(*id).kind == GroupKind::Region)
        .collect();
    if !(2..=MOST_REGIONS).contains(&regions.len()) {
        return found;
    }
    let judged = analysis.journeys.iter().zip(&analysis.availability);
    let surviving = judged.filter(|(journey, _)| must_survive(architecture, journey, "region"));
    let mut needed: Vec<ComponentId> = surviving.flat_map(|(_, it)| it.needed.iter().copied()).collect();
    needed.sort_unstable();
    needed.dedup();
    if needed.is_empty() {
        return found;
    }
    for gone in regions {
        let circumstances = Failure::of_group(architecture, gone).circumstances();
        let without = Load::under(architecture, &analysis.bases, &circumstances);
        for id in &needed {
            let [now, then] = [&analysis.load, &without].map(|load| load.component(*id).peak);
            let more = then + now * -1.0;
            let most = found.get(id).map_or(Rate::ZERO, |it| it.more.total());
            if more.total() > most.max(now.total() * ROUNDING) {
                found.insert(*id, RegionLoss { gone, more });
            }
        }
    }
    found
}
