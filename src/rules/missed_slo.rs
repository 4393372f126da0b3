use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, Spareless, unit};
use crate::analysis::improve::{Outcome, Searches};
use crate::analysis::journey::PromiseOrigin;
use crate::analysis::missed::{Missed, missed};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{GroupKind, Property, Replicas};

declare_rule! {
    /// Finds flows whose availability is under what is asked of them.
    ///
    /// ## Why it matters
    /// What a user feels is the whole journey: every part that it waits for multiplies in, so ten parts of 99.9% make 99%.
    /// A promise that the structure cannot keep is broken by arithmetic, however well everybody works.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer lb x1
    /// service shop x3
    /// database orders : postgres x1
    /// browser -> lb -> shop -> orders
    /// flow checkout { availability = 99.9% // finding: "against 99.9%: 442 min a month where 43.2 are allowed"
    ///   browser -> lb -> shop -> orders
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer lb x2
    /// service shop x3
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> lb -> shop -> orders
    /// flow checkout { availability = 99.9%
    ///   browser -> lb -> shop -> orders
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// The exact probability that the flow is up, over replicas and what they have in common, hosts, zones, regions,
    /// switches, pools, fallbacks and rings of callers; each part counts once, however often it is called, and who starts
    /// the flow, a client or a third party, not at all. It is read
    /// twice: with the least (what is not stated is one, figures as in the catalogue), and with the most (what is not
    /// stated is redundant, nothing fails in common, every published SLA holds). Under the promise with the most is an
    /// error, with the least alone a warning, which names what decides. A promise that is assumed from `intent` is never
    /// an error. A month has 30 days. Where a flow is too large for the exact figure, only what is proven is reported.
    ///
    /// The set of changes in the help is the cheapest on a ladder of fixed costs: two zones 1, a stateless replica 2, a
    /// standby with automatic failover 3, a redundant engine 4 or 5, a second provider 6, a second region 10. There is
    /// no fix: the cheapest set of changes is told, and buying it is a decision.
    ///
    /// ## Known false alarms
    /// The catalogue's figures are middling: state `availability` where you measured. A call that the flow can do without
    /// is `optional`.
    ///
    /// ## An interviewer asks
    /// Which parts cost you the most downtime, and what would you change first?
    ///
    /// ## A good answer
    /// - the parts by the minutes that each of them costs, the worst first
    /// - the cheapest change that brings it under the promise, and what it costs
    /// - or a promise that this can keep, said before it is given
    ///
    /// ## References
    /// - Treynor, Dahlin, Rau, Beyer: The Calculus of Service Availability, 2017.
    /// - Birnbaum, On the importance of different components in a multicomponent system, 1969.
    /// - Mosleh et al., NUREG/CR-4780: common-cause failures, the β-factor.
    static RULE = {
        code: "LP103",
        summary: "a flow's availability is under what is asked",
        levels: [Error, Warning],
    }
}

/// So many of what costs most are labelled.
const MAX_CONTRIBUTORS: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    let mut searches = Searches::new(cx.architecture, &cx.analysis.load);
    for missed in missed(cx.architecture, cx.analysis) {
        report(cx, &missed, findings, &mut searches);
    }
}

fn is_assumed(missed: &Missed) -> bool {
    missed.journey.promise.origin != PromiseOrigin::Stated
}

fn report(cx: &Context, missed: &Missed, findings: &mut Findings, searches: &mut Searches) {
    let is_error = missed.is_certain && !is_assumed(missed);
    let level = if is_error { Severity::Error } else { Severity::Warning };
    let flow = &cx.analysis.bases[missed.journey.base];
    let [minutes, allowed] =
        figures::apart_by(missed.judged.minutes(), (1.0 - missed.slo) * MONTH_MINUTES, figures::number_to);
    let [up, asked] = figures::apart_by(missed.judged.low.upper(), missed.slo, figures::availability_to);
    let message = format!(
        "`{}` is {} {up} of the time against {asked}{}: {minutes} min a month where {allowed} are allowed",
        flow.name,
        if missed.is_completed { "completed" } else { "up" },
        if is_assumed(missed) { " assumed from the intent" } else { "" },
    );
    let mut finding = findings.report(
        level,
        flow.element.as_str(),
        flow.span,
        format!("down {minutes} min a month"),
        message,
    );
    finding.flow(flow.name.as_str());
    if let Some(span) = missed.journey.promise.span {
        finding.place(span, format!("{} asked here", figures::availability(missed.slo)));
    }
    label_contributors(cx, missed, &mut finding);
    if missed.routes > 1 {
        finding.note(format!("this is the worst of its {} routes, `{}`", missed.routes, missed.journey.name));
    }
    if !missed.is_certain {
        finding.note(what_decides(cx, missed));
    }
    if let Some(rests_on) = rests_on(cx, missed) {
        finding.note(rests_on);
    }
    let outcome = missed.cheapest(searches);
    finding.help(help(cx, missed, &outcome));
}

fn label_contributors(cx: &Context, missed: &Missed, finding: &mut Finding) {
    for contribution in missed.judged.contributions.iter().take(MAX_CONTRIBUTORS) {
        let name = contribution.element.name(cx.architecture);
        let minutes = figures::minutes(contribution.minutes());
        match contribution.element.span(cx.architecture) {
            Some(span) => {
                finding.label(name, span, format!("{minutes} ({})", figures::percent(contribution.share)))
            }
            None => finding.note(format!("{name} costs {minutes} a month")),
        };
    }
}

/// The unstated count that is worth most to know.
fn deciding<'a>(cx: &Context, missed: &'a Missed) -> Option<&'a Spareless> {
    missed
        .judged
        .spareless
        .iter()
        .filter(|it| cx.architecture.component(it.component).replicas == Replicas::Unstated)
        .filter(|it| it.saved.is_some_and(|saved| saved > 0.0))
        .max_by(|a, b| {
            a.saved.unwrap_or(0.0).total_cmp(&b.saved.unwrap_or(0.0)).then(b.component.cmp(&a.component))
        })
}

fn what_decides(cx: &Context, missed: &Missed) -> String {
    let high = figures::availability(missed.judged.high.lower());
    match deciding(cx, missed) {
        Some(Spareless { component, saved, .. }) => format!(
            "`{}` states no replica count and is read as one: two would save {} a month; with the best reading of \
             all that is not stated it is {high}",
            cx.architecture.component(*component).name,
            figures::minutes(saved.unwrap_or(0.0) * MONTH_MINUTES),
        ),
        None => format!(
            "with nothing failing in common, every failover working and every published SLA held it would be {high}"
        ),
    }
}

/// The catalogue's figures among those of what costs most.
fn rests_on(cx: &Context, missed: &Missed) -> Option<String> {
    let mut figures: Vec<(String, Vec<&str>)> = Vec::new();
    for contribution in missed.judged.contributions.iter().take(MAX_CONTRIBUTORS) {
        let Element::Component(id) = contribution.element else { continue };
        let component = cx.architecture.component(id);
        let assumed = unit::assumed(cx.architecture, component);
        let Some(fact) = assumed.filter(|_| !component.is_stated(Property::Availability)) else {
            continue;
        };
        let is_published = component.engine().is_some_and(|engine| engine.facts.availability.is_some());
        let figure = figures::availability(fact.value);
        let figure = if is_published { format!("a published SLA of {figure}") } else { figure };
        match figures.iter_mut().find(|(it, _)| *it == figure) {
            Some((_, names)) => names.push(component.name.as_str()),
            None => figures.push((figure, vec![component.name.as_str()])),
        }
    }
    let parts: Vec<String> = figures
        .into_iter()
        .map(|(figure, names)| format!("{figure} for {}", figures::listed(&names, MAX_CONTRIBUTORS)))
        .collect();
    (!parts.is_empty()).then(|| format!("assumed: {}", parts.join(", ")))
}

/// The region that is drawn around what costs most.
fn region(cx: &Context, missed: &Missed) -> Option<String> {
    let Element::Component(id) = missed.judged.contributions.first()?.element else { return None };
    let region = cx.architecture.enclosing(id, GroupKind::Region)?;
    Some(format!("run all of `{}` in a second region, ", cx.architecture.group(region).name))
}

fn help(cx: &Context, missed: &Missed, outcome: &Outcome) -> String {
    let asked = figures::availability(missed.slo);
    let changes = match outcome {
        Outcome::Reached(found) => format!(
            "{}: {} ({} a month){}",
            found.in_words(cx.architecture),
            figures::availability(found.availability),
            figures::minutes((1.0 - found.availability) * MONTH_MINUTES),
            if found.is_cheapest { ", by the cheapest set of changes" } else { ", by a set of changes" },
        ),
        Outcome::Unreachable { best } => format!(
            "{}ask for less, or take calls off the path (`optional`, `~>`): with everything in it redundant it \
             reaches {}, not {asked}",
            region(cx, missed).unwrap_or_default(),
            figures::availability(*best)
        ),
        Outcome::NotSearched => format!(
            "make redundant what costs most (the cheapest set of changes for {asked} is not searched in a design \
             of this size)"
        ),
    };
    match deciding(cx, missed) {
        Some(_) if !missed.is_certain => format!("state how many there are; if it is one each, {changes}"),
        _ => changes,
    }
}
