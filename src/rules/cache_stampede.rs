use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Origin, work};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds caches that let everybody through who misses the same record.
    ///
    /// ## Why it matters
    /// When a record that all ask for runs out, all of them miss it at the same moment, and all of them ask the store
    /// for it: what the cache kept away comes in one blow.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 2k/s }
    /// system "News" { peak_factor = 1 }
    /// service api x4 { capacity = 1k/s }
    /// cache hot : redis { caches = articles, ttl = 1min, single_flight = none } // finding: "when a record runs out, up to 10 requests ask `articles` for it at once"
    /// database articles : postgres { service_time = 5ms }
    /// app -> api -> hot, articles { reads }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 2k/s }
    /// system "News" { peak_factor = 1 }
    /// service api x4 { capacity = 1k/s }
    /// cache hot : redis { caches = articles, ttl = 1min, single_flight }
    /// database articles : postgres { service_time = 5ms }
    /// app -> api -> hot, articles { reads }
    /// ```
    ///
    /// ## How it is detected
    /// A cache states `single_flight = none` and a `ttl` that ends, and stands before a store. What comes at once is the
    /// peak of reads × the store's time for an answer (stated, else assumed), by Little's law, as if all asked for one
    /// record: named as an upper bound. Where that is known and less than two requests, nobody meets another, and it is
    /// silent; as it is where records are fetched before they run out (`strategy = refresh_ahead`), old answers are given
    /// meanwhile (`serve_stale`), and on a `because`. Nothing is asked of what says nothing. There is no fix: who waits
    /// for whom is in the program.
    ///
    /// ## Known false alarms
    /// No record is asked for by many: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// A record that all ask for has just run out of the cache. How many requests fetch it?
    ///
    /// ## A good answer
    /// - how often it is asked for, times how long the store takes to answer
    /// - who fetches it, what the others get meanwhile, and why not all records run out together
    ///
    /// ## References
    /// - A. Vattani, F. Chierichetti, K. Lowenstein, Optimal Probabilistic Cache Stampede Prevention, VLDB 2015
    /// - R. Nishtala et al., Scaling Memcache at Facebook, NSDI 2013, 3.2.1 (leases)
    static RULE = {
        code: "LP610",
        summary: "a cache whose misses all go to the store at once",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for cache in architecture.of_kind(Kind::Cache).filter(|it| lets_all_through(it)) {
        let Some(store) = stores_behind(architecture, cache).first().map(|id| architecture.component(*id))
        else {
            continue;
        };
        let demand = cx.analysis.load.component(cache.id);
        let time = work(&cx.architecture.parameters, store);
        let reads = demand.peak.reads + demand.peak.other;
        let at_once = (reads * time.median).floor();
        let is_known = demand.is_known() && time.median_origin != Origin::Unknown;
        if is_known && at_once < 2.0 {
            continue;
        }
        let message = if is_known {
            format!(
                "when a record runs out, up to {} requests ask `{}` for it at once",
                figures::number(at_once),
                store.name
            )
        } else {
            format!(
                "when a record of `{}` runs out, all who ask for it ask `{}` at once",
                cache.name, store.name
            )
        };
        let mut finding =
            findings.on_component(Severity::Warning, cache, "lets all through who miss", message);
        if let Some(span) = cache.span(Property::SingleFlight) {
            finding.place(span, "stated here");
        }
        finding.label(store.name.as_str(), store.span, "asked by all of them");
        if is_known {
            let mark = if time.median_origin == Origin::Assumed { " (assumed)" } else { "" };
            finding.note(format!("{reads} at peak × {}{mark} until the store has answered", time.median));
        }
        finding.note("the more a record is asked for, the harder the blow when it runs out");
        finding.help("let one fetch it and the others wait (`single_flight`), fetch it before it runs out, or let records run out at different moments");
    }
}

/// Whether all who miss a record that has run out go for it, and none of them gets the old one.
fn lets_all_through(cache: &Component) -> bool {
    let runs_out =
        cache.has(Property::Ttl) && cache.duration(Property::Ttl).is_none_or(|it| it.seconds().is_finite());
    let is_kept_warm = cache.is(Property::Strategy, "refresh_ahead") || cache.has(Property::ServeStale);
    cache.is_absent(Property::SingleFlight) && runs_out && !is_kept_warm && !cache.has(Property::Because)
}
