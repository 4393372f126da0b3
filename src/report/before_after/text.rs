//! Tables of what was and what is, for a reader.

use std::fmt::Write as _;

use crate::figures;
use crate::report::text::{Look, Style, wrap};

pub(in crate::report) fn arrow(look: Look) -> &'static str {
    if look.is_unicode { "→" } else { "->" }
}

pub(in crate::report) fn heading(shown: &mut String, word: &str, look: Look) {
    let _ = writeln!(shown, "\n{}", look.paint(Style::Bold, word));
}

/// A row: a mark, a name, two figures, and what there is to say; what does not fit stands on the next line.
pub(in crate::report) fn row(
    shown: &mut String,
    mark: &str,
    cells: [&str; 3],
    note: &str,
    widths: [usize; 3],
    look: Look,
) {
    let mut line = String::new();
    let mut used = 2;
    for (cell, width) in cells.iter().zip(widths) {
        let letters = cell.chars().count();
        let _ = write!(line, "{cell}{:1$}", "", width.saturating_sub(letters) + 2);
        used += letters.max(width) + 2;
    }
    let _ = write!(shown, "{mark} {}", line.trim_end());
    if note.is_empty() {
        shown.push('\n');
    } else if used + note.chars().count() <= look.width {
        let written = line.trim_end().chars().count() + 2;
        let _ = writeln!(shown, "{:1$}{note}", "", used - written);
    } else {
        shown.push('\n');
        for line in wrap(note, look.width.saturating_sub(6)) {
            let _ = writeln!(shown, "      {line}");
        }
    }
}

/// How wide a column is: as its widest cell, within reason.
pub(in crate::report) fn width<'a>(cells: impl Iterator<Item = &'a str>, most: usize) -> usize {
    cells.map(|it| it.chars().count()).filter(|it| *it <= most).max().unwrap_or(0)
}

pub(in crate::report) fn unchanged(
    shown: &mut String,
    count: usize,
    hidden: usize,
    (one, many): (&str, &str),
    look: Look,
) {
    let mut told = Vec::new();
    if hidden > 0 {
        told.push(format!("{hidden} more change: `--format json` lists all"));
    }
    if count > 0 {
        let verb = if count == 1 { "does" } else { "do" };
        told.push(format!("{} {verb} not change", figures::count(count, one, many)));
    }
    for line in told {
        let _ = writeln!(shown, "  {}", look.paint(Style::Faint, &line));
    }
}
