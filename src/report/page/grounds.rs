//! What the figures rest on: what is assumed and by whom, what is accepted and why, and what is not known.

use maud::{Markup, html};

use super::{MOST_ROWS, more, prose};
use crate::figures;
use crate::report::Report;
use crate::report::dossier::Dossier;
use crate::report::figures::text::alike;
use crate::report::figures::verdict::untimed;
use crate::report::figures::{Assumed, Known};

/// Elements of one entry that are named, at most.
const MOST_NAMED: usize = 12;

pub(super) fn assumptions(assumed: &[Assumed]) -> Option<Markup> {
    let groups = alike(assumed);
    (!groups.is_empty()).then(|| {
        html! {
            p.hint { "What the design does not state, and what stands in its place. Whoever knows better states it." }
            div.wide role="region" aria-label="Table of assumptions" tabindex="0" {
                table {
                    thead {
                        tr {
                            th scope="col" { "Property" }
                            th.figure scope="col" { "Taken as" }
                            th scope="col" { "Source" }
                            th scope="col" { "Confidence" }
                            th scope="col" { "Of" }
                        }
                    }
                    tbody {
                        @for (it, elements) in groups.iter().take(MOST_ROWS) {
                            tr {
                                th scope="row" { code { (it.property) } }
                                td.figure { (it.told()) }
                                td { (it.source) }
                                td { (it.confidence) }
                                td { (listed(elements)) }
                            }
                        }
                    }
                }
            }
            (more(groups.len(), MOST_ROWS, ("assumption", "assumptions")))
        }
    })
}

fn listed(elements: &[&str]) -> String {
    let shown = elements.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
    match elements.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        left => format!("{shown} and {left} more"),
    }
}

pub(super) fn accepted(report: &Report) -> Option<Markup> {
    (!report.suppressed.is_empty()).then(|| {
        html! {
            ul {
                @for (sources, it) in report.suppressed.iter().take(MOST_ROWS) {
                    @let found = &it.diagnostic;
                    li {
                        strong { (found.code) " " (found.name) } " (" (found.severity.name()) "): " (prose::line(&found.message))
                        @if let Some(reason) = &it.reason {
                            " Accepted: " q { (reason) }
                        } @else {
                            " Accepted without a reason."
                        }
                        " " span.place { (sources.file(it.allow.file).name) ":" (sources.position(it.allow)) }
                    }
                }
            }
            (more(report.suppressed.len(), MOST_ROWS, ("accepted finding", "accepted findings")))
        }
    })
}

/// What could not be worked out, and what to state to know it. None where all is known.
pub(super) fn unknown(dossier: &Dossier) -> Option<Markup> {
    let told = told(dossier);
    (!told.is_empty()).then(|| {
        html! {
            ul {
                @for it in told.iter().take(MOST_ROWS) { li { (prose::sentence(it)) } }
            }
            (more(told.len(), MOST_ROWS, ("thing", "things")))
        }
    })
}

fn told(dossier: &Dossier) -> Vec<String> {
    let figures = &dossier.figures;
    let reading = &figures.reading;
    let mut told: Vec<String> = Vec::new();
    told.extend(figures.unfollowed.map(|count| crate::report::text::unfollowed(count).trim_end().to_owned()));
    for flow in &reading.flows {
        if matches!(flow.availability, Known::Bounds { .. }) {
            told.push(format!(
                "the availability of `{}` is known within bounds alone: it is too large to follow",
                flow.name
            ));
        }
        if flow.rate.is_none() {
            told.push(format!(
                "how often `{}` is asked is unknown: state `daily_users` and `per_user`, or its `rate`",
                flow.name
            ));
        }
    }
    let latencies = reading.flows.iter().filter_map(|it| it.latency.as_ref());
    let mut timeless: Vec<&String> = latencies.flat_map(|it| &it.unknown).collect();
    timeless.sort_unstable();
    timeless.dedup();
    told.extend(timeless.into_iter().map(|it| untimed(std::slice::from_ref(it))));
    let partial = reading.components.iter().filter(|it| it.carried.is_partial).count();
    if partial > 0 {
        let count = figures::count(partial, "component", "components");
        told.push(format!(
            "more comes to {count} than is shown, and nothing says how much: state the `rate` of all flows"
        ));
    }
    told
}
