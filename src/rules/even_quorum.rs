use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Element, unit};
use crate::analysis::reliability::at_least_of;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::syntax::ast::Dimension;

declare_rule! {
    /// Finds quorums of two, four or six nodes, which bear no more than one fewer.
    ///
    /// ## Why it matters
    /// A majority of four is three: it bears the loss of one, as three nodes do, and it has one more that may fail. Two
    /// bear none, and split in halves that each wait for the other.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database kv : etcd x4 { zones = 4 } // finding: "`kv` decides by 3 of 4: it bears the loss of 1, as 3 nodes do"
    /// api -> kv
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database kv : etcd x3 { zones = 3 }
    /// api -> kv
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// service api
    /// database kv : etcd x5 { zones = 3 }
    /// api -> kv
    /// ```
    ///
    /// ## How it is detected
    /// A store that decides by a majority (`replication = quorum`, or an engine of consensus, assumed) has an even
    /// number of nodes, and states no other `write_quorum`. The figures are those of independent nodes with the store's
    /// own availability. Where the loss of one takes a flow down that is `single-point-of-failure`'s to tell. The fix
    /// takes one node away, or adds one where there are two or where fewer would be over 70 % busy; it is unsafe, for it
    /// changes the bill.
    ///
    /// ## Known false alarms
    /// One node is there for reads alone: state `write_quorum`.
    ///
    /// ## An interviewer asks
    /// With this many nodes, how many may you lose? And with one fewer?
    ///
    /// ## A good answer
    /// - how many must agree, and how many may therefore be gone
    /// - that a majority makes an odd number the cheapest
    ///
    /// ## References
    /// - L. Lamport, Paxos Made Simple, 2001
    /// - D. Ongaro, J. Ousterhout, In Search of an Understandable Consensus Algorithm (Raft), USENIX ATC 2014
    /// - etcd documentation, "Why an odd number of cluster members?"
    static RULE = {
        code: "LP110",
        summary: "a quorum of an even number of nodes",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let is_told = |store: &Component| {
        let element = Element::Component(store.id);
        cx.analysis.availability.iter().any(|it| it.single_cuts.binary_search(&element).is_ok())
    };
    for store in
        cx.architecture.components().filter(|it| !it.is_managed() && !it.is_stated(Property::WriteQuorum))
    {
        let Replicas::Stated { least, most } = store.replicas else { continue };
        let is_even = least >= 2 && least % 2 == 0 && most == Some(least);
        let Some(majority) = unit::quorum(store, least, true).filter(|_| is_even) else { continue };
        if !is_told(store) {
            let fewer = cx.analysis.load.utilisation_with(store, least - 1);
            let is_busy =
                fewer.is_some_and(|it| it.share > cx.architecture.parameters.utilisation_target.value);
            report(cx, findings, store, least, majority, is_busy);
        }
    }
}

/// `is_busy` where one node fewer would not carry the load.
fn report(
    cx: &Context,
    findings: &mut Findings,
    store: &Component,
    nodes: u32,
    majority: u32,
    is_busy: bool,
) {
    let better = if nodes == 2 { 3 } else { nodes - 1 };
    let more = nodes + 1;
    let message = match nodes {
        2 => format!(
            "`{}` decides by both of 2: it bears the loss of none, where 3 nodes bear one",
            store.name
        ),
        _ => format!(
            "`{}` decides by {majority} of {nodes}: it bears the loss of {}, as {better} nodes do",
            store.name,
            nodes - majority
        ),
    };
    let mut finding =
        findings.on_component(Severity::Warning, store, format!("{majority} of {nodes} must agree"), message);
    if let Some(span) = store.replicas_span {
        finding.place(span, "an even number");
    }
    let written = store.figure_of(Property::Availability, Dimension::Percent);
    let up = written.unwrap_or(cx.architecture.parameters.node_availability.value);
    let of = |nodes: u32| figures::availability(at_least_of(nodes, nodes / 2 + 1, 1.0 - up));
    let assumed = if written.is_some() { "" } else { " (assumed)" };
    finding.note(format!(
        "with each node up {}{assumed} by itself, {nodes} agree {} of the time, {better} {}",
        figures::availability(up),
        of(nodes),
        of(better)
    ));
    finding.help(match nodes {
        2 => format!("run three of it (`{} x3`), in three zones", store.name),
        _ if is_busy => format!(
            "run {more} of it (`{} x{more}`), which bears the loss of one more: {better} would be too busy",
            store.name
        ),
        _ => format!(
            "run {better} of it (`{} x{better}`), or {} to bear the loss of one more",
            store.name, more
        ),
    });
    let better = if is_busy { better.max(more) } else { better };
    if let Some(span) = store.replicas_span {
        let text = if store.is_stated(Property::Replicas) {
            format!("replicas = {better}")
        } else {
            format!("x{better}")
        };
        finding.fix(format!("run {better} of it"), false, vec![Edit { span, text }]);
    }
}
