use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds values of another unit or form than their property takes.
    ///
    /// ## Why it matters
    /// `timeout = 30` may be seconds or milliseconds: the two designs differ a thousandfold. A unit is part of the
    /// number.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// third_party payments
    /// api -> payments { timeout = 30 } // finding
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// third_party payments
    /// api -> payments { timeout = 30s }
    /// ```
    ///
    /// ## How it is detected
    /// Each property takes certain forms: a duration, a rate, a percentage, a word of a list. The message names the
    /// form that is expected and the one that was found. A bare name (`timeout`) says that there is one and its figure
    /// is not known; `none` says that there is none. A percentage with a point, and a word in quotes, carry a safe fix;
    /// billions written as bytes, and whole percentages, an unsafe one.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// How many of what?
    ///
    /// ## References
    /// - Values and units in the language's reference.
    static RULE = {
        code: "LP006",
        summary: "a value of another unit or form than the property takes",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::WrongType);
}
