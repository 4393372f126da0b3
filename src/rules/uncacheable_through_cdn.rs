use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::Property;

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
    /// A flow that only writes takes a path through a CDN that states neither `waf`, `ddos_protection`,
    /// `tls_termination` nor a `because`: as a shield it may carry everything. There is no fix: the way around it is a
    /// part of the design.
    ///
    /// ## Known false alarms
    /// The CDN shortens the way to a near entrance: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// What does the CDN keep of this request?
    ///
    /// ## References
    /// - System Design Primer, "Content delivery network"
    static RULE = {
        code: "LP603",
        summary: "writes by way of a cache that can keep none of them",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let shields = [Property::Waf, Property::DdosProtection, Property::TlsTermination, Property::Because];
    for flow in architecture.flows().filter(|it| it.has(Property::Writes) && !it.has(Property::Reads)) {
        let links = flow.path.steps.iter().map(|id| architecture.link(*id));
        let through = |kind| architecture.component(kind).kind == Kind::Cdn;
        let Some(link) = links.into_iter().find(|it| through(it.source)) else { continue };
        let cdn = architecture.component(link.source);
        if shields.iter().any(|it| cdn.has(*it)) || link.has(Property::Because) {
            continue;
        }
        let message = format!(
            "`{}` only writes, and goes by way of `{}`, which can keep nothing of it",
            flow.name, cdn.name
        );
        findings
            .report(
                Severity::Warning,
                flow.name.as_str(),
                flow.span,
                "has no answer that another may get",
                message,
            )
            .label(cdn.name.as_str(), cdn.span, "keeps answers")
            .label(architecture.link_name(link), link.span, "passed on as it is")
            .flow(flow.name.as_str())
            .note("it is one more hop, one more thing that can be down, and a bill for each byte")
            .help(format!(
                "let writes go straight to `{}`, or say what `{}` does for them (`waf`, `ddos_protection`)",
                architecture.component(link.target).name,
                cdn.name
            ));
    }
}
