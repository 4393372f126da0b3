//! Findings for a terminal: drawn on the text they are about, or one a line.
//!
//! miette draws the snippets, and only this file knows it. The lines it draws are an excerpt of our own, so that a
//! finding far down in a large file costs no more than one at its top, and a long line is cut instead of printed.

pub(super) mod excerpt;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeStyles,
};

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::figures;
use crate::report::Summary;
use crate::source::{SourceFile, Sources};
use excerpt::Chunk;

/// How text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// The columns there are.
    pub width: usize,
    /// Whether boxes may be drawn with more than ASCII.
    pub is_unicode: bool,
    /// Whether ANSI colours are written.
    pub is_coloured: bool,
}

impl Look {
    /// 80 columns without colour, as in documents.
    pub const PLAIN: Self = Self { width: 80, is_unicode: true, is_coloured: false };
}

/// A finding, drawn on the text: head, message, snippet, notes and help; ends with a newline.
pub fn finding(sources: &Sources, finding: &Diagnostic, look: Look) -> String {
    let level = style_of(finding.severity);
    let mut shown = String::new();
    let head = format!("{}[{}]", finding.severity.name(), finding.code);
    let _ = writeln!(shown, "{} {}", look.paint(level, &head), look.paint(Style::Bold, finding.name));
    for line in wrap(&finding.message, look.width.saturating_sub(2)) {
        let _ = writeln!(shown, "  {line}");
    }
    shown += &snippets(sources, finding, look);
    for note in &finding.notes {
        paragraph(&mut shown, "note", note, Style::Faint, look);
    }
    if let Some(help) = &finding.help {
        paragraph(&mut shown, "help", help, Style::Help, look);
    }
    shown
}

/// A finding in one line: `shop.arch:3:10: error[LP101] message`, without a newline.
pub fn concise(sources: &Sources, finding: &Diagnostic) -> String {
    let span = finding.span();
    let Diagnostic { code, message, severity, .. } = finding;
    let place = sources.position(span);
    let name = printable(&sources.file(span.file).name);
    format!("{name}:{place}: {}[{code}] {}", severity.name(), printable(message))
}

/// What a report comes to: `3 errors, 5 warnings in 2 files (checked 42 components, 57 links in 12 ms)`.
pub fn summary(summary: &Summary, elapsed: Duration, look: Look) -> String {
    let coloured: Vec<String> =
        levels(summary).into_iter().map(|(count, style)| look.paint(style, &count)).collect();
    let places = places(summary);
    let checked = format!(
        "(checked {}, {} in {} ms)",
        counted_as(summary.components, "component", "components"),
        counted_as(summary.links, "link", "links"),
        elapsed.as_millis(),
    );
    // Colours take no room.
    let letters = counts(summary).chars().count() + 2;
    let gap = if letters + checked.chars().count() > look.width { "\n" } else { " " };
    format!(
        "{}{}{}{}{places}{gap}{checked}\n",
        stale(summary.stale),
        unfollowed(summary.unfollowed),
        fixes(summary, look),
        coloured.join(", "),
    )
}

/// What a baseline knows and is not there any more; nothing where it is up to date.
fn stale(count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    let findings = counted_as(count, "finding", "findings");
    format!("{findings} of the baseline not met any more: `--write-baseline` takes them out\n")
}

/// How much was found, and in how much: `3 errors, 5 warnings, 1 accepted in 2 files`.
pub(super) fn counts(summary: &Summary) -> String {
    let counts: Vec<String> = levels(summary).into_iter().map(|(count, _)| count).collect();
    counts.join(", ") + &places(summary)
}

/// How many findings there are of each level that has some.
fn levels(summary: &Summary) -> Vec<(String, Style)> {
    let counted = [
        (summary.errors, "error", "errors", Style::Error),
        (summary.warnings, "warning", "warnings", Style::Warning),
        (summary.advice, "piece of advice", "pieces of advice", Style::Advice),
    ];
    let shown = counted.into_iter().filter(|(count, ..)| *count > 0);
    let levels: Vec<_> =
        shown.map(|(count, one, many, style)| (counted_as(count, one, many), style)).collect();
    if levels.is_empty() { vec![("no findings".to_owned(), Style::Help)] } else { levels }
}

fn places(summary: &Summary) -> String {
    let accepted = match summary.suppressed {
        0 => String::new(),
        count => format!(", {count} accepted"),
    };
    let known = match summary.known {
        0 => String::new(),
        count => format!(", {count} known"),
    };
    format!("{accepted}{known} in {}", counted_as(summary.files, "file", "files"))
}

/// What was mended, and what a fix could mend; nothing where there is nothing of either.
fn fixes(summary: &Summary, look: Look) -> String {
    let mut said = Vec::new();
    if let Some(mended) = summary.mended {
        said.push(format!("{mended} mended"));
    }
    let (safe, more) = (summary.fixable, summary.unsafely_fixable);
    match (safe, more) {
        (0, 0) => {}
        (_, 0) => said.push(format!("{safe} can be mended by `--fix`")),
        (0, _) => said.push(format!("{more} can be mended by `--fix --unsafe-fixes`")),
        _ => said.push(format!("{safe} can be mended by `--fix`, {more} more with `--unsafe-fixes`")),
    }
    if said.is_empty() { String::new() } else { look.paint(Style::Faint, &said.join("; ")) + "\n" }
}

/// What is said of findings that were counted and not shown; nothing where all are.
pub fn omitted(summary: &Summary) -> String {
    match summary.omitted {
        0 => String::new(),
        count => format!("… and {}\n", counted_as(count, "further finding", "further findings")),
    }
}

/// What is said of flows that a design was too large to follow; nothing where all were.
pub(super) fn unfollowed(count: usize) -> String {
    if count == 0 {
        return String::new();
    }
    let flows = counted_as(count, "flow is", "flows are");
    format!(
        "the design is too large to follow all of its flows: {flows} not judged, and all load is but a part\n"
    )
}

fn counted_as(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `help: …`, wrapped under its own beginning.
fn paragraph(shown: &mut String, word: &str, text: &str, style: Style, look: Look) {
    let indent = word.len() + 4;
    let lines = wrap(text, look.width.saturating_sub(indent));
    for (at, line) in lines.iter().enumerate() {
        let _ = match at {
            0 => writeln!(shown, "  {} {line}", look.paint(style, &format!("{word}:"))),
            _ => writeln!(shown, "{:indent$}{line}", ""),
        };
    }
}

/// Text is set no narrower than this: right of a place at the edge a label may reach past it by a word.
const LEAST_WIDTH: usize = 12;

/// Words in lines of at most so many columns; a longer word has a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(LEAST_WIDTH);
    let columns = |word: &str| word.chars().map(excerpt::columns).sum::<usize>();
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in words(&printable(text)) {
        let word = shortened(word);
        let needed = columns(&word);
        match lines.last_mut() {
            // A CI may take a line that begins so for a command.
            Some(line) if used + 1 + needed <= width || word.starts_with("::") => {
                line.push(' ');
                line.push_str(&word);
                used += 1 + needed;
            }
            _ => {
                lines.push(word.to_string());
                used = needed;
            }
        }
    }
    lines
}

/// The words of a text; a figure and its unit are one, and so are the thousands of a number.
fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::new();
    let mut from = 0;
    for word in text.split_whitespace() {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let end = start + word.len();
        match words.last_mut() {
            Some(last) if figures::goes_with(last, word) && end - from < LONGEST_FIGURE => {
                *last = &text[from..end];
            }
            _ => {
                from = start;
                words.push(word);
            }
        }
    }
    words
}

/// Longer than this nothing is kept on one line.
const LONGEST_FIGURE: usize = 24;

/// A word of a sensible length: a name may be as long as its file.
fn shortened(word: &str) -> Cow<'_, str> {
    const MOST: usize = 400;
    match word.char_indices().nth(MOST) {
        None => Cow::Borrowed(word),
        Some((end, _)) => Cow::Owned(format!("{}…", &word[..end])),
    }
}

/// With a capital at its head.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|it| it.to_uppercase().collect()).unwrap_or_default();
    first + letters.as_str()
}

/// The text without anything that a terminal would obey, or a CI that reads its log line by line: a name may hold what it
/// likes.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|it| if it.is_control() || excerpt::is_obeyed(it) { excerpt::visible(it) } else { it })
        .collect()
}

// ---- snippets

/// The culprit's file first, then each other that has a label.
fn snippets(sources: &Sources, finding: &Diagnostic, look: Look) -> String {
    let own = finding.span().file;
    let mut files: Vec<_> = finding.labels.iter().map(|label| label.span.file).collect();
    files.sort_unstable_by_key(|file| (*file != own, *file));
    files.dedup();
    let mut shown = String::new();
    for file in files {
        let labels: Vec<&Label> = finding.labels.iter().filter(|label| label.span.file == file).collect();
        shown += &snippet(sources.file(file), &labels, finding, look);
    }
    shown
}

fn snippet(file: &SourceFile, labels: &[&Label], finding: &Diagnostic, look: Look) -> String {
    let spans: Vec<_> = labels.iter().map(|label| label.span).collect();
    let last_line = spans.iter().map(|span| file.position(span.start).line + 1).max().unwrap_or(1);
    let gutter = last_line.to_string().len() + 5;
    let chunks = excerpt::chunks(
        file,
        &spans,
        look.width.saturating_sub(gutter),
        if look.is_unicode { '…' } else { '~' },
    );
    let source = Excerpt::of(&chunks);
    let marks = marks(&chunks, labels, look.width.saturating_sub(gutter));
    let is_culprit = |label: &Label| std::ptr::eq(label, &raw const finding.labels[0]);
    let theme = theme(&marks, labels, &is_culprit, finding.severity, look);
    let drawn = Drawn { severity: finding.severity, source, marks };
    let mut lines = String::new();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .with_width(usize::MAX / 2)
        .with_wrap_lines(false)
        .with_context_lines(0)
        .without_syntax_highlighting();
    handler.render_report(&mut lines, &drawn).expect("the excerpt holds all its marks");
    let position = file.position(labels[0].span.start);
    joined(&lines, &format!("{}:{position}", printable(&file.name)), look)
}

/// The chunks' boxes as one: the first is headed by the culprit's place, a gap stands between the others.
fn joined(lines: &str, place: &str, look: Look) -> String {
    let (top, bottom, gap) =
        if look.is_unicode { ("╭─", "╰──", "⋮") } else { (",-", "`--", ":") };
    let starts = |line: &str, with: &str| line.trim_start().starts_with(with);
    let widest = lines.lines().filter(|line| starts(line, top)).map(margin).max().unwrap_or(0);
    let mut shown = String::new();
    let mut pad = 0;
    let mut is_first = true;
    let mut body = lines.lines().skip_while(|line| !starts(line, top)).peekable();
    while let Some(line) = body.next() {
        if starts(line, top) {
            pad = widest - margin(line);
            let _ = if is_first {
                writeln!(shown, "{:widest$}{top}[{}]", "", look.paint(Style::Place, place))
            } else {
                writeln!(shown, "{:widest$}{gap}", "")
            };
            is_first = false;
        } else if starts(line, bottom) && body.peek().is_some() {
            // The next box goes on.
        } else {
            let _ = writeln!(shown, "{:pad$}{}", "", line.trim_end());
        }
    }
    shown
}

fn margin(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The excerpt as one text, with what miette asks of it.
struct Excerpt {
    text: String,
    /// The bytes of each chunk and the number of its first line, from 0.
    parts: Vec<(std::ops::Range<usize>, usize, usize)>,
}

impl Excerpt {
    fn of(chunks: &[Chunk]) -> Self {
        let mut text = String::new();
        let mut parts = Vec::new();
        for chunk in chunks {
            let start = text.len();
            for line in &chunk.lines {
                text.push_str(&line.text);
                text.push('\n');
            }
            parts.push((start..text.len(), chunk.first_line - 1, chunk.lines.len()));
        }
        Self { text, parts }
    }
}

/// The labels in the order of the text, at their place in it, wrapped to the room right of them.
fn marks(chunks: &[Chunk], labels: &[&Label], width: usize) -> Vec<(usize, LabeledSpan)> {
    let mut marks = Vec::new();
    let mut start = 0;
    for line in chunks.iter().flat_map(|chunk| &chunk.lines) {
        for (label, range) in &line.marks {
            let column = line.text[..range.start].chars().map(excerpt::columns).sum::<usize>()
                + (range.len() / 2).min(20)
                + 4;
            let text = wrap(&labels[*label].message, width.saturating_sub(column)).join("\n");
            let text = (!text.is_empty()).then_some(text);
            marks.push((*label, LabeledSpan::new(text, start + range.start, range.len())));
        }
        start += line.text.len() + 1;
    }
    marks.sort_by_key(|(label, mark)| (mark.offset(), *label));
    marks
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let part = self.parts.iter().find(|(range, ..)| range.contains(&span.offset()));
        let (range, line, lines) = part.ok_or(MietteError::OutOfBounds)?;
        if span.offset() + span.len() > range.end {
            return Err(MietteError::OutOfBounds);
        }
        let data = &self.text.as_bytes()[range.clone()];
        let place = (range.start, range.len()).into();
        Ok(Box::new(MietteSpanContents::new(data, place, *line, 0, *lines)))
    }
}

/// A finding as miette wants it.
struct Drawn {
    severity: Severity,
    source: Excerpt,
    marks: Vec<(usize, LabeledSpan)>,
}

impl miette::Diagnostic for Drawn {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.marks.iter().map(|(_, mark)| mark.clone())))
    }
}

impl std::error::Error for Drawn {}

impl std::fmt::Display for Drawn {
    fn fmt(&self, _: &mut std::fmt::Formatter) -> std::fmt::Result {
        Ok(())
    }
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("Drawn")
    }
}

/// The culprit is marked in the colour of the finding's level, what it has to do with in another.
fn theme(
    marks: &[(usize, LabeledSpan)],
    labels: &[&Label],
    is_culprit: &dyn Fn(&Label) -> bool,
    severity: Severity,
    look: Look,
) -> GraphicalTheme {
    let mut theme = if look.is_unicode { GraphicalTheme::unicode() } else { GraphicalTheme::ascii() };
    if !look.is_coloured {
        theme.styles = ThemeStyles::none();
        return theme;
    }
    let ansi = ThemeStyles::ansi();
    let level = match severity {
        Severity::Error => ansi.error,
        Severity::Warning => ansi.warning,
        Severity::Advice => ansi.advice,
    };
    let style =
        |(label, _): &(usize, LabeledSpan)| if is_culprit(labels[*label]) { level } else { ansi.linum };
    theme.styles.highlights = marks.iter().map(style).collect();
    theme
}

// ---- colours

/// What a piece of text is, for its colour.
#[derive(Clone, Copy)]
pub(super) enum Style {
    Error,
    Warning,
    Advice,
    Help,
    Place,
    Bold,
    Faint,
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Error,
        Severity::Warning => Style::Warning,
        Severity::Advice => Style::Advice,
    }
}

impl Look {
    /// The text in the style's colour, where there are colours.
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if !self.is_coloured {
            return text.to_owned();
        }
        let code = match style {
            Style::Error => "1;31",
            Style::Warning => "1;33",
            Style::Advice => "1;36",
            Style::Help => "32",
            Style::Place => "36",
            Style::Bold => "1",
            Style::Faint => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}
