//! `loadpath estimate`: the back of the envelope.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Exit;
use super::disk::{self, Disk, Input};
use super::output::{self, Colour};
use crate::check::{self, Config};
use crate::report::estimate::{self, Estimate};
use crate::report::text::Look;

/// Reckon on the back of an envelope: traffic, servers, storage, memory, bandwidth, each with its formula
///
/// Leaves with 0; with 1 if the design has errors of the language, for then the figures are those of the part that
/// could be read; with 2 if something can't be read or written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The design file, or `-` for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When colours are written
    #[arg(long, visible_alias = "colour", value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For a reader
    #[default]
    Text,
    /// For a pull request, or notes
    Markdown,
    /// For programs
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match reckon(arguments) {
        Ok(exit) => exit,
        Err(trouble) => {
            output::complain(&trouble);
            Exit::Trouble
        }
    }
}

fn reckon(arguments: &Arguments) -> Result<Exit, String> {
    let input = Input { path: arguments.file.clone(), is_found: false };
    let stdin_name = arguments.stdin_filename.as_deref();
    let file = disk::read(&input, stdin_name)?;
    let place = if input.is_stdin() { stdin_name.unwrap_or(Path::new("")) } else { &input.path };
    let design = check::check(file, &Disk::around(place), &Config::default());
    let look = match &arguments.output {
        None => output::look(arguments.color),
        Some(_) => Look { is_coloured: arguments.color == Colour::Always, ..Look::PLAIN },
    };
    let sheet = Estimate::of(&design);
    let text = match arguments.format {
        Format::Text => estimate::text(&sheet, look),
        Format::Markdown => estimate::markdown(&sheet),
        Format::Json => sheet.json(),
    };
    output::write_to(arguments.output.as_deref(), &text, look)?;
    Ok(output::language_exit(&design))
}
