use super::{Context, Findings, declare_rule};
use crate::analysis::ownership;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds stores that are asked for what their data model does not have.
    ///
    /// ## Why it matters
    /// What a store can't do, its callers do: they fetch and join in a loop, keep counters beside the data and hope that
    /// nobody else writes in between. That is slower than the store would be, and wrong when two do it at once.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// database orders : cassandra x3 { requires = [joins, transactions] } // finding: "`orders` is asked for joins"
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// database orders : postgres x3 { requires = [joins, transactions], failover = 60s }
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// `requires` on the store itself, or on a component whose only store it is, against the store's `model`, stated or
    /// known of its engine. Joins: not of key-value, wide-column, blob and search stores. Transactions: not of wide-column,
    /// blob and search stores, nor of key-value ones that are not made to be the only place of data. Full text: not of
    /// key-value, wide-column and blob stores. Traversals: of these neither, nor of search stores. Aggregations: not of
    /// key-value and blob stores. Replay: not of a broker whose queue is emptied. A relational store does all of them at
    /// some scale, and is never accused; a graph store without traversals is LP809's. It is silent on a `because`. No fix is
    /// offered: the data must move.
    ///
    /// ## Known false alarms
    /// Extensions and newer versions that can: state the `model` that it works as.
    ///
    /// ## An interviewer asks
    /// Show me the query that needs this. Who answers it, the store or your code?
    ///
    /// ## A good answer
    /// - the query, and how often it is asked
    /// - which store answers it by itself, and what the program does now in its place
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapters 2 and 3.
    /// - P. Sadalage, M. Fowler, *NoSQL Distilled*.
    static RULE = {
        code: "LP412",
        summary: "a store that is asked for what its model does not have",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for asking in architecture.components().filter(|it| it.has(Property::Requires)) {
        let Some(store) = asked(architecture, asking) else { continue };
        if asking.has(Property::Because) || store.has(Property::Because) {
            continue;
        }
        let lacks: Vec<&str> = asking
            .words(Property::Requires)
            .iter()
            .map(smol_str::SmolStr::as_str)
            .filter(|it| is_lacking(store, it))
            .collect();
        if let Some(span) = asking.properties.span(Property::Requires).filter(|_| !lacks.is_empty()) {
            report(findings, store, &lacks, span);
        }
    }
}

/// The store that is meant: the component itself, or the only one that it calls.
fn asked<'a>(architecture: &'a Architecture, asking: &'a Component) -> Option<&'a Component> {
    if !asking.kind.is_compute() {
        return Some(asking);
    }
    let mut stores = architecture
        .links_from(asking.id)
        .map(|link| architecture.component(link.target))
        .filter(|it| it.kind.is_store() || it.kind.is_queue());
    stores.next().filter(|_| stores.next().is_none())
}

fn is_lacking(store: &Component, wanted: &str) -> bool {
    if wanted == "replay" {
        let engine = store.engine().filter(|_| store.engines.len() == 1);
        return store.kind == Kind::Queue && engine.is_some_and(|it| !it.facts.is_log);
    }
    let Some(model) = model(store) else { return false };
    let unable: &[&str] = match wanted {
        "joins" | "traversals" => &["key_value", "wide_column", "blob", "search"],
        "transactions" => &["wide_column", "blob", "search"],
        "full_text" => &["key_value", "wide_column", "blob"],
        "aggregations" => &["key_value", "blob"],
        _ => &[],
    };
    let is_passing_store =
        wanted == "transactions" && model == "key_value" && ownership::is_of_record(store) == Some(false);
    unable.contains(&model.as_str()) || is_passing_store
}

/// The model that the design says or its one engine has; an engine that is still open has none.
fn model(store: &Component) -> Option<smol_str::SmolStr> {
    if !store.is_stated(Property::Model) && store.engines.len() > 1 {
        return None;
    }
    ownership::model(store)
}

fn report(findings: &mut Findings, store: &Component, lacks: &[&str], asked: Span) {
    let name = &store.name;
    let words: Vec<String> = lacks.iter().map(|it| it.replace('_', " ")).collect();
    let wanted = match words.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => words.join(""),
    };
    let is_queue = store.kind.is_queue();
    let engine = store.engine().filter(|_| !store.is_stated(Property::Model)).map(|it| it.title);
    let what = match (engine, model(store)) {
        (Some(engine), _) if is_queue => format!("{engine} forgets a message once it is done"),
        (Some(engine), Some(model)) => format!("{engine} is a {} store", model.replace('_', "-")),
        (_, model) => format!("it is a {} store", model.unwrap_or_default().replace('_', "-")),
    };
    let message = format!("`{name}` is asked for {wanted}, and {what}");
    let mut finding = findings.on_component(Severity::Warning, store, "has not got it", message);
    finding.place(asked, "asked here");
    if is_queue {
        finding.note("a consumer that had a fault can't read again what it did wrong");
    } else {
        finding.note(
            "its callers do it instead, in several trips, and two that do it at once spoil each other's work",
        );
    }
    finding.help(remedy(lacks));
}

fn remedy(lacks: &[&str]) -> &'static str {
    if lacks.contains(&"replay") {
        return "use a log that is kept, such as Kafka, as a `stream`";
    }
    if lacks.contains(&"joins") || lacks.contains(&"transactions") {
        return "keep this data in a relational store, or shape it so that one key holds all that is read and written together";
    }
    if lacks.contains(&"traversals") {
        return "keep the edges in a graph store, or in a relational one where two or three steps are enough";
    }
    if lacks.contains(&"full_text") {
        return "add a `search_index` that follows it: `store ~> index : cdc`";
    }
    "count as the data comes in, or copy it into a store that can, such as a column store, by `cdc`"
}
