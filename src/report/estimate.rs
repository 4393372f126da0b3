//! The back of the envelope for readers and programs: each figure with its formula.
//!
//! [`Estimate`] is plain data, described in `docs/json.md`; what is unknown is not guessed: `open` says what to state.

mod markdown;
mod text;

use serde::Serialize;

use super::{entitled, json};
use crate::analysis::estimate::{Amount, Line, Section, Sheet};
use crate::check::Checked;
use crate::figures;

pub use markdown::markdown;
pub use text::text;

/// The version of the format.
pub const VERSION: u32 = 1;

/// The estimates of one design.
#[derive(Debug, Serialize)]
pub struct Estimate {
    pub(in crate::report) version: u32,
    pub(in crate::report) tool: Tool,
    /// The files that the design is written in, its own first.
    pub(in crate::report) files: Vec<String>,
    /// Its name.
    pub(in crate::report) system: Option<String>,
    pub(in crate::report) sections: Vec<Part>,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Tool {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) version: &'static str,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Part {
    pub(in crate::report) name: &'static str,
    pub(in crate::report) lines: Vec<Row>,
    /// What to state to know more.
    pub(in crate::report) open: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct Row {
    /// A component, a flow, a link, or `system`.
    pub(in crate::report) element: String,
    pub(in crate::report) what: String,
    /// None where no number is enough.
    pub(in crate::report) value: Option<f64>,
    pub(in crate::report) unit: &'static str,
    /// The value as people read it.
    #[serde(skip)]
    pub(in crate::report) shown: String,
    /// How it came about; none where it is stated so.
    pub(in crate::report) working: Option<String>,
    pub(in crate::report) note: Option<String>,
    pub(in crate::report) is_assumed: bool,
    pub(in crate::report) is_short: bool,
}

impl Estimate {
    /// Of a checked design.
    pub fn of(design: &Checked) -> Self {
        let Checked { sources, architecture, analysis, .. } = design;
        let sheet = Sheet::of(architecture, analysis);
        Self {
            version: VERSION,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            files: sources.iter().map(|(_, file)| file.name.clone()).collect(),
            system: architecture.system.name.as_ref().map(ToString::to_string),
            sections: sheet.sections.into_iter().map(Part::of).collect(),
        }
    }

    /// As JSON, ended by a newline.
    pub fn json(&self) -> String {
        json::pretty(self)
    }

    fn title(&self) -> &str {
        entitled(self.system.as_deref(), &self.files)
    }
}

/// What all figures go by.
const TERMS: &str = "a month is 30 days, a year 365; ~ rests on an assumed figure";

impl Part {
    fn of(section: Section) -> Self {
        let Section { name, lines, open } = section;
        Self { name, lines: lines.into_iter().map(Row::of).collect(), open }
    }

    /// The lines in runs of one element.
    fn by_element(&self) -> impl Iterator<Item = &[Row]> {
        self.lines.chunk_by(|a, b| a.element == b.element)
    }
}

impl Row {
    pub(in crate::report) fn of(line: Line) -> Self {
        let (value, unit, shown) = match line.amount {
            Amount::Count(count) => (count, "count", figures::number(count)),
            Amount::Rate(rate) => (rate.per_second(), "per_second", rate.to_string()),
            Amount::Size(size) => (size.bytes(), "bytes", size.to_string()),
            Amount::Throughput(it) => (it.bytes_per_second(), "bytes_per_second", it.to_string()),
        };
        let said = |text: String| if text.is_empty() { None } else { Some(text) };
        Self {
            element: line.element,
            what: line.what,
            value: Some(value).filter(|it| it.is_finite()),
            unit,
            shown,
            working: said(line.working),
            note: said(line.note),
            is_assumed: line.is_assumed,
            is_short: line.is_short,
        }
    }

    /// The value, marked where it rests on an assumed figure.
    pub(in crate::report) fn marked(&self) -> String {
        if self.is_assumed { format!("~{}", self.shown) } else { self.shown.clone() }
    }
}
