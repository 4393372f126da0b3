//! Which findings come, go and change between two reviews: known by rule and element, whatever moves around them.

use crate::analysis::pairs::pairs;
use crate::diagnostic::{Diagnostic, Severity};
use crate::rules;

/// How the findings of two reviews differ.
#[derive(Clone, Debug, Default)]
pub struct Differences {
    /// Those that only the later review has.
    pub come: Vec<Diagnostic>,
    /// Those that only the earlier one has.
    pub gone: Vec<Diagnostic>,
    /// Those of both that are told otherwise: at another level, or with other figures.
    pub changed: Vec<(Diagnostic, Diagnostic)>,
    /// How many are as they were.
    pub unchanged: usize,
}

/// What two findings are held against each other by.
type Key<'a> = (&'a str, &'a str, Option<Severity>, Option<String>);

/// What makes two findings the same, the closest first. An element may have several findings of one rule: the alike go
/// together before the rest does.
const LIKENESSES: [fn(&Diagnostic) -> Key; 4] = [
    |it| (it.code, &it.element, Some(it.severity), Some(it.message.clone())),
    |it| (it.code, &it.element, Some(it.severity), Some(wording(&it.message))),
    |it| (it.code, &it.element, Some(it.severity), subject(it)),
    |it| (it.code, &it.element, None, subject(it)),
];

impl Differences {
    /// Holds a later review against an earlier one.
    pub fn between(before: &[Diagnostic], after: &[Diagnostic]) -> Self {
        let mut differences = Self::default();
        let mut gone: Vec<&Diagnostic> = before.iter().collect();
        let mut come: Vec<&Diagnostic> = after.iter().collect();
        let mut changed: Vec<(&Diagnostic, &Diagnostic)> = Vec::new();
        for key in LIKENESSES {
            let mut left = (Vec::new(), Vec::new());
            for pair in pairs(gone.iter().map(|it| key(it)), come.iter().map(|it| key(it))) {
                match pair {
                    (Some(was), Some(is)) if is_told_alike(gone[was], come[is]) => differences.unchanged += 1,
                    (Some(was), Some(is)) => changed.push((gone[was], come[is])),
                    (was, is) => {
                        left.0.extend(was.map(|at| gone[at]));
                        left.1.extend(is.map(|at| come[at]));
                    }
                }
            }
            (gone, come) = left;
        }
        changed.sort_by_key(|(_, is)| is.span());
        differences.changed = changed.into_iter().map(|(was, is)| (was.clone(), is.clone())).collect();
        differences.gone = gone.into_iter().cloned().collect();
        differences.come = come.into_iter().cloned().collect();
        differences
    }
}

fn is_told_alike(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.severity == b.severity && a.message == b.message
}

/// What a finding is about beside its element. Faults of the language and the team's own constraints are as many as
/// there are ways to break them: another wording is another finding there, and elsewhere the same one with other figures.
fn subject(finding: &Diagnostic) -> Option<String> {
    let is_one_of_many = rules::is_of_the_language(finding.code) || finding.code == "LP024";
    is_one_of_many.then(|| wording(&finding.message))
}

/// A message without its figures; what stands in backticks is a name, and its digits are no figures.
fn wording(message: &str) -> String {
    let mut is_name = false;
    let is_word = |it: &char| {
        is_name ^= *it == '`';
        is_name || !it.is_ascii_digit()
    };
    message.chars().filter(is_word).collect()
}
