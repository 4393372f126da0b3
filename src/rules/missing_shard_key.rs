use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::plan::Step;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds databases that are split into shards by nobody says what.
    ///
    /// ## Why it matters
    /// The key decides everything: which queries ask one shard and which ask all, where joins and transactions end, and
    /// whether the load spreads. It can't be changed later without moving all data, so a design that says "sharded" and
    /// not by what has not been designed yet.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database orders : postgres { shards = 8 } // finding: "by what is `orders` split"
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database orders : postgres { shards = 8, shard_key = customer_id }
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A database states `shards` over one and no `shard_key`, nor says in its label or description what it is split or
    /// sharded by. Copies follow what they copy, caches, indexes and stores of objects spread by a hash of their own.
    /// All such are one question. Where one node would hold all of it, LP801 speaks instead. There is no fix: the key
    /// decides what is fast, and is not in the text.
    ///
    /// ## Known false alarms
    /// A managed store that chooses the key by itself: leave its `shards` out.
    ///
    /// ## An interviewer asks
    /// By which key do you shard, and which of your queries do not know it?
    ///
    /// ## A good answer
    /// - a key that most queries know and that has many values
    /// - what the queries that don't know it cost: all shards are asked
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 6.
    /// - Notion and Figma on how they chose their shard keys (2021, 2024).
    static RULE = {
        code: "LP314",
        summary: "shards without a shard key",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let asks = |store: &&Component| {
        store.shards() > 1.0 && !store.has(Property::ShardKey) && !store.is_replica() && !says_by_what(store)
    };
    let mut stores: Vec<&Component> = cx.architecture.of_kind(Kind::Database).filter(asks).collect();
    if stores.is_empty() {
        return;
    }
    let needless: Vec<ComponentId> = cx
        .analysis
        .plan(cx.architecture)
        .deletions
        .iter()
        .filter(|it| {
            matches!(it.step, Step::Shards(_)) && it.used.is_surely_early(&cx.architecture.parameters)
        })
        .map(|it| it.component)
        .collect();
    stores.retain(|it| !needless.contains(&it.id));
    stores.sort_by(|a, b| b.shards().total_cmp(&a.shards()));
    let in_words = |store: &&Component| -> Asked {
        let label = format!("{} shards, by what?", figures::number(store.shards()));
        (store.name.to_string(), store.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &stores, in_words);
    let Some((name, ..)) = asked.first() else { return };
    let message = match count {
        1 => format!("by what is `{name}` split? it states shards and no `shard_key`"),
        _ => format!("by what are they split? {count} databases state shards and no `shard_key`"),
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        finding
            .note("the key decides which queries ask one shard and which ask all, and can't be changed without moving the data")
            .help("state the `shard_key`: one with many values that most queries know, such as a user or a tenant");
    }
}

/// Whether its label or description says it in words: "sharded by function".
fn says_by_what(store: &Component) -> bool {
    let words = [store.label.as_deref(), store.text(Property::Description), store.text(Property::Because)];
    words.into_iter().flatten().any(|text| {
        let text = text.to_lowercase();
        ["sharded by", "split by", "partitioned by", "shards by"].iter().any(|it| text.contains(it))
    })
}
