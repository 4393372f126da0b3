use super::{Context, Findings, declare_rule};
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Link, Property};

declare_rule! {
    /// Finds calls that are made again after a failure and may do their work twice.
    ///
    /// ## Why it matters
    /// A timeout does not say whether the work was done. Who asks again pays twice, sends twice, books twice; only a
    /// key by which the second is known as the first keeps it from that.
    ///
    /// ## Example
    /// ```arch
    /// service shop
    /// service payments { data = [financial] }
    /// shop -> payments : https { method = post, retries = 2, timeout = 1s } // finding: "`payments` may do the work of one POST up to 3 times"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service shop
    /// service payments { data = [financial] }
    /// shop -> payments : https { method = post, retries = 2, timeout = 1s, idempotent }
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// service shop
    /// service prices
    /// shop -> prices : https { method = get, retries = 2, timeout = 1s }
    /// ```
    ///
    /// ## How it is detected
    /// A link states `retries` (or its caller does) and a `method` of POST or PATCH, or that it only `writes`, and
    /// neither it nor its target states `idempotent`. It is an error where the method is stated and money or the like
    /// is at stake (`financial`, `pci`), else a warning. The fix states that the call is `idempotent`; it is unsafe,
    /// for the key has to be built.
    ///
    /// ## Known false alarms
    /// The target knows a request by its content: state `idempotent`.
    ///
    /// ## An interviewer asks
    /// The answer was lost, not the request. What does the second one do?
    ///
    /// ## A good answer
    /// - that the second is known by a key of the caller's, and gets the first's answer
    /// - which calls may be repeated without one
    ///
    /// ## References
    /// - RFC 9110, 9.2.2: idempotent methods
    /// - Stripe, "Designing robust and predictable APIs with idempotency"
    /// - CWE-837: Improper Enforcement of a Single, Unique Action
    static RULE = {
        code: "LP704",
        summary: "a call that is made again and does its work twice",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for link in architecture.links().filter(|it| !it.copies_data()) {
        let (source, target) = architecture.ends(link);
        let scopes = [&link.properties, &source.properties];
        let retries = scopes.into_iter().find(|it| it.is_stated(Property::Retries));
        let Some(retries) = retries.filter(|it| it.figure(Property::Retries).is_some_and(|it| it >= 1.0))
        else {
            continue;
        };
        let method = link.word(Property::Method).map(str::to_uppercase);
        let is_unsafe = match method.as_deref() {
            Some(method) => matches!(method, "POST" | "PATCH"),
            None => link.is_writes_only() && !target.kind.is_store() && !target.kind.is_queue(),
        };
        let is_known = link.is_stated(Property::Idempotent) && !link.is_absent(Property::Idempotent)
            || target.has(Property::Idempotent);
        if is_unsafe && !is_known && !link.has(Property::Because) {
            report(cx, findings, link, retries, method.as_deref());
        }
    }
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    link: &Link,
    retries: &crate::model::Properties,
    method: Option<&str>,
) {
    let architecture = cx.architecture;
    let target = architecture.component(link.target);
    let times = figures::number(retries.figure(Property::Retries).unwrap_or_default() + 1.0);
    let call = method.unwrap_or("write");
    let message = format!("`{}` may do the work of one {call} up to {times} times", target.name);
    let dear = ["financial", "pci"];
    let classes = cx.analysis.trust.carried(link).classes;
    let is_dear = dear.iter().any(|it| classes.has(it));
    let severity = if is_dear && method.is_some() { Severity::Error } else { Severity::Warning };
    let mut finding =
        findings.on_link(severity, architecture, link, "asked again when no answer comes", message);
    if let Some(span) = retries.span(Property::Retries) {
        finding.place(span, "tried again");
    }
    finding.label(target.name.as_str(), target.span, "can't tell the second from the first");
    finding
        .note("a timeout does not say whether the work was done")
        .help("send a key with each request by which the second is known as the first, keep it with the result, and state `idempotent`");
    // Where it is stated that it is not, that is what changes.
    let edit = match link.span(Property::Idempotent) {
        Some(span) => Edit { span, text: "idempotent".to_owned() },
        None => link.room.edit("idempotent"),
    };
    finding.fix("state `idempotent`: asked twice, it does the work once", false, vec![edit]);
}
