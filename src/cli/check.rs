//! `loadpath check`: reviews designs.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Exit;
use super::disk::{self, Disk, Input};
use super::formats::Formats;
use super::mend::{self, Mended, Overlaid, Texts};
use super::output::{self, Colour};
use crate::check::{self, Checked, Config};
use crate::diagnostic::Severity;
use crate::report::Report;
use crate::source::SourceFile;

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
    #[command(flatten)]
    formats: Formats,
    /// How much is asked
    #[arg(long, value_enum, default_value_t)]
    profile: Profile,
    /// From which level on findings fail the command
    #[arg(long, value_enum, default_value_t, value_name = "LEVEL")]
    fail_on: FailOn,
    /// Leave with 0 whatever is found
    #[arg(long, conflicts_with = "fail_on")]
    exit_zero: bool,
    /// Write at most so many findings; the rest is counted
    #[arg(long, value_name = "N")]
    max_findings: Option<usize>,
    #[command(flatten)]
    mending: Mending,
    /// Write findings only, without the closing line
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Args, Debug)]
struct Mending {
    /// Make the safe fixes, and tell what is left; standard input is written to standard output
    #[arg(long)]
    fix: bool,
    /// Change nothing: show what the fixes would change, and leave with 1 if anything would
    #[arg(long, conflicts_with = "asked")]
    diff: bool,
    /// With `--fix` or `--diff`: fixes as well that make a choice in the author's place
    #[arg(long)]
    unsafe_fixes: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum Profile {
    /// Errors and warnings
    #[default]
    Ci,
    /// Advice as well: what an interviewer would ask
    Review,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum FailOn {
    #[default]
    Error,
    Warning,
    Advice,
    Never,
}

impl From<Profile> for check::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Ci => Self::Ci,
            Profile::Review => Self::Review,
        }
    }
}

impl FailOn {
    /// The level from which on findings fail the command; none where nothing does.
    pub(super) fn level(self) -> Option<Severity> {
        match self {
            Self::Never => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Advice => Some(Severity::Advice),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let begun = Instant::now();
    if let Err(trouble) = arguments.formats.verify() {
        output::complain(&trouble);
        return Exit::Trouble;
    }
    let (inputs, mut troubles) = disk::inputs(&arguments.paths);
    let mut designs = arguments.check(&inputs, &Texts::default(), &mut troubles);
    let exit = if troubles.is_empty() { Exit::Clean } else { Exit::Trouble };
    for trouble in &troubles {
        output::complain(trouble);
    }
    let mended = arguments.mends().then(|| {
        // What can't be read has been told of.
        let again = |texts: &Texts| arguments.check(&inputs, texts, &mut Vec::new());
        let stdin_name = arguments.stdin_filename.as_deref();
        mend::mend(&inputs, stdin_name, &mut designs, arguments.mending.unsafe_fixes, again)
    });
    let answered = arguments.answer(begun, &designs, troubles, mended);
    // The process ends here: the system takes all memory back at once, and not piece by piece.
    std::mem::forget(designs);
    exit.or(super::design::end(answered))
}

impl Arguments {
    fn mends(&self) -> bool {
        self.mending.fix || self.mending.diff
    }

    /// Reads and reviews all designs; some files say something else already. What can't be read is told apart: one
    /// such file never hides the others.
    fn check(&self, inputs: &[Input], texts: &Texts, troubles: &mut Vec<String>) -> Vec<Checked> {
        let config = Config { profile: self.profile.into(), ..Config::default() };
        let mut designs = Vec::new();
        let checked = check_all(inputs, self.stdin_filename.as_deref(), texts, &config);
        for (input, checked) in inputs.iter().zip(checked) {
            match checked {
                Ok(checked) => designs.push((input, checked)),
                Err(trouble) => troubles.push(trouble),
            }
        }
        without_parts(designs)
    }

    /// Writes what was found, and what was mended.
    fn answer(
        &self,
        begun: Instant,
        designs: &[Checked],
        troubles: Vec<String>,
        mended: Option<Mended>,
    ) -> Result<Exit, String> {
        if let Some(mended) = mended.as_ref().filter(|_| self.mending.diff) {
            let patch = mended.patch();
            self.formats.write_plain(&patch)?;
            return Ok(if patch.is_empty() { Exit::Clean } else { Exit::Findings });
        }
        let mut report = Report::of(designs);
        report.troubles = troubles;
        report.summary.mended = mended.as_ref().map(|it| it.count);
        let found = self.fails_at().map_or(0, |level| report.summary.at_least(level));
        if let Some(most) = self.max_findings {
            report.shorten(most);
        }
        let has_closing = !self.quiet && !designs.is_empty();
        report.took = has_closing.then(|| begun.elapsed());
        // Standard input is answered by its new text.
        let stdin = mended.map(Mended::write).transpose()?.flatten();
        if let Some(stdin) = &stdin {
            output::write_to(None, stdin, output::look(Colour::Never))?;
        }
        self.formats.write(&report, stdin.is_some())?;
        Ok(if found > 0 { Exit::Findings } else { Exit::Clean })
    }

    fn fails_at(&self) -> Option<Severity> {
        self.fail_on.level().filter(|_| !self.exit_zero)
    }
}

fn check_all(
    inputs: &[Input],
    stdin_name: Option<&Path>,
    texts: &Texts,
    config: &Config,
) -> Vec<Result<Checked, String>> {
    let check_one = |input: &Input| {
        let name = input.file_name(stdin_name);
        let file = match texts.get(&name) {
            Some(text) => SourceFile::new(name, text.as_str()),
            None => disk::read(input, stdin_name)?,
        };
        let place = if input.is_stdin() { stdin_name.unwrap_or(Path::new("")) } else { &input.path };
        Ok(check::check(file, &Overlaid { disk: Disk::around(place), texts }, config))
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
