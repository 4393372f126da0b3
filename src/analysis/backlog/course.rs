//! The arithmetic of one queue with a steady stream in and a steady pace out.
//!
//! Catalogue, section 5; Amazon Builders' Library, "Avoiding insurmountable queue backlogs".

use super::{Amount, BUSY_HOUR};
use crate::quantity::{Duration, Rate};

/// By how much a queue grows: λ − μ, and not at all where its consumers keep up.
pub fn growth(arriving: Rate, working: Rate) -> Rate {
    Rate::ZERO.max(arriving - working)
}

/// After how long a queue with room for so many messages is full: room ÷ (λ − μ); nothing where it never is.
pub fn time_to_fill(room: f64, arriving: Rate, working: Rate) -> Option<Duration> {
    let growth = growth(arriving, working);
    growth.is_positive().then(|| room / growth)
}

/// What waits after an outage: λT.
pub fn left_by_outage(arriving: Rate, outage: Duration) -> f64 {
    arriving * outage
}

/// How long the backlog of an outage takes to work off: λT ÷ (μ − λ), which is T·ρ ÷ (1 − ρ); nothing where it is
/// never worked off.
pub fn time_to_drain(arriving: Rate, working: Rate, outage: Duration) -> Option<Duration> {
    let spare = working - arriving;
    spare.is_positive().then(|| left_by_outage(arriving, outage) / spare)
}

/// The capacity with which the backlog of an outage is worked off within a time: λ(1 + T ÷ D).
pub fn capacity_to_drain(arriving: Rate, outage: Duration, within: Duration) -> Rate {
    arriving * (1.0 + outage / within)
}

/// The same as [`time_to_drain`] for an outage that begins with the busiest hour: its peak comes until the hour is
/// over, then the average. The paces are what is left for the queue at peak and on average; no more waits than there is
/// room for.
pub fn time_to_drain_after(
    arriving: Amount,
    at_peak: Rate,
    on_average: Rate,
    outage: Duration,
    room: f64,
) -> Option<Duration> {
    let beyond = Duration::ZERO.max(outage - BUSY_HOUR);
    let left = room.min(arriving.peak * outage.min(BUSY_HOUR) + arriving.mean * beyond);
    let peak_left = Duration::ZERO.max(BUSY_HOUR - outage);
    let spare = at_peak - arriving.peak;
    if spare.is_positive() && left / spare <= peak_left {
        return Some(left / spare);
    }
    let left = room.min(left - spare * peak_left);
    let spare = on_average - arriving.mean;
    spare.is_positive().then(|| peak_left + left / spare)
}

/// How old a message is when it is taken that so many wait before: backlog ÷ μ.
pub fn waited(backlog: f64, working: Rate) -> Duration {
    if backlog > 0.0 { backlog / working } else { Duration::ZERO }
}

/// After how long the oldest message is so old while a queue only grows: what is taken after a time t came at t·μ ÷ λ,
/// and is t(1 − μ ÷ λ) old; nothing where the queue does not grow.
pub fn time_to_age(age: Duration, arriving: Rate, working: Rate) -> Option<Duration> {
    let growth = growth(arriving, working);
    growth.is_positive().then(|| age * (arriving / growth))
}

/// How many messages are in work at once: rate × time, by Little's law.
pub fn in_flight(rate: Rate, time: Duration) -> f64 {
    rate * time
}

/// What has become of the messages of a queue: `arrived` = `worked` + `waiting` + `turned_away`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Course {
    /// What came.
    pub arrived: f64,
    /// What was worked off.
    pub worked: f64,
    /// What waits.
    pub waiting: f64,
    /// What found the queue full: dropped, or rejected.
    pub turned_away: f64,
}

impl Course {
    /// How it goes on for a time, with room for so many messages, or without end.
    #[must_use]
    pub fn after(self, arriving: Rate, working: Rate, room: Option<f64>, time: Duration) -> Self {
        let arrived = arriving * time;
        let room = room.unwrap_or(f64::INFINITY).max(self.waiting);
        // Consumers work at their pace while anything waits, then on what comes.
        let busy = match time_to_drain_of(self.waiting, arriving, working) {
            Some(empty) => empty.min(time),
            None => time,
        };
        let worked = working * busy + arriving.min(working) * (time - busy);
        let unbounded = (self.waiting + arrived - worked).max(0.0);
        let waiting = unbounded.min(room);
        Self {
            arrived: self.arrived + arrived,
            worked: self.worked + worked,
            waiting,
            turned_away: self.turned_away + (unbounded - waiting),
        }
    }
}

/// When nothing waits any more.
fn time_to_drain_of(waiting: f64, arriving: Rate, working: Rate) -> Option<Duration> {
    let spare = working - arriving;
    spare.is_positive().then(|| waiting / spare)
}
