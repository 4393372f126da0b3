//! What waits in the queues, and who works it off.

use serde::Serialize;

use super::Design;
use crate::analysis::backlog::{Allowance, BUSY_HOUR, Backlog};
use crate::analysis::messaging;
use crate::analysis::resources::{self, OverQuota};
use crate::quantity::{Duration, Rate};

/// Queues, and those who work on them together; amounts a second, times in seconds.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Queued {
    pub(in crate::report) queues: Vec<Feed>,
    pub(in crate::report) consumers: Vec<String>,
    /// What all of them work off together; none where nothing is said, or as many run as it takes.
    pub(in crate::report) capacity: Option<f64>,
    pub(in crate::report) is_capacity_assumed: bool,
    /// 1 is all that they can do.
    pub(in crate::report) utilisation_mean: Option<f64>,
    pub(in crate::report) utilisation_peak: Option<f64>,
    /// How long they are away in an outage, and how long what it leaves takes to work off then.
    pub(in crate::report) outage: f64,
    pub(in crate::report) is_outage_assumed: bool,
    pub(in crate::report) drain: Option<f64>,
    /// Whom they may not call as often as they work: the consumers wait for its quota, and what comes waits with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::report) held_by: Vec<Held>,
}

/// A quota that consumers run into; calls a second.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Held {
    pub(in crate::report) by: String,
    pub(in crate::report) allows: f64,
    pub(in crate::report) mean: f64,
    pub(in crate::report) peak: f64,
    /// What waits after the busiest hour, and how long that takes to work off from then; only where it is worked off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) waiting: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) recovery: Option<f64>,
}

/// What one queue brings.
#[derive(Debug, Serialize)]
pub(in crate::report) struct Feed {
    pub(in crate::report) queue: String,
    pub(in crate::report) mean: Option<f64>,
    pub(in crate::report) peak: Option<f64>,
    /// After how long of peak it is full although its consumers work; none where they keep up or nothing bounds it.
    pub(in crate::report) full_after: Option<f64>,
    /// The same while they are down.
    pub(in crate::report) full_after_in_an_outage: Option<f64>,
}

/// All of a design, in the order of the queues.
pub(super) fn all(design: Design) -> Vec<Queued> {
    let backlogs = design.analysis.backlogs(design.architecture);
    let over = resources::over_quota(design.architecture, &design.analysis.load);
    backlogs.all.iter().map(|backlog| Queued::of(design, backlog, &over)).collect()
}

impl Queued {
    fn of(design: Design, backlog: &Backlog, over: &[OverQuota]) -> Self {
        let Design { architecture, analysis } = design;
        let name = |id| architecture.component(id).name.to_string();
        let known = |figure: f64| backlog.is_known.then_some(figure);
        let (outage, is_outage_stated) = backlog.outage(architecture);
        let (busy, held_by, worked_off) = (backlog.busy(), backlog.held_by(), backlog.worked_off());
        // They can do no more than they are allowed.
        let held_back = match (backlog.capacity(), worked_off) {
            (Some(carried), Some(worked_off)) => carried.value / worked_off,
            _ => 1.0,
        };
        let is_consumer = |id| backlog.consumers.iter().any(|it| it.component == id);
        let is_over = |it: &OverQuota| it.is_queued && it.calls.iter().any(|call| is_consumer(call.source));
        Self {
            queues: backlog
                .feeds
                .iter()
                .map(|feed| Feed {
                    queue: name(feed.queue),
                    mean: known(feed.amount.mean.per_second()),
                    peak: known(feed.amount.peak.per_second()),
                    full_after: backlog.time_to_fill(architecture, feed).map(Duration::seconds),
                    full_after_in_an_outage: messaging::time_to_fill(
                        architecture,
                        &analysis.load,
                        architecture.component(feed.queue),
                    )
                    .map(Duration::seconds),
                })
                .collect(),
            consumers: backlog.consumers.iter().map(|it| name(it.component)).collect(),
            capacity: worked_off.map(Rate::per_second).filter(|it| it.is_finite()),
            is_capacity_assumed: !backlog.is_capacity_written() || held_by.is_some_and(|it| it.is_assumed),
            utilisation_mean: busy.map(|it| it.mean * held_back),
            utilisation_peak: busy.map(|it| it.peak * held_back),
            outage: outage.seconds(),
            is_outage_assumed: !is_outage_stated,
            drain: backlog
                .time_to_drain(architecture, outage)
                .map(Duration::seconds)
                .filter(|it| it.is_finite()),
            held_by: held_by.map_or_else(
                || over.iter().filter(|it| is_over(it)).map(|it| Held::of(it)).collect(),
                |it| vec![Held::back(design, backlog, &it)],
            ),
        }
    }
}

impl Held {
    /// By a quota that holds back what they carry.
    fn back(design: Design, backlog: &Backlog, quota: &Allowance) -> Self {
        let arriving = backlog.arriving();
        let recovery = backlog.time_to_recover().filter(|it| it.is_positive());
        let growth = backlog.growth().filter(|_| recovery.is_some());
        Self {
            by: design.architecture.component(quota.by).name.to_string(),
            allows: quota.calls.per_second(),
            mean: quota.calls_for(arriving.mean).per_second(),
            peak: quota.calls_for(arriving.peak).per_second(),
            waiting: growth.map(|it| it * BUSY_HOUR),
            recovery: recovery.map(Duration::seconds),
        }
    }

    /// By one that others use as well, or where it is not known what they carry.
    fn of(over: &OverQuota) -> Self {
        Self {
            by: over.target.name.to_string(),
            allows: over.quota.most.per_second(),
            mean: over.mean.per_second(),
            peak: over.peak.per_second(),
            waiting: None,
            recovery: None,
        }
    }
}
