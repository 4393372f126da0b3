//! A design as it stands in an interview.

use super::criteria::found::fullest;
use super::ladder::Bottleneck;
use super::partition::{self, Partition};
use super::question::{self, Question};
use super::rubric::{Criterion, Evidence, Grade, Level, POINTS, RUBRIC, Step};
use super::saying;
use super::subject::Subject;
use crate::analysis::availability::FlowAvailability;
use crate::analysis::blame::exceeds;
use crate::analysis::capacity;
use crate::check::Checked;
use crate::diagnostic::{Diagnostic, Severity};
use crate::figures;
use crate::model::Property;
use crate::rules;
use crate::source::Span;

/// The most that a design gets which breaks a promise, or is for another scale: weak, whatever else is right.
const MOST_OF_BROKEN: f64 = 54.0;
/// The most that a design gets with a single part that is there for nothing: fair.
const MOST_OF_HEAVY: f64 = 65.0;
/// The most that a design gets that does not carry its load, be it by assumed figures or by leaving it out: fair, and before one that is there
/// for another scale. By stated ones it is an error,
/// and weak.
const MOST_OF_FULL: f64 = 69.0;
/// The most that a design gets no flow of which is up as often as it promises, be it by assumed figures: good.
const MOST_OF_UNKEPT: f64 = 84.0;
/// So many times what a node is assumed to carry is too much whatever the node: figures of one kind differ by less.
const BEYOND_ASSUMPTION: f64 = 5.0;
/// The last point below such a bound is shared by all designs that would stand above it.
const SHARED: f64 = 1.0;
/// So many warnings that something is there for nothing weigh as much as a broken promise.
const OF_ANOTHER_SCALE: usize = 2;

/// Feedback on a design.
#[derive(Debug)]
pub struct Review {
    /// For whom.
    pub level: Level,
    /// Between 0 and 100, for each level.
    pub scores: [(Level, f64); 3],
    /// Whether a request comes to a part that does something; else there is nothing to judge after the first step.
    pub is_drawn: bool,
    /// The steps, in order.
    pub steps: Vec<StepReview>,
    /// What keeps it from a better grade, whatever else is right.
    pub held: Option<Held>,
    /// What is full first as the load grows.
    pub bottlenecks: Vec<Bottleneck>,
    /// What was chosen at a price, with a reason or without.
    pub trade_offs: Vec<TradeOff>,
    /// What each store gives up while its nodes can't reach each other.
    pub partitions: Vec<Partition>,
    /// What an interviewer would ask next.
    pub questions: Vec<Question>,
}

/// A step, as far as it got.
#[derive(Debug)]
pub struct StepReview {
    /// Which.
    pub step: Step,
    /// What earns its points, in order.
    pub marks: Vec<Mark>,
    /// One sentence to say at it.
    pub say: String,
}

/// What a criterion comes to.
#[derive(Debug)]
pub struct Mark {
    /// Of what.
    pub criterion: &'static Criterion,
    /// What speaks for it and against it; empty where it can't be judged.
    pub evidence: Vec<Evidence>,
}

/// What keeps a design from a better grade.
#[derive(Clone, Debug)]
pub struct Held {
    /// The most that it gets, of 100.
    pub at: f64,
    /// Why.
    pub says: String,
    /// The rules that found it, each once, with the place of the first.
    pub codes: Vec<(&'static str, Span)>,
}

/// A choice that costs something.
#[derive(Debug)]
pub struct TradeOff {
    /// What was chosen, or accepted.
    pub element: String,
    /// Where.
    pub place: Span,
    /// What is said for it; none where nothing is.
    pub reason: Option<String>,
    /// What it costs, where a rule says so.
    pub price: Option<String>,
}

impl Review {
    /// Of a design that was checked with all that an interviewer would ask.
    pub fn of(design: &Checked, level: Level) -> Self {
        let subject = Subject::of(design);
        let steps = steps(&subject);
        let held = held(&subject);
        let most = held.as_ref().map_or(100.0, |it| it.at);
        let points = || steps.iter().map(|it| (it.step, it.points()));
        let score = |level: Level| (level, held_down(weighted(points(), level), most));
        Self {
            level,
            scores: Level::ALL.map(score),
            held,
            trade_offs: trade_offs(&subject),
            partitions: partition::partitions(&subject),
            questions: question::questions(&subject),
            is_drawn: subject.leads_somewhere(),
            bottlenecks: subject.bottlenecks,
            steps,
        }
    }

    /// Between 0 and 100, for whom it is asked.
    pub fn score(&self) -> f64 {
        self.scores[self.level as usize].1
    }

    /// What that comes to.
    pub fn grade(&self) -> Grade {
        Grade::of(self.score())
    }
}

/// What each step earns.
pub(super) fn steps(subject: &Subject) -> Vec<StepReview> {
    let is_drawn = subject.leads_somewhere();
    Step::ALL.into_iter().map(|step| StepReview::of(step, subject, is_drawn)).collect()
}

/// The points of the steps by what these weigh. One that can't be judged at all weighs nothing.
pub(super) fn weighted(steps: impl IntoIterator<Item = (Step, Option<f64>)>, level: Level) -> f64 {
    let (mut all, mut got) = (0.0, 0.0);
    for (step, points) in steps {
        let Some(points) = points else { continue };
        let weight = f64::from(level.weight(step));
        all += weight;
        got += weight * points / POINTS;
    }
    if all > 0.0 { 100.0 * got / all } else { 0.0 }
}

impl StepReview {
    fn of(step: Step, subject: &Subject, is_drawn: bool) -> Self {
        let mut of_step = RUBRIC.iter().filter(|it| it.step == step);
        let mut marks: Vec<Mark> = Vec::new();
        if step != Step::Clarify && !is_drawn {
            let first = of_step.next();
            marks.extend(first.map(|criterion| Mark { criterion, evidence: vec![nothing_to_judge()] }));
            marks.extend(of_step.map(|criterion| Mark { criterion, evidence: Vec::new() }));
        } else {
            marks.extend(of_step.map(|criterion| Mark::of(criterion, subject)));
        }
        Self { step, marks, say: saying::saying(subject, step) }
    }

    /// Of 20, by what can be judged; none where nothing can.
    pub fn points(&self) -> Option<f64> {
        let judged = || self.marks.iter().filter(|it| it.is_judged());
        let all: f64 = judged().map(|it| f64::from(it.criterion.points)).sum();
        let got: f64 = judged().map(Mark::points).sum();
        (all > 0.0).then(|| POINTS * got / all)
    }
}

/// What is said of a step for which there is nothing to look at yet.
fn nothing_to_judge() -> Evidence {
    Evidence::missing(
        1.0,
        "nothing is drawn that a request comes to, so there is nothing to judge",
        None,
        "draw who calls, and what answers: `app -> api -> db`",
    )
}

impl Mark {
    fn of(criterion: &'static Criterion, subject: &Subject) -> Self {
        let mut evidence = (criterion.judge)(criterion, subject);
        // No more is taken than there is: each takes its part of it.
        let cost: f64 = evidence.iter().map(|it| it.cost).sum();
        if cost > 1.0 {
            for it in &mut evidence {
                it.cost /= cost;
            }
        }
        Self { criterion, evidence }
    }

    /// Whether anything speaks for it or against it.
    pub fn is_judged(&self) -> bool {
        !self.evidence.is_empty()
    }

    /// What is left of the criterion's points.
    pub fn points(&self) -> f64 {
        let cost: f64 = self.evidence.iter().map(|it| it.cost).sum();
        f64::from(self.criterion.points) * (1.0 - cost).max(0.0)
    }

    /// The points that a piece of its evidence takes.
    pub fn taken(&self, evidence: &Evidence) -> f64 {
        f64::from(self.criterion.points) * evidence.cost
    }
}

/// A score of which no more than so much is given: what would be more shares the last point below that, so that of two
/// such designs the better one still stands first.
pub(super) fn held_down(score: f64, most: f64) -> f64 {
    let knee = most - SHARED;
    if score <= knee { score } else { knee + (score - knee) * SHARED / (100.0 - knee) }
}

/// What holds a design down: its errors, and the warnings that something is there for nothing.
fn grave<'a>(findings: impl Iterator<Item = &'a Diagnostic>) -> (Vec<&'a Diagnostic>, Vec<&'a Diagnostic>) {
    let is_grave = |it: &&Diagnostic| match it.severity {
        Severity::Error => true,
        Severity::Warning => it.code.starts_with("LP8"),
        Severity::Advice => false,
    };
    findings.filter(is_grave).partition(|it| it.severity == Severity::Error)
}

/// What is wrong for sure can't be made up for elsewhere; nor can a design for another scale. A reason for it is worth a
/// grade.
fn held(subject: &Subject) -> Option<Held> {
    let full = overloaded(subject, BEYOND_ASSUMPTION, "at peak", MOST_OF_FULL);
    held_by_findings(subject)
        .into_iter()
        .chain(full)
        .chain(unkept(subject))
        .chain(uncarried(subject))
        .min_by(|one, other| one.at.total_cmp(&other.at))
}

/// That what users wait for gets more than so many times what it carries.
pub(super) fn overloaded(subject: &Subject, times: f64, when: &str, at: f64) -> Option<Held> {
    let (busy, component) = fullest(subject).filter(|(busy, _)| capacity::exceeds(busy.share(), times))?;
    let says = format!("`{}` is {} busy {when}", component.name, figures::percent(busy.share()));
    Some(Held { at, says, codes: Vec::new() })
}

/// That most of what comes is carried by no flow, and so was held against nothing.
fn uncarried(subject: &Subject) -> Option<Held> {
    let (stated, taken) = subject.analysis.load.left_over(subject.architecture)?;
    let [stated, taken] = figures::apart(stated, taken);
    let says = format!("{stated} come on average, and its flows carry {taken} of it");
    let codes = subject.found("LP901").map(|it| (it.code, it.span())).into_iter().collect();
    Some(Held { at: MOST_OF_FULL, says, codes })
}

/// That no flow is up as often as it promises.
fn unkept(subject: &Subject) -> Option<Held> {
    let mut promised =
        subject.analysis.judged().filter_map(|(journey, judged)| Some((journey.promise.slo?, judged)));
    let is_missed = |(slo, judged): (f64, &FlowAvailability)| exceeds(1.0 - judged.low.lower(), 1.0 - slo);
    let found = subject.found("LP103").filter(|_| promised.all(is_missed))?;
    let says = "no flow is up as often as it promises".to_owned();
    Some(Held { at: MOST_OF_UNKEPT, says, codes: vec![(found.code, found.span())] })
}

fn held_by_findings(subject: &Subject) -> Option<Held> {
    let (accepted, unexplained): (Vec<_>, Vec<_>) = subject.accepted().partition(|it| it.reason.is_some());
    let unexplained = unexplained.into_iter().map(|it| &it.diagnostic);
    let (errors, excess) = grave(subject.findings.iter().copied().chain(unexplained));
    let (accepted, explained) = grave(accepted.into_iter().map(|it| &it.diagnostic));
    let (at, says, findings) = if !errors.is_empty() {
        (MOST_OF_BROKEN, wrong(&errors), errors)
    } else if excess.len() >= OF_ANOTHER_SCALE {
        (MOST_OF_BROKEN, "it is a design for another scale".to_owned(), excess)
    } else if !excess.is_empty() {
        (MOST_OF_HEAVY, "something in it is there for another scale".to_owned(), excess)
    } else if !accepted.is_empty() {
        (MOST_OF_HEAVY, format!("{}, and is accepted", wrong(&accepted)), accepted)
    } else if explained.len() >= OF_ANOTHER_SCALE {
        (MOST_OF_HEAVY, "it is a design for another scale, and says why".to_owned(), explained)
    } else {
        return None;
    };
    let mut codes: Vec<(&'static str, Span)> = findings.iter().map(|it| (it.code, it.span())).collect();
    codes.sort_by_key(|it| it.0);
    codes.dedup_by_key(|it| it.0);
    Some(Held { at, says, codes })
}

/// What is wrong, by the families of the rules that found it.
fn wrong(errors: &[&Diagnostic]) -> String {
    const WORDS: [(&[&str], &str); 6] = [
        (&["LP0"], "not all of its text can be read as it is meant"),
        (&["LP1", "LP307"], "a promise is broken"),
        (&["LP3"], "a part can't carry what comes to it"),
        (&["LP2", "LP4"], "something that must not get lost, or come out wrong, can"),
        (&["LP5"], "a door is open"),
        (&["LP9"], "its numbers contradict each other"),
    ];
    let is_of = |codes: &[&str], error: &Diagnostic| codes.iter().any(|it| error.code.starts_with(it));
    let mut told: Vec<&str> = Vec::new();
    for error in errors {
        let words = WORDS.iter().find(|(codes, _)| is_of(codes, error));
        let word = words.map_or("something does not work as it is drawn", |(_, word)| *word);
        if !told.contains(&word) {
            told.push(word);
        }
    }
    let all = told.join("; ");
    // What follows from it is told with it, and can't be judged before.
    match errors.first().filter(|it| rules::is_of_the_language(it.code)) {
        Some(first) => format!("{all}; mend first: {}", first.message),
        None => all,
    }
}

/// Those with a reason first, then what is accepted, then what bears none.
fn trade_offs(subject: &Subject) -> Vec<TradeOff> {
    let architecture = subject.architecture;
    let explained = architecture.bearers().filter_map(|it| {
        let properties = it.properties();
        let reason = properties.reason()?.to_owned();
        let place = properties.span(Property::Because)?;
        let price = subject.explained().iter().find(|it| it.allow == place);
        let price = price.map(|it| it.diagnostic.message.clone());
        Some(TradeOff { element: it.name(architecture), place, reason: Some(reason), price })
    });
    let accepted = subject.design.suppressed.iter().map(|it| TradeOff {
        element: it.diagnostic.element.clone(),
        place: it.allow,
        reason: it.reason.clone(),
        price: Some(it.diagnostic.message.clone()),
    });
    let asked = subject.findings.iter().filter(|it| it.code == "LP910").flat_map(|it| &it.labels);
    let open = asked.map(|label| TradeOff {
        element: label.element.clone().unwrap_or_default(),
        place: label.span,
        reason: None,
        price: Some(label.message.clone()),
    });
    explained.chain(accepted).chain(open).collect()
}
