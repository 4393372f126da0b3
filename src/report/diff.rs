//! What a change of a design does: findings, figures and elements that come, go and change.
//!
//! [`Difference`] is plain data, described in `docs/json.md`; what stays as it is, is only counted in it.

mod markdown;
mod text;

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::before_after::{Pair, Tool};
use super::figures::time::Taken;
use super::figures::{Known, Minutes};
use super::json;
use super::text::Look;
use crate::analysis::diff::{self, ComponentDifference, Fares, FlowDifference, FlowFigures};
use crate::check::Checked;
use crate::check::diff::Change;
use crate::diagnostic::Diagnostic;
use crate::figures;
use crate::model::{Architecture, ElementChange, Fate};
use crate::quantity::Rate;

pub use markdown::markdown;
pub use text::text;

/// The version of the format.
pub const VERSION: u32 = 1;

/// How two designs differ.
#[derive(Debug, Serialize)]
pub struct Difference {
    version: u32,
    tool: Tool,
    before: Design,
    after: Design,
    findings: Findings,
    #[serde(flatten)]
    figures: Moved,
    /// The same at the milder ends of the ranges that one of the designs states.
    #[serde(skip_serializing_if = "Option::is_none")]
    at_milder_ends: Option<Moved>,
    elements: Vec<Element>,
}

/// The figures that move.
#[derive(Debug, Serialize)]
struct Moved {
    /// Those that differ.
    flows: Vec<Flow>,
    unchanged_flows: usize,
    /// Those that are noticeably more or less busy.
    components: Vec<Part>,
    unchanged_components: usize,
}

/// One of the two.
#[derive(Debug, Serialize)]
struct Design {
    /// As it was asked for.
    name: String,
    /// The files that it is written in, its own first.
    files: Vec<String>,
    system: Option<String>,
}

#[derive(Debug, Serialize)]
struct Findings {
    come: Vec<Finding>,
    gone: Vec<Finding>,
    changed: Vec<Pair<Finding>>,
    unchanged: usize,
}

#[derive(Debug, Serialize)]
struct Finding {
    code: &'static str,
    name: &'static str,
    level: &'static str,
    element: String,
    message: String,
    file: String,
    line: usize,
    /// Whether the other design has it too, and accepts it with an `allow`.
    is_accepted_in_other: bool,
}

#[derive(Debug, Serialize)]
struct Flow {
    name: String,
    /// `worse`, `better`, `otherwise`, `added` or `removed`.
    fares: &'static str,
    availability: Pair<Known>,
    downtime_minutes_per_month: Pair<Minutes>,
    /// Requests a second at peak, of all routes of the flow.
    peak: Pair<f64>,
    latency: Pair<Taken>,
    #[serde(skip)]
    moves: Moves,
}

/// Which figures of a flow another one is told of.
#[derive(Clone, Copy, Debug)]
struct Moves {
    availability: bool,
    load: bool,
    latency: bool,
}

#[derive(Debug, Serialize)]
struct Part {
    name: String,
    /// Requests a second at peak.
    peak: Pair<f64>,
    /// Of the busiest node at peak; 1 is full.
    utilisation: Pair<f64>,
    is_capacity_assumed: Pair<bool>,
}

#[derive(Debug, Serialize)]
struct Element {
    /// `added`, `removed` or `changed`.
    fate: &'static str,
    /// `system`, `template`, `group`, `component`, `link`, `flow`, `constraint` or `allow`.
    what: &'static str,
    name: String,
    properties: Vec<Property>,
}

/// A property as it is written; null where nothing is said of it.
#[derive(Debug, Serialize)]
struct Property {
    name: String,
    before: Option<String>,
    after: Option<String>,
}

impl Difference {
    /// What a change comes to: the two designs with what they are called by who asks.
    pub fn of([before, after]: [&Checked; 2], [old, new]: [String; 2], change: &Change) -> Self {
        let Change { findings, figures, at_milder_ends, elements } = change;
        let accepted = [accepted(before), accepted(after)];
        let of_old = |it: &Diagnostic| Finding::of(before, it, &accepted[1]);
        let of_new = |it: &Diagnostic| Finding::of(after, it, &accepted[0]);
        let changed = findings.changed.iter();
        // Whoever reads only the first of them reads the gravest.
        let gravest = |all: &[Diagnostic]| {
            let mut all = all.to_vec();
            all.sort_by_key(|it| it.severity);
            all
        };
        Self {
            version: VERSION,
            tool: Tool::THIS,
            before: Design::of(before, old),
            after: Design::of(after, new),
            findings: Findings {
                come: gravest(&findings.come).iter().map(of_new).collect(),
                gone: gravest(&findings.gone).iter().map(of_old).collect(),
                changed: changed.map(|(was, is)| Pair::of(of_old(was), of_new(is))).collect(),
                unchanged: findings.unchanged,
            },
            figures: Moved::of([before, after], figures),
            at_milder_ends: at_milder_ends.as_ref().map(|it| Moved::of([before, after], it)),
            elements: elements.iter().map(Element::of).collect(),
        }
    }

    /// As JSON, ended by a newline.
    pub fn json(&self) -> String {
        json::pretty(self)
    }

    /// What the change is of: `Shop: shop-old.arch → shop.arch`.
    fn title(&self, arrow: &str) -> String {
        let system = self.after.system.as_ref().or(self.before.system.as_ref());
        let system = system.map(|it| format!("{it}: ")).unwrap_or_default();
        format!("{system}{} {arrow} {}", self.before.name, self.after.name)
    }

    /// Whether a reader is told anything.
    fn is_empty(&self) -> bool {
        let Findings { come, gone, changed, .. } = &self.findings;
        let has_findings = !come.is_empty() || !gone.is_empty() || !changed.is_empty();
        let moves = |it: &Moved| !it.flows.is_empty() || !it.components.is_empty();
        let has_moved = moves(&self.figures) || self.at_milder_ends.as_ref().is_some_and(moves);
        !has_findings && !has_moved && self.elements.is_empty()
    }

    /// All of it in one line: `2 findings come (1 error, 1 warning), 1 goes; 1 flow fares worse; 3 elements differ`.
    fn summary(&self) -> String {
        if self.is_empty() {
            return "nothing changes".to_owned();
        }
        let mut parts = vec![self.findings.told()];
        let flows = |fares: &str| self.figures.flows.iter().filter(|it| it.fares == fares).count();
        for (fares, one, many) in [
            ("worse", "flow fares worse", "flows fare worse"),
            ("better", "flow fares better", "flows fare better"),
            ("otherwise", "flow fares otherwise", "flows fare otherwise"),
            ("added", "flow is new", "flows are new"),
            ("removed", "flow is gone", "flows are gone"),
        ] {
            let count = flows(fares);
            if count > 0 {
                parts.push(figures::count(count, one, many));
            }
        }
        if !self.elements.is_empty() {
            parts.push(figures::count(self.elements.len(), "element differs", "elements differ"));
        }
        parts.join("; ")
    }
}

impl Moved {
    fn of(designs: [&Checked; 2], figures: &diff::Difference) -> Self {
        Self {
            flows: figures.flows.iter().map(|it| Flow::of(designs, it)).collect(),
            unchanged_flows: figures.unchanged_flows,
            components: figures.components.iter().map(Part::of).collect(),
            unchanged_components: figures.unchanged_components,
        }
    }
}

impl Design {
    fn of(design: &Checked, name: String) -> Self {
        let Architecture { system, .. } = &design.architecture;
        Self {
            name,
            files: design.sources.iter().map(|(_, file)| file.name.clone()).collect(),
            system: system.name.as_ref().map(ToString::to_string),
        }
    }
}

/// What a design accepts, by rule and element.
type Accepted<'a> = FxHashSet<(&'a str, &'a str)>;

fn accepted(design: &Checked) -> Accepted<'_> {
    design.suppressed.iter().map(|it| (it.diagnostic.code, it.diagnostic.element.as_str())).collect()
}

impl Findings {
    /// `2 findings come (1 error, 1 warning), 1 goes, 3 change`.
    fn told(&self) -> String {
        let Self { come, gone, changed, .. } = self;
        let levels = [("error", "errors"), ("warning", "warnings"), ("advice", "advice")];
        let levels = levels.map(|(one, many)| (come.iter().filter(|it| it.level == one).count(), one, many));
        let levels = levels.into_iter().filter(|(count, ..)| *count > 0);
        let levels: Vec<String> = levels.map(|(count, one, many)| figures::count(count, one, many)).collect();
        let mut told = match come.len() {
            0 => "no finding comes".to_owned(),
            count => {
                format!("{} ({})", figures::count(count, "finding comes", "findings come"), levels.join(", "))
            }
        };
        for (count, one, many) in [(gone.len(), "goes", "go"), (changed.len(), "changes", "change")] {
            if count > 0 {
                told += &format!(", {}", figures::count(count, one, many));
            }
        }
        told
    }
}

impl Finding {
    fn of(design: &Checked, diagnostic: &Diagnostic, accepted_in_other: &Accepted) -> Self {
        let span = diagnostic.span();
        Self {
            code: diagnostic.code,
            name: diagnostic.name,
            level: diagnostic.severity.name(),
            element: diagnostic.element.clone(),
            message: diagnostic.message.clone(),
            file: design.sources.file(span.file).name.clone(),
            line: design.sources.position(span).line,
            is_accepted_in_other: accepted_in_other.contains(&(diagnostic.code, diagnostic.element.as_str())),
        }
    }

    fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

impl Flow {
    fn of([before, after]: [&Checked; 2], flow: &FlowDifference) -> Self {
        let name = |design: &'_ Checked, id: &_| design.architecture.component(*id).name.to_string();
        let time = |design: &Checked, it: &Option<FlowFigures>| {
            let latency = it.as_ref()?.latency.as_ref()?;
            Some(Taken::of(latency, &|id: &_| name(design, id)))
        };
        let (was, is) = (flow.before.as_ref(), flow.after.as_ref());
        let up = Pair { before: was.map(|it| it.availability), after: is.map(|it| it.availability) };
        let peak = |it: Option<&FlowFigures>| it.and_then(|it| it.peak).map(Rate::per_second);
        Self {
            name: flow.name.to_string(),
            fares: match flow.fares() {
                Fares::Worse => "worse",
                Fares::Better => "better",
                Fares::Otherwise => "otherwise",
                Fares::Added => "added",
                Fares::Removed => "removed",
            },
            availability: up.map(Known::from),
            downtime_minutes_per_month: up.map(Minutes::from),
            peak: Pair { before: peak(was), after: peak(is) },
            latency: Pair { before: time(before, &flow.before), after: time(after, &flow.after) },
            moves: Moves {
                availability: flow.is_availability_changed(),
                load: flow.is_load_changed(),
                latency: flow.is_latency_changed(),
            },
        }
    }

    fn minutes_told(&self, arrow: &str, dash: &str) -> String {
        self.downtime_minutes_per_month.told(arrow, dash, |it| it.told())
    }

    fn peak_told(&self, arrow: &str, dash: &str) -> String {
        self.peak.told(arrow, dash, |it| figures::rate(*it))
    }

    fn median_told(&self, arrow: &str, dash: &str, look: Look) -> String {
        self.latency.told(arrow, dash, |it| it.median(look))
    }

    fn tail_told(&self, arrow: &str, dash: &str, look: Look) -> String {
        self.latency.told(arrow, dash, |it| it.tail(look))
    }
}

impl Part {
    fn of(component: &ComponentDifference) -> Self {
        let both = Pair { before: component.before, after: component.after };
        let used = both.and_then(|it| it.utilisation);
        Self {
            name: component.name.to_string(),
            peak: both.and_then(|it| it.peak).map(Rate::per_second),
            utilisation: used.map(|it| it.share),
            is_capacity_assumed: used.map(|it| it.is_assumed),
        }
    }

    fn is_over(&self) -> bool {
        self.utilisation.after.is_some_and(|it| it > 1.0 + 1e-9)
    }

    fn note(&self) -> &'static str {
        if self.is_over() { "over its capacity" } else { "" }
    }

    fn is_assumed(&self) -> bool {
        [self.is_capacity_assumed.before, self.is_capacity_assumed.after].contains(&Some(true))
    }

    fn used_told(&self, arrow: &str, dash: &str) -> String {
        let Self { utilisation: used, is_capacity_assumed: assumed, .. } = self;
        let used = Pair { before: used.before.zip(assumed.before), after: used.after.zip(assumed.after) };
        used.told(arrow, dash, |(share, is_assumed)| {
            format!("{}{}", if *is_assumed { "~" } else { "" }, figures::percent(*share))
        })
    }

    fn peak_told(&self, arrow: &str, dash: &str) -> String {
        self.peak.told(arrow, dash, |it| figures::rate(*it))
    }
}

impl Element {
    fn of(change: &ElementChange) -> Self {
        let property = |it: &crate::model::PropertyChange| Property {
            name: it.name.clone(),
            before: it.before.clone(),
            after: it.after.clone(),
        };
        Self {
            fate: match change.fate {
                Fate::Added => "added",
                Fate::Removed => "removed",
                Fate::Changed => "changed",
            },
            what: change.what,
            name: change.name.clone(),
            properties: change.properties.iter().map(property).collect(),
        }
    }

    fn sign(&self) -> &'static str {
        match self.fate {
            "added" => "+",
            "removed" => "-",
            _ => "~",
        }
    }

    fn title(&self) -> String {
        if self.what == "system" { self.what.to_owned() } else { format!("{} {}", self.what, self.name) }
    }

    /// `capacity 500/s → 200/s, replicas x3`; of what is gone nothing.
    fn told(&self, arrow: &str, dash: &str) -> String {
        let told = |it: &Property| {
            let side = |it: &Option<String>| it.clone().unwrap_or_else(|| dash.to_owned());
            let (name, before, after) = (&it.name, side(&it.before), side(&it.after));
            match self.fate {
                "added" => format!("{name} {after}"),
                // What is hidden reads alike on both sides.
                _ if before == after => format!("{name} is another"),
                _ => format!("{name} {before} {arrow} {after}"),
            }
        };
        if self.fate == "removed" {
            return String::new();
        }
        self.properties.iter().map(told).collect::<Vec<_>>().join(", ")
    }
}
