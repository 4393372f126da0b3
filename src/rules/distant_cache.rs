use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{trip, work};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};

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
    /// us_east.shop -> eu_west.hot, us_east.orders // finding: "`hot` is 80 ms away, and `orders` answers in 5.25 ms"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// region us_east { service shop; cache hot : redis { caches = orders }; database orders : postgres }
    /// us_east.shop -> us_east.hot, us_east.orders
    /// ```
    ///
    /// ## How it is detected
    /// A caller asks a cache and the store behind it, and the round trip to the cache (measured, else by placement,
    /// assumed) is as long as the one to the store with half of the store's answers (stated, else assumed). There is no
    /// fix: a cache is moved, not a word.
    ///
    /// ## Known false alarms
    /// It keeps the store from being overloaded, not the caller from waiting: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// How long does a hit take, and how long would the store have taken?
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
            let answer = trip(architecture, to_store).time + work(store).median;
            let way = trip(architecture, link).time + work(cache).median;
            if way >= answer
                && answer.is_positive()
                && trip(architecture, link).time > trip(architecture, to_store).time
            {
                report(cx, findings, link, to_store, figures::apart(trip(architecture, link).time, answer));
            }
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, link: &Link, to_store: &Link, [way, answer]: [String; 2]) {
    let short = |name: &str| name.rsplit('.').next().unwrap_or(name).to_owned();
    let (cache, store) = (cx.architecture.component(link.target), cx.architecture.component(to_store.target));
    let (cache_name, store_name) = (short(&cache.name), short(&store.name));
    let message = format!("`{cache_name}` is {way} away, and `{store_name}` answers in {answer}");
    findings
        .on_link(Severity::Warning, cx.architecture, link, format!("{way} there and back"), message)
        .label(store.name.as_str(), store.span, format!("answers in {answer}"))
        .note("a hit gains nothing, and a miss waits for both")
        .help(format!("put `{cache_name}` beside those who ask it, or ask `{store_name}` alone"));
}
