//! The braces around a place: what they belong to, and what they state.

use std::ops::Range;

use crate::syntax::{Token, TokenKind};

use super::{Chosen, Within};

/// Braces that are open at a place.
pub(super) struct Open {
    /// What stands before them.
    pub(super) head: Vec<Token>,
    /// The first token inside.
    inside: usize,
}

/// What some tokens say, without comments.
pub(super) struct Read {
    /// The braces that are open after them.
    pub(super) open: Vec<Open>,
    /// The line so far.
    pub(super) line: Vec<Token>,
    /// The line before it, in the same braces; of one with a block the head.
    pub(super) before: Vec<Token>,
}

/// Reads what some tokens say.
pub(super) fn read(text: &str, tokens: &[Token]) -> Read {
    let mut open: Vec<Open> = Vec::new();
    let mut line: Vec<Token> = Vec::new();
    let mut before: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().filter(|(_, it)| !it.is_comment()) {
        match token.kind {
            TokenKind::NewLine => {
                if depth == 0 && !line.is_empty() && !goes_on(text, &line) {
                    before = std::mem::take(&mut line);
                }
            }
            TokenKind::Sign(';') => before = std::mem::take(&mut line),
            TokenKind::Sign('{') => {
                open.push(Open { head: std::mem::take(&mut line), inside: at + 1 });
                before.clear();
                depth = 0;
            }
            TokenKind::Sign('}') => {
                line = open.pop().map(|it| it.head).unwrap_or_default();
                depth = 0;
                // What is closed is said.
                line.push(*token);
            }
            TokenKind::Sign('(' | '[') => {
                depth += 1;
                line.push(*token);
            }
            TokenKind::Sign(')' | ']') => {
                depth = depth.saturating_sub(1);
                line.push(*token);
            }
            _ => line.push(*token),
        }
    }
    Read { open, line, before }
}

/// Whether a line is a link, or a path of a flow.
pub(super) fn is_link(text: &str, line: &[Token]) -> bool {
    let arrow = line.iter().position(|it| it.kind == TokenKind::Arrow);
    // `allow rule on a -> b` speaks of one.
    arrow.is_some_and(|it| it == 1 || line[0].text(text) != "allow")
}

/// Whether an open block has a link, before a place or behind it.
pub(super) fn has_link(open: &Open, all: &[Token]) -> bool {
    let mut depth = 0_usize;
    for token in &all[open.inside..] {
        match token.kind {
            TokenKind::Sign('{') => depth += 1,
            TokenKind::Sign('}') if depth == 0 => return false,
            TokenKind::Sign('}') => depth -= 1,
            TokenKind::Arrow if depth == 0 => return true,
            _ => {}
        }
    }
    false
}

/// Whether a line goes on in the next row.
fn goes_on(text: &str, line: &[Token]) -> bool {
    line.last().is_some_and(|it| match it.kind {
        TokenKind::Sign(',' | '|' | '/' | '=') | TokenKind::Arrow => true,
        TokenKind::Word => line.len() > 1 && it.text(text) == "else",
        _ => false,
    })
}

/// What a head opens.
pub(super) fn block(text: &str, head: &[Token]) -> Within {
    let words: Vec<&str> =
        head.iter().filter(|it| it.kind == TokenKind::Word).map(|it| it.text(text)).collect();
    if let ["forbid" | "require", ..] = words.as_slice()
        && head.get(1).is_some_and(|it| it.kind == TokenKind::Sign('='))
    {
        return Within::Asked(chosen(text, &head[2..]));
    }
    if head.iter().any(|it| it.kind == TokenKind::Arrow) {
        return Within::Link;
    }
    match words.as_slice() {
        ["system", ..] if head.get(1).is_none_or(|it| it.kind == TokenKind::Text) => Within::System,
        ["flow", _, ..] => Within::Flow,
        ["constraint", ..] => Within::Constraint,
        ["template", name, base, ..] => {
            Within::Body { kind: (*base).to_owned(), name: Some((*name).to_owned()) }
        }
        [kind, rest @ ..] => {
            let is_named = head.get(1).is_some_and(|it| it.kind == TokenKind::Word);
            let name = rest.first().filter(|_| is_named).map(|it| (*it).to_owned());
            Within::Body { kind: (*kind).to_owned(), name }
        }
        [] => Within::File,
    }
}

/// What the last part of a clause chooses: `kind database`, also with `where { … }` behind it.
fn chosen(text: &str, clause: &[Token]) -> Chosen {
    let is_with = |it: &Token| it.text(text) == "with";
    if clause.last().is_some_and(is_with) {
        return Chosen::Links;
    }
    let is_before = |it: &Token| it.kind == TokenKind::Arrow || it.text(text) == "without";
    let start = clause.iter().rposition(is_before).map_or(0, |it| it + 1);
    match &clause[start..] {
        [kind, word, ..] if kind.text(text) == "kind" => Chosen::Kind(word.text(text).to_owned()),
        [name, ..] if name.kind == TokenKind::Word => Chosen::Name(name.text(text).to_owned()),
        _ => Chosen::Tag,
    }
}

/// The names that begin the lines, and their pieces, of an open block, up to its end; those of the head are among them.
pub(super) fn stated(text: &str, open: &Open, all: &[Token], word: Range<usize>) -> Vec<String> {
    let is = |kind: TokenKind| open.head.iter().any(|it| it.kind == kind);
    let counted = is(TokenKind::Count).then(|| "replicas".to_owned());
    let built = (is(TokenKind::Sign(':')) && !is(TokenKind::Arrow)).then(|| "engine".to_owned());
    let mut stated: Vec<String> = counted.into_iter().chain(built).collect();
    let mut depth = 0_usize;
    let mut is_start = true;
    for (at, token) in all.iter().enumerate().skip(open.inside).filter(|(_, it)| !it.is_comment()) {
        match token.kind {
            TokenKind::Sign('{' | '[' | '(') => depth += 1,
            TokenKind::Sign('}') if depth == 0 => break,
            TokenKind::Sign('}' | ']' | ')') => depth = depth.saturating_sub(1),
            TokenKind::Word if is_start && depth == 0 && !word.contains(&at) => {
                stated.push(token.text(text).to_owned());
            }
            _ => {}
        }
        let is_part = matches!(token.kind, TokenKind::NewLine | TokenKind::Sign(',' | ';'));
        is_start = depth == 0 && is_part;
    }
    stated
}
