//! What breaks first as the load grows.

use serde::Serialize;

use super::Design;
use crate::analysis::capacity::{self, Busy, Rung, next_rung};
use crate::model::Property;

/// So many are told.
const MOST: usize = 5;

/// Something that is full at a load.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Bottleneck {
    pub(in crate::report) element: String,
    /// Of its busiest node at today's peak; 1 is full.
    pub(in crate::report) utilisation: f64,
    pub(in crate::report) is_assumed: bool,
    /// At how many times today's load it is full.
    pub(in crate::report) at_times_load: f64,
    /// At how many users, in three digits that it still holds, where their number is stated.
    pub(in crate::report) at_users: Option<f64>,
    /// How its utilisation comes about.
    pub(in crate::report) working: String,
    /// The next rung of the ladder: `replicas`, `partitions`, `cache`, `read_replicas`, `shards` or `larger`.
    pub(in crate::report) next: &'static str,
}

/// The first to be full, in that order.
pub(super) fn bottlenecks(design: Design) -> Vec<Bottleneck> {
    let Design { architecture, analysis } = design;
    let cached = capacity::cached_stores(architecture, &analysis.load);
    let busiest = capacity::busiest(architecture, &analysis.load);
    busiest.iter().take(MOST).map(|busy| Bottleneck::of(design, busy, &cached)).collect()
}

impl Bottleneck {
    fn of(design: Design, busy: &Busy, cached: &rustc_hash::FxHashSet<crate::model::ComponentId>) -> Self {
        let component = design.architecture.component(busy.component);
        let system = &design.architecture.system.properties;
        let users = [Property::DailyUsers, Property::Users, Property::MonthlyUsers]
            .into_iter()
            .find_map(|property| system.figure(property));
        Self {
            element: component.name.to_string(),
            utilisation: busy.share(),
            is_assumed: busy.capacity.is_assumed,
            at_times_load: busy.headroom(),
            at_users: users.map(|users| capacity::floored(users * busy.headroom())),
            working: busy.working(component),
            next: match next_rung(
                &design.architecture.parameters,
                component,
                busy,
                cached.contains(&component.id),
            ) {
                Rung::Replicas(_) => "replicas",
                Rung::Partitions(_) => "partitions",
                Rung::Cache => "cache",
                Rung::ReadReplicas(_) => "read_replicas",
                Rung::Shards(_) => "shards",
                Rung::Larger => "larger",
            },
        }
    }
}
