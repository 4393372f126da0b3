//! Which rules run and how gravely they speak: what a command line and a configuration choose.

use crate::diagnostic::Severity;
use crate::nearest::nearest;
use crate::rules::{self, Family, RULES, Rule};

/// One rule, or several at once: by code (`LP101`), name (`single-point-of-failure`), head of codes (`LP1`), category
/// (`availability`), or `ALL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// What the codes begin with; the longer, the more exactly it speaks.
    head: String,
}

impl Selector {
    /// Reads one.
    ///
    /// # Errors
    /// Says what is wrong with one that takes no rule: a selector that is misspelt must not pass for silence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wanted = text.trim();
        if wanted.eq_ignore_ascii_case("all") {
            return Ok(Self { head: "LP".to_owned() });
        }
        if let Some(rule) = rules::find(wanted) {
            return Ok(Self { head: rule.code.to_owned() });
        }
        if let Some(family) = Family::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(wanted)) {
            return Ok(Self { head: family.head() });
        }
        let head = wanted.to_ascii_uppercase();
        if head.starts_with("LP") && RULES.iter().any(|rule| rule.code.starts_with(&head)) {
            return Ok(Self { head });
        }
        let categories = Family::ALL.into_iter().map(Family::name);
        let near = nearest(wanted, categories).or_else(|| rules::nearest(wanted));
        Err(match near {
            Some(near) => format!("`{wanted}` is no rule, code or category; did you mean `{near}`?"),
            None => format!("`{wanted}` is no rule, code or category; `loadpath rules` lists them all"),
        })
    }

    /// Whether it takes a rule.
    pub fn takes(&self, rule: &Rule) -> bool {
        rule.code.starts_with(&self.head)
    }

    /// Whether it takes nothing but rules of the language, which always run: what could not be read without guessing
    /// must not pass for reviewed.
    pub fn is_of_the_language(&self) -> bool {
        RULES.iter().filter(|rule| self.takes(rule)).all(|rule| rule.is_of_the_language())
    }

    fn exactness(&self, rule: &Rule) -> Option<usize> {
        self.takes(rule).then_some(self.head.len())
    }
}

/// How gravely a rule is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It does not run.
    Off,
    /// All its findings have this level.
    At(Severity),
}

/// Which rules run, and at which levels. Where two selectors disagree the more exact one holds, and `ignore` among two
/// that are alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What runs instead of all that the profile has.
    pub select: Vec<Selector>,
    /// What runs besides.
    pub extend: Vec<Selector>,
    /// What does not run.
    pub ignore: Vec<Selector>,
    /// Levels other than the rules' own; the last word on a selector holds.
    pub levels: Vec<(Selector, Level)>,
}

impl Choice {
    /// This choice over another one: lists go on, and what is selected here is selected instead.
    #[must_use]
    pub fn over(mut self, base: Self) -> Self {
        if self.select.is_empty() {
            self.select = base.select;
        }
        self.extend.extend(base.extend);
        self.ignore.extend(base.ignore);
        // The last word holds, which is this one's.
        self.levels = base.levels.into_iter().chain(self.levels).collect();
        self
    }

    /// Whether a rule runs. One that only a review evaluates runs elsewhere where it is named itself.
    pub fn runs(&self, rule: &Rule, is_review: bool) -> bool {
        if rule.is_of_the_language() {
            return true;
        }
        let Some(wanted) = self.wanted(rule) else { return false };
        if rule.is_review_only && !is_review && !self.names(rule) {
            return false;
        }
        let ignored = exactest(&self.ignore, rule);
        ignored.is_none_or(|ignored| ignored < wanted) && self.level(rule) != Some(Level::Off)
    }

    /// Whether a rule is asked for by itself: then its advice is shown as well, whatever the profile.
    pub fn names(&self, rule: &Rule) -> bool {
        let named = exactest(&self.select, rule).max(exactest(&self.extend, rule));
        named == Some(rule.code.len())
    }

    /// The level that is chosen for a rule.
    pub fn level(&self, rule: &Rule) -> Option<Level> {
        if rule.is_of_the_language() {
            return None;
        }
        let levels = self.levels.iter().filter_map(|(by, level)| Some((by.exactness(rule)?, *level)));
        levels.max_by_key(|(exactness, _)| *exactness).map(|(_, level)| level)
    }

    fn wanted(&self, rule: &Rule) -> Option<usize> {
        let selected = if self.select.is_empty() { Some(0) } else { exactest(&self.select, rule) };
        selected.max(exactest(&self.extend, rule))
    }
}

fn exactest(selectors: &[Selector], rule: &Rule) -> Option<usize> {
    selectors.iter().filter_map(|selector| selector.exactness(rule)).max()
}
