//! How the load came about: the arrivals of each journey and the peak of each component, each with its working, such
//! as `10M users × 20/day ÷ 86 400 s × 3 = 6 944/s`.
//!
//! It is worked out when it is asked for, from the same statements as the load and by the same ways; the tests hold
//! each working against the figure that it explains.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::arrivals::{Lender, ratio_of, shares_by_users, states_rate, whose_users};
use super::spread::Flowing;
use super::{Arrivals, Circumstances, Load, Spread, Traffic, calls_per_request};
use crate::analysis::journey::{Journey, Mode};
use crate::analysis::looks_of_load;
use crate::figures;
use crate::model::{Architecture, ComponentId, LinkId, Properties, Property};
use crate::quantity::{Duration, Rate};
use crate::worked::Worked;

/// Parts of a sum that are told one by one, at most: the largest.
const MOST_PARTS: usize = 4;

/// Factors that one working tells, at most: what comes before them is told as what came there.
const MOST_FACTORS: usize = 12;

/// What differs by less than this part of itself is the same.
const SAME: f64 = 1e-9;

/// How the load of a design came about.
#[derive(Debug, Default)]
pub struct Workings {
    /// What the system states for all, on average.
    system: Option<Worked<Rate>>,
    arrivals: Vec<Option<Coming>>,
    traces: Vec<Trace>,
    /// The traces that come to each component.
    through: FxHashMap<ComponentId, Vec<usize>>,
    /// What each component carries at peak, and by which copies more came than by its journeys.
    peaks: Vec<Rate>,
    copied: FxHashMap<ComponentId, Vec<SmolStr>>,
}

/// What arrives for a journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    /// All of it, on average.
    pub mean: Worked<Rate>,
    /// The reads on average, where they are told apart.
    pub reads: Option<Worked<Rate>>,
    /// The writes on average, where they are told apart.
    pub writes: Option<Worked<Rate>>,
    /// All of it in the busiest hour.
    pub peak: Worked<Rate>,
}

impl Workings {
    /// Of a design.
    pub fn of(architecture: &Architecture, bases: &[Journey]) -> Self {
        let mut traces = Vec::new();
        let load = Load::told(
            architecture,
            bases,
            &Circumstances::default(),
            looks_of_load(architecture),
            &mut |journey, arrivals, spread| {
                trace(architecture, journey, arrivals, spread, &mut traces);
            },
        );
        let mut through: FxHashMap<ComponentId, Vec<usize>> = FxHashMap::default();
        for (at, trace) in traces.iter().enumerate() {
            for id in trace.carried.keys() {
                through.entry(*id).or_default().push(at);
            }
        }
        let mut copied: FxHashMap<ComponentId, Vec<SmolStr>> = FxHashMap::default();
        for link in architecture.links().filter(|link| link.copies_data()) {
            copied.entry(link.target).or_default().push(architecture.component(link.source).name.clone());
        }
        let system = &architecture.system.properties;
        Self {
            system: Said::of(system, ratio_of(architecture, None), system).total,
            arrivals: arrivals(architecture, bases, &load),
            traces,
            through,
            peaks: architecture.components().map(|it| load.component(it.id).peak.total()).collect(),
            copied,
        }
    }

    /// What arrives for a base journey, by its place; nothing where it is not said.
    pub fn of_journey(&self, base: usize) -> Option<&Coming> {
        self.arrivals.get(base)?.as_ref()
    }

    /// What the system states, where all journeys together come to it.
    pub fn system_mean(&self, all: Rate) -> Option<Worked<Rate>> {
        self.system.clone().filter(|it| is_same(it.value, all))
    }

    /// The same at peak, where one factor holds for all.
    pub fn system_peak(&self, load: &Load, mean: &Worked<Rate>, all: Rate) -> Option<Worked<Rate>> {
        let first = load.arrivals.iter().flatten().next()?;
        let assumed = if first.is_peak_assumed { " (assumed)" } else { "" };
        let text = format!("{}{assumed}", figures::number(first.peak_factor));
        let peak = mean.clone() * Worked::given(first.peak_factor, text);
        is_same(peak.value, all).then_some(peak)
    }

    /// What all journeys come to, as the sum of what each does.
    pub fn whole<'a>(
        &self,
        of: &dyn Fn(usize) -> Option<Worked<Rate>>,
        all: Rate,
        name: impl Fn(usize) -> &'a str,
    ) -> Worked<Rate> {
        if self.arrivals.len() == 1
            && let Some(only) = of(0)
        {
            return only;
        }
        let part = |base| {
            let rate = of(base)?.value;
            Some(Worked::given(rate, format!("{rate} of {}", name(base))))
        };
        summed((0..self.arrivals.len()).filter_map(part).collect(), "other flows")
            .unwrap_or_else(|| Worked::given(all, all.to_string()))
    }

    /// What a component carries at peak; nothing where nothing comes to it.
    pub fn peak_of(&self, architecture: &Architecture, component: ComponentId) -> Option<Worked<Rate>> {
        let traces = self.through.get(&component).map_or(&[][..], Vec::as_slice);
        let of_trace = |at: &usize| self.traces[*at].peak_of(architecture, component);
        let mut parts: Vec<Worked<Rate>> = traces.iter().filter_map(of_trace).collect();
        let told: Rate = parts.iter().map(|it| it.value).sum();
        let all = self.peaks[component.0 as usize];
        let rest = all - told;
        if rest.per_second() > SAME * all.per_second() {
            let sources = self.copied.get(&component).map_or(&[][..], Vec::as_slice);
            let from = match sources {
                [] => "beside the flows".to_owned(),
                sources => format!("copied from {}", named(sources)),
            };
            parts.push(Worked::given(rest, format!("{rest} {from}")));
        }
        summed(parts, "other flows")
    }
}

fn is_same(a: Rate, b: Rate) -> bool {
    (a - b).per_second().abs() <= SAME * a.max(b).per_second()
}

fn named(names: &[SmolStr]) -> String {
    match names {
        [first, second, .., _] => format!("{first}, {second} and {} more", names.len() - 2),
        _ => names.join(" and "),
    }
}

/// The sum of all parts; of many the largest are told, and what is left in one.
fn summed(mut parts: Vec<Worked<Rate>>, others: &str) -> Option<Worked<Rate>> {
    parts.retain(|it| it.value.is_positive());
    if parts.len() > MOST_PARTS {
        parts.sort_by(|a, b| b.value.total_cmp(&a.value));
        let rest = parts.split_off(MOST_PARTS - 1);
        let sum: Rate = rest.iter().map(|it| it.value).sum();
        parts.push(Worked::given(sum, format!("{sum} of {} {others}", rest.len())));
    }
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    Some(parts.fold(first, |sum, part| sum + part))
}

// ---- along the links

/// Where one kind of a journey's traffic goes.
#[derive(Debug)]
struct Trace {
    /// What is told of where it enters: `6 875/s of redirect`.
    start: Worked<Rate>,
    entries: Vec<ComponentId>,
    peak_factor: f64,
    carried: FxHashMap<ComponentId, Rate>,
    came: FxHashMap<ComponentId, Vec<(LinkId, Rate)>>,
    /// The caches that answer a part of what would come to a store.
    spared: FxHashMap<ComponentId, Vec<ComponentId>>,
    /// Where something last changed how much there is, for each component that gets all that its only caller does.
    unchanged_since: FxHashMap<ComponentId, ComponentId>,
    /// Whether reads and writes go together: then a cache does not account for a whole factor.
    is_mixed: bool,
}

/// Reads, writes and what is neither go apart, unless a link states how much goes over it, whatever comes.
fn trace(
    architecture: &Architecture,
    journey: &Journey,
    arrivals: Option<Arrivals>,
    spread: &Spread,
    traces: &mut Vec<Trace>,
) {
    let Some(arrivals) = arrivals else { return };
    let whole = spread.flow(arrivals.mean);
    let Traffic { reads, writes, other } = arrivals.mean;
    let kinds = [
        (Traffic::of_reads(reads), " reads"),
        (Traffic::of_writes(writes), " writes"),
        (Traffic::of_other(other), ""),
    ];
    let kinds: Vec<_> = kinds.into_iter().filter(|(traffic, _)| traffic.total().is_positive()).collect();
    let states_rate = whole.links.iter().any(|(link, _)| states_rate(architecture.link(*link)));
    if kinds.len() > 1 && !states_rate {
        for (traffic, word) in kinds {
            traces.push(Trace::of(
                architecture,
                journey,
                traffic.total(),
                arrivals,
                spread.flow(traffic),
                word,
            ));
        }
    } else {
        let trace = Trace::of(architecture, journey, arrivals.mean.total(), arrivals, whole, "");
        traces.push(Trace { is_mixed: kinds.len() > 1, ..trace });
    }
}

impl Trace {
    fn of(
        architecture: &Architecture,
        journey: &Journey,
        mean: Rate,
        arrivals: Arrivals,
        flowing: Flowing,
        word: &str,
    ) -> Self {
        let peak = mean * arrivals.peak_factor;
        let mut trace = Self {
            start: Worked::given(peak, format!("{peak}{word} of {}", journey.name)),
            entries: journey.entries.clone(),
            peak_factor: arrivals.peak_factor,
            carried: FxHashMap::default(),
            came: FxHashMap::default(),
            spared: FxHashMap::default(),
            unchanged_since: FxHashMap::default(),
            is_mixed: false,
        };
        let order: Vec<ComponentId> = flowing.components.iter().map(|(id, _)| *id).collect();
        for (id, traffic) in flowing.components {
            *trace.carried.entry(id).or_default() += traffic.total();
        }
        for (link, traffic) in flowing.links.into_iter().filter(|(_, traffic)| traffic.total().is_positive())
        {
            let target = architecture.link(link).target;
            trace.came.entry(target).or_default().push((link, traffic.total()));
        }
        for (cache, store, traffic) in flowing.spared {
            if traffic.total().is_positive() {
                trace.spared.entry(store).or_default().push(cache);
            }
        }
        // Callers stand before those that they call: a long chain is gone back along once, and not from each of its
        // components.
        for id in order {
            if let Some(caller) = trace.only_caller(architecture, id)
                && is_same(trace.carried[&id], trace.carried[&caller])
            {
                let since = trace.since(caller);
                trace.unchanged_since.insert(id, since);
            }
        }
        trace
    }

    /// The component from which all comes that does, where nothing else is to be told of the way.
    fn only_caller(&self, architecture: &Architecture, component: ComponentId) -> Option<ComponentId> {
        let [(link, _)] = self.came_to(component) else { return None };
        let link = architecture.link(*link);
        let is_plain = !self.entries.contains(&component)
            && !states_rate(link)
            && (calls_per_request(architecture, link) - 1.0).abs() <= SAME;
        is_plain.then_some(link.source)
    }

    fn since(&self, component: ComponentId) -> ComponentId {
        self.unchanged_since.get(&component).copied().unwrap_or(component)
    }

    fn at_peak(&self, mean: Rate) -> Rate {
        mean * self.peak_factor
    }

    fn came_to(&self, component: ComponentId) -> &[(LinkId, Rate)] {
        self.came.get(&component).map_or(&[], Vec::as_slice)
    }

    fn peak_of(&self, architecture: &Architecture, component: ComponentId) -> Option<Worked<Rate>> {
        let carried = self.carried.get(&component).copied().filter(|it| it.is_positive())?;
        // Where several ways meet, each is a part of its own.
        if self.came_to(component).len() > 1 && !self.entries.contains(&component) {
            let by = |(link, rate): &(LinkId, Rate)| {
                let rate = self.at_peak(*rate);
                let source = &architecture.component(architecture.link(*link).source).name;
                Worked::given(rate, format!("{rate} by {source}"))
            };
            return summed(self.came_to(component).iter().map(by).collect(), "other ways");
        }
        let mut factors: Vec<Worked<f64>> = Vec::new();
        let mut at = component;
        let start = loop {
            at = self.since(at);
            if factors.len() >= MOST_FACTORS {
                break self.met(architecture, at, carried);
            }
            let is_entry = self.entries.contains(&at);
            match self.came_to(at) {
                [] if is_entry => break self.entering(at),
                [(link, rate)] if !is_entry => {
                    let link = architecture.link(*link);
                    if states_rate(link) {
                        let rate = self.at_peak(*rate);
                        break Worked::given(
                            rate,
                            format!("{rate} stated on {}", architecture.link_name(link)),
                        );
                    }
                    let source = self.carried.get(&link.source).copied().unwrap_or_default();
                    if !source.is_positive() {
                        break self.met(architecture, at, carried);
                    }
                    self.factors(architecture, link.id, *rate / source, &mut factors);
                    at = link.source;
                }
                _ => break self.met(architecture, at, carried),
            }
        };
        Some(factors.into_iter().rev().fold(start, |product, factor| product * factor))
    }

    /// What enters at one of the journey's entries.
    fn entering(&self, at: ComponentId) -> Worked<Rate> {
        let entries = self.entries.iter().filter(|it| self.carried.contains_key(it)).count();
        if entries <= 1 {
            return self.start.clone();
        }
        debug_assert!(self.carried.contains_key(&at), "it carries what enters by it");
        self.start.clone() / Worked::given(entries as f64, figures::count(entries, "entry", "entries"))
    }

    /// What comes to a component by several ways.
    fn met(&self, architecture: &Architecture, at: ComponentId, default: Rate) -> Worked<Rate> {
        let rate = self.at_peak(self.carried.get(&at).copied().unwrap_or(default));
        Worked::given(rate, format!("{rate} at {}", architecture.component(at).name))
    }

    /// What makes a link carry more or less than its caller: calls, a cache, a share.
    fn factors(&self, architecture: &Architecture, link: LinkId, ratio: f64, factors: &mut Vec<Worked<f64>>) {
        let link = architecture.link(link);
        let calls = calls_per_request(architecture, link);
        let left = if calls > 0.0 { ratio / calls } else { ratio };
        if (left - 1.0).abs() > SAME {
            let share = figures::percent(left);
            let caches = self.spared.get(&link.target).map_or(&[][..], Vec::as_slice);
            let text = match caches {
                [cache, ..] if !self.is_mixed => {
                    format!("{share} missed by {}", architecture.component(*cache).name)
                }
                _ => share,
            };
            factors.push(Worked::given(left, text));
        }
        if calls > 0.0 && (calls - 1.0).abs() > SAME {
            factors.push(Worked::given(calls, format!("{} calls", figures::number(calls))));
        }
    }
}

// ---- where it enters

/// What something states of how much comes, with its working.
#[derive(Clone, Debug, Default)]
struct Said {
    total: Option<Worked<Rate>>,
    reads: Option<Worked<Rate>>,
    writes: Option<Worked<Rate>>,
}

fn given(rate: Rate) -> Worked<Rate> {
    Worked::given(rate, rate.to_string())
}

fn plain(number: f64) -> Worked<f64> {
    Worked::given(number, figures::number(number))
}

/// What one user does: `20/day ÷ 86 400 s`.
fn each_user(each: Rate) -> Worked<Rate> {
    let a_day = each * Duration::DAY;
    if a_day >= 1e5 {
        return given(each);
    }
    Worked::given(a_day, format!("{}/day", figures::number(a_day))) / day()
}

/// The seconds of a day.
pub fn day() -> Worked<Duration> {
    Worked::given(Duration::DAY, "86 400 s")
}

/// The users that some properties state, as they are counted.
pub fn users(properties: &Properties) -> Option<Worked<f64>> {
    let ways = [
        (Property::DailyUsers, "users"),
        (Property::Users, "users"),
        (Property::MonthlyUsers, "monthly users"),
    ];
    ways.into_iter().find_map(|(property, word)| {
        let count = properties.figure(property)?;
        Some(Worked::given(count, format!("{} {word}", figures::number(count))))
    })
}

impl Said {
    fn of(properties: &Properties, ratio: Option<f64>, system: &Properties) -> Self {
        let by_users =
            whose_users(properties, system).and_then(|(of, each)| Some(users(of)? * each_user(each)));
        let stated = |property| properties.rate(property).map(given);
        let mut said = Self {
            total: stated(Property::Rate).or(by_users),
            reads: stated(Property::Reads),
            writes: stated(Property::Writes),
        };
        if let Some(ratio) = ratio.filter(|it| *it > 0.0) {
            match (&said.total, &said.reads, &said.writes) {
                (_, Some(reads), None) => said.writes = Some(reads.clone() / plain(ratio)),
                (_, None, Some(writes)) => said.reads = Some(writes.clone() * plain(ratio)),
                (Some(total), None, None) => {
                    let whole = plain(1.0 + ratio);
                    said.reads = Some(total.clone() * plain(ratio) / whole.clone());
                    said.writes = Some(total.clone() / whole);
                }
                _ => {}
            }
        }
        if said.total.is_none() {
            said.total = said.reads.clone().zip(said.writes.clone()).map(|(reads, writes)| reads + writes);
        }
        said
    }

    fn is_empty(&self) -> bool {
        self.total.is_none() && self.reads.is_none() && self.writes.is_none()
    }

    fn each(self, change: impl Fn(Worked<Rate>) -> Worked<Rate>) -> Self {
        Self {
            total: self.total.map(&change),
            reads: self.reads.map(&change),
            writes: self.writes.map(&change),
        }
    }

    /// The part of it that a journey takes.
    fn lender(self, mode: Mode, taken: Traffic) -> Self {
        let part = |all: Worked<Rate>, taken: Rate| {
            let share = if all.value.is_positive() { taken / all.value } else { 1.0 };
            let is_all = (share - 1.0).abs() <= SAME;
            if is_all { all } else { all * Worked::given(share, figures::percent(share)) }
        };
        let is_both = mode.reads == mode.writes;
        let total = self.total.filter(|_| is_both || self.reads.is_none() && self.writes.is_none());
        Self {
            total: total.map(|it| part(it, taken.total())),
            reads: self.reads.map(|it| part(it, taken.reads)),
            writes: self.writes.map(|it| part(it, taken.writes)),
        }
    }

    /// As the traffic of a journey that reads, writes, or both.
    fn coming(self, mode: Mode, peak_factor: Worked<f64>) -> Option<Coming> {
        let Self { total, reads, writes } = self;
        let (mean, reads, writes) = match (mode.reads, mode.writes) {
            (true, false) => {
                let reads = total.or(reads)?;
                (reads.clone(), Some(reads), None)
            }
            (false, true) => {
                let writes = total.or(writes)?;
                (writes.clone(), None, Some(writes))
            }
            _ => match (reads, writes) {
                (None, None) => (total?, None, None),
                (reads, writes) => {
                    let parts: Vec<Worked<Rate>> = reads.iter().chain(&writes).cloned().collect();
                    let sum: Rate = parts.iter().map(|it| it.value).sum();
                    // The whole tells its working in one go, unless reads and writes are stated otherwise.
                    let is_sum = |it: &Worked<Rate>| {
                        (it.value.per_second() - sum.per_second()).abs() <= SAME * sum.per_second()
                    };
                    let mean = total.filter(is_sum).or_else(|| parts.into_iter().reduce(|a, b| a + b))?;
                    (mean, reads, writes)
                }
            },
        };
        Some(Coming { peak: mean.clone() * peak_factor, mean, reads, writes })
    }
}

/// What arrives for each base journey: the same cases as in `arrivals`, in the same order.
fn arrivals(architecture: &Architecture, bases: &[Journey], load: &Load) -> Vec<Option<Coming>> {
    let system_properties = &architecture.system.properties;
    let system = Said::of(system_properties, ratio_of(architecture, None), system_properties);
    let of_entry = |journey: &Journey| match journey.entries[..] {
        [only] if journey.flow.is_none() => Some(&architecture.component(only).properties),
        _ => None,
    };
    let of_journey = |journey: &Journey| journey.properties(architecture).or_else(|| of_entry(journey));
    let mut by_entries: FxHashMap<&[ComponentId], usize> = FxHashMap::default();
    for journey in bases {
        *by_entries.entry(&journey.entries).or_default() += 1;
    }
    let siblings = |journey: &Journey| match journey.flow {
        Some(_) => 1,
        None => by_entries[&journey.entries[..]],
    };
    let own: Vec<Option<Said>> = bases
        .iter()
        .map(|journey| {
            let properties = of_journey(journey)?;
            let said = Said::of(properties, ratio_of(architecture, Some(properties)), system_properties);
            let siblings = siblings(journey);
            let parted = |it: Worked<Rate>| match siblings {
                1 => it,
                _ => it / Worked::given(siblings as f64, figures::count(siblings, "flow", "flows")),
            };
            let is_said = !said.is_empty() && said.clone().coming(journey.mode, plain(1.0)).is_some();
            is_said.then(|| said.each(parted))
        })
        .collect();
    let means: Vec<Option<Traffic>> = own
        .iter()
        .zip(&load.arrivals)
        .map(|(own, arrivals)| own.as_ref().and(arrivals.as_ref()).map(|it| it.mean))
        .collect();
    let count_of = |journey: &Journey| of_entry(journey).and_then(users).map(|it| it.value);
    let shares: Vec<Option<f64>> = bases
        .iter()
        .map(|journey| of_journey(journey)?.figure(Property::Share))
        .zip(shares_by_users(bases, &means, count_of))
        .map(|(stated, by_users)| stated.or(by_users))
        .collect();
    let is_open = |(other, _): &(usize, &Journey)| own[*other].is_none() && shares[*other].is_none();
    let open = |takes: fn(Mode) -> bool| {
        bases.iter().enumerate().filter(is_open).filter(|(_, it)| takes(it.mode)).count()
    };
    let (open_to_reads, open_to_writes, open_to_all) =
        (open(|mode| mode.reads), open(|mode| mode.writes), open(|_| true));
    let spoken_for: f64 = shares.iter().flatten().sum();
    let taken = means.iter().flatten().fold(Traffic::NONE, |sum, it| sum + *it);
    let left = |journey: &Journey, at: usize| {
        debug_assert!(own[at].is_none() && shares[at].is_none(), "it says nothing itself");
        let part = |all: &Option<Worked<Rate>>, taken: Rate, count: usize| {
            all.as_ref().map(|all| parted(all, spoken_for, taken, count))
        };
        let reads = part(&system.reads, taken.reads, open_to_reads);
        let writes = part(&system.writes, taken.writes, open_to_writes);
        let total = part(&system.total, taken.total(), open_to_all);
        let apart = Said { total: None, reads, writes };
        if apart.is_empty() {
            Said { total, ..Said::default() }
        } else {
            with_whole(apart, total, journey.mode)
        }
    };
    bases
        .iter()
        .enumerate()
        .map(|(at, journey)| {
            let arrivals = load.arrivals[at].as_ref()?;
            let assumed = if arrivals.is_peak_assumed { " (assumed)" } else { "" };
            let factor = Worked::given(
                arrivals.peak_factor,
                format!("{}{assumed}", figures::number(arrivals.peak_factor)),
            );
            let lender = own[at].is_none().then(|| Lender::of(architecture, journey)).flatten();
            let said = match (&own[at], shares[at]) {
                (Some(own), _) => own.clone(),
                _ if lender.is_some() => {
                    let properties = lender?.properties(architecture);
                    Said::of(properties, ratio_of(architecture, Some(properties)), system_properties)
                        .lender(journey.mode, arrivals.mean)
                }
                (None, Some(share)) => {
                    let part = || Worked::given(share, figures::percent(share));
                    let is_all = (share - 1.0).abs() < f64::EPSILON;
                    system.clone().each(|it| if is_all { it } else { it * part() })
                }
                (None, None) => left(journey, at),
            };
            said.coming(journey.mode, factor)
        })
        .collect()
}

/// Reads and writes that are parted among others do not add up to the whole that each of them was: it is told only
/// for a journey that does both.
fn with_whole(apart: Said, total: Option<Worked<Rate>>, mode: Mode) -> Said {
    Said { total: total.filter(|_| mode.reads && mode.writes), ..apart }
}

/// What is left of the system's traffic for one of the journeys that say nothing.
fn parted(all: &Worked<Rate>, spoken_for: f64, taken: Rate, count: usize) -> Worked<Rate> {
    let left = if spoken_for > 0.0 || taken.is_positive() {
        let left = (all.value * (1.0 - spoken_for) - taken).max(Rate::ZERO);
        Worked::given(left, format!("({left} left of {})", all.value))
    } else {
        all.clone()
    };
    match count {
        0 | 1 => left,
        _ => left / Worked::given(count as f64, figures::count(count, "flow", "flows")),
    }
}
