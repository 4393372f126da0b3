use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::trust::{Classes, is_operational};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds classified data that leaves for another company.
    ///
    /// ## Why it matters
    /// What has left cannot be called back: it is kept, logged and backed up by others, under their law, and lost when they
    /// are broken into. For personal data it needs a contract and a reason, for cards and health data an audit.
    ///
    /// ## Example
    /// ```arch
    /// service     shop
    /// third_party tracker
    /// shop ~> tracker : https { data = [pii], for = telemetry } // finding: "sends pii to `tracker`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service     shop
    /// third_party tracker
    /// shop ~> tracker : https { data = [public], for = telemetry }
    /// ```
    ///
    /// ## How it is detected
    /// A link to a third party, or through a queue's consumers to one, that carries confidential or more delicate data: its
    /// own `data`, or that of a flow that takes it. It is an error where the link is `for = telemetry`, where secrets leave,
    /// and where the third party states with `data` that it takes other classes; else a warning. A third party that states
    /// the class itself is its processor, and a `because` on the link or on it is a decision: nothing is said.
    ///
    /// Links that say nothing, from components that handle sensitive data, are one question. There is no fix: whether
    /// the data may leave is not in the text.
    ///
    /// ## Known false alarms
    /// A payment provider's own cards: state `data = [pci]` on the third party.
    ///
    /// ## An interviewer asks
    /// Which other companies see your users' data, and must they?
    ///
    /// ## A good answer
    /// - what each of them gets, and what it is needed for
    /// - what can be left out, or replaced by a number that means nothing there
    ///
    /// ## References
    /// - CWE-359: Exposure of Private Personal Information to an Unauthorized Actor; CWE-201; CWE-532 for logs
    /// - OWASP ASVS 5.0: 14.2.3, 14.2.4, 16.2.5
    /// - OWASP Top 10 2025: A01 Broken Access Control, A09 Security Logging and Alerting Failures
    static RULE = {
        code: "LP511",
        summary: "classified data that leaves for another company",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut unstated: Vec<(Classes, &Link)> = Vec::new();
    for link in architecture.links() {
        let (source, target) = architecture.ends(link);
        let leaves =
            target.kind == Kind::ThirdParty && trust.is_outside(target.id) && !trust.is_outside(source.id);
        if !leaves || link.has(Property::Because) || target.has(Property::Because) {
            continue;
        }
        let carried = trust.carried(link);
        if carried.is_stated {
            let leaving = carried.classes.classified().without(Classes::of(target.data_classes()));
            if !leaving.is_empty() {
                report(cx, findings, link, target, leaving);
            }
        } else if !target.is_stated(Property::Data) && source.kind.is_compute() {
            let handled = trust.held(source.id).sensitive();
            if !handled.is_empty() && !link.is(Property::For, "health") {
                unstated.push((handled, link));
            }
        }
    }
    unstated.sort_by_key(|(classes, _)| classes.rank());
    ask(cx, findings, &unstated);
}

fn report(cx: &Context, findings: &mut Findings, link: &Link, target: &Component, leaving: Classes) {
    let architecture = cx.architecture;
    let source = architecture.component(link.source);
    let is_refused = target.is_stated(Property::Data);
    let is_grave = is_operational(link) || leaving.has("secret") || is_refused;
    let severity = if is_grave { Severity::Error } else { Severity::Warning };
    let message = format!("`{}` sends {leaving} to `{}`, another company", source.name, target.name);
    let mut finding = findings.on_link(severity, architecture, link, "leaves here", message);
    if let (true, Some(span)) = (is_refused, target.properties.span(Property::Data)) {
        finding.place(span, "takes other data");
    }
    for flow in cx.analysis.trust.flows_of(architecture, link) {
        finding.flow(flow.name.as_str());
    }
    finding.note("what has left is kept, logged and backed up by others, and cannot be called back");
    finding.help(format!(
        "send a token or an id in its place, or state `data` on `{}` if it is there to process it",
        target.name
    ));
}

fn ask(cx: &Context, findings: &mut Findings, links: &[(Classes, &Link)]) {
    let architecture = cx.architecture;
    let asked: Vec<Asked> = links
        .iter()
        .map(|(classes, link)| {
            let source = &architecture.component(link.source).name;
            (architecture.link_name(link), link.span, format!("`{source}` handles {classes}"))
        })
        .collect();
    let asked = findings.open(architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` does not say which data leaves for another company"),
        several => format!("{} links do not say which data leaves for other companies", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("their callers handle data that must not leave without a reason");
        finding.help("state `data` on each: what is sent, or `data = [public]` where nothing delicate is");
    }
}
