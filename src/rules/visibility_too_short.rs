use super::{Context, Findings, declare_rule};
use crate::analysis::messaging;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};
use crate::quantity::Duration;
use crate::source::Span;
use crate::syntax::ast::Dimension;

declare_rule! {
    /// Finds queues that hand a message out again while it is still being worked on.
    ///
    /// ## Why it matters
    /// A message that was taken is hidden for a time, in case its consumer dies. If the work takes longer, the queue thinks
    /// just that: another consumer gets the same message and does it a second time, beside the first. Under load everything is
    /// slower, so more is done twice, which is more load.
    ///
    /// ## Example
    /// ```arch
    /// service api { rate = 10/s }
    /// queue videos : sqs { visibility_timeout = 30s, max_age = 1d }
    /// worker encoder x200 { service_time = 45s } // finding: "`videos` hands a message out again after 30 s"
    /// api ~> videos ~> encoder
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api { rate = 10/s }
    /// queue videos : sqs { visibility_timeout = 5min, max_age = 1d }
    /// worker encoder x200 { service_time = 45s }
    /// api ~> videos ~> encoder
    /// ```
    ///
    /// ## How it is detected
    /// A written `visibility_timeout` is shorter than the written time of the work: the `service_time_p99`, else the
    /// `service_time`; where a `batch_size` is taken at once, that many times the `service_time`, as the last of a
    /// batch waits for the others; for a function also its written `timeout`, up to which it may run. A function whose
    /// timeout is less than six times in it is advised on, as AWS says: room for a batch that is tried again. There is
    /// no fix: the longer time delays what has to come again.
    ///
    /// ## Known false alarms
    /// A consumer that extends the time while it works, or works on a batch all at once: allow it, with that as the reason.
    ///
    /// ## An interviewer asks
    /// What happens to a message whose consumer is slow, but not dead?
    ///
    /// ## A good answer
    /// - that another gets it while the first still works on it
    /// - a time that is longer than the work takes at worst, or made longer while it goes on
    ///
    /// ## References
    /// - Amazon SQS, Developer Guide: visibility timeout.
    /// - AWS Lambda, Developer Guide: using Lambda with SQS.
    static RULE = {
        code: "LP220",
        summary: "messages come again while they are still worked on",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for queue in messaging::queues(cx.architecture) {
        let Some(hidden) = queue.duration(Property::VisibilityTimeout) else { continue };
        for (link, consumer) in messaging::consumers(cx.architecture, queue) {
            let work = longest(queue, link, consumer);
            if let Some(work) = work.filter(|it| it.time > hidden) {
                too_short(findings, queue, hidden, consumer, &work);
            } else if let Some((timeout, span)) = timeout(link, consumer)
                && hidden < timeout * cx.architecture.parameters.visibility_factor.value
            {
                scarce(cx, findings, queue, hidden, consumer, timeout, span);
            }
        }
    }
}

/// For how long a consumer may be at work on what it took.
struct Work {
    time: Duration,
    /// How that comes about.
    what: String,
    /// Where the time is stated.
    span: Option<Span>,
}

/// The longest that is written.
fn longest(queue: &Component, link: &Link, consumer: &Component) -> Option<Work> {
    let of = |property: Property, what: &str| {
        let time = consumer.duration(property)?;
        Some(Work { time, what: format!("{what} {time}"), span: consumer.span(property) })
    };
    let batch = [&link.properties, &consumer.properties, &queue.properties]
        .into_iter()
        .find_map(|it| it.figure_of(Property::BatchSize, Dimension::Number))
        .filter(|it| *it > 1.0);
    let of_batch = || {
        let (count, each) = (batch?, consumer.duration(Property::ServiceTime)?);
        let time = each * count;
        let what = format!("a batch of {} × {each} takes {time}", figures::number(count));
        Some(Work { time, what, span: consumer.span(Property::ServiceTime) })
    };
    let of_function = || {
        let (time, span) = timeout(link, consumer)?;
        Some(Work { time, what: format!("the function may run for {time}"), span: Some(span) })
    };
    let one = of(Property::ServiceTimeP99, "one message in a hundred takes over")
        .or_else(|| of(Property::ServiceTime, "half of all messages take over"));
    [one, of_batch(), of_function()].into_iter().flatten().max_by(|a, b| a.time.total_cmp(&b.time))
}

/// After how long a function is ended.
fn timeout(link: &Link, consumer: &Component) -> Option<(Duration, Span)> {
    if consumer.kind != Kind::Function {
        return None;
    }
    [&consumer.properties, &link.properties]
        .into_iter()
        .find_map(|it| it.duration(Property::Timeout).zip(it.span(Property::Timeout)))
}

fn too_short(
    findings: &mut Findings,
    queue: &Component,
    hidden: Duration,
    consumer: &Component,
    work: &Work,
) {
    let (name, what) = (&queue.name, &work.what);
    let message = format!(
        "`{name}` hands a message out again after {hidden}, while `{}` still works on it: {what}",
        consumer.name
    );
    let label = format!("at work for {}", work.time);
    let mut finding = findings.on_component(Severity::Warning, consumer, label, message);
    place(&mut finding, queue, hidden);
    if let Some(span) = work.span {
        finding.place(span, "stated here");
    }
    finding.note(
        "the work is done twice, side by side; and a delivery that counts as failed brings it nearer to the \
                  dead-letter queue",
    );
    finding.help(format!(
        "state `visibility_timeout = {}` or more, or extend it while the work goes on",
        written(work.time * 2.0)
    ));
}

fn scarce(
    cx: &Context,
    findings: &mut Findings,
    queue: &Component,
    hidden: Duration,
    consumer: &Component,
    timeout: Duration,
    span: Span,
) {
    let factor = cx.architecture.parameters.visibility_factor;
    let times = figures::number(factor.value);
    let message = format!(
        "`{}` hands a message out again after {hidden}, less than {times} times the timeout of `{}`, {timeout}",
        queue.name, consumer.name
    );
    let mut finding =
        findings.on_component(Severity::Advice, consumer, format!("may run for {timeout}"), message);
    place(&mut finding, queue, hidden);
    finding.place(span, "stated here");
    finding.note(format!(
        "a batch that is throttled or tried again needs the room (assumed: {})",
        factor.source
    ));
    finding.help(format!("state `visibility_timeout = {}`", written(timeout * factor.value)));
}

fn place(finding: &mut super::Finding, queue: &Component, hidden: Duration) {
    let label = format!("hides what was taken for {hidden}");
    finding.label(queue.name.as_str(), queue.span, label);
}

/// A time as a design writes it, rounded up.
fn written(time: Duration) -> String {
    let seconds = time.seconds();
    match seconds {
        _ if seconds >= 3600.0 => format!("{}h", (seconds / 3600.0 - 1e-9).ceil()),
        _ if seconds >= 120.0 => format!("{}min", (seconds / 60.0 - 1e-9).ceil()),
        _ => format!("{}s", (seconds - 1e-9).ceil()),
    }
}
