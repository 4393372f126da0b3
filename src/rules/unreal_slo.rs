use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::analysis::needs::View;
use crate::catalogue::Parameters;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{ComponentId, GroupKind, Link, LinkId, Properties, Property};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds promises that nobody keeps: six nines, and answers that are faster than the way between regions.
    ///
    /// ## Why it matters
    /// 99.9999 % is two and a half seconds a month: no person reacts, no failover ends, and no provider promises it. And
    /// light in glass takes its time between two coasts, whatever is bought at either end. A promise that can't be kept is
    /// either ignored, or paid for without end.
    ///
    /// ## Example
    /// ```arch
    /// system "Bank" { rate = 200/s, availability = 99.9999% } // finding: "99.9999% leaves 2.6 s of downtime a month"
    /// client browser
    /// load_balancer edge { managed }
    /// service bank x4 { zones = 2 }
    /// browser -> edge -> bank
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Bank" { rate = 200/s, availability = 99.95% }
    /// client browser
    /// load_balancer edge { managed }
    /// service bank x4 { zones = 2 }
    /// browser -> edge -> bank
    /// ```
    ///
    /// ## How it is detected
    /// The system, a flow or a component's `slo` states 99.9999 % or more, or a downtime as short. Or a flow's
    /// `latency_p99` (else `latency_p50`) is shorter than the round trips between the regions that its own components
    /// stand in, along what every request must wait for: 60 ms each (assumed). An `intent` never promises so much.
    /// There is no fix: what can be promised is a decision.
    ///
    /// ## Known false alarms
    /// Regions that lie close to each other: some are 10 ms apart. Allow it on the flow and say so.
    ///
    /// ## An interviewer asks
    /// Who measured that, over how long, and from where?
    ///
    /// ## A good answer
    /// - who measured it, how, and over which time
    /// - a promise that somebody keeps, with the minutes that it allows
    ///
    /// ## References
    /// - B. Treynor Sloss et al., "The Calculus of Service Availability", *ACM Queue* 15(2), 2017.
    /// - I. Grigorik, *High Performance Browser Networking*, chapter 1, "Primer on Latency and Bandwidth".
    static RULE = {
        code: "LP907",
        summary: "a promise of availability or speed that nothing built can keep",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut told: FxHashSet<Span> = FxHashSet::default();
    for journey in &cx.analysis.journeys {
        let promise = &journey.promise;
        let (PromiseOrigin::Stated, Some(slo), Some(span)) = (promise.origin, promise.slo, promise.span)
        else {
            continue;
        };
        if is_unreal(cx, slo) && told.insert(span) {
            let own = journey.properties(architecture).is_some_and(|it| has_promise(it, span));
            let element = if own { journey.element.as_str() } else { "system" };
            too_many_nines(findings, element, span, slo);
        }
    }
    for component in architecture.components() {
        let slo = component.figure(Property::Slo).filter(|it| is_unreal(cx, *it));
        if let (Some(slo), Some(span)) = (slo, component.span(Property::Slo)) {
            too_many_nines(findings, &component.name, span, slo);
        }
    }
    let has_regions = architecture.groups().filter(|group| group.kind == GroupKind::Region).nth(1).is_some();
    let crosses = |link: &Link| !link.is_async() && are_regions_apart(cx, link.source, link.target);
    if has_regions && architecture.links().any(crosses) {
        cx.analysis.journeys.iter().for_each(|journey| too_fast(cx, findings, journey, &mut told));
    }
}

fn is_unreal(cx: &Context, slo: f64) -> bool {
    slo >= cx.architecture.parameters.unreal_promise.value - 1e-9
}

fn has_promise(properties: &Properties, span: Span) -> bool {
    [Property::Availability, Property::Downtime].into_iter().any(|it| properties.span(it) == Some(span))
}

fn too_many_nines(findings: &mut Findings, element: &str, span: Span, slo: f64) {
    let month = Parameters::MONTH.value;
    let promised = figures::availability(slo);
    let message = if slo >= 1.0 {
        format!("`{element}` promises {promised}: never down, not for a second")
    } else {
        let downtime = figures::duration((1.0 - slo) * month);
        format!("`{element}` promises what nobody keeps: {promised} leaves {downtime} of downtime a month")
    };
    let help = "promise what a design can be held to: 99.99% is 4.3 min a month, 99.999% takes several active regions";
    findings
        .report(Severity::Warning, element, span, "more than any provider promises", message)
        .note("a region alone fails for hours every few years, and a switch to another takes a minute")
        .help(help);
}

fn too_fast(cx: &Context, findings: &mut Findings, journey: &Journey, told: &mut FxHashSet<Span>) {
    let architecture = cx.architecture;
    let system = &architecture.system.properties;
    let own = journey.properties(architecture);
    let stated = own.into_iter().chain([system]).find_map(|properties| {
        let property = [Property::LatencyP99, Property::LatencyP50]
            .into_iter()
            .find(|it| properties.duration(*it).is_some())?;
        Some((properties.duration(property)?, properties.span(property)?))
    });
    let Some((limit, span)) = stated else { return };
    let crossings = crossings(cx, journey);
    let trip = cx.architecture.parameters.round_trip_regions.duration();
    let least: Duration = trip * crossings.len() as f64;
    if crossings.is_empty() || least <= limit || !told.insert(span) {
        return;
    }
    let element = if journey.flow.is_some() { journey.element.as_str() } else { "system" };
    let times = figures::count(crossings.len(), "call", "calls");
    let message = format!(
        "`{}` must answer in {limit}, and waits for {times} between regions: {least} on the way alone (assumed)",
        journey.name
    );
    let mut finding = findings.report(Severity::Warning, element, span, "faster than the way", message);
    for link in crossings.iter().take(4) {
        let link = architecture.link(*link);
        finding.label(
            architecture.link_name(link),
            link.span,
            format!("between regions, {trip} there and back"),
        );
    }
    finding
        .note("light in glass takes its time, whatever stands at either end")
        .help(format!("keep what the request waits for in one region, or promise more than {least}"));
}

/// The links between regions on the longest way that every request of a journey must wait for.
fn crossings(cx: &Context, journey: &Journey) -> Vec<LinkId> {
    let architecture = cx.architecture;
    let view = View::new(architecture, journey);
    // All that every request waits for, and how many wait for each.
    let mut waits: FxHashMap<ComponentId, Vec<LinkId>> = FxHashMap::default();
    let mut callers: FxHashMap<ComponentId, usize> = FxHashMap::default();
    let mut found = journey.entries.clone();
    let mut at = 0;
    while let Some(id) = found.get(at).copied() {
        at += 1;
        let mut links = Vec::new();
        view.need(id).visit_required(&mut |link| {
            // A `~>` is no wait.
            if !architecture.link(link).is_async() {
                links.push(link);
            }
        });
        for link in &links {
            let target = architecture.link(*link).target;
            let seen = callers.entry(target).or_default();
            *seen += 1;
            if *seen == 1 && !journey.entries.contains(&target) {
                found.push(target);
            }
        }
        waits.insert(id, links);
    }
    // Each after all that wait for it; who waits in a circle is left out.
    let mut longest: FxHashMap<ComponentId, Vec<LinkId>> = FxHashMap::default();
    let mut ready: Vec<ComponentId> =
        found.iter().copied().filter(|id| callers.get(id).is_none_or(|count| *count == 0)).collect();
    let mut best: Vec<LinkId> = Vec::new();
    while let Some(id) = ready.pop() {
        let way = longest.remove(&id).unwrap_or_default();
        for link in waits.get(&id).map_or(&[][..], Vec::as_slice) {
            let target = architecture.link(*link).target;
            let mut on = way.clone();
            if are_regions_apart(cx, id, target) {
                on.push(*link);
            }
            let known = longest.entry(target).or_default();
            if on.len() > known.len() {
                *known = on;
            }
            if let Some(count) = callers.get_mut(&target) {
                *count -= 1;
                if *count == 0 {
                    ready.push(target);
                }
            }
        }
        if way.len() > best.len() {
            best = way;
        }
    }
    best
}

/// Whether two components stand in regions of their own.
fn are_regions_apart(cx: &Context, one: ComponentId, other: ComponentId) -> bool {
    let region = |id| cx.architecture.enclosing(id, GroupKind::Region);
    matches!((region(one), region(other)), (Some(one), Some(other)) if one != other)
}
