use super::{Context, Findings, declare_rule};
use crate::analysis::plan::{Deletion, Step};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::Property;
use crate::quantity::Rate;

declare_rule! {
    /// Finds nodes that are larger than plain ones, and hardly used.
    ///
    /// ## Why it matters
    /// A large machine costs as much idle as busy. Where even a plain one would be half empty, the rest is paid for
    /// nothing, and takes longer to start and to replace.
    ///
    /// ## Example
    /// ```arch
    /// system "Board" { daily_users = 10k, per_user = 20/day, availability = 99% }
    /// client browser
    /// service app x2 { capacity = 20k/s } // finding: "`app` is sized for 20 000/s a node"
    /// browser -> app
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Board" { daily_users = 10k, per_user = 20/day, availability = 99% }
    /// client browser
    /// service app x2 { capacity = 500/s }
    /// browser -> app
    /// ```
    ///
    /// ## How it is detected
    /// The written capacity of a node is over five times the catalogue's for its kind or engine (plain ones differ by
    /// less, with the language and the work), the grown peak uses less than 10 % of one node (the least that is left of
    /// a pair), and one plain node would be at most half busy with it. It is silent without a scale, on connections, on
    /// a component's own `slo`, and on a `because`. There is no fix: the smaller size has another name at each
    /// provider.
    ///
    /// ## Known false alarms
    /// A capacity that was measured and comes for free: a static site, a fast language. Allow it, or leave the capacity
    /// out.
    ///
    /// ## An interviewer asks
    /// How did you choose the size of this machine?
    ///
    /// ## A good answer
    /// - the peak, over what a node carries, with room for one that is gone
    /// - how quickly a smaller one can be made larger
    ///
    /// ## References
    /// - AWS Well-Architected, Cost Optimization Pillar, COST06: right sizing.
    static RULE = {
        code: "LP810",
        summary: "nodes that are larger than plain ones and hardly used",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for deletion in &cx.analysis.plan(cx.architecture).deletions {
        if let Step::Size(plain) = deletion.step {
            report(cx, findings, deletion, plain);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, deletion: &Deletion, plain: Rate) {
    let component = cx.architecture.component(deletion.component);
    let used = deletion.used;
    let size = used.reads.min(used.writes);
    let message = format!("`{}` is sized for {size} a node, and its load is {used}", component.name);
    let mut finding = findings.on_component(Severity::Warning, component, used.peak_told(), message);
    for property in [Property::Capacity, Property::ReadCapacity, Property::WriteCapacity] {
        if let Some(span) = component.span(property) {
            finding.place(span, "sized here");
        }
    }
    let busy = deletion.utilisation.unwrap_or(used.share);
    finding.note(format!(
        "a plain node, assumed to carry {}, would be {} busy with all of it",
        plain,
        figures::roughly(busy)
    ));
    finding.help(format!("take smaller nodes, of {plain} or less"));
}
