//! What an interviewer would ask next: of what was found first, then of what the figures show.

use super::aloud::Aloud;
use super::bank::BANK;
use super::rubric::{RUBRIC, Step};
use super::subject::{Subject, told_as_accepted};
use crate::diagnostic::Diagnostic;
use crate::rules;
use crate::source::Span;

/// So many are asked, and so many of them at most of what was found: who hears ten questions answers none.
const MOST: usize = 8;
const MOST_OF_FINDINGS: usize = 5;
/// Notes of a finding that belong into its answer, at most.
const MOST_NOTES: usize = 2;

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
    let aloud = Aloud::of(subject);
    let mut asked: Vec<Question> = Vec::new();
    let mut ask = |finding: &Diagnostic, because: String| {
        if asked.len() < MOST_OF_FINDINGS && asked.iter().all(|it| it.code != Some(finding.code)) {
            asked.extend(of_finding(finding, because, &aloud));
        }
    };
    subject.findings.iter().for_each(|it| ask(it, it.message.clone()));
    subject.accepted().for_each(|it| ask(&it.diagnostic, told_as_accepted(it)));
    let is_asked = |code: &&str| asked.iter().any(|it| it.code == Some(*code));
    let not_yet = BANK.iter().filter(|it| !it.also_of.iter().any(is_asked));
    let of_figures: Vec<Question> =
        not_yet.filter_map(|it| (it.ask)(subject)).take(MOST - asked.len()).collect();
    asked.extend(of_figures);
    asked
}

/// The question of the rule that found it, where it judges the design and not its text. What the finding says with its
/// figures comes first in the answer, as far as that can be said aloud.
fn of_finding(finding: &Diagnostic, because: String, aloud: &Aloud) -> Option<Question> {
    let rule = rules::find(finding.code).filter(|it| !it.is_of_the_language())?;
    let step = RUBRIC.iter().find(|it| it.counts(finding.code))?.step;
    let help = finding.help.iter().filter_map(|it| aloud.said(it));
    let notes = finding.notes.iter().filter_map(|it| aloud.said(it)).take(MOST_NOTES);
    let mut answer: Vec<String> = Vec::new();
    for said in help.chain(notes).chain(items(&rule.section("A good answer"))) {
        if !answer.contains(&said) {
            answer.push(said);
        }
    }
    Some(Question {
        step,
        asks: flat(&rule.section("An interviewer asks")),
        because,
        answer,
        place: Some(finding.span()),
        code: Some(finding.code),
    })
}

/// The items of a list, each on one line.
fn items(list: &str) -> Vec<String> {
    let list = format!("\n{list}");
    list.split("\n- ").skip(1).map(flat).collect()
}

/// Text on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
