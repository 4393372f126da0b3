//! What follows from a design: pure functions of the architecture, which no rule computes again.

pub mod asking;
pub mod assumptions;
pub mod availability;
pub mod backlog;
pub mod blame;
pub mod capacity;
pub mod consistency;
pub mod diff;
pub mod estimate;
pub mod failover;
pub mod idle;
pub mod improve;
pub mod journey;
pub mod latency;
pub mod load;
pub mod messaging;
pub mod missed;
pub mod needs;
pub mod ownership;
pub mod pairs;
pub mod plan;
pub mod queueing;
pub mod regions;
pub mod reliability;
pub mod resources;
pub mod retries;
pub mod storage;
pub mod touched;
pub mod trust;
pub mod waiting;
pub mod what_if;

use std::sync::OnceLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::model::{Architecture, ComponentId, FlowId};
use availability::FlowAvailability;
use backlog::Backlogs;
use journey::Journey;
use latency::{Latencies, Latency, Miss};
use load::{Circumstances, Load};
use plan::{Plan, Shortage};
use regions::RegionLoss;
use reliability::Budget;
use retries::CallersFirst;
use touched::Touched;
use trust::Trust;

/// State updates that the availability of one design may take, and as many again for each of its elements:
/// some tenths of a second for a small one.
const BUDGET: u64 = 10_000_000;
const BUDGET_PER_ELEMENT: u64 = 200;

/// Components that all journeys of one design together may come to before the others are not followed, and as many
/// again for each of its components: a few seconds.
const LOOKS: usize = 200_000;
const LOOKS_PER_COMPONENT: usize = 5;
/// To follow the load is so many times as fast.
const LOOKS_OF_LOAD: usize = 5;

/// How many components all journeys of one design may come to.
fn looks(architecture: &Architecture) -> usize {
    LOOKS + LOOKS_PER_COMPONENT * architecture.components().len()
}

/// How many they may come to for the load.
fn looks_of_load(architecture: &Architecture) -> usize {
    LOOKS_OF_LOAD * looks(architecture)
}

/// From so many components on a design is worth the work of several threads.
const LARGE: usize = 400;

/// Whether a design is worth the work of several threads: a small one is done before others have woken up.
pub fn is_large(architecture: &Architecture) -> bool {
    architecture.components().len() >= LARGE
}

/// The effort that the availability of one design may take.
fn budget(architecture: &Architecture) -> Budget {
    Budget::new(BUDGET + BUDGET_PER_ELEMENT * architecture.components().len() as u64)
}

/// All that was computed from a design.
#[derive(Debug)]
pub struct Analysis {
    /// The flows as they are judged.
    pub journeys: Vec<Journey>,
    /// The same before they are split by route: these carry the traffic.
    pub bases: Vec<Journey>,
    /// What each component and link carries.
    pub load: Load,
    /// The availability of each journey, in their order.
    pub availability: Vec<FlowAvailability>,
    /// Who is trusted with what.
    pub trust: Trust,
    plan: OnceLock<Plan>,
    backlogs: OnceLock<Backlogs>,
    region_losses: OnceLock<FxHashMap<ComponentId, RegionLoss>>,
    touched: OnceLock<Vec<Touched>>,
    unwaited: OnceLock<FxHashSet<ComponentId>>,
    callers_first: OnceLock<CallersFirst>,
    latencies: Latencies,
    shortages: OnceLock<Vec<Shortage>>,
}

impl Analysis {
    /// Computes it.
    pub fn of(architecture: &Architecture) -> Self {
        Self::under(architecture, &Circumstances::default())
    }

    /// Computes it with the load that comes under some circumstances.
    pub fn under(architecture: &Architecture, circumstances: &Circumstances) -> Self {
        Self::within(architecture, circumstances, looks(architecture), looks_of_load(architecture))
    }

    /// Computes it, and follows journeys only until they came to so many components together, and for the load to so
    /// many.
    pub fn within(
        architecture: &Architecture,
        circumstances: &Circumstances,
        looks: usize,
        looks_of_load: usize,
    ) -> Self {
        let of_journeys = || {
            let bases = journey::bases(architecture);
            let mut journeys = journey::journeys(architecture, &bases, &mut looks.clone());
            let load = Load::within(architecture, &bases, circumstances, looks_of_load);
            let mut budget = budget(architecture);
            let availability =
                availability::judge_all(architecture, &load, &mut journeys, &mut budget, &mut looks.clone());
            (bases, journeys, load, availability)
        };
        // What follows from the links alone: of a large design it is worked out beside the rest.
        let (trust, (bases, journeys, load, availability)) = if is_large(architecture) {
            rayon::join(|| Trust::of(architecture), of_journeys)
        } else {
            (Trust::of(architecture), of_journeys())
        };
        Self {
            journeys,
            bases,
            load,
            availability,
            trust,
            plan: OnceLock::new(),
            backlogs: OnceLock::new(),
            region_losses: OnceLock::new(),
            touched: OnceLock::new(),
            unwaited: OnceLock::new(),
            callers_first: OnceLock::new(),
            latencies: Latencies::default(),
            shortages: OnceLock::new(),
        }
    }

    /// What the design could do without; worked out when it is first asked for.
    pub fn plan(&self, architecture: &Architecture) -> &Plan {
        self.plan.get_or_init(|| Plan::of(architecture, self))
    }

    /// The queues with those who work on them; worked out when they are first asked for.
    pub fn backlogs(&self, architecture: &Architecture) -> &Backlogs {
        self.backlogs.get_or_init(|| Backlogs::of(architecture, &self.load))
    }

    /// What comes to components when a region is lost that is to be survived; worked out when it is first asked for.
    pub fn region_losses(&self, architecture: &Architecture) -> &FxHashMap<ComponentId, RegionLoss> {
        self.region_losses.get_or_init(|| regions::region_losses(architecture, self))
    }

    /// Programs that work behind a queue or by the clock alone, so that nobody waits for them.
    pub fn unwaited(&self, architecture: &Architecture) -> &FxHashSet<ComponentId> {
        self.unwaited.get_or_init(|| waiting::unwaited(architecture))
    }

    /// What each journey comes to while somebody waits; worked out when it is first asked for.
    pub fn touched(&self, architecture: &Architecture) -> &[Touched] {
        self.touched.get_or_init(|| touched::touched(architecture, &self.journeys))
    }

    /// The components, each after those that wait for it; worked out when it is first asked for.
    pub fn callers_first(&self, architecture: &Architecture) -> &CallersFirst {
        self.callers_first.get_or_init(|| CallersFirst::of(architecture))
    }

    /// How long the journey at this place takes until it is answered; worked out when it is first asked for.
    pub fn latency(&self, architecture: &Architecture, at: usize) -> &Latency {
        self.latencies.answered(architecture, self, at)
    }

    /// How long it takes to its end, behind queues and in copies, as far as its path goes.
    pub fn latency_to_the_end(&self, architecture: &Architecture, at: usize) -> &Latency {
        self.latencies.completed(architecture, self, at)
    }

    /// What takes longer than is asked of it.
    pub fn missed_latencies(&self, architecture: &Architecture) -> &[Miss] {
        self.latencies.misses(architecture, self)
    }

    /// How long requests wait for their turn at a component at peak, where load and capacity are known.
    pub fn waiting(&self, architecture: &Architecture, component: ComponentId) -> Option<latency::Waiting> {
        self.latencies.waiting(architecture, &self.load, component)
    }

    /// What the design has too little of for its load; worked out when it is first asked for.
    pub fn shortages(&self, architecture: &Architecture) -> &[Shortage] {
        self.shortages.get_or_init(|| plan::shortages(architecture, self))
    }

    /// How many journeys the design was too large to follow: of their availability nothing is known, and the load of
    /// everything may be more than is known.
    pub fn unfollowed(&self) -> usize {
        let left_out = self.journeys.iter().filter(|it| it.is_unfollowed).count();
        left_out.max(self.load.unfollowed)
    }

    /// The journeys with their availability, in order.
    pub fn judged(&self) -> impl Iterator<Item = (&Journey, &FlowAvailability)> {
        self.journeys.iter().zip(&self.availability)
    }

    /// The journeys that need each of some components, by their places.
    pub fn journeys_through(
        &self,
        is_wanted: impl Fn(ComponentId) -> bool,
    ) -> FxHashMap<ComponentId, Vec<usize>> {
        let mut found: FxHashMap<ComponentId, Vec<usize>> = FxHashMap::default();
        for (at, judged) in self.availability.iter().enumerate() {
            for id in judged.needed.iter().copied().filter(|id| is_wanted(*id)) {
                found.entry(id).or_default().push(at);
            }
        }
        found
    }

    /// The journeys of a flow that is written.
    pub fn journeys_of(&self, flow: FlowId) -> impl Iterator<Item = &Journey> {
        self.journeys.iter().filter(move |journey| journey.flow == Some(flow))
    }
}
