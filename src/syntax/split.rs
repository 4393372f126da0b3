//! Cuts a text into statements, and a block into its lines, byte by byte and before anything is parsed.
//!
//! It knows comments, strings, brackets and the rules by which a line goes on, so a fault in one statement
//! cannot reach the next. Where brackets do not match, or a statement does not parse, the layout decides: a
//! line that begins a statement, and stands no deeper than the line of a bracket still open, ends the block.

use super::MAX_DEPTH;

/// One statement, or one line of a block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Its first byte.
    pub(super) start: usize,
    /// The byte after its last word, bracket or string.
    pub(super) end: usize,
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

    /// Whether it may end what is open around it.
    fn ends(self, context: Context) -> bool {
        match context {
            Context::Brackets | Context::Continuation => self.begins_statement() || !self.belongs_in(context),
            _ => self.begins_statement(),
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
            Context::Continuation => !matches!(self, Self::Keyword(_) | Self::Named | Self::Property),
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

/// Where a line stands, and what may end it.
struct Place {
    limit: usize,
    depth: usize,
    trust: Trust,
    /// The column at which the line begins.
    own_column: usize,
}

/// A line that is being cut.
struct Cut {
    line: Line,
    at: usize,
    /// Whether it goes on in the next row.
    goes_on: bool,
    /// Where the innermost line begins.
    item: usize,
    /// The column at which the row begins.
    column: usize,
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
    pub(super) fn line(&mut self, start: usize, limit: usize, depth: usize, trust: Trust) -> Line {
        self.open.clear();
        let column = if trust == Trust::Brackets { 0 } else { self.column(start) };
        let line = Line { start, end: start, block: None, is_balanced: true, unclosed: None, too_deep: None };
        let place = Place { limit, depth, trust, own_column: column };
        let mut cut = Cut { line, at: start, goes_on: false, item: start, column };
        while cut.at < limit {
            let at = cut.at;
            let mut goes_on = false;
            match self.bytes[at] {
                b' ' | b'\t' | b'\r' => {
                    cut.at += 1;
                    continue;
                }
                b'/' if self.is_comment(at) => {
                    cut.at = self.comment_end(at, limit);
                    continue;
                }
                b'\n' => {
                    if self.row_end(&mut cut, &place) {
                        break;
                    }
                    continue;
                }
                b'"' => cut.at = self.string_end(at, limit).0,
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
                    cut.at = self.word_end(at, limit);
                    // At the head of a line it is a name like any other.
                    goes_on = at > cut.line.start && &self.bytes[at..cut.at] == b"else";
                }
                b'{' | b'(' | b'[' => {
                    if !self.opens(&mut cut, &place) {
                        break;
                    }
                }
                b'}' => {
                    if !self.closes(&mut cut, &place) {
                        break;
                    }
                }
                b')' | b']' => {
                    let partner = if self.bytes[at] == b')' { b'(' } else { b'[' };
                    self.open.pop_if(|it| it.bracket == partner);
                    cut.at += 1;
                }
                b';' => {
                    self.close_brackets(&mut cut.line);
                    if self.open.is_empty() {
                        break;
                    }
                    cut.at += 1;
                    cut.item = self.skip_blank(cut.at, limit);
                }
                byte => {
                    goes_on = match byte {
                        b',' | b'|' | b'/' | b'=' => true,
                        b'>' => at > start && matches!(self.bytes[at - 1], b'-' | b'~'),
                        _ => false,
                    };
                    cut.at += 1;
                }
            }
            cut.goes_on = goes_on;
            cut.line.end = cut.at;
        }
        self.finished(cut.line, limit)
    }

    fn finished(&self, mut line: Line, limit: usize) -> Line {
        if let (Some(first), None) = (self.open.first(), line.too_deep) {
            line.is_balanced = false;
            line.unclosed.get_or_insert(first.at);
        }
        line.end = line.end.max((line.start + 1).min(limit));
        if let Some(block) = &mut line.block {
            block.close = block.close.min(line.end).max(block.open + 1).min(limit);
        }
        line
    }

    /// At the end of a row: whether the line ends with it.
    fn row_end(&mut self, cut: &mut Cut, place: &Place) -> bool {
        let limit = place.limit;
        let next = self.skip_rows(cut.at, limit);
        if self.open.is_empty() && !cut.goes_on {
            // A block whose `{` slipped to a row of its own still belongs to its head.
            if next >= limit || self.bytes[next] != b'{' || cut.line.block.is_some() {
                return true;
            }
            cut.line.block = Some(Block { open: next, close: limit, is_on_next_line: true });
        }
        if place.trust != Trust::Brackets && next < limit {
            let column = self.column(next);
            if self.bytes[next] == b'}' {
                self.close_deeper(column, &mut cut.line);
            } else if self.ends_here(next, column, cut, place) {
                return true;
            }
            cut.column = column;
        }
        if !cut.goes_on && self.open.last().is_none_or(|it| it.bracket == b'{') {
            cut.item = next;
        }
        cut.at = next;
        false
    }

    /// Takes an opening bracket in; fails where it goes too deep.
    fn opens(&mut self, cut: &mut Cut, place: &Place) -> bool {
        let at = cut.at;
        let bracket = self.bytes[at];
        if bracket == b'{' {
            self.close_brackets(&mut cut.line);
            if self.open.is_empty() && cut.line.block.is_none() {
                cut.line.block = Some(Block { open: at, close: place.limit, is_on_next_line: false });
            }
        }
        if place.depth + self.open.len() >= MAX_DEPTH {
            cut.line.too_deep = Some(at);
            cut.line.is_balanced = false;
            return false;
        }
        let context = match bracket {
            b'{' if place.trust != Trust::Brackets => self.shape(cut.item, place.limit).context(),
            b'{' => Context::Body,
            _ => Context::Brackets,
        };
        self.open.push(Open { bracket, at, column: cut.column, context });
        cut.at += 1;
        if bracket == b'{' && place.trust != Trust::Brackets {
            cut.item = self.skip_blank(cut.at, place.limit);
        }
        true
    }

    /// Takes a `}` in; fails where it closes what is around the line.
    fn closes(&mut self, cut: &mut Cut, place: &Place) -> bool {
        self.close_brackets(&mut cut.line);
        if self.open.pop().is_none() {
            return false;
        }
        if let (true, Some(block)) = (self.open.is_empty(), &mut cut.line.block)
            && block.close == place.limit
        {
            block.close = cut.at;
        }
        cut.at += 1;
        true
    }

    /// Whether the row that begins at `next` is no part of what is open; closes what it ends.
    fn ends_here(&mut self, next: usize, next_column: usize, cut: &mut Cut, place: &Place) -> bool {
        let (limit, trust) = (place.limit, place.trust);
        loop {
            let (column, context) = match self.open.last() {
                Some(open) => (open.column, open.context),
                None if cut.goes_on => (place.own_column, Context::Continuation),
                None => return cut.line.unclosed.is_some(),
            };
            let shape = self.shape(next, limit);
            // Once a `)` is missing, the next name at the margin is hardly a target, and a `#` is none.
            let is_past_targets = trust == Trust::Layout
                && (is_name_start(self.bytes[next]) || self.bytes[next] == b'#')
                && self.open.last().is_some_and(|it| it.bracket == b'(');
            let ends = next_column <= column
                && (is_past_targets
                    || shape.ends(context)
                        && (trust == Trust::Layout || self.is_misfit(next, limit, column, context)));
            if !ends {
                return false;
            }
            let Some(open) = self.open.pop() else { return true };
            cut.line.is_balanced = false;
            if self.open.is_empty() {
                cut.line.unclosed = Some(open.at);
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
                if shape.ends(context) && !shape.belongs_in(context) {
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
