//! A review for a terminal.

use std::fmt::Write as _;

use super::{Criterion, Feedback, Format, Question, Step, sentence, worst};
use crate::figures;
use crate::report::scored::{Scored, points};
use crate::report::text::{Look, Style, printable, wrap};

/// For a reader.
pub(super) static FORMAT: Format = Format { name: "text", alias: None, about: "For a reader", render };

/// Pieces of evidence of one criterion that are told, at most. All other formats have all.
const MOST: usize = 4;

fn render(feedback: &Feedback, look: Look) -> String {
    let mut shown = String::new();
    head(&mut shown, feedback, look);
    for it in &feedback.steps {
        step(&mut shown, feedback, it, look);
    }
    bottlenecks(&mut shown, feedback, look);
    trade_offs(&mut shown, feedback, look);
    partitions(&mut shown, feedback, look);
    questions(&mut shown, feedback, look);
    rubric(&mut shown, feedback, look);
    shown
}

fn head(shown: &mut String, feedback: &Feedback, look: Look) {
    let title = format!("{}: {}", printable(feedback.title()), feedback.scored.told());
    let _ = writeln!(shown, "{}", look.paint(Style::Bold, &title));
    scored(shown, &feedback.scored, look);
}

/// The scores at all levels, and what holds them down.
pub(in crate::report) fn scored(shown: &mut String, scored: &Scored, look: Look) {
    let others = scored.levels.iter().map(|it| {
        let told = format!("{} {} ({})", it.level, it.score.round(), it.grade);
        if it.level == scored.level { format!("judged as {told}") } else { told }
    });
    hanging(shown, "", &others.collect::<Vec<_>>().join(" · "), Some(Style::Faint), look);
    if let Some(held) = &scored.held {
        hanging(shown, "", &held.told(), Some(Style::Error), look);
    }
}

/// Lines with a head before the first and room before the others.
pub(in crate::report) fn hanging(
    shown: &mut String,
    head: &str,
    text: &str,
    style: Option<Style>,
    look: Look,
) {
    let indent = head.chars().count();
    for (at, line) in wrap(text, look.width.saturating_sub(indent)).iter().enumerate() {
        let line = style.map_or_else(|| line.clone(), |style| look.paint(style, line));
        if at == 0 {
            let _ = writeln!(shown, "{head}{line}");
        } else {
            let _ = writeln!(shown, "{:indent$}{line}", "");
        }
    }
}

/// A name at the left and a figure at the right edge.
pub(in crate::report) fn edges(
    shown: &mut String,
    left: &str,
    right: &str,
    style: Option<Style>,
    look: Look,
) {
    let gap = look.width.saturating_sub(left.chars().count() + right.chars().count()).max(2);
    let paint = |text: &str| style.map_or_else(|| text.to_owned(), |style| look.paint(style, text));
    let _ = writeln!(shown, "{}{:gap$}{}", paint(left), "", paint(right));
}

pub(in crate::report) fn heading(shown: &mut String, word: &str, look: Look) {
    let _ = writeln!(shown, "\n{}", look.paint(Style::Bold, word));
}

fn step(shown: &mut String, feedback: &Feedback, step: &Step, look: Look) {
    step_head(shown, step, &points(step.points, step.of), look);
    criteria(shown, feedback, step, look);
}

/// The name of a step with its points, and what it answers.
pub(in crate::report) fn step_head(shown: &mut String, step: &Step, points: &str, look: Look) {
    shown.push('\n');
    edges(shown, &step.name.to_uppercase(), points, Some(Style::Bold), look);
    hanging(shown, "", step.asks, Some(Style::Faint), look);
}

/// What earned the points of a step, and what to say at it.
pub(in crate::report) fn criteria(shown: &mut String, feedback: &Feedback, step: &Step, look: Look) {
    for it in step.criteria.iter().filter(|it| it.points.is_some()) {
        criterion(shown, feedback, it, look);
    }
    let open: Vec<String> =
        step.criteria.iter().filter(|it| it.points.is_none()).map(|it| it.name.to_lowercase()).collect();
    if !open.is_empty() {
        hanging(shown, "  ", &format!("Not judged: {}.", open.join("; ")), Some(Style::Faint), look);
    }
    hanging(shown, "  Say: ", &format!("\"{}\"", step.say), Some(Style::Help), look);
}

pub(in crate::report) fn criterion(
    shown: &mut String,
    feedback: &Feedback,
    criterion: &Criterion,
    look: Look,
) {
    let of = f64::from(criterion.of);
    let is_full = criterion.points.is_some_and(|it| it >= of);
    let style = (!is_full).then_some(Style::Warning);
    edges(shown, &format!("  {}", criterion.name), &points(criterion.points, of), style, look);
    let (evidence, left) = worst(criterion, MOST);
    for it in evidence {
        let head = if it.takes > 0.0 {
            format!("{:>8}  ", format!("-{}", it.takes))
        } else {
            format!("{:>8}  ", "+")
        };
        let stands = feedback.stands(it.place.as_ref(), it.rule);
        hanging(shown, &head, &format!("{}{stands}", it.says), None, look);
        if let Some(remedy) = it.remedy.as_ref().filter(|_| it.takes > 0.0) {
            hanging(shown, "          ", &format!("To do: {remedy}"), Some(Style::Help), look);
        }
    }
    if left > 0 {
        let more = format!("and {left} more: `--format markdown` has all");
        hanging(shown, "          ", &more, Some(Style::Faint), look);
    }
}

fn bottlenecks(shown: &mut String, feedback: &Feedback, look: Look) {
    if feedback.bottlenecks.is_empty() {
        return;
    }
    heading(shown, "WHAT IS FULL FIRST, AND THE NEXT STEP FOR IT", look);
    for it in &feedback.bottlenecks {
        let assumed = if it.is_assumed { " (assumed)" } else { "" };
        let told = format!(
            "`{}` {}: {} busy at peak{assumed} = {}; {}{}",
            it.element,
            it.full,
            figures::percent(it.utilisation),
            it.working,
            it.next,
            feedback.stands(Some(&it.place), None)
        );
        hanging(shown, "  - ", &told, None, look);
    }
}

fn trade_offs(shown: &mut String, feedback: &Feedback, look: Look) {
    if feedback.trade_offs.is_empty() {
        return;
    }
    heading(shown, "TRADE-OFFS", look);
    for it in &feedback.trade_offs {
        let price = it.price.as_ref().map(|it| format!(" {it};")).unwrap_or_default();
        let told = match &it.reason {
            Some(reason) => format!("`{}`:{price} because \"{reason}\"", it.element),
            None => format!("`{}`:{price} and nothing says what for", it.element),
        };
        let stands = feedback.stands(Some(&it.place), None);
        let style = it.reason.is_none().then_some(Style::Warning);
        hanging(shown, "  - ", &format!("{told}{stands}"), style, look);
    }
}

fn partitions(shown: &mut String, feedback: &Feedback, look: Look) {
    if feedback.partitions.is_empty() {
        return;
    }
    heading(shown, "WHEN NODES LOSE EACH OTHER (CAP)", look);
    for it in &feedback.partitions {
        let given = match it.gives_up {
            "unsaid" => "not said".to_owned(),
            word => format!("gives up {word}"),
        };
        let stands = feedback.stands(Some(&it.place), None);
        hanging(shown, "  - ", &format!("`{}` {given}: {}{stands}", it.element, it.says), None, look);
    }
}

pub(in crate::report) fn questions(shown: &mut String, feedback: &Feedback, look: Look) {
    if feedback.questions.is_empty() {
        return;
    }
    heading(shown, "WHAT AN INTERVIEWER ASKS NEXT", look);
    for (at, it) in feedback.questions.iter().enumerate() {
        question(shown, feedback, at + 1, it, look);
    }
}

fn question(shown: &mut String, feedback: &Feedback, number: usize, question: &Question, look: Look) {
    hanging(shown, &format!("{number:>3} "), &question.asks, Some(Style::Bold), look);
    let stands = feedback.stands(question.place.as_ref(), question.rule);
    hanging(shown, "    ", &format!("Here: {}{stands}.", question.because), None, look);
    let _ = writeln!(shown, "    A good answer has:");
    for it in &question.answer {
        hanging(shown, "    - ", it, None, look);
    }
}

fn rubric(shown: &mut String, feedback: &Feedback, look: Look) {
    heading(shown, "WHAT THE STEPS WEIGH", look);
    let _ = writeln!(shown, "  {:<14}{:>8}{:>8}{:>8}", "", "junior", "senior", "staff");
    for it in &feedback.steps {
        let weights = it.weights;
        let _ = writeln!(
            shown,
            "  {:<14}{:>8}{:>8}{:>8}",
            it.name, weights.junior, weights.senior, weights.staff
        );
    }
    let told = sentence(
        "85 and more is strong, 70 good, 55 fair, less is weak; what can't be judged weighs nothing. A broken promise or an open \
         door is weak whatever else is right, and so is a design for another scale",
    );
    hanging(shown, "  ", &told, Some(Style::Faint), look);
}
