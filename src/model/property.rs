//! The properties a design can state: one name, one meaning, one unit, wherever it stands.
//!
//! A new property is one line of the table at the end of this file.

use crate::catalogue::Kind;
use crate::model::group::GroupKind;
use crate::quantity;
use crate::source::Span;
use crate::syntax::ast::Dimension::{
    self, Duration, Growth, Number, Percent, Rate, Size, Throughput, TimeShare,
};

use Form::{AnyWord, Flag, Is, Ratio, Reference, Text, Words};

use smol_str::SmolStr;

/// What may carry a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The `system`.
    System,
    /// A `flow`.
    Flow,
    /// A link.
    Link,
    /// A group of this kind.
    Group(GroupKind),
    /// A component of this kind.
    Component(Kind),
    /// A constraint.
    Constraint,
    /// A company's own engine.
    Engine,
}

impl Owner {
    /// What a reader calls it: "a database", "the system".
    pub fn title(self) -> String {
        let (article, noun) = match self {
            Self::System => return "the system".to_owned(),
            Self::Flow => ("a", "flow"),
            Self::Link => ("a", "link"),
            Self::Constraint => ("a", "constraint"),
            Self::Engine => ("an", "engine"),
            Self::Group(kind) => ("a", kind.name()),
            Self::Component(kind) => {
                (if kind.title().starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }, kind.title())
            }
        };
        format!("{article} {noun}")
    }
}

/// A group of owners, as the table below names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Anything at all.
    Everywhere,
    /// The system.
    System,
    /// Flows.
    Flow,
    /// Links.
    Link,
    /// Groups.
    Group,
    /// All components.
    Component,
    /// Components that hold data: stores, caches, queues, streams.
    Data,
    /// Stores, without caches and queues.
    Store,
    /// Caches and CDNs.
    Cache,
    /// Queues and streams.
    Queue,
    /// What takes messages or runs work: services, functions, workers, schedulers.
    Compute,
    /// Balancers, proxies, gateways, CDNs, DNS.
    Edge,
    /// Clients, persons and third parties.
    Outside,
    /// Constraints.
    Constraint,
}

impl Place {
    /// As a sentence says it: `a queue or stream`.
    pub fn title(self) -> &'static str {
        match self {
            Self::Everywhere => "anything",
            Self::System => "the system",
            Self::Flow => "a flow",
            Self::Link => "a link",
            Self::Group => "a group",
            Self::Component => "a component",
            Self::Data => "what holds the data",
            Self::Store => "a store",
            Self::Cache => "a cache or CDN",
            Self::Queue => "a queue or stream",
            Self::Compute => "what runs the code",
            Self::Edge => "a balancer, proxy or gateway",
            Self::Outside => "a client, person or third party",
            Self::Constraint => "a constraint",
        }
    }

    /// Whether it takes an owner in.
    pub fn holds(self, owner: Owner) -> bool {
        match (self, owner) {
            (Self::Everywhere, _)
            | (Self::System, Owner::System)
            | (Self::Flow, Owner::Flow)
            | (Self::Link, Owner::Link)
            | (Self::Constraint, Owner::Constraint)
            | (Self::Group, Owner::Group(_))
            | (Self::Component, Owner::Component(_)) => true,
            (Self::Data, Owner::Component(kind)) => kind.holds_data(),
            (Self::Store, Owner::Component(kind)) => kind.is_store(),
            (Self::Cache, Owner::Component(kind)) => matches!(kind, Kind::Cache | Kind::Cdn),
            (Self::Queue, Owner::Component(kind)) => kind.is_queue(),
            (Self::Compute, Owner::Component(kind)) => kind.is_compute(),
            (Self::Edge, Owner::Component(kind)) => kind.is_proxy() || kind == Kind::Dns,
            (Self::Outside, Owner::Component(kind)) => kind.is_outside(),
            _ => false,
        }
    }
}

/// A form that a property's value may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A quantity of this dimension.
    Is(Dimension),
    /// One of these words, or several of them in a list.
    Words(&'static [&'static str]),
    /// Any word, or several.
    AnyWord,
    /// A quoted string.
    Text,
    /// The name of a component, or several.
    Reference,
    /// A ratio, `100:1`.
    Ratio,
    /// Nothing but the bare name (or `none`).
    Flag,
}

impl Form {
    /// What the reader is told to write.
    pub fn expected(self) -> String {
        match self {
            Self::Is(dimension) => expected_dimension(dimension).to_owned(),
            Self::Words(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
            Self::AnyWord => "a word".to_owned(),
            Self::Text => "a text in quotes".to_owned(),
            Self::Reference => "the name of a component".to_owned(),
            Self::Ratio => "a ratio such as `100:1`".to_owned(),
            Self::Flag => "no value".to_owned(),
        }
    }
}

/// An example of each dimension, for messages.
pub fn expected_dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Number => "a number such as `6` or `10M`",
        Dimension::Percent => "a percentage such as `99.9%`",
        Dimension::Duration => "a duration such as `200ms` or `30d`",
        Dimension::Size => "a size such as `500B` or `2GB`",
        Dimension::Rate => "a rate such as `2k/s` or `20/day`",
        Dimension::Throughput => "an amount of data per time such as `12GB/month` or `100Mbps`",
        Dimension::Growth => "a growth such as `30%/year`",
        Dimension::TimeShare => "a time per time such as `30min/month`",
    }
}

/// Which end of a range is the one to be careful about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worse {
    /// The lower: capacity, hit ratio, replicas.
    Low,
    /// The upper: users, load, delays.
    High,
}

/// What the table says of a property.
#[derive(Debug)]
pub struct Definition {
    /// The name as it is written.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub meaning: &'static str,
    /// The forms its value may take; a bare name and `none` are always understood.
    pub forms: &'static [Form],
    /// What may carry it.
    pub places: &'static [Place],
    /// The worse end of a range.
    pub worse: Worse,
}

/// A property as a design states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Which.
    pub property: Property,
    /// What is said of it.
    pub statement: Statement,
    /// The whole, `timeout = 1s`.
    pub span: Span,
}

/// A property that the language does not know.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// Its name.
    pub name: SmolStr,
    /// What is said of it.
    pub statement: Statement,
    /// Its name in the text.
    pub span: Span,
}

/// What a design says of a property it names.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `none` or `false`: there is none.
    Absent,
    /// The bare name: there is one, its figure unknown.
    Present,
    /// A value.
    Value(Value),
}

impl Statement {
    /// A number.
    pub fn number(number: f64) -> Self {
        Self::Value(Value::Figure { low: number, high: number, dimension: Dimension::Number })
    }
}

/// A checked value, in the base unit of its dimension: seconds, bytes, per second, shares of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A quantity; `low == high` unless a range was written; an open end is infinite.
    Figure {
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
        /// What is measured.
        dimension: Dimension,
    },
    /// Words, in their order.
    Words(Vec<SmolStr>),
    /// A quoted string.
    Text(SmolStr),
    /// Numbers in a list: ports.
    Numbers(Vec<f64>),
}

/// All that something states, by property.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Properties {
    entries: Vec<Entry>,
    stated: Stated,
    /// Properties of the author's own, which the language does not know but keeps: a constraint may ask for them.
    pub own: Vec<Own>,
}

impl Properties {
    /// Nothing stated yet, with room for so many statements.
    pub(super) fn with_room(statements: usize) -> Self {
        Self { entries: Vec::with_capacity(statements), ..Self::default() }
    }

    /// Takes a statement in; one already there for the property gives way and is returned.
    pub fn insert(&mut self, entry: Entry) -> Option<Entry> {
        if let Some(old) = self.entries.iter_mut().find(|it| it.property == entry.property) {
            return Some(std::mem::replace(old, entry));
        }
        self.push(entry);
        None
    }

    /// Takes in the first statement about a property.
    fn push(&mut self, entry: Entry) {
        self.stated.insert(entry.property);
        self.entries.push(entry);
    }

    /// Takes out what is said of a property.
    pub(super) fn remove(&mut self, property: Property) {
        self.stated.remove(property);
        self.entries.retain(|entry| entry.property != property);
    }

    /// Takes in what `base` states and this leaves open.
    pub fn inherit(&mut self, base: Properties) {
        if self.entries.is_empty() {
            self.entries = base.entries;
            self.stated = base.stated;
            return;
        }
        for entry in base.entries {
            if self.entry(entry.property).is_none() {
                self.push(entry);
            }
        }
    }

    /// All entries in the order they were stated.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn entries_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    /// The statement about a property.
    pub fn entry(&self, property: Property) -> Option<&Entry> {
        if !self.stated.contains(property) {
            return None;
        }
        self.entries.iter().find(|entry| entry.property == property)
    }

    /// The statement about a property that the language does not know.
    pub fn own(&self, name: &str) -> Option<&Own> {
        self.own.iter().find(|own| own.name == name)
    }

    /// Whether anything is said of it, `none` included.
    pub fn is_stated(&self, property: Property) -> bool {
        self.entry(property).is_some()
    }

    /// Whether there is one, with or without its figure. A `because` that says nothing is none.
    pub fn has(&self, property: Property) -> bool {
        match property {
            Property::Because => self.reason().is_some(),
            _ => self.entry(property).is_some_and(|entry| entry.statement != Statement::Absent),
        }
    }

    /// Whether it is stated that there is none.
    pub fn is_absent(&self, property: Property) -> bool {
        self.entry(property).is_some_and(|entry| entry.statement == Statement::Absent)
    }

    /// Where it is stated.
    pub fn span(&self, property: Property) -> Option<Span> {
        self.entry(property).map(|entry| entry.span)
    }

    /// The value, where one is written.
    pub fn value(&self, property: Property) -> Option<&Value> {
        match self.entry(property)? {
            Entry { statement: Statement::Value(value), .. } => Some(value),
            _ => None,
        }
    }

    /// The figure in its base unit: of a range the worse end, or the stated one where an end is open.
    pub fn figure(&self, property: Property) -> Option<f64> {
        let Value::Figure { low, high, .. } = self.value(property)? else { return None };
        Some(match property.definition().worse {
            Worse::High if high.is_finite() || low.is_infinite() => *high,
            _ => *low,
        })
    }

    /// The figure, where it is of this dimension.
    pub fn figure_of(&self, property: Property, wanted: Dimension) -> Option<f64> {
        match self.value(property)? {
            Value::Figure { dimension, .. } if *dimension == wanted => self.figure(property),
            _ => None,
        }
    }

    /// The figure, where it is a rate.
    pub fn rate(&self, property: Property) -> Option<quantity::Rate> {
        self.figure_of(property, Dimension::Rate).map(quantity::Rate::new)
    }

    /// The figure, where it is a duration.
    pub fn duration(&self, property: Property) -> Option<quantity::Duration> {
        self.figure_of(property, Dimension::Duration).map(quantity::Duration::new)
    }

    /// The figure, where it is a size.
    pub fn size(&self, property: Property) -> Option<quantity::Size> {
        self.figure_of(property, Dimension::Size).map(quantity::Size::new)
    }

    /// The figure, where it is an amount of data per time.
    pub fn throughput(&self, property: Property) -> Option<quantity::Throughput> {
        self.figure_of(property, Dimension::Throughput).map(quantity::Throughput::new)
    }

    /// Both ends of the figure.
    pub fn range(&self, property: Property) -> Option<(f64, f64)> {
        match self.value(property)? {
            Value::Figure { low, high, .. } => Some((*low, *high)),
            _ => None,
        }
    }

    /// The words, where words are written.
    pub fn words(&self, property: Property) -> &[SmolStr] {
        match self.value(property) {
            Some(Value::Words(words)) => words,
            _ => &[],
        }
    }

    /// The one word, where one is written.
    pub fn word(&self, property: Property) -> Option<&str> {
        self.words(property).first().map(SmolStr::as_str)
    }

    /// The text, where one is written.
    pub fn text(&self, property: Property) -> Option<&str> {
        match self.value(property)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether the word is among those written.
    pub fn is(&self, property: Property, word: &str) -> bool {
        self.words(property).iter().any(|it| it == word)
    }
}

/// Which properties have an entry, a bit each: most of what is asked of a component it does not state.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Stated([u64; 3]);

const _: () = assert!(DEFINITIONS.len() <= 3 * 64, "each property has a bit");

impl Stated {
    fn insert(&mut self, property: Property) {
        let at = property as usize;
        self.0[at / 64] |= 1 << (at % 64);
    }

    fn remove(&mut self, property: Property) {
        let at = property as usize;
        self.0[at / 64] &= !(1 << (at % 64));
    }

    fn contains(self, property: Property) -> bool {
        let at = property as usize;
        self.0[at / 64] & (1 << (at % 64)) != 0
    }
}

macro_rules! properties {
    ($($(#[doc = $doc:literal])+ $variant:ident $name:literal: [$($form:expr),* $(,)?] on [$($place:ident),* $(,)?] $worse:ident;)*) => {
        /// A property that the language knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Property {
            $($(#[doc = $doc])+ $variant,)*
        }

        /// The table, in the order of the enumeration.
        pub static DEFINITIONS: &[Definition] = &[
            $(Definition {
                name: $name,
                meaning: concat!($($doc),+),
                forms: &[$($form),*],
                places: &[$(Place::$place),*],
                worse: Worse::$worse,
            },)*
        ];

        impl Property {
            /// All, in the order of the table.
            pub const ALL: &[Property] = &[$(Self::$variant),*];

            /// The property of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

impl Property {
    /// What the table says of it.
    pub fn definition(self) -> &'static Definition {
        &DEFINITIONS[self as usize]
    }

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        self.definition().name
    }

    /// Whether its value may be a text in quotes.
    pub fn takes_text(self) -> bool {
        self.definition().forms.contains(&Form::Text)
    }

    /// Whether it means something there.
    pub fn belongs_to(self, owner: Owner) -> bool {
        self.definition().places.iter().any(|place| place.holds(owner))
    }

    /// What may carry it, as a sentence says it: `the system or a flow`.
    pub fn whose(self) -> String {
        let places: Vec<&str> = self.definition().places.iter().map(|place| place.title()).collect();
        places.join(" or ")
    }
}

/// Classes of data, the most delicate first.
pub const DATA_CLASSES: &[&str] =
    &["secret", "pci", "phi", "pii", "financial", "confidential", "internal", "public"];

properties! {
    // What is asked of the system or of a flow.
    /// How many people use it at all.
    Users "users": [Is(Number)] on [System, Flow, Outside] High;
    /// How many use it in a month.
    MonthlyUsers "monthly_users": [Is(Number)] on [System, Flow, Outside] High;
    /// How many use it on a day.
    DailyUsers "daily_users": [Is(Number)] on [System, Flow, Outside] High;
    /// How many are on it at the same time.
    Concurrent "concurrent": [Is(Number)] on [System, Flow, Outside, Component] High;
    /// What one user does in a time.
    PerUser "per_user": [Is(Rate)] on [System, Flow, Outside] High;
    /// How often it happens, on average.
    Rate "rate": [Is(Rate)] on [System, Flow, Link, Component] High;
    /// Reads per time, or a mark: it only reads.
    Reads "reads": [Is(Rate)] on [System, Flow, Link] High;
    /// Writes per time, or a mark: it only writes.
    Writes "writes": [Is(Rate)] on [System, Flow, Link] High;
    /// The rate in the busiest hour.
    Peak "peak": [Is(Rate)] on [System, Flow, Component] High;
    /// The busiest hour against the average.
    PeakFactor "peak_factor": [Is(Number)] on [System, Flow] High;
    /// How many reads come with one write.
    ReadsPerWrite "reads_per_write": [Is(Number), Ratio] on [System, Flow, Outside] High;
    /// Which part of the traffic takes this way.
    Share "share": [Is(Percent)] on [Flow, Link, Outside] High;
    /// Where the users are.
    From "from": [AnyWord, Text] on [Flow, Outside] High;
    /// The size of one record.
    RecordSize "record_size": [Is(Size)] on [System, Flow, Data] High;
    /// How many records there are.
    Records "records": [Is(Number)] on [System, Flow, Data] High;
    /// By how much it grows.
    Growth "growth": [Is(Throughput), Is(Growth), Is(Rate)] on [System, Flow, Data] High;
    /// How long data is kept.
    Retention "retention": [Is(Duration)] on [System, Flow, Data] High;
    /// How far ahead the design must carry.
    Horizon "horizon": [Is(Duration)] on [System, Flow] High;
    /// How much is stored.
    Storage "storage": [Is(Size)] on [System, Flow, Data] High;
    /// The share of time it works: asked of the system or a flow, its own of a component.
    Availability "availability": [Is(Percent), Words(&["high"])] on [System, Flow, Component, Link, Group] Low;
    /// How long it may be down in a time.
    Downtime "downtime": [Is(TimeShare)] on [System, Flow] Low;
    /// The median time to answer.
    LatencyP50 "latency_p50": [Is(Duration)] on [System, Flow] Low;
    /// The time to answer that one request in a hundred exceeds.
    LatencyP99 "latency_p99": [Is(Duration)] on [System, Flow] Low;
    /// How late the end of a path may be.
    Freshness "freshness": [Is(Duration)] on [System, Flow, Data] Low;
    /// What a read may miss.
    Consistency "consistency": [Words(&["strong", "eventual", "weak"])] on [System, Flow, Data, Link] High;
    /// What may be lost.
    Durability "durability": [Words(&["no_loss", "best_effort"])] on [System, Flow, Data, Link] High;
    /// How much recent data a disaster may cost.
    Rpo "rpo": [Is(Duration)] on [System, Flow, Data] Low;
    /// How long recovery may take.
    Rto "rto": [Is(Duration)] on [System, Flow, Data, Component] Low;
    /// What it must live through.
    Survives "survives": [Words(&["replica", "host", "zone", "region", "third_party"])] on [System, Flow] High;
    /// What it is for, which gives the promise where no figure does.
    Intent "intent": [Words(&["demo", "personal", "internal", "startup", "production", "critical"])] on [System, Flow] High;
    /// How many engineers build and run it.
    Team "team": [Is(Number)] on [System, Group] Low;
    /// What is assumed where nothing is stated.
    Assume "assume": [Words(&["nothing"])] on [System] High;

    // Capacity, of one replica.
    /// Requests a replica carries.
    Capacity "capacity": [Is(Rate), Is(Throughput)] on [Component] Low;
    /// Reads a replica carries.
    ReadCapacity "read_capacity": [Is(Rate)] on [Component] Low;
    /// Writes a replica carries.
    WriteCapacity "write_capacity": [Is(Rate)] on [Component] Low;
    /// Data a replica stores.
    StorageCapacity "storage_capacity": [Is(Size)] on [Data] Low;
    /// Memory of a replica.
    Memory "memory": [Is(Size)] on [Component] Low;
    /// What a replica's network carries.
    Bandwidth "bandwidth": [Is(Throughput)] on [Component, Link] Low;
    /// Connections a replica holds.
    MaxConnections "max_connections": [Is(Number)] on [Component] Low;
    /// Connections a replica keeps open.
    Pool "pool": [Is(Number)] on [Component, Link] Low;
    /// What a third party accepts.
    Quota "quota": [Is(Rate)] on [Component, Link] Low;
    /// The median time of one piece of work.
    ServiceTime "service_time": [Is(Duration)] on [Component] High;
    /// The time of work that one in a hundred exceeds.
    ServiceTimeP99 "service_time_p99": [Is(Duration)] on [Component] High;
    /// What was measured.
    Measured "measured": [Is(Duration), Is(Rate), Is(Percent)] on [Component, Flow, Link] High;
    /// Replicas follow the load.
    Autoscale "autoscale": [Flag, Is(Number)] on [Component] High;

    // Availability.
    /// A promise to callers, held against what it stands on.
    Slo "slo": [Is(Percent)] on [Component] High;
    /// Nodes, the primary included.
    Replicas "replicas": [Is(Number)] on [Component] Low;
    /// Parts that the data is split into.
    Shards "shards": [Is(Number)] on [Data] High;
    /// Over how many zones the replicas are spread.
    Zones "zones": [Is(Number), AnyWord] on [Component, Group, System] Low;
    /// Over how many regions the replicas are spread.
    Regions "regions": [Is(Number), AnyWord] on [Component, System] Low;
    /// How many replicas it takes.
    Needs "needs": [Is(Number), Words(&["all"])] on [Component] High;
    /// Who takes the traffic.
    Mode "mode": [Words(&["active_active", "active_passive"])] on [Component, Link, System, Group] High;
    /// How ready the second one is.
    Standby "standby": [Words(&["hot", "warm", "cold"])] on [Component, Link, System, Group] High;
    /// How long until another has taken over.
    Failover "failover": [Is(Duration), Words(&["manual", "automatic"])] on [Component, Link, System, Group] High;
    /// How long a repair takes.
    Repair "repair": [Is(Duration)] on [Component, Group] High;
    /// The share of failures that replicas have in common.
    Correlation "correlation": [Is(Percent)] on [Component] High;
    /// Somebody else keeps it redundant.
    Managed "managed": [Flag] on [Component] Low;
    /// It is asked whether it lives.
    HealthCheck "health_check": [Flag, Is(Duration)] on [Component, Link] High;
    /// It is started again.
    Restart "restart": [Flag, Is(Duration), Words(&["automatic", "manual", "always"])] on [Component] High;
    /// How often it runs.
    Every "every": [Is(Duration), Is(Rate)] on [Component] Low;

    // Data.
    /// Which classes of data it holds or carries.
    Data "data": [Words(DATA_CLASSES)] on [Component, Link, Flow, System] High;
    /// Data at rest is encrypted.
    EncryptedAtRest "encrypted_at_rest": [Flag] on [Component, Group, System] Low;
    /// How copies follow.
    Replication "replication": [Words(&["sync", "async", "quorum"])] on [Data, Link] High;
    /// Nodes that must take a write.
    WriteQuorum "write_quorum": [Is(Number)] on [Data] High;
    /// Nodes that must answer a read.
    ReadQuorum "read_quorum": [Is(Number)] on [Data] High;
    /// Nodes that take writes.
    Primaries "primaries": [Is(Number)] on [Data] High;
    /// Who wins.
    ConflictResolution "conflict_resolution": [AnyWord, Text] on [Data] High;
    /// How far copies are behind.
    Lag "lag": [Is(Duration)] on [Data, Link] High;
    /// What the data is split by.
    ShardKey "shard_key": [AnyWord, Text] on [Data] High;
    /// How the data is shaped.
    Model "model": [Words(&["relational", "key_value", "document", "wide_column", "graph", "time_series", "warehouse", "search", "blob"])] on [Data] High;
    /// What the data needs of its store.
    Requires "requires": [Words(&["transactions", "joins", "full_text", "traversals", "aggregations", "geo", "ordering", "replay"])] on [Component, System, Flow] High;
    /// A copy is kept.
    Backup "backup": [Flag, Is(Duration), Text, AnyWord] on [Component, System, Group] High;
    /// How long it takes to bring the copy back.
    RestoreTime "restore_time": [Is(Duration)] on [Component, System] High;
    /// The copy was brought back once.
    RestoreTested "restore_tested": [Flag, Is(Duration), AnyWord, Text] on [Component, System] High;
    /// Where the data lives through a restart.
    Persistence "persistence": [Words(&["volume"]), AnyWord] on [Component] High;
    /// It never changes.
    Immutable "immutable": [Flag] on [Component, Link] High;
    /// It is the only place of its data.
    SourceOfTruth "source_of_truth": [Flag] on [Component] High;
    /// What it is made from.
    DerivedFrom "derived_from": [Reference] on [Component] High;
    /// Events are written in the store's own transaction, and sent from there.
    Outbox "outbox": [Flag, AnyWord] on [Component, Link, Flow] High;
    /// Steps of several services that each commit by themselves: who leads them.
    Saga "saga": [Flag, Words(&["choreography", "orchestration"])] on [Component, Link, Flow] High;
    /// How what was done is undone where a later step fails.
    Compensation "compensation": [Flag, AnyWord, Text] on [Component, Link, Flow] High;
    /// Where the data must stay.
    Residency "residency": [AnyWord, Text] on [Component, System, Flow, Group] High;
    /// What gives way in a partition.
    OnPartition "on_partition": [Words(&["consistent", "available"])] on [Data, System, Flow] High;

    // Caches and CDNs.
    /// What it keeps copies of.
    Caches "caches": [Reference] on [Component] High;
    /// How it is filled.
    Strategy "strategy": [Words(&["cache_aside", "read_through", "write_through", "write_behind", "refresh_ahead"])] on [Cache] High;
    /// How long a copy is good.
    Ttl "ttl": [Is(Duration)] on [Cache, Edge, Link, Data] High;
    /// The share of reads it answers.
    HitRatio "hit_ratio": [Is(Percent)] on [Cache] Low;
    /// What leaves a full cache.
    Eviction "eviction": [AnyWord] on [Cache] High;
    /// How it learns of a change.
    Invalidation "invalidation": [AnyWord, Text, Flag] on [Cache] High;
    /// What it keeps.
    CacheLevel "cache_level": [Words(&["query", "object"])] on [Cache] High;
    /// One caller fills, the others wait.
    SingleFlight "single_flight": [Flag] on [Cache, Component] High;
    /// How long a write waits in the cache.
    FlushInterval "flush_interval": [Is(Duration)] on [Cache] High;
    /// Old copies are served while the origin is down.
    ServeStale "serve_stale": [Flag, Is(Duration)] on [Cache] High;
    /// Who brings the content.
    DeliveryMode "delivery_mode": [Words(&["push", "pull"])] on [Cache] High;
    /// The share of answers that may be kept.
    Cacheable "cacheable": [Flag, Is(Percent)] on [Component, Link, Flow] Low;

    // Queues and those who work on them.
    /// How many messages, or how much data, it holds.
    MaxLength "max_length": [Is(Number), Is(Size)] on [Queue, Component] Low;
    /// How long a message may wait.
    MaxAge "max_age": [Is(Duration)] on [Queue, Component] Low;
    /// What a full queue does.
    OnFull "on_full": [Words(&["reject", "block", "drop"])] on [Queue, Component, Link] High;
    /// Where messages go that nobody can work on.
    DeadLetter "dead_letter": [Flag, Reference] on [Queue, Compute] High;
    /// How often a message arrives.
    Delivery "delivery": [Words(&["at_most_once", "at_least_once", "exactly_once"])] on [Queue, Compute, Link, System, Flow] High;
    /// Order is kept.
    Ordering "ordering": [Flag, AnyWord] on [Queue, Compute, Link, Flow] High;
    /// Parts that consumers share out.
    Partitions "partitions": [Is(Number)] on [Queue] Low;
    /// How long a taken message is hidden.
    VisibilityTimeout "visibility_timeout": [Is(Duration)] on [Queue] Low;
    /// Doing it twice does no harm.
    Idempotent "idempotent": [Flag, AnyWord] on [Compute, Component, Link] High;
    /// Messages taken at once.
    BatchSize "batch_size": [Is(Number), Is(Size)] on [Queue, Compute, Link] High;
    /// How long it waits to fill a batch.
    BatchWindow "batch_window": [Is(Duration)] on [Queue, Compute, Link] High;

    // The edge.
    /// How the balancer chooses.
    Algorithm "algorithm": [Words(&["round_robin", "weighted", "least_connections", "ip_hash", "sticky", "random"])] on [Edge] High;
    /// Which layer it works on.
    Layer "layer": [Is(Number)] on [Edge] High;
    /// How names are answered.
    Routing "routing": [Words(&["simple", "weighted", "latency", "geolocation", "failover"])] on [Edge] High;
    /// Encryption ends here.
    TlsTermination "tls_termination": [Flag] on [Component] High;
    /// Requests are filtered.
    Waf "waf": [Flag] on [Component] High;
    /// Floods are absorbed.
    DdosProtection "ddos_protection": [Flag] on [Component] High;
    /// Answers are compressed.
    Compression "compression": [Flag, AnyWord] on [Component, Link] High;

    // Security.
    /// How a caller proves who it is.
    Auth "auth": [Words(&["jwt", "session", "token", "password", "oidc", "mtls", "api_key", "presigned", "basic", "any", "saml", "iam"])] on [Component, Link, Flow, System, Group] High;
    /// What a caller may do is checked.
    Authorization "authorization": [Flag, AnyWord] on [Component, Link] High;
    /// A second factor is asked.
    Mfa "mfa": [Flag] on [Component, Link] High;
    /// How much one caller may ask.
    RateLimit "rate_limit": [Flag, Is(Rate)] on [Component, Link] Low;
    /// How queries are put together.
    Queries "queries": [Words(&["parameterized", "concatenated"])] on [Component, Link] High;
    /// Output is encoded for where it goes.
    OutputEncoding "output_encoding": [Flag, AnyWord] on [Component] High;
    /// It fetches addresses that users give.
    FetchesUrls "fetches_urls": [Flag] on [Component] High;
    /// Where it may connect to.
    EgressAllowList "egress_allow_list": [Flag] on [Component, Group] High;
    /// It takes files from users.
    Uploads "uploads": [Flag] on [Component, Link] High;
    /// Files are scanned.
    Scanned "scanned": [Flag] on [Component, Link] High;
    /// Messages carry a signature.
    Signed "signed": [Flag] on [Component, Link] High;
    /// Who did what is kept.
    AuditLog "audit_log": [Flag, Reference] on [Component, System, Link] High;
    /// It lets callers in when it can't check them.
    FailOpen "fail_open": [Flag] on [Component, Link] High;
    /// What its account may do.
    Grants "grants": [Words(&["read", "write", "admin", "all"]), AnyWord] on [Component, Link] High;
    /// Ports that are open to the outside.
    Published "published": [Is(Number), Flag] on [Component] High;
    /// Only listed addresses are let in.
    AllowList "allow_list": [Flag, AnyWord] on [Component, Link] High;
    /// The networks it stands in.
    Networks "networks": [AnyWord] on [Component] High;
    /// How far a place is trusted.
    Trust "trust": [Words(&["public", "dmz", "private"])] on [Component, Group] High;
    /// A password stands in the open or is a default.
    Password "password": [Flag, Text, AnyWord] on [Component, Link] High;

    // Running it.
    /// It keeps state of its own between requests.
    Stateful "stateful": [Flag] on [Component] High;
    /// Where sessions live.
    Sessions "sessions": [Words(&["server", "store", "token"])] on [Component, System] High;
    /// How often it is deployed.
    Deploys "deploys": [Is(Rate)] on [System, Component, Group] High;
    /// The share of deploys that fail.
    ChangeFailureRate "change_failure_rate": [Is(Percent)] on [System, Component, Group] High;
    /// How long it takes to undo a deploy.
    Rollback "rollback": [Is(Duration)] on [System, Component, Group] High;
    /// What starts and moves the parts.
    Orchestrator "orchestrator": [AnyWord] on [System, Component, Group] High;
    /// A mesh of proxies stands between the parts.
    Mesh "mesh": [Flag, AnyWord] on [System, Component, Group] High;
    /// How the parts find each other.
    Discovery "discovery": [Words(&["client", "server", "dns"])] on [System, Component, Link, Group] High;

    // Links.
    /// How long the caller waits.
    Timeout "timeout": [Is(Duration)] on [Link, Component] High;
    /// How often it tries again.
    Retries "retries": [Is(Number)] on [Link, Component] High;
    /// How it spaces the tries.
    Backoff "backoff": [Flag, Is(Duration), Words(&["exponential", "linear", "constant", "jitter", "exponential_jitter"])] on [Link, Component] High;
    /// It stops asking what does not answer.
    CircuitBreaker "circuit_breaker": [Flag] on [Link, Component] High;
    /// How it is asked.
    Method "method": [Words(&["get", "head", "post", "put", "patch", "delete", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])] on [Link] High;
    /// It is encrypted.
    Tls "tls": [Flag, AnyWord] on [Link, Component] High;
    /// Both ends prove who they are.
    Mtls "mtls": [Flag] on [Link, Component, Group, System] High;
    /// It is not encrypted.
    Plaintext "plaintext": [Flag] on [Link] High;
    /// Calls for each request, on average.
    Calls "calls": [Is(Number)] on [Link] High;
    /// Calls for the worst request.
    CallsMax "calls_max": [Is(Number)] on [Link] High;
    /// The calls are made at the same time.
    Parallel "parallel": [Flag] on [Link] High;
    /// All shards are asked.
    Scatter "scatter": [Flag] on [Link] High;
    /// Data that one call carries.
    Payload "payload": [Is(Size)] on [Link, Flow] High;
    /// How long connections last.
    Connections "connections": [Words(&["short", "long"])] on [Link] High;
    /// The caller can do without.
    Optional "optional": [Flag] on [Link] High;
    /// Needed to start only.
    Startup "startup": [Flag] on [Link] High;
    /// Beside the users' path.
    Batch "batch": [Flag] on [Link, Compute] High;
    /// What the link is for, beside the users' path.
    For "for": [Words(&["health", "deploy", "backup", "telemetry", "manages"])] on [Link] High;
    /// An asynchronous message that must arrive.
    Required "required": [Flag] on [Link] High;

    // Constraints.
    /// How gravely the team takes it.
    Level "level": [Words(&["error", "warning", "advice"])] on [Constraint] High;

    // Placement and everything.
    /// What it runs on: it fails with that and shares its capacity.
    On "on": [Reference] on [Component] High;
    /// What it is built with.
    Engine "engine": [AnyWord] on [Component] High;
    /// Why it is so.
    Because "because": [Text] on [Everywhere] High;
    /// Labels to group by.
    Tags "tags": [AnyWord] on [Everywhere] High;
    /// What it is.
    Description "description": [Text] on [Everywhere] High;
    /// Whose it is.
    OwnerName "owner": [Text, AnyWord] on [Everywhere] High;
}
