//! What may come after what a line says so far.

use crate::catalogue::Kind;
use crate::syntax::ast::Arrow;
use crate::syntax::{Token, TokenKind};

use super::{Next, Within};

/// What may come, in what is open.
pub(super) fn next(text: &str, within: &Within, line: &[Token]) -> Next {
    if line.is_empty() {
        return Next::Line;
    }
    // A text that nothing closes may go on behind its last blank.
    if line.iter().any(|it| it.kind == TokenKind::UnclosedText) {
        return Next::Free;
    }
    match within {
        Within::Constraint => in_constraint(text, line),
        Within::File => in_file(text, line).unwrap_or_else(|| in_line(text, within, line)),
        _ => in_line(text, within, line),
    }
}

fn is(token: Option<&Token>, signs: &[char]) -> bool {
    token.is_some_and(|it| matches!(it.kind, TokenKind::Sign(sign) if signs.contains(&sign)))
}

fn names(text: &str, tokens: &[Token]) -> Vec<String> {
    let words = tokens.iter().filter(|it| it.kind == TokenKind::Word).map(|it| it.text(text));
    words.filter(|it| *it != "else").map(str::to_owned).collect()
}

/// Of the statements that stand in a file alone.
fn in_file(text: &str, line: &[Token]) -> Option<Next> {
    // Nothing is reserved: `flow -> db` is a link.
    if line.get(1).is_some_and(|it| it.kind == TokenKind::Arrow) {
        return None;
    }
    let words: Vec<&str> = line.iter().map(|it| it.text(text)).collect();
    Some(match words.as_slice() {
        ["allow"] => Next::Rule,
        ["allow", _] => Next::On,
        ["allow", rule, "on"] | ["allow", rule, "on", .., ","] => place(rule, None),
        ["allow", rule, "on", .., from, "->"] => place(rule, Some((from, Arrow::Sync))),
        ["allow", rule, "on", .., from, "~>"] => place(rule, Some((from, Arrow::Async))),
        ["allow", rule, before @ .., from]
            if before.first() == Some(&"on")
                && matches!(before.last(), Some(&("on" | ",")))
                && line.last().is_some_and(|it| it.kind == TokenKind::Word) =>
        {
            Next::Arrow { from: (*from).to_owned(), rule: Some((*rule).to_owned()) }
        }
        ["template", name, ":"] => Next::Base((*name).to_owned()),
        ["template", _, ":", base, .., ":" | "|"] => Next::Engine((*base).to_owned()),
        ["allow" | "include" | "system" | "template" | "flow", ..] => Next::Free,
        _ => return None,
    })
}

/// Where a finding of a rule is accepted.
fn place(rule: &str, from: Option<(&&str, Arrow)>) -> Next {
    let from = from.map(|(name, arrow)| ((*name).to_owned(), arrow));
    Next::Place { rule: rule.to_owned(), from }
}

/// A line of links, properties or an element.
fn in_line(text: &str, within: &Within, line: &[Token]) -> Next {
    let last = line.last();
    if is(last, &['}']) {
        return Next::Free;
    }
    if let Some(arrow) = line.iter().rposition(|it| it.kind == TokenKind::Arrow) {
        return behind_arrow(text, within, line, arrow);
    }
    if is(line.first(), &['(']) {
        return in_set(text, line).unwrap_or(Next::Free);
    }
    // Behind the last comma that is in no list stands one property.
    let comma = last_free_comma(line);
    let piece = &line[comma.map_or(0, |it| it + 1)..];
    let is_set = |it: &Token| it.kind == TokenKind::Sign('=');
    if let Some(sign) = piece.iter().position(is_set) {
        return if *within == Within::File { Next::Free } else { value(text, piece, sign) };
    }
    in_head(text, within, line, piece.is_empty())
}

/// The value of a property, after the sign in its piece of a line.
fn value(text: &str, piece: &[Token], sign: usize) -> Next {
    let Some(name) = sign.checked_sub(1).and_then(|it| piece.get(it)) else { return Next::Free };
    if !is(piece.last(), &['=', '[', ',', '|']) {
        return Next::Free;
    }
    Next::Value {
        property: name.text(text).to_owned(),
        listed: names(text, &piece[sign + 1..]),
        is_whole: piece.len() == sign + 1,
    }
}

/// A line with neither arrow nor `=`: an element, or names and properties one after the other.
fn in_head(text: &str, within: &Within, line: &[Token], is_behind_comma: bool) -> Next {
    let (is_file, is_body) = (*within == Within::File, matches!(within, Within::Body { .. }));
    let is_word = |at: usize| line.get(at).is_some_and(|it| it.kind == TokenKind::Word);
    let kind = line[0].text(text);
    if is_file || is_body {
        let is_engine = is(line.last(), &[':'])
            || is(line.last(), &['|']) && line.iter().any(|it| it.kind == TokenKind::Sign(':'));
        if is_engine {
            return Next::Engine(kind.to_owned());
        }
        if is_word(0) && is_word(1) {
            return tail(kind, line);
        }
    }
    match (is_behind_comma, is_file) {
        (true, true) => source(text, line),
        (true, false) => {
            let is_group = matches!(within, Within::Body { kind, .. } if Kind::parse(kind).is_none());
            let is_stated = line.iter().any(|it| it.kind == TokenKind::Sign('='));
            Next::Property { may_be_source: !is_stated && (is_group || *within == Within::Flow) }
        }
        _ => match line.last() {
            Some(name) if line.iter().all(|it| it.kind == TokenKind::Word || is(Some(it), &[','])) => {
                Next::Arrow { from: name.text(text).to_owned(), rule: None }
            }
            _ => Next::Free,
        },
    }
}

/// Behind the name of an element, unless another must come.
fn tail(kind: &str, line: &[Token]) -> Next {
    if is(line.last(), &[',', '#']) {
        return Next::Free;
    }
    Next::Tail {
        kind: kind.to_owned(),
        is_counted: line.iter().any(|it| it.kind == TokenKind::Count),
        is_built: line.iter().any(|it| it.kind == TokenKind::Sign(':')),
    }
}

/// Behind an arrow stand targets, then a protocol.
fn behind_arrow(text: &str, within: &Within, line: &[Token], arrow: usize) -> Next {
    let behind = &line[arrow + 1..];
    if let Some(colon) = behind.iter().position(|it| it.kind == TokenKind::Sign(':')) {
        let is_open = is(line.last(), &[':', ',']);
        let (to, beside) = (names(text, &behind[..colon]), names(text, &behind[colon + 1..]));
        let from = sources(text, within, line, arrow);
        if is_open {
            return Next::Protocol { beside, from, to };
        }
        return if *within == Within::Flow { Next::Free } else { Next::Block };
    }
    let has_stopped = |it: &Token| matches!(it.kind, TokenKind::Text | TokenKind::Gap);
    if behind.iter().any(has_stopped) {
        return Next::Free;
    }
    if !behind.is_empty() && !is_open(text, behind) {
        return relation(text, behind);
    }
    let from = sources(text, within, line, arrow);
    let arrow = if line[arrow].text(text) == "~>" { Arrow::Async } else { Arrow::Sync };
    Next::Target { from, beside: names(text, behind), arrow }
}

/// What an arrow of a line comes from.
fn sources(text: &str, within: &Within, line: &[Token], arrow: usize) -> Vec<String> {
    // In a block the owner links.
    if let (0, Within::Body { kind, name }) = (arrow, within) {
        return vec![name.as_ref().unwrap_or(kind).clone()];
    }
    let start = line[..arrow].iter().rposition(|it| it.kind == TokenKind::Arrow).map_or(0, |it| it + 1);
    names(text, &line[start..arrow])
}

/// A further source of a link, beside those of the line.
fn source(text: &str, line: &[Token]) -> Next {
    Next::Target { from: Vec::new(), beside: names(text, line), arrow: Arrow::Sync }
}

/// Whether another target must come.
fn is_open(text: &str, targets: &[Token]) -> bool {
    is(targets.last(), &[',', '|', '/', '('])
        || targets.len() > 1 && targets.last().is_some_and(|it| it.text(text) == "else")
}

/// The sources in parentheses that are still open.
fn in_set(text: &str, line: &[Token]) -> Option<Next> {
    depth(line).checked_sub(1)?;
    Some(if is_open(text, line) { source(text, line) } else { relation(text, line) })
}

/// Behind a target: `else`, unless the set has another relation.
fn relation(text: &str, targets: &[Token]) -> Next {
    let set = match targets.iter().rposition(|it| it.kind == TokenKind::Sign('(')) {
        Some(start) if depth(targets) > 0 => &targets[start + 1..],
        _ => targets,
    };
    let is_name = targets.last().is_some_and(|it| it.kind == TokenKind::Word);
    let has_other = set.iter().any(|it| matches!(it.kind, TokenKind::Sign(',' | '|' | '/')));
    let is_bare = |it: &Token| it.text(text) != "else";
    if is_name && !has_other && set.last().is_some_and(is_bare) { Next::Relation } else { Next::Free }
}

/// How many parentheses are open after some tokens.
fn depth(line: &[Token]) -> usize {
    line.iter().fold(0, |depth: usize, it| match it.kind {
        TokenKind::Sign('(') => depth + 1,
        TokenKind::Sign(')') => depth.saturating_sub(1),
        _ => depth,
    })
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

/// A clause, or what else a constraint states.
fn in_constraint(text: &str, line: &[Token]) -> Next {
    let piece = &line[last_free_comma(line).map_or(0, |it| it + 1)..];
    let is_clause = piece.first().is_some_and(|it| matches!(it.text(text), "forbid" | "require"));
    match piece.iter().position(|it| it.kind == TokenKind::Sign('=')) {
        None if piece.is_empty() => Next::Line,
        Some(1) if is_clause => clause(text, &piece[1..]),
        Some(sign) => value(text, piece, sign),
        None => Next::Free,
    }
}

/// What may come in a clause, of which the `=` is the first token.
fn clause(text: &str, clause: &[Token]) -> Next {
    let arrow = clause.iter().rposition(|it| it.kind == TokenKind::Arrow);
    let end = &clause[arrow.unwrap_or(0)..];
    let is_end = arrow.is_some();
    if let Some(colon) = end.iter().position(|it| it.kind == TokenKind::Sign(':'))
        && is(clause.last(), &[':', '|'])
    {
        return Next::Protocol { beside: names(text, &end[colon + 1..]), from: Vec::new(), to: Vec::new() };
    }
    let words: Vec<&str> = end.iter().map(|it| it.text(text)).collect();
    match words.as_slice() {
        [_] | [.., "without"] => Next::Selected { is_end },
        [_, "kind"] | [.., "without", "kind"] => Next::SelectedKind { is_end },
        [.., "where" | "with" | "..."] => Next::Free,
        [..] => {
            let is_way = clause.iter().any(|it| it.kind == TokenKind::Gap);
            let is_chosen = words.contains(&"where") || is(clause.last(), &['}']) || words.contains(&":");
            let mut further = Vec::new();
            if !is_chosen {
                further.push("where");
            }
            if is_end && !is_way && !words.contains(&"with") {
                further.push("with");
            }
            if is_way && !words.contains(&"without") {
                further.push("without");
            }
            Next::Clause(further)
        }
    }
}
