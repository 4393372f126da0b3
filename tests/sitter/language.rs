//! The language's own grammar, of a whole text at once.

use pest::Parser as _;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/arch.pest"]
struct Language;

/// Whether the text is a list of statements. As everywhere, a byte-order mark before it is none of it.
pub(super) fn takes(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Language::parse(Rule::only_statements, text).is_ok()
}
