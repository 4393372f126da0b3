//! The cheapest set of changes with which a flow keeps its promise, by all of its routes.
//!
//! Every change has a fixed cost, and the sets are tried in the order of their costs, so the first that reaches the
//! promise is the cheapest. What is offered is redundancy only: whether a call can be made optional or asynchronous
//! is for people to say.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use super::availability::{
    self, Change, Contribution, Element, FlowAvailability, Reach, Scenario, Unit, has_primary, takes_no_turns,
};
use super::blame::exceeds;
use super::journey::Journey;
use super::load::Load;
use super::reliability::Budget;
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, GroupId, GroupKind, Property, Replicas};

/// What each change costs: the ladder of rungs.
const ZONES: u32 = 1;
const STATELESS_REPLICA: u32 = 2;
const PAIR: u32 = 3;
const ENGINE: u32 = 4;
const ENGINE_OF_STORE: u32 = 5;
const PROVIDER: u32 = 6;
const REGION: u32 = 10;

/// The availability of an engine that is redundant by itself.
const REDUNDANT_ENGINE: f64 = 0.9999;

/// Only components that cost more than this share of the saved minutes are changed, and at most so many.
const LEAST_SHARE: f64 = 0.01;
const MAX_COMPONENTS: usize = 8;

/// So many replicas more are tried of one component: with what replicas have in common, more gain nothing.
const MAX_MORE_REPLICAS: u32 = 3;

/// Zones are spread over two, then three.
const ZONE_COUNTS: [u32; 2] = [2, 3];

/// Past so many evaluations of one journey the search turns greedy.
const MAX_EVALUATIONS: u32 = 4_096;

/// Components that all searches in one design may visit together, about a microsecond each, and one more for so
/// many of its own.
const VISITS: u64 = 60_000;
const COMPONENTS_PER_VISIT: u64 = 4;

/// So many evaluations a search takes at least: where the budget has none for these, none is begun.
const LEAST_EVALUATIONS: u64 = 64;

/// State updates that one evaluation may take, and how many of them cost as much as a visit.
const UPDATES: u64 = 200_000;
const UPDATES_PER_VISIT: u64 = 100;

/// A change of the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Spread what is redundant over so many zones.
    Zones(u32),
    /// Run so many replicas, any of which may answer.
    Replicas(ComponentId, u32),
    /// Run so many nodes, one of which takes over automatically.
    Pair(ComponentId, u32),
    /// Take an engine that is redundant by itself.
    Engine(ComponentId),
    /// Buy the same of a second provider.
    SecondProvider(ComponentId),
    /// Run all of it in a second region.
    SecondRegion(GroupId),
}

impl Step {
    /// The component that it changes, if it changes one.
    pub fn component(self) -> Option<ComponentId> {
        match self {
            Self::Replicas(id, _) | Self::Pair(id, _) | Self::Engine(id) | Self::SecondProvider(id) => {
                Some(id)
            }
            Self::Zones(_) | Self::SecondRegion(_) => None,
        }
    }
}

/// A set of changes that keeps a promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Improvement {
    /// The changes, those of the dearest components first.
    pub steps: Vec<Step>,
    /// What they cost together, in rungs of the ladder.
    pub cost: u32,
    /// The availability that they reach.
    pub availability: f64,
    /// Whether no cheaper set does; else it is one that was found.
    pub is_cheapest: bool,
    /// What is spread where zones are among the changes: all that is redundant with them, and is not placed otherwise.
    pub spread: Vec<ComponentId>,
}

/// A journey with its availability.
pub type Route<'a> = (&'a Journey, &'a FlowAvailability);

/// What a search found.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A set that keeps the promise.
    Reached(Improvement),
    /// No set does; this is the best there is.
    Unreachable {
        /// The availability with every change made.
        best: f64,
    },
    /// The design is too large to search.
    NotSearched,
}

/// All searches in one design: they share a budget, and flows with the same needs share a result.
pub struct Searches<'a> {
    architecture: &'a Architecture,
    load: &'a Load,
    visits_left: u64,
    known: FxHashMap<Vec<u64>, Outcome>,
}

impl<'a> Searches<'a> {
    /// None yet.
    pub fn new(architecture: &'a Architecture, load: &'a Load) -> Self {
        let visits_left = VISITS + architecture.components().len() as u64 / COMPONENTS_PER_VISIT;
        Self { architecture, load, visits_left, known: FxHashMap::default() }
    }

    /// The cheapest set of changes with which all of some routes reach `slo`; each comes with what it is without them,
    /// its completion where `is_completed`.
    pub fn cheapest(&mut self, routes: &[Route], slo: f64, is_completed: bool) -> Outcome {
        let key = key(self.architecture, routes, slo, is_completed);
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut needed: Vec<ComponentId> = routes.iter().flat_map(|(_, it)| &it.needed).copied().collect();
        needed.sort_unstable();
        needed.dedup();
        let visits: usize = routes.iter().map(|(_, it)| it.needed.len()).sum();
        if visits as u64 * LEAST_EVALUATIONS > self.visits_left {
            return Outcome::NotSearched;
        }
        let (architecture, load) = (self.architecture, self.load);
        let reaches = routes.iter().map(|(journey, _)| Reach::of(architecture, load, journey, is_completed));
        let reaches = reaches.collect();
        let mut search = Search { searches: self, routes, reaches, needed, slo };
        let outcome = search.run().unwrap_or(Outcome::NotSearched);
        self.known.insert(key, outcome.clone());
        outcome
    }
}

/// What a result depends on: journeys whose elements cost exactly the same are changed in the same way, where they
/// do the same by the same way. One that writes to a single node costs what one that reads it does, and gains less by a
/// second: it waits for the switch.
fn key(architecture: &Architecture, routes: &[Route], slo: f64, is_completed: bool) -> Vec<u64> {
    let mut key = vec![slo.to_bits(), u64::from(is_completed)];
    for (journey, judged) in routes {
        let is_strong =
            journey.properties(architecture).is_some_and(|it| it.is(Property::Consistency, "strong"));
        key.extend([journey.mode.reads, journey.mode.writes, is_strong].map(u64::from));
        let path = journey.flow.map(|id| &architecture.flow(id).path.steps);
        key.extend(path.into_iter().flatten().map(|step| u64::from(step.0)));
        key.push(judged.low.lower().to_bits());
        key.extend(judged.needed.iter().map(|id| u64::from(id.0)));
        key.extend(judged.contributions.iter().map(|it| it.saved.to_bits()));
    }
    key
}

/// How available some routes are.
#[derive(Clone, Copy)]
struct Reached {
    /// The worst of them.
    worst: f64,
    /// All of them together: what gains anything shows in it.
    sum: f64,
}

/// The budget is spent.
struct Spent;

/// Something that can be changed in one of several ways.
struct Slot {
    /// The ways, the cheapest first.
    options: Vec<(u32, Step)>,
    /// The place of the way that gains most.
    best: usize,
    /// The place of its component's name among the others'; none for zones and regions.
    name: Option<usize>,
}

/// A set of changes: for each slot so far the option that is taken, from 1.
type Choice = Vec<u8>;

/// A choice in the order in which choices are tried: by cost, then by the number of components, then by their names.
type Waiting = Reverse<(u32, usize, Vec<usize>, Choice)>;

struct Search<'s, 'a> {
    searches: &'s mut Searches<'a>,
    routes: &'s [Route<'s>],
    /// What each of them comes to.
    reaches: Vec<Reach<'s>>,
    needed: Vec<ComponentId>,
    slo: f64,
}

impl Search<'_, '_> {
    fn run(&mut self) -> Result<Outcome, Spent> {
        let as_is = self.availability(&[], &[])?;
        let slots = self.slots(as_is)?;
        let best = self.availability(&slots, &all_at_best(&slots, &[]))?;
        if self.misses(best) {
            return Ok(Outcome::Unreachable { best: best.worst.max(as_is.worst) });
        }
        let mut waiting: BinaryHeap<Waiting> = BinaryHeap::new();
        waiting.push(Reverse((0, 0, Vec::new(), Vec::new())));
        let mut evaluations = 0;
        while let Some(Reverse((.., choice))) = waiting.pop() {
            evaluations += 2;
            if evaluations > MAX_EVALUATIONS {
                break;
            }
            let reached = self.availability(&slots, &choice)?;
            if !self.misses(reached) {
                return Ok(Outcome::Reached(self.improvement(&slots, &choice, reached, true)));
            }
            // Nothing that can still be added suffices.
            let most = self.availability(&slots, &all_at_best(&slots, &choice))?;
            if self.misses(most) {
                continue;
            }
            waiting.extend(successors(&slots, &choice).map(|choice| Reverse(ranked(&slots, choice))));
        }
        self.greedy(&slots)
    }

    /// What can be changed: the dearest components, zones, and regions that are drawn.
    fn slots(&mut self, as_is: Reached) -> Result<Vec<Slot>, Spent> {
        let contributions = contributions(self.routes);
        let mut found: Vec<Vec<(u32, Step)>> = Vec::new();
        for (element, share) in &contributions {
            if let Element::Component(id) = element
                && *share > LEAST_SHARE
                && found.len() < MAX_COMPONENTS
            {
                found.push(self.rungs(*id));
            }
        }
        found
            .push(ZONE_COUNTS.iter().zip(1..).map(|(count, at)| (at * ZONES, Step::Zones(*count))).collect());
        for (element, _) in &contributions {
            if let Element::Group(id) = element
                && self.searches.architecture.group(*id).kind == GroupKind::Region
            {
                found.push(vec![(REGION, Step::SecondRegion(*id))]);
            }
        }
        let mut slots = Vec::new();
        for options in found {
            slots.extend(self.slot(as_is, options)?);
        }
        self.name(&mut slots);
        Ok(slots)
    }

    /// Options that gain nothing are left out; spreading over zones gains where something has become redundant.
    fn slot(&mut self, as_is: Reached, options: Vec<(u32, Step)>) -> Result<Option<Slot>, Spent> {
        let mut gains = Vec::new();
        for (cost, step) in options {
            let one = [Slot { options: vec![(cost, step)], best: 0, name: None }];
            let gain = self.availability(&one, &[1])?.sum - as_is.sum;
            if gain > 1e-15 || step.component().is_none() {
                gains.push(((cost, step), gain));
            }
        }
        gains.sort_by_key(|((cost, _), _)| *cost);
        let best = (0..gains.len()).max_by(|a, b| gains[*a].1.total_cmp(&gains[*b].1));
        Ok(best.map(|best| Slot { options: gains.into_iter().map(|(it, _)| it).collect(), best, name: None }))
    }

    fn name(&self, slots: &mut [Slot]) {
        let component = |slot: &Slot| slot.options.first().and_then(|(_, step)| step.component());
        let name = |slot: &Slot| component(slot).map(|id| &self.searches.architecture.component(id).name);
        let mut names: Vec<_> = slots.iter().filter_map(name).collect();
        names.sort_unstable();
        let places: Vec<_> =
            slots.iter().map(|slot| name(slot).and_then(|it| names.binary_search(&it).ok())).collect();
        for (slot, place) in slots.iter_mut().zip(places) {
            slot.name = place;
        }
    }

    /// What can be done about one component.
    fn rungs(&self, id: ComponentId) -> Vec<(u32, Step)> {
        let component = self.searches.architecture.component(id);
        if component.kind == Kind::ThirdParty {
            return vec![(PROVIDER, Step::SecondProvider(id))];
        }
        if component.is_available_as_a_whole() || component.kind == Kind::External {
            return Vec::new();
        }
        let count = component.least_replicas().unwrap_or(1);
        if takes_no_turns(component) {
            let more = (1..=MAX_MORE_REPLICAS)
                .map(|more| (more * STATELESS_REPLICA, Step::Replicas(id, count + more)));
            return more.chain([(ENGINE, Step::Engine(id))]).collect();
        }
        vec![(PAIR, Step::Pair(id, count.max(2))), (ENGINE_OF_STORE, Step::Engine(id))]
    }

    fn improvement(&self, slots: &[Slot], choice: &[u8], reached: Reached, is_cheapest: bool) -> Improvement {
        let steps = steps(slots, choice);
        let spread = self.spread(&steps);
        Improvement { steps, cost: cost(slots, choice), availability: reached.worst, is_cheapest, spread }
    }

    /// What the zones among some changes spread.
    fn spread(&self, steps: &[Step]) -> Vec<ComponentId> {
        let Searches { architecture, load, .. } = *self.searches;
        let is_of_zones = |step: &Step| matches!(step, Step::Zones(_));
        let mut unspread = Scenario::as_is();
        steps.iter().filter(|it| !is_of_zones(it)).for_each(|step| self.take(*step, &mut unspread));
        let mut spread = unspread.clone();
        steps.iter().filter(|it| is_of_zones(it)).for_each(|step| self.take(*step, &mut spread));
        let unit =
            |id, scenario| Unit::of(architecture, load, architecture.component(id), scenario, true, false);
        self.needed.iter().copied().filter(|id| unit(*id, &unspread) != unit(*id, &spread)).collect()
    }

    fn misses(&self, reached: Reached) -> bool {
        exceeds(1.0 - reached.worst, 1.0 - self.slo)
    }

    fn availability(&mut self, slots: &[Slot], choice: &[u8]) -> Result<Reached, Spent> {
        let mut scenario = Scenario::as_is();
        for step in steps(slots, choice) {
            self.take(step, &mut scenario);
        }
        let mut reached = Reached { worst: 1.0, sum: 0.0 };
        for reach in &self.reaches {
            let mut budget = Budget::new(UPDATES);
            let found = reach.availability(&scenario, &mut budget).lower();
            let updates = UPDATES - budget.updates_left();
            let visits = reach.components().len() as u64 + updates / UPDATES_PER_VISIT + 1;
            self.searches.visits_left = self.searches.visits_left.checked_sub(visits).ok_or(Spent)?;
            reached = Reached { worst: reached.worst.min(found), sum: reached.sum + found };
        }
        Ok(reached)
    }

    fn take(&self, step: Step, scenario: &mut Scenario) {
        let architecture = self.searches.architecture;
        let change = match step {
            Step::Zones(count) => {
                scenario.spread = Some(count);
                for id in &self.needed {
                    if states_fewer_zones(architecture.component(*id), count) {
                        scenario.changes.entry(*id).or_default().zones = Some(count);
                    }
                }
                return;
            }
            Step::SecondRegion(id) => {
                scenario.second_regions.insert(id);
                return;
            }
            Step::Replicas(_, count) => Change { replicas: Some(count), ..Change::default() },
            Step::Pair(_, count) => Change {
                replicas: Some(count),
                failover: Some(architecture.parameters.switch_hot.value),
                ..Change::default()
            },
            Step::Engine(_) => Change { availability: Some(REDUNDANT_ENGINE), ..Change::default() },
            Step::SecondProvider(id) => {
                let own = own(architecture, architecture.component(id));
                Change { availability: Some(twice(own)), ..Change::default() }
            }
        };
        let Some(id) = step.component() else { return };
        let of_component = scenario.changes.entry(id).or_default();
        *of_component = Change { zones: of_component.zones, ..change };
    }

    /// A set that is found by always taking what gains most for its cost, and then giving back what it can spare.
    fn greedy(&mut self, slots: &[Slot]) -> Result<Outcome, Spent> {
        let mut choice: Choice = vec![0; slots.len()];
        let mut reached = self.availability(slots, &choice)?;
        while self.misses(reached) {
            let mut next: Option<(f64, Reached, Choice)> = None;
            for at in 0..slots.len() {
                for option in usize::from(choice[at])..slots[at].options.len() {
                    let mut tried = choice.clone();
                    tried[at] = option as u8 + 1;
                    let found = self.availability(slots, &tried)?;
                    let more = f64::from(cost(slots, &tried)) - f64::from(cost(slots, &choice));
                    let value = (found.sum - reached.sum) / more.max(1.0);
                    if value > 0.0 && next.as_ref().is_none_or(|(best, ..)| value > *best) {
                        next = Some((value, found, tried));
                    }
                }
            }
            // Everything together reaches it; where no single step gains, everything is taken.
            (reached, choice) = if let Some((_, found, tried)) = next {
                (found, tried)
            } else {
                let all = all_at_best(slots, &[]);
                (self.availability(slots, &all)?, all)
            };
        }
        for at in 0..slots.len() {
            for option in 0..choice[at] {
                let mut tried = choice.clone();
                tried[at] = option;
                let found = self.availability(slots, &tried)?;
                if !self.misses(found) && cost(slots, &tried) <= cost(slots, &choice) {
                    (reached, choice) = (found, tried);
                    break;
                }
            }
        }
        Ok(Outcome::Reached(self.improvement(slots, &choice, reached, false)))
    }
}

/// What a third party is up by itself.
fn own(architecture: &Architecture, component: &Component) -> f64 {
    let written = component.figure(Property::Availability);
    let assumed = || availability::unit::assumed(architecture, component);
    written.or_else(|| assumed().map(|fact| fact.value)).unwrap_or(1.0)
}

/// The availability of two of which either may answer.
fn twice(availability: f64) -> f64 {
    1.0 - (1.0 - availability) * (1.0 - availability)
}

/// Whether there are as many already.
fn has_nodes(component: &Component, count: u32) -> bool {
    component.least_replicas() == Some(count)
}

/// Whether one of its nodes takes another's place; of a store without a primary all answer.
fn takes_over(component: &Component) -> bool {
    has_primary(component) || !component.kind.is_store()
}

/// A count that is not below `count`, where it scales by itself as well: `4..10`.
fn at_least(component: &Component, count: u32) -> String {
    match component.replicas {
        Replicas::Stated { least, most: Some(most) } if most > least => {
            format!("{count}..{}", most.max(count))
        }
        _ => count.to_string(),
    }
}

fn percent(share: f64) -> String {
    format!("{}%", share * 100.0)
}

fn states_fewer_zones(component: &Component, count: u32) -> bool {
    component.figure(Property::Zones).is_some_and(|zones| zones < f64::from(count))
}

/// The elements of some routes, the dearest first, each with its share where it costs most.
fn contributions(routes: &[Route]) -> Vec<(Element, f64)> {
    let mut dearest: FxHashMap<Element, Contribution> = FxHashMap::default();
    for contribution in routes.iter().flat_map(|(_, judged)| &judged.contributions) {
        let known = dearest.entry(contribution.element).or_insert(*contribution);
        if contribution.saved > known.saved {
            *known = *contribution;
        }
    }
    let mut found: Vec<Contribution> = dearest.into_values().collect();
    found.sort_by(|a, b| b.saved.total_cmp(&a.saved).then(a.element.cmp(&b.element)));
    found.into_iter().map(|it| (it.element, it.share)).collect()
}

/// A choice, and the best of every slot that it has not come to.
fn all_at_best(slots: &[Slot], choice: &[u8]) -> Choice {
    let rest = slots[choice.len()..].iter().map(|slot| slot.best as u8 + 1);
    choice.iter().copied().chain(rest).collect()
}

/// Every choice is made once: what comes after it changes a slot behind its last.
fn successors<'a>(slots: &'a [Slot], choice: &'a [u8]) -> impl Iterator<Item = Choice> + 'a {
    (choice.len()..slots.len()).flat_map(move |at| {
        (0..slots[at].options.len()).map(move |option| {
            let mut next = choice.to_vec();
            next.resize(at, 0);
            next.push(option as u8 + 1);
            next
        })
    })
}

fn ranked(slots: &[Slot], choice: Choice) -> (u32, usize, Vec<usize>, Choice) {
    let taken = slots.iter().zip(&choice).filter(|(_, option)| **option > 0);
    let mut names: Vec<usize> = taken.filter_map(|(slot, _)| slot.name).collect();
    names.sort_unstable();
    (cost(slots, &choice), names.len(), names, choice)
}

fn taken<'a>(slots: &'a [Slot], choice: &'a [u8]) -> impl Iterator<Item = (u32, Step)> + 'a {
    slots
        .iter()
        .zip(choice)
        .filter_map(|(slot, option)| usize::from(*option).checked_sub(1).map(|at| slot.options[at]))
}

fn cost(slots: &[Slot], choice: &[u8]) -> u32 {
    taken(slots, choice).map(|(cost, _)| cost).sum()
}

fn steps(slots: &[Slot], choice: &[u8]) -> Vec<Step> {
    taken(slots, choice).map(|(_, step)| step).collect()
}

impl Improvement {
    /// The changes as a command: "run `lb` x2 and spread all over 2 zones".
    pub fn in_words(&self, architecture: &Architecture) -> String {
        let mut commands: Vec<String> = self.steps.iter().map(|step| step.in_words(architecture)).collect();
        let last = commands.pop().unwrap_or_default();
        if commands.is_empty() { last } else { format!("{} and {last}", commands.join(", ")) }
    }
}

impl Improvement {
    /// The changes as settings, which `what-if` takes: `lb.replicas=2`. A second provider and a second region have
    /// the availability of two.
    pub fn settings(&self, architecture: &Architecture) -> Vec<String> {
        let of_spread = |property: String| {
            let names = self.spread.iter().map(|id| &architecture.component(*id).name);
            names.map(|name| format!("{name}.{property}")).collect()
        };
        let of_step = |step: &Step| match *step {
            Step::Zones(count) => of_spread(format!("zones={count}")),
            _ => step.settings(architecture),
        };
        self.steps.iter().flat_map(of_step).collect()
    }
}

impl Step {
    /// What it states of the one that it changes.
    fn settings(self, architecture: &Architecture) -> Vec<String> {
        let set = |id, property: String| format!("{}.{property}", architecture.component(id).name);
        let replicas =
            |id, count| set(id, format!("replicas={}", at_least(architecture.component(id), count)));
        match self {
            Self::Zones(_) => Vec::new(),
            Self::Replicas(id, count) => vec![replicas(id, count)],
            Self::Pair(id, count) => {
                let seconds = architecture.parameters.switch_hot.value;
                let component = architecture.component(id);
                let nodes = (!has_nodes(component, count)).then(|| replicas(id, count));
                let failover = takes_over(component).then(|| set(id, format!("failover={seconds}s")));
                nodes.into_iter().chain(failover).collect()
            }
            Self::Engine(id) => {
                let availability = percent(REDUNDANT_ENGINE);
                vec![set(id, "managed=true".to_owned()), set(id, format!("availability={availability}"))]
            }
            Self::SecondProvider(id) => {
                let own = own(architecture, architecture.component(id));
                vec![set(id, format!("availability={}", percent(twice(own))))]
            }
            Self::SecondRegion(id) => {
                let own = availability::group_availability(architecture, id);
                vec![format!("{}.availability={}", architecture.group(id).name, percent(twice(own)))]
            }
        }
    }

    /// As a command: "run `lb` x2".
    fn in_words(self, architecture: &Architecture) -> String {
        let component = |id| architecture.component(id);
        let name = |id| &component(id).name;
        match self {
            Self::Zones(count) => format!("spread what is redundant over {count} zones"),
            Self::Pair(id, count) if takes_over(component(id)) && has_nodes(component(id), count) => {
                format!("let `{}` fail over automatically", name(id))
            }
            Self::Pair(id, count) if takes_over(component(id)) => {
                format!("run `{}` x{count} with automatic failover", name(id))
            }
            Self::Replicas(id, count) | Self::Pair(id, count) => format!("run `{}` x{count}", name(id)),
            Self::Engine(id) => format!("take an engine for `{}` that is redundant by itself", name(id)),
            Self::SecondProvider(id) => format!("add a second provider beside `{}`", name(id)),
            Self::SecondRegion(id) => format!("run `{}` in a second region", architecture.group(id).name),
        }
    }
}
