//! What changes in a design if: before and after, and how far the harm reaches.
//!
//! [`Changed`] is plain data, described in `docs/json.md`; what does not change is only counted in it.

mod markdown;
mod text;

use serde::Serialize;

use super::before_after::{Pair, Tool};
use super::figures::time::Taken;
use super::figures::{Known, Minutes};
use super::json;
use super::text::Look;
use crate::analysis::what_if::{Carried, ComponentChange, FlowChange, State};
use crate::check::what_if::{Answer, Case, Question};
use crate::diagnostic::Diagnostic;
use crate::figures;
use crate::model::{Architecture, ComponentId};
use crate::quantity::Rate;

pub use markdown::markdown;
pub use text::text;

/// The version of the format.
pub const VERSION: u32 = 1;

/// What changes in one design.
#[derive(Debug, Serialize)]
pub struct Changed {
    version: u32,
    tool: Tool,
    /// The files that the design is written in, its own first.
    files: Vec<String>,
    /// Its name.
    system: Option<String>,
    /// The properties that are stated after the fact.
    settings: Vec<String>,
    /// How many times the load comes.
    load: f64,
    cases: Vec<Shown>,
}

/// One failure, or none.
#[derive(Debug, Serialize)]
struct Shown {
    /// What fails; empty where only figures change.
    failed: Vec<String>,
    /// The zone that is lost.
    zone: Option<String>,
    /// Caches that answer nothing.
    cold: Vec<String>,
    /// The part of the traffic that belongs to flows which are down.
    lost_share: Option<f64>,
    /// Those that change.
    flows: Vec<Flow>,
    unchanged_flows: usize,
    /// Those that change, the fullest first.
    components: Vec<Part>,
    unchanged_components: usize,
    /// Components of which nobody says in which zone they stand.
    unplaced: Vec<String>,
    findings: Findings,
}

#[derive(Debug, Serialize)]
struct Flow {
    name: String,
    state: &'static str,
    availability: Pair<Known>,
    downtime_minutes_per_month: Pair<Minutes>,
    latency: Pair<Taken>,
    #[serde(skip)]
    is_latency_changed: bool,
    /// What can't carry the peak.
    overloaded: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    /// `up`, `down`, or `cut_off`: nothing comes to it any more.
    state: &'static str,
    /// Where some of its replicas are lost.
    replicas_left: Option<Left>,
    /// Requests a second at peak.
    peak: Pair<f64>,
    /// Of the busiest node at peak; 1 is full.
    utilisation: Pair<f64>,
    is_capacity_assumed: bool,
    /// Whether more comes that nobody says how much of.
    is_partial: bool,
    takes_over: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct Left {
    left: u32,
    of: u32,
}

/// Findings by rule, level and element, that one side has and the other has not.
#[derive(Debug, Serialize)]
struct Findings {
    come: Vec<Finding>,
    gone: Vec<Finding>,
}

#[derive(Debug, Serialize)]
struct Finding {
    code: &'static str,
    name: &'static str,
    level: &'static str,
    element: String,
    message: String,
}

impl Changed {
    /// What an answer says.
    pub fn of(answer: &Answer, question: &Question) -> Self {
        let architecture = &answer.after().architecture;
        Self {
            version: VERSION,
            tool: Tool::THIS,
            files: answer.before.sources.iter().map(|(_, file)| file.name.clone()).collect(),
            system: architecture.system.name.as_ref().map(ToString::to_string),
            settings: question.settings.clone(),
            load: question.load,
            cases: answer.cases.iter().map(|case| Shown::of(architecture, case)).collect(),
        }
    }

    /// As JSON, ended by a newline.
    pub fn json(&self) -> String {
        json::pretty(self)
    }

    /// The cases with what is asked of each; those of which all is the same stand together.
    fn told(&self, body: impl Fn(&Shown) -> String) -> Vec<(String, String)> {
        let mut told: Vec<(Vec<&Shown>, String)> = Vec::new();
        for case in &self.cases {
            let body = body(case);
            match told.last_mut() {
                Some((alike, last)) if *last == body => alike.push(case),
                _ => told.push((vec![case], body)),
            }
        }
        let asked =
            |cases: &[&Shown]| cases.iter().map(|it| self.asked(it)).collect::<Vec<_>>().join("; or ");
        told.into_iter().map(|(cases, body)| (asked(&cases), body)).collect()
    }

    /// What is asked, in a few words, with the failure of one case: `10 times the load, zone 1 is lost`.
    fn asked(&self, case: &Shown) -> String {
        let load = (self.load.to_bits() != 1_f64.to_bits())
            .then(|| format!("{} times the load", figures::number(self.load)));
        let mut parts: Vec<String> = load.into_iter().chain(self.settings.iter().cloned()).collect();
        parts.extend(case.failed.iter().map(|it| format!("{it} is down")));
        parts.extend(case.zone.iter().map(|it| format!("{it} is lost")));
        parts.extend(case.cold.iter().map(|it| format!("{it} is cold")));
        if parts.is_empty() { "the load stays as it is".to_owned() } else { parts.join(", ") }
    }
}

impl Shown {
    fn of(architecture: &Architecture, case: &Case) -> Self {
        let name = |id: &ComponentId| architecture.component(*id).name.to_string();
        let outcome = &case.outcome;
        let changed = outcome.flows.iter().filter(|it| it.is_changed);
        let flows: Vec<Flow> = changed.map(|it| Flow::of(it, &name)).collect();
        Self {
            failed: case.failure.names.clone(),
            zone: case.failure.zone.clone(),
            cold: case.failure.cold_names.clone(),
            lost_share: outcome.lost_share,
            unchanged_flows: outcome.flows.len() - flows.len(),
            flows,
            components: outcome.components.iter().map(|it| Part::of(it, &name)).collect(),
            unchanged_components: outcome.unchanged_components,
            unplaced: case.failure.unplaced.iter().map(name).collect(),
            findings: Findings {
                come: case.come.iter().map(Finding::of).collect(),
                gone: case.gone.iter().map(Finding::of).collect(),
            },
        }
    }

    fn all_flows(&self) -> usize {
        self.flows.len() + self.unchanged_flows
    }

    /// Whether something fails for a while: then minutes of a month say nothing.
    fn is_passing(&self) -> bool {
        !self.failed.is_empty() || self.zone.is_some() || !self.cold.is_empty()
    }

    /// How many flows go down, and which part of the traffic that is.
    fn told(&self) -> String {
        if self.all_flows() == 0 {
            return "no flow is judged: the design has no way in".to_owned();
        }
        let of = |state: &str| self.flows.iter().filter(|it| it.state == state).count();
        let (down, degraded) = (of("down"), of("degraded"));
        let all = figures::count(self.all_flows(), "flow", "flows");
        let worse = match (down, degraded) {
            (_, 0) => String::new(),
            (0, _) => format!("; {degraded} of {all} {} worse", if degraded == 1 { "fares" } else { "fare" }),
            _ => format!("; {degraded} more {} worse", if degraded == 1 { "fares" } else { "fare" }),
        };
        if down == 0 {
            return format!("no flow goes down{worse}");
        }
        let verb = if down == 1 { "goes" } else { "go" };
        let traffic = match self.lost_share {
            Some(share) => format!(", with {} of the traffic", figures::percent(share)),
            None => ", with a part of the traffic that is not stated".to_owned(),
        };
        format!("{down} of {all} {verb} down{traffic}{worse}")
    }

    fn names_where(&self, is_meant: fn(&Part) -> bool) -> Vec<&str> {
        self.components.iter().filter(|it| is_meant(it)).map(|it| it.name.as_str()).collect()
    }

    /// How far the harm reaches beyond the flows, as words with what they are about.
    fn reach(&self) -> Vec<(&'static str, String)> {
        let mut told = Vec::new();
        let mut tell = |word, names: Vec<&str>, end: &str| {
            if !names.is_empty() {
                let more = names.len().saturating_sub(MOST_NAMES);
                let more = if more > 0 { format!(", and {more} more") } else { String::new() };
                let names = names[..names.len().min(MOST_NAMES)].join(", ");
                told.push((word, format!("{names}{more}{end}")));
            }
        };
        tell("down", self.names_where(Part::is_down), "");
        tell("cut off", self.names_where(Part::is_cut_off), "");
        tell("takes over", self.names_where(|it| it.takes_over), "");
        let unplaced = self.unplaced.iter().map(String::as_str).collect();
        tell("not placed", unplaced, ": no zone is stated, so they are taken to live on");
        told
    }
}

/// Names that are listed in one line, at most.
const MOST_NAMES: usize = 12;

impl Flow {
    fn of(change: &FlowChange, name: &impl Fn(&ComponentId) -> String) -> Self {
        Self {
            name: change.name.to_string(),
            state: match change.state {
                State::Down => "down",
                State::Degraded => "degraded",
                State::Up => "up",
            },
            availability: Pair { before: change.before.map(Known::from), after: Some(change.after.into()) },
            downtime_minutes_per_month: Pair {
                before: change.before.map(Minutes::from),
                after: Some(change.after.into()),
            },
            latency: Pair {
                before: change.latency.0.as_ref().map(|it| Taken::of(it, name)),
                after: change.latency.1.as_ref().map(|it| Taken::of(it, name)),
            },
            is_latency_changed: change.is_latency_changed(),
            overloaded: change.overloaded.iter().map(name).collect(),
        }
    }
}

impl Flow {
    /// `27 ms → 61 ms to 80 ms`, or nothing where it stays as it is.
    fn latency_told(&self, arrow: &str, dash: &str, look: Look) -> Option<String> {
        self.is_latency_changed.then(|| self.latency.told(arrow, dash, |it| it.tail(look)))
    }
}

impl Part {
    fn of(change: &ComponentChange, name: &impl Fn(&ComponentId) -> String) -> Self {
        let peak = |it: &Carried| it.peak.map(Rate::per_second);
        let used = |it: &Carried| it.utilisation.map(|it| it.share);
        let is_assumed = |it: &Carried| it.utilisation.is_some_and(|it| it.is_assumed);
        Self {
            name: name(&change.component),
            state: match change {
                it if it.is_down => "down",
                it if it.is_cut_off => "cut_off",
                _ => "up",
            },
            replicas_left: change.left.map(|(left, of)| Left { left, of }),
            peak: Pair { before: peak(&change.before), after: peak(&change.after) },
            utilisation: Pair { before: used(&change.before), after: used(&change.after) },
            is_capacity_assumed: match change.after.utilisation {
                Some(now) => now.is_assumed,
                None => is_assumed(&change.before),
            },
            is_partial: change.after.is_partial,
            takes_over: change.takes_over,
        }
    }

    fn is_down(&self) -> bool {
        self.state == "down"
    }

    fn is_cut_off(&self) -> bool {
        self.state == "cut_off"
    }

    fn is_over(&self) -> bool {
        self.utilisation.after.is_some_and(|it| it > 1.0 + 1e-9)
    }

    /// What is to be said of it beside its figures.
    fn notes(&self) -> String {
        let mut notes = Vec::new();
        if self.is_over() {
            let assumed = if self.is_capacity_assumed { " (assumed)" } else { "" };
            notes.push(format!("over its capacity{assumed}"));
        }
        if let Some(Left { left, of }) = self.replicas_left {
            notes.push(format!("{left} of {of} replicas left"));
        }
        let marks =
            [(self.is_down(), "down"), (self.is_cut_off(), "cut off"), (self.takes_over, "takes over")];
        notes.extend(marks.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()));
        notes.join(", ")
    }

    fn peak_told(&self, arrow: &str, dash: &str) -> String {
        let rate = |it: &f64| if *it == 0.0 { "0".to_owned() } else { figures::rate(*it) };
        self.peak.told(arrow, dash, rate)
    }

    fn used_told(&self, arrow: &str, dash: &str) -> String {
        let assumed = if self.is_capacity_assumed { "~" } else { "" };
        let told = self.utilisation.told(arrow, dash, |it| figures::percent(*it));
        if self.utilisation.before.or(self.utilisation.after).is_some() {
            format!("{assumed}{told}")
        } else {
            told
        }
    }
}

impl Finding {
    fn of(diagnostic: &Diagnostic) -> Self {
        Self {
            code: diagnostic.code,
            name: diagnostic.name,
            level: diagnostic.severity.name(),
            element: diagnostic.element.clone(),
            message: diagnostic.message.clone(),
        }
    }
}
