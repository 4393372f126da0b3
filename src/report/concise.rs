//! Findings one a line, for `grep` and for editors that jump to places.

use super::text::{self, Look};
use super::{Format, Report};

/// `--format concise`.
pub static FORMAT: Format =
    Format { name: "concise", about: "One a line", is_document: false, render, aside: None };

fn render(report: &Report, _: Look) -> String {
    let lines = report.findings.iter().map(|(sources, finding)| text::concise(sources, finding) + "\n");
    lines.chain([text::omitted(&report.summary)]).collect()
}
