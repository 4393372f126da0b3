use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds included files that are not there, or can't be read.
    ///
    /// ## Why it matters
    /// What the file would have declared is missing from the review, and so are its constraints.
    ///
    /// ## Example
    /// ```arch
    /// include "comon.arch" // finding
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
    /// The path is relative to the file that includes it. The file must be UTF-8 text. Where a file beside it is
    /// called nearly like that, the fix writes its name; it is safe, where only one is.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Is this the whole design, or is there another page?
    ///
    /// ## References
    /// - `include` in the language's reference.
    static RULE = {
        code: "LP017",
        summary: "an included file that is not there or can not be read",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::IncludeNotFound);
}
