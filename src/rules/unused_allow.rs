use super::{Context, Findings, WhyUnused, declare_rule};
use crate::diagnostic::{Edit, Severity};
use crate::model::{Allow, Architecture};

declare_rule! {
    /// Finds `allow` statements that accept nothing.
    ///
    /// ## Why it matters
    /// An `allow` outlives what it once accepted, and then silently accepts the next finding of its kind.
    ///
    /// ## Example
    /// ```arch
    /// service orders
    /// service stock
    /// orders -> stock
    /// allow self-link on orders -> stock "they share a process" // finding: "`allow self-link` accepts nothing"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service orders
    /// orders -> orders
    /// allow self-link on orders "replicas tell each other who leads"
    /// ```
    ///
    /// A name that no rule has is reported here as well:
    /// ```arch
    /// service orders
    /// orders -> orders
    /// allow self-links on orders "replicas tell each other who leads" // finding: "no rule is called `self-links`"
    /// ```
    ///
    /// ## How it is detected
    /// All rules run, and each finding is held against the `allow` statements; those that none was held by are
    /// reported. Where only a review evaluates the rule, only a review judges its `allow`. What breaks the language
    /// itself, the errors of LP001 to LP023, can't be accepted. An unsafe fix takes out what accepts nothing, or writes the
    /// name that was meant: what was just written is not to vanish unasked.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Is this exception still needed?
    ///
    /// ## A good answer
    /// - what it accepted, and whether that is still so
    /// - that what is no longer needed goes, or it hides the next one
    ///
    /// ## References
    /// - `allow` in the language's reference.
    static RULE = {
        code: "LP015",
        summary: "an `allow` that accepts nothing",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for unused in &cx.unused_allows {
        let allow = &cx.architecture.allows[unused.at];
        let word = &allow.rule.text;
        let (label, message, help) = match unused.why {
            WhyUnused::NoSuchRule => (
                "no such rule",
                format!("no rule is called `{word}`"),
                super::nearest(word).map_or_else(
                    || "`loadpath rules` lists them all".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
            WhyUnused::NeverAccepted(rule) => (
                "can't be accepted",
                format!("`{word}` is an error of the language, which no design accepts"),
                format!("correct what {} reports, and take this line out", rule.code),
            ),
            WhyUnused::NothingFound(_) => (
                "accepts nothing",
                format!("`allow {word}` accepts nothing"),
                "take it out, or correct the place that it names".to_owned(),
            ),
        };
        let mut finding = findings.report(
            Severity::Warning,
            element(cx.architecture, allow),
            allow.rule.span,
            label,
            message,
        );
        finding.help(help);
        let (span, near) = (allow.rule.span, super::nearest(word));
        match (&unused.why, near) {
            (WhyUnused::NoSuchRule, None) => {}
            (WhyUnused::NoSuchRule, Some(near)) => {
                let edit = Edit { span, text: near.to_owned() };
                finding.fix(format!("write `{near}`"), false, vec![edit]);
            }
            _ => {
                let edit = Edit { span: allow.span, text: String::new() };
                finding.fix("take the `allow` out", false, vec![edit]);
            }
        }
    }
}

/// The one element that an `allow` is about, or the system.
fn element(architecture: &Architecture, allow: &Allow) -> String {
    allow.first_element(architecture).unwrap_or_else(|| "system".to_owned())
}
