use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::latency::{Asked, Distance, Latency, Miss, Origin, Step, Story, What, trip};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::quantity::Duration;

declare_rule! {
    /// Finds flows whose longest chain of waits takes longer than is asked.
    ///
    /// ## Why it matters
    /// A request waits for the sum of all that is called one after the other. When that sum is over what is promised, no
    /// part of it is at fault, and no tuning of one part helps for long: the chain is too long, or its dearest hop stands
    /// where it must not.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service shop { service_time = 20ms, service_time_p99 = 60ms }
    /// service prices { service_time = 90ms, service_time_p99 = 250ms }
    /// service stock { service_time = 60ms, service_time_p99 = 100ms }
    /// app -> shop -> prices, stock
    /// flow browse { latency_p99 = 200ms // finding: "at least 330 ms where 200 ms are asked"
    ///   app -> shop -> prices, stock
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service shop { service_time = 20ms, service_time_p99 = 60ms }
    /// service prices { service_time = 9ms, service_time_p99 = 25ms }
    /// service stock { service_time = 60ms, service_time_p99 = 100ms }
    /// app -> shop
    /// shop -> prices { parallel }
    /// shop -> stock { parallel }
    /// flow browse { latency_p99 = 200ms
    ///   app -> shop -> prices, stock
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// The longest chain of waits from the edge on: each component's own time (`service_time`, `service_time_p99`; else the
    /// catalogue's), each round trip by the places of its ends (`measured` on a link goes before), `calls` one after the
    /// other unless `parallel`, and the wait for one's turn at peak, as M/M/c has it, where load and capacity are known. Of
    /// a pool the slowest counts, of a fallback the first; what a cache answers does not go on to the store. One request in
    /// a hundred takes at least the sum of the medians and the longest single tail: that is held against `latency_p99`, and
    /// the sum of the medians against `latency_p50`. A flow with `freshness` is held against it to the end of its path,
    /// with batches, schedules and lag. What has no known time counts as nothing. Where times that are written miss alone
    /// it is an error, else a warning that says what is assumed. Clients' own ways are not counted.
    ///
    /// Where one part explains it, another rule tells the story in its place: work of seconds (LP213), calls one after
    /// the other (LP218), a way between regions (LP308; the latter two only where it is no error), a batch (LP317).
    /// What is over its capacity has no end, and is LP301's. There is no fix: which hop gives way is a choice.
    ///
    /// ## Known false alarms
    /// The catalogue's times are middling: state `service_time` where you measured. Calls that are made at once are
    /// `parallel`.
    ///
    /// ## An interviewer asks
    /// Where do the milliseconds of this request go, and which would you take out first?
    ///
    /// ## A good answer
    /// - the largest piece of the time, and whether it is work, a way or a line
    /// - what of it can be done before, after, or beside the request
    ///
    /// ## References
    /// - Dean and Barroso, The Tail at Scale, 2013.
    /// - Kleinrock, Queueing Systems, volume 1, 1975: M/M/c.
    static RULE = {
        code: "LP307",
        summary: "the longest chain of waits takes longer than is asked",
        levels: [Error, Warning],
    }
}

/// So many of what costs most are labelled.
const MAX_LABELLED: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for miss in cx.analysis.missed_latencies(cx.architecture) {
        if miss.story == Story::Chain {
            report(cx, findings, miss);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, miss: &Miss) {
    let journey = &cx.analysis.journeys[miss.journey];
    let base = &cx.analysis.bases[journey.base];
    let latency = match miss.asked {
        Asked::Freshness => cx.analysis.latency_to_the_end(cx.architecture, miss.journey),
        _ => cx.analysis.latency(cx.architecture, miss.journey),
    };
    let who = match miss.asked {
        Asked::Median => format!("half of the requests of `{}` take", base.name),
        Asked::Tail => format!("one in a hundred requests of `{}` takes", base.name),
        Asked::Freshness => format!("one in a hundred times `{}` is done after", base.name),
    };
    let assumed = if miss.is_certain { "" } else { " (assumed)" };
    let [reached, budget] =
        figures::apart_by(miss.reached.seconds(), miss.budget.seconds(), figures::duration_at_least_to);
    let message = format!("{who} at least {reached}{assumed} where {budget} are asked");
    let level = if miss.is_certain { Severity::Error } else { Severity::Warning };
    let mut finding =
        findings.report(level, base.element.as_str(), base.span, format!("takes {reached}"), message);
    finding.flow(base.name.as_str());
    finding.place(miss.span, format!("{budget} asked here"));
    let costs = costs(latency, miss);
    for (at, cost) in costs.iter().take(MAX_LABELLED) {
        let step = &latency.steps[*at];
        let (element, span) = step.what.element(cx.architecture);
        finding.label(element, span, in_words(cx, step, *cost));
    }
    notes(cx, &mut finding, miss, latency);
    if let Some((at, _)) = costs.first() {
        finding.help(help(cx, miss, latency, &latency.steps[*at]));
    }
}

/// The steps by what they cost, the dearest first.
fn costs(latency: &Latency, miss: &Miss) -> Vec<(usize, Duration)> {
    let costs = match miss.asked {
        Asked::Median => latency.steps.iter().map(Step::median).collect(),
        Asked::Tail | Asked::Freshness => latency.costs(),
    };
    let mut costs: Vec<(usize, Duration)> = costs.into_iter().enumerate().collect();
    costs.retain(|(_, cost)| cost.is_positive());
    costs.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    costs
}

fn in_words(cx: &Context, step: &Step, cost: Duration) -> String {
    let assumed = match step.what {
        What::Wait(_) => "",
        _ if is_assumed(step) => " (assumed)",
        _ => "",
    };
    let times = step.times.least;
    let often = if times > 1.0 { format!(", for {} calls", figures::number(times)) } else { String::new() };
    match step.what {
        What::Work(_) => format!("{cost}{assumed}{often}"),
        What::Wait(id) => {
            let busy = cx.analysis.waiting(cx.architecture, id).map_or(1.0, |it| it.line.utilisation);
            format!("{cost} for its turn: {} busy at peak", figures::percent(busy))
        }
        What::Trip(id) => {
            let far = match trip(cx.architecture, cx.architecture.link(id)).distance {
                Distance::Regions => " between two regions",
                Distance::Zones => " between two zones",
                Distance::Zone | Distance::None => " on the way",
            };
            format!("{cost}{far}{assumed}{often}")
        }
        What::Batch(_) => format!("{cost} until the batch goes on"),
        What::Schedule(_) => format!("{cost} until it runs again"),
        What::Lag(_) => format!("{cost} behind{assumed}"),
    }
}

fn is_assumed(step: &Step) -> bool {
    step.each.median_origin == Origin::Assumed
        || step.each.tail_origin == Origin::Assumed && step.excess().is_positive()
}

fn notes(cx: &Context, finding: &mut Finding, miss: &Miss, latency: &Latency) {
    if cx.analysis.journeys.iter().filter(|it| it.base == cx.analysis.journeys[miss.journey].base).count() > 1
    {
        let journey = &cx.analysis.journeys[miss.journey];
        finding.note(format!("this is the longest of its routes, `{}`", journey.name));
    }
    if miss.asked != Asked::Median && latency.most > latency.least * 1.05 {
        finding.note(format!("it takes {} where all of it is slow at once", latency.most));
    }
    let names = |ids: &[crate::model::ComponentId]| {
        let names: Vec<&str> = ids.iter().map(|id| cx.architecture.component(*id).name.as_str()).collect();
        figures::listed(&names, MAX_LABELLED)
    };
    if !latency.unknown.is_empty() {
        finding.note(format!(
            "of {} no time is known, so it is more than that: state `service_time`",
            names(&latency.unknown)
        ));
    }
    if !latency.saturated.is_empty() {
        finding.note(format!(
            "more comes to {} at peak than can be done there: that wait has no end, and is not in it",
            names(&latency.saturated)
        ));
    }
}

/// What to do about the dearest step, and what would be left.
fn help(cx: &Context, miss: &Miss, latency: &Latency, dearest: &Step) -> String {
    let is_of_it = |step: &Step| match dearest.what {
        // The way to what is taken out falls away as well.
        What::Work(id) => match step.what {
            What::Work(it) | What::Wait(it) => it == id,
            What::Trip(link) => cx.architecture.link(link).target == id,
            _ => false,
        },
        what => step.what == what,
    };
    let left = match miss.asked {
        Asked::Median => latency.steps.iter().filter(|it| !is_of_it(it)).map(Step::median).sum(),
        Asked::Tail | Asked::Freshness => latency.least_without(is_of_it),
    };
    let is_lower_bound = latency.is_lower_bound() || !latency.saturated.is_empty();
    let left = format!("without it {}", figures::time_left(left, miss.budget, is_lower_bound));
    let (element, _) = dearest.what.element(cx.architecture);
    match dearest.what {
        What::Work(id) => {
            let component = cx.architecture.component(id);
            let calls = dearest.times.least;
            if calls > 1.0 && miss.asked != Asked::Freshness {
                let once = dearest.each.median;
                return format!(
                    "make one call of the {} to `{element}`, or make them in parallel (`parallel`): {once} in place of {}",
                    figures::number(calls),
                    dearest.least()
                );
            }
            match component.kind {
                kind if kind.is_store() && !cx.analysis.journeys[miss.journey].mode.reads => format!(
                    "put a queue before `{element}` and answer once the queue has it, or write less to it: {left}"
                ),
                kind if kind.is_store() => {
                    format!("keep what is read most in a cache before `{element}`, or ask it less: {left}")
                }
                Kind::Cache | Kind::Cdn | Kind::Queue | Kind::Stream => {
                    format!("take `{element}` out of the way, or make it quicker: {left}")
                }
                Kind::ThirdParty | Kind::External => format!(
                    "put a queue before `{element}` and answer at once, or keep its last answer: {left}"
                ),
                _ => format!("make `{element}` quicker, or let a queue take its work off the path: {left}"),
            }
        }
        What::Wait(_) => format!("add replicas to `{element}` until nobody waits for it: {left}"),
        What::Trip(_) => format!("put both ends of `{element}` into one place: {left}"),
        What::Batch(_) => format!("shorten the `batch_window` on `{element}`: {left}"),
        What::Schedule(_) => format!("let `{element}` run more often, or wake it by each message: {left}"),
        What::Lag(_) => format!("read where `{element}` comes from, or copy synchronously: {left}"),
    }
}
