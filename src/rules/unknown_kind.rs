use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds kinds that are neither the language's own nor a template of the design.
    ///
    /// ## Why it matters
    /// The kind says how a component fails, what it holds and who may call it. Without it none of that can be judged.
    ///
    /// ## Example
    /// ```arch
    /// databse users // finding
    /// service api
    /// api -> users
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// database users
    /// service api
    /// api -> users
    /// ```
    ///
    /// ## How it is detected
    /// The first word of an element is looked up among the kinds, the kinds of groups and the design's templates. The
    /// nearest is suggested; an engine in its place (`redis sessions`) is told apart from the kind it belongs to
    /// (`cache sessions : redis`). Where one kind or template is near, the fix writes it; it is safe, but for words
    /// that mean something else elsewhere.
    ///
    /// ## Known false alarms
    /// None.
    ///
    /// ## An interviewer asks
    /// What is this box: does it keep data, does it serve requests, or does it pass them on?
    ///
    /// ## References
    /// - Kinds in the language's reference.
    static RULE = {
        code: "LP004",
        summary: "a kind that is neither of the language nor a template",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::UnknownKind);
}
