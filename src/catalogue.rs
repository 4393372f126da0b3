//! The catalogue: what is known of kinds, engines and protocols before a design says a word, each figure with
//! its source and how far it is to be trusted.
//!
//! The data stand in `catalogue/*.toml`; `build.rs` turns them into constants, so that nothing is read at start.
//! A design's own words win over all of it, and what is not in it is unknown.

mod kind;

pub use data::Parameters;
pub use kind::Kind;

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::figures;
use crate::quantity::{Duration, Rate, Size, Throughput};
use data::{ENGINE_NAMES, ENGINES, KIND_FACTS, PARAMETERS, PROTOCOL_NAMES, PROTOCOLS};

#[expect(clippy::unreadable_literal, reason = "generated: the figures are read in the data files")]
mod data {
    use super::{Confidence, Encryption, Engine, Fact, Facts, Kind, Parameter, Protocol, Unit};

    include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));
}

/// How far a figure is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// The vendor's own text, the definition itself, or the team's own word.
    High,
    /// A secondary source, or a primary one from memory.
    Medium,
    /// A judgement: the first to be overridden.
    Low,
}

/// What a figure counts, in base units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A part of one, 0 to 1; written as a percentage.
    Share,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// Requests, messages or jobs a second.
    PerSecond,
    /// Bytes a second.
    BytesPerSecond,
    /// A plain number.
    Count,
}

/// A figure with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    /// The figure, in the base unit of `unit`.
    pub value: f64,
    /// What it counts.
    pub unit: Unit,
    /// Who says so, in a few words.
    pub source: &'static str,
    /// How far to trust it.
    pub confidence: Confidence,
}

/// The source of what a company's configuration sets.
const OWN_SOURCE: &str = "your configuration, `loadpath.toml`";

impl Fact {
    /// Whether a company's configuration says so, not the catalogue.
    pub fn is_own(&self) -> bool {
        self.source == OWN_SOURCE
    }

    /// The figure as a rate.
    pub fn rate(&self) -> Rate {
        debug_assert_eq!(self.unit, Unit::PerSecond, "{self:?} is no rate");
        Rate::new(self.value)
    }

    /// The figure as a duration.
    pub fn duration(&self) -> Duration {
        debug_assert_eq!(self.unit, Unit::Seconds, "{self:?} is no duration");
        Duration::new(self.value)
    }

    /// The figure as a size.
    pub fn size(&self) -> Size {
        debug_assert_eq!(self.unit, Unit::Bytes, "{self:?} is no size");
        Size::new(self.value)
    }

    /// The figure as an amount of data per time.
    pub fn throughput(&self) -> Throughput {
        debug_assert_eq!(self.unit, Unit::BytesPerSecond, "{self:?} is no throughput");
        Throughput::new(self.value)
    }
}

/// Bytes a second under which traffic is told by the month, as it is billed.
const SLOW: f64 = 1e6;

/// The figure in its unit, as a message would write it.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&match self.unit {
            Unit::Share => figures::availability(self.value),
            Unit::Seconds => figures::duration(self.value),
            Unit::Bytes => figures::size(self.value),
            Unit::PerSecond => figures::rate(self.value),
            Unit::BytesPerSecond if self.value < SLOW => {
                format!("{}/month", figures::size(self.value * Parameters::MONTH.value))
            }
            Unit::BytesPerSecond => format!("{}/s", figures::size(self.value)),
            Unit::Count => figures::number(self.value),
        })
    }
}

/// Declares [`Facts`] and its figures from one list, so that both can be gone through by name.
macro_rules! facts {
    ($($(#[doc = $doc:literal])+ $name:ident: $unit:ident,)+) => {
        /// What is known of a kind or an engine. `None` is unknown.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub struct Facts {
            /// Redundant by itself although it is drawn once: its availability is that of the whole.
            pub managed: bool,
            /// Known to publish no promise of availability to every customer.
            pub unpublished_sla: bool,
            /// The data model, in the words of the property `model`.
            pub model: Option<&'static str>,
            /// What a broker promises of delivery, in the words of the property `delivery`.
            pub delivery: Option<&'static str>,
            /// How copies follow unless said otherwise, in the words of the property `replication`.
            pub replication: Option<&'static str>,
            /// What a read gets unless said otherwise: `strong` or `eventual`.
            pub consistency: Option<&'static str>,
            /// Whether what was acknowledged outlives a crash, as it comes.
            pub is_durable: Option<bool>,
            /// Whether messages come out in the order they went in, at least per key or partition.
            pub is_ordered: Option<bool>,
            /// Whether it may be the only place that holds the data.
            pub is_system_of_record: Option<bool>,
            /// Decides by a majority of its members.
            pub consensus: bool,
            /// Its nodes elect another primary by themselves, so that no `failover` need be stated.
            pub elects: bool,
            /// Every node takes writes: there is no primary to lose.
            pub masterless: bool,
            /// A log that is kept and can be read again, not a queue that is emptied.
            pub is_log: bool,
            /// Its nodes share the data out among themselves, each record on a few of them.
            pub spreads_data: bool,
            /// Stands in several regions by itself, so that the loss of one does not take it down.
            pub spans_regions: bool,
            $($(#[doc = $doc])+ pub $name: Option<Fact>,)+
        }

        impl Facts {
            /// Nothing known.
            pub const NONE: Self = Self {
                managed: false,
                unpublished_sla: false,
                model: None,
                delivery: None,
                replication: None,
                consistency: None,
                is_durable: None,
                is_ordered: None,
                is_system_of_record: None,
                consensus: false,
                elects: false,
                masterless: false,
                is_log: false,
                spreads_data: false,
                spans_regions: false,
                $($name: None,)+
            };

            /// The names of the figures with what they count, as the configuration may set them.
            pub const FIGURES: &'static [(&'static str, Unit)] = &[$((stringify!($name), Unit::$unit)),+];

            /// The figure of this name.
            pub fn figure(&self, name: &str) -> Option<Fact> {
                match name {
                    $(stringify!($name) => self.$name,)+
                    _ => None,
                }
            }
        }
    };
}

facts! {
    /// The share of time it is up: of one replica, or of the whole where it is managed.
    availability: Share,
    /// Requests, messages or jobs a second that one replica sustains.
    capacity: PerSecond,
    /// Reads a second of one replica.
    read_capacity: PerSecond,
    /// Writes a second of one replica.
    write_capacity: PerSecond,
    /// Data that one node holds comfortably.
    storage_capacity: Bytes,
    /// Memory of one node that data can use.
    memory: Bytes,
    /// Bytes a second that one node takes in.
    bandwidth: BytesPerSecond,
    /// Reads a second of one partition, or one key.
    partition_read_capacity: PerSecond,
    /// Writes a second of one partition, or one key.
    partition_write_capacity: PerSecond,
    /// Bytes a second into one partition.
    partition_bandwidth: BytesPerSecond,
    /// Connections that one node can hold open.
    max_connections: Count,
    /// Requests in work at once, of one replica; of the whole for a function.
    concurrency: Count,
    /// Messages handed out and not yet confirmed.
    max_in_flight: Count,
    /// Partitions of one node.
    max_partitions: Count,
    /// The largest item, value or payload.
    max_item: Bytes,
    /// Calls a second that the provider allows by default.
    quota: PerSecond,
    /// Half of the requests take no longer.
    service_time: Seconds,
    /// All but one request in a hundred take no longer.
    service_time_p99: Seconds,
    /// Half of the writes take no longer, where they take longer than reads.
    write_time: Seconds,
    /// The longest that one request may run.
    max_duration: Seconds,
    /// After how long it gives up on a target, or on a silent connection, as it comes.
    default_timeout: Seconds,
    /// How long an automatic failover takes: detection, promotion and redirection.
    failover: Seconds,
    /// How far an asynchronous copy, or a search, may be behind.
    lag: Seconds,
    /// The share of reads that a cache answers.
    hit_ratio: Share,
    /// How long a broker keeps a message unless told otherwise.
    max_age: Seconds,
}

/// A product that a component can be an instance of.
#[derive(Debug, PartialEq)]
pub struct Engine {
    /// The canonical word of a design: `postgres`.
    pub name: &'static str,
    /// As its makers call it: `PostgreSQL`.
    pub title: &'static str,
    /// Other words for it, sorted.
    pub aliases: &'static [&'static str],
    /// The kinds of component that it can be, the most usual first.
    pub kinds: &'static [Kind],
    /// The protocol that is called like it, or like the engine that it is like: `amqp` of `rabbitmq_quorum`.
    pub protocol: Option<&'static str>,
    /// What is known of it.
    pub facts: Facts,
}

/// The engine of this name or alias, in any case, with `-` for `_`.
pub fn engine(name: &str) -> Option<&'static Engine> {
    static NAMED: Named<Engine> = LazyLock::new(|| named(ENGINE_NAMES, ENGINES));
    look_up(&NAMED, name)
}

/// All engines, by name.
pub fn engines() -> &'static [Engine] {
    ENGINES
}

/// What the catalogue says of one component: its engine first, then its kind.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The component's kind.
    pub kind: Kind,
    /// Its engine, where the catalogue has it.
    pub engine: Option<&'static Engine>,
}

impl Known {
    /// Whether it is redundant by itself. A known engine decides: a `dns : bind` is a server of one's own.
    pub fn is_managed(self) -> bool {
        self.engine.map_or(self.kind.facts().managed, |engine| engine.facts.managed)
    }

    /// A fact of the engine, else of the kind: `known.get(|facts| facts.capacity)`.
    pub fn get<T>(self, fact: impl Fn(&Facts) -> Option<T>) -> Option<T> {
        let of_kind = || self.typical().and_then(&fact);
        self.engine.and_then(|engine| fact(&engine.facts)).or_else(of_kind)
    }

    /// The kind's facts, unless the engine is of another nature: run by others where the kind is one's own (or
    /// the reverse), or of another data model. A graph database has no relational one's capacity.
    fn typical(self) -> Option<&'static Facts> {
        let typical = self.kind.facts();
        let fits = |engine: &Engine| {
            let same_model =
                typical.model.is_none() || engine.facts.model.is_none_or(|it| typical.model == Some(it));
            engine.facts.managed == typical.managed && same_model
        };
        self.engine.is_none_or(fits).then_some(typical)
    }
}

/// Whether what travels by a protocol can be read on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encryption {
    /// It is always encrypted.
    Always,
    /// It never is.
    Never,
    /// Both exist under this name: unspecified, where nothing more is said.
    Either,
}

/// How two components speak with each other.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each with its own meaning")]
#[derive(Debug, PartialEq, Eq)]
pub struct Protocol {
    /// The canonical word of a design: `https`.
    pub name: &'static str,
    /// As a sentence says it.
    pub title: &'static str,
    /// Other words for it, sorted.
    pub aliases: &'static [&'static str],
    /// Whether it is encrypted.
    pub encryption: Encryption,
    /// The name of the encrypted protocol to use instead.
    pub secure: Option<&'static str>,
    /// The usual ports.
    pub ports: &'static [u16],
    /// The caller waits for an answer to each message.
    pub is_request: bool,
    /// One connection serves for minutes and more.
    pub long_lived: bool,
    /// Its purpose is a copy of data, which the source never waits for.
    pub copies_data: bool,
    /// Messages may be lost or come out of order: nothing below repeats them.
    pub datagram: bool,
    /// A bare stream of bytes, in which all that comes after a lost packet waits until it has come again.
    pub byte_stream: bool,
    /// It calls a procedure of the other program, so that a new version has to come to both ends.
    pub by_name: bool,
    /// No page in a browser can speak it.
    pub programs_only: bool,
    /// It asks again and again whether there is something new.
    pub polls: bool,
    /// Who says so.
    pub source: &'static str,
}

/// The protocol of this name or alias, in any case, with `-` for `_`.
pub fn protocol(name: &str) -> Option<&'static Protocol> {
    static NAMED: Named<Protocol> = LazyLock::new(|| named(PROTOCOL_NAMES, PROTOCOLS));
    look_up(&NAMED, name)
}

/// All protocols, by name.
pub fn protocols() -> &'static [Protocol] {
    PROTOCOLS
}

/// A row of [`Parameters`]: what a configuration may set, and to what.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its word in the configuration: `node_availability`.
    pub name: &'static str,
    /// What it is, as a message would say it.
    pub title: &'static str,
    /// What holds where no configuration says otherwise.
    pub default: Fact,
    /// The least that it may be; more than nothing where there is none.
    pub least: Option<f64>,
    /// The most that it may be; all there is of a share where there is none.
    pub most: Option<f64>,
    /// The name of a parameter that it may not be over.
    pub at_most: Option<&'static str>,
    /// Why no configuration can set it; nothing where one can.
    pub fixed: Option<&'static str>,
    of: fn(&Parameters) -> Fact,
    of_mut: fn(&mut Parameters) -> Option<&mut Fact>,
}

impl Parameter {
    /// What it is among these.
    pub fn of(&self, parameters: &Parameters) -> Fact {
        (self.of)(parameters)
    }
}

/// All parameters, by name.
pub fn parameters() -> &'static [Parameter] {
    PARAMETERS
}

/// The parameter of this name.
pub fn parameter(name: &str) -> Option<&'static Parameter> {
    PARAMETERS.binary_search_by(|it| it.name.cmp(name)).ok().map(|at| &PARAMETERS[at])
}

impl Parameters {
    /// Sets one of them, by a company's own word; a definition stays what it is.
    pub fn set(&mut self, parameter: &Parameter, value: f64) {
        if let Some(fact) = (parameter.of_mut)(self) {
            *fact = Fact { value, unit: fact.unit, source: OWN_SOURCE, confidence: Confidence::High };
        }
    }
}

/// The area of the earth that a region's name tells: `us-east-1`, `westeurope`.
pub fn area(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace(['-', ' '], "_");
    data::AREA_WORDS.iter().find(|(word, _)| name.starts_with(word)).map(|(_, area)| *area)
}

/// The round trip between two areas.
pub fn way_between(one: &str, other: &str) -> Option<Fact> {
    let is_it = |from: &str, to: &str| (from, to) == (one, other) || (to, from) == (one, other);
    data::WAYS.iter().find(|(from, to, _)| is_it(from, to)).map(|(_, _, fact)| *fact)
}

/// What the rows of a table are called, in lower case with `_`. Most rules ask it for each component or link.
type Named<T> = LazyLock<FxHashMap<&'static str, &'static T>>;

fn named<T>(names: &[(&'static str, u16)], rows: &'static [T]) -> FxHashMap<&'static str, &'static T> {
    names.iter().map(|(name, at)| (*name, &rows[usize::from(*at)])).collect()
}

fn look_up<T>(names: &Named<T>, name: &str) -> Option<&'static T> {
    let is_known_form = name.bytes().all(|byte| byte != b'-' && !byte.is_ascii_uppercase());
    let wanted =
        if is_known_form { Cow::Borrowed(name) } else { name.to_ascii_lowercase().replace('-', "_").into() };
    names.get(&*wanted).copied()
}
