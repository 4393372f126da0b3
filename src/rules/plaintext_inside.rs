use rustc_hash::FxHashMap;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::trust::{self, Crossing, Encryption};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property};
use crate::source::Span;

declare_rule! {
    /// Finds links between one's own parts that are in the clear, or do not say.
    ///
    /// ## Why it matters
    /// A network is trusted until somebody is in it. One taken-over container then reads the passwords, tokens and
    /// records of all the others as they pass by.
    ///
    /// ## Example
    /// ```arch
    /// service orders
    /// service customers
    /// database people : postgres { data = [pii] }
    /// orders    -> customers : http // finding: "carries pii of `people` in the clear"
    /// customers -> people    : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service orders
    /// service customers
    /// database people : postgres { data = [pii] }
    /// orders    -> customers : https
    /// customers -> people    : tls
    /// ```
    ///
    /// ## How it is detected
    /// A link that crosses no boundary to the outside, and is stated to be in the clear: a protocol that is never
    /// encrypted, `plaintext`, `tls = none`. Where it carries classified data (up to `confidential`) it has a warning
    /// of its own; all others share one. Data follows from the stores that are called, unless the link says what it
    /// carries.
    ///
    /// Links that do not say are one question, the most delicate first. It is a warning only where secret, card,
    /// health, personal or financial data passes them. Nothing is said of boxes and arrows alone, of which nothing is
    /// stated, of links within one `host`, of links within a mesh that encrypts, of health checks, of links that state
    /// public data, and of providers that take encrypted connections only. What a proxy hands on where TLS ends is
    /// `early-tls-termination`'s. There is no fix: the other end has to speak TLS before it can be said.
    ///
    /// ## Known false alarms
    /// A network that encrypts below all this (WireGuard, IPsec). Say `mtls` on the group or the system.
    ///
    /// ## An interviewer asks
    /// Somebody is inside your network: what can they read?
    ///
    /// ## A good answer
    /// - that they read all that is not encrypted, and go on from there
    /// - which of it is worth encrypting inside as well
    ///
    /// ## References
    /// - CWE-319: Cleartext Transmission of Sensitive Information
    /// - OWASP ASVS 5.0: 12.3.1, 12.3.3
    /// - OWASP Top 10 2025: A04 Cryptographic Failures
    static RULE = {
        code: "LP502",
        summary: "a link inside in the clear",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    report_classified(cx, findings);
    ask_about_plain(cx, findings);
    ask_about_unstated(cx, findings);
}

/// The links between what the team runs that are not asked about elsewhere.
fn inner<'a>(cx: &'a Context) -> impl Iterator<Item = (&'a Link, Option<Crossing>)> {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    architecture
        .links()
        .filter(|link| {
            let (source, target) = architecture.ends(link);
            target.kind != Kind::Dns
                // A name is looked up there, nothing passes through it.
                && source.kind != Kind::Dns
                && source.kind != Kind::Person
                && !link.is(Property::For, "health")
                && !trust.is_after_tls(architecture, link)
        })
        .map(|link| (link, trust.crossing(link)))
        .filter(|(_, crossing)| matches!(crossing, None | Some(Crossing::Between)))
}

/// The links in the clear that stay in one network; between two they are `plaintext-across-boundary`'s.
fn plain<'a>(cx: &'a Context) -> impl Iterator<Item = &'a Link> {
    inner(cx)
        .filter(|(link, crossing)| {
            crossing.is_none() && cx.analysis.trust.encryption(link) == Encryption::Plain
        })
        .map(|(link, _)| link)
}

/// One statement is one fault, however many links it makes.
fn report_classified(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut statements: Vec<Vec<&Link>> = Vec::new();
    let mut at: FxHashMap<Span, usize> = FxHashMap::default();
    for link in plain(cx).filter(|link| !trust.carried(link).classes.classified().is_empty()) {
        let place = *at.entry(link.statement).or_insert(statements.len());
        if place == statements.len() {
            statements.push(Vec::new());
        }
        statements[place].push(link);
    }
    for links in statements {
        let link = links[0];
        let name = architecture.link_name(link);
        let data = trust.classified_data(architecture, link).expect("it carries classified data");
        let plain = trust::plain_statement(architecture, link);
        let message = format!("`{name}` carries {data} in the clear");
        let mut finding =
            findings.on_link(Severity::Warning, architecture, link, "reached unencrypted", message);
        if plain.span != link.span {
            finding.place(plain.span, format!("`{}` is never encrypted", plain.words));
        }
        for other in &links[1..] {
            finding.label(architecture.link_name(other), other.span, "and here");
        }
        for flow in trust.flows_of(architecture, link) {
            finding.flow(flow.name.as_str());
        }
        finding.note("one part of the network that is taken over reads what all the others send");
        finding.help(remedy(link));
    }
}

fn ask_about_plain(cx: &Context, findings: &mut Findings) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let open: Vec<&Link> = plain(cx)
        .filter(|link| {
            let carried = trust.carried(link);
            carried.classes.classified().is_empty() && !carried.is_public() && !trust::is_operational(link)
        })
        .collect();
    let help = open.first().map(|link| remedy(link)).unwrap_or_default();
    let label = |link: &Link| format!("by `{}`", trust::plain_statement(architecture, link).words);
    let asked = open.into_iter().map(|link| (architecture.link_name(link), link.span, label(link))).collect();
    let asked = findings.open(architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` is in the clear inside"),
        several => format!("{} links inside are in the clear", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Warning, &asked, message) {
        finding.note(
            "neither end can be sure of the other, and one part that is taken over reads what the others send",
        );
        finding.help(help);
    }
}

fn ask_about_unstated(cx: &Context, findings: &mut Findings) {
    if cx.architecture.is_sketch() {
        return;
    }
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let all = inner(cx).count();
    let mut open: Vec<(&Link, Option<Crossing>)> = inner(cx)
        .filter(|(link, _)| {
            trust.encryption(link) == Encryption::Unstated
                && !trust.carried(link).is_public()
                && !trust::is_operational(link)
        })
        .collect();
    open.sort_by_key(|(link, crossing)| {
        (trust.carried(link).classes.rank(), crossing.is_none(), !trust.ends_tls(link.source))
    });
    let is_sensitive = open.iter().any(|(link, _)| !trust.carried(link).classes.sensitive().is_empty());
    let label = |link: &Link, crossing: Option<Crossing>| match trust.classified_data(architecture, link) {
        Some(data) => format!("with {data}"),
        None if trust.ends_tls(link.source) => "encrypted again after TLS ends?".to_owned(),
        None if crossing.is_some() => "into another network".to_owned(),
        None => "encrypted?".to_owned(),
    };
    let asked: Vec<Asked> = open
        .into_iter()
        .map(|(link, crossing)| (architecture.link_name(link), link.span, label(link, crossing)))
        .collect();
    let asked = findings.open(architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` does not say whether it is encrypted"),
        several if several.len() == all => {
            format!("none of the {all} links inside says whether it is encrypted")
        }
        several => format!("{} of {all} links inside do not say whether they are encrypted", several.len()),
    };
    let severity = if is_sensitive { Severity::Warning } else { Severity::Advice };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note("a network is trusted until somebody is in it: then whatever is in the clear is read");
        finding.help("name encrypted protocols, state `tls` on the links, or `mtls` for the whole system");
    }
}

fn remedy(link: &Link) -> String {
    match trust::secured(link).as_slice() {
        [(written, secure), ..] => {
            format!("speak `{secure}` instead of `{}`, or state `mtls` for the whole system", written.text)
        }
        [] => "state `tls` on the link, or `mtls` for the whole system".to_owned(),
    }
}
