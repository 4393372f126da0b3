use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds joins and transactions over data that is split into shards.
    ///
    /// ## Why it matters
    /// A shard knows its own records alone. A join over two has to fetch both sides, and a transaction over two holds locks on both
    /// while it waits for the slower: it is as slow as the slowest, and as often down as all of them.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database orders : postgres { shards = 8, shard_key = user_id, requires = [joins] } // finding: "joins on `orders` end at a shard, and there are 8"
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database orders : postgres { shards = 8, shard_key = user_id } // all that is read together has one user
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A store with two `shards` or more states `requires = [joins]` or `[transactions]`. Engines that decide by a consensus of their shards
    /// (Spanner, CockroachDB) do transactions over them, and are left alone. A `because` makes it silent. There is no fix: what is
    /// asked together belongs on one shard.
    ///
    /// ## Known false alarms
    /// All records of one join or transaction have one key: take the word out, for then nothing crosses.
    ///
    /// ## An interviewer asks
    /// Which query does not name the shard key, and how many shards does it ask?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6; System Design Primer, "Sharding".
    static RULE = {
        code: "LP408",
        summary: "joins or transactions over shards",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for store in cx.architecture.components() {
        let is_split = store.kind.is_store() && store.shards() > 1.0;
        let is_one = store.engine().is_some_and(|engine| engine.facts.consensus);
        if !is_split || is_one || store.has(Property::Because) {
            continue;
        }
        let words = ["joins", "transactions"].into_iter().filter(|word| store.is(Property::Requires, word));
        let words: Vec<&str> = words.collect();
        if let Some(span) = store.span(Property::Requires).filter(|_| !words.is_empty()) {
            report(findings, store, &words.join(" and "), span);
        }
    }
}

fn report(findings: &mut Findings, store: &Component, words: &str, span: Span) {
    let shards = figures::number(store.shards());
    let message = format!("{words} on `{}` end at a shard, and there are {shards}", store.name);
    let mut finding = findings.on_component(Severity::Warning, store, format!("{shards} shards"), message);
    finding.place(span, "asked here");
    if let Some(span) = store.span(Property::ShardKey) {
        finding.place(span, "one shard for each of these");
    }
    finding
        .note("what crosses shards is as slow as the slowest of them, and down when any of them is")
        .help("choose a key by which all that is asked together lies on one shard, keep a copy by the other key, or do with fewer shards");
}
