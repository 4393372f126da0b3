//! What the review found, and what links carry.

use super::{Found, Note, Picture, Told, found};
use crate::diagnostic::Diagnostic;
use crate::report::graph::drawing::{Badge, Remarks};
use crate::report::graph::facts::carried;

/// Badges that a box or an arrow shows before it only counts them.
const BADGES: usize = 2;

/// What is told of each.
pub(super) fn told(picture: &Picture, found: &Found) -> Told {
    let mut told = Told::default();
    for component in picture.architecture.components() {
        let remarks = told_of(found.on_component(component.id));
        told.components.insert(component.id, Note { remarks, rank: 0.0 });
    }
    for link in picture.architecture.links() {
        let mut remarks = told_of(found.on_link(link.id));
        if !link.copies_data() {
            remarks.figures.extend(carried(picture.analysis.load.link(link.id)));
        }
        told.links.insert(link.id, Note { remarks, rank: 0.0 });
    }
    told
}

/// The gravest of some findings, and how many more there are.
pub(super) fn told_of(findings: &[&Diagnostic]) -> Remarks {
    Remarks {
        badges: findings.iter().take(BADGES).map(|it| found::badge(it)).collect(),
        more: findings.len().saturating_sub(BADGES),
        ..Remarks::default()
    }
}

/// How many of each level there are.
pub(super) fn counted(findings: &[&Diagnostic]) -> Remarks {
    let badge = |(severity, strong)| Badge { severity, strong, words: String::new() };
    Remarks { badges: found::tally(findings).into_iter().map(badge).collect(), ..Remarks::default() }
}
