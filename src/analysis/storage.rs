//! How much data a store holds, and when, from stated figures alone: an upper bound for over-engineering may guess
//! (`plan`), a report may not.
//!
//! The raw data and what comes on top of it (indexes, copies) are figures of their own: what a design's source says
//! is the raw one, what a disk holds is not.

mod node;
mod outgrown;

pub use node::{Laid, NodeLimit, laid, model, parts, spreads_data};
pub use outgrown::{Outgrown, Together, outgrown, together};

use rustc_hash::FxHashMap;

use super::journey::Journey;
use super::load::{Arrivals, Load};
use super::waiting;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Flow, Link, Properties, Property};
use crate::quantity::{Duration, Rate, Size, Throughput};
use crate::syntax::ast::Dimension;
use crate::worked::Worked;

/// The years beyond which no design looks.
const MOST_YEARS: f64 = 100.0;

/// What two statements of one amount may differ by: what there will be, and what is added until then.
const ROUNDING: f64 = 0.1;

/// The data of a store or of the whole system, as it is stated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Data {
    /// What there is.
    pub stock: Option<Stock>,
    /// What comes in.
    pub added: Option<Added>,
    /// The part of it that is added in a year: of what there is, else of what comes in.
    pub growth: Option<f64>,
    /// How long it is kept.
    pub retention: Option<Duration>,
    /// How far ahead the design must carry.
    pub horizon: Option<Duration>,
    /// How far ahead is looked where neither of both is said.
    pub usual_horizon: Duration,
}

/// Data that there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stock {
    /// `storage`.
    Stored(Size),
    /// `records` of `record_size`.
    Records(f64, Size),
}

impl Stock {
    /// How much.
    pub fn size(self) -> Size {
        match self {
            Self::Stored(size) => size,
            Self::Records(records, each) => records * each,
        }
    }

    /// How much, and how that comes about.
    pub fn worked(self) -> Worked<Size> {
        match self {
            Self::Stored(size) => given(size),
            Self::Records(records, each) => {
                Worked::given(records, format!("{} records", figures::number(records))) * given(each)
            }
        }
    }
}

/// Data that comes in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Added {
    /// `growth`, as data.
    Data(Throughput),
    /// `growth`, as records of `record_size`.
    Records(Rate, Size),
    /// The writes that reach it, each a record of `record_size`.
    Writes(Rate, Size),
}

impl Added {
    /// How much.
    pub fn throughput(self) -> Throughput {
        match self {
            Self::Data(all) => all,
            Self::Records(rate, each) | Self::Writes(rate, each) => rate * each,
        }
    }

    /// How much, and how that comes about.
    pub fn worked(self) -> Worked<Throughput> {
        match self {
            Self::Data(all) => Worked::given(all, monthly(all)),
            Self::Records(rate, each) => Worked::given(rate, rate.to_string()) * given(each),
            Self::Writes(rate, each) => Worked::given(rate, format!("{rate} writes")) * given(each),
        }
    }

    /// A time in which it comes in. What comes in a month is counted in months, which a year has no whole number of:
    /// `1 095 days ÷ 30 days a month`.
    fn span(self, time: Duration, counting: Option<String>) -> Worked<Duration> {
        let counting = counting.map(|it| format!(" ({it})")).unwrap_or_default();
        let told = match (self, counting.as_str()) {
            (Self::Data(_), _) => {
                format!("{} days ÷ 30 days a month", figures::number(time / Duration::DAY))
            }
            (_, "") => time.to_string(),
            _ => format!("{} years", figures::number(time / Duration::YEAR)),
        };
        Worked::given(time, told + &counting)
    }
}

/// What comes in, as people say it of stores: `150 TB/month`.
pub fn monthly(added: Throughput) -> String {
    format!("{}/month", added * Duration::MONTH)
}

fn given<Q: std::fmt::Display>(quantity: Q) -> Worked<Q> {
    let text = quantity.to_string();
    Worked::given(quantity, text)
}

impl Data {
    /// What some properties speak of, the first that states a figure before the others; `writes` reach it.
    ///
    /// The horizon and the retention are the system's for every store that does not say its own: they are times, not
    /// amounts to be parted.
    fn of(architecture: &Architecture, stated: [&Properties; 3], writes: Option<Rate>) -> Option<Self> {
        let system = &architecture.system.properties;
        let first = |property| stated.iter().find_map(|it| it.figure(property)).filter(|it| it.is_finite());
        let of_system = |property| {
            let anywhere = first(property).or_else(|| system.figure(property).filter(|it| it.is_finite()));
            anywhere.map(Duration::new)
        };
        let first_of = |property, dimension| stated.iter().find_map(|it| it.figure_of(property, dimension));
        let record = first(Property::RecordSize).map(Size::new);
        let stored = first(Property::Storage).map(|bytes| Stock::Stored(Size::new(bytes)));
        let stock = stored.or_else(|| Some(Stock::Records(first(Property::Records)?, record?)));
        let by_data = first_of(Property::Growth, Dimension::Throughput).map(Throughput::new).map(Added::Data);
        let by_records =
            || Some(Added::Records(Rate::new(first_of(Property::Growth, Dimension::Rate)?), record?));
        // What is written to something of a stated size may replace what is there.
        let by_writes = || Some(Added::Writes(writes.filter(|_| stock.is_none())?, record?));
        let data = Self {
            stock,
            added: by_data.or_else(by_records).or_else(by_writes),
            growth: first_of(Property::Growth, Dimension::Growth)
                .map(|share| share * Duration::YEAR.seconds()),
            retention: of_system(Property::Retention),
            horizon: of_system(Property::Horizon),
            usual_horizon: architecture.parameters.horizon.duration(),
        };
        (data.stock.is_some() || data.added.is_some()).then_some(data)
    }

    /// How long what comes in is kept, as far as that is said.
    fn kept(&self) -> Option<Duration> {
        self.retention.or(self.horizon)
    }

    /// What it comes to in one figure: what there is, grown to the horizon where a share of it is added; else what
    /// comes in while it is kept. Nothing where the design does not say for how long.
    pub fn total(&self) -> Option<Size> {
        if let Some(stock) = self.stock {
            let grown = self.growth.zip(self.horizon);
            return Some(stock.size() * grown.map_or(1.0, |(growth, time)| compound(growth, time)));
        }
        self.added?;
        Some(self.size_at(self.kept()?))
    }

    /// Whether it changes at all with time.
    pub fn is_growing(&self) -> bool {
        self.added.is_some() || self.growth.is_some_and(|it| it > 0.0)
    }

    /// The time until which it is looked at, and whether that is assumed: to the horizon, else as long as data is
    /// kept, after which no more is added than goes.
    pub fn end(&self) -> (Duration, bool) {
        let said = self.horizon.or(self.retention);
        let (end, is_assumed) = said.map_or((self.usual_horizon, true), |it| (it, false));
        (end.min(Duration::YEAR * MOST_YEARS), is_assumed)
    }

    /// Whether what there is and what comes in are one amount, said twice: `growth = 12.7GB/month` for a horizon
    /// of three years, and so many `records` by then.
    fn is_said_twice(&self) -> bool {
        let (Some(stock), Some(added), Some(horizon)) = (self.stock, self.added, self.horizon) else {
            return false;
        };
        (added.throughput() * horizon / stock.size() - 1.0).abs() <= ROUNDING
    }

    /// The raw data after some time from today.
    ///
    /// What there is stays, and grows by its share each year, compounded; or, where data comes in and is kept for
    /// so long, goes as it grows old. What comes in is kept as long as is said; where it grows by a share, it does
    /// so from year to year.
    pub fn size_at(&self, time: Duration) -> Size {
        let Some(stock) = self.stock else { return self.added_until(time) };
        match self.added {
            _ if self.growth.is_some() => stock.size() * compound(self.growth.unwrap_or(0.0), time),
            None => stock.size(),
            Some(_) if self.is_said_twice() => self.added_until(time),
            Some(_) => stock.size() * self.left_of_stock(time) + self.added_until(time),
        }
    }

    /// The same with its working: `12.7 GB/month × 1 095 days ÷ 30 days a month = 464 GB`.
    pub fn at(&self, time: Duration) -> Worked<Size> {
        let Some(stock) = self.stock else { return self.added_until_worked(time) };
        match (self.growth, self.added) {
            (Some(growth), _) => {
                let years = time / Duration::YEAR;
                let factor = format!("{}^{}", figures::number(1.0 + growth), figures::number(years));
                stock.worked() * Worked::given(compound(growth, time), factor)
            }
            (None, None) => stock.worked(),
            (None, Some(_)) if self.is_said_twice() => self.added_until_worked(time),
            (None, Some(_)) => {
                let left = self.left_of_stock(time);
                if left <= 0.0 {
                    return self.added_until_worked(time);
                }
                let kept = if left < 1.0 {
                    stock.worked() * Worked::given(left, format!("{} still kept", figures::percent(left)))
                } else {
                    stock.worked()
                };
                kept + self.added_until_worked(time)
            }
        }
    }

    /// The part of today's data that is kept until then, where it is of all ages.
    fn left_of_stock(&self, time: Duration) -> f64 {
        self.retention.map_or(1.0, |kept| (1.0 - time / kept).max(0.0))
    }

    fn added_until(&self, time: Duration) -> Size {
        let Some(added) = self.added else { return Size::ZERO };
        let years = match self.growth.filter(|it| *it > 0.0) {
            Some(growth) => self.growing_years(growth, time),
            None => self.held(time) / Duration::YEAR,
        };
        added.throughput() * (Duration::YEAR * years)
    }

    fn added_until_worked(&self, time: Duration) -> Worked<Size> {
        let Some(added) = self.added else { return given(Size::ZERO) };
        let Some(growth) = self.growth.filter(|it| *it > 0.0) else {
            return added.worked() * added.span(self.held(time), None);
        };
        let years = self.growing_years(growth, time);
        let share = figures::percent(growth);
        let counting = format!("counting {share} more each year");
        added.worked() * added.span(Duration::YEAR * years, Some(counting))
    }

    /// How much of what comes in until then is still kept.
    fn held(&self, time: Duration) -> Duration {
        self.retention.map_or(time, |kept| kept.min(time))
    }

    /// The years of today's writes that the data of a growing stream is worth: 1 + 1.3 + 1.69 of three.
    fn growing_years(&self, growth: f64, time: Duration) -> f64 {
        let end = (time / Duration::YEAR).min(MOST_YEARS);
        let start = end - self.held(time) / Duration::YEAR;
        let mut sum = 0.0;
        let mut year = 0.0;
        while year < end {
            let part = (end.min(year + 1.0) - start.max(year)).max(0.0);
            sum += part * (1.0 + growth).powf(year);
            year += 1.0;
        }
        sum
    }

    /// The raw data after each year, up to the end; the last row is the end itself.
    pub fn by_year(&self) -> Vec<(Duration, Worked<Size>)> {
        self.times().into_iter().map(|time| (time, self.at(time))).collect()
    }

    fn times(&self) -> Vec<Duration> {
        let (end, _) = self.end();
        let mut times: Vec<Duration> = (1..=MOST_YEARS as u32)
            .map(|year| Duration::YEAR * f64::from(year))
            .take_while(|time| *time < end)
            .collect();
        times.push(end);
        times
    }

    /// The first of those times, or today, at which it is more than so much.
    pub fn exceeds(&self, limit: Size) -> Option<Duration> {
        let mut times = vec![Duration::ZERO];
        times.extend(self.times());
        times.into_iter().find(|time| self.size_at(*time) > limit)
    }
}

/// What something that grows by a share each year has grown to: 1.5² after two years.
fn compound(growth: f64, time: Duration) -> f64 {
    (1.0 + growth).powf(time / Duration::YEAR)
}

/// The data of each component that holds any, as far as the design says.
///
/// Copies hold what their source does. What the system states is the data of its one store that users write to;
/// where they write to several, nobody says which part is whose. What a flow states is the data of the one store
/// that it writes to, if no other flow does.
pub fn data(architecture: &Architecture, load: &Load) -> Vec<Option<Data>> {
    let only = only_written(architecture, load);
    let by_flow = written_by_one_flow(architecture);
    let nothing = Properties::default();
    let of = |store: &Component| {
        let of_flow = by_flow.get(&store.id).map(|flow| &flow.properties);
        let system = if only == Some(store.id) { &architecture.system.properties } else { &nothing };
        let demand = load.component(store.id);
        let are_known = demand.is_known() && demand.mean.other == Rate::ZERO;
        let writes = are_known.then_some(demand.mean.writes);
        let stated = [&store.properties, of_flow.unwrap_or(&nothing), system];
        Data::of(architecture, stated, writes)
    };
    let holds = |component: &Component| component.kind.is_store();
    let mut found: Vec<Option<Data>> =
        architecture.components().map(|it| if holds(it) { of(it) } else { None }).collect();
    let is_told = |data: &Option<Data>| data.as_ref().is_some_and(|it| it.total().is_some());
    for link in architecture.links().filter(|link| link.copies_data()) {
        let (source, target) = architecture.ends(link);
        let (from, to) = (source.id.0 as usize, target.id.0 as usize);
        if holds(target) && !is_told(&found[to]) && (is_told(&found[from]) || found[to].is_none()) {
            found[to] = found[from];
        }
    }
    found
}

/// The data of the whole system, as far as it states it: its own figures, else what the journeys that it is parted
/// into write.
pub fn of_system(architecture: &Architecture, bases: &[Journey], load: &Load) -> Option<Data> {
    let writes_of = |(journey, arrivals): (&Journey, &Option<Arrivals>)| match arrivals {
        // How much is read is no matter.
        _ if !journey.mode.writes => Some(Rate::ZERO),
        Some(arrivals) if arrivals.mean.other == Rate::ZERO => Some(arrivals.mean.writes),
        _ => None,
    };
    let writes: Option<Rate> = bases.iter().zip(&load.arrivals).map(writes_of).sum();
    let system = &architecture.system.properties;
    Data::of(architecture, [system; 3], writes.filter(|it| it.is_positive()))
}

/// The raw data of a store after each year up to its end, each with its working; nothing where the design does
/// not say.
pub fn growth(architecture: &Architecture, load: &Load, store: ComponentId) -> Vec<(Duration, Worked<Size>)> {
    data(architecture, load)[store.0 as usize].map(|it| it.by_year()).unwrap_or_default()
}

/// The raw data that each component keeps, on one node of it; nothing where the design does not say.
///
/// Data is parted over shards; copies are whole.
pub fn per_node(architecture: &Architecture, load: &Load) -> Vec<Option<Size>> {
    let of = |(component, data): (&Component, Option<Data>)| Some(data?.total()? / component.shards());
    architecture.components().zip(data(architecture, load)).map(of).collect()
}

/// The raw data of the whole system, where it states it.
pub fn total(architecture: &Architecture) -> Option<Size> {
    let system = &architecture.system.properties;
    Data::of(architecture, [system; 3], None)?.total()
}

/// The one store that is written to.
fn only_written(architecture: &Architecture, load: &Load) -> Option<ComponentId> {
    match written(architecture, load).as_slice() {
        [only] => Some(only.id),
        _ => None,
    }
}

/// The stores that requests write to while somebody waits, else all that anybody writes to; copies aside.
fn written<'a>(architecture: &'a Architecture, load: &Load) -> Vec<&'a Component> {
    let unwaited = waiting::unwaited(architecture);
    let is_written = |store: &Component, counts_unwaited: bool| {
        let demand = load.component(store.id);
        let can_be = !demand.is_known() || (demand.mean.writes + demand.mean.other).is_positive();
        let is_waited = |it: &Link| !it.is_async() && !unwaited.contains(&it.source);
        let mut calls = architecture.links_to(store.id);
        can_be
            && calls.any(|it| !it.is_reads_only() && (counts_unwaited || is_waited(it)))
            && !store.is_replica()
    };
    let stores = || architecture.components().filter(|it| it.kind.is_store());
    let waited: Vec<&Component> = stores().filter(|it| is_written(it, false)).collect();
    if waited.is_empty() { stores().filter(|it| is_written(it, true)).collect() } else { waited }
}

/// The stores that one flow alone writes to, where it speaks of data and writes to no other.
fn written_by_one_flow(architecture: &Architecture) -> FxHashMap<ComponentId, &Flow> {
    let of_data =
        [Property::RecordSize, Property::Records, Property::Growth, Property::Storage, Property::Retention];
    let speaks_of_data = |flow: &Flow| of_data.iter().any(|it| flow.is_stated(*it));
    if !architecture.flows().any(speaks_of_data) {
        return FxHashMap::default();
    }
    let mut writers: FxHashMap<ComponentId, Option<&Flow>> = FxHashMap::default();
    for flow in architecture.flows().filter(|flow| !flow.is_reads_only()) {
        let written = flow.path.steps.iter().filter_map(|step| {
            let link = architecture.link(*step);
            let target = architecture.component(link.target);
            (target.kind.is_store() && !link.is_reads_only() && !target.is_replica()).then_some(link.target)
        });
        let mut written: Vec<ComponentId> = written.collect();
        written.sort_unstable();
        written.dedup();
        let its_own = (written.len() == 1 && speaks_of_data(flow)).then_some(flow);
        for store in written {
            writers.entry(store).and_modify(|it| *it = None).or_insert(its_own);
        }
    }
    writers.into_iter().filter_map(|(store, flow)| Some((store, flow?))).collect()
}
