//! `loadpath rules`: all rules.

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
    let text = match arguments.format {
        Format::Text => docs::list(),
        Format::Markdown => docs::table(RULES, None),
        Format::Json => docs::json(),
    };
    match output::write(&text, output::look(Colour::Never)) {
        Ok(()) => Exit::Clean,
        Err(error) => {
            output::complain(&format!("can't write the output: {error}"));
            Exit::Trouble
        }
    }
}
