use super::{Context, Findings, declare_rule};
use crate::analysis::trust::is_login;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};

declare_rule! {
    /// Finds checks that let everybody in when they can't be made.
    ///
    /// ## Why it matters
    /// Whoever wants in then only has to bring the check down, which is easier than to pass it.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// api_gateway edge
    /// identity login { fail_open } // finding: "`login` lets everybody in while it is down"
    /// service shop
    /// browser -> edge -> shop
    /// edge -> login
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// api_gateway edge
    /// identity login
    /// service shop
    /// browser -> edge -> shop
    /// edge -> login
    /// ```
    ///
    /// ## How it is detected
    /// An identity provider, a gateway, a link to either, or a component that checks callers (`auth`, `authorization`,
    /// `waf`) states `fail_open`. A limit of rates that fails open is a decision, and left alone. There is no fix:
    /// without it the check takes the flow down, which has to be wanted.
    ///
    /// ## Known false alarms
    /// What is let in is public all the same: state `auth = none`.
    ///
    /// ## An interviewer asks
    /// I flood what checks me until it answers nothing. Am I in?
    ///
    /// ## A good answer
    /// - that a check which can't be made refuses
    /// - how the check is kept up, as everything waits for it
    ///
    /// ## References
    /// - CWE-636: Not Failing Securely
    /// - OWASP ASVS 5.0: 16.5.3
    /// - OWASP Top 10 2025: A10 Mishandling of Exceptional Conditions
    static RULE = {
        code: "LP522",
        summary: "a check that lets everybody in when it fails",
        levels: [Error],
    }
}

const NOTE: &str = "to bring a check down is easier than to pass it";
const HELP: &str = "turn callers away while they can't be checked; keep tokens that can be checked without asking anybody, so that this is rare";

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    let checks = |it: &Component| {
        let asks =
            [Property::Auth, Property::Authorization, Property::Waf].iter().any(|property| it.has(*property));
        is_login(it) || asks || it.kind == Kind::ApiGateway && !it.has(Property::RateLimit)
    };
    for component in architecture.components().filter(|it| it.has(Property::FailOpen) && checks(it)) {
        let message = format!("`{}` lets everybody in while it is down", component.name);
        let mut finding = findings.on_component(Severity::Error, component, "open when it fails", message);
        if let Some(span) = component.span(Property::FailOpen) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
    for link in architecture.links().filter(|it| it.has(Property::FailOpen)) {
        let (source, target) = architecture.ends(link);
        if !is_login(target) && !link.has(Property::Auth) {
            continue;
        }
        let message = format!("`{}` lets everybody in while `{}` does not answer", source.name, target.name);
        let mut finding =
            findings.on_link(Severity::Error, architecture, link, "open when it fails", message);
        if let Some(span) = link.span(Property::FailOpen) {
            finding.place(span, "stated here");
        }
        finding.note(NOTE).help(HELP);
    }
}
