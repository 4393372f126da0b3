//! Another name for something, wherever it is named. A rename is only made if afterwards every word leads where it did.

use std::collections::{BTreeMap, BTreeSet};

use super::symbols::{Mention, Subject, Symbols};
use super::{View, words};
use crate::check::{Checked, Session, mend};
use crate::diagnostic::Edit;
use crate::source::{FileId, Span};
use crate::syntax;

/// Checks one of some designs, by its place, with other texts by the names of its files.
pub type Again<'a> = dyn Fn(usize, &BTreeMap<String, String>) -> Option<(Session, Checked)> + 'a;

/// The word at a place that can be given another name.
pub fn nameable<'a>(view: &'a View, file: FileId, at: u32) -> Option<&'a Mention> {
    view.symbols().at(file, at)
}

/// The edits that give what stands at a place of the first design another name, in all designs that share files with it:
/// each with the place of a design that has its file.
///
/// # Errors
/// Says why the name can't be taken.
pub fn rename(
    designs: &[View],
    file: FileId,
    at: u32,
    name: &str,
    again: &Again,
) -> Result<Vec<(usize, Edit)>, String> {
    let Some((view, mention)) = designs.first().and_then(|it| Some((it, nameable(it, file, at)?))) else {
        return Err("nothing here has a name".to_owned());
    };
    if !syntax::is_name(name) {
        return Err(format!(
            "`{name}` is no name: it begins with a letter or `_`, and goes on with letters, digits, `_`, and `-` between them"
        ));
    }
    if view.checked.sources.text(mention.span) == name {
        return Ok(Vec::new());
    }
    let edits = edits(designs, view, &mention.subject, name);
    if let Subject::Tag(_) = mention.subject {
        return Ok(edits);
    }
    for (at, design) in designs.iter().enumerate() {
        let own: Vec<Edit> =
            edits.iter().filter_map(|(from, it)| seen_by(design, &designs[*from], it)).collect();
        if !own.is_empty() {
            verify(design, &own, name, again(at, &mend::made(&design.checked.sources, &own)))?;
        }
    }
    Ok(edits)
}

/// Where something is named in designs that share files: each place once.
fn edits(designs: &[View], first: &View, subject: &Subject, name: &str) -> Vec<(usize, Edit)> {
    let mut known = BTreeSet::new();
    let mut edits = Vec::new();
    for (at, design) in designs.iter().enumerate() {
        let Some(subject) = subject_in(design, first, subject) else { continue };
        for mention in design.symbols().of_subject(&subject) {
            let edit = edit(design, mention, name);
            if known.insert((design.file(edit.span.file).name.as_str(), edit.span.start)) {
                edits.push((at, edit));
            }
        }
    }
    edits
}

/// What stands for something in one design as another has it, where that has its file.
pub fn subject_in(design: &View, from: &View, subject: &Subject) -> Option<Subject> {
    match subject {
        Subject::Declared(span) => elsewhere(design, from, *span).map(Subject::Declared),
        Subject::Tag(_) => {
            let is_shared = from.checked.sources.iter().any(|(_, it)| design.file_named(&it.name).is_some());
            is_shared.then(|| subject.clone())
        }
    }
}

/// A place of one design as another has it, where that has its file.
fn elsewhere(design: &View, from: &View, span: Span) -> Option<Span> {
    Some(Span { file: design.file_named(&from.file(span.file).name)?, ..span })
}

fn seen_by(design: &View, from: &View, edit: &Edit) -> Option<Edit> {
    Some(Edit { span: elsewhere(design, from, edit.span)?, text: edit.text.clone() })
}

/// A kind that stands alone (`monitoring`) is the name as well: it keeps its kind. Alone in a group it reads as a property
/// until the model knows better.
fn edit(view: &View, mention: &Mention, name: &str) -> Edit {
    let Span { file, start, end } = mention.span;
    let word = words::at(view.tree(file), file, start).filter(|it| it.span == mention.span);
    let is_kind = word.is_some_and(|it| matches!(it.role, words::Role::Kind | words::Role::Property));
    if is_kind && mention.is_declaration() {
        return Edit { span: Span { file, start: end, end }, text: format!(" {name}") };
    }
    Edit { span: mention.span, text: name.to_owned() }
}

fn verify(view: &View, edits: &[Edit], name: &str, again: Option<(Session, Checked)>) -> Result<(), String> {
    let Some((session, checked)) = again else {
        return Err("the design can't be checked with that name".to_owned());
    };
    let after = Symbols::of(&checked.architecture, session.trees());
    let moved = |span: Span| moved(span, edits);
    let expected: Vec<(Span, Option<Span>)> = view
        .symbols()
        .mentions()
        .iter()
        .map(|it| {
            let declared = if let Subject::Declared(at) = it.subject { Some(moved(at)) } else { None };
            (moved(it.span), declared)
        })
        .collect();
    let found: Vec<(Span, Option<Span>)> = after
        .mentions()
        .iter()
        .map(|it| (it.span, if let Subject::Declared(at) = it.subject { Some(at) } else { None }))
        .collect();
    if expected == found {
        return Ok(());
    }
    Err(format!("`{name}` means something else already: words would lead elsewhere than they do now"))
}

/// Where a span is when the edits are made; one that is replaced is as long as what takes its place.
fn moved(span: Span, edits: &[Edit]) -> Span {
    let mut by = 0_i64;
    for edit in edits.iter().filter(|it| it.span.file == span.file) {
        let grown = i64::from(edit.text.len() as u32) - i64::from(edit.span.end - edit.span.start);
        if edit.span == span || (edit.span.is_empty() && edit.span.start == span.end) {
            let start = (i64::from(span.start) + by) as u32;
            // What is named anew after its kind stands behind it.
            let start = if edit.span.is_empty() { start + span.len() as u32 + 1 } else { start };
            let length = edit.text.trim_start().len() as u32;
            return Span { start, end: start + length, ..span };
        }
        if edit.span.end <= span.start {
            by += grown;
        }
    }
    let shift = |at: u32| (i64::from(at) + by) as u32;
    Span { start: shift(span.start), end: shift(span.end), ..span }
}
