//! The feedback of an interview for readers and programs, each point with its evidence and its line.
//!
//! [`Feedback`] is plain data, described in `docs/json.md`; the formats are made of it alone.

pub(super) mod markdown;
pub(super) mod text;

use serde::Serialize;

use super::before_after::Tool;
use super::scored::{Earned, Scored, Weights, tenths};
use super::text::{Look, capital};
use super::{Form, entitled, json};
use crate::check::Checked;
use crate::check::what_if::SETTING;
use crate::interview::{self, Level, Mark, Review};
use crate::source::{Sources, Span};

/// The version of the format.
pub const VERSION: u32 = 1;

/// All formats of a review.
#[rustfmt::skip] // One a line, so that formats that are added at the same time seldom meet.
pub static FORMATS: &[&Format] = &[
    &text::FORMAT,
    &markdown::FORMAT,
    &FORMAT,
    &super::page::review::FORMAT,
];

/// A way to write a review.
pub type Format = Form<fn(&Feedback, Look) -> String>;

/// For programs.
static FORMAT: Format =
    Format { name: "json", alias: None, about: "For programs", render: |it, _| json::pretty(it) };

/// The feedback on one design.
#[derive(Debug, Serialize)]
pub struct Feedback {
    pub(super) version: u32,
    pub(super) tool: Tool,
    /// The files that the design is written in, its own first.
    pub(super) files: Vec<String>,
    /// Its name.
    pub(super) system: Option<String>,
    /// What it comes to.
    #[serde(flatten)]
    pub(super) scored: Scored,
    pub(super) steps: Vec<Step>,
    pub(super) bottlenecks: Vec<Bottleneck>,
    pub(super) trade_offs: Vec<TradeOff>,
    pub(super) partitions: Vec<Partition>,
    pub(super) questions: Vec<Question>,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) asks: &'static str,
    /// None where nothing of it can be judged.
    pub(super) points: Option<f64>,
    pub(super) of: f64,
    /// What it weighs at each level, of 100.
    pub(super) weights: Weights,
    pub(super) criteria: Vec<Criterion>,
    pub(super) say: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Criterion {
    pub(super) name: &'static str,
    /// None where it can't be judged.
    pub(super) points: Option<f64>,
    pub(super) of: u8,
    pub(super) evidence: Vec<Evidence>,
}

#[derive(Debug, Serialize)]
pub(super) struct Evidence {
    /// The points that it takes; 0 for what is there.
    pub(super) takes: f64,
    pub(super) says: String,
    pub(super) remedy: Option<String>,
    pub(super) place: Option<Place>,
    pub(super) rule: Option<&'static str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) start: u32,
    pub(super) end: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Bottleneck {
    pub(super) element: String,
    pub(super) place: Place,
    /// Of its busiest node at today's peak; 1 is full.
    pub(super) utilisation: f64,
    pub(super) is_assumed: bool,
    pub(super) at_times_load: f64,
    /// When it is full: `at 17.2M daily users`.
    pub(super) full: String,
    pub(super) working: String,
    /// What to do, and by when: `before that, run more than 6 of it`.
    pub(super) next: String,
}

#[derive(Debug, Serialize)]
pub(super) struct TradeOff {
    pub(super) element: String,
    pub(super) place: Place,
    pub(super) reason: Option<String>,
    pub(super) price: Option<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Partition {
    pub(super) element: String,
    pub(super) place: Place,
    /// `availability`, `consistency` or `unsaid`.
    pub(super) gives_up: &'static str,
    pub(super) says: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Question {
    pub(super) step: &'static str,
    pub(super) asks: String,
    pub(super) because: String,
    pub(super) answer: Vec<String>,
    pub(super) place: Option<Place>,
    pub(super) rule: Option<&'static str>,
}

impl Feedback {
    /// On a design that was checked with all that an interviewer would ask.
    pub fn of(design: &Checked, level: Level) -> Self {
        Self::told(design, Review::of(design, level))
    }

    /// What each step earned.
    pub(super) fn earned(&self) -> impl Iterator<Item = Earned> {
        self.steps.iter().map(|it| Earned {
            name: it.name,
            points: it.points,
            of: it.of,
            weights: it.weights,
        })
    }

    /// The same of a review that is made already.
    pub(super) fn told(design: &Checked, review: Review) -> Self {
        let sources = &design.sources;
        let place = |span| Place::of(sources, span);
        Self {
            version: VERSION,
            tool: Tool::THIS,
            files: sources.iter().map(|(_, file)| file.name.clone()).filter(|it| it != SETTING).collect(),
            system: design.architecture.system.name.as_ref().map(ToString::to_string),
            scored: Scored::of(review.level, review.held.as_ref(), |it| review.scores[it as usize].1),
            steps: review.steps.iter().map(|it| Step::of(sources, it)).collect(),
            bottlenecks: review.bottlenecks.into_iter().map(|it| Bottleneck::of(sources, it)).collect(),
            trade_offs: review
                .trade_offs
                .into_iter()
                .map(|it| TradeOff {
                    element: it.element,
                    place: place(it.place),
                    reason: it.reason,
                    price: it.price,
                })
                .collect(),
            partitions: review
                .partitions
                .into_iter()
                .map(|it| Partition {
                    element: it.element,
                    place: place(it.place),
                    gives_up: it.gives_up.name(),
                    says: it.says,
                })
                .collect(),
            questions: review.questions.into_iter().map(|it| Question::of(sources, it)).collect(),
        }
    }

    /// Where something stands and which rule says so, behind a blank: ` (line 4, LP101)`; of another file than the design's
    /// own, its name. Nothing where neither is known.
    pub(super) fn stands(&self, place: Option<&Place>, rule: Option<&str>) -> String {
        let own = self.files.first();
        let place = place.map(|it| {
            if own == Some(&it.file) {
                format!("line {}", it.line)
            } else if it.file == SETTING {
                "as the interviewer says".to_owned()
            } else {
                format!("{}:{}", it.file, it.line)
            }
        });
        let parts: Vec<String> = place.into_iter().chain(rule.map(str::to_owned)).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }

    pub(super) fn title(&self) -> &str {
        entitled(self.system.as_deref(), &self.files)
    }
}

impl Place {
    pub(super) fn of(sources: &Sources, span: Span) -> Self {
        let position = sources.position(span);
        Self {
            file: sources.file(span.file).name.clone(),
            line: position.line,
            column: position.column,
            start: span.start,
            end: span.end,
        }
    }
}

impl Step {
    fn of(sources: &Sources, it: &interview::StepReview) -> Self {
        Self {
            name: it.step.name(),
            asks: it.step.asks(),
            points: it.points().map(tenths),
            of: interview::POINTS,
            weights: Weights::of(it.step),
            criteria: it.marks.iter().map(|it| Criterion::of(sources, it)).collect(),
            say: it.say.clone(),
        }
    }
}

impl Criterion {
    fn of(sources: &Sources, mark: &Mark) -> Self {
        let evidence = mark.evidence.iter().map(|it| Evidence {
            takes: tenths(mark.taken(it)),
            says: it.says.clone(),
            remedy: it.remedy.clone(),
            place: it.place.map(|span| Place::of(sources, span)),
            rule: it.code,
        });
        Self {
            name: mark.criterion.name,
            points: mark.is_judged().then(|| tenths(mark.points())),
            of: mark.criterion.points,
            evidence: evidence.collect(),
        }
    }
}

impl Bottleneck {
    fn of(sources: &Sources, it: interview::Bottleneck) -> Self {
        Self {
            full: it.full_at(),
            next: it.step(),
            place: Place::of(sources, it.place),
            element: it.element,
            utilisation: it.utilisation,
            is_assumed: it.is_assumed,
            at_times_load: it.at_times_load,
            working: it.working,
        }
    }
}

impl Question {
    fn of(sources: &Sources, it: interview::Question) -> Self {
        Self {
            step: it.step.name(),
            asks: it.asks,
            because: it.because,
            answer: it.answer,
            place: it.place.map(|span| Place::of(sources, span)),
            rule: it.code,
        }
    }
}

/// A criterion's evidence, the worst last to be left out, at most so many, and how many are left out; what is there
/// stands first.
fn worst(criterion: &Criterion, most: usize) -> (Vec<&Evidence>, usize) {
    let mut evidence: Vec<&Evidence> = criterion.evidence.iter().collect();
    evidence.sort_by(|one, other| other.takes.total_cmp(&one.takes));
    let left = evidence.len().saturating_sub(most);
    evidence.truncate(most);
    let is_there = |it: &Evidence| it.takes <= 0.0 && it.rule.is_none() && it.remedy.is_none();
    evidence.sort_by_key(|it| !is_there(it));
    (evidence, left)
}

/// A sentence: a capital at its head, and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with(['.', '?', '!', ':', '"']) { "" } else { "." };
    capital(text) + end
}
