//! Whom a question is worth asking: what is small enough needs no answer.

use super::Analysis;
use crate::catalogue::parameter::{SMALL_RATE, SMALL_USERS};
use crate::model::{Architecture, Property};

/// Whether a design serves so few that nobody has to ask: under 1 000 users or one request a second.
pub fn serves_few(architecture: &Architecture, analysis: &Analysis) -> bool {
    let users = [Property::Users, Property::DailyUsers, Property::MonthlyUsers]
        .iter()
        .find_map(|it| architecture.system.properties.figure(*it));
    users.is_some_and(|it| it < SMALL_USERS.fact.value)
        || analysis.load.total_mean().is_some_and(|it| it < SMALL_RATE.fact.rate())
}

/// Whether it serves few, or is meant for nobody but its makers.
pub fn is_small(architecture: &Architecture, analysis: &Analysis) -> bool {
    let is_modest = ["demo", "personal", "internal"]
        .iter()
        .any(|word| architecture.system.properties.is(Property::Intent, word));
    is_modest || serves_few(architecture, analysis)
}
