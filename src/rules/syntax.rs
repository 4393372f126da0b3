use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds text that the language does not know.
    ///
    /// ## Why it matters
    /// A line that can't be read is a part of the design that nobody reviews. The rest of the file is read all the
    /// same, so that one slip never hides the findings behind it.
    ///
    /// ## Example
    /// ```arch
    /// service api
    /// database orders
    /// api > orders // finding
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service api
    /// database orders
    /// api -> orders
    /// ```
    ///
    /// ## How it is detected
    /// The file is cut into statements, and each is read by itself. One that is refused is taken apart line by line, so
    /// that a slip costs a line. The message says what was expected there, in the language's own words. A statement whose
    /// first word is misspelt (`flwo checkout { … }`) is read as the one that is meant. Slips with one right answer carry
    /// a safe fix.
    ///
    /// ## Known false alarms
    /// None: what is reported could not be read.
    ///
    /// ## An interviewer asks
    /// Can you read this line of your diagram to me as a sentence?
    ///
    /// ## References
    /// - Each statement by an example: `system "Shop" { availability = 99.9% }` · `service api x3 { zones = 3 }` ·
    ///   `database orders : postgres` · `api -> orders : tls { timeout = 1s }` · `api ~> jobs` ·
    ///   `region east { service api }` · `flow buy { browser -> api -> orders }` ·
    ///   `template ha : database x3 { backup }` · `constraint { forbid = kind client -> kind database }` ·
    ///   `allow self-link on api "why"` · `include "common.arch"`
    static RULE = {
        code: "LP001",
        summary: "text that the language does not know",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::Syntax);
}
