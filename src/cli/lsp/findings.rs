//! Findings as the protocol tells them.

use lsp_types::{
    Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString,
};

use super::desk::{Desk, Document};
use super::place::Lines;
use crate::check::Checked;
use crate::diagnostic::{self, Severity};

/// Who says it.
pub(super) const SOURCE: &str = "loadpath";

/// Rules whose findings are about what nothing needs: it is shown faded.
const UNNECESSARY: &[&str] = &["LP015", "LP022"];

/// The findings of all designs that a document belongs to, as far as they are in it.
pub(super) fn of_document(desk: &Desk, document: &Document) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    for design in desk.designs_of(document) {
        for finding in design.checked().map(|it| in_file(desk, it, &document.name)).unwrap_or_default() {
            // Which place it has among the findings of its design is no difference.
            let is_same = |it: &Diagnostic| {
                (it.range, &it.code, &it.message) == (finding.range, &finding.code, &finding.message)
            };
            if !told.iter().any(is_same) {
                told.push(finding);
            }
        }
    }
    told
}

/// The findings of a design that are in the file of this name, but for those about a word that is still being typed.
pub(super) fn in_file(desk: &Desk, checked: &Checked, name: &str) -> Vec<Diagnostic> {
    let Some((id, file)) = checked.sources.iter().find(|(_, file)| file.name == name) else {
        return Vec::new();
    };
    let lines = Lines::of(&file.text, desk.encoding);
    let is_told = |it: &diagnostic::Diagnostic| it.span().file == id && !desk.is_unfinished(name, it);
    let here = checked.diagnostics.iter().enumerate().filter(|(_, it)| is_told(it));
    here.map(|(at, finding)| told(desk, checked, &lines, at, finding)).collect()
}

fn told(
    desk: &Desk,
    checked: &Checked,
    lines: &Lines,
    at: usize,
    finding: &diagnostic::Diagnostic,
) -> Diagnostic {
    let related: Vec<DiagnosticRelatedInformation> = finding
        .labels
        .iter()
        .skip(1)
        .filter_map(|label| {
            let file = checked.sources.file(label.span.file);
            let range = if label.span.file == finding.span().file {
                lines.range(label.span)
            } else {
                Lines::of(&file.text, desk.encoding).range(label.span)
            };
            let message = if label.message.is_empty() { "concerned as well" } else { &label.message };
            let location = Location { uri: desk.uri_of(&file.name)?, range };
            Some(DiagnosticRelatedInformation { location, message: message.to_owned() })
        })
        .collect();
    Diagnostic {
        range: lines.range(finding.span()),
        severity: Some(match finding.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Advice => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        code_description: None,
        source: Some(SOURCE.to_owned()),
        message: message(finding),
        related_information: (!related.is_empty()).then_some(related),
        tags: UNNECESSARY.contains(&finding.code).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: Some(at.into()),
    }
}

/// What is wrong, what there is to know about it, and what to do.
fn message(finding: &diagnostic::Diagnostic) -> String {
    let mut message = finding.message.clone();
    let label = &finding.labels[0].message;
    if !label.is_empty() {
        message += &format!(" ({label})");
    }
    for note in &finding.notes {
        message += &format!("\nnote: {note}");
    }
    if let Some(help) = &finding.help {
        message += &format!("\nhelp: {help}");
    }
    message
}
