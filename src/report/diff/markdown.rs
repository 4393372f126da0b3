//! What a change does as Markdown: a comment on a pull request. What decides stands open, the rest folded.

use std::fmt::Write as _;

use super::{Difference, Element, Finding, Findings, Flow, Moved, Part};
use crate::figures;
use crate::report::before_after::markdown::{ARROW, DASH, cell, head, row};
use crate::report::figures::text::known;
use crate::report::text::Look;

/// Rows of one table, or entries of one list, at most: a comment has an end. The JSON has all.
const MOST_ROWS: usize = 40;

/// What changes as Markdown, ended by a newline.
pub fn markdown(difference: &Difference) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "### {}\n", cell(&difference.title(ARROW)));
    let _ = writeln!(shown, "**{}**", difference.summary());
    flows(&mut shown, &difference.figures);
    let Findings { come, gone, changed, .. } = &difference.findings;
    list(&mut shown, "Findings that come", come, "was accepted");
    list(&mut shown, "Findings that go", gone, "is accepted");
    folded(&mut shown, changed.len(), ("finding changes", "findings change"), |shown| {
        head(shown, &["level", "finding", "place", "was", "is"]);
        for pair in changed.iter().take(MOST_ROWS) {
            let (Some(was), Some(is)) = (&pair.before, &pair.after) else { continue };
            let level = if was.level == is.level {
                is.level.to_owned()
            } else {
                format!("{} {ARROW} {}", was.level, is.level)
            };
            let rule = format!("{} {}", is.code, is.name);
            row(shown, &[&level, &rule, &is.place(), &was.message, &is.message]);
        }
    });
    let noun = ("component is otherwise busy", "components are otherwise busy");
    components(&mut shown, &difference.figures.components, noun);
    if let Some(milder) = &difference.at_milder_ends {
        let noun = (
            "flow differs at the milder ends of the ranges",
            "flows differ at the milder ends of the ranges",
        );
        folded(&mut shown, milder.flows.len(), noun, |shown| flow_table(shown, &milder.flows));
        let noun = ("component is otherwise busy there", "components are otherwise busy there");
        components(&mut shown, &milder.components, noun);
    }
    elements(&mut shown, &difference.elements);
    shown
}

fn flows(shown: &mut String, moved: &Moved) {
    if moved.flows.is_empty() {
        return;
    }
    flow_table(shown, &moved.flows);
    more(shown, moved.flows.len());
    if moved.unchanged_flows > 0 {
        let count = figures::count(moved.unchanged_flows, "flow", "flows");
        let _ = writeln!(shown, "\nUnchanged: {count}.");
    }
}

fn flow_table(shown: &mut String, flows: &[Flow]) {
    head(shown, &["flow", "fares", "availability", "down a month", "load at peak", "p50", "p99"]);
    for flow in flows.iter().take(MOST_ROWS) {
        let fares = match flow.fares {
            "worse" => "**worse**",
            "added" => "new",
            "removed" => "gone",
            fares => fares,
        };
        row(
            shown,
            &[
                &flow.name,
                fares,
                &flow.availability.told(ARROW, DASH, |it| known(*it)),
                &flow.minutes_told(ARROW, DASH),
                &flow.peak_told(ARROW, DASH),
                &flow.median_told(ARROW, DASH, Look::PLAIN),
                &flow.tail_told(ARROW, DASH, Look::PLAIN),
            ],
        );
    }
}

fn list(shown: &mut String, title: &str, findings: &[Finding], accepted: &str) {
    if findings.is_empty() {
        return;
    }
    let _ = writeln!(shown, "\n**{title}**\n");
    for it in findings.iter().take(MOST_ROWS) {
        let accepted = if it.is_accepted_in_other { format!(" ({accepted})") } else { String::new() };
        let _ = writeln!(
            shown,
            "- **{}** {} {} at {}: {}{accepted}",
            it.level,
            it.code,
            it.name,
            cell(&it.place()),
            cell(&it.message),
        );
    }
    more(shown, findings.len());
}

/// What is not written any more.
fn more(shown: &mut String, all: usize) {
    if all > MOST_ROWS {
        let _ = writeln!(shown, "\nAnd {} more: `--format json` has all.", all - MOST_ROWS);
    }
}

/// A part that a reader opens; nothing where there is nothing in it.
fn folded(shown: &mut String, count: usize, (one, many): (&str, &str), body: impl Fn(&mut String)) {
    if count == 0 {
        return;
    }
    let _ = writeln!(shown, "\n<details><summary>{}</summary>", figures::count(count, one, many));
    body(shown);
    more(shown, count);
    shown.push_str("\n</details>\n");
}

fn components(shown: &mut String, parts: &[Part], noun: (&str, &str)) {
    folded(shown, parts.len(), noun, |shown| {
        head(shown, &["component", "used at peak", "peak", ""]);
        for part in parts.iter().take(MOST_ROWS) {
            row(
                shown,
                &[&part.name, &part.used_told(ARROW, DASH), &part.peak_told(ARROW, DASH), part.note()],
            );
        }
    });
}

fn elements(shown: &mut String, elements: &[Element]) {
    folded(shown, elements.len(), ("element differs", "elements differ"), |shown| {
        head(shown, &["", "element", "states"]);
        for element in elements.iter().take(MOST_ROWS) {
            row(shown, &[element.fate, &element.title(), &element.told(ARROW, DASH)]);
        }
    });
}
