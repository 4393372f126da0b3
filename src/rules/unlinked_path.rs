use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds flows that take a step which no link makes.
    ///
    /// ## Why it matters
    /// A flow is judged along its links: their timeouts, their protocols, what fails on the way. A step without a link is
    /// a step without any of these, and mostly a link that was forgotten or turned round.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// browser -> api
    /// api -> orders
    /// flow buy {
    ///   browser -> orders // finding: "from `browser` to `orders`, but no link does"
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service api
    /// database orders
    /// browser -> api
    /// api -> orders
    /// flow buy {
    ///   browser -> api -> orders
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// Each step must be a declared link, with the same arrow. `...` stands for the only way between two components; if
    /// there is none, or more than one, it is reported too. There is no fix: whether the link or the path is wrong is
    /// for the author to say.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// Walk me through this request: who calls whom?
    ///
    /// ## References
    /// - Flows in the language's reference.
    static RULE = {
        code: "LP021",
        summary: "a flow that takes a step no link makes",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::UnlinkedPath);
}
