use super::{Context, Findings, declare_rule};
use crate::model::FaultKind;

declare_rule! {
    /// Finds included files that lie outside of the project.
    ///
    /// ## Why it matters
    /// A design must mean the same on every machine, and a design of unknown origin must not read files beside it.
    ///
    /// ## Example
    /// ```arch
    /// include "../../secrets.arch" // finding
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
    /// The project begins in the nearest folder above the design that holds a `loadpath.toml` or a `.git`; without one
    /// it is the design's own folder. Symbolic links are followed first, and must stay inside as well. There is no fix:
    /// the file has to come into the project.
    ///
    /// ## Known false alarms
    /// A design in a folder of its own that shares a file with its neighbour: put an empty `loadpath.toml` into the folder
    /// above both.
    ///
    /// ## An interviewer asks
    /// Does the next reader have that file too?
    ///
    /// ## References
    /// - [CWE-22](https://cwe.mitre.org/data/definitions/22.html): a path that leaves its directory.
    static RULE = {
        code: "LP019",
        summary: "an included file outside of the project",
        levels: [Error],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    findings.faults(cx.architecture, FaultKind::IncludeOutsideRoot);
}
