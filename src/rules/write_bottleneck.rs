use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Lack, Shortage};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds stores whose writes alone nearly fill each node, which no replica changes.
    ///
    /// ## Why it matters
    /// Every replica applies every write, so the tenth node of a shard is as full of writes as the first. What helps is to
    /// write less to one place: another store for another part of the data, a queue that takes the bursts, shards. All of
    /// these take months, so the time to start is before the primary is full.
    ///
    /// ## Example
    /// ```arch
    /// system "Meters" { writes = 1500/s, reads = 100/s, peak_factor = 3 }
    /// client meter
    /// service intake x8 { capacity = 1k/s }
    /// load_balancer lb : alb
    /// database readings : postgres x3 { failover, read_capacity = 20k/s, write_capacity = 5k/s } // finding: "writes fill each node of `readings`"
    /// meter -> lb -> intake -> readings
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Meters" { writes = 1500/s, reads = 100/s, peak_factor = 3 }
    /// client meter
    /// service intake x8 { capacity = 1k/s }
    /// load_balancer lb : alb
    /// database readings : postgres x3 { failover, shards = 2, shard_key = meter, read_capacity = 20k/s, write_capacity = 5k/s }
    /// meter -> lb -> intake -> readings
    /// ```
    ///
    /// ## How it is detected
    /// The peak of writes is over 70 % of what one node of a shard writes, and the whole not over 100 %: then LP301
    /// speaks, with the same advice. Where the capacity is the catalogue's it is advice. There is no fix: shards,
    /// stores of their own and a queue are different answers.
    ///
    /// ## Known false alarms
    /// Writes in batches, many rows at a time: state the `write_capacity` that they reach.
    ///
    /// ## An interviewer asks
    /// What do you do when the primary is full, and how long does it take?
    ///
    /// ## A good answer
    /// - what the writes are, and which of them could wait, or be made as one
    /// - a larger machine, then a split by key
    /// - how long that takes, against how fast it fills
    ///
    /// ## References
    /// - System Design Primer, "Federation", "Sharding".
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6.
    static RULE = {
        code: "LP306",
        summary: "writes nearly fill each node of a store",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for shortage in cx.analysis.shortages(cx.architecture).iter().filter(|it| it.lack == Lack::Writes) {
        report(cx, findings, shortage);
    }
}

fn report(cx: &Context, findings: &mut Findings, shortage: &Shortage) {
    let store = cx.architecture.component(shortage.busy.component);
    let busy = &shortage.busy;
    let (severity, assumed) =
        if busy.capacity.is_assumed { (Severity::Advice, " (assumed)") } else { (Severity::Warning, "") };
    let message = format!(
        "writes fill each node of `{}` to {} at peak, whatever its replicas: {} of {} a node{assumed}",
        store.name,
        figures::percent(busy.writes),
        busy.peak.writes,
        busy.capacity.writes
    );
    let label = format!("{} writes at peak", busy.peak.writes);
    let mut finding = findings.on_component(severity, store, label, message);
    finding
        .note("each replica applies all writes of its shard: more of them take reads off it, and no writes");
    for note in shortage.assumptions(&cx.architecture.parameters, store) {
        finding.note(note);
    }
    finding.help(shortage.advice(&cx.architecture.parameters, store));
}
