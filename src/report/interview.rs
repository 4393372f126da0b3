//! The mock interview for readers and programs: its prompts, what the interviewer answers, and the verdict.
//!
//! [`Outcome`] is plain data, described in `docs/json.md`; the formats are made of it alone.

mod markdown;
mod prompts;
mod text;

use serde::Serialize;

use super::before_after::Tool;
use super::estimate::Row;
use super::review::{Feedback, Place, sentence};
use super::scored::{Earned, Scored, Weights, tenths};
use super::text::{Look, printable, wrap};
use super::{Form, json};
use crate::figures;
use crate::interview::{self, Answered, Nearness, POINTS, Refusal, Verdict};
use crate::source::Sources;

pub use prompts::{json as list_in_json, markdown as list_in_markdown, text as list};

/// The version of the format.
pub const VERSION: u32 = 1;

/// All formats of a verdict.
#[rustfmt::skip] // One a line, so that formats that are added at the same time seldom meet.
pub static FORMATS: &[&Format] = &[
    &text::FORMAT,
    &markdown::FORMAT,
    &FORMAT,
    &super::page::interview::FORMAT,
];

/// A way to write a verdict.
pub type Format = Form<fn(&Outcome, Look) -> String>;

/// For programs.
static FORMAT: Format =
    Format { name: "json", alias: None, about: "For programs", render: |it, _| json::pretty(it) };

/// What an interview comes to.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub(super) version: u32,
    pub(super) tool: Tool,
    pub(super) prompt: &'static str,
    pub(super) tier: &'static str,
    pub(super) title: &'static str,
    /// What it comes to.
    #[serde(flatten)]
    pub(super) scored: Scored,
    pub(super) steps: Vec<Step>,
    /// What was asked; what was not is among them once there is a design.
    pub(super) topics: Vec<Topic>,
    /// Until then what is open, by what it is about.
    pub(super) open: Vec<Open>,
    pub(super) estimates: Vec<Estimate>,
    /// The interviewer's numbers that were not asked for, or that the file says otherwise.
    pub(super) numbers: Vec<Number>,
    pub(super) mistakes: Vec<Mistake>,
    /// Mistakes that no rule can see.
    pub(super) unseen: Vec<Mistake>,
    /// Whether there is a design: without one the steps after the estimates earn nothing.
    pub(super) is_drawn: bool,
    /// What the reference design is, in its own words; nothing before there is another beside it.
    pub(super) reference: Option<String>,
    pub(super) beside: Vec<Beside>,
    /// On the design alone, at the interviewer's numbers.
    pub(super) review: Feedback,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) points: f64,
    pub(super) of: f64,
    pub(super) weights: Weights,
}

#[derive(Debug, Serialize)]
pub(super) struct Topic {
    pub(super) name: &'static str,
    pub(super) asks: &'static str,
    pub(super) is_asked: bool,
    /// What asking it earns, of 20.
    pub(super) worth: f64,
    pub(super) why: &'static str,
    pub(super) place: Option<Place>,
}

/// Topics that nobody has asked.
#[derive(Debug, Serialize)]
pub(super) struct Open {
    pub(super) about: &'static str,
    pub(super) count: usize,
    /// What asking all of them earns, of 20.
    pub(super) worth: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct Estimate {
    pub(super) name: &'static str,
    pub(super) asks: &'static str,
    /// What the file says.
    pub(super) said: Option<String>,
    /// `right`, `close`, `off`, `missing` or `unreadable`.
    pub(super) verdict: &'static str,
    /// So many times the figure, where it is not right.
    pub(super) times: Option<f64>,
    /// Why it can't be read.
    pub(super) trouble: Option<String>,
    pub(super) points: f64,
    pub(super) of: f64,
    /// What it is, as are the four below: nothing before there is a design.
    pub(super) value: Option<f64>,
    pub(super) unit: Option<&'static str>,
    /// The value as people read it.
    pub(super) shown: Option<String>,
    pub(super) working: Option<String>,
    pub(super) how: Option<&'static str>,
    pub(super) place: Option<Place>,
}

#[derive(Debug, Serialize)]
pub(super) struct Number {
    pub(super) topic: &'static str,
    pub(super) name: &'static str,
    /// What the interviewer says.
    pub(super) told: String,
    /// What the file says.
    pub(super) said: Option<String>,
    pub(super) is_asked: bool,
    /// Whether the file has it right, though nobody asked.
    pub(super) is_guessed: bool,
    pub(super) place: Option<Place>,
}

#[derive(Debug, Serialize)]
pub(super) struct Mistake {
    pub(super) what: &'static str,
    pub(super) why: &'static str,
    /// What points to it.
    pub(super) says: Option<String>,
    pub(super) rule: Option<&'static str>,
    pub(super) place: Option<Place>,
}

#[derive(Debug, Serialize)]
pub(super) struct Beside {
    pub(super) says: String,
    pub(super) place: Option<Place>,
}

/// What is said in place of all that would give the answers away before there is a design.
pub(super) const WITHHELD: &str = "Ask, estimate and draw: what was not asked, the figures, and what is right at this scale \
                                   are told once there is a design that can be judged.";

impl Outcome {
    /// Of a verdict. An interview that hardly began is told how it stands, and none of the answers.
    pub fn of(verdict: Verdict) -> Self {
        let step = |step: interview::Step| Step {
            name: step.name(),
            points: tenths(verdict.points(step)),
            of: POINTS,
            weights: Weights::of(step),
        };
        let scored = Scored::of(verdict.level, verdict.held.as_ref(), |it| verdict.score_at(it));
        let steps = interview::Step::ALL.map(step).into();
        let (is_drawn, worth) = (verdict.is_drawn(), verdict.worth());
        let Verdict { session, clarified, estimated, numbers, design, review, mistakes, beside, .. } =
            verdict;
        let (prompt, tier, sources) = (session.prompt, session.tier, &design.sources);
        let each = POINTS / f64::from(prompt.points());
        let open = if is_drawn { Vec::new() } else { Open::all(&clarified, each) };
        let topic = |it: interview::Clarified| Topic {
            name: it.topic.name,
            asks: it.topic.asks,
            is_asked: it.asked.is_some(),
            worth: tenths(each * f64::from(it.topic.points)),
            why: it.topic.why,
            place: it.asked.map(|span| Place::of(sources, span)),
        };
        let unseen = prompt.mistakes.iter().filter(|it| is_drawn && it.rules.is_empty());
        Self {
            version: VERSION,
            tool: Tool::THIS,
            prompt: prompt.name,
            tier: tier.name,
            title: prompt.title,
            scored,
            steps,
            topics: clarified.into_iter().filter(|it| is_drawn || it.asked.is_some()).map(topic).collect(),
            open,
            estimates: estimated.into_iter().map(|it| Estimate::of(sources, it, worth, is_drawn)).collect(),
            numbers: numbers.into_iter().filter(|_| is_drawn).map(|it| Number::of(sources, it)).collect(),
            mistakes: mistakes.into_iter().map(|it| Mistake::of(sources, &it)).collect(),
            unseen: unseen.map(Mistake::unseen).collect(),
            is_drawn,
            reference: is_drawn.then(|| tier.summary()),
            beside: beside.into_iter().filter(|_| is_drawn).map(|it| Beside::of(sources, it)).collect(),
            review: Feedback::told(&design, review),
        }
    }

    pub(super) fn heading(&self) -> String {
        format!("{}, {}: {}", self.title, self.tier, self.scored.told())
    }

    /// What each step earned.
    pub(super) fn earned(&self) -> impl Iterator<Item = Earned> {
        self.steps.iter().map(|it| Earned {
            name: it.name,
            points: Some(it.points),
            of: it.of,
            weights: it.weights,
        })
    }

    /// Where something stands, behind a blank: ` (line 4)`.
    pub(super) fn stands(&self, place: Option<&Place>, rule: Option<&str>) -> String {
        self.review.stands(place, rule)
    }

    /// Numbers that the file states, though nobody asked for them.
    pub(super) fn guesses(&self) -> impl Iterator<Item = &Number> {
        self.numbers.iter().filter(|it| it.said.is_some() && !it.is_asked)
    }

    /// By what numbers the design is judged that its file does not have so, in a sentence each; nothing of what is not drawn.
    pub(super) fn put_in(&self) -> Vec<String> {
        let put_in = || self.numbers.iter().filter(|it| self.is_drawn && !it.is_guessed);
        let stated = put_in().filter(|it| it.said.is_some());
        let mut told: Vec<String> =
            stated.map(|it| sentence(&(it.says() + &self.stands(it.place.as_ref(), None)))).collect();
        for (is_asked, head) in [(true, "Told, and not in the file"), (false, "Not asked for")] {
            let unsaid = put_in().filter(|it| it.said.is_none() && it.is_asked == is_asked);
            let numbers: Vec<String> = unsaid.map(|it| format!("{} = {}", it.name, it.told)).collect();
            if !numbers.is_empty() {
                told.push(format!("{head}: {}.", figures::listed(&numbers, numbers.len())));
            }
        }
        told
    }
}

impl Open {
    fn all(topics: &[interview::Clarified], each: f64) -> Vec<Self> {
        let of = |about: &'static str| {
            let open = || topics.iter().filter(|it| it.asked.is_none() && it.topic.subject() == about);
            let points: u32 = open().map(|it| u32::from(it.topic.points)).sum();
            Self { about, count: open().count(), worth: tenths(each * f64::from(points)) }
        };
        interview::SUBJECTS.iter().map(|it| of(it.0)).filter(|it| it.count > 0).collect()
    }

    /// In a line: `2 open: what may be late, wrong, lost or down`.
    pub(super) fn told(&self) -> String {
        format!("{} open: {}", self.count, self.about)
    }
}

impl Estimate {
    fn of(sources: &Sources, it: interview::Estimated, worth: f64, is_told: bool) -> Self {
        let points = tenths(worth * it.nearness.share());
        let (times, trouble) = match &it.nearness {
            Nearness::Close(times) | Nearness::Off(times) => (Some(*times), None),
            Nearness::Unreadable(why) => (None, Some(why.clone())),
            Nearness::Right | Nearness::Missing => (None, None),
        };
        let Row { value, unit, shown, working, .. } = Row::of(it.truth);
        Self {
            name: it.reckoning.name,
            asks: it.reckoning.asks,
            verdict: it.nearness.name(),
            times: times.filter(|_| is_told),
            trouble,
            points,
            of: tenths(worth),
            value: value.filter(|_| is_told),
            unit: is_told.then_some(unit),
            shown: is_told.then_some(shown),
            working: working.filter(|_| is_told),
            how: is_told.then_some(it.reckoning.how),
            place: it.said.as_ref().map(|it| Place::of(sources, it.1)),
            said: it.said.map(|it| it.0),
        }
    }

    /// What is said of it in a line: `7k/s is right: 6 944/s`.
    pub(super) fn told(&self) -> String {
        let said = printable(self.said.as_deref().unwrap_or_default());
        let Some(shown) = &self.shown else { return self.told_alone(&said) };
        match (self.verdict, self.times, &self.trouble) {
            ("right", ..) => format!("{said} is right: {shown}"),
            ("missing", ..) => format!("nothing is estimated; it is {shown}"),
            (_, Some(times), _) if times > 1.0 => {
                format!("{said} is {} times too much: it is {shown}", figures::number(times))
            }
            (_, Some(times), _) => {
                format!("{said} is {} times too little: it is {shown}", figures::number(1.0 / times))
            }
            (_, None, why) => {
                let why = why.as_deref().unwrap_or("it is no figure");
                format!("`{said}` is no answer ({}); it is {shown}", printable(why))
            }
        }
    }

    /// The same without the figure.
    fn told_alone(&self, said: &str) -> String {
        match (self.verdict, &self.trouble) {
            ("missing", _) => "nothing is estimated".to_owned(),
            (_, Some(why)) => format!("`{said}` is no answer: {}", printable(why)),
            (verdict, None) => format!("{said} is {verdict}"),
        }
    }

    /// How it comes about, in words and in figures.
    pub(super) fn reckoned(&self) -> Option<String> {
        let working = self.working.as_ref().map(|it| format!(" = {it}")).unwrap_or_default();
        Some(format!("{}{working}", self.how?))
    }
}

impl Number {
    fn of(sources: &Sources, it: interview::Number) -> Self {
        Self {
            topic: it.topic.name,
            name: it.name,
            is_asked: it.is_asked,
            is_guessed: it.is_guessed(),
            told: it.told,
            place: it.said.as_ref().map(|it| Place::of(sources, it.1)),
            said: it.said.map(|it| it.0),
        }
    }

    /// What is said of it in a line.
    pub(super) fn says(&self) -> String {
        let Self { name, told, .. } = self;
        match (self.said.as_deref().map(printable), self.is_guessed, self.is_asked) {
            (Some(said), true, _) => format!("`{name} = {said}` is a guess, and right"),
            (Some(said), _, true) => format!("`{name} = {said}`, and the interviewer said {told}"),
            (Some(said), _, false) => format!("`{name} = {said}` is a guess: it is {told}"),
            (None, ..) => format!("`{name} = {told}` is not in the file"),
        }
    }
}

impl Mistake {
    fn of(sources: &Sources, it: &interview::Made) -> Self {
        Self {
            what: it.mistake.what,
            why: it.mistake.why,
            says: Some(it.says.clone()),
            rule: Some(it.code),
            place: Some(Place::of(sources, it.place)),
        }
    }

    fn unseen(it: &interview::Mistake) -> Self {
        Self { what: it.what, why: it.why, says: None, rule: None, place: None }
    }
}

impl Beside {
    fn of(sources: &Sources, it: interview::Beside) -> Self {
        Self { place: it.place.map(|span| Place::of(sources, span)), says: it.says }
    }
}

/// What the interviewer says, in the columns of a terminal.
pub fn spoken(said: &str, look: Look) -> String {
    wrap(said, look.width).into_iter().map(|line| format!("{line}\n")).collect()
}

/// Names of one remark, at most.
const MOST_NAMES: usize = 8;

/// What the interviewer says, and what is now in the candidate's file.
pub fn answer(answered: &Answered, file: &str, look: Look) -> String {
    let Answered { topic, answer, is_known, kept, flows, .. } = answered;
    let mut shown = String::new();
    let mut say = |text: &str| shown += &spoken(text, look);
    say(&format!("{answer} ({})", topic.name));
    if *is_known {
        say(&format!("`{file}` has that already, and stays as it is."));
        return shown;
    }
    let stays = |name: &str| kept.iter().any(|it| it.0 == name);
    let written: Vec<&str> = topic.states.iter().copied().filter(|it| !stays(it)).collect();
    let written = if written.is_empty() {
        String::new()
    } else {
        format!(": {}", figures::listed(&written, MOST_NAMES))
    };
    if kept.len() < topic.states.len() || topic.states.is_empty() {
        say(&format!("`{file}` has it now{written}."));
    }
    for (name, own, told) in kept {
        say(&format!(
            "It says `{name} = {}` of its own, which stays; the interviewer says {told}.",
            printable(own)
        ));
    }
    if !flows.is_empty() {
        let flows = figures::listed(flows, MOST_NAMES);
        say(&format!(
            "Its figure stands in {flows}: draw the path there, or take the figure to a flow of yours."
        ));
    }
    shown
}

/// Why the interviewer has no answer.
pub fn refused(file: &str, refusal: &Refusal) -> String {
    match refusal {
        Refusal::NoInterview(why) => format!("`{file}`: {}", printable(why)),
        Refusal::NoAnswer(0, _) => {
            "the interviewer has no answer to that; nothing is open any more".to_owned()
        }
        Refusal::NoAnswer(open, subjects) => {
            let open = figures::count(*open, "question is open", "questions are open");
            format!(
                "the interviewer has no answer to that; {open} ({}): ask one thing, in plain words",
                subjects.join("; ")
            )
        }
        Refusal::LeftOpen(says) => format!("{says}. (left open: nothing is written)"),
        Refusal::Several => {
            "that asks for several things at once, and one answer would hide that the others are \
             open: one thing at a time"
                .to_owned()
        }
        Refusal::Unreadable(line, why) => {
            let place = line.map(|it| format!(":{it}")).unwrap_or_default();
            format!("`{file}{place}`: {}; nothing is written until that is mended", printable(why))
        }
    }
}
