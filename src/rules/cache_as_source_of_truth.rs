use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds caches that are the only place of data that must not be lost.
    ///
    /// ## Why it matters
    /// A cache forgets: it evicts what is old when it is full, and all of it when it restarts. What has no other place is then
    /// gone, and nothing says so.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache carts : memcached { source_of_truth } // finding: "`carts` is the only place of its data, and forgets it at a restart"
    /// shop -> carts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache hot_carts : memcached { caches = carts, ttl = 1h }
    /// database carts : postgres
    /// shop -> hot_carts, carts
    /// ```
    ///
    /// ## How it is detected
    /// A cache states `source_of_truth`, or asks `durability = no_loss` itself while no store stands behind it, and no `persistence` on
    /// a volume. There is no fix: the data needs another place.
    ///
    /// ## Known false alarms
    /// None: state `persistence = volume` where it keeps its data on a disk, and `durability = best_effort` where it may be lost.
    ///
    /// ## An interviewer asks
    /// The cache restarts empty. What is lost for good?
    ///
    /// ## References
    /// - Redis documentation, "Persistence"; memcached documentation: it is a cache.
    static RULE = {
        code: "LP419",
        summary: "a cache that is the only place of its data",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for cache in cx.architecture.of_kind(Kind::Cache).filter(|it| !it.has(Property::Persistence)) {
        if let Some(span) = says_so(cx, cache) {
            report(findings, cache, span);
        }
    }
}

/// Where it says that its data is nowhere else.
fn says_so(cx: &Context, cache: &Component) -> Option<Span> {
    if cache.has(Property::SourceOfTruth) && !cache.is(Property::Durability, "best_effort") {
        return cache.span(Property::SourceOfTruth);
    }
    let is_alone = crate::analysis::load::stores_behind(cx.architecture, cache).is_empty();
    cache.span(Property::Durability).filter(|_| is_alone && cache.is(Property::Durability, "no_loss"))
}

fn report(findings: &mut Findings, cache: &Component, span: Span) {
    let message = format!("`{}` is the only place of its data, and forgets it at a restart", cache.name);
    findings
        .on_component(Severity::Error, cache, "keeps it in memory", message)
        .place(span, "stated here")
        .note("what a full cache evicts, and all that it held when it stopped, is gone without a word")
        .help("keep the data in a database behind it, or let it write to a disk of its own (`persistence = volume`)");
}
