use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Sums up what a design could do without and still keep its promises: what the nines past them cost.
    ///
    /// ## Why it matters
    /// Each nine costs about ten times the one before. A design that keeps more than it promises has either promised too
    /// little, which its users should know, or pays for what nobody asked.
    ///
    /// ## Example
    /// ```arch
    /// system "Wiki" { daily_users = 2k, per_user = 30/day, availability = 99% } // finding: "10 nodes more than the promise needs"
    /// client browser
    /// load_balancer edge : alb
    /// reverse_proxy proxy x10
    /// service app x6
    /// database pages : postgres x2 { failover = 60s }
    /// browser -> edge -> proxy -> app -> pages
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Wiki" { daily_users = 2k, per_user = 30/day, availability = 99% }
    /// client browser
    /// load_balancer edge : alb
    /// reverse_proxy proxy x3
    /// service app x3
    /// database pages : postgres x2 { failover = 60s }
    /// browser -> edge -> proxy -> app -> pages
    /// ```
    ///
    /// ## How it is detected
    /// Two or more things that could go (the other rules of this chapter name them one by one) go together, and every
    /// journey keeps its promise at half its budget. What the design accepts by `allow` stays. It needs a promise with
    /// a figure, and nodes among what goes. Told here alone is a relational store that another of the same engine and
    /// callers could hold as well, where nothing is said of either but how it is run. Zones stay: to spread over them
    /// costs nothing. It is advice: the parts are told by themselves. There is no fix: it is the sum of other findings.
    ///
    /// ## Known false alarms
    /// A promise to others that is lower than what the team wants for itself: state that instead.
    ///
    /// ## An interviewer asks
    /// You built more than you promise. Which of the two did you mean?
    ///
    /// ## A good answer
    /// - what the promise asks for, and what each further part adds to it
    /// - which part goes, or that the promise is raised
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 3, "Embracing Risk".
    static RULE = {
        code: "LP812",
        summary: "more nodes than the promises need",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let plan = cx.analysis.plan(cx.architecture);
    // What takes no node away is told with what does.
    let is_told = |it: &&Deletion| {
        !it.is_allowed && (it.nodes > 0 || matches!(it.step, Step::Primaries(_) | Step::Log { .. }))
    };
    let mut gone: Vec<&Deletion> = plan.deletions.iter().filter(is_told).collect();
    gone.sort_by_key(|it| it.nodes == 0);
    let nodes: u32 = gone.iter().map(|it| it.nodes).sum();
    let tightest = plan.kept.iter().min_by(|a, b| {
        let left = |it: &&crate::analysis::plan::Kept| (it.after - it.slo) / (1.0 - it.slo).max(1e-15);
        left(a).total_cmp(&left(b))
    });
    let Some(kept) = tightest.filter(|_| gone.len() > 1 && nodes > 0) else { return };
    let journey = &cx.analysis.journeys[kept.journey];
    let system = &cx.architecture.system;
    let message = format!(
        "{} than the promise needs: without {} `{}` still reaches {}, above the promised {}",
        figures::count(nodes as usize, "node more", "nodes more"),
        if nodes == 1 { "it" } else { "them" },
        journey.name,
        figures::availability(kept.after),
        figures::availability(kept.slo)
    );
    let span = journey.promise.span.unwrap_or(system.span);
    let mut finding = findings.report(
        Severity::Advice,
        "system",
        span,
        format!("kept now: {}", figures::availability(kept.before)),
        message,
    );
    for deletion in gone.iter().take(5) {
        let component = cx.architecture.component(deletion.component);
        finding.label(component.name.as_str(), component.span, saved(deletion));
    }
    for kept in &plan.kept {
        finding.flow(cx.analysis.journeys[kept.journey].name.as_str());
    }
    if !plan.is_complete {
        finding.note("not all was searched: the design is large, and there may be more");
    }
    finding
        .help(format!("take them away, or promise what you built: {}", figures::availability(kept.before)));
}

/// What one deletion saves.
fn saved(deletion: &Deletion) -> String {
    match &deletion.step {
        Step::Replicas { from, to } => format!("{to} of {from} would do"),
        Step::Shards(from) => format!("1 shard of {from} would do"),
        Step::Service(_) => "could be a part of its caller".to_owned(),
        Step::Merged(_) => "could be a part of the other store of its callers".to_owned(),
        Step::Primaries(from) => format!("1 primary of {from} would do"),
        Step::Log { .. } => "a plain queue would do".to_owned(),
        Step::Twins(twins) => format!("{} services could be one", twins.len()),
        _ => format!("not needed: {}", figures::count(deletion.nodes as usize, "node", "nodes")),
    }
}
