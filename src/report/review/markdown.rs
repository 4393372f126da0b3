//! A review as Markdown: for a pull request, or notes.

use std::fmt::Write as _;

use super::{Criterion, Feedback, Format, Step, sentence, worst};
use crate::figures;
use crate::report::before_after::markdown::{cell, head, row};
use crate::report::scored::{Earned, Scored, points};
use crate::report::text::capital;

/// For a pull request, or notes.
pub(super) static FORMAT: Format = Format {
    name: "markdown",
    alias: Some("md"),
    about: "For a pull request, or notes",
    render: |it, _| render(it),
};

fn render(feedback: &Feedback) -> String {
    let mut shown = String::new();
    let _ = writeln!(shown, "## {}: {}\n", cell(feedback.title()), feedback.scored.told());
    if let Some(held) = &feedback.scored.held {
        let _ = writeln!(shown, "**{}**\n", held.told());
    }
    scores(&mut shown, &feedback.scored, feedback.earned());
    for it in &feedback.steps {
        step(&mut shown, feedback, it);
    }
    rest(&mut shown, feedback);
    questions(&mut shown, feedback);
    shown
}

/// What each step earned, what it weighs, and what that comes to.
pub(in crate::report) fn scores(shown: &mut String, scored: &Scored, rows: impl Iterator<Item = Earned>) {
    head(shown, &["step", "points", "junior", "senior", "staff"]);
    for it in rows {
        let weights =
            [it.weights.junior, it.weights.senior, it.weights.staff].map(|it| format!("weighs {it}"));
        row(shown, &[it.name, &points(it.points, it.of), &weights[0], &weights[1], &weights[2]]);
    }
    let levels: Vec<String> =
        scored.levels.iter().map(|it| format!("**{}, {}**", it.score.round(), it.grade)).collect();
    row(shown, &["of 100", "", &levels[0], &levels[1], &levels[2]]);
}

fn step(shown: &mut String, feedback: &Feedback, step: &Step) {
    step_head(shown, step, &points(step.points, step.of));
    criteria(shown, feedback, step);
}

/// The name of a step with its points, and what it answers.
pub(in crate::report) fn step_head(shown: &mut String, step: &Step, points: &str) {
    let _ = writeln!(shown, "\n### {}: {points}\n", capital(step.name));
    let _ = writeln!(shown, "{}\n", step.asks);
}

/// What earned the points of a step, and what to say at it.
pub(in crate::report) fn criteria(shown: &mut String, feedback: &Feedback, step: &Step) {
    for it in &step.criteria {
        criterion(shown, feedback, it);
    }
    let _ = writeln!(shown, "\n> {}", cell(&step.say));
}

fn criterion(shown: &mut String, feedback: &Feedback, criterion: &Criterion) {
    let points = points(criterion.points, f64::from(criterion.of));
    let _ = writeln!(shown, "- **{}**: {points}", criterion.name);
    let (evidence, _) = worst(criterion, usize::MAX);
    for it in evidence {
        let mark = if it.takes > 0.0 { format!("−{}", it.takes) } else { "✓".to_owned() };
        let stands = place(feedback, it.place.as_ref(), it.rule);
        let _ = write!(shown, "  - {mark} {}{stands}", cell(&it.says));
        if let Some(remedy) = it.remedy.as_ref().filter(|_| it.takes > 0.0) {
            let _ = write!(shown, "<br>To do: {}", cell(remedy));
        }
        shown.push('\n');
    }
}

fn place(feedback: &Feedback, place: Option<&super::Place>, rule: Option<&str>) -> String {
    cell(&feedback.stands(place, rule))
}

fn rest(shown: &mut String, feedback: &Feedback) {
    if !feedback.bottlenecks.is_empty() {
        let _ = writeln!(shown, "\n### What is full first\n");
        head(shown, &["part", "busy at peak", "full", "what to do"]);
        for it in &feedback.bottlenecks {
            let assumed = if it.is_assumed { " (assumed)" } else { "" };
            let busy = format!("{}{assumed} = {}", figures::percent(it.utilisation), it.working);
            row(shown, &[&it.element, &busy, &it.full, &it.next]);
        }
    }
    if !feedback.trade_offs.is_empty() {
        let _ = writeln!(shown, "\n### Trade-offs\n");
        for it in &feedback.trade_offs {
            let price = it.price.as_ref().map(|it| format!(" {it};")).unwrap_or_default();
            let said = match &it.reason {
                Some(reason) => format!("because “{reason}”"),
                None => "and nothing says what for".to_owned(),
            };
            let stands = place(feedback, Some(&it.place), None);
            let _ = writeln!(shown, "- **{}**:{} {}{stands}", cell(&it.element), cell(&price), cell(&said));
        }
    }
    if !feedback.partitions.is_empty() {
        let _ = writeln!(shown, "\n### When nodes lose each other (CAP)\n");
        head(shown, &["store", "gives up", "what happens"]);
        for it in &feedback.partitions {
            row(shown, &[&it.element, it.gives_up, &it.says]);
        }
    }
}

pub(in crate::report) fn questions(shown: &mut String, feedback: &Feedback) {
    if feedback.questions.is_empty() {
        return;
    }
    let _ = writeln!(shown, "\n### What an interviewer asks next\n");
    for (at, it) in feedback.questions.iter().enumerate() {
        let stands = place(feedback, it.place.as_ref(), it.rule);
        let _ = writeln!(shown, "{}. **{}** Here: {}{stands}.", at + 1, cell(&it.asks), cell(&it.because));
        let _ = writeln!(shown, "   <details><summary>a good answer has</summary>\n");
        for answer in &it.answer {
            let _ = writeln!(shown, "   - {}", cell(&sentence(answer)));
        }
        let _ = writeln!(shown, "\n   </details>");
    }
}
