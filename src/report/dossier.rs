//! All that is told of one design, and the formats in which `loadpath report` tells it: each is a file, and none knows
//! another.
//!
//! A new format is its file and a line in `FORMATS`.

use super::figures::{self as reported, CutOrder, Figures};
use super::text::Look;
use super::{Named, brief, page};
use crate::check::{Checked, mend};
use crate::figures;

/// All formats of a report.
#[rustfmt::skip] // One a line, so that formats that are added at the same time seldom meet.
pub static FORMATS: &[&Format] = &[
    &reported::text::FORMAT,
    &reported::FORMAT,
    &page::FORMAT,
    &brief::FORMAT,
];

/// A way to write a report on one design.
#[derive(Debug)]
pub struct Format {
    /// What it is called.
    pub name: &'static str,
    /// What else it is called, where another command calls it so.
    pub alias: Option<&'static str>,
    /// Whom it is for, in a few words.
    pub about: &'static str,
    /// The report in this format; how text looks concerns that for a terminal only.
    pub render: fn(&Dossier, Look) -> String,
}

impl Named for Format {
    fn name(&self) -> &'static str {
        self.name
    }

    fn alias(&self) -> Option<&'static str> {
        self.alias
    }

    fn about(&self) -> &'static str {
        self.about
    }
}

/// A design with what was found and reckoned of it.
#[derive(Debug)]
pub struct Dossier<'a> {
    /// The design.
    pub design: &'a Checked,
    /// Its figures.
    pub figures: Figures,
}

impl<'a> Dossier<'a> {
    /// Of a checked design.
    pub fn of(design: &'a Checked, order: CutOrder) -> Self {
        Self { design, figures: Figures::of(design, order) }
    }

    /// That a part of the text could not be read, where that is so: who is handed the report sees no exit code.
    pub(super) fn torn(&self) -> Option<String> {
        let errors = mend::tears(self.design);
        let errors = (errors > 0).then(|| figures::count(errors, "error", "errors"))?;
        Some(format!("the text has {errors} of the language: the figures are those of what could be read"))
    }
}
