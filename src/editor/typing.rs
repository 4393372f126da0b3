//! What is still being typed: nobody is told that it is wrong before it stands there.

use super::{View, completion};
use crate::diagnostic::Diagnostic;
use crate::model::Architecture;
use crate::rules;
use crate::source::{FileId, Span};

/// The codes of what is not read, and of a word that is no kind.
const NOT_READ: &str = "LP001";
const NO_KIND: &str = "LP004";

/// A place where somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    at: u32,
    /// Whether the word that ends there may be the beginning of another.
    may_go_on: bool,
    /// Whether the last word before it is the name of something: a link may begin with it.
    is_after_name: bool,
}

impl Typing {
    /// What is known of the place at a byte of a file where somebody types.
    pub fn of(view: &View, file: FileId, at: u32) -> Self {
        let text = &view.file(file).text;
        let here = || {
            view.checked
                .diagnostics
                .iter()
                .filter(|it| it.span().file == file && is_near(text, it.span(), at))
        };
        let is_cut = here().any(|it| it.span().end == at);
        let may_go_on = is_cut && completion::may_go_on(view, file, at);
        let unknown = here().find(|it| it.code == NO_KIND).map(Diagnostic::span);
        let is_after_name =
            unknown.is_some_and(|it| is_declared_elsewhere(&view.checked.architecture, text, it));
        Self { at, may_go_on, is_after_name }
    }

    /// Whether a finding in this text of the file is about what is being typed.
    pub fn is_about(self, text: &str, finding: &Diagnostic) -> bool {
        let span = finding.span();
        if !rules::is_of_the_language(finding.code) || span.start > self.at {
            return false;
        }
        match finding.code {
            // The first half of an arrow.
            NOT_READ => before(text, self.at).ends_with(['-', '~']) && span.end == self.at,
            NO_KIND if self.is_after_name => is_near(text, span, self.at),
            _ => self.may_go_on && span.end == self.at,
        }
    }
}

/// Whether nothing but blanks stands between a span and the place.
fn is_near(text: &str, span: Span, at: u32) -> bool {
    let between = text.get(span.end as usize..at as usize);
    between.is_some_and(|it| it.chars().all(|letter| matches!(letter, ' ' | '\t')))
}

fn before(text: &str, at: u32) -> &str {
    text.get(..at as usize).unwrap_or_default()
}

/// Whether something has the name that stands in a span and does not declare it.
fn is_declared_elsewhere(architecture: &Architecture, text: &str, word: Span) -> bool {
    let Some(written) = text.get(word.range()) else { return false };
    let is_it = |name: &str, span: Span| {
        span != word && (name == written || name.rsplit('.').next() == Some(written))
    };
    architecture.components().any(|it| is_it(&it.name, it.span))
        || architecture.groups().any(|it| is_it(&it.name, it.span))
}
