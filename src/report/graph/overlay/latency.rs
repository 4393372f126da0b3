//! How long each component and each way takes, and the slowest path.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Key, Note, Picture, Told, shade};
use crate::analysis::latency::{Latency, Place, Step, What};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{ComponentId, LinkId};
use crate::quantity::Duration;
use crate::report::graph::drawing::{Badge, NAME_WIDTH, Remarks};
use crate::report::graph::look::Tone;
use crate::report::graph::title::TitleLine;
use crate::report::graph::words::shortened;
use crate::report::verdict;

/// Which part of the slowest path is its own where each next shade begins.
const STEPS: [f64; 4] = [0.05, 0.15, 0.3, 0.5];
/// How much heavier the slowest path is drawn.
const HEAVY: f64 = 2.4;

/// What one element adds to a journey.
#[derive(Clone, Copy)]
struct Cost {
    median: Duration,
    /// What it surely adds to the p99 of the journey, of which the longest tail alone counts.
    tail: Duration,
    /// Its own p99.
    slow: Duration,
    /// The journey that it adds most to.
    at: usize,
}

/// What each adds to the journey that it adds most to, and what is on the way of the slowest.
struct Times {
    components: FxHashMap<ComponentId, Cost>,
    links: FxHashMap<LinkId, Cost>,
    unknown: FxHashSet<ComponentId>,
    saturated: FxHashSet<ComponentId>,
    slowest: Option<usize>,
}

/// What is told of each.
pub(super) fn told(picture: &Picture) -> Told {
    let times = Times::of(picture);
    let architecture = picture.architecture;
    let whole = times.slowest.map(|at| picture.analysis.latency(architecture, at).least);
    let parts = architecture.components().filter(|it| !it.kind.is_caller_only());
    let on_path = times.slowest.map(|at| on_path(picture, at)).unwrap_or_default();
    let links =
        architecture.links().filter(|it| times.links.contains_key(&it.id) || on_path.contains(&it.id));
    let links = links.map(|it| {
        let cost = times.links.get(&it.id);
        let figures = cost.map(|cost| told_cost(*cost)).into_iter().collect();
        let weight = on_path.contains(&it.id).then_some(HEAVY);
        let rank = cost.map_or(0.0, |cost| cost.tail.seconds());
        (it.id, Note { remarks: Remarks { figures, weight, ..Remarks::default() }, rank })
    });
    Told {
        components: parts.map(|it| (it.id, of_component(&times, it.id, whole))).collect(),
        links: links.collect(),
        summary: summary(picture, &times),
        keys: vec![
            Key { tone: Tone::Shade(0), words: "under 5% of the slowest path" },
            Key { tone: Tone::Shade(1), words: "5 to 15%" },
            Key { tone: Tone::Shade(2), words: "15 to 30%" },
            Key { tone: Tone::Shade(3), words: "30 to 50%" },
            Key { tone: Tone::Shade(4), words: "over half of it" },
            Key { tone: Tone::Unknown, words: "not on it, or unknown" },
        ],
    }
}

/// The links that the slowest journey waits along: each to what it waits for, also where the way there takes no time that is
/// counted, as the way to a third party, or the one from a client.
fn on_path(picture: &Picture, slowest: usize) -> FxHashSet<LinkId> {
    let (architecture, analysis) = (picture.architecture, picture.analysis);
    let latency = analysis.latency(architecture, slowest);
    let works = |step: &Step| match step.what {
        What::Work(id) | What::Wait(id) => Some(id),
        _ => None,
    };
    let mut waited: FxHashSet<ComponentId> = latency.steps.iter().filter_map(works).collect();
    waited.extend(latency.unknown.iter().chain(&latency.saturated));
    let entries = &analysis.journeys[slowest].entries;
    let journey = &analysis.journeys[slowest];
    let links = architecture.links().filter(|link| {
        let comes_from = waited.contains(&link.source) || entries.contains(&link.source);
        let is_taken = journey.routes.get(&link.source).is_none_or(|taken| taken.contains(&link.id));
        comes_from
            && waited.contains(&link.target)
            && is_taken
            && !link.is_async()
            && !link.is_beside_the_path()
    });
    links.map(|link| link.id).collect()
}

impl Times {
    fn of(picture: &Picture) -> Self {
        let latency = |at| picture.analysis.latency(picture.architecture, at);
        let journeys: Vec<usize> = picture.journeys().filter(|at| !latency(*at).steps.is_empty()).collect();
        // A wait without bound is slower than any other.
        let slowness = |at: usize| (!latency(at).saturated.is_empty(), latency(at).least.seconds());
        let slower = |most: usize, at: usize| if slowness(at) > slowness(most) { at } else { most };
        let mut times = Self {
            components: FxHashMap::default(),
            links: FxHashMap::default(),
            unknown: FxHashSet::default(),
            saturated: FxHashSet::default(),
            slowest: journeys.iter().copied().reduce(slower),
        };
        // What is on the slowest path is told as it stands there, whatever it takes elsewhere.
        if let Some(slowest) = times.slowest {
            times.add(latency(slowest), slowest);
        }
        for at in journeys {
            times.add(latency(at), at);
        }
        times
    }

    fn add(&mut self, latency: &Latency, at: usize) {
        self.unknown.extend(&latency.unknown);
        self.saturated.extend(&latency.saturated);
        let mut components: FxHashMap<ComponentId, Cost> = FxHashMap::default();
        let mut links: FxHashMap<LinkId, Cost> = FxHashMap::default();
        for (step, tail) in latency.steps.iter().zip(latency.costs()) {
            let none = Cost { median: Duration::ZERO, tail: Duration::ZERO, slow: Duration::ZERO, at };
            let cost = match step.what {
                What::Work(id) | What::Wait(id) | What::Schedule(id) | What::Batch(Place::Component(id)) => {
                    components.entry(id).or_insert(none)
                }
                What::Trip(id) | What::Lag(id) | What::Batch(Place::Link(id)) => {
                    links.entry(id).or_insert(none)
                }
            };
            cost.median += step.median();
            cost.tail += tail;
            cost.slow += step.most();
        }
        let slowest = self.slowest;
        let keep = |known: &mut Cost, cost: Cost| {
            if Some(known.at) != slowest && cost.tail > known.tail {
                *known = cost;
            }
        };
        for (id, cost) in components {
            keep(self.components.entry(id).or_insert(cost), cost);
        }
        for (id, cost) in links {
            keep(self.links.entry(id).or_insert(cost), cost);
        }
    }
}

fn of_component(times: &Times, id: ComponentId, whole: Option<Duration>) -> Note {
    let cost = times.components.get(&id).copied();
    let is_unknown = times.unknown.contains(&id);
    let figures = match cost {
        _ if is_unknown => vec!["time unknown".to_owned()],
        Some(cost) => vec![told_cost(cost)],
        None => vec!["nobody waits for it".to_owned()],
    };
    let on_path = cost.filter(|it| Some(it.at) == times.slowest && !is_unknown).zip(whole);
    let share = on_path.map(|(cost, whole)| cost.tail / whole);
    let full = times.saturated.contains(&id).then(|| Badge {
        severity: Severity::Error,
        strong: "overfull".to_owned(),
        words: "no bound at peak".to_owned(),
    });
    Note {
        remarks: Remarks {
            figures,
            badges: full.into_iter().collect(),
            tone: Some(share.map_or(Tone::Unknown, |share| shade(share, STEPS))),
            ..Remarks::default()
        },
        rank: cost.map_or(0.0, |it| it.tail.seconds()),
    }
}

/// `12 ms typical, p99 40 ms`.
fn told_cost(cost: Cost) -> String {
    let (median, tail) = (figures::duration(cost.median.seconds()), figures::duration(cost.slow.seconds()));
    if median == tail { median } else { format!("{median} typical, p99 {tail}") }
}

fn summary(picture: &Picture, times: &Times) -> Vec<TitleLine> {
    let (architecture, analysis) = (picture.architecture, picture.analysis);
    let line = |at: usize| {
        let latency = analysis.latency(architecture, at);
        let least = if latency.is_lower_bound() { "≥ " } else { "" };
        let median = figures::duration(latency.median.seconds());
        let tail = match latency.saturated[..] {
            [] => format!("p99 ≥ {}", figures::duration_at_least(latency.least.seconds())),
            _ => "p99 has no bound at peak".to_owned(),
        };
        let told = match verdict::latency(architecture, analysis, at) {
            Some(asked) if asked.starts_with("p99") => asked,
            Some(asked) => format!("{tail} · {asked}"),
            None => tail,
        };
        TitleLine {
            severity: None,
            strong: "slowest".to_owned(),
            words: format!(
                "{}: {least}{median} typical · {told}",
                shortened(&analysis.journeys[at].name, NAME_WIDTH)
            ),
        }
    };
    times.slowest.map(line).into_iter().collect()
}
