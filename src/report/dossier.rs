//! All that is told of one design, and the formats in which `loadpath report` tells it: each is a file, and none knows
//! another.
//!
//! A new format is its file and a line in `FORMATS`.

use super::figures::{self as reported, CutOrder, Figures};
use super::text::Look;
use super::{Form, brief, page};
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
pub type Format = Form<fn(&Dossier, Look) -> String>;

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
