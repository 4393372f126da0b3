//! The back of the envelope as Markdown: for a pull request, or notes.

use std::fmt::Write as _;

use super::{Estimate, TERMS};
use crate::report::before_after::markdown::cell;
use crate::report::text::capital;

/// The estimates as Markdown, ended by a newline.
pub fn markdown(estimate: &Estimate) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "## {}: the back of the envelope\n", cell(estimate.title()));
    let _ = writeln!(shown, "{}.", TERMS.replace('~', "\\~"));
    for part in &estimate.sections {
        let _ = writeln!(shown, "\n### {}\n", capital(part.name));
        if !part.lines.is_empty() {
            shown += "| of | what | figure | working | |\n| --- | --- | ---: | --- | --- |\n";
        }
        for row in &part.lines {
            let figure = row.marked().replace('~', "\\~");
            let figure = if row.is_short { format!("**{figure}**") } else { figure };
            let said = |text: &Option<String>| cell(text.as_deref().unwrap_or_default());
            let _ = writeln!(
                shown,
                "| {} | {} | {figure} | {} | {} |",
                cell(&row.element),
                cell(&row.what),
                said(&row.working),
                said(&row.note)
            );
        }
        for (at, open) in part.open.iter().enumerate() {
            let gap = if at == 0 && !part.lines.is_empty() { "\n" } else { "" };
            let _ = writeln!(shown, "{gap}- {open}");
        }
    }
    shown
}
