//! `loadpath review`: how a design stands in an interview.

use clap::{Args, ValueEnum};

use super::Exit;
use super::design::{self, Destination, Opened, Source};
use super::output;
use crate::check::{self, Config, Profile};
use crate::interview::Level;
use crate::report::review::{FORMATS, Feedback, Format};

/// Judge a design as an interviewer would, step by step
///
/// Leaves with 0; with 1 if the design has errors of the language, for then a part of it is not judged; with 2 if something
/// can't be read or written. `loadpath check` is what a merge is stopped by.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// For whom: the later steps weigh more the more is expected
    #[arg(long, value_enum, default_value_t)]
    level: ForLevel,
    /// How it is written; else the ending of `--output` names it, and without one it is text
    #[arg(long, value_parser = design::named(FORMATS))]
    format: Option<&'static Format>,
    #[command(flatten)]
    destination: Destination,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum ForLevel {
    /// Who begins: asks the right questions, and draws what works
    Junior,
    /// Who has run systems: knows what breaks
    #[default]
    Senior,
    /// Who decides for others: knows what is next, and what is too much
    Staff,
}

impl ForLevel {
    pub(super) fn level(self) -> Level {
        match self {
            Self::Junior => Level::Junior,
            Self::Senior => Level::Senior,
            Self::Staff => Level::Staff,
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(review(arguments))
}

fn review(arguments: &Arguments) -> Result<Exit, String> {
    let Opened { file, disk, config, kept } = arguments.source.read()?;
    let config = Config { profile: Profile::Review, ..config };
    let design = check::check(file, &disk, &config);
    let feedback = Feedback::of(&design, arguments.level.level());
    let format = arguments.destination.format(arguments.format, FORMATS)?;
    let text = (format.render)(&feedback, arguments.destination.look());
    arguments.destination.write(&text, kept, &[&design])?;
    Ok(output::language_exit(&design))
}
