//! What an interview comes to: what was asked, what was estimated, and the design at the interviewer's own numbers.
//!
//! A design is judged by what is found in it, never by its likeness to the reference: of two sound shapes neither costs anything.

use super::beside::{self, Beside};
use super::figure::figure;
use super::prompt::{self, Mistake, Reckoning, Topic};
use super::review::{self, Held, Review, StepReview, held_down, weighted};
use super::rubric::{Evidence, Grade, Level, POINTS, Step};
use super::session::{Session, is_same};
use super::subject::Subject;
use crate::analysis::estimate::{Amount, Line};
use crate::catalogue::Kind;
use crate::check::what_if::{self, Question};
use crate::check::{Checked, Config, Loader, Profile, check};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::{self, ast};

/// What of the points of the second step the estimates earn; the rest is how far the design can be reckoned with.
const ESTIMATES: f64 = 0.6;
/// Up to so many times too much or too little an estimate is right: it leads to the same design.
const RIGHT: f64 = 3.0;
/// Up to here it is close: of the same order of magnitude.
const CLOSE: f64 = 10.0;
/// What is left of the points of one that is close.
const HALF: f64 = 0.5;

/// Feedback on an interview.
#[derive(Debug)]
pub struct Verdict {
    /// What the file says of its interview.
    pub session: Session,
    /// For whom.
    pub level: Level,
    /// What was asked and what was not, in the order of the prompt.
    pub clarified: Vec<Clarified>,
    /// The estimates, in the order of the prompt.
    pub estimated: Vec<Estimated>,
    /// Numbers of the interviewer that the file does not state, or states otherwise: by these the design is judged.
    pub numbers: Vec<Number>,
    /// The design with these numbers.
    pub design: Checked,
    /// How it stands.
    pub review: Review,
    /// What keeps it from a better grade, whatever else is right: of its review, or that it does not carry the load.
    pub held: Option<Held>,
    /// Mistakes of this very question that findings point to.
    pub mistakes: Vec<Made>,
    /// What a reference design has that this has not, and what it does without. It costs nothing.
    pub beside: Vec<Beside>,
}

/// A topic, and whether it was asked for.
#[derive(Debug)]
pub struct Clarified {
    /// What.
    pub topic: &'static Topic,
    /// The comment that says so.
    pub asked: Option<Span>,
}

/// A number of the interviewer's.
#[derive(Debug)]
pub struct Number {
    /// The topic that reveals it.
    pub topic: &'static Topic,
    /// Its property.
    pub name: &'static str,
    /// What it is.
    pub told: String,
    /// What the file says, and where; none where it says nothing.
    pub said: Option<(String, Span)>,
    /// Whether it was asked for.
    pub is_asked: bool,
}

impl Number {
    /// Whether the file says the same, though nobody asked.
    pub fn is_guessed(&self) -> bool {
        self.said.as_ref().is_some_and(|it| is_same(&it.0, &self.told))
    }
}

/// A figure, and how near somebody came to it.
#[derive(Debug)]
pub struct Estimated {
    /// Which.
    pub reckoning: &'static Reckoning,
    /// What it is in the reference design, with its working.
    pub truth: Line,
    /// What the file says, and where; none where it has no line for it.
    pub said: Option<(String, Span)>,
    /// How near that is.
    pub nearness: Nearness,
}

/// How near an estimate is.
#[derive(Clone, Debug, PartialEq)]
pub enum Nearness {
    /// Near enough for the same design.
    Right,
    /// Of the same order of magnitude: so many times the figure.
    Close(f64),
    /// Of another one: so many times the figure.
    Off(f64),
    /// There is none.
    Missing,
    /// It is no figure of the kind: why.
    Unreadable(String),
}

impl Nearness {
    /// The word for it in every output.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Close(_) => "close",
            Self::Off(_) => "off",
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// The part of its points that it earns.
    pub fn share(&self) -> f64 {
        match self {
            Self::Right => 1.0,
            Self::Close(_) => HALF,
            Self::Off(_) | Self::Missing | Self::Unreadable(_) => 0.0,
        }
    }

    fn of(said: &str, truth: Amount) -> Self {
        if said.is_empty() || said == "?" {
            return Self::Missing;
        }
        match figure(said, truth, RIGHT) {
            Err(why) => Self::Unreadable(why),
            Ok(said) => match said / value(truth) {
                times if times.max(1.0 / times) <= RIGHT => Self::Right,
                times if times.max(1.0 / times) <= CLOSE => Self::Close(times),
                times => Self::Off(times),
            },
        }
    }
}

/// A mistake, and the finding that points to it.
#[derive(Debug)]
pub struct Made {
    /// Which.
    pub mistake: &'static Mistake,
    /// The rule.
    pub code: &'static str,
    /// Where.
    pub place: Span,
    /// What was found.
    pub says: String,
}

impl Verdict {
    /// On the file of an interview.
    ///
    /// # Errors
    /// Says why the file is of no interview.
    pub fn of(file: SourceFile, loader: &dyn Loader, config: &Config, level: Level) -> Result<Self, String> {
        let session = Session::read(&file.text)?;
        let config = Config { profile: Profile::Review, ..config.clone() };
        let reference = session.tier.reference();
        let (tree, _) = syntax::parse(FileId(0), &file.text);
        let numbers = numbers(&session, &tree, &file.text);
        let clarified = clarified(&session, &tree);
        let design = at_numbers(file, loader, &config, &numbers);
        let mut review = Review::of(&design, level);
        expect(&mut review, &review::steps(&Subject::of(&reference)), &design);
        Ok(Self {
            level,
            clarified,
            estimated: session
                .prompt
                .reckonings
                .iter()
                .filter_map(|it| estimated(&session, it, &reference))
                .collect(),
            mistakes: mistakes(session.prompt.mistakes, &design),
            beside: beside::beside(&design, &reference),
            held: held(&review, &design, &reference),
            numbers,
            review,
            design,
            session,
        })
    }

    /// Whether there is a design: something that carries requests, and so can fail and be full.
    pub fn is_drawn(&self) -> bool {
        self.review.is_drawn
    }

    /// Of 20. What is not there to be judged earns nothing.
    pub fn points(&self, step: Step) -> f64 {
        let reviewed = || {
            let step = self.review.steps.iter().find(|it| it.step == step && self.is_drawn());
            step.and_then(StepReview::points).unwrap_or(0.0)
        };
        match step {
            Step::Clarify => {
                let earned = self.clarified.iter().filter(|it| it.asked.is_some());
                let earned: u32 = earned.map(|it| u32::from(it.topic.points)).sum();
                POINTS * f64::from(earned) / f64::from(self.session.prompt.points())
            }
            Step::Estimate => {
                let near: f64 = self.estimated.iter().map(|it| it.nearness.share()).sum();
                ESTIMATES * POINTS * near / self.estimated.len() as f64 + (1.0 - ESTIMATES) * reviewed()
            }
            _ => reviewed(),
        }
    }

    /// The points that one estimate is worth.
    pub fn worth(&self) -> f64 {
        ESTIMATES * POINTS / self.estimated.len() as f64
    }

    /// Between 0 and 100, at a level.
    pub fn score_at(&self, level: Level) -> f64 {
        let most = self.held.as_ref().map_or(100.0, |it| it.at);
        held_down(weighted(Step::ALL.map(|step| (step, Some(self.points(step)))), level), most)
    }

    /// The same for whom it is asked.
    pub fn score(&self) -> f64 {
        self.score_at(self.level)
    }

    /// What that comes to.
    pub fn grade(&self) -> Grade {
        Grade::of(self.score())
    }
}

/// What was asked. It is in the file: an answer whose numbers are gone is no answer any more.
fn clarified(session: &Session, tree: &ast::File) -> Vec<Clarified> {
    let is_there = |topic: &Topic| {
        let mut own = topic.states.iter().filter(|it| !it.contains('.'));
        own.all(|it| prompt::property(tree, it).is_some())
    };
    let asked = |topic: &Topic| {
        let asked = session.asked.iter().find(|it| it.0.name == topic.name);
        asked.filter(|it| is_there(it.0)).map(|it| it.1)
    };
    session.prompt.topics.iter().map(|topic| Clarified { topic, asked: asked(topic) }).collect()
}

/// The interviewer's numbers that a file does not state, or states otherwise, or states without having asked.
fn numbers(session: &Session, tree: &ast::File, text: &str) -> Vec<Number> {
    let mut numbers = Vec::new();
    for topic in session.prompt.topics {
        let is_asked = session.has_asked(topic);
        for name in topic.states {
            let Some(stated) = session.tier.stated(name) else { continue };
            let said = prompt::property(tree, name).map(|it| {
                let value = it.value.as_ref().map_or("", |it| &text[it.span.range()]);
                (value.to_owned(), it.span)
            });
            let is_as_told = said.as_ref().is_some_and(|it| is_same(&it.0, &stated.value));
            // A flow that is not drawn has nothing that could be judged by its figure.
            let is_drawn = name.split_once('.').is_none_or(|(flow, _)| prompt::flow(tree, flow).is_some());
            if is_drawn && !(is_asked && is_as_told) {
                numbers.push(Number { topic, name, told: stated.value, said, is_asked });
            }
        }
    }
    numbers
}

/// The design with numbers put in that it does not have. Before there is one they would only be given away.
fn at_numbers(file: SourceFile, loader: &dyn Loader, config: &Config, numbers: &[Number]) -> Checked {
    let changed = numbers.iter().filter(|it| !it.is_guessed());
    let settings = changed.map(|it| format!("{}={}", it.name, it.told)).collect();
    let question = Question { settings, ..Question::default() };
    match what_if::what_if(file.clone(), loader, config, &question) {
        Ok(answer) if !Subject::of(&answer.before).leads_somewhere() => answer.before,
        Ok(answer) => answer.after.unwrap_or(answer.before),
        // A text that is too broken to take them is judged as it is.
        Err(_) => check(file, loader, config),
    }
}

fn estimated(session: &Session, reckoning: &'static Reckoning, reference: &Checked) -> Option<Estimated> {
    let truth = reckoning.line(reference)?;
    let said = session.estimated.iter().find(|it| it.0.name == reckoning.name);
    let said = said.map(|(_, text, place)| (text.clone(), *place));
    let nearness = Nearness::of(said.as_ref().map_or("", |it| &it.0), truth.amount);
    Some(Estimated { reckoning, truth, said, nearness })
}

/// How much it is, in the base unit.
fn value(amount: Amount) -> f64 {
    match amount {
        Amount::Count(it) => it,
        Amount::Rate(it) => it.per_second(),
        Amount::Size(it) => it.bytes(),
        Amount::Throughput(it) => it.bytes_per_second(),
    }
}

/// The most that a design gets that does not carry the interviewer's load, be it by assumed figures: fair. By stated ones it is an
/// error, and weak.
const MOST_OF_FULL: f64 = 65.0;

/// The most that a design gets that keeps nothing where something is to be kept: it does not do what is asked.
const MOST_OF_EMPTY: f64 = 54.0;

fn held(review: &Review, design: &Checked, reference: &Checked) -> Option<Held> {
    let full = review::overloaded(&Subject::of(design), 1.0, "at the interviewer's peak", MOST_OF_FULL);
    let keeps = |design: &Checked| {
        design.architecture.components().any(|it| it.kind.is_store() || it.kind == Kind::Cache)
    };
    let empty = (review.is_drawn && keeps(reference) && !keeps(design)).then(|| Held {
        at: MOST_OF_EMPTY,
        says: "it keeps nothing, and something is to be kept".to_owned(),
        codes: Vec::new(),
    });
    let all = review.held.clone().into_iter().chain(full).chain(empty);
    all.min_by(|one, other| one.at.total_cmp(&other.at))
}

/// Takes for missing what a reference is judged by and this design can't be: a review leaves that open, and an interviewer
/// does not. What a sound design may do without, a queue or a choice that has to be explained, stays open; so does the load of
/// one that is managed throughout.
fn expect(review: &mut Review, reference: &[StepReview], design: &Checked) {
    if !review.is_drawn {
        return;
    }
    let subject = Subject::of(design);
    let is_managed =
        subject.reached().all(|it| it.is_managed() || it.kind.is_proxy() || it.kind == Kind::Dns);
    let judged = |step: Step, name: &str| {
        let step = reference.iter().find(|it| it.step == step);
        step.is_some_and(|it| it.marks.iter().any(|it| it.criterion.name == name && it.is_judged()))
    };
    for step in review.steps.iter_mut().filter(|it| it.step != Step::Clarify) {
        let at = step.step;
        for mark in step.marks.iter_mut().filter(|it| !it.is_judged()) {
            let may_be_open = ["LP201", "LP910"].iter().any(|it| mark.criterion.counts(it))
                || is_managed && ["LP301", "LP303"].iter().any(|it| mark.criterion.counts(it))
                || is_managed && at == Step::Estimate;
            if !may_be_open && judged(at, mark.criterion.name) {
                let says = "nothing is there that it could be judged by";
                let remedy = "draw what it takes, and state its figures";
                mark.evidence.push(Evidence::missing(1.0, says, None, remedy));
            }
        }
    }
}

fn mistakes(mistakes: &'static [Mistake], design: &Checked) -> Vec<Made> {
    let subject = Subject::of(design);
    let made = |mistake: &'static Mistake| {
        let finding = subject.findings.iter().find(|it| mistake.rules.contains(&it.code))?;
        Some(Made { mistake, code: finding.code, place: finding.span(), says: finding.message.clone() })
    };
    mistakes.iter().filter_map(made).collect()
}
