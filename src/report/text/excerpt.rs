//! The lines of a file that a finding points at, cut to the width there is: what a snippet is drawn from.

use crate::source::{self, SourceFile, Span};

/// A stretch of neighbouring lines.
#[derive(Debug, PartialEq)]
pub(in crate::report) struct Chunk {
    /// The number of its first line, from 1.
    pub(in crate::report) first_line: usize,
    pub(in crate::report) lines: Vec<Line>,
}

/// A line as it is drawn: tabs and control characters made visible, what does not fit cut off.
#[derive(Debug, PartialEq)]
pub(in crate::report) struct Line {
    pub(in crate::report) text: String,
    /// The marked labels with their bytes in `text`.
    pub(in crate::report) marks: Vec<(usize, std::ops::Range<usize>)>,
}

const TAB: &str = "    ";

/// The lines that the spans stand on, and one more before and after each. `width` is for the line alone; `cut` stands
/// for what does not fit.
pub(in crate::report) fn chunks(file: &SourceFile, spans: &[Span], width: usize, cut: char) -> Vec<Chunk> {
    let marks: Vec<Mark> = spans.iter().map(|span| Mark::of(file, *span)).collect();
    let mut lines: Vec<usize> = marks.iter().flat_map(|mark| around(mark.line, file)).collect();
    lines.sort_unstable();
    lines.dedup();
    let mut chunks: Vec<Chunk> = Vec::new();
    for line in lines {
        let drawn = draw(file, line, &marks, width, cut);
        match chunks.last_mut() {
            Some(last) if last.first_line + last.lines.len() == line => last.lines.push(drawn),
            _ => chunks.push(Chunk { first_line: line, lines: vec![drawn] }),
        }
    }
    chunks
}

/// A line and its neighbours, without blank ones at the edge.
fn around(line: usize, file: &SourceFile) -> impl Iterator<Item = usize> {
    let last = file.line_count();
    let is_drawn = move |it: &usize| {
        *it == line || (1..=last).contains(it) && !file.text[file.line_range(*it)].trim().is_empty()
    };
    (line.saturating_sub(1)..=line + 1).filter(is_drawn).collect::<Vec<_>>().into_iter()
}

/// Where a span is drawn: on its first line, and never as nothing.
struct Mark {
    line: usize,
    start: usize,
    end: usize,
}

impl Mark {
    fn of(file: &SourceFile, span: Span) -> Self {
        let text = &file.text;
        let mut start = text.floor_char_boundary((span.start as usize).min(text.len()));
        let line = file.position(start as u32).line;
        let range = file.line_range(line);
        let mut end = text.ceil_char_boundary((span.end as usize).clamp(start, range.end.max(start)));
        if start >= range.end {
            // What is missing at the end of a line is marked on the last letter before it.
            let before = text[..start].trim_end();
            let letter = before.chars().next_back().map_or(0, char::len_utf8);
            (start, end) = (before.len() - letter, before.len());
            return Self { line: file.position(start as u32).line, start, end };
        }
        if end == start {
            end = text.ceil_char_boundary(start + 1);
        }
        Self { line, start, end }
    }
}

fn draw(file: &SourceFile, line: usize, marks: &[Mark], width: usize, cut: char) -> Line {
    let range = file.line_range(line);
    let marks: Vec<(usize, &Mark)> = marks.iter().enumerate().filter(|(_, mark)| mark.line == line).collect();
    let window = window(&file.text[range.clone()], range.start, &marks, width);
    let mut text = String::new();
    let mut drawn: Vec<(usize, std::ops::Range<usize>)> = marks.iter().map(|(at, _)| (*at, 0..0)).collect();
    if window.start > range.start {
        text.push(cut);
    }
    let mut place = |offset: usize, column: usize| {
        for ((_, mark), (_, shown)) in marks.iter().zip(&mut drawn) {
            if mark.start.clamp(window.start, window.end) == offset {
                shown.start = column;
            }
            if mark.end.clamp(window.start, window.end) == offset {
                shown.end = column;
            }
        }
    };
    for (at, letter) in file.text[window.clone()].char_indices() {
        place(window.start + at, text.len());
        match letter {
            '\t' => text.push_str(TAB),
            _ if is_obeyed(letter) => text.push(visible(letter)),
            _ => text.push(letter),
        }
    }
    place(window.end, text.len());
    if window.end < range.end {
        text.push(cut);
    }
    Line { text, marks: drawn }
}

/// The bytes of a line that are drawn: all, or as many as fit around what is marked.
fn window(line: &str, base: usize, marks: &[(usize, &Mark)], width: usize) -> std::ops::Range<usize> {
    let whole = base..base + line.len();
    let room = width.saturating_sub(2).max(20);
    // A hostile line may be very long: no more of it is looked at than could be drawn.
    if line.chars().take(room + 3).map(columns).sum::<usize>() <= room + 2 {
        return whole;
    }
    let last = marks.iter().map(|(_, mark)| mark.end).max().unwrap_or(base);
    let first = marks.iter().map(|(_, mark)| mark.start).min().unwrap_or(base);
    let fits = |from: usize, to: usize| {
        to - from <= room * 4 && line[from - base..to - base].chars().map(columns).sum::<usize>() <= room
    };
    let mut start = base;
    if !fits(base, last) {
        start = line[..first - base].char_indices().rev().take(8).last().map_or(first, |(at, _)| base + at);
    }
    let mut used = 0;
    let mut end = start;
    for letter in line[start - base..].chars() {
        used += columns(letter);
        if used > room {
            break;
        }
        end += letter.len_utf8();
    }
    start..end
}

/// How many columns a letter takes, near enough: the wide scripts take two.
pub(in crate::report) fn columns(letter: char) -> usize {
    match letter {
        '\t' => TAB.len(),
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

/// Whether a terminal does something at a character instead of showing it.
pub(in crate::report) fn is_obeyed(character: char) -> bool {
    character.is_control() || source::turns(character)
}

/// A control character as it may be shown: it must not reach the terminal.
pub(in crate::report) fn visible(control: char) -> char {
    char::from_u32(0x2400 + control as u32).filter(|_| (control as u32) < 0x20).unwrap_or('\u{fffd}')
}
