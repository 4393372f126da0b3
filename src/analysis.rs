//! What follows from a design: pure functions of the architecture, which no rule computes again.

pub mod journey;
pub mod needs;

use crate::model::Architecture;
use journey::Journey;

/// All that was computed from a design.
#[derive(Debug)]
pub struct Analysis {
    /// The flows as they are judged.
    pub journeys: Vec<Journey>,
}

impl Analysis {
    /// Computes it.
    pub fn of(architecture: &Architecture) -> Self {
        Self { journeys: journey::journeys(architecture) }
    }
}
