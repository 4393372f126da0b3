//! What stands before and after a change, in data, text and Markdown: the words of "what if" and of a diff.

pub(in crate::report) mod markdown;
pub(in crate::report) mod text;

use serde::Serialize;

use super::figures::{Minutes, Span};
use super::text::Look;
use crate::analysis::latency::Latency;
use crate::figures;
use crate::model::ComponentId;

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

/// How long a flow takes at peak until it is answered, in seconds.
#[derive(Clone, Debug, Serialize)]
pub(in crate::report) struct Time {
    pub(in crate::report) p50: f64,
    pub(in crate::report) p99: Span,
    /// Whether something of unknown length is on the way.
    pub(in crate::report) is_lower_bound: bool,
    /// Components to which more comes than they can do: it has no end.
    pub(in crate::report) saturated: Vec<String>,
}

/// As it was, and as it is; nothing where it is not known.
#[derive(Clone, Copy, Debug, Serialize)]
pub(in crate::report) struct Pair<T> {
    pub(in crate::report) before: Option<T>,
    pub(in crate::report) after: Option<T>,
}

impl Time {
    pub(in crate::report) fn of(latency: &Latency, name: &impl Fn(&ComponentId) -> String) -> Self {
        Self {
            p50: latency.median.seconds(),
            p99: Span { lower: latency.least.seconds(), upper: latency.most.seconds() },
            is_lower_bound: latency.is_lower_bound(),
            saturated: latency.saturated.iter().map(name).collect(),
        }
    }

    /// The median: `7 ms`, or `≥7 ms`.
    pub(in crate::report) fn median_told(&self, look: Look) -> String {
        if !self.saturated.is_empty() {
            "no end".to_owned()
        } else if self.is_lower_bound {
            format!("{}{}", look.at_least(), figures::duration_at_least(self.p50))
        } else {
            figures::duration(self.p50)
        }
    }

    /// What one in a hundred takes: `27 ms to 35 ms`.
    pub(in crate::report) fn told(&self, look: Look) -> String {
        if !self.saturated.is_empty() {
            return "no end".to_owned();
        }
        let least = if self.is_lower_bound { look.at_least() } else { "" };
        format!("{least}{}", self.p99.told(self.is_lower_bound))
    }
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
