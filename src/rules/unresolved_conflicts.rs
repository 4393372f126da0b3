use super::{Context, Findings, declare_rule};
use crate::analysis::consistency;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds stores that take writes in several places and do not say who wins.
    ///
    /// ## Why it matters
    /// Two users change the same record in two places before either has heard of the other. Both were told that it is done.
    /// Where nobody decides, the copies disagree for good; where the engine decides by the clock, one change is gone without
    /// a trace.
    ///
    /// ## Example
    /// ```arch
    /// service east, west
    /// database users : postgres x2 { primaries = 2, replication = async, conflict_resolution = none } // finding: "2 nodes"
    /// east -> users
    /// west -> users
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service east, west
    /// database users : postgres x2 { primaries = 2, replication = async, conflict_resolution = last_write_wins }
    /// east -> users
    /// west -> users
    /// ```
    ///
    /// ## How it is detected
    /// `primaries` of two or more, `mode = active_active`, or databases that copy each write to each other. It is an error where
    /// it is stated that there is no `conflict_resolution`, and a warning where nothing is said of it. It is silent where
    /// a write waits for the others (`replication = sync` or `quorum`, or an engine that decides by a majority), for engines that
    /// settle it by themselves, where the data is `immutable`, and where a `shard_key` or `residency` gives each record one home.
    /// Conflicts are about the rate of writes to one record × the lag. No fix is offered: who wins depends on what
    /// the data means.
    ///
    /// ## Known false alarms
    /// Applications that write each record in one place only: say so by `conflict_resolution = "one home for each record"`.
    ///
    /// ## An interviewer asks
    /// Two users change the same record in two regions at the same moment. Who wins, and who tells the other?
    ///
    /// ## A good answer
    /// - who wins and why that is right: a rule of the business, not the later clock
    /// - how the other hears that theirs did not
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5: handling write conflicts.
    /// - M. Shapiro and others, "Conflict-free replicated data types", 2011.
    static RULE = {
        code: "LP404",
        summary: "several places that take writes, and nobody who says which wins",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for store in cx.architecture.components() {
        let is_kept = store.kind == Kind::Database || store.kind == Kind::FileStore;
        let Some(count) = consistency::primaries(store).filter(|_| is_kept && is_open(store)) else {
            continue;
        };
        let message = format!(
            "{} of `{}` take writes, and {} says whose change wins",
            figures::count(count as usize, "node", "nodes"),
            store.name,
            who(store),
        );
        report(cx, findings, store, &[], message);
    }
    for set in consistency::peers(cx.architecture) {
        let members: Vec<&Component> = set.iter().map(|id| cx.architecture.component(*id)).collect();
        if !members.iter().all(|it| is_open(it)) {
            continue;
        }
        // The one that says that there is none is the culprit.
        let culprit =
            members.iter().find(|it| it.is_absent(Property::ConflictResolution)).unwrap_or(&members[0]);
        let others: Vec<ComponentId> = set.iter().copied().filter(|id| *id != culprit.id).collect();
        let names: Vec<&str> = members.iter().map(|it| it.name.as_str()).collect();
        let message = format!(
            "{} copy to each other, and {} says whose change wins",
            figures::listed(&names, 3),
            who(culprit)
        );
        report(cx, findings, culprit, &others, message);
    }
}

/// Whether a change may meet another, and nothing is there to settle it.
fn is_open(store: &Component) -> bool {
    let has_one_home = store.has(Property::ShardKey) || store.has(Property::Residency);
    !store.has(Property::ConflictResolution) && !has_one_home && !consistency::settles_by_itself(store)
}

fn who(store: &Component) -> &'static str {
    if store.is_absent(Property::ConflictResolution) { "nobody" } else { "nothing" }
}

fn report(cx: &Context, findings: &mut Findings, store: &Component, others: &[ComponentId], message: String) {
    let absent = store.span(Property::ConflictResolution);
    let severity = if absent.is_some() { Severity::Error } else { Severity::Warning };
    let label = if absent.is_some() { "settles no conflict" } else { "does not say who wins" };
    let mut finding = findings.on_component(severity, store, label, message);
    let stated = [Property::Primaries, Property::Mode].iter().find_map(|it| store.span(*it));
    for span in stated.filter(|_| others.is_empty()).into_iter().chain(absent) {
        finding.place(span, "stated here");
    }
    for other in others.iter().map(|id| cx.architecture.component(*id)) {
        finding.label(other.name.as_str(), other.span, "takes writes as well");
    }
    let lag = store.duration(Property::Lag);
    let unseen = lag.and_then(|it| consistency::lost(&cx.analysis.load, store.id, it));
    finding.note(match unseen {
        Some(writes) => format!("of {} at any time the others have not heard", consistency::told(&writes)),
        None => {
            "each confirms a change before it has heard of the other's: both users were told that it is done"
                .to_owned()
        }
    });
    finding.help(
        "say who wins: `conflict_resolution = last_write_wins` where one of two may be lost, `merge` where both count; or \
         give each record one place that writes it",
    );
}
