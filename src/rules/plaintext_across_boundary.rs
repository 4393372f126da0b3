use rustc_hash::FxHashMap;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::trust::{self, Crossing, Encryption};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::model::{Link, Property};
use crate::source::Span;

declare_rule! {
    /// Finds links that leave trusted ground in the clear: to or from the outside, or between two networks.
    ///
    /// ## Why it matters
    /// Whoever sits on the way — an access point, a provider, a neighbour in the data centre — reads what passes, takes
    /// over sessions by their cookies and tokens, and changes answers before they arrive.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : http // finding: "goes over the open network in the clear"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// browser -> shop : https
    /// ```
    ///
    /// ## How it is detected
    /// Clients, persons and third parties are outside unless a `network` holds them; a link with an end there crosses a
    /// boundary, and so does one between two networks that share none around them. In the clear is what says so: a
    /// protocol that is never encrypted, `plaintext`, `tls = none`; `tls`, `mtls` and a mesh that encrypts say the opposite.
    /// To or from the outside that is an error; between one's own networks it is one only for secret, card, health,
    /// personal or financial data, else a warning.
    ///
    /// `: https, http` is taken for a redirect, and advised on. Links over the boundary that do not say whether they
    /// are encrypted are one question. What comes from a proxy at which TLS ends is `early-tls-termination`'s. Where
    /// the protocol has an encrypted twin the fix writes it; it is unsafe, for the other end has to speak it.
    ///
    /// ## Known false alarms
    /// A tunnel that the design does not draw. Say `tls` on the link, or put both ends into one `network`.
    ///
    /// ## An interviewer asks
    /// Which of these connections could somebody on the way read?
    ///
    /// ## A good answer
    /// - that nothing crosses a border unencrypted, and who holds the keys
    /// - or what passes there, and why anybody may read it
    ///
    /// ## References
    /// - CWE-319: Cleartext Transmission of Sensitive Information; CWE-523 for credentials
    /// - OWASP ASVS 5.0: 12.2.1, 12.3.1; 4.4.1 for WebSocket
    /// - OWASP Top 10 2025: A04 Cryptographic Failures
    static RULE = {
        code: "LP501",
        summary: "a link over a boundary in the clear",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    report_plain(cx, findings);
    ask_about_redirects(cx, findings);
    ask_about_unstated(cx, findings);
}

/// The links that cross a boundary, with the boundary. Names are public, and asked in the clear everywhere.
fn crossings<'a>(cx: &'a Context) -> impl Iterator<Item = (&'a Link, Crossing)> {
    cx.architecture
        .links()
        .filter(|link| cx.architecture.component(link.target).kind != Kind::Dns)
        .filter_map(|link| Some((link, cx.analysis.trust.crossing(link)?)))
}

/// One statement is one fault, however many links it makes.
fn report_plain(cx: &Context, findings: &mut Findings) {
    let trust = &cx.analysis.trust;
    let mut statements: Vec<Vec<&Link>> = Vec::new();
    let mut at: FxHashMap<(Span, Severity), usize> = FxHashMap::default();
    for (link, crossing) in crossings(cx) {
        let is_told_elsewhere = crossing == Crossing::Between && trust.is_after_tls(cx.architecture, link);
        if trust.encryption(link) != Encryption::Plain || is_told_elsewhere {
            continue;
        }
        let place = *at.entry((link.statement, severity(cx, link, crossing))).or_insert(statements.len());
        if place == statements.len() {
            statements.push(Vec::new());
        }
        statements[place].push(link);
    }
    for links in statements {
        report(cx, findings, &links);
    }
}

fn severity(cx: &Context, link: &Link, crossing: Crossing) -> Severity {
    let carried = cx.analysis.trust.carried(link);
    let is_sensitive = !carried.classes.sensitive().is_empty();
    let is_harmless = carried.is_public() || trust::is_operational(link) || crossing == Crossing::Between;
    if is_harmless && !is_sensitive { Severity::Warning } else { Severity::Error }
}

fn report(cx: &Context, findings: &mut Findings, links: &[&Link]) {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let link = links[0];
    let crossing = trust.crossing(link).expect("it crosses a boundary");
    let target = architecture.component(link.target);
    let name = architecture.link_name(link);
    let plain = trust::plain_statement(architecture, link);
    let way = match crossing {
        Crossing::Between => "passes from one network to another in the clear",
        _ => "goes over the open network in the clear",
    };
    let message = match trust.classified_data(architecture, link) {
        Some(data) => format!("`{name}` {way}, with {data}"),
        None => format!("`{name}` {way}"),
    };
    let label = format!("`{}`", plain.words);
    let mut finding =
        findings.on_link(severity(cx, link, crossing), architecture, link, "reached unencrypted", message);
    if plain.span != link.span {
        finding.place(plain.span, format!("{label} is never encrypted"));
    }
    for other in &links[1..] {
        finding.label(architecture.link_name(other), other.span, "and here");
    }
    for flow in trust.flows_of(architecture, link) {
        finding.flow(flow.name.as_str());
    }
    finding.note(match crossing {
        Crossing::Between => "whoever is in either network, or between them, can read and change what passes",
        _ => "whoever is on the way can read what passes, take over sessions, and change the answers",
    });
    let secured = trust::secured(link);
    if let [(written, secure), ..] = secured.as_slice() {
        finding.help(format!("speak `{secure}` instead of `{}`", written.text));
        let edits: Vec<Edit> = secured
            .iter()
            .map(|(written, secure)| Edit { span: written.span, text: (*secure).to_owned() })
            .collect();
        let is_all = !link.has(Property::Plaintext) && !link.is_stated(Property::Tls);
        if is_all {
            finding.fix(format!("write `{secure}`: nobody on the way reads along"), false, edits);
        }
    } else {
        finding.help(format!("encrypt what `{}` is sent: state `tls` on the link", target.name));
    }
}

fn ask_about_redirects(cx: &Context, findings: &mut Findings) {
    let trust = &cx.analysis.trust;
    let open = crossings(cx).filter(|(link, _)| trust.encryption(link) == Encryption::Both);
    let asked = open.map(|(link, _)| asked(cx, link, "answers in the clear as well")).collect();
    let asked = findings.open(cx.architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` is open in the clear beside its encrypted form"),
        several => format!("{} links over a boundary are open in the clear as well", several.len()),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("a first request in the clear can be caught before it is redirected");
        finding.help("answer it with a redirect and nothing else, and send `Strict-Transport-Security`");
    }
}

fn ask_about_unstated(cx: &Context, findings: &mut Findings) {
    let trust = &cx.analysis.trust;
    let mut open: Vec<&Link> = crossings(cx)
        .filter(|(link, crossing)| {
            matches!(crossing, Crossing::In | Crossing::Out)
                && trust.encryption(link) == Encryption::Unstated
                // A person is drawn for what they do, and a device is sent to by whoever holds its connection.
                && cx.architecture.component(link.source).kind != Kind::Person
                && !cx.architecture.component(link.target).kind.is_caller_only()
        })
        .map(|(link, _)| link)
        .collect();
    open.sort_by_key(|link| trust.carried(link).classes.rank());
    let asked = open.into_iter().map(|link| asked(cx, link, "encrypted?")).collect();
    let asked = findings.open(cx.architecture, asked);
    let message = match asked.as_slice() {
        [(link, ..)] => format!("`{link}` crosses a boundary and does not say whether it is encrypted"),
        several => {
            format!("{} links cross a boundary and do not say whether they are encrypted", several.len())
        }
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("outside of one's own networks everything that passes is read by somebody");
        finding.help("name an encrypted protocol such as `https`, or state `tls`");
    }
}

fn asked(cx: &Context, link: &Link, label: &str) -> Asked {
    (cx.architecture.link_name(link), link.span, label.to_owned())
}
