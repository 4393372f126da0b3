//! What a change of a design does: the findings, the figures and the elements of a later text against an earlier one.

use super::Checked;
use super::differences::Differences;
use crate::analysis::diff::{self, Analysed, Difference};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{ElementChange, Written, contrast};

/// How two designs differ.
#[derive(Debug)]
pub struct Change {
    /// The findings that come, go and change.
    pub findings: Differences,
    /// The figures that move.
    pub figures: Difference,
    /// The same at the milder ends of the ranges that one of the designs states; none where neither does.
    pub at_milder_ends: Option<Difference>,
    /// The elements that are others, or state something else.
    pub elements: Vec<ElementChange>,
}

/// Holds a later design against an earlier one.
pub fn diff(before: &Checked, after: &Checked) -> Change {
    let states_ranges = before.milder.is_some() || after.milder.is_some();
    Change {
        findings: Differences::between(&before.diagnostics, &after.diagnostics),
        figures: diff::diff((&before.architecture, &before.analysis), (&after.architecture, &after.analysis)),
        at_milder_ends: states_ranges.then(|| diff::diff(at_milder_ends(before), at_milder_ends(after))),
        elements: contrast(written(before), written(after)),
    }
}

/// A design without ranges is the same at all of their ends.
fn at_milder_ends(design: &Checked) -> Analysed<'_> {
    let same = (&design.architecture, &design.analysis);
    design.milder.as_ref().map_or(same, |it| (&it.architecture, &it.analysis))
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
