use std::collections::BTreeMap;

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{
    self, Change, Contribution, Element, FlowAvailability, Losses, MONTH_MINUTES, Reach, Scenario,
    group_availability, unit,
};
use crate::analysis::blame::{self, Blame, must_survive};
use crate::analysis::journey::PromiseOrigin;
use crate::analysis::reliability::Budget;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, GroupKind, Property};

declare_rule! {
    /// Finds redundant sets that stand in one zone, whose loss takes a flow down.
    ///
    /// ## Why it matters
    /// Replicas are bought against failures. What stands in one zone still fails together: with its power, its network or
    /// its cooling. Spreading the same replicas over two zones is the cheapest improvement there is.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { availability = 99.95% }
    /// client browser
    /// load_balancer edge { managed, availability = 99.99% }
    /// service shop x3 { zones = 1 } // finding: "the loss of one zone takes `checkout` down"
    /// database orders : postgres x2 { zones = 1, failover = 60s }
    /// browser -> edge -> shop -> orders
    /// flow checkout { browser -> edge -> shop -> orders }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { availability = 99.9% }
    /// client browser
    /// load_balancer edge { managed, availability = 99.99% }
    /// service shop x3 { zones = 2 }
    /// database orders : postgres x2 { zones = 2, failover = 60s }
    /// browser -> edge -> shop -> orders
    /// flow checkout { browser -> edge -> shop -> orders }
    /// ```
    ///
    /// ## How it is detected
    /// A zone is `zone a { … }`, or one of those that `zones = k` deals the replicas over. It is named where its loss
    /// takes a flow down by taking down what is redundant: two replicas or more, or all members of a pool. What stands
    /// once is LP101's. The level is as LP101's, with the downtime of a zone: an error where that alone is more than
    /// the flow's promise allows (from 99.97% on), a warning where the promise is missed or nothing is promised, else
    /// advice. `survives = zone` makes it an error. There is no fix: where the replicas stand is decided elsewhere.
    ///
    /// ## Known false alarms
    /// A latency that allows no second zone: say so with `because`, and allow it.
    ///
    /// ## An interviewer asks
    /// A zone goes dark for half a day: what of this is still running?
    ///
    /// ## A good answer
    /// - what runs in the zones that are left, and whether that is enough
    /// - in which zones the others would stand, and what the way between them costs
    ///
    /// ## References
    /// - AWS Well-Architected, Reliability Pillar: REL10, deploy the workload to multiple locations.
    /// - Azure Well-Architected, RE:05: redundancy; availability zones.
    static RULE = {
        code: "LP102",
        summary: "a redundant set that one zone's loss takes down",
        levels: [Error, Warning, Advice],
    }
}

/// So many names are given in a message or a note.
const MAX_NAMED: usize = 3;

/// Of so many that fall together it is looked which of them matter.
const MAX_TOLD_APART: usize = 16;

/// So many zones that take one flow down are looked at.
const MAX_ZONES: usize = 64;

/// Over so many zones something is spread at most, and so many replicas are added at most.
const MOST_ZONES: u32 = 3;
const MOST_MORE: u32 = 8;

/// State updates that one look at a set may take.
const UPDATES: u64 = 200_000;

/// A zone that takes redundant sets down.
struct Fall {
    /// What stands in it and falls, in the order of declaration.
    members: Vec<ComponentId>,
    level: Severity,
    journeys: Vec<usize>,
    worst: usize,
    own: f64,
    contribution: Option<Contribution>,
}

fn check(cx: &Context, findings: &mut Findings) {
    for (zone, fall) in falls(cx) {
        report(cx, findings, zone, &fall);
    }
}

fn falls(cx: &Context) -> BTreeMap<Element, Fall> {
    let blame = Blame::of(cx.architecture, &cx.analysis.load);
    let mut found: BTreeMap<Element, Fall> = BTreeMap::new();
    for (at, (journey, judged)) in cx.analysis.judged().enumerate() {
        let zones = judged.single_cuts.iter().filter(|element| is_zone(cx, **element)).take(MAX_ZONES);
        let blamed: Vec<(Element, f64, Severity, Vec<ComponentId>)> = zones
            .filter_map(|zone| {
                let own = own(cx, *zone);
                let level = blame.level(&journey.promise, judged.low, own)?;
                Some((*zone, own, level, members(cx, judged, *zone)))
            })
            .filter(|(.., members)| !members.is_empty())
            .collect();
        if blamed.is_empty() {
            continue;
        }
        let reach = Reach::of(cx.architecture, &cx.analysis.load, journey, false);
        let losses = Losses::of(&reach, blamed.iter().flat_map(|(.., members)| members.iter().copied()));
        for (zone, own, level, members) in blamed {
            if !losses.take_down(&members) {
                continue;
            }
            let members = culprits(&losses, members);
            let is_promised = must_survive(cx.architecture, journey, "zone");
            let level = if is_promised { Severity::Error } else { level };
            let contribution = judged.contribution(zone).copied();
            let fall = Fall { members, level, journeys: vec![at], worst: at, own, contribution };
            match found.get_mut(&zone) {
                Some(known) => known.merge(&fall),
                None => _ = found.insert(zone, fall),
            }
        }
    }
    found
}

impl Fall {
    fn merge(&mut self, other: &Self) {
        self.journeys.extend(&other.journeys);
        self.members.extend(&other.members);
        self.members.sort_unstable();
        self.members.dedup();
        let minutes = |it: &Self| it.contribution.map_or(0.0, |it| it.saved);
        if (other.level, minutes(self)) < (self.level, minutes(other)) {
            let (journeys, members) = (std::mem::take(&mut self.journeys), std::mem::take(&mut self.members));
            *self = Self { members, journeys, ..*other };
        }
    }
}

fn is_zone(cx: &Context, element: Element) -> bool {
    match element {
        Element::Zone(..) => true,
        Element::Group(id) => cx.architecture.group(id).kind == GroupKind::Zone,
        _ => false,
    }
}

fn own(cx: &Context, zone: Element) -> f64 {
    match zone {
        Element::Group(id) => 1.0 - group_availability(cx.architecture, id),
        _ => 1.0 - cx.architecture.parameters.zone_availability.value,
    }
}

/// What a journey needs, falls with the zone, and would outlive the loss of any one replica.
fn members(cx: &Context, judged: &FlowAvailability, zone: Element) -> Vec<ComponentId> {
    let is_single = |id: ComponentId| judged.single_cuts.binary_search(&Element::Component(id)).is_ok();
    judged
        .needed
        .iter()
        .copied()
        .filter(|id| {
            let component = cx.architecture.component(*id);
            !component.kind.is_caller_only()
                && !component.is_available_as_a_whole()
                && falls_with(cx, component, zone)
                && !is_single(*id)
        })
        .collect()
}

fn falls_with(cx: &Context, component: &Component, zone: Element) -> bool {
    let architecture = cx.architecture;
    match zone {
        Element::Group(id) => architecture.groups_of(component.id).any(|(group, _)| group == id),
        Element::Zone(region, at) => {
            if architecture.enclosing(component.id, GroupKind::Region) != region {
                return false;
            }
            let stated = component.figure(Property::Zones).or_else(|| {
                architecture
                    .groups_of(component.id)
                    .find_map(|(_, group)| group.properties.figure(Property::Zones))
            });
            let Some(zones) = stated else { return false };
            let (zones, count) = (zones.max(1.0) as u32, component.least_replicas().unwrap_or(1));
            let left = (0..count).filter(|replica| replica % zones != at).count() as u32;
            left < needed(component, count)
        }
        _ => false,
    }
}

/// How many of its replicas it takes.
fn needed(component: &Component, count: u32) -> u32 {
    let written = component.figure(Property::Needs).map(|it| it as u32);
    unit::quorum(component, count, true).or(written).unwrap_or(1).clamp(1, count.max(1))
}

/// Those of which each alone takes the journey down, where there are such: the others only stand beside them.
fn culprits(losses: &Losses, members: Vec<ComponentId>) -> Vec<ComponentId> {
    if members.len() > MAX_TOLD_APART {
        return members;
    }
    let alone: Vec<ComponentId> = members.iter().copied().filter(|id| losses.take_down(&[*id])).collect();
    if alone.is_empty() { members } else { alone }
}

fn report(cx: &Context, findings: &mut Findings, zone: Element, fall: &Fall) {
    let members: Vec<&Component> = fall.members.iter().map(|id| cx.architecture.component(*id)).collect();
    let Some((first, others)) = members.split_first() else { return };
    let names: Vec<&str> = members.iter().map(|it| it.name.as_str()).collect();
    let flow = &cx.analysis.journeys[fall.worst];
    let mut flows: Vec<&str> = fall
        .journeys
        .iter()
        .map(|at| cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str())
        .collect();
    flows.dedup();
    let which = match zone {
        Element::Group(id) => format!("zone `{}`", cx.architecture.group(id).name),
        _ => "one zone".to_owned(),
    };
    let how_much = if members.iter().all(|it| stands_wholly(it, zone)) { "all" } else { "too much" };
    let message = format!(
        "the loss of {which} takes {} down: {how_much} of {} stands in it",
        figures::listed(&flows, MAX_NAMED),
        figures::listed(&names, MAX_NAMED),
    );
    let mut finding = findings.on_component(fall.level, first, label(first, zone), message);
    for flow in &flows {
        finding.flow(*flow);
    }
    for other in others {
        finding.label(other.name.as_str(), other.span, label(other, zone));
    }
    if let Some(span) = zone.span(cx.architecture) {
        finding.label(zone.name(cx.architecture), span, "fails as a whole");
    }
    finding.label(flow.element.as_str(), flow.span, "down without it");
    finding.note(why(cx, fall));
    finding.note(format!("assumed: a zone is up {} of the time", figures::availability(1.0 - fall.own)));
    finding.help(help(cx, zone, fall, &names));
}

/// Whether no replica stands anywhere else.
fn stands_wholly(component: &Component, zone: Element) -> bool {
    matches!(zone, Element::Group(_)) || component.figure(Property::Zones).is_none_or(|zones| zones <= 1.0)
}

fn label(component: &Component, zone: Element) -> String {
    match component.least_replicas() {
        _ if !stands_wholly(component, zone) => "too few are left without it".to_owned(),
        Some(2) => "both in it".to_owned(),
        Some(count) if count > 2 => format!("all {count} in it"),
        _ => "in it".to_owned(),
    }
}

fn why(cx: &Context, fall: &Fall) -> String {
    let journey = &cx.analysis.journeys[fall.worst];
    let judged = &cx.analysis.availability[fall.worst];
    let own = figures::number(fall.own * MONTH_MINUTES);
    if must_survive(cx.architecture, journey, "zone") {
        return "the design is to survive the loss of a zone".to_owned();
    }
    let Some(slo) = journey.promise.slo else {
        let asked = match journey.promise.origin {
            PromiseOrigin::High => "high availability is asked for",
            _ => "no availability is asked for",
        };
        return format!("a zone is down {own} min a month, mostly for hours at once, and {asked}");
    };
    let asked = figures::availability(slo);
    if blame::exceeds(fall.own, 1.0 - slo) {
        let allowed = figures::number((1.0 - slo) * MONTH_MINUTES);
        format!("a zone is down {own} min a month, and {asked} allows {allowed}")
    } else if blame::misses(judged.low, slo) {
        format!(
            "`{}` reaches {} of the {asked} asked",
            journey.name,
            figures::availability(judged.low.lower())
        )
    } else {
        format!("`{}` keeps its {asked} all the same; one outage of a zone lasts hours", journey.name)
    }
}

fn help(cx: &Context, zone: Element, fall: &Fall, names: &[&str]) -> String {
    let journey = &cx.analysis.journeys[fall.worst];
    let low = cx.analysis.availability[fall.worst].low.lower();
    let them = if names.len() > 1 { "them" } else { "it" };
    let Element::Zone(..) = zone else {
        let reach = fall.contribution.map_or(low, |it| low + it.saved);
        return format!(
            "put a part of {them} into a second zone: `{}` could reach {}",
            journey.name,
            figures::availability(reach)
        );
    };
    let is_quorum = |id: &ComponentId| unit::quorum(cx.architecture.component(*id), 3, true).is_some();
    let least = if fall.members.iter().any(is_quorum) { MOST_ZONES } else { 2 };
    let ways = [(least, false), (MOST_ZONES, false), (MOST_ZONES, true)];
    let better = ways.into_iter().find_map(|(zones, is_enlarged)| {
        let scenario = spread(cx, fall, zones, is_enlarged);
        let mut budget = Budget::new(UPDATES);
        let load = &cx.analysis.load;
        let reached =
            availability::availability(cx.architecture, load, journey, &scenario, &mut budget).lower();
        (reached > low).then_some((zones, scenario, reached))
    });
    // Where more are needed than a zone fewer leaves, zones alone only add what can fail.
    let Some((zones, scenario, reached)) = better else {
        return format!("run so many of {them} that enough are left in the other zones");
    };
    let enlarged: Vec<String> = fall
        .members
        .iter()
        .filter_map(|id| {
            let count = scenario.changes[id].replicas?;
            Some(format!("`{}` x{count}", cx.architecture.component(*id).name))
        })
        .collect();
    let what = if enlarged.is_empty() {
        format!("spread {them}")
    } else {
        format!("run {} and spread {them}", enlarged.join(" and "))
    };
    format!(
        "{what} over {zones} zones (`zones = {zones}`): `{}` would reach {}",
        journey.name,
        figures::availability(reached)
    )
}

/// What falls over so many zones, if need be with more replicas: so many that enough are left without any one zone.
fn spread(cx: &Context, fall: &Fall, zones: u32, is_enlarged: bool) -> Scenario {
    let mut scenario = Scenario::as_is();
    for id in &fall.members {
        let component = cx.architecture.component(*id);
        let count = component.least_replicas().unwrap_or(1);
        let is_borne = |count: &u32| count - count.div_ceil(zones) >= needed_at_work(cx, component, *count);
        let replicas = (count..=count + MOST_MORE).find(is_borne).filter(|it| is_enlarged && *it > count);
        scenario.changes.insert(*id, Change { zones: Some(zones), replicas, ..Change::default() });
    }
    scenario
}

/// How many of its replicas it takes, the mean traffic among the reasons.
fn needed_at_work(cx: &Context, component: &Component, count: u32) -> u32 {
    let by_load = unit::needed_by_load(&cx.analysis.load, component, count, false);
    needed(component, count).max(by_load)
}
