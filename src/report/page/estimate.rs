//! The back of the envelope, each figure with its formula.

use maud::{Markup, html};

use super::{MOST_ROWS, more, prose};
use crate::check::Checked;
use crate::report::estimate::{Estimate, Part, Row};
use crate::report::text::capital;

/// None where nothing is reckoned.
pub(super) fn section(design: &Checked) -> Option<Markup> {
    let sheet = Estimate::of(design);
    (!sheet.sections.is_empty()).then(|| {
        html! {
            @for part in &sheet.sections {
                details open[part.lines.len() <= MOST_OPEN] {
                    summary { h3 { (capital(part.name)) } }
                    @if !part.lines.is_empty() { (table(part)) }
                    (more(part.lines.len(), MOST_ROWS, ("figure", "figures")))
                    @for open in &part.open { p.open { (prose::sentence(open)) } }
                }
            }
        }
    })
}

/// Longer sheets are folded.
const MOST_OPEN: usize = 24;

fn table(part: &Part) -> Markup {
    html! {
        div.wide role="region" aria-label={ "Table of " (part.name) } tabindex="0" {
            table.sheet {
                thead {
                    tr {
                        th scope="col" { "Of" }
                        th scope="col" { "What" }
                        th.figure scope="col" { "Figure" }
                        th scope="col" { "Working" }
                    }
                }
                tbody {
                    @for row in part.lines.iter().take(MOST_ROWS) { (line(row)) }
                }
            }
        }
    }
}

fn line(row: &Row) -> Markup {
    html! {
        tr {
            th scope="row" { (row.element) }
            td { (row.what) }
            td.figure.short[row.is_short] { (row.marked()) @if row.is_short { span.unseen { " (too little)" } } }
            td.working {
                @if let Some(working) = &row.working { "= " (working) }
                @if let Some(note) = &row.note { span.note { (prose::line(note)) } }
            }
        }
    }
}
