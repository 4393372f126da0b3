//! Queues against those who work on them: what comes in, what is worked off, what waits, and for how long.
//!
//! Consumers that share the messages of a queue are judged together; whoever gets a copy of a log is judged by itself.
//! The formulas are those of a queue with a steady stream in and a steady pace out: with λ what comes and μ what is
//! worked off, it grows by λ − μ, and an outage of T leaves λT, which takes λT ÷ (μ − λ) to work off.

mod course;
mod limits;
mod push;

pub use course::{
    Course, capacity_to_drain, growth, in_flight, left_by_outage, time_to_age, time_to_drain,
    time_to_drain_after, time_to_fill, waited,
};
pub use limits::{Kept, Limit, Limits};
pub use push::{Push, pushes};

use std::cell::OnceCell;
use std::fmt;

use rustc_hash::{FxHashMap, FxHashSet};

use super::availability::unit;
use super::load::{Demand, Load};
use super::messaging;
use super::resources;
use crate::catalogue::{Confidence, Fact, Facts, Kind, Parameters};
use crate::figures;
use crate::model::{Architecture, CallTree, Component, ComponentId, Link, LinkId, Property, Replicas};
use crate::quantity::{Duration, Rate, Size};
use crate::syntax::ast::{Dimension, Relation};
use crate::worked::Worked;

/// For how long the peak lasts: it is the rate of the busiest hour.
pub const BUSY_HOUR: Duration = Duration::new(3600.0);

/// An amount on average and in the busiest hour.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Amount {
    /// On average.
    pub mean: Rate,
    /// In the busiest hour.
    pub peak: Rate,
}

impl Amount {
    fn add(&mut self, mean: Rate, peak: Rate) {
        self.mean += mean;
        self.peak += peak;
    }
}

/// `300/s at peak, 100/s on average`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (peak, mean) = (self.peak.to_string(), self.mean.to_string());
        if peak == mean { f.write_str(&peak) } else { write!(f, "{peak} at peak, {mean} on average") }
    }
}

/// What one queue brings to its consumers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Feed {
    /// The queue or stream.
    pub queue: ComponentId,
    /// What comes out of it for these consumers, if they keep up.
    pub amount: Amount,
}

/// On what it rests how much a consumer works off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// Its `capacity` is written.
    Written,
    /// Its `service_time` is written, and how many it does at once is the catalogue's.
    ServiceTime {
        /// The time of one.
        time: Duration,
        /// How many at once.
        concurrency: Fact,
    },
    /// All of it is the catalogue's.
    Catalogue(Fact),
}

/// What one replica works off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    /// How much.
    pub each: Rate,
    /// On what it rests.
    pub basis: Basis,
}

/// How many replicas work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crew {
    /// So many, at their most.
    Of(u32),
    /// Nothing is said: one is drawn.
    Drawn,
    /// All of it is one, whose limit is of the whole: a function.
    Whole,
    /// As many as it takes.
    Endless,
    /// As many as somebody else sees fit.
    Managed,
}

impl Crew {
    fn count(self) -> Option<f64> {
        match self {
            Self::Of(count) => Some(f64::from(count)),
            Self::Drawn | Self::Whole => Some(1.0),
            Self::Endless | Self::Managed => None,
        }
    }
}

/// Who works on a queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Consumer {
    /// Who.
    pub component: ComponentId,
    /// The link by which the first of the queues brings it messages.
    pub link: LinkId,
    /// What one replica works off, where that is known.
    pub pace: Option<Pace>,
    /// How many there are.
    pub crew: Crew,
    /// How many can work at once: one a partition, where all that it gets comes from logs that say how many they have.
    pub partitions: Option<f64>,
}

impl Consumer {
    fn of(architecture: &Architecture, queue: &Component, link: &Link, component: &Component) -> Self {
        // What is worked off at night, or by the clock, need not keep up.
        let is_steady = !link.has(Property::Batch)
            && !component.has(Property::Batch)
            && !component.has(Property::Every)
            && component.kind.is_compute();
        let crew = crew(component);
        let pace = if is_steady { pace(architecture, queue, component) } else { None };
        Self { component: component.id, link: link.id, pace, crew, partitions: None }
    }

    /// How many work at once; nothing where there is no end to it.
    pub fn working(&self) -> Option<f64> {
        match (self.crew, self.partitions) {
            (Crew::Endless, partitions) => partitions,
            (crew, Some(partitions)) => Some(crew.count()?.min(partitions)),
            (crew, None) => crew.count(),
        }
    }

    /// Whether more of it would not work more: each partition has its one.
    pub fn is_held_by_partitions(&self) -> bool {
        self.working().is_some_and(|working| self.crew.count() != Some(working))
    }

    /// What all its replicas work off, with how that comes about; nothing where there is no limit, or none known.
    pub fn capacity(&self) -> Option<Worked<Rate>> {
        let pace = self.pace?;
        let count = self.working()?;
        let each = match pace.basis {
            Basis::ServiceTime { time, concurrency } => {
                let at_once = Worked::given(
                    concurrency.value,
                    format!("{} at once", figures::number(concurrency.value)),
                );
                at_once / Worked::given(time, time.to_string())
            }
            Basis::Written | Basis::Catalogue(_) => Worked::given(pace.each, pace.each.to_string()),
        };
        if self.crew == Crew::Whole {
            return Some(each);
        }
        Some(Worked::given(count, format!("{count}")) * each)
    }

    /// Whether replicas are added as the work grows.
    pub fn is_scaled(&self, architecture: &Architecture) -> bool {
        let component = architecture.component(self.component);
        let is_range = matches!(component.replicas, Replicas::Stated { least, most } if most.is_none_or(|it| it > least));
        is_range || self.crew == Crew::Whole || component.has(Property::Autoscale)
    }
}

/// How many replicas of a consumer work at their most.
fn crew(component: &Component) -> Crew {
    if let Some(most) = component.figure_of(Property::Autoscale, Dimension::Number) {
        return Crew::Of(most as u32);
    }
    match component.replicas {
        Replicas::Stated { most: Some(most), .. } => Crew::Of(most),
        Replicas::Stated { most: None, .. } => Crew::Endless,
        _ if component.kind == Kind::Function => Crew::Whole,
        Replicas::Managed => Crew::Managed,
        Replicas::Unstated => Crew::Drawn,
    }
}

/// What one replica of a consumer works off: as it is written, else as its service time lets it, else as others of its
/// kind do. What is written of batches is in it already.
fn pace(architecture: &Architecture, queue: &Component, component: &Component) -> Option<Pace> {
    let is_whole = crew(component) == Crew::Whole;
    // What a function carries as a whole is bounded by how many of it run, not by one.
    let is_single = |it: &Pace| it.each.is_positive() && !is_whole;
    if let Some(each) = component.rate(Property::Capacity) {
        return Some(Pace { each, basis: Basis::Written }).filter(is_single);
    }
    if let Some(bytes) = component.throughput(Property::Capacity) {
        let each = bytes / messaging::message_size(architecture, queue)?;
        return Some(Pace { each, basis: Basis::Written }).filter(is_single);
    }
    // Capacities of reads and writes apart say nothing of messages.
    if component.is_stated(Property::Capacity)
        || component.is_stated(Property::ReadCapacity)
        || component.is_stated(Property::WriteCapacity)
    {
        return None;
    }
    let known = |fact: fn(&Facts) -> Option<Fact>| component.known().get(fact);
    if let Some(concurrency) = known(|facts| facts.concurrency)
        && let Some(time) = component.duration(Property::ServiceTime).filter(|it| it.is_positive())
    {
        let each = concurrency.value / time;
        return Some(Pace { each, basis: Basis::ServiceTime { time, concurrency } });
    }
    let fact = known(|facts| facts.capacity).filter(|_| !is_whole)?;
    Some(Pace { each: fact.rate(), basis: Basis::Catalogue(fact) })
}

/// Consumers that share their work, and the queues that bring it.
#[derive(Clone, Debug, PartialEq)]
pub struct Backlog {
    /// The queues, in order.
    pub feeds: Vec<Feed>,
    /// Who works on them.
    pub consumers: Vec<Consumer>,
    /// What else the consumers do: what others ask of them.
    pub other: Amount,
    /// Whether all that comes to them is known.
    pub is_known: bool,
    /// Whether any of their peak rests on the catalogue's factor.
    pub is_peak_assumed: bool,
    /// The quota that lets them work off the least, where only they call by it and do nothing else.
    pub quota: Option<Allowance>,
}

/// What somebody whom consumers call for their messages allows them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Allowance {
    /// Who.
    pub by: ComponentId,
    /// Calls a second that are allowed.
    pub calls: Rate,
    /// Messages a second for which they suffice.
    pub messages: Rate,
    /// Whether it is the catalogue's.
    pub is_assumed: bool,
}

impl Allowance {
    /// The quota that so many messages a second ask for.
    pub fn calls_for(&self, messages: Rate) -> Rate {
        self.calls * (messages / self.messages)
    }

    /// ` (assumed)` where it is the catalogue's, for the end of a phrase.
    pub fn mark(&self) -> &'static str {
        if self.is_assumed { " (assumed)" } else { "" }
    }
}

/// How consumers stand against their load at peak; each is said by one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// There is room.
    Easy,
    /// Over what one plans for.
    Narrow,
    /// So busy that a burst waits long.
    Tight,
    /// More comes than is worked off.
    Behind,
}

/// How busy consumers are: 1 is all that they can do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Busy {
    /// On average.
    pub mean: f64,
    /// In the busiest hour.
    pub peak: f64,
}

impl Backlog {
    /// What the queues bring.
    pub fn arriving(&self) -> Amount {
        let mut sum = Amount::default();
        for feed in &self.feeds {
            sum.add(feed.amount.mean, feed.amount.peak);
        }
        sum
    }

    /// All that the consumers do.
    pub fn work(&self) -> Amount {
        let mut sum = self.arriving();
        sum.add(self.other.mean, self.other.peak);
        sum
    }

    /// What the consumers work off together, with how that comes about.
    pub fn capacity(&self) -> Option<Worked<Rate>> {
        self.consumers.iter().map(Consumer::capacity).try_fold(None, |sum, each| {
            let each = each?;
            Some(Some(match sum {
                Some(sum) => sum + each,
                None => each,
            }))
        })?
    }

    /// How busy the consumers are, where load and capacity are known.
    pub fn busy(&self) -> Option<Busy> {
        let capacity = self.capacity()?.value;
        let work = self.work();
        let is_figure = self.is_known && work.peak.is_positive() && capacity.is_positive();
        is_figure.then(|| Busy { mean: work.mean / capacity, peak: work.peak / capacity })
    }

    /// How the consumers stand. Against a figure of the catalogue, or with a count that is not said, only what is over
    /// all of it counts.
    pub fn standing(&self, parameters: &Parameters) -> Option<Standing> {
        let busy = self.busy()?;
        let is_sure = self.is_capacity_written() && self.is_crew_written();
        // A figure that is just on a limit is not over it.
        let is_over = |share: f64| busy.peak > share * (1.0 + 1e-9);
        Some(match () {
            () if busy.peak >= Parameters::UTILISATION_LIMIT.value * (1.0 - 1e-9) => Standing::Behind,
            () if !is_sure => Standing::Easy,
            () if is_over(parameters.consumer_utilisation.value) => Standing::Tight,
            () if is_over(parameters.utilisation_target.value) => Standing::Narrow,
            () => Standing::Easy,
        })
    }

    /// The quota that holds the consumers back: they carry more than it allows. What it holds back waits in the queue,
    /// which is what a queue before a quota is for.
    pub fn held_by(&self) -> Option<Allowance> {
        let carried = self.capacity()?.value;
        self.quota.filter(|it| self.is_known && it.messages < carried)
    }

    /// What is worked off at most: what the consumers carry, or a quota lets them.
    pub fn worked_off(&self) -> Option<Rate> {
        let carried = self.capacity()?.value;
        Some(self.held_by().map_or(carried, |it| it.messages))
    }

    /// What is left of the consumers' pace for the queues, beside what else they do on average or at peak.
    pub fn pace_left(&self, other: Rate) -> Option<Rate> {
        Some(Rate::ZERO.max(self.worked_off()? - other))
    }

    /// By how much the queues grow at peak.
    pub fn growth(&self) -> Option<Rate> {
        Some(growth(self.arriving().peak, self.pace_left(self.other.peak)?))
    }

    /// By how much one of them does: consumers that fall behind leave of each queue the same part.
    pub fn growth_of(&self, feed: &Feed) -> Option<Rate> {
        let all = self.arriving().peak;
        Some(self.growth()? * if all.is_positive() { feed.amount.peak / all } else { 0.0 })
    }

    /// After how long of peak a bounded queue is full although its consumers work; nothing where they keep up.
    pub fn time_to_fill(&self, architecture: &Architecture, feed: &Feed) -> Option<Duration> {
        let room = room(architecture, architecture.component(feed.queue))?;
        time_to_fill(room, self.growth_of(feed)?, Rate::ZERO)
    }

    /// The queue that is full first at peak, and after how long.
    pub fn first_full(&self, architecture: &Architecture) -> Option<(Feed, Duration)> {
        let times =
            self.feeds.iter().filter_map(|feed| Some((*feed, self.time_to_fill(architecture, feed)?)));
        times.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// How old the last message of the busiest hour comes out, where that is older than is asked, and by whom.
    pub fn stale_after_peak(
        &self,
        architecture: &Architecture,
        limits: &Limits,
    ) -> Option<(Duration, Limit)> {
        let waited = self.wait_after_peak()?;
        let queues = self.feeds.iter().map(|feed| architecture.component(feed.queue));
        let asked = queues.filter_map(|queue| limits.freshness(architecture, queue));
        let tightest = asked.min_by(|a, b| a.time.total_cmp(&b.time))?;
        (waited > tightest.time).then_some((waited, tightest))
    }

    /// For how long the last message of the busiest hour waits, if the queues were empty before: what has gathered, at
    /// the pace at which it goes.
    pub fn wait_after_peak(&self) -> Option<Duration> {
        let waiting = self.growth()? * BUSY_HOUR;
        Some(waited(waiting, self.pace_left(self.other.peak)?))
    }

    /// How long the backlog of the busiest hour takes to be gone once the hour is over; nothing where it never is.
    pub fn time_to_recover(&self) -> Option<Duration> {
        let waiting = self.growth()? * BUSY_HOUR;
        let spare = self.pace_left(self.other.mean)? - self.arriving().mean;
        spare.is_positive().then(|| waiting / spare)
    }

    /// How long it takes to work off what an outage of this length leaves, which begins with the busiest hour.
    pub fn time_to_drain(&self, architecture: &Architecture, outage: Duration) -> Option<Duration> {
        let arriving = self.arriving();
        let (at_peak, on_average) = (self.pace_left(self.other.peak)?, self.pace_left(self.other.mean)?);
        time_to_drain_after(arriving, at_peak, on_average, outage, self.room(architecture))
    }

    /// How many messages can wait in all of its queues; without end where one of them says no length.
    fn room(&self, architecture: &Architecture) -> f64 {
        let of = |feed: &Feed| room(architecture, architecture.component(feed.queue));
        self.feeds.iter().map(of).sum::<Option<f64>>().unwrap_or(f64::INFINITY)
    }

    /// For how long its consumers are away in an outage, and whether that is written: the longest `repair`, else the
    /// catalogue's.
    pub fn outage(&self, architecture: &Architecture) -> (Duration, bool) {
        let components = || self.consumers.iter().map(|it| architecture.component(it.component));
        let written = components().filter_map(|it| it.duration(Property::Repair)).reduce(Duration::max);
        let assumed = || {
            components()
                .map(|it| Duration::new(unit::repair(&architecture.parameters, it)))
                .fold(Duration::ZERO, Duration::max)
        };
        (written.unwrap_or_else(assumed), written.is_some())
    }

    /// How many replicas a single consumer needs to be at most so busy at peak.
    pub fn replicas_for(&self, share: f64) -> Option<u32> {
        let [consumer] = self.consumers.as_slice() else { return None };
        let each = consumer.pace?.each;
        // A figure that is just a whole number stays one.
        let count = (self.work().peak / each / share - 1e-9).ceil();
        (count >= 1.0 && count < f64::from(u32::MAX)).then_some(count as u32)
    }

    /// Whether what is worked off is all written.
    pub fn is_capacity_written(&self) -> bool {
        self.consumers.iter().all(|it| it.pace.is_some_and(|pace| pace.basis == Basis::Written))
    }

    /// Whether how many work is written as well.
    pub fn is_crew_written(&self) -> bool {
        self.consumers.iter().all(|it| matches!(it.crew, Crew::Of(_) | Crew::Endless))
    }

    /// Whether of any consumer nothing is said of its pace, and the catalogue's figure is no more than a judgement.
    pub fn is_capacity_guessed(&self) -> bool {
        self.consumers
            .iter()
            .filter_map(|it| it.pace)
            .any(|pace| matches!(pace.basis, Basis::Catalogue(fact) if fact.confidence == Confidence::Low))
    }

    /// Whether all consumers grow with the work.
    pub fn is_scaled(&self, architecture: &Architecture) -> bool {
        self.consumers.iter().all(|it| it.is_scaled(architecture))
    }
}

/// The queues of a design with those who work on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backlogs {
    /// In the order of the queues.
    pub all: Vec<Backlog>,
}

impl Backlogs {
    /// Finds them.
    pub fn of(architecture: &Architecture, load: &Load) -> Self {
        let mut backlogs = Self::default();
        let mut places: FxHashMap<Vec<ComponentId>, usize> = FxHashMap::default();
        for queue in messaging::queues(architecture) {
            let intake = OnceCell::new();
            for group in groups(architecture, queue) {
                let mut key: Vec<ComponentId> = group.iter().map(|(_, it)| it.id).collect();
                key.sort_unstable();
                let at = *places.entry(key).or_insert(backlogs.all.len());
                if at == backlogs.all.len() {
                    backlogs.all.push(Backlog::with(architecture, load, queue, &group));
                }
                backlogs.all[at].take(load, queue, &group, &intake, architecture);
            }
        }
        backlogs.allow(architecture, load);
        backlogs
    }

    /// Tells consumers what those whom they call allow them.
    ///
    /// With a calls a second at peak for m messages, a quota of q lets q × m ÷ a of them be worked off.
    fn allow(&mut self, architecture: &Architecture, load: &Load) {
        // Who works on several queues apart shares the quota among them: then nothing is said.
        let mut of_consumer: FxHashMap<ComponentId, Option<usize>> = FxHashMap::default();
        for (at, backlog) in self.all.iter().enumerate() {
            for consumer in &backlog.consumers {
                of_consumer.entry(consumer.component).and_modify(|it| *it = None).or_insert(Some(at));
            }
        }
        if of_consumer.is_empty() {
            return;
        }
        for (target, calls, quota) in resources::quotas(architecture, load) {
            let mut callers = calls.iter().map(|call| of_consumer.get(&call.source).copied().flatten());
            let Some(Some(at)) = callers.next() else { continue };
            if !callers.all(|it| it == Some(at)) {
                continue;
            }
            let backlog = &mut self.all[at];
            let called: Rate = calls.iter().map(|call| load.link(call.id).peak.total()).sum();
            let is_all_of_it =
                !backlog.other.peak.is_positive() && called.is_positive() && quota.most.is_positive();
            let messages = quota.most * (backlog.arriving().peak / called);
            if is_all_of_it && backlog.quota.is_none_or(|it| messages < it.messages) {
                let is_assumed = quota.is_assumed;
                backlog.quota = Some(Allowance { by: target.id, calls: quota.most, messages, is_assumed });
            }
        }
    }

    /// Whether a component's peak is judged as a consumer's: another rule need not speak of it.
    pub fn judged(&self) -> FxHashSet<ComponentId> {
        let judged = self.all.iter().filter(|it| it.busy().is_some());
        judged.flat_map(|it| &it.consumers).map(|it| it.component).collect()
    }
}

impl Backlog {
    /// Consumers with all that comes to them, before any queue is taken in.
    fn with(architecture: &Architecture, load: &Load, queue: &Component, group: &[Taker]) -> Self {
        let mut backlog = Self {
            feeds: Vec::new(),
            consumers: Vec::new(),
            other: Amount::default(),
            is_known: true,
            is_peak_assumed: false,
            quota: None,
        };
        for (link, component) in group {
            // Whom nobody calls has nothing else to do: where it fetches, it is no entry without a rate.
            if link.target == component.id || architecture.links_to(component.id).len() > 0 {
                let demand = load.component(component.id);
                backlog.is_known &= !demand.is_partial;
                backlog.is_peak_assumed |= demand.is_peak_assumed;
                backlog.other.add(demand.mean.total(), demand.peak.total());
            }
            let consumer = Consumer::of(architecture, queue, link, component);
            let partitions = load.at_once(component.id).map(f64::from);
            backlog.consumers.push(Consumer { partitions, ..consumer });
        }
        backlog
    }

    /// Takes in what a queue brings.
    fn take(
        &mut self,
        load: &Load,
        queue: &Component,
        group: &[Taker],
        intake: &OnceCell<Demand>,
        architecture: &Architecture,
    ) {
        let mut amount = Amount::default();
        let is_fed = group.iter().all(|(link, _)| link.source == queue.id);
        if is_fed {
            for (link, _) in group {
                let demand = load.link(link.id);
                amount.add(demand.mean.total(), demand.peak.total());
                self.is_known &= demand.is_known();
                self.is_peak_assumed |= demand.is_peak_assumed;
            }
            // What only the last digits leave is nothing.
            let rest = |all: Rate, part: Rate| if all - part > all * 1e-9 { all - part } else { Rate::ZERO };
            self.other.mean = rest(self.other.mean, amount.mean);
            self.other.peak = rest(self.other.peak, amount.peak);
        } else {
            let demand = intake.get_or_init(|| put_into(architecture, load, queue));
            amount.add(demand.mean.total(), demand.peak.total());
            self.is_known &= demand.is_known();
            self.is_peak_assumed |= demand.is_peak_assumed;
        }
        self.feeds.push(Feed { queue: queue.id, amount });
    }
}

/// What is put into a queue: who fetches messages is not fed by the links, and gets that.
fn put_into(architecture: &Architecture, load: &Load, queue: &Component) -> Demand {
    let mut sum = Demand::default();
    let puts = |link: &&Link| !link.is_reads_only() && !link.has(Property::For);
    for link in architecture.links_to(queue.id).filter(puts) {
        sum.add_all(load.link(link.id));
    }
    sum
}

/// A consumer with the link by which it gets its messages.
type Taker<'a> = (&'a Link, &'a Component);

/// The consumers of a queue, those together that share its messages: all of a queue's; of a log each by itself, but for
/// those among whom each message takes one way. Where all state their shares, each takes its own; where not all do, how
/// messages are parted is a guess, and only all of them together are sure.
fn groups<'a>(architecture: &'a Architecture, queue: &Component) -> Vec<Vec<Taker<'a>>> {
    let mut seen = FxHashSet::default();
    let consumers: Vec<Taker> =
        messaging::consumers(architecture, queue).filter(|(_, it)| seen.insert(it.id)).collect();
    if consumers.is_empty() {
        return Vec::new();
    }
    if messaging::hands_each_message_to_one(queue) {
        return by_shares(consumers);
    }
    let mut takers: FxHashMap<LinkId, Taker> = consumers.iter().map(|it| (it.0.id, *it)).collect();
    let mut groups = Vec::new();
    let mut waiting: Vec<&CallTree> = architecture.calls_of(queue.id).map(|call| &call.tree).collect();
    waiting.reverse();
    while let Some(tree) = waiting.pop() {
        match tree {
            CallTree::Set(Relation::All, members) => waiting.extend(members.iter().rev()),
            tree => {
                let sharing: Vec<Taker> =
                    tree.links().iter().filter_map(|link| takers.remove(link)).collect();
                groups.extend(by_shares(sharing));
            }
        }
    }
    // Who fetches its messages reads all of them.
    groups.extend(consumers.into_iter().filter(|it| takers.contains_key(&it.0.id)).map(|it| vec![it]));
    groups
}

/// Those who share the same messages: each apart where all say what they take.
fn by_shares(sharing: Vec<Taker>) -> Vec<Vec<Taker>> {
    if sharing.is_empty() {
        return Vec::new();
    }
    if sharing.iter().all(|(link, _)| link.figure(Property::Share).is_some()) {
        return sharing.into_iter().map(|it| vec![it]).collect();
    }
    vec![sharing]
}

/// How many messages a bounded queue holds.
pub fn room(architecture: &Architecture, queue: &Component) -> Option<f64> {
    if let Some(messages) = queue.figure_of(Property::MaxLength, Dimension::Number) {
        return Some(messages).filter(|it| it.is_finite());
    }
    let bytes = queue.size(Property::MaxLength)?;
    let each: Size = messaging::message_size(architecture, queue)?;
    Some(bytes / each).filter(|it| it.is_finite())
}
