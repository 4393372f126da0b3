use super::{Context, Findings, declare_rule};
use crate::analysis::capacity::{Busy, Filled, cached_stores, exceeds};
use crate::analysis::load::has_unreadable_standby;
use crate::analysis::plan::{Dimension, Planner};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds databases that were split into shards before their reads were cached or copied.
    ///
    /// ## Why it matters
    /// Shards take joins and transactions away for good. Where reads are what fills a database, a cache or a copy takes
    /// them off it and takes nothing away: these are the rungs before, and each can be climbed down again.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { reads = 10k/s, writes = 100/s, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x20 { capacity = 3k/s }
    /// database orders { shards = 4, shard_key = customer, model = relational, read_capacity = 20k/s, write_capacity = 5k/s } // finding: "`orders` is split"
    /// browser -> lb -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { reads = 10k/s, writes = 100/s, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service shop x20 { capacity = 3k/s }
    /// cache hot : redis x2 { caches = orders, strategy = cache_aside, hit_ratio = 80% }
    /// database orders x3 { model = relational, read_capacity = 20k/s, write_capacity = 5k/s }
    /// browser -> lb -> shop -> hot, orders
    /// ```
    ///
    /// ## How it is detected
    /// A relational database has several shards, its load is known, reads use more of it than writes, neither its
    /// writes nor its data need more than one shard, no cache stands before it, and it has no copy to read from. It is
    /// silent on a `because`, on tenants or regions that the key keeps apart, and where one shard would do without a
    /// cache (LP801). There is no fix: it asks why.
    ///
    /// ## Known false alarms
    /// Reads that no cache answers and no copy may: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// What did you try before you gave up joins?
    ///
    /// ## A good answer
    /// - that indexes, a larger machine, a cache and copies to read from come first
    /// - what each of these would carry, and why it is not enough
    ///
    /// ## References
    /// - System Design Primer, "Database": replication, federation, sharding, in this order.
    static RULE = {
        code: "LP316",
        summary: "sharded before cached and replicated",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let sharded = |it: &&Component| it.shards() > 1.0 && is_plain(it);
    if cx.architecture.system.is_demo() || !cx.architecture.of_kind(Kind::Database).any(|it| sharded(&it)) {
        return;
    }
    let cached = cached_stores(cx.architecture, &cx.analysis.load);
    let mut planner = Planner::new(cx.architecture, cx.analysis);
    for store in cx.architecture.of_kind(Kind::Database).filter(sharded) {
        let Some(busy) = Busy::of(&cx.analysis.load, store) else { continue };
        let is_about_reads =
            busy.filled() == Filled::ByReads && cx.analysis.load.component(store.id).is_known();
        if !is_about_reads || cached.contains(&store.id) {
            continue;
        }
        let range = planner.range(store, Dimension::Shards);
        if range.least == 1 && range.most.is_none() {
            report(cx, findings, store, &busy);
        }
    }
}

/// Whether nothing but load could be the reason, and no copy takes reads.
fn is_plain(store: &Component) -> bool {
    let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
    let by_key = store.text(Property::ShardKey).or(store.word(Property::ShardKey)).unwrap_or_default();
    let keeps_apart = ["tenant", "region", "country"].iter().any(|it| by_key.contains(it));
    let has_one_reader = store.least_replicas().unwrap_or(1) < 2 || has_unreadable_standby(store);
    model == Some("relational")
        && has_one_reader
        && !keeps_apart
        && !store.is_managed()
        && !store.has_copies()
        && !store.is_replica()
        && !store.has(Property::Because)
}

fn report(cx: &Context, findings: &mut Findings, store: &Component, busy: &Busy) {
    let shards = store.shards();
    let message = format!(
        "`{}` is split into {} shards, and nothing takes its reads off it first",
        store.name,
        figures::number(shards)
    );
    let reads = (busy.reads * shards, busy.writes * shards);
    let label = format!(
        "reads would use {} of one node, writes {}",
        figures::percent(reads.0),
        figures::percent(reads.1)
    );
    let mut finding = findings.on_component(Severity::Advice, store, label, message);
    if let Some(span) = store.span(Property::Shards) {
        finding.place(span, "split here");
    }
    finding.note("a cache and copies leave joins and transactions as they are; shards end both");
    if let Some(assumption) = busy.assumption(store) {
        finding.note(assumption);
    }
    let all = reads.0 + reads.1;
    if !exceeds(all, cx.architecture.parameters.utilisation_target.value) {
        let busy = figures::percent(all);
        finding.help(format!(
            "keep one node, which would be {busy} busy; when it fills, a cache before it and copies to read from come first"
        ));
        return;
    }
    let hits = cx.architecture.parameters.cache_hit_ratio.value;
    finding.help(format!(
        "put a cache before `{}`, then add copies to read from: with {} of the reads answered there one node would be {} \
         busy",
        store.name,
        figures::percent(hits),
        figures::percent(reads.0 * (1.0 - hits) + reads.1)
    ));
}
