//! Parses a file statement by statement, and takes apart what the grammar refuses: head and lines of a block
//! are then parsed by themselves, and put together without the faulty ones.

use std::ops::Range;

use pest::Parser as _;
use rayon::prelude::*;

use super::ast::{Body, Item, Misspelt, Statement};
use super::explain::{Failure, UNCLOSED_TEXT, explain};
use super::grammar::{Grammar, Rule};
use super::lower::{Lowering, Part};
use super::misspelt;
use super::split::{Block, Context, Cutter, Line, Shape, Trust};
use super::{ErrorKind, MAX_DEPTH, MAX_ERRORS, SyntaxError};
use crate::source::{FileId, Span};

/// The statements of a part of a file; its faults are added to `errors`, and where each statement begins, be it one or
/// not, to `starts`.
pub(super) fn statements(
    file: FileId,
    text: &str,
    part: Range<usize>,
    errors: &mut Vec<SyntaxError>,
    starts: &mut Vec<u32>,
) -> Vec<Statement> {
    // What stands after it is not there for them.
    let text = &text[..part.end];
    let mut recovery = Recovery::new(file, text, errors);
    let limit = recovery.without_unclosed_comment(part.start);
    let mut parts = Vec::new();
    recovery.statements(part.start, limit, &mut parts);
    starts.append(&mut recovery.starts);
    statements_of(parts)
}

/// The statement that a text is, whatever of it is faulty; nothing where it is several, or none.
pub(super) fn only_statement(file: FileId, text: &str, errors: &mut Vec<SyntaxError>) -> Option<Statement> {
    let mut all = statements(file, text, 0..text.len(), errors, &mut Vec::new());
    all.pop().filter(|_| all.is_empty())
}

fn statements_of(parts: Vec<Part>) -> Vec<Statement> {
    let statement = |part| match part {
        Part::Statement(statement) => Some(statement),
        _ => None,
    };
    parts.into_iter().filter_map(statement).collect()
}

/// The properties that stand from a byte of a text on, as in a block; faults are added to `errors`.
pub(super) fn properties_from(
    file: FileId,
    text: &str,
    start: usize,
    errors: &mut Vec<SyntaxError>,
) -> Vec<super::ast::Property> {
    let mut recovery = Recovery::new(file, text, errors);
    let limit = recovery.without_unclosed_comment(0);
    let mut parts = Vec::new();
    recovery.lines(start, limit, limit, Context::Settings, 1, &mut parts);
    properties(parts)
}

/// How long a run of statements is that is parsed at once, in bytes: pest's tokens are a hundred times as much,
/// and stay in the processor's cache.
const RUN_BYTES: usize = 2 * 1024;

/// How many runs are parsed side by side.
const RUNS: usize = 128;

/// What a run of statements has given.
struct Parsed {
    parts: Vec<Part>,
    errors: Vec<SyntaxError>,
}

pub(super) struct Recovery<'text, 'errors> {
    file: FileId,
    text: &'text str,
    cutter: Cutter<'text>,
    errors: &'errors mut Vec<SyntaxError>,
    /// Where the statements begin that were read, be they ones or not.
    starts: Vec<u32>,
}

impl<'text, 'errors> Recovery<'text, 'errors> {
    pub(super) fn new(file: FileId, text: &'text str, errors: &'errors mut Vec<SyntaxError>) -> Self {
        Self { file, text, cutter: Cutter::new(text), errors, starts: Vec::new() }
    }

    /// The statements from `at` on, up to one that begins where `is_met` gives what is met; and that place.
    pub(super) fn statements_until<T>(
        mut self,
        mut at: usize,
        starts: &mut Vec<u32>,
        is_met: &impl Fn(usize) -> Option<T>,
    ) -> (Vec<Statement>, Option<(usize, T)>) {
        let limit = self.text.len();
        let mut parts = Vec::new();
        let met = loop {
            at = self.cutter.skip_blank(at, limit);
            if at >= limit {
                break None;
            }
            if let Some(met) = is_met(at) {
                break Some((at, met));
            }
            at = self.lines(at, at + 1, limit, Context::File, 0, &mut parts).max(at + 1);
            if self.errors.len() >= MAX_ERRORS {
                break None;
            }
        };
        starts.append(&mut self.starts);
        (statements_of(parts), met)
    }

    /// Where the text from `start` on ends that is not lost in a comment which nothing closes.
    pub(super) fn without_unclosed_comment(&mut self, start: usize) -> usize {
        let limit = self.text.len();
        let closed = self.text[start..].rfind("*/").map_or(start, |it| start + it + 2);
        // Only past the last `*/` can one be open; whether it is one, strings and comments before it decide.
        // `/*/` looks closed and is not.
        let is_closed = !self.text[closed.saturating_sub(1)..].contains("/*");
        if is_closed && !self.text[..closed].ends_with("/*/") {
            return limit;
        }
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < limit {
            match bytes[at..] {
                [b'"', ..] => at = self.cutter.string_end(at, limit).0,
                [b'/', b'/', ..] => at = self.cutter.comment_end(at, limit),
                [b'/', b'*', ..] => {
                    let end = self.cutter.comment_end(at, limit);
                    if end < at + 4 || !self.text[..end].ends_with("*/") {
                        self.error(
                            "the comment is never closed",
                            at..at + 2,
                            "is opened here",
                            "close it with `*/`",
                        );
                        return at;
                    }
                    at = end;
                }
                _ => at += 1,
            }
        }
        limit
    }

    /// All statements: as many at a time as are cheap to parse again, and one by one where that fails. Of a long
    /// file many such runs are parsed side by side.
    fn statements(&mut self, mut at: usize, limit: usize, parts: &mut Vec<Part>) {
        while at < limit && self.errors.len() < MAX_ERRORS {
            let runs = self.runs(at, limit);
            for (run, parsed) in runs.iter().zip(self.parsed_runs(&runs)) {
                let Ok(mut parsed) = parsed else {
                    at = self.lines(at, run.end.max(at + 1), limit, Context::File, 0, parts);
                    break;
                };
                self.starts.extend(parsed.parts.iter().filter_map(Part::start));
                parts.append(&mut parsed.parts);
                self.errors.append(&mut parsed.errors);
                at = run.end;
            }
        }
    }

    /// The next runs of statements; an empty one where the first statement is none that its brackets can cut.
    fn runs(&mut self, start: usize, limit: usize) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut at = start;
        while at < limit && runs.len() < RUNS {
            let end = self.run_end(at, limit);
            runs.push(at..end);
            if end == at {
                break;
            }
            at = end;
        }
        runs
    }

    fn parsed_runs(&self, runs: &[Range<usize>]) -> Vec<Result<Parsed, ()>> {
        let parse = |run: &Range<usize>| {
            let text = &self.text[run.clone()];
            if text.is_empty() {
                return Err(());
            }
            let pairs = Grammar::parse(Rule::only_statements, text).map_err(|_| ())?;
            let mut errors = Vec::new();
            let mut lowering = Lowering { file: self.file, base: run.start, errors: &mut errors };
            let parts = pairs.filter_map(|it| lowering.part(it, false)).collect();
            Ok(Parsed { parts, errors })
        };
        // A short file is parsed before other threads have woken up.
        if runs.len() < RUNS {
            runs.iter().map(parse).collect()
        } else {
            runs.par_iter().map(parse).collect()
        }
    }

    /// Where a run of statements ends, the brackets of which all match.
    fn run_end(&mut self, start: usize, limit: usize) -> usize {
        let mut end = start;
        while end - start < RUN_BYTES {
            let at = self.cutter.skip_blank(end, limit);
            if at >= limit {
                return limit;
            }
            let line = self.cutter.line(at, limit, 0, Trust::Brackets);
            if !line.is_balanced {
                break;
            }
            end = line.end.max(at + 1);
        }
        end
    }

    /// All lines that begin from `at` to `end`; gives the byte after the last, which ends at `limit` at the
    /// latest.
    fn lines(
        &mut self,
        mut at: usize,
        end: usize,
        limit: usize,
        context: Context,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> usize {
        loop {
            at = self.cutter.skip_blank(at, limit);
            if at >= end || self.errors.len() >= MAX_ERRORS {
                return at;
            }
            if depth == 0 {
                self.starts.push(at as u32);
            }
            if self.text.as_bytes()[at] == b'}' {
                self.stray_brace(at);
                at += 1;
                continue;
            }
            let errors = self.errors.len();
            at = self.line(at, limit, context, depth, parts).max(at + 1);
            if self.errors.len() > errors {
                at = self.after_fault(at, limit, errors);
            }
        }
    }

    fn stray_brace(&mut self, at: usize) {
        let help = "delete it, or open the block with `{` at its head";
        let span = Span::new(self.file, at, at + 1);
        self.errors.push(
            SyntaxError::new("`}` closes nothing", span, "no block is open here", help).mended_by(span, ""),
        );
    }

    /// Skips what a reported fault explains as well: the `}` of a block whose `{` is missing, and the second
    /// row of a label that was broken in two.
    fn after_fault(&mut self, at: usize, limit: usize, first_error: usize) -> usize {
        let row = &self.text[at..limit];
        let row = row.split('\n').next().unwrap_or(row);
        let past_blanks = at + (row.len() - row.trim_start().len());
        if self.text[past_blanks..limit].starts_with('}') {
            return past_blanks + 1;
        }
        if self.errors[first_error..].iter().any(|it| it.message == UNCLOSED_TEXT) {
            return self.past_broken_label(at, limit);
        }
        at
    }

    fn past_broken_label(&mut self, at: usize, limit: usize) -> usize {
        let Some(length) = self.text[at..limit].find('\n') else { return at };
        let start = at + length + 1;
        let row = self.text[start..limit].split('\n').next().unwrap_or_default();
        let quotes = row.matches('"').count();
        let closes = row.find('"').is_some_and(|it| {
            let before = row[..it].chars().next_back().is_some_and(|it| !it.is_whitespace());
            let after = row[it + 1..].chars().next().is_none_or(|it| !it.is_alphanumeric());
            before && after
        });
        if quotes % 2 == 1 && closes { start + row.len() } else { at }
    }

    /// One line, from its first byte; gives the byte after it.
    fn line(
        &mut self,
        at: usize,
        limit: usize,
        context: Context,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> usize {
        if let Some(end) = self.foreign_comment(at, limit) {
            return end;
        }
        let by_brackets = self.cutter.line(at, limit, depth, Trust::Brackets);
        if by_brackets.is_balanced {
            let (start, end) = (by_brackets.start, by_brackets.end);
            // A line that looks as if it went on may be several statements: `client else` declares a client.
            let are_several = |it: &mut Self, parts: &mut Vec<Part>| {
                it.parsed_as(Rule::only_statements, &it.text[start..end], start, context, parts).is_ok()
            };
            if self.parsed(start, end, context, parts).is_ok()
                || (context == Context::File && are_several(self, parts))
            {
                return end;
            }
        }
        let trust = if by_brackets.is_balanced { Trust::Misfits } else { Trust::Layout };
        let line = self.cutter.line(at, limit, depth, trust);
        if let Some(bracket) = line.too_deep {
            return self.too_deep(line, bracket, limit);
        }
        if line.end < by_brackets.end
            && line.unclosed.is_none()
            && self.parsed(line.start, line.end, context, parts).is_ok()
        {
            return line.end;
        }
        let is_misspelt = context == Context::File
            && (self.misspelt(line, parts) || self.misspelt_in_part(line, depth, parts));
        if !is_misspelt {
            self.recover(line, context, depth, parts);
        }
        line.end
    }

    /// `# why`: a comment of another language, whatever stands in it. Gives where it ends.
    fn foreign_comment(&mut self, at: usize, limit: usize) -> Option<usize> {
        let row = self.text[at..limit].split('\n').next().unwrap_or_default();
        let words = row.trim_start_matches('#');
        let signs = row.len() - words.len();
        if signs == 0 || !(words.is_empty() || words.starts_with([' ', '\t', '\r'])) {
            return None;
        }
        let span = Span::new(self.file, at, at + signs);
        self.errors.push(
            SyntaxError::new(
                format!("`{}` begins no comment", &row[..signs.min(8)]),
                span,
                "`//` is expected here",
                "begin a comment with `//`, or put it between `/*` and `*/`",
            )
            .mended_by(span, "//"),
        );
        Some(at + row.trim_end().len())
    }

    /// A statement that is whole but for its first word, and no element either: `alow LP101 on db`.
    fn misspelt(&mut self, line: Line, parts: &mut Vec<Part>) -> bool {
        let text = &self.text[line.start..line.end];
        let Some(meant) = misspelt::meant(self.file, line.start, text) else { return false };
        self.errors.extend(meant.errors);
        self.errors.push(meant.fault);
        parts.push(Part::Statement(meant.statement));
        true
    }

    /// A block whose first word is misspelt, and something in it is wrong as well. It is what leaves fewer faults; where it
    /// may be an element of a template that is called so, both readings are kept.
    fn misspelt_in_part(&mut self, line: Line, depth: usize, parts: &mut Vec<Part>) -> bool {
        let text = &self.text[line.start..line.end];
        let Some(meant) = line.block.and_then(|_| misspelt::meant_in_part(self.file, line.start, text))
        else {
            return false;
        };
        let before = self.errors.len();
        let mut written = Vec::new();
        self.recover(line, Context::File, depth, &mut written);
        if self.errors.len() - before < meant.errors.len() {
            parts.append(&mut written);
            return true;
        }
        self.errors.truncate(before);
        self.errors.extend(meant.errors);
        let statement = match statements_of(written).pop() {
            Some(Statement::Misspelt(it)) => {
                Statement::Misspelt(Box::new(Misspelt { meant: meant.statement, ..*it }))
            }
            Some(Statement::Element(element)) => Statement::Misspelt(Box::new(Misspelt {
                word: element.kind.clone(),
                written: Statement::Element(element),
                meant: meant.statement,
                fault: meant.fault,
            })),
            _ => {
                self.errors.push(meant.fault);
                meant.statement
            }
        };
        parts.push(Part::Statement(statement));
        true
    }

    fn too_deep(&mut self, line: Line, bracket: usize, limit: usize) -> usize {
        let span = Span::new(self.file, bracket, bracket + 1);
        self.errors.push(SyntaxError {
            kind: ErrorKind::TooLarge,
            ..SyntaxError::new(
                format!("brackets nest deeper than {MAX_DEPTH}"),
                span,
                "goes too deep",
                "name the inner parts apart",
            )
        });
        self.cutter.next_statement(bracket, limit, self.cutter.column(line.start))
    }

    /// Parses a stretch of text as what stands in such a block, and adds what it holds.
    fn parsed(
        &mut self,
        start: usize,
        end: usize,
        context: Context,
        parts: &mut Vec<Part>,
    ) -> Result<(), Failure> {
        self.parsed_text(&self.text[start..end], start, context, parts)
    }

    fn parsed_text(
        &mut self,
        text: &str,
        base: usize,
        context: Context,
        parts: &mut Vec<Part>,
    ) -> Result<(), Failure> {
        let rule = match context {
            Context::Body => Rule::only_body_line,
            Context::Flow => Rule::only_flow_line,
            Context::Settings => Rule::only_property_line,
            Context::Constraint => Rule::only_constraint_line,
            _ => Rule::only_statement,
        };
        self.parsed_as(rule, text, base, context, parts)
    }

    fn parsed_as(
        &mut self,
        rule: Rule,
        text: &str,
        base: usize,
        context: Context,
        parts: &mut Vec<Part>,
    ) -> Result<(), Failure> {
        let pairs = Grammar::parse(rule, text).map_err(|it| Failure::from_pest(&it))?;
        let mut lowering = Lowering { file: self.file, base, errors: self.errors };
        parts.extend(pairs.filter_map(|it| lowering.part(it, context == Context::Body)));
        Ok(())
    }

    /// A line that does not parse as a whole.
    fn recover(&mut self, line: Line, context: Context, depth: usize, parts: &mut Vec<Part>) {
        let errors = self.errors.len();
        if let Some(bracket) = line.unclosed {
            self.unclosed(bracket);
        }
        match line.block {
            Some(block) => self.recover_block(line, block, context, depth, parts),
            None if line.unclosed.is_some() => {}
            None => self.recover_head(line, context, depth, parts),
        }
        if self.errors.len() == errors {
            // The parts are healthy and the whole is not: say where the grammar stopped.
            if let Err(failure) = self.parsed(line.start, line.end, context, &mut Vec::new()) {
                self.explain(line.start, line.end, &failure, context);
            }
        }
    }

    fn unclosed(&mut self, bracket: usize) {
        let opened = &self.text[bracket..=bracket];
        let closing = match opened {
            "{" => "}",
            "(" => ")",
            _ => "]",
        };
        self.error(
            &format!("`{opened}` is never closed"),
            bracket..bracket + 1,
            "is opened here",
            &format!("close it with `{closing}`"),
        );
    }

    fn recover_block(
        &mut self,
        line: Line,
        block: Block,
        context: Context,
        depth: usize,
        parts: &mut Vec<Part>,
    ) {
        let head = self.text[line.start..block.open].trim_ascii_end();
        let head_end = line.start + head.len();
        if block.is_on_next_line {
            let span = Span::new(self.file, block.open, block.open + 1);
            self.errors.push(
                SyntaxError::new(
                    "`{` stands on the line of its head",
                    span,
                    "begins a line of its own",
                    "move it to the end of the line before",
                )
                .mended_by(Span::new(self.file, head_end, block.open), " "),
            );
        }
        let shape = self.cutter.shape(line.start, line.end);
        let mut owner = Vec::new();
        if line.unclosed.is_none_or(|it| it >= block.open) {
            self.head_of_block(line, head_end, context, &mut owner);
        }
        let mut inner = Vec::new();
        self.lines(block.open + 1, block.close, block.close, shape.context(), depth + 1, &mut inner);
        let after = self.cutter.skip_blank(block.close + 1, line.end);
        if line.unclosed.is_none() && after < line.end {
            let end = self.text[after..line.end].split('\n').next().map_or(line.end, |it| after + it.len());
            self.error(
                "a statement ends with its block",
                after..end,
                "is not expected after `}`",
                "begin a new line",
            );
        }
        if let Some(mut owner) = owner.pop() {
            let span = Span::new(self.file, block.open, line.end.min(block.close + 1));
            owner.take_in(inner, span);
            parts.push(owner);
        }
    }

    /// The head of a block, with the block left empty.
    fn head_of_block(&mut self, line: Line, head_end: usize, context: Context, owner: &mut Vec<Part>) {
        let head = format!("{} {{}}", &self.text[line.start..head_end]);
        if let Err(failure) = self.parsed_text(&head, line.start, context, owner) {
            self.explain(line.start, head_end, &failure, context);
            let fault = (line.start + failure.at).min(head_end);
            self.shortened(line.start, fault, " {}", context, owner);
        }
    }

    /// A line without a block.
    fn recover_head(&mut self, line: Line, context: Context, depth: usize, parts: &mut Vec<Part>) {
        let Err(failure) = self.parsed(line.start, line.end, context, &mut Vec::new()) else { return };
        let shape = self.cutter.shape(line.start, line.end);
        let is_list = matches!(shape, Shape::Property | Shape::Word | Shape::Other | Shape::Link)
            && context != Context::File;
        if is_list && self.equals_before_row(line, context, depth, parts) {
            return;
        }
        if is_list && self.comma_before_path(line, context, depth, parts) {
            return;
        }
        if is_list && shape != Shape::Link {
            self.each_property(line, context, parts);
            return;
        }
        self.explain(line.start, line.end, &failure, context);
        self.shortened(line.start, line.start + failure.at, "", context, parts);
    }

    /// What stands before a fault, or before the word in front of it, if that is a statement that names
    /// something.
    fn shortened(
        &mut self,
        start: usize,
        fault: usize,
        block: &str,
        context: Context,
        parts: &mut Vec<Part>,
    ) {
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let mut kept = &self.text[start..fault];
        if self.text[fault..].starts_with(is_word) {
            kept = kept.trim_end_matches(is_word);
        }
        kept = kept.trim_ascii_end();
        for _ in 0..2 {
            let mut found = Vec::new();
            let errors = self.errors.len();
            let is_parsed = self.parsed_text(&format!("{kept}{block}"), start, context, &mut found).is_ok();
            self.errors.truncate(errors);
            if is_parsed && found.iter().all(Part::names_something) {
                parts.append(&mut found);
                return;
            }
            let Some(last) = kept.char_indices().next_back() else { return };
            let cut = if is_word(last.1) {
                kept.trim_end_matches(is_word).len()
            } else {
                kept.trim_end_matches(|it: char| !is_word(it) && !it.is_whitespace() && it != '"').len()
            };
            kept = kept[..cut].trim_ascii_end();
        }
    }

    /// `rate =` at the end of a row, where the next is a link or a property of its own: the value is what is missing.
    fn equals_before_row(
        &mut self,
        line: Line,
        context: Context,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> bool {
        let text = &self.text[line.start..line.end];
        let ends_row = |at: &usize| text[at + 1..].trim_start_matches([' ', '\t', '\r']).starts_with('\n');
        let Some(equals) = text.match_indices('=').map(|(at, _)| at).find(ends_row) else { return false };
        let end = line.start + equals + 1;
        let next = self.cutter.skip_blank(end, line.end);
        let is_own =
            matches!(self.cutter.shape(next, line.end), Shape::Link | Shape::OwnLink | Shape::Property);
        if next >= line.end || !is_own {
            return false;
        }
        self.each_property(Line { end, ..line }, context, parts);
        self.lines(next, line.end, line.end, context, depth, parts);
        true
    }

    /// The likely slip `writes, a -> b`: both halves are kept.
    fn comma_before_path(
        &mut self,
        line: Line,
        context: Context,
        depth: usize,
        parts: &mut Vec<Part>,
    ) -> bool {
        if !matches!(context, Context::Flow | Context::Body) {
            return false;
        }
        let text = &self.text[line.start..line.end];
        let Some(arrow) = text.find("->").into_iter().chain(text.find("~>")).min() else { return false };
        let Some(comma) = text[..arrow].rfind(',') else { return false };
        let (comma, end) = (line.start + comma, line.end);
        let properties = self.text[line.start..comma].trim_ascii_end();
        let is_list = self.parsed_text(properties, line.start, Context::Settings, &mut Vec::new()).is_ok();
        let after = self.cutter.skip_blank(comma + 1, end);
        if !is_list || after >= end {
            return false;
        }
        let span = Span::new(self.file, comma, comma + 1);
        let follows = if context == Context::Flow { "the path" } else { "a link" };
        self.errors.push(
            SyntaxError::new(
                format!("`,` stands between the properties and {follows}"),
                span,
                "a comma parts properties alone",
                "end the properties with `;` or a new line",
            )
            .mended_by(span, ";"),
        );
        let _ = self.parsed(line.start, line.start + properties.len(), context, parts);
        self.line(after, end, context, depth, parts);
        true
    }

    /// Properties parted by commas, each by itself.
    fn each_property(&mut self, line: Line, context: Context, parts: &mut Vec<Part>) {
        let mut start = line.start;
        while start < line.end {
            let end = self.property_end(start, line.end);
            let property = self.text[start..end].trim_ascii_end();
            if let Err(failure) = self.parsed(start, start + property.len(), context, parts) {
                self.explain(start, start + property.len(), &failure, context);
                // Stated, its value unknown.
                if let Some(equals) = property.find('=') {
                    let name = property[..equals].trim_ascii_end();
                    let _ = self.parsed(start, start + name.len(), context, parts);
                }
            }
            start = self.cutter.skip_blank(end + 1, line.end);
        }
    }

    /// Where the property ends: at a comma outside of brackets and strings.
    fn property_end(&self, start: usize, limit: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut brackets = 0_usize;
        let mut at = start;
        while at < limit {
            match bytes[at] {
                // Of `99,9%` and `1,000` the comma parts nothing.
                b',' if at > start
                    && bytes[at - 1].is_ascii_digit()
                    && at + 1 < limit
                    && bytes[at + 1].is_ascii_digit() => {}
                b',' if brackets == 0 => return at,
                b'"' => {
                    at = self.cutter.string_end(at, limit).0;
                    continue;
                }
                b'/' if bytes[at + 1..limit].first().is_some_and(|it| matches!(it, b'/' | b'*')) => {
                    at = self.cutter.comment_end(at, limit);
                    continue;
                }
                b'(' | b'[' => brackets += 1,
                b')' | b']' => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
        limit
    }

    fn explain(&mut self, start: usize, end: usize, failure: &Failure, context: Context) {
        self.errors.push(explain(self.file, self.text, start..end, failure, context));
    }

    fn error(&mut self, message: &str, place: std::ops::Range<usize>, label: &str, help: &str) {
        let span = Span::new(self.file, place.start, place.end);
        self.errors.push(SyntaxError::new(message, span, label, help));
    }
}

impl Part {
    /// Whether it is more than a lone word, which might be anything.
    fn names_something(&self) -> bool {
        match self {
            Self::Statement(Statement::Element(element)) | Self::Item(Item::Element(element)) => {
                !element.names.is_empty()
            }
            Self::Item(Item::Property(property)) | Self::Property(property) => property.value.is_some(),
            _ => true,
        }
    }

    /// Takes in the lines of its block, which spans `block`.
    fn take_in(&mut self, lines: Vec<Self>, block: Span) {
        match self {
            Self::Statement(Statement::Element(element)) | Self::Item(Item::Element(element)) => {
                element.span.end = block.end;
                element.tail.body = Some(body(lines, block));
            }
            Self::Statement(Statement::Misspelt(misspelt)) => {
                if let Statement::Element(element) = &mut misspelt.written {
                    element.span.end = block.end;
                    element.tail.body = Some(body(lines, block));
                }
            }
            Self::Statement(Statement::Template(template)) => {
                template.span.end = block.end;
                template.tail.body = Some(body(lines, block));
            }
            Self::Statement(Statement::System(system)) => {
                system.span.end = block.end;
                system.properties = properties(lines);
            }
            Self::Statement(Statement::Link(link)) | Self::Item(Item::Link(link)) => {
                link.span.end = block.end;
                link.properties = properties(lines);
            }
            Self::Statement(Statement::Flow(flow)) => {
                flow.span.end = block.end;
                flow.is_whole = false;
                for line in lines {
                    match line {
                        Self::Chain(chain) => flow.chains.push(chain),
                        Self::Property(property) => flow.properties.push(property),
                        _ => {}
                    }
                }
            }
            Self::Statement(Statement::Constraint(constraint)) => {
                constraint.span.end = block.end;
                for line in lines {
                    match line {
                        Self::Clause(clause) => constraint.clauses.push(clause),
                        Self::Property(property) => constraint.properties.push(property),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn body(lines: Vec<Part>, span: Span) -> Body {
    let item = |part| match part {
        Part::Item(item) => Some(item),
        _ => None,
    };
    Body { items: lines.into_iter().filter_map(item).collect(), span }
}

fn properties(lines: Vec<Part>) -> Vec<super::ast::Property> {
    let property = |part| match part {
        Part::Property(property) => Some(property),
        _ => None,
    };
    lines.into_iter().filter_map(property).collect()
}
