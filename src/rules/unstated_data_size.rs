use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::storage;
use crate::catalogue::{Kind, Parameters};
use crate::diagnostic::Severity;
use crate::model::{Component, Properties, Property};
use crate::quantity::{Duration, Rate, Size};
use crate::worked::Worked;

declare_rule! {
    /// Asks how large the data is, where what is written may outgrow the node that keeps it.
    ///
    /// ## Why it matters
    /// A store that is fast enough today is full in a year. Moving terabytes to shards under load is the dearest change
    /// there is, and one multiplication would have shown it: writes, times size, times how long they are kept.
    ///
    /// ## Example
    /// ```arch
    /// system "Feed" { rate = 40k/s, reads_per_write = 20, availability = 99.9% }
    /// client browser
    /// service feed x8
    /// database posts : postgres x3 { failover = 30s } // finding: "nothing says how much data `posts` keeps"
    /// browser -> feed -> posts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Feed" { rate = 40k/s, reads_per_write = 20, record_size = 300B, retention = 90d, availability = 99.9% }
    /// client browser
    /// service feed x8
    /// database posts : postgres x3 { failover = 30s }
    /// browser -> feed -> posts
    /// ```
    ///
    /// ## How it is detected
    /// The writes of a database that is run by the team are known, its data is not, and it might outgrow a node:
    /// written records of 10 KB at the most (assumed, where no `record_size` is stated), kept for 3 years (assumed,
    /// where neither `retention` nor `horizon` is stated), come to more than 5 TB a shard. All such stores are one
    /// question. It is silent where even that fits, on managed stores, copies, designs for few users, and with `intent
    /// = demo | personal | internal`. There is no fix: the figure is not in the text.
    ///
    /// ## Known false alarms
    /// A store whose writes change records and add none: state its `storage`, or its `records` and `record_size`.
    ///
    /// ## An interviewer asks
    /// How large is one record, and how long do you keep it?
    ///
    /// ## A good answer
    /// - both, to one digit, and the product with the writes a day
    /// - when that outgrows one machine, and what is thrown away before
    ///
    /// ## References
    /// - A. Xu, *System Design Interview*, chapter 2, "Back-of-the-envelope estimation".
    static RULE = {
        code: "LP905",
        summary: "a store whose data may outgrow it, and nothing says how much it is",
        levels: [Advice],
        review_only: true,
    }
}

/// A store, what it may come to keep, and what is not said.
struct Open<'a> {
    store: &'a Component,
    data: Worked<Size>,
    unsaid: Vec<(&'static str, &'static str)>,
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if crate::analysis::asking::is_small(architecture, cx.analysis) {
        return;
    }
    let known = storage::per_node(architecture, &cx.analysis.load);
    let system = &architecture.system.properties;
    let states_all = storage::total(architecture).is_some();
    let mut open: Vec<Open> = Vec::new();
    for store in architecture.of_kind(Kind::Database) {
        let is_ours = !store.is_managed() && !store.is_replica();
        if !is_ours || known[store.id.0 as usize].is_some() || states_all {
            continue;
        }
        let demand = cx.analysis.load.component(store.id);
        let writes = demand.mean.writes;
        if !demand.is_known() || !writes.is_positive() {
            continue;
        }
        let (mut data, unsaid) = at_most(&cx.architecture.parameters, [&store.properties, system], writes);
        if store.shards() > 1.0 {
            data = data / Worked::given(store.shards(), format!("{} shards", store.shards()));
        }
        if data.value > cx.architecture.parameters.sharding_storage_limit.size() {
            open.push(Open { store, data, unsaid });
        }
    }
    open.sort_by(|one, other| other.data.value.total_cmp(&one.data.value));
    let in_words = |it: &Open| -> Asked {
        let label = format!("up to {}", it.data.value);
        (it.store.name.to_string(), it.store.span, label)
    };
    let (count, asked) = findings.open_of(architecture, &open, in_words);
    let Some(first) = open.iter().find(|it| asked.first().is_some_and(|asked| asked.0 == it.store.name))
    else {
        return;
    };
    let name = &first.store.name;
    let message = match count {
        1 => format!("nothing says how much data `{name}` keeps"),
        many => format!("nothing says how much data {many} stores keep"),
    };
    let unsaid: Vec<&str> = first.unsaid.iter().map(|it| it.0).collect();
    let help: Vec<&str> = first.unsaid.iter().map(|it| it.1).collect();
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        let are = if unsaid.len() == 1 { "is" } else { "are" };
        let assumed = match unsaid.len() {
            0 => ", if all that is written is kept here".to_owned(),
            _ => format!(", where {} {are} assumed", unsaid.join(" and ")),
        };
        finding.note(format!("at the most `{name}` keeps {}{assumed}", first.data));
        finding.note("with it the review could say whether it fits on one node, and until when");
        finding.help(match help.len() {
            0 => format!("state the `storage` of `{name}`"),
            _ => format!("state {} on the store, or its `storage`", help.join(" and ")),
        });
    }
}

/// What some writes come to at the most, with what is assumed for it and how to state that.
fn at_most(
    parameters: &Parameters,
    stated: [&Properties; 2],
    writes: Rate,
) -> (Worked<Size>, Vec<(&'static str, &'static str)>) {
    let mut unsaid = Vec::new();
    let size = stated.iter().find_map(|it| it.size(Property::RecordSize)).unwrap_or_else(|| {
        unsaid.push(("the size of a record", "`record_size = 1KB`"));
        parameters.record_at_most.size()
    });
    let kept = [Property::Retention, Property::Horizon]
        .iter()
        .find_map(|property| stated.iter().find_map(|it| it.duration(*property)))
        .filter(|it| it.is_finite());
    let kept: Duration = kept.unwrap_or_else(|| {
        unsaid.push(("how long it is kept", "`retention = 1y`"));
        parameters.horizon.duration()
    });
    let data = Worked::given(writes, format!("{writes}"))
        * Worked::given(size, format!("{size}"))
        * Worked::given(kept, format!("{kept}"));
    (data, unsaid)
}
