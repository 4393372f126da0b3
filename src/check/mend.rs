//! Fixes made: which of them can be made together, and the texts that come of it.
//!
//! A round makes all fixes that do not touch each other; whoever asks checks the new texts and asks again, until no
//! fix is left. A round that would make a text less readable than it was is taken back.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;

use super::Checked;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::model::Architecture;
use crate::rules::{self, Rule};
use crate::source::{SourceFile, Sources, Span};
use crate::syntax;

/// After so many rounds mending ends: fixes that undo each other would go on for ever.
pub const MAX_ROUNDS: usize = 30;

/// The texts that one round of fixes makes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// The new texts by the names of their files.
    pub texts: BTreeMap<String, String>,
    /// The codes of the findings that are mended, one for each.
    pub mended: Vec<&'static str>,
}

/// Makes the fixes of some designs' findings that can be made together. A fix that asks for a file that
/// `may_change` refuses is left alone, and so is an unsafe one, if those are not wanted.
pub fn round<'a>(
    designs: impl Iterator<Item = &'a Checked>,
    may_change: &dyn Fn(&str) -> bool,
    with_unsafe: bool,
) -> Round {
    let mut files = Edited::new();
    let mut mended = Vec::new();
    let mut seen = FxHashSet::default();
    for design in designs {
        for finding in &design.diagnostics {
            let Some(fix) = finding.fix.as_ref().filter(|fix| fix.is_safe || with_unsafe) else { continue };
            let file = |edit: &Edit| design.sources.file(edit.span.file);
            if fix.edits.is_empty() || !fix.edits.iter().all(|edit| may_change(&file(edit).name)) {
                continue;
            }
            // A file that several designs include is mended once.
            let place = |edit: &Edit| (file(edit).name.clone(), edit.span.start, edit.span.end);
            if !seen.insert((finding.code, fix.edits.iter().map(place).collect::<Vec<_>>())) {
                continue;
            }
            let is_free = |edit: &Edit| {
                files.get(file(edit).name.as_str()).is_none_or(|(_, made)| is_free(made, edit.span))
            };
            if !fix.edits.iter().all(is_free) {
                continue;
            }
            for edit in &fix.edits {
                enter(&mut files, file(edit), edit);
            }
            mended.push(finding.code);
        }
    }
    let form = |(name, (file, edits)): (&str, (&SourceFile, Edits))| {
        (name.to_owned(), in_form(file, apply(&file.text, &edits)))
    };
    Round { texts: files.into_iter().map(form).collect(), mended }
}

/// The texts that edits make, none overlapping, by the names of their files.
pub fn made(sources: &Sources, edits: &[Edit]) -> BTreeMap<String, String> {
    let mut files = Edited::new();
    for edit in edits {
        enter(&mut files, sources.file(edit.span.file), edit);
    }
    texts(files)
}

/// A text after a change of a file: in its one form, if the file was.
pub fn in_form(before: &SourceFile, after: String) -> String {
    if is_in_form(before) { formed(before, &after).unwrap_or(after) } else { after }
}

/// Whether a file is in its one form.
pub fn is_in_form(file: &SourceFile) -> bool {
    syntax::format_file(file).is_ok_and(|it| it == file.text)
}

/// What a file says after a change, in its one form; nothing where that has faults.
pub fn formed(file: &SourceFile, after: &str) -> Option<String> {
    syntax::format_file(&SourceFile::new(file.name.clone(), after)).ok()
}

/// Edits by the names of their files.
type Edited<'a> = BTreeMap<&'a str, (&'a SourceFile, Edits<'a>)>;

fn enter<'a>(files: &mut Edited<'a>, file: &'a SourceFile, edit: &'a Edit) {
    files.entry(&file.name).or_insert_with(|| (file, Edits::new())).1.insert(edit.span.start, edit);
}

fn texts(files: Edited) -> BTreeMap<String, String> {
    files.into_iter().map(|(name, (file, edits))| (name.to_owned(), apply(&file.text, &edits))).collect()
}

/// Edits of one text by their beginnings; none touches another.
type Edits<'a> = BTreeMap<u32, &'a Edit>;

/// Whether nothing is made yet that shares a byte or an end with this.
fn is_free(made: &Edits, span: Span) -> bool {
    made.range(..=span.end).next_back().is_none_or(|(_, last)| last.span.end < span.start)
}

/// A text with the edits made.
fn apply(text: &str, edits: &Edits) -> String {
    let mut mended = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits.values() {
        mended += &text[from..edit.span.start as usize];
        mended += &edit.text;
        from = edit.span.end as usize;
    }
    mended + &text[from..]
}

/// How many faults a design has that keep it from being read as it is written.
pub fn tears(design: &Checked) -> usize {
    design.diagnostics.iter().filter(|it| rules::is_of_the_language(it.code)).count()
}

/// Brings the fixes of findings into the form in which they are made, and takes out those of which nobody can be
/// sure: where a text could not be read in full, what seems to be missing may be what was not read. A fix that takes
/// the place of what the author states is never safe.
pub(super) fn settle(architecture: &Architecture, sources: &Sources, findings: &mut [Diagnostic]) {
    let is_torn = rules::is_torn(architecture);
    leave_what_is_stated(architecture, findings);
    for finding in findings {
        let is_about_allows = rules::find(finding.code).is_some_and(Rule::is_about_allows);
        if is_torn && is_about_allows {
            // What an `allow` would accept may not have been read.
            finding.fix.iter_mut().for_each(|fix| fix.is_safe = false);
        } else if is_torn && !rules::is_of_the_language(finding.code) {
            finding.fix = None;
        }
        // What an author wrote to be read is not thrown away.
        let text = |edit: &Edit| &sources.file(edit.span.file).text[edit.span.range()];
        if finding.fix.iter().flat_map(|fix| &fix.edits).any(|it| it.text.is_empty() && has_comment(text(it)))
        {
            finding.fix = None;
        }
        for edit in finding.fix.iter_mut().flat_map(|Fix { edits, .. }| edits) {
            let file = sources.file(edit.span.file);
            if edit.text.is_empty() {
                edit.span = with_its_line(file.design(), edit.span);
            } else if let Some(own) = on_its_own_line(file, edit) {
                *edit = own;
            }
        }
    }
}

/// Leaves what is stated to its author (`dead_letter = none`): a fix that writes something else there makes a choice in
/// the author's place. What can't be read as it stands is no statement yet.
fn leave_what_is_stated(architecture: &Architecture, findings: &mut [Diagnostic]) {
    let fixes = findings.iter_mut().filter(|it| !rules::is_of_the_language(it.code));
    let mut replacing: Vec<&mut Fix> = fixes
        .filter_map(|it| it.fix.as_mut())
        .filter(|fix| fix.is_safe && fix.edits.iter().any(|it| it.span.start < it.span.end))
        .collect();
    if replacing.is_empty() {
        return;
    }
    let stated: BTreeSet<Span> =
        architecture.bearers().flat_map(|it| it.properties().iter().map(|entry| entry.span)).collect();
    let is_stated = |Edit { span, .. }: &Edit| {
        let before = stated.range(..Span { start: span.end, end: span.end, ..*span }).next_back();
        before.is_some_and(|it| it.file == span.file && it.end > span.start)
    };
    for fix in &mut replacing {
        fix.is_safe = !fix.edits.iter().any(is_stated);
    }
}

/// Whether a comment stands in a text, outside of what is quoted.
fn has_comment(text: &str) -> bool {
    text.lines().any(|line| {
        let unquoted = line.replace("\\\\", "").replace("\\\"", "");
        unquoted.split('"').step_by(2).any(|it| it.contains("//") || it.contains("/*"))
    })
}

/// What is removed, with its line where nothing else stands there, or with the blanks and the `;` after it.
fn with_its_line(text: &str, span: Span) -> Span {
    let line_start = text[..span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let rest = &text[span.end as usize..];
    let line_end = span.end as usize + rest.find('\n').map_or(rest.len(), |at| at + 1);
    let before = &text[line_start..span.start as usize];
    let after = &text[span.end as usize..line_end];
    if before.trim().is_empty() && after.trim().is_empty() {
        return Span { start: line_start as u32, end: line_end as u32, ..span };
    }
    let blanks = |text: &str| text.len() - text.trim_start_matches([' ', '\t']).len();
    let semicolon = blanks(after);
    if after[semicolon..].starts_with(';') {
        let further = semicolon + 1 + blanks(&after[semicolon + 1..]);
        return Span { end: span.end + further as u32, ..span };
    }
    span
}

/// What is added behind something that has its line to itself has one as well, as far in; a comment stays where it is.
fn on_its_own_line(file: &SourceFile, edit: &Edit) -> Option<Edit> {
    let added = edit.text.strip_prefix(", ").or_else(|| edit.text.strip_prefix("; "))?;
    let text = file.design();
    let (before, after) = text.split_at(edit.span.start as usize);
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    let (before, after) = (&before[start..], after.lines().next().unwrap_or_default());
    let is_alone = !before.contains(['{', ',', ';']) && edit.span.is_empty();
    if !is_alone || !(after.trim_start().is_empty() || after.trim_start().starts_with("//")) {
        return None;
    }
    let end = edit.span.start as usize + after.trim_end().len();
    let line_end =
        if text[end..].trim_start_matches([' ', '\t']).starts_with("\r\n") { "\r\n" } else { "\n" };
    // In Markdown more than blanks may stand before a design's line.
    let indentation = &file.text[start..start + before.len() - before.trim_start().len()];
    Some(Edit { span: Span::new(edit.span.file, end, end), text: format!("{line_end}{indentation}{added}") })
}
