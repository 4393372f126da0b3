//! What it comes to: a sentence a promise, then the same as a table.

use maud::{Markup, html};

use super::{MOST_ROWS, counted, more, prose};
use crate::figures;
use crate::report::Summary;
use crate::report::dossier::Dossier;
use crate::report::figures::text::known;
use crate::report::figures::verdict::{Fares, Verdict};
use crate::report::figures::{Flow, Minutes, Reading};
use crate::report::text::Look;

pub(super) fn section(dossier: &Dossier, summary: &Summary) -> Markup {
    let figures = &dossier.figures;
    let Reading { flows, .. } = &figures.reading;
    html! {
        p.lead { (prose::sentence(&figures.reading.in_sum())) " The review found " (counted(summary)) "." }
        @if let Some(torn) = dossier.torn() { p.warning { (prose::sentence(&torn)) } }
        @if let Some(count) = figures.unfollowed {
            p.warning { (prose::sentence(crate::report::text::unfollowed(count).trim_end())) }
        }
        ul.verdicts {
            @for flow in flows.iter().take(MOST_ROWS) { (card(flow, figures.at_milder_ends.as_ref())) }
            @if let Some(headroom) = figures.reading.headroom() {
                li { h3 { "Headroom" } ul { (judged(&headroom)) } }
            }
        }
        (more(flows.len(), MOST_ROWS, ("flow", "flows")))
        @if !flows.is_empty() { (table(flows)) }
    }
}

fn card(flow: &Flow, milder: Option<&Reading>) -> Markup {
    let other = milder.and_then(|it| it.flows.iter().find(|it| it.name == flow.name));
    html! {
        li {
            h3 { (flow.name) }
            ul {
                @for verdict in flow.verdicts() { (judged(&verdict)) }
                @if let Some(told) = other.and_then(|other| flow.told_beside(other)) {
                    li.aside { "At the milder ends of the stated ranges: " (told) "." }
                }
            }
        }
    }
}

fn judged(verdict: &Verdict) -> Markup {
    html! {
        li class=(verdict.fares.word()) { (mark(verdict.fares)) (prose::sentence(&verdict.sentence)) }
    }
}

/// An icon and, for who does not see it, the word.
pub(super) fn mark(fares: Fares) -> Markup {
    let icon = match fares {
        Fares::Kept => "✓",
        Fares::Missed => "✗",
        Fares::Open => "?",
    };
    html! { span.mark { span aria-hidden="true" { (icon) } span.unseen { (fares.word()) ": " } } }
}

fn table(flows: &[Flow]) -> Markup {
    html! {
        div.wide role="region" aria-label="Table of verdicts" tabindex="0" {
            table {
                thead {
                    tr {
                        th scope="col" { "Flow" }
                        @for head in ["Available", "Promised", "Down a month", "Allowed", "p99", "Asked", "At peak"] {
                            th.figure scope="col" { (head) }
                        }
                    }
                }
                tbody {
                    @for flow in flows.iter().take(MOST_ROWS) {
                        tr {
                            th scope="row" { (mark(flow.fares())) (flow.name) }
                            @for cell in cells(flow) { td.figure { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn cells(flow: &Flow) -> [String; 7] {
    let or_dash = |told: Option<String>| told.unwrap_or_else(|| "–".to_owned());
    let time = flow.latency.as_ref();
    [
        known(flow.availability),
        or_dash(flow.slo.map(figures::availability)),
        match flow.downtime_minutes_per_month {
            Minutes::Exact(minutes) => figures::minutes(minutes),
            Minutes::Bounds { upper, .. } => format!("< {}", figures::minutes_at_most(upper)),
        },
        or_dash(flow.budget_minutes_per_month.map(figures::minutes)),
        or_dash(time.map(|it| it.taken.tail(Look::PLAIN))),
        or_dash(time.and_then(|it| it.asked_p99).map(figures::duration)),
        or_dash(flow.rate.as_ref().map(|it| figures::rate(it.peak))),
    ]
}
