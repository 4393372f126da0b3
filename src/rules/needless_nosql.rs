use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds wide-column stores for writes and data that one relational node would take.
    ///
    /// ## Why it matters
    /// A wide-column store takes more writes than one machine can, and in return every question must be known before the
    /// tables are laid out: no joins, no ad-hoc queries, no transactions over rows. Below what one machine can take that
    /// is a price without a purchase.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 3y }
    /// client browser
    /// service shop
    /// database orders : cassandra x3 // finding: "one relational node would hold `orders`"
    /// browser -> shop
    /// shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, reads_per_write = 10, record_size = 1KB, retention = 3y }
    /// client browser
    /// service shop
    /// database orders : postgres x2 { failover = 60s }
    /// browser -> shop
    /// shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The store's model, stated or its engine's, is `wide_column`; at the grown peak its writes are under half of 5
    /// 000 a second and under half of one plain relational node, and its data at the horizon is known to be under 1 TB.
    /// It is silent where it spans regions, where a partition must not stop it, and on a `because`; and where joins or
    /// transactions are asked of it, which is `wrong-store-model`. It is a warning where the sizes are stated, and
    /// advice where a record's size is assumed. There is no fix: the data has to move.
    ///
    /// ## Known false alarms
    /// A cluster that is there anyway, for another part: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Which queries do you need? Which of them could you add next month?
    ///
    /// ## A good answer
    /// - the queries, and that all of them have to be known beforehand
    /// - the writes a second that ask for it, or a relational store
    ///
    /// ## References
    /// - D. McKinley, "Choose Boring Technology".
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 2.
    static RULE = {
        code: "LP808",
        summary: "a wide-column store that one relational node would do for",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Store(bytes) = deletion.step {
            report(cx, findings, deletion, bytes);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, bytes: f64) {
    let store = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let is_sure = used.is_surely_early(&cx.architecture.parameters) && used.users.is_none();
    let severity = if is_sure { Severity::Warning } else { Severity::Advice };
    let message = format!("one relational node would hold `{}`: its load is {used}", store.name);
    let label = format!("{}, and at most {}", used.peak_told(), figures::size_at_most(bytes));
    let mut finding = findings.on_component(severity, store, label, message);
    if let Some(other) = cx.architecture.of_kind(Kind::Database).find(|it| is_relational(it)) {
        finding.label(other.name.as_str(), other.span, "could hold it as well");
    }
    finding.note("without joins and transactions each new question is a new table, filled by hand");
    if let Some(assumed) = used.assumption() {
        finding.note(assumed);
    }
    finding.help(format!(
        "keep it in a relational store: wide columns pay from {} writes a second, or {}",
        figures::number(cx.architecture.parameters.wide_column_writes.value),
        figures::size(cx.architecture.parameters.wide_column_storage.value)
    ));
}

fn is_relational(store: &Component) -> bool {
    let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
    model == Some("relational")
}
