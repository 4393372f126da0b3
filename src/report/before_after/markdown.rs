//! Tables of what was and what is, as Markdown.

use std::fmt::Write as _;

pub(in crate::report) const ARROW: &str = "→";
pub(in crate::report) const DASH: &str = "–";

/// Text that opens no column, no line and no tag of its own, and calls nobody.
pub(in crate::report) fn cell(text: &str) -> String {
    let text = uncalled(text).replace('|', "\\|").replace(['\n', '\r'], " ");
    let parts: Vec<&str> = text.split('`').collect();
    // What stands in backticks is shown as it is; the last one of an odd number closes nothing.
    let is_code = |at: usize| at % 2 == 1 && at + 1 < parts.len();
    let shown =
        |(at, part): (usize, &&str)| if is_code(at) { (*part).to_owned() } else { part.replace('<', "&lt;") };
    parts.iter().enumerate().map(shown).collect::<Vec<_>>().join("`")
}

/// The text in which `@team`, `#12` and `!12` read as they did and lead to nobody and nothing: in a comment they would
/// call people, and stand in what they name. A mark that is not seen parts the sign from its word, for such names are
/// looked for when Markdown and its escapes have been read.
fn uncalled(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        shown.push(letter);
        let next = letters.peek().copied().unwrap_or(' ');
        if letter == '@' && next.is_alphanumeric() || matches!(letter, '#' | '!') && next.is_ascii_digit() {
            shown.push('\u{200b}');
        }
    }
    shown
}

pub(in crate::report) fn row(shown: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|it| cell(it)).collect();
    let _ = writeln!(shown, "| {} |", cells.join(" | "));
}

pub(in crate::report) fn head(shown: &mut String, cells: &[&str]) {
    shown.push('\n');
    row(shown, cells);
    row(shown, &vec!["---"; cells.len()]);
}
