//! The rules' documentation: what `explain` prints, the examples in it, and the documents made of it.

pub mod pages;
pub mod reference;
pub mod schema;
pub(super) mod set;

use std::fmt::Write as _;

use serde::Serialize;

use super::text::wrap;
use crate::rules::{RULES, Rule};

/// An example of a rule's documentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The design, without the marks.
    pub source: String,
    /// What the rule must report on it.
    pub expected: Vec<Expected>,
}

/// A finding that an example must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The line of the example, from 1.
    pub line: usize,
    /// The rule by code or name, where it is another than the one that is documented.
    pub rule: Option<String>,
    /// What its message must hold.
    pub part: Option<String>,
}

/// A rule's documentation as it is read: Markdown, without the marks of its examples.
pub fn markdown(rule: &Rule) -> String {
    let mut shown = String::new();
    let mut is_fence = false;
    for line in rule.docs.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        is_fence ^= line.starts_with("```");
        shown += if is_fence { parted(line).0 } else { line };
        shown.push('\n');
    }
    shown
}

/// The examples of a rule's documentation, in order.
pub fn examples(rule: &Rule) -> Vec<Example> {
    let mut docs = String::new();
    for line in rule.docs.lines() {
        docs += line.strip_prefix(' ').unwrap_or(line);
        docs.push('\n');
    }
    fences(&docs).into_iter().map(|(_, text)| example(&text)).collect()
}

/// A rule's documentation without its examples, from *Why it matters* on: where braces may mean something else.
pub(super) fn prose(rule: &Rule) -> String {
    let sections = markdown(rule);
    let sections = sections.split("\n## ").skip(1).filter(|it| !it.starts_with("Example\n"));
    let prose: Vec<String> = sections.map(|it| format!("## {}", without_fences(it).trim())).collect();
    prose.join("\n\n")
}

fn without_fences(markdown: &str) -> String {
    markdown.split("```").step_by(2).collect()
}

/// The weaknesses of the CWE that a rule's references name, by number.
pub(super) fn weaknesses(rule: &Rule) -> Vec<u32> {
    let references = rule.section("References");
    let mut numbers: Vec<u32> = references
        .split("CWE-")
        .skip(1)
        .filter_map(|it| it.split(|letter: char| !letter.is_ascii_digit()).next()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Where there is more to read: the first page that a rule's references lead to.
pub fn address(rule: &Rule) -> Option<String> {
    let references = rule.section("References");
    let link = references.split("](").nth(1).and_then(|it| it.split(')').next());
    link.map(str::to_owned).or_else(|| weaknesses(rule).first().copied().map(page_of_weakness))
}

/// The page of a weakness of the CWE.
pub(super) fn page_of_weakness(number: u32) -> String {
    format!("https://cwe.mitre.org/data/definitions/{number}.html")
}

/// The `arch` fences of a Markdown text, each with the heading it stands under.
pub fn fences(markdown: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut open: Option<String> = None;
    for line in markdown.lines() {
        match &mut open {
            Some(text) if line.starts_with("```") => {
                found.push((heading.clone(), std::mem::take(text)));
                open = None;
            }
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line == "```arch" => open = Some(String::new()),
            None => {
                if let Some(text) = line.strip_prefix('#') {
                    text.trim_start_matches('#').trim().clone_into(&mut heading);
                }
            }
        }
    }
    found
}

/// A design and what it must have: each line that ends in `// finding`, `// finding: "part of its message"` or
/// `// finding: other-rule "part"` has one, or as many as there are parts.
pub fn example(text: &str) -> Example {
    let mut source = String::new();
    let mut expected = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let (line, mark) = parted(line);
        source += line;
        source.push('\n');
        if let Some(mark) = mark {
            expected.extend(marked(at + 1, mark));
        }
    }
    Example { source, expected }
}

const MARK: &str = "// finding";

/// A line and the mark at its end.
fn parted(line: &str) -> (&str, Option<&str>) {
    match line.find(MARK) {
        Some(at) => (line[..at].trim_end(), Some(line[at + MARK.len()..].trim_start_matches(':').trim())),
        None => (line, None),
    }
}

fn marked(line: usize, mark: &str) -> Vec<Expected> {
    let mut expected = Vec::new();
    let mut rest = mark;
    loop {
        let (word, text) = rest.split_once('"').unwrap_or((rest, ""));
        let word = word.trim_matches([',', ' ']);
        let (part, next) = text.split_once('"').unwrap_or((text, ""));
        expected.push(Expected {
            line,
            rule: (!word.is_empty()).then(|| word.to_owned()),
            part: (!part.is_empty()).then(|| part.to_owned()),
        });
        rest = next.trim_matches([',', ' ']);
        if rest.is_empty() {
            return expected;
        }
    }
}

/// What `explain` prints of a rule, in lines of at most so many columns where words allow it.
pub fn explained(rule: &Rule, width: usize) -> String {
    set::set(&headed(rule), width)
}

/// A rule's documentation under its code, name and levels.
fn headed(rule: &Rule) -> String {
    format!("# {} {}\n\n{}\n\n{}", rule.code, rule.name(), levels(rule), markdown(rule))
}

/// The levels of a rule as a sentence.
fn levels(rule: &Rule) -> String {
    let names: Vec<&str> = rule.levels.iter().map(|level| level.name()).collect();
    let when = if rule.is_review_only { "; evaluated with `--profile review` only" } else { "" };
    format!("*{}*{when}", names.join(", "))
}

/// The rules one a line; with a width, what a rule finds goes on below itself where it has no room.
pub fn list(width: Option<usize>) -> String {
    let mut shown = String::new();
    for rule in RULES {
        let head = format!("{}  {:26}  {:8}  ", rule.code, rule.name(), rule.levels[0].name());
        let room = width.map_or(usize::MAX, |it| it.saturating_sub(INDENT));
        let has_room = width.is_none() || head.len() <= INDENT;
        shown += if has_room { &head } else { head.trim_end() };
        for (at, line) in wrap(rule.summary, room).iter().enumerate() {
            let _ = match at {
                0 if has_room => writeln!(shown, "{line}"),
                0 => writeln!(shown, "\n{:INDENT$}{line}", ""),
                _ => writeln!(shown, "{:INDENT$}{line}", ""),
            };
        }
    }
    shown
}

/// What stands before what a rule finds: its code, its name and its level.
const INDENT: usize = 5 + 2 + 26 + 2 + 8 + 2;

/// Rules as a table in Markdown; with the folder of their pages, relative to where the table stands, it links to them.
pub fn table<'a>(rules: impl IntoIterator<Item = &'a &'a Rule>, folder: Option<&str>) -> String {
    let mut shown = "| code | name | level | finds |\n|---|---|---|---|\n".to_owned();
    for rule in rules {
        let levels: Vec<&str> = rule.levels.iter().map(|level| level.name()).collect();
        let (code, name) = (rule.code, rule.name());
        let code = folder.map_or(code.to_owned(), |folder| format!("[{code}]({folder}{code}.md)"));
        let _ = writeln!(shown, "| {code} | {name} | {} | {} |", levels.join(", "), rule.summary);
    }
    shown
}

/// The rules for programs.
pub fn json() -> String {
    #[derive(Serialize)]
    struct Entry {
        code: &'static str,
        name: String,
        summary: &'static str,
        levels: Vec<&'static str>,
        review_only: bool,
        docs: String,
    }
    let entries: Vec<Entry> = RULES
        .iter()
        .map(|rule| Entry {
            code: rule.code,
            name: rule.name(),
            summary: rule.summary,
            levels: rule.levels.iter().map(|level| level.name()).collect(),
            review_only: rule.is_review_only,
            docs: markdown(rule),
        })
        .collect();
    super::json::pretty(&entries)
}
