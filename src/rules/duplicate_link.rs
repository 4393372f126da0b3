use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds links that are drawn twice: the same ends, the same arrow, the same protocols.
    ///
    /// ## Why it matters
    /// A second line reads as a second connection. What is written on one of the two is easily missed on the other.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database orders
    /// api -> orders : tls
    /// api -> orders : tls { timeout = 1s } // finding
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database orders
    /// api -> orders : tls { timeout = 1s }
    /// ```
    ///
    /// ## How it is detected
    /// Two links between the same components are one if their arrows and protocols are the same, and neither or both
    /// are marked `reads` or `writes`. Links of different protocols stand apart. A second link that is a statement of
    /// its own and says nothing more is taken out by a safe fix; one that says more, by an unsafe one.
    ///
    /// ## Known false alarms
    /// Two links that are kept apart only by their label: tell them apart by protocol, or by `reads` and `writes`.
    ///
    /// ## An interviewer asks
    /// Why is there more than one arrow between these?
    ///
    /// ## A good answer
    /// - what travels along each of them, if they are different things
    /// - or which of them is the right one
    ///
    /// ## References
    /// - Links in the language's reference.
    static RULE = {
        code: "LP011",
        summary: "the same link drawn twice",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::DuplicateLink);
}
