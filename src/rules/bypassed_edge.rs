use super::{Context, Findings, declare_rule};
use crate::analysis::trust::{forwarded, is_operational};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds ways from outside past a gateway or proxy, to what stands behind it.
    ///
    /// ## Why it matters
    /// Authentication, limits and filters at the edge hold only for those who come by it. Whoever finds the other way in
    /// has none of them before them, and nobody looks there.
    ///
    /// ## Example
    /// ```arch
    /// client      app
    /// api_gateway gateway { auth = jwt, rate_limit }
    /// service     orders
    /// app     -> gateway : https
    /// gateway -> orders  : https
    /// app     -> orders  : https // finding: "`app` reaches `orders` past `gateway`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client      app
    /// api_gateway gateway { auth = jwt, rate_limit }
    /// service     orders
    /// app     -> gateway : https
    /// gateway -> orders  : https
    /// ```
    ///
    /// ## How it is detected
    /// One and the same client calls a gateway, proxy or balancer, or a CDN that filters (`waf`, `auth`, `rate_limit`), and
    /// also directly a service that this edge hands requests to. It is a warning where the direct link has an `auth` of its
    /// own, and where the way past is a `published` port of a service behind an edge.
    ///
    /// Not reported: held connections (WebSocket and the like, `connections = long`), presigned URLs, links with an
    /// `allow_list`, SSH, and links for running the system. There is no fix: whether the way or the door is wrong is
    /// for the author to say.
    ///
    /// ## Known false alarms
    /// Two different interfaces of one service, one of which is meant to be open: draw them as two.
    ///
    /// ## An interviewer asks
    /// Can I get to this service without going through your gateway?
    ///
    /// ## A good answer
    /// - that there is one way in, and what is checked there
    /// - how calls that come another way are turned away
    ///
    /// ## References
    /// - CWE-288: Authentication Bypass Using an Alternate Path or Channel; CWE-923
    /// - OWASP ASVS 5.0: 8.3.1, 13.2.1
    /// - OWASP Top 10 2025: A01 Broken Access Control, A06 Insecure Design
    static RULE = {
        code: "LP505",
        summary: "a way from outside past the edge",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for edge in cx.architecture.components().filter(|it| is_edge(it)) {
        let mut behind: Vec<&Link> = forwarded(cx.architecture, edge);
        // Several links to one target are one way to it.
        let mut seen = rustc_hash::FxHashSet::default();
        behind.retain(|link| seen.insert(link.target));
        let callers = callers(cx, edge);
        if callers.is_empty() {
            continue;
        }
        for inner in behind {
            let target = cx.architecture.component(inner.target);
            let past: Vec<&Link> = cx
                .architecture
                .links_to(target.id)
                .filter(|link| callers.contains(&link.source) && is_request(link))
                .collect();
            match past.as_slice() {
                [] if target.has(Property::Published) && !target.has(Property::AllowList) => {
                    report_port(findings, edge, target);
                }
                [] => {}
                links => report(cx, findings, edge, target, links),
            }
        }
    }
}

/// Something that stands before others to check and to limit. A CDN that only keeps copies does neither.
fn is_edge(component: &Component) -> bool {
    let filters = [Property::Waf, Property::Auth, Property::RateLimit];
    component.kind.is_proxy()
        && (component.kind != Kind::Cdn || filters.iter().any(|property| component.has(*property)))
}

/// Who comes in by an edge from outside.
fn callers(cx: &Context, edge: &Component) -> rustc_hash::FxHashSet<crate::model::ComponentId> {
    let trust = &cx.analysis.trust;
    cx.architecture
        .links_to(edge.id)
        .filter(|link| trust.is_outside(link.source) && !trust.is_outside(edge.id) && !is_operational(link))
        .map(|link| link.source)
        .collect()
}

/// Whether a link is such as an edge could take: no held connection, no presigned URL, no administrator's way in.
fn is_request(link: &Link) -> bool {
    !is_operational(link)
        && !link.has(Property::AllowList)
        && !link.is(Property::Auth, "presigned")
        && !link.is(Property::Connections, "long")
        && !link.known_protocols().any(|protocol| {
            // gRPC keeps its connection too, and yet any gateway takes its calls one by one.
            (protocol.long_lived && !protocol.is_request) || protocol.name == "ssh"
        })
}

fn report(cx: &Context, findings: &mut Findings, edge: &Component, target: &Component, links: &[&Link]) {
    let architecture = cx.architecture;
    let link = links[0];
    let severity = if link.has(Property::Auth) { Severity::Warning } else { Severity::Error };
    let source = architecture.component(link.source);
    let message = format!("`{}` reaches `{}` past `{}`", source.name, target.name, edge.name);
    let mut finding = findings.on_link(severity, architecture, link, "the way past", message);
    for other in &links[1..] {
        finding.label(architecture.link_name(other), other.span, "and here");
    }
    finding.label(edge.name.as_str(), edge.span, format!("what `{}` is to be reached by", target.name));
    for flow in cx.analysis.trust.flows_of(architecture, link) {
        finding.flow(flow.name.as_str());
    }
    finding.note(lost(edge));
    finding.help(format!(
        "remove `{}`, and let `{}` take calls from `{}` alone",
        architecture.link_name(link),
        target.name,
        edge.name
    ));
}

fn report_port(findings: &mut Findings, edge: &Component, target: &Component) {
    let message = format!("the published port of `{}` leads past `{}`", target.name, edge.name);
    let mut finding = findings.on_component(Severity::Warning, target, "can be called from outside", message);
    if let Some(span) = target.properties.span(Property::Published) {
        finding.place(span, "open to the outside");
    }
    finding.label(edge.name.as_str(), edge.span, format!("what `{}` is to be reached by", target.name));
    finding.note(lost(edge));
    finding.help(format!("take the port away: `{}` reaches `{}` without it", edge.name, target.name));
}

/// What those who come past an edge are spared.
fn lost(edge: &Component) -> String {
    let guards = [Property::Auth, Property::RateLimit, Property::Waf];
    let stated: Vec<String> = guards
        .into_iter()
        .filter(|property| edge.has(*property))
        .map(|property| format!("`{}`", property.name()))
        .collect();
    if stated.is_empty() {
        return format!("whatever `{}` checks and limits, those who come past it are spared", edge.name);
    }
    format!("those who come past `{}` are spared its {}", edge.name, stated.join(", "))
}
