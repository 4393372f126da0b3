//! Where the time goes: the steps of each flow one after the other, as one in a hundred waits, against what is asked.

use maud::{Markup, html};

use super::bars::{self, Scale, Stretch};
use super::{MOST_CHARTS, more, prose};
use crate::figures;
use crate::report::figures::Flow;
use crate::report::figures::time::{Time, Waited};
use crate::report::text::Look;

/// Steps of one chart that have a row of their own, at most.
const MOST_STEPS: usize = 14;

/// None where nothing is known of any.
pub(super) fn section(flows: &[Flow]) -> Option<Markup> {
    let timed: Vec<(&Flow, &Time)> = flows
        .iter()
        .filter_map(|it| Some((it, it.latency.as_ref().filter(|it| !it.steps.is_empty())?)))
        .collect();
    (!timed.is_empty()).then(|| {
        html! {
            p.hint {
                "The longest chain of waits until the flow is answered. Dark: the median of a step; light: what it adds "
                "where one request in a hundred is slow. The line is the p99 that is asked."
            }
            @for (flow, time) in timed.iter().take(MOST_CHARTS) { (chart(flow, time)) }
            (more(timed.len(), MOST_CHARTS, ("flow", "flows")))
        }
    })
}

fn chart(flow: &Flow, time: &Time) -> Markup {
    let slow: f64 = time.steps.iter().map(|it| it.p99.upper).sum();
    let scale = Scale { full: slow.max(time.asked_p99.unwrap_or(0.0)) * 1.02, limit: time.asked_p99 };
    let timed = || time.steps.iter().filter(|it| it.p99.upper > 0.0);
    let mut costly: Vec<&Waited> = timed().collect();
    costly.sort_by(|a, b| b.p99.upper.total_cmp(&a.p99.upper));
    let least = costly.get(MOST_STEPS).map_or(0.0, |it| it.p99.upper);
    let shown: Vec<&Waited> = timed().filter(|it| it.p99.upper > least).collect();
    let left_out = costly.len() - shown.len();
    let has_bound = time.taken.p99.upper.is_some();
    let together = if has_bound && time.steps.iter().any(|it| it.is_assumed) { "~" } else { "" };
    let mut from = 0.0;
    html! {
        table.chart {
            caption { (flow.name) }
            (bars::head(["Step", "Median", "p99"]))
            tbody {
                @for step in shown {
                    @let start = from;
                    tr {
                        th scope="row" { (step.element) span.what { (what(step)) } }
                        td.drawn { (scale.bar(&stretches(start, step.p50, step.p99.upper))) }
                        td.figure { (assumed(step)) (figures::duration(step.p50)) }
                        td.figure { (assumed(step)) (figures::duration(step.p99.upper)) }
                    }
                    @let () = from = start + step.p99.upper;
                }
                @if left_out > 0 {
                    tr { th scope="row" colspan="4" { (figures::count(left_out, "shorter step", "shorter steps")) } }
                }
            }
            tfoot {
                tr {
                    th scope="row" { "Together" }
                    td.drawn { (scale.bar(&stretches(0.0, time.taken.p50, slow))) }
                    td.figure { (together) (time.taken.median(Look::PLAIN)) }
                    td.figure { (together) (time.taken.tail(Look::PLAIN)) }
                }
                @if time.asked_p50.or(time.asked_p99).is_some() {
                    tr {
                        th scope="row" { "Asked" }
                        td {}
                        @for asked in [time.asked_p50, time.asked_p99] {
                            td.figure { (asked.map(figures::duration).unwrap_or_default()) }
                        }
                    }
                }
            }
        }
        @for open in time.open() { p.open { (prose::sentence(&open)) } }
    }
}

fn stretches(from: f64, median: f64, tail: f64) -> Vec<Stretch> {
    let middle = from + median.min(tail);
    let usual = Stretch { from, to: middle, class: "usual" };
    let slow = Stretch { from: middle, to: from + tail, class: "slow" };
    [usual, slow].into_iter().filter(|it| it.to > it.from).collect()
}

fn what(step: &Waited) -> &'static str {
    match step.what {
        "wait" => "waiting for its turn",
        "trip" => "the way",
        "batch" => "its batch",
        "schedule" => "its schedule",
        "lag" => "its lag",
        _ => "work",
    }
}

fn assumed(step: &Waited) -> &'static str {
    if step.is_assumed { "~" } else { "" }
}
