//! Whom a question is worth asking: what is small enough needs no answer.

use super::Analysis;
use crate::model::{Architecture, Property};

/// Whether a design serves so few that nobody has to ask: under 1 000 users or one request a second.
pub fn serves_few(architecture: &Architecture, analysis: &Analysis) -> bool {
    let users = [Property::Users, Property::DailyUsers, Property::MonthlyUsers]
        .iter()
        .find_map(|it| architecture.system.properties.figure(*it));
    users.is_some_and(|it| it < architecture.parameters.small_users.value)
        || analysis.load.total_mean().is_some_and(|it| it < architecture.parameters.small_rate.rate())
}

/// Whether few people build it, as far as the design says, or it is small in itself: then each part more weighs.
pub fn is_built_by_few(architecture: &Architecture, analysis: &Analysis) -> bool {
    let system = &architecture.system.properties;
    let team = system.figure(Property::Team);
    team.is_some_and(|team| team < architecture.parameters.team_for_services.value)
        || system.is(Property::Intent, "startup")
        || is_small(architecture, analysis)
}

/// Whether it serves few, or is meant for nobody but its makers.
pub fn is_small(architecture: &Architecture, analysis: &Analysis) -> bool {
    let is_modest = ["demo", "personal", "internal"]
        .iter()
        .any(|word| architecture.system.properties.is(Property::Intent, word));
    is_modest || serves_few(architecture, analysis)
}
