use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::Property;

declare_rule! {
    /// Finds sharded databases whose load and data one node would hold with room to spare.
    ///
    /// ## Why it matters
    /// Sharding is the last rung: joins and transactions end at a shard, a query that does not name the key asks all of
    /// them, and moving data between shards is a project of its own. Public companies with hundreds of millions of users
    /// run on one primary. Taken too early it costs every feature, and buys nothing.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 5y }
    /// client browser
    /// service shop
    /// database orders : postgres { shards = 8, shard_key = customer } // finding: "one node would hold all of `orders`"
    /// browser -> shop
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 5y }
    /// client browser
    /// service shop
    /// database orders : postgres
    /// browser -> shop
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// `shards` is over one, and one shard would carry all of it at the grown peak: writes (and what is not said to
    /// read) use at most 20 % of one node, the whole at most half of it, and at the horizon the data is under 1 TB and
    /// under the node's `storage_capacity`. Data is taken from `storage`, `records`, `growth`, or from writes,
    /// `record_size` and `retention`; where no size is stated, 10 KB a record is the most that is assumed. It is silent
    /// without a scale, on a `because`, on residency, and where the key keeps tenants or regions apart. It is advice
    /// where only a catalogue capacity makes it so. The fix writes one shard; it is unsafe, for the data has to move.
    ///
    /// ## Known false alarms
    /// Shards that keep customers apart by contract: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// How many writes a second does one primary carry, and how many do you have?
    ///
    /// ## A good answer
    /// - both figures, and what one node would be busy with
    /// - when it would have to be split: the writes or the data of that day
    ///
    /// ## References
    /// - Figma, "How Figma's databases team lived to tell the scale" (sharded at several TB).
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6.
    static RULE = {
        code: "LP801",
        summary: "a sharded database that one node would hold",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Shards(shards) = deletion.step {
            report(cx, findings, deletion, shards);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, shards: u32) {
    let store = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let severity =
        if used.is_surely_early(&cx.architecture.parameters) { Severity::Warning } else { Severity::Advice };
    let message = format!("one node would hold all of `{}`: its load is {used}", store.name);
    let label = format!("{shards} shards for {}", used.peak_told());
    let mut finding = findings.on_component(severity, store, label, message);
    if let Some(utilisation) = deletion.utilisation {
        finding.note(format!(
            "one shard would be {} busy; across shards there are neither joins nor transactions",
            figures::roughly(utilisation)
        ));
    }
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "keep one shard: split when writes pass {} of one node, or data passes {}",
        figures::percent(cx.architecture.parameters.utilisation_target.value),
        figures::size(cx.architecture.parameters.sharding_storage.value)
    ));
    if let Some(span) = store.span(Property::Shards) {
        finding.place(span, "split here");
        finding.fix(
            "write `shards = 1`: one node holds all of it",
            false,
            vec![Edit { span, text: "shards = 1".to_owned() }],
        );
    }
}
