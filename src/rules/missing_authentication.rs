use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::trust::{Encryption, Entry, Guard, Walk, is_in_force, is_login};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds entries at which nobody has to prove who they are, or where the design does not say.
    ///
    /// ## Why it matters
    /// Without it the network decides who may act: whoever reaches the address reads, writes and sends in anybody's name.
    ///
    /// ## Example
    /// ```arch
    /// client   browser
    /// service  records
    /// database patients : postgres { data = [phi], encrypted_at_rest }
    /// browser -> records : https { auth = none } // finding: "lets anybody at phi of `patients`"
    /// records -> patients : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client   browser
    /// service  records
    /// database patients : postgres { data = [phi], encrypted_at_rest }
    /// browser -> records : https { auth = oidc }
    /// records -> patients : tls
    /// ```
    ///
    /// ## How it is detected
    /// From each link of the outside, requests are followed through balancers, proxies and gateways to what answers them.
    /// `auth = none` on the way is an error where sensitive or confidential data is carried, a warning for internal data;
    /// for public or unnamed data it is a decision and nothing is said.
    ///
    /// Entries where no `auth` is stated — on the link, what it leads to, its group, a flow, the system — and no identity
    /// provider is asked are one question. It counts published ports of services; in a design that nobody outside calls, the
    /// calls of its roots. It is a warning where classified data is carried, where a port is published that is used
    /// from inside alone, and where one service calls another in stated plain text, so that neither can know the other.
    ///
    /// Callbacks of third parties are `unsigned-webhook`'s, and what checks passwords has to let strangers in. There is
    /// no fix: how callers are known has to be built.
    ///
    /// ## Known false alarms
    /// Sites that are meant for everybody: say `auth = none`.
    ///
    /// ## An interviewer asks
    /// How is it known here who is calling?
    ///
    /// ## A good answer
    /// - the proof that a caller brings, who gives it out, and how long it holds
    /// - or that everybody may call it, and what that can cost
    ///
    /// ## References
    /// - CWE-306: Missing Authentication for Critical Function
    /// - OWASP ASVS 5.0: chapter 6, 13.2.1
    /// - OWASP Top 10 2025: A07 Authentication Failures
    static RULE = {
        code: "LP506",
        summary: "an entry where nobody has to prove who they are",
        levels: [Error, Warning, Advice],
    }
}

/// Protocols that do not work without knowing the caller.
const KNOWS_CALLER: &[&str] = &["ssh", "sftp", "mtls", "wireguard", "ipsec", "oidc", "oauth2", "saml"];

fn check(cx: &Context, findings: &mut Findings) {
    report_open(cx, findings);
    ask(cx, findings);
}

// ---- stated: there is none

fn report_open(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut walk = Walk::new(architecture, |guard| is_guard(cx, guard));
    for link in trust.outside_entries(architecture) {
        let target = architecture.component(link.target);
        if architecture.component(link.target).kind.holds_data() || is_login(target) {
            continue;
        }
        let is_open = link.is_absent(Property::Auth);
        // A link's own word is about all that it leads to; else each that is reached speaks for itself.
        let open = if is_open {
            Some(target)
        } else {
            walk.unguarded(link).into_iter().find(|it| it.is_absent(Property::Auth) && !is_login(it))
        };
        let Some(open) = open else { continue };
        let Some(severity) = gravity(cx, link) else { continue };
        report(cx, findings, severity, link, open, is_open);
    }
}

/// How bad it is that anybody may call: by what the link carries.
fn gravity(cx: &Context, link: &Link) -> Option<Severity> {
    let classes = cx.analysis.trust.carried(link).classes;
    if !classes.classified().is_empty() {
        return Some(Severity::Error);
    }
    (!classes.restricted().is_empty()).then_some(Severity::Warning)
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    severity: Severity,
    link: &Link,
    open: &Component,
    is_on_link: bool,
) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let name = architecture.link_name(link);
    let data = trust.classified_data(architecture, link).unwrap_or_else(|| "internal data".to_owned());
    let message = format!("`{name}` lets anybody at {data}");
    let mut finding = findings.on_link(severity, architecture, link, "no proof is asked", message);
    let stated = if is_on_link { &link.properties } else { &open.properties };
    if let Some(span) = stated.span(Property::Auth) {
        finding.place(span, "stated here");
    }
    for flow in trust.flows_of(architecture, link) {
        finding.flow(flow.name.as_str());
    }
    finding.note("whoever reaches the address can read and change what it gives access to");
    finding.help("ask for a proof (`auth = oidc`, `session`, `api_key`), or say with `data` that only public data passes");
}

// ---- unstated

/// Whether something on the way says how callers are known. That it says "not at all" is an answer too, but
/// one that the reports above look for.
fn is_guard(cx: &Context, guard: Guard) -> bool {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    match guard {
        Guard::Link(link) => {
            let knows = |link: &Link| link.known_protocols().any(|it| KNOWS_CALLER.contains(&it.name));
            let marks = [Property::Auth, Property::Mtls, Property::AllowList, Property::Signed];
            marks.into_iter().any(|mark| trust.is_on_link(architecture, link, mark)) || knows(link)
        }
        Guard::Component(component) => {
            let asks_identity = |link: &Link| {
                let target = architecture.component(link.target);
                is_login(target) || target.kind.is_compute() && link.has(Property::Auth)
            };
            is_in_force(architecture, component, Property::Auth)
                || component.has(Property::AllowList)
                || is_login(component)
                || architecture.links_from(component.id).any(asks_identity)
        }
    }
}

/// An entry that is asked about, and whether it is worse than unsaid.
struct Open {
    asked: Asked,
    is_grave: bool,
}

fn ask(cx: &Context, findings: &mut Findings) {
    let mut open = open(cx);
    open.sort_by_key(|it| !it.is_grave);
    let graves: Vec<String> = open.iter().filter(|it| it.is_grave).map(|it| it.asked.0.clone()).collect();
    let asked = findings.open(cx.architecture, open.into_iter().map(|it| it.asked).collect());
    let is_grave = asked.iter().any(|(element, ..)| graves.contains(element));
    let message = match asked.as_slice() {
        [(element, ..)] => format!("`{element}` does not say how callers prove who they are"),
        several => format!("{} entries do not say how callers prove who they are", several.len()),
    };
    let severity = if is_grave { Severity::Warning } else { Severity::Advice };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note("where nothing is asked, whoever reaches the address may act in anybody's name");
        finding.help("state `auth` on each, and `auth = none` where everybody is meant to come in");
    }
}

fn open(cx: &Context) -> Vec<Open> {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut walk = Walk::new(architecture, |guard| is_guard(cx, guard));
    let mut found = Vec::new();
    for entry in trust.entries() {
        match *entry {
            Entry::Port(port) => {
                let port = architecture.component(port);
                let is_served = port.kind.is_compute() || port.kind.is_proxy();
                let is_said = port.is_stated(Property::Auth) || is_guard(cx, Guard::Component(port));
                if is_served && !is_said {
                    let is_grave = architecture.links_to(port.id).len() > 0;
                    let label = if is_grave { "published, and used from inside alone" } else { "published" };
                    let label = label.to_owned();
                    found.push(Open { asked: (port.name.to_string(), port.span, label), is_grave });
                }
            }
            Entry::Link(link) => found.extend(open_link(cx, architecture.link(link), &mut walk)),
        }
    }
    found
}

fn open_link<'a>(
    cx: &'a Context,
    link: &'a Link,
    walk: &mut Walk<'a, impl Fn(Guard<'a>) -> bool>,
) -> Option<Open> {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let carried = trust.carried(link);
    let is_callback = architecture.component(link.source).kind == Kind::ThirdParty;
    if carried.is_public() || is_callback || link.is_absent(Property::Auth) {
        return None;
    }
    let serves = |it: &&Component| {
        (it.kind.is_compute() || it.kind == Kind::External) && !it.is_absent(Property::Auth)
    };
    let reached = walk.unguarded(link).into_iter().find(serves)?;
    let is_plain = !trust.is_outside(link.source) && trust.encryption(link) == Encryption::Plain;
    let is_grave = is_plain || !carried.classes.classified().is_empty();
    let label = if reached.id == link.target {
        format!("who calls `{}`?", reached.name)
    } else {
        format!("who calls `{}` by this?", reached.name)
    };
    Some(Open { asked: (architecture.link_name(link), link.span, label), is_grave })
}
