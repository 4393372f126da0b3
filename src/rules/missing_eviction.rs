use super::{Context, Findings, declare_rule};
use crate::analysis::load::stores_behind;
use crate::analysis::resources;
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::model::{Component, Property};

declare_rule! {
    /// Finds caches that drop nothing when they are full.
    ///
    /// ## Why it matters
    /// A cache that is full and evicts nothing turns every new record away: it answers what was asked for last month,
    /// and fails to keep what is asked for now.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// cache hot : redis { caches = orders, memory = 4GB, eviction = none } // finding: "`hot` refuses new records once its 4 GB are full"
    /// database orders : postgres
    /// shop -> hot, orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// cache hot : redis { caches = orders, memory = 4GB, eviction = lru }
    /// database orders : postgres
    /// shop -> hot, orders
    /// ```
    ///
    /// ## How it is detected
    /// A cache that stands before a store states `eviction = none` (or `noeviction`). It is silent where the cache is a
    /// `source_of_truth`, which must drop nothing, and where its memory holds all that it states to keep (`storage`, or
    /// `records` of a `record_size`). Nothing is asked of what says nothing. The fix writes `eviction = lru`; it is unsafe, for what should go first is a choice.
    ///
    /// ## Known false alarms
    /// All its records fit for good: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// It is full. What happens with the next record?
    ///
    /// ## A good answer
    /// - which record goes for it, and why that one
    /// - how often that happens, and whether there is memory enough
    ///
    /// ## References
    /// - Redis documentation, "Key eviction"
    static RULE = {
        code: "LP611",
        summary: "a cache that refuses new records when it is full",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let drops_nothing = |it: &&Component| {
        it.is_absent(Property::Eviction)
            || it.is(Property::Eviction, "noeviction")
            || it.is(Property::Eviction, "no_eviction")
    };
    for cache in cx.architecture.of_kind(Kind::Cache).filter(drops_nothing) {
        if stores_behind(cx.architecture, cache).is_empty()
            || cache.has(Property::Because)
            || cache.has(Property::SourceOfTruth)
            || resources::has_room_for_all(&cx.architecture.parameters, cache)
        {
            continue;
        }
        let full = cache
            .size(Property::Memory)
            .map_or_else(|| "it is full".to_owned(), |size| format!("its {size} are full"));
        let message = format!("`{}` refuses new records once {full}", cache.name);
        let mut finding = findings.on_component(Severity::Warning, cache, "drops nothing", message);
        finding
            .note("it goes on answering what was asked for long ago, and fails those who write to it")
            .help("drop what was not asked for the longest: `eviction = lru`");
        if let Some(span) = cache.span(Property::Eviction) {
            finding.place(span, "stated here");
            finding.fix(
                "state `eviction = lru`: what was not asked for the longest goes",
                false,
                vec![Edit { span, text: "eviction = lru".to_owned() }],
            );
        }
    }
}
