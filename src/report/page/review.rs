//! A review as a page: what each step earned and why, and the questions, each with its answer folded.

use maud::{Markup, html};

use super::{Section, body, document, one_after_another, prose, there};
use crate::figures;
use crate::report::review::{Criterion, Evidence, Feedback, Format, Place, Question, Step};
use crate::report::scored::{Earned, Scored, points};
use crate::report::text::printable;

/// One file for the browser, for paper, and to pass on.
pub(in crate::report) static FORMAT: Format = Format {
    name: "html",
    alias: None,
    about: "A page for the browser, for paper, and to pass on: one file that fetches nothing",
    render: |feedback, _| page(feedback),
};

fn page(feedback: &Feedback) -> String {
    let title = printable(feedback.title());
    let inside = html! {
        header {
            div {
                h1 { (title) }
                p.facts { "Review for a " (feedback.scored.level) " engineer" }
            }
        }
        (body(&sections(feedback)))
        footer {
            p {
                "Written by Loadpath " (env!("CARGO_PKG_VERSION")) ". Each step is judged of 20 points by what can be judged, "
                "and weighs by the level. 85 and more is strong, 70 good, 55 fair, less is weak."
            }
        }
    };
    document(&format!("{title}: review"), ("#score", "To the score"), &inside) + "\n"
}

/// The same as a part of another page.
pub(super) fn part(feedback: &Feedback) -> Markup {
    one_after_another(&sections(feedback))
}

fn sections(feedback: &Feedback) -> Vec<Section> {
    let mut sections =
        vec![Section { id: "score", title: "Score", body: score(&feedback.scored, feedback.earned()) }];
    for it in &feedback.steps {
        sections.push(Section { id: it.name, title: title(it.name), body: step(feedback, it) });
    }
    sections.extend(there([
        ("full", "What is full first", bottlenecks(feedback)),
        ("trade-offs", "Trade-offs", trade_offs(feedback)),
        ("partition", "When nodes lose each other (CAP)", partitions(feedback)),
        ("questions", "What an interviewer asks next", questions(feedback)),
    ]));
    sections
}

pub(super) fn title(step: &str) -> &'static str {
    match step {
        "clarify" => "Clarify",
        "estimate" => "Estimate",
        "design" => "Design",
        "bottleneck" => "Bottleneck",
        _ => "Scale",
    }
}

/// What each step earned, what it weighs, and what that comes to.
pub(super) fn score(scored: &Scored, rows: impl Iterator<Item = Earned>) -> Markup {
    html! {
        p.score { strong { (scored.score.round()) } " of 100: " (scored.grade) }
        @if let Some(held) = &scored.held {
            p { (prose::line(&held.told())) }
        }
        div.wide tabindex="0" role="group" aria-label="What the steps earned" {
            table {
                thead { tr { th scope="col" { "Step" } th scope="col" { "Points" } @for it in &scored.levels { th scope="col" { "Weight, " (it.level) } } } }
                tbody {
                    @for it in rows {
                        tr {
                            th scope="row" { a href={ "#" (it.name) } { (title(it.name)) } }
                            td { (points(it.points, it.of)) }
                            td { (it.weights.junior) } td { (it.weights.senior) } td { (it.weights.staff) }
                        }
                    }
                    tr {
                        th scope="row" { "Of 100" }
                        td {}
                        @for it in &scored.levels { td { strong { (it.score.round()) } ", " (it.grade) } }
                    }
                }
            }
        }
    }
}

fn step(feedback: &Feedback, step: &Step) -> Markup {
    html! {
        p.hint { (step.asks) " " strong { (points(step.points, step.of)) } "." }
        @for it in step.criteria.iter().filter(|it| it.points.is_some()) { (criterion(feedback, it)) }
        @let open: Vec<&str> = step.criteria.iter().filter(|it| it.points.is_none()).map(|it| it.name).collect();
        @if !open.is_empty() { p.hint { "Not judged: " (open.join("; ")) "." } }
        p { strong { "Say: " } "“" (prose::line(&step.say)) "”" }
    }
}

pub(super) fn criterion(feedback: &Feedback, criterion: &Criterion) -> Markup {
    html! {
        h3 { (criterion.name) ": " (points(criterion.points, f64::from(criterion.of))) }
        ul {
            @for it in &criterion.evidence { (evidence(feedback, it)) }
        }
    }
}

fn evidence(feedback: &Feedback, evidence: &Evidence) -> Markup {
    html! {
        li {
            @if evidence.takes > 0.0 { strong { "−" (evidence.takes) } } @else { span aria-hidden="true" { "✓" } }
            " " (prose::sentence(&evidence.says)) (place(feedback, evidence.place.as_ref(), evidence.rule))
            @if let Some(remedy) = evidence.remedy.as_ref().filter(|_| evidence.takes > 0.0) {
                br;
                strong { "To do: " } (prose::closed(remedy))
            }
        }
    }
}

fn place(feedback: &Feedback, place: Option<&Place>, rule: Option<&str>) -> Markup {
    let stands = feedback.stands(place, rule);
    html! {
        @if !stands.is_empty() { " " span.place { (stands.trim_start()) } }
    }
}

fn bottlenecks(feedback: &Feedback) -> Option<Markup> {
    (!feedback.bottlenecks.is_empty()).then(|| {
        html! {
            ul {
                @for it in &feedback.bottlenecks {
                    li {
                        code { (it.element) } " " (it.full) ": " (figures::percent(it.utilisation)) " busy at peak"
                        @if it.is_assumed { " (assumed)" }
                        " = " (it.working) "; " (prose::line(&it.next)) (place(feedback, Some(&it.place), None))
                    }
                }
            }
        }
    })
}

fn trade_offs(feedback: &Feedback) -> Option<Markup> {
    (!feedback.trade_offs.is_empty()).then(|| {
        html! {
            ul {
                @for it in &feedback.trade_offs {
                    li {
                        code { (it.element) } ":"
                        @if let Some(price) = &it.price { " " (prose::line(price)) ";" }
                        @match &it.reason {
                            Some(reason) => { " because “" (prose::line(reason)) "”" }
                            None => { " and nothing says what for" }
                        }
                        (place(feedback, Some(&it.place), None))
                    }
                }
            }
        }
    })
}

fn partitions(feedback: &Feedback) -> Option<Markup> {
    (!feedback.partitions.is_empty()).then(|| {
        html! {
            ul {
                @for it in &feedback.partitions {
                    li {
                        code { (it.element) }
                        @if it.gives_up == "unsaid" { " does not say what it gives up" } @else { " gives up " strong { (it.gives_up) } }
                        ": " (prose::line(&it.says)) (place(feedback, Some(&it.place), None))
                    }
                }
            }
        }
    })
}

pub(super) fn questions(feedback: &Feedback) -> Option<Markup> {
    (!feedback.questions.is_empty()).then(|| {
        html! {
            ol {
                @for it in &feedback.questions { li { (question(feedback, it)) } }
            }
        }
    })
}

fn question(feedback: &Feedback, question: &Question) -> Markup {
    html! {
        p { strong { (prose::line(&question.asks)) } }
        p { "Here: " (prose::line(&question.because)) (place(feedback, question.place.as_ref(), question.rule)) "." }
        details {
            summary { "What a good answer has" }
            ul { @for it in &question.answer { li { (prose::sentence(it)) } } }
        }
    }
}
