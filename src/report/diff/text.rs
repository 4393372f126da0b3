//! What a change does, for a reader: what is worse first, with what does not change counted.

use std::fmt::Write as _;

use super::{Difference, Element, Finding, Flow, Moved, Part};
use crate::figures;
use crate::report::before_after::text::{arrow, heading, row, unchanged, width};
use crate::report::figures::text::{detail, known};
use crate::report::text::{Look, Style, wrap};

/// Entries of one section, at most; the JSON has all.
const MOST_ROWS: usize = 40;
/// The widest that a name is in a table; a longer one pushes its row aside.
const MOST_NAME: usize = 24;
/// What the figures are of that a reader hopes for.
const MILDER: &str = " at the milder ends of the ranges";

/// What changes as text, ended by a newline.
pub fn text(difference: &Difference, look: Look) -> String {
    let mut shown = String::new();
    for line in wrap(&difference.title(arrow(look)), look.width) {
        let _ = writeln!(shown, "{}", look.paint(Style::Bold, &line));
    }
    for line in wrap(&difference.summary(), look.width) {
        let _ = writeln!(shown, "{line}");
    }
    findings(&mut shown, difference, look);
    flows(&mut shown, &difference.figures, "", look);
    components(&mut shown, &difference.figures, "", look);
    if let Some(milder) = &difference.at_milder_ends {
        flows(&mut shown, milder, MILDER, look);
        components(&mut shown, milder, MILDER, look);
    }
    elements(&mut shown, difference, look);
    shown
}

/// `+ head  text`, the text under its own beginning.
fn entry(shown: &mut String, head: &str, style: Style, text: &str, look: Look) {
    let indent = head.chars().count() + 2;
    for (at, line) in wrap(text, look.width.saturating_sub(indent)).iter().enumerate() {
        let _ = match at {
            0 => writeln!(shown, "{}  {line}", look.paint(style, head)),
            _ => writeln!(shown, "{:indent$}{line}", ""),
        };
    }
}

// ---- findings

fn findings(shown: &mut String, difference: &Difference, look: Look) {
    let super::Findings { come, gone, changed, unchanged: same } = &difference.findings;
    if come.is_empty() && gone.is_empty() && changed.is_empty() {
        return;
    }
    heading(shown, "FINDINGS that come (+), go (-) and change (~)", look);
    for it in come.iter().take(MOST_ROWS) {
        let accepted = if it.is_accepted_in_other { " (was accepted)" } else { "" };
        entry(shown, &it.head("+"), it.style(), &format!("{}{accepted}", it.told()), look);
    }
    for it in gone.iter().take(MOST_ROWS) {
        let accepted = if it.is_accepted_in_other { " (is accepted)" } else { "" };
        entry(shown, &it.head("-"), Style::Help, &format!("{}{accepted}", it.told()), look);
    }
    for pair in changed.iter().take(MOST_ROWS) {
        let (Some(was), Some(is)) = (&pair.before, &pair.after) else { continue };
        let head = is.head("~");
        entry(shown, &head, is.style(), &is.told(), look);
        let level = if was.level == is.level { String::new() } else { format!(" {}:", was.level) };
        let indent = head.chars().count() + 2;
        for line in wrap(&format!("was{level} {}", was.message), look.width.saturating_sub(indent)) {
            let _ = writeln!(shown, "{:indent$}{}", "", look.paint(Style::Faint, &line));
        }
    }
    let hidden = [come.len(), gone.len(), changed.len()].map(|it| it.saturating_sub(MOST_ROWS));
    unchanged(shown, *same, hidden.iter().sum(), ("finding", "findings"), look);
}

impl Finding {
    fn head(&self, sign: &str) -> String {
        format!("{sign} {} {:<7}", self.code, self.level)
    }

    fn told(&self) -> String {
        format!("{}: {}", self.place(), self.message)
    }

    fn style(&self) -> Style {
        match self.level {
            "error" => Style::Error,
            "warning" => Style::Warning,
            _ => Style::Advice,
        }
    }
}

// ---- flows

fn flows(shown: &mut String, figures: &Moved, ends: &str, look: Look) {
    if figures.flows.is_empty() {
        return;
    }
    heading(shown, &format!("FLOWS{ends}"), look);
    let (arrow, dash) = (arrow(look), look.dash());
    for flow in figures.flows.iter().take(MOST_ROWS) {
        flow.show(shown, arrow, &dash, look);
    }
    let hidden = figures.flows.len().saturating_sub(MOST_ROWS);
    unchanged(shown, figures.unchanged_flows, hidden, ("flow", "flows"), look);
}

impl Flow {
    fn show(&self, shown: &mut String, arrow: &str, dash: &str, look: Look) {
        let (mark, style, note) = match self.fares {
            "worse" => ("!", Style::Error, " fares worse"),
            "better" => (" ", Style::Help, " fares better"),
            "added" => ("+", Style::Help, " is new"),
            "removed" => ("-", Style::Help, " is gone"),
            _ => (" ", Style::Bold, ""),
        };
        for (at, line) in
            wrap(&format!("{}{note}", self.name), look.width.saturating_sub(2)).iter().enumerate()
        {
            let mark = if at == 0 { look.paint(style, mark) } else { " ".to_owned() };
            let _ = writeln!(shown, "{mark} {line}");
        }
        if self.fares == "removed" {
            return;
        }
        if self.moves.availability {
            let up = self.availability.told(arrow, dash, |it| known(*it));
            let minutes = self.minutes_told(arrow, dash);
            detail(shown, "up", &format!("{up}, down {minutes} a month"), look);
        }
        if self.moves.load {
            detail(shown, "load", &format!("{} at peak", self.peak_told(arrow, dash)), look);
        }
        if self.moves.latency {
            let median = self.median_told(arrow, dash, look);
            let tail = self.tail_told(arrow, dash, look);
            detail(shown, "latency", &format!("p50 {median}, p99 {tail}"), look);
        }
    }
}

// ---- components

fn components(shown: &mut String, moved: &Moved, ends: &str, look: Look) {
    if moved.components.is_empty() {
        return;
    }
    heading(shown, &format!("COMPONENTS, used at peak{ends}"), look);
    let rows = &moved.components[..moved.components.len().min(MOST_ROWS)];
    let used: Vec<String> = rows.iter().map(|it| it.used_told(arrow(look), &look.dash())).collect();
    let peaks: Vec<String> = rows.iter().map(|it| it.peak_told(arrow(look), &look.dash())).collect();
    let widths = [
        width(rows.iter().map(|it| it.name.as_str()), MOST_NAME),
        width(used.iter().map(String::as_str), 20),
        width(peaks.iter().map(String::as_str), 24),
    ];
    for ((part, used), peak) in rows.iter().zip(&used).zip(&peaks) {
        row(shown, &part.mark(look), [&part.name, used, peak], part.note(), widths, look);
    }
    let hidden = moved.components.len() - rows.len();
    if hidden > 0 {
        unchanged(shown, 0, hidden, ("component", "components"), look);
    }
    if moved.unchanged_components > 0 {
        let told = match moved.unchanged_components {
            1 => "1 component is about as busy as it was".to_owned(),
            count => format!("{} are about as busy as they were", figures::count(count, "", "components")),
        };
        let _ = writeln!(shown, "  {}", look.paint(Style::Faint, &told));
    }
    if rows.iter().any(Part::is_assumed) {
        let _ = writeln!(shown, "  {}", look.paint(Style::Faint, "~ of an assumed capacity"));
    }
}

impl Part {
    fn mark(&self, look: Look) -> String {
        if self.is_over() { look.paint(Style::Error, "!") } else { " ".to_owned() }
    }
}

// ---- elements

fn elements(shown: &mut String, difference: &Difference, look: Look) {
    if difference.elements.is_empty() {
        return;
    }
    heading(shown, "ELEMENTS that are added (+), removed (-) and changed (~)", look);
    for element in difference.elements.iter().take(MOST_ROWS) {
        element.show(shown, look);
    }
    unchanged(shown, 0, difference.elements.len().saturating_sub(MOST_ROWS), ("", ""), look);
}

impl Element {
    fn show(&self, shown: &mut String, look: Look) {
        let told = self.told(arrow(look), &look.dash());
        let colon = if told.is_empty() { "" } else { ": " };
        let text = format!("{}{colon}{told}", self.title());
        for (at, line) in wrap(&text, look.width.saturating_sub(4)).iter().enumerate() {
            let _ = match at {
                0 => writeln!(shown, "{} {line}", self.sign()),
                _ => writeln!(shown, "    {line}"),
            };
        }
    }
}
