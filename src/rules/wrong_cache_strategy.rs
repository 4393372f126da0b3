use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Origin, trip, work};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};
use crate::quantity::Rate;

declare_rule! {
    /// Finds caches whose strategy costs more than it saves.
    ///
    /// ## Why it matters
    /// A cache that is asked first and mostly in vain makes each read longer: it takes three trips, to the cache, to
    /// the store, and back to fill it. One that takes every write is filled with what nobody reads.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 100/s }
    /// service api
    /// cache hot : redis { caches = orders, strategy = cache_aside, hit_ratio = 5%, service_time = 1ms }
    /// database orders : postgres { service_time = 2ms }
    /// app -> api -> hot, orders { reads } // finding: "with 5% hits `hot` makes a read take 4.6 ms, and without it 2.25 ms (assumed)"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 100/s }
    /// service api
    /// cache hot : redis { caches = orders, strategy = cache_aside, hit_ratio = 90%, service_time = 1ms }
    /// database orders : postgres { service_time = 20ms }
    /// app -> api -> hot, orders { reads }
    /// ```
    ///
    /// ## How it is detected
    /// With `cache_aside` and a stated `hit_ratio` h, a read takes the cache's trip, and for the misses the store's and
    /// the cache's once more: c + (1 − h)(s + c), against s without it, with half of the answers' times (stated, else
    /// assumed) and the ways between; told where it takes longer and the load without the cache would fit the store.
    /// With `write_through`: more writes than reads come to the cache, where both are known. With `cache_level =
    /// query`: the store behind is written to, and neither a `ttl` nor an `invalidation` is stated. There is no fix: a
    /// strategy is in the program.
    ///
    /// ## Known false alarms
    /// It spares the store, not the time: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Of a hundred reads, how many find what they want here, and what do the others pay?
    ///
    /// ## A good answer
    /// - the hit ratio, and what a read takes on average with it
    /// - what is right here: filled when asked for, when written, or not at all
    ///
    /// ## References
    /// - System Design Primer, "When to update the cache"
    /// - R. Nishtala et al., Scaling Memcache at Facebook, NSDI 2013
    static RULE = {
        code: "LP607",
        summary: "a cache that is filled in the way that does not fit its load",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for cache in architecture.of_kind(Kind::Cache).filter(|it| !it.has(Property::Because)) {
        let stores = stores_behind(architecture, cache);
        let Some(store) = stores.first().map(|id| architecture.component(*id)) else { continue };
        if cache.is(Property::Strategy, "cache_aside") {
            three_trips(cx, findings, cache, store);
        } else if cache.is(Property::Strategy, "write_through") {
            written_more(cx, findings, cache);
        }
        let is_kept = cache.is_stated(Property::Ttl) || cache.is_stated(Property::Invalidation);
        let writes = cx.analysis.load.component(store.id).mean.writes;
        if cache.is(Property::CacheLevel, "query") && !is_kept && writes.is_positive() {
            by_query(findings, cache, store, writes);
        }
    }
}

fn three_trips(cx: &Context, findings: &mut Findings, cache: &Component, store: &Component) {
    let architecture = cx.architecture;
    let Some(hits) = cache.figure(Property::HitRatio) else { return };
    let links =
        || architecture.links_to(cache.id).filter(|it| !it.is_beside_the_path() && !it.is_writes_only());
    let pair = links().find_map(|link| {
        let to_store =
            architecture.links_from(link.source).find(|it| it.target == store.id && !it.is_writes_only())?;
        Some((link, to_store))
    });
    let Some((link, to_store)) = pair else { return };
    let takes = |link: &Link, component: &Component| {
        trip(architecture, link).time + work(&cx.architecture.parameters, component).median
    };
    let known = |it: &Component| work(&cx.architecture.parameters, it).median_origin != Origin::Unknown;
    let (of_cache, of_store) = (takes(link, cache), takes(to_store, store));
    let with = of_cache + (of_store + of_cache) * (1.0 - hits);
    // Where the store could not carry the reads by itself the cache is there for that.
    let is_needed = cx
        .analysis
        .load
        .utilisation_without(store, cache.id)
        .is_none_or(|it| it.share > cx.architecture.parameters.utilisation_spare.value);
    if with <= of_store || !known(cache) || !known(store) || is_needed {
        return;
    }
    let is_assumed = [link, to_store].into_iter().any(|it| trip(architecture, it).assumed.is_some())
        || [cache, store]
            .into_iter()
            .any(|it| work(&cx.architecture.parameters, it).median_origin == Origin::Assumed);
    let assumed = if is_assumed { " (assumed)" } else { "" };
    let [with, without] = figures::apart(with, of_store);
    let message = format!(
        "with {} hits `{}` makes a read take {with}, and without it {without}{assumed}",
        figures::percent(hits),
        cache.name
    );
    let mut finding =
        findings.on_link(Severity::Warning, architecture, link, format!("{of_cache} a trip"), message);
    finding.label(store.name.as_str(), store.span, format!("answers in {of_store}"));
    if let Some(span) = cache.span(Property::HitRatio) {
        finding.place(span, "stated here");
    }
    let misses = figures::percent(1.0 - hits);
    finding.note(format!(
        "{of_cache} + {misses} × ({of_store} + {of_cache}) = {with}: a miss takes three trips"
    ));
    finding.help(
        "take it out, or keep in it what is asked for more often: larger, for longer, or by other keys",
    );
}

fn written_more(cx: &Context, findings: &mut Findings, cache: &Component) {
    let demand = cx.analysis.load.component(cache.id);
    let (reads, writes) = (demand.mean.reads, demand.mean.writes);
    if !demand.is_known() || demand.mean.other.is_positive() || writes <= reads {
        return;
    }
    let share = figures::percent(writes.per_second() / (writes + reads).per_second());
    let message = if reads.is_positive() {
        let [writes, reads] = figures::apart(writes, reads);
        format!("{share} of what comes to `{}` are writes: {writes}, and {reads} of reads", cache.name)
    } else {
        format!("`{}` is written {writes}, and nobody reads it", cache.name)
    };
    let mut finding = findings.on_component(Severity::Warning, cache, "takes every write", message);
    if let Some(span) = cache.span(Property::Strategy) {
        finding.place(span, "stated here");
    }
    finding
        .note("each write waits for two places, and most of what it leaves is dropped before anybody asks for it")
        .help("fill it with what is read (`strategy = cache_aside`), or take it out");
}

fn by_query(findings: &mut Findings, cache: &Component, store: &Component, writes: Rate) {
    let message = format!("`{}` keeps whole results, and `{}` is written {writes}", cache.name, store.name);
    let mut finding = findings.on_component(Severity::Warning, cache, "which of them are old now?", message);
    if let Some(span) = cache.span(Property::CacheLevel) {
        finding.place(span, "stated here");
    }
    finding.label(store.name.as_str(), store.span, "changes");
    finding
        .note("one changed row is in results that nobody can list, and each of them goes on as it was")
        .help("keep objects by their key and drop the one that changes (`cache_level = object`), or let results run out soon (`ttl`)");
}
