use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::ComponentId;

declare_rule! {
    /// Finds queues before work that is as quick as the call that starts it.
    ///
    /// ## Why it matters
    /// A queue evens out bursts, carries slow work out of the request, and tells many. Between one sender and one quick,
    /// idle receiver it does none of that: it makes an answer into a message, adds a broker to run, duplicates to expect
    /// and an order to lose. It improves neither the mean throughput nor the latency.
    ///
    /// ## Example
    /// ```arch
    /// system "Notes" { daily_users = 5k, per_user = 20/day, availability = 99% }
    /// client app
    /// service api x2
    /// queue changes : rabbitmq x2 { max_length = 10k, on_full = reject } // finding: "`indexer` could be called directly"
    /// worker indexer x2 { service_time = 5ms }
    /// app -> api ~> changes ~> indexer
    /// flow change { writes; app -> api ~> changes ~> indexer }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Notes" { daily_users = 5k, per_user = 20/day, availability = 99% }
    /// client app
    /// service api x2
    /// service indexer x2 { service_time = 5ms }
    /// app -> api -> indexer
    /// flow change { writes; app -> api -> indexer }
    /// ```
    ///
    /// ## How it is detected
    /// One consumer, whose written `service_time` or `capacity` says that it is quick (100 ms at most, and half the
    /// asked latency), at most half busy at a grown peak of under 1 000 messages a second, that calls no third party.
    /// With it waited for, each promise holds at half its budget. It is silent where anything stated asks for a queue:
    /// no loss, order, replay, freshness, batches, bursts, an `optional` link, a `because`; and where its sender also
    /// writes to a store, which is another matter (`dual-write`). It is advice where only a catalogue capacity makes it
    /// so. There is no fix: who does the work then is a choice.
    ///
    /// ## Known false alarms
    /// A receiver that is down for long, on purpose: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// What does this queue absorb? What would break if you called the other side directly?
    ///
    /// ## A good answer
    /// - a burst, slow work, a party that may be away, or several receivers: which it is
    /// - or that a call does, and what that saves
    ///
    /// ## References
    /// - F. Hébert, "Queues Don't Fix Overload".
    /// - K. Kingsbury, *An Introduction to Distributed Systems*: queues.
    static RULE = {
        code: "LP804",
        summary: "a queue before work that is quick and idle",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Queue(consumer) = deletion.step {
            report(cx, findings, deletion, consumer);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, consumer: ComponentId) {
    let queue = cx.architecture.component(deletion.component);
    let consumer = cx.architecture.component(consumer);
    let used = deletion.used;
    let severity =
        if used.is_surely_early(&cx.architecture.parameters) { Severity::Warning } else { Severity::Advice };
    let message =
        format!("`{}` could be called directly: all that `{}` holds is {used}", consumer.name, queue.name);
    let mut finding = findings.on_component(severity, queue, format!("holds {}", used.peak_told()), message);
    let busy = deletion.utilisation.unwrap_or(used.share);
    finding.label(
        consumer.name.as_str(),
        consumer.span,
        format!("quick, and {} busy", figures::roughly(busy)),
    );
    for link in cx.architecture.links_to(queue.id).take(3) {
        let sender = cx.architecture.component(link.source);
        finding.label(sender.name.as_str(), sender.span, "could wait for it");
    }
    finding.note("a queue adds a broker to run, duplicates to expect and an order to lose");
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "call `{}` directly: a queue pays for slow work, bursts over its capacity, third parties and many receivers",
        consumer.name
    ));
}
