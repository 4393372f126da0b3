use super::{Context, Finding, Findings, declare_rule};
use crate::analysis::capacity::assumed_peak;
use crate::analysis::resources::{self, Saturated, bits, bits_to};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};
use crate::quantity::Throughput;

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
    /// else one `record_size` for a store or queue, assumed), what comes in and what goes out apart: an answer to a
    /// read is what the target sends. Over the nodes that share it, against the `bandwidth` of a node or link, else the
    /// catalogue's (assumed). There is no fix: smaller answers, a CDN and larger lines are different answers.
    ///
    /// ## Known false alarms
    /// Answers that are compressed: state the `payload` as it travels.
    ///
    /// ## An interviewer asks
    /// How large is an answer, how many go out a second, and what does the network card carry?
    ///
    /// ## A good answer
    /// - the product of the first two, against what a node can send
    /// - what is made smaller, or answered nearer to the users
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
        let Some(most) = saturated.bytes.first() else { continue };
        // An assumed peak matters where the mean alone would fit.
        let is_peak_assumed = saturated.bytes.iter().any(|bytes| {
            let demand = cx.analysis.load.link(bytes.link.id);
            let factor = demand.peak.total() / demand.mean.total();
            demand.is_peak_assumed && saturated.carried <= saturated.limit.most * factor
        });
        let told = Told::of(&saturated, is_peak_assumed);
        let mut finding = match saturated.component {
            Some(component) => of_component(cx, findings, &saturated, component, &told),
            None => of_link(cx, findings, most.link, &told),
        };
        if is_peak_assumed {
            finding.note(assumed_peak(&cx.architecture.parameters));
        }
        let link = cx.architecture.link_name(most.link);
        finding.note(format!("{} by `{link}`", most.carried)).note(
            "where a network is full, all that shares it is late: health checks and copies of data too",
        );
    }
}

/// The figures in words.
struct Told {
    /// `2.4 Gbps at peak`.
    carried: String,
    /// `1 Gbps (assumed)`.
    limit: String,
    share: String,
}

impl Told {
    fn of(saturated: &Saturated, is_peak_assumed: bool) -> Self {
        let by_records = if saturated.is_by_records() { " (a call taken for one record)" } else { "" };
        let assumed = if is_peak_assumed { " (assumed peak)" } else { "" };
        let limit = saturated.limit;
        let bytes = [saturated.carried, limit.most].map(Throughput::bytes_per_second);
        let [carried, most] =
            figures::apart_by(bytes[0], bytes[1], |bytes, digits| bits_to(Throughput::new(bytes), digits));
        Self {
            carried: format!("{carried} at peak{assumed}{by_records}"),
            limit: format!("{most}{}", limit.mark()),
            share: figures::apart_by(saturated.carried / limit.most, 1.0, figures::percent_to)[0].clone(),
        }
    }
}

fn of_component<'f>(
    cx: &Context,
    findings: &'f mut Findings,
    saturated: &Saturated,
    component: &Component,
    told: &Told,
) -> Finding<'f> {
    let does = if saturated.is_sent { "sends" } else { "takes in" };
    let name = &component.name;
    let whose = match saturated.nodes {
        nodes if nodes > 1.0 => format!("each of {} nodes of `{name}`", figures::number(nodes)),
        _ => format!("`{name}`"),
    };
    let message = format!("{whose} {does} {}, and its network carries {}", told.carried, told.limit);
    let label = format!("{} of its network", told.share);
    let mut finding = findings.on_component(Severity::Warning, component, label, message);
    for bytes in saturated.bytes.iter().take(3) {
        finding.label(cx.architecture.link_name(bytes.link), bytes.link.span, bits(bytes.carried.value));
    }
    if let Some(span) = component.span(Property::Bandwidth) {
        finding.place(span, "of one node");
    }
    let target = cx.architecture.parameters.utilisation_target.value;
    let wanted = (saturated.carried * saturated.nodes / (saturated.limit.most * target)).ceil();
    finding.help(format!(
        "spread it over {} nodes, or send less: compress, cut it into pages, let a CDN answer what may be kept",
        figures::number(wanted)
    ));
    finding
}

fn of_link<'f>(cx: &Context, findings: &'f mut Findings, link: &Link, told: &Told) -> Finding<'f> {
    let name = cx.architecture.link_name(link);
    let message = format!("`{name}` is to carry {}, and carries {}", told.carried, told.limit);
    let label = format!("{} of it", told.share);
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, label, message);
    if let Some(span) = link.span(Property::Bandwidth) {
        finding.place(span, "stated here");
    }
    finding.help("send less by it: compress, cut it into pages, keep answers near; or give it more");
    finding
}
