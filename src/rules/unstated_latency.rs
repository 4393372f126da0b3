use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Properties, Property};

declare_rule! {
    /// Asks how fast a design must answer, where something in it is there for speed or stands in its way.
    ///
    /// ## Why it matters
    /// A cache, a CDN, a second region are bought for time; a third party and a far region cost it. As long as nobody says
    /// how long an answer may take, neither can be judged, and nobody knows what each part may spend.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9% } // finding: "nothing says how fast `Shop` must answer"
    /// client browser
    /// service shop x3
    /// third_party payments { availability = 99.95% }
    /// database orders : postgres x2 { failover = 30s }
    /// browser -> shop
    /// shop -> orders, payments
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 200/s, reads_per_write = 20, availability = 99.9%, latency_p99 = 500ms }
    /// client browser
    /// service shop x3
    /// third_party payments { availability = 99.95% }
    /// database orders : postgres x2 { failover = 30s }
    /// browser -> shop
    /// shop -> orders, payments
    /// ```
    ///
    /// ## How it is detected
    /// Somebody waits (a client or a person), neither the system nor a flow states `latency_p50`, `latency_p99` or
    /// `freshness`, and the answer would decide something: a third party is waited for, or a cache, a CDN or a second
    /// region stands on the way. It is silent on designs for few users, with `intent = demo | personal | internal`, on
    /// boxes and arrows that state nothing at all, which are asked for scale and promise first, and without a `system`,
    /// which `missing-system` asks for. There is no fix: the figure is not in the text.
    ///
    /// ## Known false alarms
    /// None known: it is a question.
    ///
    /// ## An interviewer asks
    /// How long may the slowest of a hundred requests take?
    ///
    /// ## A good answer
    /// - a time, and for whom: the middle, or the slowest few
    /// - where it is spent: ways, work and lines
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 4, "Service Level Objectives".
    /// - J. Dean and L. A. Barroso, "The Tail at Scale", *Communications of the ACM* 56(2), 2013.
    static RULE = {
        code: "LP904",
        summary: "a design that does not say how fast it must answer",
        levels: [Advice],
        review_only: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let system = &architecture.system;
    let Some(name) = &system.name else { return };
    if architecture.is_sketch() {
        return;
    }
    let asks = |properties: &Properties| {
        let asked = [Property::LatencyP50, Property::LatencyP99, Property::Freshness];
        asked.into_iter().any(|property| properties.is_stated(property))
    };
    if asks(&system.properties)
        || architecture.flows().any(|flow| asks(&flow.properties))
        || system.properties.is(Property::Assume, "nothing")
        || crate::analysis::asking::is_small(architecture, cx.analysis)
    {
        return;
    }
    let is_waited_for = |entry: &Component| matches!(entry.kind, Kind::Client | Kind::Person);
    let mut journeys = cx.analysis.judged().filter(|(journey, _)| {
        journey.entries.iter().any(|entry| is_waited_for(architecture.component(*entry)))
    });
    let Some((component, why, decided)) = journeys
        .find_map(|(_, judged)| judged.needed.iter().find_map(|id| matter(architecture.component(*id))))
    else {
        return;
    };
    let longest = cx.analysis.availability.iter().map(|it| it.needed.len()).max().unwrap_or(0);
    let waits = figures::count(longest.saturating_sub(1), "component", "components");
    findings
        .report(
            Severity::Advice,
            "system",
            system.span,
            "how long may an answer take?",
            format!("nothing says how fast `{name}` must answer"),
        )
        .label(component.name.as_str(), component.span, why)
        .note(format!(
            "a request waits for up to {waits}; with a figure the review could say whether they fit, and {decided}"
        ))
        .help("state what the slowest of a hundred may take: `latency_p99 = 500ms` on the system or on each flow");
}

/// What of a component the answer would decide.
fn matter(component: &Component) -> Option<(&Component, &'static str, String)> {
    let name = &component.name;
    Some(match component.kind {
        Kind::ThirdParty => {
            (component, "waited for, however long it takes", format!("whether `{name}` may be waited for"))
        }
        Kind::Cache if !component.has(Property::SourceOfTruth) => {
            (component, "bought for speed?", format!("whether `{name}` is needed for it"))
        }
        Kind::Cdn => (component, "bought for speed?", format!("whether `{name}` is needed for it")),
        _ if component.figure(Property::Regions).is_some_and(|it| it > 1.0) => {
            (component, "in several regions", "whether a call may leave its region".to_owned())
        }
        _ => return None,
    })
}
