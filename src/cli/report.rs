//! `loadpath report`: what a design comes to, with its figures and what they rest on.

use clap::Args;

use super::Exit;
use super::config::Chosen;
use super::design::{self, Destination, Opened, Source};
use super::output;
use crate::check;
use crate::report::dossier::{Dossier, FORMATS, Format};
use crate::report::figures::CutOrder;

/// Work out the figures of a design: availability, load, and what they rest on
///
/// Leaves with 0; with 1 if the design has errors of the language, for then the figures are those of the part that
/// could be read; with 2 if something can't be read or written.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    source: Source,
    /// How it is written; else the ending of `--output` names it, and without one it is text
    #[arg(long, value_parser = design::named(FORMATS))]
    format: Option<&'static Format>,
    /// List the sets of up to so many elements whose common loss takes a flow down: 1 or 2
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    cut_order: u8,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    destination: Destination,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(report(arguments))
}

fn report(arguments: &Arguments) -> Result<Exit, String> {
    let Opened { file, disk, config, kept } = arguments.source.read()?;
    let design = check::check(file, &disk, &arguments.chosen.over(config));
    let order = if arguments.cut_order == 2 { CutOrder::Two } else { CutOrder::One };
    let format = arguments.destination.format(arguments.format, FORMATS)?;
    let text = (format.render)(&Dossier::of(&design, order), arguments.destination.look());
    arguments.destination.write(&text, kept, &[&design])?;
    Ok(output::language_exit(&design))
}
