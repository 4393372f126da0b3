//! The one entrance: a design file in, everything known about it out.
//!
//! Whoever asks — command line, editor, page — calls [`check`] and differs only in how the answer is shown. The
//! files that a design includes are read through a [`Loader`] that the caller passes in, so that nothing here
//! touches a disk.

mod accept;
pub mod baseline;
pub mod choice;
pub mod diff;
pub mod differences;
mod explained;
mod extent;
mod files;
pub mod mend;
mod session;
mod short;
pub mod what_if;

use std::sync::Arc;

use rayon::prelude::*;

use self::choice::{Choice, Level};
use crate::analysis::{Analysis, is_large};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::{self, Architecture, Changes, Engine, Override, Own};
use crate::rules::{self, Context, Findings, Rule};
use crate::source::{FileId, SourceFile, Sources, Span};

pub use files::MAX_FILES;
pub use session::Session;

/// Where the files that a design includes come from: a disk, open buffers, a test's strings.
pub trait Loader {
    /// The file that `path` names, as it is written in the file called `from`.
    ///
    /// # Errors
    /// Says why the file can't be had.
    fn load(&self, from: &str, path: &str) -> Result<SourceFile, LoadError>;

    /// The paths of the designs that lie where this path leads, written as it is and without what would have to be
    /// escaped: for "did you mean".
    fn beside(&self, _from: &str, _path: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Why an included file can't be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// There is none.
    NotFound,
    /// It lies outside of the project.
    OutsideRoot,
    /// It is there, and can't be read: why.
    Unreadable(String),
    /// It is no UTF-8 text: the offset of the first byte that is none.
    NotUtf8(usize),
    /// It has more bytes than are read: how many.
    TooLarge(u64),
    /// It is Markdown, and none of its fences is a design's.
    NoDesign,
}

/// A loader that has nothing: a design that stands alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _: &str, _: &str) -> Result<SourceFile, LoadError> {
        Err(LoadError::NotFound)
    }
}

/// How much is asked of a design.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Errors and warnings: what should stop a merge.
    #[default]
    Ci,
    /// Advice as well: what an interviewer would ask.
    Review,
}

/// How a design is checked.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// How much is asked.
    pub profile: Profile,
    /// Which rules run, and at which levels.
    pub choice: Choice,
    /// Whether what a design accepts is shown all the same.
    pub ignores_allows: bool,
    /// A company's own engines.
    pub engines: Vec<Engine>,
    /// The parameters that a company sets, each once.
    pub parameters: Vec<Override>,
}

impl Config {
    /// Whether a rule runs.
    pub fn runs(&self, rule: &Rule) -> bool {
        self.choice.runs(rule, self.profile == Profile::Review)
    }
}

/// All that is known of a design.
#[derive(Debug)]
pub struct Checked {
    /// The design's files, its own first.
    pub sources: Sources,
    /// The design with every name resolved.
    pub architecture: Architecture,
    /// What was computed from it.
    pub analysis: Analysis,
    /// The same at the milder ends of the ranges that it states; none where it states none.
    pub milder: Option<Milder>,
    /// The findings by file, offset and code.
    pub diagnostics: Vec<Diagnostic>,
    /// The findings that the design accepts, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// The findings that a baseline took out of the others, in the same order.
    pub known: Vec<Diagnostic>,
    /// Advice that the profile does not show.
    pub unshown: Vec<Diagnostic>,
    /// Which rules ran, and at which levels.
    choice: Choice,
}

/// A design at the milder ends of the ranges that it states: the other ends of the intervals of its results.
#[derive(Debug)]
pub struct Milder {
    /// The design with these ends.
    pub architecture: Architecture,
    /// What was computed from it.
    pub analysis: Analysis,
}

impl Milder {
    fn of(architecture: &Architecture) -> Option<Self> {
        let architecture = architecture.at_milder_ends()?;
        let analysis = Analysis::of(&architecture);
        Some(Self { architecture, analysis })
    }
}

/// A finding that the design accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Why it is accepted, where the design says so.
    pub reason: Option<String>,
    /// What accepts it: an `allow`, or a `because`.
    pub allow: Span,
}

/// Checks a design: its own file, and what it includes.
pub fn check(file: SourceFile, loader: &dyn Loader, config: &Config) -> Checked {
    let mut read = files::read(file, loader);
    let architecture = resolved(&mut read, config);
    let files::Files { sources, trees, .. } = read;
    // Of a large design the trees are as big as all that is made of them.
    drop(trees);
    Checked::of(sources, architecture, config)
}

/// The design that some files are, with every name resolved.
fn resolved(read: &mut files::Files, config: &Config) -> Architecture {
    let start = read.start();
    let own = known_by(&mut read.sources, config);
    let mut architecture = model::build_changed(&read.trees, start, &own, &Changes::default());
    architecture.faults.append(&mut read.faults);
    if config.ignores_allows {
        architecture.allows.clear();
    }
    architecture
}

/// What a company knows better: its engines in files that can be pointed at, and its parameters.
fn known_by(sources: &mut Sources, config: &Config) -> Own {
    let mut engines = Vec::new();
    for engine in &config.engines {
        let is_it = |(_, file): &(FileId, &SourceFile)| file.name == engine.file.name;
        let id = sources.iter().find(is_it).map(|(id, _)| id);
        let id = id.unwrap_or_else(|| sources.add(engine.file.clone()));
        engines.push(engine.in_file(id));
    }
    Own { engines, parameters: Arc::new(Override::all(&config.parameters)) }
}

impl Checked {
    /// Analyses and reviews a design whose names are resolved.
    fn of(sources: Sources, architecture: Architecture, config: &Config) -> Self {
        let (analysis, milder) = if is_large(&architecture) {
            rayon::join(|| Analysis::of(&architecture), || Milder::of(&architecture))
        } else {
            (Analysis::of(&architecture), Milder::of(&architecture))
        };
        let (mut diagnostics, mut suppressed, mut unshown) =
            review(&architecture, &analysis, milder.as_ref(), config);
        mend::settle(&architecture, &sources, &mut diagnostics);
        diagnostics.iter_mut().chain(&mut unshown).for_each(short::shorten);
        for accepted in &mut suppressed {
            short::shorten(&mut accepted.diagnostic);
            accepted.reason.iter_mut().for_each(short::text);
        }
        Self {
            sources,
            architecture,
            analysis,
            milder,
            diagnostics,
            suppressed,
            known: Vec::new(),
            unshown,
            choice: config.choice.clone(),
        }
    }
}

/// Runs the rules and parts what they find into what is shown, what is accepted and what the profile keeps back.
fn review(
    architecture: &Architecture,
    analysis: &Analysis,
    milder: Option<&Milder>,
    config: &Config,
) -> (Vec<Diagnostic>, Vec<Suppressed>, Vec<Diagnostic>) {
    let is_review = config.profile == Profile::Review;
    let cx = Context { architecture, analysis, unused_allows: Vec::new() };
    let at_milder_ends = milder.map(|it| Context {
        architecture: &it.architecture,
        analysis: &it.analysis,
        unused_allows: Vec::new(),
    });
    let runs = |rule: &Rule| config.runs(rule);
    let rules = rules::RULES.iter().filter(|rule| runs(rule));
    let mut shown = Vec::new();
    let mut accepted = accept::Accepted::new(architecture);
    let rules: Vec<&'static Rule> = rules.copied().filter(|rule| !rule.is_about_allows()).collect();
    let run_one = |rule: &&'static Rule| {
        let mut findings = run(rule, &cx);
        if let Some(milder) = &at_milder_ends {
            extent::tell(architecture, findings.found_mut(), run(rule, milder).found());
        }
        at_level(&config.choice, rule, findings)
    };
    let found: Vec<Findings> = if is_large(architecture) {
        rules.par_iter().map(run_one).collect()
    } else {
        rules.iter().map(run_one).collect()
    };
    for findings in found {
        accepted.part(findings, &mut shown);
    }
    let cx = Context { unused_allows: accepted.unused(runs), ..cx };
    for rule in rules::RULES.iter().filter(|rule| rule.is_about_allows() && runs(rule)) {
        accepted.part(at_level(&config.choice, rule, run(rule, &cx)), &mut shown);
    }
    let mut suppressed = accepted.into_suppressed();
    let is_shown = |it: &Diagnostic| {
        it.severity < Severity::Advice
            || is_review
            || rules::find(it.code).is_some_and(|rule| config.choice.names(rule))
    };
    let unshown = shown.extract_if(.., |it| !is_shown(it)).collect();
    suppressed.retain(|it| is_shown(&it.diagnostic));
    shown.sort_by(|a, b| place(a).cmp(&place(b)));
    suppressed.sort_by(|a, b| place(&a.diagnostic).cmp(&place(&b.diagnostic)));
    (shown, suppressed, unshown)
}

fn run(rule: &'static Rule, cx: &Context) -> Findings {
    let mut findings = Findings::new(rule);
    (rule.check)(cx, &mut findings);
    findings
}

/// The findings of a rule at the level that is chosen for it.
fn at_level(choice: &Choice, rule: &Rule, mut findings: Findings) -> Findings {
    if let Some(Level::At(level)) = choice.level(rule) {
        findings.set_level(level);
    }
    findings
}

/// The order of findings in every output.
fn place(finding: &Diagnostic) -> (Span, &'static str, &str) {
    let Span { file, start, .. } = finding.span();
    (Span { file, start, end: start }, finding.code, &finding.message)
}
