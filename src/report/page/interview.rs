//! A verdict on an interview as a page.

use maud::{Markup, html};

use super::review::{criterion, questions, score, title};
use super::{Section, body, document, one_after_another, prose, there};
use crate::report::interview::{Estimate, Format, Mistake, Outcome, Topic, WITHHELD};
use crate::report::review::{self, Place};
use crate::report::scored::points;

/// One file for the browser, for paper, and to pass on.
pub(in crate::report) static FORMAT: Format = Format {
    name: "html",
    alias: None,
    about: "A page for the browser, for paper, and to pass on: one file that fetches nothing",
    render: |outcome, _| page(outcome),
};

fn page(outcome: &Outcome) -> String {
    let inside = html! {
        header {
            div {
                h1 { (outcome.title) ", " (outcome.tier) }
                p.facts { "Mock interview for a " (outcome.scored.level) " engineer" }
            }
        }
        (body(&sections(outcome)))
        footer {
            p {
                "Written by Loadpath " (env!("CARGO_PKG_VERSION")) ". Each step is judged of 20 points and weighs by the level. "
                "85 and more is strong, 70 good, 55 fair, less is weak."
            }
        }
    };
    document(&format!("{}: interview", outcome.title), ("#score", "To the score"), &inside) + "\n"
}

/// The same as a part of another page.
pub(super) fn part(outcome: &Outcome) -> Markup {
    one_after_another(&sections(outcome))
}

fn sections(outcome: &Outcome) -> Vec<Section> {
    let mut sections =
        vec![Section { id: "score", title: "Score", body: score(&outcome.scored, outcome.earned()) }];
    for (step, reviewed) in outcome.steps.iter().zip(&outcome.review.steps) {
        let body = html! {
            p.hint { (reviewed.asks) " " strong { (points(Some(step.points), step.of)) } "." }
            @match step.name {
                "clarify" => { @if !outcome.is_drawn { p.hint { (WITHHELD) } } (clarify(outcome)) }
                "estimate" => { (estimate(outcome)) @if outcome.is_drawn { (judged(outcome, reviewed)) } }
                "design" => { (numbers(outcome)) (judged(outcome, reviewed)) }
                _ => { (judged(outcome, reviewed)) }
            }
        };
        sections.push(Section { id: step.name, title: title(step.name), body });
    }
    sections.extend(there([
        ("mistakes", "Mistakes of this question", mistakes(outcome)),
        (
            "beside",
            "Beside a design that is right at this scale",
            outcome.reference.as_deref().map(|it| beside(outcome, it)),
        ),
        ("questions", "What an interviewer asks next", questions(&outcome.review)),
    ]));
    sections
}

fn clarify(outcome: &Outcome) -> Markup {
    html! {
        ul {
            @for it in &outcome.topics { (topic(outcome, it)) }
            @for it in &outcome.open { li { strong { "−" (it.worth) } " " (it.told()) } }
            @for it in outcome.guesses() {
                li { (prose::sentence(&it.says())) (place(outcome, it.place.as_ref(), None)) }
            }
        }
    }
}

fn topic(outcome: &Outcome, topic: &Topic) -> Markup {
    html! {
        li {
            @if topic.is_asked {
                span aria-hidden="true" { "✓" } " " strong { (topic.name) } ": asked" (place(outcome, topic.place.as_ref(), None))
            } @else {
                strong { "−" (topic.worth) } " " strong { (topic.name) } ": " (prose::line(topic.asks))
                br;
                (prose::line(topic.why))
            }
        }
    }
}

fn estimate(outcome: &Outcome) -> Markup {
    html! {
        @for it in &outcome.estimates { (one_estimate(outcome, it)) }
        @if outcome.is_drawn { p.hint { "The rest by the design itself, counted at two fifths:" } }
    }
}

fn one_estimate(outcome: &Outcome, estimate: &Estimate) -> Markup {
    html! {
        h3 { (estimate.name) ": " (points(Some(estimate.points), estimate.of)) }
        ul {
            li { (prose::sentence(&estimate.told())) (place(outcome, estimate.place.as_ref(), None)) }
            @if let Some(reckoned) = estimate.reckoned() { li { (prose::line(&reckoned)) } }
        }
    }
}

fn numbers(outcome: &Outcome) -> Markup {
    let put_in = outcome.put_in();
    html! {
        @if !put_in.is_empty() {
            p { "Judged by the interviewer's numbers:" }
            ul { @for it in &put_in { li { (prose::line(it)) } } }
        }
    }
}

fn judged(outcome: &Outcome, step: &review::Step) -> Markup {
    html! {
        @if outcome.is_drawn {
            @for it in step.criteria.iter().filter(|it| it.points.is_some()) { (criterion(&outcome.review, it)) }
        } @else {
            p { "Nothing is drawn that could be judged." }
        }
    }
}

fn mistakes(outcome: &Outcome) -> Option<Markup> {
    let all = || outcome.mistakes.iter().chain(&outcome.unseen);
    all().next().is_some().then(|| {
        html! {
            ul { @for it in all() { (mistake(outcome, it)) } }
        }
    })
}

fn mistake(outcome: &Outcome, mistake: &Mistake) -> Markup {
    html! {
        li {
            strong { (prose::line(mistake.what)) }
            @match &mistake.says {
                Some(says) => { " " (prose::sentence(says)) (place(outcome, mistake.place.as_ref(), mistake.rule)) }
                None => { " No rule sees this: is it yours?" }
            }
            br;
            (prose::line(mistake.why))
        }
    }
}

fn beside(outcome: &Outcome, reference: &str) -> Markup {
    html! {
        p { (prose::line(reference)) }
        ul {
            @for it in &outcome.beside {
                li { (prose::sentence(&it.says)) (place(outcome, it.place.as_ref(), None)) }
            }
        }
        p.hint { "To differ from it costs nothing; only findings and figures do." }
    }
}

fn place(outcome: &Outcome, place: Option<&Place>, rule: Option<&str>) -> Markup {
    let stands = outcome.stands(place, rule);
    html! {
        @if !stands.is_empty() { " " span.place { (stands.trim_start()) } }
    }
}
