//! What the parts carry, how full they are, what breaks first, what waits in queues, and what was measured.

use maud::{Markup, html};

use super::bars::{Scale, Stretch};
use super::{MOST_ROWS, more, prose};
use crate::figures;
use crate::model::ComponentId;
use crate::report::dossier::Dossier;
use crate::report::figures::growth::Bottleneck;
use crate::report::figures::measured::Compared;
use crate::report::figures::queues::Queued;
use crate::report::figures::text::held_by;
use crate::report::figures::{Part, Reading};
use crate::report::text::Look;

/// Bars end at this: past it a part is too full by any measure.
const FULLEST: f64 = 1.5;

/// None where a design has no component.
pub(super) fn section(dossier: &Dossier) -> Option<Markup> {
    let Reading { components, queues, bottlenecks, measured, .. } = &dossier.figures.reading;
    if components.is_empty() {
        return None;
    }
    Some(html! {
        (parts(&fullest(dossier)))
        (more(components.len(), MOST_ROWS, ("component", "components")))
        @if !bottlenecks.is_empty() { (breaks_first(bottlenecks)) }
        @if !queues.is_empty() { (queued(queues)) }
        @if !measured.is_empty() { (compared(measured)) }
    })
}

/// The components that have a row, the fullest first, with what the picture knows them by.
pub(super) fn fullest<'a>(dossier: &'a Dossier) -> Vec<(ComponentId, &'a Part)> {
    let ids = dossier.design.architecture.components().map(|it| it.id);
    let mut parts: Vec<_> = ids.zip(&dossier.figures.reading.components).collect();
    let used = |part: &Part| part.utilisation.unwrap_or(-1.0);
    parts.sort_by(|(_, a), (_, b)| used(b).total_cmp(&used(a)));
    parts.truncate(MOST_ROWS);
    parts
}

fn parts(parts: &[(ComponentId, &Part)]) -> Markup {
    let scale = Scale { full: FULLEST, limit: Some(1.0) };
    html! {
        p.hint { "The fullest first, at peak; the line is all that a part can do." }
        div.wide role="region" aria-label="Table of components" tabindex="0" {
            table {
                thead {
                    tr {
                        th scope="col" { "Component" }
                        @for head in ["Nodes", "On average", "At peak"] { th.figure scope="col" { (head) } }
                        td {}
                        @for head in ["Used", "Data a node"] { th.figure scope="col" { (head) } }
                    }
                }
                tbody {
                    @for (id, part) in parts {
                        @let [mean, peak, used, data] = part.told(Look::PLAIN);
                        tr id={ "part-" (id.0) } {
                            th scope="row" { (part.name) span.what { (part.kind) @if let Some(engine) = &part.engine { ", " (engine) } } }
                            td.figure { (part.count(Look::PLAIN)) }
                            td.figure { (mean) }
                            td.figure { (peak) }
                            td.drawn { @if let Some(share) = part.utilisation { (scale.bar(&stretches(share))) } }
                            td.figure { (used) }
                            td.figure { (data) }
                        }
                    }
                }
            }
        }
    }
}

fn stretches(share: f64) -> Vec<Stretch> {
    let within = Stretch { from: 0.0, to: share.min(1.0), class: "within" };
    let over = Stretch { from: 1.0, to: share, class: "over" };
    [within, over].into_iter().filter(|it| it.to > it.from).collect()
}

fn breaks_first(bottlenecks: &[Bottleneck]) -> Markup {
    html! {
        h3 { "What breaks first" }
        div.wide role="region" aria-label="Table of what breaks first" tabindex="0" {
            table {
                thead {
                    tr {
                        th scope="col" { "Component" }
                        @for head in ["Used", "Full at", "Users"] { th.figure scope="col" { (head) } }
                        th scope="col" { "How it comes about" }
                        th scope="col" { "Then" }
                    }
                }
                tbody {
                    @for it in bottlenecks {
                        @let assumed = if it.is_assumed { "~" } else { "" };
                        tr {
                            th scope="row" { (it.element) }
                            td.figure { (assumed) (figures::percent(it.utilisation)) }
                            td.figure { (assumed) (figures::number(it.at_times_load)) " times" }
                            td.figure { (it.at_users.map_or_else(|| "–".to_owned(), |users| format!("{assumed}{}", figures::number(users)))) }
                            td { (it.working) }
                            td { (it.remedy()) }
                        }
                    }
                }
            }
        }
    }
}

fn queued(queues: &[Queued]) -> Markup {
    html! {
        h3 { "Queues" }
        ul {
            @for group in queues.iter().take(MOST_ROWS) { (queue(group)) }
        }
        (more(queues.len(), MOST_ROWS, ("queue", "queues")))
    }
}

fn queue(group: &Queued) -> Markup {
    let assumed = if group.is_capacity_assumed { " (assumed)" } else { "" };
    html! {
        @for feed in &group.queues {
            li {
                strong { (feed.queue) }
                @if let Some(peak) = feed.peak { ": " (figures::rate(peak)) " come at peak" } @else { ": how much comes is unknown" }
                @if let Some(capacity) = group.capacity { ", " (figures::rate(capacity)) " are worked off" (assumed) }
                @if let Some(used) = group.utilisation_peak { " (" (figures::percent(used)) ")" }
                @if let Some(full) = feed.full_after { "; it is full after " (figures::duration(full)) " of peak" }
                @if let Some(full) = feed.full_after_in_an_outage { "; while nobody works on it, after " (figures::duration(full)) }
                @if let Some(drain) = group.drain {
                    "; what an outage of " (figures::duration(group.outage)) @if group.is_outage_assumed { " (assumed)" }
                    " leaves is worked off in " (figures::duration(drain))
                }
                "."
                @for held in &group.held_by { " " (prose::sentence(&held_by(held))) }
            }
        }
    }
}

fn compared(measured: &[Compared]) -> Markup {
    html! {
        h3 { "Measured" }
        table {
            thead {
                tr {
                    th scope="col" { "Of" }
                    @for head in ["Measured", "Computed, median to p99", "Verdict"] { th.figure scope="col" { (head) } }
                }
            }
            tbody {
                @for it in measured.iter().take(MOST_ROWS) {
                    tr {
                        th scope="row" { (it.element) }
                        td.figure { (figures::duration(it.measured)) }
                        td.figure { (it.computed(Look::PLAIN)) }
                        td.figure { @if it.is_unknown() { "–" } @else { (it.verdict()) } }
                    }
                }
            }
        }
        (more(measured.len(), MOST_ROWS, ("figure", "figures")))
    }
}
