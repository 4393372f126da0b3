//! The parser that pest makes of `grammar/arch.pest`, and the one way its pairs are taken apart.

use pest::iterators::{Pair, Pairs};
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/arch.pest"]
pub(super) struct Grammar;

/// What stands inside a pair, in the order that the grammar promises.
pub(super) struct Children<'text> {
    parent: Rule,
    pairs: Pairs<'text, Rule>,
}

impl<'text> Children<'text> {
    pub(super) fn of(pair: Pair<'text, Rule>) -> Self {
        Self { parent: pair.as_rule(), pairs: pair.into_inner() }
    }

    /// The next one, which the grammar promises to be of this rule.
    pub(super) fn expect(&mut self, rule: Rule) -> Pair<'text, Rule> {
        let parent = self.parent;
        self.optional(rule).unwrap_or_else(|| panic!("the grammar promises {rule:?} in {parent:?}"))
    }

    /// The next one, if it is of this rule.
    pub(super) fn optional(&mut self, rule: Rule) -> Option<Pair<'text, Rule>> {
        if self.is_next(rule) { self.pairs.next() } else { None }
    }

    /// Whether one of this rule comes next.
    pub(super) fn is_next(&self, rule: Rule) -> bool {
        self.pairs.peek().is_some_and(|it| it.as_rule() == rule)
    }

    /// What is made of those of this rule that come next: mostly it is one.
    pub(super) fn every<T>(&mut self, rule: Rule, mut lower: impl FnMut(Pair<'text, Rule>) -> T) -> Vec<T> {
        let mut made = Vec::new();
        while let Some(pair) = self.optional(rule) {
            if made.is_empty() {
                made.reserve_exact(1);
            }
            made.push(lower(pair));
        }
        made
    }

    /// What is made of all that are left, with room for no more: a design has hundreds of thousands of these lists.
    pub(super) fn all<T>(self, lower: impl FnMut(Pair<'text, Rule>) -> Option<T>) -> Vec<T> {
        let mut made = Vec::with_capacity(self.pairs.len());
        made.extend(self.pairs.filter_map(lower));
        made
    }

    /// The next one, whatever it is.
    pub(super) fn any(&mut self) -> Pair<'text, Rule> {
        let parent = self.parent;
        self.pairs.next().unwrap_or_else(|| panic!("the grammar promises more in {parent:?}"))
    }

    /// All that are left.
    pub(super) fn rest(self) -> Pairs<'text, Rule> {
        self.pairs
    }
}
