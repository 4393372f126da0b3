//! How available each component is, what its failures cost the flows, and how these stand against what is asked.

use rustc_hash::FxHashMap;

use super::{Key, Note, Picture, Told, shade};
use crate::analysis::availability::{Contribution, Element, FlowAvailability, Scenario, Unit, UnitKind};
use crate::analysis::journey::Journey;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId};
use crate::report::graph::drawing::{Badge, NAME_WIDTH, Remarks};
use crate::report::graph::look::Tone;
use crate::report::graph::title::TitleLine;
use crate::report::graph::words::shortened;
use crate::report::verdict;

/// Which part of a flow's downtime is its own where each next shade begins.
const STEPS: [f64; 4] = [0.01, 0.1, 0.25, 0.5];

/// What the flows say of their elements.
#[derive(Default)]
struct Costs<'a> {
    /// The flow that each element costs most, with that.
    dearest: FxHashMap<Element, (&'a Journey, &'a Contribution)>,
    /// What any flow needs, and whether one of these writes.
    needed: FxHashMap<ComponentId, bool>,
    /// The first flow that each takes down alone, and whether that one misses what is asked of it.
    alone: FxHashMap<Element, (&'a Journey, bool)>,
}

impl<'a> Costs<'a> {
    fn of(judged: &[(&'a Journey, &'a FlowAvailability)]) -> Self {
        let mut costs = Self::default();
        for (journey, judged) in judged {
            for cost in &judged.contributions {
                let known = costs.dearest.entry(cost.element).or_insert((journey, cost));
                if cost.saved > known.1.saved {
                    *known = (journey, cost);
                }
            }
            for id in &judged.needed {
                *costs.needed.entry(*id).or_default() |= journey.mode.writes;
            }
            for element in &judged.single_cuts {
                costs.alone.entry(*element).or_insert((journey, misses(journey, judged)));
            }
        }
        costs
    }
}

/// What is told of each.
pub(super) fn told(picture: &Picture) -> Told {
    let (architecture, analysis) = (picture.architecture, picture.analysis);
    let judged: Vec<(&Journey, &FlowAvailability)> =
        picture.journeys().map(|at| (&analysis.journeys[at], &analysis.availability[at])).collect();
    let costs = Costs::of(&judged);
    let parts = architecture.components().filter(|it| !it.kind.is_caller_only());
    let links = architecture.links().filter_map(|link| {
        let (journey, cost) = costs.dearest.get(&Element::Link(link.id))?;
        let figures = vec![cost_of(journey, cost)];
        let remarks = Remarks { figures, ..Remarks::default() };
        Some((link.id, Note { remarks, rank: cost.share }))
    });
    Told {
        components: parts.map(|it| (it.id, of_component(picture, &costs, it))).collect(),
        links: links.collect(),
        summary: judged.iter().map(|(journey, judged)| summary(journey, judged)).collect(),
        keys: vec![
            Key { tone: Tone::Shade(0), words: "under 1% of the downtime" },
            Key { tone: Tone::Shade(1), words: "1 to 10%" },
            Key { tone: Tone::Shade(2), words: "10 to 25%" },
            Key { tone: Tone::Shade(3), words: "25 to 50%" },
            Key { tone: Tone::Shade(4), words: "over half of it" },
            Key { tone: Tone::Unknown, words: "unknown" },
        ],
    }
}

fn of_component(picture: &Picture, costs: &Costs, component: &Component) -> Note {
    let mut figures = vec![own(picture, costs, component)];
    let element = Element::Component(component.id);
    let Some((journey, cost)) = costs.dearest.get(&element) else {
        let is_needed = costs.needed.contains_key(&component.id);
        // Of a flow of which only bounds are known no shares are either.
        figures.push(if is_needed { "its share: unknown" } else { "no flow needs it" }.to_owned());
        let tone = Some(if is_needed { Tone::Unknown } else { Tone::Shade(0) });
        return Note { remarks: Remarks { figures, tone, ..Remarks::default() }, rank: 0.0 };
    };
    figures.push(cost_of(journey, cost));
    let badges = costs.alone.get(&element).map(|(journey, is_missed)| Badge {
        severity: if *is_missed { Severity::Warning } else { Severity::Advice },
        strong: "alone".to_owned(),
        words: format!("takes {} down", shortened(&journey.name, NAME_WIDTH)),
    });
    let badges = badges.into_iter().collect();
    let tone = Some(shade(cost.share, STEPS));
    Note { remarks: Remarks { figures, badges, tone, ..Remarks::default() }, rank: cost.share }
}

/// How available it is by itself: as a whole, and where it has several nodes of one as well.
fn own(picture: &Picture, costs: &Costs, component: &Component) -> String {
    let is_written = costs.needed.get(&component.id).copied().unwrap_or_default();
    let load = &picture.analysis.load;
    let unit = Unit::of(picture.architecture, load, component, &Scenario::as_is(), is_written, false);
    let assumed = if unit.assumed.is_some() { ", assumed" } else { "" };
    match unit.kind {
        UnitKind::Perfect => "taken as always up".to_owned(),
        UnitKind::Whole(up) => format!("{} up{assumed}", figures::availability(up)),
        UnitKind::Nodes(nodes) if nodes.count > 1 => {
            let (all, one) = (figures::availability(nodes.up()), figures::availability(1.0 - nodes.u));
            format!("{all} up (each {one}{assumed})")
        }
        UnitKind::Nodes(nodes) => format!("{} up{assumed}", figures::availability(1.0 - nodes.u)),
    }
}

fn cost_of(journey: &Journey, cost: &Contribution) -> String {
    let minutes = figures::minutes(cost.minutes());
    let name = shortened(&journey.name, NAME_WIDTH);
    format!("{minutes} a month of {name}: {} of its downtime", figures::roughly(cost.share))
}

fn misses(journey: &Journey, judged: &FlowAvailability) -> bool {
    journey.promise.slo.is_some_and(|slo| judged.low.upper() < slo)
}

fn summary(journey: &Journey, judged: &FlowAvailability) -> TitleLine {
    TitleLine {
        severity: misses(journey, judged).then_some(Severity::Error),
        strong: shortened(&journey.name, NAME_WIDTH),
        words: verdict::availability(journey, judged),
    }
}
