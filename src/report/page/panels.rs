//! Parts of the pages by themselves, for a page that shows them while the design is written.

use super::findings::{self, Shown};
use super::{
    budget, estimate, grounds, interview, latency, load, one_after_another, review, there, verdict, written,
};
use crate::report::Report;
use crate::report::dossier::Dossier;
use crate::report::interview::Outcome;
use crate::report::review::Feedback;

/// Parts of a report as HTML, in which every word of the design is a word.
#[derive(Clone, Debug)]
pub struct Panels {
    /// What it comes to, and all figures.
    pub figures: String,
    /// The back of the envelope.
    pub estimate: String,
    /// What the rules that found something are about.
    pub rules: String,
}

/// The parts of a report on a design.
pub fn panels(dossier: &Dossier, report: &Report) -> Panels {
    let flows = &dossier.figures.reading.flows;
    let sections = there([
        ("verdict", "Verdict", Some(verdict::section(dossier, &report.summary))),
        ("budget", "Where the downtime comes from", budget::section(flows)),
        ("latency", "Where the time goes", latency::section(flows)),
        ("load", "Load and capacity", load::section(dossier)),
        ("assumptions", "Assumptions", grounds::assumptions(&dossier.figures.assumptions)),
        ("unknown", "What is not known", grounds::unknown(dossier)),
    ]);
    Panels {
        figures: written(one_after_another(&sections)),
        estimate: estimate::section(dossier.design).map(written).unwrap_or_default(),
        rules: findings::rules(&Shown::of(report)).map(written).unwrap_or_default(),
    }
}

/// A review as HTML, in which every word of the design is a word.
pub fn reviewed(feedback: &Feedback) -> String {
    written(review::part(feedback))
}

/// A verdict on an interview as HTML, in which every word of the design is a word.
pub fn judged(outcome: &Outcome) -> String {
    written(interview::part(outcome))
}
