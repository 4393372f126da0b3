//! Pages to learn from, for readers and programs.

mod json;

use std::fmt::Write as _;

use super::docs::set::set;
use super::text::wrap;
use crate::figures;
use crate::learn::{Block, CURRICULUM, Chapter, Example, Lesson, Question, letter};

pub use json::{list as list_in_json, page as json};

/// The topics one a line under their chapters; with a width, what a topic is about goes on below itself.
pub fn list(width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |it| it.saturating_sub(INDENT));
    let mut shown = String::new();
    for Chapter { title, topics } in CURRICULUM {
        let _ = writeln!(shown, "{title}");
        for topic in *topics {
            for (at, line) in wrap(topic.summary(), room).iter().enumerate() {
                let name = if at == 0 { topic.name } else { "" };
                let _ = writeln!(shown, "  {name:16}  {line}");
            }
        }
        shown.push('\n');
    }
    for line in wrap(HOW_ON, width.unwrap_or(usize::MAX)) {
        let _ = writeln!(shown, "{line}");
    }
    shown
}

const HOW_ON: &str = "`loadpath learn TOPIC` shows a page, `loadpath learn TOPIC --quiz` asks its questions.";

/// What stands before what a topic is about.
const INDENT: usize = 2 + 16 + 2;

/// The topics for notes.
pub fn list_in_markdown() -> String {
    let mut shown = "# Topics\n".to_owned();
    for Chapter { title, topics } in CURRICULUM {
        let _ = write!(shown, "\n## {title}\n\n");
        for topic in *topics {
            let _ = writeln!(shown, "- `{}`: {}", topic.name, topic.summary());
        }
    }
    shown
}

/// A page for a terminal of so many columns.
pub fn text(lesson: &Lesson, width: usize) -> String {
    let mut page = page(lesson, "```arch", None);
    let _ = write!(page, "\n## Questions\n\n");
    for (at, question) in lesson.questions.iter().enumerate() {
        let _ = write!(page, "{}\n\n", asked(at + 1, question));
    }
    let _ = writeln!(page, "`loadpath learn {} --quiz` asks them, and says why.", lesson.topic);
    set(&page, width)
}

/// The columns of Markdown.
const WIDE: usize = 120;

/// A page as Markdown, with the answers to be opened. With the folder of the rules' pages, relative to where the page
/// stands, it links to them.
pub fn markdown(lesson: &Lesson, rules: Option<&str>) -> String {
    // The designs are each one of its own, and some are wrong on purpose: no command takes the page for a design.
    let mut page = page(lesson, "```arch,ignore", rules);
    let _ = write!(page, "\n## Questions\n");
    for (at, question) in lesson.questions.iter().enumerate() {
        let _ = write!(
            page,
            "\n{}\n\n<details><summary>Answer</summary>\n\n**{}**\n\n{}\n\n</details>\n",
            asked(at + 1, question),
            question.right(),
            question.why,
        );
    }
    set(&page, WIDE)
}

/// All but the questions.
fn page(lesson: &Lesson, fence: &str, rules: Option<&str>) -> String {
    let Lesson { topic, title, summary, .. } = lesson;
    let mut page = format!("# {title}\n\n{summary}\n");
    for block in &lesson.body {
        let _ = match block {
            Block::Text(text) if text.is_empty() => Ok(()),
            Block::Text(text) => write!(page, "\n{text}\n"),
            Block::Design(design) => write!(page, "\n{}", example(design, fence)),
        };
    }
    let _ = write!(page, "\n## Rules that look at it\n\n");
    for rule in &lesson.rules {
        let code = rules.map_or(rule.code.to_owned(), |folder| format!("[{0}]({folder}{0}.md)", rule.code));
        let _ = writeln!(page, "- {code} `{}`: {}", rule.name(), rule.summary);
    }
    if let Some(Example { name, .. }) = lesson.designs().next() {
        let _ = write!(
            page,
            "\n## To play with\n\n`loadpath learn {topic} --design {name} > {name}.arch` writes a design of this page; \
             change a figure and ask `loadpath report {name}.arch` what comes of it.\n",
        );
    }
    let _ = write!(page, "\n## Sources\n\n");
    for source in &lesson.sources {
        let _ = writeln!(page, "- {source}");
    }
    page
}

/// A design, and what Loadpath says of it.
fn example(example: &Example, fence: &str) -> String {
    let Example { name, source, findings } = example;
    let mut shown = format!("{fence}\n{source}```\n\n");
    if findings.is_empty() {
        let _ = writeln!(shown, "`loadpath check {name}.arch` finds nothing in it.");
        return shown;
    }
    let _ = write!(shown, "`loadpath check {name}.arch` says of it:\n\n");
    for (level, rule, message) in findings {
        let _ = writeln!(shown, "- {level} {} `{}`: {message}", rule.code, rule.name());
    }
    shown
}

/// A question with its choices.
fn asked(number: usize, question: &Question) -> String {
    let choices = question.choices.iter().enumerate();
    let choices = choices.map(|(at, choice)| format!("\n- {}) {choice}", letter(at)));
    let gap = if question.choices.is_empty() { "" } else { "\n" };
    format!("Question {number}: {}{gap}{}", question.text, choices.collect::<String>())
}

/// A question as it is asked on a terminal, with how to answer.
pub fn question(number: usize, question: &Question, width: usize) -> String {
    set(&format!("{}\n\nAnswer with {}.\n", asked(number, question), question.answer.form()), width)
}

/// What is said of an answer.
pub fn verdict(question: &Question, is_right: bool, width: usize) -> String {
    let head = if is_right { "Right:" } else { "Wrong: it is" };
    set(&format!("{head} {}\n\n{}\n", question.right(), question.why), width)
}

/// What the answers come to.
pub fn score(right: usize, of: usize) -> String {
    format!("{right} of {} right\n", figures::count(of, "answer", "answers"))
}
