use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::model::Property;
use crate::source::Span;

declare_rule! {
    /// Finds `allow` and `because` that give no reason.
    ///
    /// ## Why it matters
    /// An accepted risk is a decision, and so is what is larger than it needs to be. Without its reason the next reader can't
    /// tell whether it still holds.
    ///
    /// ## Example
    /// ```arch
    /// service orders
    /// orders -> orders
    /// allow self-link on orders // finding: "`allow self-link` gives no reason"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service orders
    /// orders -> orders
    /// allow self-link on orders "replicas tell each other who leads"
    /// ```
    ///
    /// A `because` that says nothing keeps nothing silent:
    /// ```arch
    /// client browser
    /// service shop { because = "x" } // finding: "the `because` of `shop` gives no reason"
    /// browser -> shop
    /// ```
    ///
    /// ## How it is detected
    /// No text follows, or one without a word in it: no letters, one letter, or the same one again; or the "say why" that an
    /// editor has left there, "todo" or "tbd". A single word is a reason (`"compliance"`), and so is what names one
    /// (`"ADR 12"`, `"#42"`, a link). What gives none is taken for none by all rules. There is no fix: the reason is the
    /// author's.
    ///
    /// ## Known false alarms
    /// A reason of a single sign, as some scripts have them: write a second word.
    ///
    /// ## An interviewer asks
    /// Why is this acceptable, and until when?
    ///
    /// ## A good answer
    /// - the reason, and what was weighed against it
    /// - until when it holds, and what would change it
    ///
    /// ## References
    /// - M. Nygard, [*Documenting Architecture Decisions*](https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions), 2011.
    static RULE = {
        code: "LP016",
        summary: "an `allow` or a `because` without a reason",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for allow in cx.architecture.allows.iter().filter(|it| it.why().is_none()) {
        let element = allow.first_element(cx.architecture).unwrap_or_else(|| "system".to_owned());
        findings
            .report(
                Severity::Warning,
                element,
                allow.rule.span,
                "why?",
                format!("`allow {}` gives no reason", allow.rule.text),
            )
            .help("add one in quotes, and until when it holds: `\"accepted until Q3: internal tool\"`");
    }
    // What is made from one template, or declared in one statement, shares its words.
    let mut told: FxHashSet<Span> = FxHashSet::default();
    for bearer in cx.architecture.bearers() {
        let properties = bearer.properties();
        let is_empty = !properties.has(Property::Because) && !properties.is_absent(Property::Because);
        let Some(span) = properties.span(Property::Because).filter(|_| is_empty) else { continue };
        if told.insert(span) {
            let name = bearer.name(cx.architecture);
            let message = format!("the `because` of `{name}` gives no reason");
            findings
                .report(Severity::Warning, name, span, "why?", message)
                .help("say what asks for it: `because = \"the law keeps this data in three countries\"`");
        }
    }
}
