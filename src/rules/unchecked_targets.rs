use std::fmt::Write as _;

use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::availability::unit::{Unit, UnitKind};
use crate::analysis::availability::{self, Change, Scenario};
use crate::analysis::journey::{self, Journey};
use crate::analysis::needs::{Need, View};
use crate::analysis::reliability::Budget;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Component, LinkId, Property};
use crate::source::Span;

declare_rule! {
    /// Finds balancers that are stated to send requests on without a look at who is alive.
    ///
    /// ## Why it matters
    /// Two servers are up 99.9975% of the time because one of them serves while the other is down. Without health checks
    /// nobody knows which: the dead one goes on getting its half of the requests, and they fail. The second server then
    /// buys capacity, and no availability at all.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer lb x2 { health_check = none } // finding: "99.5% instead of 99.9975%"
    /// service web1, web2 x1
    /// browser -> lb -> web1 | web2
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer lb x2 { health_check = 5s }
    /// service web1, web2 x1
    /// browser -> lb -> web1 | web2
    /// ```
    ///
    /// ## How it is detected
    /// `health_check = none` stands on a balancer, a name service, a registry or another proxy, or on its links, and
    /// there are two targets or more: members of a pool, or replicas of one component. Unstated it is taken for
    /// granted. Such a pool answers as its members do on average; the other figure is that of any one of them. Both are
    /// without the chooser itself, and with all that the targets wait for. The fix writes `health_check` in place of
    /// what says that there is none; it is unsafe, for the author said so.
    ///
    /// ## Known false alarms
    /// Callers that notice a dead target and try the next: write it as `a else b`, or state `retries` on their links and
    /// allow the finding.
    ///
    /// ## An interviewer asks
    /// One of the servers behind your balancer hangs. Who notices, after how long, and what do its users see until then?
    ///
    /// ## A good answer
    /// - that the balancer asks each of them, how often, and after how many failures it leaves one out
    /// - the part of the requests that fails until then
    ///
    /// ## References
    /// - Amazon Builders' Library, "Implementing health checks".
    /// - AWS Well-Architected, Reliability Pillar: REL11-BP01 and BP02, monitor all components, fail over to healthy ones.
    static RULE = {
        code: "LP109",
        summary: "targets that get requests whether they are up or not",
        levels: [Warning],
    }
}

/// State updates that the figures of all findings may take.
const UPDATES: u64 = 1_000_000;

/// Past so many findings no figures are worked out.
const MAX_FIGURES: usize = 64;

/// So many targets are named in a message.
const MAX_NAMED: usize = 3;

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let choosers: Vec<(&Component, Vec<Span>)> = cx
        .architecture
        .components()
        .filter_map(|it| Some((it, stated(cx, it))).filter(|(_, stated)| !stated.is_empty()))
        .collect();
    if choosers.is_empty() {
        return;
    }
    let through = cx.analysis.journeys_through(|id| choosers.binary_search_by_key(&id, |it| it.0.id).is_ok());
    let mut budget = Budget::new(UPDATES);
    for (at, (chooser, stated)) in choosers.iter().enumerate() {
        let places: &[usize] = through.get(&chooser.id).map_or(&[], Vec::as_slice);
        let journey = match places.first() {
            Some(at) => Some(cx.analysis.journeys[*at].rest_from(chooser.id)),
            None => journey::starting_at(cx.architecture, chooser.id).into_iter().next(),
        };
        let Some(journey) = journey else { continue };
        let Some(targets) = targets(cx, &journey, chooser) else { continue };
        let figures = (at < MAX_FIGURES).then(|| figures(cx, &journey, chooser, &targets, &mut budget));
        let mut finding = report(findings, chooser, stated, &targets, figures.flatten());
        for at in places {
            finding.flow(cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str());
        }
    }
}

/// Where it is stated that a component, or what it sends on, is not checked.
fn stated(cx: &Context, chooser: &Component) -> Vec<Span> {
    let is_chooser = chooser.kind.is_chooser() || chooser.kind.is_proxy();
    let own = chooser.span(Property::HealthCheck).filter(|_| chooser.is_absent(Property::HealthCheck));
    if let Some(own) = own.filter(|_| is_chooser) {
        return vec![own];
    }
    let mut spans: Vec<Span> = cx
        .architecture
        .links_from(chooser.id)
        .filter(|link| link.is_absent(Property::HealthCheck))
        .filter_map(|link| link.span(Property::HealthCheck))
        .collect();
    // What is stated for several targets at once is stated once.
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Who gets requests unchecked.
enum Targets<'a> {
    /// Members of a pool.
    Pool(Vec<&'a Component>),
    /// So many replicas of one component.
    Replicas(&'a Component, u32),
}

fn targets<'a>(cx: &Context<'a>, journey: &Journey, chooser: &Component) -> Option<Targets<'a>> {
    let need = View::new(cx.architecture, journey).need(chooser.id);
    let target = |link: LinkId| cx.architecture.component(cx.architecture.link(link).target);
    if let Some(pool) = unchecked(&need) {
        return Some(Targets::Pool(pool.into_iter().map(target).collect()));
    }
    let [link] = need.links()[..] else { return None };
    let is_unchecked = cx.architecture.link(link).is_absent(Property::HealthCheck)
        || chooser.is_absent(Property::HealthCheck) && !cx.architecture.link(link).has(Property::HealthCheck);
    let only = target(link);
    let count = only.least_replicas().filter(|count| *count > 1)?;
    (is_unchecked && !only.is_available_as_a_whole()).then_some(Targets::Replicas(only, count))
}

/// The first pool in a need that nobody checks.
fn unchecked(need: &Need) -> Option<Vec<LinkId>> {
    match need {
        Need::Unchecked(_) => Some(need.links()),
        Need::All(members) | Need::Any(members) | Need::Else(members) | Need::Routes(members) => {
            members.iter().find_map(unchecked)
        }
        Need::Link(_) | Need::Asked(_) => None,
    }
}

/// How often the targets answer unchecked, and how often they would.
fn figures(
    cx: &Context,
    journey: &Journey,
    chooser: &Component,
    targets: &Targets,
    budget: &mut Budget,
) -> Option<(f64, f64)> {
    let (unchecked, checked) = match targets {
        Targets::Pool(_) => {
            let mut scenario = Scenario::as_is();
            scenario.changes.insert(chooser.id, Change { availability: Some(1.0), ..Change::default() });
            let (architecture, load) = (cx.architecture, &cx.analysis.load);
            let unchecked =
                availability::availability(architecture, load, journey, &scenario, budget).upper();
            scenario.checks_health = true;
            (unchecked, availability::availability(architecture, load, journey, &scenario, budget).lower())
        }
        Targets::Replicas(target, _) => {
            let scenario = Scenario::as_is();
            let unit = Unit::of(cx.architecture, &cx.analysis.load, target, &scenario, false, false);
            let UnitKind::Nodes(nodes) = unit.kind else { return None };
            (1.0 - nodes.u, nodes.up())
        }
    };
    (checked > unchecked).then_some((unchecked, checked))
}

fn report<'a>(
    findings: &'a mut Findings,
    chooser: &Component,
    stated: &[Span],
    targets: &Targets,
    figures: Option<(f64, f64)>,
) -> Finding<'a> {
    let (whom, part) = match targets {
        Targets::Pool(members) => {
            let names: Vec<&str> = members.iter().map(|it| it.name.as_str()).collect();
            (figures::listed(&names, MAX_NAMED), members.len())
        }
        Targets::Replicas(target, count) => (format!("all {count} of `{}`", target.name), *count as usize),
    };
    let mut message = format!("`{}` sends requests to {whom} whether they are up or not", chooser.name);
    if let Some((unchecked, checked)) = figures {
        let (unchecked, checked) = (figures::availability(unchecked), figures::availability(checked));
        let _ = write!(message, ": up {unchecked} instead of {checked}");
    }
    let mut finding = findings.on_component(Severity::Warning, chooser, "asks nobody", message);
    for span in stated {
        finding.place(*span, "stated here");
    }
    match targets {
        Targets::Pool(members) => {
            for member in members.iter().take(MAX_NAMED) {
                finding.label(member.name.as_str(), member.span, "gets its share also while it is down");
            }
        }
        Targets::Replicas(target, _) => {
            finding.label(target.name.as_str(), target.span, "each gets its share also while it is down");
        }
    }
    finding.note(format!("while one is down, 1 request in {part} fails, and every retry may meet it again"));
    finding.help(format!(
        "let `{}` ask its targets every few seconds and leave out who does not answer: `health_check = 5s`",
        chooser.name
    ));
    let edits = stated.iter().map(|span| Edit { span: *span, text: "health_check".to_owned() }).collect();
    finding.fix("write `health_check`: targets are asked whether they are alive", true, edits);
    finding
}
