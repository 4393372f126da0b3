//! `loadpath learn`: a topic with its figures, its design, and its questions.

use std::io::{self, BufRead, IsTerminal as _, Read as _};

use clap::Args;

use super::Exit;
use super::design::{self, Format};
use super::output::{self, Colour};
use crate::learn::{self, Example, Given, Lesson, Question, Topic};
use crate::report::learn as report;
use crate::report::text::{Look, printable};

/// Learn a topic: what it is, a design that shows it in figures, and three questions
///
/// Without a topic, it lists them. Leaves with 0; with 1 if an answer was wrong, or none came where one was asked; with 2 if nothing is called
/// so.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// What to learn, such as `caching`
    topic: Option<String>,
    /// Write the design of the page that is called so, as `before` or `after`; the last one without a name
    #[arg(
        long,
        value_name = "NAME",
        num_args = 0..=1,
        default_missing_value = "",
        requires = "topic",
        conflicts_with_all = ["quiz", "answer", "format"]
    )]
    design: Option<String>,
    /// Ask the three questions
    #[arg(long, requires = "topic", conflicts_with = "format")]
    quiz: bool,
    /// Answer a question without being asked: `1=b`, `2=99.9%`
    #[arg(long, value_name = "NUMBER=ANSWER", requires = "topic", conflicts_with = "format")]
    answer: Vec<String>,
    /// How the page is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Exit {
    design::end(answer(arguments))
}

fn answer(arguments: &Arguments) -> Result<Exit, String> {
    let look = output::look(Colour::Never);
    let Some(name) = &arguments.topic else {
        return write(&list(arguments.format, look), look);
    };
    let lesson = Lesson::of(topic(name)?)?;
    if let Some(name) = &arguments.design {
        return write(&example(&lesson, name)?.source, look);
    }
    if arguments.quiz || !arguments.answer.is_empty() {
        return quiz(&lesson, arguments, look);
    }
    let text = match arguments.format {
        Format::Text => report::text(&lesson, look.width),
        Format::Markdown => report::markdown(&lesson, None),
        Format::Json => report::json(&lesson),
    };
    write(&text, look)
}

fn write(text: &str, look: Look) -> Result<Exit, String> {
    output::write_to(None, text, look).map(|()| Exit::Clean)
}

fn list(format: Format, look: Look) -> String {
    match format {
        // Programs read a topic a line.
        Format::Text => report::list(io::stdout().is_terminal().then_some(look.width)),
        Format::Markdown => report::list_in_markdown(),
        Format::Json => report::list_in_json(),
    }
}

fn topic(name: &str) -> Result<&'static Topic, String> {
    learn::find(name).ok_or_else(|| {
        let hint = match learn::nearest(name) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`loadpath learn` lists them all".to_owned(),
        };
        format!("no topic is called `{}`; {hint}", told(name))
    })
}

/// The design of this name, or the last one.
fn example<'a>(lesson: &'a Lesson, name: &str) -> Result<&'a Example, String> {
    let wanted = lesson.designs().filter(|it| name.is_empty() || it.name == name).last();
    wanted.ok_or_else(|| {
        let names: Vec<String> = lesson.designs().map(|it| format!("`{}`", it.name)).collect();
        format!("the page has no design `{}`; it has {}", told(name), names.join(" and "))
    })
}

// ---- the questions

/// How often a question is asked again where the answer can't be read.
const ATTEMPTS: usize = 3;

/// Longer lines are no answer.
const LONGEST_LINE: u64 = 4096;

/// Asks what is not answered beforehand, and tells what is right.
fn quiz(lesson: &Lesson, arguments: &Arguments, look: Look) -> Result<Exit, String> {
    let given = given(lesson, &arguments.answer)?;
    let (mut right, mut asked) = (0, 0);
    for (at, (question, given)) in lesson.questions.iter().zip(given).enumerate() {
        if given.is_none() && !arguments.quiz {
            continue;
        }
        asked += 1;
        let verdict = match given {
            Some(answer) => {
                write(&report::question(at + 1, question, look.width), look)?;
                question.answer.judge(answer)
            }
            None => ask(at + 1, question, look)?,
        };
        let is_right = verdict == Given::Right;
        right += usize::from(is_right);
        write(&format!("\n{}\n", report::verdict(question, is_right, look.width)), look)?;
    }
    write(&report::score(right, asked), look)?;
    Ok(if right == asked { Exit::Clean } else { Exit::Findings })
}

/// The answers that are given beforehand, one for each question.
fn given<'a>(lesson: &Lesson, answers: &'a [String]) -> Result<Vec<Option<&'a str>>, String> {
    let mut given = vec![None; lesson.questions.len()];
    for text in answers {
        let (number, answer) = text
            .split_once('=')
            .ok_or_else(|| format!("`{}` is no answer; write it like `1=b`", told(text)))?;
        let at = number.trim().parse::<usize>().ok().and_then(|it| it.checked_sub(1));
        let none =
            || format!("there is no question {}; the page asks {}", told(number), lesson.questions.len());
        let at = at.filter(|at| *at < given.len()).ok_or_else(none)?;
        let right = &lesson.questions[at].answer;
        if right.judge(answer) == Given::Unreadable {
            let (answer, form) = (told(answer), right.form());
            return Err(format!("`{answer}` does not answer question {}: it takes {form}", at + 1));
        }
        given[at] = Some(answer);
    }
    Ok(given)
}

/// What was typed, without anything that a terminal would obey.
fn told(typed: &str) -> String {
    printable(typed.trim())
}

/// Asks a question on the terminal, or of whoever writes to standard input.
fn ask(number: usize, question: &Question, look: Look) -> Result<Given, String> {
    write(&report::question(number, question, look.width), look)?;
    for _ in 0..ATTEMPTS {
        write("> ", look)?;
        let Some(line) = line()? else { break };
        match question.answer.judge(&line) {
            Given::Unreadable => write(&format!("It takes {}.\n", question.answer.form()), look)?,
            verdict => return Ok(verdict),
        };
    }
    Ok(Given::Wrong)
}

/// A line of standard input; nothing at its end.
fn line() -> Result<Option<String>, String> {
    let mut line = Vec::new();
    let mut input = io::stdin().lock().take(LONGEST_LINE);
    let read = input.read_until(b'\n', &mut line);
    let read = read.map_err(|error| format!("can't read standard input: {error}"))?;
    Ok((read > 0).then(|| String::from_utf8_lossy(&line).into_owned()))
}
