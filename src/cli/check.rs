//! `loadpath check`: reviews designs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Exit;
use super::disk::{self, Disk, Input};
use super::output::{self, Colour};
use crate::check::{self, Checked, Config};
use crate::diagnostic::Severity;
use crate::report::text::{self, Look};
use crate::report::{Report, json};

/// Review designs
///
/// Leaves with 0 where nothing is found, with 1 for findings at or over `--fail-on`, with 2 if something can't be
/// read or done.
#[derive(Args, Debug)]
#[command(visible_alias = "lint")]
pub(super) struct Arguments {
    /// Design files, folders of them, or `-` for standard input
    #[arg(default_value = ".", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// How much is asked
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// Write to a file instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// When colours are written
    #[arg(long, visible_alias = "colour", value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
    /// From which level on findings fail the command
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    fail_on: FailOn,
    /// Leave with 0 whatever is found
    #[arg(long, conflicts_with = "fail_on")]
    exit_zero: bool,
    /// Write at most so many findings; the rest is counted
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    /// Write findings only, without the closing line
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Drawn on the text
    #[default]
    Pretty,
    /// One a line
    Concise,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Profile {
    /// Errors and warnings
    #[default]
    Ci,
    /// Advice as well: what an interviewer would ask
    Review,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum FailOn {
    #[default]
    Error,
    Warning,
    Advice,
    Never,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let begun = Instant::now();
    let (inputs, troubles) = disk::inputs(&arguments.paths);
    let mut exit = if troubles.is_empty() { Exit::Clean } else { Exit::Trouble };
    for trouble in &troubles {
        output::complain(trouble);
    }
    let config = Config {
        profile: match arguments.profile {
            Profile::Ci => check::Profile::Ci,
            Profile::Review => check::Profile::Review,
        },
    };
    let mut designs = Vec::new();
    for (input, checked) in
        inputs.iter().zip(check_all(&inputs, arguments.stdin_filename.as_deref(), &config))
    {
        match checked {
            Ok(checked) => designs.push((input, checked)),
            // One file that can't be read never hides the others.
            Err(trouble) => {
                output::complain(&trouble);
                exit = Exit::Trouble;
            }
        }
    }
    if designs.is_empty() {
        return Exit::Trouble;
    }
    let designs = without_parts(designs);
    let mut report = Report::of(&designs);
    let found = arguments.fails_at().map_or(0, |level| report.summary.at_least(level));
    if let Some(most) = arguments.max_findings {
        report.shorten(most);
    }
    let look = match &arguments.output {
        None => output::look(arguments.color),
        Some(_) => Look { is_coloured: arguments.color == Colour::Always, ..Look::PLAIN },
    };
    let text = arguments.rendered(&report, begun, look);
    if let Err(trouble) = output::write_to(arguments.output.as_deref(), &text, look) {
        output::complain(&trouble);
        return Exit::Trouble;
    }
    // The process ends here: the system takes all memory back at once, and not piece by piece.
    std::mem::forget(designs);
    exit.or(if found > 0 { Exit::Findings } else { Exit::Clean })
}

impl Arguments {
    fn fails_at(&self) -> Option<Severity> {
        match self.fail_on {
            _ if self.exit_zero => None,
            FailOn::Never => None,
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Advice => Some(Severity::Advice),
        }
    }

    fn rendered(&self, report: &Report, begun: Instant, look: Look) -> String {
        let mut shown = String::new();
        match self.format {
            Format::Json => return json::render(report),
            Format::Concise => {
                for (sources, finding) in &report.findings {
                    let _ = writeln!(shown, "{}", text::concise(sources, finding));
                }
                shown += &text::omitted(&report.summary);
                return shown;
            }
            Format::Pretty => {
                for (sources, finding) in &report.findings {
                    let _ = writeln!(shown, "{}", text::finding(sources, finding, look));
                }
            }
        }
        shown += &text::omitted(&report.summary);
        if !self.quiet {
            shown += &text::summary(&report.summary, begun.elapsed(), look);
        }
        shown
    }
}

fn check_all(inputs: &[Input], stdin_name: Option<&Path>, config: &Config) -> Vec<Result<Checked, String>> {
    let check_one = |input: &Input| {
        let file = disk::read(input, stdin_name)?;
        let place = if input.is_stdin() { stdin_name.unwrap_or(Path::new("")) } else { &input.path };
        Ok(check::check(file, &Disk::around(place), config))
    };
    match inputs {
        // Waking the other threads costs more than a small file does.
        [only] => vec![check_one(only)],
        _ => inputs.par_iter().map(check_one).collect(),
    }
}

/// The designs without those that were found in a folder and are part of another one there.
fn without_parts(designs: Vec<(&Input, Checked)>) -> Vec<Checked> {
    let mut wholes: FxHashMap<&str, Vec<&Checked>> = FxHashMap::default();
    for (_, checked) in &designs {
        for part in included(checked) {
            wholes.entry(part).or_default().push(checked);
        }
    }
    // Two that include each other are both reviewed: neither is the other's part.
    let is_whole: Vec<bool> = designs
        .iter()
        .map(|(input, part)| {
            let is_of = |whole: &&Checked| !included(part).any(|name| name == own_name(whole));
            !input.is_found || !wholes.get(own_name(part)).is_some_and(|wholes| wholes.iter().any(is_of))
        })
        .collect();
    designs.into_iter().zip(is_whole).filter(|(_, is_whole)| *is_whole).map(|((_, it), _)| it).collect()
}

fn own_name(design: &Checked) -> &str {
    design.sources.iter().next().map_or("", |(_, file)| &file.name)
}

fn included(design: &Checked) -> impl Iterator<Item = &str> {
    design.sources.iter().skip(1).map(|(_, file)| file.name.as_str())
}
