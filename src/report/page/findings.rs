//! The findings by level, each with its place in the text, why it matters and what to do; and the rules that speak.

use maud::{Markup, html};

use super::{MOST_ROWS, more, prose};
use crate::check::Checked;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::figures;
use crate::report::Report;
use crate::report::text::excerpt::{self, Chunk, Line};
use crate::rules::{self, Rule};
use crate::source::{SourceFile, Sources};

/// Letters of a line of the text that are shown, at most.
const WIDTH: usize = 96;

/// The findings that the page lists: by level, the gravest first, and bounded in each.
pub(super) struct Shown<'a> {
    pub(super) findings: Vec<Found<'a>>,
}

/// A finding in the list.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    /// Its number in the list, from 1, by which it is linked.
    pub(super) number: usize,
    sources: &'a Sources,
    pub(super) finding: &'a Diagnostic,
}

const LEVELS: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Advice];

impl<'a> Shown<'a> {
    pub(super) fn of(report: &Report<'a>) -> Self {
        let of_level = |level: Severity| {
            report.findings.iter().filter(move |(_, it)| it.severity == level).take(MOST_ROWS)
        };
        let listed = LEVELS.into_iter().flat_map(of_level).enumerate();
        let found = |(at, (sources, finding)): (usize, &(&'a Sources, &'a Diagnostic))| Found {
            number: at + 1,
            sources,
            finding,
        };
        Self { findings: listed.map(found).collect() }
    }

    fn of_level(&self, level: Severity) -> Vec<Found<'a>> {
        self.findings.iter().copied().filter(|it| it.finding.severity == level).collect()
    }

    /// The rules of the listed findings, each once, by code.
    fn rules(&self) -> Vec<&'static Rule> {
        let mut codes: Vec<&str> = self.findings.iter().map(|it| it.finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.into_iter().filter_map(rules::find).collect()
    }
}

pub(super) fn section(design: &Checked, report: &Report, shown: &Shown) -> Markup {
    let counts = [report.summary.errors, report.summary.warnings, report.summary.advice];
    html! {
        @if shown.findings.is_empty() { p { "Nothing is found." } }
        div #filters hidden {
            fieldset {
                legend { "Levels" }
                @for (level, count) in LEVELS.into_iter().zip(counts) {
                    @if count > 0 {
                        label { input type="checkbox" name="level" value=(level.name()) checked; " " (level.name()) }
                    }
                }
            }
            label { "With the words " input #words type="search" autocomplete="off"; }
            p #matches role="status" {}
        }
        @for (level, count) in LEVELS.into_iter().zip(counts) {
            @let found = shown.of_level(level);
            @if !found.is_empty() { (of_level(level, count, &found)) }
        }
        @if !design.unshown.is_empty() {
            p.hint {
                (figures::count(design.unshown.len(), "piece of advice is", "pieces of advice are"))
                " not shown: " code { "--profile review" } " adds what an interviewer would ask."
            }
        }
    }
}

fn of_level(level: Severity, count: usize, found: &[Found]) -> Markup {
    let (one, many) = match level {
        Severity::Error => ("error", "errors"),
        Severity::Warning => ("warning", "warnings"),
        Severity::Advice => ("piece of advice", "pieces of advice"),
    };
    let list = html! {
        @for it in found { (card(*it)) }
        (more(count, MOST_ROWS, (one, many)))
    };
    html! {
        details.level open[level != Severity::Advice] {
            summary { h3 class=(level.name()) { (badge(level)) (figures::count(count, one, many)) } }
            (list)
        }
    }
}

fn badge(level: Severity) -> Markup {
    html! { span.badge aria-hidden="true" { (icon(level)) } " " }
}

/// What tells a level without its colour, as in the picture.
fn icon(level: Severity) -> &'static str {
    match level {
        Severity::Error => "✖",
        Severity::Warning => "▲",
        Severity::Advice => "◆",
    }
}

fn card(found: Found) -> Markup {
    let Found { number, sources, finding } = found;
    let file = sources.file(finding.span().file);
    html! {
        article.finding id={ "finding-" (number) } data-level=(finding.severity.name()) tabindex="-1" {
            h4 class=(finding.severity.name()) {
                (badge(finding.severity))
                span.unseen { (finding.severity.name()) " " }
                (finding.code) " " (finding.name)
            }
            p.message { (prose::sentence(&finding.message)) }
            @for note in &finding.notes { p.note { (prose::sentence(note)) } }
            @if let Some(help) = &finding.help { p.help { strong { "To do: " } (prose::closed(help)) } }
            @if let Some(extent) = finding.extent {
                p.note { "Of the stated ranges it holds for the " (extent.name()) "." }
            }
            details.text {
                summary.place { (file.name) ":" (sources.position(finding.span())) }
                (text(file, finding))
            }
            p.place {
                @if !finding.flows.is_empty() { "Concerns " (flows(&finding.flows)) span.between { " · " } }
                a href={ "#rule-" (finding.code) } { "why it matters" }
                " " a.shows href="#diagram" data-finding=(number) hidden { "show in the diagram" }
            }
        }
    }
}

/// Flows that are named, at most.
const MOST_FLOWS: usize = 6;

fn flows(names: &[String]) -> String {
    let shown = names.iter().take(MOST_FLOWS).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(MOST_FLOWS) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}

/// The lines that a finding points at, with what is said there.
fn text(file: &SourceFile, finding: &Diagnostic) -> Markup {
    let own = finding.span().file;
    let labels: Vec<&Label> =
        finding.labels.iter().filter(|it| it.span.file == own).take(MOST_LABELS).collect();
    let spans: Vec<_> = labels.iter().map(|it| it.span).collect();
    let chunks = excerpt::chunks(file, &spans, WIDTH, '…');
    html! {
        div.excerpt role="group" aria-label="The text" tabindex="0" {
            table {
                @for (at, chunk) in chunks.iter().enumerate() { (stretch(chunk, &labels, at > 0)) }
            }
        }
    }
}

/// Places of one finding that are shown in the text, at most.
const MOST_LABELS: usize = 8;

fn stretch(chunk: &Chunk, labels: &[&Label], is_gapped: bool) -> Markup {
    html! {
        tbody.gapped[is_gapped] {
            @for (at, line) in chunk.lines.iter().enumerate() {
                tr { th scope="row" { (chunk.first_line + at) } td { (marked(line)) } }
                @for (label, range) in &line.marks {
                    @let said = &labels[*label].message;
                    @if !said.is_empty() {
                        @let indent = line.text[..range.start].chars().map(excerpt::columns).sum::<usize>();
                        tr.said { td {} td { (" ".repeat(indent)) "╰ " (prose::line(said)) } }
                    }
                }
            }
        }
    }
}

/// A line with what is meant in it marked; marks that overlap are one.
fn marked(line: &Line) -> Markup {
    let mut ranges: Vec<(usize, usize)> = line.marks.iter().map(|(_, it)| (it.start, it.end)).collect();
    ranges.sort_unstable();
    let mut from = 0;
    html! {
        @for (start, end) in ranges {
            @let start = start.max(from);
            @let end = end.max(start);
            (line.text[from..start])
            @if end > start { mark { (line.text[start..end]) } }
            @let () = from = end;
        }
        (line.text[from..])
    }
}

/// What each of the rules is about. None where none speaks.
pub(super) fn rules(shown: &Shown) -> Option<Markup> {
    let rules = shown.rules();
    (!rules.is_empty()).then(|| {
        html! {
            @for rule in rules {
                details.rule id={ "rule-" (rule.code) } {
                    summary { strong { (rule.code) " " (rule.name()) } ": " (prose::line(rule.summary)) }
                    (prose::paragraphs(&rule.section("Why it matters")))
                    @let asks = rule.section("An interviewer asks");
                    @if !asks.is_empty() {
                        h4 { "An interviewer asks" }
                        (prose::paragraphs(&asks))
                    }
                    p.hint { "More: " code { "loadpath explain " (rule.code) } }
                }
            }
        }
    })
}
