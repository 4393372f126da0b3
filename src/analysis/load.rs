//! Load along the links: what each component and link carries, on average and at peak.
//!
//! Every amount is a mean and takes the peak factor for its peak. Reads and writes go apart. Nothing is invented:
//! a journey without a rate leaves all that it reaches unknown.

mod arrivals;
mod capacity;
mod copies;
mod spread;
pub mod working;

use std::ops::{Add, AddAssign, Mul};

use rustc_hash::{FxHashMap, FxHashSet};

pub use arrivals::Arrivals;
pub use capacity::{
    Capacity, Utilisation, has_unreadable_standby, hit_ratio, stores_behind, writes_to_every_node,
};
pub(in crate::analysis) use spread::answered;
pub use spread::calls_per_request;

use super::journey::Journey;
use super::looks_of_load;
use super::messaging;
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, LinkId, Property, Replicas};
use crate::quantity::Rate;
use spread::Spread;

/// Requests a second, by what they do.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Traffic {
    /// Reads.
    pub reads: Rate,
    /// Writes.
    pub writes: Rate,
    /// Requests of which it is not said whether they read or write.
    pub other: Rate,
}

impl Traffic {
    /// Nothing.
    pub const NONE: Self = Self { reads: Rate::ZERO, writes: Rate::ZERO, other: Rate::ZERO };

    /// Only reads.
    pub fn of_reads(reads: Rate) -> Self {
        Self { reads, ..Self::NONE }
    }

    /// Only writes.
    pub fn of_writes(writes: Rate) -> Self {
        Self { writes, ..Self::NONE }
    }

    /// Only what is not said to do either.
    pub fn of_other(other: Rate) -> Self {
        Self { other, ..Self::NONE }
    }

    /// All requests.
    pub fn total(self) -> Rate {
        self.reads + self.writes + self.other
    }
}

impl Add for Traffic {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            reads: self.reads + more.reads,
            writes: self.writes + more.writes,
            other: self.other + more.other,
        }
    }
}

impl AddAssign for Traffic {
    fn add_assign(&mut self, more: Self) {
        *self = *self + more;
    }
}

impl Mul<f64> for Traffic {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self { reads: self.reads * factor, writes: self.writes * factor, other: self.other * factor }
    }
}

/// What something carries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Demand {
    /// On average.
    pub mean: Traffic,
    /// In the busiest hour.
    pub peak: Traffic,
    /// Whether a journey without a rate reaches it as well: then this is only a part.
    pub is_partial: bool,
    /// Whether any journey with a rate reaches it.
    pub is_reached: bool,
    /// Whether any of its peak rests on the catalogue's factor.
    pub is_peak_assumed: bool,
}

impl Demand {
    /// Whether all of it is known.
    pub fn is_known(&self) -> bool {
        self.is_reached && !self.is_partial
    }

    fn add(&mut self, mean: Traffic, arrivals: Option<Arrivals>) {
        self.mean += mean;
        self.peak += mean * arrivals.map_or(1.0, |it| it.peak_factor);
        self.is_reached |= arrivals.is_some();
        self.is_partial |= arrivals.is_none();
        let is_assumed = arrivals.is_some_and(|it| it.is_peak_assumed);
        self.is_peak_assumed |= is_assumed && mean.total().is_positive();
    }

    /// Takes in what something else carries as well.
    pub fn add_all(&mut self, more: &Self) {
        self.mean += more.mean;
        self.peak += more.peak;
        self.is_reached |= more.is_reached;
        self.is_partial |= more.is_partial;
        self.is_peak_assumed |= more.is_peak_assumed;
    }

    fn scaled(self, factor: f64) -> Self {
        Self { mean: self.mean * factor, peak: self.peak * factor, ..self }
    }
}

/// What a cache keeps off the store behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spared {
    /// The store, or the origin of a CDN.
    pub store: ComponentId,
    /// What would come to it as well at its peak, if the cache answered nothing.
    pub peak: Traffic,
    /// The same on average.
    pub mean: Traffic,
}

/// What is otherwise than in the design as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// How many times the load comes.
    pub factor: f64,
    /// Caches that answer nothing.
    pub cold: FxHashSet<ComponentId>,
    /// Components that are down: what can do without them goes elsewhere.
    pub down: FxHashSet<ComponentId>,
}

impl Default for Circumstances {
    fn default() -> Self {
        Self { factor: 1.0, cold: FxHashSet::default(), down: FxHashSet::default() }
    }
}

/// The load of a design.
#[derive(Clone, Debug, Default)]
pub struct Load {
    components: Vec<Demand>,
    links: Vec<Demand>,
    spared: FxHashMap<ComponentId, Vec<Spared>>,
    /// What arrives for each base journey; none where it is not said.
    pub arrivals: Vec<Option<Arrivals>>,
    /// Caches whose store would be over its written capacity at peak without them.
    pub cold_caches: FxHashSet<ComponentId>,
    /// Consumers of which no more work at once than there are partitions, with how many.
    held: FxHashMap<ComponentId, u32>,
    /// How many journeys the design was too large to follow: then all that is known of anything is a part.
    pub unfollowed: usize,
}

impl Load {
    /// Computes it.
    pub fn of(architecture: &Architecture, bases: &[Journey]) -> Self {
        Self::under(architecture, bases, &Circumstances::default())
    }

    /// Computes it under some circumstances.
    pub fn under(architecture: &Architecture, bases: &[Journey], circumstances: &Circumstances) -> Self {
        Self::within(architecture, bases, circumstances, looks_of_load(architecture))
    }

    /// Computes it, and follows journeys only until they came to so many components together.
    pub fn within(
        architecture: &Architecture,
        bases: &[Journey],
        circumstances: &Circumstances,
        looks: usize,
    ) -> Self {
        Self::told(architecture, bases, circumstances, looks, &mut |_, _, _| {})
    }

    /// Computes it, and tells of each journey and what comes for it.
    fn told(
        architecture: &Architecture,
        bases: &[Journey],
        circumstances: &Circumstances,
        mut looks_left: usize,
        tell: &mut dyn FnMut(&Journey, Option<Arrivals>, &Spread),
    ) -> Self {
        let mut load = Self {
            components: vec![Demand::default(); architecture.components().len()],
            links: vec![Demand::default(); architecture.links().len()],
            spared: FxHashMap::default(),
            arrivals: arrivals::of_journeys(architecture, bases),
            cold_caches: FxHashSet::default(),
            held: messaging::held_by_partitions(architecture),
            unfollowed: 0,
        };
        let dead_letters = messaging::dead_letters(architecture);
        let mut propagate = |journey: &Journey, arrivals: Option<Arrivals>, load: &mut Self| {
            if looks_left == 0 {
                load.unfollowed += 1;
                return;
            }
            let spread = Spread::new(architecture, journey, circumstances, &dead_letters);
            load.propagate(&spread, arrivals);
            looks_left = looks_left.saturating_sub(spread.reach());
            tell(journey, arrivals, &spread);
        };
        for journey in bases {
            let arrivals = load.arrivals[journey.base];
            propagate(journey, arrivals, &mut load);
        }
        for (journey, arrivals) in arrivals::beside_journeys(architecture, bases) {
            propagate(&journey, Some(arrivals), &mut load);
        }
        for (journey, arrivals) in load.follow_copies(architecture) {
            propagate(&journey, Some(arrivals), &mut load);
        }
        load.mark_as_partial();
        load.scale(circumstances.factor);
        load.cold_caches = load.find_cold_caches(architecture);
        load
    }

    /// What was not followed may come to anything.
    fn mark_as_partial(&mut self) {
        if self.unfollowed > 0 {
            self.components.iter_mut().chain(&mut self.links).for_each(|demand| demand.is_partial = true);
        }
    }

    fn scale(&mut self, factor: f64) {
        if factor.to_bits() == 1_f64.to_bits() {
            return;
        }
        for demand in self.components.iter_mut().chain(&mut self.links) {
            *demand = demand.scaled(factor);
        }
        for spared in self.spared.values_mut().flatten() {
            (spared.mean, spared.peak) = (spared.mean * factor, spared.peak * factor);
        }
        for arrivals in self.arrivals.iter_mut().flatten() {
            arrivals.mean = arrivals.mean * factor;
        }
    }

    /// What a component carries.
    pub fn component(&self, id: ComponentId) -> &Demand {
        &self.components[id.0 as usize]
    }

    /// What a link carries.
    pub fn link(&self, id: LinkId) -> &Demand {
        &self.links[id.0 as usize]
    }

    /// What a cache or CDN keeps off each store or origin.
    pub fn spared_by(&self, cache: ComponentId) -> &[Spared] {
        self.spared.get(&cache).map_or(&[], Vec::as_slice)
    }

    /// Whether any rate is known.
    pub fn is_known(&self) -> bool {
        self.arrivals.iter().any(Option::is_some)
    }

    /// What the system states that comes, and what of it its journeys carry, on average.
    pub fn taken_up(&self, architecture: &Architecture) -> Option<(Rate, Rate)> {
        arrivals::taken_up(architecture, &self.arrivals)
    }

    /// The same where the flows that are written carry less than half of it, and none says its share: the rest comes to
    /// nothing.
    pub fn left_over(&self, architecture: &Architecture) -> Option<(Rate, Rate)> {
        let mut flows = architecture.flows();
        if flows.len() == 0 || flows.any(|flow| flow.is_stated(Property::Share)) {
            return None;
        }
        self.taken_up(architecture).filter(|(stated, taken)| *taken * 2.0 < *stated)
    }

    /// The peak of all journeys together; none where a rate is missing.
    pub fn total_peak(&self) -> Option<Rate> {
        self.total(Arrivals::peak)
    }

    /// The mean of all journeys together; none where a rate is missing.
    pub fn total_mean(&self) -> Option<Rate> {
        self.total(|arrivals| arrivals.mean)
    }

    fn total(&self, of: impl Fn(&Arrivals) -> Traffic) -> Option<Rate> {
        if self.arrivals.is_empty() {
            return None;
        }
        self.arrivals.iter().map(|it| it.as_ref().map(|it| of(it).total())).sum()
    }

    /// Which part of a component's busiest node the peak uses, with this many replicas.
    pub fn utilisation_with(&self, component: &Component, replicas: u32) -> Option<Utilisation> {
        let demand = self.component(component.id);
        if !demand.is_reached {
            return None;
        }
        let capacity = Capacity::of(component)?;
        Some(Utilisation {
            share: capacity.share(component, demand.peak, f64::from(replicas)),
            is_assumed: capacity.is_assumed,
        })
    }

    /// How many of a component's replicas carry its load: of a range the upper end, of the consumers of a log no more than
    /// it has partitions. None where no number is said: an open range, or what is managed.
    pub fn carriers(&self, component: &Component) -> Option<u32> {
        let replicas = match component.replicas {
            Replicas::Stated { most, .. } => most?,
            Replicas::Unstated => 1,
            Replicas::Managed => return None,
        };
        Some(self.at_once(component.id).map_or(replicas, |held| replicas.min(held)))
    }

    /// How many replicas of a consumer can work at once: one a partition, where all that it gets comes from logs that state
    /// how many they have.
    pub fn at_once(&self, consumer: ComponentId) -> Option<u32> {
        self.held.get(&consumer).copied()
    }

    /// Whether more replicas of a component would get nothing to do.
    pub fn is_held(&self, component: &Component, replicas: u32) -> bool {
        self.at_once(component.id).is_some_and(|held| held <= replicas)
    }

    /// Which part of a component's busiest node the peak uses; none where load, capacity or replicas are unknown.
    pub fn utilisation(&self, component: &Component) -> Option<Utilisation> {
        self.utilisation_with(component, self.carriers(component)?)
    }

    /// Which part of a store's busiest node the peak uses while a cache before it answers nothing.
    pub fn utilisation_without(&self, store: &Component, cache: ComponentId) -> Option<Utilisation> {
        let warm = self.utilisation(store)?;
        let capacity = Capacity::of(store)?;
        let replicas = f64::from(match store.replicas {
            Replicas::Stated { most, .. } => most?,
            _ => 1,
        });
        let spared = self.spared_by(cache).iter().filter(|it| it.store == store.id);
        let more = spared.fold(Traffic::NONE, |sum, it| sum + it.peak);
        let peak = self.component(store.id).peak + more;
        Some(Utilisation { share: capacity.share(store, peak, replicas), ..warm })
    }

    fn find_cold_caches(&self, architecture: &Architecture) -> FxHashSet<ComponentId> {
        let is_over = |cache: &Component| {
            self.spared_by(cache.id).iter().any(|spared| {
                let store = architecture.component(spared.store);
                self.utilisation_without(store, cache.id).is_some_and(|it| !it.is_assumed && it.share > 1.0)
            })
        };
        architecture.of_kind(Kind::Cache).filter(|cache| is_over(cache)).map(|cache| cache.id).collect()
    }

    fn propagate(&mut self, spread: &Spread, arrivals: Option<Arrivals>) {
        let factor = arrivals.map_or(1.0, |it| it.peak_factor);
        let flowing = spread.flow(arrivals.map_or(Traffic::NONE, |it| it.mean));
        for (id, traffic) in flowing.components {
            self.components[id.0 as usize].add(traffic, arrivals);
        }
        for (id, traffic) in flowing.links {
            self.links[id.0 as usize].add(traffic, arrivals);
        }
        for (cache, store, traffic) in flowing.spared {
            let of_cache = self.spared.entry(cache).or_default();
            match of_cache.iter_mut().find(|it| it.store == store) {
                Some(spared) => {
                    spared.mean += traffic;
                    spared.peak += traffic * factor;
                }
                None => of_cache.push(Spared { store, mean: traffic, peak: traffic * factor }),
            }
        }
    }
}
