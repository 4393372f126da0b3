use rustc_hash::FxHashMap;

use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{self, Asked, Level, Reader, Staleness};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{ComponentId, LinkId, Property};

declare_rule! {
    /// Finds reads that must miss nothing and are answered by a cache that does not hear of changes.
    ///
    /// ## Why it matters
    /// A cache answers with what was there when it was filled. Until that expires, who asks for the truth gets the past.
    ///
    /// ## Example
    /// ```arch
    /// client shopper
    /// service shop
    /// cache stock_cache : redis { caches = stock, ttl = 5min } // finding: "up to 5 min old"
    /// database stock : postgres
    /// shopper -> shop -> stock_cache, stock
    /// flow reserve { consistency = strong
    ///   shopper -> shop -> stock_cache, stock
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client shopper
    /// service shop
    /// cache stock_cache : redis { caches = stock, ttl = 5min }
    /// database stock : postgres
    /// shopper -> shop -> stock_cache, stock
    /// flow reserve { consistency = strong
    ///   shopper -> shop -> stock
    /// }
    /// flow browse { reads, consistency = eventual
    ///   shopper -> shop -> stock_cache, stock
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// `consistency = strong` is asked by a flow, else by the system, and its reads come to a cache that keeps copies of data
    /// that changes (`caches`, a `strategy`, a `ttl` or a hit ratio say that it does, or it fetches from a store), through
    /// which the writes do not pass (`write_through`, `write_behind`) and that is told of no changes (`invalidation`). It is
    /// a warning where only the system asks it and the cache says nothing of how old an answer may be. A cache or link that
    /// states `consistency = eventual` or `weak` is an exception from what the system asks. A CDN is not looked at. No fix is
    /// offered: which of the two gives way is the design's choice.
    ///
    /// ## Known false alarms
    /// Data that never changes: say `immutable`, on the cache or on the store. A stated `invalidation` is believed, though
    /// between the write and the invalidation a reader can still find the old value.
    ///
    /// ## An interviewer asks
    /// This was changed a second ago. What does the cache say?
    ///
    /// ## A good answer
    /// - what must be current, and that it is not asked here
    /// - how the entry goes when it changes, and how long that takes
    ///
    /// ## References
    /// - R. Nishtala and others, "Scaling Memcache at Facebook", NSDI 2013: leases against stale sets.
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapters 5 and 9.
    static RULE = {
        code: "LP410",
        summary: "reads that must miss nothing, from a cache that does not hear of changes",
        levels: [Error, Warning],
    }
}

/// A cache that answers strong reads, and whose.
struct Stale {
    cache: ComponentId,
    link: LinkId,
    staleness: Staleness,
    asked: Asked<Level>,
    journeys: Vec<usize>,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut found: Vec<Stale> = Vec::new();
    let mut places: FxHashMap<ComponentId, usize> = FxHashMap::default();
    let mut reader = Reader::new(cx.architecture);
    for (at, journey) in cx.analysis.journeys.iter().enumerate() {
        let asked = consistency::asked(cx.architecture, journey).filter(|it| it.what == Level::Strong);
        let Some(asked) = asked else { continue };
        for answer in reader.answers(journey) {
            let cache = cx.architecture.component(answer.store);
            let Some(staleness) = consistency::staleness(cx.architecture, cache) else { continue };
            let link = cx.architecture.link(answer.link);
            // The nearer statement is an exception from what is asked of the whole.
            let says_so =
                [Level::of(link), Level::of(cache)].into_iter().flatten().any(|it| it != Level::Strong);
            if says_so && asked.is_of_the_system() {
                continue;
            }
            if let Some(place) = places.get(&cache.id) {
                found[*place].journeys.push(at);
                continue;
            }
            places.insert(cache.id, found.len());
            let (cache, link) = (cache.id, link.id);
            found.push(Stale { cache, link, staleness, asked: asked.clone(), journeys: vec![at] });
        }
    }
    for stale in &found {
        report(cx, findings, stale);
    }
}

fn report(cx: &Context, findings: &mut Findings, stale: &Stale) {
    let cache = cx.architecture.component(stale.cache);
    let name = &cache.name;
    let flow = &cx.analysis.journeys[stale.journeys[0]].name;
    let is_broad = stale.asked.is_of_the_system() && stale.staleness == Staleness::Unstated;
    let severity = if is_broad { Severity::Warning } else { Severity::Error };
    let (old, label, stated) = match stale.staleness {
        Staleness::Until(ttl, span) => {
            (format!("with what is up to {ttl} old"), format!("keeps what it has for {ttl}"), Some(span))
        }
        Staleness::Untold(span) => {
            ("with whatever it has".to_owned(), "nothing tells it of a change".to_owned(), Some(span))
        }
        Staleness::ByStrategy(span) => {
            ("with whatever it has".to_owned(), "changes do not pass through it".to_owned(), Some(span))
        }
        Staleness::Unstated => {
            ("with whatever it has".to_owned(), "does not say how it hears of a change".to_owned(), None)
        }
    };
    let message = format!("reads of `{flow}` must miss nothing, and `{name}` answers them {old}");
    let mut finding = findings.on_component(severity, cache, label, message);
    if let Some(span) = stated {
        finding.place(span, "stated here");
    }
    finding.label(stale.asked.element.clone(), stale.asked.span, "strong reads are asked here");
    for at in &stale.journeys {
        finding.flow(cx.analysis.journeys[*at].name.as_str());
    }
    if let Some(hit_ratio) = cache.figure(Property::HitRatio) {
        let demand = cx.analysis.load.link(stale.link);
        let (reads, when) = if demand.is_peak_assumed {
            (demand.mean.reads, "on average")
        } else {
            (demand.peak.reads, "at peak")
        };
        let share = figures::percent(hit_ratio);
        finding.note(if reads.is_positive() {
            format!("it answers {share} of them by itself: {} {when}", reads * hit_ratio)
        } else {
            format!("it answers {share} of them by itself")
        });
    }
    finding
        .note("a cache answers with what was there when it was filled: who asks for the truth gets the past");
    finding.help(format!(
        "let `{flow}` read where the writes go, or let each write pass through `{name}` (`strategy = write_through`); \
         or say `consistency = eventual` on `{flow}`, if an old answer does no harm there"
    ));
}
