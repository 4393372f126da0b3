use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::ownership::{self, Marks, Writing};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, Property};

declare_rule! {
    /// Finds caches of data that changes, from which nothing takes an old copy away.
    ///
    /// ## Why it matters
    /// A copy without an end is shown for ever: the old price, the withdrawn page, the right that was taken away. It is
    /// seen by some and not by others, as their requests meet one node or another, and so it is reported late.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache shelf : redis { caches = prices, ttl = none } // finding: "`shelf` keeps copies of `prices` for ever"
    /// database prices : postgres
    /// shop -> shelf, prices
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache shelf : redis { caches = prices, ttl = 5min }
    /// database prices : postgres
    /// shop -> shelf, prices
    /// ```
    ///
    /// What never changes may be kept for ever:
    /// ```arch
    /// service shop
    /// cache shelf : redis { caches = prices, ttl = none }
    /// database prices : postgres { immutable }
    /// shop -> shelf, prices
    /// ```
    ///
    /// ## How it is detected
    /// A cache that states what it `caches`, whose store may be written and is not `immutable`. Where it states
    /// `ttl = none` or `invalidation = none` and not the other, it is a warning; so is `ttl = forever`. Caches that state
    /// neither are one question. Silent are those with a `ttl` or an `invalidation`, those that writes pass through
    /// (`write_through`, `write_behind`), that refresh themselves (`refresh_ahead`), and those to which changes are
    /// copied (`cdc`). No fix is offered: how old a copy may be is for its owner to say.
    ///
    /// ## Known false alarms
    /// Keys that hold a version or a hash: state `immutable` on the cache.
    ///
    /// ## An interviewer asks
    /// A user changes a name. Who still sees the old one, and until when?
    ///
    /// ## A good answer
    /// - how old it may be, and what bounds that: a time to live, or a message on each change
    /// - what happens if that message is lost
    ///
    /// ## References
    /// - [CWE-524](https://cwe.mitre.org/data/definitions/524.html): use of a cache with sensitive information.
    /// - R. Nishtala and others, "Scaling Memcache at Facebook", NSDI 2013: leases and invalidation.
    /// - AWS Well-Architected, caching best practices: validity and TTL.
    static RULE = {
        code: "LP409",
        summary: "a cache of changing data with neither a time to live nor an invalidation",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut unstated: Vec<(&Component, &Component)> = Vec::new();
    let marks = std::cell::OnceCell::new();
    for cache in architecture.components().filter(|it| matches!(it.kind, Kind::Cache | Kind::Cdn)) {
        let is_ended = ends(cache) || links_end(architecture, cache.id);
        if is_ended || cache.has(Property::Because) || is_kept_true(architecture, cache) {
            continue;
        }
        let cached = architecture.references(cache, Property::Caches);
        let changing = cached
            .into_iter()
            .map(|id| architecture.component(id))
            .find(|store| changes(architecture, marks.get_or_init(|| Marks::of(architecture)), store));
        let Some(store) = changing else { continue };
        let for_ever = cache.is_stated(Property::Ttl) || cache.is_absent(Property::Invalidation);
        if for_ever {
            report(cx, findings, cache, store);
        } else {
            unstated.push((cache, store));
        }
    }
    ask(architecture, findings, &unstated);
}

/// Whether something takes old copies away: they end of themselves, or are told to.
fn ends(cache: &Component) -> bool {
    let lives = cache.has(Property::Ttl)
        && cache.properties.duration(Property::Ttl).is_none_or(|ttl| ttl.seconds().is_finite());
    lives || cache.has(Property::Invalidation)
}

fn links_end(architecture: &Architecture, cache: ComponentId) -> bool {
    let (to, from) = (architecture.links_to(cache), architecture.links_from(cache));
    to.chain(from).any(|link| link.has(Property::Ttl))
}

/// Whether the cache follows the changes by its nature.
fn is_kept_true(architecture: &Architecture, cache: &Component) -> bool {
    const FOLLOWING: [&str; 3] = ["write_through", "write_behind", "refresh_ahead"];
    FOLLOWING.iter().any(|it| cache.is(Property::Strategy, it))
        || cache.has(Property::Immutable)
        || ownership::is_derived(architecture, cache)
}

/// Whether its data may change: it is not stated that it never does, and not all who call it only read.
fn changes(architecture: &Architecture, marks: &Marks, store: &Component) -> bool {
    if store.has(Property::Immutable) {
        return false;
    }
    let mut links = architecture.links_to(store.id).peekable();
    store.is_replica()
        || links.peek().is_none()
        || links.any(|link| marks.writing(architecture, link) != Writing::Never)
}

fn report(cx: &Context, findings: &mut Findings, cache: &Component, store: &Component) {
    let message =
        format!("`{}` keeps copies of `{}` for ever, and nothing takes them away", cache.name, store.name);
    let mut finding = findings.on_component(Severity::Warning, cache, "old copies stay", message);
    let stated = [Property::Ttl, Property::Invalidation];
    if let Some(span) = stated.iter().find_map(|it| cache.properties.span(*it)) {
        finding.place(span, "stated here");
    }
    let writes = cx.analysis.load.component(store.id).mean.writes;
    let label = if writes.per_second() > 0.0 { format!("changed {writes}") } else { "may change".to_owned() };
    finding.label(store.name.as_str(), store.span, label);
    finding
        .note("a changed value is shown as it was until the memory is full or the node restarts")
        .help(format!(
            "state a `ttl` no longer than a reader may be wrong, `ttl = 5min`, or an `invalidation`: who writes `{}` \
             deletes the key",
            store.name
        ));
}

fn ask(architecture: &Architecture, findings: &mut Findings, unstated: &[(&Component, &Component)]) {
    let in_words = |(cache, store): &(&Component, &Component)| -> Asked {
        (cache.name.to_string(), cache.span, format!("`{}` changes behind it", store.name))
    };
    let (count, asked) = findings.open_of(architecture, unstated, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let is_strong = architecture.system.properties.is(Property::Consistency, "strong");
    let severity = if is_strong { Severity::Warning } else { Severity::Advice };
    let message = match count {
        1 => format!("how does `{name}` learn of changes? it states neither `ttl` nor `invalidation`"),
        _ => format!("how do they learn of changes? {count} caches state neither `ttl` nor `invalidation`"),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding
            .note("a copy without an end is shown as it was, to some readers and not to others")
            .help("state `ttl`: how old a copy may be, such as `ttl = 5min`; or `invalidation`: what deletes it on a change");
    }
}
