use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::unit;
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::analysis::latency;
use crate::analysis::needs::View;
use crate::catalogue::{Kind, Parameters};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Bearer, Component, ComponentId, GroupKind, Link, LinkId, Properties, Property, Replicas};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds promises that nobody keeps: six nines, and answers that are faster than their way. And figures that nothing has:
    /// a part that never fails or hardly ever works, one node that hardly ever fails, a cache that misses nothing.
    ///
    /// ## Why it matters
    /// 99.9999 % is two and a half seconds a month: no person reacts, no failover ends, and no provider promises it. And
    /// light in glass takes its time between two coasts, whatever is bought at either end. A promise that can't be kept is
    /// either ignored, or paid for without end; and what is taken to be perfect is missing in every figure that follows.
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
    /// Figures that hide a part, or have lost a digit:
    /// ```arch
    /// client browser
    /// service shop x2 { zones = 2, availability = 100% } // finding: "`shop` never fails: 100% leaves it out"
    /// cache hot { caches = goods, hit_ratio = 100% } // finding: "`hot` misses nothing"
    /// database goods { availability = 1% } // finding: "`goods` is up 1% of the time"
    /// browser -> shop -> hot, goods
    /// ```
    ///
    /// One machine is not up as often as several:
    /// ```arch
    /// client browser
    /// service shop x1 : ec2 { availability = 99.9999% } // finding: "`shop` is one node, and states to be up 99.9999% of the time"
    /// database goods : rds_postgres_multi_az { availability = 99.99% }
    /// browser -> shop -> goods
    /// ```
    ///
    /// ## How it is detected
    /// The system, a flow or a component's `slo` states 99.9999 % or more, or a downtime as short. Or a flow's
    /// `latency_p99` (else `latency_p50`) is shorter than the round trips between the regions that its own components
    /// stand in, along what every request must wait for: 60 ms each (assumed); or than a single round trip inside a zone
    /// (0.25 ms, assumed) where it waits for a call over the network. An `intent` never promises so much. Or an availability
    /// or an `slo` is under 50 %, a component states 100 %, or a cache a `hit_ratio` of 100 %. Or what is one node, neither
    /// managed nor another's, states an availability with less than a hundredth of the downtime that the catalogue has for
    /// one node of its engine or kind. What runs on something that
    /// is drawn fails with it, names and networks of others are sold with 100 %, and a cache may hold all there is
    /// (`source_of_truth`, `delivery_mode = push`, writes that pass through it): these may say so, and so may a pure sum of
    /// published SLAs (`assume = nothing`). There is no fix: what can be promised is a decision.
    ///
    /// ## Known false alarms
    /// Regions that lie close to each other: some are 10 ms apart. Machines in one rack that talk past their kernels: state
    /// what the way takes, as `measured` on the link.
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
        summary: "a promise that nothing built can keep, or a figure that nothing has",
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
    architecture.bearers().for_each(|bearer| too_rarely_up(cx, findings, bearer, &mut told));
    architecture.components().for_each(|component| perfect(cx, findings, component, &mut told));
    architecture.components().for_each(|component| too_good(cx, findings, component, &mut told));
    let has_regions = architecture.groups().filter(|group| group.kind == GroupKind::Region).nth(1).is_some();
    let crosses = |link: &Link| !link.is_async() && are_regions_apart(cx, link.source, link.target);
    if has_regions && architecture.links().any(crosses) {
        let trip = architecture.parameters.round_trip_regions.duration();
        let way = Way {
            trip,
            is_on_it: &|link| are_regions_apart(cx, link.source, link.target),
            between: "between regions",
            instead: "keep what the request waits for in one region",
        };
        cx.analysis.journeys.iter().for_each(|journey| too_fast(cx, findings, journey, &way, &mut told));
    }
    let trip = architecture.parameters.round_trip_zone.duration();
    let way = Way {
        trip,
        is_on_it: &|link| takes_an_assumed_time(cx, link),
        between: "over the network",
        instead: "state what the way takes (`measured`)",
    };
    let is_shorter = |journey: &&Journey| asked(cx, journey).is_some_and(|(limit, _)| limit < trip);
    let all = cx.analysis.journeys.iter().filter(is_shorter);
    all.for_each(|journey| too_fast(cx, findings, journey, &way, &mut told));
}

/// What is down for most of the time: mostly a digit is missing, or the downtime is meant.
const HARDLY_EVER: f64 = 0.5;

fn too_rarely_up(cx: &Context, findings: &mut Findings, bearer: Bearer, told: &mut FxHashSet<Span>) {
    let properties = bearer.properties();
    for property in [Property::Availability, Property::Slo] {
        let Some(up) = properties.figure(property).filter(|it| *it < HARDLY_EVER) else { continue };
        let Some(span) = properties.span(property).filter(|it| told.insert(*it)) else { continue };
        let element = bearer.name(cx.architecture);
        let [is_up, is_down] = [up, 1.0 - up].map(figures::percent);
        let days = figures::duration((1.0 - up) * Parameters::MONTH.value);
        let message = format!("`{element}` is up {is_up} of the time, and down for {days} a month");
        let name = property.name();
        findings
            .report(Severity::Warning, element, span, "hardly ever up", message)
            .note("mostly a digit is missing, or it is the downtime that is meant")
            .help(format!(
                "state how much of the time it is up: `{name} = {is_down}` if it is down {is_up} of it"
            ));
    }
}

/// What is taken to be without a fault, and so is missing in all that follows.
fn perfect(cx: &Context, findings: &mut Findings, component: &Component, told: &mut FxHashSet<Span>) {
    let name = &component.name;
    let is_all = |property| component.figure(property).is_some_and(|it| it >= 1.0);
    let mut tell = |property, label: &str, message: String, note: &str| {
        let Some(span) = component.span(property).filter(|it| told.insert(*it)) else { return };
        findings
            .report(Severity::Warning, name.as_str(), span, label, message)
            .note(note)
            .help("state what is measured, or leave it out: then the catalogue's figure is taken, and named");
    };
    if is_all(Property::Availability) && !may_be_perfect(cx, component) {
        let message = format!("`{name}` never fails: 100% leaves it out of every figure");
        tell(
            Property::Availability,
            "never down",
            message,
            "what can't fail is no part of any risk that is weighed",
        );
    }
    if is_all(Property::HitRatio) && !holds_all(component) {
        let message = format!("`{name}` misses nothing: at 100% no read ever comes to what is behind it");
        tell(
            Property::HitRatio,
            "every read is a hit",
            message,
            "the first read of each key misses, and after a restart each does",
        );
    }
}

/// With less than this part of what the catalogue has, the downtime of one node is that of many: nodes of one kind differ by less.
const OF_MANY: f64 = 0.01;

/// What stands alone, and is said to be up as often as many.
fn too_good(cx: &Context, findings: &mut Findings, component: &Component, told: &mut FxHashSet<Span>) {
    let stated = component.figure(Property::Availability).zip(component.span(Property::Availability));
    let Some((up, span)) = stated.filter(|_| is_one_node(component) && !may_be_perfect(cx, component)) else {
        return;
    };
    let Some(known) = unit::assumed(cx.architecture, component) else { return };
    let (down, known_down) = (1.0 - up, 1.0 - known.value);
    if down * (1.0 + 1e-9) >= OF_MANY * known_down || !told.insert(span) {
        return;
    }
    let name = &component.name;
    let [stated, usual] = [up, known.value].map(figures::availability);
    let [downtime, usual_downtime] =
        [down, known_down].map(|it| figures::duration(it * Parameters::MONTH.value));
    findings
        .report(
            Severity::Warning,
            name.as_str(),
            span,
            format!("one node is up {usual}"),
            format!("`{name}` is one node, and states to be up {stated} of the time, where one is up {usual}"),
        )
        .note(format!(
            "that is {downtime} of downtime a month in place of {usual_downtime}: all that follows rests on it"
        ))
        .note(format!("{usual} is from: {}", known.source.trim_start_matches("semantics; ")))
        .help(format!(
            "leave it out, then {usual} is taken; run a second one for more, or say that somebody else does (`managed`)"
        ));
}

/// Whether nothing takes its place: it is drawn once, and no copy of it is drawn or said to be there.
fn is_one_node(component: &Component) -> bool {
    let is_single = match component.replicas {
        Replicas::Stated { least, most } => most.unwrap_or(least) <= 1,
        // Of a cluster that is drawn as one box nobody says how many nodes it has.
        _ => !component.figure(Property::Zones).is_some_and(|it| it > 1.0) && !is_cluster(component),
    };
    is_single
        && !component.is_available_as_a_whole()
        && !component.has_failover()
        && !component.has_promotable_copies()
        && !component.is_promoted_by_another()
}

/// Whether its engine is made of several nodes by nature.
fn is_cluster(component: &Component) -> bool {
    component.engine().is_some_and(|it| it.facts.consensus || it.facts.masterless || it.facts.spreads_data)
}

/// Whether its faults are counted elsewhere, or somebody else vouches for it.
fn may_be_perfect(cx: &Context, component: &Component) -> bool {
    let is_hosted =
        component.host.is_some() || cx.architecture.enclosing(component.id, GroupKind::Host).is_some();
    let is_anothers =
        component.kind.is_outside() || matches!(component.kind, Kind::Dns | Kind::Cdn | Kind::External);
    is_hosted || is_anothers || cx.architecture.system.properties.is(Property::Assume, "nothing")
}

/// Whether a cache may have all that is asked of it: it is put there before anybody asks.
fn holds_all(cache: &Component) -> bool {
    let is_filled_first = ["write_through", "write_behind", "refresh_ahead"];
    cache.has(Property::SourceOfTruth)
        || cache.is(Property::DeliveryMode, "push")
        || is_filled_first.into_iter().any(|it| cache.is(Property::Strategy, it))
}

/// Whether a call goes over the network, and nobody has measured how long that takes.
fn takes_an_assumed_time(cx: &Context, link: &Link) -> bool {
    latency::trip(cx.architecture, link).assumed.is_some()
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

/// A part of the way of a request that takes its time whatever stands at either end.
struct Way<'a> {
    /// One call there and back.
    trip: Duration,
    is_on_it: &'a dyn Fn(&Link) -> bool,
    /// `between regions`.
    between: &'static str,
    /// What to do about it.
    instead: &'static str,
}

/// How fast a journey must answer, and where that is written.
fn asked(cx: &Context, journey: &Journey) -> Option<(Duration, Span)> {
    let own = journey.properties(cx.architecture);
    own.into_iter().chain([&cx.architecture.system.properties]).find_map(|properties| {
        let property = [Property::LatencyP99, Property::LatencyP50]
            .into_iter()
            .find(|it| properties.duration(*it).is_some())?;
        Some((properties.duration(property)?, properties.span(property)?))
    })
}

fn too_fast(cx: &Context, findings: &mut Findings, journey: &Journey, way: &Way, told: &mut FxHashSet<Span>) {
    let architecture = cx.architecture;
    let Some((limit, span)) = asked(cx, journey) else { return };
    let calls = calls(cx, journey, way.is_on_it);
    let Way { trip, between, .. } = *way;
    let least: Duration = trip * calls.len() as f64;
    if calls.is_empty() || least <= limit || !told.insert(span) {
        return;
    }
    let element = if journey.flow.is_some() { journey.element.as_str() } else { "system" };
    let times = figures::count(calls.len(), "call", "calls");
    let message = format!(
        "`{}` must answer in {limit}, and waits for {times} {between}: {least} on the way alone (assumed)",
        journey.name
    );
    let mut finding = findings.report(Severity::Warning, element, span, "faster than the way", message);
    for link in calls.iter().take(4) {
        let link = architecture.link(*link);
        finding.label(architecture.link_name(link), link.span, format!("{between}, {trip} there and back"));
    }
    finding
        .note("light in glass takes its time, whatever stands at either end")
        .help(format!("{}, or promise more than {least}", way.instead));
}

/// Those of the calls on the longest way that every request of a journey must wait for.
fn calls(cx: &Context, journey: &Journey, is_counted: &dyn Fn(&Link) -> bool) -> Vec<LinkId> {
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
            if is_counted(architecture.link(*link)) {
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
