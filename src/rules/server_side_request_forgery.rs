use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;

declare_rule! {
    /// Finds components that fetch addresses which users give, with no list of where they may go.
    ///
    /// ## Why it matters
    /// The component asks from inside: an address that users give may be the database, the console of the queue, or the
    /// machine that hands out the keys of the cloud account.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service preview { fetches_urls } // finding: "`preview` fetches any address that users give"
    /// browser -> preview
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service preview { fetches_urls, egress_allow_list }
    /// browser -> preview
    /// ```
    ///
    /// ## How it is detected
    /// A component states `fetches_urls`, and neither it nor a group that it stands in states an `egress_allow_list`.
    /// There is no fix: which addresses it needs is not in the design.
    ///
    /// ## Known false alarms
    /// It runs in a network from which nothing inside can be reached: state `egress_allow_list` on that network.
    ///
    /// ## An interviewer asks
    /// A user gives it an address inside your own network. What comes back?
    ///
    /// ## A good answer
    /// - that it may reach a few known places, or public ones alone
    /// - that the address is looked at after it was resolved
    ///
    /// ## References
    /// - CWE-918: Server-Side Request Forgery; CWE-441
    /// - OWASP ASVS 5.0: 1.3.6, 13.2.4, 15.3.2
    /// - OWASP Top 10 2025: A01 Broken Access Control
    static RULE = {
        code: "LP512",
        summary: "a component inside that fetches any address that users give",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for component in cx.architecture.components().filter(|it| it.has(Property::FetchesUrls)) {
        let groups = cx.architecture.groups_of(component.id).map(|(_, group)| &group.properties);
        let mut scopes = std::iter::once(&component.properties).chain(groups);
        if scopes.any(|it| it.has(Property::EgressAllowList)) {
            continue;
        }
        let message = format!("`{}` fetches any address that users give, from inside", component.name);
        let mut finding =
            findings.on_component(Severity::Warning, component, "goes where users say", message);
        for property in [Property::FetchesUrls, Property::EgressAllowList] {
            if let Some(span) = component.span(property) {
                finding.place(span, "stated here");
            }
        }
        finding
            .note("an address inside is reached as well: stores, consoles, and what hands out the keys of the account")
            .help("let it out by a proxy that knows the few places it may go to, or to public addresses alone, and state `egress_allow_list`");
    }
}
