//! Findings as the protocol tells them.

use std::path::Path;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location,
    NumberOrString,
};

use rustc_hash::FxHashSet;

use super::super::disk;
use super::desk::{Desk, Document};
use super::place::Lines;
use crate::check::Checked;
use crate::diagnostic::{self, Severity};
use crate::figures;
use crate::report::docs;
use crate::rules;
use crate::source::FileId;

/// Who says it.
pub(super) const SOURCE: &str = "loadpath";

/// Rules whose findings are about what nothing needs: it is shown faded.
const UNNECESSARY: &[&str] = &["LP015", "LP022"];

/// So many findings of a document are told, the gravest, and what breaks the language before what follows from it; editors slow down on more, and nobody reads them.
const MOST: usize = 1_000;

/// The findings of all designs that a document belongs to, as far as they are in it.
pub(super) fn of_document(desk: &Desk, document: &Document) -> Vec<Diagnostic> {
    in_designs(desk, desk.designs_of(document).into_iter(), &document.name)
}

/// The findings of some designs that are in the file of this name, each once.
pub(super) fn in_designs<'a>(
    desk: &Desk,
    designs: impl Iterator<Item = &'a Document>,
    name: &str,
) -> Vec<Diagnostic> {
    let mut told = designs.filter_map(Document::checked).map(|it| in_file(desk, it, name));
    let mut first = told.next().unwrap_or_default();
    // Which place it has among the findings of its design is no difference.
    let key = |it: &Diagnostic| {
        let (start, end) = (it.range.start, it.range.end);
        (start.line, start.character, end.line, end.character, it.code.clone(), it.message.clone())
    };
    let mut known: Option<FxHashSet<_>> = None;
    for more in told {
        let known = known.get_or_insert_with(|| first.iter().map(key).collect());
        first.extend(more.into_iter().filter(|it| known.insert(key(it))));
    }
    first
}

/// The findings of a design that are in the file of this name, but for those about what is still being typed.
fn in_file(desk: &Desk, checked: &Checked, name: &str) -> Vec<Diagnostic> {
    let Some((id, file)) = checked.sources.iter().find(|(_, file)| file.name == name) else {
        return Vec::new();
    };
    let lines = Lines::of(&file.text, desk.encoding);
    let is_told = |it: &diagnostic::Diagnostic| it.span().file == id && !desk.is_unfinished(file, it);
    let mut here: Vec<(usize, &diagnostic::Diagnostic)> =
        checked.diagnostics.iter().enumerate().filter(|(_, it)| is_told(it)).collect();
    let left_out = here.len().saturating_sub(MOST);
    if left_out > 0 {
        here.sort_by_key(|(at, it)| (it.severity, !rules::is_of_the_language(it.code), *at));
        here.truncate(MOST);
        here.sort_by_key(|(at, _)| *at);
    }
    let mut all: Vec<Diagnostic> =
        here.into_iter().map(|(at, finding)| told(desk, checked, &lines, at, finding)).collect();
    all.extend((left_out > 0).then(|| more(left_out)));
    all
}

/// What stands for those that are not told.
fn more(count: usize) -> Diagnostic {
    let findings = figures::count(count, "finding is", "findings are");
    Diagnostic {
        severity: Some(DiagnosticSeverity::INFORMATION),
        source: Some(SOURCE.to_owned()),
        message: format!("{findings} not shown here, none graver than what is; `loadpath check` tells all"),
        ..Diagnostic::default()
    }
}

/// One of a design's findings, by its place among them.
pub(super) fn of_design(desk: &Desk, checked: &Checked, at: usize) -> Diagnostic {
    let finding = &checked.diagnostics[at];
    let lines = Lines::of(&checked.sources.file(finding.span().file).text, desk.encoding);
    told(desk, checked, &lines, at, finding)
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
        code_description: code_description(finding),
        source: Some(SOURCE.to_owned()),
        message: by_ways(checked, finding.span().file, message(finding)),
        related_information: (!related.is_empty()).then_some(related),
        tags: UNNECESSARY.contains(&finding.code).then(|| vec![DiagnosticTag::UNNECESSARY]),
        data: Some(at.into()),
    }
}

/// Where there is more to read of the rule.
fn code_description(finding: &diagnostic::Diagnostic) -> Option<CodeDescription> {
    let href = docs::address(rules::find(finding.code)?)?.parse().ok()?;
    Some(CodeDescription { href })
}

/// What is wrong with a configuration.
pub(super) fn of_configuration(lines: &Lines, fault: &diagnostic::Diagnostic) -> Diagnostic {
    Diagnostic {
        range: lines.range(fault.span()),
        severity: Some(DiagnosticSeverity::ERROR),
        source: Some(SOURCE.to_owned()),
        message: message(fault),
        ..Diagnostic::default()
    }
}

/// A text in which the design's files are called by their ways from the folder of one of them: here they have the names by which
/// all that is open is told apart.
fn by_ways(checked: &Checked, from: FileId, mut text: String) -> String {
    let folder = Path::new(&checked.sources.file(from).name).parent().unwrap_or(Path::new(""));
    for (_, file) in checked.sources.iter().filter(|(_, it)| Path::new(&it.name).is_absolute()) {
        if text.contains(&file.name) {
            let way = disk::shown(&disk::way(folder, Path::new(&file.name)));
            text = text.replace(&file.name, &way);
        }
    }
    text
}

/// Words of a label that point at its place: in a list of findings it stands with no place.
const POINTING: [&str; 4] = ["here", "this", "it", "there"];

/// Whether a label has a word that a message has not.
fn says_more(label: &str, message: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let is_apart = |it: char| it.is_whitespace() || "`'\"():;,".contains(it);
        text.split(is_apart).filter(|it| !it.is_empty()).map(str::to_lowercase).collect()
    };
    let said = words(message);
    words(label).iter().any(|it| !said.contains(it) && !POINTING.contains(&it.as_str()))
}

/// What is wrong, what there is to know about it, and what to do.
fn message(finding: &diagnostic::Diagnostic) -> String {
    let mut message = finding.message.clone();
    let label = &finding.labels[0].message;
    if says_more(label, &finding.message) {
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
