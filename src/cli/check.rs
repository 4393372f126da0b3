//! `loadpath check`: reviews designs.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::address;
use super::config::{self, Chosen, Configurations, Found, Origin};
use super::disk::{self, Disk, Input, PATHS};
use super::exclude::LeftOut;
use super::formats::Formats;
use super::kept::Kept;
use super::memory::Memory;
use super::mend::{self, Mended, Overlaid, Texts};
use super::output::{self, Colour};
use super::progress::Progress;
use super::{Exit, watch};
use crate::check::baseline::Baseline;
use crate::check::{self, Checked, Config};
use crate::diagnostic::Severity;
use crate::report::Report;
use crate::report::text::Look;
use crate::rules;
use crate::settings::{self, Settings};
use crate::source::SourceFile;

/// Review designs
///
/// Leaves with 0 where nothing is found, with 1 for findings at or over `--fail-on`, with 2 if something can't be
/// read or done.
#[derive(Args, Debug)]
#[command(visible_alias = "lint")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(super) struct Arguments {
    #[arg(value_name = "PATH", help = PATHS)]
    paths: Vec<PathBuf>,
    /// What standard input is called, and where its includes are looked for
    #[arg(long, value_name = "PATH")]
    stdin_filename: Option<PathBuf>,
    #[command(flatten)]
    formats: Formats,
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    chosen: Chosen,
    /// From which level on findings fail the command [default: error]
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// Leave with 0 whatever is found, whatever else is said of it
    #[arg(long)]
    exit_zero: bool,
    /// Write at most so many findings, 10 000 unless said otherwise; the rest is counted
    #[arg(long, value_name = "N", value_parser = count)]
    max_findings: Option<usize>,
    /// Fail as well where there are more warnings than this
    #[arg(long, value_name = "N", value_parser = count)]
    max_warnings: Option<usize>,
    #[command(flatten)]
    paths_left_out: LeftOut,
    #[command(flatten)]
    known: Known,
    /// Write what holds, and from where, instead of reviewing anything
    #[arg(long)]
    show_settings: bool,
    /// Review again whenever a file changes
    #[arg(long, conflicts_with_all = ["fix", "diff", "write_baseline", "show_settings"])]
    watch: bool,
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

#[derive(Args, Debug)]
struct Known {
    /// Tell only what is not among the findings of this file
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings to the baseline, but for what breaks the language, which is always said; what other files and
    /// rules have in it stays
    #[arg(long)]
    write_baseline: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum FailOn {
    Error,
    Warning,
    Advice,
    Never,
}

/// So many findings nobody reads, and a hostile design has millions.
const MOST_FINDINGS: usize = 10_000;

impl FailOn {
    /// The level from which on findings fail a command; none where nothing does. The command line goes before the
    /// configuration.
    pub(super) fn level(stated: Option<Self>, settings: &Settings) -> Option<Severity> {
        let stated = stated.map(|it| match it {
            Self::Error => settings::FailOn::Level(Severity::Error),
            Self::Warning => settings::FailOn::Level(Severity::Warning),
            Self::Advice => settings::FailOn::Level(Severity::Advice),
            Self::Never => settings::FailOn::Never,
        });
        match stated.or(settings.fail_on).unwrap_or(settings::FailOn::Level(Severity::Error)) {
            settings::FailOn::Level(level) => Some(level),
            settings::FailOn::Never => None,
        }
    }
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| "write a whole number, such as `100`".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    let paths = match disk::asked(&arguments.paths, arguments.stdin_filename.as_deref()) {
        Ok(paths) => paths,
        Err(trouble) => return super::design::end(Err(trouble)),
    };
    if !arguments.watch {
        return arguments.run(&paths, &mut Vec::new());
    }
    if paths.iter().any(|it| it.as_os_str() == disk::STDIN) {
        let trouble = "standard input can't be watched: it is read but once; name a file".to_owned();
        return super::design::end(Err(trouble));
    }
    let listed = || watched(&paths);
    let round = || {
        let mut read = Vec::new();
        arguments.run(&paths, &mut read);
        read
    };
    watch::watch(round, listed)
}

/// The files that paths mean, and the configurations that hold for them or would, were they there.
fn watched(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = disk::inputs(paths).0.into_iter().map(|it| it.path).collect();
    let folders: BTreeSet<PathBuf> = files.iter().map(|it| disk::real(&disk::folder_of(it))).collect();
    files.extend(folders.iter().flat_map(|it| it.ancestors()).map(|it| it.join(settings::FILE_NAME)));
    files
}

/// Designs to check, each with its configuration.
type Configured = Vec<(Input, Arc<Config>)>;

impl Arguments {
    /// Reviews once; `read` gets the files that were read, or would have been, had they been there.
    fn run(&self, paths: &[PathBuf], read: &mut Vec<PathBuf>) -> Exit {
        let begun = Instant::now();
        if let Err(trouble) = self.formats.verify() {
            output::complain(&trouble);
            return Exit::Trouble;
        }
        let mut configurations = Configurations::new(&self.origin);
        let mut troubles = Vec::new();
        let prepared = self.prepare(paths, &mut configurations, &mut troubles);
        read.extend(configurations.files());
        let (run, inputs) = match prepared {
            Ok(prepared) => prepared,
            Err(trouble) => {
                output::complain(&trouble);
                return Exit::Trouble;
            }
        };
        let stdin_name = self.stdin_filename.as_deref();
        let mut kept = Kept::default();
        kept.files(configurations.files());
        kept.files(inputs.iter().map(|(input, _)| input.place(stdin_name).to_owned()));
        if self.show_settings {
            if let Err(trouble) = self.formats.targets().try_for_each(|target| kept.refuse(target)) {
                return super::design::end(Err(trouble));
            }
            let config = inputs.first().map(|(_, config)| Arc::clone(config));
            let config = config.unwrap_or_else(|| Arc::new(self.chosen.over(run.settings.config.clone())));
            let shown = config::shown(&run, &config);
            return super::design::end(self.formats.write_plain(&shown).map(|()| Exit::Clean));
        }
        let is_stdin = |it: &PathBuf| it.as_os_str() == disk::STDIN;
        let left_out = paths.iter().find(|it| is_stdin(it));
        if self.mending.fix
            && let Some(path) = left_out.filter(|_| !inputs.iter().any(|(input, _)| input.is_stdin()))
        {
            // An editor puts what it gets in the place of what it gave.
            let stdin = Input { path: path.clone(), is_found: false };
            let copied = disk::read(&stdin, self.stdin_filename.as_deref())
                .and_then(|it| output::write_to(None, &it.text, Look::PLAIN));
            troubles.extend(copied.err());
        }
        let memory = Arc::default();
        let mut designs = self.check(&inputs, &memory, &Texts::default(), &mut troubles);
        let exit = if troubles.is_empty() { Exit::Clean } else { Exit::Trouble };
        for trouble in &troubles {
            output::complain(trouble);
        }
        let mended = self.mends().then(|| {
            // What can't be read has been told of.
            let again = |texts: &Texts| self.check(&inputs, &memory, texts, &mut Vec::new());
            let asked: Vec<Input> = inputs.iter().map(|(input, _)| input.clone()).collect();
            mend::mend(&asked, stdin_name, &mut designs, self.mending.unsafe_fixes, again)
        });
        read.extend(
            designs.iter().flat_map(|it| it.sources.iter()).map(|(_, file)| PathBuf::from(&file.name)),
        );
        for design in &designs {
            kept.design(&design.sources);
        }
        let looked = Looked::of(paths, &inputs, stdin_name, &designs);
        let known = self.known.read(&run).and_then(|baseline| {
            if let Some(baseline) = &baseline {
                if self.known.write_baseline {
                    kept.refuse(&baseline.path)?;
                }
                kept.files([baseline.path.clone()]);
            }
            self.formats.targets().try_for_each(|target| kept.refuse(target))?;
            let apply = |it| self.known.apply(it, &mut designs, &looked, troubles.is_empty());
            baseline.map(apply).transpose()
        });
        let answered = known.and_then(|known| self.answer(begun, &run, &designs, known, troubles, mended));
        let answered = answered.map(|exit| if self.exit_zero { Exit::Clean } else { exit });
        if !self.watch {
            // The process ends here: the system takes all memory back at once, and not piece by piece.
            std::mem::forget(designs);
        }
        exit.or(super::design::end(answered))
    }

    /// The configuration of the run, and the designs with theirs.
    fn prepare(
        &self,
        paths: &[PathBuf],
        configurations: &mut Configurations,
        troubles: &mut Vec<String>,
    ) -> Result<(Arc<Found>, Configured), String> {
        let (mut inputs, mut trouble) = disk::inputs(paths);
        let mut run = configurations.around(Path::new("."))?;
        let mut by_input = Vec::new();
        for input in &inputs {
            let place = input.place(self.stdin_filename.as_deref());
            by_input.push(configurations.around(place.parent().unwrap_or(Path::new("")))?);
        }
        if run.file.is_none()
            && let Some(first) = by_input.first()
        {
            run = Arc::clone(first);
        }
        let mut configs: Vec<(Arc<Found>, Arc<Config>)> = Vec::new();
        for found in &by_input {
            if !configs.iter().any(|(known, _)| Arc::ptr_eq(known, found)) {
                configs.push((Arc::clone(found), Arc::new(self.chosen.over(found.settings.config.clone()))));
            }
        }
        let stdin_name = self.stdin_filename.as_deref();
        let excluded = self.paths_left_out.with(configs.iter().map(|(found, _)| found.as_ref()))?;
        let config_of = |found: &Arc<Found>| {
            let config = configs.iter().find(|(known, _)| Arc::ptr_eq(known, found));
            Arc::clone(&config.expect("each was entered above").1)
        };
        let configured: Configured = inputs
            .drain(..)
            .zip(&by_input)
            .filter(|(input, _)| !excluded.takes(input, stdin_name))
            .map(|(input, found)| (input, config_of(found)))
            .collect();
        troubles.append(&mut trouble);
        Ok((run, configured))
    }

    fn mends(&self) -> bool {
        self.mending.fix || self.mending.diff
    }

    /// Reads and reviews all designs; some files say something else already. What can't be read is told apart: one
    /// such file never hides the others.
    fn check(
        &self,
        inputs: &[(Input, Arc<Config>)],
        memory: &Arc<Memory>,
        texts: &Texts,
        troubles: &mut Vec<String>,
    ) -> Vec<Checked> {
        let mut designs = Vec::new();
        let checked = check_all(inputs, self.stdin_filename.as_deref(), memory, texts);
        for ((input, _), checked) in inputs.iter().zip(checked) {
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
        run: &Found,
        designs: &[Checked],
        known: Option<Met>,
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
        report.find_addresses(address::of);
        report.summary.mended = mended.as_ref().map(|it| it.count);
        if let Some(Met { baseline, stale }) = known {
            report.baseline = Some(baseline);
            report.summary.stale = stale;
        }
        let has_failed = self.fails(run, &report);
        let most = self.max_findings.or(run.settings.max_findings);
        report.shorten(most.unwrap_or(MOST_FINDINGS));
        let has_closing = !self.quiet && !designs.is_empty();
        report.took = has_closing.then(|| begun.elapsed());
        // Standard input is answered by its new text.
        let stdin = mended.map(Mended::write).transpose()?.flatten();
        if let Some(stdin) = &stdin {
            output::write_to(None, stdin, output::look(Colour::Never))?;
        }
        self.formats.write(&report, stdin.is_some())?;
        Ok(if has_failed { Exit::Findings } else { Exit::Clean })
    }

    /// Whether what was found fails the run.
    fn fails(&self, run: &Found, report: &Report) -> bool {
        let level = FailOn::level(self.fail_on, &run.settings);
        let is_over = level.is_some_and(|level| report.summary.at_least(level) > 0);
        let most = self.max_warnings.or(run.settings.max_warnings);
        is_over || most.is_some_and(|most| report.summary.warnings > most)
    }
}

/// What came of holding the findings against a baseline.
struct Met {
    /// Its file.
    baseline: String,
    /// How many known ones were not found any more.
    stale: usize,
}

/// What a run looked at, by which it may say that a known finding is not there any more.
struct Looked<'a> {
    /// The folders that were looked through.
    folders: Vec<PathBuf>,
    /// The configurations by which each file was reviewed.
    configs: FxHashMap<PathBuf, Vec<&'a Config>>,
}

impl<'a> Looked<'a> {
    fn of(
        paths: &[PathBuf],
        inputs: &'a [(Input, Arc<Config>)],
        stdin_name: Option<&Path>,
        designs: &[Checked],
    ) -> Self {
        let folders = paths.iter().filter(|it| it.is_dir()).map(|it| disk::real(it)).collect();
        let by_name: FxHashMap<String, &Config> =
            inputs.iter().map(|(input, config)| (input.file_name(stdin_name), &**config)).collect();
        let mut configs: FxHashMap<PathBuf, Vec<&Config>> = FxHashMap::default();
        for design in designs {
            let Some(config) = by_name.get(own_name(design)) else { continue };
            for (_, file) in design.sources.iter() {
                configs.entry(PathBuf::from(&file.name)).or_default().push(config);
            }
        }
        Self { folders, configs }
    }

    /// Which files, by their names from a folder, and which rules were looked for.
    fn from(&self, folder: &Path) -> impl Fn(&str, &str) -> bool {
        let by_name: FxHashMap<String, &Vec<&Config>> = self
            .configs
            .iter()
            .map(|(file, configs)| (disk::name_from(folder, &file.to_string_lossy()), configs))
            .collect();
        move |file, rule| {
            if let Some(configs) = by_name.get(file) {
                // A rule of which there is none any more finds nothing.
                return rules::find(rule).is_none_or(|rule| configs.iter().any(|config| config.runs(rule)));
            }
            let place = disk::real(&folder.join(file));
            !place.exists() && self.folders.iter().any(|it| place.starts_with(it))
        }
    }
}

/// A baseline, where one is named.
struct Named {
    path: PathBuf,
    /// What it says; nothing where it is to be written for the first time.
    says: Baseline,
}

impl Known {
    /// Reads the baseline.
    fn read(&self, run: &Found) -> Result<Option<Named>, String> {
        let place = run.settings.place("baseline").filter(|_| self.baseline.is_none());
        let stated = run.settings.baseline.as_ref().map(PathBuf::from);
        let Some(path) = self.baseline.clone().or(stated) else {
            if self.write_baseline {
                return Err("`--write-baseline` writes to the file that `--baseline` names".to_owned());
            }
            return Ok(None);
        };
        let is_there = fs::symlink_metadata(&path).is_ok();
        if !is_there && self.write_baseline {
            return Ok(Some(Named { path, says: Baseline::default() }));
        }
        let made = "`--write-baseline` makes one";
        let input = config::input(&path);
        let read = disk::read(&input, None).and_then(|file| {
            Baseline::read(&file.text)
                .map_err(|why| format!("`{}` is no baseline: {why}", disk::told(&input.path)))
        });
        match (read, place) {
            (Ok(says), _) => Ok(Some(Named { path: input.path, says })),
            (Err(why), Some(place)) => {
                let help = (!is_there).then(|| format!("{made}: `loadpath check --write-baseline`"));
                Err(config::at(place, why, "named here", help).into())
            }
            (Err(why), None) if !is_there => Err(format!("{why}; {made}")),
            (Err(why), None) if self.write_baseline => Err(format!("{why}; it is not written over")),
            (Err(why), None) => Err(why),
        }
    }

    /// Takes what is known out of the findings, or writes down all of them, if all could be looked at.
    fn apply(
        &self,
        baseline: Named,
        designs: &mut [Checked],
        looked: &Looked,
        is_whole: bool,
    ) -> Result<Met, String> {
        let Named { path, mut says } = baseline;
        let folder = disk::folder_of(&path);
        let name = |file: &str| disk::name_from(&folder, file);
        let is_looked_for = looked.from(&folder);
        if self.write_baseline {
            if !is_whole {
                let path = disk::told(&path);
                return Err(format!("`{path}` is not written, for not all could be read"));
            }
            says = Baseline::of(designs, name).keeping(&says, designs, name, &is_looked_for);
            output::write_to(Some(&path), &says.written(), Look::PLAIN)?;
        }
        let stale = says.take_from(designs, name, is_looked_for);
        Ok(Met { baseline: config::input(&path).name(), stale })
    }
}

fn check_all(
    inputs: &[(Input, Arc<Config>)],
    stdin_name: Option<&Path>,
    memory: &Arc<Memory>,
    texts: &Texts,
) -> Vec<Result<Checked, String>> {
    let progress = Progress::of(inputs.len());
    let check_one = |(input, config): &(Input, Arc<Config>)| {
        let name = input.file_name(stdin_name);
        let file = match texts.get(&name) {
            Some(text) => SourceFile::new(name, text.as_str()),
            None if inputs.len() == 1 => disk::read(input, stdin_name)?,
            None => disk::read_shared(input, stdin_name, memory)?,
        };
        let disk = Disk::around(input.place(stdin_name)).sharing(memory);
        let checked = check::check(file, &Overlaid { disk, texts }, config);
        progress.step();
        Ok(checked)
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
