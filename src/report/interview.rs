//! The mock interview for readers and programs: its prompts, and what the interviewer answers.

mod prompts;

use std::fmt::Write as _;

use super::text::{Look, printable, wrap};
use crate::figures;
use crate::interview::Answered;

pub use prompts::{json as list_in_json, markdown as list_in_markdown, text as list};

/// Names of one remark, at most.
const MOST_NAMES: usize = 8;

/// What the interviewer says, and what is now in the candidate's file.
pub fn answer(answered: &Answered, file: &str, look: Look) -> String {
    let Answered { topic, answer, is_known, kept, flows, .. } = answered;
    let mut shown = String::new();
    let mut say = |text: &str| {
        for line in wrap(text, look.width) {
            let _ = writeln!(shown, "{line}");
        }
    };
    say(&format!("{answer} ({})", topic.name));
    if *is_known {
        say(&format!("`{file}` has that already, and stays as it is."));
        return shown;
    }
    let stays = |name: &str| kept.iter().any(|it| it.0 == name);
    let written: Vec<&str> = topic.states.iter().copied().filter(|it| !stays(it)).collect();
    let written = if written.is_empty() {
        String::new()
    } else {
        format!(": {}", figures::listed(&written, MOST_NAMES))
    };
    say(&format!("`{file}` has it now{written}."));
    for (name, own, told) in kept {
        say(&format!(
            "It says `{name} = {}` of its own, which stays; the interviewer says {told}.",
            printable(own)
        ));
    }
    if !flows.is_empty() {
        let flows = figures::listed(flows, MOST_NAMES);
        say(&format!(
            "Its figure stands in {flows}: draw the path there, or take the figure to a flow of yours."
        ));
    }
    shown
}
