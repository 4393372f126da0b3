use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Architecture, Clause, FaultKind};
use crate::source::Span;

declare_rule! {
    /// Finds properties that the language does not have, and asks about those that nothing reads.
    ///
    /// ## Why it matters
    /// A property that is misspelt is a promise that nobody hears: `replicsa = 3` leaves the component alone.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// third_party payments
    /// api -> payments { timout = 2s } // finding: "has no property `timout`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// third_party payments
    /// api -> payments { timeout = 2s }
    /// ```
    ///
    /// A word that is near no property is kept, and a review says that nothing reads it, unless a constraint asks for it:
    /// ```arch
    /// service api { runbook = "go/api" } // finding: "nothing reads `runbook`"
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A word near a property that fits the place, or one of the usual other names (`sla` for `slo`, `dlq` for
    /// `dead_letter`), is an error. Any other is kept as a remark; all of them are one piece of advice. Of several the
    /// one that fits the place and the value is suggested (`limit = 5/s` is a `rate_limit`). The fix writes it; it is safe
    /// where one letter is wrong and no other property is as near.
    ///
    /// ## Known false alarms
    /// A property of one's own whose name is near one of the language's. Rename it, or write it in a `description`.
    ///
    /// ## An interviewer asks
    /// What does this say of the box or the arrow that it stands on?
    ///
    /// ## References
    /// - Properties in the language's reference.
    static RULE = {
        code: "LP005",
        summary: "a property that the language does not have",
        levels: [Error, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::UnknownProperty);
    let unread = unread(cx.architecture);
    let names: Vec<&str> = unread.iter().map(|(_, name, _)| *name).collect();
    let message = match names.as_slice() {
        [] => return,
        [only] => format!("nothing reads `{only}`"),
        [first, second] => format!("nothing reads `{first}` and `{second}`"),
        [first, ..] => format!("nothing reads `{first}` and {} other properties", names.len() - 1),
    };
    let asked: Vec<_> = unread
        .iter()
        .map(|(element, name, span)| (element.clone(), *span, format!("`{name}` is kept, and not judged")))
        .collect();
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.help("say it with a property of the language, or in a `description`");
    }
}

/// The properties that nothing reads, each once: the names of one declaration share its body.
fn unread(architecture: &Architecture) -> Vec<(String, &str, Span)> {
    let mut unread: Vec<(String, &str, Span)> = Vec::new();
    let conditions = architecture.constraints.iter().flat_map(|it| &it.clauses).flat_map(Clause::conditions);
    let read: FxHashSet<&str> = conditions.map(|it| it.subject.name()).collect();
    for bearer in architecture.bearers() {
        for own in bearer.properties().own.iter().filter(|own| !read.contains(own.name.as_str())) {
            unread.push((bearer.name(architecture), own.name.as_str(), own.span));
        }
    }
    unread.sort_by_key(|(_, _, span)| *span);
    unread.dedup_by_key(|(_, _, span)| *span);
    unread
}
