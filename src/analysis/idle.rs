//! Components that no traffic comes to, where the flows are said to be all the traffic.
//!
//! It errs on the side of silence: flows that are part of the traffic leave open what the rest of it needs.

use rustc_hash::FxHashSet;

use super::Analysis;
use super::messaging;
use crate::catalogue::Kind;
use crate::model::{Architecture, CallTree, Component, ComponentId, Link, LinkId, Property};
use crate::syntax::ast::{Dimension, Relation};

/// Shares that add up to all but for rounding.
const ROUNDING: f64 = 1e-3;

/// A component that nothing comes to, with what stands behind it alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Idle {
    /// Which.
    pub component: ComponentId,
    /// Who could call it, and on no flow does.
    pub callers: Vec<ComponentId>,
    /// What is idle with it, for nobody else leads there.
    pub behind: Vec<ComponentId>,
}

/// The idle components, in the order of declaration.
pub fn idle(architecture: &Architecture, analysis: &Analysis) -> Vec<Idle> {
    if !analysis.load.is_known() || !are_all_the_traffic(architecture) {
        return Vec::new();
    }
    let used = used(architecture, analysis);
    let chosen = chosen(architecture);
    let is_idle = |component: &Component| {
        !used.contains(&component.id)
            && is_for_requests(component)
            && !has_a_reason(component)
            && architecture.links_to(component.id).len() > 0
            && architecture
                .links_to(component.id)
                .all(|link| is_plain_call(link) && !chosen.contains(&link.id))
            && architecture.links_from(component.id).all(is_plain_call)
    };
    let idle: FxHashSet<ComponentId> =
        architecture.components().filter(|it| is_idle(it)).map(|it| it.id).collect();
    let is_only_idle_behind =
        |id: ComponentId| architecture.links_to(id).all(|link| idle.contains(&link.source));
    let mut found = Vec::new();
    for component in architecture.components().filter(|it| idle.contains(&it.id)) {
        if is_only_idle_behind(component.id) {
            continue;
        }
        let targets = architecture.links_from(component.id).map(|link| link.target);
        let behind = targets.filter(|id| idle.contains(id) && is_only_idle_behind(*id)).collect();
        let callers = architecture.links_to(component.id).map(|link| link.source);
        let callers = callers.filter(|id| !idle.contains(id)).collect();
        found.push(Idle { component: component.id, callers, behind });
    }
    found
}

/// Whether the flows are said to be all the traffic: each has a path and a share, and the shares add up to one.
fn are_all_the_traffic(architecture: &Architecture) -> bool {
    let share = |flow: &crate::model::Flow| {
        flow.figure_of(Property::Share, Dimension::Percent).filter(|_| !flow.path.is_empty())
    };
    let sum: Option<f64> = architecture.flows().map(share).sum();
    architecture.flows().len() > 0 && sum.is_some_and(|sum| (sum - 1.0).abs() <= ROUNDING)
}

/// What any traffic or flow comes to, others stand on, a property names, or dead letters go to.
fn used(architecture: &Architecture, analysis: &Analysis) -> FxHashSet<ComponentId> {
    let mut used: FxHashSet<ComponentId> = messaging::dead_letters(architecture);
    used.extend(analysis.availability.iter().flat_map(|judged| &judged.needed));
    for component in architecture.components() {
        let demand = analysis.load.component(component.id);
        if demand.is_reached || demand.is_partial {
            used.insert(component.id);
        }
        used.extend(component.host);
        if !component.references.is_empty() {
            used.insert(component.id);
            used.extend(component.references.iter().map(|(_, id)| *id));
        }
    }
    for flow in architecture.flows() {
        used.extend(&flow.path.heads);
        let ends = flow.path.steps.iter().map(|step| architecture.link(*step));
        used.extend(ends.flat_map(|link| [link.source, link.target]));
    }
    for link in &architecture.group_links {
        used.extend([link.source, link.target].into_iter().filter_map(Result::err));
    }
    used
}

/// The links of which one is taken: by health, in order, or by case. What is taken seldom is there on purpose.
fn chosen(architecture: &Architecture) -> FxHashSet<LinkId> {
    let mut found = FxHashSet::default();
    for component in architecture.components() {
        if component.kind.is_proxy() || component.kind.is_chooser() {
            found.extend(architecture.links_from(component.id).map(|link| link.id));
        }
        for call in architecture.calls_of(component.id) {
            if has_choice(&call.tree) {
                found.extend(call.tree.links());
            }
        }
    }
    found
}

fn has_choice(tree: &CallTree) -> bool {
    match tree {
        CallTree::Link(_) => false,
        CallTree::Set(relation, members) => *relation != Relation::All || members.iter().any(has_choice),
    }
}

/// Whether it is there for requests alone.
fn is_for_requests(component: &Component) -> bool {
    matches!(
        component.kind,
        Kind::Service
            | Kind::LoadBalancer
            | Kind::ReverseProxy
            | Kind::ApiGateway
            | Kind::Cache
            | Kind::Database
            | Kind::SearchIndex
    ) && component.host.is_none()
}

fn has_a_reason(component: &Component) -> bool {
    let reasons = [
        Property::Because,
        Property::Every,
        Property::Rate,
        Property::Published,
        Property::Standby,
        Property::Failover,
        Property::Batch,
        Property::SourceOfTruth,
        Property::AuditLog,
    ];
    reasons.into_iter().any(|it| component.has(it)) || component.is_replica() || component.has_copies()
}

/// Whether it is a call like any other, neither beside the path nor one that can be done without.
fn is_plain_call(link: &Link) -> bool {
    let aside =
        [Property::Optional, Property::Rate, Property::Because, Property::Failover, Property::Standby];
    !link.is_async()
        && !link.copies_data()
        && !link.is_beside_the_path()
        && !aside.into_iter().any(|it| link.has(it))
}
