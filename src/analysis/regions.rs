//! Which journeys are to outlive a region, and which of them stand and fall with one.

mod loss;

pub use loss::RegionLoss;
pub(super) use loss::region_losses;

use super::Analysis;
use super::availability::{self, Change, Element, Scenario, group_availability};
use super::blame::{self, must_survive};
use super::journey::Journey;
use super::reliability::Budget;
use crate::catalogue::{Kind, Parameters};
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, GroupId, GroupKind, Property};

/// State updates that one look at a journey may take.
const UPDATES: u64 = 200_000;

/// Components that all looks together may visit: a design with very many strict flows is not looked through to its end.
const VISITS: usize = 200_000;

/// Why a journey needs more than one region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Asks {
    /// `survives = region`.
    Survival,
    /// It promises more than one region gives.
    Promise(f64),
}

/// Whether a promise is more than one region gives, whatever its zones.
pub fn exceeds_one_region(parameters: &Parameters, slo: f64) -> bool {
    slo > parameters.region_promise.value + 1e-12
}

/// Why a journey needs more than one region, if it does.
pub fn asks(architecture: &Architecture, journey: &Journey) -> Option<Asks> {
    if must_survive(architecture, journey, "region") {
        return Some(Asks::Survival);
    }
    journey.promise.slo.filter(|slo| exceeds_one_region(&architecture.parameters, *slo)).map(Asks::Promise)
}

/// A region that takes journeys down which ask for more.
#[derive(Clone, Debug)]
pub struct OneRegion {
    /// The region, where it is drawn.
    pub group: Option<GroupId>,
    /// What falls with it and takes the worst journey down, in the order of declaration.
    pub members: Vec<ComponentId>,
    /// How grave it is.
    pub level: Severity,
    /// Why the worst journey asks for more.
    pub asks: Asks,
    /// The journeys, by their places.
    pub journeys: Vec<usize>,
    /// The place of the one for which it is gravest.
    pub worst: usize,
    /// How often the region is down.
    pub own: f64,
    /// What the worst journey would reach with its parts spread over two regions, where that is known.
    pub reached: Option<f64>,
}

/// The regions whose loss takes down what is to outlive it; of those that are not drawn, one for all.
pub fn one_region(architecture: &Architecture, analysis: &Analysis) -> Vec<OneRegion> {
    let mut found: Vec<OneRegion> = Vec::new();
    if architecture.system.is_demo() {
        return found;
    }
    let mut visits = 0;
    for (at, journey) in analysis.journeys.iter().enumerate() {
        let Some(asks) = asks(architecture, journey) else { continue };
        visits += analysis.availability[at].needed.len() + 1;
        if visits > VISITS {
            break;
        }
        let Some(fall) = fall(architecture, analysis, at) else { continue };
        let Some(level) = level(architecture, analysis, at, asks, &fall) else { continue };
        let own = fall.own(architecture);
        let one = OneRegion {
            group: fall.group,
            members: fall.members,
            level,
            asks,
            journeys: vec![at],
            worst: at,
            own,
            reached: None,
        };
        match found.iter_mut().find(|it| it.group == one.group) {
            Some(known) => known.merge(&one),
            None => found.push(one),
        }
    }
    for one in &mut found {
        one.reached = spread(architecture, analysis, one);
    }
    found.sort_by_key(|it| it.group);
    found
}

impl OneRegion {
    fn merge(&mut self, other: &Self) {
        self.journeys.extend(&other.journeys);
        if other.level < self.level {
            let journeys = std::mem::take(&mut self.journeys);
            *self = Self { journeys, ..other.clone() };
        }
    }
}

/// What a journey falls with.
struct Fall {
    group: Option<GroupId>,
    members: Vec<ComponentId>,
    /// Whether it is written that all of them stand in one.
    is_stated: bool,
}

impl Fall {
    fn own(&self, architecture: &Architecture) -> f64 {
        match self.group {
            Some(group) => 1.0 - group_availability(architecture, group),
            None => 1.0 - architecture.parameters.region_availability.value,
        }
    }
}

fn fall(architecture: &Architecture, analysis: &Analysis, at: usize) -> Option<Fall> {
    let judged = &analysis.availability[at];
    let drawn = judged.single_cuts.iter().find_map(|element| match element {
        Element::Group(id) if architecture.group(*id).kind == GroupKind::Region => Some(*id),
        _ => None,
    });
    let needed = || judged.needed.iter().map(|id| architecture.component(*id));
    let enclosing = |component: &Component| architecture.enclosing(component.id, GroupKind::Region);
    if let Some(group) = drawn {
        let members = needed().filter(|it| enclosing(it) == Some(group)).map(|it| it.id).collect();
        return Some(Fall { group: Some(group), members, is_stated: true });
    }
    if judged.single_cuts.iter().any(|it| matches!(it, Element::Region(_))) {
        let spread = needed().filter(|it| it.figure(Property::Regions).is_some_and(|it| it > 1.0));
        return Some(Fall { group: None, members: spread.map(|it| it.id).collect(), is_stated: true });
    }
    // Where regions are drawn, what stands outside of them may stand anywhere.
    if regions_of_system(architecture).is_some_and(|it| it > 1.0)
        || needed().any(|it| enclosing(it).is_some())
    {
        return None;
    }
    let placed: Vec<&Component> = needed().filter(|it| stands_in_one(it)).collect();
    if placed.is_empty() || !takes_down(architecture, analysis, at, &placed) {
        return None;
    }
    let is_stated = regions_of_system(architecture).is_some()
        || placed.iter().all(|it| it.figure(Property::Regions).is_some());
    Some(Fall { group: None, members: placed.iter().map(|it| it.id).collect(), is_stated })
}

fn regions_of_system(architecture: &Architecture) -> Option<f64> {
    let system = &architecture.system.properties;
    let named = system.words(Property::Regions).len();
    let bare = || system.has(Property::Regions).then_some(2.0);
    system.figure(Property::Regions).or((named > 0).then_some(named as f64)).or_else(bare)
}

/// Whether a component surely stands in one region: run by its team, or of an engine that is known and keeps to
/// one, and nothing says that it is spread.
fn stands_in_one(component: &Component) -> bool {
    let known = component.known();
    let spans = known.get(|facts| facts.spans_regions.then_some(())).is_some();
    let is_elsewhere = component.kind.is_outside()
        || matches!(component.kind, Kind::External | Kind::Dns | Kind::Cdn | Kind::Identity)
        || component.is_available_as_a_whole() && component.engine().is_none();
    let is_spread = component.is_stated(Property::Regions)
        && component.figure(Property::Regions).is_none_or(|regions| regions > 1.0);
    !spans && !is_elsewhere && !is_spread
}

/// Whether the journey is down when all of these are.
fn takes_down(
    architecture: &Architecture,
    analysis: &Analysis,
    at: usize,
    components: &[&Component],
) -> bool {
    let mut scenario = Scenario::as_is();
    for component in components {
        scenario.changes.insert(component.id, Change { availability: Some(0.0), ..Change::default() });
    }
    let mut budget = Budget::new(UPDATES);
    let journey = &analysis.journeys[at];
    let left = availability::availability(architecture, &analysis.load, journey, &scenario, &mut budget);
    left.upper() < 1e-12
}

/// What is to be survived and is not is an error where it is written where things stand; a promise that fails by its
/// region's own written figure as well. What is kept all the same is nobody's matter.
fn level(
    architecture: &Architecture,
    analysis: &Analysis,
    at: usize,
    asks: Asks,
    fall: &Fall,
) -> Option<Severity> {
    let slo = match asks {
        Asks::Survival if fall.is_stated => return Some(Severity::Error),
        Asks::Survival => return Some(Severity::Warning),
        Asks::Promise(slo) => slo,
    };
    let own = fall.own(architecture);
    let is_written =
        fall.group.is_some_and(|it| architecture.group(it).properties.has(Property::Availability));
    if is_written && blame::exceeds(own, 1.0 - slo) {
        return Some(Severity::Error);
    }
    // A region that is not drawn has not been counted.
    let counted = if fall.group.is_some() { 1.0 } else { 1.0 - own };
    let best = analysis.availability[at].low.upper() * counted;
    blame::exceeds(1.0 - best, 1.0 - slo).then_some(Severity::Warning)
}

/// What the worst journey would reach with all that stands in the region in two of them.
fn spread(architecture: &Architecture, analysis: &Analysis, one: &OneRegion) -> Option<f64> {
    let mut scenario = Scenario::as_is();
    match one.group {
        Some(group) => _ = scenario.second_regions.insert(group),
        None => {
            for id in &one.members {
                let component = architecture.component(*id);
                if !component.is_available_as_a_whole() {
                    let change = scenario.changes.entry(*id).or_default();
                    change.regions = Some(2);
                    change.replicas = Some(component.least_replicas().unwrap_or(1).max(2));
                }
            }
        }
    }
    let mut budget = Budget::new(UPDATES);
    let journey = &analysis.journeys[one.worst];
    let reached = availability::availability(architecture, &analysis.load, journey, &scenario, &mut budget);
    let counted = if one.group.is_some() { 1.0 } else { 1.0 - one.own };
    let now = analysis.availability[one.worst].low.lower() * counted;
    Some(reached.lower()).filter(|it| *it > now)
}
