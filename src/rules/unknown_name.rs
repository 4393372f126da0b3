use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds names that nothing declares.
    ///
    /// ## Why it matters
    /// A link to a name that does not exist is a link that is not there: whatever it was meant to reach is not reviewed,
    /// and a misspelt name quietly cuts a path in two.
    ///
    /// ## Example
    /// ```arch
    /// service checkout
    /// database orders
    /// checkout -> order // finding: "nothing is called `order`"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service checkout
    /// database orders
    /// checkout -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A name is looked up in the group where it is used, then in the groups around it, then anywhere, if only one
    /// thing bears it. A name that several things bear has to be written with its group: `east.api`. Names may be used
    /// before they are declared. The nearest declared name is suggested, and the fix writes it. It is safe where
    /// one slip of the hand makes the one name of the other: two letters swapped (`ordres`), one left out (`ordrs`) or
    /// struck twice. Where the end differs (`api2` beside `api`), or the link would lead to where it begins or is drawn
    /// already, the name may be that of something yet to be declared, and the fix is unsafe.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Is that the same box as the one over there, or a second one?
    ///
    /// ## References
    /// - Names and groups in the language's reference.
    static RULE = {
        code: "LP002",
        summary: "a name that nothing declares",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::UnknownName);
}
