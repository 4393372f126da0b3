//! What follows from a design: pure functions of the architecture, which no rule computes again.

pub mod journey;
pub mod load;
pub mod needs;

use crate::model::Architecture;
use journey::Journey;
use load::Load;

/// All that was computed from a design.
#[derive(Debug)]
pub struct Analysis {
    /// The flows as they are judged.
    pub journeys: Vec<Journey>,
    /// The same before they are split by route: these carry the traffic.
    pub bases: Vec<Journey>,
    /// What each component and link carries.
    pub load: Load,
}

impl Analysis {
    /// Computes it.
    pub fn of(architecture: &Architecture) -> Self {
        let bases = journey::bases(architecture);
        let journeys = journey::journeys(architecture, &bases);
        let load = Load::of(architecture, &bases);
        Self { journeys, bases, load }
    }
}
