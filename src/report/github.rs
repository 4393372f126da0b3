//! Findings as the workflow commands of GitHub Actions, which shows them beside the lines of a pull request, and as
//! a table for the step's summary.

use std::fmt::Write as _;

use super::text::{self, Look};
use super::{Aside, Format, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures::count;
use crate::source::Sources;

/// `--format github`.
pub static FORMAT: Format = Format {
    name: "github",
    about: "For GitHub Actions, with the step's summary",
    is_document: false,
    render,
    aside: Some(Aside { variable: "GITHUB_STEP_SUMMARY", render: step_summary }),
};

/// GitHub shows so many errors of a step, as many warnings, and as many notices.
const MOST_SHOWN: usize = 10;

/// A summary may have a mebibyte; so many rows stay below it.
const MOST_ROWS: usize = 1000;

fn render(report: &Report, _: Look) -> String {
    let mut shown = String::new();
    for trouble in &report.troubles {
        command(&mut shown, "error", &[], trouble);
    }
    let level = |level| report.findings.iter().filter(move |(_, it)| it.severity == level);
    for (sources, finding) in level(Severity::Error).chain(level(Severity::Warning)) {
        annotation(&mut shown, sources, finding);
    }
    if let Some(unseen) = unseen(report) {
        command(&mut shown, "notice", &[], &unseen);
    }
    for (sources, finding) in level(Severity::Advice) {
        annotation(&mut shown, sources, finding);
    }
    shown
}

/// What is said where GitHub does not show all.
fn unseen(report: &Report) -> Option<String> {
    let shown = |level| report.findings.iter().filter(|(_, it)| it.severity == level).count();
    let over = |level, others: usize| (shown(level) + others).saturating_sub(MOST_SHOWN);
    let mut hidden = [over(Severity::Error, report.troubles.len()), over(Severity::Warning, 0), 0];
    // This line is a notice itself.
    let is_told = hidden[0] + hidden[1] + report.summary.omitted > 0 || shown(Severity::Advice) > MOST_SHOWN;
    hidden[2] = over(Severity::Advice, usize::from(is_told));
    let words = [("error", "errors"), ("warning", "warnings"), ("piece of advice", "pieces of advice")];
    let hidden: Vec<String> = hidden
        .into_iter()
        .zip(words)
        .filter(|(hidden, _)| *hidden > 0)
        .map(|(hidden, (one, many))| count(hidden, one, many))
        .collect();
    let mut said = Vec::new();
    if !hidden.is_empty() {
        said.push(format!(
            "GitHub shows {MOST_SHOWN} of a level; the log and the summary of this step have {} more",
            hidden.join(", ")
        ));
    }
    if report.summary.omitted > 0 {
        let omitted = count(report.summary.omitted, "further finding is", "further findings are");
        said.push(format!("{omitted} left out by `--max-findings`"));
    }
    is_told.then(|| said.join("; "))
}

fn annotation(shown: &mut String, sources: &Sources, finding: &Diagnostic) {
    let name = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    };
    let span = finding.span();
    let (start, end) = (sources.position(span), sources.end(span));
    let mut properties = vec![
        ("title", format!("{} {}", finding.code, finding.name)),
        ("file", sources.file(span.file).name.clone()),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    // Columns mean something only within one line.
    if start.line == end.line {
        properties.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
    }
    let notes = finding.notes.iter().map(|note| format!("\n{note}"));
    let help = finding.help.iter().map(|help| format!("\nhelp: {help}"));
    let message: String = [finding.message.clone()].into_iter().chain(notes).chain(help).collect();
    command(shown, name, &properties, &message);
}

/// `::error title=…,file=…::message`.
fn command(shown: &mut String, name: &str, properties: &[(&str, String)], message: &str) {
    let _ = write!(shown, "::{name}");
    for (at, (key, value)) in properties.iter().enumerate() {
        let gap = if at == 0 { ' ' } else { ',' };
        let value = escaped(value).replace(':', "%3A").replace(',', "%2C");
        let _ = write!(shown, "{gap}{key}={value}");
    }
    let _ = writeln!(shown, "::{}", escaped(message));
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

// ---- the step's summary

fn step_summary(report: &Report) -> String {
    let mut shown = format!("## Loadpath: {}\n\n", text::counts(&report.summary));
    for trouble in &report.troubles {
        let _ = writeln!(shown, "{}\n", cell(trouble));
    }
    if report.findings.is_empty() {
        return shown;
    }
    shown += "| level | place | finding | rule |\n|---|---|---|---|\n";
    let mut rows: Vec<_> = report.findings.iter().collect();
    rows.sort_by_key(|(_, finding)| finding.severity);
    for (sources, finding) in rows.iter().take(MOST_ROWS) {
        let span = finding.span();
        let _ = writeln!(
            shown,
            "| {} | {}:{} | {} | {} {} |",
            finding.severity.name(),
            cell(&sources.file(span.file).name),
            sources.position(span),
            cell(&finding.message),
            finding.code,
            finding.name,
        );
    }
    let more = rows.len().saturating_sub(MOST_ROWS) + report.summary.omitted;
    if more > 0 {
        let _ = writeln!(shown, "\n… and {}", count(more, "further finding", "further findings"));
    }
    shown.push('\n');
    shown
}

/// A text in one cell of a table.
fn cell(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|").replace('<', "&lt;")
}
