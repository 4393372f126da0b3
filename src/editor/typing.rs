//! What is still being typed: nobody is told that it is wrong before it stands there.

use super::{View, completion, hover};
use crate::catalogue::Kind;
use crate::diagnostic::Diagnostic;
use crate::model::{Architecture, GroupKind};
use crate::rules::{self, Rule};
use crate::source::{FileId, Span};

/// The codes of what is not read, of a name that is taken, and of a word that is no name, kind or property.
const NOT_READ: &str = "LP001";
const TAKEN: &str = "LP003";
const UNKNOWN: [&str; 3] = ["LP002", "LP004", "LP005"];

/// Whether an edit is a letter that somebody types or takes back, and not a text that is whole.
pub fn is_typed(before: &str, after: &str) -> bool {
    let is_of_word = |it: char| it.is_alphanumeric() || "_-.~>=:%/ \t".contains(it);
    let letter = |text: &str| text.chars().count() == 1 && text.chars().all(is_of_word);
    before.is_empty() && letter(after) || letter(before) && after.is_empty()
}

/// A place where somebody types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typing {
    at: u32,
    /// Whether the word that ends there may be the beginning of another, or of more.
    may_go_on: bool,
    /// Whether the last word before it begins what is to be written: a keyword, a kind, or, for a link, a name.
    begins_statement: bool,
}

impl Typing {
    /// What is known of the place behind a letter that was typed in a file.
    pub fn of(view: &View, file: FileId, at: u32) -> Self {
        let text = &view.file(file).text;
        let near = || {
            view.checked
                .diagnostics
                .iter()
                .filter(|it| it.span().file == file && is_near(text, it.span(), at))
        };
        let may_go_on = near().any(|it| it.span().end == at) && completion::may_go_on(view, file, at);
        let unknown = near().find(|it| UNKNOWN.contains(&it.code)).map(Diagnostic::span);
        let begins_statement = unknown.is_some_and(|it| {
            let word = text.get(it.range()).unwrap_or_default();
            is_of_a_head(word) || is_declared_elsewhere(&view.checked.architecture, word, it)
        });
        Self { at, may_go_on, begins_statement }
    }

    /// Whether a finding in this text of the file is about what is being typed.
    pub fn is_about(self, text: &str, finding: &Diagnostic) -> bool {
        let span = finding.span();
        if span.start > self.at {
            return false;
        }
        match finding.code {
            NOT_READ => {
                ends_line(text, self.at) && (is_near(text, span, self.at) || self.is_within(text, span))
            }
            code if self.begins_statement && UNKNOWN.contains(&code) => is_near(text, span, self.at),
            TAKEN => span.end == self.at,
            code if rules::find(code).is_some_and(Rule::is_of_an_allow) => {
                ends_line(text, self.at) && self.is_in_line(text, span)
            }
            code => rules::is_of_the_language(code) && self.may_go_on && span.end == self.at,
        }
    }

    /// Whether a span is a bracket or a quote that is opened before the place, in its line.
    fn is_within(self, text: &str, span: Span) -> bool {
        let opens = text.get(span.range()).is_some_and(|it| it.starts_with(['{', '(', '[', '"']));
        opens && self.is_in_line(text, span)
    }

    /// Whether a span begins in the line of the place.
    fn is_in_line(self, text: &str, span: Span) -> bool {
        text.get(span.start as usize..self.at as usize).is_some_and(|it| !it.contains(['\n', '\r']))
    }
}

/// Whether nothing but blanks and a `=` stands between a span and the place.
fn is_near(text: &str, span: Span, at: u32) -> bool {
    let between = text.get(span.end as usize..at as usize);
    between.is_some_and(|it| it.chars().all(|letter| matches!(letter, ' ' | '\t' | '=')))
}

/// Whether nothing stands behind a place in its line but what an editor closes by itself.
fn ends_line(text: &str, at: u32) -> bool {
    let rest = text.get(at as usize..).unwrap_or_default();
    rest.lines().next().is_none_or(|it| it.trim_matches([' ', '\t', '}', ')', ']', '"']).is_empty())
}

/// Whether a word begins a statement or a clause of one.
fn is_of_a_head(word: &str) -> bool {
    word == "kind"
        || hover::of_keyword(word).is_some()
        || Kind::parse(word).is_some()
        || GroupKind::parse(word).is_some()
}

/// Whether something has the name that stands in a span and does not declare it.
fn is_declared_elsewhere(architecture: &Architecture, written: &str, word: Span) -> bool {
    let is_it = |name: &str, span: Span| {
        span != word && (name == written || name.rsplit('.').next() == Some(written))
    };
    architecture.components().any(|it| is_it(&it.name, it.span))
        || architecture.groups().any(|it| is_it(&it.name, it.span))
}
