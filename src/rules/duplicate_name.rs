use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds what is declared or stated twice: names, properties, templates, flows, the `system`.
    ///
    /// ## Why it matters
    /// Of two statements about one thing one is out of date, and no reader can tell which.
    ///
    /// ## Example
    /// ```arch
    /// service billing
    /// database ledger
    /// service billing x3 // finding
    /// billing -> ledger
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service billing x3
    /// database ledger
    /// billing -> ledger
    /// ```
    ///
    /// ## How it is detected
    /// Names are compared within one group: `east.api` and `west.api` are two names. A count `x3` beside `replicas = 3`
    /// and an engine `: redis` beside `engine = redis` say one thing twice. There is no fix: nobody can tell which of
    /// the two the others mean.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Are these two services, or one that you drew twice?
    ///
    /// ## References
    /// - Names and groups in the language's reference.
    static RULE = {
        code: "LP003",
        summary: "one name, one property or one statement given twice",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::DuplicateName);
}
