//! State: what a read may miss, and what a crash may lose.
//!
//! Consistency, durability and `rpo` are asked by a store, by a flow or by the system; the nearest wins. They are held
//! against what answers: the node that takes the writes, a copy that follows later, a cache, an engine that answers from
//! any of its nodes. What is accepted but not yet copied is lost with the node that has it: rate × lag.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Analysis;
use super::availability::unit;
use super::journey::Journey;
use super::latency::{self, Distance};
use super::load::{Load, has_unreadable_standby};
use super::needs::View;
use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Properties, Property, Replicas};
use crate::quantity::{Duration, Rate};
use crate::source::Span;
use crate::worked::Worked;

/// Components that all journeys together may come to before the others are not followed.
const LOOKS: usize = 50_000;

/// What a read may miss.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Nothing that was confirmed before it.
    Strong,
    /// What was written a while ago, and not longer.
    Eventual,
    /// Anything.
    Weak,
}

impl Level {
    /// What something states.
    pub fn of(properties: &Properties) -> Option<Self> {
        match properties.word(Property::Consistency)? {
            "strong" => Some(Self::Strong),
            "eventual" => Some(Self::Eventual),
            _ => Some(Self::Weak),
        }
    }

    /// The word for it in a design.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strong => "strong",
            Self::Eventual => "eventual",
            Self::Weak => "weak",
        }
    }
}

/// Who asks something, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked<T> {
    /// What is asked.
    pub what: T,
    /// The element that asks: a store, a link, a flow, `system`.
    pub element: String,
    /// Where.
    pub span: Span,
}

impl<T> Asked<T> {
    /// Whether it is asked of the whole system, and not of this in particular.
    pub fn is_of_the_system(&self) -> bool {
        self.element == "system"
    }

    fn by(element: &str, properties: &Properties, property: Property, what: Option<T>) -> Option<Self> {
        Some(Self { what: what?, element: element.to_owned(), span: properties.span(property)? })
    }
}

/// The consistency that a journey asks: its flow's, else the system's.
pub fn asked(architecture: &Architecture, journey: &Journey) -> Option<Asked<Level>> {
    if let Some(flow) = journey.flow.map(|id| architecture.flow(id))
        && flow.is_stated(Property::Consistency)
    {
        return Asked::by(&flow.name, flow, Property::Consistency, Level::of(flow));
    }
    let system = &architecture.system.properties;
    Asked::by("system", system, Property::Consistency, Level::of(system))
}

/// A store or cache that a journey's reads come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Who answers.
    pub store: ComponentId,
    /// The link by which the read comes.
    pub link: LinkId,
}

/// What answers the reads of journeys. How much of a large design is looked at is bounded.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    architecture: &'a Architecture,
    looks_left: usize,
}

impl<'a> Reader<'a> {
    /// Who has looked at nothing yet.
    pub fn new(architecture: &'a Architecture) -> Self {
        Self { architecture, looks_left: LOOKS }
    }

    /// The stores and caches that a journey's reads come to; nothing for one that only writes, and once too much was
    /// looked at.
    pub fn answers(&mut self, journey: &Journey) -> Vec<Answer> {
        if !journey.mode.reads {
            return Vec::new();
        }
        self.reached(journey, |link| !link.is_writes_only())
    }

    /// The stores that a journey's writes come to.
    pub fn written(&mut self, journey: &Journey) -> Vec<Answer> {
        if !journey.mode.writes {
            return Vec::new();
        }
        self.reached(journey, |link| !link.is_reads_only())
    }

    fn reached(&mut self, journey: &Journey, is_taken: impl Fn(&Link) -> bool) -> Vec<Answer> {
        let view = View::timed(self.architecture, journey);
        let mut found = Vec::new();
        let mut waiting = journey.entries.clone();
        let mut seen: FxHashSet<ComponentId> = waiting.iter().copied().collect();
        while let Some(id) = waiting.pop() {
            let Some(left) = self.looks_left.checked_sub(1) else { return found };
            self.looks_left = left;
            for link in view.need(id).links().into_iter().map(|link| self.architecture.link(link)) {
                let target = self.architecture.component(link.target);
                if !is_taken(link) {
                    continue;
                }
                if target.kind.holds_data() && !target.kind.is_queue() {
                    found.push(Answer { store: target.id, link: link.id });
                }
                if seen.insert(target.id) {
                    waiting.push(target.id);
                }
            }
        }
        found.sort_unstable_by_key(|it| it.link.0);
        found.dedup();
        found
    }
}

/// Why an answer may be behind what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It says so itself: `consistency = eventual`.
    Stated(Span),
    /// It is a copy that follows another store by this link.
    Copy(LinkId),
    /// Its own nodes follow one of them, and all of them are read.
    Nodes,
    /// Its engine answers from whichever node is near, unless asked otherwise.
    Engine(&'static str),
}

/// An answer that may be behind what was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Behind {
    /// Why.
    pub why: Why,
    /// By how much.
    pub lag: Option<Lag>,
    /// Whether it is the catalogue that says that it is.
    pub is_assumed: bool,
}

/// How far a copy is behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lag {
    /// How far.
    pub time: Duration,
    /// Where it is written; the catalogue's figure else.
    pub span: Option<Span>,
}

impl Lag {
    /// The nearest that is written, else what is usual for an engine.
    fn of(written: &[&Properties], usual: &Component) -> Option<Self> {
        let stated = written
            .iter()
            .find_map(|it| Some(Self { time: it.duration(Property::Lag)?, span: it.span(Property::Lag) }));
        let known = || usual.known().get(|facts| facts.lag);
        stated.or_else(|| known().map(|fact| Self { time: fact.duration(), span: None }))
    }
}

/// What `1 s` or `1 s (assumed)` of a lag is to read.
impl std::fmt::Display for Lag {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{}{}", self.time, if self.span.is_some() { "" } else { " (assumed)" })
    }
}

/// How far a copy that is drawn may be behind what it follows; none where the source waits for it.
pub fn lag_of_copy(architecture: &Architecture, link: &Link) -> Option<Option<Lag>> {
    let is_waited_for = !link.is_async() || link.is(Property::Replication, "sync");
    if is_waited_for || !link.copies_each_write() {
        return None;
    }
    let (source, target) = architecture.ends(link);
    Some(Lag::of(&[link, target, source], source))
}

/// Whether what a read gets may be behind what was written, and by how much. A cache is told of apart.
///
/// A store that asks `strong` of itself, or a link that does, reads from the node that takes the writes; a copy of its
/// own has no such node.
pub fn behind(architecture: &Architecture, store: &Component, link: &Link) -> Option<Behind> {
    for properties in [&link.properties, &store.properties] {
        match Level::of(properties) {
            Some(Level::Strong) if !store.is_replica() => return None,
            Some(Level::Eventual | Level::Weak) => {
                let span = properties.span(Property::Consistency)?;
                let lag = Lag::of(&[link, store], store).filter(|it| it.span.is_some());
                return Some(Behind { why: Why::Stated(span), lag, is_assumed: false });
            }
            _ => {}
        }
    }
    // One of several that copy to each other is behind the others as well.
    let mut copies = architecture.links_to(store.id).filter(|link| link.copies_each_write()).peekable();
    if store.is_replica() || copies.peek().is_some() {
        let late = copies.find_map(|copy| Some((copy, lag_of_copy(architecture, copy)?)));
        return late.map(|(copy, lag)| Behind { why: Why::Copy(copy.id), lag, is_assumed: false });
    }
    if !has_readable_copies(store) {
        return by_nature(store);
    }
    match replication(store) {
        Some(Following { is_async: true, is_stated: true }) => {
            Some(Behind { why: Why::Nodes, lag: Lag::of(&[store], store), is_assumed: false })
        }
        Some(Following { is_stated: true, .. }) => None,
        _ => by_nature(store),
    }
}

/// An engine that is known to answer eventually, though nothing is said of its copies.
fn by_nature(store: &Component) -> Option<Behind> {
    let engine = store.engine()?;
    let is_asked_of_several = store.is_stated(Property::ReadQuorum) || store.is_stated(Property::WriteQuorum);
    if engine.facts.consistency != Some("eventual") || is_asked_of_several {
        return None;
    }
    // Of an engine whose copies follow a node, a single node is never behind.
    let follows_a_node = engine.facts.replication.is_some();
    if follows_a_node && !has_readable_copies(store) {
        return None;
    }
    let lag = Lag::of(&[store], store);
    Some(Behind { why: Why::Engine(engine.title), lag, is_assumed: true })
}

/// How many nodes of one shard there are at most, where that is said.
pub fn nodes(store: &Component) -> Option<u32> {
    match store.replicas {
        Replicas::Stated { least, most } => Some(most.unwrap_or(least)),
        Replicas::Managed | Replicas::Unstated => None,
    }
}

fn has_readable_copies(store: &Component) -> bool {
    nodes(store).is_some_and(|it| it > 1) && !has_unreadable_standby(store)
}

/// How the nodes of a store follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Following {
    /// Whether a write is confirmed before they have it.
    pub is_async: bool,
    /// Whether the design says so; else the catalogue does, of the engine.
    pub is_stated: bool,
}

/// How the nodes of a store follow each other, where that is known.
pub fn replication(store: &Component) -> Option<Following> {
    if let Some(word) = store.word(Property::Replication) {
        return Some(Following { is_async: word == "async", is_stated: true });
    }
    if store.is_stated(Property::WriteQuorum) || store.is_stated(Property::ReadQuorum) {
        return Some(Following { is_async: false, is_stated: true });
    }
    let word = store.known().get(|facts| facts.replication)?;
    Some(Following { is_async: word == "async", is_stated: false })
}

/// What says of a cache that it keeps copies.
const OF_A_CACHE: [Property; 4] =
    [Property::Strategy, Property::Ttl, Property::Invalidation, Property::HitRatio];

/// How a cache's copies may be older than what they are of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Staleness {
    /// For so long, until they expire.
    Until(Duration, Span),
    /// It is stated that nothing tells the cache of a change.
    Untold(Span),
    /// A change reaches the store first, and the cache by who reads next, in the way that is stated.
    ByStrategy(Span),
    /// Nothing is said of how it learns of a change.
    Unstated,
}

/// Whether a cache may answer with what is out of date: it keeps copies of data that changes, and neither does each
/// write pass through it nor is it told of changes.
pub fn staleness(architecture: &Architecture, cache: &Component) -> Option<Staleness> {
    if cache.kind != Kind::Cache || cache.has(Property::SourceOfTruth) || cache.has(Property::Immutable) {
        return None;
    }
    let cached = architecture.references(cache, Property::Caches);
    if !cached.is_empty() && cached.iter().all(|id| architecture.component(*id).has(Property::Immutable)) {
        return None;
    }
    // What says nothing of copies may hold sessions, counters or locks.
    let fetches =
        || architecture.links_from(cache.id).any(|link| architecture.component(link.target).kind.is_store());
    if cached.is_empty() && !OF_A_CACHE.iter().any(|it| cache.has(*it)) && !fetches() {
        return None;
    }
    // Through these the last write is in the cache before it is confirmed.
    let passes_writes = ["write_through", "write_behind"].iter().any(|it| cache.is(Property::Strategy, it));
    if passes_writes || cache.has(Property::Invalidation) {
        return None;
    }
    if let (Some(ttl), Some(span)) = (cache.duration(Property::Ttl), cache.span(Property::Ttl)) {
        return Some(Staleness::Until(ttl, span));
    }
    if let Some(span) = cache.span(Property::Invalidation) {
        return Some(Staleness::Untold(span));
    }
    Some(cache.span(Property::Strategy).map_or(Staleness::Unstated, Staleness::ByStrategy))
}

/// Who asks what of stores: consistency, durability and `rpo` by the nearest of the store, its links, the flows that
/// come to it, and the system.
#[derive(Debug)]
pub struct Asking<'a> {
    architecture: &'a Architecture,
    /// The flows that come to each store and state any of the three.
    journeys: FxHashMap<ComponentId, Vec<usize>>,
    analysis: &'a Analysis,
}

impl<'a> Asking<'a> {
    /// What the flows of a design ask.
    pub fn of(architecture: &'a Architecture, analysis: &'a Analysis) -> Self {
        const ASKED: [Property; 4] =
            [Property::Consistency, Property::Durability, Property::Rpo, Property::OnPartition];
        let says = |flow: &Properties| ASKED.iter().any(|it| flow.is_stated(*it));
        // Most designs say it once, for the whole.
        let journeys = if architecture.flows().any(|flow| says(flow)) {
            analysis.journeys_through(|id| architecture.component(id).kind.holds_data())
        } else {
            FxHashMap::default()
        };
        Self { architecture, journeys, analysis }
    }

    /// Who asks that nothing be lost of a store.
    pub fn no_loss(&self, store: &Component) -> Option<Asked<()>> {
        let is_asked = |it: &Properties| it.is(Property::Durability, "no_loss").then_some(());
        self.nearest(store, Property::Durability, true, is_asked)
    }

    /// Who says that a store may lose what it accepted.
    pub fn best_effort(&self, store: &Component) -> Option<Asked<()>> {
        let is_asked = |it: &Properties| it.is(Property::Durability, "best_effort").then_some(());
        self.nearest(store, Property::Durability, true, is_asked)
    }

    /// Who says which side of a partition a store is to take: `consistent` or `available`.
    pub fn on_partition(&self, store: &Component, word: &str) -> Option<Asked<()>> {
        self.nearest(store, Property::OnPartition, true, |it| {
            it.is(Property::OnPartition, word).then_some(())
        })
    }

    /// Whether anybody says what a read of a store may miss, or what gives way in a partition.
    pub fn is_settled(&self, store: &Component) -> bool {
        [Property::Consistency, Property::OnPartition].into_iter().any(|property| {
            let says = |it: &Properties| it.is_stated(property).then_some(());
            self.nearest(store, property, false, says).is_some()
        })
    }

    /// How much of the latest data a disaster may cost a store.
    pub fn rpo(&self, store: &Component) -> Option<Asked<Duration>> {
        self.nearest(store, Property::Rpo, true, |it| it.duration(Property::Rpo))
    }

    /// Who asks that a read of a store miss nothing; a flow that only writes asks it of what it rests on.
    pub fn strong(&self, store: &Component) -> Option<Asked<()>> {
        self.nearest(store, Property::Consistency, false, |it| {
            (Level::of(it) == Some(Level::Strong)).then_some(())
        })
    }

    /// The nearest that states a property: none where that one asks for less. Of several flows the strictest counts.
    fn nearest<T>(
        &self,
        store: &Component,
        property: Property,
        is_of_writes: bool,
        what: impl Fn(&Properties) -> Option<T>,
    ) -> Option<Asked<T>> {
        if store.is_stated(property) {
            return Asked::by(&store.name, store, property, what(store));
        }
        let links = || self.architecture.links_to(store.id).filter(|link| link.is_stated(property));
        if let Some(link) = links().find(|link| what(link).is_some()).or_else(|| links().next()) {
            return Asked::by(&self.architecture.link_name(link), link, property, what(link));
        }
        let journeys = self.journeys.get(&store.id).map_or(&[][..], Vec::as_slice);
        let journeys = journeys.iter().map(|at| &self.analysis.journeys[*at]);
        let mut flows = journeys
            .filter(|it| !is_of_writes || it.mode.writes)
            .map(|it| it.flow.map(|id| self.architecture.flow(id)))
            .peekable();
        let mut is_left_to_the_system = flows.peek().is_none();
        for flow in flows {
            match flow.filter(|it| it.is_stated(property)) {
                Some(flow) => {
                    if let Some(what) = what(flow) {
                        return Asked::by(&flow.name, flow, property, Some(what));
                    }
                }
                None => is_left_to_the_system = true,
            }
        }
        let system = &self.architecture.system.properties;
        Asked::by("system", system, property, what(system)).filter(|_| is_left_to_the_system)
    }
}

/// What is lost of what comes in at a rate while it is kept in one place: rate × time. The rate is that of writes in
/// the busiest hour where the design states one, else the mean.
///
/// `2k/s × 5 s = 10k`.
pub fn lost(load: &Load, written_to: ComponentId, kept: Duration) -> Option<Worked<f64>> {
    let demand = load.component(written_to);
    let rate: Rate = if demand.is_peak_assumed { demand.mean.writes } else { demand.peak.writes };
    if !demand.is_known() || !rate.is_positive() || !kept.is_positive() {
        return None;
    }
    Some(Worked::given(rate, rate.to_string()) * Worked::given(kept, kept.to_string()))
}

/// So many writes with how they came about, in whole ones: `200/s × 2 s = 400 writes`.
pub fn told(lost: &Worked<f64>) -> String {
    // Of a part of a write there is none.
    let whole = (lost.value - 1e-9).ceil();
    let writes = if whole > 1.0 { "writes" } else { "write" };
    format!("{} = {} {writes}", lost.working(), figures::number(whole))
}

/// What a crash or a failover may take with it, and how it comes to that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unsafe {
    /// The store whose latest writes stand in one place.
    pub store: ComponentId,
    /// The link of the copy that is nearest to it, where that is a component of its own.
    pub copy: Option<LinkId>,
    /// How far the nearest copy is behind.
    pub lag: Option<Lag>,
    /// Whether something puts the copy in its place.
    pub fails_over: bool,
    /// Whether the catalogue says so of the engine.
    pub is_assumed: bool,
}

/// The stores of which every copy follows later: what they accepted last is lost with them. One that has no copy at all
/// is another matter, and so is one of which any copy is waited for.
pub fn unsafe_stores(architecture: &Architecture) -> Vec<Unsafe> {
    let stores = architecture.components().filter(|it| {
        matches!(it.kind, Kind::Database | Kind::FileStore | Kind::ObjectStore) && !it.is_replica()
    });
    stores.filter_map(|store| unsafe_store(architecture, store)).collect()
}

fn unsafe_store(architecture: &Architecture, store: &Component) -> Option<Unsafe> {
    let own = own_copies(store);
    let mut nearest: Option<Unsafe> = None;
    match own {
        Some(Following { is_async: false, .. }) => return None,
        // Nodes of which nothing is said how they follow may be waited for.
        None if nodes(store).is_some_and(|it| it > 1) || store.is_managed() => return None,
        None => {}
        Some(Following { is_stated, .. }) => {
            nearest = Some(Unsafe {
                store: store.id,
                copy: None,
                lag: Lag::of(&[store], store),
                fails_over: store.has_failover()
                    || store.known().get(|it| it.spans_regions.then_some(true)).is_some(),
                is_assumed: !is_stated,
            });
        }
    }
    let is_taken_over = store.is_promoted_by_another() || store.has_failover();
    for link in architecture.links_from(store.id).filter(|link| link.copies_each_write()) {
        let target = architecture.component(link.target);
        if !matches!(target.kind, Kind::Database | Kind::FileStore | Kind::ObjectStore) {
            continue;
        }
        let lag = lag_of_copy(architecture, link)?;
        let fails_over = is_taken_over || target.has(Property::Standby) || link.has(Property::Failover);
        let one = Unsafe { store: store.id, copy: Some(link.id), lag, fails_over, is_assumed: false };
        let time = |it: &Unsafe| it.lag.map_or(Duration::INFINITE, |lag| lag.time);
        if nearest.is_none_or(|known| time(&one) < time(&known)) {
            nearest =
                Some(Unsafe { fails_over: fails_over || nearest.is_some_and(|it| it.fails_over), ..one });
        }
    }
    nearest
}

/// How a store's own copies follow, where it has some.
fn own_copies(store: &Component) -> Option<Following> {
    let spans_regions = store.known().get(|facts| facts.spans_regions.then_some(true)).is_some();
    let has_copies = nodes(store).is_some_and(|it| it > 1) || spans_regions || store.has(Property::Standby);
    replication(store).filter(|_| has_copies)
}

/// How many nodes take writes, where several do.
pub fn primaries(store: &Component) -> Option<u32> {
    let stated = store.figure(Property::Primaries).map(|it| it as u32);
    let all = || nodes(store).filter(|_| store.is(Property::Mode, "active_active"));
    stated.or_else(all).filter(|count| *count > 1)
}

/// Whether an engine is known to settle by itself what two nodes accepted at once, or not to accept it.
pub fn settles_by_itself(store: &Component) -> bool {
    let is_known =
        store.engine().is_some_and(|it| it.facts.masterless || it.facts.consensus || it.facts.managed);
    is_known
        || matches!(store.word(Property::Replication), Some("sync" | "quorum"))
        || store.has(Property::Immutable)
}

/// The stores that copy each write to each other, each set once, in the order of their first.
pub fn peers(architecture: &Architecture) -> Vec<Vec<ComponentId>> {
    let copies = || {
        architecture.links().filter(|link| {
            link.copies_each_write()
                && architecture.component(link.source).kind == Kind::Database
                && architecture.component(link.target).kind == Kind::Database
        })
    };
    let pairs: FxHashSet<(ComponentId, ComponentId)> = copies().map(|it| (it.source, it.target)).collect();
    let mut sets: Vec<Vec<ComponentId>> = Vec::new();
    let mut set_of: FxHashMap<ComponentId, usize> = FxHashMap::default();
    for link in
        copies().filter(|link| pairs.contains(&(link.target, link.source)) && link.source < link.target)
    {
        let set = *set_of.entry(link.source).or_insert_with(|| {
            sets.push(vec![link.source]);
            sets.len() - 1
        });
        if set_of.insert(link.target, set).is_none() {
            sets[set].push(link.target);
        }
    }
    sets
}

/// A quorum as a store has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// Copies of one record.
    pub copies: u32,
    /// How many of them answer a read.
    pub read: u32,
    /// How many of them take a write.
    pub write: u32,
    /// Whether how many copies there are, or one of the two, is assumed.
    pub is_assumed: bool,
}

impl Quorum {
    /// The quorum of a store that states at least one of its two sides. The other is a majority; engines that share
    /// their records out among many nodes keep three copies of each, unless there are fewer nodes.
    pub fn of(parameters: &Parameters, store: &Component) -> Option<Self> {
        let nodes = nodes(store).filter(|it| *it > 1)?;
        let figure = |property| store.figure(property).map(|it| it as u32);
        let (read, write) = (figure(Property::ReadQuorum), figure(Property::WriteQuorum));
        if read.is_none() && write.is_none() {
            return None;
        }
        let shares_out = store.engine().is_some_and(|it| it.facts.spreads_data);
        let usual = parameters.copies.value as u32;
        let stated = read.unwrap_or(1).max(write.unwrap_or(1));
        let copies = if shares_out { nodes.min(usual.max(stated)) } else { nodes };
        let majority = copies / 2 + 1;
        Some(Self {
            copies,
            read: read.unwrap_or(majority),
            write: write.unwrap_or(majority),
            is_assumed: read.is_none() || write.is_none() || copies < nodes,
        })
    }

    /// Whether a read meets every write in at least one copy: R + W > N.
    pub fn overlaps(self) -> bool {
        self.read + self.write > self.copies
    }

    /// Whether two writes meet in at least one copy: 2 W > N.
    pub fn refuses_rivals(self) -> bool {
        2 * self.write > self.copies
    }
}

/// Whether more than one node holds a store's data, so that they can lose sight of each other.
pub fn is_spread(store: &Component) -> bool {
    nodes(store).is_some_and(|it| it > 1)
        || store.figure(Property::Regions).is_some_and(|it| it > 1.0)
        || store.has_copies()
        || store.known().get(|facts| facts.spans_regions.then_some(true)).is_some()
}

/// Whether one node takes all writes and reads of a store, and the others only wait to take over.
pub fn has_only_standbys(store: &Component) -> bool {
    has_unreadable_standby(store) && unit::has_primary(store) && !store.has_promotable_copies()
}

/// The regions that must have a write before it is confirmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Across {
    /// How many.
    pub regions: u32,
    /// The round trip that each write waits for.
    pub trip: Duration,
    /// Whether the round trip is the catalogue's.
    pub is_assumed: bool,
    /// Where it is stated that they are waited for.
    pub span: Span,
}

/// The regions that a store keeps each write in before it confirms it: its own nodes', or those of a copy that it
/// waits for.
pub fn across_regions(architecture: &Architecture, store: &Component) -> Option<Across> {
    let regions = match store.figure(Property::Regions) {
        Some(count) => count as u32,
        None => store.words(Property::Regions).len() as u32,
    };
    let following = replication(store).filter(|it| it.is_stated && !it.is_async);
    if regions > 1 && following.is_some() {
        let stated = [Property::Replication, Property::WriteQuorum, Property::ReadQuorum];
        let span = stated.iter().find_map(|it| store.span(*it))?;
        let trip = architecture.parameters.round_trip_regions.duration();
        return Some(Across { regions, trip, is_assumed: true, span });
    }
    let copies = architecture.links_from(store.id).filter(|link| link.copies_each_write());
    copies.filter(|link| lag_of_copy(architecture, link).is_none()).find_map(|link| {
        let trip = latency::trip(architecture, link);
        (trip.distance == Distance::Regions).then_some(Across {
            regions: 2,
            trip: trip.time,
            is_assumed: trip.assumed.is_some(),
            span: link.span,
        })
    })
}

/// A store whose writers may not find what they have just written.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Who answers: its copies, or its own nodes.
    pub copies: Vec<ComponentId>,
    /// The store that takes the writes.
    pub primary: ComponentId,
    /// How far the latest of them is behind, where that is known of any.
    pub lag: Option<Lag>,
    /// The journeys that read there, by their places.
    pub readers: Vec<usize>,
    /// A journey from the same entry that writes, by its place.
    pub writer: usize,
}

/// The copies that answer those who have just written to what they follow, where nobody says that they may be behind.
pub fn unread_own_writes(architecture: &Architecture, analysis: &Analysis) -> Vec<Unread> {
    let may_be_behind = |it: &Component| it.is_replica() || it.is(Property::Replication, "async");
    if architecture.system.properties.is_stated(Property::Consistency)
        || !architecture.components().any(|it| it.kind == Kind::Database && may_be_behind(it))
    {
        return Vec::new();
    }
    let mut reader = Reader::new(architecture);
    // Who writes to a store, by where the journey begins: the first of each.
    let mut writers: FxHashMap<(ComponentId, ComponentId), usize> = FxHashMap::default();
    for (at, journey) in analysis.journeys.iter().enumerate() {
        for answer in reader.written(journey) {
            for entry in &journey.entries {
                writers.entry((answer.store, *entry)).or_insert(at);
            }
        }
    }
    let mut found: Vec<Unread> = Vec::new();
    let mut place: FxHashMap<ComponentId, usize> = FxHashMap::default();
    for (at, journey) in analysis.journeys.iter().enumerate() {
        let flow = journey.properties(architecture);
        if flow.is_some_and(|it| it.is_stated(Property::Consistency) || it.is_stated(Property::Freshness)) {
            continue;
        }
        let answers = reader.answers(journey);
        for answer in &answers {
            let store = architecture.component(answer.store);
            if store.kind != Kind::Database || store.is_stated(Property::Freshness) {
                continue;
            }
            let Some((behind, primary)) = lagging(architecture, &answers, *answer) else { continue };
            let writer = journey.entries.iter().find_map(|entry| writers.get(&(primary, *entry)));
            let Some(writer) = writer.copied() else { continue };
            let known = *place.entry(primary).or_insert_with(|| {
                let lag = behind.lag;
                found.push(Unread { copies: Vec::new(), primary, lag, readers: Vec::new(), writer });
                found.len() - 1
            });
            let unread = &mut found[known];
            if behind.lag.is_some_and(|lag| unread.lag.is_none_or(|known| lag.time > known.time)) {
                unread.lag = behind.lag;
            }
            if !unread.copies.contains(&store.id) {
                unread.copies.push(store.id);
            }
            if unread.readers.last() != Some(&at) {
                unread.readers.push(at);
            }
        }
    }
    found
}

/// Why a copy's answer is behind the store that it follows, and that store.
fn lagging(architecture: &Architecture, answers: &[Answer], answer: Answer) -> Option<(Behind, ComponentId)> {
    let (store, link) = (architecture.component(answer.store), architecture.link(answer.link));
    let behind = behind(architecture, store, link)?;
    let primary = match behind.why {
        // Of several that copy to each other a user comes to the same again.
        Why::Copy(_) if !store.is_replica() => return None,
        Why::Copy(copy) => {
            let copy = architecture.link(copy);
            // What is derived by change data capture is another view of the data, and is known to come later.
            copy.known_protocols().any(|it| it.name == "replication").then_some(copy.source)?
        }
        Why::Nodes => store.id,
        Why::Stated(_) | Why::Engine(_) => return None,
    };
    (!asks_both(architecture, answers, answer, primary)).then_some((behind, primary))
}

/// Whether a caller asks a copy and what it follows, and it is not said that the copy is there to be read.
pub fn asks_both(
    architecture: &Architecture,
    answers: &[Answer],
    answer: Answer,
    primary: ComponentId,
) -> bool {
    let link = architecture.link(answer.link);
    let of_same_caller = |it: &Answer| architecture.link(it.link).source == link.source;
    primary != answer.store
        && !link.is_reads_only()
        && answers.iter().any(|it| it.store == primary && of_same_caller(it))
}
