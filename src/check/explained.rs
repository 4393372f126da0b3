//! What there is too much of with a reason: a check is silent about it, and who reads the design hears of it.

use rustc_hash::FxHashSet;

use super::{Checked, Suppressed, at_level, run, short};
use crate::analysis::{Analysis, plan};
use crate::diagnostic::Diagnostic;
use crate::model::{Architecture, Properties, Property};
use crate::rules::{Context, Family, RULES, family};
use crate::source::Span;

impl Checked {
    /// What the rules against over-engineering would find if nothing gave a reason, each with the reason that keeps them
    /// silent. What a requirement asks for is not among it.
    pub fn explained(&self) -> Vec<Suppressed> {
        let Some(architecture) = self.architecture.without_reasons() else { return Vec::new() };
        let analysis = Analysis::of(&architecture);
        let cx = Context { architecture: &architecture, analysis: &analysis, unused_allows: Vec::new() };
        let accepted = self.suppressed.iter().map(|it| &it.diagnostic);
        let found = self.diagnostics.iter().chain(&self.known).chain(&self.unshown).chain(accepted);
        let known: FxHashSet<(&str, &str)> = found.map(|it| (it.code, it.element.as_str())).collect();
        let rules = RULES.iter().copied().filter(|it| family(it.code) == Family::OverEngineering);
        let chosen = rules.filter(|rule| self.choice.runs(rule, true));
        let all = chosen.flat_map(|rule| at_level(&self.choice, rule, run(rule, &cx)).into_parts().0);
        all.filter(|it| !known.contains(&(it.code, it.element.as_str())))
            .filter_map(|mut diagnostic| {
                let (mut reason, because) = reason(&self.architecture, &diagnostic)?;
                short::shorten(&mut diagnostic);
                short::text(&mut reason);
                Some(Suppressed { diagnostic, reason: Some(reason), allow: because })
            })
            .collect()
    }
}

/// The reason that is given for what a finding is about, the nearest first, and where it stands.
fn reason(architecture: &Architecture, finding: &Diagnostic) -> Option<(String, Span)> {
    let elements = || {
        let labelled = finding.labels.iter().filter_map(|it| it.element.as_deref());
        std::iter::once(finding.element.as_str()).chain(labelled)
    };
    let of_group = |name: &str| architecture.groups().find(|it| it.name == name).map(|it| &it.properties);
    let of_link = |name: &str| {
        architecture.links().find(|it| architecture.link_name(it) == name).map(|it| &it.properties)
    };
    let is_reason = |it: &&Properties| it.has(Property::Because);
    let explaining = |name: &str| match architecture.component_named(name) {
        Some(component) => plan::explaining(architecture, component),
        None => of_group(name).or_else(|| of_link(name)).filter(is_reason),
    };
    let properties = elements()
        .find_map(explaining)
        .or_else(|| Some(&architecture.system.properties).filter(is_reason))?;
    Some((properties.reason()?.to_owned(), properties.span(Property::Because)?))
}
