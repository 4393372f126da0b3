//! Where in the language a place stands, in a text that need not be whole: what has been opened and not closed before it,
//! what the line says so far, and what stands behind the word.
//!
//! It goes by tokens alone, for what is being written seldom parses.

mod block;
mod next;
mod word;

use std::ops::Range;

use self::block::Read;
use crate::source::SourceFile;
use crate::syntax::ast::Arrow;
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
    /// `require = kind database {`: what is asked of what a clause chooses.
    Asked(Chosen),
}

/// What a clause chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// `kind database`
    Kind(String),
    /// `api`
    Name(String),
    /// `#core`
    Tag,
    /// `a -> b with`: the links.
    Links,
}

/// What may come at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A statement, or a line of a block.
    Line,
    /// A further property behind a comma; in a group or a flow, where no `=` came before, a further source as well.
    Property {
        /// Whether it may be the source of a link.
        may_be_source: bool,
    },
    /// The value of a property.
    Value {
        /// `data`
        property: String,
        /// What the list, or the choice, has already.
        listed: Vec<String>,
        /// Whether it is the whole value, and not one of several.
        is_whole: bool,
    },
    /// The end of a link.
    Target {
        /// Where the link comes from; nobody where this is a source itself.
        from: Vec<String>,
        /// What stands beside it already.
        beside: Vec<String>,
        /// The arrow before it.
        arrow: Arrow,
    },
    /// Another relation between two targets: `else`.
    Relation,
    /// An engine, of this kind.
    Engine(String),
    /// A protocol, beside these, which these targets speak.
    Protocol {
        /// Those that are named already.
        beside: Vec<String>,
        /// Where the link comes from.
        from: Vec<String>,
        /// The targets.
        to: Vec<String>,
    },
    /// The kind that this template extends.
    Base(String),
    /// A rule, after `allow`.
    Rule,
    /// `on`, after the rule.
    On,
    /// Where a finding is accepted, after `on`.
    Place {
        /// The rule that finds it.
        rule: String,
        /// Behind an arrow that and where the link comes from.
        from: Option<(String, Arrow)>,
    },
    /// An arrow, behind where a link comes from.
    Arrow {
        /// Where it comes from.
        from: String,
        /// The rule of which findings on such links are accepted; none where the link is written itself.
        rule: Option<String>,
    },
    /// What goes on behind the name of an element: `x2`, `:`, `{`.
    Tail {
        /// The kind as it is written.
        kind: String,
        /// Whether it is counted already.
        is_counted: bool,
        /// Whether it has an engine already.
        is_built: bool,
    },
    /// The block of a link.
    Block,
    /// A tag.
    Tag,
    /// The kind after `kind`.
    SelectedKind {
        /// Whether it is at an end of an arrow.
        is_end: bool,
    },
    /// What a clause speaks of.
    Selected {
        /// Whether it is at an end of an arrow.
        is_end: bool,
    },
    /// One of these words, behind what a clause speaks of.
    Clause(Vec<&'static str>),
    /// A file, inside of the quotes after `include`.
    Include,
    /// A name that is being made up, a text, a comment: nothing is known better.
    Free,
}

/// What stands behind the word on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Nothing.
    Nothing,
    /// `=`
    Equals,
    /// `->`, `~>`
    Arrow,
    /// `,`
    Comma,
    /// The further parts of a dotted name.
    Dot,
    /// `{`
    Block,
    /// A name, a figure, a text or a list.
    Word,
    /// What goes on behind a name: `:`, `x3`, `#tag`.
    Tail,
    /// Anything else.
    Other,
}

/// Where a place stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// What it stands in.
    pub within: Within,
    /// What may come.
    pub next: Next,
    /// The word that is being written there, what is before the place and what is behind it; of a dotted name one part.
    pub word: Range<usize>,
    /// The parts of a dotted name before the word: `eu` of `eu.api`.
    pub path: Option<String>,
    /// The names of what the place stands in, outermost first.
    pub around: Vec<String>,
    /// What the block states besides the word, before it and behind it.
    pub stated: Vec<String>,
    /// Whether the line before is a link, or a path of a flow.
    pub is_behind_link: bool,
    /// Whether the block has one, before the word or behind it.
    pub has_link: bool,
    /// What stands behind the word.
    pub behind: Behind,
    /// What the next arrow behind the word leads to.
    pub leads_to: Vec<String>,
}

/// Where a place of a file stands; nothing outside of the fences of Markdown.
pub fn spot(file: &SourceFile, at: usize) -> Option<Spot> {
    let part = file.parts().into_iter().find(|it| it.start <= at && at <= it.end)?;
    let text = file.design();
    let all = tokens(text, part);
    if let Some(quoted) = is_quoted(&all, at) {
        let line = block::read(text, &all[..quoted]).line;
        let is_path = matches!(line.as_slice(), [it] if it.text(text) == "include");
        let next = if is_path { Next::Include } else { Next::Free };
        let word = if is_path { inside(text, &all[quoted], at) } else { at..at };
        return Some(Spot::bare(next, word));
    }
    if is_comment(&all, at) {
        return Some(Spot::bare(Next::Free, at..at));
    }
    let word = word::word(text, &all, at);
    let Read { open, line, before } = block::read(text, &all[..word.first]);
    let blocks: Vec<Within> = open.iter().map(|it| block::block(text, &it.head)).collect();
    let within = blocks.last().cloned().unwrap_or(Within::File);
    let next = if word.is_tag { Next::Tag } else { next::next(text, &within, &line) };
    let stated = open.last().map_or_else(Vec::new, |it| block::stated(text, it, &all, word.first..word.end));
    let behind = &all[word.end..];
    Some(Spot {
        next,
        word: word.range,
        path: word.path,
        around: blocks.iter().filter_map(name).collect(),
        stated,
        is_behind_link: block::is_link(text, &before),
        has_link: open.last().is_some_and(|it| block::has_link(it, &all)),
        behind: if word.goes_on { Behind::Dot } else { word::behind(behind) },
        leads_to: word::leads_to(text, behind),
        within,
    })
}

impl Spot {
    /// A place of which nothing is known but what may come.
    fn bare(next: Next, word: Range<usize>) -> Self {
        Self {
            within: Within::File,
            next,
            word,
            path: None,
            around: Vec::new(),
            stated: Vec::new(),
            is_behind_link: false,
            has_link: false,
            behind: Behind::Nothing,
            leads_to: Vec::new(),
        }
    }
}

fn name(block: &Within) -> Option<String> {
    match block {
        Within::Body { kind, name } => Some(name.as_ref().unwrap_or(kind).clone()),
        _ => None,
    }
}

/// The text in quotes that a place stands in.
fn is_quoted(all: &[Token], at: usize) -> Option<usize> {
    all.iter().position(|it| match it.kind {
        TokenKind::Text => it.start < at && at < it.end,
        TokenKind::UnclosedText => it.start < at && at <= it.end,
        _ => false,
    })
}

fn is_comment(all: &[Token], at: usize) -> bool {
    all.iter().any(|it| match it.kind {
        TokenKind::LineComment => it.start < at && at <= it.end,
        TokenKind::BlockComment => it.start < at && at < it.end,
        _ => false,
    })
}

/// What stands between the quotes; where nothing closes them, up to the place.
fn inside(text: &str, quoted: &Token, at: usize) -> Range<usize> {
    let is_closed = quoted.kind == TokenKind::Text;
    let end = if is_closed { quoted.end - 1 } else { quoted.start + quoted.text(text).trim_end().len() };
    quoted.start + 1..end.max(at)
}
