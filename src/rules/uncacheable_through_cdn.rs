use super::{Context, Finding, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Flow, Link, Property};

declare_rule! {
    /// Finds writes that go by way of a CDN which can do nothing for them.
    ///
    /// ## Why it matters
    /// A CDN keeps answers. A write has none that another may get: it takes one more hop, one more thing that can be
    /// down, and one more bill for each byte.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// cdn edge { ttl = 1h }
    /// service api
    /// app -> edge -> api { writes }
    /// flow upload { writes; app -> edge -> api } // finding: "`upload` only writes, and goes by way of `edge`, which can keep nothing of it"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// cdn edge { ttl = 1h }
    /// service api
    /// app -> edge -> api { reads }
    /// app -> api { writes }
    /// flow look { reads; app -> edge -> api }
    /// flow upload { writes; app -> api }
    /// ```
    ///
    /// ## How it is detected
    /// A flow that only writes comes to a CDN and goes on from there, or a link that no flow takes goes on from one and
    /// only `writes`. What the CDN sends of itself (its own logs) and what nobody waits for is not meant. It is silent
    /// where the CDN states `waf`, `ddos_protection`, `rate_limit` or `tls_termination`, for as a shield it may carry
    /// everything, and on a `because`. There is no fix: the way around it is a part of the design.
    ///
    /// ## Known false alarms
    /// The CDN shortens the way to a near entrance: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// What does the CDN keep of this request?
    ///
    /// ## A good answer
    /// - what is the same for all, and how long it may be kept
    /// - or that nothing is, and what it is there for then
    ///
    /// ## References
    /// - System Design Primer, "Content delivery network"
    static RULE = {
        code: "LP603",
        summary: "writes by way of a cache that can keep none of them",
        levels: [Warning],
    }
}

/// What it may be there for apart from what it keeps.
const SHIELDS: [Property; 5] = [
    Property::Waf,
    Property::DdosProtection,
    Property::RateLimit,
    Property::TlsTermination,
    Property::Because,
];

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let only_writes = |it: &&Flow| it.has(Property::Writes) && !it.has(Property::Reads);
    for flow in architecture.flows().filter(only_writes).filter(|it| !it.has(Property::Because)) {
        let steps = || flow.path.steps.iter().map(|id| architecture.link(*id));
        let comes_in = |cdn| steps().any(|it| it.target == cdn);
        let Some(link) = steps().find(|it| is_through(architecture, it) && comes_in(it.source)) else {
            continue;
        };
        let cdn = architecture.component(link.source);
        let message = format!(
            "`{}` only writes, and goes by way of `{}`, which can keep nothing of it",
            flow.name, cdn.name
        );
        let label = "has no answer that another may get";
        let mut finding = findings.report(Severity::Warning, flow.name.as_str(), flow.span, label, message);
        finding.label(cdn.name.as_str(), cdn.span, "keeps answers");
        finding.label(architecture.link_name(link), link.span, "passed on as it is").flow(flow.name.as_str());
        advise(architecture, &mut finding, link);
    }
    for link in architecture.links().filter(|it| it.is_writes_only() && is_through(architecture, it)) {
        let (cdn, target) = architecture.ends(link);
        let is_on_a_flow = cx.analysis.trust.flows_of(architecture, link).next().is_some();
        if is_on_a_flow || architecture.links_to(cdn.id).len() == 0 {
            continue;
        }
        let message =
            format!("`{}` passes writes on to `{}`, and can keep nothing of them", cdn.name, target.name);
        let label = "no answer that another may get";
        let mut finding = findings.on_link(Severity::Warning, architecture, link, label, message);
        finding.label(cdn.name.as_str(), cdn.span, "keeps answers");
        advise(architecture, &mut finding, link);
    }
}

/// Whether it goes on from a CDN that is there for what it keeps alone, while somebody waits.
fn is_through(architecture: &Architecture, link: &Link) -> bool {
    let cdn = architecture.component(link.source);
    cdn.kind == Kind::Cdn
        && !link.is_async()
        && !link.is_beside_the_path()
        && !link.has(Property::Because)
        && !SHIELDS.iter().any(|it| cdn.has(*it))
}

fn advise(architecture: &Architecture, finding: &mut Finding, link: &Link) {
    let (cdn, target) = architecture.ends(link);
    finding.note("it is one more hop, one more thing that can be down, and a bill for each byte").help(
        format!(
            "let writes go straight to `{}`, or say what `{}` does for them (`waf`, `ddos_protection`)",
            target.name, cdn.name
        ),
    );
}
