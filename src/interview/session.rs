//! A mock interview as it stands in the candidate's own file: it begins with a few comments, and what is asked is written
//! into it.
//!
//! ```text
//! // interview: url-shortener launch
//! // estimate peak = 15/s
//! system "URL shortener" {
//!   // asked: availability
//!   // It should work 99.5% of the time.
//!   availability = 99.5%
//! }
//! ```

use std::fmt::Write as _;

use rustc_hash::FxHashMap;

use super::matching::{self, Unclear};
use super::prompt::{self, Prompt, Reckoning, SUBJECTS, Tier, Topic};
use super::rubric::Step;
use crate::nearest::nearest;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{self, ast};

/// How wide comments are set.
const WIDTH: usize = 78;

/// Minutes of each step, of an interview of three quarters of an hour.
const MINUTES: [(Step, u8); 5] =
    [(Step::Clarify, 5), (Step::Estimate, 5), (Step::Design, 20), (Step::Bottleneck, 10), (Step::Scale, 5)];

/// What a file says of its interview.
#[derive(Debug)]
pub struct Session {
    /// What is asked for.
    pub prompt: &'static Prompt,
    /// At which scale.
    pub tier: &'static Tier,
    /// What was asked, each once, with the comment that says so. It is followed by what the interviewer says: without that nothing
    /// was asked.
    pub asked: Vec<(&'static Topic, Span)>,
    /// What was estimated: the text of the figure, and the comment that has it. The last of each.
    pub estimated: Vec<(&'static Reckoning, String, Span)>,
}

impl Session {
    /// Reads the comments of a file, each a line of its own.
    ///
    /// # Errors
    /// Says why the file is of no interview that there is.
    pub fn read(text: &str) -> Result<Self, String> {
        let (prompt, tier) = remarks(text).find_map(|(word, rest, _)| (word == "interview:").then_some(rest)).map_or_else(
            || Err("it is of no interview: its first line is to be `// interview: PROMPT TIER`, as `loadpath interview start` writes it".to_owned()),
            named,
        )?;
        let mut session = Self { prompt, tier, asked: Vec::new(), estimated: Vec::new() };
        let mut answers: FxHashMap<&str, String> = FxHashMap::default();
        for (word, rest, place) in remarks(text) {
            match word.to_lowercase().as_str() {
                "asked:" => {
                    let Some(topic) = prompt.topic(rest).filter(|it| !session.has_asked(it)) else {
                        continue;
                    };
                    let answer = answers.entry(topic.name).or_insert_with(|| topic.answer(tier));
                    if stands_below(text, place, answer) {
                        session.asked.push((topic, place));
                    }
                }
                "estimate" => session.note_estimated(rest, place),
                _ => {}
            }
        }
        Ok(session)
    }

    /// Takes the last figure of each name, which may be misspelt.
    fn note_estimated(&mut self, rest: &str, place: Span) {
        let Some((name, figure)) = rest.split_once(['=', ':']) else { return };
        let name = name.trim().to_lowercase();
        let names = || self.prompt.reckonings.iter().map(|it| it.name);
        let meant = names().find(|it| *it == name).or_else(|| nearest(&name, names()));
        let Some(reckoning) = self.prompt.reckonings.iter().find(|it| Some(it.name) == meant) else { return };
        let figure = figure.split("//").next().unwrap_or_default().trim().to_owned();
        self.estimated.retain(|it| it.0.name != reckoning.name);
        self.estimated.push((reckoning, figure, place));
    }

    /// Whether a topic was asked.
    pub fn has_asked(&self, topic: &Topic) -> bool {
        self.asked.iter().any(|it| it.0.name == topic.name)
    }

    /// How many topics nobody has asked yet.
    pub fn open(&self) -> usize {
        self.prompt.topics.len() - self.asked.len()
    }

    /// What these are about, without a word of what they ask.
    fn subjects(&self) -> Vec<&'static str> {
        let is_open =
            |about| self.prompt.topics.iter().any(|it| it.subject() == about && !self.has_asked(it));
        SUBJECTS.iter().map(|it| it.0).filter(|it| is_open(*it)).collect()
    }
}

/// The comments that are a line of their own: the first word, what follows it, and the place of the whole.
fn remarks(text: &str) -> impl Iterator<Item = (&str, &str, Span)> {
    text.lines().filter_map(|line| {
        let comment = line.trim_start_matches('\u{feff}').trim();
        let said = comment.strip_prefix("//")?.trim();
        let (word, rest) = said.split_once(char::is_whitespace).unwrap_or((said, ""));
        let start = comment.as_ptr() as usize - text.as_ptr() as usize;
        Some((word, rest.trim(), Span::new(FileId(0), start, start + comment.len())))
    })
}

/// Whether the comments below a place begin with these words, in lines of any length.
fn stands_below(text: &str, place: Span, words: &str) -> bool {
    let below = text[place.end as usize..].lines().skip(1);
    let comments = below.map_while(|it| it.trim().strip_prefix("//"));
    let mut said = comments.flat_map(str::split_whitespace);
    words.split_whitespace().all(|it| said.next() == Some(it))
}

/// The prompt and the scale that a file names.
fn named(names: &str) -> Result<(&'static Prompt, &'static Tier), String> {
    let (name, tier) = names.split_once(char::is_whitespace).unwrap_or((names, ""));
    let prompt = Prompt::find(name).ok_or_else(|| unknown_prompt(name))?;
    let tier = prompt.tier(tier).ok_or_else(|| unknown_tier(prompt, tier))?;
    Ok((prompt, tier))
}

/// What is said where no prompt is called so.
pub fn unknown_prompt(name: &str) -> String {
    let hint = match Prompt::nearest(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`loadpath interview list` has them all".to_owned(),
    };
    format!("no prompt is called `{}`; {hint}", name.trim())
}

/// What is said where a prompt has no such scale.
pub fn unknown_tier(prompt: &Prompt, name: &str) -> String {
    let tiers: Vec<String> = prompt.tiers.iter().map(|it| format!("`{}`", it.name)).collect();
    format!("`{}` has no tier `{}`; it has {}", prompt.name, name.trim(), tiers.join(", "))
}

// ---- to begin

/// The file that a candidate begins with: the task, the time, and what is open, without a number. `file` is how its commands call it;
/// without one it is `PROMPT.arch`.
pub fn start(prompt: &Prompt, tier: &Tier, file: Option<&str>) -> String {
    let mut text = format!("// interview: {} {}\n//\n", prompt.name, tier.name);
    comment(&mut text, "", prompt.ask);
    comment(&mut text, "", &format!("The scale: {}.", tier.about));
    for (step, minutes) in MINUTES {
        let (title, what) = phase(prompt, step);
        text.push_str("//\n");
        comment(&mut text, "", &format!("{title}, {minutes} minutes. {what}"));
        match step {
            Step::Clarify => {
                let file = file.unwrap_or(prompt.name);
                let _ = writeln!(text, "//\n//   loadpath interview ask {file} \"how many people use it?\"");
            }
            Step::Estimate => questions(&mut text, prompt),
            _ => {}
        }
    }
    let file = file.map_or_else(|| format!("{}.arch", prompt.name), str::to_owned);
    let _ = writeln!(text, "//\n//   loadpath interview check {file}");
    let _ = writeln!(text, "\nsystem \"{}\" {{}}", prompt.title);
    text
}

/// What a step is called in the file, and what is to be done in it.
fn phase(prompt: &Prompt, step: Step) -> (&'static str, String) {
    match step {
        Step::Clarify => (
            "Clarify",
            format!(
                "{} things are open, and the interviewer says none of them unasked. Who uses it, how often, and when most? \
                 What is kept, how large is it, and for how long? What may be late, wrong, lost or down? What is not asked for at all? \
                 One question at a time; the answer is written into this file:",
                count_word(prompt.topics.len())
            ),
        ),
        Step::Estimate => {
            ("Estimate", "Put a figure with its unit in place of each `?`; the order of magnitude is what counts:".to_owned())
        }
        Step::Design => (
            "Design",
            "Below: the parts, who calls whom and by what, and a flow for each thing that its users do. Say with `because` what a \
             choice costs."
                .to_owned(),
        ),
        Step::Bottleneck => (
            "Bottleneck",
            "What gives way first, to a failure or to the load? State replicas, zones, timeouts, capacities.".to_owned(),
        ),
        Step::Scale => ("Scale", "What comes next, and what of it is not needed yet? Take that out.".to_owned()),
    }
}

fn count_word(count: usize) -> String {
    let words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"];
    words.get(count).map_or_else(|| count.to_string(), |it| (*it).to_owned())
}

/// A line for each estimate, with its question beside it or, where that is long, above.
fn questions(text: &mut String, prompt: &Prompt) {
    for it in prompt.reckonings {
        text.push_str("//\n");
        comment(text, "", it.asks);
        let _ = writeln!(text, "// estimate {} = ?", it.name);
    }
}

/// Words as comments, with something before the `//` of each line.
fn comment(text: &mut String, indent: &str, words: &str) {
    for line in lines(words, WIDTH - 3 - indent.len()) {
        let _ = writeln!(text, "{indent}// {line}");
    }
}

/// Words in lines of at most so many letters.
fn lines(words: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

// ---- to ask

/// What the interviewer answers.
#[derive(Debug)]
pub struct Answered {
    /// The file with the answer in it.
    pub text: String,
    /// As what the question was understood.
    pub topic: &'static Topic,
    /// What the interviewer says.
    pub answer: String,
    /// Whether it was asked before: then the file is as it was.
    pub is_known: bool,
    /// Properties that the file states already, and which stay as they are: the name, what the file says, what the answer says.
    pub kept: Vec<(String, String, String)>,
    /// Flows that were added for a figure of theirs.
    pub flows: Vec<String>,
}

/// Why there is no answer; the file stays as it is.
#[derive(Debug)]
pub enum Refusal {
    /// The file is of no interview.
    NoInterview(String),
    /// The interviewer has no answer to that; so many topics are open, and they are about these things.
    NoAnswer(usize, Vec<&'static str>),
    /// The task leaves that open: what the interviewer says of it.
    LeftOpen(&'static str),
    /// Several things are asked at once.
    Several,
    /// The file can't be read, or nothing can be written into it: at which line, and what is wrong.
    Unreadable(Option<usize>, String),
}

/// Asks the interviewer, and writes the answer into the file: each answer once, and over nothing that stands there.
///
/// # Errors
/// Says why there is no answer.
pub fn ask(text: &str, words: &str) -> Result<Answered, Refusal> {
    let session = Session::read(text).map_err(Refusal::NoInterview)?;
    let topic = matching::topic(session.prompt, words).map_err(|why| match why {
        Unclear::Nothing => Refusal::NoAnswer(session.open(), session.subjects()),
        Unclear::Several => Refusal::Several,
        Unclear::LeftOpen(says) => Refusal::LeftOpen(says),
    })?;
    let answer = topic.answer(session.tier);
    let is_known = session.has_asked(topic);
    let mut answered =
        Answered { text: text.to_owned(), topic, answer, is_known, kept: Vec::new(), flows: Vec::new() };
    let tree = readable(text)?;
    one_system(text, &tree)?;
    let mut own = Vec::new();
    if !is_known {
        own.push(format!("// asked: {}", topic.name));
        own.extend(lines(&answered.answer, WIDTH - 5).into_iter().map(|it| format!("// {it}")));
    }
    let mut additions = Vec::new();
    for name in topic.states {
        // The tests hold that every tier states all of them.
        let Some(stated) = session.tier.stated(name) else { continue };
        if let Some(property) = prompt::property(&tree, name) {
            let written = property.value.as_ref().map_or("", |it| &text[it.span.range()]);
            if !is_same(written, &stated.value) {
                answered.kept.push(((*name).to_owned(), written.to_owned(), stated.value));
            }
            continue;
        }
        match name.split_once('.') {
            None => own.push(format!("{name} = {}", stated.value)),
            Some((flow, property)) => {
                if prompt::flow(&tree, flow).is_none() {
                    answered.flows.push(flow.to_owned());
                }
                additions.push(Addition {
                    to: Some((flow, stated.label)),
                    lines: vec![format!("{property} = {}", stated.value)],
                });
            }
        }
    }
    if !own.is_empty() {
        if prompt::system(&tree).is_none() && includes(&tree) {
            return Err(Refusal::Unreadable(None, IN_ANOTHER_FILE.to_owned()));
        }
        additions.insert(0, Addition { to: None, lines: own });
    }
    answered.is_known &= additions.is_empty() && answered.kept.is_empty();
    if additions.is_empty() {
        return Ok(answered);
    }
    answered.flows.dedup();
    answered.text = written(text, &tree, session.prompt, additions)?;
    Ok(answered)
}

/// Why an answer is not written where the `system` may stand in a file that is included.
const IN_ANOTHER_FILE: &str = "an answer can't be written into it: it has no `system` of its own, and may include one; keep the `system` in this file";

fn includes(tree: &ast::File) -> bool {
    tree.statements.iter().any(|it| matches!(it, ast::Statement::Include(_)))
}

/// Whether two values say the same: `1k` and `1000`.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let value = |text: &str| {
        let property = syntax::property(FileId(0), &format!("value = {text}"), 0).ok()?;
        match property.value?.kind {
            ast::ValueKind::Quantity(it) => Some(it),
            _ => None,
        }
    };
    match (value(one), value(other)) {
        (Some(one), Some(other)) => {
            one.dimension == other.dimension && (one.amount - other.amount).abs() <= other.amount.abs() * 1e-9
        }
        _ => one.split_whitespace().eq(other.split_whitespace()),
    }
}

/// The tree of a text that has no fault.
fn readable(text: &str) -> Result<ast::File, Refusal> {
    let (tree, errors) = syntax::parse(FileId(0), text);
    match errors.first() {
        None => Ok(tree),
        Some(error) => Err(unreadable_at(text, error.span, &error.message)),
    }
}

fn unreadable_at(text: &str, place: Span, why: &str) -> Refusal {
    let line = SourceFile::new("", text).position(place.start).line;
    Refusal::Unreadable(Some(line), why.to_owned())
}

/// Of two `system`s nobody can say into which an answer belongs, and a second one is no part of the design. Nor is one without a name.
fn one_system(text: &str, tree: &ast::File) -> Result<(), Refusal> {
    let mut systems = tree.statements.iter().filter_map(|it| match it {
        ast::Statement::System(it) => Some((it.label.span, true)),
        ast::Statement::Element(it) if it.is_nameless_system() => Some((it.kind.span, false)),
        _ => None,
    });
    let (first, second) = (systems.next(), systems.next());
    match (first, second) {
        (_, Some((place, _))) => {
            let why =
                "a design has one `system`, and this is a second one; put all that is asked into one of them";
            Err(unreadable_at(text, place, why))
        }
        (Some((place, false)), _) => {
            Err(unreadable_at(text, place, "a `system` has no name; write it in quotes"))
        }
        _ => Ok(()),
    }
}

/// Lines that are to stand in the block of a statement: the system's, or that of a flow with its label.
struct Addition<'a> {
    to: Option<(&'a str, Option<String>)>,
    lines: Vec<String>,
}

/// The text with some lines more. One that was in its form stays in it; of any other nothing else changes.
fn written(
    text: &str,
    tree: &ast::File,
    prompt: &Prompt,
    additions: Vec<Addition>,
) -> Result<String, Refusal> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut inserts: Vec<(usize, String)> = Vec::new();
    // What no statement takes in is a statement of its own, at the end.
    let mut new: Vec<(String, Vec<String>)> = Vec::new();
    for Addition { to, lines } in additions {
        let statement = match &to {
            None => prompt::system(tree).map(|it| it.span),
            Some((flow, _)) => prompt::flow(tree, flow).map(|it| it.span),
        };
        if let Some(span) = statement {
            inserts.push(into_block(text, span, &lines, line_end));
            continue;
        }
        let head = match to {
            None => format!("system \"{}\"", prompt.title),
            Some((flow, Some(label))) => format!("flow {flow} \"{label}\""),
            Some((flow, None)) => format!("flow {flow}"),
        };
        match new.iter_mut().find(|it| it.0 == head) {
            Some((_, all)) => all.extend(lines),
            None => new.push((head, lines)),
        }
    }
    let mut end = String::new();
    for (head, lines) in new {
        let gap =
            if text.ends_with('\n') || !end.is_empty() { line_end.to_owned() } else { line_end.repeat(2) };
        let _ = write!(end, "{gap}{head} {{{line_end}{}}}{line_end}", indented(&lines, line_end));
    }
    inserts.push((text.len(), end));
    // From the end on, so that places stay; of two at one place the first stays first.
    inserts.sort_by_key(|it| it.0);
    let mut written = text.to_owned();
    for (at, more) in inserts.iter().rev() {
        written.insert_str(*at, more);
    }
    let (after, errors) = syntax::parse(FileId(0), &written);
    if !errors.is_empty() || after.statements.len() < tree.statements.len() {
        let message = "an answer can't be written into it: something is left open at its end";
        return Err(Refusal::Unreadable(None, message.to_owned()));
    }
    let is_formatted = syntax::reformatted(text) == text;
    Ok(if is_formatted { syntax::reformatted(&written) } else { written })
}

/// Where lines go into the block of a statement, before its last brace, and what to write there.
fn into_block(text: &str, span: Span, lines: &[String], line_end: &str) -> (usize, String) {
    let end = span.end as usize;
    let block = indented(lines, line_end);
    if !text[..end].ends_with('}') {
        return (end, format!(" {{{line_end}{block}}}"));
    }
    let brace = end - 1;
    let gap = if text[..brace].trim_end().ends_with('{') { "" } else { line_end };
    let row = text[..brace].rfind('\n').map_or(0, |it| it + 1);
    if text[row..brace].trim().is_empty() {
        (row, format!("{gap}{block}"))
    } else {
        (brace, format!("{line_end}{gap}{block}"))
    }
}

fn indented(lines: &[String], line_end: &str) -> String {
    lines.iter().map(|it| format!("  {it}{line_end}")).collect()
}
