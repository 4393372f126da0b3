//! How far two components stand from each other, and how long the way there and back takes.

use super::cost::Origin;
use crate::catalogue::{self, Fact, Kind};
use crate::model::{Architecture, Component, ComponentId, GroupKind, Link, Property};
use crate::quantity::Duration;

/// How far the two ends of a link stand apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Distance {
    /// Nothing lies between them: one host, one process, or an end whose way is counted elsewhere.
    None,
    /// In one zone, as stated, or as assumed where nothing is.
    Zone,
    /// In two zones of a region.
    Zones,
    /// In two regions.
    Regions,
}

/// The way over a link and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trip {
    /// How far it is.
    pub distance: Distance,
    /// How long it takes.
    pub time: Duration,
    /// The figure of the catalogue that it is; none where it is written, or there is no way.
    pub assumed: Option<Fact>,
}

impl Trip {
    /// Where its time comes from.
    pub(super) fn origin(&self) -> Origin {
        if self.assumed.is_some() { Origin::Assumed } else { Origin::Written }
    }
}

/// The way over a link: as measured, else by the places of its ends.
///
/// The way from outside is not counted, as a promise is measured at the edge. What a third party takes is seen from
/// here, its way included; and a name is remembered.
pub fn trip(architecture: &Architecture, link: &Link) -> Trip {
    let (source, target) = architecture.ends(link);
    let distance = distance(architecture, source, target);
    if let Some(time) = link.duration(Property::Measured).filter(|_| !source.kind.is_outside()) {
        return Trip { distance, time, assumed: None };
    }
    let fact = match distance {
        Distance::None => None,
        Distance::Zone => Some(architecture.parameters.round_trip_zone),
        Distance::Zones => Some(architecture.parameters.round_trip_zones),
        Distance::Regions => Some(
            way_between_regions(architecture, link).unwrap_or(architecture.parameters.round_trip_regions),
        ),
    };
    Trip { distance, time: fact.map_or(Duration::ZERO, |fact| fact.duration()), assumed: fact }
}

/// The way between the areas of the earth in which the regions stand, where their names or labels tell.
fn way_between_regions(architecture: &Architecture, link: &Link) -> Option<Fact> {
    let area = |id: ComponentId| {
        let region = architecture.group(architecture.enclosing(id, GroupKind::Region)?);
        catalogue::area(&region.name).or_else(|| catalogue::area(region.label.as_deref()?))
    };
    catalogue::way_between(area(link.source)?, area(link.target)?)
}

fn distance(architecture: &Architecture, source: &Component, target: &Component) -> Distance {
    let is_elsewhere = |kind: Kind| kind.is_outside() || kind == Kind::Dns;
    let is_in_process = target.kind == Kind::Database && target.is_engine("sqlite");
    if is_elsewhere(source.kind) || is_elsewhere(target.kind) || is_in_process {
        return Distance::None;
    }
    // Both must be placed: what is unstated is near.
    let parts = |kind| {
        let place = |id: ComponentId| architecture.enclosing(id, kind);
        place(source.id).zip(place(target.id)).map(|(source, target)| source != target)
    };
    if parts(GroupKind::Host) == Some(false) {
        Distance::None
    } else if parts(GroupKind::Region) == Some(true) {
        Distance::Regions
    } else if parts(GroupKind::Zone) == Some(true) {
        Distance::Zones
    } else {
        Distance::Zone
    }
}
