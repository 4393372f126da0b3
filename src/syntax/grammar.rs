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
        if self.pairs.peek()?.as_rule() == rule { self.pairs.next() } else { None }
    }

    /// Those of this rule that come next.
    pub(super) fn every(&mut self, rule: Rule) -> impl Iterator<Item = Pair<'text, Rule>> {
        std::iter::from_fn(move || self.optional(rule))
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
