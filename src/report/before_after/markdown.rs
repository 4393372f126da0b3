//! Tables of what was and what is, as Markdown.

use std::fmt::Write as _;

pub(in crate::report) const ARROW: &str = "→";
pub(in crate::report) const DASH: &str = "–";

/// Text that opens no column, no line and no tag of its own.
pub(in crate::report) fn cell(text: &str) -> String {
    let text = text.replace('|', "\\|").replace(['\n', '\r'], " ");
    // What stands in backticks is shown as it is.
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { part.replace('<', "&lt;") } else { part.to_owned() });
    parts.collect::<Vec<_>>().join("`")
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
