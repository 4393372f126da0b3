//! Findings as they are shown: each format is a file, and none knows another.

pub mod docs;
pub mod dot;
pub mod estimate;
pub mod figures;
pub mod json;
pub mod text;
pub mod what_if;

use rustc_hash::FxHashSet;

use crate::check::{Checked, Suppressed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;

/// What was found in one or more designs, in the order in which it is shown.
#[derive(Debug)]
pub struct Report<'a> {
    /// The findings with the texts that they are about.
    pub findings: Vec<(&'a Sources, &'a Diagnostic)>,
    /// The accepted findings.
    pub suppressed: Vec<(&'a Sources, &'a Suppressed)>,
    /// The names of all files that were read, each once, in the order of reading.
    pub files: Vec<&'a str>,
    /// What it comes to.
    pub summary: Summary,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Findings that break a promise or let someone in.
    pub errors: usize,
    /// Findings that are wrong in most designs.
    pub warnings: usize,
    /// Findings that an interviewer would ask about.
    pub advice: usize,
    /// Accepted findings.
    pub suppressed: usize,
    /// The files read, included ones as well.
    pub files: usize,
    /// The components of all designs.
    pub components: usize,
    /// The links of all designs.
    pub links: usize,
    /// Findings that were counted and not shown.
    pub omitted: usize,
    /// Flows that a design was too large to follow.
    pub unfollowed: usize,
    /// Findings that a safe fix mends.
    pub fixable: usize,
    /// Findings that only an unsafe fix mends.
    pub unsafely_fixable: usize,
    /// Findings that were mended, where that was asked for.
    pub mended: Option<usize>,
}

impl<'a> Report<'a> {
    /// The findings of several designs. What two of them say of a file that both include is said once.
    pub fn of(designs: &'a [Checked]) -> Self {
        let mut report = Self {
            findings: Vec::new(),
            suppressed: Vec::new(),
            files: Vec::new(),
            summary: Summary::default(),
        };
        let mut said = FxHashSet::default();
        let mut accepted = FxHashSet::default();
        let mut files = FxHashSet::default();
        for design in designs {
            let sources = &design.sources;
            let names = sources.iter().map(|(_, file)| file.name.as_str());
            report.files.extend(names.filter(|name| files.insert(*name)));
            let new = design.diagnostics.iter().filter(|it| said.insert(place(sources, it)));
            report.findings.extend(new.map(|it| (sources, it)));
            let new = design.suppressed.iter().filter(|it| accepted.insert(place(sources, &it.diagnostic)));
            report.suppressed.extend(new.map(|it| (sources, it)));
            report.summary.components += design.architecture.components().len();
            report.summary.links += design.architecture.links().len();
            report.summary.unfollowed += design.analysis.unfollowed();
        }
        let count = |level| report.findings.iter().filter(|(_, it)| it.severity == level).count();
        let offered = || report.findings.iter().filter_map(|(_, it)| it.fix.as_ref());
        let fixable = |is_safe| offered().filter(|fix| fix.is_safe == is_safe).count();
        report.summary = Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            advice: count(Severity::Advice),
            suppressed: report.suppressed.len(),
            files: report.files.len(),
            fixable: fixable(true),
            unsafely_fixable: fixable(false),
            ..report.summary
        };
        report
    }

    /// Leaves out all findings but the first so many; they stay counted.
    pub fn shorten(&mut self, most: usize) {
        self.summary.omitted = self.findings.len().saturating_sub(most);
        self.findings.truncate(most);
    }
}

impl Summary {
    /// How many findings are at this level or graver.
    pub fn at_least(&self, level: Severity) -> usize {
        match level {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Advice => self.errors + self.warnings + self.advice,
        }
    }
}

/// What makes two findings one.
fn place<'a>(sources: &'a Sources, finding: &'a Diagnostic) -> (&'a str, u32, &'a str, &'a str) {
    let span = finding.span();
    (&sources.file(span.file).name, span.start, finding.code, &finding.message)
}
