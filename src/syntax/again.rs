//! A text parsed again after a change: only the statements around the change are parsed, the others are kept.
//!
//! How a statement is read depends on its own text, and on where the next one begins. So what stands before the change
//! is kept up to two statements ahead of it, or to the first fault, whose extent later text may decide; and reading ends
//! at the first statement after the change that was one before, for what follows was read by the same text.

use std::ops::Range;

use super::ast;
use super::recover::Recovery;
use super::spans::Spans;
use super::{MAX_BYTES, MAX_ERRORS, SyntaxError};
use crate::source::{FileId, SourceFile, Span};

/// A byte-order mark, which only the beginning of a text may have.
const MARK: char = '\u{feff}';

/// How many statements before a change are read again.
const STEP_BACK: usize = 2;

/// A file as it was parsed, with what it takes to parse its next version.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// Its tree.
    pub tree: ast::File,
    /// Its faults.
    pub errors: Vec<SyntaxError>,
    text: String,
    /// Where each statement begins, broken ones included; nothing where the whole must be read again.
    starts: Vec<u32>,
}

/// What was replaced in a text, and how many bytes of it are now there.
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

impl Parsed {
    /// Parses a file.
    pub fn of(id: FileId, file: &SourceFile) -> Self {
        let mut starts = Vec::new();
        let (tree, errors) = super::parse_parts(id, file.design(), file.parts().into_iter(), &mut starts);
        if file.fences().is_some() || errors.len() >= MAX_ERRORS || !is_plain(&file.text) {
            starts.clear();
        }
        Self { tree, errors, text: file.text.clone(), starts }
    }

    /// Parses the next version of the same file; the result is that of [`Parsed::of`].
    #[must_use]
    pub fn again(self, id: FileId, file: &SourceFile) -> Self {
        let is_whole = self.starts.is_empty()
            || file.fences().is_some()
            || file.text.len() > MAX_BYTES
            || self.tree.statements.first().is_some_and(|it| it.span().file != id);
        if is_whole {
            return Self::of(id, file);
        }
        if self.text == file.text {
            return self;
        }
        let change = Change::between(&self.text, &file.text);
        // What stood inside may have become the beginning: a byte-order mark.
        if !is_plain(&file.text[change.new.clone()]) || file.text.starts_with(MARK) {
            return Self::of(id, file);
        }
        self.changed(id, &file.text, &change).unwrap_or_else(|| Self::of(id, file))
    }

    /// The parse of the text after a change; nothing if the whole must be read again.
    fn changed(mut self, id: FileId, text: &str, change: &Change) -> Option<Self> {
        let first = self.first_to_read(change);
        // Before the first there may be a comment, which may not be one any more.
        let from = if first == 0 { 0 } else { self.starts[first] as usize };
        let mut errors = Vec::new();
        let mut recovery = Recovery::new(id, text, &mut errors);
        if recovery.without_unclosed_comment(0) < text.len() {
            return None;
        }
        let grown = i64::from(change.new.end as u32) - i64::from(change.old.end as u32);
        // A statement after the change that begins in a later row, where one began before as well.
        let row_end = text[change.new.end..].find('\n').map_or(text.len(), |it| change.new.end + it);
        let old_at = |at: usize| {
            (at > row_end)
                .then(|| self.starts.binary_search(&((i64::from(at as u32) - grown) as u32)).ok())?
        };
        let mut starts = Vec::new();
        let (statements, met) = recovery.statements_until(from, &mut starts, &old_at);
        let (met, end) = met.map_or((self.starts.len(), text.len()), |(at, index)| (index, at));
        let old_end = (i64::from(end as u32) - grown) as u32;

        let shift = |span: &mut Span| {
            span.start = (i64::from(span.start) + grown) as u32;
            span.end = (i64::from(span.end) + grown) as u32;
        };
        let old = &mut self.tree.statements;
        let kept_before = old.partition_point(|it| (it.span().start as usize) < from);
        let kept_after = old.partition_point(|it| it.span().start < old_end);
        if grown != 0 {
            old[kept_after..].iter_mut().for_each(|it| it.each_span(&mut { shift }));
        }
        old.splice(kept_before..kept_after, statements);

        let is_before = |it: &SyntaxError| (it.span.start as usize) < from;
        let (mut all, rest): (Vec<_>, Vec<_>) = self.errors.into_iter().partition(is_before);
        all.append(&mut errors);
        all.extend(rest.into_iter().filter(|it| it.span.start >= old_end).map(|mut it| {
            it.each_span(&mut { shift });
            it
        }));
        if all.len() >= MAX_ERRORS {
            return None;
        }
        all.sort_by_key(|it| (it.span.start, it.span.end));
        let moved = self.starts[met..].iter().map(|it| (i64::from(*it) + grown) as u32);
        starts.extend(moved);
        self.starts.truncate(first);
        self.starts.append(&mut starts);
        Some(Self { tree: self.tree, errors: all, text: text.to_owned(), starts: self.starts })
    }

    /// The first statement that is read again.
    fn first_to_read(&self, change: &Change) -> usize {
        let fault = self.errors.first().map_or(u32::MAX, |it| it.span.start);
        let at = (change.old.start as u32).min(fault);
        self.starts.partition_point(|it| *it <= at).saturating_sub(1 + STEP_BACK)
    }
}

impl Change {
    fn between(old: &str, new: &str) -> Self {
        let same = |(a, b): &(u8, u8)| a == b;
        let before = old.bytes().zip(new.bytes()).take_while(same).count();
        let left = old.len().min(new.len()) - before;
        let after = old.bytes().rev().zip(new.bytes().rev()).take(left).take_while(same).count();
        // Whole characters on both sides.
        let start = new.floor_char_boundary(before).min(old.floor_char_boundary(before));
        let mut after = after;
        while !new.is_char_boundary(new.len() - after) {
            after -= 1;
        }
        Self { old: start..old.len() - after, new: start..new.len() - after }
    }
}

/// Whether nothing in a text is blanked before it is parsed.
fn is_plain(text: &str) -> bool {
    !text.starts_with(MARK)
        && !text.bytes().any(|it| (it < b' ' && !matches!(it, b'\n' | b'\t')) || it == 0x7f)
}
