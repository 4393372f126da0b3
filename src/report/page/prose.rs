//! Text of the review as markup: what stands in backticks is code.

use maud::{Markup, html};

use crate::report::text::capital;

/// One line of text.
pub(super) fn line(text: &str) -> Markup {
    let parts: Vec<&str> = text.split('`').collect();
    // The last backtick of an odd number closes nothing.
    let is_code = |at: usize| at % 2 == 1 && at + 1 < parts.len();
    html! {
        @for (at, part) in parts.iter().enumerate() {
            @if is_code(at) {
                code { (part) }
            } @else {
                @if at > 0 && !is_code(at - 1) { "`" }
                (part)
            }
        }
    }
}

/// The same as a sentence: with a full stop, and a capital where it begins with a word (`p99` is none).
pub(super) fn sentence(text: &str) -> Markup {
    let is_word =
        !text.split(' ').next().is_some_and(|it| it.contains(|letter: char| letter.is_ascii_digit()));
    if is_word { closed(&capital(text)) } else { closed(text) }
}

/// One line of text with a full stop, where nothing else closes it.
pub(super) fn closed(text: &str) -> Markup {
    let end = if text.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    line(&format!("{text}{end}"))
}

/// Paragraphs that an empty line parts.
pub(super) fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").filter(|it| !it.trim().is_empty()) {
            p { (line(paragraph)) }
        }
    }
}
