//! What is right, and whether what a reader says is.

use super::figure::{Figure, Measure};
use super::formula;
use super::known::Designs;
use crate::syntax;
use crate::syntax::ast::Dimension;

/// What is right.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The choice at this place, of so many.
    Choice {
        /// From 0.
        right: usize,
        /// How many there are.
        of: usize,
    },
    /// A figure.
    Figure {
        /// How much.
        right: Figure,
        /// How far off is near enough, as a part of it; of an availability, of what is missing.
        tolerance: f64,
        /// The unit in which it is asked, as a design writes it; nothing of a plain number.
        unit: String,
    },
}

/// What a reader said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It is right.
    Right,
    /// It is wrong.
    Wrong,
    /// It is none of the choices, or no figure of the kind.
    Unreadable,
}

/// Longer answers are none.
const LONGEST: usize = 100;

impl Answer {
    /// Out of `b`, or `downtime(buy) in min within 5%`.
    pub(super) fn of(text: &str, choices: usize, designs: &Designs) -> Result<Self, String> {
        if choices > 0 {
            let right = place(text).filter(|it| *it < choices);
            return right
                .map(|right| Self::Choice { right, of: choices })
                .ok_or(format!("`{text}` is no choice"));
        }
        let (figure, tolerance) =
            text.rsplit_once(" within ").ok_or(format!("`{text}` says not how near"))?;
        let (formula, unit) = figure.rsplit_once(" in ").unwrap_or((figure, ""));
        let right = formula::evaluate(formula, designs)?;
        let is_unit = Figure::parse(&format!("1{unit}")).is_some_and(|it| it.is_like(right));
        let tolerance =
            Figure::parse(tolerance).filter(|_| is_unit).ok_or(format!("`{text}` has another unit"))?;
        Ok(Self::Figure { right, tolerance: tolerance.value, unit: unit.to_owned() })
    }

    /// How to answer: `a to d`, `a figure in min`.
    pub fn form(&self) -> String {
        match self {
            Self::Choice { of, .. } => format!("`a` to `{}`", letter(of.saturating_sub(1))),
            Self::Figure { unit, .. } if unit.is_empty() => "a number".to_owned(),
            Self::Figure { unit, .. } => format!("a figure in `{unit}`, or with its unit"),
        }
    }

    /// Whether what a reader says is right; a figure without a unit is one in the unit that is asked.
    pub fn judge(&self, said: &str) -> Given {
        let said = said.trim();
        if said.is_empty() || said.len() > LONGEST {
            return Given::Unreadable;
        }
        let is_right = match self {
            Self::Choice { right, of } => place(said).filter(|it| it < of).map(|it| it == *right),
            Self::Figure { right, tolerance, unit } => {
                let readings = readings(said, unit).into_iter().filter(|it| it.is_like(*right));
                readings.map(|it| right.is_near(it, *tolerance)).max()
            }
        };
        match is_right {
            Some(true) => Given::Right,
            Some(false) => Given::Wrong,
            None => Given::Unreadable,
        }
    }
}

/// The letter of a choice.
pub fn letter(at: usize) -> char {
    ('a'..='z').nth(at).unwrap_or('?')
}

/// The place of a choice by its letter, also with a bracket behind it.
fn place(text: &str) -> Option<usize> {
    let text = text.trim().trim_end_matches([')', '.']).to_ascii_lowercase();
    ('a'..='z').position(|it| text.len() == 1 && text.starts_with(it))
}

/// What stands behind a number that says how many times.
const TIMES: [&str; 5] = ["times", "-fold", "fold", "×", "x"];

/// What a reader may mean by a figure, written as people write figures. One without a unit is in the unit that is asked;
/// of a share it may as well be the part of one: 0.9984 is 99.84%.
fn readings(said: &str, unit: &str) -> Vec<Figure> {
    let said = TIMES.iter().find_map(|it| said.strip_suffix(it)).unwrap_or(said);
    let Some(given) = syntax::figure_meant(said) else { return Vec::new() };
    if given.dimension != Dimension::Number || unit.is_empty() {
        return Measure::of(given.dimension).map(|it| Figure::new(given.amount, it)).into_iter().collect();
    }
    let in_unit = Figure::parse(&format!("{}{unit}", given.amount));
    let of_one = (unit == "%").then(|| Figure::new(given.amount, Measure::Percent));
    in_unit.into_iter().chain(of_one).collect()
}
