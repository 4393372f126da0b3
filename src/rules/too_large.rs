use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds what goes past a stated limit: the size of a file, the depth of its brackets, a count, the number of files
    /// or elements.
    ///
    /// ## Why it matters
    /// A limit that is stated and refused is better than a program that never answers. No design that people draw comes
    /// near any of them.
    ///
    /// ## Example
    /// ```arch
    /// service api x99999999999 // finding
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api x99
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// A file may have 64 MiB, brackets may nest 64 deep, a design may have a thousand files and two million elements.
    /// There is no fix: how it is parted is a choice.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Is that number right, or did a zero slip in?
    ///
    /// ## References
    /// - [CWE-400](https://cwe.mitre.org/data/definitions/400.html): resources that anyone can use up.
    static RULE = {
        code: "LP023",
        summary: "more than a stated limit allows",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::TooLarge);
}
