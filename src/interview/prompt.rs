//! The bank of prompts: what an interviewer asks for, what only asking reveals, and what a sound answer looks like.
//!
//! A prompt is a folder in `src/interview/prompts/`: its `prompt.toml`, and a reference design for each scale. `build.rs` turns
//! them into the table below, so that a new prompt touches its folder and nothing else. No figure stands in them twice: answers and
//! estimates take theirs from the reference design.

use crate::analysis::estimate::{Line, Sheet};
use crate::check::{Checked, Config, NoFiles, Profile, check};
use crate::nearest;
use crate::source::{FileId, SourceFile};
use crate::syntax::{self, ast};

include!(concat!(env!("OUT_DIR"), "/prompts.rs"));

/// A task, as an interviewer sets it.
#[derive(Debug, PartialEq)]
pub struct Prompt {
    /// Its word on the command line.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What the interviewer says unasked: whole sentences, without a number.
    pub ask: &'static str,
    /// The scales at which it is asked, smallest first.
    pub tiers: &'static [Tier],
    /// What a good clarification asks, most important first.
    pub topics: &'static [Topic],
    /// What is to be estimated.
    pub reckonings: &'static [Reckoning],
    /// Mistakes that are made in this very question.
    pub mistakes: &'static [Mistake],
}

/// A scale at which a prompt is asked.
#[derive(Debug, PartialEq)]
pub struct Tier {
    /// Its word on the command line.
    pub name: &'static str,
    /// What an interviewer would say of it, in a line.
    pub about: &'static str,
    /// A sound design for it.
    pub design: &'static str,
}

/// Something that is open until somebody asks.
#[derive(Debug, PartialEq)]
pub struct Topic {
    /// Its word, unique in the prompt.
    pub name: &'static str,
    /// What else it may be called, in lower case.
    pub words: &'static [&'static str],
    /// How a good question goes.
    pub asks: &'static str,
    /// What the interviewer says, with the names of properties in braces in place of their values.
    pub answer: &'static str,
    /// The properties that the answer states: `peak_factor` of the system, `redirect.rate` of a flow.
    pub states: &'static [&'static str],
    /// Why it matters: whole sentences.
    pub why: &'static str,
    /// What not asking costs, 1 to 3.
    pub points: u8,
}

/// A figure that is to be estimated.
#[derive(Debug, PartialEq)]
pub struct Reckoning {
    /// Its word, unique in the prompt.
    pub name: &'static str,
    /// How much of what: a question.
    pub asks: &'static str,
    /// Where it stands among the estimates of the reference design: section / element / line.
    pub figure: &'static str,
    /// The formula, in words.
    pub how: &'static str,
}

/// A mistake that candidates make in a prompt.
#[derive(Debug, PartialEq)]
pub struct Mistake {
    /// What is done.
    pub what: &'static str,
    /// Why that is wrong, and what to do: whole sentences.
    pub why: &'static str,
    /// The codes of the rules that find it; none where no rule can.
    pub rules: &'static [&'static str],
}

/// All prompts, by name.
pub fn prompts() -> &'static [Prompt] {
    PROMPTS
}

impl Prompt {
    /// The prompt of this name, in any case, with blanks or `_` for `-`.
    pub fn find(name: &str) -> Option<&'static Self> {
        let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
        PROMPTS.iter().find(|it| it.name == wanted)
    }

    /// The name that a misspelt one most likely means.
    pub fn nearest(name: &str) -> Option<&'static str> {
        nearest::nearest(name.trim(), PROMPTS.iter().map(|it| it.name))
    }

    /// The scale of this name.
    pub fn tier(&self, name: &str) -> Option<&'static Tier> {
        let wanted = name.trim().to_lowercase();
        self.tiers.iter().find(|it| it.name == wanted)
    }

    /// The topic of this name.
    pub(super) fn topic(&self, name: &str) -> Option<&'static Topic> {
        self.topics.iter().find(|it| it.name == name)
    }

    /// The points of all topics.
    pub fn points(&self) -> u32 {
        self.topics.iter().map(|it| u32::from(it.points)).sum()
    }
}

impl Tier {
    /// The reference design, with all that an interviewer would find in it.
    pub fn reference(&self) -> Checked {
        let file = SourceFile::new(format!("{}.arch", self.name), self.design);
        check(file, &NoFiles, &Config { profile: Profile::Review, ..Config::default() })
    }

    /// What the reference design opens with: what it is, and why that is right here.
    pub fn summary(&self) -> String {
        let comment = self.design.lines().map_while(|line| line.strip_prefix("//"));
        comment.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
    }

    /// The value of a property as the reference design writes it, with the label of the flow whose it is.
    pub(super) fn stated(&self, name: &str) -> Option<Stated> {
        let (tree, _) = syntax::parse(FileId(0), self.design);
        let property = property(&tree, name)?;
        let flow = name.split_once('.').and_then(|(flow, _)| self::flow(&tree, flow));
        Some(Stated {
            value: self.design[property.value.as_ref()?.span.range()].to_owned(),
            label: flow.and_then(|it| Some(it.label.as_ref()?.value.to_string())),
        })
    }
}

/// A value of a reference design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stated {
    /// As it is written: `10M`, `20/day`.
    pub(super) value: String,
    /// What the flow is for whose it is.
    pub(super) label: Option<String>,
}

/// What a topic is about, without a word of what it asks.
#[rustfmt::skip] // One a line.
pub const SUBJECTS: &[(&str, &[&str])] = &[
    ("who uses it, how often, and when most", &["daily_users", "monthly_users", "per_user", "rate", "peak_factor", "concurrent", "reads_per_write"]),
    ("what is kept, how large it is, and for how long", &["records", "record_size", "payload", "retention"]),
    ("what may be late, wrong, lost or down", &["availability", "latency_p99", "freshness", "consistency", "durability", "rpo", "rto"]),
    (BEHAVIOUR, &[]),
];

/// What a topic is about whose answer has no number.
const BEHAVIOUR: &str = "how it is to behave, and what it need not do";

impl Topic {
    /// What it is about: that of the first property that its answer states.
    pub fn subject(&self) -> &'static str {
        let stated = self.states.first().map(|it| it.rsplit('.').next().unwrap_or(it));
        let subject = SUBJECTS.iter().find(|it| stated.is_some_and(|stated| it.1.contains(&stated)));
        subject.map_or(BEHAVIOUR, |it| it.0)
    }

    /// The answer at a scale, with all values in it.
    pub fn answer(&self, tier: &Tier) -> String {
        let mut answer = self.answer.to_owned();
        for name in self.states {
            if let Some(stated) = tier.stated(name) {
                answer = answer.replace(&format!("{{{name}}}"), &stated.value);
            }
        }
        answer
    }
}

impl Reckoning {
    /// The line of the estimates of a reference design that it asks for.
    pub fn line(&self, reference: &Checked) -> Option<Line> {
        let mut path = self.figure.split('/').map(str::trim);
        let (section, element, what) = (path.next()?, path.next()?, path.next()?);
        let sheet = Sheet::of(&reference.architecture, &reference.analysis);
        let lines = sheet.sections.into_iter().filter(|it| it.name == section).flat_map(|it| it.lines);
        let lines: Vec<Line> = lines.filter(|it| it.element == element).collect();
        // Of what grows there is a line for each year, and the last one counts.
        let exact = lines.iter().rposition(|it| it.what == what);
        let at = exact.or_else(|| lines.iter().rposition(|it| it.what.starts_with(what)))?;
        lines.into_iter().nth(at)
    }
}

/// The first `system` of a file.
pub(super) fn system(tree: &ast::File) -> Option<&ast::System> {
    tree.statements.iter().find_map(|it| match it {
        ast::Statement::System(system) => Some(system),
        _ => None,
    })
}

/// The first flow of a name in a file.
pub(super) fn flow<'a>(tree: &'a ast::File, name: &str) -> Option<&'a ast::Flow> {
    tree.statements.iter().find_map(|it| match it {
        ast::Statement::Flow(flow) if flow.name.text == name => Some(flow),
        _ => None,
    })
}

/// What a file states of the system, or of a flow: `peak_factor`, `redirect.rate`.
pub(super) fn property<'a>(tree: &'a ast::File, name: &str) -> Option<&'a ast::Property> {
    let (properties, name) = match name.split_once('.') {
        None => (&system(tree)?.properties, name),
        Some((flow, name)) => (&self::flow(tree, flow)?.properties, name),
    };
    properties.iter().find(|it| it.name.text == name)
}
