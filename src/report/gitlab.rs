//! Findings as GitLab's code quality report: the issues of Code Climate, of which GitLab reads a part.

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::json;
use super::text::Look;
use super::{Format, Report};
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules::{self, Family};
use crate::source::{Sources, Span};

/// `--format gitlab`.
pub static FORMAT: Format = Format {
    name: "gitlab",
    about: "For GitLab's merge requests: Code Climate",
    is_document: true,
    render,
    aside: None,
};

fn render(report: &Report, _: Look) -> String {
    let fingerprints = fingerprints(report);
    let issues = report.findings.iter().zip(&fingerprints);
    let issues: Vec<Value> =
        issues.map(|((sources, finding), fingerprint)| issue(sources, finding, fingerprint)).collect();
    json::pretty(&issues)
}

fn issue(sources: &Sources, finding: &Diagnostic, fingerprint: &str) -> Value {
    let others = finding.labels[1..].iter().map(|label| location(sources, label.span));
    json!({
        "type": "issue",
        "check_name": finding.name,
        "description": one_line(&finding.message),
        "content": { "body": body(finding) },
        "categories": [category(finding.code)],
        "severity": match finding.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Advice => "info",
        },
        "fingerprint": fingerprint,
        "location": location(sources, finding.span()),
        "other_locations": others.collect::<Vec<_>>(),
    })
}

/// The lines that a span is on, both ends included.
fn location(sources: &Sources, span: Span) -> Value {
    json!({
        "path": sources.file(span.file).name,
        "lines": { "begin": sources.position(span).line, "end": sources.end(span).line },
    })
}

/// What is said of a finding below its message.
fn body(finding: &Diagnostic) -> String {
    let code = format!("{} {}", finding.code, finding.name);
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    [code].into_iter().chain(finding.notes.iter().cloned()).chain(help).collect::<Vec<_>>().join("\n\n")
}

fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Code Climate's word for what a rule is about.
fn category(code: &str) -> &'static str {
    match rules::family(code) {
        Family::Language | Family::Requirements => "Clarity",
        Family::Load => "Performance",
        Family::Security => "Security",
        Family::OverEngineering => "Complexity",
        Family::Protocols => "Compatibility",
        Family::Availability | Family::BackPressure | Family::Data | Family::Edge => "Bug Risk",
    }
}
