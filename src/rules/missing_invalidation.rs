use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::load::stores_behind;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds caches of changing data that neither run out nor are told of a change.
    ///
    /// ## Why it matters
    /// A copy that nothing ends is served for ever: the old price, the address of somebody who has moved, the page that was
    /// taken down.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache prices_cache : redis { caches = prices, ttl = none } // finding: "what `prices_cache` keeps is never dropped"
    /// database prices : postgres
    /// shop -> prices_cache, prices
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache prices_cache : redis { caches = prices, ttl = 5min }
    /// database prices : postgres
    /// shop -> prices_cache, prices
    /// ```
    ///
    /// ## How it is detected
    /// A cache that stands before a store has neither a `ttl` nor an `invalidation`. Stated as none it is a warning of its own; caches that say
    /// neither are one question. It is silent where the cache is written with its store (`write_through`, `write_behind`), is filled anew
    /// before it runs out (`refresh_ahead`), or what it keeps, or the store behind it, is `immutable`. There is no fix: how old a copy may be is a decision.
    ///
    /// ## Known false alarms
    /// Keys that hold a version or a hash of their content: state `immutable` on the cache.
    ///
    /// ## An interviewer asks
    /// Somebody changes this record. For how long does the cache go on with the old one?
    ///
    /// ## References
    /// - R. Nishtala et al., Scaling Memcache at Facebook, NSDI 2013.
    static RULE = {
        code: "LP409",
        summary: "a cache of changing data that nothing ends",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let caches: Vec<&Component> =
        cx.architecture.of_kind(Kind::Cache).filter(|it| grows_old(cx, it)).collect();
    let is_stated = |it: &&&Component| it.is_absent(Property::Ttl) || it.is_absent(Property::Invalidation);
    for cache in caches.iter().filter(is_stated) {
        let message = format!("what `{}` keeps is never dropped, however its store changes", cache.name);
        let mut finding = findings.on_component(Severity::Warning, cache, "keeps copies for ever", message);
        for property in [Property::Ttl, Property::Invalidation] {
            if let Some(span) = cache.span(property) {
                finding.place(span, "stated here");
            }
        }
        for store in stores_behind(cx.architecture, cache).iter().take(3) {
            let store = cx.architecture.component(*store);
            finding.label(store.name.as_str(), store.span, "changes");
        }
        finding.note("readers get the old record until somebody empties the cache by hand").help(help());
    }
    let open: Vec<&Component> = caches.into_iter().filter(|it| !is_stated(&it)).collect();
    let in_words =
        |it: &&Component| -> Asked { (it.name.to_string(), it.span, "how old may a copy be?".to_owned()) };
    let (count, asked) = findings.open_of(cx.architecture, &open, in_words);
    let Some((first, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!(
            "when does `{first}` drop what has changed? neither a `ttl` nor an `invalidation` is stated"
        ),
        many => format!(
            "when do {many} caches drop what has changed? they state neither a `ttl` nor an `invalidation`"
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("until a copy is dropped its readers get the old record").help(help());
    }
}

/// Whether nothing ends what it keeps.
fn grows_old(cx: &Context, cache: &Component) -> bool {
    let stores = stores_behind(cx.architecture, cache);
    let is_fixed = |it: &Component| it.has(Property::Immutable);
    !stores.is_empty()
        && !cache.has(Property::Ttl)
        && !cache.has(Property::Invalidation)
        && !is_fixed(cache)
        && !stores.iter().all(|it| is_fixed(cx.architecture.component(*it)))
        && !["write_through", "write_behind", "refresh_ahead"]
            .iter()
            .any(|it| cache.is(Property::Strategy, it))
}

fn help() -> &'static str {
    "let each copy run out (`ttl = 5min`: so old an answer may be), or drop it with the write (`invalidation`), or both"
}
