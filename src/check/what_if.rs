//! "What if": a design as it is written against the same with other figures, more load, or something that fails;
//! and which findings come and go.

use rustc_hash::FxHashMap;

use super::differences::Differences;
use super::{Checked, Config, Loader, files, known_by, review};
use crate::analysis::Analysis;
use crate::analysis::what_if::{self, Failure, NO_ZONES, Outcome, Zone, compare};
use crate::diagnostic::Diagnostic;
use crate::model::{self, Architecture, Changes};
use crate::rules;
use crate::source::{SourceFile, Sources};
use crate::syntax;

/// What the text of a setting is called where it is pointed at.
pub const SETTING: &str = "--set";

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// Properties stated after the fact: `api.replicas=12`.
    pub settings: Vec<String>,
    /// How many times the load comes.
    pub load: f64,
    /// What fails, by name.
    pub fail: Vec<String>,
    /// Which zones fail, one after the other.
    pub zones: Option<Zones>,
    /// Which caches answer nothing.
    pub cold: Option<Caches>,
}

impl Default for Question {
    fn default() -> Self {
        Self { settings: Vec::new(), load: 1.0, fail: Vec::new(), zones: None, cold: None }
    }
}

/// Which zones are lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zones {
    /// Each in turn.
    Each,
    /// Those of a name or number.
    Named(String),
}

/// Which caches are cold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caches {
    /// All of them.
    All,
    /// Those of these names.
    Named(Vec<String>),
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Refusal {
    /// A setting is not the language's: what is wrong with it.
    Settings(Box<Checked>, Vec<Diagnostic>),
    /// A name means nothing.
    Names(String),
}

/// A design before and after.
#[derive(Debug)]
pub struct Answer {
    /// As it is written.
    pub before: Checked,
    /// With its settings and its load, where any are asked.
    pub after: Option<Checked>,
    /// What follows: one for each zone that is lost, else one.
    pub cases: Vec<Case>,
}

/// What follows from one failure, or from none.
#[derive(Debug)]
pub struct Case {
    /// What fails.
    pub failure: Failure,
    /// What changes.
    pub outcome: Outcome,
    /// The findings that come.
    pub come: Vec<Diagnostic>,
    /// The findings that go.
    pub gone: Vec<Diagnostic>,
}

impl Answer {
    /// The design with its settings and its load.
    pub fn after(&self) -> &Checked {
        self.after.as_ref().unwrap_or(&self.before)
    }
}

/// Answers a question about a design.
///
/// # Errors
/// Says what can't be asked.
pub fn what_if(
    file: SourceFile,
    loader: &dyn Loader,
    config: &Config,
    question: &Question,
) -> Result<Answer, Refusal> {
    let mut read = files::read(file, loader);
    let start = read.start();
    let faults = std::mem::take(&mut read.faults);
    if let Some(twice) = said_twice(&question.settings) {
        return Err(Refusal::Names(twice));
    }
    let checked = |sources: Sources, mut architecture: Architecture, faults: Vec<model::Fault>| {
        architecture.faults.extend(faults);
        Checked::of(sources, architecture, config)
    };
    let own = known_by(&mut read.sources, config);
    let as_written = model::build_changed(&read.trees, start, &own, &Changes::default());
    let before = checked(read.sources.clone(), as_written, faults.clone());
    let is_changed = !question.settings.is_empty() || question.load.to_bits() != 1_f64.to_bits();
    let after = if is_changed {
        let mut sources = read.sources;
        let (settings, mut wrong) = settings(&mut sources, &question.settings);
        let architecture =
            model::build_changed(&read.trees, start, &own, &Changes { settings, load: question.load });
        wrong.extend(faults);
        let after = checked(sources, architecture, wrong);
        let wrong = wrong_settings(&after);
        if !wrong.is_empty() {
            return Err(Refusal::Settings(Box::new(after), wrong));
        }
        Some(after)
    } else {
        None
    };
    let design = after.as_ref().unwrap_or(&before);
    let failures = failures(&design.architecture, question).map_err(Refusal::Names)?;
    let cases = failures.into_iter().map(|failure| case(&before, design, failure, config)).collect();
    Ok(Answer { before, after, cases })
}

/// A property that two settings state: only one of them can hold.
fn said_twice(settings: &[String]) -> Option<String> {
    let property = |setting: &str| {
        let named = setting.split('=').next().unwrap_or_default().replace(' ', "");
        // The system's properties may be named without it.
        named.strip_prefix("system.").map_or(named.clone(), str::to_owned)
    };
    let mut seen: FxHashMap<String, &String> = FxHashMap::default();
    settings.iter().find_map(|setting| {
        let first = seen.insert(property(setting), setting)?;
        Some(format!("`{first}` and `{setting}` state the same: ask one after the other"))
    })
}

/// The settings as they are parsed, each in a file of its own, and what is wrong with them.
fn settings(sources: &mut Sources, written: &[String]) -> (Vec<syntax::ast::Setting>, Vec<model::Fault>) {
    let mut settings = Vec::new();
    let mut faults = Vec::new();
    for text in written {
        let id = sources.add(SourceFile::new(SETTING, text.as_str()));
        match syntax::setting(id, text) {
            Ok(setting) => settings.push(setting),
            Err(errors) => faults.extend(errors.into_iter().map(model::Fault::from)),
        }
    }
    (settings, faults)
}

/// What the rules of the language say of the settings.
fn wrong_settings(after: &Checked) -> Vec<Diagnostic> {
    let stands_in_setting = |it: &&Diagnostic| after.sources.file(it.span().file).name == SETTING;
    let wrong =
        after.diagnostics.iter().filter(|it| rules::is_of_the_language(it.code)).filter(stands_in_setting);
    wrong.cloned().collect()
}

/// What fails, case by case.
fn failures(architecture: &Architecture, question: &Question) -> Result<Vec<Failure>, String> {
    let mut all = Failure::default();
    for name in &question.fail {
        all.fail(architecture, name)?;
    }
    match &question.cold {
        None => {}
        Some(Caches::All) => all.chill_all(architecture)?,
        Some(Caches::Named(names)) => {
            for name in names {
                all.chill(architecture, name)?;
            }
        }
    }
    let zones: Vec<Zone> = match &question.zones {
        None => return Ok(vec![all]),
        Some(Zones::Each) => what_if::zones(architecture),
        Some(Zones::Named(name)) => what_if::zones_called(architecture, name)?,
    };
    if zones.is_empty() {
        return Err(NO_ZONES.to_owned());
    }
    Ok(zones.iter().map(|zone| all.with_zone(architecture, zone)).collect())
}

fn case(before: &Checked, after: &Checked, failure: Failure, config: &Config) -> Case {
    let outcome =
        compare((&before.architecture, &before.analysis), (&after.architecture, &after.analysis), &failure);
    let (come, gone) = if failure.is_none() {
        differences(&before.diagnostics, &after.diagnostics)
    } else {
        let analysis = Analysis::under(&after.architecture, &failure.circumstances());
        let (now, ..) = review(&after.architecture, &analysis, None, config);
        let (come, gone) = differences(&before.diagnostics, &now);
        // What a failure leaves idle is not needless, and what is down has no faults of its own.
        let counts = |it: &Diagnostic| {
            is_about_load(it) && !is_about(&after.architecture, it, |id| failure.is_down(id))
        };
        (come.into_iter().filter(counts).collect(), gone.into_iter().filter(counts).collect())
    };
    Case { failure, outcome, come, gone }
}

/// Whether it speaks of queues, capacity or time: what a failure changes while it lasts.
fn is_about_load(finding: &Diagnostic) -> bool {
    ["LP2", "LP3"].iter().any(|family| finding.code.starts_with(family))
}

fn is_about(
    architecture: &Architecture,
    finding: &Diagnostic,
    is_meant: impl Fn(model::ComponentId) -> bool,
) -> bool {
    architecture.component_named(&finding.element).is_some_and(|component| is_meant(component.id))
}

/// The findings of each side that the other has not, by rule, level and element.
fn differences(before: &[Diagnostic], after: &[Diagnostic]) -> (Vec<Diagnostic>, Vec<Diagnostic>) {
    let Differences { mut come, mut gone, changed, .. } = Differences::between(before, after);
    for (was, is) in changed.into_iter().filter(|(was, is)| was.severity != is.severity) {
        gone.push(was);
        come.push(is);
    }
    come.sort_by(|a, b| super::place(a).cmp(&super::place(b)));
    gone.sort_by(|a, b| super::place(a).cmp(&super::place(b)));
    (come, gone)
}

impl Question {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
            && self.load.to_bits() == 1_f64.to_bits()
            && self.fail.is_empty()
            && self.zones.is_none()
            && self.cold.is_none()
    }
}
