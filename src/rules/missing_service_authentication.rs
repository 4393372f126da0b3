use super::{Asked, Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{GroupKind, Link, Properties, Property};

declare_rule! {
    /// Finds services that let anybody inside call them, in front of sensitive data.
    ///
    /// ## Why it matters
    /// Whoever gets into one machine is then inside all of them: a service that asks nobody for a proof gives its data
    /// to whoever finds its address.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// service payments { auth = none }
    /// database cards { data = [pci] }
    /// shop -> payments // finding: "`payments` believes whoever calls it from inside"
    /// payments -> cards
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// service payments { auth = mtls }
    /// database cards { data = [pci] }
    /// shop -> payments
    /// payments -> cards
    /// ```
    ///
    /// ## How it is detected
    /// A service calls another one inside that handles secrets, cards, health, personal or financial data, and the link
    /// or the target states `auth = none`. Where nothing is said of it at all, neither on links and services nor by
    /// `mtls` or a `mesh`, it is one piece of advice in a review of a design that states its data. There is no fix: a
    /// proof needs somebody who checks it.
    ///
    /// ## Known false alarms
    /// A process that only its neighbour on the same host can reach: draw the `host`.
    ///
    /// ## An interviewer asks
    /// I am on the machine of the cheapest service you have. Which others answer me?
    ///
    /// ## A good answer
    /// - that none does without a proof of who calls
    /// - who gives these proofs out, and how they are renewed
    ///
    /// ## References
    /// - CWE-306: Missing Authentication for Critical Function; CWE-287
    /// - OWASP ASVS 5.0: 12.3.5, 13.2.1
    /// - OWASP Top 10 2025: A07 Authentication Failures
    /// - NIST SP 800-207: zero trust
    static RULE = {
        code: "LP525",
        summary: "services that believe whoever calls them from inside",
        levels: [Warning, Advice],
    }
}

const NOTE: &str = "whoever gets into one machine can then ask all of them";
const HELP: &str = "let each service prove who it is, by certificates (`mtls`, a `mesh`) or short tokens, and let the called one say who may call";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let says = |it: &Properties| {
        [Property::Auth, Property::Mtls, Property::Mesh, Property::AllowList]
            .iter()
            .any(|property| it.has(*property))
    };
    let system = &architecture.system.properties;
    if system.is(Property::Intent, "demo") || says(system) {
        return;
    }
    let host = |id| architecture.enclosing(id, GroupKind::Host);
    let is_internal = |link: &&Link| {
        let (source, target) = architecture.ends(link);
        source.kind.is_compute()
            && target.kind.is_compute()
            && !link.is_async()
            && !link.has(Property::For)
            && (host(source.id).is_none() || host(source.id) != host(target.id))
            && !cx.analysis.trust.held(target.id).sensitive().is_empty()
    };
    let mut unsaid: Vec<&Link> = Vec::new();
    for link in architecture.links().filter(is_internal) {
        let target = architecture.component(link.target);
        let scopes = [&link.properties, &target.properties];
        if let Some(open) = scopes.into_iter().find(|it| it.is_absent(Property::Auth)) {
            let message = format!("`{}` believes whoever calls it from inside", target.name);
            let classes = cx.analysis.trust.held(target.id).sensitive();
            let mut finding = findings.on_link(
                Severity::Warning,
                architecture,
                link,
                format!("leads to {classes}"),
                message,
            );
            if let Some(span) = open.span(Property::Auth) {
                finding.place(span, "stated here");
            }
            finding.note(NOTE).help(HELP);
            continue;
        }
        let groups = architecture.groups_of(target.id).map(|(_, group)| &group.properties);
        let mut all = scopes.into_iter().chain(groups);
        if !all.any(says) && !link.known_protocols().any(|it| it.name == "mtls") {
            unsaid.push(link);
        }
    }
    let in_words =
        |link: &&Link| -> Asked { (architecture.link_name(link), link.span, "who may call it?".to_owned()) };
    let (count, asked) = findings.open_of(architecture, &unsaid, in_words);
    let message = match count {
        1 => "one call inside leads to sensitive data and does not say how the caller is known".to_owned(),
        many => format!("{many} calls inside lead to sensitive data and do not say how the caller is known"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(NOTE).help(HELP);
    }
}
