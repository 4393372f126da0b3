//! Prints a design the way all designs are printed: the words in their order, blanks and line ends by rule.
//!
//! The words are taken from the text itself, not from the tree, so comments keep their places and a figure
//! stays as it was written. Rows are read first (`rows`), then printed, and adjacent rows of one sort that fit
//! on a line each are aligned in columns. What decides is what is written, never the blanks between, so what
//! was printed once is printed the same again.

use super::token::{Kind, Token, tokens};
use super::{SyntaxError, parse, parse_file};
use crate::source::{Fence, FileId, SourceFile};

/// Beyond this column a block is no longer kept on one line.
const WIDTH: usize = 110;

/// Comments after wider code than this are not lined up with those of their neighbours.
const COMMENT_COLUMN: usize = 90;

const INDENT: usize = 2;

/// The byte-order mark.
const MARK: char = '\u{feff}';

/// The text in its one form: every design that reads the same is printed the same, but for the author's line
/// breaks. Comments and single blank lines are kept, and so are a byte-order mark and the line ends, as the first is.
///
/// # Errors
/// A text with faults is left alone, and they are returned.
pub fn format(text: &str) -> Result<String, Vec<SyntaxError>> {
    let (_, errors) = parse(FileId(0), text);
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(reformatted(text))
}

/// The same of a text that is known to have no fault, without looking for one.
pub fn reformatted(text: &str) -> String {
    let is_dos = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    let printed = if is_dos { printed(text).replace('\n', "\r\n") } else { printed(text) };
    if text.starts_with(MARK) { format!("{MARK}{printed}") } else { printed }
}

/// The text of a file with its design in its one form: in Markdown each fence by itself, and nothing but them.
///
/// # Errors
/// As [`format`].
pub fn format_file(file: &SourceFile) -> Result<String, Vec<SyntaxError>> {
    let Some(fences) = file.fences() else { return format(&file.text) };
    let (_, errors) = parse_file(FileId(0), file);
    if !errors.is_empty() {
        return Err(errors);
    }
    let texts: Vec<String> = fences.iter().map(|it| printed(&it.text)).collect();
    let formatted = with_fences(file, fences, &texts, Fence::written);
    // A margin that fitted what a line said need not fit what it says now.
    let read = SourceFile::new(file.name.as_str(), formatted);
    let says = |it: &[Fence]| it.iter().map(|it| &it.text).eq(&texts);
    if read.fences().is_some_and(says) {
        return Ok(read.text);
    }
    Ok(with_fences(file, fences, &texts, Fence::written_alike))
}

/// The text of a file in which its fences say something else.
fn with_fences(
    file: &SourceFile,
    fences: &[Fence],
    texts: &[String],
    written: impl Fn(&Fence, &str) -> String,
) -> String {
    let mut formatted = String::with_capacity(file.text.len());
    let mut from = 0;
    for (fence, text) in fences.iter().zip(texts) {
        formatted += &file.text[from..fence.lines.start];
        formatted += &written(fence, text);
        from = fence.lines.end;
    }
    formatted + &file.text[from..]
}

fn printed(text: &str) -> String {
    let text = text.trim_start_matches(MARK);
    let mut reader = Reader { text, tokens: tokens(text, 0..text.len()), at: 0 };
    let (_, rows) = reader.rows(Place::File);
    let mut lines = Vec::new();
    Printer { text }.rows(&rows, 0, &mut lines);
    let mut printed = String::with_capacity(text.len() + text.len() / 8);
    for line in lines {
        if line.is_after_blank && !printed.is_empty() {
            printed.push('\n');
        }
        printed.push_str(line.text().trim_end());
        printed.push('\n');
    }
    printed.replace('\r', "")
}

/// What holds a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    File,
    Block,
}

/// A comment on lines of its own, or a statement, or a line of a block.
struct Row {
    is_after_blank: bool,
    pieces: Vec<Piece>,
    /// Comments after it on its line; all of it, where there are no pieces.
    comments: Vec<Token>,
}

enum Piece {
    Token(Token),
    Block(Block),
}

struct Block {
    /// Comments between `{` and the end of its line.
    comments: Vec<Token>,
    rows: Vec<Row>,
    /// Whether the author broke it over lines.
    is_broken: bool,
    /// Whether its first row stands on the line of `{`.
    begins_on_head: bool,
}

/// What a row is, as far as its form depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Comment,
    Element,
    Link,
    /// One property with a value.
    Property,
    Flow,
    Other,
}

impl Row {
    fn token(&self, at: usize) -> Option<Token> {
        match self.pieces.get(at)? {
            Piece::Token(token) => Some(*token),
            Piece::Block(_) => None,
        }
    }

    fn tokens(&self) -> impl Iterator<Item = Token> {
        self.pieces.iter().filter_map(|it| match it {
            Piece::Token(token) => Some(*token),
            Piece::Block(_) => None,
        })
    }

    fn has(&self, kind: Kind) -> bool {
        self.tokens().any(|it| it.kind == kind)
    }

    fn sort(&self, text: &str) -> Sort {
        let Some(first) = self.token(0) else { return Sort::Comment };
        let second = self.token(1).map(|it| it.kind);
        if second == Some(Kind::Sign('=')) {
            let is_alone = !self.has(Kind::Sign(',')) || self.is_one_list();
            return if is_alone { Sort::Property } else { Sort::Other };
        }
        if first.kind == Kind::Word && matches!(second, Some(Kind::Word | Kind::Text)) {
            match first.text(text) {
                "flow" => return Sort::Flow,
                "system" | "include" | "template" | "constraint" | "allow" => return Sort::Other,
                _ => return Sort::Element,
            }
        }
        if self.has(Kind::Arrow) {
            return Sort::Link;
        }
        let is_head = matches!(second, Some(Kind::Sign(':') | Kind::Count | Kind::Tag))
            || matches!(self.pieces.get(1), Some(Piece::Block(_)));
        if is_head && first.text(text) != "constraint" { Sort::Element } else { Sort::Other }
    }

    /// `name = [a, b]`: the commas are the list's.
    fn is_one_list(&self) -> bool {
        self.token(2).is_some_and(|it| it.kind == Kind::Sign('['))
            && self.tokens().filter(|it| it.kind == Kind::Sign(']')).count() == 1
            && self.token(self.pieces.len() - 1).is_some_and(|it| it.kind == Kind::Sign(']'))
    }

    /// Whether it is a list of properties, whose commas at a line's end may as well be left off.
    fn is_property_list(&self) -> bool {
        let Some(first) = self.token(0) else { return false };
        let second = self.token(1).map(|it| it.kind);
        first.kind == Kind::Word
            && (second == Some(Kind::Sign('='))
                || self.pieces.len() == 1
                || second == Some(Kind::Sign(',')) && !self.has(Kind::Arrow))
    }
}

struct Reader<'text> {
    text: &'text str,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader<'_> {
    /// The comments on the line of what opens the rows, and the rows up to the `}` that ends them.
    fn rows(&mut self, place: Place) -> (Vec<Token>, Vec<Row>) {
        let mut head_comments = Vec::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut line_ends = usize::from(place == Place::File);
        while let Some(token) = self.tokens.get(self.at).copied() {
            match token.kind {
                Kind::Sign('}') => break,
                Kind::NewLine => line_ends += 1,
                Kind::Sign(';') => {}
                _ if token.is_comment() && line_ends == 0 => match rows.last_mut() {
                    Some(row) => row.comments.push(token),
                    None => head_comments.push(token),
                },
                _ => {
                    let is_after_blank = line_ends > 1 && !rows.is_empty();
                    line_ends = 0;
                    if token.is_comment() {
                        rows.push(Row { is_after_blank, pieces: Vec::new(), comments: vec![token] });
                    } else {
                        self.statement(place, is_after_blank, &mut rows);
                        continue;
                    }
                }
            }
            self.at += 1;
        }
        (head_comments, rows)
    }

    fn statement(&mut self, place: Place, is_after_blank: bool, rows: &mut Vec<Row>) {
        let pieces = self.pieces();
        let mut row = Row { is_after_blank, pieces, comments: Vec::new() };
        if place == Place::Block && row.is_property_list() {
            properties(row, rows);
            return;
        }
        row.comments = trailing_comments(&mut row.pieces);
        self.order_head(&mut row);
        rows.push(row);
    }

    /// All up to the end of the statement, line ends within it included.
    fn pieces(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut brackets = 0_usize;
        let mut goes_on = false;
        while let Some(token) = self.tokens.get(self.at).copied() {
            match token.kind {
                Kind::Sign('}' | ';') => break,
                Kind::NewLine if brackets == 0 && !goes_on => break,
                Kind::Sign('{') => {
                    pieces.push(Piece::Block(self.block()));
                    goes_on = false;
                    continue;
                }
                Kind::Sign('(' | '[') => brackets += 1,
                Kind::Sign(')' | ']') => brackets = brackets.saturating_sub(1),
                _ => {}
            }
            if token.kind != Kind::NewLine && !token.is_comment() {
                goes_on = match token.kind {
                    Kind::Arrow | Kind::Sign(',' | '|' | '/' | '=') => true,
                    // At the head of a row it is a name like any other.
                    Kind::Word => !pieces.is_empty() && token.text(self.text) == "else",
                    _ => false,
                };
            }
            pieces.push(Piece::Token(token));
            self.at += 1;
        }
        pieces
    }

    fn block(&mut self) -> Block {
        let open = self.at;
        self.at += 1;
        let begins_on_head = self.tokens.get(self.at).is_some_and(|it| it.kind != Kind::NewLine);
        let (comments, rows) = self.rows(Place::Block);
        let is_broken = self.tokens[open..self.at].iter().any(|it| it.kind == Kind::NewLine);
        self.at += 1;
        Block { comments, rows, is_broken, begins_on_head }
    }

    /// Label, engine, count and tags of a head in this order; a link's label before its protocols.
    fn order_head(&self, row: &mut Row) {
        let sort = row.sort(self.text);
        let head_end =
            row.pieces.iter().position(|it| matches!(it, Piece::Block(_))).unwrap_or(row.pieces.len());
        let is_plain = |it: &Token| !it.is_comment() && it.kind != Kind::NewLine;
        let head: Vec<Token> = row.tokens().take(head_end).collect();
        if head.len() != head_end || !head.iter().all(is_plain) {
            return;
        }
        let is_template =
            head.first().is_some_and(|it| it.text(self.text) == "template") && sort == Sort::Other;
        let start = match sort {
            // Without a name, the order keeps `flow #tag "label"` from becoming a flow.
            Sort::Element if names_end(&head) == 1 => return,
            Sort::Element => names_end(&head),
            Sort::Flow => 2,
            Sort::Other if is_template => 4,
            Sort::Link => {
                let colon = head.iter().position(|it| it.kind == Kind::Sign(':'));
                let label = head.last().is_some_and(|it| it.kind == Kind::Text);
                if let (Some(colon), true) = (colon, label) {
                    row.pieces[colon..head_end].rotate_right(1);
                }
                return;
            }
            _ => return,
        };
        let Some(mut parts) = head_parts(&head[start.min(head.len())..]) else { return };
        parts.sort_by_key(|part| match part[0].kind {
            Kind::Text => 0,
            Kind::Sign(':') => 1,
            Kind::Count => 2,
            _ => 3,
        });
        let ordered = parts.into_iter().flatten().copied().map(Piece::Token);
        row.pieces.splice(start.min(head.len())..head_end, ordered);
    }
}

/// A list of properties, a row for each line that the author gave it.
fn properties(list: Row, rows: &mut Vec<Row>) {
    let mut is_after_blank = list.is_after_blank;
    let mut pieces = list.pieces.into_iter().peekable();
    let mut row = Vec::new();
    let mut brackets = 0_usize;
    while let Some(piece) = pieces.next() {
        match &piece {
            Piece::Token(Token { kind: Kind::Sign('(' | '['), .. }) => brackets += 1,
            Piece::Token(Token { kind: Kind::Sign(')' | ']'), .. }) => brackets -= 1,
            _ => {}
        }
        let is_comma = is_sign(&piece, ',') && brackets == 0;
        row.push(piece);
        if !is_comma {
            continue;
        }
        while let Some(comment) = pieces.next_if(|it| matches!(it, Piece::Token(it) if it.is_comment())) {
            row.push(comment);
        }
        if matches!(pieces.peek(), Some(Piece::Token(Token { kind: Kind::NewLine, .. }))) {
            property_row(&mut row, is_after_blank, rows);
            is_after_blank = false;
        }
    }
    property_row(&mut row, is_after_blank, rows);
}

/// A row of a list of properties: without its comma, after the comments on lines of their own.
fn property_row(pieces: &mut Vec<Piece>, mut is_after_blank: bool, rows: &mut Vec<Row>) {
    let before = |it: &Piece| matches!(it, Piece::Token(it) if it.is_comment() || it.kind == Kind::NewLine);
    let first = pieces.iter().position(|it| !before(it)).unwrap_or(pieces.len());
    for piece in pieces.drain(..first) {
        if let Piece::Token(token) = piece
            && token.is_comment()
        {
            rows.push(Row { is_after_blank, pieces: Vec::new(), comments: vec![token] });
            is_after_blank = false;
        }
    }
    let mut comments = trailing_comments(pieces);
    if pieces.pop_if(|it| is_sign(it, ',')).is_some() {
        comments.splice(0..0, trailing_comments(pieces));
    }
    if !pieces.is_empty() || !comments.is_empty() {
        rows.push(Row { is_after_blank, pieces: std::mem::take(pieces), comments });
    }
}

/// Where the names after the kind end: `service a, b`.
fn names_end(head: &[Token]) -> usize {
    let mut end = 1;
    while head.get(end).is_some_and(|it| it.kind == Kind::Word) {
        end += 1;
        if head.get(end).is_none_or(|it| it.kind != Kind::Sign(',')) {
            break;
        }
        end += 1;
    }
    end
}

/// The parts of a head after its names; nothing where it has others.
fn head_parts(tokens: &[Token]) -> Option<Vec<&[Token]>> {
    let mut parts = Vec::new();
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        let mut length = 1;
        match first.kind {
            Kind::Text | Kind::Count | Kind::Tag => {}
            Kind::Sign(':') => {
                length = 2;
                while rest.get(length).is_some_and(|it| it.kind == Kind::Sign('|')) {
                    length += 2;
                }
            }
            _ => return None,
        }
        parts.push(rest.get(..length)?);
        rest = &rest[length..];
    }
    Some(parts)
}

/// Takes the comments off the end, and the line ends before them.
fn trailing_comments(pieces: &mut Vec<Piece>) -> Vec<Token> {
    let mut comments = Vec::new();
    while let Some(Piece::Token(token)) =
        pieces.pop_if(|it| matches!(it, Piece::Token(it) if it.is_comment() || it.kind == Kind::NewLine))
    {
        if token.is_comment() {
            comments.insert(0, token);
        }
    }
    comments
}

fn is_sign(piece: &Piece, sign: char) -> bool {
    matches!(piece, Piece::Token(it) if it.kind == Kind::Sign(sign))
}

/// A line to print: its cells are lined up with those of its neighbours.
struct Line {
    is_after_blank: bool,
    indent: usize,
    sort: Sort,
    /// What is printed before the first cell that is not lined up yet.
    done: String,
    cells: Vec<String>,
    comment: String,
}

impl Line {
    fn text(&self) -> String {
        let mut text = " ".repeat(self.indent) + &self.code();
        if !self.comment.is_empty() {
            if !text.trim_end().is_empty() {
                text.push_str("  ");
            }
            text.push_str(&self.comment);
        }
        text
    }

    fn code(&self) -> String {
        let mut code = self.done.clone();
        for cell in &self.cells {
            if !code.is_empty() && !code.ends_with(' ') {
                code.push(' ');
            }
            code.push_str(cell);
        }
        code
    }

    fn width(&self) -> usize {
        self.indent + self.code().chars().count()
    }
}

struct Printer<'text> {
    text: &'text str,
}

impl Printer<'_> {
    fn rows(&self, rows: &[Row], indent: usize, lines: &mut Vec<Line>) {
        let mut run = Vec::new();
        for row in rows {
            let printed = self.row(row, indent);
            let continues = printed.len() == 1
                && !row.is_after_blank
                && run.last().is_some_and(|it: &Line| it.sort == printed[0].sort);
            if !continues {
                align(&mut run);
                lines.append(&mut run);
            }
            if printed.len() == 1 {
                run.extend(printed);
            } else {
                lines.extend(printed);
            }
        }
        align(&mut run);
        lines.append(&mut run);
    }

    /// The lines of a row; a single one has cells.
    fn row(&self, row: &Row, indent: usize) -> Vec<Line> {
        let sort = row.sort(self.text);
        let line = |cells: Vec<String>| Line {
            is_after_blank: false,
            indent,
            sort,
            done: String::new(),
            cells,
            comment: String::new(),
        };
        let mut lines =
            match self.cells(row, sort).filter(|it| indent + it.join(" ").chars().count() <= WIDTH) {
                Some(cells) => vec![line(cells)],
                None => self.broken(row, indent, sort),
            };
        if let Some(last) = lines.last_mut() {
            let comments = self.comments(&row.comments);
            [&last.comment, comments.as_str()].join(" ").trim().clone_into(&mut last.comment);
        }
        lines[0].is_after_blank = row.is_after_blank;
        lines
    }

    fn comments(&self, comments: &[Token]) -> String {
        comments.iter().map(|it| it.text(self.text).trim_end()).collect::<Vec<_>>().join(" ")
    }

    /// The columns of a row that fits on a line.
    fn cells(&self, row: &Row, sort: Sort) -> Option<Vec<String>> {
        if row.pieces.is_empty() {
            return Some(Vec::new());
        }
        let starts = |piece: &Piece, sign: Kind| matches!(piece, Piece::Token(it) if it.kind == sign);
        let mut cuts = Vec::new();
        match sort {
            Sort::Element | Sort::Property => cuts.push(1),
            Sort::Link => {
                cuts.extend(row.pieces.iter().position(|it| starts(it, Kind::Arrow)));
                cuts.extend(row.pieces.iter().position(|it| starts(it, Kind::Sign(':'))));
            }
            _ => {}
        }
        if matches!(sort, Sort::Element | Sort::Link) {
            cuts.extend(row.pieces.iter().position(|it| matches!(it, Piece::Block(_))));
        }
        cuts.push(row.pieces.len());
        let mut start = 0;
        let mut cells = Vec::new();
        for cut in cuts {
            if cut > start {
                cells.push(self.inline(&row.pieces[start..cut])?);
                start = cut;
            }
        }
        Some(cells)
    }

    /// All of it on one line, where nothing breaks it.
    fn inline(&self, pieces: &[Piece]) -> Option<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Token(token) => {
                    let is_broken = matches!(token.kind, Kind::NewLine | Kind::LineComment);
                    if is_broken || token.text(self.text).contains('\n') {
                        return None;
                    }
                    self.push(&mut text, *token);
                }
                Piece::Block(block) => {
                    push_blank(&mut text);
                    text.push_str(&self.inline_block(block)?);
                }
            }
        }
        Some(text)
    }

    fn inline_block(&self, block: &Block) -> Option<String> {
        if block.is_broken || !block.comments.is_empty() {
            return if block.rows.is_empty() && block.comments.is_empty() {
                Some("{}".to_owned())
            } else {
                None
            };
        }
        let rows: Option<Vec<_>> = block.rows.iter().map(|it| self.inline_row(it)).collect();
        let rows = rows?.join("; ");
        Some(if rows.is_empty() { "{}".to_owned() } else { format!("{{ {rows} }}") })
    }

    fn inline_row(&self, row: &Row) -> Option<String> {
        let comments = self.comments(&row.comments);
        let text = self.inline(&row.pieces)?;
        let has_line = row.comments.iter().any(|it| it.kind == Kind::LineComment);
        (!has_line && !comments.contains('\n')).then(|| format!("{text} {comments}").trim().to_owned())
    }

    /// A row over several lines: the author's breaks are kept, and blocks that do not fit are opened.
    fn broken(&self, row: &Row, indent: usize, sort: Sort) -> Vec<Line> {
        let new_line = |indent| Line {
            is_after_blank: false,
            indent,
            sort,
            done: String::new(),
            cells: Vec::new(),
            comment: String::new(),
        };
        let mut lines = Vec::new();
        let mut line = new_line(indent);
        let mut brackets = 0_usize;
        for (at, piece) in row.pieces.iter().enumerate() {
            match piece {
                Piece::Token(token) if token.kind == Kind::NewLine => {
                    if line.done.is_empty() {
                        continue;
                    }
                    let closes = matches!(next_token(&row.pieces[at..]), Some(Kind::Sign(')' | ']')));
                    let deeper = if brackets == 0 { 2 } else { brackets - usize::from(closes) };
                    lines.push(std::mem::replace(&mut line, new_line(indent + deeper * INDENT)));
                }
                Piece::Token(token) => {
                    match token.kind {
                        Kind::Sign('(' | '[') => brackets += 1,
                        Kind::Sign(')' | ']') => brackets = brackets.saturating_sub(1),
                        _ => {}
                    }
                    self.push(&mut line.done, *token);
                }
                Piece::Block(block) => {
                    push_blank(&mut line.done);
                    let inline = self
                        .inline_block(block)
                        .filter(|it| line.indent + line.done.chars().count() + it.chars().count() <= WIDTH);
                    if let Some(inline) = inline {
                        line.done.push_str(&inline);
                        continue;
                    }
                    line.done.push('{');
                    line.comment = self.comments(&block.comments);
                    let rows = self.on_head(block, sort, &mut line);
                    lines.push(std::mem::replace(&mut line, new_line(indent)));
                    self.rows(rows, indent + INDENT, &mut lines);
                    line.done.push('}');
                }
            }
        }
        lines.push(line);
        lines
    }

    /// A flow's properties stay on the line of its head, where the author put them.
    fn on_head<'row>(&self, block: &'row Block, sort: Sort, head: &mut Line) -> &'row [Row] {
        let Some((first, rest)) = block.rows.split_first() else { return &[] };
        let stays = sort == Sort::Flow
            && block.begins_on_head
            && block.comments.is_empty()
            && first.is_property_list();
        let Some(text) = self.inline(&first.pieces).filter(|_| stays) else { return &block.rows };
        head.done.push(' ');
        head.done.push_str(&text);
        head.comment = self.comments(&first.comments);
        rest
    }

    fn push(&self, line: &mut String, token: Token) {
        if !matches!(token.kind, Kind::Sign(',' | ')' | ']')) && !line.ends_with(['(', '[']) {
            push_blank(line);
        }
        if token.kind == Kind::LineComment && !line.is_empty() {
            line.push(' ');
        }
        line.push_str(token.text(self.text).trim_end());
    }
}

fn push_blank(line: &mut String) {
    if !line.is_empty() && !line.ends_with(' ') {
        line.push(' ');
    }
}

fn next_token(pieces: &[Piece]) -> Option<Kind> {
    pieces.iter().find_map(|it| match it {
        Piece::Token(token) if token.kind == Kind::NewLine => None,
        Piece::Token(token) => Some(token.kind),
        Piece::Block(_) => Some(Kind::Sign('{')),
    })
}

/// Lines up the cells of adjacent lines of one sort, and their comments.
fn align(run: &mut [Line]) {
    let columns = run.iter().map(|it| it.cells.len()).max().unwrap_or(0);
    for column in 0..columns.saturating_sub(1) {
        // Kinds and callers line up over the whole run; blocks and protocols only with their neighbours.
        let mut is_aligned = true;
        let mut start = 0;
        while start < run.len() {
            let length = if column == 0 {
                run.len()
            } else {
                run[start..].iter().take_while(|it| it.cells.len() > 1).count().max(1)
            };
            is_aligned &= align_column(&mut run[start..start + length]);
            start += length;
        }
        if !is_aligned {
            break;
        }
    }
    for line in run.iter_mut() {
        line.done = line.code();
        line.cells.clear();
    }
    align_comments(run);
}

/// Pads the first cells to one width, where all lines have room for it.
fn align_column(lines: &mut [Line]) -> bool {
    let widest = |lines: &[Line]| {
        let first = |line: &Line| {
            let gap = usize::from(!line.done.is_empty() && !line.done.ends_with(' '));
            line.done.chars().count() + gap + line.cells[0].chars().count()
        };
        lines.iter().filter(|it| it.cells.len() > 1).map(first).max().unwrap_or(0)
    };
    let width = widest(lines);
    let fits = |line: &Line| {
        let rest: usize = line.cells[1..].iter().map(|it| it.chars().count() + 1).sum();
        line.indent + width + rest <= WIDTH
    };
    if !lines.iter().filter(|it| it.cells.len() > 1).all(fits) {
        return false;
    }
    for line in lines.iter_mut().filter(|it| it.cells.len() > 1) {
        push_blank(&mut line.done);
        let cell = line.cells.remove(0);
        line.done.push_str(&cell);
        let padding = width - line.done.chars().count();
        line.done.extend(std::iter::repeat_n(' ', padding + 1));
    }
    true
}

fn align_comments(run: &mut [Line]) {
    let mut start = 0;
    while start < run.len() {
        let is_commented =
            |it: &&Line| !it.comment.is_empty() && !it.done.is_empty() && it.width() <= COMMENT_COLUMN;
        let length = run[start..].iter().take_while(is_commented).count();
        let width = run[start..start + length].iter().map(Line::width).max().unwrap_or(0);
        for line in &mut run[start..start + length] {
            let padding = width - line.width();
            line.done.extend(std::iter::repeat_n(' ', padding));
        }
        start += length.max(1);
    }
}
