//! Another name for something, wherever it is named. A rename is only made if afterwards every word leads where it did.

use std::collections::BTreeMap;

use super::symbols::{Mention, Subject, Symbols};
use super::{View, words};
use crate::check::{Checked, Session, mend};
use crate::diagnostic::Edit;
use crate::source::{FileId, Span};
use crate::syntax;

/// Checks a design with other texts, by the names of its files.
pub type Again<'a> = dyn Fn(&BTreeMap<String, String>) -> Option<(Session, Checked)> + 'a;

/// The word at a place that can be given another name.
pub fn nameable<'a>(view: &'a View, file: FileId, at: u32) -> Option<&'a Mention> {
    view.symbols().at(file, at)
}

/// The edits that give what stands at a place another name.
///
/// `again` checks the design with other texts, by the names of its files.
///
/// # Errors
/// Says why the name can't be taken.
pub fn rename(view: &View, file: FileId, at: u32, name: &str, again: &Again) -> Result<Vec<Edit>, String> {
    let Some(mention) = nameable(view, file, at) else {
        return Err("nothing here has a name".to_owned());
    };
    if !syntax::is_name(name) {
        return Err(format!(
            "`{name}` is no name: it begins with a letter or `_`, and goes on with letters, digits, `_`, and `-` between them"
        ));
    }
    let subject = &mention.subject;
    let old = view.checked.sources.text(mention.span);
    if old == name {
        return Ok(Vec::new());
    }
    let edits: Vec<Edit> = view.symbols().of_subject(subject).map(|it| edit(view, it, name)).collect();
    if matches!(subject, Subject::Declared(_)) {
        verify(view, &edits, name, again)?;
    }
    Ok(edits)
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

fn verify(view: &View, edits: &[Edit], name: &str, again: &Again) -> Result<(), String> {
    let Some((session, checked)) = again(&mend::made(&view.checked.sources, edits)) else {
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
