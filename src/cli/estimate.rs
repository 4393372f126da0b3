//! `loadpath estimate`: the back of the envelope.

use clap::Args;

use super::Exit;
use super::design::{self, Destination, Format, Opened, Source};
use super::output;
use crate::check;
use crate::report::estimate::{self, Estimate};

/// Reckon traffic, servers, storage and bandwidth, each with its formula
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
    #[command(flatten)]
    destination: Destination,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(reckon(arguments))
}

fn reckon(arguments: &Arguments) -> Result<Exit, String> {
    let Opened { file, disk, config, kept } = arguments.source.read()?;
    let design = check::check(file, &disk, &config);
    let look = arguments.destination.look();
    let sheet = Estimate::of(&design);
    let text = match arguments.format {
        Format::Text => estimate::text(&sheet, look),
        Format::Markdown => estimate::markdown(&sheet),
        Format::Json => sheet.json(),
    };
    arguments.destination.write(&text, kept, &[&design])?;
    Ok(output::language_exit(&design))
}
