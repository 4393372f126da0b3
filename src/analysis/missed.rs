//! Flows whose availability is under what is asked of them, each by the worst of its routes.

use std::borrow::Cow;

use super::Analysis;
use super::availability::{self, FlowAvailability, is_held_to_its_end};
use super::blame::misses;
use super::improve::{Outcome, Route, Searches};
use super::journey::{Journey, PromiseOrigin};
use super::reliability::Budget;
use crate::model::Architecture;

/// State updates that judging one flow to its end may take.
const UPDATES: u64 = 2_000_000;

/// A flow that misses its promise.
#[derive(Debug)]
pub struct Missed<'a> {
    /// The worst of its routes.
    pub journey: &'a Journey,
    /// What that route's availability is made of; its completion's where that is promised.
    pub judged: Cow<'a, FlowAvailability>,
    /// What is promised.
    pub slo: f64,
    /// Whether it misses it however what is unstated is read.
    pub is_certain: bool,
    /// Whether its completion is judged.
    pub is_completed: bool,
    /// The others of its routes that miss it.
    pub others: Vec<(&'a Journey, Cow<'a, FlowAvailability>)>,
    /// How many routes it has.
    pub routes: usize,
}

/// The flows of a design that miss their promise.
pub fn missed<'a>(architecture: &Architecture, analysis: &'a Analysis) -> Vec<Missed<'a>> {
    // The routes of one flow stand together: the worst of them speaks for it.
    let flows = analysis.journeys.chunk_by(|a, b| a.base == b.base);
    let mut at = 0;
    let mut found = Vec::new();
    for routes in flows {
        let judged = routes.iter().zip(&analysis.availability[at..]);
        at += routes.len();
        let missing = judged.filter_map(|(journey, judged)| {
            Missed::of(architecture, analysis, journey, judged, routes.len())
        });
        let mut missing: Vec<Missed> = missing.collect();
        missing.sort_by(|a, b| a.judged.low.lower().total_cmp(&b.judged.low.lower()));
        let mut missing = missing.into_iter();
        if let Some(worst) = missing.next() {
            found.push(Missed { others: missing.map(|it| (it.journey, it.judged)).collect(), ..worst });
        }
    }
    found
}

impl<'a> Missed<'a> {
    fn of(
        architecture: &Architecture,
        analysis: &Analysis,
        journey: &'a Journey,
        judged: &'a FlowAvailability,
        routes: usize,
    ) -> Option<Self> {
        let slo = journey.promise.slo?;
        let is_completed = is_held_to_its_end(architecture, journey);
        let judged = if is_completed {
            let mut budget = Budget::new(UPDATES);
            Cow::Owned(availability::judge_completed(architecture, &analysis.load, journey, &mut budget))
        } else {
            Cow::Borrowed(judged)
        };
        let is_certain = misses(judged.high, slo);
        let is_only_advised = journey.promise.origin == PromiseOrigin::SmallIntent;
        let is_missed = is_certain || misses(judged.low, slo) && !is_only_advised;
        let others = Vec::new();
        is_missed.then_some(Self { journey, judged, slo, is_certain, is_completed, others, routes })
    }

    /// The cheapest set of changes with which all of its routes keep its promise.
    pub fn cheapest(&self, searches: &mut Searches) -> Outcome {
        let others = self.others.iter().map(|(journey, judged)| (*journey, judged.as_ref()));
        let routes: Vec<Route> = [(self.journey, self.judged.as_ref())].into_iter().chain(others).collect();
        searches.cheapest(&routes, self.slo, self.is_completed)
    }
}
