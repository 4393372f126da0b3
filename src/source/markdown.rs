//! The fences of a Markdown text that hold a design: where they stand, and what they say.
//!
//! The parser is given a text of the same length in which all but the fences is blank, `> ` and indentation before
//! their lines included. So every place in it is one in the Markdown, and no floor above knows of Markdown.

use std::ops::Range;

pub use self::plain::plain_text;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

mod plain;

/// What marks the fences of a design, as the first word after the backticks.
const TAG: &str = "arch";

/// What is left out all the same: documents show designs that are wrong.
const IGNORED: &str = "ignore";

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A fence that holds a part of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The whole lines between the one that opens it and the one that closes it.
    pub lines: Range<usize>,
    /// What they say, without what stands before them.
    pub text: String,
    /// What stands before a line: the `> ` of quotes, the indentation of lists.
    margin: String,
    /// What stands before each of its lines, in order.
    margins: Vec<String>,
    /// Where the last of them begins.
    last_line: usize,
    line_end: &'static str,
}

/// The fences, and the text with all else blank.
#[derive(Clone, Debug)]
pub(super) struct Markdown {
    pub(super) fences: Vec<Fence>,
    pub(super) design: String,
}

/// Whether a file of this name is Markdown.
pub fn is_markdown(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["md", "markdown"].iter().any(|it| ending.eq_ignore_ascii_case(it))
}

pub(super) fn read(text: &str) -> Markdown {
    let mut design: Vec<u8> = text.bytes().map(|it| if it == b'\n' { it } else { b' ' }).collect();
    let mut fences = Vec::new();
    // Most documents have none, and need not be read any further.
    let text = if text.contains(TAG) { text } else { "" };
    let mut open: Option<Fence> = None;
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let start = start + front_matter(&text[start..]);
    for (event, place) in Parser::new(&text[start..]).into_offset_iter() {
        let place = start + place.start..start + place.end;
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if is_of_a_design(&info) => {
                open = Some(Fence::opened(text, place.start));
            }
            Event::Text(piece) => {
                let Some(fence) = &mut open else { continue };
                design[place.clone()].copy_from_slice(&text.as_bytes()[place.clone()]);
                fence.text += &piece;
                fence.margins_of(text, &place);
                fence.lines.end = place.end;
            }
            Event::End(TagEnd::CodeBlock) => fences.extend(open.take().map(|it| it.closed(text, place.end))),
            _ => {}
        }
    }
    Markdown { fences, design: String::from_utf8(design).expect("whole characters are blank or kept") }
}

/// The bytes of what stands at the head for a program that makes pages of it, between lines of `---` (YAML) or `+++`
/// (TOML); nothing where there is none. A line of `---` with a blank one after it is a rule across the page.
fn front_matter(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let mark = lines.next().unwrap_or_default();
    let mut end = mark.len();
    let mark = mark.trim_ascii_end();
    if !matches!(mark, "---" | "+++") || text[end..].lines().next().is_none_or(|it| it.trim().is_empty()) {
        return 0;
    }
    for line in lines {
        end += line.len();
        let line = line.trim_ascii_end();
        if line == mark || (mark == "---" && line == "...") {
            return end;
        }
    }
    0
}

/// Whether a fence with these words after its backticks holds a part of a design.
fn is_of_a_design(info: &str) -> bool {
    let mut words = info.split([' ', '\t', ',']).filter(|it| !it.is_empty());
    words.next() == Some(TAG) && words.all(|it| it != IGNORED)
}

impl Fence {
    /// A fence whose backticks begin at `at`; it has no lines yet.
    fn opened(text: &str, at: usize) -> Self {
        let before = text[..at].rsplit(['\n', '\r']).next().unwrap_or_default();
        let line = text[at..].split_inclusive('\n').next().unwrap_or_default();
        let start = at + line.len();
        Self {
            lines: start..start,
            text: String::new(),
            margin: margin(before),
            margins: Vec::new(),
            last_line: at,
            line_end: if line.ends_with("\r\n") { "\r\n" } else { "\n" },
        }
    }

    /// The whole of it, which ends at `end`. The blank lines after one that nothing closes are left to what follows.
    fn closed(mut self, text: &str, end: usize) -> Self {
        if end == self.lines.end {
            let lines = text[self.lines.clone()].split_inclusive('\n');
            let blank = lines.rev().take_while(|it| it.trim_ascii().is_empty());
            self.lines.end -= blank.map(str::len).sum::<usize>();
        }
        self
    }

    /// Takes in what stands before the lines that a piece of its text begins.
    fn margins_of(&mut self, text: &str, piece: &Range<usize>) {
        let start = text[..piece.start].rfind('\n').map_or(0, |at| at + 1);
        if start > self.last_line {
            self.margins.push(text[start..piece.start].to_owned());
            self.last_line = start;
        }
        for (at, _) in text[piece.clone()].match_indices('\n') {
            let next = piece.start + at + 1;
            if next < piece.end {
                self.margins.push(String::new());
                self.last_line = next;
            }
        }
    }

    /// A text as the lines of this fence say it, ended as they are. A line that it had, but for its blanks, keeps what
    /// stood before it; before a new one stands what stands before the line above.
    pub fn written(&self, text: &str) -> String {
        let had: Vec<String> = self.text.lines().map(squeezed).collect();
        let mut written = String::with_capacity(text.len());
        let first = had.iter().zip(&self.margins).find(|(said, _)| !said.is_empty());
        let (mut from, mut above) = (0, first.map_or(self.margin.as_str(), |(_, margin)| margin));
        for line in text.lines() {
            let said = squeezed(line);
            let reach = had.len().min(from + REACH);
            let kept = (from..reach).find(|at| had[*at] == said);
            from = kept.map_or(from, |at| at + 1);
            let own = kept.and_then(|at| self.margins.get(at)).map(String::as_str);
            let margin = own.unwrap_or(above);
            written += if own.is_none() && said.is_empty() { margin.trim_end() } else { margin };
            if !said.is_empty() {
                above = margin;
            }
            // Without a blank after it, a quote takes one off the indentation of the line.
            written += if margin.ends_with('>') && line.starts_with(' ') { " " } else { "" };
            written += line;
            written += self.line_end;
        }
        written
    }

    /// The same with one margin before all lines: the plainest that the fence may have.
    pub fn written_alike(&self, text: &str) -> String {
        let mut written = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let said = line.trim_end_matches('\n');
            written += if said.is_empty() { self.margin.trim_end() } else { &self.margin };
            written += said;
            written += self.line_end;
        }
        written
    }
}

/// A line that survives is looked for so far below the one before it.
const REACH: usize = 100;

/// What a line says, whatever blanks stand in it.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect()
}

/// What stands before the lines of a fence, by what stands before its backticks: `> 1. ` becomes `>    `.
fn margin(before: &str) -> String {
    let before = before.trim_start_matches(BYTE_ORDER_MARK);
    let blank = |it: char| if matches!(it, '>' | ' ' | '\t') { it } else { ' ' };
    let mut margin: String = before.chars().map(blank).collect();
    // Without a blank after it, a quote takes one off the indentation of the line.
    if margin.ends_with('>') {
        margin.push(' ');
    }
    margin
}
