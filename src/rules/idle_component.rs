use super::{Context, Findings, declare_rule};
use crate::analysis::idle::{self, Idle};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Finds components that no flow comes to, where the flows are all the traffic.
    ///
    /// ## Why it matters
    /// What carries nothing is still patched, paid for, backed up and broken into. Either it can go, or a flow is missing
    /// that the rest of the figures should have counted.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day }
    /// client browser
    /// service shop x2
    /// database orders : postgres x2 { failover = 60s }
    /// search_index products : elasticsearch x3 // finding: "no flow comes to `products`"
    /// browser -> shop -> orders, products
    /// flow buy { share = 10%, writes; browser -> shop -> orders }
    /// flow look { share = 90%, reads; browser -> shop -> orders }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day }
    /// client browser
    /// service shop x2
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> shop -> orders
    /// flow buy { share = 10%, writes; browser -> shop -> orders }
    /// flow look { share = 90%, reads; browser -> shop -> orders }
    /// ```
    ///
    /// Flows that are not all the traffic leave open what the rest needs:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day }
    /// client browser
    /// service shop x2
    /// database orders : postgres x2 { failover = 60s }
    /// search_index products : elasticsearch x3
    /// browser -> shop -> orders, products
    /// flow buy { share = 10%, writes; browser -> shop -> orders }
    /// ```
    ///
    /// ## How it is detected
    /// A rate is known, every flow has a path and a `share`, and the shares add up to 100%. The component answers
    /// requests (a service, proxy, balancer, cache, database or search), is called, and no flow takes any of the calls,
    /// nor any work beside them. Not named are standbys and alternatives (`|`, `else`, `/`), what a proxy routes to,
    /// copies, dead letters, hosts, what a property names, what runs by itself, monitoring, names, identities, optional
    /// calls, and what has a `because`. What nothing leads to at all is `unreachable-component`'s. There is no fix:
    /// whether it goes or gets a caller is for the author to say.
    ///
    /// ## Known false alarms
    /// Work that is too rare for a share: give it a flow of its own, however small.
    ///
    /// ## An interviewer asks
    /// If I switched this off tonight, who would call you in the morning?
    ///
    /// ## A good answer
    /// - what uses it, and how much of the load that is
    /// - or that it goes, and what that saves
    ///
    /// ## References
    /// - AWS Well-Architected, Cost Optimization Pillar: COST4, decommission resources.
    static RULE = {
        code: "LP814",
        summary: "a component that no flow comes to",
        levels: [Warning],
    }
}

/// So many names are told.
const MAX_NAMED: usize = 3;

fn check(cx: &Context, findings: &mut Findings) {
    for idle in idle::idle(cx.architecture, cx.analysis) {
        report(cx, findings, &idle);
    }
}

fn report(cx: &Context, findings: &mut Findings, idle: &Idle) {
    let component = cx.architecture.component(idle.component);
    let flows = cx.architecture.flows().len();
    let message = format!(
        "no flow comes to `{}`, and {} all the traffic",
        component.name,
        if flows == 1 { "the one flow is".to_owned() } else { format!("the {flows} flows are") }
    );
    let label = match component.least_replicas() {
        Some(count) if count > 1 => format!("0% of {count} nodes is used"),
        _ => "nothing of it is used".to_owned(),
    };
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    for id in idle.callers.iter().take(MAX_NAMED) {
        let caller = cx.architecture.component(*id);
        finding.label(caller.name.as_str(), caller.span, "calls it on no flow");
    }
    let behind: Vec<&str> =
        idle.behind.iter().map(|id| cx.architecture.component(*id).name.as_str()).collect();
    for id in idle.behind.iter().take(MAX_NAMED) {
        let component = cx.architecture.component(*id);
        finding.label(component.name.as_str(), component.span, "idle with it");
    }
    finding.note("what carries nothing is still paid for, patched and broken into");
    let with = if behind.is_empty() {
        String::new()
    } else {
        format!(" with {}", figures::listed(&behind, MAX_NAMED))
    };
    finding.help(format!("take it out{with}, or write the flow that needs it, with its share"));
}
