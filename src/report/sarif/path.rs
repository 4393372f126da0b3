//! The path through the design that a finding is about.

use crate::diagnostic::{Diagnostic, Label};
use crate::rules;

/// The links that a finding is about, in the order in which a request takes them, if its rule follows a path and they
/// are one, or a circle. That two links of which a rule asks the same happen to meet makes them no path.
pub(super) fn of(finding: &Diagnostic) -> Option<Vec<&Label>> {
    if !rules::find(finding.code)?.follows_path {
        return None;
    }
    let mut left: Vec<(&Label, (&str, &str))> =
        finding.labels.iter().filter_map(|label| Some((label, ends(label.element.as_deref()?)?))).collect();
    if left.len() < 2 {
        return None;
    }
    // In a circle any may be the first: the one after the culprit, which closes it.
    let (_, (_, entered)) = left[0];
    let is_first =
        |(_, (source, _)): &(_, (&str, &str))| left.iter().all(|(_, (_, target))| source != target);
    let first = left.iter().position(is_first);
    let first = first.or_else(|| left.iter().position(|(_, (source, _))| *source == entered)).unwrap_or(0);
    let (label, (_, mut at)) = left.remove(first);
    let mut path = vec![label];
    while !left.is_empty() {
        let next = left.iter().position(|(_, (source, _))| *source == at)?;
        let (label, (_, target)) = left.remove(next);
        path.push(label);
        at = target;
    }
    Some(path)
}

/// Source and target of an element that is a link.
fn ends(element: &str) -> Option<(&str, &str)> {
    element.split_once(" -> ").or_else(|| element.split_once(" ~> "))
}
