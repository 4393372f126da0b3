//! Findings for a reader, drawn on the text that they are about.

use super::text::{self, Look};
use super::{Format, Report};

/// `--format pretty`.
pub static FORMAT: Format =
    Format { name: "pretty", about: "Drawn on the text", is_document: false, render, aside: None };

fn render(report: &Report, look: Look) -> String {
    let drawn = report.findings.iter().map(|(sources, finding)| text::finding(sources, finding, look) + "\n");
    let closing = report.took.map(|took| text::summary(&report.summary, took, look));
    drawn.chain([text::omitted(&report.summary)]).chain(closing).collect()
}
