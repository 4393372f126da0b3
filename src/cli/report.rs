//! `loadpath report`: the figures of a design.

use clap::{Args, ValueEnum};

use super::Exit;
use super::design::{self, Destination, Opened, Source};
use super::output;
use crate::check;
use crate::report::figures::{self, CutOrder, Figures};

/// Work out the figures of a design: availability, load, and what they rest on
///
/// Leaves with 0; with 1 if the design has errors of the language, for then the figures are those of the part that
/// could be read; with 2 if something can't be read or written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// List the sets of up to so many elements whose common loss takes a flow down: 1 or 2
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    cut_order: u8,
    #[command(flatten)]
    destination: Destination,
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
    design::end(report(arguments))
}

fn report(arguments: &Arguments) -> Result<Exit, String> {
    let Opened { file, disk, config, kept } = arguments.source.read()?;
    let design = check::check(file, &disk, &config);
    let order = if arguments.cut_order == 2 { CutOrder::Two } else { CutOrder::One };
    let figures = Figures::of(&design, order);
    let look = arguments.destination.look();
    let text = match arguments.format {
        Format::Text => figures::text(&figures, look),
        Format::Json => figures.json(),
    };
    arguments.destination.write(&text, kept, &[&design])?;
    Ok(output::language_exit(&design))
}
