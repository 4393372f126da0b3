//! Where the traffic comes in, and how much: a flow's own rate, its share of the system's, a client's part, and what
//! the clock starts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Traffic;
use crate::analysis::journey::{Journey, Mode};
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Properties, Property};
use crate::quantity::Rate;

/// The traffic of one journey where it enters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrivals {
    /// On average.
    pub mean: Traffic,
    /// The peak against the mean.
    pub peak_factor: f64,
    /// Whether the peak factor is the catalogue's.
    pub is_peak_assumed: bool,
}

impl Arrivals {
    /// In the busiest hour.
    pub fn peak(&self) -> Traffic {
        self.mean * self.peak_factor
    }
}

/// The rates that something states: reads and writes apart where it says, else by its ratio.
#[derive(Clone, Copy, Debug, Default)]
struct Stated {
    total: Option<Rate>,
    reads: Option<Rate>,
    writes: Option<Rate>,
}

impl Stated {
    /// What some properties state, by a ratio of reads to writes. Who states users or what each of them does, but not
    /// both, has the other from the system.
    fn of(properties: &Properties, ratio: Option<f64>, system: &Properties) -> Self {
        let by_users =
            whose_users(properties, system).and_then(|(of, each)| users(of).map(|users| users * each));
        let mut stated = Self {
            total: properties.rate(Property::Rate).or(by_users),
            reads: properties.rate(Property::Reads),
            writes: properties.rate(Property::Writes),
        };
        if let Some(ratio) = ratio.filter(|it| *it > 0.0) {
            match (stated.total, stated.reads, stated.writes) {
                (_, Some(reads), None) => stated.writes = Some(reads / ratio),
                (_, None, Some(writes)) => stated.reads = Some(writes * ratio),
                (Some(total), None, None) => {
                    stated.reads = Some(total * ratio / (1.0 + ratio));
                    stated.writes = Some(total / (1.0 + ratio));
                }
                _ => {}
            }
        }
        if stated.total.is_none() && stated.reads.is_some() && stated.writes.is_some() {
            stated.total = stated.reads.zip(stated.writes).map(|(reads, writes)| reads + writes);
        }
        stated
    }

    fn is_empty(&self) -> bool {
        self.total.is_none() && self.reads.is_none() && self.writes.is_none()
    }

    fn part(&self, share: f64) -> Self {
        Self {
            total: self.total.map(|it| it * share),
            reads: self.reads.map(|it| it * share),
            writes: self.writes.map(|it| it * share),
        }
    }

    /// As traffic of this mode.
    fn traffic(&self, mode: Mode) -> Option<Traffic> {
        match (mode.reads, mode.writes) {
            (true, false) => {
                let reads = self.total.or(self.reads)?;
                Some(Traffic::of_reads(reads))
            }
            (false, true) => {
                let writes = self.total.or(self.writes)?;
                Some(Traffic::of_writes(writes))
            }
            _ => match (self.reads, self.writes) {
                (None, None) => self.total.map(Traffic::of_other),
                (reads, writes) => Some(Traffic {
                    reads: reads.unwrap_or_default(),
                    writes: writes.unwrap_or_default(),
                    other: Rate::ZERO,
                }),
            },
        }
    }
}

pub(super) fn ratio_of(architecture: &Architecture, properties: Option<&Properties>) -> Option<f64> {
    properties
        .and_then(|it| it.figure(Property::ReadsPerWrite))
        .or_else(|| architecture.system.properties.figure(Property::ReadsPerWrite))
}

/// Whose users act, and how often each of them does, where something says either: the other may be the system's.
pub(super) fn whose_users<'a>(
    properties: &'a Properties,
    system: &'a Properties,
) -> Option<(&'a Properties, Rate)> {
    let counts_them = users(properties).is_some();
    if !counts_them && !properties.has(Property::PerUser) {
        return None;
    }
    let each = properties.rate(Property::PerUser).or_else(|| system.rate(Property::PerUser))?;
    Some((if counts_them { properties } else { system }, each))
}

/// The users that are stated, in the order in which one way of counting them goes before another.
fn users(properties: &Properties) -> Option<f64> {
    [Property::DailyUsers, Property::Users, Property::MonthlyUsers]
        .into_iter()
        .find_map(|property| properties.figure(property))
}

/// What the whole system states.
fn of_system(architecture: &Architecture) -> Stated {
    let system = &architecture.system.properties;
    Stated::of(system, ratio_of(architecture, None), system)
}

/// What a flow, a client or a link states.
fn stated_by(architecture: &Architecture, properties: &Properties) -> Stated {
    Stated::of(properties, ratio_of(architecture, Some(properties)), &architecture.system.properties)
}

/// What the system states, and what of it arrives for journeys, each on average; nothing where either is unknown.
pub(super) fn taken_up(architecture: &Architecture, arrivals: &[Option<Arrivals>]) -> Option<(Rate, Rate)> {
    let stated = of_system(architecture).total?;
    let taken: Option<Rate> = arrivals.iter().map(|it| it.as_ref().map(|it| it.mean.total())).sum();
    Some((stated, taken?))
}

/// What arrives for each base journey: its own, else its part of the system's.
pub(super) fn of_journeys(architecture: &Architecture, bases: &[Journey]) -> Vec<Option<Arrivals>> {
    let system = of_system(architecture);
    let of_entry = |journey: &Journey| match journey.entries[..] {
        [only] if journey.flow.is_none() => Some(&architecture.component(only).properties),
        _ => None,
    };
    let of_journey = |journey: &Journey| journey.properties(architecture).or_else(|| of_entry(journey));
    let siblings = Siblings::of(architecture, bases);
    let own: Vec<Option<Traffic>> = bases
        .iter()
        .map(|journey| {
            let properties = of_journey(journey)?;
            let stated = stated_by(architecture, properties);
            if stated.is_empty() {
                return None;
            }
            siblings.part(architecture, journey, &stated)
        })
        .collect();
    let shares: Vec<Option<f64>> = bases
        .iter()
        .map(|journey| {
            Some(of_journey(journey)?.figure(Property::Share)? * siblings.weight(architecture, journey))
        })
        .zip(shares_by_users(bases, &own, |journey| {
            Some(of_entry(journey).and_then(users)? * siblings.weight(architecture, journey))
        }))
        .map(|(stated, by_users)| stated.or(by_users))
        .collect();
    let taken = own.iter().flatten().fold(Traffic::NONE, |sum, it| sum + *it);
    let left = Left::new(&system, taken, bases, &own, &shares);
    let borrowed = borrowed(architecture, bases, &own, &shares);
    bases
        .iter()
        .enumerate()
        .map(|(at, journey)| {
            let of_system = || match shares[at] {
                Some(share) => system.part(share).traffic(journey.mode),
                None => left.part(journey.mode),
            };
            let mean = own[at].or_else(of_system).or(borrowed[at])?;
            Some(with_peak(architecture, journey, mean))
        })
        .collect()
}

/// What states how much comes for a journey where neither it nor the system does.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lender {
    /// The only head of a flow.
    Head(ComponentId),
    /// The link that a journey starts with.
    Link(LinkId),
}

impl Lender {
    /// Of a journey that states nothing itself, in a system that states nothing.
    pub(super) fn of(architecture: &Architecture, journey: &Journey) -> Option<Self> {
        if !of_system(architecture).is_empty() {
            return None;
        }
        let [entry] = journey.entries[..] else { return None };
        let ways = [
            journey.flow.map(|_| Self::Head(entry)),
            first_link(architecture, journey, entry).map(Self::Link),
        ];
        ways.into_iter().flatten().find(|it| !it.stated(architecture).is_empty())
    }

    /// Where it says so.
    pub(super) fn properties(self, architecture: &Architecture) -> &Properties {
        match self {
            Self::Head(head) => &architecture.component(head).properties,
            Self::Link(link) => &architecture.link(link).properties,
        }
    }

    fn stated(self, architecture: &Architecture) -> Stated {
        stated_by(architecture, self.properties(architecture))
    }
}

/// The one link that a journey starts with.
fn first_link(architecture: &Architecture, journey: &Journey, entry: ComponentId) -> Option<LinkId> {
    if let [link] = journey.first[..] {
        return Some(link);
    }
    let [link] = architecture.flow(journey.flow?).path.steps_from(entry)[..] else { return None };
    Some(link)
}

/// What journeys take of what their lenders state, each parted as the system's is.
fn borrowed(
    architecture: &Architecture,
    bases: &[Journey],
    own: &[Option<Traffic>],
    shares: &[Option<f64>],
) -> Vec<Option<Traffic>> {
    if !of_system(architecture).is_empty() {
        return vec![None; bases.len()];
    }
    let lenders: Vec<Option<Lender>> = bases.iter().map(|it| Lender::of(architecture, it)).collect();
    let mut members: FxHashMap<Lender, Vec<usize>> = FxHashMap::default();
    for (at, lender) in lenders.iter().enumerate() {
        if let Some(lender) = lender {
            members.entry(*lender).or_default().push(at);
        }
    }
    let mut parts = vec![None; bases.len()];
    for (lender, members) in members {
        let stated = lender.stated(architecture);
        let own: Vec<Option<Traffic>> = members.iter().map(|at| own[*at]).collect();
        let shares: Vec<Option<f64>> = members.iter().map(|at| shares[*at]).collect();
        let journeys: Vec<Journey> = members.iter().map(|at| bases[*at].clone()).collect();
        let taken = own.iter().flatten().fold(Traffic::NONE, |sum, it| sum + *it);
        let left = Left::new(&stated, taken, &journeys, &own, &shares);
        for (at, share) in members.into_iter().zip(shares) {
            let mode = bases[at].mode;
            parts[at] = share.map_or_else(|| left.part(mode), |share| stated.part(share).traffic(mode));
        }
    }
    parts
}

/// The journeys of one client, which part what it brings between them: by the shares of the links that they start
/// with, else evenly; reads among those that read, and writes among those that write.
struct Siblings(FxHashMap<ComponentId, Family>);

/// How many journeys a client has, and what their links' shares add up to.
#[derive(Clone, Copy, Default)]
struct Family {
    all: Part,
    readers: Part,
    writers: Part,
}

#[derive(Clone, Copy, Default)]
struct Part {
    stated: f64,
    unstated: f64,
}

impl Part {
    fn add(&mut self, share: Option<f64>) {
        match share {
            Some(share) => self.stated += share,
            None => self.unstated += 1.0,
        }
    }

    /// One journey's part of the whole.
    fn of(self, share: Option<f64>) -> f64 {
        let is_whole = (self.unstated == 0.0 || self.stated > 1.0) && self.stated > 0.0;
        let whole = if is_whole { self.stated } else { 1.0 };
        share.unwrap_or((whole - self.stated) / self.unstated.max(1.0)) / whole
    }
}

impl Siblings {
    fn of(architecture: &Architecture, bases: &[Journey]) -> Self {
        let mut families: FxHashMap<ComponentId, Family> = FxHashMap::default();
        for journey in bases.iter().filter(|it| it.flow.is_none()) {
            let family = families.entry(journey.entries[0]).or_default();
            let share = share_of_first(architecture, journey);
            family.all.add(share);
            if journey.mode.reads {
                family.readers.add(share);
            }
            if journey.mode.writes {
                family.writers.add(share);
            }
        }
        Self(families)
    }

    fn family(&self, journey: &Journey) -> Option<Family> {
        journey.flow.is_none().then(|| self.0.get(&journey.entries[0]).copied())?
    }

    /// Which part of all that its client brings a journey takes.
    fn weight(&self, architecture: &Architecture, journey: &Journey) -> f64 {
        self.family(journey).map_or(1.0, |it| it.all.of(share_of_first(architecture, journey)))
    }

    /// What a journey takes of what its client states.
    fn part(&self, architecture: &Architecture, journey: &Journey, stated: &Stated) -> Option<Traffic> {
        let Some(family) = self.family(journey) else { return stated.traffic(journey.mode) };
        let share = share_of_first(architecture, journey);
        let have_both =
            [family.readers, family.writers].iter().all(|it| it.unstated > 0.0 || it.stated > 0.0);
        let (true, Some(reads), Some(writes)) = (have_both, stated.reads, stated.writes) else {
            return stated.traffic(journey.mode).map(|it| it * family.all.of(share));
        };
        let part = |is_in: bool, all: Rate, part: Part| if is_in { all * part.of(share) } else { Rate::ZERO };
        Some(Traffic {
            reads: part(journey.mode.reads, reads, family.readers),
            writes: part(journey.mode.writes, writes, family.writers),
            other: Rate::ZERO,
        })
    }
}

/// The share that the link states with which a journey starts.
fn share_of_first(architecture: &Architecture, journey: &Journey) -> Option<f64> {
    let [link] = journey.first[..] else { return None };
    architecture.link(link).figure(Property::Share)
}

/// Where each client says how many it stands for, and none how much they do, the system's traffic is parted by
/// their number.
pub(super) fn shares_by_users(
    bases: &[Journey],
    own: &[Option<Traffic>],
    users_of: impl Fn(&Journey) -> Option<f64>,
) -> Vec<Option<f64>> {
    let nobody = || vec![None; bases.len()];
    if own.iter().any(Option::is_some) {
        return nobody();
    }
    let Some(parts) = bases.iter().map(users_of).collect::<Option<Vec<f64>>>() else { return nobody() };
    let all: f64 = parts.iter().sum();
    if all > 0.0 { parts.into_iter().map(|part| Some(part / all)).collect() } else { nobody() }
}

/// What is left of the system's traffic for the journeys that state neither rate nor share, evenly.
struct Left {
    reads: Option<Rate>,
    writes: Option<Rate>,
    total: Option<Rate>,
}

impl Left {
    fn new(
        system: &Stated,
        taken: Traffic,
        bases: &[Journey],
        own: &[Option<Traffic>],
        shares: &[Option<f64>],
    ) -> Self {
        let open = || {
            bases
                .iter()
                .enumerate()
                .filter(|(at, _)| own[*at].is_none() && shares[*at].is_none())
                .map(|(_, journey)| journey.mode)
        };
        let spoken_for: f64 = shares.iter().flatten().sum();
        let part = |all: Option<Rate>, taken: Rate, count: usize| {
            all.map(|all| (all * (1.0 - spoken_for) - taken).max(Rate::ZERO) / count.max(1) as f64)
        };
        Self {
            reads: part(system.reads, taken.reads, open().filter(|mode| mode.reads).count()),
            writes: part(system.writes, taken.writes, open().filter(|mode| mode.writes).count()),
            total: part(system.total, taken.total(), open().count()),
        }
    }

    fn part(&self, mode: Mode) -> Option<Traffic> {
        let apart = Stated { total: None, reads: self.reads, writes: self.writes };
        if !apart.is_empty() {
            return apart.traffic(mode);
        }
        Stated { total: self.total, reads: None, writes: None }.traffic(mode)
    }
}

fn with_peak(architecture: &Architecture, journey: &Journey, mean: Traffic) -> Arrivals {
    let own = journey.properties(architecture);
    let system = &architecture.system.properties;
    let total = mean.total();
    if let Some(peak) = own.and_then(|it| it.rate(Property::Peak))
        && total.is_positive()
    {
        return Arrivals { mean, peak_factor: peak / total, is_peak_assumed: false };
    }
    let stated = own
        .and_then(|it| it.figure(Property::PeakFactor))
        .or_else(|| factor_of_entry(architecture, journey))
        .or_else(|| system.figure(Property::PeakFactor))
        .or_else(|| {
            let all = of_system(architecture).total.filter(|it| it.is_positive())?;
            Some(system.rate(Property::Peak)? / all)
        });
    Arrivals {
        mean,
        peak_factor: stated.unwrap_or(architecture.parameters.peak_factor.value),
        is_peak_assumed: stated.is_none(),
    }
}

/// The peak that the only entry of a journey states of itself, over its own rate: a part of one has a part of the other.
fn factor_of_entry(architecture: &Architecture, journey: &Journey) -> Option<f64> {
    let [entry] = journey.entries[..] else { return None };
    let entry = &architecture.component(entry).properties;
    if let Some(own) = journey.properties(architecture)
        && (!stated_by(architecture, own).is_empty()
            || !matches!(Lender::of(architecture, journey), Some(Lender::Head(_))))
    {
        return None;
    }
    let total =
        Stated::of(entry, None, &architecture.system.properties).total.filter(|it| it.is_positive())?;
    Some(entry.rate(Property::Peak)? / total)
}

/// What arrives beside the flows: from components that state a rate of their own or run by the clock and that nobody
/// calls, and over `batch` links that state a rate.
pub(super) fn beside_journeys(architecture: &Architecture, bases: &[Journey]) -> Vec<(Journey, Arrivals)> {
    let entered: FxHashSet<ComponentId> =
        bases.iter().flat_map(|journey| journey.entries.iter().copied()).collect();
    let mut found = Vec::new();
    for component in architecture.components() {
        if component.kind.is_outside() || entered.contains(&component.id) {
            continue;
        }
        let starts = component.is_stated(Property::Every) || component.is_stated(Property::Rate);
        let is_called = || architecture.links_to(component.id).any(|link| !link.is_beside_the_path());
        if starts && !is_called() {
            found.extend(started_by_itself(architecture, component));
            continue;
        }
        let batches = architecture.links_from(component.id).filter(|link| link.has(Property::Batch));
        for link in batches.filter(|link| states_rate(link)) {
            let journey = Journey { first: vec![link.id], ..Journey::beside(component) };
            // Nothing enters: the link's own rate is what it carries.
            found.push((journey.clone(), with_peak(architecture, &journey, Traffic::NONE)));
        }
    }
    found
}

pub(super) fn states_rate(link: &Link) -> bool {
    [Property::Rate, Property::Reads, Property::Writes].into_iter().any(|it| link.rate(it).is_some())
}

fn started_by_itself(architecture: &Architecture, component: &Component) -> Option<(Journey, Arrivals)> {
    let journey = Journey::beside(component);
    if let Some(mean) = Stated::of(component, None, component).traffic(journey.mode) {
        return Some((journey.clone(), with_peak(architecture, &journey, mean)));
    }
    let by_clock = component.duration(Property::Every).map(|every| 1.0 / every);
    let often = component.rate(Property::Every).or(by_clock).filter(|it| it.is_finite())?;
    // One run is one request; how much a batch asks of what it calls is known only where it is written.
    let is_known = |link: &&Link| {
        !link.has(Property::Batch) || link.figure(Property::Calls).is_some() || states_rate(link)
    };
    let first: Vec<LinkId> =
        architecture.links_from(component.id).filter(is_known).map(|link| link.id).collect();
    // The clock knows no busy hour.
    let arrivals = Arrivals { mean: Traffic::of_other(often), peak_factor: 1.0, is_peak_assumed: false };
    (!first.is_empty()).then_some((Journey { first, ..journey }, arrivals))
}
