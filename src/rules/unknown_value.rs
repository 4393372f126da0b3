use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds words that are not among those a property knows, and engines and protocols that are nearly known ones.
    ///
    /// ## Why it matters
    /// `replication = assync` says nothing about the copies: every judgement that rests on it would silently fall away.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database orders x2 { replication = assync } // finding: "`assync` is not a value of `replication`"
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database orders x2 { replication = async }
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The word is looked up in the property's list; the nearest is suggested. Where one word is near, the fix writes
    /// it; it is safe. Engines and protocols are open sets: one that is strange is kept, and one that is a slip of the hand
    /// away from a known one (`postgers`, `htps`) is told of as well.
    ///
    /// ## Known false alarms
    /// None. A word that the list lacks and should have can be written as the bare name with a `because`.
    ///
    /// ## An interviewer asks
    /// Which of the words that it knows do you mean?
    ///
    /// ## References
    /// - Properties in the language's reference.
    static RULE = {
        code: "LP007",
        summary: "a word that the property does not know",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::UnknownValue);
}
