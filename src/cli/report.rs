//! `loadpath report`: the figures of a design.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Exit;
use super::disk::{self, Disk, Input};
use super::output::{self, Colour};
use crate::check::{self, Config};
use crate::report::figures::{self, CutOrder, Figures};
use crate::report::text::Look;

/// Work out the figures of a design: availability, load, and what they rest on
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
    /// List the sets of up to so many elements whose common loss takes a flow down: 1 or 2
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    cut_order: u8,
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
    /// For programs
    Json,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    match report(arguments) {
        Ok(exit) => exit,
        Err(trouble) => {
            output::complain(&trouble);
            Exit::Trouble
        }
    }
}

fn report(arguments: &Arguments) -> Result<Exit, String> {
    let input = Input { path: arguments.file.clone(), is_found: false };
    let stdin_name = arguments.stdin_filename.as_deref();
    let file = disk::read(&input, stdin_name)?;
    let place = if input.is_stdin() { stdin_name.unwrap_or(Path::new("")) } else { &input.path };
    let design = check::check(file, &Disk::around(place), &Config::default());
    let order = if arguments.cut_order == 2 { CutOrder::Two } else { CutOrder::One };
    let figures = Figures::of(&design, order);
    let look = match &arguments.output {
        None => output::look(arguments.color),
        Some(_) => Look { is_coloured: arguments.color == Colour::Always, ..Look::PLAIN },
    };
    let text = match arguments.format {
        Format::Text => figures::text(&figures, look),
        Format::Json => figures.json(),
    };
    output::write_to(arguments.output.as_deref(), &text, look)?;
    Ok(output::language_exit(&design))
}
