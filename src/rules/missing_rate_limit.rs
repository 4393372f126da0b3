use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::asking::is_small;
use crate::analysis::trust::{Guard, Walk, is_login};
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds entries where nothing says how much one caller may ask: logins, keys, and whoever is let in unnamed.
    ///
    /// ## Why it matters
    /// One script is enough to guess passwords all night, to fill the disks with junk, or to make the design pay for its
    /// most expensive call a million times.
    ///
    /// ## Example
    /// ```arch
    /// client   visitor
    /// service  pastes
    /// database texts
    /// visitor -> pastes : https { auth = none } // finding: "anybody may write"
    /// pastes  -> texts  : tls
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client   visitor
    /// service  pastes { rate_limit = 10/min }
    /// database texts
    /// visitor -> pastes : https { auth = none }
    /// pastes  -> texts  : tls
    /// ```
    ///
    /// ## How it is detected
    /// From each link of the outside, requests are followed through balancers, proxies and gateways to what answers
    /// them. If neither `rate_limit`, `quota` nor `waf` is stated on the way, and writes are stated to be open to all
    /// (`auth = none`), passwords are checked (an identity provider of one's own, a service called `login` or `auth`,
    /// `auth = password`) or keys are taken (`auth = api_key`), all these are one warning. Other entries that write are
    /// one piece of advice, except on designs for few users and in boxes and arrows of which nothing at all is stated.
    /// There is no fix: how much one caller may ask is a choice.
    ///
    /// ## Known false alarms
    /// A provider that limits by itself: managed identity providers are not asked about, others need a `rate_limit`.
    ///
    /// ## An interviewer asks
    /// What stops one caller from sending these without an end?
    ///
    /// ## A good answer
    /// - by what callers are told apart: an account, a key, an address
    /// - how many are let through, and what the one who is refused is told
    ///
    /// ## References
    /// - CWE-770: Allocation of Resources Without Limits or Throttling; CWE-307 for logins
    /// - OWASP ASVS 5.0: 2.4.1, 6.1.1, 6.3.1, 15.2.2
    /// - OWASP Top 10 2025: A06 Insecure Design, A07 Authentication Failures
    static RULE = {
        code: "LP507",
        summary: "an entry without a limit on what one caller may ask",
        levels: [Warning, Advice],
    }
}

/// Why an entry needs a limit, the most pressing first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Login,
    Anonymous,
    Keys,
    Writes,
}

impl Need {
    fn label(self) -> &'static str {
        match self {
            Self::Login => "passwords can be guessed",
            Self::Anonymous => "anybody may write",
            Self::Keys => "keys can be guessed, and used without end",
            Self::Writes => "writes",
        }
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let mut open = open(cx);
    open.sort_by_key(|(need, _)| *need);
    let (pressing, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|(need, _)| *need < Need::Writes);
    ask(cx, findings, Severity::Warning, pressing);
    if !cx.architecture.is_sketch() && !is_small(cx.architecture, cx.analysis) {
        ask(cx, findings, Severity::Advice, others);
    }
}

fn open(cx: &Context) -> Vec<(Need, Asked)> {
    let (architecture, trust) = (cx.architecture, &cx.analysis.trust);
    let mut walk = Walk::new(architecture, |guard| is_guard(cx, guard));
    let mut found = Vec::new();
    let mut entries: Vec<&Link> = trust.outside_entries(architecture).collect();
    // What several links lead to is asked about once: by the one that says most of who comes that way.
    entries.sort_by_key(|link| !link.is_stated(Property::Auth));
    for link in entries {
        if architecture.component(link.source).kind == crate::catalogue::Kind::ThirdParty {
            continue;
        }
        let reached = walk.unguarded(link);
        // The most pressing of what the link leads to speaks for it.
        let Some(need) = reached.iter().filter_map(|it| need(cx, link, it)).min() else { continue };
        found.push((need, (architecture.link_name(link), link.span, need.label().to_owned())));
    }
    found
}

fn is_guard(cx: &Context, guard: Guard) -> bool {
    match guard {
        Guard::Link(link) => [Property::RateLimit, Property::Quota, Property::AllowList]
            .into_iter()
            .any(|property| cx.analysis.trust.is_on_link(cx.architecture, link, property)),
        Guard::Component(component) => [Property::RateLimit, Property::Quota, Property::Waf]
            .into_iter()
            .any(|property| component.has(property)),
    }
}

fn need(cx: &Context, link: &Link, reached: &Component) -> Option<Need> {
    if reached.kind.holds_data() {
        return None;
    }
    let is_stated = |word| link.is(Property::Auth, word) || reached.is(Property::Auth, word);
    if is_login(reached) {
        return (!reached.is_managed()).then_some(Need::Login);
    }
    if is_stated("password") || is_stated("basic") {
        return Some(Need::Login);
    }
    if is_stated("api_key") {
        return Some(Need::Keys);
    }
    if !writes(cx, link) || !reached.kind.is_compute() {
        return None;
    }
    let is_open = link.is_absent(Property::Auth) || reached.is_absent(Property::Auth);
    Some(if is_open { Need::Anonymous } else { Need::Writes })
}

/// Whether anything is changed by way of a link: by the flows that take it, or by its own mark where none does.
fn writes(cx: &Context, link: &Link) -> bool {
    let mut flows = cx.analysis.trust.flows_of(cx.architecture, link).peekable();
    if flows.peek().is_some() {
        return flows.any(|flow| !flow.is_reads_only());
    }
    !link.is_reads_only()
}

fn ask(cx: &Context, findings: &mut Findings, severity: Severity, open: Vec<(Need, Asked)>) {
    let asked = findings.open(cx.architecture, open.into_iter().map(|(_, asked)| asked).collect());
    let message = match asked.as_slice() {
        [(link, _, why)] => format!("`{link}` states no limit on what one caller may ask: {why}"),
        several => format!("{} entries state no limit on what one caller may ask", several.len()),
    };
    if let Some(mut finding) = findings.question(severity, &asked, message) {
        finding.note("one script can guess, fill and spend as fast as the line allows");
        finding.help("state `rate_limit` on the gateway, the service or the link, per user, key or address");
    }
}
