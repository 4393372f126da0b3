use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::{Asked, Context, Finding, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, takes_no_turns, unit};
use crate::analysis::blame::{self, Cause, WeakPoint};
use crate::analysis::journey::PromiseOrigin;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds components and hosts whose loss alone takes a flow down.
    ///
    /// ## Why it matters
    /// What stands once is down whenever it crashes, is updated or moves: at 99.5% for a node that is 216 minutes a
    /// month, five times what a promise of 99.9% allows for everything together. A second one costs little, and most of
    /// the downtime of most designs is such a part.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// load_balancer lb x1 // finding: "the loss of `lb` takes `checkout` down"
    /// service shop x3
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> lb -> shop -> orders
    /// flow checkout { browser -> lb -> shop -> orders }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// load_balancer lb x2
    /// service shop x3
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> lb -> shop -> orders
    /// flow checkout { browser -> lb -> shop -> orders }
    /// ```
    ///
    /// Counts that are not stated are one question:
    /// ```arch
    /// client browser
    /// service shop // finding: "2 components state no replica count"
    /// database orders : postgres
    /// browser -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The flow is a formula over replicas, hosts, zones and switches; a part is named where the flow is down with one
    /// of its replicas lost and all else up. It is an error where its own downtime is more than the flow's promise
    /// allows, for then no improvement elsewhere can keep it; a warning where the promise is missed for other reasons
    /// as well, and where nothing is promised; advice where the promise holds, where the design is small (under one
    /// request a second and 1 000 users), and where the promise is only assumed from `intent = personal` or `internal`.
    /// With `availability = high` it is a warning. `survives = replica` (or `host`) makes it an error. Counts that are
    /// not stated are one question, except where published SLAs are only summed up (`assume = nothing`).
    ///
    /// Not named are managed engines, functions and third parties (LP112), a zone (LP102), a region (LP115), a store
    /// whose copies nothing promotes (LP107), and a cache that its store can't do without (LP114). There is no fix: a
    /// second replica of what holds data also needs a way to take over.
    ///
    /// ## Known false alarms
    /// A figure that the design does not state is the catalogue's, and says so: a node is up 99.5% of the time. State
    /// `availability` where you know better.
    ///
    /// ## An interviewer asks
    /// Which box can I unplug without a user noticing?
    ///
    /// ## A good answer
    /// - which parts stand alone, and what each of them takes down with it
    /// - what a spare needs: a place of its own, and something that notices and switches
    /// - or that the promise bears the loss, in minutes a month
    ///
    /// ## References
    /// - AWS Well-Architected, Reliability Pillar: REL11, design your workload to withstand component failures.
    /// - Beyer et al., Site Reliability Engineering, chapter 22.
    /// - Birnbaum, On the importance of different components in a multicomponent system, 1969 (the shares).
    static RULE = {
        code: "LP101",
        summary: "the loss of one replica or host takes a flow down",
        levels: [Error, Warning, Advice],
    }
}

/// So many flows are named in a message; all are in the finding.
const MAX_NAMED: usize = 3;

/// So many components on one host are labelled.
const MAX_LABELS: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    let points = blame::weak_points(cx.architecture, cx.analysis);
    for point in points.iter().filter(|point| point.cause == Cause::NoSpare) {
        report(cx, findings, point);
    }
    // Where published SLAs are summed up, nothing is assumed of what they do not say.
    if !cx.architecture.system.properties.is(Property::Assume, "nothing") {
        ask(cx, findings, points.iter().filter(|point| point.cause == Cause::CountUnstated).collect());
    }
}

fn report(cx: &Context, findings: &mut Findings, point: &WeakPoint) {
    let name = point.element.name(cx.architecture);
    let Some(span) = point.element.span(cx.architecture) else { return };
    let flows = flows(cx, point);
    let flow = &cx.analysis.journeys[point.worst];
    let mut message = format!("the loss of `{name}` takes {} down", figures::listed(&flows, MAX_NAMED));
    if let Some(cost) = point.contribution {
        let whole = figures::number(cx.analysis.availability[point.worst].minutes());
        let _ = write!(
            message,
            ": {} of the {whole} min a month that {} is down ({})",
            figures::number(cost.minutes()),
            if flows.len() > 1 { format!("`{}`", flow.name) } else { "it".to_owned() },
            figures::percent(cost.share),
        );
    }
    let finding = match point.element {
        Element::Component(id) => {
            let component = cx.architecture.component(id);
            let label = match component.least_replicas() {
                Some(count) if count > 1 => format!("all {count} are needed"),
                _ => "stands once".to_owned(),
            };
            findings.report(point.level, name, span, label, message)
        }
        _ => findings.report(point.level, name, span, "one machine", message),
    };
    tell(cx, finding, point, &flows);
}

fn tell(cx: &Context, mut finding: Finding, point: &WeakPoint, flows: &[&str]) {
    let flow = &cx.analysis.journeys[point.worst];
    for name in flows {
        finding.flow(*name);
    }
    if let Element::Group(host) = point.element {
        let needed = cx.analysis.availability[point.worst].needed.iter();
        let on_it = needed.filter(|id| cx.architecture.groups_of(**id).any(|(group, _)| group == host));
        for component in on_it.take(MAX_LABELS).map(|id| cx.architecture.component(*id)) {
            finding.label(component.name.as_str(), component.span, "falls with it");
        }
    }
    finding.label(flow.element.as_str(), flow.span, "down without it");
    finding.note(why(cx, point));
    if let Some(assumed) = assumed(cx, point) {
        finding.note(assumed);
    }
    finding.help(help(cx, point));
}

/// The flows it takes down, each once, as they are written.
fn flows<'a>(cx: &Context<'a>, point: &WeakPoint) -> Vec<&'a str> {
    let mut names = Vec::new();
    let mut last = None;
    for at in &point.journeys {
        let base = cx.analysis.journeys[*at].base;
        // The routes of one flow stand together.
        if last.replace(base) != Some(base) {
            names.push(cx.analysis.bases[base].name.as_str());
        }
    }
    names
}

/// Why it has this level.
fn why(cx: &Context, point: &WeakPoint) -> String {
    let journey = &cx.analysis.journeys[point.worst];
    let judged = &cx.analysis.availability[point.worst];
    let own = figures::number(point.own * MONTH_MINUTES);
    let Some(slo) = journey.promise.slo else {
        return match journey.promise.origin {
            PromiseOrigin::High => "the design asks for high availability: nothing may stand once".to_owned(),
            _ if point.level == Severity::Advice => format!(
                "by itself it is down {own} min a month; for a design of this size that may be what you want"
            ),
            _ => format!("by itself it is down {own} min a month, and no availability is asked for"),
        };
    };
    let asked = figures::availability(slo);
    let assumed = match journey.promise.origin {
        PromiseOrigin::Intent | PromiseOrigin::SmallIntent => " (assumed from the intent)",
        _ => "",
    };
    let allowed = figures::number((1.0 - slo) * MONTH_MINUTES);
    if blame::exceeds(point.own, 1.0 - slo) {
        format!(
            "by itself it is down {own} min a month, and {asked}{assumed} allows {allowed}: no improvement elsewhere can \
             keep that"
        )
    } else if blame::misses(judged.low, slo) {
        format!(
            "`{}` reaches {} of the {asked}{assumed} asked",
            journey.name,
            figures::availability(judged.low.lower())
        )
    } else {
        format!("`{}` keeps its {asked}{assumed} all the same", journey.name)
    }
}

/// The catalogue's figure that the arithmetic rests on.
fn assumed(cx: &Context, point: &WeakPoint) -> Option<String> {
    let (fact, what) = match point.element {
        Element::Component(id) => {
            let component = cx.architecture.component(id);
            if component.is_stated(Property::Availability) {
                return None;
            }
            (unit::assumed(cx.architecture, component)?.value, "one node")
        }
        Element::Group(id) if !cx.architecture.group(id).properties.is_stated(Property::Availability) => {
            (cx.architecture.parameters.node_availability.value, "one machine")
        }
        _ => return None,
    };
    Some(format!("assumed: {what} is up {} of the time", figures::availability(fact)))
}

fn help(cx: &Context, point: &WeakPoint) -> String {
    let journey = &cx.analysis.journeys[point.worst];
    let low = cx.analysis.availability[point.worst].low.lower();
    let Element::Component(id) = point.element else {
        let command = "run what stands on it on a second host too";
        return match point.contribution {
            Some(cost) => {
                let reached = figures::availability(low + cost.saved);
                format!("{command}: `{}` could reach {reached}", journey.name)
            }
            None => command.to_owned(),
        };
    };
    let command = command(cx.architecture.component(id));
    match point.gain.filter(|gain| *gain > 0.0) {
        Some(gain) => {
            let reached = figures::availability(low + gain);
            format!("{command}: `{}` would reach {reached}", journey.name)
        }
        None => command,
    }
}

fn command(component: &Component) -> String {
    let name = &component.name;
    let count = component.least_replicas().unwrap_or(1);
    if component.is(Property::Needs, "all") {
        format!("let fewer than all {count} of `{name}` be enough")
    } else if count > 1 {
        format!("add a spare (`{name} x{}`)", count + 1)
    } else if takes_no_turns(component) {
        format!("run a second one (`{name} x2`)")
    } else if component.has_promotable_copies() {
        format!("let its copy take over by itself (`{name} {{ failover = 60s }}`)")
    } else {
        format!("give it a standby that takes over by itself (`{name} x2 {{ failover = 60s }}`)")
    }
}

/// One question about all that state no count, first what is worth most to know.
fn ask(cx: &Context, findings: &mut Findings, mut points: Vec<&WeakPoint>) {
    points.sort_by(|a, b| {
        let worth = |it: &WeakPoint| it.gain.unwrap_or(0.0);
        worth(b).total_cmp(&worth(a)).then(a.element.cmp(&b.element))
    });
    let label = |point: &WeakPoint| match point.gain {
        Some(gain) => {
            format!("if one, {} a month more than two", figures::minutes(gain * MONTH_MINUTES))
        }
        None => "may be one".to_owned(),
    };
    let asked: Vec<Asked> = points
        .iter()
        .filter_map(|point| {
            let span = point.element.span(cx.architecture)?;
            Some((point.element.name(cx.architecture), span, label(point)))
        })
        .collect();
    let open = findings.open(cx.architecture, asked);
    let left: FxHashSet<Span> = open.iter().map(|(_, span, _)| *span).collect();
    points.retain(|point| point.element.span(cx.architecture).is_some_and(|span| left.contains(&span)));
    let Some(level) = points.iter().map(|point| point.level).min() else { return };
    let mut names: Vec<&str> = points.iter().flat_map(|point| flows(cx, point)).collect();
    names.sort_unstable();
    names.dedup();
    let all = figures::listed(&names, MAX_NAMED);
    let message = match &open[..] {
        [(only, ..)] => format!("`{only}` states no replica count: if it is one, its loss takes {all} down"),
        _ => format!(
            "{} components state no replica count: if it is one, the loss of each takes {all} down",
            open.len()
        ),
    };
    let Some(mut finding) = findings.question(level, &open, message) else { return };
    for name in names {
        finding.flow(name);
    }
    finding.note("what is not stated is read as one; the minutes are what stating two would show");
    let is_store = |name: &str| cx.architecture.component_named(name).is_some_and(|it| it.kind.is_store());
    // A second copy that nothing makes the first one is none for whoever writes.
    let takes_over = if open.iter().any(|(name, ..)| is_store(name)) {
        "; and of a store, how another copy takes over (`x2 { failover = 60s }`)"
    } else {
        ""
    };
    finding.help(format!(
        "state how many there are (`x2`), that there are several (`x2..`), or that it is `managed`{takes_over}"
    ));
}
