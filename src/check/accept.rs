//! Accepted findings: what a design's `allow` statements take out of the review.

use crate::check::Suppressed;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{Allow, Architecture};
use crate::rules::{self, Findings, Rule, UnusedAllow, WhyUnused};

/// The `allow`s of a design and what each has accepted so far.
pub(super) struct Accepted<'a> {
    architecture: &'a Architecture,
    is_used: Vec<bool>,
    suppressed: Vec<Suppressed>,
}

impl<'a> Accepted<'a> {
    pub(super) fn new(architecture: &'a Architecture) -> Self {
        Self { architecture, is_used: vec![false; architecture.allows.len()], suppressed: Vec::new() }
    }

    /// Keeps the accepted among the findings of a rule, and hands the rest on.
    pub(super) fn part(&mut self, findings: Findings, shown: &mut Vec<Diagnostic>) {
        let (found, accepted) = findings.into_parts();
        for (allow, diagnostic) in accepted {
            self.accept(allow, diagnostic);
        }
        for diagnostic in found {
            let mut allows = self.architecture.allows.iter();
            match allows.position(|allow| is_accepted(self.architecture, allow, &diagnostic)) {
                Some(at) => self.accept(at, diagnostic),
                None => shown.push(diagnostic),
            }
        }
    }

    fn accept(&mut self, at: usize, diagnostic: Diagnostic) {
        let allow = &self.architecture.allows[at];
        self.is_used[at] = true;
        let reason = allow.why().map(str::to_owned);
        self.suppressed.push(Suppressed { diagnostic, reason, allow: allow.span });
    }

    /// The `allow`s that have accepted nothing. One of a rule that does not run is not judged.
    pub(super) fn unused(&self, runs: impl Fn(&Rule) -> bool) -> Vec<UnusedAllow> {
        let mut unused = Vec::new();
        for (at, allow) in self.architecture.allows.iter().enumerate() {
            if self.is_used[at] {
                continue;
            }
            let constraints = &self.architecture.constraints;
            let is_own = constraints.iter().any(|it| it.name.as_ref() == Some(&allow.rule.text));
            let word = if is_own { "LP024" } else { allow.rule.text.as_str() };
            let why = match rules::find(word) {
                None => WhyUnused::NoSuchRule,
                Some(rule) if rule.is_about_allows() => continue,
                Some(rule) if rule.is_of_the_language() => WhyUnused::NeverAccepted(rule),
                Some(rule) if !runs(rule) => continue,
                Some(rule) => WhyUnused::NothingFound(rule),
            };
            unused.push(UnusedAllow { at, why });
        }
        unused
    }

    pub(super) fn into_suppressed(self) -> Vec<Suppressed> {
        self.suppressed
    }
}

fn is_accepted(architecture: &Architecture, allow: &Allow, finding: &Diagnostic) -> bool {
    if !allow.is_of_rule(finding.code, finding.name) {
        return false;
    }
    // What breaks the language can't be accepted: the design could not be read without guessing.
    if finding.severity == Severity::Error && rules::is_of_the_language(finding.code) {
        return false;
    }
    if allow.places.is_empty() {
        return finding.span().file == allow.span.file;
    }
    allow.covers(architecture, &finding.element) || allow.covers_all_flows(architecture, &finding.flows)
}
