//! The back of the envelope: what the stated figures come to, line by line with the formula.
//!
//! Traffic on average and at peak, servers by tier, storage by year, memory of caches, bandwidth, connections. What
//! rests on the catalogue says so, and what is unknown says what to state to know it.

use super::Analysis;
use super::load::working::{Workings, users};
use super::load::{Capacity, Traffic};
use super::resources::{self, Flowing, Memory, Payloads};
use super::storage::{self, Data};
use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Architecture, Component, Property, Replicas};
use crate::quantity::{Duration, Rate, Size, Throughput};
use crate::worked::Worked;

/// Components that one remark names, at most.
const MOST_NAMES: usize = 6;

/// One estimate after the other.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its parts, in the order of the reckoning; those without a word are left out.
    pub sections: Vec<Section>,
}

/// A part of the sheet.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// What it is about, as a word of its own in outputs.
    pub name: &'static str,
    /// What is known.
    pub lines: Vec<Line>,
    /// What is not, and what to state to know it.
    pub open: Vec<String>,
}

/// One figure.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is of: a component, a flow, or the whole system.
    pub element: String,
    /// What it is.
    pub what: String,
    /// How much.
    pub amount: Amount,
    /// How it came about; empty where it is stated so.
    pub working: String,
    /// What stands against it in the design, what it rests on, how to read it.
    pub note: String,
    /// Whether a figure of the catalogue is in it.
    pub is_assumed: bool,
    /// Whether the design states less than this.
    pub is_short: bool,
}

/// How much of what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Plain things: users, nodes, connections.
    Count(f64),
    /// Requests a second.
    Rate(Rate),
    /// Data.
    Size(Size),
    /// Data a second.
    Throughput(Throughput),
}

/// What a whole system is called as an element.
const SYSTEM: &str = "system";

impl Line {
    fn new(element: &str, what: impl Into<String>, amount: Amount, working: String) -> Self {
        Self {
            element: element.to_owned(),
            what: what.into(),
            amount,
            working,
            note: String::new(),
            is_assumed: false,
            is_short: false,
        }
    }

    fn rate(element: &str, what: impl Into<String>, worked: &Worked<Rate>) -> Self {
        Self::new(element, what, Amount::Rate(worked.value), working(worked))
    }

    fn size(element: &str, what: impl Into<String>, worked: &Worked<Size>) -> Self {
        Self::new(element, what, Amount::Size(worked.value), working(worked))
    }

    fn assumed(mut self, is_assumed: bool) -> Self {
        self.is_assumed = is_assumed;
        self
    }

    fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// How it came about; of what is stated so there is nothing to tell.
fn working<Q: std::fmt::Display>(worked: &Worked<Q>) -> String {
    let working = worked.working();
    if working == worked.value.to_string() { String::new() } else { working }
}

impl Sheet {
    /// Of a design.
    pub fn of(architecture: &Architecture, analysis: &Analysis) -> Self {
        let workings = Workings::of(architecture, &analysis.bases);
        let data = storage::data(architecture, &analysis.load);
        let sections = vec![
            traffic(architecture, analysis, &workings),
            flows(architecture, analysis, &workings),
            servers(architecture, analysis, &workings),
            stored(architecture, analysis, &data),
            memory(architecture, analysis, &data),
            bandwidth(architecture, analysis),
            connections(architecture, analysis),
        ];
        let has_word = |it: &Section| !it.lines.is_empty() || !it.open.is_empty();
        Self { sections: sections.into_iter().filter(has_word).collect() }
    }
}

fn names<'a>(all: impl IntoIterator<Item = &'a Component>) -> Vec<&'a str> {
    all.into_iter().map(|it| it.name.as_str()).collect()
}

// ---- traffic

/// The whole system's: users, requests on average and at peak, reads and writes, a month of it.
fn traffic(architecture: &Architecture, analysis: &Analysis, workings: &Workings) -> Section {
    let mut section = Section { name: "traffic", ..Section::default() };
    let system = &architecture.system.properties;
    if let Some(users) = users(system) {
        let counted = match system {
            it if it.is_stated(Property::DailyUsers) => "users a day",
            it if it.is_stated(Property::Users) => "users",
            _ => "users a month",
        };
        section.lines.push(Line::new(SYSTEM, counted, Amount::Count(users.value), String::new()));
    }
    let load = &analysis.load;
    let (Some(mean), Some(peak)) = (load.total_mean(), load.total_peak()) else {
        section.open.push(unknown_traffic(architecture, analysis, &mut section.lines));
        return section;
    };
    let of = |all: &dyn Fn(usize) -> Option<Worked<Rate>>, whole: Rate| {
        workings.whole(all, whole, |base| analysis.bases[base].name.as_str())
    };
    let means = of(&|base| Some(workings.of_journey(base)?.mean.clone()), mean);
    let peaks = of(&|base| Some(workings.of_journey(base)?.peak.clone()), peak);
    let is_assumed = load.arrivals.iter().flatten().any(|it| it.is_peak_assumed);
    let factor = architecture.parameters.peak_factor;
    let means = workings.system_mean(mean).unwrap_or(means);
    section.lines.push(Line::rate(SYSTEM, "mean", &means));
    let peaks = workings.system_peak(load, &means, peak).unwrap_or(peaks);
    let note = if is_assumed {
        format!("peak factor assumed: {} ({})", figures::number(factor.value), factor.source)
    } else {
        String::new()
    };
    section.lines.push(Line::rate(SYSTEM, "peak", &peaks).assumed(is_assumed).noted(note));
    let sum = load.arrivals.iter().flatten().fold(Traffic::NONE, |sum, it| sum + it.mean);
    if sum.other == Rate::ZERO {
        let ratio = sum.reads / sum.writes;
        let told = if ratio.is_finite() && ratio > 0.0 {
            format!("{} reads a write", figures::number(ratio))
        } else {
            String::new()
        };
        let parts = [("reads", sum.reads, told), ("writes", sum.writes, String::new())];
        for (word, rate, note) in parts.into_iter().filter(|(_, rate, _)| rate.is_positive()) {
            section.lines.push(Line::new(SYSTEM, word, Amount::Rate(rate), String::new()).noted(note));
        }
    } else {
        section
            .open
            .push("state `reads_per_write`, or mark flows `reads` or `writes`, to part them".to_owned());
    }
    let month =
        Worked::given(mean, mean.to_string()) * Worked::given(Duration::MONTH, Duration::MONTH.to_string());
    section.lines.push(
        Line::new(SYSTEM, "a month", Amount::Count(month.value), month.working())
            .noted("rule of thumb: 1/s is 2.5M a month, 40/s is 100M, 400/s is 1bn"),
    );
    section
}

/// What to state so that the traffic is known; what it would be at the usual figure is told, and used nowhere.
fn unknown_traffic(architecture: &Architecture, analysis: &Analysis, lines: &mut Vec<Line>) -> String {
    let system = &architecture.system.properties;
    let each = architecture.parameters.actions_per_user;
    if let Some(users) = users(system).filter(|_| !system.is_stated(Property::PerUser)) {
        let day = super::load::working::day();
        let count = Worked::given(each.value, format!("{}/day", figures::number(each.value)));
        let rate: Worked<Rate> = users * count / day;
        lines.push(Line::rate(SYSTEM, "mean, if so", &rate).assumed(true).noted(format!(
            "{} actions a user assumed ({}); nothing else rests on it",
            figures::number(each.value),
            each.source
        )));
        return "state `per_user` to know how much comes".to_owned();
    }
    let silent: Vec<&str> = analysis
        .bases
        .iter()
        .zip(&analysis.load.arrivals)
        .filter(|(_, arrivals)| arrivals.is_none())
        .map(|(journey, _)| journey.name.as_str())
        .collect();
    if silent.is_empty() || silent.len() == analysis.bases.len() {
        return "state `daily_users` and `per_user` of the system, or the `rate` of each flow, to know how much \
                comes"
            .to_owned();
    }
    format!("state the `rate` or `share` of {} to know how much comes", figures::listed(&silent, MOST_NAMES))
}

/// Flow by flow, and where they come in.
fn flows(architecture: &Architecture, analysis: &Analysis, workings: &Workings) -> Section {
    let mut section = Section { name: "flows", ..Section::default() };
    for (at, journey) in analysis.bases.iter().enumerate() {
        let Some((coming, arrivals)) = workings.of_journey(at).zip(analysis.load.arrivals[at].as_ref())
        else {
            continue;
        };
        section.lines.push(Line::rate(&journey.name, "mean", &coming.mean));
        section.lines.push(Line::rate(&journey.name, "peak", &coming.peak).assumed(arrivals.is_peak_assumed));
    }
    let entries = super::journey::entries(architecture);
    if entries.len() > 1 {
        for id in entries {
            if let Some(peak) = workings.peak_of(architecture, id) {
                let name = &architecture.component(id).name;
                section.lines.push(Line::rate(name, "peak by this entry", &peak));
            }
        }
    }
    section
}

// ---- servers

/// By tier: the nodes that carry the peak at the utilisation to plan for, against those that are stated.
fn servers(architecture: &Architecture, analysis: &Analysis, workings: &Workings) -> Section {
    let mut section = Section { name: "servers", ..Section::default() };
    let mut without_capacity: Vec<&Component> = Vec::new();
    for component in architecture.components() {
        let demand = analysis.load.component(component.id);
        let is_run = !component.kind.is_outside()
            && !component.is_available_as_a_whole()
            && !matches!(component.kind, Kind::Dns | Kind::Scheduler | Kind::Monitoring);
        if !is_run || !demand.is_known() || !demand.peak.total().is_positive() {
            continue;
        }
        let Some(peak) = workings.peak_of(architecture, component.id) else { continue };
        section.lines.push(Line::rate(&component.name, "peak", &peak));
        match Capacity::of(component) {
            None => without_capacity.push(component),
            Some(capacity) => {
                section.lines.push(nodes(&architecture.parameters, component, demand.peak, &capacity));
            }
        }
    }
    if !without_capacity.is_empty() {
        let names = figures::listed(&names(without_capacity), MOST_NAMES);
        section.open.push(format!("state `capacity` of {names} to know how many it takes"));
    }
    section
}

/// The nodes of one tier: ceil(peak ÷ (capacity × 70 %)). The nodes of a store all apply every write: as many as
/// leave room for the reads, R ÷ c_r ÷ (70 % − W ÷ c_w); where the writes leave none, it takes shards.
fn nodes(parameters: &Parameters, component: &Component, peak: Traffic, capacity: &Capacity) -> Line {
    let target = parameters.utilisation_target.value;
    let shards = component.shards();
    let stated = match component.replicas {
        Replicas::Stated { most, .. } => most,
        _ => None,
    };
    let reads = capacity.share(component, Traffic { writes: Rate::ZERO, ..peak }, 1.0);
    let writes = capacity.share(component, Traffic::of_writes(peak.writes), 1.0);
    let of = |copies: f64| capacity.share(component, peak, copies);
    let is_same = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.max(b);
    let on_one = of(1.0);
    let all = used(peak, capacity, shards);
    let equals = |count: f64| format!("{} = {}", all.working(), figures::percent(count));
    let (what, amount, working) = if is_same(of(2.0), on_one / 2.0) {
        let needed = all / Worked::given(target, figures::percent(target));
        ("nodes needed", needed.value, format!("{} = {}", needed.working(), figures::number(needed.value)))
    } else if on_one <= target {
        ("nodes needed", 1.0, format!("{} of one node", equals(on_one)))
    } else if target > writes && is_same(of(2.0), writes + reads / 2.0) {
        let needed = reads / (target - writes);
        let room = format!("{} − {} for writes", figures::percent(target), figures::percent(writes));
        let reads = figures::percent(reads);
        ("nodes needed", needed, format!("{reads} for reads ÷ ({room}) = {}", figures::number(needed)))
    } else {
        let used = of(f64::from(stated.unwrap_or(1)));
        let needed = used * shards / target;
        let target = figures::percent(target);
        let each =
            if shards > 1.0 { format!(" × {} shards", figures::number(shards)) } else { String::new() };
        let used = figures::percent(used);
        ("shards needed", needed, format!("{used} of a node{each} ÷ {target} = {}", figures::number(needed)))
    };
    let needed = (amount - 1e-9).ceil().max(1.0);
    let is_by_shards = what == "shards needed";
    let of_each = if shards > 1.0 { " in each shard" } else { "" };
    let told = match (stated, component.replicas) {
        _ if is_by_shards => match shards {
            1.0 => "every node applies all writes; no shards are stated".to_owned(),
            _ => format!("every node applies all writes of its shard; {} stated", figures::number(shards)),
        },
        (Some(count), _) => format!("{count} stated{of_each}"),
        (None, Replicas::Stated { least, .. }) => format!("{least} or more stated{of_each}"),
        _ => "no number is stated".to_owned(),
    };
    let source = assumed_from(capacity, peak);
    let mut line = Line::new(&component.name, what, Amount::Count(needed), working);
    line.note = format!("{told}{source}");
    line.is_assumed = capacity.is_assumed;
    line.is_short = is_by_shards || stated.is_some_and(|stated| f64::from(stated) < needed);
    line
}

/// Where an assumed capacity comes from: of reads, of writes, or of both, as they are what the peak is made of.
fn assumed_from(capacity: &Capacity, peak: Traffic) -> String {
    let Some([reads, writes]) = capacity.facts else { return String::new() };
    let (reading, writing) = (peak.reads + peak.other, peak.writes);
    let told = match (reading.is_positive(), writing.is_positive()) {
        _ if reads.source == writes.source => reads.source.to_owned(),
        (true, true) => format!("reads: {}; writes: {}", reads.source, writes.source),
        (false, true) => writes.source.to_owned(),
        _ => reads.source.to_owned(),
    };
    format!("; capacity assumed ({told})")
}

/// How much of one node the peak takes: reads and writes apart where it carries them differently.
fn used(peak: Traffic, capacity: &Capacity, shards: f64) -> Worked<f64> {
    let over = |rate: Rate, word: &str, each: Rate| {
        Worked::given(rate, format!("{rate}{word}")) / Worked::given(each, each.to_string())
    };
    let reads = peak.reads + peak.other;
    let used = if capacity.reads == capacity.writes {
        over(peak.total(), "", capacity.reads)
    } else if !peak.writes.is_positive() || !capacity.writes.is_finite() {
        over(reads, " reads", capacity.reads)
    } else if !reads.is_positive() || !capacity.reads.is_finite() {
        over(peak.writes, " writes", capacity.writes)
    } else {
        over(reads, " reads", capacity.reads) + over(peak.writes, " writes", capacity.writes)
    };
    if shards > 1.0 {
        used / Worked::given(shards, figures::count(shards.round() as usize, "shard", "shards"))
    } else {
        used
    }
}

// ---- storage

/// Raw by year, then what indexes and copies make of it, each on its own line.
fn stored(architecture: &Architecture, analysis: &Analysis, data: &[Option<Data>]) -> Section {
    let mut section = Section { name: "storage", ..Section::default() };
    let mut unknown: Vec<&Component> = Vec::new();
    for store in architecture.components().filter(|it| it.kind.is_store()) {
        match data[store.id.0 as usize] {
            Some(data) => years_of(&architecture.parameters, store, &data, &mut section.lines),
            None => unknown.push(store),
        }
    }
    if data.iter().all(Option::is_none)
        && let Some(system) = storage::of_system(architecture, &analysis.bases, &analysis.load)
    {
        let years = system.by_year();
        // What does not change is told once.
        let first = if system.is_growing() { 0 } else { years.len().saturating_sub(1) };
        for (time, raw) in &years[first..] {
            let (time, raw) = (*time, raw);
            section.lines.push(Line::size(SYSTEM, after(time, &system), raw));
        }
    }
    let is_all_told = storage::total(architecture).is_some() && data.iter().all(Option::is_none);
    if !unknown.is_empty() && !is_all_told {
        let names = figures::listed(&names(unknown), MOST_NAMES);
        section.open.push(format!(
            "state `storage`, or `record_size` with `retention` (and how much is written), of {names} to know what \
             it holds"
        ));
    }
    section
}

fn after(time: Duration, data: &Data) -> String {
    let years = time / Duration::YEAR;
    match years {
        _ if !data.is_growing() => "raw".to_owned(),
        _ if (years - 1.0).abs() < 1e-9 => "raw after 1 year".to_owned(),
        _ => format!("raw after {time}"),
    }
}

/// Years that are told one by one, at most: the first of them, and the end.
const MOST_YEARS: usize = 6;

fn years_of(parameters: &Parameters, store: &Component, data: &Data, lines: &mut Vec<Line>) {
    let years = data.by_year();
    let (_, is_end_assumed) = data.end();
    let Some((end, raw)) = years.last().cloned() else { return };
    let told = years.iter().enumerate().filter(|(at, _)| at + 1 == years.len() || at + 1 < MOST_YEARS);
    for (at, (time, raw)) in told {
        let is_end = at + 1 == years.len();
        if !data.is_growing() && !is_end {
            continue;
        }
        let note = if is_end && is_end_assumed && data.is_growing() {
            format!("looked ahead {end} (assumed: no `horizon`, no `retention`)")
        } else {
            String::new()
        };
        lines.push(Line::size(&store.name, after(*time, data), raw).noted(note));
    }
    let laid = storage::laid(parameters, store, raw.clone().named(raw.value.to_string()));
    if laid.indexed.is_reckoned() {
        let overhead = parameters.index_overhead;
        let line = Line::size(&store.name, "with indexes", &laid.indexed).assumed(true);
        lines.push(line.noted(format!("index overhead assumed ({})", overhead.source)));
    }
    let is_assumed = laid.indexed.is_reckoned();
    if let Some(copies) = laid.copies.filter(Worked::is_reckoned) {
        lines.push(Line::size(&store.name, "all copies", &copies).assumed(is_assumed));
    }
    if let Some(node) = laid.per_node.filter(Worked::is_reckoned) {
        lines.push(Line::size(&store.name, "on one node", &node).assumed(is_assumed));
    }
}

// ---- memory

/// What each cache should hold, against what it has.
fn memory(architecture: &Architecture, analysis: &Analysis, data: &[Option<Data>]) -> Section {
    let mut section = Section { name: "memory", ..Section::default() };
    let mut unknown: Vec<&Component> = Vec::new();
    for cache in architecture.of_kind(Kind::Cache) {
        let Some(hot) = resources::hot_set(architecture, &analysis.load, data, cache) else {
            unknown.push(cache);
            continue;
        };
        let mut line = Line::size(&cache.name, "hot set", &hot).assumed(true);
        let custom = format!("hot share assumed ({})", architecture.parameters.hot_share.source);
        line.note = match Memory::of(cache) {
            Some(memory) => {
                line.is_short = memory.total() < hot.value;
                format!("{}{} there; {custom}", memory.total(), memory.each.mark())
            }
            None => custom,
        };
        section.lines.push(line);
    }
    let is_all_told = storage::total(architecture).is_some() && data.iter().all(Option::is_none);
    if !unknown.is_empty() && !is_all_told {
        let names = figures::listed(&names(unknown), MOST_NAMES);
        section.open.push(format!(
            "state `record_size`, and what the stores behind {names} hold, to know how much is worth caching"
        ));
    }
    section
}

// ---- bandwidth

/// In from the users and out to them, at peak, link by link; and where no user calls, nothing.
fn bandwidth(architecture: &Architecture, analysis: &Analysis) -> Section {
    let mut section = Section { name: "bandwidth", ..Section::default() };
    let payloads = Payloads::of(architecture);
    let mut unknown: Vec<String> = Vec::new();
    for entry in architecture.components().filter(|it| it.kind.is_outside()) {
        let flowing = Flowing::of(architecture, &analysis.load, &payloads, entry);
        let ways = [("out at peak", &flowing.received), ("in at peak", &flowing.sent)];
        for (word, bytes) in ways {
            for it in bytes {
                let name = architecture.link_name(it.link);
                let line = Line::new(&name, word, Amount::Throughput(it.carried.value), it.carried.working());
                let record = if it.is_assumed { "; a call is taken to carry one record" } else { "" };
                let bits = resources::bits(it.carried.value);
                section.lines.push(line.assumed(it.is_assumed).noted(format!("{bits}{record}")));
            }
        }
        let is_silent = |link: &&crate::model::Link| {
            analysis.load.link(link.id).is_reached && payloads.on(architecture, link).is_none()
        };
        unknown
            .extend(architecture.links_from(entry.id).filter(is_silent).map(|it| architecture.link_name(it)));
    }
    if !unknown.is_empty() {
        let names = figures::listed(&unknown, MOST_NAMES);
        section.open.push(format!("state `payload` of {names} to know the bandwidth"));
    }
    section
}

// ---- connections

/// Held open by users, and in use at once by Little's law.
fn connections(architecture: &Architecture, analysis: &Analysis) -> Section {
    let mut section = Section { name: "connections", ..Section::default() };
    let system = &architecture.system.properties;
    if let Some(users) = system.figure(Property::Concurrent) {
        section.lines.push(Line::new(SYSTEM, "users at once", Amount::Count(users), String::new()));
    } else if let Some(daily) = system.figure(Property::DailyUsers) {
        let share = architecture.parameters.concurrent_share_of_daily_users;
        let users = Worked::given(daily, format!("{} users", figures::number(daily)))
            * Worked::given(share.value, figures::percent(share.value));
        let line = Line::new(SYSTEM, "users at once, if so", Amount::Count(users.value), users.working());
        let note = format!("share assumed ({}); nothing else rests on it; state `concurrent`", share.source);
        section.lines.push(line.assumed(true).noted(note));
    }
    let held = resources::sockets(architecture);
    for component in architecture.components() {
        if let Some(all) = held.get(&component.id) {
            let line = Line::new(&component.name, "held open", Amount::Count(*all), String::new());
            section.lines.push(line);
        }
    }
    for link in architecture.links() {
        let keeps_connections = matches!(
            architecture.component(link.target).kind,
            Kind::Database | Kind::Cache | Kind::SearchIndex
        );
        let held = resources::held(architecture, &analysis.load, link);
        let Some(held) = held.filter(|it| keeps_connections || it.pool.is_some()) else { continue };
        let mut line = Line::new(
            &architecture.link_name(link),
            "in use, a replica",
            Amount::Count(held.needed.value),
            held.needed.working(),
        );
        let pool = held.pool.map(|pool| format!("a pool of {}", figures::number(pool)));
        let time = held.time.is_assumed.then(|| "service time assumed".to_owned());
        line.note = pool.into_iter().chain(time).collect::<Vec<_>>().join("; ");
        line.is_assumed = held.time.is_assumed;
        line.is_short = held.pool.is_some_and(|pool| held.needed.value > pool);
        section.lines.push(line);
    }
    section
}
