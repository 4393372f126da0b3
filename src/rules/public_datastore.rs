use super::{Context, Findings, declare_rule};
use crate::analysis::trust::{self, Ground};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds stores that can be reached from outside: by a link, a published port, or a public network.
    ///
    /// ## Why it matters
    /// A database checks a password and nothing else: no user, no record, no rate. One that answers the open network is
    /// found by scanners within hours, and one guessed or leaked password is all of its data.
    ///
    /// ## Example
    /// ```arch
    /// client   browser
    /// service  shop
    /// database orders : postgres { published = 5432 } // finding: "is published on port 5432"
    /// browser -> shop : https
    /// shop    -> orders : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client   browser
    /// service  shop
    /// network data {
    ///   database orders : postgres
    /// }
    /// browser -> shop : https
    /// shop    -> orders : tls
    /// ```
    ///
    /// ## How it is detected
    /// A database, cache, search index, store of files or secrets that something outside links to, directly or through a
    /// load balancer; that has a `published` port, as queues and object stores must not have either; or that stands in a
    /// network with `trust = public`. `allow_list` on the link or the store answers it.
    ///
    /// Object stores are made to be reached: from outside they are reported only where `auth = none` meets writes or
    /// classified data, and asked about where no `auth` is stated. Managed stores that take users' own tokens (`auth`
    /// is stated on the link) are let be, links for running the system are a warning, and queues that clients write to
    /// are `exposed-queue`'s. There is no fix: who comes between is a part of the design.
    ///
    /// ## Known false alarms
    /// Ports that are bound to the machine's own address: `published = none`.
    ///
    /// ## An interviewer asks
    /// From where on the network can this be reached?
    ///
    /// ## A good answer
    /// - from those who ask it, and from nowhere else
    /// - what stands between it and the outside
    ///
    /// ## References
    /// - CWE-1327: Binding to an Unrestricted IP Address; CWE-668; CWE-1392 for default passwords
    /// - OWASP ASVS 5.0: 13.2.1 to 13.2.6, 8.4.2
    /// - OWASP Top 10 2025: A01 Broken Access Control, A02 Security Misconfiguration; PCI DSS 4.0.1: 1.4.4
    static RULE = {
        code: "LP504",
        summary: "a store that can be reached from outside",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for store in cx.architecture.components().filter(|it| it.kind.holds_data() || it.kind == Kind::Secrets) {
        if store.has(Property::AllowList) {
            continue;
        }
        if store.has(Property::Published) {
            report_published(cx, findings, store);
        } else if let Some(link) = direct(cx, store) {
            report_link(cx, findings, store, link);
        } else if matches!(cx.analysis.trust.ground(store.id), Ground::Public) && is_internal(store) {
            report_public_network(findings, store);
        }
    }
    ask_about_object_stores(cx, findings);
}

/// Stores that nobody outside has any business with. Those of objects are made for it, and who may write to a
/// queue is another rule's question.
fn is_internal(store: &Component) -> bool {
    store.kind != Kind::ObjectStore && !store.kind.is_queue()
}

/// The first link by which the outside reaches a store: its own, or a balancer's, which passes on whatever comes.
fn direct<'a>(cx: &'a Context, store: &Component) -> Option<&'a Link> {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let from_outside = |link: &&Link| {
        trust.is_outside(link.source) && !trust.is_outside(link.target) && !link.has(Property::AllowList)
    };
    let is_exposed = |link: &Link| {
        let source = architecture.component(link.source);
        source.kind == Kind::LoadBalancer && architecture.links_to(source.id).any(|it| from_outside(&it))
    };
    let mut links = architecture.links_to(store.id).filter(|link| !link.copies_data());
    if is_internal(store) {
        let is_told = |link: &Link| store.is_managed() && says_who(link, store);
        return links.find(|link| (from_outside(link) && !is_told(link)) || is_exposed(link));
    }
    links.find(|link| {
        let is_delicate = !link.is_reads_only() || !trust.carried(link).classes.classified().is_empty();
        store.kind == Kind::ObjectStore
            && from_outside(link)
            && is_delicate
            && (link.is_absent(Property::Auth) || store.is_absent(Property::Auth))
            && !says_who(link, store)
    })
}

/// Whether a way to prove who one is stands on the link or on the store.
fn says_who(link: &Link, store: &Component) -> bool {
    link.has(Property::Auth) || store.has(Property::Auth) && !link.is_absent(Property::Auth)
}

fn report_published(cx: &Context, findings: &mut Findings, store: &Component) {
    let port = match store.figure(Property::Published) {
        Some(port) => format!("on port {port}"),
        None => "to the outside".to_owned(),
    };
    let data = cx.analysis.trust.held(store.id).classified();
    let with = if data.is_empty() { String::new() } else { format!(", with {data} in it") };
    let message = format!("the {} `{}` is published {port}{with}", store.kind.title(), store.name);
    let mut finding = findings.on_component(Severity::Error, store, "reached past all services", message);
    if let Some(span) = store.properties.span(Property::Published) {
        finding.place(span, "open to the outside");
    }
    if let (true, Some(span)) = (store.has(Property::Password), store.properties.span(Property::Password)) {
        finding.place(span, "with a password that stands in the open");
    }
    finding
        .note("whoever reaches the machine talks to the store itself: one password is all that is between");
    finding
        .help(format!("take the port away: `{}` is reached by name from the services beside it", store.name));
}

fn report_link(cx: &Context, findings: &mut Findings, store: &Component, link: &Link) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let source = architecture.component(link.source);
    let is_operational = trust::is_operational(link);
    let severity = if is_operational { Severity::Warning } else { Severity::Error };
    let data = trust.held(store.id).classified();
    let with = if data.is_empty() { String::new() } else { format!(", with {data} in it") };
    let (title, name) = (store.kind.title(), &store.name);
    let message = if trust.is_outside(link.source) {
        format!("`{}` reaches the {title} `{name}` directly from outside{with}", source.name)
    } else {
        format!("`{}` passes the outside on to the {title} `{name}`{with}", source.name)
    };
    let mut finding =
        findings.report(severity, architecture.link_name(link), link.span, "no service between", message);
    finding.label(store.name.as_str(), store.span, format!("this {title}"));
    finding.note(match store.kind {
        Kind::ObjectStore => "whoever knows the address can read or write what is in it",
        _ => "a store knows passwords, not users: it cannot tell whose records a caller may see",
    });
    finding.help(match (is_operational, store.kind) {
        (true, _) => "let it in by `allow_list`, or from a `network` of one's own".to_owned(),
        (_, Kind::ObjectStore) => {
            "hand out presigned URLs (`auth = presigned`), and put a CDN before what is public".to_owned()
        }
        _ => format!("put a service before `{name}` that checks each request"),
    });
}

fn report_public_network(findings: &mut Findings, store: &Component) {
    let message = format!("the {} `{}` stands in a public network", store.kind.title(), store.name);
    let mut finding = findings.on_component(Severity::Error, store, "reached by anybody", message);
    finding
        .note("whoever reaches the network talks to the store itself: one password is all that is between");
    finding.help(format!("move `{}` into a `network` of its own: one is private by default", store.name));
}

fn ask_about_object_stores(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let is_open = |link: &&Link| {
        let store = architecture.component(link.target);
        let carried = trust.carried(link);
        store.kind == Kind::ObjectStore
            && !link.is_stated(Property::Auth)
            && !store.is_stated(Property::Auth)
            && !link.has(Property::AllowList)
            && !carried.is_public()
    };
    let asked = trust
        .outside_entries(architecture)
        .filter(is_open)
        .map(|link| (architecture.link_name(link), link.span, "who may?".to_owned()))
        .collect();
    let asked = findings.open(architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` reaches a store of objects and does not say who may"),
        several => format!("{} links reach stores of objects and do not say who may", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("a bucket that lists or takes files for anybody is the best known leak there is");
        finding
            .help("state `auth = presigned`, or `auth = none` with `data = [public]` where it is meant so");
    }
}
