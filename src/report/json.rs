//! Findings for programs: one object, described in `docs/json.md`. Its keys keep their order, and a change that
//! breaks a reader raises [`VERSION`].

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Extent, Fix, Label};
use crate::report::text::Look;
use crate::report::{Format, Report};
use crate::source::{self, FileId, Sources};

/// The version of the format.
pub const VERSION: u32 = 1;

/// `--format json`.
pub static FORMAT: Format =
    Format { name: "json", about: "For programs", is_document: true, render, aside: None };

fn render(report: &Report, _: Look) -> String {
    pretty(&output(report))
}

/// A report as plain data.
pub(crate) fn output<'a>(report: &'a Report) -> impl Serialize + 'a {
    let summary = report.summary;
    Output {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        files: &report.files,
        troubles: &report.troubles,
        findings: report.findings.iter().map(|(sources, it)| finding(sources, it)).collect(),
        suppressed: report
            .suppressed
            .iter()
            .map(|(sources, it)| Suppressed {
                finding: finding(sources, &it.diagnostic),
                reason: it.reason.as_deref(),
            })
            .collect(),
        summary: Summary {
            errors: summary.errors,
            warnings: summary.warnings,
            advice: summary.advice,
            suppressed: summary.suppressed,
            known: summary.known,
            omitted: summary.omitted,
            files: summary.files,
            components: summary.components,
            links: summary.links,
            fixable: summary.fixable,
            unsafely_fixable: summary.unsafely_fixable,
            mended: summary.mended,
            unfollowed: (summary.unfollowed > 0).then_some(summary.unfollowed),
        },
    }
}

/// Plain data as indented JSON, ended by a newline.
pub(super) fn pretty(data: &impl Serialize) -> String {
    let mut json = serde_json::to_string_pretty(data).expect("plain data becomes JSON");
    json.push('\n');
    json
}

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    files: &'a [&'a str],
    troubles: &'a [String],
    findings: Vec<Finding<'a>>,
    suppressed: Vec<Suppressed<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Finding<'a> {
    code: &'static str,
    name: &'static str,
    level: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    notes: &'a [String],
    file: &'a str,
    element: &'a str,
    flows: &'a [String],
    span: Span,
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extent: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Mended<'a>>,
}

#[derive(Serialize)]
struct Suppressed<'a> {
    #[serde(flatten)]
    finding: Finding<'a>,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Span {
    start: u32,
    end: u32,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Related<'a> {
    element: Option<&'a str>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    span: Span,
}

#[derive(Serialize)]
struct Mended<'a> {
    title: &'a str,
    safe: bool,
    edits: Vec<Edit<'a>>,
}

#[derive(Serialize)]
struct Edit<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    span: Span,
    text: &'a str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    advice: usize,
    suppressed: usize,
    known: usize,
    omitted: usize,
    files: usize,
    components: usize,
    links: usize,
    fixable: usize,
    unsafely_fixable: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    mended: Option<usize>,
    /// Where a design was too large to follow all of its flows: how many were not.
    #[serde(skip_serializing_if = "Option::is_none")]
    unfollowed: Option<usize>,
}

fn finding<'a>(sources: &'a Sources, it: &'a Diagnostic) -> Finding<'a> {
    let own = it.span().file;
    Finding {
        code: it.code,
        name: it.name,
        level: it.severity.name(),
        message: &it.message,
        help: it.help.as_deref(),
        notes: &it.notes,
        file: &sources.file(own).name,
        element: &it.element,
        flows: &it.flows,
        span: span(sources, it.span()),
        related: it.labels[1..].iter().map(|label| related(sources, label, own)).collect(),
        extent: it.extent.map(Extent::name),
        fix: it.fix.as_ref().map(|fix| mended(sources, fix, own)),
    }
}

fn related<'a>(sources: &'a Sources, label: &'a Label, own: FileId) -> Related<'a> {
    Related {
        element: label.element.as_deref(),
        message: &label.message,
        file: other_file(sources, label.span, own),
        span: span(sources, label.span),
    }
}

fn mended<'a>(sources: &'a Sources, fix: &'a Fix, own: FileId) -> Mended<'a> {
    let edit = |it: &'a crate::diagnostic::Edit| Edit {
        file: other_file(sources, it.span, own),
        span: span(sources, it.span),
        text: &it.text,
    };
    Mended { title: &fix.title, safe: fix.is_safe, edits: fix.edits.iter().map(edit).collect() }
}

/// The file, where it is another than the finding's.
fn other_file(sources: &Sources, span: source::Span, own: FileId) -> Option<&str> {
    (span.file != own).then(|| sources.file(span.file).name.as_str())
}

fn span(sources: &Sources, span: source::Span) -> Span {
    let source::Position { line, column } = sources.position(span);
    Span { start: span.start, end: span.end, line, column }
}
