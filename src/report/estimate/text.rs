//! The back of the envelope for a reader.

use std::fmt::Write as _;

use super::{Estimate, Part, Row, TERMS};
use crate::report::text::{Look, Style, printable, wrap};

/// How wide the words and the figures are set.
const WORD: usize = 22;
const FIGURE: usize = 11;
/// Where the working begins.
const WORKING: usize = 2 + WORD + FIGURE + 2;

/// The estimates as text, ended by a newline.
pub fn text(estimate: &Estimate, look: Look) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "{}", look.paint(Style::Bold, &printable(estimate.title())));
    let _ = writeln!(shown, "{}", look.paint(Style::Faint, TERMS));
    for part in &estimate.sections {
        section(&mut shown, part, look);
    }
    shown
}

fn section(shown: &mut String, part: &Part, look: Look) {
    let _ = writeln!(shown, "\n{}", look.paint(Style::Bold, &part.name.to_uppercase()));
    for rows in part.by_element() {
        let element = &rows[0].element;
        // Of the system only the whole is told: it needs no name.
        if element != "system" {
            let _ = writeln!(shown, "  {}", look.paint(Style::Place, element));
        }
        for it in rows {
            row(shown, it, element != "system", look);
        }
    }
    for it in &part.open {
        for (at, line) in wrap(it, look.width.saturating_sub(4)).iter().enumerate() {
            let mark = if at == 0 { look.paint(Style::Advice, "?") } else { " ".to_owned() };
            let _ = writeln!(shown, "  {mark} {line}");
        }
    }
}

fn row(shown: &mut String, row: &Row, is_inside: bool, look: Look) {
    let indent = if is_inside { 4 } else { 2 };
    let width = WORD + 2 - indent;
    let figure = format!("{:>FIGURE$}", row.marked());
    let figure = if row.is_short { look.paint(Style::Error, &figure) } else { figure };
    let _ = write!(shown, "{:indent$}{:<width$}{figure}", "", row.what);
    let room = look.width.saturating_sub(WORKING + 2);
    let equals = row.working.iter().flat_map(|it| wrap(it, room));
    let mut is_first = true;
    for line in equals {
        if is_first {
            let _ = write!(shown, "  = {line}");
        } else {
            let _ = write!(shown, "\n{:1$}{line}", "", WORKING + 2);
        }
        is_first = false;
    }
    let note = row.note.iter().flat_map(|it| wrap(it, room));
    for line in note {
        let line = look.paint(Style::Faint, &line);
        if is_first {
            let _ = write!(shown, "    {line}");
        } else {
            let _ = write!(shown, "\n{:1$}{line}", "", WORKING + 2);
        }
        is_first = false;
    }
    shown.push('\n');
}
