use super::{Context, Findings, declare_rule};
use crate::analysis::trust::{self, Encryption};
use crate::diagnostic::Severity;
use crate::model::Link;

declare_rule! {
    /// Finds proxies at which TLS ends, and which hand on what they decrypt in the clear.
    ///
    /// ## Why it matters
    /// Callers see a closed lock, and it holds up to the edge alone. Behind it the same passwords, cards and records pass
    /// the whole inner network where everyone who is in it can read them.
    ///
    /// ## Example
    /// ```arch
    /// client        browser
    /// load_balancer edge
    /// service       api
    /// database      cards : postgres { data = [pci] }
    /// browser -> edge  : https
    /// edge    -> api   : http // finding: "`edge` ends TLS and hands on pci of `cards` in the clear"
    /// api     -> cards : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client        browser
    /// load_balancer edge
    /// service       api
    /// database      cards : postgres { data = [pci] }
    /// browser -> edge  : https
    /// edge    -> api   : https
    /// api     -> cards : tls
    /// ```
    ///
    /// ## How it is detected
    /// A balancer, proxy, gateway or CDN that is called over an encrypted link, or states `tls_termination`, calls on
    /// by a link that is stated to be in the clear; after `tls_termination`, also by one that says nothing of itself.
    /// Where classified data passes it is a warning; where nothing says what passes all such links are one piece of
    /// advice. Where `data` says that it is not delicate nothing is said: many good designs end TLS at their edge.
    /// There is no fix: the next hop has to speak TLS before it can be said.
    ///
    /// ## Known false alarms
    /// A proxy beside the service on the same machine: put both into one `host`.
    ///
    /// ## An interviewer asks
    /// Where does TLS end, and who can read what comes after?
    ///
    /// ## A good answer
    /// - where it is opened, and whether it is encrypted again from there on
    /// - who is on that part of the way, and what passes there
    ///
    /// ## References
    /// - CWE-319: Cleartext Transmission of Sensitive Information
    /// - OWASP ASVS 5.0: 12.3.1, 12.3.3
    /// - OWASP Top 10 2025: A04 Cryptographic Failures; PCI DSS 4.0.1: 4.2.1
    static RULE = {
        code: "LP514",
        summary: "sensitive data that goes on in the clear where TLS ends",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut unclassified: Vec<&Link> = Vec::new();
    // What a proxy sends to the outside in the clear is an error of its own, whatever came before.
    let is_inside = |link: &Link| !trust.is_outside(link.target) && !trust.is_outside(link.source);
    for link in architecture.links().filter(|it| is_inside(it) && trust.is_after_tls(architecture, it)) {
        if trust::is_operational(link) {
            continue;
        }
        match trust.classified_data(architecture, link) {
            Some(data) => report(cx, findings, link, &data),
            // What is known to be of no class that must be hidden is no question any more.
            None if !trust.carried(link).classes.is_empty() => {}
            None => unclassified.push(link),
        }
    }
    ask(cx, findings, &unclassified);
}

fn report(cx: &Context, findings: &mut Findings, link: &Link, data: &str) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let source = architecture.component(link.source);
    let message = format!("`{}` ends TLS and hands on {data} in the clear", source.name);
    let label = if trust.encryption(link) == Encryption::Plain {
        format!("by `{}`", trust::plain_statement(architecture, link).words)
    } else {
        "goes on from here".to_owned()
    };
    let mut finding = findings.on_link(Severity::Warning, architecture, link, label, message);
    for flow in trust.flows_of(architecture, link) {
        finding.flow(flow.name.as_str());
    }
    finding.note("callers trust the encryption that they see; everyone inside can read what is behind it");
    finding.help(remedy(link, &source.name));
}

fn ask(cx: &Context, findings: &mut Findings, links: &[&Link]) {
    let architecture = cx.architecture;
    let asked = links
        .iter()
        .map(|link| (architecture.link_name(link), link.span, "goes on in the clear".to_owned()))
        .collect();
    let asked = findings.open(architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` goes on in the clear where TLS ends"),
        several => format!("{} links go on in the clear where TLS ends", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("that is usual within one network; it is no longer once delicate data passes");
        let proxy = &architecture.component(links[0].source).name;
        finding
            .help(format!("{}, or state with `data` that nothing delicate passes", remedy(links[0], proxy)));
    }
}

fn remedy(link: &Link, proxy: &str) -> String {
    match trust::secured(link).as_slice() {
        [(_, secure), ..] => format!("let `{proxy}` encrypt again: `{secure}`"),
        [] => format!("let `{proxy}` encrypt again: state `tls` on the link"),
    }
}
