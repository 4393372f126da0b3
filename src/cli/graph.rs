//! `loadpath graph`: draws a design.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Exit;
use super::design::{Opened, Source};
use super::output::{self, Colour};
use crate::check;
use crate::report::dot::{self, Picture};

/// Draw a design, with its findings where they belong
///
/// Pass it on to Graphviz for a picture: `loadpath graph shop.arch | dot -Tsvg > shop.svg`. Leaves with 2 if
/// something can't be read or written; findings are drawn, and fail nothing.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How the picture is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For Graphviz
    #[default]
    Dot,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match draw(arguments) {
        Ok(()) => Exit::Clean,
        Err(trouble) => {
            output::complain(&trouble);
            Exit::Trouble
        }
    }
}

fn draw(arguments: &Arguments) -> Result<(), String> {
    let Opened { file, disk, config, mut kept } = arguments.source.read()?;
    let checked = check::check(file, &disk, &config);
    let picture = Picture {
        architecture: &checked.architecture,
        diagnostics: &checked.diagnostics,
        load: Some(&checked.analysis.load),
    };
    let text = match arguments.format {
        Format::Dot => dot::dot(&picture),
    };
    if let Some(target) = &arguments.output {
        kept.design(&checked.sources);
        kept.refuse(target)?;
    }
    output::write_to(arguments.output.as_deref(), &text, output::look(Colour::Never))
}
