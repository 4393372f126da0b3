//! Whether a design says what is asked of it.

use super::found;
use crate::analysis::consistency;
use crate::analysis::failover::budget_seconds;
use crate::analysis::journey::PromiseOrigin;
use crate::figures;
use crate::interview::rubric::{Criterion, Evidence};
use crate::interview::subject::Subject;
use crate::model::Property;
use crate::source::Span;

/// An availability that names no figure asks for redundancy, and can be held against nothing: it earns the rest.
const NO_FIGURE: f64 = 0.3;
/// Users without what one of them does are half of an answer.
const HALF: f64 = 0.5;

/// What to promise.
const KEEPABLE: &str = "promise a figure: `availability = 99.9%` is 43 min a month";

const SCALE: [Property; 9] = [
    Property::DailyUsers,
    Property::Users,
    Property::MonthlyUsers,
    Property::Concurrent,
    Property::Rate,
    Property::Reads,
    Property::Writes,
    Property::Peak,
    Property::PerUser,
];

/// How many use it, and how often.
pub(in crate::interview) fn scale(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let system = &subject.architecture.system;
    if system.is_demo() {
        return vec![Evidence::there(
            "it is a demo: nothing is asked of it",
            system.properties.span(Property::Intent),
        )];
    }
    let found = found::by_rules(criterion, subject, |finding| match finding.severity {
        crate::diagnostic::Severity::Advice => HALF,
        _ => 1.0,
    });
    if !found.is_empty() {
        return found;
    }
    let stated = subject.stated(&SCALE).map(|(_, place)| place);
    match (subject.analysis.load.total_mean(), stated) {
        (Some(mean), _) => vec![Evidence::there(format!("{mean} come in on average"), stated)],
        (None, Some(place)) => {
            vec![Evidence::there(format!("it states `{}`", subject.text(place)), Some(place))]
        }
        (None, None) => vec![Evidence::missing(
            1.0,
            "nothing says how many use it, and how often",
            None,
            "say it: `daily_users = 20k, per_user = 30/day`, or a `rate` on each flow",
        )],
    }
}

/// How often it may be down.
pub(in crate::interview) fn promise(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let journeys = &subject.analysis.journeys;
    let promised: Vec<_> = journeys.iter().filter(|it| it.promise.origin != PromiseOrigin::Nothing).collect();
    let is_unreal = |span: Option<Span>| span.is_some_and(|it| subject.is_unreal(it));
    let real = promised.iter().find(|it| !is_unreal(it.promise.span));
    let Some(first) = real.or(promised.first()) else {
        let stated = subject.stated(&[Property::Availability, Property::Downtime]).map(|(_, place)| place);
        return match (subject.found("LP902"), stated) {
            (Some(finding), _) => vec![found::evidence(finding, 1.0)],
            (None, Some(place)) if journeys.is_empty() => {
                vec![Evidence::there(format!("it states `{}`", subject.text(place)), Some(place))]
            }
            _ if subject.is_small() && !subject.is_empty() => {
                vec![Evidence::there("so few use it that no promise is asked", None)]
            }
            _ => vec![Evidence::missing(1.0, "nothing says how often it may be down", None, KEEPABLE)],
        };
    };
    let place = first.promise.span;
    let mut evidence = vec![match (first.promise.origin, first.promise.slo) {
        (PromiseOrigin::Demo, _) => Evidence::there("it is a demo: it promises nothing", place),
        (_, Some(slo)) if is_unreal(place) => Evidence::missing(
            1.0,
            format!("{} is promised, which can't be meant", figures::availability(slo)),
            place,
            KEEPABLE,
        ),
        (_, Some(slo)) => Evidence::there(
            format!(
                "{} is promised: {} a month",
                figures::availability(slo),
                figures::minutes(budget_seconds(slo) / 60.0)
            ),
            place,
        ),
        (_, None) => Evidence::missing(
            NO_FIGURE,
            "redundancy is asked for, and no figure: nothing can be held against it",
            place,
            KEEPABLE,
        ),
    }];
    let open = journeys.len() - promised.len();
    if open > 0 {
        let cost = open as f64 / journeys.len() as f64;
        evidence.extend(found::by_rules(criterion, subject, |_| cost));
    }
    evidence
}

/// How fast it must answer.
pub(in crate::interview) fn latency(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    stated_or_found(criterion, subject, &[Property::LatencyP99, Property::LatencyP50, Property::Freshness])
}

/// How large what is kept is, and for how long it is kept.
pub(in crate::interview) fn data(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    if !subject.reached().any(|it| it.kind.is_store()) {
        return Vec::new();
    }
    stated_or_found(
        criterion,
        subject,
        &[Property::RecordSize, Property::Storage, Property::Records, Property::Retention, Property::Growth],
    )
}

/// How many reads there are to a write.
pub(in crate::interview) fn reads_and_writes(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let found = found::by_rules(criterion, subject, |_| 1.0);
    if !found.is_empty() {
        return found;
    }
    let arrivals = subject.analysis.load.arrivals.iter().flatten();
    let told = arrivals.fold(None, |told, it| Some(told.unwrap_or(true) && !it.mean.other.is_positive()));
    match told {
        Some(true) => {
            let stated = subject.stated(&[Property::ReadsPerWrite]).map(|(_, place)| place);
            vec![Evidence::there("reads and writes are told apart", stated)]
        }
        Some(false) => vec![Evidence::missing(
            HALF,
            "not all of what comes in says whether it reads or writes",
            None,
            "mark each flow `reads` or `writes`, or state `reads_per_write`",
        )],
        None => Vec::new(),
    }
}

/// What a read may miss, and what may be lost.
pub(in crate::interview) fn consistency(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let is_spread =
        subject.architecture.components().any(|it| it.kind.is_store() && consistency::is_spread(it));
    let asked = [Property::Consistency, Property::OnPartition, Property::Durability, Property::Rpo];
    let evidence = stated_or_found(criterion, subject, &asked);
    if is_spread || evidence.iter().all(|it| it.cost <= 0.0) { evidence } else { Vec::new() }
}

/// What its users do, one thing after the other.
pub(in crate::interview) fn flows(criterion: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let found = found::by_rules(criterion, subject, |_| 1.0);
    let flows = subject.architecture.flows();
    match (found.is_empty(), flows.len()) {
        (false, _) => found,
        (true, 0) => Vec::new(),
        (true, count) => {
            let place = flows.clone().next().map(|it| it.span);
            vec![Evidence::there(format!("{} named", figures::count(count, "flow is", "flows are")), place)]
        }
    }
}

/// What is stated speaks for itself; else a finding asks for it. Where so few use it that nobody asks, it is not judged.
fn stated_or_found(criterion: &Criterion, subject: &Subject, properties: &[Property]) -> Vec<Evidence> {
    let found = found::by_rules(criterion, subject, |_| 1.0);
    if !found.is_empty() {
        return found;
    }
    if let Some((_, place)) = subject.stated(properties) {
        if subject.is_unreal(place) {
            let says = format!("it states `{}`, which can't be meant", subject.text(place));
            return vec![Evidence::missing(1.0, says, Some(place), "state what it can be held to")];
        }
        return vec![Evidence::there(format!("it states `{}`", subject.text(place)), Some(place))];
    }
    if subject.is_small() || subject.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = properties.iter().map(|it| format!("`{}`", it.name())).collect();
    let [first, ..] = names.as_slice() else { return Vec::new() };
    let says = format!("{first} is not stated, nor anything like it");
    vec![Evidence::missing(1.0, says, None, format!("state one of {}", names.join(", ")))]
}
