use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::journey::PromiseOrigin;
use crate::diagnostic::Severity;
use crate::figures;

declare_rule! {
    /// Asks how often a design may be down, where nothing says so.
    ///
    /// ## Why it matters
    /// Whether one server is a fault or a saving is decided by the promise: at 99 % it may be down for seven hours a
    /// month, at 99.99 % for four minutes. Without one every single point of failure is only a remark, and every spare an
    /// extravagance.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day } // finding: "nothing says how often `Shop` may be down"
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { daily_users = 20k, per_user = 30/day, availability = 99.9% }
    /// client browser
    /// service shop
    /// browser -> shop
    /// ```
    ///
    /// ## How it is detected
    /// No journey has a promise: neither a figure (`availability`, `downtime`), nor `availability = high`, nor an
    /// `intent`. Where some flows have one and others have none, it is advice on those. It is silent where nothing is
    /// called, on a design for fewer than 1 000 users or one request a second, and without a `system`, which
    /// `missing-system` asks for. There is no fix: the promise is not in the text.
    ///
    /// ## Known false alarms
    /// A system that nobody minds being down: say `intent = personal`, which promises 99 %.
    ///
    /// ## An interviewer asks
    /// What does an hour of downtime cost, and who notices?
    ///
    /// ## A good answer
    /// - the promise, in minutes a month
    /// - what an hour costs, for that is what the promise may cost
    ///
    /// ## References
    /// - B. Beyer et al., *Site Reliability Engineering*, chapter 4, "Service Level Objectives".
    /// - B. Treynor Sloss et al., "The Calculus of Service Availability", *ACM Queue* 15(2), 2017.
    static RULE = {
        code: "LP902",
        summary: "a design that does not say how often it may be down",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let system = &cx.architecture.system;
    let Some(name) = &system.name else { return };
    let journeys = &cx.analysis.journeys;
    if system.is_demo() || journeys.is_empty() || asking::serves_few(cx.architecture, cx.analysis) {
        return;
    }
    let open: Vec<_> = journeys.iter().filter(|it| it.promise.origin == PromiseOrigin::Nothing).collect();
    if open.len() == journeys.len() {
        findings
            .report(
                Severity::Warning,
                "system",
                system.span,
                "which share of the time must it work?",
                format!("nothing says how often `{name}` may be down"),
            )
            .note("the promise decides what a single point of failure is: a fault, or a saving")
            .help("promise a figure: `availability = 99.9%` is 43 min a month; or say `intent = production`");
        return;
    }
    let mut asked = Vec::new();
    for journey in open {
        let Some(flow) = journey.flow.map(|id| cx.architecture.flow(id)) else { continue };
        if !asked.iter().any(|(element, _, _)| element == flow.name.as_str()) {
            asked.push((flow.name.to_string(), flow.span, "promises nothing".to_owned()));
        }
    }
    let open = findings.open(cx.architecture, asked);
    let message = match open.as_slice() {
        [] => return,
        [(only, ..)] => format!("flow `{only}` promises nothing, and others do"),
        many => format!("{} promise nothing, and others do", figures::count(many.len(), "flow", "flows")),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &open, message) {
        finding.help("give each its own figure, or promise one for the system: `availability = 99.9%`");
    }
}
