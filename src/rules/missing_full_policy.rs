use super::{Asked, Context, Findings, declare_rule, is_asked, written_into};
use crate::analysis::messaging;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds queues with a limit that do not say what happens when it is reached.
    ///
    /// ## Why it matters
    /// Every bounded queue is full one day. Whether the sender is then turned away, held up, or never told that its
    /// message is gone decides who notices: the user, the whole chain of callers, or nobody.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 100/s }
    /// queue clicks : rabbitmq { max_length = 1M } // finding: "at peak it is full after 56 min"
    /// worker counter x2
    /// api ~> clicks ~> counter
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 100/s }
    /// queue clicks : rabbitmq { max_length = 1M, on_full = drop }
    /// worker counter x2
    /// api ~> clicks ~> counter
    /// ```
    ///
    /// ## How it is detected
    /// A queue or stream states `max_length`, and neither it nor a link into it states `on_full`. Where the load is
    /// known, the time to fill up is its length over the peak, with nobody working on it. All such queues are one
    /// question, the one that is full first at its head. The fix writes `on_full = reject`; it is unsafe, for `block`
    /// and `drop` may be meant.
    ///
    /// ## Known false alarms
    /// The broker's own policy decides (RabbitMQ drops from the head, Kafka throws the oldest segment away): state what
    /// it does, for it is the design's decision.
    ///
    /// ## An interviewer asks
    /// What happens if this queue fills up?
    ///
    /// ## A good answer
    /// - what the sender is told: to wait, to come again, or nothing
    /// - which messages may go, and why these
    ///
    /// ## References
    /// - [CWE-770](https://cwe.mitre.org/data/definitions/770.html): allocation of resources without limits or throttling.
    /// - OWASP ASVS 5.0, 13.1.2: what happens when a limit is reached.
    /// - Reactive Streams: back pressure as part of the contract.
    static RULE = {
        code: "LP202",
        summary: "a queue with a limit that does not say what happens at it",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let bounded = || messaging::queues(cx.architecture).filter(|it| it.has(Property::MaxLength));
    let time = |queue: &Component| messaging::time_to_fill(cx.architecture, &cx.analysis.load, queue);
    let mut silent: Vec<&Component> =
        bounded().filter(|it| messaging::on_full(cx.architecture, it).is_none()).collect();
    let first_full = |queue: &Component| time(queue).unwrap_or(Duration::INFINITE);
    silent.sort_by(|a, b| first_full(a).total_cmp(&first_full(b)));
    let in_words = |queue: &&Component| -> Asked {
        let label = match time(queue) {
            Some(time) => format!("full after {time} at peak: and then?"),
            None => "and when it is full?".to_owned(),
        };
        (queue.name.to_string(), queue.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &silent, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let fills = silent.iter().find(|it| it.name == *name).and_then(|it| time(it));
    let message = match (count, fills) {
        (1, Some(time)) => format!("what happens when `{name}` fills up? at peak it is full after {time}"),
        (1, None) => format!("what happens when `{name}` fills up?"),
        (_, Some(time)) => {
            format!("{count} queues don't say what they do when full; `{name}` is, after {time} at peak")
        }
        (_, None) => {
            format!("{count} of {} bounded queues don't say what they do when full", bounded().count())
        }
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        finding
            .note(
                "the time is without consumers; a full queue turns its sender away, holds it up, or loses messages \
                 that nobody will miss in time",
            )
            .help(
                "say `on_full = reject` (the sender knows, and may try again), `block` (the sender slows down) or \
                 `drop` (what is lost may be lost)",
            );
        let open = silent.into_iter().filter(|it| count > asked.len() || is_asked(&asked, &it.name));
        if let Some(edits) = written_into(open, "on_full = reject") {
            finding.fix("state `on_full = reject`: senders are turned away while it is full", false, edits);
        }
    }
}
