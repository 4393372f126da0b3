use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;

declare_rule! {
    /// Finds designs that do not say what is asked of them.
    ///
    /// ## Why it matters
    /// Whether one database is enough depends on who counts on it. Without what is asked, a review can only name
    /// risks, never say which of them break a promise.
    ///
    /// ## Example
    /// ```arch
    /// client browser // finding: "nothing says what is asked of this design"
    /// service api
    /// browser -> api
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" {
    ///   daily_users  = 20k
    ///   per_user     = 30/day
    ///   availability = 99.9%
    /// }
    /// client browser
    /// service api
    /// browser -> api
    /// ```
    ///
    /// ## How it is detected
    /// There are components, and no `system`. There is no fix: what is asked of the design is not in the text.
    ///
    /// ## Known false alarms
    /// A file that is only included by others.
    ///
    /// ## An interviewer asks
    /// Before we draw anything: how many users, what do they do, and what if it is down for an hour?
    ///
    /// ## A good answer
    /// - the users and what each of them does, to one digit
    /// - what an hour of downtime costs, for that decides how much of all this is worth it
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 4, "Service Level Objectives".
    static RULE = {
        code: "LP020",
        summary: "a design without a `system`",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let Some(first) = cx.architecture.components().next() else { return };
    if cx.architecture.system.name.is_some() {
        return;
    }
    findings
        .report(
            Severity::Advice,
            "system",
            first.span,
            "the design begins here",
            "nothing says what is asked of this design",
        )
        .note("without a promise no finding can say that one is broken")
        .help(
            "begin with `system \"Name\" { daily_users = 20k, availability = 99.9% }`, in your own figures",
        );
}
