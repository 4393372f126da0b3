//! Findings as JUnit's XML, which every CI shows: a suite for each file, a failed case for each finding.

use std::fmt::Write as _;

use super::text::Look;
use super::{Format, Report};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;

/// `--format junit`.
pub static FORMAT: Format = Format {
    name: "junit",
    about: "For the test reports of any CI: JUnit's XML",
    is_document: true,
    render,
    aside: None,
};

/// The cases of one file.
struct Suite<'a> {
    name: &'a str,
    cases: String,
    passed: usize,
    failed: usize,
    skipped: usize,
    errors: usize,
}

impl<'a> Suite<'a> {
    fn named(name: &'a str) -> Self {
        Self { name, cases: String::new(), passed: 0, failed: 0, skipped: 0, errors: 0 }
    }

    fn tests(&self) -> usize {
        self.passed + self.failed + self.skipped + self.errors
    }

    /// Adds a case; what came of it is an element of its own, or nothing where it passed.
    fn case(&mut self, name: &str, outcome: &str) {
        let (name, class) = (attribute(name), attribute(self.name));
        let _ = write!(self.cases, "    <testcase name=\"{name}\" classname=\"{class}\"");
        self.cases += &match outcome {
            "" => "/>\n".to_owned(),
            _ => format!(">\n      {outcome}\n    </testcase>\n"),
        };
    }
}

fn render(report: &Report, _: Look) -> String {
    let mut suites: Vec<Suite> = report.files.iter().map(|file| suite(report, file)).collect();
    suites.extend(troubles(report));
    let tests: usize = suites.iter().map(Suite::tests).sum();
    let failures: usize = suites.iter().map(|it| it.failed).sum();
    let errors: usize = suites.iter().map(|it| it.errors).sum();
    let mut shown = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let name = env!("CARGO_PKG_NAME");
    let _ = writeln!(
        shown,
        "<testsuites name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    );
    for suite in &suites {
        let _ = writeln!(
            shown,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  </testsuite>",
            attribute(suite.name),
            suite.tests(),
            suite.failed,
            suite.errors,
            suite.skipped,
            suite.cases,
        );
    }
    shown += "</testsuites>\n";
    shown
}

/// What was found in a file, and what of it is accepted. A file without findings has one case, which passes: a
/// suite without cases would look as if nothing had been reviewed.
fn suite<'a>(report: &Report<'a>, file: &'a str) -> Suite<'a> {
    let mut suite = Suite::named(file);
    let is_here = |sources: &Sources, finding: &Diagnostic| sources.file(finding.span().file).name == file;
    for (sources, finding) in report.findings.iter().filter(|(sources, it)| is_here(sources, it)) {
        suite.failed += 1;
        suite.case(&title(finding), &failure(sources, finding));
    }
    for (_, accepted) in report.suppressed.iter().filter(|(sources, it)| is_here(sources, &it.diagnostic)) {
        suite.skipped += 1;
        let reason = accepted.reason.as_deref().unwrap_or("accepted by the design");
        suite.case(&title(&accepted.diagnostic), &format!("<skipped>{}</skipped>", escaped(reason)));
    }
    // What was left out may have been found here.
    if suite.failed == 0 && report.summary.omitted == 0 {
        suite.passed += 1;
        suite.case("no findings", "");
    }
    suite
}

/// What could not be read or done.
fn troubles<'a>(report: &Report) -> Option<Suite<'a>> {
    let mut suite = Suite::named(env!("CARGO_PKG_NAME"));
    for trouble in &report.troubles {
        suite.errors += 1;
        suite.case(trouble, &format!("<error message=\"{}\"/>", attribute(trouble)));
    }
    (suite.errors > 0).then_some(suite)
}

fn title(finding: &Diagnostic) -> String {
    format!("{} {}: {}", finding.code, finding.name, finding.element)
}

fn failure(sources: &Sources, finding: &Diagnostic) -> String {
    let span = finding.span();
    let place = format!("{}:{}", sources.file(span.file).name, sources.position(span));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let lines: Vec<String> = [place, finding.message.clone()]
        .into_iter()
        .chain(finding.notes.iter().cloned())
        .chain(help)
        .collect();
    format!(
        "<failure type=\"{}\" message=\"{}\">{}</failure>",
        finding.severity.name(),
        attribute(&finding.message),
        escaped(&lines.join("\n")),
    )
}

/// The text as it stands in an attribute, of which a reader would turn line breaks and tabs into blanks.
fn attribute(text: &str) -> String {
    escaped(text).replace('\n', "&#10;").replace('\t', "&#9;")
}

/// The text in XML. Some characters XML can't have at all, not even escaped.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => shown += "&amp;",
            '<' => shown += "&lt;",
            '>' => shown += "&gt;",
            '"' => shown += "&quot;",
            '\r' => shown += "&#13;",
            '\t' | '\n' => shown.push(letter),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => shown.push('\u{fffd}'),
            _ => shown.push(letter),
        }
    }
    shown
}
