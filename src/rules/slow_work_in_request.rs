use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Asked, Latency, Origin, Story, What, budget};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Link, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds work of seconds that a request waits for.
    ///
    /// ## Why it matters
    /// A caller that waits for seconds holds a connection, a thread and a user's patience, and gives up when it takes a
    /// little longer, while the work goes on for nobody. Work that is slow by nature (rendering, transcoding, reports,
    /// models) belongs behind a queue: the request is done once the work is accepted.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service gallery { service_time = 20ms }
    /// service resize { service_time = 3s } // finding: "`upload` waits 3 s for the work of `resize` where 500 ms are asked"
    /// app -> gallery -> resize
    /// flow upload { latency_p99 = 500ms
    ///   app -> gallery -> resize
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service gallery { service_time = 20ms }
    /// queue photos
    /// worker resize { service_time = 3s }
    /// app -> gallery ~> photos ~> resize
    /// flow upload { latency_p99 = 500ms
    ///   app -> gallery ~> photos ~> resize
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// A component on the synchronous way of a request whose written `service_time` is longer than the flow's
    /// `latency_p99`, and longer than a second (a parameter); or longer than a second where the flow asks no latency. A
    /// flow whose written `latency_p99` this work alone misses is told here, and not by LP307 as well. What runs by the
    /// clock or behind a queue keeps nobody waiting. There is no fix: what is answered before the work is done is a
    /// part of the design.
    ///
    /// ## Known false alarms
    /// A call that streams its answer from the start: state the time to the first part as `service_time`.
    ///
    /// ## An interviewer asks
    /// The user closes the page before it is done. What becomes of the work, and of the next attempt?
    ///
    /// ## A good answer
    /// - that nobody waits for the work: it goes on behind the answer, or is given up
    /// - how the user hears of the result, and by what a second attempt is known
    ///
    /// ## References
    /// - Azure Architecture Center: Asynchronous Request-Reply pattern.
    /// - Nielsen, Response Times: The 3 Important Limits: a second is where the train of thought breaks.
    static RULE = {
        code: "LP213",
        summary: "work of seconds that a request waits for",
        levels: [Warning],
    }
}

/// Slow work, and who waits for it.
struct Slow {
    time: Duration,
    /// What is asked of the flow of the first of its journeys, if anything is.
    asked: Option<(Duration, crate::source::Span)>,
    journeys: Vec<usize>,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut found: BTreeMap<ComponentId, Slow> = BTreeMap::new();
    let mut take_in = |id, slow: Slow| {
        let known = found.entry(id).or_insert_with(|| Slow { journeys: Vec::new(), asked: None, ..slow });
        known.asked = known.asked.or(slow.asked);
        known.journeys.extend(slow.journeys);
    };
    let mut missed: FxHashSet<usize> = FxHashSet::default();
    for miss in cx.analysis.missed_latencies(cx.architecture) {
        if miss.asked == Asked::Freshness {
            continue;
        }
        missed.insert(cx.analysis.journeys[miss.journey].base);
        if let Story::SlowWork(id) = miss.story {
            let time = own_time(cx.architecture.component(id));
            let asked = Some((miss.budget, miss.span));
            take_in(id, Slow { time, asked, journeys: vec![miss.journey] });
        }
    }
    if is_slow_anywhere(cx) {
        for (at, journey) in cx.analysis.journeys.iter().enumerate() {
            let asks = |property| budget(cx.architecture, journey, property).is_some();
            if asks(Property::LatencyP99)
                || asks(Property::LatencyP50)
                || missed.contains(&journey.base)
                || !is_request(cx, at)
            {
                continue;
            }
            for (id, time) in slow_on(cx, cx.analysis.latency(cx.architecture, at)) {
                take_in(id, Slow { time, asked: None, journeys: vec![at] });
            }
        }
    }
    for (id, slow) in &found {
        report(cx, findings, cx.architecture.component(*id), slow);
    }
}

fn own_time(component: &Component) -> Duration {
    component.duration(Property::ServiceTime).unwrap_or(Duration::ZERO)
}

/// Whether any component is so slow at all: mostly none is.
fn is_slow_anywhere(cx: &Context) -> bool {
    let limit = cx.architecture.parameters.request_work.duration();
    cx.architecture.components().any(|component| own_time(component) > limit)
}

/// Whether a user, or another's system, waits for the answer.
fn is_request(cx: &Context, at: usize) -> bool {
    let journey = &cx.analysis.journeys[at];
    let is_outside = |id: &ComponentId| cx.architecture.component(*id).kind.is_outside();
    !journey.is_beside && journey.entries.iter().any(is_outside)
}

fn slow_on(cx: &Context, latency: &Latency) -> Vec<(ComponentId, Duration)> {
    let limit = cx.architecture.parameters.request_work.duration();
    let steps = latency.steps.iter();
    steps
        .filter_map(|step| match step.what {
            What::Work(id) if step.each.median_origin == Origin::Written && step.times.written >= 1.0 => {
                Some((id, step.each.median)).filter(|(_, time)| *time > limit)
            }
            _ => None,
        })
        .collect()
}

fn report(cx: &Context, findings: &mut Findings, component: &Component, slow: &Slow) {
    let name = &component.name;
    let flows: Vec<&str> = {
        let bases = slow.journeys.iter().map(|at| cx.analysis.journeys[*at].base);
        let mut names: Vec<&str> = bases.map(|base| cx.analysis.bases[base].name.as_str()).collect();
        names.dedup();
        names
    };
    let message = match slow.asked {
        Some((budget, _)) => {
            let [time, budget] = figures::apart(slow.time, budget);
            format!("`{}` waits {time} for the work of `{name}` where {budget} are asked", flows[0])
        }
        None => format!("`{}` waits {} for the work of `{name}`", flows[0], slow.time),
    };
    let label = format!("{} of work inside a request", slow.time);
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    if let Some((budget, span)) = slow.asked {
        finding.place(span, format!("{budget} asked here"));
    }
    let latency = cx.analysis.latency(cx.architecture, slow.journeys[0]);
    let call = caller(cx, latency, component);
    if let Some(link) = call {
        finding.label(cx.architecture.link_name(link), link.span, "waited for here");
    }
    for flow in flows {
        finding.flow(flow);
    }
    if slow.asked.is_none() {
        finding.note(format!(
            "no latency is asked; work over {} (assumed) is more than anybody should wait for",
            cx.architecture.parameters.request_work.duration()
        ));
    }
    finding.note("a caller that gives up leaves the work going on for nobody, and asks again");
    let left = latency.least_without(|step| match step.what {
        What::Work(id) | What::Wait(id) => id == component.id,
        What::Trip(link) => cx.architecture.link(link).target == component.id,
        _ => false,
    });
    // Where times are unknown, what is left is no figure to promise.
    let left = if latency.unknown.is_empty() && left.is_positive() {
        format!(": it is answered after {left}")
    } else {
        String::new()
    };
    let source = call.map(|link| cx.architecture.component(link.source)).filter(|it| !it.kind.is_outside());
    finding.help(match source {
        _ if component.kind.is_store() => {
            format!("work it out beforehand and keep the result where it is read quickly{left}")
        }
        Some(source) => format!(
            "put a queue between `{}` and `{name}`, and answer once the work is accepted{left}",
            source.name
        ),
        None => format!("let `{name}` accept the work only, and do it behind a queue"),
    });
}

/// The call by which the chain comes to a component.
fn caller<'a>(cx: &Context<'a>, latency: &Latency, component: &Component) -> Option<&'a Link> {
    let on_chain = latency.steps.iter().find_map(|step| match step.what {
        What::Trip(id) if cx.architecture.link(id).target == component.id => Some(cx.architecture.link(id)),
        _ => None,
    });
    on_chain.or_else(|| {
        let mut links = cx.architecture.links_to(component.id);
        links.find(|link| !link.is_async() && cx.architecture.component(link.source).kind != Kind::Queue)
    })
}
