//! Pages to learn from for programs: described in `docs/json.md`.

use serde::Serialize;

use crate::learn::{Answer, Block, CURRICULUM, Example, Lesson, Question, letter};
use crate::report::json::pretty;

/// The version of the format.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct List {
    version: u32,
    topics: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    chapter: &'static str,
    topic: &'static str,
    title: &'static str,
    summary: &'static str,
}

/// The topics.
pub fn list() -> String {
    let entries = CURRICULUM.iter().flat_map(|chapter| {
        chapter.topics.iter().map(|it| Entry {
            chapter: chapter.title,
            topic: it.name,
            title: it.title(),
            summary: it.summary(),
        })
    });
    pretty(&List { version: VERSION, topics: entries.collect() })
}

#[derive(Serialize)]
struct Page<'a> {
    version: u32,
    topic: &'static str,
    title: &'a str,
    summary: &'a str,
    body: Vec<Part<'a>>,
    rules: Vec<&'static str>,
    sources: &'a [String],
    questions: Vec<Asked<'a>>,
}

/// Markdown, or a design.
#[derive(Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Text { text: &'a str },
    Design { design: &'a str, source: &'a str, findings: Vec<Found<'a>> },
}

#[derive(Serialize)]
struct Found<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct Asked<'a> {
    question: &'a str,
    choices: &'a [String],
    answer: Right<'a>,
    why: &'a str,
}

/// The letter of a choice; or a figure in its base unit, how far off is near enough, and the unit that is asked.
#[derive(Serialize)]
#[serde(untagged)]
enum Right<'a> {
    Choice(String),
    Figure { value: f64, shown: String, tolerance: f64, unit: &'a str },
}

/// A page with the answers.
pub fn page(lesson: &Lesson) -> String {
    pretty(&Page {
        version: VERSION,
        topic: lesson.topic,
        title: &lesson.title,
        summary: &lesson.summary,
        body: lesson.body.iter().map(Part::of).collect(),
        rules: lesson.rules.iter().map(|it| it.code).collect(),
        sources: &lesson.sources,
        questions: lesson.questions.iter().map(Asked::of).collect(),
    })
}

impl<'a> Part<'a> {
    fn of(block: &'a Block) -> Self {
        let Example { name, source, findings } = match block {
            Block::Text(text) => return Self::Text { text },
            Block::Design(design) => design,
        };
        let found =
            findings.iter().map(|(severity, rule, message)| Found { severity, code: rule.code, message });
        Self::Design { design: name, source, findings: found.collect() }
    }
}

impl<'a> Asked<'a> {
    fn of(question: &'a Question) -> Self {
        Self {
            question: &question.text,
            choices: &question.choices,
            answer: match &question.answer {
                Answer::Choice { right, .. } => Right::Choice(letter(*right).to_string()),
                Answer::Figure { right, tolerance, unit } => Right::Figure {
                    value: right.value,
                    shown: right.to_string(),
                    tolerance: *tolerance,
                    unit,
                },
            },
            why: &question.why,
        }
    }
}
