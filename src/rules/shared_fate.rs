use std::collections::BTreeSet;

use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Element, MONTH_MINUTES, group_availability};
use crate::analysis::journey::{self, Journey};
use crate::analysis::needs::{Need, View};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{CallTree, Component, ComponentId, GroupId, GroupKind, LinkId, Property};
use crate::syntax::ast::Relation;

declare_rule! {
    /// Finds alternatives that look independent and rest on the same thing below.
    ///
    /// ## Why it matters
    /// Two of something are worth their price when one outlives the other. Where both stand on one host, or the second
    /// region writes to the store of the first, one failure takes both, and the second buys nothing but the belief in it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// dns names { managed }
    /// region east {
    ///   service east_shop x2
    ///   database orders : postgres x2 { failover = 60s } // finding: "`east_shop` and `west_shop` both need `orders`"
    /// }
    /// region west { service west_shop x2 }
    /// browser -> names -> east_shop | west_shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names { managed }
    /// region east { service east_shop x2; database east_orders : postgres x2 { failover = 60s } }
    /// region west { service west_shop x2; database west_orders : postgres x2 { failover = 60s } }
    /// browser -> names -> east_shop else west_shop { failover = 60s }
    /// east_shop -> east_orders
    /// west_shop -> west_orders
    /// ```
    ///
    /// Two on one host, and nobody waits for them, so that no flow tells:
    /// ```arch
    /// client browser
    /// service shop x2
    /// queue jobs : sqs
    /// host box { worker first, second } // finding: "`first` and `second` both stand on `box`: they are lost together"
    /// browser -> shop ~> jobs ~> first | second
    /// ```
    ///
    /// ## How it is detected
    /// For each set of alternatives (`a | b`, `a else b`, a balancer's pool) all that every one of them needs is held
    /// against the others'. What is named: a host or a zone that all stand in, one that all are hosted on (`on`), a
    /// region that what all need stands in although some of them stand in another, and, below a fallback, a component
    /// without a spare. Not named: what somebody else keeps redundant, what is promoted or copied elsewhere, and what
    /// takes a flow down so plainly that LP101 or LP102 names it already. There is no fix: what they share has to be
    /// doubled or left.
    ///
    /// ## Known false alarms
    /// A second region that is there to be near its users, not to outlive the first: say so with an `allow`.
    ///
    /// ## An interviewer asks
    /// What takes both of them down at once? Which request does the other one then answer?
    ///
    /// ## A good answer
    /// - what both stand on, and that this decides, not how many there are
    /// - what each would need of its own, and what that costs
    ///
    /// ## References
    /// - Fleming and others, on common-cause failures: the beta-factor model, 1975.
    /// - AWS Well-Architected, Reliability Pillar: REL10-BP03, bulkheads; Azure Well-Architected, RE:05.
    static RULE = {
        code: "LP105",
        summary: "alternatives that fail together",
        levels: [Warning],
    }
}

/// Components that may be looked at for all sets of a design.
const MAX_LOOKS: usize = 500_000;

/// So many alternatives are named in a message.
const MAX_NAMED: usize = 3;

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let choosers: FxHashSet<ComponentId> =
        architecture.components().filter(|it| may_choose(cx, it)).map(|it| it.id).collect();
    if choosers.is_empty() {
        return;
    }
    let through = cx.analysis.journeys_through(|id| choosers.contains(&id));
    let mut looks_left = MAX_LOOKS;
    let mut told: FxHashSet<Element> = FxHashSet::default();
    for chooser in architecture.components().filter(|it| choosers.contains(&it.id)) {
        let places: &[usize] = through.get(&chooser.id).map_or(&[], Vec::as_slice);
        let journey = match places.first() {
            Some(at) => Some(cx.analysis.journeys[*at].clone()),
            None => journey::starting_at(architecture, chooser.id).into_iter().next(),
        };
        let Some(journey) = journey else { continue };
        let view = View { is_completed: true, ..View::new(architecture, &journey) };
        let mut sets = sets(&view.need(chooser.id));
        sets.extend(fed(cx, chooser));
        for set in sets {
            let Some(fates) = fates(&view, &set, &mut looks_left) else { return };
            for shared in shared(cx, &set, &fates) {
                let element = shared.element;
                if is_told_elsewhere(cx, places, &shared) || !told.insert(element) {
                    continue;
                }
                report(cx, findings, &journey, &set, &shared);
            }
        }
    }
}

fn may_choose(cx: &Context, component: &Component) -> bool {
    component.kind.is_chooser() && cx.architecture.links_from(component.id).len() > 1
        || cx.architecture.calls_of(component.id).any(|call| has_alternatives(&call.tree))
}

fn has_alternatives(tree: &CallTree) -> bool {
    match tree {
        CallTree::Link(_) => false,
        CallTree::Set(Relation::Any | Relation::Else, _) => true,
        CallTree::Set(_, members) => members.iter().any(has_alternatives),
    }
}

/// Alternatives, by the links to them.
struct Alternatives {
    links: Vec<LinkId>,
    is_fallback: bool,
}

/// The sets of alternatives in a need whose members are one component each.
fn sets(need: &Need) -> Vec<Alternatives> {
    match need {
        Need::Any(members) | Need::Unchecked(members) | Need::Else(members) => {
            let links: Vec<LinkId> = members
                .iter()
                .filter_map(|it| match it {
                    Need::Link(link) => Some(*link),
                    _ => None,
                })
                .collect();
            if links.len() == members.len() && links.len() > 1 {
                return vec![Alternatives { links, is_fallback: matches!(need, Need::Else(_)) }];
            }
            members.iter().flat_map(sets).collect()
        }
        Need::All(members) | Need::Routes(members) => members.iter().flat_map(sets).collect(),
        Need::Link(_) | Need::Asked(_) => Vec::new(),
    }
}

/// What a queue hands to one of several: no journey waits for it.
fn fed(cx: &Context, chooser: &Component) -> Vec<Alternatives> {
    let mut found = Vec::new();
    if !chooser.kind.is_queue() {
        return found;
    }
    for call in cx.architecture.calls_of(chooser.id) {
        if let CallTree::Set(relation @ (Relation::Any | Relation::Else), _) = &call.tree {
            let is_fallback = *relation == Relation::Else;
            found.push(Alternatives { links: call.tree.links(), is_fallback });
        }
    }
    found
}

/// What each alternative can't do without, itself first.
fn fates(view: &View, set: &Alternatives, looks_left: &mut usize) -> Option<Vec<Vec<ComponentId>>> {
    let targets = set.links.iter().map(|link| view.architecture.link(*link).target);
    targets.map(|target| view.waited_for(target, looks_left)).collect()
}

/// What all alternatives rest on.
struct Shared {
    element: Element,
    /// What all need in it, where it is a region.
    needed: Option<ComponentId>,
}

fn shared(cx: &Context, set: &Alternatives, fates: &[Vec<ComponentId>]) -> Vec<Shared> {
    let needed_by_all = common(fates.iter().map(|fate| fate.iter().copied().collect()));
    let mut found: Vec<Shared> = Vec::new();
    let private = |fate: &Vec<ComponentId>| -> Vec<ComponentId> {
        fate.iter().copied().filter(|id| !needed_by_all.contains(id)).collect()
    };
    let places = common(fates.iter().map(|fate| places(cx, &private(fate))));
    found.extend(places.into_iter().map(|element| Shared { element, needed: None }));
    for id in needed_by_all.iter().copied() {
        let component = cx.architecture.component(id);
        let outlived = set.links.iter().map(|link| cx.architecture.link(*link).target);
        if let Some(region) = lost_with(cx, component)
            && outlived.clone().any(|it| stands_elsewhere(cx, it, region))
        {
            found.push(Shared { element: Element::Group(region), needed: Some(id) });
        } else if set.is_fallback && is_alone(component) {
            found.push(Shared { element: Element::Component(id), needed: None });
        }
    }
    found
}

/// What is in all of the sets.
fn common<T: Ord + Copy>(sets: impl Iterator<Item = BTreeSet<T>>) -> BTreeSet<T> {
    sets.reduce(|a, b| a.intersection(&b).copied().collect()).unwrap_or_default()
}

/// The hosts and zones that components stand in or are hosted on.
fn places(cx: &Context, components: &[ComponentId]) -> BTreeSet<Element> {
    let architecture = cx.architecture;
    let mut found = BTreeSet::new();
    for component in components.iter().map(|id| architecture.component(*id)) {
        if component.is_available_as_a_whole() || component.kind.is_caller_only() {
            continue;
        }
        let host = component.host.filter(|host| is_alone(architecture.component(*host)));
        found.extend(host.map(Element::Component));
        let of_host = component.host.into_iter().flat_map(|host| architecture.groups_of(host));
        let groups = architecture.groups_of(component.id).chain(of_host);
        let failing = groups.filter(|(_, it)| matches!(it.kind, GroupKind::Host | GroupKind::Zone));
        found.extend(failing.map(|(id, _)| Element::Group(id)));
    }
    found
}

/// Whether the loss of one is the loss of all of it: it is stated to stand once, or others run it.
fn is_alone(component: &Component) -> bool {
    !component.is_available_as_a_whole()
        && (component.kind == Kind::External || component.least_replicas() == Some(1))
}

/// The region with which a component is lost: not where others keep it, where it is spread, or copied to a place
/// from which it can go on.
fn lost_with(cx: &Context, component: &Component) -> Option<GroupId> {
    let region = cx.architecture.enclosing(component.id, GroupKind::Region)?;
    let goes_on = component.is_available_as_a_whole()
        || component.has(Property::Regions)
        || component.has_copies()
        || component.is_promoted_by_another();
    (!goes_on).then_some(region)
}

fn stands_elsewhere(cx: &Context, id: ComponentId, region: GroupId) -> bool {
    cx.architecture.enclosing(id, GroupKind::Region).is_some_and(|it| it != region)
}

/// Whether a flow that takes this way is down without it anyway, which other rules tell.
fn is_told_elsewhere(cx: &Context, journeys: &[usize], shared: &Shared) -> bool {
    let told = match (shared.element, shared.needed) {
        (_, Some(needed)) => Element::Component(needed),
        (Element::Component(id), None) if cx.architecture.component(id).kind == Kind::External => {
            return false;
        }
        (element, None) => element,
    };
    journeys.iter().any(|at| cx.analysis.availability[*at].single_cuts.binary_search(&told).is_ok())
}

fn report(cx: &Context, findings: &mut Findings, journey: &Journey, set: &Alternatives, shared: &Shared) {
    let architecture = cx.architecture;
    let alternatives: Vec<&Component> =
        set.links.iter().map(|link| architecture.component(architecture.link(*link).target)).collect();
    let names: Vec<&str> = alternatives.iter().map(|it| it.name.as_str()).collect();
    let who =
        format!("{} {}", figures::listed(&names, MAX_NAMED), if names.len() == 2 { "both" } else { "all" });
    let name = shared.element.name(architecture);
    let Some(mut span) = shared.element.span(architecture) else { return };
    let (mut element, mut label) = (name.clone(), "falls, and all of them with it".to_owned());
    let message = match (shared.element, shared.needed) {
        (_, Some(needed)) => {
            let needed = architecture.component(needed);
            (element, span) = (needed.name.to_string(), needed.span);
            label = format!("lost with `{name}`");
            format!("{who} need `{}`, which stands in `{name}` alone: they are lost together", needed.name)
        }
        (Element::Group(_), None) => format!("{who} stand on `{name}`: they are lost together"),
        _ if is_hosted(&alternatives, shared.element) => {
            format!("{who} run on `{name}`: they are lost together")
        }
        _ => format!("{who} need `{name}`: the fallback is down when it is needed"),
    };
    let mut finding = findings.report(Severity::Warning, element, span, label, message);
    for alternative in alternatives.iter().take(MAX_NAMED) {
        finding.label(alternative.name.as_str(), alternative.span, "looks independent");
    }
    if let Some(flow) = journey.flow {
        finding.flow(architecture.flow(flow).name.as_str());
    }
    if let Element::Group(group) = shared.element {
        let up = group_availability(architecture, group);
        let kind = architecture.group(group).kind.name();
        let minutes = figures::minutes((1.0 - up) * MONTH_MINUTES);
        let assumed = if architecture.group(group).properties.is_stated(Property::Availability) {
            ""
        } else {
            " (assumed)"
        };
        finding.note(format!(
            "the {kind} is up {}{assumed}: in the {minutes} a month without it there is no alternative",
            figures::availability(up)
        ));
    } else {
        finding.note("an alternative is worth what it outlives");
    }
    finding.help(match (shared.element, shared.needed) {
        (_, Some(needed)) => {
            let needed = &architecture.component(needed).name;
            format!("keep a copy of `{needed}` in the other region that can take over, or an engine that spans both")
        }
        (Element::Group(group), None) => {
            format!("put one of them on another {}", architecture.group(group).kind.name())
        }
        _ => format!("give one of them another `{name}`, or give `{name}` a second replica"),
    });
}

fn is_hosted(alternatives: &[&Component], element: Element) -> bool {
    alternatives.iter().any(|it| it.host.is_some_and(|host| Element::Component(host) == element))
}
