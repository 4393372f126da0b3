use super::{Context, Findings, declare_rule};
use crate::analysis::touched;
use crate::diagnostic::Severity;
use crate::model::{Component, Property, Replicas};
use crate::source::Span;

declare_rule! {
    /// Finds quorums of reads and writes that need not meet, where strong reads are asked.
    ///
    /// ## Why it matters
    /// A read sees the latest write for sure only if the nodes that it asks and those that took the write have one in
    /// common: R + W > N. With less, a read may ask only nodes that have not heard of it.
    ///
    /// ## Example
    /// ```arch
    /// system "Accounts" { consistency = strong }
    /// client app
    /// service api
    /// database accounts : cassandra x3 { write_quorum = 1, read_quorum = 1 } // finding: "1 + 1 is not more than 3"
    /// app -> api -> accounts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Accounts" { consistency = strong }
    /// client app
    /// service api
    /// database accounts : cassandra x3 { write_quorum = 2, read_quorum = 2 }
    /// app -> api -> accounts
    /// ```
    ///
    /// ## How it is detected
    /// A store states `write_quorum` or `read_quorum` and how many nodes it has; the one that is not stated is a majority.
    /// It, a flow that comes to it, or the system asks `consistency = strong`, and R + W ≤ N; or W ≤ N ÷ 2, where two writes
    /// at a time need not meet. The fix writes a majority for both; it is unsafe, for writes then wait for more nodes.
    ///
    /// ## Known false alarms
    /// None: the sum decides.
    ///
    /// ## An interviewer asks
    /// With N = 3, which R and W do you take, and what do they cost in time and availability?
    ///
    /// ## References
    /// - G. DeCandia et al., Dynamo: Amazon's Highly Available Key-value Store, SOSP 2007, 4.5.
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Quorums for reading and writing".
    static RULE = {
        code: "LP413",
        summary: "read and write quorums that need not meet, under strong consistency",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for store in cx.architecture.components().filter(|it| it.kind.is_store()) {
        let Replicas::Stated { least, most } = store.replicas else { continue };
        if most != Some(least) || least < 2 {
            continue;
        }
        let stated = |property| store.figure(property);
        let (write, read) = (stated(Property::WriteQuorum), stated(Property::ReadQuorum));
        if write.is_none() && read.is_none() {
            continue;
        }
        let majority = f64::from(least / 2 + 1);
        let (write, read) = (write.unwrap_or(majority), read.unwrap_or(majority));
        let nodes = f64::from(least);
        if read + write > nodes && write * 2.0 > nodes {
            continue;
        }
        if let Some((element, span)) = asked(cx, store) {
            report(findings, store, (read, write, nodes), (&element, span));
        }
    }
}

/// Who asks for strong reads of it.
fn asked(cx: &Context, store: &Component) -> Option<(String, Span)> {
    if let Some(word) = store.word(Property::Consistency) {
        let span = store.span(Property::Consistency)?;
        return (word == "strong").then(|| (store.name.to_string(), span));
    }
    let touched = cx.analysis.touched(cx.architecture);
    cx.analysis.journeys.iter().zip(touched).find_map(|(journey, touched)| {
        let asked = touched::asked(cx.architecture, journey, Property::Consistency)?;
        let comes = touched.calls(cx.architecture).any(|(_, target)| target.id == store.id);
        (asked.word == "strong" && comes).then_some((asked.element, asked.span))
    })
}

fn report(
    findings: &mut Findings,
    store: &Component,
    (read, write, nodes): (f64, f64, f64),
    asked: (&str, Span),
) {
    let meets = read + write > nodes;
    let message = if meets {
        format!(
            "two writes of `{}` at a time need not meet: {write} of {nodes} nodes are no majority",
            store.name
        )
    } else {
        format!(
            "reads of `{}` need not see the last write: {read} + {write} is not more than {nodes}",
            store.name
        )
    };
    let mut finding = findings.on_component(Severity::Error, store, format!("{nodes} nodes"), message);
    for (property, what) in [(Property::ReadQuorum, "answer a read"), (Property::WriteQuorum, "take a write")]
    {
        if let Some(span) = store.span(property) {
            finding.place(span, what);
        }
    }
    finding.label(asked.0, asked.1, "asks for strong reads");
    finding.note("a read sees the last write where R + W > N, and writes keep one order where W > N ÷ 2");
    let majority = (nodes / 2.0).floor() + 1.0;
    finding.help(format!(
        "take a majority for both (`write_quorum = {majority}`, `read_quorum = {majority}`), or ask for `consistency = eventual`"
    ));
    let stated = [(Property::WriteQuorum, "write_quorum"), (Property::ReadQuorum, "read_quorum")];
    let edits = stated.into_iter().filter_map(|(property, name)| {
        let span = store.span(property)?;
        Some(crate::diagnostic::Edit { span, text: format!("{name} = {majority}") })
    });
    finding.fix("take a majority for both", false, edits.collect());
}
