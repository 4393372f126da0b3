//! The report as Markdown, for a pull request: the verdict stands open, all that it rests on is folded.

use std::fmt::Write as _;

use super::before_after::markdown::{cell, head, row};
use super::dossier::{Dossier, Format};
use super::figures::text::{alike, known, whole_percent};
use super::figures::verdict::Fares;
use super::figures::{Flow, Minutes, Reading};
use super::text::{Look, unfollowed};
use super::{Report, Summary, entitled};
use crate::diagnostic::Severity;
use crate::figures;
use crate::source::Sources;

/// For a pull request.
pub static FORMAT: Format =
    Format { name: "md", alias: Some("markdown"), about: "For a pull request: GitHub's Markdown", render };

/// Rows of one table, or entries of one list, at most: a comment has an end. The JSON has all.
const MOST_ROWS: usize = 40;
/// Findings of a level that stand open, at most.
const MOST_OPEN: usize = 5;
/// Parts of a flow's downtime that are named, at most.
const MOST_PARTS: usize = 5;
const DASH: &str = "–";

fn render(dossier: &Dossier, _: Look) -> String {
    let report = Report::of(std::slice::from_ref(dossier.design));
    let figures = &dossier.figures;
    let Reading { flows, .. } = &figures.reading;
    let mut shown = String::new();
    let title = entitled(figures.system.as_deref(), &figures.files);
    let _ = writeln!(shown, "### {}\n", cell(title));
    if let Some(torn) = dossier.torn() {
        let _ = writeln!(shown, "**Note:** {torn}.\n");
    }
    if let Some(count) = figures.unfollowed {
        let _ = writeln!(shown, "**Note:** {}.\n", unfollowed(count).trim_end());
    }
    let _ = writeln!(shown, "{}.\n", figures.reading.in_sum());
    sentences(&mut shown, &figures.reading);
    if !flows.is_empty() {
        table(&mut shown, flows);
    }
    findings(&mut shown, &report);
    budget(&mut shown, flows);
    assumptions(&mut shown, dossier);
    accepted(&mut shown, &report);
    shown
}

fn mark(fares: Fares) -> &'static str {
    match fares {
        Fares::Kept => "✅",
        Fares::Missed => "❌",
        Fares::Open => "❔",
    }
}

/// What it comes to, in words.
fn sentences(shown: &mut String, reading: &Reading) {
    for flow in reading.flows.iter().take(MOST_ROWS) {
        for verdict in flow.verdicts() {
            let _ = writeln!(
                shown,
                "- {} **{}** {}",
                mark(verdict.fares),
                cell(&flow.name),
                cell(&verdict.sentence)
            );
        }
    }
    more(shown, reading.flows.len());
    if let Some(headroom) = reading.headroom() {
        let _ = writeln!(shown, "- {} {}", mark(headroom.fares), cell(&headroom.sentence));
    }
}

fn table(shown: &mut String, flows: &[Flow]) {
    head(shown, &["flow", "available", "promised", "down a month", "allowed", "p99", "asked", "at peak"]);
    let or_dash = |told: Option<String>| told.unwrap_or_else(|| DASH.to_owned());
    for flow in flows.iter().take(MOST_ROWS) {
        let time = flow.latency.as_ref();
        let cells = [
            format!("{} {}", mark(flow.fares()), flow.name),
            known(flow.availability),
            or_dash(flow.slo.map(figures::availability)),
            match flow.downtime_minutes_per_month {
                Minutes::Exact(minutes) => figures::minutes(minutes),
                Minutes::Bounds { upper, .. } => format!("< {}", figures::minutes_at_most(upper)),
            },
            or_dash(flow.budget_minutes_per_month.map(figures::minutes)),
            or_dash(time.map(|it| it.taken.tail(Look::PLAIN))),
            or_dash(time.and_then(|it| it.asked_p99).map(figures::duration)),
            or_dash(flow.rate.as_ref().map(|it| figures::rate(it.peak))),
        ];
        row(shown, &cells.each_ref().map(String::as_str));
    }
    more(shown, flows.len());
}

/// By level, the gravest first; advice is folded, and so is what is past the first few.
fn findings(shown: &mut String, report: &Report) {
    let Summary { errors, warnings, advice, .. } = report.summary;
    let levels = [
        (Severity::Error, errors, ("error", "errors")),
        (Severity::Warning, warnings, ("warning", "warnings")),
        (Severity::Advice, advice, ("piece of advice", "pieces of advice")),
    ];
    for (level, count, (one, many)) in levels {
        if count == 0 {
            continue;
        }
        let lines: Vec<String> = report
            .findings
            .iter()
            .filter(|(_, it)| it.severity == level)
            .take(MOST_ROWS)
            .map(|(sources, it)| line(sources, it))
            .collect();
        let open = if level == Severity::Advice { 0 } else { MOST_OPEN.min(lines.len()) };
        if open > 0 {
            let _ = writeln!(
                shown,
                "\n#### {}\n\n{}",
                figures::count(count, one, many),
                lines[..open].concat().trim_end()
            );
        }
        if lines.len() > open {
            let folded = if open > 0 {
                format!("{} more", lines.len() - open)
            } else {
                figures::count(count, one, many)
            };
            let _ = writeln!(shown, "\n<details><summary>{folded}</summary>\n\n{}", lines[open..].concat());
            more(shown, count);
            shown.push_str("</details>\n");
        }
    }
}

fn line(sources: &Sources, found: &crate::diagnostic::Diagnostic) -> String {
    let file = &sources.file(found.span().file).name;
    let place = format!("{file}:{}", sources.position(found.span()));
    let mut line = format!("- **{} {}** {}: {}", found.code, found.name, cell(&place), cell(&found.message));
    if let Some(help) = &found.help {
        let _ = write!(line, "<br>To do: {}", cell(help));
    }
    line.push('\n');
    line
}

/// Which part costs which minutes.
fn budget(shown: &mut String, flows: &[Flow]) {
    let costly: Vec<&Flow> = flows.iter().filter(|it| !it.contributors.is_empty()).collect();
    folded(shown, costly.len(), "Where the downtime comes from", |shown| {
        head(shown, &["flow", "part", "share of the downtime", "saved if it never failed"]);
        for flow in costly.iter().take(MOST_ROWS) {
            for it in flow.contributors.iter().take(MOST_PARTS) {
                row(
                    shown,
                    &[&flow.name, &it.element, &whole_percent(it.share), &figures::minutes(it.minutes)],
                );
            }
        }
    });
}

fn assumptions(shown: &mut String, dossier: &Dossier) {
    let groups = alike(&dossier.figures.assumptions);
    folded(shown, groups.len(), &figures::count(groups.len(), "assumption", "assumptions"), |shown| {
        head(shown, &["property", "taken as", "source", "confidence", "of"]);
        for (it, elements) in groups.iter().take(MOST_ROWS) {
            let mut of = elements.iter().take(MOST_PARTS).copied().collect::<Vec<_>>().join(", ");
            if elements.len() > MOST_PARTS {
                let _ = write!(of, " and {} more", elements.len() - MOST_PARTS);
            }
            row(shown, &[it.property, &it.told(), it.source, it.confidence, &of]);
        }
    });
}

fn accepted(shown: &mut String, report: &Report) {
    let accepted = &report.suppressed;
    let title = figures::count(accepted.len(), "accepted finding", "accepted findings");
    folded(shown, accepted.len(), &title, |shown| {
        head(shown, &["finding", "what", "why it is accepted"]);
        for (_, it) in accepted.iter().take(MOST_ROWS) {
            let found = &it.diagnostic;
            let reason = it.reason.as_deref().unwrap_or(DASH);
            row(shown, &[&format!("{} {}", found.code, found.name), &found.message, reason]);
        }
    });
}

/// A part that a reader opens; nothing where there is nothing in it.
fn folded(shown: &mut String, count: usize, title: &str, body: impl Fn(&mut String)) {
    if count == 0 {
        return;
    }
    let _ = writeln!(shown, "\n<details><summary>{title}</summary>");
    body(shown);
    more(shown, count);
    shown.push_str("\n</details>\n");
}

/// What is not written any more.
fn more(shown: &mut String, all: usize) {
    if all > MOST_ROWS {
        let _ = writeln!(shown, "\nAnd {} more: `--format json` has all.\n", all - MOST_ROWS);
    }
}
