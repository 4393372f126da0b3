use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;

declare_rule! {
    /// Finds `allow` statements that give no reason.
    ///
    /// ## Why it matters
    /// An accepted risk is a decision. Without its reason the next reader can't tell whether it still holds.
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
    /// ## How it is detected
    /// No text follows, or an empty one, or the "say why" that an editor has left there. There is no fix: the reason is the author's.
    ///
    /// ## Known false alarms
    /// None.
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
        summary: "an `allow` without a reason",
        levels: [Warning],
    }
}

/// What stands for a reason that its author has still to write.
pub const UNSAID: &str = "say why";

fn check(cx: &Context, findings: &mut Findings) {
    for allow in &cx.architecture.allows {
        let reason = allow.reason.as_deref().map(str::trim);
        if reason.is_some_and(|reason| !reason.is_empty() && reason != UNSAID) {
            continue;
        }
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
}
