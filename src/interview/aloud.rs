//! What of a finding can be said aloud: a help tells how a file is edited, an answer what somebody would say.

use rustc_hash::FxHashSet;

use super::subject::Subject;

/// What only a file can be told.
const OF_THE_FILE: [&str; 6] = ["state ", "write ", "say ", "mark ", "declare ", "name "];

/// Whoever sits in an interview does not speak of the program.
const OF_THE_TOOL: &str = "the review";

/// The names that a design gives: all else between backticks is how it is written.
pub(super) struct Aloud(FxHashSet<String>);

impl Aloud {
    pub(super) fn of(subject: &Subject) -> Self {
        let architecture = subject.architecture;
        let journeys = subject.analysis.journeys.iter().map(|it| it.name.to_string());
        Self(architecture.bearers().map(|it| it.name(architecture)).chain(journeys).collect())
    }

    /// The clauses of a text that can be said, without what in brackets only shows how it is written; nothing where none
    /// can.
    ///
    /// "give it a pool (`pool = 4`), or write how many it takes; or state `managed`" is "give it a pool".
    pub(super) fn said(&self, text: &str) -> Option<String> {
        let text = self.without_brackets(text);
        let mut said: Vec<&str> = Vec::new();
        let mut is_dropped = false;
        for clause in clauses(&text) {
            // "state how many; and of a store, how it fails over": the second is nothing without the first.
            let is_alone = !is_dropped || !clause.starts_with("and ");
            let clause = without_the_file(clause).filter(|it| is_alone && self.is_spoken(it));
            is_dropped = clause.is_none();
            said.extend(clause);
        }
        let said = said.join("; ");
        let said = said.strip_prefix("or ").unwrap_or(&said);
        (!said.is_empty()).then(|| said.to_owned())
    }

    /// A text without those brackets in which more than names stands between backticks.
    fn without_brackets(&self, text: &str) -> String {
        let mut said = text.to_owned();
        let mut from = 0;
        while let Some((start, end)) = brackets(&said, from) {
            if self.is_spoken(&said[start..end]) {
                from = end;
            } else {
                said.replace_range(start..end, "");
                from = start;
            }
        }
        said
    }

    /// Whether all between backticks is a name.
    fn is_spoken(&self, text: &str) -> bool {
        text.split('`').skip(1).step_by(2).all(|it| self.0.contains(it))
    }
}

/// What semicolons part, those in brackets aside.
fn clauses(text: &str) -> Vec<&str> {
    let is_open = |text: &str| text.matches('(').count() > text.matches(')').count();
    let mut clauses = Vec::new();
    let mut start = 0;
    for (at, mark) in text.match_indices("; ") {
        if !is_open(&text[start..at]) {
            clauses.push(&text[start..at]);
            start = at + mark.len();
        }
    }
    clauses.push(&text[start..]);
    clauses
}

/// A clause without the choice to write something at its end; nothing where it says nothing else.
fn without_the_file(clause: &str) -> Option<&str> {
    let begins = |text: &str| OF_THE_FILE.iter().any(|it| text.starts_with(it));
    let command = ["or ", "and "].iter().find_map(|it| clause.strip_prefix(it)).unwrap_or(clause);
    if begins(command) || clause.contains(OF_THE_TOOL) {
        return None;
    }
    let choice = clause.match_indices(", or ").find(|(at, or)| begins(&clause[at + or.len()..]));
    Some(choice.map_or(clause, |(at, _)| &clause[..at]))
}

/// The next brackets in a text, with the blank before them.
fn brackets(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text[from..].find(" (")?;
    let end = start + text[start..].find(')')? + 1;
    Some((start, end))
}
