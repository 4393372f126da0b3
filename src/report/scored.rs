//! What a review, or the verdict on an interview, comes to: its score at each level, what holds it down, and what each step
//! earned. All formats tell it alike.

use serde::Serialize;

use crate::interview::{self, Grade, Level, Step};

/// A score with its grade.
#[derive(Debug, Serialize)]
pub(super) struct Scored {
    /// For whom it is judged.
    pub(super) level: &'static str,
    /// Between 0 and 100.
    pub(super) score: f64,
    pub(super) grade: &'static str,
    /// What keeps it from a better grade, whatever else is right.
    pub(super) held: Option<Held>,
    /// The same for each level.
    pub(super) levels: Vec<OfLevel>,
}

#[derive(Debug, Serialize)]
pub(super) struct Held {
    /// The most that it gets, of 100.
    pub(super) at: f64,
    pub(super) why: String,
    pub(super) rules: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct OfLevel {
    pub(super) level: &'static str,
    pub(super) score: f64,
    pub(super) grade: &'static str,
}

/// What a step weighs at each level, of 100.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Weights {
    pub(super) junior: u8,
    pub(super) senior: u8,
    pub(super) staff: u8,
}

/// What a step earned.
pub(super) struct Earned {
    pub(super) name: &'static str,
    /// None where nothing of it can be judged.
    pub(super) points: Option<f64>,
    pub(super) of: f64,
    pub(super) weights: Weights,
}

impl Scored {
    /// By the score at each level.
    pub(super) fn of(level: Level, held: Option<&interview::Held>, score: impl Fn(Level) -> f64) -> Self {
        let of_level = |level: Level| {
            let score = score(level);
            OfLevel { level: level.name(), score: tenths(score), grade: Grade::of(score).name() }
        };
        let OfLevel { level, score, grade } = of_level(level);
        let levels = Level::ALL.map(of_level).into();
        Self { level, score, grade, held: held.map(Held::of), levels }
    }

    /// `54 of 100, weak`.
    pub(super) fn told(&self) -> String {
        format!("{} of 100, {}", self.score.round(), self.grade)
    }
}

impl Held {
    fn of(held: &interview::Held) -> Self {
        Self {
            at: held.at,
            why: held.says.clone(),
            rules: held.codes.iter().map(|(code, _)| *code).collect(),
        }
    }

    /// What is said of it: `No more than 54: a promise is broken (LP103).`
    pub(super) fn told(&self) -> String {
        let rules =
            if self.rules.is_empty() { String::new() } else { format!(" ({})", self.rules.join(", ")) };
        format!("No more than {}: {}{rules}.", self.at, self.why)
    }
}

impl Weights {
    pub(super) fn of(step: Step) -> Self {
        let weight = |level: Level| level.weight(step);
        Self { junior: weight(Level::Junior), senior: weight(Level::Senior), staff: weight(Level::Staff) }
    }
}

/// To a tenth of a point: what is printed and what is passed on are the same.
pub(super) fn tenths(points: f64) -> f64 {
    (points * 10.0).round() / 10.0
}

/// `18 of 20`, `17.4 of 20`; what can't be judged is no number.
pub(super) fn points(points: Option<f64>, of: f64) -> String {
    match points {
        Some(points) => format!("{points} of {of}"),
        None => "not judged".to_owned(),
    }
}
