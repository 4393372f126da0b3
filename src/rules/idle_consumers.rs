use rustc_hash::FxHashMap;

use super::{Context, Findings, declare_rule};
use crate::analysis::backlog::{Backlog, Crew};
use crate::analysis::load::has_unreadable_standby;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds consumers of which some get nothing, as there are fewer partitions than consumers.
    ///
    /// ## Why it matters
    /// A partition is read by one consumer of a group at a time: that is how it keeps its order. Who is one too many waits
    /// for another to fail. Adding consumers to a lagging log is the first thing that is tried, and beyond the partitions
    /// it does nothing.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 1k/s }
    /// stream clicks : kafka { partitions = 8, retention = 7d }
    /// worker counter x12 { capacity = 500/s, idempotent } // finding: "4 of the 12 replicas of `counter` get nothing"
    /// api ~> clicks ~> counter
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 1k/s }
    /// stream clicks : kafka { partitions = 12, retention = 7d }
    /// worker counter x12 { capacity = 500/s, idempotent }
    /// api ~> clicks ~> counter
    /// ```
    ///
    /// ## How it is detected
    /// The replicas of a consumer, of a range the most, are more than the stated `partitions` of all that it reads. Consumers
    /// that share a queue with partitions are counted together. Left out are functions, whose number the platform chooses,
    /// consumers with a `standby`, who are meant to wait, and those that are called by others as well or read something whose
    /// partitions are not stated. What `ordering` alone does to parallel consumers is not judged here.
    /// To run fewer is advised only where those that work are at most 70 % busy. It offers no fix: partitions may be raised,
    /// or consumers taken away.
    ///
    /// ## Known false alarms
    /// Spare consumers that stand ready: state `standby = hot`.
    ///
    /// ## An interviewer asks
    /// The consumers lag behind. Does one more of them help?
    ///
    /// ## A good answer
    /// - that it does not, once each partition has its consumer
    /// - how many partitions it takes for the load that is to come
    ///
    /// ## References
    /// - Apache Kafka, documentation: consumers and groups.
    /// - Kleppmann, Designing Data-Intensive Applications, "Partitioned logs".
    static RULE = {
        code: "LP217",
        summary: "more consumers than partitions",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let all = &cx.analysis.backlogs(cx.architecture).all;
    // A consumer that reads something else as well, among others, is no group of its own.
    let mut groups: FxHashMap<ComponentId, usize> = FxHashMap::default();
    for consumer in all.iter().flat_map(|it| &it.consumers) {
        *groups.entry(consumer.component).or_default() += 1;
    }
    for backlog in all {
        let is_alone = backlog.consumers.iter().all(|it| groups[&it.component] == 1);
        if is_alone && let Some(idle) = Idle::of(cx, backlog) {
            idle.report(findings);
        }
    }
}

struct Idle<'a> {
    consumers: Vec<&'a Component>,
    queues: Vec<&'a Component>,
    count: f64,
    partitions: f64,
    /// Whether those that work are so busy that fewer can't be the answer.
    is_busy: bool,
}

impl<'a> Idle<'a> {
    fn of(cx: &'a Context, backlog: &Backlog) -> Option<Self> {
        let component = |id| cx.architecture.component(id);
        let queues: Vec<&Component> = backlog.feeds.iter().map(|it| component(it.queue)).collect();
        let partitions: f64 = queues.iter().map(|it| it.figure(Property::Partitions)).sum::<Option<f64>>()?;
        let consumers: Vec<&Component> = backlog.consumers.iter().map(|it| component(it.component)).collect();
        let takes_all_turns = |it: &&Component| {
            it.kind.is_compute()
                && it.kind != Kind::Function
                && !has_unreadable_standby(it)
                && cx.architecture.links_to(it.id).all(|link| component(link.source).kind.is_queue())
        };
        if !consumers.iter().all(takes_all_turns) {
            return None;
        }
        let counts = backlog.consumers.iter().map(|it| match it.crew {
            Crew::Of(count) => Some(f64::from(count)),
            _ => None,
        });
        let count: f64 = counts.sum::<Option<f64>>()?;
        let is_busy =
            backlog.busy().is_some_and(|it| it.peak > cx.architecture.parameters.utilisation_target.value);
        (count > partitions && partitions >= 1.0).then_some(Self {
            consumers,
            queues,
            count,
            partitions,
            is_busy,
        })
    }

    fn report(&self, findings: &mut Findings) {
        let names: Vec<&str> = self.consumers.iter().map(|it| it.name.as_str()).collect();
        let queues: Vec<&str> = self.queues.iter().map(|it| it.name.as_str()).collect();
        let (first, idle) = (self.consumers[0], self.count - self.partitions);
        let partitions = figures::count(self.partitions as usize, "partition", "partitions");
        let is_range = self.consumers.iter().any(|it| it.least_replicas().map(f64::from) != Some(self.count));
        let up_to = if is_range && self.consumers.len() == 1 { "up to " } else { "" };
        let message = format!(
            "{up_to}{} of the {} replicas of {} {} nothing: {} {} {partitions}",
            figures::number(idle),
            figures::number(self.count),
            figures::listed(&names, 3),
            if (idle - 1.0).abs() < 1e-9 && up_to.is_empty() { "gets" } else { "get" },
            figures::listed(&queues, 3),
            if queues.len() > 1 { "have together" } else { "has" },
        );
        let mut finding =
            findings.on_component(Severity::Warning, first, "one works on each partition, at most", message);
        for consumer in self.consumers.iter().skip(1).take(3) {
            finding.label(consumer.name.as_str(), consumer.span, "shares the same partitions");
        }
        for queue in self.queues.iter().take(3) {
            let own = queue.figure(Property::Partitions).unwrap_or_default();
            let label = figures::count(own as usize, "partition", "partitions");
            finding.label(queue.name.as_str(), queue.span, label);
        }
        finding
            .note("a partition is read by one consumer of a group at a time: the others wait for it to fail");
        let count = figures::number(self.count);
        finding.help(if self.is_busy {
            format!("raise `partitions` to {count} or more (a key then moves): those that work are busy")
        } else {
            format!(
                "raise `partitions` to {count} or more before you need them (a key then moves), or run {} at most",
                figures::number(self.partitions)
            )
        });
    }
}
