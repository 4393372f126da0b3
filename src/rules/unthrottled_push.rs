use super::{Context, Findings, declare_rule};
use crate::analysis::backlog::{self, Push};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds producers that push more to a component than it carries, with nothing between that holds them up.
    ///
    /// ## Why it matters
    /// Who calls and waits is slowed down by a slow answer. Who pushes and does not wait is not: the difference piles up in
    /// sockets and memory that nobody sized, until the receiver falls over and takes along what it had accepted.
    ///
    /// ## Example
    /// ```arch
    /// service gateway x2 { rate = 1k/s, peak = 3k/s }
    /// worker indexer x2 { capacity = 1k/s } // finding: "`indexer` carries 2 000/s, and 3 000/s are pushed at it at peak"
    /// gateway ~> indexer
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service gateway x2 { rate = 1k/s, peak = 3k/s }
    /// stream documents : kafka { retention = 7d }
    /// worker indexer x5 { capacity = 1k/s, idempotent }
    /// gateway ~> documents ~> indexer
    /// ```
    ///
    /// Or say what happens to what is too much:
    /// ```arch
    /// service gateway x2 { rate = 1k/s, peak = 3k/s }
    /// worker indexer x2 { capacity = 1k/s }
    /// gateway ~> indexer { on_full = drop }
    /// ```
    ///
    /// ## How it is detected
    /// A `~>` leads straight from one component to another that works, neither of them a queue or stream. What comes to
    /// the target at peak is over what its replicas carry, by their written `capacity` (or `service_time`); and neither
    /// the link nor the target states `on_full`, `max_length` or `rate_limit`. A synchronous call is none: its caller
    /// waits. Links for telemetry, health, batch or copies of data, and optional ones, are left out. There is no fix: a
    /// queue, a limit and more receivers are different answers.
    ///
    /// ## Known false alarms
    /// A protocol that holds the sender up by itself, as HTTP/2 or Reactive Streams do: state `on_full = block`.
    ///
    /// ## An interviewer asks
    /// How does the sender learn that the receiver can't keep up?
    ///
    /// ## A good answer
    /// - what tells the sender to slow down, and what it does then
    /// - or what is dropped when more comes than goes, and why that may be
    ///
    /// ## References
    /// - [CWE-770](https://cwe.mitre.org/data/definitions/770.html): allocation of resources without limits or throttling.
    /// - Reactive Streams: back pressure as part of the contract.
    /// - Hohpe and Woolf, Enterprise Integration Patterns: Message Channel.
    static RULE = {
        code: "LP214",
        summary: "more is pushed to a component than it carries, without a queue or a limit between",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for push in backlog::pushes(cx.architecture, &cx.analysis.load).iter().filter(|it| it.is_too_much()) {
        report(cx, findings, push);
    }
}

fn report(cx: &Context, findings: &mut Findings, push: &Push) {
    let (target, peak, capacity) = (push.target, push.work.peak, push.capacity.value);
    let name = &target.name;
    let assumed = if push.assumed.is_some() { " (assumed)" } else { "" };
    let [pushed, carried] = figures::apart(peak, capacity);
    let message = format!(
        "`{name}` carries {carried}{assumed}, and {pushed} are pushed at it at peak: nothing holds the sender up"
    );
    let label = format!("{}{assumed}", push.capacity);
    let mut finding = findings.on_component(Severity::Warning, target, label, message);
    for (link, pushed) in push.links.iter().take(4) {
        finding.label(cx.architecture.link_name(link), link.span, format!("pushes {pushed}"));
    }
    let more = peak - capacity;
    finding.note(format!(
        "{more} pile up in sockets and memory that nobody sized, and what was accepted goes down with `{name}`"
    ));
    if let Some(fact) = push.assumed {
        finding.note(format!("{} at once are assumed ({})", figures::number(fact.value), fact.source));
    }
    let each = capacity / f64::from(target.least_replicas().unwrap_or(1));
    let count = (peak / each / cx.architecture.parameters.utilisation_target.value - 1e-9).ceil();
    finding.help(format!(
        "put a queue between them, for `{name} x{count}` to work off; or say what happens to the rest: `on_full = \
         reject`, `block` or `drop`"
    ));
}
