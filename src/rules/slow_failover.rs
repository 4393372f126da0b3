use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, unit};
use crate::analysis::failover::{self, SlowFailover, TooSlowFor, budget_seconds};
use crate::analysis::reliability::switch_unavailability;
use crate::figures;
use crate::model::{Component, Properties, Property};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds failovers that take longer than a month's downtime may, or than recovery may.
    ///
    /// ## Why it matters
    /// A failover is downtime too: until the loss is noticed, another is promoted and the callers have found it, nothing is
    /// served. 99.99% leaves 4 min 19 s a month; a warm standby that takes 10 min spends two months' worth in one go, and a
    /// cold one is no quicker than the repair.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3
    /// database orders : postgres x2 { standby = warm } // finding: "`orders` takes 10 min (assumed) to fail over"
    /// browser -> shop -> orders
    /// flow checkout { availability = 99.99%
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
    /// flow checkout { availability = 99.99%
    ///   browser -> shop -> orders
    /// }
    /// ```
    ///
    /// Recovery is asked within a time:
    /// ```arch
    /// system "Shop" { rto = 1min }
    /// client browser
    /// dns names // finding: "takes 2.5 min (assumed)"
    /// load_balancer east, west { managed }
    /// browser -> names
    /// names -> east else west { failover }
    /// ```
    ///
    /// ## How it is detected
    /// The time of a switch that works by itself: as `failover` states it, else by how ready the standby is (hot 60 s,
    /// warm 10 min, cold as long as the repair), else as the engine does it, or a name (150 s). It is held against the
    /// `rto` of the flow, the system or the component, and against what the promise allows in a month of 30 days: 43.2
    /// min at 99.9%, 4.32 min at 99.99%, 26 s at 99.999%. A missed `rto` is an error where the time is stated. Over the
    /// budget, the level is that of the downtime which comes of the switch: an error where it alone is more than the
    /// promise allows, a warning where the promise is missed, advice where it holds. Where the time is the catalogue's
    /// it is a warning at most. There is no fix: a figure does not make the switch quicker.
    ///
    /// ## Known false alarms
    /// A primary that is lost less often than the catalogue assumes: state its `availability`.
    ///
    /// ## An interviewer asks
    /// From the moment the primary is gone: who notices, who decides, and when is the first request served again?
    ///
    /// ## A good answer
    /// - the whole time: until it is noticed, decided, switched, and found by the callers
    /// - whether that fits into what a month allows, and how often it may happen
    /// - what makes it shorter: a standby that is ready, a shorter check
    ///
    /// ## References
    /// - AWS Well-Architected, Reliability Pillar: REL13, plan for disaster recovery (warm standby, pilot light).
    /// - Google SRE workbook, chapter 5: what is left of an error budget.
    static RULE = {
        code: "LP106",
        summary: "a failover that takes longer than the downtime that is allowed",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for slow in failover::slow(cx.architecture, cx.analysis) {
        report(cx, findings, &slow);
    }
}

fn report(cx: &Context, findings: &mut Findings, slow: &SlowFailover) {
    let element = slow.switching.element;
    let Some(id) = element.component(cx.architecture) else { return };
    let component = cx.architecture.component(id);
    let flow = &cx.analysis.journeys[slow.worst];
    let is_between = matches!(element, Element::Switch(_));
    let who = if is_between {
        format!("the way from `{}`", component.name)
    } else {
        format!("`{}`", component.name)
    };
    let assumed = if slow.switching.switch.is_assumed { " (assumed)" } else { "" };
    let seconds = slow.switching.switch.seconds;
    let apart = |limit: f64| figures::apart(Duration::new(seconds), Duration::new(limit));
    let (takes, against) = match slow.too_slow {
        TooSlowFor::Recovery(recovery) => {
            let [takes, within] = apart(recovery.seconds);
            (takes, format!("and `{}` is to recover within {within}", flow.name))
        }
        TooSlowFor::Budget(budget) => {
            let [takes, allowed] = apart(budget);
            (takes, format!("and `{}` may be down {allowed} a month", flow.name))
        }
        TooSlowFor::Repair => (figures::duration(seconds), "which is as long as the repair".to_owned()),
    };
    let takes = format!("{takes}{assumed}");
    let label = format!("takes over in {takes}");
    let message = format!("{who} takes {takes} to fail over, {against}");
    let mut finding = findings.on_component(slow.level, component, label, message);
    if let Some(span) = stated(cx, element, component) {
        finding.place(span, "stated here");
    }
    let asked = match slow.too_slow {
        TooSlowFor::Recovery(recovery) => recovery.span,
        _ => flow.promise.span,
    };
    if let Some(span) = asked {
        finding.place(
            span,
            if matches!(slow.too_slow, TooSlowFor::Recovery(_)) { "asked here" } else { "promised here" },
        );
    }
    for at in &slow.journeys {
        finding.flow(cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str());
    }
    finding.label(flow.element.as_str(), flow.span, "down until then");
    finding.note(why(cx, slow));
    if let Some(assumed) = assumption(cx, slow, component) {
        finding.note(assumed);
    }
    finding.help(help(cx, slow, component));
}

/// Where the time is written: on the component, on one of the links between the alternatives, or on the standby.
fn stated(cx: &Context, element: Element, component: &Component) -> Option<Span> {
    let of = |it: &Properties| it.span(Property::Failover).or_else(|| it.span(Property::Standby));
    let links = || cx.architecture.links_from(component.id);
    let Element::Switch(_) = element else { return of(component) };
    links()
        .find_map(|link| of(&link.properties))
        .or_else(|| of(component))
        .or_else(|| links().find_map(|link| of(&cx.architecture.component(link.target).properties)))
}

fn why(cx: &Context, slow: &SlowFailover) -> String {
    let flow = &cx.analysis.journeys[slow.worst];
    let seconds = slow.switching.switch.seconds;
    match (slow.too_slow, flow.promise.slo) {
        (TooSlowFor::Budget(budget), Some(slo)) => {
            let mut told = format!(
                "one failover spends what {} allows in {} months",
                figures::availability(slo),
                figures::number(seconds / budget)
            );
            if let Some(cost) = slow.switching.cost {
                told += &format!("; on average it is {} min a month", figures::number(cost * MONTH_MINUTES));
            }
            told
        }
        (TooSlowFor::Recovery(recovery), _) => format!(
            "until another is found, promoted and known to its callers nothing is served: {} times as long as allowed",
            figures::number(seconds / recovery.seconds)
        ),
        _ => "a standby that is no quicker than a repair saves nothing".to_owned(),
    }
}

/// What of the catalogue the figures rest on.
fn assumption(cx: &Context, slow: &SlowFailover, component: &Component) -> Option<String> {
    let mut told: Vec<String> = Vec::new();
    if slow.switching.switch.is_assumed {
        told.push(format!("the switch takes {}", figures::duration(slow.switching.switch.seconds)));
    }
    if !matches!(slow.too_slow, TooSlowFor::Recovery(_)) {
        if let Some(fact) = unit::assumed(cx.architecture, component)
            && !component.has(Property::Availability)
            && !matches!(slow.switching.element, Element::Switch(_))
        {
            told.push(format!("one node is up {} of the time", figures::availability(fact.value)));
        }
        told.push(format!("{} of failovers fail", figures::percent(slow.switching.switch.p)));
    }
    (!told.is_empty()).then(|| format!("assumed: {}", told.join(", ")))
}

/// A hot standby where that is quick enough, else two that both serve.
fn help(cx: &Context, slow: &SlowFailover, component: &Component) -> String {
    let flow = &cx.analysis.journeys[slow.worst];
    let hot = cx.architecture.parameters.switch_hot.value;
    let limit = match slow.too_slow {
        TooSlowFor::Budget(seconds) => seconds,
        TooSlowFor::Recovery(recovery) => {
            flow.promise.slo.map_or(recovery.seconds, |slo| recovery.seconds.min(budget_seconds(slo)))
        }
        TooSlowFor::Repair => slow.switching.switch.repair,
    };
    if hot >= slow.switching.switch.seconds || hot > limit {
        return format!(
            "let both serve, so that nothing has to switch{}: a failover has {}",
            if component.kind.is_store() {
                " (a quorum of three, or several primaries)"
            } else {
                " (`a | b`)"
            },
            figures::duration(limit)
        );
    }
    let better = switch_unavailability(slow.switching.switch.p, hot, slow.switching.switch.repair);
    let judged = &cx.analysis.availability[slow.worst];
    let command = format!("keep a hot one that takes over by itself (`failover = {hot:.0}s`)");
    match slow.switching.cost {
        Some(cost) => {
            // The share of the downtime that comes of a switch falls as the switch gets better.
            let gain = cost * (1.0 - better / slow.switching.unavailability).max(0.0);
            let felt =
                if matches!(slow.switching.element, Element::Switch(_)) { 1.0 } else { judged.low.lower() };
            let reached = figures::reached(judged.low.lower() + gain * felt, flow.promise.slo);
            format!("{command}: `{}` would reach {reached}", flow.name)
        }
        None => command,
    }
}
