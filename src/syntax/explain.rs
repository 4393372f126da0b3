//! Says what is wrong where the grammar stopped, in the language's own words.

use std::ops::Range;

use pest::error::{Error, ErrorVariant, InputLocation};

use super::SyntaxError;
use super::grammar::Rule;
use super::split::Context;
use crate::source::{FileId, Span};

pub(super) const UNCLOSED_TEXT: &str = "the text is not closed on its line";

/// Where the grammar stopped, and what it would have taken.
pub(super) struct Failure {
    /// From the start of what was parsed, in bytes.
    pub(super) at: usize,
    pub(super) expected: Vec<Rule>,
}

impl Failure {
    pub(super) fn from_pest(error: &Error<Rule>) -> Self {
        let at = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => positives.clone(),
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        Self { at, expected }
    }
}

pub(super) fn explain(
    file: FileId,
    text: &str,
    line: Range<usize>,
    failure: &Failure,
    context: Context,
) -> SyntaxError {
    let at = (line.start + failure.at).min(line.end);
    let _ = context;
    SyntaxError::new(
        format!("unexpected `{}`", &text[at..line.end]),
        Span::new(file, at, line.end),
        format!("{:?}", failure.expected),
        "",
    )
}
