use super::{Context, Findings, declare_rule};
use crate::analysis::resources::{self, Undersized};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;

declare_rule! {
    /// Finds caches whose memory is smaller than what they should hold.
    ///
    /// ## Why it matters
    /// What does not fit is evicted before it is read again. The hit ratio falls far below what the design counts on, and
    /// each lost per cent comes to the store behind: from 95 % to 90 % is twice the load there.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service api
    /// cache hot : redis { caches = users, strategy = cache_aside, memory = 4GB } // finding: "should hold 24 GB"
    /// database users : postgres { storage = 100GB, record_size = 2KB }
    /// app -> api
    /// api -> hot, users
    /// flow read { rate = 5k/s, reads; app -> api -> hot, users }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service api
    /// cache hot : redis { caches = users, strategy = cache_aside, memory = 16GB, shards = 2 }
    /// database users : postgres { storage = 100GB, record_size = 2KB }
    /// app -> api
    /// api -> hot, users
    /// flow read { rate = 5k/s, reads; app -> api -> hot, users }
    /// ```
    ///
    /// ## How it is detected
    /// What a cache should hold is what it states (`storage`; `records` of `record_size`, and a fifth for keys), else
    /// 20 % (assumed) of the distinct bytes that are read a day, and a fifth more: reads a day × `record_size`, and no
    /// more than the data of what it caches, which must be known. Its memory is `memory`, else the catalogue's
    /// (assumed), of all nodes that hold different parts: shards do, replicas hold the same. It is advice where both
    /// the contents and the memory are assumed. There is no fix: more memory and a smaller hot set are different
    /// answers.
    ///
    /// ## Known false alarms
    /// Reads that come back to very few records: state what the cache holds.
    ///
    /// ## An interviewer asks
    /// How much of the data is hot, and how much memory does that take?
    ///
    /// ## A good answer
    /// - the part of the data that gets most of the reads, and its size
    /// - the hit ratio with the memory there is, and what it saves
    ///
    /// ## References
    /// - System Design Primer, "Cache": what to cache, and the 80/20 rule.
    /// - Redis documentation, "Key eviction".
    static RULE = {
        code: "LP312",
        summary: "a cache smaller than what it should hold",
        levels: [Warning, Advice],
    }
}

/// More nodes than a cluster of caches is built of.
const MOST_SHARDS: f64 = 1000.0;

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for undersized in resources::undersized(cx.architecture, &cx.analysis.load) {
        report(findings, &undersized);
    }
}

fn report(findings: &mut Findings, undersized: &Undersized) {
    let Undersized { cache, contents, memory } = undersized;
    let is_guess = contents.is_hot_set && memory.each.is_assumed;
    let severity = if is_guess { Severity::Advice } else { Severity::Warning };
    let mark = memory.each.mark();
    let [size, total] = figures::apart(contents.size.value, memory.total());
    let share = memory.total() / contents.size.value;
    let wanted = (contents.size.value / memory.each.most).ceil();
    let message = if contents.is_hot_set {
        format!(
            "`{}` should hold {size}, the hot part of what is read a day (assumed), in {total}{mark}",
            cache.name
        )
    } else {
        format!("`{}` is to hold {size} in {total} of memory{mark}", cache.name)
    };
    let label = format!("room for {}{mark}", figures::apart_by(share, 1.0, figures::percent_to)[0]);
    let mut finding = findings.on_component(severity, cache, label, message);
    if let Some(span) = cache.span(Property::Memory) {
        finding.place(span, "of one node");
    }
    if contents.size.is_reckoned() {
        finding.note(contents.size.to_string());
    }
    if cache.least_replicas().is_some_and(|it| it > 1) && memory.parts <= 1.0 {
        finding.note("its replicas hold the same: only shards hold more");
    }
    let each = memory.each.most;
    let help = if wanted > MOST_SHARDS {
        let wanted = figures::number(wanted);
        format!(
            "cache less of it, or give each node more `memory`: no cluster is built of {wanted} nodes of {each}"
        )
    } else {
        format!("give it {size}: `shards = {wanted}` of {each}, or more `memory`")
    };
    finding
        .note("what does not fit is evicted before it is read again, and the store behind gets the misses")
        .help(help);
}
