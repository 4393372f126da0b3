use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds graph stores that nobody asks to follow edges, and that one relational node would hold.
    ///
    /// ## Why it matters
    /// A graph store is quick at one thing: to go from node to node, many steps deep. Friends, and friends of friends, are a
    /// join or two. Without longer walks it is one more kind of store to run, back up and hire for, and each of its nodes
    /// answers fewer questions than a relational one.
    ///
    /// ## Example
    /// ```arch
    /// system "Club" { daily_users = 5k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 3y }
    /// client browser
    /// service club
    /// database members : neo4j x3 // finding: "one relational node would hold `members`"
    /// browser -> club
    /// club -> members
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Club" { daily_users = 5k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 3y }
    /// client browser
    /// service club
    /// database members : postgres x2 { failover = 60s }
    /// browser -> club
    /// club -> members
    /// ```
    ///
    /// Walks are what it is for:
    /// ```arch
    /// system "Club" { daily_users = 5k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 3y }
    /// client browser
    /// service club
    /// database members : neo4j x3 { requires = traversals }
    /// browser -> club
    /// club -> members
    /// ```
    ///
    /// ## How it is detected
    /// The store's model, stated or its engine's, is `graph`, and neither it, its callers, a link of it, a flow nor the
    /// system says `requires = traversals`. At the grown peak it uses at most half of one plain relational node, and
    /// its data at the horizon is known to be under 1 TB. It is silent without a scale, on a `because`, where it spans
    /// regions, and where an answer is asked within 50 ms. It is a warning where that is a tenth of the node at most,
    /// and advice above. There is no fix: the data has to move.
    ///
    /// ## Known false alarms
    /// Walks that nothing states: state `requires = traversals`.
    ///
    /// ## An interviewer asks
    /// How many steps deep is your longest question, and how often is it asked?
    ///
    /// ## A good answer
    /// - how deep, how often, and over how much data
    /// - that a few steps are joins
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 2: graph-like data models.
    /// - D. McKinley, "Choose Boring Technology".
    static RULE = {
        code: "LP809",
        summary: "a graph store that one relational node would do for",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Graph(bytes) = deletion.step {
            report(cx, findings, deletion, bytes);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, bytes: f64) {
    let store = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let is_sure = used.is_surely_early(&cx.architecture.parameters) && used.users.is_none();
    let severity = if is_sure { Severity::Warning } else { Severity::Advice };
    let message = format!(
        "one relational node would hold `{}`: its load is {used}, and nothing asks for walks",
        store.name
    );
    let label = format!("{}, and at most {}", used.peak_told(), figures::size_at_most(bytes));
    let mut finding = findings.on_component(severity, store, label, message);
    if let Some(other) = cx.architecture.of_kind(Kind::Database).find(|it| is_relational(it)) {
        finding.label(other.name.as_str(), other.span, "could hold it as well");
    }
    finding
        .note("a step or two along edges are a join; a graph store pays for walks that are many steps deep");
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "keep it in a relational store, or state `requires = traversals`: it pays for deep walks, or from {} on",
        figures::size(cx.architecture.parameters.sharding_storage.value)
    ));
}

fn is_relational(store: &Component) -> bool {
    let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
    model == Some("relational")
}
