use super::{Context, Findings, declare_rule};
use crate::analysis::resources::{self, Saturated, bits};
use crate::catalogue::parameter;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;

declare_rule! {
    /// Finds nodes and links whose network carries less than comes at peak.
    ///
    /// ## Why it matters
    /// A service that answers with pictures or video is out of network long before it is out of processor: 1 000 answers
    /// of 1 MB are 8 Gbps. When a network is full, everything that shares it is late, health checks and replication as
    /// well.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service media x2 { bandwidth = 1Gbps } // finding: "sends 2.4 Gbps"
    /// app -> media : https { payload = 500KB }
    /// flow view { rate = 400/s, reads; app -> media }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// cdn edge { hit_ratio = 95% }
    /// service media x2 { bandwidth = 1Gbps }
    /// app -> edge -> media : https { payload = 500KB }
    /// flow view { rate = 400/s, reads; app -> edge -> media }
    /// ```
    ///
    /// ## How it is detected
    /// Calls a second at peak × `payload` (of the link, else of the flow from where it enters up to the first program,
    /// else one `record_size` for a store or queue, assumed), what comes in and what goes out apart: an answer to a read is
    /// what the target sends. Over the nodes that share it, against the `bandwidth` of a node or link, else the
    /// catalogue's (assumed).
    ///
    /// ## Known false alarms
    /// Answers that are compressed: state the `payload` as it travels.
    ///
    /// ## An interviewer asks
    /// How large is an answer, how many go out a second, and what does the network card carry?
    ///
    /// ## References
    /// - System Design Primer, "Back-of-the-envelope calculations": requests × payload × 8.
    static RULE = {
        code: "LP315",
        summary: "a network that carries less than comes at peak",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for saturated in resources::saturated(cx.architecture, &cx.analysis.load) {
        report(cx, findings, &saturated);
    }
}

fn report(cx: &Context, findings: &mut Findings, saturated: &Saturated) {
    let Saturated { carried, limit, bytes, nodes, .. } = saturated;
    let Some(most) = bytes.first() else { return };
    let (all, holds, mark) = (bits(*carried), bits(limit.most), limit.mark());
    let assumed = if bytes.iter().any(|it| it.is_assumed) { " (a call taken for one record)" } else { "" };
    let mut finding = match saturated.component {
        Some(component) => {
            let does = if saturated.is_sent { "sends" } else { "takes in" };
            let name = &component.name;
            let whose = match *nodes {
                nodes if nodes > 1.0 => format!("each of {} nodes of `{name}`", figures::number(nodes)),
                _ => format!("`{name}`"),
            };
            let message =
                format!("{whose} {does} {all} at peak{assumed}, and its network carries {holds}{mark}");
            let label = format!("{} of its network", figures::percent(*carried / limit.most));
            let mut finding = findings.on_component(Severity::Warning, component, label, message);
            for bytes in bytes.iter().take(3) {
                let name = cx.architecture.link_name(bytes.link);
                finding.label(name, bytes.link.span, bits(bytes.carried.value));
            }
            if let Some(span) = component.span(Property::Bandwidth) {
                finding.place(span, "of one node");
            }
            finding
        }
        None => {
            let name = cx.architecture.link_name(most.link);
            let message = format!("`{name}` is to carry {all} at peak{assumed}, and carries {holds}");
            let label = format!("{} of it", figures::percent(*carried / limit.most));
            let mut finding = findings.on_link(Severity::Warning, cx.architecture, most.link, label, message);
            if let Some(span) = most.link.span(Property::Bandwidth) {
                finding.place(span, "stated here");
            }
            finding
        }
    };
    finding.note(format!("{} by `{}`", most.carried, cx.architecture.link_name(most.link))).note(
        "where a network is full, all that shares it is late: health checks and copies of data as well",
    );
    finding.help(match saturated.component {
        Some(_) => {
            let target = parameter::UTILISATION_TARGET.fact.value;
            let wanted = (*carried * *nodes / (limit.most * target)).ceil();
            format!(
                "spread it over {} nodes, or send less: compress, cut it into pages, let a CDN answer what may be kept",
                figures::number(wanted)
            )
        }
        None => "send less by it: compress, cut it into pages, keep answers near; or give it more".to_owned(),
    });
}
