//! The configuration that holds for a design: the nearest `loadpath.toml` above it and those that it goes on from, under
//! what the command line says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use rustc_hash::FxHashMap;

use super::disk::{self, Input};
use super::exclude;
use crate::check::choice::{Choice, Level, Selector};
use crate::check::{self, Config};
use crate::diagnostic::{Diagnostic, Severity};
use crate::report::text::{self, Look};
use crate::rules::RULES;
use crate::settings::{self, FILE_NAME, FailOn, Place, Settings};
use crate::source::{SourceFile, Sources};

/// Where the configuration comes from.
#[derive(Args, Debug)]
pub(super) struct Origin {
    /// Use this configuration instead of the nearest `loadpath.toml` above each design
    #[arg(long, value_name = "FILE", conflicts_with = "isolated")]
    config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long)]
    isolated: bool,
}

impl Origin {
    /// The nearest file above each design.
    pub(super) const NEAREST: Self = Self { config: None, isolated: false };
}

/// What the command line says over the configuration.
#[derive(Args, Debug)]
pub(super) struct Chosen {
    /// How much is asked [default: ci]
    #[arg(long, value_enum, hide_possible_values = false)]
    profile: Option<Profile>,
    /// Run these rules instead of all: codes, names, heads of codes such as `LP5`, categories, or `ALL`
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    select: Vec<Selector>,
    /// Run these rules besides
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    extend_select: Vec<Selector>,
    /// Do not run these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = ignorable)]
    ignore: Vec<Selector>,
    /// Show what designs accept by `allow` as well
    #[arg(long)]
    no_suppressions: bool,
}

/// How much is asked.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Profile {
    /// Errors and warnings
    Ci,
    /// Advice as well: what an interviewer would ask
    Review,
}

fn selector(text: &str) -> Result<Selector, String> {
    Selector::parse(text)
}

fn ignorable(text: &str) -> Result<Selector, String> {
    let selector = Selector::parse(text)?;
    if selector.is_of_the_language() {
        return Err(format!("`{text}` is always said: a design that breaks the language could not be read"));
    }
    Ok(selector)
}

/// A configuration and where it stands.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What it says.
    pub(super) settings: Settings,
    /// The file; nothing where there is none.
    pub(super) file: Option<PathBuf>,
}

impl Found {
    /// The folder that its paths start from.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.file.as_deref().and_then(Path::parent)
    }
}

/// The configurations of a run, each read once.
#[derive(Debug)]
pub(super) struct Configurations<'a> {
    origin: &'a Origin,
    by_folder: FxHashMap<PathBuf, Arc<Found>>,
    by_file: FxHashMap<PathBuf, Arc<Found>>,
    /// The files that were read, and those that would have been, had they been there.
    looked_at: BTreeSet<PathBuf>,
}

impl<'a> Configurations<'a> {
    pub(super) fn new(origin: &'a Origin) -> Self {
        let (by_folder, by_file) = Default::default();
        Self { origin, by_folder, by_file, looked_at: BTreeSet::new() }
    }

    /// The configuration for what lies in a folder.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(super) fn around(&mut self, folder: &Path) -> Result<Arc<Found>, Refused> {
        if self.origin.isolated {
            return Ok(Arc::default());
        }
        if let Some(file) = &self.origin.config {
            return self.read(file);
        }
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        // What is not there is told of where it is read.
        let Ok(real) = fs::canonicalize(folder) else { return Ok(Arc::default()) };
        if let Some(known) = self.by_folder.get(&real) {
            return Ok(Arc::clone(known));
        }
        let mut found = Arc::default();
        for file in real.ancestors().map(|it| it.join(FILE_NAME)) {
            self.looked_at.insert(file.clone());
            if fs::symlink_metadata(&file).is_ok() {
                found = self.read(&file)?;
                break;
            }
        }
        self.by_folder.insert(real, Arc::clone(&found));
        Ok(found)
    }

    /// The files that were read, and those that would have been, had they been there.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        self.looked_at.iter().cloned()
    }

    fn read(&mut self, file: &Path) -> Result<Arc<Found>, Refused> {
        if let Some(known) = self.by_file.get(file) {
            return Ok(Arc::clone(known));
        }
        let is_named = self.origin.config.is_some();
        let mut reading =
            Reading { root: project_of(file), open: Vec::new(), looked_at: &mut self.looked_at };
        let settings = reading.nearest(file, is_named)?;
        let found = Arc::new(Found { settings, file: Some(file.to_owned()) });
        self.by_file.insert(file.to_owned(), Arc::clone(&found));
        Ok(found)
    }
}

/// Where the project of a configuration begins: at the nearest `.git`, else at the topmost `loadpath.toml`.
fn project_of(file: &Path) -> PathBuf {
    let folder = disk::real(&disk::folder_of(file));
    let git = folder.ancestors().find(|it| it.join(".git").exists());
    let topmost = || folder.ancestors().filter(|it| it.join(FILE_NAME).exists()).last();
    git.or_else(topmost).unwrap_or(&folder).to_owned()
}

/// A file and those that it goes on from. Nothing outside of the project is read or written for what stands in them: they
/// may come with a pull request, and what is wrong in them is shown.
struct Reading<'a> {
    root: PathBuf,
    /// The files that are being read: each goes on from the next.
    open: Vec<PathBuf>,
    looked_at: &'a mut BTreeSet<PathBuf>,
}

impl Reading<'_> {
    /// The file that all begins with; one that a user names may lie anywhere.
    fn nearest(&mut self, file: &Path, is_named: bool) -> Result<Settings, Refused> {
        let name = input(file).name();
        if !is_named && !self.holds(file) {
            return Err(format!("`{}` lies outside of the project", text::printable(&name)).into());
        }
        if fs::metadata(file).is_err() && fs::symlink_metadata(file).is_ok() {
            return Err(format!("`{}` is a link that leads nowhere", text::printable(&name)).into());
        }
        let source = disk::read(&input(file), None)?;
        self.settings(file, &source)
    }

    fn settings(&mut self, file: &Path, source: &SourceFile) -> Result<Settings, Refused> {
        let real = disk::real(file);
        self.looked_at.insert(real.clone());
        let mut settings = settings::read(source).map_err(|faults| Refused::of(source, &faults))?;
        let folder = disk::folder_of(file);
        for place in &settings.places {
            if place.key == "exclude" {
                exclude::pattern(&place.text).map_err(|why| at(place, why, "leaves nothing out", None))?;
            } else if !self.holds(&folder.join(&place.text)) {
                return Err(outside(place));
            }
        }
        settings.baseline = settings.baseline.map(|it| folder.join(it).to_string_lossy().into_owned());
        let Some(base) = settings.extend.take() else { return Ok(settings) };
        let place = settings.place("extend").expect("each `extend` has its place").clone();
        let base = folder.join(base);
        self.open.push(real);
        if self.open.contains(&disk::real(&base)) {
            let message = format!("`{}` goes on from itself: its `extend` leads in a circle", place.text);
            let help = "let one of the files in the circle go on from none".to_owned();
            return Err(at(&place, message, "leads back", Some(help)));
        }
        self.looked_at.insert(disk::real(&base));
        let source = disk::read(&input(&base), None).map_err(|why| at(&place, why, "named here", None))?;
        let base = self.settings(&base, &source)?;
        self.open.pop();
        let settings = settings.over(base);
        let disordered = settings.disordered();
        let Some((first, _)) = disordered.first() else { return Ok(settings) };
        let of_file = disordered.iter().filter(|(it, _)| it.name == first.name);
        Err(Refused::of(first, &of_file.map(|(_, fault)| fault.clone()).collect::<Vec<_>>()))
    }

    /// Whether what a path leads to lies inside the project.
    fn holds(&self, path: &Path) -> bool {
        disk::real(path).starts_with(&self.root)
    }
}

/// A file, called from the folder at hand where it lies in it.
pub(super) fn input(file: &Path) -> Input {
    let near = std::env::current_dir().ok().and_then(|here| file.strip_prefix(here).ok().map(Path::to_owned));
    Input { path: near.unwrap_or_else(|| file.to_owned()), is_found: false }
}

/// Why a configuration can't be used.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    /// The file and what is wrong in it; nothing where it could not be read.
    pub(super) faults: Option<Arc<(SourceFile, Vec<Diagnostic>)>>,
    /// As a terminal shows it: drawn on the file's text.
    told: String,
}

impl Refused {
    fn of(file: &SourceFile, faults: &[Diagnostic]) -> Self {
        Self { told: drawn(file, faults), faults: Some(Arc::new((file.clone(), faults.to_vec()))) }
    }

    /// In one sentence, without a full stop, of which the first fault is the reason.
    pub(super) fn sentence(&self) -> String {
        let Some((file, [first, ..])) =
            self.faults.as_deref().map(|(file, faults)| (file, faults.as_slice()))
        else {
            return self.told.clone();
        };
        let line = file.position(first.span().start).line;
        format!("`{}` can't be used: {} (line {line})", text::printable(&file.name), first.message)
    }
}

impl From<String> for Refused {
    fn from(told: String) -> Self {
        Self { faults: None, told }
    }
}

impl From<Refused> for String {
    fn from(refused: Refused) -> Self {
        refused.told
    }
}

/// What is wrong with a file, drawn on its text.
fn drawn(file: &SourceFile, faults: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add(file.clone());
    let mut told = format!("`{}` can't be used\n\n", text::printable(&file.name));
    for fault in faults {
        let _ = writeln!(told, "{}", text::finding(&sources, fault, Look::PLAIN));
    }
    told.trim_end().to_owned()
}

/// What is wrong with a text that a file names others by, or leaves them out by.
pub(super) fn at(place: &Place, message: String, label: &str, help: Option<String>) -> Refused {
    Refused::of(&place.file, &[place.fault(message, label, help)])
}

fn outside(place: &Place) -> Refused {
    let message = format!("`{}` lies outside of the project", place.text);
    let help =
        "keep it in the project, which begins at the nearest `.git`, else at the topmost `loadpath.toml`";
    at(place, message, "outside of the project", Some(help.to_owned()))
}

impl Chosen {
    /// How a design is checked whose configuration is this.
    pub(super) fn over(&self, mut config: Config) -> Config {
        let own = Choice {
            select: self.select.clone(),
            extend: self.extend_select.clone(),
            ignore: self.ignore.clone(),
            levels: Vec::new(),
        };
        config.choice = own.over(config.choice);
        config.ignores_allows |= self.no_suppressions;
        match self.profile {
            Some(Profile::Ci) => config.profile = check::Profile::Ci,
            Some(Profile::Review) => config.profile = check::Profile::Review,
            None => {}
        }
        config
    }
}

/// All that holds, as a `loadpath.toml` would say it, each rule with what becomes of it.
pub(super) fn shown(found: &Found, config: &Config) -> String {
    let mut shown = match &found.file {
        Some(file) => format!("# from {}\n", disk::told(file)),
        None => format!("# no {FILE_NAME}\n"),
    };
    let Settings { fail_on, max_findings, max_warnings, exclude, baseline, .. } = &found.settings;
    let is_review = config.profile == check::Profile::Review;
    let _ = writeln!(shown, "profile = \"{}\"", if is_review { "review" } else { "ci" });
    let fail_on = match fail_on.unwrap_or(FailOn::Level(Severity::Error)) {
        FailOn::Level(level) => level.name(),
        FailOn::Never => "never",
    };
    let _ = writeln!(shown, "fail-on = \"{fail_on}\"");
    for (key, count) in [("max-findings", max_findings), ("max-warnings", max_warnings)] {
        if let Some(count) = count {
            let _ = writeln!(shown, "{key} = {count}");
        }
    }
    if !exclude.is_empty() {
        let _ = writeln!(shown, "exclude = {exclude:?}");
    }
    if let Some(baseline) = baseline {
        let _ = writeln!(shown, "baseline = {baseline:?}");
    }
    let _ = writeln!(shown, "\n[levels]");
    for rule in RULES {
        let level = match config.choice.level(rule) {
            _ if !config.choice.runs(rule, is_review) => "off".to_owned(),
            Some(Level::At(level)) => level.name().to_owned(),
            _ => {
                let own: Vec<&str> = rule.levels.iter().map(|level| level.name()).collect();
                let _ = writeln!(shown, "# {} = \"{}\"", rule.name(), own.join(" | "));
                continue;
            }
        };
        let _ = writeln!(shown, "{} = \"{level}\"", rule.name());
    }
    if !config.parameters.is_empty() {
        let _ = writeln!(shown, "\n[parameters]");
    }
    for it in &config.parameters {
        let written = &it.file.text[it.span.range()];
        let _ = writeln!(shown, "{} = {written} # from {}", it.parameter.name, it.file.name);
    }
    for engine in &config.engines {
        let _ = writeln!(shown, "\n[engine.{}] # from {}", engine.name, engine.file.name);
        if let Some(like) = &engine.like {
            let _ = writeln!(shown, "like = \"{like}\"");
        }
        for property in &engine.properties {
            let _ = writeln!(shown, "{}", engine.file.text[property.span.range()].trim_end());
        }
    }
    shown
}
