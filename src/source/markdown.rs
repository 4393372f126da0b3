//! The fences of a Markdown text that hold a design: where they stand, and what they say.
//!
//! The parser is given a text of the same length in which all but the fences is blank, `> ` and indentation before
//! their lines included. So every place in it is one in the Markdown, and no floor above knows of Markdown.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

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
    /// What stands before each line: the `> ` of quotes, the indentation of lists.
    margin: String,
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
                fence.lines.end = place.end;
            }
            Event::End(TagEnd::CodeBlock) => fences.extend(open.take().map(|it| it.closed(text, place.end))),
            _ => {}
        }
    }
    Markdown { fences, design: String::from_utf8(design).expect("whole characters are blank or kept") }
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

    /// A text as the lines of this fence say it: with what stands before each, and ended as they are.
    pub fn written(&self, text: &str) -> String {
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
