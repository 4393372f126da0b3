//! The word that a place stands in, and what stands behind it.

use std::ops::Range;

use crate::syntax::{Token, TokenKind};

use super::Behind;

/// The word at a place.
pub(super) struct Word {
    /// Where it stands; of a dotted name the one part.
    pub(super) range: Range<usize>,
    /// The parts before it.
    pub(super) path: Option<String>,
    /// Whether there are parts behind it.
    pub(super) goes_on: bool,
    /// The first of its tokens, or the one that it would stand before.
    pub(super) first: usize,
    /// The token behind it.
    pub(super) end: usize,
    /// Whether it is a tag.
    pub(super) is_tag: bool,
}

/// The word that ends, goes on or begins at a place; an empty one where there is none.
pub(super) fn word(text: &str, all: &[Token], at: usize) -> Word {
    let before = all.partition_point(|it| it.start < at);
    let of = |first: usize, end: usize, range: Range<usize>| Word {
        range,
        path: None,
        goes_on: false,
        first,
        end,
        is_tag: false,
    };
    if let [.., word, sign] = &all[..before]
        && word.end == sign.start
        && sign.end == at
    {
        match (word.kind, sign.kind) {
            // A name that is half written may end with `-`, a dotted one with its dot, and a figure with `/` or `.`.
            (TokenKind::Word, TokenKind::Sign('-')) | (TokenKind::Figure, TokenKind::Sign('/' | '.')) => {
                return of(before - 2, before, word.start..at);
            }
            (TokenKind::Word, TokenKind::Sign('.')) => {
                let path = Some(word.text(text).to_owned());
                return Word { path, ..of(before - 2, before, at..at) };
            }
            _ => {}
        }
    }
    if let Some(last) = all[..before].last().filter(|it| at <= it.end) {
        match last.kind {
            TokenKind::Word => return part(text, last, at, before - 1),
            TokenKind::Count | TokenKind::Figure => return of(before - 1, before, last.start..last.end),
            TokenKind::Tag | TokenKind::Sign('#') => {
                return Word { is_tag: true, ..of(before - 1, before, last.start + 1..last.end) };
            }
            _ => {}
        }
    }
    match all.get(before).filter(|it| it.start == at) {
        Some(next) if next.kind == TokenKind::Word => part(text, next, at, before),
        Some(next) if next.kind == TokenKind::Figure => of(before, before + 1, next.start..next.end),
        _ => of(before, before, at..at),
    }
}

/// The part of a dotted name that a place stands in.
fn part(text: &str, name: &Token, at: usize, first: usize) -> Word {
    let (before, behind) = text[name.start..name.end].split_at(at - name.start);
    let start = before.rfind('.').map_or(0, |it| it + 1);
    let length = behind.find('.').unwrap_or(behind.len());
    Word {
        range: name.start + start..at + length,
        path: start.checked_sub(1).map(|it| before[..it].to_owned()),
        goes_on: length < behind.len(),
        first,
        end: first + 1,
        is_tag: false,
    }
}

/// What the first of the tokens behind a word is to it.
pub(super) fn behind(tokens: &[Token]) -> Behind {
    let Some(next) = tokens.iter().find(|it| !it.is_comment()) else { return Behind::Nothing };
    match next.kind {
        TokenKind::NewLine | TokenKind::Sign(';' | '}') => Behind::Nothing,
        TokenKind::Sign('=') => Behind::Equals,
        TokenKind::Arrow => Behind::Arrow,
        TokenKind::Sign(',') => Behind::Comma,
        TokenKind::Sign('{') => Behind::Block,
        TokenKind::Word
        | TokenKind::Figure
        | TokenKind::Text
        | TokenKind::UnclosedText
        | TokenKind::Sign('[') => Behind::Word,
        TokenKind::Count | TokenKind::Tag | TokenKind::Sign(':' | '#') => Behind::Tail,
        _ => Behind::Other,
    }
}

/// The names that the first arrow leads to, of a line whose rest these tokens are.
pub(super) fn leads_to(text: &str, rest: &[Token]) -> Vec<String> {
    let is_end = |it: &&Token| matches!(it.kind, TokenKind::NewLine | TokenKind::Sign('{' | '}' | ';' | ':'));
    let mut line = rest.iter().take_while(|it| !is_end(it)).skip_while(|it| it.kind != TokenKind::Arrow);
    line.next();
    line.take_while(|it| it.kind != TokenKind::Arrow)
        .filter(|it| it.kind == TokenKind::Word)
        .map(|it| it.text(text).to_owned())
        .collect()
}
