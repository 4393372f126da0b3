//! How far two components stand from each other, and how long the way there and back takes.

use super::cost::Origin;
use crate::catalogue::{self, Fact, Kind, parameter};
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
    /// Whether that is written or the catalogue's.
    pub origin: Origin,
}

/// The way over a link: as measured, else by the places of its ends.
///
/// The way from outside is not counted, as a promise is measured at the edge. What a third party takes is seen from
/// here, its way included; and a name is remembered.
pub fn trip(architecture: &Architecture, link: &Link) -> Trip {
    let (source, target) = architecture.ends(link);
    let distance = distance(architecture, source, target);
    if let Some(time) = link.duration(Property::Measured).filter(|_| !source.kind.is_outside()) {
        return Trip { distance, time, origin: Origin::Written };
    }
    if distance == Distance::Regions
        && let Some(way) = way_between_regions(architecture, link)
    {
        return Trip { distance, time: way.duration(), origin: Origin::Assumed };
    }
    let parameter = match distance {
        Distance::None => return Trip { distance, time: Duration::ZERO, origin: Origin::Written },
        Distance::Zone => parameter::ROUND_TRIP_ZONE,
        Distance::Zones => parameter::ROUND_TRIP_ZONES,
        Distance::Regions => parameter::ROUND_TRIP_REGIONS,
    };
    Trip { distance, time: parameter.fact.duration(), origin: Origin::Assumed }
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
