use super::{Context, Findings, declare_rule};
use crate::analysis::messaging;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::source::Span;

declare_rule! {
    /// Finds messages that must be worked on in their order, and consumers or brokers that do not keep it.
    ///
    /// ## Why it matters
    /// Two consumers take two messages at once, and the second is done first: the account is closed, then opened; the
    /// old address wins.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// queue changes : rabbitmq { ordering, max_length = 1M, on_full = reject }
    /// worker applier x3 { idempotent } // finding: "3 replicas of `applier` work on `changes` at once, and its order is asked"
    /// shop ~> changes ~> applier
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// stream changes : kafka x3 { ordering, partitions = 12 }
    /// worker applier x3 { idempotent }
    /// shop ~> changes ~> applier
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// service shop
    /// queue changes : sqs_fifo { ordering }
    /// worker applier x3 { idempotent }
    /// shop ~> changes ~> applier
    /// ```
    ///
    /// ## How it is detected
    /// A queue, a link to or from it, a consumer, or a flow that takes it states `ordering`. A broker whose engine
    /// keeps no order (assumed) loses it; so do several replicas (stated, or by `autoscale`) that share a queue which hands each message to anyone:
    /// queues with `partitions`, logs and FIFO queues by groups give each key to one. There is no fix: the key by which
    /// the order holds has to be chosen.
    ///
    /// ## Known false alarms
    /// Each message holds a version, and what is older is thrown away: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Two changes of one record are in the queue. Which of them is done last?
    ///
    /// ## A good answer
    /// - what must stay in order, and what need not
    /// - or that the older change is known by its version, and left out
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 11, "Message brokers"
    /// - AWS documentation, "Amazon SQS FIFO queues"
    static RULE = {
        code: "LP216",
        summary: "messages that must keep their order, and do not",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for queue in messaging::queues(architecture).filter(|it| !it.has(Property::Because)) {
        let Some((element, span)) = asked(cx, queue) else { continue };
        let is_unordered = queue.engine().and_then(|it| it.facts.is_ordered) == Some(false);
        let by_key = queue.is_stated(Property::Partitions)
            || !messaging::hands_each_message_to_one(queue)
            || queue.engine().is_some_and(|it| it.name.contains("fifo"));
        let consumers = messaging::consumers(architecture, queue).map(|(_, it)| it);
        let several = consumers.filter(|it| !it.has(Property::Because)).find_map(|it| match it.replicas {
            Replicas::Stated { least, most } => {
                let most = most.map_or_else(|| most_by_load(it).max(f64::from(least)), f64::from);
                Some((it, figures::number(most))).filter(|_| most > 1.0)
            }
            _ => None,
        });
        let (message, culprit, label) = match several {
            _ if is_unordered => {
                let title = queue.engine().map_or("its broker", |it| it.title);
                (
                    format!("`{}` is asked to keep its order, and {title} does not (assumed)", queue.name),
                    queue,
                    "hands them out in any order",
                )
            }
            Some((consumer, count)) if !by_key => (
                format!(
                    "{count} replicas of `{}` work on `{}` at once, and its order is asked",
                    consumer.name, queue.name
                ),
                consumer,
                "done when they are done",
            ),
            _ => continue,
        };
        report(findings, queue, culprit, (message, label), (element, span));
    }
}

/// How many replicas there are where they follow the load: two at least.
fn most_by_load(consumer: &Component) -> f64 {
    consumer.figure(Property::Autoscale).unwrap_or_default().max(2.0)
}

/// Who asks for the order of a queue.
fn asked(cx: &Context, queue: &Component) -> Option<(String, Span)> {
    let architecture = cx.architecture;
    if queue.has(Property::Ordering) {
        return Some((queue.name.to_string(), queue.span(Property::Ordering)?));
    }
    let links = || architecture.links_to(queue.id).chain(architecture.links_from(queue.id));
    if let Some(link) = links().find(|it| it.has(Property::Ordering)) {
        return Some((architecture.link_name(link), link.span(Property::Ordering)?));
    }
    let flows = links().flat_map(|link| cx.analysis.trust.flows_of(architecture, link));
    let flow = flows.into_iter().find(|it| it.has(Property::Ordering));
    if let Some(flow) = flow {
        return Some((flow.name.to_string(), flow.span(Property::Ordering)?));
    }
    let consumer =
        messaging::consumers(architecture, queue).map(|(_, it)| it).find(|it| it.has(Property::Ordering))?;
    Some((consumer.name.to_string(), consumer.span(Property::Ordering)?))
}

fn report(
    findings: &mut Findings,
    queue: &Component,
    culprit: &Component,
    (message, label): (String, &str),
    (element, span): (String, Span),
) {
    let mut finding = findings.on_component(Severity::Warning, culprit, label, message);
    finding.label(element, span, "asks for order");
    if culprit.id != queue.id {
        finding.label(queue.name.as_str(), queue.span, "gives each message to anyone");
    }
    finding
        .note("of two changes of one record the second may be done first, and then the first wins")
        .help("give all messages of one key to one consumer: partitions by that key (`partitions = 12`), or a FIFO queue with groups");
}
