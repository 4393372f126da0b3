use super::{Context, Findings, declare_rule};
use crate::analysis::capacity::{self, Busy, Rung, busiest, cached_stores, exceeds, next_rung};
use crate::analysis::plan::Scale;
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Tells what breaks first, at how many users, and what next, where the load is going to come to that.
    ///
    /// ## Why it matters
    /// Every design has a part that fills before the others. Who knows which, and at how many users, can watch that one
    /// and begin the next step in time; and it is what every interviewer asks once the boxes are drawn.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3, reads_per_write = 10, growth = 20%/year }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x6 { capacity = 2k/s } // finding: "`shop` breaks first, at 17.2M daily users"
    /// database orders : postgres x2 { failover, read_capacity = 20k/s, write_capacity = 5k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 10M, per_user = 20/day, peak_factor = 3, reads_per_write = 10, growth = 20%/year }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x10 { capacity = 2k/s }
    /// database orders : postgres x2 { failover, read_capacity = 20k/s, write_capacity = 5k/s }
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// Of all whose load and capacity are known, the one that the peak fills most: a load of 1 ÷ its utilisation fills
    /// it. It is told where the stated `growth` takes that one over 70 % within the `horizon` (three years where none
    /// is stated), and where what it carries is assumed and it is half full: an assumption is good for a factor of two.
    /// The two that follow are told with it, each with the next step of the ladder: a cache, copies to read from,
    /// stores of their own or shards; replicas for what has no state. It is silent where something is over 70 % of its
    /// capacity today (LP301, LP302). There is no fix: nothing is wrong yet. `loadpath report` tells what breaks first
    /// of every design.
    ///
    /// ## Known false alarms
    /// None known: it is a figure, and not a fault.
    ///
    /// ## An interviewer asks
    /// Your users double, and double again. What breaks first, and what do you do?
    ///
    /// ## A good answer
    /// - what fills first, at how many users, and the next step for it
    /// - which figure shows it coming, and how long the step takes to make
    ///
    /// ## References
    /// - System Design Primer, "Identify and address bottlenecks".
    /// - J. Dean, "Designs, Lessons and Advice from Building Large Distributed Systems", LADIS 2009.
    static RULE = {
        code: "LP303",
        summary: "what breaks first as the load grows, and when",
        levels: [Advice],
        review_only: true,
    }
}

/// From here on an assumed capacity may be too little: it is good for a factor of two.
const HALF_FULL: f64 = 0.5;

/// So many that follow the first are told.
const FOLLOWING: usize = 2;

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let busiest = busiest(architecture, &cx.analysis.load);
    let Some(first) = busiest.first() else { return };
    let growth = Scale::of(architecture, &cx.analysis.load).growth;
    let is_outgrown = exceeds(first.share() * growth, cx.architecture.parameters.utilisation_target.value);
    let is_unsure = first.capacity.is_assumed && first.share() >= HALF_FULL;
    if exceeds(first.share(), cx.architecture.parameters.utilisation_target.value)
        || !is_outgrown && !is_unsure
    {
        return;
    }
    let cached = cached_stores(architecture, &cx.analysis.load);
    let at = |busy: &Busy| match capacity::users_at(&architecture.system.properties, busy.headroom()) {
        Some(users) => format!("at {users}"),
        None => format!("at {} times this load", figures::number(busy.headroom())),
    };
    let component = architecture.component(first.component);
    let message = format!("`{}` breaks first, {}", component.name, at(first));
    let label = format!("{} busy at peak", figures::percent(first.share()));
    let mut finding = findings.on_component(Severity::Advice, component, label, message);
    let is_soon = |busy: &&Busy| busy.headroom() < cx.architecture.parameters.growth_ahead.value;
    for busy in busiest.iter().skip(1).take(FOLLOWING).filter(is_soon) {
        let next = architecture.component(busy.component);
        let label = format!("{} busy at peak", figures::percent(busy.share()));
        finding.label(next.name.as_str(), next.span, label);
        let step = match next_rung(&cx.architecture.parameters, next, busy, cached.contains(&next.id)) {
            Rung::Replicas(_) => "more nodes",
            Rung::Partitions(_) => "more partitions of its log, and as many replicas",
            Rung::Cache => "a cache before it",
            Rung::ReadReplicas(_) => "more nodes to read from",
            Rung::Shards(_) => "stores for parts of its data, or shards",
            Rung::Larger => "larger nodes",
        };
        finding.note(format!("then `{}`, {}: {step}", next.name, at(busy)));
    }
    finding.note(format!("at peak: {} = {}", first.working(component), figures::percent(first.share())));
    if is_outgrown {
        finding.note(format!("the stated growth brings {} times today's load", figures::number(growth)));
    }
    if let Some(assumption) = first.assumption(component) {
        finding.note(assumption);
    }
    finding.help(format!(
        "watch it, and before it is {} busy {}",
        figures::percent(cx.architecture.parameters.utilisation_target.value),
        first.next_step(&cx.architecture.parameters, component, cached.contains(&component.id))
    ));
}
