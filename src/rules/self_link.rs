use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;

declare_rule! {
    /// Finds components that are linked to themselves.
    ///
    /// ## Why it matters
    /// What happens inside a component is no link: it has no network, no timeout and no peer that fails. Mostly one
    /// of the two names is a slip.
    ///
    /// ## Example
    /// ```arch
    /// service orders
    /// service stock
    /// orders -> orders // finding
    /// orders -> stock
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// service orders
    /// service stock
    /// orders -> stock
    /// ```
    ///
    /// Copies of data between a store's own replicas may be drawn:
    /// ```arch
    /// database orders x3
    /// orders ~> orders : replication
    /// ```
    ///
    /// ## How it is detected
    /// Both ends of a link are one component, and it is no copy of data. There is no fix: what it should lead to is not
    /// in the text.
    ///
    /// ## Known false alarms
    /// Replicas that call each other. Say what they agree on with `replication`, or draw them as two components.
    ///
    /// ## An interviewer asks
    /// What travels along this arrow?
    ///
    /// ## A good answer
    /// - that nothing does: what happens inside a part is no call
    /// - or which other part was meant
    ///
    /// ## References
    /// - Links in the language's reference.
    static RULE = {
        code: "LP010",
        summary: "a link from a component to itself",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for link in cx.architecture.links().filter(|link| link.source == link.target && !link.copies_data()) {
        let name = &cx.architecture.component(link.source).name;
        findings
            .on_link(
                Severity::Warning,
                cx.architecture,
                link,
                "leads back to itself",
                format!("`{name}` is linked to itself"),
            )
            .help("name the component that was meant, or take the link out");
    }
}
