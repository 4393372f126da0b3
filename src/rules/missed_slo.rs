use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::availability::{
    self, Element, FlowAvailability, MONTH_MINUTES, Spareless, is_held_to_its_end, unit,
};
use crate::analysis::blame::misses;
use crate::analysis::improve::{Outcome, Searches};
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::analysis::reliability::Budget;
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
    /// switches, pools, fallbacks and rings of callers; each part counts once, however often it is called. It is read
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
    /// Which three parts cost you the most downtime, and what would you change first?
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

/// State updates that judging one flow to its end may take.
const UPDATES: u64 = 2_000_000;

fn check(cx: &Context, findings: &mut Findings) {
    let mut searches = Searches::new(cx.architecture, &cx.analysis.load);
    let mut at = 0;
    while let Some(first) = cx.analysis.journeys.get(at) {
        // The routes of one flow stand together: the worst of them speaks for it.
        let routes = cx.analysis.journeys[at..].iter().take_while(|it| it.base == first.base).count();
        let missed = (at..at + routes)
            .filter_map(|at| Missed::of(cx, at))
            .min_by(|a, b| a.judged.low.lower().total_cmp(&b.judged.low.lower()));
        if let Some(missed) = missed {
            missed.report(cx, findings, routes, &mut searches);
        }
        at += routes;
    }
}

/// A journey that misses its promise.
struct Missed<'a> {
    journey: &'a Journey,
    judged: std::borrow::Cow<'a, FlowAvailability>,
    slo: f64,
    /// Whether it misses it however what is unstated is read.
    is_certain: bool,
    is_completed: bool,
}

impl<'a> Missed<'a> {
    fn of(cx: &Context<'a>, at: usize) -> Option<Self> {
        let journey = &cx.analysis.journeys[at];
        let slo = journey.promise.slo?;
        let is_completed = is_held_to_its_end(cx.architecture, journey);
        let judged = if is_completed {
            let mut budget = Budget::new(UPDATES);
            let Context { architecture, analysis, .. } = cx;
            std::borrow::Cow::Owned(availability::judge_completed(
                architecture,
                &analysis.load,
                journey,
                &mut budget,
            ))
        } else {
            std::borrow::Cow::Borrowed(&cx.analysis.availability[at])
        };
        let is_certain = misses(judged.high, slo);
        let is_only_advised = journey.promise.origin == PromiseOrigin::SmallIntent;
        let is_missed = is_certain || misses(judged.low, slo) && !is_only_advised;
        is_missed.then_some(Self { journey, judged, slo, is_certain, is_completed })
    }

    fn is_assumed(&self) -> bool {
        self.journey.promise.origin != PromiseOrigin::Stated
    }

    fn report(&self, cx: &Context, findings: &mut Findings, routes: usize, searches: &mut Searches) {
        let is_error = self.is_certain && !self.is_assumed();
        let level = if is_error { Severity::Error } else { Severity::Warning };
        let flow = &cx.analysis.bases[self.journey.base];
        let [minutes, allowed] =
            figures::apart_by(self.judged.minutes(), (1.0 - self.slo) * MONTH_MINUTES, figures::number_to);
        let [up, asked] = figures::apart_by(self.judged.low.upper(), self.slo, figures::availability_to);
        let message = format!(
            "`{}` is {} {up} of the time against {asked}{}: {minutes} min a month where {allowed} are allowed",
            flow.name,
            if self.is_completed { "completed" } else { "up" },
            if self.is_assumed() { " assumed from the intent" } else { "" },
        );
        let mut finding = findings.report(
            level,
            flow.element.as_str(),
            flow.span,
            format!("down {minutes} min a month"),
            message,
        );
        finding.flow(flow.name.as_str());
        if let Some(span) = self.journey.promise.span {
            finding.place(span, format!("{} asked here", figures::availability(self.slo)));
        }
        self.label_contributors(cx, &mut finding);
        if routes > 1 {
            finding.note(format!("this is the worst of its {routes} routes, `{}`", self.journey.name));
        }
        if !self.is_certain {
            finding.note(self.what_decides(cx));
        }
        if let Some(rests_on) = self.rests_on(cx) {
            finding.note(rests_on);
        }
        let outcome = searches.cheapest(self.journey, &self.judged, self.slo, self.is_completed);
        finding.help(self.help(cx, &outcome));
    }

    fn label_contributors(&self, cx: &Context, finding: &mut Finding) {
        for contribution in self.judged.contributions.iter().take(MAX_CONTRIBUTORS) {
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
    fn deciding(&self, cx: &Context) -> Option<&Spareless> {
        self.judged
            .spareless
            .iter()
            .filter(|it| cx.architecture.component(it.component).replicas == Replicas::Unstated)
            .filter(|it| it.saved.is_some_and(|saved| saved > 0.0))
            .max_by(|a, b| {
                a.saved.unwrap_or(0.0).total_cmp(&b.saved.unwrap_or(0.0)).then(b.component.cmp(&a.component))
            })
    }

    fn what_decides(&self, cx: &Context) -> String {
        let high = figures::availability(self.judged.high.lower());
        match self.deciding(cx) {
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
    fn rests_on(&self, cx: &Context) -> Option<String> {
        let mut figures: Vec<(String, Vec<&str>)> = Vec::new();
        for contribution in self.judged.contributions.iter().take(MAX_CONTRIBUTORS) {
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
    fn region(&self, cx: &Context) -> Option<String> {
        let Element::Component(id) = self.judged.contributions.first()?.element else { return None };
        let region = cx.architecture.enclosing(id, GroupKind::Region)?;
        Some(format!("run all of `{}` in a second region, ", cx.architecture.group(region).name))
    }

    fn help(&self, cx: &Context, outcome: &Outcome) -> String {
        let asked = figures::availability(self.slo);
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
                self.region(cx).unwrap_or_default(),
                figures::availability(*best)
            ),
            Outcome::NotSearched => format!(
                "make redundant what costs most (the cheapest set of changes for {asked} is not searched in a design \
                 of this size)"
            ),
        };
        match self.deciding(cx) {
            Some(_) if !self.is_certain => format!("state how many there are; if it is one each, {changes}"),
            _ => changes,
        }
    }
}
