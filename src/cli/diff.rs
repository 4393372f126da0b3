//! `loadpath diff`: what a change of a design does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::Exit;
use super::check::FailOn;
use super::config::{Chosen, Configurations, Found, Origin};
use super::design::{self, Destination, Format};
use super::kept::Kept;
use super::{disk, output, revision};
use crate::check::diff::diff;
use crate::check::{Checked, Config, Loader, NoFiles, check};
use crate::report::diff::{self as report, Difference};
use crate::source::SourceFile;

/// Show what a change does: findings, figures and elements that come, go and change
///
/// Leaves with 0 where no finding comes, with 1 where one at or over `--fail-on` does, or one rises to it; with 2 if
/// something can't be read or done.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The design as it was: a file, `git:REV:PATH`, `-` for standard input, or `/dev/null` for none
    #[arg(value_name = "OLD")]
    before: PathBuf,
    /// The design as it is
    #[arg(value_name = "NEW")]
    after: PathBuf,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    chosen: Chosen,
    /// From which level on findings that come fail the command [default: error]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// How the answer is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    destination: Destination,
}

/// A design without anything: what a new one is held against.
pub(super) const NOTHING: &str = "/dev/null";

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(answer(arguments))
}

fn answer(arguments: &Arguments) -> Result<Exit, String> {
    let Arguments { before, after, .. } = arguments;
    if [before, after].iter().all(|it| it.as_os_str() == disk::STDIN) {
        return Err("only one of two designs can be standard input".to_owned());
    }
    if arguments.stdin_filename.is_some() && [before, after].iter().all(|it| it.as_os_str() != disk::STDIN) {
        return Err(disk::UNASKED_STDIN.to_owned());
    }
    let mut kept = Kept::default();
    let found = arguments.found(&mut kept)?;
    let config = arguments.chosen.over(found.settings.config.clone());
    let (was, is) = (arguments.check(before, &config)?, arguments.check(after, &config)?);
    let change = diff(&was, &is);
    let names = [before, after].map(|it| disk::told(it));
    let shown = Difference::of([&was, &is], names, &change);
    let text = match arguments.format {
        Format::Text => report::text(&shown, arguments.destination.look()),
        Format::Markdown => report::markdown(&shown),
        Format::Json => shown.json(),
    };
    arguments.destination.write(&text, kept, &[&was, &is])?;
    for (side, design) in [("the old design", &was), ("the new design", &is)] {
        // What is wrong with the text of both is told of, and has not come.
        let _ = output::language_exit_of(side, design);
    }
    let fails = FailOn::level(arguments.fail_on, &found.settings).is_some_and(|level| change.comes_at(level));
    Ok(if fails { Exit::Findings } else { Exit::Clean })
}

impl Arguments {
    /// The configuration that holds for the design as it is, and for both; for one that is not on the disk, that of
    /// the working directory.
    fn found(&self, kept: &mut Kept) -> Result<Arc<Found>, String> {
        let place = if self.after.is_file() { self.after.parent() } else { None };
        let mut configurations = Configurations::new(&self.origin);
        let found = configurations.around(place.unwrap_or(Path::new("")))?;
        kept.files(configurations.files());
        Ok(found)
    }

    fn check(&self, design: &Path, config: &Config) -> Result<Checked, String> {
        let (file, loader) = read(design, self.stdin_filename.as_deref())?;
        Ok(check(file, &*loader, config))
    }
}

/// A design's own file, and where its includes are read.
fn read(design: &Path, stdin_name: Option<&Path>) -> Result<(SourceFile, Box<dyn Loader>), String> {
    if let Some(name) = revision::named(design.as_os_str()) {
        let (file, revision) = revision::read(name)?;
        return Ok((file, Box::new(revision)));
    }
    if design == Path::new(NOTHING) {
        return Ok((SourceFile::new(NOTHING, ""), Box::new(NoFiles)));
    }
    let (file, disk) = design::read(design, stdin_name)?;
    Ok((file, Box::new(disk)))
}
