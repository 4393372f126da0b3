//! The deletion test: what can go while every promise, load and requirement still holds.
//!
//! One thing at a time, the dearest first, with what went before already gone. A design that states no scale is
//! not judged, nor a demo.

use rustc_hash::{FxHashMap, FxHashSet};

use super::range::{Dimension, plain_share, stated_primaries};
use super::reasons::is_allowed;
use super::scale::Use;
use super::{Planner, ROOM};
use crate::analysis::Analysis;
use crate::analysis::availability::{Scenario, Unit, UnitKind};
use crate::analysis::failover::budget_seconds;
use crate::analysis::load::{Capacity, Load, Traffic};
use crate::analysis::reliability::{majority, replicated};
use crate::catalogue::{Kind, Parameters};
use crate::model::{Architecture, Component, ComponentId, GroupId, GroupKind, Property, Replicas};
use crate::quantity::{Rate, Size};

/// What can go.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A region that is drawn.
    Region(GroupId),
    /// All but one of the regions that these are spread over.
    Regions(Vec<ComponentId>),
    /// All but one of so many shards.
    Shards(u32),
    /// A tier of copies: its reads go to the primary.
    ReadReplicas(ComponentId),
    /// Replicas beyond so many.
    Replicas {
        /// How many there are.
        from: u32,
        /// How many would do.
        to: u32,
    },
    /// A cache before these stores.
    Cache(Vec<ComponentId>),
    /// A queue before this consumer.
    Queue(ComponentId),
    /// A content delivery network that sends so much in a month.
    Cdn(Size),
    /// A store of a larger class than its data, so many bytes at the horizon.
    Store(f64),
    /// A graph store whose data, so many bytes at the horizon, a relational one would hold.
    Graph(f64),
    /// All but one of so many nodes that take writes.
    Primaries(u32),
    /// The class of a broker, a log: a plain queue would do.
    Log {
        /// The topics that share it.
        topics: Vec<ComponentId>,
        /// Who reads.
        groups: usize,
    },
    /// A store, into another one of the same callers.
    Merged(ComponentId),
    /// A service, into the only one that calls it.
    Service(ComponentId),
    /// Services with the same caller and data, into one.
    Twins(Vec<ComponentId>),
    /// Nodes larger than plain ones, which carry so much.
    Size(Rate),
}

impl Step {
    /// The rule that tells it, by code and name: where a design allows that, it is told and not taken.
    pub fn rule(&self) -> (&'static str, &'static str) {
        match self {
            Self::Shards(_) => ("LP801", "needless-sharding"),
            Self::Replicas { .. } | Self::ReadReplicas(_) => ("LP802", "needless-replicas"),
            Self::Cache(_) => ("LP803", "needless-cache"),
            Self::Queue(_) => ("LP804", "needless-queue"),
            Self::Service(_) | Self::Twins(_) => ("LP805", "too-many-services"),
            Self::Region(_) | Self::Regions(_) => ("LP806", "needless-multi-region"),
            Self::Cdn(_) => ("LP807", "needless-cdn"),
            Self::Store(_) => ("LP808", "needless-nosql"),
            Self::Graph(_) => ("LP809", "needless-graph-store"),
            // No rule is about it alone: it is told in the sum.
            Self::Merged(_) => ("LP812", "overshot-slo"),
            Self::Primaries(_) => ("LP813", "needless-multi-primary"),
            Self::Log { .. } => ("LP816", "needless-log"),
            Self::Size(_) => ("LP810", "oversized"),
        }
    }
}

/// Something that can go.
#[derive(Clone, Debug)]
pub struct Deletion {
    /// What it is about; the first component of a region.
    pub component: ComponentId,
    /// What goes.
    pub step: Step,
    /// The part of one plain node that the load uses; of the store's or consumer's, where it is about what stands
    /// before one.
    pub used: Use,
    /// The most utilised of what is left, at the grown peak.
    pub utilisation: Option<f64>,
    /// The journey that has the least left of its budget afterwards.
    pub kept: Option<Kept>,
    /// How many nodes go with it; a managed component counts as one.
    pub nodes: u32,
    /// Whether the design accepts it, so that it stays.
    pub is_allowed: bool,
}

/// A journey that still keeps its promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kept {
    /// Its place among the journeys.
    pub journey: usize,
    /// Its availability as the design is.
    pub before: f64,
    /// Its availability afterwards.
    pub after: f64,
    /// What it promises.
    pub slo: f64,
}

/// What a design could do without.
#[derive(Debug, Default)]
pub struct Plan {
    /// What can go, in the order it went.
    pub deletions: Vec<Deletion>,
    /// The journeys whose availability has changed when all of it is gone.
    pub kept: Vec<Kept>,
    /// Whether all was searched that could go; else the work for it was used up.
    pub is_complete: bool,
}

/// What adding one thing costs, as fixed rungs of a ladder.
const STATELESS_NODE: f64 = 2.0;
const STORE_NODE: f64 = 3.0;
const ENGINE: f64 = 4.0;
const REGION: f64 = 10.0;
const BROKER: f64 = 0.5;

/// So many nodes a queue has that decides by a majority.
const QUORUM: u32 = 3;

/// How often a majority of three plain nodes is up, wherever they stand.
fn quorum_of_three(parameters: &Parameters) -> f64 {
    let u = 1.0 - parameters.node_availability.value;
    let shared = parameters.correlation_unstated.value;
    replicated(u, QUORUM, majority(QUORUM), shared) * parameters.zone_availability.value
}

/// So many times a plain node is a large one: the plain ones of one kind differ by less.
const LARGE: f64 = 5.0;

/// So many regions are tried, one by one.
const MAX_REGIONS: usize = 8;

impl Plan {
    /// Of a design.
    pub fn of(architecture: &Architecture, analysis: &Analysis) -> Self {
        let mut search = Search::new(architecture, analysis);
        if architecture.system.is_demo() || !search.has_scale() {
            return Self { is_complete: true, ..Self::default() };
        }
        let unmeasured = unmeasured(architecture, &analysis.load);
        for candidate in candidates(architecture, analysis) {
            // More than is known comes to it: how much of it is too much can't be said.
            if unmeasured.contains(&candidate.component) {
                continue;
            }
            search.attempt(&candidate);
        }
        search.into_plan()
    }
}

/// Whatever calls from outside may come to that no flow follows, so that its load is known only in part.
fn unmeasured(architecture: &Architecture, load: &Load) -> FxHashSet<ComponentId> {
    let is_followed = |id| {
        let demand = load.link(id);
        demand.is_reached || demand.is_partial
    };
    let mut found: FxHashSet<ComponentId> = FxHashSet::default();
    let outside = architecture.components().filter(|it| it.kind.is_outside());
    let mut waiting: Vec<ComponentId> = outside
        .flat_map(|it| architecture.links_from(it.id))
        .filter(|link| !link.is_beside_the_path() && !is_followed(link.id))
        .map(|link| link.target)
        .collect();
    while let Some(id) = waiting.pop() {
        if found.insert(id) {
            let links = architecture.links_from(id).filter(|link| !link.is_beside_the_path());
            waiting.extend(links.filter(|link| !is_followed(link.id)).map(|link| link.target));
        }
    }
    found
}

/// Something that might go.
struct Candidate {
    cost: f64,
    component: ComponentId,
    kind: CandidateKind,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CandidateKind {
    Region(GroupId),
    Regions,
    Of(Dimension),
    Twins,
    Size,
}

/// Everything that might go, the dearest first.
fn candidates(architecture: &Architecture, analysis: &Analysis) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut of = |cost: f64, component: ComponentId, kind| found.push(Candidate { cost, component, kind });
    let regions: Vec<(GroupId, ComponentId)> = region_groups(architecture);
    if regions.len() > 1 {
        // The last that is drawn is the one that was added, so it is the first to go.
        for (at, (group, component)) in regions.into_iter().enumerate().take(MAX_REGIONS) {
            of(REGION + at as f64, component, CandidateKind::Region(group));
        }
    }
    let spread = |component: &&Component| component.figure(Property::Regions).is_some_and(|it| it > 1.0);
    if let Some(component) = architecture.components().find(spread) {
        of(REGION, component.id, CandidateKind::Regions);
    }
    for component in architecture.components().filter(|it| is_reached(&analysis.load, it.id)) {
        let count = f64::from(nodes(component));
        let of = |cost: f64, dimension| Candidate {
            cost,
            component: component.id,
            kind: CandidateKind::Of(dimension),
        };
        let kind = component.kind;
        if kind == Kind::Database {
            if component.shards() > 1.0 {
                found.push(of((component.shards() - 1.0) * count * STORE_NODE, Dimension::Shards));
            }
            found.push(of(count * STORE_NODE, Dimension::ReadReplicas));
            found.push(of(ENGINE, Dimension::Store));
            found.push(of(count * STORE_NODE, Dimension::OwnStore));
            if stated_primaries(component).is_some() {
                found.push(of(STORE_NODE, Dimension::Primaries));
            }
        }
        match kind {
            Kind::Cache => found.push(of(count * STORE_NODE, Dimension::Cache)),
            Kind::Queue | Kind::Stream => {
                found.push(of(count * STORE_NODE, Dimension::Queue));
                // Where the whole queue can go, its class is no matter: it comes last.
                found.push(of(BROKER, Dimension::Log));
            }
            Kind::Cdn => found.push(of(STATELESS_NODE, Dimension::Cdn)),
            Kind::Service => {
                found.push(of(count * STATELESS_NODE, Dimension::Service));
                found.push(Candidate {
                    cost: count * STATELESS_NODE,
                    component: component.id,
                    kind: CandidateKind::Twins,
                });
            }
            _ => {}
        }
        // A pair is never too many, and a third is the spare.
        if count > 3.0 {
            let price = if kind.is_stateless() { STATELESS_NODE } else { STORE_NODE };
            found.push(of((count - 3.0) * price, Dimension::Replicas));
        }
        if [Property::Capacity, Property::ReadCapacity, Property::WriteCapacity]
            .into_iter()
            .any(|it| component.has(it))
        {
            found.push(Candidate { cost: 1.0, component: component.id, kind: CandidateKind::Size });
        }
    }
    found.sort_by(|a, b| {
        b.cost.total_cmp(&a.cost).then(a.component.cmp(&b.component)).then(a.kind.cmp(&b.kind))
    });
    found
}

fn is_reached(load: &Load, id: ComponentId) -> bool {
    let demand = load.component(id);
    demand.is_reached || demand.is_partial
}

fn nodes(component: &Component) -> u32 {
    match component.replicas {
        Replicas::Stated { least, .. } => least.max(1),
        _ => 1,
    }
}

/// The regions that are drawn, each with its first component.
fn region_groups(architecture: &Architecture) -> Vec<(GroupId, ComponentId)> {
    let mut found: Vec<(GroupId, ComponentId)> = Vec::new();
    let mut places: FxHashMap<GroupId, usize> = FxHashMap::default();
    if !architecture.groups().any(|group| group.kind == GroupKind::Region) {
        return found;
    }
    for component in architecture.components() {
        if let Some(region) = architecture.enclosing(component.id, GroupKind::Region) {
            places.entry(region).or_insert_with(|| {
                found.push((region, component.id));
                found.len() - 1
            });
        }
    }
    found.sort_unstable();
    found
}

/// What was found to be too much so far.
struct Search<'a> {
    planner: Planner<'a>,
    deletions: Vec<Deletion>,
    after: FxHashMap<usize, f64>,
    is_complete: bool,
}

/// What an attempt found.
struct Found {
    step: Step,
    used: Use,
    utilisation: Option<f64>,
    kept: Vec<(usize, f64)>,
    nodes: u32,
    scenario: Option<Scenario>,
    moved: Vec<(ComponentId, Traffic)>,
    gone: Vec<ComponentId>,
}

impl<'a> Search<'a> {
    fn new(architecture: &'a Architecture, analysis: &'a Analysis) -> Self {
        Self {
            planner: Planner::new(architecture, analysis),
            deletions: Vec::new(),
            after: FxHashMap::default(),
            is_complete: true,
        }
    }

    fn has_scale(&self) -> bool {
        self.planner.analysis.load.is_known() || self.planner.scale.users.is_some()
    }

    fn into_plan(self) -> Plan {
        let mut kept: Vec<Kept> =
            self.after.iter().filter_map(|(at, after)| self.kept(*at, *after)).collect();
        kept.sort_by_key(|it| it.journey);
        Plan { deletions: self.deletions, kept, is_complete: self.is_complete }
    }

    fn kept(&self, journey: usize, after: f64) -> Option<Kept> {
        let analysis = self.planner.analysis;
        let slo = analysis.journeys[journey].promise.slo?;
        Some(Kept { journey, before: analysis.availability[journey].low.lower(), after, slo })
    }

    fn attempt(&mut self, candidate: &Candidate) {
        if self.planner.gone.contains(&candidate.component) {
            return;
        }
        let component = self.planner.architecture.component(candidate.component);
        let visits = self.planner.visits_left;
        let found = match candidate.kind {
            CandidateKind::Region(group) => self.region(group),
            CandidateKind::Regions => self.regions(),
            CandidateKind::Of(dimension) => self.of(component, dimension),
            CandidateKind::Twins => self.twins(component),
            CandidateKind::Size => self.size(component),
        };
        // Whatever could not be paid for was not searched.
        self.is_complete &= visits == 0 || self.planner.visits_left > 0;
        if let Some(found) = found {
            self.take(component, found);
        }
    }

    fn take(&mut self, component: &Component, found: Found) {
        let (code, name) = found.step.rule();
        let is_allowed = is_allowed(self.planner.architecture, code, name, &component.name);
        let kept = found.kept.iter().filter_map(|(at, after)| self.kept(*at, *after)).min_by(|a, b| {
            let left = |it: &Kept| (it.after - it.slo) / (1.0 - it.slo).max(1e-15);
            left(a).total_cmp(&left(b))
        });
        self.deletions.push(Deletion {
            component: component.id,
            step: found.step,
            used: found.used,
            utilisation: found.utilisation,
            kept,
            nodes: found.nodes,
            is_allowed,
        });
        if is_allowed {
            return;
        }
        self.after.extend(found.kept);
        if let Some(scenario) = found.scenario {
            self.planner.scenario = scenario;
        }
        for (target, traffic) in found.moved {
            *self.planner.moved.entry(target).or_default() += traffic;
        }
        self.planner.gone.extend(found.gone);
    }

    fn of(&mut self, component: &Component, dimension: Dimension) -> Option<Found> {
        if dimension == Dimension::Replicas {
            return self.replicas(component);
        }
        let limit = self.planner.range(component, dimension).most?;
        if self.misses_a_promise(component) {
            return None;
        }
        match dimension {
            Dimension::Shards if component.shards() as u32 > limit => self.shards(component),
            Dimension::ReadReplicas if limit == 0 => self.read_replicas(component),
            Dimension::Cache if limit == 0 => self.cache(component),
            Dimension::Queue if limit == 0 => self.queue(component),
            Dimension::Cdn if limit == 0 => self.cdn(component),
            Dimension::Store if limit == 0 => self.store(component),
            Dimension::Primaries if limit == 1 => self.primaries(component),
            Dimension::Log if limit == 0 => self.log(component),
            Dimension::OwnStore if limit == 0 => self.merged(component),
            Dimension::Service if limit == 0 => self.service(component),
            _ => None,
        }
    }

    /// Whether a journey that needs it, or who calls it, misses its promise as the design is: then there are other
    /// things to talk about first.
    fn misses_a_promise(&self, component: &Component) -> bool {
        let analysis = self.planner.analysis;
        let callers = self.planner.architecture.links_to(component.id).map(|link| link.source);
        let mut concerned = callers.chain([component.id]).flat_map(|id| self.planner.journeys_needing(id));
        concerned.any(|at| {
            let low = analysis.availability[*at].low.lower();
            analysis.journeys[*at].promise.slo.is_some_and(|slo| low < slo - 1e-12)
        })
    }

    fn found(&self, component: &Component, step: Step) -> Option<Found> {
        let used = self.planner.use_of(component)?;
        Some(Found {
            step,
            used,
            utilisation: None,
            kept: Vec::new(),
            nodes: nodes(component),
            scenario: None,
            moved: Vec::new(),
            gone: vec![component.id],
        })
    }

    fn replicas(&mut self, component: &Component) -> Option<Found> {
        let from = self.planner.replicas(component);
        let (spare, _) = self.planner.spare_replicas(component)?;
        // Who has as many in each zone as in the others keeps it so.
        let zones = self.planner.stated_zones(component).unwrap_or(1).max(1);
        let to = spare.max(3).next_multiple_of(zones);
        if from <= to {
            return None;
        }
        let journeys = self.planner.journeys_needing(component.id).to_vec();
        let scenario = self.planner.with_replicas(component.id, to);
        let kept = self.planner.keeps_room(&journeys, &scenario)?;
        let found = self.found(component, Step::Replicas { from, to })?;
        Some(Found {
            utilisation: self.planner.utilisation(component, Traffic::default(), to),
            kept,
            nodes: from - to,
            scenario: Some(scenario),
            gone: Vec::new(),
            ..found
        })
    }

    fn shards(&mut self, store: &Component) -> Option<Found> {
        let shards = store.shards();
        let found = self.found(store, Step::Shards(shards as u32))?;
        Some(Found {
            utilisation: self
                .planner
                .utilisation(store, Traffic::default(), self.planner.replicas(store))
                .map(|it| it * shards),
            nodes: (shards as u32 - 1) * nodes(store),
            gone: Vec::new(),
            ..found
        })
    }

    /// Its journeys then need the primary as it takes writes: where they need both, once for each, which is
    /// never better than the truth.
    fn read_replicas(&mut self, copy: &Component) -> Option<Found> {
        let architecture = self.planner.architecture;
        let primary = architecture.component(self.planner.primary_of(copy)?);
        if self.planner.gone.contains(&primary.id) {
            return None;
        }
        let up = self.up(primary);
        let scenario = self.planner.changed(copy.id, |change| change.availability = Some(up));
        let journeys = self.planner.journeys_needing(copy.id).to_vec();
        let kept = self.planner.keeps(&journeys, &scenario, ROOM)?;
        let traffic = self.planner.peak(copy)?.traffic;
        let reads = Traffic { writes: Rate::ZERO, ..traffic };
        let used = Use::of(
            primary,
            super::Amount { traffic: reads, users: self.planner.scale.users },
            self.planner.scale.growth,
        )?;
        let found = self.found(copy, Step::ReadReplicas(primary.id))?;
        Some(Found {
            used,
            utilisation: self.planner.utilisation(primary, reads, self.planner.replicas(primary)),
            kept,
            scenario: Some(scenario),
            moved: vec![(primary.id, reads)],
            ..found
        })
    }

    /// How often a store is up that is written to, as far as that is its own matter.
    fn up(&self, store: &Component) -> f64 {
        let planner = &self.planner;
        let load = &planner.analysis.load;
        let unit = Unit::of(planner.architecture, load, store, &planner.scenario, true, false);
        match unit.kind {
            UnitKind::Perfect => 1.0,
            UnitKind::Whole(up) => up,
            UnitKind::Nodes(nodes) if nodes.sites.is_none() => nodes.up(),
            // Where it stands goes down with it, at the most as often as one zone.
            UnitKind::Nodes(nodes) => nodes.up() * planner.architecture.parameters.zone_availability.value,
        }
    }

    /// Its journeys then need the other: where they need both, once for each, which is never better than the truth.
    fn merged(&mut self, store: &Component) -> Option<Found> {
        let architecture = self.planner.architecture;
        let other = architecture.component(self.planner.store_beside(store)?);
        let journeys = self.planner.journeys_needing(store.id).to_vec();
        let is_promised = |at: &usize| self.planner.analysis.journeys[*at].promise.slo.is_some();
        if journeys.is_empty() || !journeys.iter().all(is_promised) {
            return None;
        }
        let up = self.up(other);
        let scenario = self.planner.changed(store.id, |change| change.availability = Some(up));
        let kept = self.planner.keeps(&journeys, &scenario, ROOM)?;
        let traffic = self.planner.peak(store)?.traffic;
        let utilisation = self.planner.utilisation(other, traffic, self.planner.replicas(other))?;
        if utilisation > ROOM {
            return None;
        }
        let found = self.found(store, Step::Merged(other.id))?;
        Some(Found {
            utilisation: Some(utilisation),
            kept,
            scenario: Some(scenario),
            moved: vec![(other.id, traffic)],
            ..found
        })
    }

    fn cache(&mut self, cache: &Component) -> Option<Found> {
        let stores = self.planner.cached(cache);
        let more = self.planner.uncached(cache)?;
        let architecture = self.planner.architecture;
        let amount =
            super::Amount { traffic: self.planner.peak(cache)?.traffic, users: self.planner.scale.users };
        let growth = self.planner.scale.growth;
        let of_each = stores.iter().filter_map(|id| Use::of(architecture.component(*id), amount, growth));
        let used = of_each.max_by(|a, b| a.share.total_cmp(&b.share))?;
        let utilisation = stores
            .iter()
            .filter_map(|id| {
                let store = architecture.component(*id);
                self.planner.utilisation(store, more, self.planner.replicas(store))
            })
            .fold(None, |most: Option<f64>, it| Some(most.map_or(it, |most| most.max(it))));
        let moved = stores.iter().map(|id| (*id, more)).collect();
        let found = self.found(cache, Step::Cache(stores))?;
        Some(Found { used, utilisation, moved, ..found })
    }

    fn queue(&mut self, queue: &Component) -> Option<Found> {
        let consumer = self.planner.architecture.component(self.planner.consumer_of(queue)?);
        let used = self.planner.use_of(consumer)?;
        let utilisation =
            self.planner.utilisation(consumer, Traffic::default(), self.planner.replicas(consumer));
        Some(Found {
            step: Step::Queue(consumer.id),
            used,
            utilisation,
            kept: Vec::new(),
            nodes: nodes(queue),
            scenario: None,
            moved: Vec::new(),
            gone: vec![queue.id],
        })
    }

    fn cdn(&mut self, cdn: &Component) -> Option<Found> {
        let more = self.planner.uncached(cdn)?;
        let origins = self.planner.origins(cdn);
        let origin = *origins.first()?;
        let amount = self.planner.peak(cdn)?;
        let used = Use::of(origin, amount, self.planner.scale.growth)
            .unwrap_or_else(|| Use::of_unlimited(origin, amount, self.planner.scale.growth));
        Some(Found {
            step: Step::Cdn(self.planner.sent_in_a_month(cdn)?),
            used,
            utilisation: self.planner.utilisation(origin, more, self.planner.replicas(origin)),
            kept: Vec::new(),
            nodes: 1,
            scenario: None,
            moved: origins.iter().map(|origin| (origin.id, more)).collect(),
            gone: vec![cdn.id],
        })
    }

    /// One plain relational node, and one that takes its place, are what it is held against.
    fn store(&mut self, store: &Component) -> Option<Found> {
        let amount = self.planner.peak(store)?;
        let facts = Kind::Database.facts();
        let (reads, writes) = (facts.read_capacity?.rate(), facts.write_capacity?.rate());
        let grown = amount.traffic * self.planner.scale.growth;
        let used = Use {
            peak: grown.total(),
            share: plain_share(grown),
            reads,
            writes,
            node: "relational",
            is_assumed: true,
            is_grown: self.planner.scale.growth > 1.0,
            users: amount.users,
        };
        let bytes = self.planner.stored(store)?;
        let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
        let step = if model == Some("graph") { Step::Graph(bytes) } else { Step::Store(bytes) };
        if used.share > ROOM {
            return None;
        }
        // It would be a pair of which one takes the place of the other.
        let replicas = self.planner.replicas(store).max(2);
        let scenario = self.planner.changed(store.id, |change| {
            change.has_one_primary = true;
            change.replicas = Some(replicas);
            change.failover = Some(self.planner.architecture.parameters.switch_hot.value);
        });
        let journeys = self.planner.journeys_needing(store.id).to_vec();
        let kept =
            if store.is_managed() { Vec::new() } else { self.planner.keeps(&journeys, &scenario, ROOM)? };
        Some(Found {
            step,
            used,
            utilisation: Some(used.share),
            kept,
            nodes: 0,
            scenario: (!store.is_managed()).then_some(scenario),
            moved: Vec::new(),
            gone: Vec::new(),
        })
    }

    /// One takes the writes, and another its place within the time of a hot standby; only promises with a figure can
    /// say that this is enough.
    fn primaries(&mut self, store: &Component) -> Option<Found> {
        let count = stated_primaries(store)?;
        let seconds = self.planner.architecture.parameters.switch_hot.value;
        let journeys = self.planner.journeys_needing(store.id).to_vec();
        let slo = |at: &usize| self.planner.analysis.journeys[*at].promise.slo;
        if journeys.is_empty()
            || !journeys.iter().all(|at| slo(at).is_some_and(|it| seconds <= budget_seconds(it)))
        {
            return None;
        }
        let scenario = self.planner.changed(store.id, |change| {
            change.has_one_primary = true;
            change.failover = Some(seconds);
        });
        let kept = self.planner.keeps(&journeys, &scenario, ROOM)?;
        let replicas = self.planner.replicas(store);
        let utilisation = self.planner.utilisation(store, Traffic::default(), replicas);
        let found = self.found(store, Step::Primaries(count))?;
        Some(Found { utilisation, kept, nodes: 0, scenario: Some(scenario), gone: Vec::new(), ..found })
    }

    /// A plain queue stands in its place, whose nodes decide by a majority where they are the team's own: that is what
    /// a queue that loses nothing does, and no better than a log of which any copy answers.
    fn log(&mut self, log: &Component) -> Option<Found> {
        let architecture = self.planner.architecture;
        let growth = self.planner.scale.growth;
        let topics = self.planner.logs.topics(log.id)?;
        let (members, groups) = (topics.members.clone(), topics.groups);
        let amount = self.planner.messages(topics)?;
        let components = || members.iter().map(|id| architecture.component(*id));
        let used = components().find_map(|it| Use::of(it, amount, growth))?;
        let brokers: u32 = components().filter(|it| it.host.is_none()).map(nodes).max().unwrap_or(1);
        let mut scenario = self.planner.scenario.clone();
        let mut journeys: Vec<usize> = Vec::new();
        for topic in components().filter(|it| !it.is_managed() && it.host.is_none()) {
            let change = scenario.changes.entry(topic.id).or_default();
            change.availability = Some(quorum_of_three(&self.planner.architecture.parameters));
            journeys.extend(self.planner.journeys_needing(topic.id));
        }
        journeys.sort_unstable();
        journeys.dedup();
        let kept = self.planner.keeps(&journeys, &scenario, ROOM)?;
        Some(Found {
            step: Step::Log { topics: members, groups },
            used,
            utilisation: None,
            kept,
            nodes: brokers.saturating_sub(QUORUM),
            scenario: Some(scenario),
            moved: Vec::new(),
            gone: Vec::new(),
        })
    }

    fn service(&mut self, service: &Component) -> Option<Found> {
        let host = self.planner.host_of(service)?;
        let moved = vec![(host, self.planner.peak(service)?.traffic)];
        let found = self.found(service, Step::Service(host))?;
        Some(Found { moved, ..found })
    }

    fn twins(&mut self, service: &Component) -> Option<Found> {
        let twins = self.planner.twins_of(service);
        let (first, others) = twins.split_first()?;
        if twins.iter().any(|id| self.planner.gone.contains(id)) {
            return None;
        }
        let architecture = self.planner.architecture;
        let mut used = self.planner.use_of(service)?;
        let mut moved = Vec::new();
        for id in others {
            let other = architecture.component(*id);
            let more = self.planner.use_of(other)?;
            used.share += more.share;
            used.peak += more.peak;
            moved.push((*first, self.planner.peak(other)?.traffic));
        }
        if used.users.is_some() {
            used = self.planner.use_of(service)?;
        }
        Some(Found {
            nodes: others.iter().map(|id| nodes(architecture.component(*id))).sum(),
            step: Step::Twins(twins.clone()),
            used,
            utilisation: None,
            kept: Vec::new(),
            scenario: None,
            moved,
            gone: others.to_vec(),
        })
    }

    /// Nodes of a written capacity beyond a plain one's, of which even a plain one would be half empty.
    fn size(&mut self, component: &Component) -> Option<Found> {
        let architecture = self.planner.architecture;
        let is_apart = super::reasons::is_explained(architecture, component)
            || component.has(Property::Concurrent)
            || component.has(Property::Slo)
            || component.is_available_as_a_whole()
            || matches!(component.kind, Kind::Worker | Kind::ThirdParty | Kind::External | Kind::Cache)
            || self.planner.asked.has(component, &[Property::Concurrent]);
        let written = Capacity::of(component).filter(|it| !it.is_assumed && !is_apart)?;
        let known = component.known();
        let plain = |fact: fn(&crate::catalogue::Facts) -> Option<crate::catalogue::Fact>| {
            known.get(fact).or_else(|| known.get(|facts| facts.capacity)).map(|fact| fact.rate())
        };
        let (plain_reads, plain_writes) =
            (plain(|facts| facts.read_capacity)?, plain(|facts| facts.write_capacity)?);
        let is_larger = written.reads.is_finite() && written.reads > plain_reads * LARGE
            || written.writes.is_finite() && written.writes > plain_writes * LARGE;
        let traffic = self.planner.peak(component)?.traffic * self.planner.scale.growth;
        let used = self.planner.use_of(component)?;
        let on_plain =
            (traffic.reads + traffic.other) / plain_reads + (traffic.writes + traffic.other) / plain_writes;
        // The least redundant set is one node with the other gone.
        let is_vain =
            is_larger && used.share < architecture.parameters.surely_early_use.value && on_plain <= ROOM;
        let found = self.found(component, Step::Size(plain_reads.min(plain_writes))).filter(|_| is_vain)?;
        Some(Found { used, utilisation: Some(on_plain), nodes: 0, gone: Vec::new(), ..found })
    }

    // ---- regions

    /// All spread components at once: what serves the users from one region has the rest of its way there too.
    fn regions(&mut self) -> Option<Found> {
        let architecture = self.planner.architecture;
        let spread: Vec<&Component> = architecture
            .components()
            .filter(|component| component.figure(Property::Regions).is_some_and(|it| it > 1.0))
            .collect();
        let mut scenario = self.planner.scenario.clone();
        let mut journeys: Vec<usize> = Vec::new();
        let mut nodes_gone = 0;
        let mut fullest: f64 = 0.0;
        for component in &spread {
            if self.planner.range(component, Dimension::Regions).most != Some(1) {
                return None;
            }
            let regions = component.figure(Property::Regions)?;
            let from = self.planner.replicas(component);
            let to = from.div_ceil(regions as u32).max(2.min(from));
            if !component.is_available_as_a_whole() {
                fullest = fullest.max(self.planner.utilisation(component, Traffic::default(), to)?);
                nodes_gone += from - to;
            }
            let change = scenario.changes.entry(component.id).or_default();
            change.regions = Some(1);
            if !component.is_available_as_a_whole() {
                change.replicas = Some(to);
            }
            journeys.extend(self.planner.journeys_needing(component.id));
        }
        journeys.sort_unstable();
        journeys.dedup();
        if fullest > ROOM {
            return None;
        }
        let kept = self.planner.keeps(&journeys, &scenario, ROOM).filter(|it| !it.is_empty())?;
        let used = spread.iter().find_map(|component| self.planner.use_of(component))?;
        let step = Step::Regions(spread.iter().map(|it| it.id).collect());
        Some(Found {
            step,
            used,
            utilisation: Some(fullest),
            kept,
            nodes: nodes_gone,
            scenario: Some(scenario),
            moved: Vec::new(),
            gone: Vec::new(),
        })
    }

    /// One region that is drawn: everything in it is down for good, and the others carry its part.
    fn region(&mut self, group: GroupId) -> Option<Found> {
        let architecture = self.planner.architecture;
        let is_in = |id: ComponentId| architecture.enclosing(id, GroupKind::Region) == Some(group);
        let members: Vec<&Component> = architecture.components().filter(|it| is_in(it.id)).collect();
        let regions = region_groups(architecture).len() as f64;
        let mut scenario = self.planner.scenario.clone();
        let mut journeys: Vec<usize> = Vec::new();
        for component in &members {
            if self.planner.range(component, Dimension::Regions).most != Some(1)
                && !self.planner.journeys_needing(component.id).is_empty()
            {
                return None;
            }
            scenario.changes.entry(component.id).or_default().availability = Some(0.0);
            journeys.extend(self.planner.journeys_needing(component.id));
        }
        journeys.sort_unstable();
        journeys.dedup();
        let kept = self.planner.keeps(&journeys, &scenario, ROOM).filter(|it| !it.is_empty())?;
        // What the others carry then, evenly over one fewer.
        let mut fullest: f64 = 0.0;
        let elsewhere = architecture
            .components()
            .filter(|it| !is_in(it.id) && architecture.enclosing(it.id, GroupKind::Region).is_some());
        for component in elsewhere.filter(|it| !self.planner.journeys_needing(it.id).is_empty()) {
            if component.is_available_as_a_whole() {
                continue;
            }
            let share =
                self.planner.utilisation(component, Traffic::default(), self.planner.replicas(component))?;
            fullest = fullest.max(share * regions / (regions - 1.0));
        }
        if fullest > ROOM {
            return None;
        }
        let used = members.iter().find_map(|component| self.planner.use_of(component))?;
        Some(Found {
            step: Step::Region(group),
            used,
            utilisation: Some(fullest),
            kept,
            nodes: members.iter().map(|component| nodes(component)).sum(),
            scenario: Some(scenario),
            moved: Vec::new(),
            gone: members.iter().map(|component| component.id).collect(),
        })
    }
}
