//! What changes, for a reader: marked where it is worse, with what does not change counted.

use std::fmt::Write as _;

use super::{Changed, Finding, Flow, Part, Shown};
use crate::report::before_after::text::{arrow, heading, row, unchanged, width};
use crate::report::entitled;
use crate::report::figures::text::{detail, known};
use crate::report::text::{Look, Style, wrap};

/// Rows of one table, at most; the JSON has all.
const MOST_ROWS: usize = 40;
/// The widest that a name is in a table; a longer one pushes its row aside.
const MOST_NAME: usize = 24;

/// What changes as text, ended by a newline.
pub fn text(changed: &Changed, look: Look) -> String {
    let mut shown = String::new();
    let title = entitled(changed.system.as_deref(), &changed.files);
    for (at, (asked, body)) in changed.told(|case| body(case, look)).into_iter().enumerate() {
        if at > 0 {
            shown.push('\n');
        }
        for line in wrap(&format!("{title}: what if {asked}?"), look.width) {
            let _ = writeln!(shown, "{}", look.paint(Style::Bold, &line));
        }
        shown += &body;
    }
    shown
}

fn body(case: &Shown, look: Look) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "{}", case.told());
    for (word, names) in case.reach() {
        detail(&mut shown, word, &names, look);
    }
    flows(&mut shown, case, look);
    components(&mut shown, case, look);
    findings(&mut shown, case, look);
    shown
}

// ---- flows

fn flows(shown: &mut String, case: &Shown, look: Look) {
    if case.all_flows() == 0 {
        return;
    }
    heading(shown, if case.is_passing() { "FLOWS while it lasts" } else { "FLOWS" }, look);
    let rows = &case.flows[..case.flows.len().min(MOST_ROWS)];
    let availability: Vec<String> =
        rows.iter().map(|it| it.availability.told(arrow(look), &look.dash(), |it| known(*it))).collect();
    let minutes: Vec<String> =
        rows.iter().map(|it| if case.is_passing() { String::new() } else { it.minutes_told(look) }).collect();
    let widths = [
        width(rows.iter().map(|it| it.name.as_str()), MOST_NAME),
        width(availability.iter().map(String::as_str), 40),
        width(minutes.iter().map(String::as_str), 30),
    ];
    for ((flow, availability), minutes) in rows.iter().zip(&availability).zip(&minutes) {
        let mark = flow.mark(look);
        row(shown, &mark, [&flow.name, availability, minutes], &flow.notes(), widths, look);
        if let Some(told) = flow.latency_told(arrow(look), &look.dash(), look) {
            detail(shown, "latency", &format!("p99 {told}"), look);
        }
    }
    unchanged(shown, case.unchanged_flows, case.flows.len() - rows.len(), ("flow", "flows"), look);
}

impl Flow {
    fn mark(&self, look: Look) -> String {
        let (down, degraded) = if look.is_unicode { ("✗", "!") } else { ("x", "!") };
        match self.state {
            "down" => look.paint(Style::Error, down),
            "degraded" => look.paint(Style::Warning, degraded),
            _ => " ".to_owned(),
        }
    }

    /// Minutes of a month say something of a flow that can be up.
    fn minutes_told(&self, look: Look) -> String {
        if self.state == "down" {
            return String::new();
        }
        let told = self.downtime_minutes_per_month.told(arrow(look), &look.dash(), |it| it.told());
        format!("{told} a month")
    }

    pub(super) fn notes(&self) -> String {
        match self.state {
            "down" => "down".to_owned(),
            _ if !self.overloaded.is_empty() => format!("overloaded at {}", self.overloaded.join(", ")),
            _ => String::new(),
        }
    }
}

// ---- components

fn components(shown: &mut String, case: &Shown, look: Look) {
    heading(shown, "COMPONENTS at peak", look);
    let rows = &case.components[..case.components.len().min(MOST_ROWS)];
    let peaks: Vec<String> = rows.iter().map(|it| it.peak_told(arrow(look), &look.dash())).collect();
    let used: Vec<String> = rows.iter().map(|it| it.used_told(arrow(look), &look.dash())).collect();
    let widths = [
        width(rows.iter().map(|it| it.name.as_str()), MOST_NAME),
        width(peaks.iter().map(String::as_str), 24),
        width(used.iter().map(String::as_str), 20),
    ];
    for ((part, peak), used) in rows.iter().zip(&peaks).zip(&used) {
        row(shown, &part.mark(look), [&part.name, peak, used], &part.notes(), widths, look);
    }
    let hidden = case.components.len() - rows.len();
    unchanged(shown, case.unchanged_components, hidden, ("component", "components"), look);
    if rows.iter().any(|it| it.is_capacity_assumed) {
        let _ = writeln!(shown, "  {}", look.paint(Style::Faint, "~ of an assumed capacity"));
    }
}

impl Part {
    fn mark(&self, look: Look) -> String {
        let bad = if look.is_unicode { "✗" } else { "x" };
        if self.is_down() || self.is_over() { look.paint(Style::Error, bad) } else { " ".to_owned() }
    }
}

// ---- findings

fn findings(shown: &mut String, case: &Shown, look: Look) {
    let all = [("+", &case.findings.come), ("-", &case.findings.gone)];
    if all.iter().all(|(_, findings)| findings.is_empty()) {
        return;
    }
    heading(shown, "FINDINGS that come (+) and go (-)", look);
    for (sign, findings) in all {
        for it in findings.iter().take(MOST_ROWS) {
            finding(shown, sign, it, look);
        }
        unchanged(shown, 0, findings.len().saturating_sub(MOST_ROWS), ("", ""), look);
    }
}

fn finding(shown: &mut String, sign: &str, it: &Finding, look: Look) {
    let style = match (sign, it.level) {
        ("-", _) => Style::Help,
        (_, "error") => Style::Error,
        (_, "warning") => Style::Warning,
        _ => Style::Advice,
    };
    let head = format!("{sign} {} {}", it.code, it.level);
    let lines = wrap(&format!("{}: {}", it.element, it.message), look.width.saturating_sub(head.len() + 2));
    for (at, line) in lines.iter().enumerate() {
        let _ = match at {
            0 => writeln!(shown, "{}  {line}", look.paint(style, &head)),
            _ => writeln!(shown, "{:1$}{line}", "", head.len() + 2),
        };
    }
}
