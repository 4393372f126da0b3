//! Markdown in lines of at most so many columns: its paragraphs and lists are set anew, all else stays.

use crate::report::text::wrap;

/// The text with its prose in lines of at most so many columns.
pub(in crate::report) fn set(markdown: &str, width: usize) -> String {
    let mut shown = String::with_capacity(markdown.len());
    let mut open = Paragraph::default();
    let mut is_fence = false;
    for line in markdown.lines() {
        let is_edge = line.trim_start().starts_with("```");
        let is_prose = !is_fence && !is_edge && !line.starts_with(['#', '|', '>']) && !line.trim().is_empty();
        is_fence ^= is_edge;
        let item = item(line);
        if !is_prose || item > 0 {
            std::mem::take(&mut open).end(&mut shown, width);
        }
        if !is_prose {
            shown += line;
            shown.push('\n');
            continue;
        }
        if open.text.is_empty() {
            let indent = line.len() - line.trim_start().len();
            let text_at = item.max(indent);
            open = Paragraph { first: line[..text_at].to_owned(), text: String::new() };
        }
        open.text += line.get(open.first.len()..).filter(|_| item > 0).unwrap_or(line).trim();
        open.text.push(' ');
    }
    open.end(&mut shown, width);
    shown
}

/// Where the words of an item of a list begin; 0 of a line that begins none.
fn item(line: &str) -> usize {
    let indent = line.len() - line.trim_start().len();
    let digits = line[indent..].bytes().take_while(u8::is_ascii_digit).count();
    let mark = match digits {
        0 => "- ",
        1 | 2 => ". ",
        // A year that ends a sentence.
        _ => return 0,
    };
    let text_at = indent + digits + mark.len();
    if line[indent + digits..].starts_with(mark) { text_at } else { 0 }
}

/// Lines that are set as one.
#[derive(Default)]
struct Paragraph {
    /// What stands before its first word; before its other lines stand as many blanks.
    first: String,
    text: String,
}

impl Paragraph {
    fn end(self, shown: &mut String, width: usize) {
        let indent = self.first.chars().count();
        for (at, line) in wrap(&self.text, width.saturating_sub(indent)).iter().enumerate() {
            if at == 0 {
                *shown += &self.first;
            } else {
                shown.extend(std::iter::repeat_n(' ', indent));
            }
            *shown += line;
            shown.push('\n');
        }
    }
}
