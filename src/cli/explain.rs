//! `loadpath explain`: what a rule says, and why.

use clap::Args;

use super::Exit;
use super::output::{self, Colour};
use crate::report::docs;
use crate::rules;

/// Say what a rule finds, why it matters, and what to do
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A rule's code or name, such as `LP014` or `synchronous-cycle`
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let selector = arguments.rule.trim();
    let Some(rule) = rules::find(selector) else {
        let hint = match rules::nearest(selector) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`loadpath rules` lists them all".to_owned(),
        };
        output::complain(&format!("no rule is called `{selector}`; {hint}"));
        return Exit::Trouble;
    };
    let look = output::look(Colour::Never);
    match output::write(&docs::explained(rule, look.width), look) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            output::complain(&format!("can't write the output: {error}"));
            Exit::Trouble
        }
    }
}
