//! What each word and sign of a file is, for an editor that colours by meaning.

use rustc_hash::FxHashMap;

use super::View;
use super::symbols::{Subject, Thing};
use super::words::{self, Role};
use crate::model::Entity;
use crate::source::{FileId, Span};
use crate::syntax::{TokenKind, tokens};

/// What is coloured alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is named by its word")]
pub enum Class {
    Keyword,
    Kind,
    Component,
    Group,
    Flow,
    Template,
    Engine,
    Protocol,
    Property,
    Value,
    Rule,
    Tag,
    Number,
    Text,
    Comment,
    Arrow,
}

/// A stretch of text, on one line unless it is a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coloured {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub class: Class,
    /// Whether it declares what it names.
    pub is_declaration: bool,
}

/// Words that belong to the language where nothing else is known of them.
const WORDS: &[&str] = &["on", "else", "kind", "any", "without", "where", "with", "none", "true", "false"];

/// The words and signs of a file between two places, in their order.
pub fn colours(view: &View, id: FileId, from: u32, to: u32) -> Vec<Coloured> {
    let file = view.file(id);
    let around = view.tree(id).iter().filter(|it| from <= it.span().end && it.span().start <= to);
    let mut known: FxHashMap<u32, (Span, Class, bool)> = FxHashMap::default();
    for statement in around {
        for word in words::words(std::slice::from_ref(statement)) {
            known.insert(word.span.start, (word.span, class_of(word.role), false));
        }
    }
    for mention in view.symbols().in_file(id) {
        let class = match &mention.subject {
            Subject::Tag(_) => Class::Tag,
            Subject::Declared(declared) => match view.symbols().thing(*declared) {
                Some(Thing::Element(Entity::Component(_))) => Class::Component,
                Some(Thing::Element(Entity::Group(_))) => Class::Group,
                Some(Thing::Flow(_)) => Class::Flow,
                Some(Thing::Template(_)) => Class::Template,
                None => continue,
            },
        };
        // A kind that stands alone is a name as well; it is read as a kind.
        known.entry(mention.span.start).or_insert((mention.span, class, mention.is_declaration()));
    }
    let mut coloured = Vec::new();
    for part in file.parts() {
        for token in tokens(file.design(), part) {
            if (token.end as u32) < from || token.start as u32 > to {
                continue;
            }
            let span = Span::new(id, token.start, token.end);
            let class = match token.kind {
                TokenKind::Word => {
                    word(&known, span, &file.text[token.start..token.end], &mut coloured);
                    continue;
                }
                TokenKind::Count | TokenKind::Figure => Class::Number,
                TokenKind::Text | TokenKind::UnclosedText => Class::Text,
                TokenKind::Tag => Class::Tag,
                TokenKind::Arrow | TokenKind::Gap => Class::Arrow,
                TokenKind::LineComment | TokenKind::BlockComment => Class::Comment,
                TokenKind::NewLine | TokenKind::Sign(_) => continue,
            };
            coloured.push(Coloured { span, class, is_declaration: false });
        }
    }
    coloured
}

/// A word may be dotted, and each part of it something else.
fn word(known: &FxHashMap<u32, (Span, Class, bool)>, whole: Span, text: &str, coloured: &mut Vec<Coloured>) {
    let mut at = whole.start;
    for part in text.split('.') {
        let end = at + part.len() as u32;
        match known.get(&at) {
            Some((span, class, is_declaration)) => coloured.push(Coloured {
                span: Span { end: span.end.min(whole.end), ..*span },
                class: *class,
                is_declaration: *is_declaration,
            }),
            None if WORDS.contains(&part) => coloured.push(Coloured {
                span: Span { start: at, end, ..whole },
                class: Class::Keyword,
                is_declaration: false,
            }),
            None => {}
        }
        at = end + 1;
    }
}

fn class_of(role: Role) -> Class {
    match role {
        Role::Kind => Class::Kind,
        Role::Engine => Class::Engine,
        Role::Protocol => Class::Protocol,
        Role::Property => Class::Property,
        Role::Value(_) => Class::Value,
        Role::Figure(..) => Class::Number,
        Role::Rule => Class::Rule,
        Role::Keyword => Class::Keyword,
    }
}
