//! The feedback of an interview for readers and programs, each point with its evidence and its line.
//!
//! [`Feedback`] is plain data, described in `docs/json.md`; the formats are made of it alone.

pub(super) mod markdown;
pub(super) mod text;

use serde::Serialize;

use super::before_after::Tool;
use super::text::{Look, capital};
use super::{Form, json};
use crate::check::Checked;
use crate::check::what_if::SETTING;
use crate::interview::{self, Grade, Level, Mark, Review};
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
    /// For whom it is judged.
    pub(super) level: &'static str,
    /// Between 0 and 100.
    pub(super) score: f64,
    pub(super) grade: &'static str,
    /// What keeps it from a better grade, whatever else is right.
    pub(super) held: Option<Held>,
    /// The same for each level.
    pub(super) levels: Vec<OfLevel>,
    pub(super) steps: Vec<Step>,
    pub(super) bottlenecks: Vec<Bottleneck>,
    pub(super) trade_offs: Vec<TradeOff>,
    pub(super) partitions: Vec<Partition>,
    pub(super) questions: Vec<Question>,
}

#[derive(Debug, Serialize)]
pub(super) struct OfLevel {
    pub(super) level: &'static str,
    pub(super) score: f64,
    pub(super) grade: &'static str,
}

#[derive(Debug, Serialize)]
pub(super) struct Held {
    /// The most that it gets, of 100.
    pub(super) at: f64,
    pub(super) why: String,
    pub(super) rules: Vec<&'static str>,
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

#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Weights {
    pub(super) junior: u8,
    pub(super) senior: u8,
    pub(super) staff: u8,
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

    /// The same of a review that is made already.
    pub(super) fn told(design: &Checked, review: Review) -> Self {
        let sources = &design.sources;
        let place = |span| Place::of(sources, span);
        let of_level = |(level, score): (Level, f64)| OfLevel {
            level: level.name(),
            score: tenths(score),
            grade: Grade::of(score).name(),
        };
        Self {
            version: VERSION,
            tool: Tool::THIS,
            files: sources.iter().map(|(_, file)| file.name.clone()).filter(|it| it != SETTING).collect(),
            system: design.architecture.system.name.as_ref().map(ToString::to_string),
            level: review.level.name(),
            score: tenths(review.score()),
            grade: review.grade().name(),
            held: review.held.as_ref().map(Held::of),
            levels: review.scores.into_iter().map(of_level).collect(),
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

    pub(super) fn title(&self) -> String {
        self.system.clone().or_else(|| self.files.first().cloned()).unwrap_or_default()
    }
}

/// To a tenth of a point: what is printed and what is passed on are the same.
pub(super) fn tenths(points: f64) -> f64 {
    (points * 10.0).round() / 10.0
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

impl Held {
    pub(super) fn of(held: &interview::Held) -> Self {
        Self {
            at: held.at,
            why: held.says.clone(),
            rules: held.codes.iter().map(|(code, _)| *code).collect(),
        }
    }
}

impl Held {
    /// What is said of it: `No more than 54: a promise is broken (LP103).`
    pub(super) fn told(&self) -> String {
        let rules =
            if self.rules.is_empty() { String::new() } else { format!(" ({})", self.rules.join(", ")) };
        format!("No more than {}: {}{rules}.", self.at, self.why)
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

impl Weights {
    pub(super) fn of(step: interview::Step) -> Self {
        let weight = |level: Level| level.weight(step);
        Self { junior: weight(Level::Junior), senior: weight(Level::Senior), staff: weight(Level::Staff) }
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

/// The worst of a criterion's evidence, at most so many, and how many are left out; what is there stands first.
fn worst(criterion: &Criterion, most: usize) -> (Vec<&Evidence>, usize) {
    let mut evidence: Vec<&Evidence> = criterion.evidence.iter().collect();
    evidence.sort_by(|one, other| {
        let is_there = |it: &Evidence| it.takes <= 0.0 && it.rule.is_none() && it.remedy.is_none();
        is_there(other).cmp(&is_there(one)).then(other.takes.total_cmp(&one.takes))
    });
    let left = evidence.len().saturating_sub(most);
    evidence.truncate(most);
    (evidence, left)
}

/// A sentence: a capital at its head, and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let end = if text.is_empty() || text.ends_with(['.', '?', '!', ':', '"']) { "" } else { "." };
    capital(text) + end
}

/// `18 of 20`, `17.4 of 20`; what can't be judged is no number.
pub(super) fn points(points: Option<f64>, of: f64) -> String {
    match points {
        Some(points) => format!("{points} of {of}"),
        None => "not judged".to_owned(),
    }
}
