use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, unit};
use crate::analysis::journey::{Journey, PromiseOrigin};
use crate::analysis::needs::View;
use crate::analysis::waiting::{self, Patience};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Link, Property};
use crate::syntax::ast::Dimension;

declare_rule! {
    /// Finds third parties that a flow waits for with no alternative, no timeout and no queue between.
    ///
    /// ## Why it matters
    /// Another company's service is down when it is down: nobody here can repair it, and its refund repairs nothing. A
    /// flow that can't do without it takes over its downtime in full, beside all of its own.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop x3
    /// third_party stripe : stripe // finding: "99.9% (assumed) is 43.2 min a month"
    /// database orders : dynamodb
    /// browser -> shop -> orders
    /// shop -> stripe : https
    /// flow checkout { browser -> shop -> stripe, orders }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop x3
    /// queue payments : sqs
    /// worker payer x2 { idempotent }
    /// third_party stripe : stripe
    /// database orders : dynamodb
    /// browser -> shop -> orders
    /// shop ~> payments ~> payer -> stripe : https
    /// flow checkout { browser -> shop -> orders; shop ~> payments ~> payer -> stripe }
    /// ```
    ///
    /// A second provider does as well:
    /// ```arch
    /// client browser
    /// service shop x3
    /// third_party stripe : stripe
    /// third_party adyen : adyen
    /// browser -> shop -> stripe else adyen : https
    /// ```
    ///
    /// ## How it is detected
    /// The flow is a formula over all that it needs; a third party is named where its loss alone takes the flow down,
    /// and a component of the design calls it without a stated timeout. What comes after a queue, what works by the
    /// clock, who enters a flow itself, and what a client calls on its own are left alone. The figure is the design's
    /// own, else the published SLA, which is a refund threshold and no prediction, else 99.9% (assumed). All are one
    /// finding. There is no fix: a second provider, a queue and doing without are different designs.
    ///
    /// ## Known false alarms
    /// A flow that is nothing but a call of that third party. A timeout makes the dependency a decision; so does an `allow`.
    ///
    /// ## An interviewer asks
    /// This provider is down for an hour on a Friday evening. What can your users still do?
    ///
    /// ## A good answer
    /// - what waits for it, and what goes on without it
    /// - what is kept meanwhile, where, and how it is made up for
    /// - what it promises, and what is left of your own promise after that
    ///
    /// ## References
    /// - Treynor, Dahlin, Rau, Beyer, The Calculus of Service Availability, ACM Queue 15(2), 2017.
    /// - AWS Well-Architected, Reliability Pillar: REL05-BP01, graceful degradation turns hard dependencies into soft ones.
    static RULE = {
        code: "LP112",
        summary: "a third party that a flow can't do without",
        levels: [Warning],
    }
}

/// So many flows are named in a label.
const MAX_NAMED: usize = 2;

fn check(cx: &Context, findings: &mut Findings) {
    let mut critical: Vec<Critical> = critical(cx).into_values().collect();
    critical.sort_by(|a, b| b.unavailability.total_cmp(&a.unavailability));
    let asked = findings.open(cx.architecture, critical.iter().map(Critical::asked).collect());
    critical.retain(|it| asked.iter().any(|(name, ..)| *name == it.component.name));
    let Some(first) = critical.first() else { return };
    let message = message(cx, &critical);
    let Some(mut finding) = findings.question(Severity::Warning, &asked, message) else { return };
    for link in first.links.iter().take(MAX_NAMED) {
        finding.label(cx.architecture.link_name(link), link.span, "waited for here, with no timeout");
    }
    for flow in critical.iter().flat_map(|it| it.flows(cx)) {
        finding.flow(flow);
    }
    finding.note("another company's downtime becomes the flow's own, and nobody here can shorten it");
    if critical.iter().any(|it| it.source == Source::Published) {
        finding.note("a published SLA is a refund threshold, not a prediction");
    }
    finding.help(help(cx, first));
}

/// A third party that flows can't do without.
struct Critical<'a> {
    component: &'a Component,
    unavailability: f64,
    source: Source,
    /// The places of the journeys.
    journeys: Vec<usize>,
    /// The calls without a timeout, in order.
    links: Vec<&'a Link>,
}

/// Who says how often it is up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    Stated,
    Published,
    Assumed,
}

fn critical<'a>(cx: &Context<'a>) -> BTreeMap<ComponentId, Critical<'a>> {
    let unwaited = cx.analysis.unwaited(cx.architecture);
    let mut found: BTreeMap<ComponentId, Critical> = BTreeMap::new();
    for (at, (journey, judged)) in cx.analysis.judged().enumerate() {
        if matches!(journey.promise.origin, PromiseOrigin::Demo | PromiseOrigin::SmallIntent) {
            continue;
        }
        for id in judged.single_cuts.iter().filter_map(third_party(cx, journey)) {
            let links = hard_calls(cx, journey, &judged.needed, id, unwaited);
            if links.is_empty() {
                continue;
            }
            let component = cx.architecture.component(id);
            let (up, source) = availability(cx, component);
            let critical = found.entry(id).or_insert_with(|| Critical {
                component,
                unavailability: 1.0 - up,
                source,
                journeys: Vec::new(),
                links: Vec::new(),
            });
            critical.journeys.push(at);
            critical.links.extend(links);
            critical.links.sort_by_key(|link| link.id);
            critical.links.dedup_by_key(|link| link.id);
        }
    }
    found
}

fn third_party<'a>(
    cx: &Context<'a>,
    journey: &Journey,
) -> impl Fn(&Element) -> Option<ComponentId> + use<'a> {
    let architecture = cx.architecture;
    let entries: FxHashSet<ComponentId> = journey.entries.iter().copied().collect();
    move |element| match element {
        Element::Component(id) => {
            (architecture.component(*id).kind == Kind::ThirdParty && !entries.contains(id)).then_some(*id)
        }
        _ => None,
    }
}

/// By which links of the design's own components a journey waits for it, if none of them states a timeout.
fn hard_calls<'a>(
    cx: &Context<'a>,
    journey: &Journey,
    needed: &[ComponentId],
    third_party: ComponentId,
    unwaited: &FxHashSet<ComponentId>,
) -> Vec<&'a Link> {
    let view = View::new(cx.architecture, journey);
    let calls: Vec<&Link> = cx
        .architecture
        .links_to(third_party)
        .filter(|link| needed.binary_search(&link.source).is_ok() && view.is_needed(link))
        .collect();
    let is_hard = |link: &Link| {
        !cx.architecture.component(link.source).kind.is_outside()
            && !unwaited.contains(&link.source)
            && waiting::patience(cx.architecture, link) != Patience::Stated
    };
    if calls.iter().all(|link| is_hard(link)) { calls } else { Vec::new() }
}

/// How often a third party is up, and who says so.
fn availability(cx: &Context, component: &Component) -> (f64, Source) {
    if let Some(stated) = component.figure_of(Property::Availability, Dimension::Percent) {
        return (stated, Source::Stated);
    }
    let is_published = component.engine().is_some_and(|engine| engine.facts.availability.is_some());
    let source = if is_published { Source::Published } else { Source::Assumed };
    (unit::assumed(cx.architecture, component).map_or(1.0, |fact| fact.value), source)
}

impl Critical<'_> {
    /// The third party as an element, with what is said of it.
    fn asked(&self) -> Asked {
        let label = format!("{} ({}): {} a month", self.up(), self.source(), self.minutes());
        (self.component.name.to_string(), self.component.span, label)
    }

    fn up(&self) -> String {
        figures::availability(1.0 - self.unavailability)
    }

    fn minutes(&self) -> String {
        figures::minutes(self.unavailability * MONTH_MINUTES)
    }

    fn source(&self) -> &'static str {
        match self.source {
            Source::Stated => "stated",
            Source::Published => "published SLA",
            Source::Assumed => "assumed",
        }
    }

    /// The flows that it takes down.
    fn flows<'a>(&self, cx: &Context<'a>) -> Vec<&'a str> {
        flows(cx, &self.journeys)
    }
}

/// The flows of some journeys, each once, in the order of their declaration.
fn flows<'a, 'b>(cx: &Context<'a>, journeys: impl IntoIterator<Item = &'b usize>) -> Vec<&'a str> {
    let bases: BTreeSet<usize> = journeys.into_iter().map(|at| cx.analysis.journeys[*at].base).collect();
    bases.into_iter().map(|base| cx.analysis.bases[base].name.as_str()).collect()
}

fn message(cx: &Context, critical: &[Critical]) -> String {
    let first = &critical[0];
    let name = &first.component.name;
    let (up, source, minutes) = (first.up(), first.source(), first.minutes());
    if critical.len() == 1 {
        let flows = first.flows(cx);
        return format!(
            "{} {} the third party `{name}`, with no alternative, timeout or queue between: {up} ({source}) is \
             {minutes} a month",
            figures::listed(&flows, MAX_NAMED),
            need(flows.len()),
        );
    }
    let flows = flows(cx, critical.iter().flat_map(|it| &it.journeys));
    format!(
        "{} {} {} third parties, with no alternative, timeout or queue between: `{name}` at {up} ({source}) alone is \
         {minutes} a month",
        figures::listed(&flows, MAX_NAMED),
        need(flows.len()),
        critical.len(),
    )
}

fn need(flows: usize) -> &'static str {
    if flows > 1 { "need" } else { "needs" }
}

fn help(cx: &Context, critical: &Critical) -> String {
    let name = &critical.component.name;
    let callers: FxHashSet<ComponentId> = critical.links.iter().map(|link| link.source).collect();
    let whose = match critical.links.first() {
        Some(link) if callers.len() == 1 => format!("`{}`", cx.architecture.component(link.source).name),
        _ => "its callers".to_owned(),
    };
    format!(
        "put a queue between {whose} and `{name}`, name a second provider (`{name} else …`), or let the flow go on \
         without it after a `timeout` (`optional`)"
    )
}
