//! What changes as Markdown: for a pull request, or notes.

use std::fmt::Write as _;

use super::{Changed, Flow, Shown};
use crate::report::before_after::markdown::{ARROW, DASH, cell, head, row};
use crate::report::entitled;
use crate::report::figures::text::known;
use crate::report::text::Look;

/// What changes as Markdown, ended by a newline.
pub fn markdown(changed: &Changed) -> String {
    let mut shown = String::new();
    let title = entitled(changed.system.as_deref(), &changed.files);
    for (at, (asked, body)) in changed.told(body).into_iter().enumerate() {
        if at > 0 {
            shown.push('\n');
        }
        let _ = writeln!(shown, "## {}: what if {}?\n", cell(title), cell(&asked));
        shown += &body;
    }
    shown
}

fn body(case: &Shown) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "**{}**", case.told());
    for (at, (word, names)) in case.reach().into_iter().enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        let _ = writeln!(shown, "{gap}- {word}: {}", cell(&names));
    }
    flows(&mut shown, case);
    components(&mut shown, case);
    findings(&mut shown, case);
    shown
}

fn flows(shown: &mut String, case: &Shown) {
    if !case.flows.is_empty() {
        let takes = |flow: &Flow| flow.latency_told(ARROW, DASH, Look::PLAIN);
        let has_times = case.flows.iter().any(|flow| takes(flow).is_some());
        let columns: &[&str] = if has_times {
            &["flow", "availability", "p99", "state"]
        } else {
            &["flow", "availability", "state"]
        };
        head(shown, columns);
        for flow in &case.flows {
            let availability = flow.availability.told(ARROW, DASH, |it| known(*it));
            let notes = flow.notes();
            let state = if notes.is_empty() || notes == flow.state {
                flow.state.to_owned()
            } else {
                format!("{}, {notes}", flow.state)
            };
            if has_times {
                let time = takes(flow).unwrap_or_else(|| DASH.to_owned());
                row(shown, &[&flow.name, &availability, &time, &state]);
            } else {
                row(shown, &[&flow.name, &availability, &state]);
            }
        }
    }
    if case.unchanged_flows > 0 {
        let count = crate::figures::count(case.unchanged_flows, "flow", "flows");
        let _ = writeln!(shown, "\nUnchanged: {count}.");
    }
}

fn components(shown: &mut String, case: &Shown) {
    if !case.components.is_empty() {
        head(shown, &["component", "peak", "used at peak", ""]);
        for part in &case.components {
            let notes = part.notes();
            let notes = if part.is_over() || part.is_down() { format!("**{notes}**") } else { notes };
            row(shown, &[&part.name, &part.peak_told(ARROW, DASH), &part.used_told(ARROW, DASH), &notes]);
        }
    }
    if case.unchanged_components > 0 {
        let count = crate::figures::count(case.unchanged_components, "component", "components");
        let _ = writeln!(shown, "\nUnchanged: {count}.");
    }
}

fn findings(shown: &mut String, case: &Shown) {
    let all = [("comes", &case.findings.come), ("goes", &case.findings.gone)];
    if all.iter().all(|(_, findings)| findings.is_empty()) {
        return;
    }
    head(shown, &["", "finding", "element", "message"]);
    for (word, findings) in all {
        for it in findings {
            let rule = format!("{} {} ({})", it.code, it.name, it.level);
            row(shown, &[word, &rule, &it.element, &it.message]);
        }
    }
}
