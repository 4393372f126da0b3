//! A verdict for a terminal.

use std::fmt::Write as _;

use super::{Format, Outcome, Step, WITHHELD};
use crate::report::review::text::{
    criteria, criterion, edges, hanging, heading, questions, scored, step_head,
};
use crate::report::review::{self, sentence};
use crate::report::scored::points;
use crate::report::text::{Look, Style};

/// For a reader.
pub(super) static FORMAT: Format = Format { name: "text", alias: None, about: "For a reader", render };

/// Under a sign and its points.
const INSIDE: &str = "          ";

fn render(outcome: &Outcome, look: Look) -> String {
    let mut shown = String::new();
    head(&mut shown, outcome, look);
    for (step, reviewed) in outcome.steps.iter().zip(&outcome.review.steps) {
        step_head(&mut shown, reviewed, &points(Some(step.points), step.of), look);
        match step.name {
            "clarify" => clarify(&mut shown, outcome, look),
            "estimate" => estimate(&mut shown, outcome, reviewed, look),
            "design" => {
                numbers(&mut shown, outcome, look);
                judged(&mut shown, outcome, (step, reviewed), look);
            }
            _ => judged(&mut shown, outcome, (step, reviewed), look),
        }
    }
    mistakes(&mut shown, outcome, look);
    beside(&mut shown, outcome, look);
    questions(&mut shown, &outcome.review, look);
    on(&mut shown, outcome, look);
    shown
}

fn head(shown: &mut String, outcome: &Outcome, look: Look) {
    let _ = writeln!(shown, "{}", look.paint(Style::Bold, &outcome.heading()));
    scored(shown, &outcome.scored, look);
}

/// What was asked is told in short, and what was not with its reason: that is what there is to learn.
fn clarify(shown: &mut String, outcome: &Outcome, look: Look) {
    for it in outcome.topics.iter().filter(|it| it.is_asked) {
        let stands = outcome.stands(it.place.as_ref(), None);
        hanging(shown, &mark(0.0, "+"), &format!("{}: asked{stands}", it.name), None, look);
    }
    for it in outcome.topics.iter().filter(|it| !it.is_asked) {
        hanging(
            shown,
            &mark(it.worth, "-"),
            &format!("{}: {}", it.name, it.asks),
            Some(Style::Warning),
            look,
        );
        hanging(shown, INSIDE, it.why, None, look);
    }
    for it in &outcome.open {
        hanging(shown, &mark(it.worth, "-"), &it.told(), Some(Style::Warning), look);
    }
    for it in outcome.guesses() {
        let told = it.says() + &outcome.stands(it.place.as_ref(), None);
        hanging(shown, &mark(0.0, "?"), &told, Some(Style::Help), look);
    }
}

/// What a point costs before the words for it, or a sign.
fn mark(cost: f64, sign: &str) -> String {
    let told = if cost > 0.0 { format!("{sign}{cost}") } else { sign.to_owned() };
    format!("{told:>8}  ")
}

fn estimate(shown: &mut String, outcome: &Outcome, reviewed: &review::Step, look: Look) {
    for it in &outcome.estimates {
        let style = (it.verdict != "right").then_some(Style::Warning);
        edges(shown, &format!("  {}: {}", it.name, it.verdict), &points(Some(it.points), it.of), style, look);
        let stands = outcome.stands(it.place.as_ref(), None);
        hanging(shown, INSIDE, &(it.told() + &stands), None, look);
        if let Some(reckoned) = it.reckoned().filter(|_| it.verdict != "right") {
            hanging(shown, INSIDE, &reckoned, Some(Style::Help), look);
        }
    }
    if !outcome.is_drawn {
        return;
    }
    hanging(shown, "  ", "The rest by the design itself, counted at two fifths:", Some(Style::Faint), look);
    for it in reviewed.criteria.iter().filter(|it| it.points.is_some()) {
        criterion(shown, &outcome.review, it, look);
    }
}

/// The numbers that the design is judged by, and that are not in the file.
fn numbers(shown: &mut String, outcome: &Outcome, look: Look) {
    let put_in = outcome.put_in();
    if !put_in.is_empty() {
        hanging(shown, "  ", "Judged by the interviewer's numbers:", Some(Style::Help), look);
    }
    for it in put_in {
        hanging(shown, "  - ", &it, Some(Style::Help), look);
    }
}

fn judged(shown: &mut String, outcome: &Outcome, (step, reviewed): (&Step, &review::Step), look: Look) {
    if outcome.is_drawn {
        criteria(shown, &outcome.review, reviewed, look);
    } else {
        hanging(
            shown,
            &mark(step.of, "-"),
            "nothing is drawn that could be judged",
            Some(Style::Warning),
            look,
        );
    }
}

fn mistakes(shown: &mut String, outcome: &Outcome, look: Look) {
    if !outcome.mistakes.is_empty() {
        heading(shown, "MISTAKES OF THIS QUESTION THAT FINDINGS POINT TO", look);
    }
    for it in &outcome.mistakes {
        hanging(shown, "  - ", it.what, Some(Style::Warning), look);
        let stands = outcome.stands(it.place.as_ref(), it.rule);
        let says = it.says.as_deref().unwrap_or_default();
        hanging(shown, "    ", &format!("{says}{stands}"), None, look);
        hanging(shown, "    ", it.why, None, look);
    }
    if !outcome.unseen.is_empty() {
        heading(shown, "MISTAKES OF THIS QUESTION THAT NO RULE SEES: ARE THEY YOURS?", look);
    }
    for it in &outcome.unseen {
        hanging(shown, "  - ", it.what, Some(Style::Bold), look);
        hanging(shown, "    ", it.why, None, look);
    }
}

fn beside(shown: &mut String, outcome: &Outcome, look: Look) {
    let Some(reference) = &outcome.reference else { return };
    heading(shown, "BESIDE A DESIGN THAT IS RIGHT AT THIS SCALE", look);
    hanging(shown, "  ", reference, None, look);
    for it in &outcome.beside {
        let stands = outcome.stands(it.place.as_ref(), None);
        hanging(shown, "  - ", &sentence(&format!("{}{stands}", it.says)), None, look);
    }
    hanging(
        shown,
        "  ",
        "To differ from it costs nothing; only findings and figures do.",
        Some(Style::Faint),
        look,
    );
}

fn on(shown: &mut String, outcome: &Outcome, look: Look) {
    shown.push('\n');
    if !outcome.is_drawn {
        return hanging(shown, "", WITHHELD, Some(Style::Faint), look);
    }
    let told = format!(
        "`loadpath interview reference {} --tier {}` shows that design, `loadpath review` judges yours with all that belongs to it.",
        outcome.prompt, outcome.tier
    );
    hanging(shown, "", &told, Some(Style::Faint), look);
}
