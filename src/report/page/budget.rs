//! The budget of availability as a waterfall: what each part costs of the downtime, one after the other, up to the whole.

use maud::{Markup, html};

use super::bars::{self, Scale, Stretch};
use super::{MOST_CHARTS, more};
use crate::figures;
use crate::report::figures::text::whole_percent;
use crate::report::figures::{Contributor, Flow, Minutes};

/// Parts of one chart that have a row of their own, at most.
const MOST_PARTS: usize = 12;
/// What is less of the whole has none.
const LEAST_SHARE: f64 = 0.001;

/// None where nothing costs any.
pub(super) fn section(flows: &[Flow]) -> Option<Markup> {
    let costly: Vec<&Flow> = flows.iter().filter(|it| !it.contributors.is_empty()).collect();
    (!costly.is_empty()).then(|| {
        html! {
            p.hint {
                "Each bar begins where the one above it ends, and is as long as the part's share of the whole; the line is what the "
                "promise allows. The figure is what would be saved a month if the part never failed, as the findings say it: what "
                "is down with another counts for both, so these need not add up."
            }
            @for flow in costly.iter().take(MOST_CHARTS) { (chart(flow)) }
            (more(costly.len(), MOST_CHARTS, ("flow", "flows")))
        }
    })
}

fn chart(flow: &Flow) -> Markup {
    let total = match flow.downtime_minutes_per_month {
        Minutes::Exact(minutes) => minutes,
        Minutes::Bounds { upper, .. } => upper,
    };
    let budget = flow.budget_minutes_per_month;
    let scale = Scale { full: total.max(budget.unwrap_or(0.0)) * 1.02, limit: budget };
    let named = |it: &&Contributor| it.share >= LEAST_SHARE;
    let parts: Vec<&Contributor> = flow.contributors.iter().filter(named).take(MOST_PARTS).collect();
    let rest = (1.0 - parts.iter().map(|it| it.share).sum::<f64>()).max(0.0);
    let mut rows: Vec<(&str, f64, f64)> =
        parts.iter().map(|it| (it.element.as_str(), it.share, it.minutes)).collect();
    if rest >= LEAST_SHARE {
        let named: f64 = parts.iter().map(|it| it.minutes).sum();
        let all: f64 = flow.contributors.iter().map(|it| it.minutes).sum();
        rows.push(("all others", rest, (all - named).max(0.0)));
    }
    let mut from = 0.0;
    let is_bound = matches!(flow.downtime_minutes_per_month, Minutes::Bounds { .. });
    html! {
        table.chart {
            caption { (flow.name) }
            (bars::head(["Part", "Saved if it never failed", "Share"]))
            tbody {
                @for (name, share, saved) in rows {
                    @let start = from;
                    @let end = start + share * total;
                    tr {
                        th scope="row" { (name) }
                        td.drawn { (scale.bar(&stretches(start, end, budget))) }
                        td.figure { (figures::minutes(saved)) }
                        td.figure { (whole_percent(share)) }
                    }
                    @let () = from = end;
                }
            }
            tfoot {
                tr {
                    th scope="row" { "Down together" }
                    td.drawn { (scale.bar(&stretches(0.0, total, budget))) }
                    td.figure { @if is_bound { "at most " } (figures::minutes(total)) }
                    td {}
                }
                @if let Some(budget) = budget {
                    tr {
                        th scope="row" { "Allowed" }
                        td {}
                        td.figure { (figures::minutes(budget)) }
                        td {}
                    }
                }
            }
        }
    }
}

/// What lies within the budget, and what is over it.
fn stretches(from: f64, to: f64, budget: Option<f64>) -> Vec<Stretch> {
    let edge = budget.unwrap_or(f64::INFINITY).clamp(from, to);
    let within = Stretch { from, to: edge, class: "within" };
    let over = Stretch { from: edge, to, class: "over" };
    [within, over].into_iter().filter(|it| it.to > it.from).collect()
}
