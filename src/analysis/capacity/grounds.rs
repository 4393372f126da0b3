//! What the load of a component rests on that nobody states.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::load::Load;
use crate::analysis::needs::serves_requests;
use crate::catalogue::Kind;
use crate::model::{Architecture, CallTree, Component, ComponentId, Flow, Link, LinkId, Property};
use crate::syntax::ast::Relation;

/// What the load itself rests on beside what is written.
#[derive(Clone, Debug, Default)]
pub struct Grounds {
    /// Whether the peak of any journey is the catalogue's factor over its mean.
    pub is_peak_assumed: bool,
    /// Whether a share of the reads that is only assumed never comes in, or comes in at all.
    is_edge_assumed: bool,
    /// Stores behind a cache whose hit ratio is assumed.
    spared: FxHashSet<ComponentId>,
    /// What gets an even part of something, for no share is stated.
    split: FxHashSet<ComponentId>,
}

impl Grounds {
    /// Of a design.
    pub fn of(architecture: &Architecture, load: &Load) -> Self {
        let mut grounds = Self {
            is_peak_assumed: load.arrivals.iter().flatten().any(|it| it.is_peak_assumed),
            ..Self::default()
        };
        let keeps = architecture.components().filter(|it| matches!(it.kind, Kind::Cache | Kind::Cdn));
        for cache in keeps.filter(|it| it.figure(Property::HitRatio).is_none()) {
            let spared = load.spared_by(cache.id);
            grounds.is_edge_assumed |= cache.kind == Kind::Cdn && !spared.is_empty();
            grounds.spared.extend(spared.iter().map(|it| it.store));
        }
        grounds.split = even_parts(architecture, load);
        grounds
    }

    /// Whether the load of a component rests on an even split that nobody states.
    pub fn is_split_assumed(&self, component: ComponentId) -> bool {
        self.split.contains(&component)
    }

    /// Whether the load of a component rests on a hit ratio that is not written.
    pub fn is_load_assumed(&self, component: ComponentId) -> bool {
        self.is_edge_assumed || self.spared.contains(&component)
    }
}

/// Components whose load is an even part of something, for no share is stated: targets of routes that no path
/// chooses, what only these call, and what some of several flows take that share what is left.
fn even_parts(architecture: &Architecture, load: &Load) -> FxHashSet<ComponentId> {
    let chosen: FxHashSet<LinkId> =
        architecture.flows().flat_map(|flow| flow.path.steps.iter().copied()).collect();
    let mut waiting: Vec<ComponentId> = Vec::new();
    for component in architecture.components().filter(|it| load.component(it.id).is_reached) {
        for routes in even_routes(architecture, component) {
            let open = routes.iter().filter(|link| !chosen.contains(link));
            waiting.extend(open.map(|link| architecture.link(*link).target));
        }
    }
    waiting.extend(targets_of_even_flows(architecture, load));
    let mut found = FxHashSet::default();
    while let Some(id) = waiting.pop() {
        if !found.insert(id) {
            continue;
        }
        // What others call as well gets other parts too: together they may be all of it.
        let is_only_caller = |link: &&Link| architecture.links_to(link.target).len() == 1;
        waiting.extend(architecture.links_from(id).filter(is_only_caller).map(|link| link.target));
    }
    found
}

/// The ways of a component of which a request takes one, where none states its share.
fn even_routes(architecture: &Architecture, component: &Component) -> Vec<Vec<LinkId>> {
    let is_even = |links: &[LinkId]| {
        links.len() > 1 && links.iter().any(|link| !architecture.link(*link).has(Property::Share))
    };
    let mut apart: Vec<LinkId> = Vec::new();
    let mut found: Vec<Vec<LinkId>> = Vec::new();
    for call in architecture.calls_of(component.id) {
        match &call.tree {
            CallTree::Set(Relation::Route, _) => found.push(call.tree.links()),
            CallTree::Set(Relation::All, _) | CallTree::Link(_) if component.kind.is_router() => {
                let serves = |link: &LinkId| {
                    let target = architecture.component(architecture.link(*link).target).kind;
                    serves_requests(target)
                };
                apart.extend(call.tree.links().into_iter().filter(serves));
            }
            CallTree::Set(..) | CallTree::Link(_) => {}
        }
    }
    found.push(apart);
    found.retain(|links| is_even(links));
    found
}

/// What a flow takes beyond what all of those take that part what is left of the system's traffic.
fn targets_of_even_flows(architecture: &Architecture, load: &Load) -> Vec<ComponentId> {
    let is_open = |flow: &&Flow| {
        let own = [Property::Rate, Property::Reads, Property::Writes, Property::PerUser];
        !flow.is_stated(Property::Share) && own.iter().all(|it| flow.figure(*it).is_none())
    };
    let is_known = load.arrivals.iter().flatten().next().is_some();
    let open: Vec<&Flow> = architecture.flows().filter(is_open).filter(|it| !it.path.is_empty()).collect();
    if open.len() < 2 || !is_known {
        return Vec::new();
    }
    // Flows that only read and flows that only write part different amounts.
    let is_alone = |flow: &Flow| {
        let reads = |it: &Flow| !it.is_writes_only();
        let writes = |it: &Flow| !it.is_reads_only();
        let others = || open.iter().filter(|it| it.id != flow.id);
        !(reads(flow) && others().any(|it| reads(it)) || writes(flow) && others().any(|it| writes(it)))
    };
    let mut taken: FxHashMap<ComponentId, usize> = FxHashMap::default();
    let parting: Vec<&Flow> = open.iter().copied().filter(|flow| !is_alone(flow)).collect();
    for flow in &parting {
        let targets: FxHashSet<ComponentId> =
            flow.path.steps.iter().map(|step| architecture.link(*step).target).collect();
        for id in targets {
            *taken.entry(id).or_default() += 1;
        }
    }
    let mut found: Vec<ComponentId> =
        taken.into_iter().filter(|(_, count)| *count < parting.len()).map(|(id, _)| id).collect();
    found.sort_unstable();
    found
}
