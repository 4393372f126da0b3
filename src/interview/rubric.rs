//! By what a design is judged: the steps of an interview, what earns points in each, and what they weigh.
//!
//! A new criterion is its line in `RUBRIC`, and the function that judges it.

use super::criteria::{clarify, estimate, found};
use super::subject::Subject;
use crate::source::Span;

/// A step of the interview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// What is asked for: for how many, how well.
    Clarify,
    /// What that comes to in requests, machines and bytes.
    Estimate,
    /// The parts, and what goes between them.
    Design,
    /// What gives way first: to failures, to load.
    Bottleneck,
    /// What comes next, and what is there too early.
    Scale,
}

impl Step {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Clarify, Self::Estimate, Self::Design, Self::Bottleneck, Self::Scale];

    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Clarify => "clarify",
            Self::Estimate => "estimate",
            Self::Design => "design",
            Self::Bottleneck => "bottleneck",
            Self::Scale => "scale",
        }
    }

    /// What it answers.
    pub fn asks(self) -> &'static str {
        match self {
            Self::Clarify => "What must it do, for how many, and how well?",
            Self::Estimate => "What does that come to, in requests, machines and bytes?",
            Self::Design => "Which parts are there, and what goes between them?",
            Self::Bottleneck => "What gives way first, to a failure or to the load?",
            Self::Scale => "What is the next step up, and what is there too early?",
        }
    }
}

/// For whom a design is judged: the later steps weigh more the more somebody is expected to have seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Who begins: asks the right questions, and draws what works.
    Junior,
    /// Who has run systems: knows what breaks.
    #[default]
    Senior,
    /// Who decides for others: knows what is next, and what is too much.
    Staff,
}

impl Level {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Junior, Self::Senior, Self::Staff];

    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Junior => "junior",
            Self::Senior => "senior",
            Self::Staff => "staff",
        }
    }

    /// What a step weighs; all of them weigh 100.
    pub fn weight(self, step: Step) -> u8 {
        let weights = match self {
            Self::Junior => [15, 20, 35, 20, 10],
            Self::Senior => [15, 15, 20, 25, 25],
            Self::Staff => [10, 10, 20, 25, 35],
        };
        weights[step as usize]
    }
}

/// What a score comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// Would not stand.
    Weak,
    /// Stands, with something in it that has to change.
    Fair,
    /// Stands.
    Good,
    /// Stands, and its author knows why.
    Strong,
}

impl Grade {
    /// All of them, the best first, each with the least score that earns it.
    pub const ALL: [(Self, f64); 4] =
        [(Self::Strong, 85.0), (Self::Good, 70.0), (Self::Fair, 55.0), (Self::Weak, 0.0)];

    /// Of a score between 0 and 100, as it is printed: 84.6 is 85.
    pub fn of(score: f64) -> Self {
        let reaches = |(_, least): &&(Self, f64)| score.round() >= *least;
        Self::ALL.iter().find(reaches).map_or(Self::Weak, |(grade, _)| *grade)
    }

    /// The word for it in every output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Good => "good",
            Self::Strong => "strong",
        }
    }
}

/// Something that earns points.
#[derive(Debug)]
pub struct Criterion {
    /// In which step.
    pub step: Step,
    /// What earns them: "Says how much it must carry".
    pub name: &'static str,
    /// How many of the step's 20.
    pub points: u8,
    /// The findings that are counted here, by what their codes begin with.
    pub rules: &'static [&'static str],
    pub(super) judge: fn(&Criterion, &Subject) -> Vec<Evidence>,
}

impl Criterion {
    /// Whether the findings of a rule are counted here.
    pub fn counts(&self, code: &str) -> bool {
        self.rules.iter().any(|head| code.starts_with(head))
    }
}

/// What speaks for a criterion, or against it. Where nothing does either, it is not judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The part of the criterion's points that it costs: 0 for what is there.
    pub cost: f64,
    /// What is there, or what is missing: a sentence without its full stop.
    pub says: String,
    /// What to do about it, as a command.
    pub remedy: Option<String>,
    /// Where it stands.
    pub place: Option<Span>,
    /// The rule that found it.
    pub code: Option<&'static str>,
}

impl Evidence {
    /// Something that is there.
    pub(super) fn there(says: impl Into<String>, place: Option<Span>) -> Self {
        Self { cost: 0.0, says: says.into(), remedy: None, place, code: None }
    }

    /// Something that is missing, and what that costs.
    pub(super) fn missing(
        cost: f64,
        says: impl Into<String>,
        place: Option<Span>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { cost, says: says.into(), remedy: Some(remedy.into()), place, code: None }
    }
}

/// The points of a step.
pub const POINTS: f64 = 20.0;

/// All criteria, by step.
#[rustfmt::skip] // One a line: the table is read as one.
pub static RUBRIC: &[Criterion] = &[
    Criterion { step: Step::Clarify, points: 6, name: "Says how much it must carry", rules: &["LP901"], judge: clarify::scale },
    Criterion { step: Step::Clarify, points: 5, name: "Says how often it may be down", rules: &["LP902"], judge: clarify::promise },
    Criterion { step: Step::Clarify, points: 2, name: "Says how fast it must answer", rules: &["LP904"], judge: clarify::latency },
    Criterion { step: Step::Clarify, points: 2, name: "Says how much data there is", rules: &["LP905"], judge: clarify::data },
    Criterion { step: Step::Clarify, points: 2, name: "Tells reads from writes", rules: &["LP903"], judge: clarify::reads_and_writes },
    Criterion { step: Step::Clarify, points: 2, name: "Says what a read may miss", rules: &["LP418"], judge: clarify::consistency },
    Criterion { step: Step::Clarify, points: 1, name: "Names what its users do", rules: &["LP908", "LP020"], judge: clarify::flows },

    Criterion { step: Step::Estimate, points: 6, name: "The load of each part can be reckoned", rules: &[], judge: estimate::load },
    Criterion { step: Step::Estimate, points: 5, name: "The numbers agree", rules: &["LP906", "LP907", "LP008"], judge: found::numbers },
    Criterion { step: Step::Estimate, points: 2, name: "Gives the peak, and not only the mean", rules: &[], judge: estimate::peak },
    Criterion { step: Step::Estimate, points: 4, name: "Gives what each part carries", rules: &["LP909", "LP911"], judge: estimate::capacity },
    Criterion { step: Step::Estimate, points: 3, name: "What is kept can be reckoned", rules: &[], judge: estimate::storage },

    Criterion { step: Step::Design, points: 3, name: "The parts connect", rules: &["LP001", "LP002", "LP003", "LP004", "LP005", "LP006", "LP007", "LP009", "LP01", "LP021", "LP022", "LP023", "LP024"], judge: found::connected },
    Criterion { step: Step::Design, points: 6, name: "Nobody gets in who should not", rules: &["LP5"], judge: found::secure },
    Criterion { step: Step::Design, points: 5, name: "What was confirmed is kept, and stays right", rules: &["LP402", "LP403", "LP404", "LP405", "LP407", "LP413", "LP415", "LP419", "LP420"], judge: found::kept },
    Criterion { step: Step::Design, points: 2, name: "Reads get what they should", rules: &["LP401", "LP406", "LP408", "LP409", "LP410", "LP411", "LP412", "LP414", "LP416", "LP417"], judge: found::read },
    Criterion { step: Step::Design, points: 2, name: "Edge, caches and protocols fit what they are for", rules: &["LP6", "LP7"], judge: found::fitting },
    Criterion { step: Step::Design, points: 2, name: "Choices that cost something say what for", rules: &["LP910"], judge: found::explained },

    Criterion { step: Step::Bottleneck, points: 5, name: "No part alone takes its users down", rules: &["LP101", "LP102", "LP104", "LP105", "LP106", "LP107", "LP108", "LP109", "LP11"], judge: found::redundant },
    Criterion { step: Step::Bottleneck, points: 5, name: "Promises are kept", rules: &["LP103", "LP307"], judge: found::promises },
    Criterion { step: Step::Bottleneck, points: 4, name: "The peak is carried", rules: &["LP301", "LP302", "LP305", "LP306", "LP309", "LP310", "LP311", "LP312", "LP315", "LP318"], judge: found::carried },
    Criterion { step: Step::Bottleneck, points: 3, name: "What is slow does not take others along", rules: &["LP209", "LP210", "LP211", "LP212", "LP213", "LP214", "LP218", "LP317"], judge: found::bounded_waits },
    Criterion { step: Step::Bottleneck, points: 3, name: "Queues have bounds, and are worked off", rules: &["LP201", "LP202", "LP203", "LP204", "LP205", "LP206", "LP207", "LP208", "LP215", "LP216", "LP217", "LP219", "LP220"], judge: found::queues },

    Criterion { step: Step::Scale, points: 6, name: "It can grow", rules: &["LP303", "LP304", "LP308", "LP313", "LP314", "LP316"], judge: found::growth },
    Criterion { step: Step::Scale, points: 14, name: "Nothing is there that the scale does not ask for", rules: &["LP8"], judge: found::excess },
];
