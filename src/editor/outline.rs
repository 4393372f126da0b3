//! The shape of a file: what it declares, one inside the other; what folds; what stands around a place.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::catalogue::Kind;
use crate::model::{Architecture, GroupKind};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast::{self, Item, Statement};
use crate::syntax::{Spans, Token, TokenKind, tokens};

/// What a part of the outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The `system`.
    System,
    /// A group.
    Group,
    /// A component of this kind; none where that is not known.
    Component(Option<Kind>),
    /// A flow.
    Flow,
    /// A template.
    Template,
    /// A constraint.
    Constraint,
}

/// A part of the outline.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its label or its kind.
    pub detail: String,
    /// What it is.
    pub sort: Sort,
    /// Its name in the text.
    pub span: Span,
    /// The whole of it.
    pub whole: Span,
    /// What it holds.
    pub parts: Vec<Part>,
}

/// The outline of a file.
pub fn outline(architecture: &Architecture, statements: &[Statement]) -> Vec<Part> {
    let bases = Bases::of(architecture, statements);
    let mut parts = Vec::new();
    for statement in statements {
        match statement.as_read(|kind| bases.0.contains_key(kind)) {
            Statement::System(it) => parts.push(Part {
                name: it.label.value.to_string(),
                detail: "system".to_owned(),
                sort: Sort::System,
                span: it.label.span,
                whole: it.span,
                parts: Vec::new(),
            }),
            Statement::Template(it) => parts.push(Part {
                name: it.name.text.to_string(),
                detail: format!("template of {}", it.base.text),
                sort: Sort::Template,
                span: it.name.span,
                whole: it.span,
                parts: held(&bases, it.tail.body.as_ref()),
            }),
            Statement::Element(it) => parts.extend(of_element(&bases, it)),
            Statement::Flow(it) => parts.push(Part {
                name: it.name.text.to_string(),
                detail: it.label.as_ref().map_or_else(|| "flow".to_owned(), |it| it.value.to_string()),
                sort: Sort::Flow,
                span: it.name.span,
                whole: it.span,
                parts: Vec::new(),
            }),
            // One without a name is called as it is explained.
            Statement::Constraint(it) => parts.push(Part {
                name: match (&it.name, &it.text) {
                    (Some(name), _) => name.text.to_string(),
                    (None, Some(text)) if !text.value.trim().is_empty() => text.value.to_string(),
                    (None, _) => "constraint".to_owned(),
                },
                detail: match (&it.name, &it.text) {
                    (Some(_), Some(text)) => text.value.to_string(),
                    _ => "constraint".to_owned(),
                },
                sort: Sort::Constraint,
                span: it.name.as_ref().map_or(it.keyword, |it| it.span),
                whole: it.span,
                parts: Vec::new(),
            }),
            Statement::Misspelt(_) | Statement::Include(_) | Statement::Link(_) | Statement::Allow(_) => {}
        }
    }
    parts
}

/// What each template is made of: a kind, or another template.
struct Bases<'a>(FxHashMap<&'a str, &'a str>);

impl<'a> Bases<'a> {
    /// Those of a design, and those of a file that is part of none.
    fn of(architecture: &'a Architecture, statements: &'a [Statement]) -> Self {
        let known = architecture.templates.iter().map(|it| (&it.name, &it.base));
        let written = statements.iter().filter_map(|it| match it {
            Statement::Template(it) => Some((&it.name, &it.base)),
            _ => None,
        });
        let mut bases = FxHashMap::default();
        for (name, base) in known.chain(written) {
            bases.entry(name.text.as_str()).or_insert(base.text.as_str());
        }
        Self(bases)
    }

    fn sort(&self, kind: &str) -> Sort {
        let mut at = kind;
        // Templates may lead in a circle.
        for _ in 0..=self.0.len() {
            if GroupKind::parse(at).is_some() {
                return Sort::Group;
            }
            let kind = Kind::parse(at);
            match self.0.get(at) {
                Some(base) if kind.is_none() => at = base,
                _ => return Sort::Component(kind),
            }
        }
        Sort::Component(None)
    }
}

fn held(bases: &Bases, body: Option<&ast::Body>) -> Vec<Part> {
    let items = body.into_iter().flat_map(|it| &it.items);
    let elements = items.filter_map(|it| if let Item::Element(it) = it { Some(it) } else { None });
    elements.flat_map(|it| of_element(bases, it)).collect()
}

fn of_element(bases: &Bases, element: &ast::Element) -> Vec<Part> {
    let kind = element.kind.text.as_str();
    let names = if element.names.is_empty() { std::slice::from_ref(&element.kind) } else { &element.names };
    let part = |name: &ast::Name| Part {
        name: name.text.to_string(),
        detail: element.tail.label.as_ref().map_or_else(|| kind.to_owned(), |it| it.value.to_string()),
        sort: bases.sort(kind),
        span: name.span,
        whole: element.span,
        parts: held(bases, element.tail.body.as_ref()),
    };
    names.iter().map(part).collect()
}

/// What a fold hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FoldKind {
    /// What stands between brackets.
    Block,
    /// Comments.
    Comment,
    /// A fence of Markdown.
    Fence,
}

/// A stretch of lines that can be folded, from the end of its first line on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From its first byte to its last.
    pub place: Range<usize>,
    /// What it hides.
    pub kind: FoldKind,
}

/// What folds in a file: brackets and comments of several lines, and the fences of Markdown.
pub fn folds(file: &SourceFile) -> Vec<Fold> {
    let line = |at: usize| file.position(at as u32).line;
    let mut folds = Vec::new();
    for part in file.parts() {
        let tokens = tokens(file.design(), part.clone());
        brackets(&tokens, &mut folds);
        comments(&tokens, &line, &mut folds);
        if file.fences().is_some() {
            folds.push(Fold { place: part.start..part.end.saturating_sub(1), kind: FoldKind::Fence });
        }
    }
    folds.retain(|it| line(it.place.start) < line(it.place.end));
    folds.sort_by_key(|it| (it.place.start, it.place.end));
    folds
}

fn brackets(tokens: &[Token], folds: &mut Vec<Fold>) {
    let mut open: Vec<(char, usize)> = Vec::new();
    for token in tokens {
        let TokenKind::Sign(sign) = token.kind else { continue };
        let partner = match sign {
            '{' | '(' | '[' => {
                open.push((sign, token.start));
                continue;
            }
            '}' => '{',
            ')' => '(',
            ']' => '[',
            _ => continue,
        };
        // What is open inside and never closed folds no more than what it stands in.
        if let Some(at) = open.iter().rposition(|(sign, _)| *sign == partner) {
            folds.push(Fold { place: open[at].1..token.start, kind: FoldKind::Block });
            open.truncate(at);
        }
    }
}

/// A comment of several lines, and several lines of comments.
fn comments(tokens: &[Token], line: &impl Fn(usize) -> usize, folds: &mut Vec<Fold>) {
    let mut run: Option<Range<usize>> = None;
    let mut close = |run: &mut Option<Range<usize>>| {
        folds.extend(run.take().map(|place| Fold { place, kind: FoldKind::Comment }));
    };
    for token in tokens {
        match token.kind {
            TokenKind::BlockComment => {
                close(&mut run);
                run = Some(token.start..token.end - 1);
                close(&mut run);
            }
            TokenKind::LineComment => match &mut run {
                Some(place) if line(place.end) + 1 == line(token.start) => place.end = token.end - 1,
                _ => {
                    close(&mut run);
                    run = Some(token.start..token.end - 1);
                }
            },
            TokenKind::NewLine => {}
            _ => close(&mut run),
        }
    }
    close(&mut run);
}

/// What stands around a place, the innermost first: each a selection that grows.
pub fn around(statements: &[Statement], id: FileId, file: &SourceFile, at: u32) -> Vec<Span> {
    let mut spans = vec![Span::new(id, 0, file.text.len())];
    if let Some(statement) = statements.iter().find(|it| super::touches(it.span(), id, at)) {
        statement.clone().each_span(&mut |span| spans.push(*span));
    }
    spans.extend(inside_brackets(file, id, at));
    spans.retain(|it| super::touches(*it, id, at) && !it.is_empty());
    spans.sort_by_key(|it| (it.len(), it.start));
    spans.dedup();
    // Each holds the one before.
    let mut nested: Vec<Span> = Vec::new();
    for span in spans {
        if nested.last().is_none_or(|last| span.start <= last.start && last.end <= span.end) {
            nested.push(span);
        }
    }
    nested
}

/// The insides of the brackets around a place, with and without the brackets.
fn inside_brackets(file: &SourceFile, id: FileId, at: u32) -> Vec<Span> {
    let at = at as usize;
    let Some(part) = file.parts().into_iter().find(|it| it.start <= at && at <= it.end) else {
        return Vec::new();
    };
    let mut folds = Vec::new();
    brackets(&tokens(file.design(), part), &mut folds);
    let around = folds.into_iter().filter(|it| it.place.start < at && at <= it.place.end);
    around
        .flat_map(|it| {
            let (start, end) = (it.place.start, it.place.end);
            [Span::new(id, start + 1, end), Span::new(id, start, end + 1)]
        })
        .collect()
}

/// The paths that a file includes.
pub fn includes(statements: &[Statement]) -> impl Iterator<Item = &ast::Include> {
    statements.iter().filter_map(|it| if let Statement::Include(it) = it { Some(it) } else { None })
}
