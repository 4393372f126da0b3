//! How large a design is: the peak that comes to a component, what a store will hold, and which part of one plain
//! node that is.
//!
//! Nothing is invented. Where only a number of users is stated, what they can do at the very most still bounds the
//! load: ten users, all busy at once, are ten requests a second.

use std::fmt;

use crate::analysis::load::{Capacity, Load, Traffic};
use crate::catalogue::Parameters;
use crate::figures;
use crate::model::{Architecture, Component, Link, Properties, Property};
use crate::quantity::{Duration, Rate};
use crate::syntax::ast::Dimension;

/// How often more than an ordinary user's actions a user may write, at the very most.
const USER_WRITES_AT_MOST: f64 = 100.0;

/// What comes to a component at its peak.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amount {
    /// Per second, before growth.
    pub traffic: Traffic,
    /// The stated users whose number alone bounds it: then it is no estimate, but the most there can be.
    pub users: Option<f64>,
}

/// What the design states of its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// By how much the load has grown at the horizon.
    pub growth: f64,
    /// The users that are stated, where no rate is: their number alone bounds every peak.
    pub users: Option<f64>,
}

impl Scale {
    /// Of a design.
    pub fn of(architecture: &Architecture, load: &Load) -> Self {
        // A link that calls several times, or at a rate of its own, carries more than its users send.
        let multiplies = |link: &Link| {
            [Property::Calls, Property::CallsMax, Property::Rate].into_iter().any(|it| link.is_stated(it))
        };
        let is_bounded = !load.is_known() && !architecture.links().any(multiplies);
        let users = users(&architecture.system.properties).filter(|_| is_bounded);
        Self { growth: growth_factor(architecture), users }
    }

    /// The peak of a component where its load is known, else what the stated users bound it by; nothing where
    /// neither is stated or nothing reaches it.
    pub fn peak(&self, parameters: &Parameters, load: &Load, component: &Component) -> Option<Amount> {
        let demand = load.component(component.id);
        if demand.is_known() {
            return Some(Amount { traffic: demand.peak, users: None });
        }
        let users = self.users.filter(|_| demand.is_partial)?;
        let other = users * parameters.busy_user_rate.rate();
        Some(Amount { traffic: Traffic::of_other(other), users: Some(users) })
    }
}

/// The users that are stated, where it is not said what they do.
fn users(properties: &Properties) -> Option<f64> {
    let has_rate = [Property::PerUser, Property::Rate, Property::Reads, Property::Writes, Property::Peak]
        .into_iter()
        .any(|property| properties.is_stated(property));
    let users = [Property::Users, Property::MonthlyUsers, Property::DailyUsers, Property::Concurrent]
        .into_iter()
        .filter_map(|property| properties.figure(property))
        .fold(None, |most: Option<f64>, it| Some(most.map_or(it, |most| most.max(it))));
    users.filter(|_| !has_rate)
}

/// By how much the load has grown at the horizon: only a stated percentage lets it grow.
fn growth_factor(architecture: &Architecture) -> f64 {
    let system = &architecture.system.properties;
    let year = Parameters::YEAR.value;
    let years = horizon(&architecture.parameters, system) / year;
    let growths = architecture
        .flows()
        .map(|flow| &flow.properties)
        .chain([system])
        .filter_map(|it| it.figure_of(Property::Growth, Dimension::Growth));
    growths.map(|growth| (1.0 + growth.max(0.0) * year).powf(years)).fold(1.0, f64::max)
}

fn horizon(parameters: &Parameters, properties: &Properties) -> f64 {
    let stated = properties.figure(Property::Horizon).filter(|it| it.is_finite());
    stated.unwrap_or(parameters.horizon.value)
}

/// What a store holds at the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stored {
    /// Bytes.
    pub bytes: f64,
    /// Whether the size of a record is assumed, and at the most.
    pub is_bound: bool,
}

/// What a store holds at the horizon, by what it states, else the system: the largest of storage, records and
/// growth; else by what is written to it. Nothing where its writes are unknown too.
pub fn stored(architecture: &Architecture, load: &Load, store: &Component, scale: &Scale) -> Option<Stored> {
    let parameters = &*architecture.parameters;
    let system = &architecture.system.properties;
    let record = store.figure(Property::RecordSize).or_else(|| system.figure(Property::RecordSize));
    if let Some(bytes) =
        stated_bytes(parameters, store, record).or_else(|| stated_bytes(parameters, system, record))
    {
        return Some(Stored { bytes, is_bound: false });
    }
    let demand = load.component(store.id);
    // What is not said to read may write.
    let writes = match scale.users {
        _ if demand.is_known() => demand.mean.writes + demand.mean.other,
        Some(users) if demand.is_partial => {
            users * USER_WRITES_AT_MOST * parameters.actions_per_user.value / Duration::DAY
        }
        _ => return None,
    };
    let kept = store.figure(Property::Retention).or_else(|| system.figure(Property::Retention));
    let seconds =
        kept.unwrap_or(f64::INFINITY).min(horizon(parameters, system).max(parameters.horizon.value));
    let size = record.unwrap_or(parameters.record_at_most.value);
    Some(Stored { bytes: writes.per_second() * size * seconds * scale.growth, is_bound: record.is_none() })
}

fn stated_bytes(parameters: &Parameters, properties: &Properties, record: Option<f64>) -> Option<f64> {
    let grown = properties
        .figure_of(Property::Growth, Dimension::Throughput)
        .map(|it| it * horizon(parameters, properties));
    let records = properties.figure(Property::Records).zip(record).map(|(records, size)| records * size);
    let storage = properties.figure(Property::Storage);
    [grown, records, storage]
        .into_iter()
        .flatten()
        .fold(None, |most, it| Some(most.map_or(it, |most: f64| most.max(it))))
}

/// Which part of one plain node a load uses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Use {
    /// The peak.
    pub peak: Rate,
    /// The part of one node.
    pub share: f64,
    /// What the node is, as a sentence says it: `PostgreSQL`, `service`.
    pub node: &'static str,
    /// Reads that the node carries.
    pub reads: Rate,
    /// Writes that the node carries.
    pub writes: Rate,
    /// Whether the node's capacity is the catalogue's.
    pub is_assumed: bool,
    /// Whether the peak is that of the horizon, after growth.
    pub is_grown: bool,
    /// The users whose number alone bounds the peak.
    pub users: Option<f64>,
}

impl Use {
    /// Of one node of a component, by its own capacity or the catalogue's.
    pub fn of(component: &Component, amount: Amount, growth: f64) -> Option<Self> {
        let capacity = Capacity::of(component)?;
        let Traffic { reads, writes, other } = amount.traffic * growth;
        Some(Self {
            share: (reads + other) / capacity.reads + writes / capacity.writes,
            reads: capacity.reads,
            writes: capacity.writes,
            is_assumed: capacity.is_assumed,
            ..Self::of_unlimited(component, amount, growth)
        })
    }

    /// Of what carries any load.
    pub fn of_unlimited(component: &Component, amount: Amount, growth: f64) -> Self {
        Self {
            peak: amount.traffic.total() * growth,
            share: 0.0,
            node: component.engine().map_or(component.kind.title(), |engine| engine.title),
            reads: Rate::INFINITE,
            writes: Rate::INFINITE,
            is_assumed: false,
            is_grown: growth > 1.0,
            users: amount.users,
        }
    }

    /// Whether no other figure for the node would make it much: the catalogue's are rough.
    pub fn is_surely_early(&self, parameters: &Parameters) -> bool {
        let limit = if self.is_assumed { parameters.surely_early_use } else { parameters.early_use };
        self.share <= limit.value
    }

    /// The peak as a sentence says it: `116/s at peak`.
    pub fn peak_told(&self) -> String {
        let rate = self.peak;
        match self.users {
            Some(users) => format!("at most {rate}, with all {} users busy at once", figures::number(users)),
            None if self.is_grown => format!("{rate} at the grown peak"),
            None => format!("{rate} at peak"),
        }
    }

    /// What is assumed of the node, as a note.
    pub fn assumption(&self) -> Option<String> {
        let (reads, writes) =
            (figures::number(self.reads.per_second()), figures::number(self.writes.per_second()));
        let carries = if reads == writes {
            format!("{reads} requests a second")
        } else {
            format!("{reads} reads or {writes} writes a second")
        };
        self.is_assumed.then(|| format!("assumed: one {} node carries {carries}", self.node))
    }
}

/// `0.4% of one PostgreSQL node`, `3 times one service node`.
impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.share < 1.0 {
            write!(f, "{} of one {} node", figures::roughly(self.share), self.node)
        } else {
            write!(f, "{} times one {} node", figures::number(self.share), self.node)
        }
    }
}
