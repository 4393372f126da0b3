use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{self, Change, Element, FlowAvailability, Scenario};
use crate::analysis::blame::exceeds;
use crate::analysis::journey::{self, Journey};
use crate::analysis::reliability::Budget;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property, Replicas};

declare_rule! {
    /// Finds components that promise more than they and what they must wait for can give.
    ///
    /// ## Why it matters
    /// Whoever calls a component reckons with its promise. It can never be better than what it waits for: to promise four
    /// nines, each of the few things that it can't do without must give about one nine more.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service accounts x3 { slo = 99.99% } // finding: "promises 99.99%, but gives"
    /// database users : postgres x2 { failover = 60s }
    /// browser -> accounts -> users
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service accounts x3 { slo = 99.9% }
    /// database users : postgres x2 { failover = 60s }
    /// browser -> accounts -> users
    /// ```
    ///
    /// ## How it is detected
    /// The availability of the component with all that it waits for, whatever flow it is in, is held against its `slo`.
    /// Where a replica count is not stated two are taken, so that only what is stated accuses; all other figures are the
    /// design's or the catalogue's. Of routes the best counts.
    ///
    /// ## Known false alarms
    /// Where the catalogue's figure for a target is worse than yours, state its `availability`.
    ///
    /// ## An interviewer asks
    /// You promise four nines: what do the things you depend on promise you?
    ///
    /// ## References
    /// - Treynor, Dahlin, Rau, Beyer: The Calculus of Service Availability, 2017 (the rule of the extra nine).
    static RULE = {
        code: "LP104",
        summary: "a promise above what its own dependencies can give",
        levels: [Warning],
    }
}

/// Components that all looks together may visit, and as many again for each of the design's own.
const VISITS: u64 = 100_000;

/// State updates that all looks together may take.
const UPDATES: u64 = 4_000_000;

fn check(cx: &Context, findings: &mut Findings) {
    let mut visits_left = VISITS + cx.architecture.components().len() as u64;
    let mut budget = Budget::new(UPDATES);
    for component in cx.architecture.components() {
        let Some(slo) = component.figure(Property::Slo) else { continue };
        if component.kind.is_outside() {
            continue;
        }
        let given = journey::journeys(cx.architecture, &[Journey::of_component(component)])
            .into_iter()
            .map(|route| Given::of(cx, &route, &mut budget))
            .max_by(|a, b| a.availability.total_cmp(&b.availability));
        let Some(given) = given else { continue };
        let visits = 3 * given.judged.needed.len() as u64;
        let Some(left) = visits_left.checked_sub(visits) else { return };
        visits_left = left;
        if exceeds(1.0 - given.availability, 1.0 - slo) && given.judged.needed.len() > 1 {
            report(cx, findings, component, slo, &given);
        }
    }
}

/// What a component gives on one of its routes, with two of all whose count is not stated.
struct Given {
    availability: f64,
    judged: FlowAvailability,
}

impl Given {
    fn of(cx: &Context, route: &Journey, budget: &mut Budget) -> Self {
        let load = &cx.analysis.load;
        let judged = availability::judge(cx.architecture, load, route, budget);
        let mut scenario = Scenario::as_is();
        for spareless in &judged.spareless {
            let component = cx.architecture.component(spareless.component);
            if component.replicas == Replicas::Unstated {
                scenario.changes.insert(component.id, Change::more_redundant(component));
            }
        }
        let found = availability::availability(cx.architecture, load, route, &scenario, budget);
        Self { availability: found.upper(), judged }
    }
}

fn report(cx: &Context, findings: &mut Findings, component: &Component, slo: f64, given: &Given) {
    let promised = figures::availability(slo);
    let possible = figures::availability(given.availability);
    let is_guessed = |element: Element| match element {
        Element::Component(id) => cx.architecture.component(id).replicas == Replicas::Unstated,
        _ => false,
    };
    let contributions = &given.judged.contributions;
    let weakest = contributions
        .iter()
        .find(|it| !is_guessed(it.element) || contributions.iter().all(|it| is_guessed(it.element)));
    let message =
        format!("`{}` promises {promised}, but gives {possible} with what it waits for", component.name);
    let label = format!("gives {possible}");
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    if let Some(span) = component.span(Property::Slo) {
        finding.place(span, format!("{promised} promised"));
    }
    finding.note("whoever calls it reckons with its promise");
    let Some(weakest) = weakest else {
        finding.help(format!("promise at most {possible}"));
        return;
    };
    let name = weakest.element.name(cx.architecture);
    let without = figures::availability(given.availability + weakest.saved);
    let minutes = figures::minutes(weakest.minutes());
    if weakest.element == Element::Component(component.id) {
        finding.note(format!("its own replicas cost most of it: {minutes} a month"));
        finding
            .help(format!("promise at most {possible}, or make its own replicas fail apart (`zones = 3`)"));
        return;
    }
    if let Some(span) = weakest.element.span(cx.architecture) {
        finding.label(name.clone(), span, format!("the weakest: {minutes} a month"));
    }
    finding.help(format!(
        "promise at most {possible}, or make `{name}` more redundant: if that never failed it would give {without}"
    ));
}
