//! Findings as they are shown: each format is a file, and none knows another.
//!
//! A new format is its file and the two lines below that name it: `mod` and `FORMATS`.

mod before_after;
pub mod brief;
pub mod concise;
pub mod diff;
pub mod docs;
pub mod dossier;
pub mod estimate;
pub mod figures;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod graph;
pub mod interview;
pub mod json;
pub mod junit;
pub mod learn;
pub mod page;
pub mod pretty;
pub mod review;
pub mod sarif;
mod scored;
pub mod text;
pub mod verdict;
pub mod what_if;

use std::time::Duration;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::{Checked, Suppressed};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Sources;
use text::Look;

/// All formats that findings are written in.
#[rustfmt::skip] // One a line, so that formats that are added at the same time seldom meet.
pub static FORMATS: &[&Format] = &[
    &pretty::FORMAT,
    &concise::FORMAT,
    &json::FORMAT,
    &sarif::FORMAT,
    &github::FORMAT,
    &gitlab::FORMAT,
    &junit::FORMAT,
];

/// A way to write a report.
#[derive(Debug)]
pub struct Format {
    /// What it is called.
    pub name: &'static str,
    /// Whom it is for, in a few words.
    pub about: &'static str,
    /// Whether it is one whole, beside which nothing else may stand; the lines of a log may follow others.
    pub is_document: bool,
    /// The report in this format; how text looks concerns those for readers only.
    pub render: fn(&Report, Look) -> String,
    /// What is written besides.
    pub aside: Option<Aside>,
}

/// One of the ways to write an answer about a design, which `R` makes.
#[derive(Debug)]
pub struct Form<R> {
    /// What it is called.
    pub name: &'static str,
    /// What else it is called, where another command calls it so.
    pub alias: Option<&'static str>,
    /// Whom it is for, in a few words.
    pub about: &'static str,
    /// The answer in this format; how text looks concerns that for a terminal only.
    pub render: R,
}

/// What an answer about a design is headed by: the name of the system, else of its file.
fn entitled<'a>(system: Option<&'a str>, files: &'a [String]) -> &'a str {
    match (system, files.first().map(String::as_str)) {
        (Some(name), _) => name,
        (None, Some("-")) => "standard input",
        (None, file) => file.unwrap_or_default(),
    }
}

/// What a format adds to a file that the surroundings name, such as the summary of a step of CI.
#[derive(Debug)]
pub struct Aside {
    /// The environment variable that names the file; without it there is none.
    pub variable: &'static str,
    /// What is added.
    pub render: fn(&Report) -> String,
}

/// What was found in one or more designs, in the order in which it is shown: by file, place and code.
#[derive(Debug)]
pub struct Report<'a> {
    /// The findings with the texts that they are about.
    pub findings: Vec<(&'a Sources, &'a Diagnostic)>,
    /// The accepted findings.
    pub suppressed: Vec<(&'a Sources, &'a Suppressed)>,
    /// The findings that a baseline knows.
    pub known: Vec<(&'a Sources, &'a Diagnostic)>,
    /// The file of the baseline that the findings were held against, where there is one.
    pub baseline: Option<String>,
    /// The names of all files that were read, each once, in the order of reading.
    pub files: Vec<&'a str>,
    /// Files that are called otherwise from where their project begins than here, with how.
    pub addresses: FxHashMap<&'a str, String>,
    /// What could not be read or done, in words.
    pub troubles: Vec<String>,
    /// How long it took, where a closing line is to say so.
    pub took: Option<Duration>,
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
    /// Findings that a baseline knows, which are not shown.
    pub known: usize,
    /// Findings that a baseline knows and that are not there any more.
    pub stale: usize,
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
            known: Vec::new(),
            baseline: None,
            files: Vec::new(),
            addresses: FxHashMap::default(),
            troubles: Vec::new(),
            took: None,
            summary: Summary::default(),
        };
        let mut said = FxHashSet::default();
        let mut accepted = FxHashSet::default();
        let mut known = FxHashSet::default();
        let mut files = FxHashSet::default();
        for design in designs {
            let sources = &design.sources;
            let names = sources.iter().map(|(_, file)| file.name.as_str());
            report.files.extend(names.filter(|name| files.insert(*name)));
            let new = design.diagnostics.iter().filter(|it| said.insert(place(sources, it)));
            report.findings.extend(new.map(|it| (sources, it)));
            let new = design.suppressed.iter().filter(|it| accepted.insert(place(sources, &it.diagnostic)));
            report.suppressed.extend(new.map(|it| (sources, it)));
            let new = design.known.iter().filter(|it| known.insert(place(sources, it)));
            report.known.extend(new.map(|it| (sources, it)));
            report.summary.components += design.architecture.components().len();
            report.summary.links += design.architecture.links().len();
            report.summary.unfollowed += design.analysis.unfollowed();
        }
        // Two designs may speak of the same file: one that both include.
        let places: FxHashMap<&str, usize> =
            report.files.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let order = |sources: &'a Sources, it: &'a Diagnostic| {
            let (file, start, code, message) = place(sources, it);
            (places[file], start, code, message)
        };
        report.findings.sort_by_key(|(sources, it)| order(sources, it));
        report.suppressed.sort_by_key(|(sources, it)| order(sources, &it.diagnostic));
        report.known.sort_by_key(|(sources, it)| order(sources, it));
        let count = |level| report.findings.iter().filter(|(_, it)| it.severity == level).count();
        let offered = || report.findings.iter().filter_map(|(_, it)| it.fix.as_ref());
        let fixable = |is_safe| offered().filter(|fix| fix.is_safe == is_safe).count();
        report.summary = Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            advice: count(Severity::Advice),
            suppressed: report.suppressed.len(),
            known: report.known.len(),
            files: report.files.len(),
            fixable: fixable(true),
            unsafely_fixable: fixable(false),
            ..report.summary
        };
        report
    }

    /// Takes in how files are called from where their project begins, wherever the program was run.
    pub fn find_addresses(&mut self, address: impl Fn(&str) -> Option<String>) {
        let called = self.files.iter().filter_map(|name| Some((*name, address(name)?)));
        self.addresses = called.filter(|(name, address)| name != address).collect();
    }

    /// How a file is called from where its project begins; the whole path of one outside of it.
    pub(crate) fn address<'b>(&'b self, name: &'b str) -> &'b str {
        self.addresses.get(name).map_or(name, String::as_str)
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
