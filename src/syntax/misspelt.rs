//! Statements whose first word is misspelt: `flwo checkout { a -> b }` is written as an element of a kind `flwo`, and
//! means a flow.
//!
//! Whether there is such a kind only the model knows, for another file may declare it. So both readings are kept.

use pest::Parser as _;

use super::SyntaxError;
use super::ast::Statement;
use super::grammar::{Grammar, Rule};
use super::lower::Lowering;
use super::recover;
use super::spans::Spans;
use crate::catalogue::Kind;
use crate::nearest::nearest_of;
use crate::source::{FileId, Span};

/// The words that open statements.
const OPENING: [&str; 6] = ["system", "include", "template", "flow", "constraint", "allow"];

/// What a text is once its first word is spelt right.
pub(super) struct Meant {
    pub(super) statement: Statement,
    /// That the word is misspelt.
    pub(super) fault: SyntaxError,
    /// What else is wrong with it.
    pub(super) errors: Vec<SyntaxError>,
}

/// The statement that is meant; nothing where no other word is near, or it is no such statement in full.
pub(super) fn meant(file: FileId, base: usize, text: &str) -> Option<Meant> {
    read_as_meant(file, base, text, |corrected, errors| {
        let pair = Grammar::parse(Rule::only_statement, corrected).ok()?.next()?;
        Lowering { file, base: 0, errors }.statement(pair)
    })
}

/// The same of a block in which something else is wrong as well.
pub(super) fn meant_in_part(file: FileId, base: usize, text: &str) -> Option<Meant> {
    read_as_meant(file, base, text, |corrected, errors| recover::only_statement(file, corrected, errors))
}

fn read_as_meant(
    file: FileId,
    base: usize,
    text: &str,
    read: impl FnOnce(&str, &mut Vec<SyntaxError>) -> Option<Statement>,
) -> Option<Meant> {
    let length = text.bytes().position(|it| !it.is_ascii_alphanumeric() && it != b'_')?;
    let written = &text[..length];
    let meant = opening(written)?;
    let mut errors = Vec::new();
    let mut statement = read(&format!("{meant}{}", &text[length..]), &mut errors)?;
    if !is_told_by_its_form(&statement) {
        return None;
    }
    let moved = |at: u32| match (at as usize).checked_sub(meant.len()) {
        Some(behind) => (base + length + behind) as u32,
        None => base as u32 + at,
    };
    let mut shift = |span: &mut Span| (span.start, span.end) = (moved(span.start), moved(span.end));
    statement.each_span(&mut shift);
    errors.each_span(&mut shift);
    let fault = fault(Span::new(file, base, base + length), written, meant);
    Some(Meant { statement, fault, errors })
}

/// The opening word that is meant; none where a kind is as near.
fn opening(written: &str) -> Option<&'static str> {
    nearest_of(written, OPENING)?;
    let kinds = Kind::ALL.iter().map(|it| it.name());
    let (meant, is_sure) = nearest_of(written, OPENING.into_iter().chain(kinds))?;
    OPENING.into_iter().find(|it| *it == meant && is_sure)
}

/// Whether nothing of a new kind would be written like this: `flower rose` is no flow.
fn is_told_by_its_form(statement: &Statement) -> bool {
    match statement {
        Statement::Flow(flow) => !flow.chains.is_empty(),
        Statement::Include(include) => include.path.value.contains('.'),
        Statement::Allow(_) | Statement::System(_) | Statement::Template(_) | Statement::Constraint(_) => {
            true
        }
        Statement::Element(_) | Statement::Link(_) | Statement::Misspelt(_) => false,
    }
}

/// What to say of a word that begins nothing.
pub(super) fn fault(span: Span, written: &str, meant: &str) -> SyntaxError {
    SyntaxError::new(
        format!("unknown word `{written}`; did you mean `{meant}`?"),
        span,
        "begins nothing here",
        format!("write `{meant}`"),
    )
    .mended_by(span, meant)
}
