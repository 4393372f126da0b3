//! How a flow stands against what is asked of it, in a line: editors and pictures say it alike.

use crate::analysis::Analysis;
use crate::analysis::availability::{FlowAvailability, MONTH_MINUTES};
use crate::analysis::journey::Journey;
use crate::analysis::reliability::Availability;
use crate::figures;
use crate::model::{Architecture, Property};

/// A flow misses or keeps what is asked: less than this, relative to the budget, is no difference.
const TOLERANCE: f64 = 1e-9;

/// How a flow stands against its SLO.
pub fn availability(journey: &Journey, judged: &FlowAvailability) -> String {
    if journey.is_unfollowed {
        return "not judged: the design is too large to follow all flows".to_owned();
    }
    let up = match judged.low {
        Availability::Exact(value) => figures::availability(value),
        Availability::Bounds { lower, upper } => {
            format!("{}..{}", figures::availability_at_least(lower), figures::availability_at_most(upper))
        }
    };
    let Some(slo) = journey.promise.slo else {
        return format!("{up}: {} a month down", figures::minutes(judged.minutes()));
    };
    let budget = 1.0 - slo;
    let (least, most) = (1.0 - judged.low.upper(), 1.0 - judged.low.lower());
    let minutes = |share: f64| figures::minutes(share * MONTH_MINUTES);
    let rest = if least > budget * (1.0 + TOLERANCE) {
        format!("{} a month over", minutes(least - budget))
    } else if most <= budget * (1.0 + TOLERANCE) {
        format!("{} a month to spare", minutes((budget - most).max(0.0)))
    } else {
        "within bounds of it".to_owned()
    };
    match judged.low {
        Availability::Exact(value) => {
            let [up, slo] = figures::apart_by(value, slo, figures::availability_to);
            format!("{up} of {slo}: {rest}")
        }
        Availability::Bounds { .. } => format!("{up} of {}: {rest}", figures::availability(slo)),
    }
}

/// How long the journey at this place takes, against what is asked of it; nothing where nothing is known or asked.
pub fn latency(architecture: &Architecture, analysis: &Analysis, at: usize) -> Option<String> {
    let journey = &analysis.journeys[at];
    let latency = analysis.latency(architecture, at);
    let asked = |property| {
        let stated = journey.properties(architecture).and_then(|it| it.figure(property));
        stated.or_else(|| architecture.system.properties.figure(property))
    };
    let (name, takes, asked) = match (asked(Property::LatencyP99), asked(Property::LatencyP50)) {
        (Some(p99), _) => ("p99", latency.least, p99),
        (None, Some(p50)) => ("p50", latency.median, p50),
        (None, None) => return None,
    };
    if latency.steps.is_empty() {
        return None;
    }
    let asked = figures::duration(asked);
    if !latency.saturated.is_empty() {
        return Some(format!("{name} has no bound at peak, {asked} asked"));
    }
    let takes = figures::duration_at_least(takes.seconds());
    let more = if latency.is_lower_bound() || name == "p99" { "≥ " } else { "" };
    Some(format!("{name} {more}{takes} of {asked}"))
}
