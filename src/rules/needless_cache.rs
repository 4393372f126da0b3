use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::ComponentId;

declare_rule! {
    /// Finds caches before stores that would answer all of it themselves, in time and half idle.
    ///
    /// ## Why it matters
    /// A cache is a second copy of the truth: it must be filled, invalidated, sized and survived. It earns that when the
    /// store can't carry the reads, or can't answer in time. Before a store that is nearly idle it only adds stale answers
    /// and one more thing to run.
    ///
    /// ## Example
    /// ```arch
    /// system "Paste" { daily_users = 50k, per_user = 20/day, reads_per_write = 10 }
    /// client browser
    /// service api
    /// cache hot : redis { caches = pastes, strategy = cache_aside, ttl = 1h, hit_ratio = 90% } // finding: "`pastes` could answer all that `hot` does"
    /// database pastes : postgres x2 { failover, read_capacity = 10k/s, write_capacity = 2k/s }
    /// browser -> api
    /// api -> hot, pastes
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Paste" { daily_users = 50k, per_user = 20/day, reads_per_write = 10 }
    /// client browser
    /// service api
    /// database pastes : postgres x2 { failover, read_capacity = 10k/s, write_capacity = 2k/s }
    /// browser -> api
    /// api -> pastes
    /// ```
    ///
    /// ## How it is detected
    /// The cache says what it caches, or how, and everyone who asks it calls the store as well. Its grown peak is under
    /// 2 000 reads a second, no latency under 50 ms is asked, the store's queries are not said to be slow or dear, and
    /// without the cache the store is at most half busy: the reverse of `cold-cache-cascade`. It is advice where the
    /// store's capacity is the catalogue's, and silent without a scale, on a `because`, and on caches that are the only
    /// home of their data, write later or serve stale copies. There is no fix: its callers have to be led to the store.
    ///
    /// ## Known false alarms
    /// Queries that are dear although nothing says so: state the store's `service_time`, or a `because`.
    ///
    /// ## An interviewer asks
    /// What does the store answer in, without the cache? Who invalidates it?
    ///
    /// ## A good answer
    /// - the time of a read with it and without it, and how busy the store would be
    /// - from which load on it pays, or that it may go
    ///
    /// ## References
    /// - System Design Primer, "Cache": disadvantages.
    /// - Amazon Builders' Library, "Caching challenges and strategies".
    static RULE = {
        code: "LP803",
        summary: "a cache before a store that could answer all of it",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Cache(stores) = &deletion.step {
            report(cx, findings, deletion, stores);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, stores: &[ComponentId]) {
    let cache = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let severity = if used.is_assumed { Severity::Advice } else { Severity::Warning };
    let [first, others @ ..] = stores else { return };
    let store = cx.architecture.component(*first);
    let message = format!("`{}` could answer all that `{}` does: it is {used}", store.name, cache.name);
    let mut finding = findings.on_component(severity, cache, format!("asked {}", used.peak_told()), message);
    let busy = deletion.utilisation.unwrap_or(used.share);
    finding.label(
        store.name.as_str(),
        store.span,
        format!("without the cache {} busy at most", figures::roughly(busy)),
    );
    for id in others {
        let store = cx.architecture.component(*id);
        finding.label(store.name.as_str(), store.span, "cached as well");
    }
    finding.note("a cache adds stale answers, an invalidation path and one more thing that fails");
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "leave it out: it pays from {} reads a second, or where an answer within {} is asked",
        figures::number(cx.architecture.parameters.cache_reads.value),
        figures::duration(cx.architecture.parameters.cache_latency.value)
    ));
}
