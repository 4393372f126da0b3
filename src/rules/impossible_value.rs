use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::property::{Entry, Statement, Value};
use crate::model::{Component, Property, Replicas};
use crate::source::Span;
use crate::syntax::ast::Dimension;

declare_rule! {
    /// Finds figures that no system can have: more than all of the time, fewer than no replicas, a peak below the
    /// average.
    ///
    /// ## Why it matters
    /// Everything that is computed from an impossible figure is impossible too, and mostly a unit or a digit is to
    /// blame.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service api x2 { needs = 3 } // finding: "`api` needs 3 of its 2 replicas"
    /// browser -> api
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service api x3 { needs = 2 }
    /// browser -> api
    /// ```
    ///
    /// A share of more than everything, a peak below the average, the slow faster than the usual:
    /// ```arch
    /// system "Shop" { availability = 999%, peak_factor = 0.5 } // finding: "999%", "`peak_factor`"
    /// client browser
    /// service api { service_time = 50ms, service_time_p99 = 40ms } // finding: "below its"
    /// browser -> api
    /// ```
    ///
    /// ## How it is detected
    /// Shares lie between 0 and 100 %. Capacities, counts of nodes and limits are above zero. Quorums, primaries and
    /// `needs` are at most the replicas there are. A peak factor is at least 1, the slow one in a hundred at least as
    /// slow as the median.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Does that number add up?
    ///
    /// ## References
    /// - Units in the language's reference.
    static RULE = {
        code: "LP008",
        summary: "a figure that no system can have",
        levels: [Error],
    }
}

/// Figures of which there is at least a little.
const ABOVE_ZERO: &[Property] = &[
    Property::Capacity,
    Property::ReadCapacity,
    Property::WriteCapacity,
    Property::StorageCapacity,
    Property::Memory,
    Property::Bandwidth,
    Property::MaxConnections,
    Property::Pool,
    Property::Quota,
    Property::Replicas,
    Property::Shards,
    Property::Zones,
    Property::Regions,
    Property::Needs,
    Property::WriteQuorum,
    Property::ReadQuorum,
    Property::Primaries,
    Property::Partitions,
    Property::MaxLength,
    Property::MaxAge,
    Property::BatchSize,
    Property::Timeout,
    Property::Horizon,
    Property::Repair,
];

/// Figures that can be at most as many as there are replicas.
const WITHIN_REPLICAS: &[(Property, &str)] = &[
    (Property::Needs, "needs"),
    (Property::WriteQuorum, "writes to"),
    (Property::ReadQuorum, "reads from"),
    (Property::Primaries, "has a primary on"),
];

fn check(cx: &Context, findings: &mut Findings) {
    let mut found: Vec<(Span, String, String, &'static str)> = Vec::new();
    for bearer in cx.architecture.bearers() {
        let properties = bearer.properties();
        let element = || bearer.name(cx.architecture);
        for entry in properties.iter() {
            if let Some((message, help)) = impossible(entry) {
                found.push((entry.span, element(), message, help));
            }
        }
        for (low, high) in [
            (Property::ServiceTime, Property::ServiceTimeP99),
            (Property::LatencyP50, Property::LatencyP99),
            (Property::Calls, Property::CallsMax),
        ] {
            let figures = properties.figure(low).zip(properties.figure(high));
            if let (Some((less, more)), Some(span)) = (figures, properties.span(high))
                && less > more
            {
                let message = format!("`{}` of `{}` is below its `{}`", high.name(), element(), low.name());
                found.push((span, element(), message, "correct the one that is wrong"));
            }
        }
    }
    for component in cx.architecture.components() {
        found.extend(over_replicas(component));
    }
    // The names of one declaration share its body: what is wrong in it is told once.
    found.sort();
    found.dedup_by_key(|(span, ..)| *span);
    for (span, element, message, help) in found {
        findings.report(Severity::Error, element, span, "impossible", message).help(help);
    }
}

fn impossible(entry: &Entry) -> Option<(String, &'static str)> {
    let Statement::Value(Value::Figure { low, high, dimension }) = &entry.statement else { return None };
    let name = entry.property.name();
    if *dimension == Dimension::Percent && *high > 1.0 && high.is_finite() {
        return Some((
            format!("`{name}` is {}%, more than all there is", percent(*high)),
            "write a share of at most `100%`",
        ));
    }
    if *dimension == Dimension::TimeShare && *high > 1.0 {
        return Some((
            format!("`{name}` is more time than there is"),
            "write less than the whole, such as `30min/month`",
        ));
    }
    if entry.property == Property::PeakFactor && *high < 1.0 {
        return Some((
            format!("`peak_factor` is {high}, which puts the busiest hour below the average"),
            "write how many times the average the busiest hour is, such as `3`",
        ));
    }
    if entry.property == Property::Layer && !(1.0..=7.0).contains(low) {
        return Some((format!("`layer` is {low}, and there are 7"), "write `4` or `7`"));
    }
    if *high <= 0.0 && ABOVE_ZERO.contains(&entry.property) {
        return Some((format!("`{name}` is zero"), "write more than zero, or `none` if there is none"));
    }
    None
}

fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// What a component states of more replicas than it has, or of none.
fn over_replicas(component: &Component) -> Vec<(Span, String, String, &'static str)> {
    let name = component.name.to_string();
    let Replicas::Stated { most, .. } = component.replicas else { return Vec::new() };
    if let (Some(0), Some(span)) = (most, component.replicas_span)
        && !component.is_stated(Property::Replicas)
    {
        let message = format!("`{name}` has no replica at all");
        return vec![(span, name, message, "write at least `x1`, or take the component out")];
    }
    let mut found = Vec::new();
    for (property, verb) in WITHIN_REPLICAS {
        let (Some(figure), Some(most), Some(span)) =
            (component.figure(*property), most, component.span(*property))
        else {
            continue;
        };
        if figure > f64::from(most) {
            let message = format!("`{name}` {verb} {figure} of its {most} replicas");
            found.push((span, name.clone(), message, "state more replicas, or ask for fewer of them"));
        }
    }
    found
}
