use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Asked, Latency, Miss, Place, Story, What};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Properties, Property};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds batches that wait longer to fill than the flow may take.
    ///
    /// ## Why it matters
    /// A batch saves work for each message and costs the first of them the wait for the last. When the window is longer than
    /// what is asked of the whole way, no quick consumer can make it good.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service feed
    /// stream events { batch_window = 5min } // finding: "waits up to 5 min for its batch where 1 min is asked"
    /// worker counter { service_time = 20ms }
    /// app -> feed ~> events ~> counter
    /// flow count { freshness = 1min
    ///   app -> feed ~> events ~> counter
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service feed
    /// stream events { batch_window = 10s }
    /// worker counter { service_time = 20ms }
    /// app -> feed ~> events ~> counter
    /// flow count { freshness = 1min
    ///   app -> feed ~> events ~> counter
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// The `batch_window` of a queue, a consumer or a link on a flow's path, or the time in which its `batch_size`
    /// fills on average where that is shorter (or where `batch_window = none`), alone exceeds the flow's `freshness`;
    /// on a link that is waited for, its `latency_p99`. It is reported as well where the whole way misses its freshness
    /// and would keep it without the batch. Anything else is LP307's. There is no fix: the window trades time against
    /// load, and how much is a choice.
    ///
    /// ## Known false alarms
    /// A window that ends early whenever the consumer is idle: state what it waits in earnest.
    ///
    /// ## An interviewer asks
    /// A single message comes, and then none for an hour. When is it worked on?
    ///
    /// ## A good answer
    /// - that a batch goes when it is full or when it has waited so long, whichever comes first
    /// - how long that is, out of what the latency leaves
    ///
    /// ## References
    /// - Google SRE workbook, chapter 13, "Data Processing Pipelines": freshness as a promise.
    /// - AWS Lambda guide: a batch window, and how it delays the first message.
    static RULE = {
        code: "LP317",
        summary: "a batch waits longer to fill than the flow may take",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    // One batch is one finding, on the flow of which the least is asked.
    let mut found: Vec<(Place, Vec<&Miss>)> = Vec::new();
    for miss in cx.analysis.missed_latencies(cx.architecture) {
        let Story::Batching(place) = miss.story else { continue };
        match found.iter_mut().find(|(it, _)| *it == place) {
            Some((_, misses)) => misses.push(miss),
            None => found.push((place, vec![miss])),
        }
    }
    for (place, misses) in found {
        let tightest = misses.iter().copied().reduce(|a, b| if b.budget < a.budget { b } else { a });
        if let Some(miss) = tightest {
            report(cx, findings, place, miss, &misses);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, place: Place, miss: &Miss, misses: &[&Miss]) {
    let name = |miss: &Miss| cx.analysis.bases[cx.analysis.journeys[miss.journey].base].name.as_str();
    let latency = match miss.asked {
        Asked::Freshness => cx.analysis.latency_to_the_end(cx.architecture, miss.journey),
        _ => cx.analysis.latency(cx.architecture, miss.journey),
    };
    let Some(wait) = wait(latency, place) else { return };
    let (element, span) = What::Batch(place).element(cx.architecture);
    let are = if is_one(miss.budget) { "is" } else { "are" };
    let [waited, budget] = figures::apart(wait, miss.budget);
    let message = format!("`{element}` waits up to {waited} for its batch where {budget} {are} asked");
    let label = format!("waits up to {waited}");
    let mut finding = findings.report(Severity::Warning, element.as_str(), span, label, message);
    if let Some(span) = stated(cx, place) {
        finding.place(span, "stated here");
    }
    finding.place(miss.span, format!("{budget} asked here"));
    finding.flow(name(miss));
    for other in misses {
        finding.flow(name(other));
    }
    let others = latency.least_without(|step| step.what == What::Batch(place));
    let room = miss.budget - others;
    let [reached, without] =
        figures::apart_by(miss.reached.seconds(), others.seconds(), figures::duration_at_least_to);
    finding.note(format!("`{}` takes at least {reached} so, {without} without the batch", name(miss)));
    finding.help(if room.is_positive() {
        format!("give `{element}` a `batch_window` under {room}, or send each message at once")
    } else {
        format!("send each message of `{element}` at once, and look at the rest of the way")
    });
}

fn wait(latency: &Latency, place: Place) -> Option<Duration> {
    let step = latency.steps.iter().find(|step| step.what == What::Batch(place))?;
    Some(step.each.tail)
}

/// Whether a time is one of its unit, for the grammar of a sentence.
fn is_one(time: Duration) -> bool {
    figures::duration(time.seconds()).starts_with("1 ")
}

fn stated(cx: &Context, place: Place) -> Option<Span> {
    let properties: &Properties = match place {
        Place::Component(id) => cx.architecture.component(id),
        Place::Link(id) => cx.architecture.link(id),
    };
    properties.span(Property::BatchWindow).or(properties.span(Property::BatchSize))
}
