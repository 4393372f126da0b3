use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Link, Property};

declare_rule! {
    /// Finds answers with sensitive data that are kept where everybody gets them.
    ///
    /// ## Why it matters
    /// A cache between users hands one user's page to the next who asks for the same address. It is never seen in a
    /// test, in which there is one user.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// cdn edge { ttl = 1h }
    /// service accounts { data = [pii] }
    /// browser -> edge -> accounts : https // finding: "`edge` may keep pii and give it to others"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// cdn edge { ttl = 1h }
    /// service accounts { data = [pii] }
    /// service pages { data = [public] }
    /// browser -> edge -> pages : https
    /// browser -> accounts : https
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client browser
    /// cdn edge { ttl = 1h, cacheable = none }
    /// service accounts { data = [pii] }
    /// browser -> edge -> accounts : https
    /// ```
    ///
    /// ## How it is detected
    /// A CDN, or a reverse proxy that states a `ttl`, passes on secrets, cards, health, personal or financial data, and
    /// neither it, the link nor a flow that takes it says `cacheable = none` or what part may be kept. There is no fix:
    /// what may be kept is a decision.
    ///
    /// ## Known false alarms
    /// The origin forbids it in its headers: state `cacheable = none` on the link.
    ///
    /// ## An interviewer asks
    /// Two users ask for the same address within a minute. Whom does the second one see?
    ///
    /// ## A good answer
    /// - how an answer says that it is for one user alone
    /// - what is the same for all, and for how long it may be kept
    ///
    /// ## References
    /// - CWE-524: Use of Cache Containing Sensitive Information; CWE-525
    /// - OWASP ASVS 5.0: 14.2.2, 14.2.5
    /// - OWASP Top 10 2025: A01 Broken Access Control
    static RULE = {
        code: "LP524",
        summary: "personal answers kept in a cache that everybody shares",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let is_shared = |it: &Component| match it.kind {
        Kind::Cdn => true,
        Kind::ReverseProxy => it.has(Property::Ttl),
        _ => false,
    };
    for cache in architecture.components().filter(|it| is_shared(it) && !it.is_stated(Property::Cacheable)) {
        let is_open = |link: &&Link| {
            !link.is_stated(Property::Cacheable)
                && !link.is_writes_only()
                && !cx
                    .analysis
                    .trust
                    .flows_of(architecture, link)
                    .any(|flow| flow.is_stated(Property::Cacheable))
        };
        for link in architecture.links_from(cache.id).filter(is_open) {
            let classes = cx.analysis.trust.carried(link).classes.sensitive();
            if classes.is_empty() {
                continue;
            }
            let message = format!("`{}` may keep {classes} and give it to others", cache.name);
            let mut finding =
                findings.on_link(Severity::Warning, architecture, link, format!("brings {classes}"), message);
            finding.label(cache.name.as_str(), cache.span, "shared by all users");
            if let Some(span) = cache.span(Property::Ttl) {
                finding.place(span, "kept so long");
            }
            finding
                .note("the next user who asks for the same address gets the page of the one before")
                .help("keep personal answers out of it (`cacheable = none` on this link, or a way around it), and say what part of the rest may be kept");
        }
    }
}
