//! Findings as SARIF 2.1.0, for code scanning: a run with its rules, its results, and what they refer to.
//!
//! Columns count Unicode scalar values, as everywhere here; SARIF calls them `unicodeCodePoints`.

mod path;
mod place;
mod rules;

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::json;
use super::text::{self, Look};
use super::{Format, Report};
use crate::check::Suppressed;
use crate::diagnostic::{Diagnostic, Extent, Fix, Severity};
use crate::source::{FileId, Sources};
use place::Artifacts;

/// `--format sarif`.
pub static FORMAT: Format =
    Format { name: "sarif", about: "For code scanning: SARIF 2.1.0", is_document: true, render, aside: None };

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

fn render(report: &Report, _: Look) -> String {
    json::pretty(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run(report)] }))
}

fn run(report: &Report) -> Value {
    let artifacts = Artifacts::of(report);
    let fingerprints = fingerprints(report);
    let (found, others) = fingerprints.split_at(report.findings.len());
    let (accepted, known) = others.split_at(report.suppressed.len());
    let found = report.findings.iter().zip(found).map(|((sources, it), fingerprint)| {
        let mut result = result(&artifacts, sources, it, fingerprint);
        if report.baseline.is_some() {
            result["baselineState"] = json!("new");
        }
        result
    });
    let accepted = report.suppressed.iter().zip(accepted).map(|((sources, accepted), fingerprint)| {
        let mut result = result(&artifacts, sources, &accepted.diagnostic, fingerprint);
        result["suppressions"] = json!([suppression(&artifacts, sources, accepted)]);
        result
    });
    let known = report.known.iter().zip(known).map(|((sources, it), fingerprint)| {
        let mut result = result(&artifacts, sources, it, fingerprint);
        result["baselineState"] = json!("unchanged");
        result["suppressions"] = json!([outer_suppression(report)]);
        result
    });
    json!({
        "tool": { "driver": rules::driver() },
        "invocations": [invocation(report)],
        "originalUriBaseIds": { (place::BASE): { "description": message("where the project begins: the nearest folder with a loadpath.toml or a .git above where the tool was run") } },
        "artifacts": artifacts.all(),
        "columnKind": "unicodeCodePoints",
        "taxonomies": [rules::taxonomy()],
        "results": found.chain(accepted).chain(known).collect::<Vec<_>>(),
    })
}

/// How the run went: what could not be read, and what is not in the results.
fn invocation(report: &Report) -> Value {
    let notification = |level, text: &str| json!({ "level": level, "message": message(text) });
    let mut notifications: Vec<Value> =
        report.troubles.iter().map(|trouble| notification("error", trouble)).collect();
    if report.summary.unfollowed > 0 {
        notifications.push(notification("warning", text::unfollowed(report.summary.unfollowed).trim()));
    }
    if report.summary.omitted > 0 {
        notifications.push(notification("note", text::omitted(&report.summary).trim()));
    }
    json!({
        "executionSuccessful": report.troubles.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn result(artifacts: &Artifacts, sources: &Sources, finding: &Diagnostic, fingerprint: &str) -> Value {
    let mut culprit = artifacts.location(sources, &finding.labels[0]);
    culprit["logicalLocations"] = json!([{ "fullyQualifiedName": finding.element }]);
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": rules::index(finding.code),
        "level": level(finding.severity),
        "message": message(&said(finding)),
        "locations": [culprit],
        "partialFingerprints": { "loadpathFinding/v1": fingerprint },
    });
    let mut add = |key: &str, values: Vec<Value>| {
        if !values.is_empty() {
            result[key] = Value::Array(values);
        }
    };
    let mut others: Vec<Value> = Vec::new();
    for label in &finding.labels[1..] {
        let location = artifacts.location(sources, label);
        // Two links of one arrow may be told of alike; the list is a set.
        if !others.contains(&location) {
            others.push(location);
        }
    }
    add("relatedLocations", others);
    if let Some(path) = path::of(finding) {
        let steps = path.into_iter().map(|label| json!({ "location": artifacts.location(sources, label) }));
        add("codeFlows", vec![json!({ "threadFlows": [{ "locations": steps.collect::<Vec<_>>() }] })]);
    }
    add("fixes", finding.fix.iter().map(|it| fix(artifacts, sources, it)).collect());
    if !finding.flows.is_empty() {
        result["properties"]["flows"] = json!(finding.flows);
    }
    if let Some(extent) = finding.extent.map(Extent::name) {
        result["properties"]["extent"] = json!(extent);
    }
    result
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// What is said of a finding: its message as the first sentence, which is all that some readers show.
fn said(finding: &Diagnostic) -> String {
    let help = finding.help.iter().map(|help| format!("Help: {help}"));
    let sentences = [finding.message.clone()].into_iter().chain(finding.notes.iter().cloned()).chain(help);
    sentences.map(|it| sentence(&it)).collect::<Vec<_>>().join("\n")
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

/// A message. Braces are doubled in it, for single ones hold places for arguments (3.11.5), and what would look like
/// a link is kept from being one (3.11.6).
fn message(text: &str) -> Value {
    json!({ "text": escaped(text).replace("](", "\\](") })
}

fn escaped(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn suppression(artifacts: &Artifacts, sources: &Sources, accepted: &Suppressed) -> Value {
    let mut suppression = json!({
        "kind": "inSource",
        "status": "accepted",
        "location": artifacts.place(sources, accepted.allow),
    });
    if let Some(reason) = &accepted.reason {
        suppression["justification"] = json!(reason);
    }
    suppression
}

/// That a baseline knows a finding. Where it stands in there nobody asks, and it may lie outside of what was read.
fn outer_suppression(report: &Report) -> Value {
    let file = report.baseline.as_deref().unwrap_or_default();
    json!({ "kind": "external", "status": "accepted", "justification": format!("in the baseline {file}") })
}

/// A fix. Whether there is but one right answer SARIF has no word for.
fn fix(artifacts: &Artifacts, sources: &Sources, fix: &Fix) -> Value {
    let mut files: Vec<FileId> = fix.edits.iter().map(|edit| edit.span.file).collect();
    files.sort_unstable();
    files.dedup();
    let changes = files.into_iter().map(|file| {
        let edits = fix.edits.iter().filter(|edit| edit.span.file == file);
        let replacements = edits.map(|edit| {
            json!({
                "deletedRegion": place::region(sources, edit.span),
                "insertedContent": { "text": edit.text },
            })
        });
        json!({
            "artifactLocation": artifacts.artifact(&sources.file(file).name),
            "replacements": replacements.collect::<Vec<_>>(),
        })
    });
    json!({
        "description": message(&sentence(&fix.title)),
        "artifactChanges": changes.collect::<Vec<_>>(),
        "properties": { "safe": fix.is_safe },
    })
}
