//! How far two components stand from each other, and how long the way there and back takes.

use super::cost::Origin;
use crate::catalogue::{Kind, Parameter, parameter};
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
    match distance.parameter() {
        None => Trip { distance, time: Duration::ZERO, origin: Origin::Written },
        Some(parameter) => Trip { distance, time: parameter.fact.duration(), origin: Origin::Assumed },
    }
}

impl Trip {
    /// The parameter that its time is, where it is not written.
    pub fn assumed(&self) -> Option<&'static Parameter> {
        self.distance.parameter().filter(|_| self.origin == Origin::Assumed)
    }
}

impl Distance {
    /// How long the way there and back usually takes.
    fn parameter(self) -> Option<&'static Parameter> {
        match self {
            Self::None => None,
            Self::Zone => Some(&parameter::ROUND_TRIP_ZONE),
            Self::Zones => Some(&parameter::ROUND_TRIP_ZONES),
            Self::Regions => Some(&parameter::ROUND_TRIP_REGIONS),
        }
    }
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
