use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::load::stores_behind;
use crate::analysis::touched::{self, Asked};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds reads that must be strong and may be answered by a cache that is behind its store.
    ///
    /// ## Why it matters
    /// A cached copy is as old as its time to live. Where a flow asks for the latest, the cache answers with what was
    /// true before the last write, and no reader can tell.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// cache prices_cache : redis { caches = prices, strategy = cache_aside, ttl = 10min }
    /// database prices : postgres
    /// browser -> shop -> prices_cache, prices
    /// flow pay { reads, consistency = strong // finding: "`pay` asks for strong reads, and `prices_cache` may answer with what is up to 10 min old"
    ///   browser -> shop -> prices_cache, prices
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// cache prices_cache : redis { caches = prices, strategy = cache_aside, ttl = 10min }
    /// database prices : postgres
    /// browser -> shop -> prices_cache, prices
    /// flow pay { reads, consistency = strong; browser -> shop -> prices }
    /// flow browse { reads, consistency = eventual; browser -> shop -> prices_cache, prices }
    /// ```
    ///
    /// ## How it is detected
    /// A flow, or the system, asks `consistency = strong` and reads by way of a cache or a CDN. It is silent where the cache
    /// is written with the store (`write_through`) or told of each change (`invalidation`), where what it keeps is
    /// `immutable`, and on a cache that is itself the place of its data. Where neither `ttl` nor `strategy` is said it is a
    /// warning. There is no fix: whether this flow goes around the cache is a choice.
    ///
    /// ## Known false alarms
    /// A cache of something else than the flow decides by, such as sessions: say what it `caches`.
    ///
    /// ## An interviewer asks
    /// The price has just changed. Which one does the buyer pay?
    ///
    /// ## References
    /// - R. Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, 3.2.1 (stale sets).
    static RULE = {
        code: "LP410",
        summary: "a strong read by way of a cache that may be behind",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut told = FxHashSet::default();
    for (journey, touched) in cx.analysis.journeys.iter().zip(cx.analysis.touched(cx.architecture)) {
        if !journey.mode.reads {
            continue;
        }
        let asked = touched::asked(cx.architecture, journey, Property::Consistency);
        let Some(asked) = asked.filter(|it| it.word == "strong") else { continue };
        for (link, cache) in touched.calls(cx.architecture) {
            if may_be_old(cx, link, cache) && told.insert((asked.element.clone(), cache.id)) {
                report(cx, findings, &journey.name, &asked, link);
            }
        }
    }
}

fn may_be_old(cx: &Context, link: &Link, cache: &Component) -> bool {
    let keeps_copies = match cache.kind {
        Kind::Cdn => true,
        Kind::Cache => !stores_behind(cx.architecture, cache).is_empty(),
        _ => false,
    };
    keeps_copies
        && !link.is_writes_only()
        && !link.is(Property::Consistency, "strong")
        && !cache.is(Property::Consistency, "strong")
        && !cache.has(Property::Invalidation)
        && !cache.has(Property::Immutable)
        && !cache.has(Property::SourceOfTruth)
        && !cache.is(Property::Strategy, "write_through")
        && !cache.is(Property::Strategy, "write_behind")
        && !cache.is_absent(Property::Cacheable)
        && !link.is_absent(Property::Cacheable)
        && !(cache.kind == Kind::Cdn && cache.figure(Property::Cacheable).is_none())
}

fn report(cx: &Context, findings: &mut Findings, flow: &str, asked: &Asked, link: &Link) {
    let cache = cx.architecture.component(link.target);
    let is_said = cache.is_stated(Property::Ttl) || cache.is_stated(Property::Strategy);
    let age = match cache.duration(Property::Ttl) {
        Some(ttl) => format!("what is up to {ttl} old"),
        None => "what has changed since".to_owned(),
    };
    let message = format!("`{flow}` asks for strong reads, and `{}` may answer with {age}", cache.name);
    let severity = if is_said { Severity::Error } else { Severity::Warning };
    let mut finding =
        findings.report(severity, asked.element.clone(), asked.span, "asks for the latest", message);
    finding.label(cache.name.as_str(), cache.span, "keeps copies");
    finding.label(cx.architecture.link_name(link), link.span, "asked on the way");
    if let Some(span) = cache.span(Property::Ttl) {
        finding.place(span, "so old they may be");
    }
    finding.flow(flow);
    finding.note("a write changes the store, and the copy stays as it was until it runs out");
    finding.help(format!(
        "let this flow read the store itself, drop the copy with each write (`invalidation` on `{}`), or ask for \
         `consistency = eventual`",
        cache.name
    ));
}
