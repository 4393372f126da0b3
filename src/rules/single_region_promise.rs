use super::{Context, Findings, declare_rule};
use crate::analysis::availability::MONTH_MINUTES;
use crate::analysis::regions::{self, Asks, OneRegion};
use crate::figures;
use crate::model::{Properties, Property};
use crate::source::Span;

declare_rule! {
    /// Finds promises that one region can't keep, and regions whose loss was to be survived.
    ///
    /// ## Why it matters
    /// Several zones of one region reach 99.99%, and no further: a region is down for hours at once, every few years, and
    /// takes all its zones with it. More than that, or a design that is to outlive a region, takes a second one that
    /// serves, with the data in it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// region east { load_balancer edge : alb; service app x4 { zones = 3 }; edge -> app } // finding: "is to survive the loss of a region, and falls with `east`"
    /// browser -> east.edge
    /// flow look { survives = region
    ///   browser -> east.edge -> east.app
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names : route53
    /// region east { load_balancer edge : alb; service app x4 { zones = 3 }; edge -> app }
    /// region west { load_balancer edge : alb; service app x4 { zones = 3 }; edge -> app }
    /// browser -> names -> east.edge | west.edge
    /// flow look { survives = region
    ///   browser -> names -> east.edge | west.edge
    ///   east.edge -> east.app
    ///   west.edge -> west.app
    /// }
    /// ```
    ///
    /// A promise over four nines:
    /// ```arch
    /// system "Till" { availability = 99.999% }
    /// client browser
    /// service app x6 { zones = 3 }
    /// browser -> app // finding: "promises 99.999% from one region"
    /// ```
    ///
    /// ## How it is detected
    /// A journey promises more than 99.99%, or `survives = region` is asked of it or of the system; and it is down when
    /// one region is: one that is drawn, or, where none is, the one that everything stands in which is run by its team
    /// or is of an engine that keeps to one region. `regions = 2`, the catalogue's engines over several regions, names,
    /// CDNs, identities and third parties stand in more than one. It is an error where a region that is to be survived
    /// is drawn or stated and is not survived; a warning where no region is said, and where the promise is missed with
    /// the region's own downtime (99.995%, assumed where it is not stated). There is no fix: a region is more than a
    /// line of text.
    ///
    /// ## Known false alarms
    /// A managed service that spans regions and is drawn without its engine's name for it: state `regions = 2`.
    ///
    /// ## An interviewer asks
    /// The region is gone until tonight. Who is served, and from which copy of the data?
    ///
    /// ## A good answer
    /// - whether the promise has to bear that at all
    /// - where a copy of the data is, how far behind, and who switches
    ///
    /// ## References
    /// - AWS Well-Architected, Reliability Pillar: REL10, use fault isolation; static stability over several regions.
    /// - B. Treynor et al., "The Calculus of Service Availability", 2017.
    static RULE = {
        code: "LP115",
        summary: "a promise, or a region to be survived, from one region",
        levels: [Error, Warning],
    }
}

/// So many components are labelled.
const MAX_LABELS: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    for one in regions::one_region(cx.architecture, cx.analysis) {
        report(cx, findings, &one);
    }
}

fn report(cx: &Context, findings: &mut Findings, one: &OneRegion) {
    let flow = &cx.analysis.journeys[one.worst];
    let group = one.group.map(|it| cx.architecture.group(it));
    let down = figures::duration(one.own * MONTH_MINUTES * 60.0);
    let is_written = group.is_some_and(|it| it.properties.has(Property::Availability));
    let assumed = if is_written { "" } else { " (assumed)" };
    let message = match (one.asks, group) {
        (Asks::Survival, Some(region)) => {
            format!("`{}` is to survive the loss of a region, and falls with `{}`", flow.name, region.name)
        }
        (Asks::Survival, None) => {
            format!("`{}` is to survive the loss of a region, and stands in one", flow.name)
        }
        (Asks::Promise(slo), _) => format!(
            "`{}` promises {} from one region: {} a month may be down, and one region alone is down {down}{assumed}",
            flow.name,
            figures::availability(slo),
            figures::duration((1.0 - slo) * MONTH_MINUTES * 60.0)
        ),
    };
    let (element, span, label) = match group {
        Some(region) => (region.name.to_string(), region.span, "takes it down"),
        None => (flow.element.clone(), flow.span, "down with its region"),
    };
    let mut finding = findings.report(one.level, element, span, label, message);
    if let Some(span) = asked(cx, one) {
        finding.place(span, "asked here");
    }
    for id in one.members.iter().take(MAX_LABELS) {
        let component = cx.architecture.component(*id);
        finding.label(component.name.as_str(), component.span, "in that one region");
    }
    for at in &one.journeys {
        finding.flow(cx.analysis.bases[cx.analysis.journeys[*at].base].name.as_str());
    }
    let mut others: Vec<&str> =
        one.journeys.iter().map(|at| cx.analysis.journeys[*at].name.as_str()).collect();
    others.retain(|name| *name != flow.name.as_str());
    others.dedup();
    if !others.is_empty() {
        finding.note(format!("so it is with {}", figures::listed(&others, others.len())));
    }
    finding.note(match one.asks {
        Asks::Survival => {
            "no replica and no zone helps when a whole region is gone, for hours at once".to_owned()
        }
        Asks::Promise(_) => format!(
            "several zones of one region reach {}; when it goes, all of them do, for hours at once",
            figures::availability(cx.architecture.parameters.region_promise.value)
        ),
    });
    if group.is_none() && one.level != crate::diagnostic::Severity::Error {
        finding.note("no region is drawn or stated, so everything is taken to stand in one");
    }
    let instead = match one.asks {
        Asks::Survival => "or take `region` out of `survives`".to_owned(),
        Asks::Promise(_) => {
            format!("or promise {}", figures::availability(cx.architecture.parameters.region_promise.value))
        }
    };
    let reached = one
        .reached
        .map(|it| format!(", `{}` would reach {}", flow.name, figures::reached(it, flow.promise.slo)))
        .unwrap_or_default();
    finding.help(match group {
        Some(region) => {
            format!("draw a second region that serves like `{}`{reached}; {instead}", region.name)
        }
        None => format!("let it stand in two regions that both serve (`regions = 2`){reached}; {instead}"),
    });
}

/// Where it is asked.
fn asked(cx: &Context, one: &OneRegion) -> Option<Span> {
    let flow = &cx.analysis.journeys[one.worst];
    let Asks::Survival = one.asks else { return flow.promise.span };
    let survives = |it: &Properties| it.span(Property::Survives);
    flow.properties(cx.architecture)
        .and_then(survives)
        .or_else(|| survives(&cx.architecture.system.properties))
}
