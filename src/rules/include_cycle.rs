use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds files that include each other, or themselves.
    ///
    /// ## Why it matters
    /// Neither can be understood first. What both need belongs in a third file.
    ///
    /// ## Example
    /// This file is called `design.arch`.
    /// ```arch
    /// include "design.arch" // finding: "includes itself"
    /// service api
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// include "common.arch"
    /// service api
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// While a file is read, none of those that led to it is read again. A file that is included twice, but in no
    /// circle, is read once and not reported. There is no fix: which file should not ask for the other is for the
    /// author to say.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Which of these comes first?
    ///
    /// ## References
    /// - `include` in the language's reference.
    static RULE = {
        code: "LP018",
        summary: "files that include each other",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::IncludeCycle);
}
