//! What stands above a picture: the name, what it comes to, what is about the whole, and what lines and colours mean.

use super::Picture;
use super::arrows::marks;
use super::boxes::plural;
use super::drawing::{Mark, NAME_WIDTH, SMALL_WIDTH};
use super::facts::rate;
use super::found::{self, Found};
use super::look::icon;
use super::outline::Outline;
use super::overlay::{Key, Notes, Overlay};
use super::scope::Scope;
use super::view::{Place, View};
use super::words::{shortened, wrapped};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Architecture, Link};

/// Lines about flows and the system that are told before the rest is counted.
const MOST_LINES: usize = 6;

/// What stands above a picture.
pub(super) struct Title {
    /// The design's name.
    pub(super) name: String,
    /// What it comes to, in a few facts.
    pub(super) facts: Vec<String>,
    /// What is about flows and the whole.
    pub(super) lines: Vec<TitleLine>,
    /// What colours mean, of those that say more than what a component is for.
    pub(super) keys: Vec<Key>,
    /// What the lines mean, of those that are drawn.
    pub(super) strokes: Vec<&'static str>,
}

/// A line about a flow or the whole.
#[derive(Clone)]
pub(super) struct TitleLine {
    /// How grave it is, where it is a finding.
    pub(super) severity: Option<Severity>,
    /// What is told first, in bold.
    pub(super) strong: String,
    /// The rest.
    pub(super) words: String,
}

impl TitleLine {
    /// `✖ LP103 missed slo · buy`
    pub(super) fn line(&self) -> String {
        let icon = self.severity.map_or("", icon);
        format!("{icon} {} {}", self.strong, self.words).trim().replace("  ", " ")
    }
}

impl Title {
    /// All that it says below the name, a line each, but for colours, which no text shows.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.facts.join(" · ")];
        lines.extend(self.lines.iter().map(TitleLine::line));
        lines
    }
}

/// The title of a picture.
pub(super) fn title(
    picture: &Picture,
    scope: &Scope,
    outline: &Outline,
    found: &Found,
    notes: &Notes,
) -> Title {
    let architecture = picture.architecture;
    let name = match &architecture.system.name {
        Some(name) => wrapped(name, 2 * SMALL_WIDTH, 1).concat(),
        None => String::new(),
    };
    let mut lines = match picture.overlay {
        Overlay::Findings => found.others.iter().map(|it| line_of(it)).collect(),
        _ => notes.summary(),
    };
    if lines.len() > MOST_LINES {
        let words = format!("+{} more", lines.len() - MOST_LINES);
        lines.truncate(MOST_LINES);
        lines.push(TitleLine { severity: None, strong: String::new(), words });
    }
    Title {
        name: if name.is_empty() { "Architecture".to_owned() } else { name },
        facts: facts(picture, outline),
        lines,
        keys: notes.keys(),
        strokes: strokes(architecture, scope),
    }
}

fn facts(picture: &Picture, outline: &Outline) -> Vec<String> {
    let architecture = picture.architecture;
    let mut facts = wanted(picture);
    facts.push(plural(architecture.components().len(), "component"));
    facts.push(plural(architecture.links().len(), "link"));
    if outline.is_collapsed() {
        facts.push("groups drawn as one".to_owned());
    }
    if let Some(peak) = picture.analysis.load.total_peak() {
        facts.push(format!("peak {}", rate(peak.per_second())));
    }
    let all: Vec<&Diagnostic> = picture.diagnostics.iter().collect();
    let counts: Vec<String> = found::tally(&all).into_iter().map(|(_, count)| count).collect();
    if !counts.is_empty() {
        facts.push(counts.join(", "));
    }
    facts
}

/// Which part of the design it is.
fn wanted(picture: &Picture) -> Vec<String> {
    let Picture { architecture, analysis, view, overlay, .. } = picture;
    let View { focus, journeys, group, .. } = view;
    let mut told: Vec<String> = overlay.title().into_iter().map(ToOwned::to_owned).collect();
    let short = |name: &str| shortened(name, NAME_WIDTH);
    told.extend(focus.map(|focus| {
        let name = match focus.on {
            Place::Component(id) => &architecture.component(id).name,
            Place::Group(id) => &architecture.group(id).name,
        };
        format!("around {}", short(name))
    }));
    told.extend(match journeys.as_slice() {
        [] => None,
        [only] => Some(format!("flow {}", short(&analysis.journeys[*only].name))),
        [first, ..] => Some(format!("flow {}", short(&analysis.bases[analysis.journeys[*first].base].name))),
    });
    told.extend(group.map(|id| format!("inside {}", short(&architecture.group(id).name))));
    told
}

fn line_of(finding: &Diagnostic) -> TitleLine {
    let badge = found::badge(finding);
    let element = match finding.element.as_str() {
        "system" => String::new(),
        element => format!(" · {}", shortened(element, NAME_WIDTH)),
    };
    TitleLine {
        severity: Some(badge.severity),
        strong: badge.strong,
        words: format!("{}{element}", badge.words),
    }
}

/// What the lines mean, of those that are drawn.
fn strokes(architecture: &Architecture, scope: &Scope) -> Vec<&'static str> {
    let any = |is: fn(&Link) -> bool| architecture.links().any(|link| scope.takes(link) && is(link));
    let marks = marks(architecture);
    let marked = |mark| marks.iter().any(|(link, own)| *own == mark && scope.takes(architecture.link(*link)));
    let hosted = |id| scope.is_full(id);
    let is_hosted = architecture.components().any(|it| hosted(it.id) && it.host.is_some_and(hosted));
    let lines = [
        (any(|link| link.is_async() && !link.is_beside_the_path()), "dashed: nobody waits"),
        (any(|link| link.is_beside_the_path() && !link.copies_data()), "dotted: beside the users’ path"),
        (any(Link::copies_data) || !architecture.group_links.is_empty(), "pale: a copy of data"),
        (is_hosted, "no arrow: runs on it"),
        (marked(Mark::Route), "◇ one of these, by case"),
        (marked(Mark::Pool), "○ any one of these"),
    ];
    lines.into_iter().filter(|(is_drawn, _)| *is_drawn).map(|(_, text)| text).collect()
}
