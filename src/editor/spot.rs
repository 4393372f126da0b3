//! Where in the language a place stands, in a text that need not be whole: what has been opened and not closed before it,
//! and what the line says so far.
//!
//! It goes by tokens alone, for what is being written seldom parses.

use std::ops::Range;

use crate::catalogue::Kind;
use crate::model::GroupKind;
use crate::source::SourceFile;
use crate::syntax::{Token, TokenKind, tokens};

/// What the braces around a place belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Within {
    /// No braces.
    File,
    /// `system "…" {`
    System,
    /// `service api {`: the kind as it is written, which may be a template, and the name.
    Body {
        /// `service`
        kind: String,
        /// `api`; none where the kind stands alone.
        name: Option<String>,
    },
    /// `a -> b {`
    Link,
    /// `flow buy {`
    Flow,
    /// `constraint {`
    Constraint,
}

/// What may come at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A statement, or a line of a block.
    Line,
    /// A further property, behind a comma.
    Property,
    /// The value of this property.
    Value(String),
    /// The end of a link, from these.
    Target(Vec<String>),
    /// An engine, of this kind.
    Engine(String),
    /// A protocol.
    Protocol,
    /// The kind that a template extends.
    Base,
    /// A rule, after `allow`.
    Rule,
    /// Where a finding is accepted, after `on`.
    Place,
    /// A tag.
    Tag,
    /// The kind after `kind`.
    SelectedKind,
    /// What a clause speaks of.
    Selected,
    /// A name that is being made up, a text, a comment: nothing is known better.
    Free,
}

/// Where a place stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it stands in.
    pub within: Within,
    /// What may come.
    pub next: Next,
    /// The word that is being written there: what is before the place, and what is behind it.
    pub word: Range<usize>,
}

/// Where a place of a file stands; nothing outside of the fences of Markdown.
pub fn spot(file: &SourceFile, at: usize) -> Option<Spot> {
    let part = file.parts().into_iter().find(|it| it.start <= at && at <= it.end)?;
    let text = file.design();
    let all = tokens(text, part);
    let before: Vec<Token> = all.iter().filter(|it| it.start < at).copied().collect();
    let last = before.last();
    let is_inside = |kind: TokenKind| last.is_some_and(|it| it.kind == kind && at <= it.end);
    let free = |word| Some(Spot { within: Within::File, next: Next::Free, word });
    if is_inside(TokenKind::LineComment)
        || last.is_some_and(|it| {
            matches!(it.kind, TokenKind::BlockComment | TokenKind::Text | TokenKind::UnclosedText)
                && at < it.end
        })
        || is_inside(TokenKind::UnclosedText)
    {
        return free(at..at);
    }
    let is_word = |it: &Token| {
        matches!(it.kind, TokenKind::Word | TokenKind::Count | TokenKind::Tag | TokenKind::Figure)
            || it.kind == TokenKind::Sign('#')
    };
    // A name that is half written may end with `-`.
    let dashed = match before.as_slice() {
        [.., word, dash]
            if dash.kind == TokenKind::Sign('-')
                && (word.kind, word.end, dash.end) == (TokenKind::Word, dash.start, at) =>
        {
            Some(word)
        }
        _ => None,
    };
    let (written, word) = match last {
        _ if let Some(word) = dashed => (&before[..before.len() - 2], word.start..at),
        Some(it) if is_word(it) && at <= it.end => {
            let hash = usize::from(text[it.start..].starts_with('#'));
            (&before[..before.len() - 1], it.start + hash..it.end)
        }
        _ => (before.as_slice(), at..at),
    };
    let is_tag =
        last.is_some_and(|it| at <= it.end && matches!(it.kind, TokenKind::Tag | TokenKind::Sign('#')));
    let (open, line) = read(text, written);
    let within = open.last().map_or(Within::File, |head| block(text, head));
    let next = if is_tag { Next::Tag } else { next(text, &within, &line) };
    Some(Spot { within, next, word })
}

/// The heads of the braces that are open, and the line so far, without comments.
fn read(text: &str, tokens: &[Token]) -> (Vec<Vec<Token>>, Vec<Token>) {
    let mut open: Vec<Vec<Token>> = Vec::new();
    let mut line: Vec<Token> = Vec::new();
    let mut depth = 0_usize;
    for token in tokens.iter().filter(|it| !it.is_comment()) {
        match token.kind {
            TokenKind::NewLine => {
                if depth == 0 && !goes_on(text, &line) {
                    line.clear();
                }
            }
            TokenKind::Sign(';') => line.clear(),
            TokenKind::Sign('{') => {
                open.push(std::mem::take(&mut line));
                depth = 0;
            }
            TokenKind::Sign('}') => {
                line = open.pop().unwrap_or_default();
                depth = 0;
                // What is closed is said; nothing goes on behind it.
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
    (open, line)
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
fn block(text: &str, head: &[Token]) -> Within {
    let words: Vec<&str> =
        head.iter().filter(|it| it.kind == TokenKind::Word).map(|it| it.text(text)).collect();
    if head.iter().any(|it| it.kind == TokenKind::Arrow) {
        return if words.first() == Some(&"forbid") || words.first() == Some(&"require") {
            Within::Constraint
        } else {
            Within::Link
        };
    }
    match words.as_slice() {
        ["system", ..] if head.get(1).is_none_or(|it| it.kind == TokenKind::Text) => Within::System,
        ["flow", _, ..] => Within::Flow,
        ["constraint" | "forbid" | "require", ..] => Within::Constraint,
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

fn next(text: &str, within: &Within, line: &[Token]) -> Next {
    let words: Vec<&str> = line.iter().map(|it| it.text(text)).collect();
    let is = |at: usize, kind: TokenKind| line.get(at).is_some_and(|it| it.kind == kind);
    let Some(last) = line.last() else { return Next::Line };
    if last.kind == TokenKind::Sign('}') {
        return Next::Free;
    }
    match words.as_slice() {
        ["allow"] => return Next::Rule,
        ["allow", _, "on"] | ["allow", _, "on", .., "," | "->" | "~>"] => return Next::Place,
        ["allow" | "include", ..] | ["flow"] => return Next::Free,
        ["template", _, ":"] => return Next::Base,
        ["template", _, ":", base, .., ":"] => return Next::Engine((*base).to_owned()),
        ["forbid" | "require", "="] if *within == Within::Constraint => return Next::Selected,
        ["forbid" | "require", "=", .., "kind"] => return Next::SelectedKind,
        ["forbid" | "require", "=", .., "->" | "~>" | "without" | "|"] => return Next::Selected,
        ["forbid" | "require", ..] if *within == Within::Constraint => return Next::Free,
        _ => {}
    }
    let arrow = line.iter().rposition(|it| it.kind == TokenKind::Arrow);
    if let Some(arrow) = arrow {
        return behind_arrow(text, line, arrow);
    }
    // Behind the last comma that is in no list stands one property.
    let comma = last_free_comma(line);
    let piece = &line[comma.map_or(0, |it| it + 1)..];
    let is_set = |it: &Token| it.kind == TokenKind::Sign('=');
    if let Some(sign) = piece.iter().position(is_set)
        && let Some(name) = sign.checked_sub(1).and_then(|it| piece.get(it))
    {
        let is_open =
            piece.last().is_some_and(|it| matches!(it.kind, TokenKind::Sign('=' | '[' | ',' | '|')));
        return if is_open { Next::Value(name.text(text).to_owned()) } else { Next::Free };
    }
    let is_body = matches!(within, Within::Body { .. } | Within::File);
    let is_element = is_body && is(0, TokenKind::Word) && line.len() > 1 && !is(1, TokenKind::Sign(','));
    if last.kind == TokenKind::Sign(':') && is_body {
        return Next::Engine(words[0].to_owned());
    }
    if last.kind == TokenKind::Sign('|') && words.contains(&":") {
        return Next::Engine(words[0].to_owned());
    }
    if comma.is_some() && piece.is_empty() {
        let is_of_names = *within == Within::File || (is_element && is_kind(words[0]));
        return if is_of_names && !is_element {
            Next::Target(Vec::new())
        } else if is_of_names {
            Next::Free
        } else {
            Next::Property
        };
    }
    Next::Free
}

fn is_kind(word: &str) -> bool {
    Kind::parse(word).is_some() || GroupKind::parse(word).is_some()
}

/// Behind an arrow stand targets, then a protocol.
fn behind_arrow(text: &str, line: &[Token], arrow: usize) -> Next {
    let behind = &line[arrow + 1..];
    if behind.iter().any(|it| it.kind == TokenKind::Sign(':')) {
        let is_open = behind.last().is_some_and(|it| matches!(it.kind, TokenKind::Sign(':' | ',')));
        return if is_open { Next::Protocol } else { Next::Free };
    }
    let is_open = behind.last().is_none_or(|it| match it.kind {
        TokenKind::Sign(',' | '|' | '/' | '(') => true,
        TokenKind::Word => it.text(text) == "else",
        _ => false,
    });
    if !is_open {
        return Next::Free;
    }
    let mut from = Vec::new();
    for token in line[..arrow].iter().rev() {
        match token.kind {
            TokenKind::Word if token.text(text) != "else" => from.push(token.text(text).to_owned()),
            TokenKind::Arrow => break,
            _ => {}
        }
    }
    Next::Target(from)
}

/// The last comma outside of `[ ]` and `( )`.
fn last_free_comma(line: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut found = None;
    for (at, token) in line.iter().enumerate() {
        match token.kind {
            TokenKind::Sign('(' | '[') => depth += 1,
            TokenKind::Sign(')' | ']') => depth = depth.saturating_sub(1),
            TokenKind::Sign(',') if depth == 0 => found = Some(at),
            _ => {}
        }
    }
    found
}
