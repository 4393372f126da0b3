use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{Asked, Asking, Quorum};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds quorums that do not overlap where a read must miss nothing.
    ///
    /// ## Why it matters
    /// A read is sure to meet the last write only where the nodes that answer it and those that took the write have one in
    /// common: R + W > N. Otherwise it may ask just those that have not heard of it.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service cart
    /// database carts : riak x3 { read_quorum = 1, write_quorum = 2, consistency = strong } // finding: "1 + 2 is not more than 3"
    /// app -> cart -> carts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service cart
    /// database carts : riak x3 { read_quorum = 2, write_quorum = 2, consistency = strong }
    /// app -> cart -> carts
    /// ```
    ///
    /// ## How it is detected
    /// A store states `read_quorum` or `write_quorum`, and R + W is at most N, its nodes, where `consistency = strong` is asked
    /// of it: by itself, by a link, by a flow that reads from it, or by the system. It is an error where all three are
    /// stated. It is a warning where one of the two is not, which is then a majority, and where an engine shares its records
    /// out among more nodes than keep a copy of one: then three copies are assumed. No fix is offered: whether reads or
    /// writes are to wait for one more node is the design's choice.
    ///
    /// ## Known false alarms
    /// Strong reads that say so one by one, whatever the store's own setting: state `read_quorum` as these have it.
    ///
    /// ## An interviewer asks
    /// Those that are asked for a read are not those that took the write. What do they say?
    ///
    /// ## A good answer
    /// - that readers and writers together have to be more than all copies
    /// - which of the two sides waits for one more, and why that one
    ///
    /// ## References
    /// - D. Gifford, "Weighted voting for replicated data", 1979.
    /// - G. DeCandia and others, "Dynamo: Amazon's highly available key-value store", 2007.
    static RULE = {
        code: "LP413",
        summary: "a quorum whose reads may miss the last write",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut asking = None;
    for store in cx.architecture.components().filter(|it| it.kind.holds_data()) {
        let Some(quorum) = Quorum::of(&cx.architecture.parameters, store).filter(|it| !it.overlaps()) else {
            continue;
        };
        let asking = asking.get_or_insert_with(|| Asking::of(cx.architecture, cx.analysis));
        if let Some(asked) = asking.strong(store) {
            report(findings, store, quorum, &asked);
        }
    }
}

fn report(findings: &mut Findings, store: &Component, quorum: Quorum, asked: &Asked<()>) {
    let Quorum { copies, read, write, is_assumed } = quorum;
    let name = &store.name;
    let severity = if is_assumed { Severity::Warning } else { Severity::Error };
    let assumed = if is_assumed { " (assumed)" } else { "" };
    let message = format!(
        "a read of `{name}` may miss the last write: {read} + {write} is not more than {copies}{assumed}"
    );
    let label = format!("a read asks {read} of {copies}, a write waits for {write}");
    let mut finding = findings.on_component(severity, store, label, message);
    for property in [Property::ReadQuorum, Property::WriteQuorum] {
        if let Some(span) = store.span(property) {
            finding.place(span, "stated here");
        }
    }
    finding.label(asked.element.as_str(), asked.span, "strong reads are asked here");
    if is_assumed {
        finding.note(format!(
            "assumed: {copies} copies of each record, and a majority of {} where a side is not stated",
            copies / 2 + 1
        ));
    }
    finding.note(format!(
        "a write is confirmed by {write} of {copies}, and a read asks {read}: it may ask only such as have not heard of it"
    ));
    if !quorum.refuses_rivals() {
        finding.note("two writes at once may both be taken, by different nodes: the later one silently wins, or both stay");
    }
    let enough = (copies + 1).saturating_sub(write);
    finding.help(if quorum.refuses_rivals() {
        format!(
            "ask {enough} of {copies} for a read (`read_quorum = {enough}`), or say `consistency = eventual`"
        )
    } else {
        let majority = copies / 2 + 1;
        let rest = copies + 1 - majority;
        format!(
            "let {majority} of {copies} take a write and {rest} answer a read (`write_quorum = {majority}`, \
             `read_quorum = {rest}`), or say `consistency = eventual`"
        )
    });
}
