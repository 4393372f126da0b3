use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, unit};
use crate::analysis::blame::{self, Blame, Cause, WeakPoint};
use crate::analysis::failover::{self, Recovery};
use crate::analysis::reliability::switch_unavailability;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;
use crate::source::Span;

declare_rule! {
    /// Finds standbys that a person must put in the primary's place, and copies that nobody does.
    ///
    /// ## Why it matters
    /// A person who is paged needs half an hour at night, and one manual switch-over in five goes wrong. One such night is
    /// most of a month's budget at 99.9%, and many months' at 99.99%.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3
    /// database orders : postgres x2 { failover = manual } // finding: "waits for a person"
    /// browser -> shop -> orders
    /// flow checkout { availability = 99.9%
    ///   browser -> shop -> orders
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop x3
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> shop -> orders
    /// flow checkout { availability = 99.9%
    ///   browser -> shop -> orders
    /// }
    /// ```
    ///
    /// Copies do not take over by themselves:
    /// ```arch
    /// client browser
    /// database orders : postgres x3 // finding: "nothing promotes a copy of `orders`"
    /// browser -> orders { writes }
    /// ```
    ///
    /// ## How it is detected
    /// The downtime that comes of the switch: the primary is down, and the switch fails (one time in five by hand, one
    /// in twenty by itself) or has not happened yet (30 minutes by hand, of a repair of 4 hours). It is an error where
    /// that is more than the flow's promise allows, a warning where the promise is missed, where nothing is promised,
    /// where `availability = high` and where an `rto` of less than a person takes is asked, and advice where the
    /// promise holds. Copies without a `failover`, a `standby` or `mode = active_passive` leave writes with the one
    /// primary; quorums, several primaries and masterless stores have no primary to lose. There is no fix: something
    /// has to look and to switch before it can be said.
    ///
    /// ## Known false alarms
    /// An engine that promotes by itself, drawn without saying so: state `failover`, with its time.
    ///
    /// ## An interviewer asks
    /// It is the middle of the night and the primary is gone: what happens, and who does it?
    ///
    /// ## A good answer
    /// - who is paged, and how long it takes until that person can act
    /// - that something else decides when too little time is left for a person, and what keeps it from deciding wrongly
    ///
    /// ## References
    /// - Google SRE workbook, chapter 8: on-call, and time to respond.
    /// - AWS Well-Architected, Reliability Pillar: REL11, automate healing on all layers.
    static RULE = {
        code: "LP107",
        summary: "a failover that waits for a person, or copies that nothing promotes",
        levels: [Error, Warning, Advice],
    }
}

/// So many flows are named in a message.
const MAX_NAMED: usize = 3;

fn check(cx: &Context, findings: &mut Findings) {
    for (element, by_hand) in by_hand(cx) {
        report_by_hand(cx, findings, element, &by_hand);
    }
    for point in blame::weak_points(cx.architecture, cx.analysis) {
        if point.cause == Cause::NothingPromotes {
            report_unpromoted(cx, findings, &point);
        }
    }
}

/// A switch that a person does, and the journeys that it keeps waiting.
struct ByHand {
    level: Severity,
    cost: f64,
    unavailability: f64,
    journeys: Vec<usize>,
    worst: usize,
}

fn by_hand(cx: &Context) -> Vec<(Element, ByHand)> {
    let blame = Blame::of(cx.architecture, &cx.analysis.load);
    let mut found: FxHashMap<Element, ByHand> = FxHashMap::default();
    for (at, (journey, judged)) in cx.analysis.judged().enumerate() {
        for switching in judged.switchings.iter().filter(|it| it.is_manual) {
            let Some(cost) = switching.cost else { continue };
            let Some(level) = blame.level(&journey.promise, judged.low, cost) else { continue };
            // A person is slower than the recovery that is asked, whatever the promise.
            let is_late =
                recovery(cx, at, switching.element).is_some_and(|it| it.seconds < switching.switch.seconds);
            let level = if is_late { level.min(Severity::Warning) } else { level };
            let by_hand = found.entry(switching.element).or_insert(ByHand {
                level,
                cost,
                unavailability: switching.unavailability,
                journeys: Vec::new(),
                worst: at,
            });
            by_hand.journeys.push(at);
            if (level, by_hand.cost) < (by_hand.level, cost) {
                (by_hand.level, by_hand.cost, by_hand.worst) = (level, cost, at);
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable_by_key(|(element, _)| *element);
    found
}

fn report_by_hand(cx: &Context, findings: &mut Findings, element: Element, by_hand: &ByHand) {
    let Some(id) = element.component(cx.architecture) else { return };
    let component = cx.architecture.component(id);
    let name = &component.name;
    let judged = &cx.analysis.availability[by_hand.worst];
    let flow = &cx.analysis.journeys[by_hand.worst];
    let is_between = matches!(element, Element::Switch(_));
    let parameters = &cx.architecture.parameters;
    let who = if is_between { format!("the way from `{name}`") } else { format!("`{name}`") };
    let message = format!(
        "{who} waits for a person to fail over: {} of the {} min a month that `{}` is down",
        figures::number(by_hand.cost * MONTH_MINUTES),
        figures::number(judged.minutes()),
        flow.name,
    );
    let stated = stated_by_hand(cx, element);
    let label = if is_between { "switched by hand" } else { "taken over by hand" };
    let mut finding = findings.on_component(by_hand.level, component, label, message);
    if let Some(span) = stated {
        finding.place(span, "stated here");
    }
    tell_flows(cx, &mut finding, &by_hand.journeys, by_hand.worst);
    finding.note(why(cx, by_hand.worst, by_hand.cost));
    if let Some(recovery) =
        recovery(cx, by_hand.worst, element).filter(|it| it.seconds < parameters.switch_manual.value)
    {
        finding.note(format!("`{}` is to recover within {}", flow.name, figures::duration(recovery.seconds)));
        if let Some(span) = recovery.span {
            finding.place(span, "asked here");
        }
    }
    finding.note(format!(
        "assumed: a person takes {}, and {} of manual switch-overs fail",
        figures::duration(parameters.switch_manual.value),
        figures::percent(parameters.failed_failover_manual.value),
    ));
    let seconds = parameters.switch_hot.value;
    let failed = parameters.failed_failover_automatic.value;
    let repair =
        if is_between { parameters.repair_stateful.value } else { unit::repair(parameters, component) };
    let automatic = switch_unavailability(failed, seconds, repair);
    // The share of the downtime that comes of a switch falls as the switch gets better.
    let gain =
        by_hand.cost * (1.0 - automatic / by_hand.unavailability).max(0.0) * importance(judged, element);
    finding.help(format!(
        "let it fail over by itself (`failover = 60s`), checked by a heartbeat: `{}` would reach {}",
        flow.name,
        figures::availability(judged.low.lower() + gain),
    ));
}

fn recovery(cx: &Context, journey: usize, element: Element) -> Option<Recovery> {
    failover::asked_recovery(cx.architecture, &cx.analysis.journeys[journey], element)
}

/// How much of an element's downtime the journey feels: the rest hides behind what else is down.
fn importance(judged: &crate::analysis::availability::FlowAvailability, element: Element) -> f64 {
    match element {
        // Of a switch the cost is what the journey feels already.
        Element::Switch(_) => 1.0,
        _ => judged.low.lower(),
    }
}

/// Where the manual failover is written: on the component, or on one of the links between the alternatives.
fn stated_by_hand(cx: &Context, element: Element) -> Option<Span> {
    let id = element.component(cx.architecture)?;
    let component = cx.architecture.component(id);
    let is_manual = |it: &crate::model::Properties| it.is(Property::Failover, "manual");
    if is_manual(&component.properties) {
        return component.span(Property::Failover);
    }
    let links = cx.architecture.links_from(id);
    links.filter(|link| is_manual(&link.properties)).find_map(|link| link.span(Property::Failover))
}

fn report_unpromoted(cx: &Context, findings: &mut Findings, point: &WeakPoint) {
    let Element::Component(id) = point.element else { return };
    let component = cx.architecture.component(id);
    let judged = &cx.analysis.availability[point.worst];
    let flow = &cx.analysis.journeys[point.worst];
    let count = component.least_replicas().unwrap_or(2);
    let names = flow_names(cx, &point.journeys);
    let mut message = format!(
        "nothing promotes a copy of `{}` when its primary is lost, which takes {} down",
        component.name,
        figures::listed(&names, MAX_NAMED),
    );
    if let Some(cost) = point.contribution {
        let _ = write!(
            message,
            ": {} of the {} min a month",
            figures::number(cost.minutes()),
            figures::number(judged.minutes())
        );
    }
    let label = format!("{count} nodes, one of which takes the writes");
    let mut finding = findings.on_component(point.level, component, label, message);
    if let Some(span) = component.span(Property::Failover) {
        finding.place(span, "stated here");
    }
    tell_flows(cx, &mut finding, &point.journeys, point.worst);
    finding.note(why(cx, point.worst, point.own));
    let command = "let one take over by itself (`failover = 60s`)";
    finding.help(match point.gain {
        Some(gain) => format!(
            "{command}: `{}` would reach {}",
            flow.name,
            figures::availability(judged.low.lower() + gain)
        ),
        None => command.to_owned(),
    });
}

/// The flows, each once, as they are written.
fn flow_names<'a>(cx: &Context<'a>, journeys: &[usize]) -> Vec<&'a str> {
    let mut names: Vec<&str> =
        journeys.iter().map(|at| cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str()).collect();
    names.dedup();
    names
}

fn tell_flows(cx: &Context, finding: &mut Finding, journeys: &[usize], worst: usize) {
    for name in flow_names(cx, journeys) {
        finding.flow(name);
    }
    let flow = &cx.analysis.journeys[worst];
    finding.label(flow.element.as_str(), flow.span, "down until then");
}

/// What the promise has to do with it.
fn why(cx: &Context, worst: usize, cost: f64) -> String {
    let journey = &cx.analysis.journeys[worst];
    let minutes = cost * MONTH_MINUTES;
    let Some(slo) = journey.promise.slo else {
        let minutes = figures::number(minutes);
        return format!("that is {minutes} min a month, and longest when nobody is awake");
    };
    let asked = figures::availability(slo);
    let [minutes, allowed] = figures::apart_by(minutes, (1.0 - slo) * MONTH_MINUTES, figures::number_to);
    if blame::exceeds(cost, 1.0 - slo) {
        format!("{asked} allows {allowed} min a month, for everything together")
    } else {
        format!("it is {minutes} of the {allowed} min a month that {asked} allows")
    }
}
