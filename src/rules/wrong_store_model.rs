use super::{Context, Findings, declare_rule};
use crate::analysis::storage;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds stores that can't do what their data asks of them.
    ///
    /// ## Why it matters
    /// What the store can't do the program does: it joins in memory, compensates for missing transactions, walks a graph query by
    /// query. That code is slower, larger and wrong more often than the database that was made for it.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database orders : dynamodb { requires = [joins] } // finding: "`orders` is to do joins, and is a key-value store"
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database orders : postgres { requires = [joins, transactions] }
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// What a store states in `requires` against its model (stated, else its engine's, assumed): joins need a relational one or a
    /// warehouse or a graph; transactions over several records a relational or a graph one, or a document store; traversals a graph; full text
    /// a search index, a document or a relational store; aggregations anything but key-value and blobs. There is no fix: it is
    /// another store.
    ///
    /// ## Known false alarms
    /// An engine that does it all the same: state the `model` as which it is used.
    ///
    /// ## An interviewer asks
    /// Show me the three queries that run most. Which of them does this store answer by itself?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 2.
    /// - System Design Primer, "SQL or NoSQL".
    static RULE = {
        code: "LP412",
        summary: "a store of a model that can't do what is asked of it",
        levels: [Warning],
    }
}

/// What is asked, how it reads, and the models that do it.
const ABILITIES: &[(&str, &str, &[&str], &str)] = &[
    ("joins", "joins", &["relational", "warehouse", "graph"], "a relational database"),
    (
        "transactions",
        "transactions over several records",
        &["relational", "graph", "document"],
        "a relational database",
    ),
    ("traversals", "traversals of many steps", &["graph"], "a graph database"),
    ("full_text", "full-text search", &["search", "document", "relational"], "a search index beside it"),
    (
        "aggregations",
        "aggregations",
        &["relational", "warehouse", "document", "wide_column", "time_series", "search", "graph"],
        "a relational database or a warehouse",
    ),
];

fn check(cx: &Context, findings: &mut Findings) {
    for store in cx.architecture.components().filter(|it| it.kind.is_store() && !it.has(Property::Because)) {
        let Some(model) = storage::model(store).map(str::to_owned) else { continue };
        let asked = store.words(Property::Requires);
        let lacking = ABILITIES.iter().filter(|(word, _, models, _)| {
            asked.iter().any(|it| it == word) && !models.contains(&model.as_str())
        });
        // A search of many steps over relations is only slow.
        for (word, ability, _, instead) in
            lacking.filter(|(word, ..)| *word != "traversals" || model != "relational")
        {
            report(findings, store, &model, (word, ability, instead));
        }
    }
}

fn report(
    findings: &mut Findings,
    store: &Component,
    model: &str,
    (word, ability, instead): (&str, &str, &str),
) {
    let title = match model {
        "key_value" => "a key-value store",
        "wide_column" => "a wide-column store",
        "document" => "a document store",
        "graph" => "a graph store",
        "time_series" => "a time-series store",
        "warehouse" => "a warehouse",
        "search" => "a search index",
        "blob" => "a store of blobs",
        _ => "a relational one",
    };
    let assumed = if store.word(Property::Model).is_some() { "" } else { ", as its engine is" };
    let message = format!("`{}` is to do {ability}, and is {title}{assumed}", store.name);
    let mut finding = findings.on_component(Severity::Warning, store, title, message);
    if let Some(span) = store.span(Property::Requires) {
        finding.place(span, format!("asks for `{word}`"));
    }
    finding.note("what the store can't do the program does itself, record by record").help(format!(
        "take {instead}, or shape the data so that one key answers each query and take `{word}` out"
    ));
}
