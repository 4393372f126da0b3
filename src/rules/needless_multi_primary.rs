use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;

declare_rule! {
    /// Finds stores with several primaries whose writes one would take.
    ///
    /// ## Why it matters
    /// Several primaries add no room for writes, for each of them applies all. What they add is two versions of one record,
    /// written at the same time, of which one is lost or has to be merged. They are worth that where users far apart write
    /// near by, or where not even a minute of failover is allowed.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, availability = 99.5% }
    /// client browser
    /// load_balancer edge : alb
    /// service shop x3
    /// database orders : postgres x2 { primaries = 2, conflict_resolution = last_write_wins } // finding: "one primary would take the writes of `orders`"
    /// browser -> edge -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, availability = 99.5% }
    /// client browser
    /// load_balancer edge : alb
    /// service shop x3
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> edge -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The store states `primaries` over one, or `mode = active_active`. With one primary and a failover of 60 s each
    /// journey that needs it keeps its promise at half its budget, a month allows more than one such failover, and the
    /// store is at most half busy at the grown peak. It is silent without a scale or a promise, where it spans regions,
    /// where its callers stand in several, where region loss is to be survived, where a partition must not stop it,
    /// where nothing may be lost, where recovery is asked sooner than a failover takes, and on a `because`. There is no
    /// fix: which of them stays is a choice.
    ///
    /// ## Known false alarms
    /// Primaries that take turns in maintenance without a pause: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// What does a second primary give you that a standby does not?
    ///
    /// ## A good answer
    /// - writers that are far apart, or a switch that takes no time, and which of these is asked
    /// - that it adds no room for writes, and who wins where they disagree
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5: multi-leader replication is best avoided within
    ///   one datacentre.
    static RULE = {
        code: "LP813",
        summary: "several primaries for writes that one would take",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Primaries(count) = deletion.step {
            report(cx, findings, deletion, count);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, count: u32) {
    let store = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let severity =
        if used.is_surely_early(&cx.architecture.parameters) { Severity::Warning } else { Severity::Advice };
    let message = format!("one primary would take the writes of `{}`: its load is {used}", store.name);
    let label = format!("{count} primaries for {}", used.peak_told());
    let mut finding = findings.on_component(severity, store, label, message);
    let stated = store.span(Property::Primaries).or_else(|| store.span(Property::Mode));
    if let Some(span) = stated {
        finding.place(span, "stated here");
    }
    finding.note("each primary applies all writes: more of them add no room, but two versions of one record");
    let seconds = cx.architecture.parameters.switch_hot.value;
    if let Some(kept) = deletion.kept {
        let journey = &cx.analysis.journeys[kept.journey];
        finding.flow(journey.name.as_str());
        finding.note(format!(
            "with one and a failover of {} `{}` stays at {} (now {}; promised: {})",
            figures::duration(seconds),
            journey.name,
            figures::availability(kept.after),
            figures::availability(kept.before),
            figures::availability(kept.slo)
        ));
    }
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "let one take the writes and another its place (`failover = {seconds:.0}s`): several pay for writers far apart, or where that is too long"
    ));
}
