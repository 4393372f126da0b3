use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Asked, trip};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};
use rustc_hash::FxHashSet;

declare_rule! {
    /// Finds callers that make so many calls one after the other that the ways alone take most of the time there is.
    ///
    /// ## Why it matters
    /// A way is as long as it is, however fast the target. Twenty calls over a millisecond are twenty milliseconds of
    /// waiting; over an ocean they are two seconds.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 10/s }
    /// region us_east { service shop { service_time = 1ms } }
    /// region eu_west { service prices { service_time = 1ms } }
    /// app -> us_east.shop
    /// us_east.shop -> eu_west.prices { calls = 4 }
    /// flow list { latency_p99 = 500ms; app -> us_east.shop -> eu_west.prices } // finding: "4 calls of `shop` to `prices` are 320 ms on the way alone"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 10/s }
    /// region us_east { service shop { service_time = 1ms } }
    /// region eu_west { service prices { service_time = 1ms } }
    /// app -> us_east.shop
    /// us_east.shop -> eu_west.prices { calls = 4, parallel }
    /// flow list { latency_p99 = 500ms; app -> us_east.shop -> eu_west.prices }
    /// ```
    ///
    /// ## How it is detected
    /// A link states `calls`, two or more for each request, not `parallel`, and calls × round trip (measured, else by
    /// placement, assumed) is half or more of the `latency_p99` that a flow asks which takes it. A flow that misses its
    /// time is `missed-latency`'s. There is no fix: one call for many is another interface.
    ///
    /// ## Known false alarms
    /// The calls share a connection and do not wait for each other: state `parallel`.
    ///
    /// ## An interviewer asks
    /// How often does one request cross this line, and what would one crossing take?
    ///
    /// ## A good answer
    /// - how many ways it is in a row, and what each takes
    /// - which of the calls need the answer of one before
    ///
    /// ## References
    /// - D. Patterson, Latency lags bandwidth, Communications of the ACM 47(10), 2004
    /// - M. Fowler, *Patterns of Enterprise Application Architecture*, "Remote Facade"
    static RULE = {
        code: "LP707",
        summary: "calls one after the other whose ways alone take most of the time",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() || !architecture.links().any(|it| it.is_stated(Property::Calls)) {
        return;
    }
    let missed: FxHashSet<usize> = cx
        .analysis
        .missed_latencies(architecture)
        .iter()
        .filter(|it| it.asked != Asked::Freshness)
        .map(|it| it.journey)
        .collect();
    let share = cx.architecture.parameters.round_trip_share.value;
    let mut told = FxHashSet::default();
    for (at, (journey, touched)) in
        cx.analysis.journeys.iter().zip(cx.analysis.touched(architecture)).enumerate()
    {
        let properties = journey.properties(architecture);
        let asked = properties
            .and_then(|it| it.duration(Property::LatencyP99))
            .or_else(|| architecture.system.properties.duration(Property::LatencyP99));
        let Some(asked) = asked.filter(|_| !missed.contains(&at)) else { continue };
        for (link, _) in touched.calls(architecture).filter(|(link, _)| !link.has(Property::Parallel)) {
            let calls = link.figure(Property::Calls).unwrap_or(1.0);
            let ways = trip(architecture, link).time * calls;
            if calls >= 2.0 && ways >= asked * share && told.insert(link.id) {
                report(cx, findings, at, link, (calls, ways.to_string(), asked.to_string()));
            }
        }
    }
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    at: usize,
    link: &Link,
    (calls, ways, asked): (f64, String, String),
) {
    let journey = &cx.analysis.journeys[at];
    let (source, target) = cx.architecture.ends(link);
    let way = trip(cx.architecture, link);
    let assumed = if way.assumed.is_some() { " (assumed)" } else { "" };
    let calls = figures::number(calls);
    let message = format!(
        "{calls} calls of `{}` to `{}` are {ways} on the way alone{assumed}, of the {asked} that `{}` has",
        source.name, target.name, journey.name
    );
    let base = &cx.analysis.bases[journey.base];
    let mut finding = findings.report(
        Severity::Warning,
        base.element.as_str(),
        base.span,
        format!("{asked} asked"),
        message,
    );
    finding.label(cx.architecture.link_name(link), link.span, format!("{calls} × {}", way.time));
    finding.flow(base.name.as_str());
    finding.note("a way is as long as it is, however fast the other end answers");
    finding.help(format!(
        "ask for all in one call, make them at once (`parallel`), or put `{}` beside `{}`",
        target.name, source.name
    ));
}
