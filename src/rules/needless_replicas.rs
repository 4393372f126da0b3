use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Component, ComponentId, Replicas};

declare_rule! {
    /// Finds replicas, and tiers of read replicas, that neither the load nor a promise needs.
    ///
    /// ## Why it matters
    /// Past the second or third, one more replica hardly adds availability: what they have in common (a release, a
    /// configuration, a zone) decides. What it does add is a bill, more to deploy, and for stores more copies that lag.
    ///
    /// ## Example
    /// ```arch
    /// system "Wiki" { daily_users = 2k, per_user = 30/day, availability = 99% }
    /// client browser
    /// load_balancer edge : alb
    /// service app x6 // finding: "`app` has 6 replicas, and 3 would do"
    /// database pages : postgres x2 { failover = 60s }
    /// browser -> edge -> app -> pages
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Wiki" { daily_users = 2k, per_user = 30/day, availability = 99% }
    /// client browser
    /// load_balancer edge : alb
    /// service app x3
    /// database pages : postgres x2 { failover = 60s }
    /// browser -> edge -> app -> pages
    /// ```
    ///
    /// A tier of copies that the primary could answer for:
    /// ```arch
    /// system "Paste" { availability = high }
    /// client browser
    /// service api x2
    /// database pastes x2 { failover = 60s }
    /// database copies x3 // finding: "`copies` is a tier of its own"
    /// browser -> api
    /// api -> pastes { writes }
    /// api -> copies { reads }
    /// pastes ~> copies : replication
    /// flow view { reads, rate = 40/s; browser -> api -> copies }
    /// flow create { writes, rate = 4/s; browser -> api -> pastes }
    /// ```
    ///
    /// ## How it is detected
    /// Enough are those that carry the grown peak at half their capacity, and all of it with one replica or one stated
    /// zone gone where redundancy is needed, and with which every journey keeps its promise at half its budget; where
    /// other parts use more than that half, fewer replicas must not be felt (a hundredth of the budget). One
    /// more is a spare, as many stand in each stated zone as in the others, and a pair is never called too many. Whatever else can go is taken as gone already, so that all
    /// of the advice can be followed together. A tier of copies goes where their reads are under a quarter of one
    /// primary's, which is redundant and would be at most half busy. It is silent without a scale or a promise, on
    /// unknown capacities, on quorums, no loss, connections and state, and on a `because`. It is advice where only a
    /// catalogue capacity makes it so. The fix writes the lower count; it is unsafe, for it takes nodes away.
    ///
    /// ## Known false alarms
    /// Replicas for a reason that is not written: a growth that is planned, work beside the requests. Say it in a
    /// `because`, or state `growth` and `horizon`.
    ///
    /// ## An interviewer asks
    /// Why this many, and not fewer? What happens to your users when one of them dies?
    ///
    /// ## A good answer
    /// - how many carry the peak, and one more for the one that is gone
    /// - what the others would be there for: a load that is known, or a promise
    ///
    /// ## References
    /// - IEC 61508-6, annex D: common-cause failures bound what redundancy gains.
    /// - B. Beyer et al., *The Site Reliability Workbook*: N + 2, and not more.
    static RULE = {
        code: "LP802",
        summary: "replicas that neither the load nor a promise needs",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        match deletion.step {
            Step::Replicas { from, to } => replicas(cx, findings, deletion, from, to),
            Step::ReadReplicas(primary) => tier(cx, findings, deletion, primary),
            _ => {}
        }
    }
}

fn replicas(cx: &Context, findings: &mut Findings, deletion: &Deletion, from: u32, to: u32) {
    let component = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let severity = if used.is_surely_early(&cx.architecture.parameters) || !used.is_assumed {
        Severity::Warning
    } else {
        Severity::Advice
    };
    let message = format!("`{}` has {from} replicas, and {to} would do: its load is {used}", component.name);
    let label = format!("{from} replicas for {}", used.peak_told());
    let mut finding = findings.on_component(severity, component, label, message);
    if let Some(busy) = deletion.utilisation {
        finding.note(format!("with {to}, each is {} busy{}", figures::roughly(busy), told(cx, deletion)));
        let worth = used.peak / busy.max(1e-9) * cx.architecture.parameters.utilisation_spare.value;
        finding.help(match used.users {
            Some(_) => format!("write `x{to}`: more pay when the load is known and larger"),
            None => format!("write `x{to}`: more pay from {worth} at peak"),
        });
    }
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    if let Some(kept) = deletion.kept {
        finding.flow(cx.analysis.journeys[kept.journey].name.as_str());
    }
    if let Some(edit) = fewer(cx, component, to) {
        finding.fix(format!("write `x{to}`: as many as pay"), false, vec![edit]);
    }
}

/// What the journey with the least room keeps: `, and \`buy\` stays at 99.93% of the 99% that it promises`.
fn told(cx: &Context, deletion: &Deletion) -> String {
    let Some(kept) = deletion.kept else { return String::new() };
    format!(
        ", and `{}` stays at {} (promised: {})",
        cx.analysis.journeys[kept.journey].name,
        figures::availability(kept.after),
        figures::availability(kept.slo)
    )
}

/// The edit of a count that no other component shares.
fn fewer(cx: &Context, component: &Component, to: u32) -> Option<Edit> {
    let span = component.replicas_span?;
    let is_shared = cx.architecture.components().filter(|it| it.replicas_span == Some(span)).nth(1).is_some();
    let is_plain = matches!(component.replicas, Replicas::Stated { least, most } if most == Some(least));
    let is_short = !component.is_stated(crate::model::Property::Replicas);
    let text = if is_short { format!("x{to}") } else { format!("replicas = {to}") };
    (!is_shared && is_plain).then_some(Edit { span, text })
}

fn tier(cx: &Context, findings: &mut Findings, deletion: &Deletion, primary: ComponentId) {
    let copy = cx.architecture.component(deletion.component);
    let primary = cx.architecture.component(primary);
    let used = deletion.used;
    let severity =
        if used.is_surely_early(&cx.architecture.parameters) { Severity::Warning } else { Severity::Advice };
    let message = format!("`{}` is a tier of its own for {used}", copy.name);
    let label = format!("reads of {}", used.peak_told());
    let mut finding = findings.on_component(severity, copy, label, message);
    let busy = deletion.utilisation.unwrap_or(used.share);
    finding.label(
        primary.name.as_str(),
        primary.span,
        format!("could answer them as well, and be {} busy", figures::roughly(busy)),
    );
    finding.note(
        "copies are behind: whoever reads what was just written may not find it; a pair with failover keeps the data",
    );
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    let limit = cx.architecture.parameters.replica_reads.value;
    let callers: Vec<String> = cx
        .architecture
        .links_to(copy.id)
        .filter(|link| !link.copies_data())
        .take(3)
        .map(|link| format!("`{}`", cx.architecture.component(link.source).name))
        .collect();
    let callers = if callers.is_empty() { "all".to_owned() } else { callers.join(", ") };
    finding.help(format!(
        "let {callers} read from `{}`: copies pay from {} of a node's reads ({})",
        primary.name,
        figures::percent(limit),
        limit * used.reads
    ));
}
