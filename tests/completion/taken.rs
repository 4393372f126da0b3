//! What is offered the check takes: at the words of all examples, whatever else would be written there is no fault.

use std::fs;

use loadpath::check::{Checked, Config, NoFiles, Session, check};
use loadpath::editor::View;
use loadpath::editor::completion::completion;
use loadpath::source::{FileId, SourceFile};
use loadpath::syntax::tokens;

use crate::rules::files;

/// The faults of a text that a word can be to blame for: it can't be read, or it is no kind, property or value there.
const FAULTS: &[&str] = &["LP001", "LP002", "LP004", "LP005", "LP006", "LP007", "LP009", "LP010", "LP021"];

fn checked(text: &str) -> Checked {
    check(SourceFile::new("shop.arch", text), &NoFiles, &Config::default())
}

/// The faults at a stretch of a text.
fn faults(text: &str, start: usize, end: usize) -> Vec<String> {
    let checked = checked(text);
    let found = checked.diagnostics.iter().filter(|it| FAULTS.contains(&it.code));
    let here = found.filter(|it| it.span().start as usize <= end && start <= it.span().end as usize);
    here.map(|it| format!("{} {}", it.code, it.message)).collect()
}

/// Every so many places of an example, and of what is offered there, are tried: all would take hours.
const PLACES: usize = 7;
const OFFERS: usize = 199;

#[test]
fn what_is_offered_in_an_example_is_taken_there() {
    let mut turn = 0;
    let mut wrong: Vec<String> = Vec::new();
    for path in files("examples", "arch") {
        let text = fs::read_to_string(&path).expect("it is text");
        let mut session = Session::default();
        let checked =
            session.check(SourceFile::new("shop.arch", text.as_str()), &NoFiles, &Config::default());
        let view = View::of(&checked, session.trees());
        for token in tokens(&text, 0..text.len()).iter().step_by(PLACES) {
            let Some(completion) = completion(&view, FileId(0), token.end as u32, &Vec::new) else {
                continue;
            };
            let word = completion.word.start as usize..completion.word.end as usize;
            let proposals = completion.proposals.into_iter().filter(|_| !word.is_empty());
            for proposal in proposals {
                turn += 1;
                if turn % OFFERS != 0 {
                    continue;
                }
                let mut other = text.clone();
                other.replace_range(word.clone(), &proposal.label);
                let faults = faults(&other, word.start, word.start + proposal.label.len());
                if !faults.is_empty() {
                    let line = other[..word.start].matches('\n').count();
                    let line = other.lines().nth(line).unwrap_or_default();
                    wrong.push(format!(
                        "{:?} {}\n    {line}\n    {}",
                        proposal.what,
                        proposal.label,
                        faults.join("\n    ")
                    ));
                }
            }
        }
    }
    assert!(turn > 10_000, "places have something to offer");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), turn / OFFERS, wrong.join("\n"));
}
