use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::{Owner, Property};
use crate::source::Span;

declare_rule! {
    /// Finds properties that mean nothing where they stand.
    ///
    /// ## Why it matters
    /// A `hit_ratio` on a service is read by nobody. Most likely it was meant for the cache behind it, whose load is
    /// now judged without it.
    ///
    /// ## Example
    /// ```arch
    /// service api { hit_ratio = 90% } // finding: "`hit_ratio` means nothing on a service"
    /// cache hot : redis
    /// api -> hot
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// cache hot : redis { hit_ratio = 90% }
    /// api -> hot
    /// ```
    ///
    /// ## How it is detected
    /// Each property belongs on certain things: on links, on stores, on what runs code. The list is generous; only what
    /// no analysis reads anywhere near is reported. There is no fix: where it was meant to stand is for the author to
    /// say.
    ///
    /// ## Known false alarms
    /// A remark that uses a property's name. Write it in a `description`.
    ///
    /// ## An interviewer asks
    /// Which box does this number belong to?
    ///
    /// ## A good answer
    /// - which box it is a figure of, and what it says of that one
    ///
    /// ## References
    /// - Properties in the language's reference.
    static RULE = {
        code: "LP009",
        summary: "a property that means nothing on this kind",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let mut found: Vec<(Span, String, Property, Owner)> = Vec::new();
    for bearer in cx.architecture.bearers() {
        let owner = bearer.owner();
        let misplaced = bearer.properties().iter().filter(|entry| !entry.property.belongs_to(owner));
        found
            .extend(misplaced.map(|entry| (entry.span, bearer.name(cx.architecture), entry.property, owner)));
    }
    // The names of one declaration share its body, and the instances of a template its properties.
    found.sort_by_key(|(span, ..)| *span);
    found.dedup_by_key(|(span, ..)| *span);
    for (span, element, property, owner) in found {
        let message = format!("`{}` means nothing on {}", property.name(), owner.title());
        let help = format!("move it to {}, or say it in a `description`", property.whose());
        findings.report(Severity::Warning, element, span, "is not read here", message).help(help);
    }
}
