//! What may be written at a place: kinds, names, properties with values that fit, engines, protocols, rules.
//!
//! What is offered the check takes there, and what is wanted most often comes first.

mod clauses;
mod names;
mod places;
mod properties;
mod statements;
mod steps;
mod tails;
mod usual;
mod values;
mod vocabulary;

use rustc_hash::{FxHashMap, FxHashSet};

use super::View;
use super::spot::{Next, Spot, spot};
use crate::model::{Architecture, Names};
use crate::source::{FileId, Span};

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by its word")]
pub enum Proposed {
    Keyword,
    Kind,
    Component,
    Link,
    Group,
    Flow,
    Property,
    Value,
    Engine,
    Protocol,
    Rule,
    Tag,
    File,
}

/// What may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is shown.
    pub label: String,
    /// What it is.
    pub what: Proposed,
    /// A few words beside it.
    pub detail: String,
    /// More of it, in Markdown.
    pub told: String,
    /// What is written, where that is more than the label.
    pub text: Option<String>,
    /// What is written instead, with `$1`, `${2:default}` as stops, where the editor knows them.
    pub snippet: Option<String>,
    /// What the letters typed are held against, where that is not the label.
    pub sought: Option<String>,
    /// The lower, the nearer to what is likely meant.
    pub rank: usize,
    /// Whether it is the one that is meant, as far as the design tells.
    pub is_likely: bool,
}

/// What may be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What a proposal takes the place of.
    pub word: Span,
    /// The proposals, those first that are likely meant.
    pub proposals: Vec<Proposal>,
    /// Whether another letter brings others, which are not among these.
    pub is_incomplete: bool,
    /// Whether the line may as well be at its end.
    pub may_end: bool,
}

/// So many proposals are offered at once.
const MOST: usize = 1_000;

/// The proposals at a place. `files` are the paths that an `include` there may name.
pub fn completion(view: &View, file: FileId, at: u32, files: &dyn Fn() -> Vec<String>) -> Option<Completion> {
    let spot = spot(view.file(file), at as usize)?;
    let text = view.file(file).design();
    let typed = text.get(spot.word.start..at as usize).unwrap_or_default();
    let architecture = &view.checked.architecture;
    let mut proposals = Proposals {
        view,
        architecture,
        names: Names::of(architecture),
        word: Span::new(file, spot.word.start, spot.word.end),
        typed,
        spot: &spot,
        all: Vec::new(),
    };
    proposals.propose(files);
    let Proposals { mut all, word, .. } = proposals;
    put_first(typed, &mut all);
    let mut seen = FxHashSet::default();
    all.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    all.retain(|it| seen.insert(it.label.clone()));
    let is_too_much = all.len() > MOST;
    if is_too_much {
        all.retain(|it| holds(&it.label, typed));
        all.truncate(MOST);
    }
    if is_close(&text[..spot.word.start]) {
        all.iter_mut().for_each(Proposal::set_apart);
    }
    let may_vary = matches!(spot.next, Next::Rule | Next::Value { .. }) || is_hidden(typed, &all);
    let may_end = matches!(
        spot.next,
        Next::Relation | Next::On | Next::Arrow { .. } | Next::Clause(_) | Next::Tail { .. } | Next::Block
    );
    Some(Completion { word, proposals: all, is_incomplete: is_too_much || may_vary, may_end })
}

/// Puts what is typed in full before all others: an editor that takes the first leaves it as it is.
fn put_first(typed: &str, all: &mut [Proposal]) {
    let is_code = |it: &Proposal| it.sought.as_ref().is_some_and(|code| code.eq_ignore_ascii_case(typed));
    let Some(whole) = all.iter().position(|it| it.label == typed || is_code(it)) else { return };
    for proposal in all.iter_mut() {
        proposal.rank += 1;
    }
    all[whole].rank = 0;
}

/// Whether further letters may make a word whole that stands behind one which goes on from there: `http` behind `https`.
fn is_hidden(typed: &str, all: &[Proposal]) -> bool {
    let places: FxHashMap<&str, usize> =
        all.iter().enumerate().map(|(at, it)| (it.label.as_str(), at)).collect();
    let is_behind = |at: usize, word: &str| places.get(word).is_some_and(|it| *it > at);
    all.iter().enumerate().filter(|(_, it)| it.label.starts_with(typed)).any(|(at, it)| {
        let ends = typed.len() + 1..it.label.len();
        ends.filter_map(|end| it.label.get(..end)).any(|word| is_behind(at, word))
    })
}

/// Whether the word that ends at a place is the beginning of one that may be written there: it may not be at its end.
pub fn may_go_on(view: &View, file: FileId, at: u32) -> bool {
    let Some(found) = completion(view, file, at, &Vec::new) else { return false };
    let typed = view.file(file).design().get(found.word.start as usize..at as usize).unwrap_or_default();
    let goes_on = |it: &Proposal| it.label.len() > typed.len() && it.label.starts_with(typed);
    !typed.is_empty() && found.proposals.iter().any(goes_on)
}

impl Proposal {
    /// Puts a blank before what is written.
    fn set_apart(&mut self) {
        self.text.get_or_insert_with(|| self.label.clone()).insert(0, ' ');
        self.snippet.iter_mut().for_each(|it| it.insert(0, ' '));
    }
}

/// Whether a text ends in a sign behind which the one form has a blank: `ttl =`, `web ->`.
fn is_close(text: &str) -> bool {
    text.ends_with(['=', '>', ':', ',', '|', '{'])
}

/// Whether the letters typed stand in a label, in their order.
fn holds(label: &str, typed: &str) -> bool {
    let mut letters = label.chars().map(|it| it.to_ascii_lowercase());
    typed.chars().all(|it| letters.any(|letter| letter == it.to_ascii_lowercase()))
}

struct Proposals<'a> {
    view: &'a View<'a>,
    architecture: &'a Architecture,
    names: Names,
    spot: &'a Spot,
    /// What is being written.
    word: Span,
    /// What of it stands before the place.
    typed: &'a str,
    all: Vec<Proposal>,
}

impl Proposals<'_> {
    fn propose(&mut self, files: &dyn Fn() -> Vec<String>) {
        match &self.spot.next {
            Next::Line => self.line(),
            Next::Property { may_be_source } => {
                self.properties(0);
                if *may_be_source {
                    self.sources(700);
                }
            }
            Next::Value { property, listed, is_whole } => self.values(property, listed, *is_whole),
            Next::Target { from, beside, .. } if from.is_empty() => self.further_sources(beside),
            Next::Target { from, beside, arrow } => self.targets(from, beside, *arrow),
            Next::Relation => self.word("else", "what is asked where the one before is down"),
            Next::Engine(kind) => self.engines(kind),
            Next::Protocol { beside, from, to } => self.protocols(beside, from, to),
            Next::Base(template) => self.bases(template),
            Next::Rule => self.rules(),
            Next::On => self.word("on", "where the finding is accepted; else in the whole file"),
            Next::Place { rule, from: None } => self.places(rule),
            Next::Place { rule, from: Some((from, arrow)) } => self.places_behind(rule, from, *arrow),
            Next::Arrow { from, rule: Some(rule) } => self.accepted_arrows(rule, from),
            Next::Arrow { from, rule: None } => self.arrows(from),
            Next::Tail { kind, is_counted, is_built } => self.tail(kind, *is_counted, *is_built),
            Next::Block => self.block("what the link states"),
            Next::Tag => self.tags(),
            Next::SelectedKind { is_end } => self.selected_kinds(*is_end),
            Next::Selected { is_end } => self.selected(*is_end),
            Next::Clause(further) => self.clause(further),
            Next::Include => self.files(&files()),
            Next::Free => {}
        }
    }

    /// Adds a proposal, of which more may be said.
    fn add(&mut self, rank: usize, what: Proposed, label: &str, detail: &str) -> &mut Proposal {
        self.all.push(Proposal {
            label: label.to_owned(),
            what,
            detail: detail.to_owned(),
            told: String::new(),
            text: None,
            snippet: None,
            sought: None,
            rank,
            is_likely: false,
        });
        self.all.last_mut().expect("one was added")
    }

    fn word(&mut self, word: &str, detail: &str) {
        self.add(0, Proposed::Keyword, word, detail);
    }

    /// Whether something stands where the cursor does: it is being written, and nothing that could be named.
    fn is_here(&self, span: Span) -> bool {
        span.file == self.word.file && span.start <= self.word.end && self.word.start <= span.end
    }
}
