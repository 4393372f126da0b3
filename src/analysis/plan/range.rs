//! `least`, `most` and why, for one component and one dimension: the only place that decides how much is enough.

use super::logs::Topics;
use super::reasons::{calls_third_party, is_explained};
use super::scale::{Amount, Use, stored};
use super::{Planner, ROOM};
use crate::analysis::availability::{Change, Element, Scenario, Unit, UnitKind, has_primary, quorum};
use crate::analysis::capacity;
use crate::analysis::journey::PromiseOrigin;
use crate::analysis::load::{Capacity, Traffic, has_unreadable_standby, hit_ratio, stores_behind};
use crate::analysis::regions::exceeds_one_region;
use crate::catalogue::{Fact, Kind};
use crate::model::{Component, ComponentId, GroupId, GroupKind, Link, Properties, Property, Replicas};
use crate::quantity::{Duration, Rate, Size};

/// What there can be too little or too much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Its nodes.
    Replicas,
    /// The regions that its nodes are spread over.
    Regions,
    /// The parts that its data is split into.
    Shards,
    /// Whether there is a copy of a store to read from: one component for a tier of its own.
    ReadReplicas,
    /// Whether there is a cache.
    Cache,
    /// Whether there is a queue.
    Queue,
    /// Whether there is a content delivery network.
    Cdn,
    /// Whether its store is of a class beyond one relational node.
    Store,
    /// The nodes that take its writes.
    Primaries,
    /// Whether its broker is a log, a class beyond a plain queue.
    Log,
    /// Whether it is a store of its own beside another one of the same callers.
    OwnStore,
    /// Whether it is a service of its own.
    Service,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Replicas,
        Self::Regions,
        Self::Shards,
        Self::ReadReplicas,
        Self::Cache,
        Self::Queue,
        Self::Cdn,
        Self::Store,
        Self::Primaries,
        Self::Log,
        Self::OwnStore,
        Self::Service,
    ];
}

/// How much is enough: below `least` something breaks, above `most` something is left over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// With less a stated promise, load or requirement does not hold.
    pub least: u32,
    /// With more nothing is gained; nothing where too little is known to say so, or something asks for it.
    pub most: Option<u32>,
    /// What `least` rests on.
    pub why: Why,
}

/// What the least number rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Something is needed at all.
    Nothing,
    /// At its peak the load uses no more of it than is planned for.
    Load,
    /// With one replica gone the rest carry the peak.
    LossOfReplica,
    /// With one of the stated zones gone the rest carry the peak.
    LossOfZone,
    /// With a region lost that is to be survived the others carry its peak.
    LossOfRegion,
    /// When another one is gone it carries that one's peak as well: the fallback's, or its part of a pool's.
    TakingOver,
    /// When the cache before it answers nothing it carries all.
    ColdCache,
    /// The data at the horizon.
    Storage,
    /// One alone can't keep the promise, or redundancy is asked for.
    Redundancy,
    /// The promise of a journey, by its place.
    Promise(usize),
    /// It is written.
    Stated,
}

impl Range {
    fn new(least: u32, most: Option<u32>, why: Why) -> Self {
        Self { least, most: most.map(|most| most.max(least)), why }
    }

    /// Too little is known to say anything.
    fn unknown(least: u32) -> Self {
        Self::new(least, None, Why::Nothing)
    }

    /// Of what is there or not: needed, in vain, or between.
    fn of_one(is_needed: bool, is_vain: bool) -> Self {
        match (is_needed, is_vain) {
            (true, _) => Self::new(1, Some(1), Why::Load),
            (false, true) => Self::new(0, Some(0), Why::Nothing),
            (false, false) => Self::unknown(0),
        }
    }
}

/// So many more nodes than the load needs are tried for a promise: past them a common cause decides.
const TRIES: u32 = 4;

/// Behind a gateway with more services than this, two that look alike are a choice.
const MAX_TWINS: usize = 8;

impl Planner<'_> {
    /// How much a component needs of something.
    pub fn range(&mut self, component: &Component, dimension: Dimension) -> Range {
        match dimension {
            Dimension::Replicas => self.replica_range(component),
            Dimension::Regions => self.regions(component),
            Dimension::Shards => self.shards(component),
            Dimension::ReadReplicas => self.read_replicas(component),
            Dimension::Cache => self.cache(component),
            Dimension::Queue => self.queue(component),
            Dimension::Cdn => self.cdn(component),
            Dimension::Store => self.store(component),
            Dimension::Primaries => self.primaries(component),
            Dimension::Log => self.log(component),
            Dimension::OwnStore => match self.store_beside(component) {
                Some(_) => Range::new(0, Some(0), Why::Nothing),
                None => Range::unknown(0),
            },
            Dimension::Service => match self.host_of(component) {
                Some(_) => Range::new(0, Some(0), Why::Nothing),
                None => Range::unknown(0),
            },
        }
    }

    // ---- replicas

    fn replica_range(&mut self, component: &Component) -> Range {
        let (mut least, mut why) = self
            .sustained(
                component,
                self.architecture.parameters.utilisation_target.value,
                1.0,
                self.needs_redundancy(component),
            )
            .unwrap_or_else(|| self.floor(component));
        let journeys = self.journeys_needing(component.id).to_vec();
        // A promise that no count keeps is another matter than the count.
        let keeps = |count: &u32| {
            let scenario = self.with_replicas(component.id, *count);
            self.keeps(&journeys, &scenario, 1.0).is_some()
        };
        if let Some(count) = (least..least + TRIES).find(keeps)
            && count > least
        {
            (least, why) = (count, Why::Promise(journeys[0]));
        }
        let most = self.spare_replicas(component).map(|(count, _)| count);
        Range::new(least, most, why)
    }

    /// The most replicas that do something: enough for the grown load at half the capacity and for the promises at
    /// half the budget, where that is there, and a spare. With what the journeys that need them have left then.
    pub(super) fn spare_replicas(&mut self, component: &Component) -> Option<(u32, Vec<(usize, f64)>)> {
        if !self.is_countable(component) {
            return None;
        }
        let (enough, _) = self.sustained(component, ROOM, self.scale.growth, true)?;
        // A stated zone without a replica is none.
        let enough = enough.max(self.stated_zones(component).unwrap_or(1));
        let journeys = self.journeys_needing(component.id).to_vec();
        for count in enough..enough + TRIES {
            let scenario = self.with_replicas(component.id, count);
            if self.keeps_room(&journeys, &scenario).is_none() {
                continue;
            }
            let most = count + 1;
            let is_rough = Capacity::of(component).is_some_and(|it| it.is_assumed);
            if is_rough
                && self.utilisation(component, Traffic::default(), most)?
                    > self.architecture.parameters.early_use.value
            {
                return None;
            }
            let scenario = self.with_replicas(component.id, most);
            return Some((most, self.keeps_room(&journeys, &scenario)?));
        }
        None
    }

    /// What the design is with so many replicas of a component.
    pub(super) fn with_replicas(&self, component: ComponentId, count: u32) -> Scenario {
        let mut scenario = self.scenario.clone();
        scenario.changes.entry(component).or_default().replicas = Some(count);
        scenario
    }

    /// How many replicas carry the peak at this utilisation, and all of it without one of them or one stated zone
    /// where one may be lost; nothing where load or capacity is unknown, or no number would do.
    fn sustained(
        &self,
        component: &Component,
        utilisation: f64,
        growth: f64,
        is_redundant: bool,
    ) -> Option<(u32, Why)> {
        let reasons = self.reasons_for(component, utilisation, growth, is_redundant)?;
        // Of equal counts the first reason counts.
        reasons.into_iter().reduce(|most, it| if it.0 > most.0 { it } else { most })
    }

    /// How many replicas each reason alone asks for; nothing where load or capacity is unknown, or no number would do.
    pub(super) fn reasons(&self, component: &Component) -> Option<Vec<(u32, Why)>> {
        let target = self.architecture.parameters.utilisation_target.value;
        self.reasons_for(component, target, 1.0, self.needs_redundancy(component))
    }

    fn reasons_for(
        &self,
        component: &Component,
        utilisation: f64,
        growth: f64,
        is_redundant: bool,
    ) -> Option<Vec<(u32, Why)>> {
        let capacity = Capacity::of(component)?;
        let peak = self.peak(component)?.traffic * growth;
        let carries = |count: u32, limit: f64| {
            count > 0 && capacity.share(component, peak, f64::from(count)) <= limit * (1.0 + 1e-9)
        };
        let mut reasons = vec![self.floor(component)];
        reasons.push((capacity::least(|count| carries(count, utilisation))?, Why::Load));
        let carries_more = |count: u32, more: Traffic| {
            capacity.share(component, peak + more * growth, f64::from(count)) <= 1.0 + 1e-9
        };
        if is_redundant && !has_unreadable_standby(component) {
            reasons.push((capacity::least(|count| carries(count - 1, 1.0))?, Why::LossOfReplica));
            if let Some(zones) = self.stated_zones(component).filter(|zones| *zones > 1) {
                let left = |count: u32| count - count.div_ceil(zones);
                let needs = component.figure(Property::Needs).map_or(1, |needs| needs as u32);
                let bears = |count: u32| left(count) >= needs && carries(left(count), 1.0);
                reasons.push((capacity::least(bears)?, Why::LossOfZone));
            }
        }
        // What no count carries is another matter than the count.
        if let Some(other) = self.stand_ins.get(&component.id).filter(|it| is_redundant || it.is_fallback)
            && let Some(count) = capacity::least(|count| carries_more(count, other.more))
        {
            reasons.push((count, Why::TakingOver));
        }
        if let Some(lost) = self.region_losses.get(&component.id)
            && let Some(count) = capacity::least(|count| carries_more(count, lost.more))
        {
            reasons.push((count, Why::LossOfRegion));
        }
        if let Some(more) = self.uncached.get(&component.id)
            && let Some(count) = capacity::least(|count| carries_more(count, *more))
        {
            reasons.push((count, Why::ColdCache));
        }
        Some(reasons)
    }

    /// How many there are in any case.
    fn floor(&self, component: &Component) -> (u32, Why) {
        let mut floor = (1, Why::Nothing);
        if self.needs_redundancy(component) {
            floor = (2, Why::Redundancy);
        }
        if let Some(needs) = component.figure(Property::Needs) {
            let needs = needs as u32 + u32::from(floor.0 > 1);
            if needs > floor.0 {
                floor = (needs, Why::Stated);
            }
        }
        floor
    }

    /// Whether one node alone can't keep what is promised, or redundancy is asked for.
    fn needs_redundancy(&self, component: &Component) -> bool {
        if component.is_available_as_a_whole() || component.kind.is_outside() {
            return false;
        }
        if ["replica", "host", "zone", "region"].iter().any(|it| self.asked.says(Property::Survives, it)) {
            return true;
        }
        let unit =
            Unit::of(self.architecture, &self.analysis.load, component, &Scenario::as_is(), false, false);
        let UnitKind::Nodes(nodes) = unit.kind else { return false };
        self.journeys_needing(component.id).iter().any(|at| {
            let promise = &self.analysis.journeys[*at].promise;
            promise.origin == PromiseOrigin::High
                || promise.budget().is_some_and(|it| nodes.u > it * (1.0 + 1e-9))
        })
    }

    pub(super) fn stated_zones(&self, component: &Component) -> Option<u32> {
        let of_group = || {
            self.architecture
                .groups_of(component.id)
                .find_map(|(_, group)| group.properties.figure(Property::Zones))
        };
        component.figure(Property::Zones).or_else(of_group).map(|zones| zones as u32)
    }

    /// Whether it can be said that there are too many of it: its nodes are alike, hold nothing that another does
    /// not, and all that is asked of them is known.
    fn is_countable(&self, component: &Component) -> bool {
        let is_alike = match component.kind {
            Kind::Service | Kind::LoadBalancer | Kind::ReverseProxy | Kind::ApiGateway => true,
            // A worker's capacity is its work's: only a written one counts.
            Kind::Worker => Capacity::of(component).is_some_and(|it| !it.is_assumed),
            Kind::Database => {
                has_primary(component)
                    && quorum(component, 3, true).is_none()
                    && !self.asked.must_not_lose(self.architecture, component)
            }
            _ => false,
        };
        let is_otherwise_sized = [Property::Concurrent, Property::Slo, Property::Stateful, Property::Regions]
            .into_iter()
            .any(|property| component.has(property))
            || self.asked.has(component, &[Property::Concurrent])
            || self
                .architecture
                .links_to(component.id)
                .any(|link| link.is(Property::Connections, "long") || link.has(Property::Pool));
        let journeys = self.journeys_needing(component.id);
        let is_promised = journeys.iter().all(|at| {
            let promise = &self.analysis.journeys[*at].promise;
            promise.slo.is_some() || promise.origin == PromiseOrigin::High
        });
        // What nobody waits for decides how late the end of a path is.
        let is_in_time = !journeys.is_empty() || !self.asked.has(component, &[Property::Freshness]);
        is_alike
            && !component.is_available_as_a_whole()
            // A range of replicas follows the load by itself.
            && matches!(component.replicas, Replicas::Stated { least, most: Some(most) } if least == most)
            && !is_otherwise_sized
            && is_promised
            && is_in_time
            && !self.is_weak(component)
            // A store that needs its cache is told of that first.
            && !self.needs_its_cache(component)
            && !is_explained(self.architecture, component)
    }

    /// Whether more would come than it carries, if the cache before it answered nothing.
    fn needs_its_cache(&self, component: &Component) -> bool {
        let cold = self.uncached.get(&component.id);
        let cold = cold.and_then(|more| self.utilisation(component, *more, self.replicas(component)));
        cold.is_some_and(|share| capacity::exceeds(share, capacity::limit()))
    }

    /// Whether a journey falls with one of its nodes, or with the one zone or host that all of them stand in: then
    /// it is too little by that, and too much is another day's matter.
    fn is_weak(&self, component: &Component) -> bool {
        let stands_in = |group: GroupId| {
            self.architecture.group(group).kind != GroupKind::Region
                && self.architecture.groups_of(component.id).any(|(id, _)| id == group)
        };
        let falls_with = |element: &Element| match *element {
            Element::Component(id) => id == component.id,
            Element::Group(group) => stands_in(group),
            Element::Zone(..) => self.stated_zones(component) == Some(1),
            _ => false,
        };
        let judged = self.journeys_needing(component.id).iter().map(|at| &self.analysis.availability[*at]);
        judged.flat_map(|it| &it.single_cuts).any(falls_with)
    }

    // ---- places

    fn regions(&self, component: &Component) -> Range {
        if self.asked.says(Property::Survives, "region") {
            return Range::new(2, None, Why::Stated);
        }
        let needing = self.journeys_needing(component.id);
        let slo = |at: &usize| self.analysis.journeys[*at].promise.slo;
        if let Some(at) = needing
            .iter()
            .find(|at| slo(at).is_some_and(|it| exceeds_one_region(&self.architecture.parameters, it)))
        {
            return Range::new(2, None, Why::Promise(*at));
        }
        let is_early = !needing.is_empty()
            && needing.iter().all(|at| {
                slo(at)
                    .is_some_and(|it| it <= self.architecture.parameters.multi_region_promise.value + 1e-12)
            })
            && !self.asked.is_bound_to_places
            && self.asked.recovery.is_none_or(|it| it >= self.architecture.parameters.multi_region_rto.value)
            && self
                .asked
                .latency
                .is_none_or(|it| it >= self.architecture.parameters.multi_region_latency.value)
            && !is_explained(self.architecture, component);
        Range::new(1, is_early.then_some(1), Why::Nothing)
    }

    // ---- stores

    fn shards(&self, store: &Component) -> Range {
        let (Some(capacity), Some(amount)) = (Capacity::of(store), self.peak(store)) else {
            return Range::unknown(1);
        };
        let writes = amount.traffic.writes / capacity.writes;
        let by_load = (writes / self.architecture.parameters.utilisation_target.value - 1e-9)
            .ceil()
            .clamp(1.0, 1e6) as u32;
        let by_data = self.shards_for_data(store);
        // What is not said to read may write.
        let grown = amount.traffic * self.scale.growth;
        let all_writes = (grown.writes + grown.other) / capacity.writes;
        let on_one = Traffic { reads: grown.reads, writes: grown.writes + grown.other, other: Rate::ZERO };
        let one = capacity.share(store, on_one, f64::from(self.replicas(store))) * store.shards();
        let room = store
            .known()
            .get(|facts| facts.storage_capacity)
            .map_or(f64::INFINITY, |fact| fact.value)
            .min(store.figure(Property::StorageCapacity).unwrap_or(f64::INFINITY))
            .min(self.architecture.parameters.sharding_storage.value);
        let is_small = match self.stored(store) {
            Some(bytes) => bytes <= room,
            None => false,
        };
        let by_key = store.text(Property::ShardKey).or(store.word(Property::ShardKey)).unwrap_or_default();
        let keeps_apart = ["tenant", "region", "country"].iter().any(|it| by_key.contains(it));
        let is_vain = store.kind == Kind::Database
            && all_writes <= self.architecture.parameters.sharding_writes.value
            && one <= ROOM
            && is_small
            && !keeps_apart
            && !self.asked.is_bound_to_places
            && !is_explained(self.architecture, store);
        let (least, why) = match by_load.max(by_data) {
            1 => (1, Why::Nothing),
            least if by_data > by_load => (least, Why::Storage),
            least => (least, Why::Load),
        };
        Range::new(least, is_vain.then_some(1), why)
    }

    /// How many shards hold the data at the horizon, each as much as is written that one may, else as calls for a
    /// review. What is only an upper bound asks for nothing.
    fn shards_for_data(&self, store: &Component) -> u32 {
        if store.kind != Kind::Database || store.is_managed() {
            return 1;
        }
        let of_one = store
            .figure(Property::StorageCapacity)
            .unwrap_or_else(|| self.architecture.parameters.sharding_storage_limit.value);
        let data = stored(self.architecture, &self.analysis.load, store, &self.scale)
            .filter(|it| !it.is_bound && of_one > 0.0);
        data.map_or(1, |it| (it.bytes / of_one - 1e-9).ceil().clamp(1.0, 1e6) as u32)
    }

    /// What a store holds at the horizon, or the most that its few users can write by then.
    pub(super) fn stored(&self, store: &Component) -> Option<f64> {
        stored(self.architecture, &self.analysis.load, store, &self.scale).map(|it| it.bytes)
    }

    /// The store that its copy could be read from instead.
    pub(super) fn primary_of(&self, copy: &Component) -> Option<ComponentId> {
        let mut copied = self.architecture.links_to(copy.id).filter(|link| link.copies_data());
        let link = copied.next().filter(|_| copied.next().is_none())?;
        let is_replica = link.known_protocols().any(|protocol| protocol.name == "replication");
        let primary = self.architecture.component(link.source);
        let model = |it: &Component| {
            it.word(Property::Model).or_else(|| it.known().get(|facts| facts.model)).map(str::to_owned)
        };
        let is_alike = is_replica
            && copy.kind == Kind::Database
            && primary.kind == Kind::Database
            && (copy.engines.is_empty() || copy.engines == primary.engines)
            && model(copy) == model(primary)
            && self.region_of(copy) == self.region_of(primary)
            && self.architecture.links_from(copy.id).len() == 0;
        is_alike.then_some(primary.id)
    }

    fn region_of(&self, component: &Component) -> Option<GroupId> {
        self.architecture.enclosing(component.id, GroupKind::Region)
    }

    fn read_replicas(&self, copy: &Component) -> Range {
        let Some(primary) = self.primary_of(copy).map(|id| self.architecture.component(id)) else {
            return Range::unknown(0);
        };
        let (Some(amount), Some(capacity)) = (self.peak(copy), Capacity::of(primary)) else {
            return Range::unknown(0);
        };
        // What it only copies the primary writes anyway.
        let reads = Traffic { writes: Rate::ZERO, ..amount.traffic };
        let Some(both) = self.utilisation(primary, reads, self.replicas(primary)) else {
            return Range::unknown(0);
        };
        let share = reads.total() * self.scale.growth / capacity.reads;
        // Reports and batches are kept off the primary on purpose.
        let is_apart = self.architecture.links_to(copy.id).any(|link| {
            let caller = self.architecture.component(link.source);
            link.has(Property::Batch)
                || matches!(caller.kind, Kind::Worker | Kind::Scheduler | Kind::Monitoring)
        });
        let is_redundant = primary.is_managed() || primary.has_failover() && self.replicas(primary) > 1;
        let limit = self.architecture.parameters.replica_reads.value;
        let is_vain = share <= limit
            && both <= ROOM
            && !is_apart
            && is_redundant
            && !self.is_weak(copy)
            && !is_explained(self.architecture, copy)
            && !self.asked.is_bound_to_places;
        Range::of_one(both > self.architecture.parameters.utilisation_target.value, is_vain)
    }

    fn store(&self, store: &Component) -> Range {
        let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
        if store.kind == Kind::Database && model == Some("graph") {
            return self.graph(store);
        }
        if store.kind != Kind::Database || model != Some("wide_column") {
            return Range::unknown(0);
        }
        let Some(amount) = self.peak(store) else { return Range::unknown(0) };
        let grown = amount.traffic * self.scale.growth;
        let is_spread = store.has(Property::Regions)
            || store.is(Property::OnPartition, "available")
            || self.asked.says(Property::OnPartition, "available")
            || self.asked.is_bound_to_places;
        let writes = grown.writes + grown.other;
        let is_vain = writes < self.architecture.parameters.wide_column_writes.rate() * ROOM
            && grown.reads < self.architecture.parameters.replica_reads_reasonable.value * plain_reads()
            && self
                .stored(store)
                .is_some_and(|it| it < self.architecture.parameters.wide_column_storage.value)
            && !is_spread
            && !is_explained(self.architecture, store);
        Range::of_one(
            writes > self.architecture.parameters.wide_column_writes.rate() * store.shards() * 2.0,
            is_vain,
        )
    }

    /// A graph store that nobody asks to follow edges: its load and data are one relational node's.
    fn graph(&self, store: &Component) -> Range {
        let asked = |word| {
            let callers = self.architecture.links_to(store.id).map(|link| link.source);
            self.asked.says_of(self.architecture, store, Property::Requires, word)
                || callers.into_iter().any(|id| self.architecture.component(id).is(Property::Requires, word))
        };
        if asked("traversals") {
            return Range::of_one(true, false);
        }
        let Some(amount) = self.peak(store) else { return Range::unknown(0) };
        let is_urgent =
            self.asked.latency.is_some_and(|it| it < self.architecture.parameters.cache_latency.value);
        let is_spread = store.has(Property::Regions) || self.asked.is_bound_to_places;
        let is_vain = plain_share(amount.traffic * self.scale.growth) <= ROOM
            && self.stored(store).is_some_and(|it| it < self.architecture.parameters.sharding_storage.value)
            && !is_spread
            && !is_urgent
            && !is_explained(self.architecture, store);
        Range::of_one(false, is_vain)
    }

    /// Every node applies every write, whoever takes it: several primaries add no room for writes, only that none has
    /// to be promoted, and that users far apart write near by.
    fn primaries(&self, store: &Component) -> Range {
        let Some(count) = stated_primaries(store) else { return Range::unknown(1) };
        let needs_it = store.has(Property::Regions)
            || self.asked.says(Property::Survives, "region")
            || self.asked.is_bound_to_places
            || self.asked.says_of(self.architecture, store, Property::OnPartition, "available")
            || self.asked.must_not_lose(self.architecture, store)
            || self.asked.recovery.is_some_and(|it| it < self.architecture.parameters.switch_hot.value)
            || store
                .figure(Property::Rto)
                .is_some_and(|it| it < self.architecture.parameters.switch_hot.value)
            || self.callers_stand_apart(store);
        let (Some(capacity), Some(amount)) = (Capacity::of(store), self.peak(store)) else {
            return Range::unknown(1);
        };
        let grown = amount.traffic * self.scale.growth;
        let writes = (grown.writes + grown.other) / capacity.writes / store.shards();
        let busy = self.utilisation(store, Traffic::default(), self.replicas(store));
        let is_vain = count > 1
            && self.replicas(store) > 1
            && writes <= ROOM
            && busy.is_some_and(|it| it <= ROOM)
            && !needs_it
            && !store.is_managed()
            && !store.is_stated(Property::WriteQuorum)
            && !store.is(Property::Replication, "quorum")
            && !is_explained(self.architecture, store);
        Range::new(1, is_vain.then_some(1), Why::Nothing)
    }

    /// Whether those who call it stand in several regions.
    fn callers_stand_apart(&self, store: &Component) -> bool {
        let mut regions = self
            .architecture
            .links_to(store.id)
            .map(|link| self.architecture.enclosing(link.source, GroupKind::Region));
        let first = regions.next().flatten();
        regions.any(|it| it != first) || first.is_some() && first != self.region_of(store)
    }

    /// The store that could hold the data of another as well: of the same engine and callers, in the same place, no less
    /// redundant, declared before it, and nothing is said of either that would keep them apart.
    pub(super) fn store_beside(&self, store: &Component) -> Option<ComponentId> {
        if !self.could_share(store) || self.asked.is_bound_to_places {
            return None;
        }
        let callers = |id: ComponentId| {
            let mut found: Vec<ComponentId> =
                self.architecture.links_to(id).map(|link| link.source).collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let own = callers(store.id);
        let beside = self.architecture.links_from(*own.first()?);
        if beside.len() > MAX_TWINS || own.len() > MAX_TWINS {
            return None;
        }
        let could_hold = |other: &&Component| {
            other.id < store.id
                && other.engines == store.engines
                && other.group == store.group
                && other.host == store.host
                // A third is the spare: more than that makes neither more redundant.
                && other.least_replicas() >= store.least_replicas().map(|count| count.min(3))
                && (other.has_failover() || !store.has_failover())
                && self.could_share(other)
                && !self.gone.contains(&other.id)
                && callers(other.id) == own
                && self.is_small_together(&[*other, store], self.architecture.parameters.early_use)
        };
        let others = beside.map(|link| self.architecture.component(link.target));
        others.into_iter().find(could_hold).map(|it| it.id)
    }

    /// Whether a relational store states nothing of its own but how it is run.
    fn could_share(&self, store: &Component) -> bool {
        let run = [
            Property::Replicas,
            Property::Failover,
            Property::Zones,
            Property::Backup,
            Property::Capacity,
            Property::ReadCapacity,
            Property::WriteCapacity,
            Property::Engine,
            Property::Description,
        ];
        let model = store.known().get(|facts| facts.model);
        store.kind == Kind::Database
            && model == Some("relational")
            && !store.is_managed()
            && store.properties.iter().all(|entry| run.contains(&entry.property))
            && !store.is_replica()
            && !store.has_copies()
            && self.architecture.links_from(store.id).len() == 0
            && self.architecture.links_to(store.id).all(|link| !link.is_async() && !link.is_beside_the_path())
            && !is_explained(self.architecture, store)
    }

    // ---- caches

    /// The stores that a cache spares, where the design says or shows that it caches them.
    pub(super) fn cached(&self, cache: &Component) -> Vec<ComponentId> {
        let is_said = [Property::Caches, Property::Strategy, Property::HitRatio]
            .into_iter()
            .any(|property| cache.has(property));
        if is_said { stores_behind(self.architecture, cache) } else { Vec::new() }
    }

    /// What comes to the stores when a cache answers nothing, beside what comes to them already.
    pub(super) fn uncached(&self, cache: &Component) -> Option<Traffic> {
        let traffic = self.peak(cache)?.traffic;
        let hit = hit_ratio(cache).unwrap_or(1.0);
        Some(Traffic { reads: traffic.reads * hit, writes: Rate::ZERO, other: traffic.other * hit })
    }

    fn cache(&self, cache: &Component) -> Range {
        if cache.kind.is_store() {
            return self.cache_before(cache);
        }
        let stores: Vec<&Component> =
            self.cached(cache).into_iter().map(|id| self.architecture.component(id)).collect();
        let (Some(amount), Some(more)) = (self.peak(cache), self.uncached(cache)) else {
            return Range::unknown(0);
        };
        let cold: Option<Vec<f64>> =
            stores.iter().map(|store| self.utilisation(store, more, self.replicas(store))).collect();
        let Some(cold) = cold.filter(|it| !it.is_empty()) else { return Range::unknown(0) };
        let coldest = cold.into_iter().fold(0.0, f64::max);
        let budget = self.architecture.parameters.cache_latency.value;
        let is_urgent = self.asked.latency.is_some_and(|it| it < budget);
        let reads = (amount.traffic.reads + amount.traffic.other) * self.scale.growth;
        let is_plain = !cache.has(Property::SourceOfTruth)
            && !cache.has(Property::ServeStale)
            && !cache.is(Property::Strategy, "write_behind")
            && self.all_callers_reach(cache, &stores)
            && !stores.iter().any(|store| self.is_slow(store, budget))
            && !is_explained(self.architecture, cache);
        let is_vain = is_plain
            && !is_urgent
            && reads < self.architecture.parameters.cache_reads.rate()
            && coldest <= ROOM;
        let is_needed =
            is_urgent || coldest > self.architecture.parameters.utilisation_target.value.max(ROOM);
        Range::of_one(is_needed, is_vain)
    }

    /// Of a store: whether reads alone fill it more than is planned for.
    fn cache_before(&self, store: &Component) -> Range {
        let (Some(capacity), Some(amount)) = (Capacity::of(store), self.peak(store)) else {
            return Range::unknown(0);
        };
        let share = |traffic| capacity.share(store, traffic, f64::from(self.replicas(store)));
        let (all, writes) = (share(amount.traffic), share(Traffic::of_writes(amount.traffic.writes)));
        let target = self.architecture.parameters.utilisation_target.value;
        Range::of_one(all > target * (1.0 + 1e-9) && all - writes >= writes, false)
    }

    /// Whether who asks the cache could ask a store as well, or the cache does it for them.
    fn all_callers_reach(&self, cache: &Component, stores: &[&Component]) -> bool {
        let reaches = |id: ComponentId| {
            self.architecture
                .links_from(id)
                .any(|link| !link.is_async() && stores.iter().any(|store| store.id == link.target))
        };
        reaches(cache.id) || self.architecture.links_to(cache.id).all(|link| reaches(link.source))
    }

    /// Whether its queries are dear, as far as is said.
    fn is_slow(&self, store: &Component, budget: f64) -> bool {
        let dear = ["aggregations", "full_text", "traversals", "geo"];
        store.kind != Kind::Database
            || store.figure(Property::ServiceTime).is_some_and(|it| it > budget)
            || store.figure(Property::ServiceTimeP99).is_some_and(|it| it > budget)
            || dear.iter().any(|it| self.asked.says_of(self.architecture, store, Property::Requires, it))
    }

    // ---- queues

    /// The one who works off a queue, where there is but one.
    pub(super) fn consumer_of(&self, queue: &Component) -> Option<ComponentId> {
        let mut consumers = self.architecture.links_from(queue.id).map(|link| link.target);
        let first = consumers.next()?;
        consumers.all(|it| it == first).then_some(first)
    }

    fn queue(&self, queue: &Component) -> Range {
        if !queue.kind.is_queue() {
            return Range::unknown(0);
        }
        let (Some(amount), Some(consumer)) = (self.peak(queue), self.consumer_of(queue)) else {
            return Range::unknown(0);
        };
        let consumer = self.architecture.component(consumer);
        let Some(use_) = self.utilisation(consumer, Traffic::default(), self.replicas(consumer)) else {
            return Range::unknown(0);
        };
        if use_ > 1.0 || calls_third_party(self.architecture, consumer) {
            return Range::of_one(true, false);
        }
        let is_vain = amount.traffic.total() * self.scale.growth
            < self.architecture.parameters.log_messages.rate()
            && use_ <= ROOM
            && self.is_fast(consumer)
            && self.could_wait_for(queue, consumer)
            && !self.is_asked_for(queue, consumer)
            && !is_explained(self.architecture, queue);
        Range::of_one(false, is_vain)
    }

    /// Whether a request could wait for its work, which only written figures can tell.
    fn is_fast(&self, consumer: &Component) -> bool {
        let known = self.architecture.parameters.request_work.value / 10.0;
        let limit = self.asked.latency.map_or(known, |it| known.min(it * ROOM));
        let time = consumer.figure(Property::ServiceTimeP99).or(consumer.figure(Property::ServiceTime));
        let by_capacity = || {
            let capacity = Capacity::of(consumer).filter(|it| !it.is_assumed)?;
            let at_once = consumer.known().get(|facts| facts.concurrency).map_or(1.0, |it| it.value);
            Some((at_once / capacity.reads.min(capacity.writes)).seconds())
        };
        time.or_else(by_capacity).is_some_and(|it| it <= limit)
    }

    /// Whether every promise would hold if the consumer were waited for, and nobody writes twice without a queue.
    fn could_wait_for(&self, queue: &Component, consumer: &Component) -> bool {
        let producers = || self.architecture.links_to(queue.id).map(|link| link.source);
        let writes_elsewhere = |id: ComponentId| {
            self.architecture.links_from(id).any(|link| {
                let target = self.architecture.component(link.target);
                target.kind.is_store() && !link.is_reads_only() && !link.copies_data()
            })
        };
        let keeps = self.journeys_needing(queue.id).iter().all(|at| {
            let promise = &self.analysis.journeys[*at].promise;
            let completed = self.analysis.availability[*at].completed;
            match (promise.slo, completed) {
                (None, _) => promise.origin != PromiseOrigin::High || self.replicas(consumer) > 1,
                (Some(slo), Some(completed)) => 1.0 - completed.lower() <= (1.0 - slo) * ROOM * (1.0 + 1e-9),
                (Some(_), None) => false,
            }
        });
        // A store that hands on its changes waits for nobody.
        let is_store = |id: ComponentId| self.architecture.component(id).kind.is_store();
        keeps && !producers().any(|id| writes_elsewhere(id) || is_store(id) || id == consumer.id)
    }

    /// Whether something stated asks for a queue: nothing may be lost, order, bursts, replays, lateness.
    fn is_asked_for(&self, queue: &Component, consumer: &Component) -> bool {
        let asked = [Property::Freshness, Property::Ordering, Property::Peak];
        let burst = self.architecture.parameters.autoscale_peak_factor.value * 5.0 / 3.0;
        let factors = self.architecture.flows().map(|flow| &flow.properties);
        let is_bursty = factors
            .chain([&self.architecture.system.properties])
            .any(|it| it.figure(Property::PeakFactor).is_some_and(|factor| factor >= burst));
        let is_optional = |link: &Link| link.has(Property::Optional) || link.is(Property::OnFull, "drop");
        is_bursty
            || self.asked.has(queue, &asked)
            || self.asked.must_not_lose(self.architecture, queue)
            || self.asked.says_of(self.architecture, queue, Property::Requires, "replay")
            || queue.is(Property::OnFull, "drop")
            || self.architecture.links_to(queue.id).any(is_optional)
            || consumer.has(Property::BatchSize)
            || consumer.has(Property::BatchWindow)
            || consumer.kind == Kind::Function
    }

    /// A log for few messages and few readers, none of which reads again: all topics of its engine together.
    fn log(&self, log: &Component) -> Range {
        let Some(topics) = self.logs.topics(log.id) else { return Range::unknown(0) };
        if topics.groups >= self.architecture.parameters.log_consumer_groups.value as usize
            || topics.is_read_again
        {
            return Range::of_one(true, false);
        }
        let Some(amount) = self.messages(topics) else { return Range::unknown(0) };
        let is_asked_for = topics.members.iter().any(|id| {
            let topic = self.architecture.component(*id);
            let asked = |word| self.asked.says_of(self.architecture, topic, Property::Requires, word);
            let is_ordered = |properties: &Properties| properties.has(Property::Ordering);
            asked("replay")
                || asked("ordering")
                || self.asked.has(topic, &[Property::Ordering])
                || self.architecture.links_to(*id).any(|it| is_ordered(it))
                || self
                    .architecture
                    .links_from(*id)
                    .any(|it| is_ordered(it) || is_ordered(self.architecture.component(it.target)))
                || self.asked.says_of(self.architecture, topic, Property::Delivery, "exactly_once")
                || is_explained(self.architecture, topic)
                || self.gone.contains(id)
        });
        let is_vain = topics.groups > 0
            && amount.traffic.total() * self.scale.growth < self.architecture.parameters.log_messages.rate()
            && !is_asked_for;
        Range::of_one(false, is_vain)
    }

    /// What comes to all topics of one log at their peak.
    pub(super) fn messages(&self, topics: &Topics) -> Option<Amount> {
        let mut sum: Option<Amount> = None;
        for id in &topics.members {
            let topic = self.architecture.component(*id);
            // The cluster that topics are drawn on takes nothing itself.
            if self.architecture.links_to(*id).len() == 0 && topics.members.len() > 1 {
                continue;
            }
            let amount = self.peak(topic)?;
            sum = Some(match sum {
                Some(Amount { traffic, users }) => Amount { traffic: traffic + amount.traffic, users },
                None => amount,
            });
        }
        sum
    }

    // ---- the edge

    /// What a content delivery network sends in a month, in bytes, where payloads and rates are stated.
    pub(super) fn sent_in_a_month(&self, cdn: &Component) -> Option<Size> {
        let mut bytes = Size::ZERO;
        let mut links = 0;
        for link in self.architecture.links_to(cdn.id).filter(|link| !link.is_beside_the_path()) {
            let demand = self.analysis.load.link(link.id);
            if !demand.is_known() {
                return None;
            }
            bytes += demand.mean.total() * self.payload(link)? * Duration::MONTH;
            links += 1;
        }
        (links > 0).then_some(bytes * self.scale.growth)
    }

    /// What a link carries at a time: its own, or the largest of the flows that take it.
    fn payload(&self, link: &Link) -> Option<Size> {
        let taking = || self.architecture.flows().filter(|flow| flow.path.takes(link.id));
        link.size(Property::Payload).or_else(|| {
            taking()
                .map(|flow| flow.properties.size(Property::Payload))
                .collect::<Option<Vec<Size>>>()
                .filter(|it| !it.is_empty())
                .map(|it| it.into_iter().fold(Size::ZERO, Size::max))
        })
    }

    fn cdn(&self, cdn: &Component) -> Range {
        if cdn.kind != Kind::Cdn {
            return Range::unknown(0);
        }
        let shields = [Property::Waf, Property::DdosProtection, Property::ServeStale, Property::RateLimit];
        let is_used = shields.into_iter().any(|it| cdn.has(it)) || self.asked.is_bound_to_places;
        let is_urgent =
            self.asked.latency.is_some_and(|it| it < self.architecture.parameters.cache_latency.value);
        let Some(more) = self.uncached(cdn) else { return Range::unknown(0) };
        let carries = self.origins(cdn).into_iter().all(|origin| {
            origin.kind == Kind::ObjectStore && origin.is_managed()
                || self.utilisation(origin, more, self.replicas(origin)).is_some_and(|share| share <= ROOM)
        });
        let is_vain = self
            .sent_in_a_month(cdn)
            .is_some_and(|it| it < self.architecture.parameters.cdn_bandwidth.throughput() * Duration::MONTH)
            && carries
            && !is_used
            && !is_urgent
            && !is_explained(self.architecture, cdn);
        Range::of_one(is_urgent && self.asked.is_bound_to_places, is_vain)
    }

    /// Who would answer instead of a content delivery network: where that is a balancer of a provider's, whoever it
    /// chooses from.
    pub(super) fn origins(&self, cdn: &Component) -> Vec<&Component> {
        let targets =
            |id| self.architecture.links_from(id).map(|link| self.architecture.component(link.target));
        let is_passed_on = |it: &Component| it.kind == Kind::LoadBalancer && it.is_managed();
        targets(cdn.id)
            .flat_map(|it| if is_passed_on(it) { targets(it.id).collect() } else { vec![it] })
            .collect()
    }

    // ---- services

    /// The service that could do a service's work as well: its only caller, at a scale that one node hardly feels.
    pub(super) fn host_of(&self, service: &Component) -> Option<ComponentId> {
        if !self.could_be_a_part(service) {
            return None;
        }
        let mut callers = self.architecture.links_to(service.id);
        let link = callers.next().filter(|_| callers.next().is_none())?;
        let caller = self.architecture.component(link.source);
        let is_plain = caller.kind == Kind::Service
            && caller.id != service.id
            && !link.is_async()
            && !link.is_beside_the_path()
            && caller.group == service.group
            && !self.gone.contains(&caller.id)
            && caller.host == service.host;
        (is_plain
            && self.is_small_together(&[caller, service], self.architecture.parameters.surely_early_use))
        .then_some(caller.id)
    }

    /// Services of one caller that work on the same data, at a scale that one node hardly feels: they could be one.
    pub(super) fn twins_of(&self, service: &Component) -> Vec<ComponentId> {
        let Some(caller) = self.only_caller(service).map(|id| self.architecture.component(id)) else {
            return Vec::new();
        };
        let targets = self.architecture.links_from(caller.id);
        if !caller.kind.is_proxy() || targets.len() > MAX_TWINS || !self.could_be_a_part(service) {
            return Vec::new();
        }
        let mut twins = vec![service];
        for link in targets {
            let other = self.architecture.component(link.target);
            let is_twin = other.id > service.id
                && self.only_caller(other) == Some(caller.id)
                && self.could_be_a_part(other)
                && other.group == service.group
                && other.engines == service.engines
                && self.share_data(service, other);
            if is_twin && !twins.iter().any(|twin| twin.id == other.id) {
                twins.push(other);
            }
        }
        if twins.len() < 2 || !self.is_small_together(&twins, self.architecture.parameters.early_use) {
            return Vec::new();
        }
        twins.into_iter().map(|it| it.id).collect()
    }

    fn only_caller(&self, service: &Component) -> Option<ComponentId> {
        let mut callers = self.architecture.links_to(service.id);
        let link = callers.next().filter(|link| !link.is_async() && !link.is_beside_the_path())?;
        callers.all(|other| other.source == link.source).then_some(link.source)
    }

    /// Whether two services write or read the same store, or one a copy of the other's.
    fn share_data(&self, one: &Component, other: &Component) -> bool {
        let stores = |service: &Component| -> Vec<ComponentId> {
            let called = self.architecture.links_from(service.id).map(|link| link.target);
            let databases = called.filter(|id| self.architecture.component(*id).kind == Kind::Database);
            databases
                .map(|id| {
                    let store = self.architecture.component(id);
                    if store.is_replica() { self.primary_of(store).unwrap_or(id) } else { id }
                })
                .collect()
        };
        let theirs = stores(other);
        stores(one).iter().any(|id| theirs.contains(id))
    }

    /// Whether nothing stated keeps a service apart.
    fn could_be_a_part(&self, service: &Component) -> bool {
        let apart =
            [Property::OwnerName, Property::Slo, Property::Data, Property::Autoscale, Property::Networks];
        service.kind == Kind::Service
            && !service.is_managed()
            && !apart.into_iter().any(|property| service.has(property))
            && !self.team_is_large()
            && !is_explained(self.architecture, service)
    }

    /// Whether the stated team is large enough for its services.
    pub(super) fn team_is_large(&self) -> bool {
        let team = self.architecture.system.properties.figure(Property::Team);
        team.is_some_and(|team| {
            self.services as f64 * self.architecture.parameters.team_per_service.value <= team
        })
    }

    /// Whether one plain node would hardly feel them all.
    fn is_small_together(&self, parts: &[&Component], limit: Fact) -> bool {
        let mut share = 0.0;
        for part in parts {
            let Some(used) = self.use_of(part) else { return false };
            share += used.share;
        }
        share <= limit.value
    }

    /// Which part of one plain node of a component's the grown peak uses.
    pub(super) fn use_of(&self, component: &Component) -> Option<Use> {
        Use::of(component, self.peak(component)?, self.scale.growth)
    }

    /// Merges a change with what was changed before.
    pub(super) fn changed(&self, component: ComponentId, change: impl FnOnce(&mut Change)) -> Scenario {
        let mut scenario = self.scenario.clone();
        change(scenario.changes.entry(component).or_default());
        scenario
    }
}

/// How many of its nodes take writes, where several do.
pub(super) fn stated_primaries(store: &Component) -> Option<u32> {
    let stated = store.figure(Property::Primaries).map(|it| it as u32);
    let all = || store.least_replicas().filter(|_| store.is(Property::Mode, "active_active"));
    stated.or_else(all).filter(|count| *count > 1 && store.kind == Kind::Database)
}

/// The part of one plain relational node that some traffic uses; what is not said to read may write.
pub(super) fn plain_share(traffic: Traffic) -> f64 {
    let facts = Kind::Database.facts();
    let of = |fact: Option<crate::catalogue::Fact>| fact.map_or(Rate::INFINITE, |fact| fact.rate());
    traffic.reads / of(facts.read_capacity) + (traffic.writes + traffic.other) / of(facts.write_capacity)
}

/// Reads a second of one plain relational node.
fn plain_reads() -> Rate {
    Kind::Database.facts().read_capacity.map_or(Rate::INFINITE, |fact| fact.rate())
}
