use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::Element;
use crate::analysis::blame::{self, WeakPoint};
use crate::analysis::journey::Journey;
use crate::analysis::needs::{Need, View};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{
    Architecture, Call, CallTree, Component, ComponentId, GroupId, GroupKind, Link, Replicas,
};
use crate::syntax::ast::Relation;

declare_rule! {
    /// Finds alternatives that look independent and share something whose loss takes all of them down.
    ///
    /// ## Why it matters
    /// A second region, a fallback or a second provider is bought for the day on which the first is gone. If both stand on
    /// one database in the first region, that day takes both, and the second was paid for nothing.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// dns names : route53
    /// region east {
    ///   service shop x3
    ///   database orders : postgres x2 { failover = 60s }
    /// }
    /// region west { service shop x3 }
    /// browser -> names
    /// names -> east.shop else west.shop { failover = 60s } // finding: "both need `orders`"
    /// east.shop, west.shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names : route53
    /// region east {
    ///   service shop x3
    ///   database orders : postgres x2 { failover = 60s }
    /// }
    /// region west {
    ///   service shop x3
    ///   database orders : postgres x2 { failover = 60s }
    /// }
    /// browser -> names
    /// names -> east.shop else west.shop { failover = 60s }
    /// east.shop -> east.orders
    /// west.shop -> west.orders
    /// east.orders ~> west.orders : replication
    /// ```
    ///
    /// ## How it is detected
    /// Of each `a | b` and `a else b`: what every alternative needs without an alternative of its own, and the one who
    /// chooses does not need anyway. It is reported where it stands in the region, the zone or on the host of one of the
    /// alternatives and not of all, where the alternatives are third parties, and where it is the one thing that a fallback
    /// shares with what it falls back from. Silent where a copy of it stands elsewhere, where somebody else keeps it
    /// redundant outside of both places, and where its loss is told as a single point of failure (LP101) already.
    ///
    /// ## Known false alarms
    /// A fallback that is only for bad releases or overload may share its store: say so with an `allow`.
    ///
    /// ## An interviewer asks
    /// The first region is gone: what does the second one still need from it?
    ///
    /// ## References
    /// - AWS Builders' Library, Static stability using Availability Zones.
    /// - Beyer et al., Site Reliability Engineering, chapter 22: addressing cascading failures.
    static RULE = {
        code: "LP105",
        summary: "alternatives that share what takes all of them down",
        levels: [Warning],
    }
}

/// So many components are looked at below one alternative.
const MAX_BELOW: usize = 1_000;

/// So many components are looked at in a design of any size, and as many again for each of its own.
const VISITS: usize = 200_000;

/// So many alternatives are named.
const MAX_NAMED: usize = 3;

fn check(cx: &Context, findings: &mut Findings) {
    let mut told: Option<FxHashSet<ComponentId>> = None;
    let mut visits = VISITS + cx.architecture.components().len();
    for component in cx.architecture.components() {
        for call in cx.architecture.calls_of(component.id) {
            let Some(set) = Alternatives::of(cx.architecture, call) else { continue };
            let Some(shared) = set.shared(cx, &mut visits) else { return };
            let told = told.get_or_insert_with(|| told_already(cx));
            let found = shared.into_iter().find(|id| !told.contains(id) && set.is_betrayed_by(cx, *id));
            if let Some(shared) = found {
                set.report(cx, findings, cx.architecture.component(shared));
            }
        }
    }
}

/// What the single points of failure say already.
fn told_already(cx: &Context) -> FxHashSet<ComponentId> {
    let told = |point: &WeakPoint| match point.element {
        Element::Component(id) if point.cause != blame::Cause::CountUnstated => Some(id),
        _ => None,
    };
    blame::weak_points(cx.architecture, cx.analysis).iter().filter_map(told).collect()
}

/// Alternatives that one statement draws.
struct Alternatives<'a> {
    source: &'a Component,
    relation: Relation,
    /// The links of each.
    members: Vec<Vec<&'a Link>>,
}

impl<'a> Alternatives<'a> {
    fn of(architecture: &'a Architecture, call: &Call) -> Option<Self> {
        let CallTree::Set(relation @ (Relation::Any | Relation::Else), members) = &call.tree else {
            return None;
        };
        let members: Vec<Vec<&Link>> = members
            .iter()
            .map(|member| member.links().into_iter().map(|id| architecture.link(id)).collect())
            .collect();
        // A cache is there for speed: that it needs its store is no secret.
        let is_cache =
            |link: &&Link| matches!(architecture.component(link.target).kind, Kind::Cache | Kind::Cdn);
        if members.iter().flatten().any(|link| is_cache(link) || link.is_beside_the_path()) {
            return None;
        }
        Some(Self { source: architecture.component(call.source), relation: *relation, members })
    }

    fn targets(&self) -> impl Iterator<Item = ComponentId> + '_ {
        self.members.iter().flatten().map(|link| link.target)
    }

    /// What all members need and the source does not need by another way, in the order of declaration; none where
    /// the design is too large to go on.
    fn shared(&self, cx: &Context, visits: &mut usize) -> Option<Vec<ComponentId>> {
        let mut shared: Option<FxHashSet<ComponentId>> = None;
        for member in &self.members {
            let mut below = FxHashSet::default();
            for link in member {
                let (needed, seen) = below_of(cx, &[link.target]);
                *visits = visits.checked_sub(seen)?;
                below.extend(needed);
            }
            shared = Some(match shared {
                None => below,
                Some(known) => known.intersection(&below).copied().collect(),
            });
        }
        let mut shared = shared.unwrap_or_default();
        if !shared.is_empty() {
            let targets: FxHashSet<ComponentId> = self.targets().collect();
            let beside: Vec<ComponentId> =
                certain(cx, self.source.id).into_iter().filter(|id| !targets.contains(id)).collect();
            let (needed, seen) = below_of(cx, &beside);
            *visits = visits.checked_sub(seen)?;
            shared.retain(|id| !needed.contains(id));
        }
        let mut shared: Vec<ComponentId> = shared.into_iter().collect();
        shared.sort_unstable();
        Some(shared)
    }

    /// Whether the members look independent of what they share.
    fn is_betrayed_by(&self, cx: &Context, shared: ComponentId) -> bool {
        let architecture = cx.architecture;
        let component = architecture.component(shared);
        if self.targets().any(|target| target == shared) {
            return false;
        }
        let are_outside =
            self.targets().all(|target| architecture.component(target).kind == Kind::ThirdParty);
        if are_outside {
            return true;
        }
        if self.place_of(architecture, component).is_some() {
            return !has_copy_elsewhere(architecture, component);
        }
        self.relation == Relation::Else
            && !component.is_available_as_a_whole()
            && component.kind != Kind::External
            && component.replicas == Replicas::Unstated
            && !has_copy_elsewhere(architecture, component)
    }

    /// The region, zone or host of the shared component in which some of the alternatives stand, and not all.
    fn place_of(&self, architecture: &Architecture, shared: &Component) -> Option<GroupId> {
        let is_in = |id: ComponentId, group: GroupId| architecture.groups_of(id).any(|(it, _)| it == group);
        architecture
            .groups_of(shared.id)
            .filter(|(_, group)| group.kind.is_failure_unit())
            .map(|(id, _)| id)
            .find(|group| {
                let inside = self.targets().filter(|target| is_in(*target, *group)).count();
                inside > 0 && inside < self.targets().count()
            })
    }

    fn report(&self, cx: &Context, findings: &mut Findings, shared: &Component) {
        let architecture = cx.architecture;
        let targets: Vec<ComponentId> = self.targets().collect();
        let names: Vec<&str> = targets.iter().map(|id| architecture.component(*id).name.as_str()).collect();
        let place = self.place_of(architecture, shared).map(|id| architecture.group(id));
        let all = if names.len() == 2 { "both" } else { "all" };
        let loss = match place {
            Some(group) => format!("the loss of {} `{}`", group.kind.name(), group.name),
            None => format!("the loss of `{}`", shared.name),
        };
        let message = format!(
            "{} are no alternatives to each other: {all} need `{}`, and {loss} takes {all} down",
            figures::listed(&names, MAX_NAMED),
            shared.name,
        );
        let links: Vec<&Link> = self.members.iter().flatten().copied().collect();
        let Some((first, others)) = links.split_first() else { return };
        let label = |link: &Link| {
            format!(
                "needs `{}`",
                if link.target == shared.id { &link_source(architecture, link).name } else { &shared.name }
            )
        };
        let mut finding = findings.on_link(Severity::Warning, architecture, first, label(first), message);
        for link in others {
            finding.label(architecture.link_name(link), link.span, label(link));
        }
        finding.label(shared.name.as_str(), shared.span, "shared by all");
        if let Some(group) = place {
            finding.label(group.name.as_str(), group.span, "the place that it is lost with");
        }
        let is_store = shared.kind.holds_data();
        finding.help(match place {
            Some(group) if is_store => format!(
                "keep a copy of `{}` that can take over outside of `{}`, beside each alternative",
                shared.name, group.name
            ),
            _ => format!("give each alternative a `{}` of its own", shared.name),
        });
    }
}

fn link_source<'a>(architecture: &'a Architecture, link: &Link) -> &'a Component {
    architecture.component(link.source)
}

/// Whether its data is copied to a place that does not fail with it.
fn has_copy_elsewhere(architecture: &Architecture, component: &Component) -> bool {
    let place = |id| {
        [GroupKind::Host, GroupKind::Zone, GroupKind::Region].map(|kind| architecture.enclosing(id, kind))
    };
    architecture
        .links_from(component.id)
        .any(|link| link.copies_data() && place(link.target) != place(component.id))
}

/// All that these need for certain, themselves included, and how many were looked at. What has an alternative
/// below is left out.
fn below_of(cx: &Context, starts: &[ComponentId]) -> (FxHashSet<ComponentId>, usize) {
    let mut found: FxHashSet<ComponentId> = starts.iter().copied().collect();
    let mut waiting: Vec<ComponentId> = starts.to_vec();
    while let Some(id) = waiting.pop() {
        if found.len() > MAX_BELOW {
            break;
        }
        for target in certain(cx, id) {
            if found.insert(target) {
                waiting.push(target);
            }
        }
    }
    let seen = found.len();
    (found, seen)
}

/// What one component needs for certain: its targets that have no alternative, and what it runs on.
fn certain(cx: &Context, id: ComponentId) -> Vec<ComponentId> {
    let component = cx.architecture.component(id);
    let journey = Journey::of_component(component);
    let view = View::new(cx.architecture, &journey);
    let mut found: Vec<ComponentId> = component.host.into_iter().collect();
    collect(cx.architecture, &view.need(id), &mut found);
    found
}

fn collect(architecture: &Architecture, need: &Need, found: &mut Vec<ComponentId>) {
    match need {
        Need::Link(link) => found.push(architecture.link(*link).target),
        Need::Asked(id) => found.push(*id),
        Need::All(members) => members.iter().for_each(|member| collect(architecture, member, found)),
        Need::Any(_) | Need::Unchecked(_) | Need::Else(_) | Need::Routes(_) => {}
    }
}
