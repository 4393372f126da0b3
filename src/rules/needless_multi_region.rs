use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds second regions that no promise needs.
    ///
    /// ## Why it matters
    /// Several zones of one region reach four nines. A second region buys the fifth, or users who are near; it costs every
    /// node twice, data that is behind or slow, and a failover that is hard to practise. Seven outages in ten come from
    /// changes, which reach both regions alike.
    ///
    /// ## Example
    /// ```arch
    /// system "Bookings" { daily_users = 20k, per_user = 20/day, availability = 99.5% }
    /// client browser
    /// dns names : route53
    /// region east { load_balancer edge : alb; service app x2 { capacity = 500/s }; edge -> app }
    /// region west { load_balancer edge : alb; service app x2 { capacity = 500/s }; edge -> app } // finding: "no promise needs `west`"
    /// browser -> names -> east.edge | west.edge
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Bookings" { daily_users = 20k, per_user = 20/day, availability = 99.5% }
    /// client browser
    /// dns names : route53
    /// region east { load_balancer edge : alb; service app x3 { capacity = 500/s, zones = 3 }; edge -> app }
    /// browser -> names -> east.edge
    /// ```
    ///
    /// ## How it is detected
    /// A region that is drawn, or `regions` of components, is taken away. It is a finding where every journey promises
    /// at most 99.95 %, keeps its promise at half its budget from what is left, and what is left is at most half busy
    /// at the grown peak. It is silent without a scale or a promise, where region loss is to be survived, where
    /// recovery is asked within an hour, where users, residency or latency name places, and on a `because`. There is no
    /// fix: a region is more than a line of text.
    ///
    /// ## Known false alarms
    /// Users on two continents, where nothing says so: state `from` on clients or flows.
    ///
    /// ## An interviewer asks
    /// What is down when a whole region is, and when was that last so?
    ///
    /// ## A good answer
    /// - what a region's loss costs a month, against what the second costs
    /// - whether the promise, the law or the way to the users asks for it
    ///
    /// ## References
    /// - AWS Well-Architected, Reliability Pillar, REL10: use fault isolation; several zones before several regions.
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 1: most outages come from changes.
    static RULE = {
        code: "LP806",
        summary: "a second region that no promise needs",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        match &deletion.step {
            Step::Region(group) => {
                let group = cx.architecture.group(*group);
                report(cx, findings, deletion, &group.name, group.span);
            }
            Step::Regions(spread) => {
                let first = cx.architecture.component(deletion.component);
                let mut finding = report(cx, findings, deletion, &first.name, first.span);
                for id in spread.iter().filter(|id| **id != first.id).take(4) {
                    let component = cx.architecture.component(*id);
                    finding.label(component.name.as_str(), component.span, "spread as well");
                }
            }
            _ => {}
        }
    }
}

fn report<'a>(
    cx: &Context,
    findings: &'a mut Findings,
    deletion: &Deletion,
    name: &str,
    span: crate::source::Span,
) -> super::Finding<'a> {
    let used = deletion.used;
    let is_drawn = matches!(deletion.step, Step::Region(_));
    let message = if is_drawn {
        format!("no promise needs `{name}`: what it serves is {used}")
    } else {
        format!("no promise needs the regions of `{name}`: its load is {used}")
    };
    let label = match deletion.nodes {
        0 => format!("for {}", used.peak_told()),
        nodes => format!("{} for {}", figures::count(nodes as usize, "node", "nodes"), used.peak_told()),
    };
    let mut finding = findings.report(Severity::Warning, name, span, label, message);
    if let Some(kept) = deletion.kept {
        let journey = &cx.analysis.journeys[kept.journey];
        finding.note(format!(
            "without it `{}` stays at {} (now {}; promised: {})",
            journey.name,
            figures::availability(kept.after),
            figures::availability(kept.before),
            figures::availability(kept.slo)
        ));
        finding.flow(journey.name.as_str());
        if let Some(span) = journey.promise.span {
            finding.place(span, "promised here");
        }
    }
    finding.help(format!(
        "stay in one region, over three zones: a second pays over {}, for users {} away, or where region loss must be survived",
        figures::availability(cx.architecture.parameters.multi_region_promise.value),
        figures::duration(cx.architecture.parameters.multi_region_latency.value)
    ));
    finding
}
