//! What an interviewer would ask next: of what was found first, then of what the figures show.

use super::bank::BANK;
use super::rubric::{RUBRIC, Step};
use super::subject::Subject;
use crate::diagnostic::Diagnostic;
use crate::rules::{self, Rule};
use crate::source::Span;

/// So many are asked, and so many of them at most of what was found: who hears ten questions answers none.
const MOST: usize = 8;
const MOST_OF_FINDINGS: usize = 5;

/// A question, and what a good answer has in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// To which step it belongs.
    pub step: Step,
    /// What is asked: whole sentences.
    pub asks: String,
    /// What in the design it is asked for: a sentence without its full stop.
    pub because: String,
    /// What a good answer has in it: sentences without their full stops.
    pub answer: Vec<String>,
    /// Where that stands.
    pub place: Option<Span>,
    /// The rule that found it; none of a question of the figures.
    pub code: Option<&'static str>,
}

pub(super) fn questions(subject: &Subject) -> Vec<Question> {
    let mut asked: Vec<Question> = Vec::new();
    for finding in &subject.findings {
        if asked.len() == MOST_OF_FINDINGS {
            break;
        }
        if asked.iter().any(|it| it.code == Some(finding.code)) {
            continue;
        }
        asked.extend(of_finding(finding));
    }
    let of_figures = BANK.iter().filter_map(|ask| ask(subject));
    let left = MOST - asked.len();
    asked.extend(of_figures.take(left));
    asked
}

/// The question of the rule that found it, where it judges the design and not its text.
fn of_finding(finding: &Diagnostic) -> Option<Question> {
    let rule = rules::find(finding.code).filter(|it| !it.is_of_the_language())?;
    let step = RUBRIC.iter().find(|it| it.counts(finding.code))?.step;
    let mut answer: Vec<String> = finding.help.iter().cloned().collect();
    answer.extend(finding.notes.iter().take(2).cloned());
    answer.push(reason(rule));
    answer.retain(|it| !it.is_empty());
    Some(Question {
        step,
        asks: flat(&rule.section("An interviewer asks")),
        because: finding.message.clone(),
        answer,
        place: Some(finding.span()),
        code: Some(finding.code),
    })
}

/// Why it matters, in its first sentence, without the full stop.
fn reason(rule: &Rule) -> String {
    let why = flat(&rule.section("Why it matters"));
    let end = why.find(". ").unwrap_or(why.len());
    why[..end].trim_end_matches('.').to_owned()
}

/// Text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
