//! Cuts a text into statements, and a block into its lines, byte by byte and before anything is parsed.
//!
//! It knows comments, strings, brackets and the rules by which a line goes on, so a fault in one statement
//! cannot reach the next. Where brackets do not match, or a statement does not parse, the layout decides: a
//! line that begins a statement, and stands no deeper than the line of a bracket still open, ends the block.

use super::MAX_DEPTH;

/// One statement, or one line of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last word, bracket or string.
    pub(crate) end: usize,
    /// Its block, if it has one.
    pub(super) block: Option<Block>,
    /// Whether all brackets within are matched.
    pub(super) is_balanced: bool,
    /// The bracket of its own that nothing closes.
    pub(super) unclosed: Option<usize>,
    /// The bracket that goes deeper than [`MAX_DEPTH`].
    pub(super) too_deep: Option<usize>,
}

/// The braces of a line, and what stands between.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) open: usize,
    /// The closing brace, or where it is missing.
    pub(super) close: usize,
    pub(super) is_on_next_line: bool,
}

/// Columns past this one are all alike: no indentation is as deep, and a row may be megabytes long.
const WIDEST: usize = 1_000;

/// What sort of block a line stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    File,
    Body,
    Flow,
    Settings,
    Constraint,
    /// Not a block: inside `( )` or `[ ]`.
    Brackets,
    /// Not a block: after `,` or an arrow at the end of a line.
    Continuation,
}

/// What a line looks like from its first words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `flow name`, `system "…"`
    Keyword(&'static str),
    /// `service api`
    Named,
    /// `service : engine`, `service {`
    Unnamed,
    /// `a -> b`, `a, b -> c`
    Link,
    /// `-> b`
    OwnLink,
    /// `name = …`
    Property,
    /// A word alone.
    Word,
    /// Anything else.
    Other,
}

impl Shape {
    /// What the block of such a line holds.
    pub(super) fn context(self) -> Context {
        match self {
            Self::Keyword("flow") => Context::Flow,
            Self::Keyword("constraint") => Context::Constraint,
            Self::Keyword("system") | Self::Link | Self::OwnLink => Context::Settings,
            _ => Context::Body,
        }
    }

    /// Whether it may begin a statement of a file.
    fn begins_statement(self) -> bool {
        !matches!(self, Self::OwnLink | Self::Property | Self::Other)
    }

    /// Whether it may stand in such a place.
    fn belongs_in(self, context: Context) -> bool {
        match context {
            Context::File => self.begins_statement(),
            Context::Body => !matches!(self, Self::Keyword(_)),
            Context::Flow => !matches!(self, Self::Keyword(_) | Self::Named | Self::Unnamed),
            Context::Settings | Context::Constraint => {
                !matches!(self, Self::Keyword(_) | Self::Named | Self::Unnamed | Self::Link)
            }
            Context::Brackets => matches!(self, Self::Word | Self::Other),
            Context::Continuation => !matches!(self, Self::Keyword(_) | Self::Named),
        }
    }
}

/// Whether brackets alone are trusted, or the layout as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// The brackets alone.
    Brackets,
    /// A line that cannot stand where the brackets put it ends the block.
    Misfits,
    /// Any line that looks like a statement and stands no deeper than the block ends it.
    Layout,
}

/// A bracket that is open.
#[derive(Clone, Copy)]
struct Open {
    bracket: u8,
    at: usize,
    /// The column at which the line of the bracket begins.
    column: usize,
    context: Context,
}

/// The statements of a file, by their brackets alone; a `}` that closes nothing stands for itself.
///
/// What two versions of a file have in common need not be parsed again.
pub(crate) fn split_statements(text: &str) -> impl Iterator<Item = Line> {
    let mut cutter = Cutter::new(text);
    let mut at = 0;
    std::iter::from_fn(move || {
        at = cutter.skip_blank(at, cutter.bytes.len());
        (at < cutter.bytes.len()).then(|| {
            let line = cutter.line(at, cutter.bytes.len(), Context::File, 0, Trust::Brackets);
            at = line.end.max(at + 1);
            Line { end: at, ..line }
        })
    })
}

pub(super) struct Cutter<'text> {
    bytes: &'text [u8],
    /// Kept from line to line for its memory.
    open: Vec<Open>,
}

impl<'text> Cutter<'text> {
    pub(super) fn new(text: &'text str) -> Self {
        Self { bytes: text.as_bytes(), open: Vec::new() }
    }

    /// Past blanks, line ends, `;` and comments.
    pub(super) fn skip_blank(&self, mut at: usize, limit: usize) -> usize {
        while at < limit {
            match self.bytes[at] {
                b' ' | b'\t' | b'\r' | b'\n' | b';' => at += 1,
                b'/' if self.is_comment(at) => at = self.comment_end(at, limit),
                _ => break,
            }
        }
        at
    }

    /// The line that begins at `start`, which is not blank, and ends at `limit` at the latest.
    pub(super) fn line(
        &mut self,
        start: usize,
        limit: usize,
        context: Context,
        depth: usize,
        trust: Trust,
    ) -> Line {
        let mut line =
            Line { start, end: start, block: None, is_balanced: true, unclosed: None, too_deep: None };
        self.open.clear();
        let mut at = start;
        let mut goes_on = false;
        // Where the innermost line begins, and the column of the row that is read.
        let mut item = start;
        let mut column = if trust == Trust::Brackets { 0 } else { self.column(start) };
        let own_column = column;
        while at < limit {
            let byte = self.bytes[at];
            match byte {
                b' ' | b'\t' | b'\r' => {
                    at += 1;
                    continue;
                }
                b'/' if self.is_comment(at) => {
                    at = self.comment_end(at, limit);
                    continue;
                }
                b'\n' => {
                    let next = self.skip_rows(at, limit);
                    if self.open.is_empty() && !goes_on {
                        if next < limit && self.bytes[next] == b'{' && line.block.is_none() {
                            line.block = Some(Block { open: next, close: limit, is_on_next_line: true });
                        } else {
                            break;
                        }
                    }
                    if trust != Trust::Brackets && next < limit {
                        let next_column = self.column(next);
                        let around = if goes_on { Context::Continuation } else { context };
                        if self.bytes[next] == b'}' {
                            self.close_deeper(next_column, &mut line);
                        } else if self.ends_here(
                            next,
                            limit,
                            (own_column, next_column),
                            around,
                            trust,
                            &mut line,
                        ) {
                            break;
                        }
                        column = next_column;
                    }
                    if self.open.last().is_none_or(|it| it.bracket == b'{') && !goes_on {
                        item = next;
                    }
                    at = next;
                    continue;
                }
                b'"' => {
                    at = self.string_end(at, limit).0;
                    line.end = at;
                    goes_on = false;
                    continue;
                }
                b';' => {
                    self.close_brackets(&mut line);
                    if self.open.is_empty() {
                        break;
                    }
                    item = self.skip_blank(at, limit);
                    goes_on = false;
                }
                b'{' | b'(' | b'[' => {
                    if byte == b'{' {
                        self.close_brackets(&mut line);
                        if self.open.is_empty() && line.block.is_none() {
                            line.block = Some(Block { open: at, close: limit, is_on_next_line: false });
                        }
                    }
                    if depth + self.open.len() >= MAX_DEPTH {
                        line.too_deep = Some(at);
                        line.is_balanced = false;
                        break;
                    }
                    let context = match byte {
                        b'{' if trust != Trust::Brackets => self.shape(item, limit).context(),
                        b'{' => Context::Body,
                        _ => Context::Brackets,
                    };
                    self.open.push(Open { bracket: byte, at, column, context });
                    if byte == b'{' {
                        item = self.skip_blank(at + 1, limit);
                    }
                    goes_on = false;
                }
                b'}' => {
                    self.close_brackets(&mut line);
                    if self.open.pop().is_none() {
                        break;
                    }
                    if let (true, Some(block)) = (self.open.is_empty(), &mut line.block)
                        && block.close == limit
                    {
                        block.close = at;
                    }
                    goes_on = false;
                }
                b')' | b']' => {
                    let partner = if byte == b')' { b'(' } else { b'[' };
                    if self.open.last().is_some_and(|it| it.bracket == partner) {
                        self.open.pop();
                    }
                    goes_on = false;
                }
                b',' | b'|' | b'/' | b'=' => goes_on = true,
                b'>' => goes_on = at > start && matches!(self.bytes[at - 1], b'-' | b'~'),
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                    let end = self.word_end(at, limit);
                    goes_on = &self.bytes[at..end] == b"else";
                    at = end;
                    line.end = at;
                    continue;
                }
                _ => goes_on = false,
            }
            at += 1;
            line.end = at;
        }
        if let Some(first) = self.open.first()
            && line.too_deep.is_none()
        {
            line.is_balanced = false;
            line.unclosed.get_or_insert(first.at);
        }
        if let Some(block) = &mut line.block {
            block.close = block.close.min(line.end).max(block.open + 1).min(limit);
        }
        line.end = line.end.max((start + 1).min(limit));
        line
    }

    /// Whether the row that begins at `next` is no part of what is open; closes what it ends.
    fn ends_here(
        &mut self,
        next: usize,
        limit: usize,
        (own_column, next_column): (usize, usize),
        around: Context,
        trust: Trust,
        line: &mut Line,
    ) -> bool {
        loop {
            let (column, context) = match self.open.last() {
                Some(open) => (open.column, open.context),
                None if around == Context::Continuation => (own_column, around),
                None => return line.unclosed.is_some(),
            };
            let shape = self.shape(next, limit);
            let ends = next_column <= column
                && shape.begins_statement()
                && (trust == Trust::Layout || self.is_misfit(next, limit, column, context));
            if !ends {
                return false;
            }
            let Some(open) = self.open.pop() else { return true };
            line.is_balanced = false;
            if self.open.is_empty() {
                line.unclosed = Some(open.at);
                return true;
            }
        }
    }

    /// Whether a row from here to the next `}`, no deeper than the block, cannot stand in it.
    fn is_misfit(&self, mut at: usize, limit: usize, column: usize, context: Context) -> bool {
        const ROWS: usize = 200;
        for _ in 0..ROWS {
            if at >= limit {
                return false;
            }
            if self.column(at) <= column {
                if self.bytes[at] == b'}' {
                    return false;
                }
                let shape = self.shape(at, limit);
                if shape.begins_statement() && !shape.belongs_in(context) {
                    return true;
                }
                if context == Context::Continuation {
                    return false;
                }
            }
            let Some(length) = self.bytes[at..limit].iter().position(|it| *it == b'\n') else { return false };
            at = self.skip_rows(at + length, limit);
        }
        false
    }

    /// Before a `}` at the head of a row: whatever began deeper, inside something that did not, is unclosed.
    fn close_deeper(&mut self, column: usize, line: &mut Line) {
        if !self.open.iter().any(|it| it.bracket == b'{' && it.column <= column) {
            return;
        }
        while self.open.last().is_some_and(|it| it.column > column) {
            self.open.pop();
            line.is_balanced = false;
        }
    }

    /// `{`, `}` and `;` never stand inside `( )` and `[ ]`.
    fn close_brackets(&mut self, line: &mut Line) {
        while let Some(open) = self.open.pop_if(|it| it.bracket != b'{') {
            line.is_balanced = false;
            if self.open.is_empty() {
                line.unclosed = Some(open.at);
            }
        }
    }

    /// What the line that begins here looks like.
    pub(super) fn shape(&self, start: usize, limit: usize) -> Shape {
        let first = self.bytes[start.min(limit)..limit].first().copied().unwrap_or(b'\n');
        match first {
            b'(' => return Shape::Link,
            b'-' | b'~' if self.is_arrow(start, limit) => return Shape::OwnLink,
            _ if !is_name_start(first) => return Shape::Other,
            _ => {}
        }
        let end = self.path_end(start, limit);
        let mut at = self.skip_spaces(end, limit);
        let Some(&second) = self.bytes[..limit].get(at) else { return Shape::Word };
        match second {
            b'"' | b'{' | b':' | b'#' => match self.keyword(start, end) {
                Some(keyword) if second == b'"' || second == b'{' && keyword == "constraint" => {
                    Shape::Keyword(keyword)
                }
                _ => Shape::Unnamed,
            },
            b'=' => Shape::Property,
            b'\n' | b';' | b'}' => Shape::Word,
            _ if self.is_arrow(at, limit) => Shape::Link,
            _ if is_name_start(second) => self.keyword(start, end).map_or(Shape::Named, Shape::Keyword),
            b',' => {
                while self.bytes[..limit].get(at) == Some(&b',') {
                    at = self.path_end(self.skip_rows(at + 1, limit), limit);
                    at = self.skip_spaces(at, limit);
                }
                if self.is_arrow(at, limit) { Shape::Link } else { Shape::Other }
            }
            _ => Shape::Other,
        }
    }

    fn keyword(&self, start: usize, end: usize) -> Option<&'static str> {
        ["system", "include", "template", "flow", "constraint", "allow"]
            .into_iter()
            .find(|it| it.as_bytes() == &self.bytes[start..end])
    }

    fn is_arrow(&self, at: usize, limit: usize) -> bool {
        matches!(self.bytes[at.min(limit)..limit], [b'-' | b'~', b'>', ..])
    }

    fn path_end(&self, mut at: usize, limit: usize) -> usize {
        loop {
            at = self.word_end(at, limit);
            match self.bytes[at.min(limit)..limit] {
                [b'.', next, ..] if is_name_start(next) => at += 1,
                _ => return at,
            }
        }
    }

    pub(super) fn word_end(&self, mut at: usize, limit: usize) -> usize {
        while at < limit {
            match self.bytes[at] {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' => at += 1,
                b'-' if self.bytes[..limit].get(at + 1).is_some_and(|it| is_name_byte(*it)) => at += 1,
                _ => break,
            }
        }
        at
    }

    /// The end of a string, and whether a quote closes it. One that is not ends with its row, but for the
    /// braces that the row ends with.
    pub(super) fn string_end(&self, start: usize, limit: usize) -> (usize, bool) {
        let mut at = start + 1;
        while at < limit {
            match self.bytes[at] {
                b'"' => return (at + 1, true),
                b'\\' if at + 1 < limit && self.bytes[at + 1] != b'\n' => at += 2,
                b'\n' => break,
                _ => at += 1,
            }
        }
        let row_end = at.min(limit);
        let row = &self.bytes[start + 1..row_end];
        let kept = row.iter().rposition(|it| !matches!(it, b'{' | b'}' | b' ' | b'\t' | b'\r'));
        let end = kept.map_or(start + 1, |it| start + 2 + it);
        // A brace that touches the text is part of it.
        if end < row_end && matches!(self.bytes[end], b'{' | b'}') { (row_end, false) } else { (end, false) }
    }

    fn is_comment(&self, at: usize) -> bool {
        matches!(self.bytes.get(at + 1), Some(b'/' | b'*'))
    }

    pub(super) fn comment_end(&self, at: usize, limit: usize) -> usize {
        let rest = &self.bytes[at..limit];
        let end = if rest.get(1) == Some(&b'/') {
            rest.iter().position(|it| *it == b'\n')
        } else {
            rest.get(2..).and_then(|it| it.windows(2).position(|it| it == b"*/")).map(|it| it + 4)
        };
        at + end.unwrap_or(rest.len())
    }

    /// From a line end to the next thing written.
    fn skip_rows(&self, mut at: usize, limit: usize) -> usize {
        while at < limit {
            match self.bytes[at] {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'/' if self.is_comment(at) => at = self.comment_end(at, limit),
                _ => break,
            }
        }
        at
    }

    fn skip_spaces(&self, mut at: usize, limit: usize) -> usize {
        while at < limit {
            match self.bytes[at] {
                b' ' | b'\t' | b'\r' => at += 1,
                b'/' if self.is_comment(at) => at = self.comment_end(at, limit),
                _ => break,
            }
        }
        at
    }

    /// How far into its row a byte stands; beyond what an indentation may be, it is not counted.
    pub(super) fn column(&self, at: usize) -> usize {
        self.bytes[..at].iter().rev().take(WIDEST).take_while(|it| **it != b'\n').count()
    }

    /// The first row after `at` that begins a statement no deeper than `column`.
    pub(super) fn next_statement(&self, mut at: usize, limit: usize, column: usize) -> usize {
        while let Some(length) = self.bytes[at..limit].iter().position(|it| *it == b'\n') {
            at = self.skip_rows(at + length, limit);
            if at < limit && self.column(at) <= column && self.shape(at, limit).begins_statement() {
                return at;
            }
        }
        limit
    }
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
