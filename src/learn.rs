//! What there is to learn: one topic a page, with designs that show a trade-off in figures, and questions.
//!
//! A page is one Markdown file in `src/learn/`, and a line of [`CURRICULUM`]. No figure in it is typed in: it stands
//! there as a formula, and is worked out from the page's own designs, from the catalogue, or by the closed forms of the
//! analyses. How a page is written says `learn/page.rs`.

mod answer;
mod figure;
mod formula;
mod known;
mod page;

use crate::check::{Checked, Config, NoFiles, check};
use crate::nearest;
use crate::rules::{self, Rule};
use crate::source::SourceFile;

pub use answer::{Answer, Given, letter};
pub use figure::{Figure, Measure};
use known::Designs;
use page::{Asked, Page, Piece};

/// A topic, as it is asked for, with its page.
#[derive(Debug)]
pub struct Topic {
    /// Its word on the command line.
    pub name: &'static str,
    text: &'static str,
}

/// Topics that belong together.
#[derive(Debug)]
pub struct Chapter {
    /// What they are about.
    pub title: &'static str,
    /// In the order of learning.
    pub topics: &'static [Topic],
}

macro_rules! topics {
    ($($name:literal),+ $(,)?) => {
        &[$(Topic { name: $name, text: include_str!(concat!("learn/", $name, ".md")) }),+]
    };
}

/// All topics, in the order of learning.
#[rustfmt::skip] // One a line, so that topics that are added at the same time seldom meet.
pub static CURRICULUM: &[Chapter] = &[
    Chapter { title: "To begin with", topics: topics![
        "interview",
        "latency-numbers",
        "scalability",
        "trade-offs",
    ] },
    Chapter { title: "Staying up", topics: topics![
        "availability",
        "failover",
    ] },
    Chapter { title: "Agreeing", topics: topics![
        "cap",
        "consistency",
    ] },
    Chapter { title: "The way in", topics: topics![
        "dns",
        "cdn",
        "load-balancers",
        "proxies",
        "proxy-duties",
    ] },
    Chapter { title: "Services", topics: topics![
        "microservices",
        "protocols",
        "rest-and-rpc",
    ] },
    Chapter { title: "Data", topics: topics![
        "databases",
        "indexes",
        "sharding",
        "nosql",
    ] },
    Chapter { title: "Caches", topics: topics![
        "caching",
        "cache-levels",
    ] },
    Chapter { title: "Later is soon enough", topics: topics![
        "queues",
        "task-queues",
        "back-pressure",
    ] },
    Chapter { title: "Who may", topics: topics![
        "security",
    ] },
];

/// All topics, in the order of learning.
pub fn topics() -> impl Iterator<Item = &'static Topic> {
    CURRICULUM.iter().flat_map(|chapter| chapter.topics)
}

/// The topic of this name, in any case, with blanks or `_` for `-`.
pub fn find(name: &str) -> Option<&'static Topic> {
    let wanted = name.trim().to_lowercase().replace([' ', '_'], "-");
    topics().find(|it| it.name == wanted)
}

/// The topic that a misspelt name most likely means.
pub fn nearest(name: &str) -> Option<&'static str> {
    nearest::nearest(name.trim(), topics().map(|it| it.name))
}

impl Topic {
    /// What it is called.
    pub fn title(&self) -> &'static str {
        self.text.lines().next().unwrap_or_default().trim_start_matches("# ")
    }

    /// What it is about, in a line.
    pub fn summary(&self) -> &'static str {
        self.text.lines().nth(2).unwrap_or_default()
    }
}

/// A page with all figures worked out.
#[derive(Debug)]
pub struct Lesson {
    /// The topic's word.
    pub topic: &'static str,
    /// What it is called.
    pub title: String,
    /// What it is about, in a line.
    pub summary: String,
    /// Text and designs, in order.
    pub body: Vec<Block>,
    /// The rules that belong to it.
    pub rules: Vec<&'static Rule>,
    /// Who says so.
    pub sources: Vec<String>,
    /// What to ask oneself.
    pub questions: Vec<Question>,
}

/// A piece of a page.
#[derive(Debug)]
pub enum Block {
    /// Markdown.
    Text(String),
    /// A design with what Loadpath finds in it.
    Design(Example),
}

/// A design of a page.
#[derive(Debug)]
pub struct Example {
    /// `before`, `after`, or what else it is called on its page.
    pub name: String,
    /// The design.
    pub source: String,
    /// What Loadpath says of it: errors and warnings, each as its level, rule and message.
    pub findings: Vec<(&'static str, &'static Rule, String)>,
}

/// A question with its answer.
#[derive(Debug)]
pub struct Question {
    /// What is asked.
    pub text: String,
    /// What there is to choose from; empty where a figure is asked.
    pub choices: Vec<String>,
    /// What is right.
    pub answer: Answer,
    /// Why, for afterwards.
    pub why: String,
}

impl Lesson {
    /// Works a page out.
    ///
    /// # Errors
    /// Says what in the page can't be worked out; the tests hold that there is nothing.
    pub fn of(topic: &Topic) -> Result<Self, String> {
        Self::parse(topic.name, topic.text).map_err(|why| format!("the page `{}`: {why}", topic.name))
    }

    /// Works a text out.
    ///
    /// # Errors
    /// Says what in it can't be worked out.
    pub fn parse(topic: &'static str, text: &str) -> Result<Self, String> {
        let page = Page::parse(text)?;
        let designs: Designs = page.body.iter().filter_map(checked).collect();
        let filled = |text: &str| filled(text, &designs);
        let rule = |code: &&str| rules::find(code).ok_or_else(|| format!("no rule is called `{code}`"));
        Ok(Self {
            topic,
            title: page.title.to_owned(),
            summary: page.summary.to_owned(),
            body: page.body.iter().map(|it| Block::of(it, &designs)).collect::<Result<_, _>>()?,
            rules: page.rules.iter().map(rule).collect::<Result<_, _>>()?,
            sources: page.sources.iter().map(|it| filled(it)).collect::<Result<_, _>>()?,
            questions: page
                .questions
                .iter()
                .map(|it| Question::of(it, &designs))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The designs, in order.
    pub fn designs(&self) -> impl Iterator<Item = &Example> {
        self.body.iter().filter_map(|it| match it {
            Block::Design(example) => Some(example),
            Block::Text(_) => None,
        })
    }
}

/// A design of a page, as the command line would check it.
fn checked(piece: &Piece) -> Option<(String, Checked)> {
    let Piece::Design { name, source } = piece else { return None };
    let file = SourceFile::new(format!("{name}.arch"), *source);
    Some(((*name).to_owned(), check(file, &NoFiles, &Config::default())))
}

/// A text with its formulas worked out.
fn filled(text: &str, designs: &Designs) -> Result<String, String> {
    let mut parts = text.split("{{");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (formula, after) = part.split_once("}}").ok_or_else(|| format!("`{part}` stays open"))?;
        shown += &formula::evaluate(formula, designs)?.to_string();
        shown += after;
    }
    Ok(shown)
}

impl Block {
    fn of(piece: &Piece, designs: &Designs) -> Result<Self, String> {
        let (name, source) = match piece {
            Piece::Text(text) => return filled(text, designs).map(Self::Text),
            Piece::Design { name, source } => (*name, *source),
        };
        let (_, checked) = designs.iter().find(|(it, _)| it == name).ok_or("a design has no name")?;
        let found = checked
            .diagnostics
            .iter()
            .filter_map(|it| rules::find(it.code).map(|rule| (it.severity.name(), rule, it.message.clone())));
        Ok(Self::Design(Example {
            name: name.to_owned(),
            source: source.to_owned(),
            findings: found.collect(),
        }))
    }
}

impl Question {
    /// What is right, in words: a figure, or a choice with its letter.
    pub fn right(&self) -> String {
        match &self.answer {
            Answer::Choice { right, .. } => format!("{}) {}", letter(*right), self.choices[*right]),
            Answer::Figure { right, .. } => right.to_string(),
        }
    }

    fn of(asked: &Asked, designs: &Designs) -> Result<Self, String> {
        let choices = asked.choices.iter().map(|it| filled(it, designs)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            text: filled(asked.text, designs)?,
            answer: Answer::of(asked.answer, choices.len(), designs)?,
            choices,
            why: filled(asked.why, designs)?,
        })
    }
}
