//! What a change of a design does: the findings, the figures and the elements of a later text against an earlier one.

use super::Checked;
use super::differences::Differences;
use crate::analysis::diff::{self, Difference};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{ElementChange, Written, contrast};

/// How two designs differ.
#[derive(Debug)]
pub struct Change {
    /// The findings that come, go and change.
    pub findings: Differences,
    /// The figures that move.
    pub figures: Difference,
    /// The elements that are others, or state something else.
    pub elements: Vec<ElementChange>,
}

/// Holds a later design against an earlier one.
pub fn diff(before: &Checked, after: &Checked) -> Change {
    Change {
        findings: Differences::between(&before.diagnostics, &after.diagnostics),
        figures: diff::diff((&before.architecture, &before.analysis), (&after.architecture, &after.analysis)),
        elements: contrast(written(before), written(after)),
    }
}

fn written(design: &Checked) -> Written<'_> {
    Written { sources: &design.sources, architecture: &design.architecture }
}

impl Change {
    /// Whether a finding of this level or a graver one comes, or one of both rises to it.
    pub fn comes_at(&self, level: Severity) -> bool {
        let counts = |it: &Diagnostic| it.severity <= level;
        let Differences { come, changed, .. } = &self.findings;
        come.iter().any(counts) || changed.iter().any(|(was, is)| counts(is) && !counts(was))
    }
}
