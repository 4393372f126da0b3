//! `loadpath rules`: all rules.

use std::io::{self, IsTerminal as _};

use clap::{Args, ValueEnum};

use super::Exit;
use super::output::{self, Colour};
use crate::report::docs;
use crate::rules::RULES;

/// List the rules
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// How they are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// One a line
    #[default]
    Text,
    /// A table
    Markdown,
    /// For programs
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let look = output::look(Colour::Never);
    // Programs read a rule a line.
    let width = io::stdout().is_terminal().then_some(look.width);
    let text = match arguments.format {
        Format::Text => docs::list(width),
        Format::Markdown => docs::table(RULES, None),
        Format::Json => docs::json(),
    };
    match output::write(&text, look) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            output::complain(&format!("can't write the output: {error}"));
            Exit::Trouble
        }
    }
}
