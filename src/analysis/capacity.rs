//! How full a design's nodes are: what fills them, what breaks first, and what is left when something is gone.
//!
//! All of it is local and linear: the busiest node of a store uses R ÷ (n·c_r) + W ÷ c_w, what has no state spreads
//! all of it, and a load that comes so many times fills everything so many times.

mod grounds;
mod ladder;
mod standing_in;
mod told;

use rustc_hash::FxHashSet;

pub use grounds::Grounds;
pub(in crate::analysis) use ladder::least;
pub use ladder::{Rung, next_rung};
pub use standing_in::{StandIn, stand_ins};
pub use told::{assumed_hit_ratio, assumed_peak, times, written};

use super::Analysis;
use super::availability::{FlowAvailability, has_primary};
use super::load::{Capacity, Load, Traffic, has_unreadable_standby, writes_to_every_node};
use super::{backlog, messaging};
use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Properties, Property, Replicas};
use crate::quantity::Rate;
use crate::worked::Worked;

/// What fills a component's busiest node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Mostly reads, and what is not said to do either.
    ByReads,
    /// Mostly writes, which every node of a shard applies.
    ByWrites,
}

/// How full a component's busiest node is at its peak.
#[derive(Clone, Debug, PartialEq)]
pub struct Busy {
    /// The component.
    pub component: ComponentId,
    /// What comes to it at its peak.
    pub peak: Traffic,
    /// What one node carries.
    pub capacity: Capacity,
    /// How many nodes carry it; of a range the most, of a log's consumers one a partition.
    pub replicas: u32,
    /// Whether so many are stated.
    pub is_count_stated: bool,
    /// Whether a log has no partitions for more.
    pub is_held: bool,
    /// The part of the busiest node that reads use, with what is not said to do either.
    pub reads: f64,
    /// The part that writes use.
    pub writes: f64,
    /// The part that is used on average.
    pub mean: f64,
}

impl Busy {
    /// Of a component; nothing where its load, its capacity or its number is unknown.
    pub fn of(load: &Load, component: &Component) -> Option<Self> {
        let replicas = load.carriers(component)?;
        let demand = load.component(component.id);
        let capacity = Capacity::of(component).filter(|_| demand.is_reached)?;
        // How many nodes a provider runs nobody knows; what is written of a store that it runs is of all of it.
        let is_elastic = component.replicas == Replicas::Unstated && component.is_managed();
        if is_elastic && (capacity.is_assumed || !component.kind.is_store()) {
            return None;
        }
        let nodes = f64::from(replicas);
        let peak = demand.peak;
        Some(Self {
            component: component.id,
            peak,
            capacity,
            replicas,
            is_count_stated: component.replicas != Replicas::Unstated || is_elastic,
            is_held: load.is_held(component, replicas),
            reads: capacity.share(component, Traffic { writes: Rate::ZERO, ..peak }, nodes),
            writes: capacity.share(component, Traffic::of_writes(peak.writes), nodes),
            mean: capacity.share(component, demand.mean, nodes),
        })
    }

    /// Whether so little is said that nothing follows: neither what one carries nor how many there are, nor, of what
    /// only sends, that it is one part. A primary is drawn as one where its number is not said.
    pub fn is_guess(&self, architecture: &Architecture, component: &Component) -> bool {
        let is_source = architecture.links_to(component.id).len() == 0;
        let is_number_needed = !has_primary(component);
        self.capacity.is_assumed && (is_source || !self.is_count_stated && is_number_needed)
    }

    /// The part of its busiest node that the peak uses, 1 is full.
    pub fn share(&self) -> f64 {
        self.reads + self.writes
    }

    /// The same if all that is not said to read or write wrote.
    pub fn share_if_written(&self, component: &Component) -> f64 {
        let Traffic { reads, writes, other } = self.peak;
        let written = Traffic { reads, writes: writes + other, other: Rate::ZERO };
        self.capacity.share(component, written, f64::from(self.replicas))
    }

    /// How many times today's load fills it.
    pub fn headroom(&self) -> f64 {
        1.0 / self.share()
    }

    /// What fills it.
    pub fn filled(&self) -> Filled {
        if self.writes > self.reads { Filled::ByWrites } else { Filled::ByReads }
    }

    /// The same with so much more coming to so many nodes.
    pub fn share_with(&self, component: &Component, more: Traffic, replicas: u32) -> f64 {
        self.capacity.share(component, self.peak + more, f64::from(replicas))
    }

    /// What is left when one of its nodes is gone; nothing where there is one, where their number follows the load,
    /// and where the others only wait.
    pub fn without_replica(&self, component: &Component) -> Option<f64> {
        let is_counted =
            matches!(component.replicas, Replicas::Stated { least, .. } if least == self.replicas);
        (is_counted && self.replicas > 1 && !has_unreadable_standby(component))
            .then(|| self.share_with(component, Traffic::NONE, self.replicas - 1))
    }

    /// What is left when one of so many zones is gone, with the nodes that are: the first zone holds the most.
    pub fn without_zone(&self, component: &Component, zones: u32) -> Option<(f64, u32)> {
        let left =
            self.replicas.checked_sub(self.replicas.div_ceil(zones.max(1))).filter(|left| *left > 0)?;
        let is_readable = self.without_replica(component).is_some();
        is_readable.then(|| (self.share_with(component, Traffic::NONE, left), left))
    }

    /// How the part came about: `30 000/s ÷ 20 000/s ÷ 3 + 2 000/s ÷ 5 000/s`.
    pub fn worked(&self, component: &Component) -> Worked<f64> {
        self.worked_with(component, Traffic::NONE, self.replicas)
    }

    /// The same with so much more coming to so many nodes.
    pub fn worked_with(&self, component: &Component, more: Traffic, replicas: u32) -> Worked<f64> {
        let peak = self.peak + more;
        let over = |worked: Worked<f64>, count: f64| {
            if count > 1.0 { worked / Worked::given(count, figures::number(count)) } else { worked }
        };
        let part = |rate: Rate, carried: Rate, nodes: f64| {
            let rate = Worked::given(rate, rate.to_string());
            let worked = rate / Worked::given(carried, carried.to_string());
            over(over(worked, nodes), component.shards())
        };
        let nodes = f64::from(replicas.max(1));
        let reads = peak.reads + peak.other;
        let is_written_on_each = writes_to_every_node(component);
        if !is_written_on_each && self.capacity.reads == self.capacity.writes {
            return part(peak.total(), self.capacity.reads, nodes);
        }
        let readers = if has_unreadable_standby(component) && is_written_on_each { 1.0 } else { nodes };
        let of_reads = part(reads, self.capacity.reads, readers);
        let of_writes = part(peak.writes, self.capacity.writes, if is_written_on_each { 1.0 } else { nodes });
        // Where only one of the two capacities is written the other takes nothing.
        let takes = |rate: Rate, carried: Rate| rate.is_positive() && carried.is_finite();
        match (takes(reads, self.capacity.reads), takes(peak.writes, self.capacity.writes)) {
            (true, false) => of_reads,
            (false, true) => of_writes,
            _ => of_reads + of_writes,
        }
    }
}

/// All whose load and capacity are known, the fullest first.
pub fn busiest(architecture: &Architecture, load: &Load) -> Vec<Busy> {
    let mut found: Vec<Busy> = architecture
        .components()
        .filter(|component| is_judged(component))
        .filter_map(|component| {
            let busy = Busy::of(load, component)?;
            (busy.share() > 0.0 && !busy.is_guess(architecture, component)).then_some(busy)
        })
        .collect();
    found.sort_by(|a, b| b.share().total_cmp(&a.share()).then(a.component.cmp(&b.component)));
    found
}

/// Whether its own team can give it more: what is another's has a quota instead.
fn is_judged(component: &Component) -> bool {
    component.kind != Kind::ThirdParty && !component.kind.is_caller_only()
}

/// The fullest of what a journey needs.
pub fn bottleneck<'a>(judged: &FlowAvailability, busiest: &'a [Busy]) -> Option<&'a Busy> {
    let needed: FxHashSet<ComponentId> = judged.needed.iter().copied().collect();
    busiest.iter().find(|busy| needed.contains(&busy.component))
}

/// Who works off a queue or a stream, or gets more pushed at it than it carries: that it falls behind is told of what
/// brings it its work. A store that a log fills is a store like others.
pub fn consumers(architecture: &Architecture, load: &Load) -> FxHashSet<ComponentId> {
    let working = messaging::queues(architecture)
        .flat_map(|queue| messaging::consumers(architecture, queue))
        .filter(|(_, consumer)| consumer.kind.is_compute())
        .map(|(_, consumer)| consumer.id);
    let pushes = backlog::pushes(architecture, load);
    let overwhelmed = pushes.iter().filter(|it| it.is_too_much()).map(|it| it.target.id);
    working.chain(overwhelmed).collect()
}

/// Stores that a cache stands before.
pub fn cached_stores(architecture: &Architecture, load: &Load) -> FxHashSet<ComponentId> {
    let mut found = FxHashSet::default();
    for cache in architecture.of_kind(Kind::Cache) {
        found.extend(load.spared_by(cache.id).iter().map(|spared| spared.store));
        found.extend(architecture.references(cache, Property::Caches));
    }
    found
}

/// How many users there would be at so many times today's load: `14M daily users`; nothing where no number of users
/// is stated.
pub fn users_at(properties: &Properties, factor: f64) -> Option<String> {
    let counted = [
        (Property::DailyUsers, "daily users"),
        (Property::Users, "users"),
        (Property::MonthlyUsers, "monthly users"),
    ];
    let (users, word) =
        counted.into_iter().find_map(|(property, word)| Some((properties.figure(property)?, word)))?;
    Some(format!("{} {word}", figures::number(floored(users * factor))))
}

/// So many that it still holds: three digits, never rounded up.
pub fn floored(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10_f64.powi(value.log10().floor() as i32 - 2);
    (value / unit + 1e-9).floor() * unit
}

/// The utilisation that can't be sustained.
pub fn limit() -> f64 {
    Parameters::UTILISATION_LIMIT.value
}

/// Whether a part is over a limit; equality but for rounding is not.
pub fn exceeds(share: f64, limit: f64) -> bool {
    share > limit * (1.0 + 1e-9)
}

/// What a cache that answers nothing does to a store behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cold {
    /// The cache.
    pub cache: ComponentId,
    /// The store.
    pub store: ComponentId,
    /// What comes to the store as well.
    pub more: Traffic,
    /// The store as it is.
    pub warm: Busy,
    /// The part of its busiest node that is then used.
    pub cold: f64,
}

impl Cold {
    /// How many times the reads come to the store then: 1 ÷ (1 − h).
    pub fn times(&self) -> f64 {
        let warm = self.warm.peak.reads + self.warm.peak.other;
        (warm + self.more.reads) / warm
    }
}

/// For each cache the store that suffers most without it.
pub fn cold_caches(architecture: &Architecture, analysis: &Analysis) -> Vec<Cold> {
    let load = &analysis.load;
    architecture.of_kind(Kind::Cache).filter_map(|cache| cold(architecture, load, cache)).collect()
}

fn cold(architecture: &Architecture, load: &Load, cache: &Component) -> Option<Cold> {
    let of_store = |spared: &super::load::Spared| {
        let store = architecture.component(spared.store);
        let warm = Busy::of(load, store)?;
        let cold = warm.share_with(store, spared.peak, warm.replicas);
        Some(Cold { cache: cache.id, store: store.id, more: spared.peak, warm, cold })
    };
    load.spared_by(cache.id).iter().filter_map(of_store).max_by(|a, b| a.cold.total_cmp(&b.cold))
}
