//! What a design has too little of for its load: below `least`, as the plan says, and why.
//!
//! Each component has one story at most, so that one fact is one finding: too small for its peak; too small once
//! something is gone; nearly full.

use rustc_hash::FxHashSet;

use super::{Dimension, Planner, Range, Why};
use crate::analysis::Analysis;
use crate::analysis::capacity::{self, Busy, Filled, Grounds, StandIn, exceeds, limit};
use crate::analysis::load::{Traffic, has_unreadable_standby, writes_to_every_node};
use crate::analysis::regions::RegionLoss;
use crate::catalogue::{Kind, Parameters};
use crate::model::{Architecture, Component, ComponentId, GroupId};

/// How a component is too small.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lack {
    /// Its peak is more than all of it carries.
    Overloaded,
    /// Reads fill a store that has neither a cache nor copies to read from, which the more so says what to do.
    Reads,
    /// Writes alone fill each node of a store more than is planned for: more nodes do not help.
    Writes,
    /// Its peak is more than is planned for.
    NearLimit,
    /// With one of its replicas gone the rest are over their capacity: to this part.
    WithoutReplica(f64),
    /// The same with one of its stated zones gone, and so many replicas left.
    WithoutZone {
        /// How many zones there are.
        zones: u32,
        /// How many replicas are left.
        left: u32,
        /// The part of each that is then used.
        share: f64,
    },
    /// The same with a region lost that is to be survived, whose load comes to it.
    WithoutRegion {
        /// The region.
        gone: GroupId,
        /// What comes to it as well.
        more: Traffic,
        /// The part that is then used.
        share: f64,
    },
    /// The same with another component gone, whose load comes to it.
    Without {
        /// The other one.
        gone: ComponentId,
        /// Whether it is the fallback, and carries all of it.
        is_fallback: bool,
        /// What comes to it as well.
        more: Traffic,
        /// The part that is then used.
        share: f64,
    },
}

/// How sure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// All figures are written.
    Stated,
    /// One of them is assumed.
    Assumed,
    /// Several are.
    Guessed,
}

/// A component that is too small for its load.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// The component as it is.
    pub busy: Busy,
    /// How it is too small.
    pub lack: Lack,
    /// Of what it needs more.
    pub dimension: Dimension,
    /// How much of it.
    pub least: u32,
    /// Whether a cache stands before it.
    pub is_cached: bool,
    /// How sure it is.
    pub certainty: Certainty,
    /// What its load rests on that is not written.
    pub load_assumed: Vec<LoadAssumed>,
}

/// What a load rests on that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadAssumed {
    /// The peak over the mean, and the mean alone would not do it.
    Peak,
    /// The hit ratio of what stands before it.
    HitRatio,
    /// That what is not said to read or write reads; if it wrote, there would be room.
    Reads,
    /// That ways or flows without a stated share take even parts.
    EvenParts,
}

/// All shortages, in the order of declaration. A demo has none, and consumers of queues are told with their queue.
pub fn shortages(architecture: &Architecture, analysis: &Analysis) -> Vec<Shortage> {
    if architecture.system.is_demo() || !analysis.load.is_known() {
        return Vec::new();
    }
    let mut search = Search {
        planner: Planner::new(architecture, analysis),
        grounds: Grounds::of(architecture, &analysis.load),
        consumers: capacity::consumers(architecture, &analysis.load),
        cached: capacity::cached_stores(architecture, &analysis.load),
    };
    let components = architecture.components();
    components.filter_map(|component| search.of(component)).collect()
}

/// So much of each is borne whatever replica or zone is gone: of three replicas in two zones one is left.
const ALWAYS_BORNE: f64 = 1.0 / 3.0;

struct Search<'a> {
    planner: Planner<'a>,
    grounds: Grounds,
    consumers: FxHashSet<ComponentId>,
    cached: FxHashSet<ComponentId>,
}

impl Search<'_> {
    fn of(&mut self, component: &Component) -> Option<Shortage> {
        let is_others = component.kind == Kind::ThirdParty || component.kind.is_caller_only();
        if is_others || self.consumers.contains(&component.id) {
            return None;
        }
        let busy = Busy::of(&self.planner.analysis.load, component)?;
        if busy.is_guess(self.planner.architecture, component) {
            return None;
        }
        if self.is_told_of_its_primary(component, &busy) {
            return None;
        }
        let is_cached = self.cached.contains(&component.id);
        let (lack, dimension, least) = self.lack(component, &busy, is_cached)?;
        let over = match lack {
            Lack::Overloaded => limit(),
            // Reads may be over the limit as well; with other figures than the mean's all is over it.
            _ if exceeds(busy.share(), limit()) => limit(),
            _ => self.target(),
        };
        let load_assumed = self.load_assumed(component, &busy, over);
        let is_number_assumed = !busy.is_count_stated && dimension != Dimension::Shards;
        let others = usize::from(busy.capacity.is_assumed) + usize::from(is_number_assumed);
        let certainty = match load_assumed.len() + others {
            0 => Certainty::Stated,
            1 => Certainty::Assumed,
            _ => Certainty::Guessed,
        };
        // An overload on stated figures is told as such, whatever fills it.
        let is_reads = lack == Lack::Overloaded
            && certainty != Certainty::Stated
            && self.is_about_reads(component, &busy);
        let lack = if is_reads { Lack::Reads } else { lack };
        Some(Shortage { busy, lack, dimension, least, is_cached, certainty, load_assumed })
    }

    /// The utilisation that is planned for, at peak.
    fn target(&self) -> f64 {
        self.planner.architecture.parameters.utilisation_target.value
    }

    fn load_assumed(&self, component: &Component, busy: &Busy, over: f64) -> Vec<LoadAssumed> {
        let mut assumed = Vec::new();
        if self.grounds.is_peak_assumed && !exceeds(busy.mean, over) {
            assumed.push(LoadAssumed::Peak);
        }
        if self.grounds.is_load_assumed(component.id) {
            assumed.push(LoadAssumed::HitRatio);
        }
        if busy.peak.other.is_positive() && !exceeds(busy.share_if_written(component), over) {
            assumed.push(LoadAssumed::Reads);
        }
        if self.grounds.is_split_assumed(component.id) {
            assumed.push(LoadAssumed::EvenParts);
        }
        assumed
    }

    /// Whether it is a copy that only the writes of its primary fill, as they fill that one.
    fn is_told_of_its_primary(&self, component: &Component, busy: &Busy) -> bool {
        let is_full = |busy: &Busy| exceeds(busy.writes, self.target());
        if !component.is_replica() || !is_full(busy) || exceeds(busy.reads, self.target()) {
            return false;
        }
        let architecture = self.planner.architecture;
        let mut copied = architecture.links_to(component.id).filter(|link| link.copies_data());
        copied.any(|link| {
            let primary = architecture.component(link.source);
            Busy::of(&self.planner.analysis.load, primary).is_some_and(|it| is_full(&it))
        })
    }

    fn lack(
        &mut self,
        component: &Component,
        busy: &Busy,
        is_cached: bool,
    ) -> Option<(Lack, Dimension, u32)> {
        let share = busy.share();
        if exceeds(share, limit()) {
            let (dimension, least) = self.remedy(component, busy)?;
            return Some((Lack::Overloaded, dimension, least));
        }
        if let Some((lack, least)) = self.on_loss(component, busy) {
            return Some((lack, Dimension::Replicas, least));
        }
        if !exceeds(share, self.target()) {
            return None;
        }
        let (dimension, least) = self.remedy(component, busy)?;
        let lack = match dimension {
            Dimension::Shards => Lack::Writes,
            _ if !is_cached && self.is_about_reads(component, busy) => Lack::Reads,
            _ => Lack::NearLimit,
        };
        Some((lack, dimension, least))
    }

    /// Of what there is less than the plan asks for.
    fn remedy(&mut self, component: &Component, busy: &Busy) -> Option<(Dimension, u32)> {
        let below = |range: Range, have: u32| (range.least > have).then_some(range.least);
        let writes_alone = exceeds(busy.writes, self.target());
        if writes_to_every_node(component) && writes_alone {
            let range = self.planner.range(component, Dimension::Shards);
            return below(range, component.shards() as u32).map(|least| (Dimension::Shards, least));
        }
        if !(component.kind.is_store() && has_unreadable_standby(component))
            && let Some(least) = self.count_for_load(component, busy)
            && least > busy.replicas
        {
            return Some((Dimension::Replicas, least));
        }
        below(self.planner.range(component, Dimension::Cache), 0).map(|least| (Dimension::Cache, least))
    }

    /// Whether reads fill it, and nothing takes any off it.
    fn is_about_reads(&self, component: &Component, busy: &Busy) -> bool {
        component.kind == Kind::Database
            && busy.filled() == Filled::ByReads
            // What is not said to read can't be told to.
            && busy.peak.reads >= busy.peak.other
            && !self.cached.contains(&component.id)
            && (busy.replicas < 2 || has_unreadable_standby(component))
            && !component.has_copies()
            && !component.is_replica()
    }

    /// How many the load asks for; where flows without a rate come on top of it, what is known of it.
    fn count_for_load(&self, component: &Component, busy: &Busy) -> Option<u32> {
        let reasons = self.planner.reasons(component).into_iter().flatten();
        let asked = reasons.into_iter().find(|(_, why)| *why == Why::Load).map(|(count, _)| count);
        let target = self.target() * (1.0 + 1e-9);
        let carries = |count: u32| busy.capacity.share(component, busy.peak, f64::from(count)) <= target;
        let is_followed = self.planner.analysis.load.unfollowed == 0;
        asked.or_else(|| capacity::least(carries).filter(|_| is_followed))
    }

    /// What it can't bear the loss of, where the plan says that it must.
    fn on_loss(&self, component: &Component, busy: &Busy) -> Option<(Lack, u32)> {
        let other = self.planner.stand_ins.get(&component.id);
        let lost = self.planner.region_losses.get(&component.id);
        if busy.share() <= ALWAYS_BORNE && other.is_none() && lost.is_none() {
            return None;
        }
        let reasons = self.planner.reasons(component)?;
        let asked = |why: Why| {
            let count = reasons.iter().find(|it| it.1 == why).map(|it| it.0);
            count.filter(|count| *count > busy.replicas)
        };
        let whys = [Why::LossOfReplica, Why::LossOfZone, Why::LossOfRegion, Why::TakingOver];
        let enough = whys.into_iter().filter_map(asked).max()?;
        // The largest loss is told, for what bears it mostly bears the others.
        if asked(Why::LossOfRegion).is_some()
            && let Some(RegionLoss { gone, more }) = lost.copied()
        {
            let share = busy.share_with(component, more, busy.replicas);
            return Some((Lack::WithoutRegion { gone, more, share }, enough));
        }
        // Where a zone holds one of them its loss is the same.
        if asked(Why::LossOfZone).is_some()
            && let Some(zones) = self.planner.stated_zones(component)
            && let Some((share, left)) = busy.without_zone(component, zones)
            && left + 1 < busy.replicas
        {
            return Some((Lack::WithoutZone { zones, left, share }, enough));
        }
        if asked(Why::LossOfReplica).or(asked(Why::LossOfZone)).is_some()
            && let Some(share) = busy.without_replica(component)
        {
            return Some((Lack::WithoutReplica(share), enough));
        }
        asked(Why::TakingOver)?;
        let other = other?;
        let share = busy.share_with(component, other.more, busy.replicas);
        let StandIn { gone, more, is_fallback } = *other;
        let lack = Lack::Without { gone, is_fallback, more, share };
        Some((lack, enough))
    }
}

impl LoadAssumed {
    /// As a note says it.
    pub fn note(self, parameters: &Parameters) -> String {
        match self {
            Self::Peak => capacity::assumed_peak(parameters),
            Self::HitRatio => {
                "assumed: the share of reads that is answered before it (`hit_ratio`)".to_owned()
            }
            Self::Reads => {
                "nothing says how much of it reads and how much writes (`reads_per_write`): taken as reads"
                    .to_owned()
            }
            Self::EvenParts => {
                "assumed: ways and flows that state no `share` take even parts of what is left".to_owned()
            }
        }
    }
}

impl Shortage {
    /// What it rests on that is not written, a note each.
    pub fn assumptions(&self, parameters: &Parameters, component: &Component) -> Vec<String> {
        let mut notes: Vec<String> = self.busy.assumption(component).into_iter().collect();
        notes.extend(self.load_assumed.iter().map(|it| it.note(parameters)));
        if !self.busy.is_count_stated {
            notes.push("no replica count is stated, and is read as one".to_owned());
        }
        notes
    }

    /// How busy each of so many would be, with what comes to them when another is gone.
    pub fn share_after(&self, component: &Component, count: u32) -> f64 {
        let more = match self.lack {
            Lack::Without { more, .. } | Lack::WithoutRegion { more, .. } => more,
            _ => Traffic::NONE,
        };
        self.busy.share_with(component, more, count)
    }

    /// What to do about it.
    pub fn advice(&self, parameters: &Parameters, component: &Component) -> String {
        self.busy.advice(parameters, component, self.is_cached)
    }

    /// Whether it is one of many that only the catalogue finds too small: what holds nothing, and may be as large as
    /// its team likes. They are told together.
    pub fn is_told_with_others(&self, component: &Component) -> bool {
        self.busy.capacity.is_assumed && component.kind.is_stateless()
    }
}
