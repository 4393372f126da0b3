//! A verdict as Markdown: for notes, or to send to somebody.

use std::fmt::Write as _;

use super::{Format, Outcome, WITHHELD};
use crate::report::before_after::markdown::{cell, head, row};
use crate::report::review::markdown::{criteria, questions, scores, step_head};
use crate::report::review::sentence;
use crate::report::scored::points;

/// For notes.
pub(super) static FORMAT: Format = Format {
    name: "markdown",
    alias: Some("md"),
    about: "For notes, or to send to somebody",
    render: |it, _| render(it),
};

fn render(outcome: &Outcome) -> String {
    let mut shown = format!("## {}\n\n", outcome.heading());
    if let Some(held) = &outcome.scored.held {
        let _ = writeln!(shown, "{}\n", cell(&held.told()));
    }
    scores(&mut shown, &outcome.scored, outcome.earned());
    for (step, reviewed) in outcome.steps.iter().zip(&outcome.review.steps) {
        step_head(&mut shown, reviewed, &points(Some(step.points), step.of));
        match step.name {
            "clarify" => clarify(&mut shown, outcome),
            "estimate" => estimate(&mut shown, outcome),
            "design" => numbers(&mut shown, outcome),
            _ => {}
        }
        match (step.name, outcome.is_drawn) {
            ("clarify", _) | ("estimate", false) => {}
            (_, true) => criteria(&mut shown, &outcome.review, reviewed),
            (_, false) => shown.push_str("Nothing is drawn that could be judged.\n"),
        }
    }
    mistakes(&mut shown, outcome);
    beside(&mut shown, outcome);
    questions(&mut shown, &outcome.review);
    shown
}

fn clarify(shown: &mut String, outcome: &Outcome) {
    for it in &outcome.topics {
        let stands = outcome.stands(it.place.as_ref(), None);
        let _ = if it.is_asked {
            writeln!(shown, "- ✓ **{}**: asked{stands}", it.name)
        } else {
            writeln!(shown, "- −{} **{}**: {} {}", it.worth, it.name, cell(it.asks), cell(it.why))
        };
    }
    for it in &outcome.open {
        let _ = writeln!(shown, "- −{} {}", it.worth, it.told());
    }
    for it in outcome.guesses() {
        let _ = writeln!(shown, "- {}{}", cell(&it.says()), outcome.stands(it.place.as_ref(), None));
    }
}

fn estimate(shown: &mut String, outcome: &Outcome) {
    head(shown, &["estimate", "points", "verdict", "how"]);
    for it in &outcome.estimates {
        let told = it.told() + &outcome.stands(it.place.as_ref(), None);
        row(shown, &[it.name, &points(Some(it.points), it.of), &told, &it.reckoned().unwrap_or_default()]);
    }
    if outcome.is_drawn {
        shown.push_str("\nThe rest by the design itself, counted at two fifths:\n\n");
    }
}

fn numbers(shown: &mut String, outcome: &Outcome) {
    let put_in = outcome.put_in();
    if put_in.is_empty() {
        return;
    }
    shown.push_str("Judged by the interviewer's numbers:\n\n");
    for it in put_in {
        let _ = writeln!(shown, "- {}", cell(&it));
    }
    shown.push('\n');
}

fn mistakes(shown: &mut String, outcome: &Outcome) {
    if !outcome.mistakes.is_empty() {
        shown.push_str("\n### Mistakes of this question that findings point to\n\n");
    }
    for it in &outcome.mistakes {
        let stands = outcome.stands(it.place.as_ref(), it.rule);
        let says = cell(it.says.as_deref().unwrap_or_default());
        let _ = writeln!(shown, "- **{}** {says}{}<br>{}", cell(it.what), cell(&stands), cell(it.why));
    }
    if !outcome.unseen.is_empty() {
        shown.push_str("\n### Mistakes of this question that no rule sees: are they yours?\n\n");
    }
    for it in &outcome.unseen {
        let _ = writeln!(shown, "- **{}** {}", cell(it.what), cell(it.why));
    }
}

fn beside(shown: &mut String, outcome: &Outcome) {
    let Some(reference) = &outcome.reference else {
        let _ = writeln!(shown, "\n{WITHHELD}");
        return;
    };
    shown.push_str("\n### Beside a design that is right at this scale\n\n");
    let _ = writeln!(shown, "{}\n", cell(reference));
    for it in &outcome.beside {
        let stands = outcome.stands(it.place.as_ref(), None);
        let _ = writeln!(shown, "- {}", cell(&sentence(&format!("{}{stands}", it.says))));
    }
    shown.push_str("\nTo differ from it costs nothing; only findings and figures do.\n");
}
