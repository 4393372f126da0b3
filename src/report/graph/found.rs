//! Findings by what they are drawn on.

use rustc_hash::FxHashMap;

use super::drawing::Badge;
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures;
use crate::model::{Architecture, ComponentId, Link, LinkId};

/// The findings by what they are drawn on, the gravest first.
#[derive(Default)]
pub(super) struct Found<'a> {
    components: FxHashMap<ComponentId, Vec<&'a Diagnostic>>,
    links: FxHashMap<LinkId, Vec<&'a Diagnostic>>,
    /// On flows, groups and the system: told in the title.
    pub(super) others: Vec<&'a Diagnostic>,
}

impl<'a> Found<'a> {
    /// Finds the place of each.
    pub(super) fn of(architecture: &Architecture, diagnostics: &'a [Diagnostic]) -> Self {
        let components: FxHashMap<&str, ComponentId> =
            architecture.components().map(|component| (component.name.as_str(), component.id)).collect();
        let mut links: FxHashMap<String, Vec<&Link>> = FxHashMap::default();
        for link in architecture.links() {
            links.entry(architecture.link_name(link)).or_default().push(link);
        }
        let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
        sorted.sort_by_key(|diagnostic| diagnostic.severity);
        let mut found = Self::default();
        for diagnostic in sorted {
            if let Some(id) = components.get(diagnostic.element.as_str()) {
                found.components.entry(*id).or_default().push(diagnostic);
            } else if let Some(links) = links.get(&diagnostic.element) {
                // Several links may join two components: the one that is written where the finding points.
                let meant = |link: &&&Link| diagnostic.labels.iter().any(|label| label.span == link.span);
                let link = links.iter().find(meant).unwrap_or(&links[0]);
                found.links.entry(link.id).or_default().push(diagnostic);
            } else {
                found.others.push(diagnostic);
            }
        }
        found
    }

    /// Those on a component.
    pub(super) fn on_component(&self, id: ComponentId) -> &[&'a Diagnostic] {
        self.components.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Those on a link.
    pub(super) fn on_link(&self, id: LinkId) -> &[&'a Diagnostic] {
        self.links.get(&id).map_or(&[], Vec::as_slice)
    }
}

/// A badge with the code and what the rule flags: its name as words, which are short and everywhere the same.
pub(super) fn badge(finding: &Diagnostic) -> Badge {
    Badge {
        severity: finding.severity,
        strong: finding.code.to_owned(),
        words: finding.name.replace('-', " "),
    }
}

/// How many of each level there are, the gravest first.
pub(super) fn tally(findings: &[&Diagnostic]) -> Vec<(Severity, String)> {
    [Severity::Error, Severity::Warning, Severity::Advice]
        .into_iter()
        .map(|severity| (severity, findings.iter().filter(|it| it.severity == severity).count()))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| (severity, counted(count, severity)))
        .collect()
}

fn counted(count: usize, severity: Severity) -> String {
    match severity {
        Severity::Advice => format!("{count} advice"),
        Severity::Error | Severity::Warning => {
            figures::count(count, severity.name(), &format!("{}s", severity.name()))
        }
    }
}
