//! What a `loadpath.toml` says: which rules run and how gravely, what fails a run, and a company's own figures.
//!
//! Every fault of such a file is a finding with its place, so that it is shown like those of a design. Nothing here
//! touches a disk: who asks has read the file, and knows which others it extends.

mod parameters;

use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::choice::{Level, Selector};
use crate::check::{Config, Profile};
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::model::{Engine, Override, Property};
use crate::nearest::nearest;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax;

/// The name of the file.
pub const FILE_NAME: &str = "loadpath.toml";

/// All that a file says.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file that this one goes on from, as it is written.
    pub extend: Option<String>,
    /// How designs are checked.
    pub config: Config,
    /// Whether the profile is stated.
    pub states_profile: bool,
    /// From which level on findings fail a run.
    pub fail_on: Option<FailOn>,
    /// At most so many findings are written.
    pub max_findings: Option<usize>,
    /// So many warnings fail a run as well, if there are more.
    pub max_warnings: Option<usize>,
    /// What is not looked for in folders, as in a `.gitignore`.
    pub exclude: Vec<String>,
    /// The file of known findings, as it is written.
    pub baseline: Option<String>,
    /// What of these texts only a disk can tell right from wrong, and where each stands.
    pub places: Vec<Place>,
}

/// A text of a file that it names other files by, and where it stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The key that takes it.
    pub key: &'static str,
    /// The text.
    pub text: String,
    /// The file.
    pub file: Arc<SourceFile>,
    span: Range<usize>,
}

impl Place {
    /// A fault of it.
    pub fn fault(&self, message: String, label: &str, help: Option<String>) -> Diagnostic {
        fault(self.span.clone(), message, label, help)
    }
}

/// From which level on findings fail a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// From this one.
    Level(Severity),
    /// None does.
    Never,
}

/// The keys of the file with what they take, for messages and for the schema.
pub const KEYS: &[(&str, &str)] = &[
    ("extend", "the path of a file that this one goes on from"),
    ("profile", "how much is asked: `ci` or `review`"),
    ("select", "the rules that run, instead of all"),
    ("extend-select", "rules that run besides"),
    ("ignore", "rules that do not run"),
    ("levels", "levels other than the rules' own: `error`, `warning`, `advice` or `off`"),
    ("fail-on", "the level that fails a run: `error`, `warning`, `advice` or `never`"),
    ("max-findings", "at most so many findings are written"),
    ("max-warnings", "more warnings than this fail a run"),
    ("exclude", "what is not looked for in folders, as in a `.gitignore`"),
    ("baseline", "the file of known findings"),
    ("engine", "a company's own engines: what a design names after `:`"),
    ("parameters", "a company's own parameters: what is reckoned with where a design states nothing"),
];

/// Reads a file.
///
/// # Errors
/// All its faults, in their order.
pub fn read(file: &SourceFile) -> Result<Settings, Vec<Diagnostic>> {
    let shared = Arc::new(file.clone());
    let mut reader = Reader { file, shared, settings: Settings::default(), faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(&file.text);
    for error in errors {
        let span = error.span().unwrap_or_default();
        let message = error.message().trim().replace('\n', "; ");
        reader.fault(span, message, "not understood here", None);
    }
    if reader.faults.is_empty() {
        reader.file(table.get_ref());
    }
    // What another file sets may mend it.
    if reader.settings.extend.is_none() {
        reader.faults.extend(reader.settings.disordered().into_iter().map(|(_, fault)| fault));
    }
    if reader.faults.is_empty() {
        return Ok(reader.settings);
    }
    reader.faults.sort_by_key(Diagnostic::span);
    Err(reader.faults)
}

impl Settings {
    /// Where the text of a key stands that holds.
    pub fn place(&self, key: &str) -> Option<&Place> {
        self.places.iter().find(|it| it.key == key)
    }

    /// What can't hold together of what this file and those it goes on from set, each with its file.
    pub fn disordered(&self) -> Vec<(SourceFile, Diagnostic)> {
        parameters::disordered(&self.config.parameters)
    }

    /// This file's word over that of the one it goes on from: single values replace, lists go on.
    #[must_use]
    pub fn over(self, base: Self) -> Self {
        let config = Config {
            profile: if self.states_profile { self.config.profile } else { base.config.profile },
            choice: self.config.choice.over(base.config.choice),
            ignores_allows: self.config.ignores_allows,
            engines: joined(base.config.engines, self.config.engines),
            parameters: merged(base.config.parameters, self.config.parameters),
        };
        Self {
            extend: None,
            config,
            states_profile: self.states_profile || base.states_profile,
            fail_on: self.fail_on.or(base.fail_on),
            max_findings: self.max_findings.or(base.max_findings),
            max_warnings: self.max_warnings.or(base.max_warnings),
            exclude: joined(base.exclude, self.exclude),
            baseline: self.baseline.or(base.baseline),
            places: joined(self.places, base.places),
        }
    }
}

fn joined<T>(mut first: Vec<T>, mut then: Vec<T>) -> Vec<T> {
    first.append(&mut then);
    first
}

/// Each parameter once: as the nearer file sets it.
fn merged(base: Vec<Override>, own: Vec<Override>) -> Vec<Override> {
    let is_set = |it: &Override| own.iter().any(|own| own.parameter.name == it.parameter.name);
    let kept = base.into_iter().filter(|it| !is_set(it)).collect();
    joined(kept, own)
}

type Value<'a> = Spanned<DeValue<'a>>;

struct Reader<'a> {
    file: &'a SourceFile,
    /// The same, for what outlives the reading.
    shared: Arc<SourceFile>,
    settings: Settings,
    faults: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn file(&mut self, table: &DeTable) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "extend" => self.settings.extend = self.path("extend", value),
                "profile" => {
                    let words = [("ci", Profile::Ci), ("review", Profile::Review)];
                    if let Some(profile) = self.word("profile", value, &words) {
                        self.settings.config.profile = profile;
                        self.settings.states_profile = true;
                    }
                }
                "select" => self.settings.config.choice.select = self.selectors("select", value),
                "extend-select" => {
                    self.settings.config.choice.extend = self.selectors("extend-select", value);
                }
                "ignore" => self.settings.config.choice.ignore = self.ignored(value),
                "levels" => self.settings.config.choice.levels = self.levels(value),
                "fail-on" => {
                    let words = [
                        ("error", FailOn::Level(Severity::Error)),
                        ("warning", FailOn::Level(Severity::Warning)),
                        ("advice", FailOn::Level(Severity::Advice)),
                        ("never", FailOn::Never),
                    ];
                    self.settings.fail_on = self.word("fail-on", value, &words);
                }
                "max-findings" => self.settings.max_findings = self.count("max-findings", value),
                "max-warnings" => self.settings.max_warnings = self.count("max-warnings", value),
                "exclude" => {
                    for (text, span) in self.texts("exclude", value) {
                        self.keep_place("exclude", &text, span);
                        self.settings.exclude.push(text);
                    }
                }
                "baseline" => self.settings.baseline = self.path("baseline", value),
                "engine" => self.engines(value),
                "parameters" => self.parameters(value),
                other => self.unknown_key(other, key.span()),
            }
        }
    }

    fn unknown_key(&mut self, key: &str, span: Range<usize>) {
        let help = nearest(key, KEYS.iter().map(|(key, _)| *key)).map_or_else(
            || {
                let all: Vec<String> = KEYS.iter().map(|(key, _)| format!("`{key}`")).collect();
                format!("it may hold {}", all.join(", "))
            },
            |near| format!("did you mean `{near}`?"),
        );
        self.fault(span, format!("`{FILE_NAME}` has no key `{key}`"), "not known", Some(help));
    }

    fn selectors(&mut self, key: &str, value: &Value) -> Vec<Selector> {
        let texts = self.texts(key, value);
        texts.into_iter().filter_map(|(text, span)| self.selector(&text, span)).collect()
    }

    fn selector(&mut self, text: &str, span: Range<usize>) -> Option<Selector> {
        match Selector::parse(text) {
            Ok(selector) => Some(selector),
            Err(why) => {
                let (message, help) = why.split_once("; ").unwrap_or((&why, ""));
                self.fault(span, message.to_owned(), "takes no rule", Some(help.to_owned()));
                None
            }
        }
    }

    fn ignored(&mut self, value: &Value) -> Vec<Selector> {
        let texts = self.texts("ignore", value);
        let read = |(text, span): (String, Range<usize>)| {
            let selector = self.selector(&text, span.clone())?;
            self.silences(&text, &selector, span).then_some(selector)
        };
        texts.into_iter().filter_map(read).collect()
    }

    /// Whether a rule may be silenced; what breaks the language may not.
    fn silences(&mut self, text: &str, selector: &Selector, span: Range<usize>) -> bool {
        if selector.is_of_the_language() {
            self.fault(
                span,
                format!("`{text}` is always said: a design that breaks the language could not be read"),
                "can't be silenced",
                Some("mend the design, or leave its file out with `exclude`".to_owned()),
            );
        }
        !selector.is_of_the_language()
    }

    fn levels(&mut self, value: &Value) -> Vec<(Selector, Level)> {
        let Some(table) = self.table("levels", value) else { return Vec::new() };
        let words = [
            ("error", Level::At(Severity::Error)),
            ("warning", Level::At(Severity::Warning)),
            ("advice", Level::At(Severity::Advice)),
            ("off", Level::Off),
        ];
        let mut levels: Vec<(Selector, Level)> = Vec::new();
        for (key, value) in table {
            let selector = self.selector(key.get_ref(), key.span());
            if let Some(selector) = &selector
                && levels.iter().any(|(known, _)| known == selector)
            {
                self.fault(
                    key.span(),
                    format!("`{}` has two levels: by its code and by its name", key.get_ref()),
                    "stands here once more",
                    Some("keep one of the two lines".to_owned()),
                );
            }
            let level = self.word(key.get_ref(), value, &words);
            if let (Some(selector), Some(level)) = (selector, level)
                && self.silences(key.get_ref(), &selector, key.span())
            {
                levels.push((selector, level));
            }
        }
        levels
    }

    /// `[engine.acme_db]`: what it is like, and what a design would state of it.
    fn engines(&mut self, value: &Value) {
        let Some(table) = self.table("engine", value) else { return };
        for (name, value) in table {
            let Some(entries) = self.table(name.get_ref(), value) else { continue };
            let mut engine = Engine {
                name: SmolStr::new(name.get_ref()),
                like: None,
                properties: Vec::new(),
                file: self.file.clone(),
            };
            for (key, value) in entries {
                if key.get_ref().as_ref() == "like" {
                    engine.like = self.like(value).map(SmolStr::from);
                } else if let Some(property) = self.property(key.get_ref(), key.span(), value) {
                    engine.properties.push(property);
                }
            }
            for fault in engine.faults() {
                let label = &fault.labels[0];
                let help = fault.help.clone();
                self.fault(label.span.range(), fault.message.clone(), &label.message, help);
            }
            self.settings.config.engines.push(engine);
        }
    }

    fn like(&mut self, value: &Value) -> Option<String> {
        let like = self.text("like", value)?;
        if crate::catalogue::engine(&like).is_none() {
            let names = crate::catalogue::engines().iter().map(|engine| engine.name);
            let help = nearest(&like, names).map(|near| format!("did you mean `{near}`?"));
            self.fault(value.span(), format!("the catalogue has no engine `{like}`"), "not known", help);
        }
        Some(like)
    }

    /// A property in the language's own words: the quotes that TOML asks for are no part of it, but for texts.
    fn property(
        &mut self,
        name: &str,
        key: Range<usize>,
        value: &Value,
    ) -> Option<crate::syntax::ast::Property> {
        if Property::parse(name).is_some_and(Property::takes_text) {
            let text = self.file.text[..value.span().end].to_owned();
            return self.parsed(key.start, &text, value);
        }
        self.as_in_a_design(key.start, value)
    }

    /// A property whose value stands in quotes for TOML alone.
    fn as_in_a_design(&mut self, start: usize, value: &Value) -> Option<syntax::ast::Property> {
        let mut text = self.file.text[..value.span().end].to_owned().into_bytes();
        let quotes = text[value.span()].iter_mut().filter(|byte| matches!(byte, b'"' | b'\''));
        quotes.for_each(|it| *it = b' ');
        let text = String::from_utf8(text).expect("only quotes were taken out");
        self.parsed(start, &text, value)
    }

    fn parsed(&mut self, start: usize, text: &str, value: &Value) -> Option<syntax::ast::Property> {
        match syntax::property(FileId(0), text, start) {
            // The closing quote is a part of the entry.
            Ok(property) => Some(syntax::ast::Property {
                span: Span::new(FileId(0), start, value.span().end),
                ..property
            }),
            Err(errors) => {
                for error in errors {
                    self.fault(value.span(), error.message, "not understood here", error.help);
                }
                None
            }
        }
    }

    /// A path, which only a disk can tell right from wrong.
    fn path(&mut self, key: &'static str, value: &Value) -> Option<String> {
        let text = self.text(key, value)?;
        self.keep_place(key, &text, value.span());
        Some(text)
    }

    fn keep_place(&mut self, key: &'static str, text: &str, span: Range<usize>) {
        let file = Arc::clone(&self.shared);
        self.settings.places.push(Place { key, text: text.to_owned(), file, span });
    }

    fn text(&mut self, key: &str, value: &Value) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(key, value, "a text in quotes");
        }
        text
    }

    fn texts(&mut self, key: &str, value: &Value) -> Vec<(String, Range<usize>)> {
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(key, value, "a list of texts, such as `[\"LP1\"]`");
            return Vec::new();
        };
        list.iter().filter_map(|it| Some((self.text(key, it)?, it.span()))).collect()
    }

    fn word<T: Copy>(&mut self, key: &str, value: &Value, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key, value)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meant)| *meant);
        if found.is_none() {
            let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
            let near = nearest(&text, words.iter().map(|(word, _)| *word));
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write {}", all.join(", ")),
            };
            self.fault(value.span(), format!("`{text}` is not a value of `{key}`"), "not known", Some(help));
        }
        found
    }

    fn count(&mut self, key: &str, value: &Value) -> Option<usize> {
        let count = value.get_ref().as_integer().and_then(|it| it.as_str().parse().ok());
        if count.is_none() {
            self.wrong(key, value, "a whole number");
        }
        count
    }

    fn table<'t>(&mut self, key: &str, value: &'t Value<'t>) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(key, value, "a table");
        }
        table
    }

    fn wrong(&mut self, key: &str, value: &Value, expected: &str) {
        let found = value.get_ref().type_str();
        self.fault(value.span(), format!("`{key}` takes {expected}"), &format!("a TOML {found}"), None);
    }

    fn fault(&mut self, span: Range<usize>, message: String, label: &str, help: Option<String>) {
        self.faults.push(fault(span, message, label, help));
    }
}

/// A fault of a configuration.
fn fault(span: Range<usize>, message: String, label: &str, help: Option<String>) -> Diagnostic {
    Diagnostic {
        code: "config",
        name: "configuration",
        severity: Severity::Error,
        message,
        labels: vec![Label {
            span: Span::new(FileId(0), span.start, span.end),
            message: label.to_owned(),
            element: None,
        }],
        notes: Vec::new(),
        help: help.filter(|it| !it.is_empty()),
        element: FILE_NAME.to_owned(),
        flows: Vec::new(),
        fix: None,
        extent: None,
        asked: Vec::new(),
    }
}
