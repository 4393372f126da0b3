use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{self, Change, Contribution, Element, MONTH_MINUTES, Scenario, unit};
use crate::analysis::blame;
use crate::analysis::journey::{self, Journey};
use crate::analysis::needs::View;
use crate::analysis::reliability::Budget;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property, Replicas};

declare_rule! {
    /// Finds components that promise more than what they must wait for can give.
    ///
    /// ## Why it matters
    /// Callers plan with a promise: they count on it, and promise something to their own callers. But a component is up
    /// when all that it waits for is, so its promise is worth no more than theirs together, and mostly less.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3 { slo = 99.99% } // finding: "`shop` promises 99.99%, and can keep 99.875% at most"
    /// external rates { slo = 99.9% }
    /// browser -> shop -> rates
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop x3 { slo = 99.9% }
    /// external rates { slo = 99.99% }
    /// browser -> shop -> rates
    /// ```
    ///
    /// ## How it is detected
    /// The availability of the component is worked out as that of a flow which starts at it, for each flow that comes
    /// through: its own replicas where they are stated, all that it waits for, what is shared counted once,
    /// alternatives and caches as alternatives. A target that it can't do without and that states an `slo` gives no
    /// more than that; an external service or a third party without an `availability` gives its `slo`. The least is
    /// held against the promise; equality is enough. There is no fix: whether the promise or what it stands on gives
    /// way is a decision.
    ///
    /// ## Known false alarms
    /// A target that is in truth optional: say so on the link. Counts that the design does not state are taken as one, and
    /// figures from the catalogue are named as assumed: state yours.
    ///
    /// ## An interviewer asks
    /// Which of the parts that you call promise more than you do?
    ///
    /// ## A good answer
    /// - that what is waited for multiplies in, so a promise is at most that of the weakest part
    /// - what can be done without the weakest: a stored answer, a queue, leaving it out
    /// - or a smaller promise
    ///
    /// ## References
    /// - Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability, ACM Queue 15(2), 2017: the rule of the extra 9.
    /// - Beyer et al., Site Reliability Engineering, chapter 4, Service Level Objectives.
    static RULE = {
        code: "LP104",
        summary: "a promise that what must be waited for can't give",
        levels: [Warning],
    }
}

/// State updates that all promises of a design may take together, and components that may be looked at for them.
const UPDATES: u64 = 2_000_000;
const MAX_LOOKS: usize = 200_000;

/// So many flows are judged for one promise: most components do the same in all.
const MAX_FLOWS: usize = 8;

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let promising: FxHashSet<ComponentId> = architecture
        .components()
        .filter(|it| !it.kind.is_outside() && slo(it).is_some())
        .map(|it| it.id)
        .collect();
    if promising.is_empty() {
        return;
    }
    let through = cx.analysis.journeys_through(|id| promising.contains(&id));
    let mut judge = Judge {
        cx,
        scenario: with_promises_of_others(cx),
        budget: Budget::new(UPDATES),
        looks_left: MAX_LOOKS,
    };
    for component in architecture.components().filter(|it| promising.contains(&it.id)) {
        let Some(slo) = slo(component) else { continue };
        let journeys: Vec<Journey> = match through.get(&component.id) {
            Some(places) => {
                let journeys = places.iter().take(MAX_FLOWS).map(|at| &cx.analysis.journeys[*at]);
                journeys.map(|it| it.rest_from(component.id)).collect()
            }
            None => journey::starting_at(architecture, component.id),
        };
        let limits = journeys.into_iter().filter_map(|journey| judge.limit(component, journey));
        let Some(limit) = limits.min_by(|a, b| a.up.total_cmp(&b.up)) else { continue };
        if blame::exceeds(1.0 - limit.up, 1.0 - slo) {
            report(&mut judge, findings, component, slo, &limit);
        }
    }
}

fn slo(component: &Component) -> Option<f64> {
    component.figure(Property::Slo)
}

/// What others run is up as often as they promise, where nothing else is stated.
fn with_promises_of_others(cx: &Context) -> Scenario {
    let mut scenario = Scenario::as_is();
    let others = cx.architecture.components().filter(|it| {
        matches!(it.kind, Kind::External | Kind::ThirdParty) && !it.is_stated(Property::Availability)
    });
    for other in others {
        if let Some(slo) = slo(other) {
            scenario.changes.insert(other.id, Change { availability: Some(slo), ..Change::default() });
        }
    }
    scenario
}

/// How much a component can promise in one journey.
struct Limit {
    journey: Journey,
    up: f64,
    /// The least that is promised by what it waits for, where it enters into that.
    promised: Option<(ComponentId, f64)>,
}

struct Judge<'a> {
    cx: &'a Context<'a>,
    scenario: Scenario,
    budget: Budget,
    looks_left: usize,
}

impl Judge<'_> {
    fn limit(&mut self, component: &Component, journey: Journey) -> Option<Limit> {
        let view = View::new(self.cx.architecture, &journey);
        let waited_for = view.waited_for(component.id, &mut self.looks_left)?;
        let (architecture, load) = (self.cx.architecture, &self.cx.analysis.load);
        let is_open = is_open(component);
        if is_open {
            let perfect = Change { availability: Some(1.0), ..Change::default() };
            self.scenario.changes.insert(component.id, perfect);
        }
        let up = availability::availability(architecture, load, &journey, &self.scenario, &mut self.budget)
            .upper();
        if is_open {
            self.scenario.changes.remove(&component.id);
        }
        let weakest = waited_for
            .into_iter()
            .skip(1)
            .filter_map(|id| Some((id, slo(architecture.component(id))?)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        Some(match weakest {
            // Who promises little gives little, though the figures be better.
            Some((id, promised)) if promised <= up || is_others(architecture.component(id)) => {
                Limit { journey, up: promised.min(up), promised: Some((id, promised)) }
            }
            _ => Limit { journey, up, promised: None },
        })
    }
}

fn is_others(component: &Component) -> bool {
    matches!(component.kind, Kind::External | Kind::ThirdParty)
}

/// Whether it is not stated how often it is up itself: its count is a question for LP101, not for its promise.
fn is_open(component: &Component) -> bool {
    component.replicas == Replicas::Unstated
        && !component.is_available_as_a_whole()
        && !component.is_stated(Property::Availability)
}

fn report(judge: &mut Judge, findings: &mut Findings, component: &Component, slo: f64, limit: &Limit) {
    let cx = judge.cx;
    let name = &component.name;
    let [promised, kept] = figures::apart_by(slo, floored(limit.up), figures::availability_to);
    let minutes = |up: f64| (1.0 - up) * MONTH_MINUTES;
    let [down, allowed] = figures::apart_by(minutes(limit.up), minutes(slo), figures::number_to);
    let aside = if is_open(component) { ", its own downtime aside" } else { "" };
    let message = format!(
        "`{name}` promises {promised}, and can keep {kept} at most{aside}: down {down} min a month, where it \
         promises {allowed}"
    );
    let weakest = weakest(judge, component, limit);
    let mut finding =
        findings.on_component(Severity::Warning, component, format!("promises {promised}"), message);
    if let Some(flow) = limit.journey.flow {
        finding.flow(cx.architecture.flow(flow).name.as_str());
    }
    finding.note("callers count on the promise, and build theirs on it");
    let Some((element, what)) = weakest else {
        finding.help(format!("promise {kept} or less"));
        return;
    };
    let weak = element.name(cx.architecture);
    if element == Element::Component(component.id) {
        finding.note(format!("its own replicas are the weakest: {what}"));
    } else if let Some(span) = element.span(cx.architecture) {
        finding.label(weak.as_str(), span, format!("the weakest: {what}"));
    } else {
        finding.note(format!("the weakest is {weak}: {what}"));
    }
    if let Element::Component(id) = element {
        finding.note(basis(cx, cx.architecture.component(id), slo));
    }
    finding.help(match element {
        Element::Component(id) if id == component.id => {
            format!("promise {kept} or less, or give `{name}` more replicas")
        }
        Element::Component(_) => format!(
            "promise {kept} or less, or let `{name}` do without `{weak}`: a fallback (`else`), a queue (`~>`), `optional`"
        ),
        _ => format!("promise {kept} or less"),
    });
}

/// What takes most of the promise away, in a few words.
fn weakest(judge: &mut Judge, component: &Component, limit: &Limit) -> Option<(Element, String)> {
    let cx = judge.cx;
    let judged = availability::judge(cx.architecture, &cx.analysis.load, &limit.journey, &mut judge.budget);
    // What a promise stands for is not weighed a second time, nor is what is not judged.
    let counts = |it: &&Contribution| match it.element {
        Element::Component(id) => {
            !(judge.scenario.changes.contains_key(&id) || id == component.id && is_open(component))
        }
        _ => true,
    };
    let dearest = judged.contributions.iter().find(counts);
    match limit.promised {
        Some((id, slo)) if dearest.is_none_or(|it| 1.0 - slo >= it.saved) => {
            Some((Element::Component(id), format!("promises {}", figures::availability(slo))))
        }
        _ => dearest.map(|it| (it.element, format!("{} of these", figures::minutes(it.minutes())))),
    }
}

/// What the figure of the weakest rests on, where it is the catalogue's; else a rule of thumb.
fn basis(cx: &Context, weakest: &Component, promised: f64) -> String {
    let is_stated = weakest.is_stated(Property::Availability) || slo(weakest).is_some();
    let Some(fact) = unit::assumed(cx.architecture, weakest).filter(|_| !is_stated) else {
        return format!(
            "the rule of the extra nine: who promises {} asks {} of each that it can't do without",
            figures::availability(promised),
            figures::availability(1.0 - (1.0 - promised) / 10.0)
        );
    };
    let up = figures::availability(fact.value);
    let name = &weakest.name;
    match weakest.replicas {
        _ if weakest.is_available_as_a_whole() => {
            format!("assumed: `{name}` is up {up} of the time ({})", fact.source)
        }
        Replicas::Unstated => {
            format!("assumed: `{name}` is one node, for no count is stated, and up {up} of the time")
        }
        _ => format!("assumed: a node is up {up} of the time"),
    }
}

/// A share with three digits of what is missing to one, and never more than it is: a promise to be kept.
fn floored(up: f64) -> f64 {
    let missing = 1.0 - up;
    if missing <= 0.0 {
        return 1.0;
    }
    let unit = 10_f64.powf(missing.log10().floor() - 2.0);
    1.0 - (missing / unit - 1e-6).ceil() * unit
}
