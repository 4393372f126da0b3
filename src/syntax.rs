//! Text to typed tree: the only floor that knows the grammar.
//!
//! A text is cut into statements first (`split`), each is parsed by itself with the grammar (`grammar`) and
//! turned into the tree (`lower`). One that the grammar refuses is taken apart line by line (`recover`), so that
//! a fault costs a line, and what was expected is said in the language's own words (`explain`).

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::Edit;
use crate::source::{self, FileId, SourceFile, Span};

pub use again::Parsed;
pub use format::{format, format_file, reformatted};
pub use loose::figure_meant;
pub use room::Room;
pub use setting::{property, setting};
pub use spans::Spans;
pub use token::{Kind as TokenKind, Token, tokens};

mod again;
pub mod ast;
mod explain;
mod format;
mod grammar;
mod loose;
mod lower;
mod misspelt;
mod recover;
mod room;
mod setting;
mod spans;
mod split;
mod token;
mod units;

/// A file of more bytes than this is refused: 64 MiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Brackets `{ ( [` nest at most this deep.
pub const MAX_DEPTH: usize = 64;

/// After so many errors the rest of a file is left unread: it is no design.
pub const MAX_ERRORS: usize = 1_000;

/// Whether a word can be a name: no count, and nothing but letters, digits, `_`, and `-` between them.
pub fn is_name(word: &str) -> bool {
    let tokens = tokens(word, 0..word.len());
    matches!(tokens.as_slice(), [only] if only.kind == TokenKind::Word && only.end == word.len() && !word.contains('.'))
}

/// What a figure such as `200ms` says, in the base unit of what it measures; nothing where it is none.
pub fn figure(text: &str) -> Option<ast::Quantity> {
    let (number, unit) = units::split(text);
    units::quantity(number, units::unit(unit)?)
}

/// The unit of this name, else the one that is most likely meant: `GB` of `gb`.
pub fn unit_meant(name: &str) -> Option<String> {
    if units::unit(name).is_some() { Some(name.to_owned()) } else { units::nearest(name) }
}

/// One of a unit as people write it, `GB` as `gigabytes`; nothing where more than its case would have to be guessed.
pub fn unit_written(name: &str) -> Option<ast::Quantity> {
    let written = |name: &str| units::unit(name).or_else(|| units::unit(units::usual(name)?));
    units::quantity("1", written(name).or_else(|| written(&name.to_lowercase()))?)
}

/// What sort of fault a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// What the grammar does not know.
    Syntax,
    /// A unit that does not exist, or not here.
    Unit,
    /// A file, a nesting or a figure over a stated limit.
    TooLarge,
}

/// A fault in a text, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntaxError {
    /// What sort it is of.
    pub kind: ErrorKind,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// Where; empty where something is missing.
    pub span: Span,
    /// What to say there.
    pub label: String,
    /// What to do about it, as a command.
    pub help: Option<String>,
    /// A change of text that mends it.
    pub fix: Option<Edit>,
}

impl SyntaxError {
    fn new(
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        let (message, label, help) = (message.into(), label.into(), help.into());
        Self { kind: ErrorKind::Syntax, message, span, label, help: Some(help), fix: None }
    }

    fn mended_by(self, span: Span, text: impl Into<String>) -> Self {
        Self { fix: Some(Edit { span, text: text.into() }), ..self }
    }
}

/// The typed tree of a text and its faults, in the order of their places. What is faulty is left out of the
/// tree, a statement or a line of a block at a time; all the rest is in it.
pub fn parse(file: FileId, text: &str) -> (ast::File, Vec<SyntaxError>) {
    parse_parts(file, text, std::iter::once(0..text.len()), &mut Vec::new())
}

/// The same of a file, which may be Markdown: of its fences, none reaches into the next.
pub fn parse_file(id: FileId, file: &SourceFile) -> (ast::File, Vec<SyntaxError>) {
    parse_parts(id, file.design(), file.parts().into_iter(), &mut Vec::new())
}

fn parse_parts(
    file: FileId,
    text: &str,
    parts: impl Iterator<Item = Range<usize>>,
    starts: &mut Vec<u32>,
) -> (ast::File, Vec<SyntaxError>) {
    if text.len() > MAX_BYTES {
        return (ast::File::default(), vec![too_many_bytes(file, text.len())]);
    }
    let mut errors = Vec::new();
    let text = without_control_characters(file, text, &mut errors);
    let controls: Vec<Span> = errors.iter().map(|it| it.span).collect();
    let mut statements = Vec::new();
    for part in parts {
        statements.append(&mut recover::statements(file, &text, part, &mut errors, starts));
    }
    // What is wrong around such a character may be right without it.
    let is_around = |it: &Span, span: &Span| it.start < span.start && span.end < it.end;
    errors.retain(|it| !controls.iter().any(|control| is_around(&it.span, control)));
    if errors.len() >= MAX_ERRORS {
        errors.push(too_many_faults(file, text.len()));
    }
    errors.sort_by_key(|it| (it.span.start, it.span.end));
    (ast::File { statements }, errors)
}

fn too_many_bytes(file: FileId, bytes: usize) -> SyntaxError {
    let limit = MAX_BYTES / (1024 * 1024);
    SyntaxError {
        kind: ErrorKind::TooLarge,
        ..SyntaxError::new(
            format!("the file has {bytes} bytes, over the limit of {limit} MiB"),
            Span::new(file, 0, 0),
            "is not read",
            "split the design into files and `include` them",
        )
    }
}

fn too_many_faults(file: FileId, end: usize) -> SyntaxError {
    SyntaxError {
        kind: ErrorKind::TooLarge,
        ..SyntaxError::new(
            format!("the file has {MAX_ERRORS} faults and more"),
            Span::new(file, end, end),
            "the rest is not read",
            "mend those before it, or check that it is a design",
        )
    }
}

/// The text with a blank for each byte of a control character, and of a byte-order mark, so that all places stay. What
/// turns the direction of text counts as one: by it a line reads otherwise than it is.
fn without_control_characters<'text>(
    file: FileId,
    text: &'text str,
    errors: &mut Vec<SyntaxError>,
) -> Cow<'text, str> {
    const MARK: &str = "\u{feff}";
    // How many bytes it has.
    let control = |at: usize, byte: u8| match byte {
        b'\r' => usize::from(text.as_bytes().get(at + 1) != Some(&b'\n')),
        b'\n' | b'\t' => 0,
        0xe2 => text[at..].chars().next().filter(|it| source::turns(*it)).map_or(0, char::len_utf8),
        _ => usize::from(byte < b' ' || byte == 0x7f),
    };
    let controls = || {
        let places = text.bytes().enumerate().map(|(at, byte)| at..at + control(at, byte));
        places.filter(|it| !it.is_empty())
    };
    if controls().next().is_none() && !text.starts_with(MARK) {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let ends_in_cr = text.find('\r').filter(|_| !text.contains('\n'));
    if let Some(first) = ends_in_cr {
        // Else all of it would be one line.
        errors.push(lines_end_in_cr(file, first));
        bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
    }
    if text.starts_with(MARK) {
        bytes[..MARK.len()].fill(b' ');
    }
    let mut last = None;
    for place in controls().filter(|it| ends_in_cr.is_none() || text.as_bytes()[it.start] != b'\r') {
        // One report for a run of them.
        if last != Some(place.start) && errors.len() < MAX_ERRORS {
            errors.extend(
                text[place.start..].chars().next().map(|it| control_character(file, place.start, it)),
            );
        }
        last = Some(place.end);
        bytes[place].fill(b' ');
    }
    Cow::Owned(String::from_utf8(bytes).expect("whole characters were replaced by blanks"))
}

fn lines_end_in_cr(file: FileId, first: usize) -> SyntaxError {
    SyntaxError::new(
        "the lines of the file end in CR (U+000D) alone, which ends no line",
        Span::new(file, first, first + 1),
        "the first of them",
        "save the file with LF line ends",
    )
}

fn control_character(file: FileId, at: usize, character: char) -> SyntaxError {
    let span = Span::new(file, at, at + character.len_utf8());
    let label = if source::turns(character) {
        "is invisible, and turns the direction of what follows"
    } else {
        "is invisible and means nothing"
    };
    SyntaxError::new(
        format!("the control character U+{:04X} stands in the text", u32::from(character)),
        span,
        label,
        "delete it",
    )
    .mended_by(span, "")
}
