use rustc_hash::FxHashMap;

use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds data whose only place is a cache.
    ///
    /// ## Why it matters
    /// A cache may forget: that is what it is for. It drops what is old when its memory is full, and all of it when it is
    /// restarted, moved or resized. What stands nowhere else is then gone, without an error.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache carts : redis { source_of_truth } // finding: "the only place of its data is a cache"
    /// shop -> carts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache carts : redis { caches = baskets, ttl = 1h }
    /// database baskets : postgres
    /// shop -> carts, baskets
    /// ```
    ///
    /// ## How it is detected
    /// A cache that states `source_of_truth`, that something is `derived_from`, or of which `durability = no_loss` is asked
    /// while it caches nothing else: an error. Where it states a `persistence`, or its engine is made to be the only
    /// place of data, it is a warning: what is kept on disk comes back, what is evicted does not. A database or search
    /// index that states `source_of_truth` on an engine that is not made for it is a warning as well. It is silent on
    /// a `because`. No fix is offered: the data needs another place.
    ///
    /// ## Known false alarms
    /// Sessions and counters whose loss is meant: take `source_of_truth` away, it promises more.
    ///
    /// ## An interviewer asks
    /// Restart this node now. What have you lost, and from where does it come back?
    ///
    /// ## A good answer
    /// - what can be made again, and from where
    /// - that what can't is kept in a store first
    ///
    /// ## References
    /// - [CWE-636](https://cwe.mitre.org/data/definitions/636.html): not failing securely.
    /// - Redis documentation, "Persistence" and "Key eviction".
    static RULE = {
        code: "LP419",
        summary: "data whose only place is a cache",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut derived: FxHashMap<ComponentId, &Component> = FxHashMap::default();
    for component in architecture.components().filter(|it| it.has(Property::DerivedFrom)) {
        for source in architecture.references(component, Property::DerivedFrom) {
            if architecture.component(source).kind == Kind::Cache {
                derived.entry(source).or_insert(component);
            }
        }
    }
    for store in architecture.components().filter(|it| !it.has(Property::Because)) {
        let copy = derived.get(&store.id).copied();
        if is_only_place(store, copy.is_some()) {
            report(findings, store, copy);
        }
    }
}

fn is_only_place(store: &Component, is_copied: bool) -> bool {
    if store.kind != Kind::Cache {
        let is_unfit = store.engine().and_then(|it| it.facts.is_system_of_record) == Some(false);
        return store.kind.is_store() && store.has(Property::SourceOfTruth) && is_unfit;
    }
    let is_asked = store.is(Property::Durability, "no_loss")
        && !store.has(Property::Caches)
        && !store.is_absent(Property::SourceOfTruth);
    store.has(Property::SourceOfTruth) || is_copied || is_asked
}

fn report(findings: &mut Findings, store: &Component, copy: Option<&Component>) {
    let engine = store.engine();
    let is_kept = store.has(Property::Persistence)
        || engine.is_some_and(|it| {
            it.facts.is_system_of_record == Some(true) || it.facts.is_durable == Some(true)
        });
    let is_cache = store.kind == Kind::Cache;
    let severity = if is_cache && !is_kept { Severity::Error } else { Severity::Warning };
    let what = match engine.filter(|_| !is_cache) {
        Some(engine) => format!("{}, which is not made to be one", engine.title),
        None => "a cache".to_owned(),
    };
    let message = format!("`{}`: the only place of its data is {what}", store.name);
    let mut finding = findings.on_component(severity, store, "what it forgets is gone", message);
    let stated = [Property::SourceOfTruth, Property::Durability];
    if let Some(span) = stated.iter().find_map(|it| store.properties.span(*it)) {
        finding.place(span, "stated here");
    }
    if let Some(copy) = copy {
        finding.label(copy.name.as_str(), copy.span, "made from it");
    }
    if is_cache && is_kept {
        finding.note("what is kept on disk survives a restart; what is evicted when the memory is full does not come back");
    } else if is_cache {
        finding.note("a restart, a move to another node or a full memory takes data away without an error");
    } else {
        finding.note("writes that it has confirmed may be lost in a crash or a split, and it can't be restored from elsewhere");
    }
    finding.help(format!(
        "write the data to a durable store first and fill `{}` from it; state `derived_from` with what it can be built \
         again from",
        store.name
    ));
}
