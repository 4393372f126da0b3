//! How much of the stated ranges a finding holds for: what is found at their worse ends is looked for at their milder
//! ends as well.

use crate::diagnostic::{Diagnostic, Extent, Severity};
use crate::model::Architecture;

/// So many ranges are named in a note.
const MAX_NAMED: usize = 3;

/// Marks each finding of a rule with its extent, tells what it comes to at the milder ends, and takes an error that
/// does not hold there down to a warning: an error is sure.
pub(super) fn tell(architecture: &Architecture, findings: &mut [Diagnostic], milder: &[Diagnostic]) {
    for finding in findings {
        let other = milder.iter().find(|it| it.element == finding.element);
        mark(architecture, finding, other);
    }
}

fn mark(architecture: &Architecture, finding: &mut Diagnostic, milder: Option<&Diagnostic>) {
    match milder {
        Some(other) if other.severity <= finding.severity => {
            finding.extent = Some(Extent::Whole);
            if other.message != finding.message {
                finding.notes.push(format!(
                    "it holds over the whole of what is stated: at the better ends of the ranges {}",
                    other.message
                ));
            }
        }
        found => {
            finding.extent = Some(Extent::Part);
            finding.severity = finding.severity.max(Severity::Warning);
            let then = match found {
                Some(other) => format!("at the better ends {}", other.message),
                None => "at the better ends it does not".to_owned(),
            };
            finding.notes.push(format!(
                "it holds for a part of what is stated only, at the worse ends of the ranges{}: {then}",
                ranges(architecture, finding)
            ));
        }
    }
}

/// The ranges that are stated of what a finding is about, else of anything: ` (`capacity` of `api`)`.
fn ranges(architecture: &Architecture, finding: &Diagnostic) -> String {
    let stated: Vec<(String, &str)> = architecture
        .ranges()
        .map(|(bearer, entry)| (bearer.name(architecture), entry.property.name()))
        .collect();
    let is_about =
        |element: &str| finding.labels.iter().any(|label| label.element.as_deref() == Some(element));
    let near: Vec<_> = stated.iter().filter(|(element, _)| is_about(element)).collect();
    let named = if near.is_empty() { stated.iter().collect() } else { near };
    let in_words: Vec<String> = named
        .iter()
        .take(MAX_NAMED)
        .map(|(element, property)| match element.as_str() {
            "system" => format!("`{property}` of the system"),
            _ => format!("`{property}` of `{element}`"),
        })
        .collect();
    let more = if named.len() > MAX_NAMED {
        format!(" and {} more", named.len() - MAX_NAMED)
    } else {
        String::new()
    };
    format!(" ({}{more})", in_words.join(", "))
}
