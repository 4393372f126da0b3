//! What stands before and after a change, in data, text and Markdown: the words of "what if" and of a diff.

pub(in crate::report) mod markdown;
pub(in crate::report) mod text;

use serde::Serialize;

use super::figures::Minutes;
use crate::figures;

#[derive(Debug, Serialize)]
pub(in crate::report) struct Tool {
    name: &'static str,
    version: &'static str,
}

impl Tool {
    /// This program.
    pub(in crate::report) const THIS: Self =
        Self { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };
}

/// As it was, and as it is; nothing where it is not known.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::report) struct Pair<T> {
    pub(in crate::report) before: Option<T>,
    pub(in crate::report) after: Option<T>,
}

impl<T> Pair<T> {
    /// Both sides.
    pub(in crate::report) fn of(before: T, after: T) -> Self {
        Self { before: Some(before), after: Some(after) }
    }

    pub(in crate::report) fn map<U>(self, of: impl Fn(T) -> U) -> Pair<U> {
        self.and_then(|it| Some(of(it)))
    }

    pub(in crate::report) fn and_then<U>(self, of: impl Fn(T) -> Option<U>) -> Pair<U> {
        Pair { before: self.before.and_then(&of), after: self.after.and_then(&of) }
    }

    /// `757/s → 6 944/s`; once where both read alike.
    pub(in crate::report) fn told(&self, arrow: &str, dash: &str, text: impl Fn(&T) -> String) -> String {
        let one = |it: &Option<T>| it.as_ref().map_or_else(|| dash.to_owned(), &text);
        let (before, after) = (one(&self.before), one(&self.after));
        if before == after { after } else { format!("{before} {arrow} {after}") }
    }
}

impl Minutes {
    /// `19.9 min`, or `< 20 min`.
    pub(in crate::report) fn told(self) -> String {
        match self {
            Self::Exact(minutes) => figures::minutes(minutes),
            Self::Bounds { upper, .. } => format!("< {}", figures::minutes_at_most(upper)),
        }
    }
}
