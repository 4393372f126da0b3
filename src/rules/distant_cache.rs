use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Origin, trip, work};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds caches that are as far away as what they save.
    ///
    /// ## Why it matters
    /// A cache is worth the way that it spares. Where the way to it is as long as the one to the store and its work
    /// together, each hit gains nothing and each miss costs both.
    ///
    /// ## Example
    /// ```arch
    /// region us_east { service shop; database orders : postgres }
    /// region eu_west { cache hot : redis { caches = orders } }
    /// us_east.shop -> eu_west.hot, us_east.orders // finding: "a hit in `hot` takes 80.5 ms, and `orders` answers in 5.25 ms (assumed)"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// region us_east { service shop; cache hot : redis { caches = orders }; database orders : postgres }
    /// us_east.shop -> us_east.hot, us_east.orders
    /// ```
    ///
    /// ## How it is detected
    /// A caller asks a cache and the store behind it, the cache is farther away, and its round trip (measured, else by
    /// placement, assumed) with half of its answers (stated, else assumed) takes as long as those of the store. It is
    /// silent where the store's time is not known, and where the store could not carry the reads by itself. There is no
    /// fix: a cache is moved, not a word.
    ///
    /// ## Known false alarms
    /// It keeps the store from being overloaded, not the caller from waiting: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// How long does a hit take, and how long would the store have taken?
    ///
    /// ## A good answer
    /// - the way to the cache, against the way to the store
    /// - where it has to stand so that it saves something
    ///
    /// ## References
    /// - J. Dean, Numbers Everyone Should Know
    static RULE = {
        code: "LP609",
        summary: "a cache that is farther away than the store it spares",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for cache in architecture.of_kind(Kind::Cache).filter(|it| !it.has(Property::Because)) {
        let stores = stores_behind(architecture, cache);
        for link in architecture.links_to(cache.id).filter(|it| !it.is_beside_the_path()) {
            let to_store = architecture
                .links_from(link.source)
                .find(|it| stores.contains(&it.target) && !it.is_writes_only());
            let Some(to_store) = to_store else { continue };
            let store = architecture.component(to_store.target);
            let takes = |link: &Link, target: &Component| {
                trip(architecture, link).time + work(&cx.architecture.parameters, target).median
            };
            let (hit, answer) = (takes(link, cache), takes(to_store, store));
            let is_farther = trip(architecture, link).time > trip(architecture, to_store).time;
            let is_known = work(&cx.architecture.parameters, store).median_origin != Origin::Unknown;
            // Where the store could not carry the reads by itself the cache is there for that.
            let is_needed = cx
                .analysis
                .load
                .utilisation_without(store, cache.id)
                .is_some_and(|it| it.share > cx.architecture.parameters.utilisation_spare.value);
            if is_known && is_farther && hit >= answer && !is_needed {
                report(cx, findings, link, to_store, figures::apart(hit, answer));
            }
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, link: &Link, to_store: &Link, [hit, answer]: [String; 2]) {
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let (cache, store) = (cx.architecture.component(link.target), cx.architecture.component(to_store.target));
    let (cache_name, store_name) = (short(&cache.name), short(&store.name));
    let is_assumed = [link, to_store].into_iter().any(|it| trip(cx.architecture, it).assumed.is_some())
        || [cache, store]
            .into_iter()
            .any(|it| work(&cx.architecture.parameters, it).median_origin == Origin::Assumed);
    let assumed = if is_assumed { " (assumed)" } else { "" };
    let way = trip(cx.architecture, link).time;
    let message =
        format!("a hit in `{cache_name}` takes {hit}, and `{store_name}` answers in {answer}{assumed}");
    findings
        .on_link(Severity::Warning, cx.architecture, link, format!("{way} there and back"), message)
        .label(store.name.as_str(), store.span, format!("answers in {answer}"))
        .note("a hit gains nothing, and a miss waits for both")
        .help(format!("put `{cache_name}` beside those who ask it, or ask `{store_name}` alone"));
}
