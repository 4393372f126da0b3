//! What was measured beside what is computed.

use serde::Serialize;

use super::Design;
use crate::analysis::latency::{self, Comparison, Subject};

/// A time that was measured of a component or a flow, and the same as it is computed, in seconds.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Compared {
    pub(in crate::report) element: String,
    pub(in crate::report) measured: f64,
    /// Half of the requests take no longer, as computed.
    pub(in crate::report) p50: f64,
    /// One in a hundred takes at most so long, as computed.
    pub(in crate::report) p99: f64,
    /// Whether something of unknown length, or a wait without end, comes on top.
    pub(in crate::report) is_lower_bound: bool,
    /// Whether it lies where it is computed to lie: from the median to the slowest.
    pub(in crate::report) agrees: bool,
}

/// All that was measured, in order: components, then flows.
pub(super) fn all(design: Design) -> Vec<Compared> {
    let Design { architecture, analysis } = design;
    let of = |it: Comparison| Compared {
        element: match it.subject {
            Subject::Component(id) => architecture.component(id).name.to_string(),
            Subject::Flow(id) => architecture.flow(id).name.to_string(),
        },
        measured: it.measured.seconds(),
        p50: it.median.seconds(),
        p99: it.tail.seconds(),
        is_lower_bound: it.is_lower_bound,
        agrees: it.agrees(),
    };
    latency::comparisons(architecture, analysis).into_iter().map(of).collect()
}
