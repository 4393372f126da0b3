use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Element, unit};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds quorums over two zones, of which one zone's loss leaves no majority.
    ///
    /// ## Why it matters
    /// Of two zones one always holds the majority. When it is lost the other one has nodes, data and power, and may
    /// decide nothing.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database kv : etcd x3 { zones = 2 } // finding: "2 of the 3 nodes of `kv` stand in one zone, and without it no majority is left"
    /// api ~> kv
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database kv : etcd x3 { zones = 3 }
    /// api ~> kv
    /// ```
    ///
    /// ## How it is detected
    /// A store that decides by a majority (`replication = quorum`, a quorum that is stated, or an engine of consensus,
    /// assumed) states `zones`, two or more, and the nodes outside of the fullest zone are fewer than must agree. Where
    /// the loss of the zone takes a flow down that is told with it, `single-zone-redundancy` tells it. There is no fix:
    /// a third zone is a part of the design.
    ///
    /// ## Known false alarms
    /// A witness in a third place that is not drawn: draw it, or count its zone.
    ///
    /// ## An interviewer asks
    /// Which of your zones may burn?
    ///
    /// ## A good answer
    /// - where the majority stands, and that the loss of that place stops it
    /// - one more place for a vote, if only a small one
    ///
    /// ## References
    /// - AWS, Azure and Google reliability guidance: three failure domains for a quorum
    /// - GitHub, October 21 post-incident analysis, 2018
    static RULE = {
        code: "LP111",
        summary: "a quorum of which one zone holds a majority",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    // The loss of a zone that a flow does not outlive is told with the flow.
    let is_told = |store: &Component| {
        cx.analysis.availability.iter().any(|it| {
            let falls = it.single_cuts.iter().any(|element| matches!(element, Element::Zone(..)));
            falls && it.needed.binary_search(&store.id).is_ok()
        })
    };
    for store in cx.architecture.components().filter(|it| !it.is_managed()) {
        let Some((zones, nodes)) = unit::zones(cx.architecture, store).filter(|(zones, _)| *zones > 1) else {
            continue;
        };
        let Some(majority) = unit::quorum(store, nodes, true) else { continue };
        let fullest = nodes.div_ceil(zones);
        if nodes - fullest < majority && nodes > 2 && !is_told(store) {
            report(cx, findings, store, (zones, nodes, majority, fullest));
        }
    }
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    store: &Component,
    (zones, nodes, majority, fullest): (u32, u32, u32, u32),
) {
    let message = format!(
        "{fullest} of the {nodes} nodes of `{}` stand in one zone, and without it no majority is left",
        store.name
    );
    let mut finding =
        findings.on_component(Severity::Warning, store, format!("{majority} of {nodes} must agree"), message);
    if let Some(span) = store.span(Property::Zones) {
        finding.place(span, format!("{zones} zones"));
    }
    let up = cx.architecture.parameters.zone_availability.value;
    finding.note(format!(
        "a zone is up {} of the time (assumed), and gone for hours at once when it is not",
        figures::availability(up)
    ));
    finding.help(format!(
        "spread it over three zones (`zones = 3`): then no zone holds more than {}",
        nodes.div_ceil(3)
    ));
}
