use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Component, FaultKind, Property, Replicas};
use crate::source::Span;

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
    /// slow as the median. Of a range both ends must be possible. What is told here counts as stated, its figure as
    /// unknown. There is no fix: the right figure is not in the text.
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

/// Figures that can be at most as many as there are replicas.
const WITHIN_REPLICAS: &[(Property, &str)] = &[
    (Property::Needs, "needs"),
    (Property::WriteQuorum, "writes to"),
    (Property::ReadQuorum, "reads from"),
    (Property::Primaries, "has a primary on"),
];

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::ImpossibleValue);
    let mut found: Vec<(Span, String, String, &'static str)> = Vec::new();
    for bearer in cx.architecture.bearers() {
        let properties = bearer.properties();
        let element = || bearer.name(cx.architecture);
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
