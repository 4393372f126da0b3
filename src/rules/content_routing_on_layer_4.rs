use super::{Context, Findings, declare_rule};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{CallTree, Property};
use crate::syntax::ast::Relation;

declare_rule! {
    /// Finds balancers that are to send requests to different services by what they ask, and that do not read them.
    ///
    /// ## Why it matters
    /// On layer 4 a balancer sees addresses and ports. The path of a request is inside the connection, mostly
    /// encrypted, and is nothing that it could choose by.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer edge { layer = 4 }
    /// service shop, blog
    /// browser -> edge -> shop / blog : https // finding: "`edge` is to tell requests to `shop` and `blog` apart, and does not read them"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer edge { layer = 7 }
    /// service shop, blog
    /// browser -> edge -> shop / blog : https
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client browser
    /// load_balancer edge { layer = 4 }
    /// service shop, blog
    /// browser -> edge -> shop | blog : tcp
    /// ```
    ///
    /// ## How it is detected
    /// A balancer states a `layer` under 5, or its engine works on layer 4 (assumed: then it is a warning), and leads
    /// to targets of which one is taken by case (`/`). There is no fix: they may be told apart by their ports as well.
    ///
    /// ## Known false alarms
    /// They are told apart by the port: write one link for each, with its protocol.
    ///
    /// ## An interviewer asks
    /// What does this balancer know of the request when it decides?
    ///
    /// ## A good answer
    /// - addresses and ports, and nothing that is written in the request
    /// - who opens the connection and reads it, or how the targets are told apart without that
    ///
    /// ## References
    /// - System Design Primer, "Layer 4 load balancing" and "Layer 7 load balancing"
    static RULE = {
        code: "LP605",
        summary: "requests told apart by a balancer that does not read them",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for balancer in architecture.components().filter(|it| it.kind.is_chooser() && !it.has(Property::Because))
    {
        let stated = balancer.figure(Property::Layer);
        let is_by_engine = stated.is_none() && balancer.is_engine("nlb");
        if !stated.is_some_and(|it| it < 5.0) && !is_by_engine {
            continue;
        }
        for call in architecture.calls_of(balancer.id) {
            if !matches!(call.tree, CallTree::Set(Relation::Route, _)) {
                continue;
            }
            let links: Vec<_> = call.tree.links().into_iter().map(|id| architecture.link(id)).collect();
            let Some(first) = links.first() else { continue };
            let names: Vec<&str> =
                links.iter().map(|it| architecture.component(it.target).name.as_str()).collect();
            let assumed = if is_by_engine { " (assumed)" } else { "" };
            let message = format!(
                "`{}` is to tell requests to {} apart, and does not read them{assumed}",
                balancer.name,
                figures::listed(&names, 3)
            );
            let severity = if is_by_engine { Severity::Warning } else { Severity::Error };
            let mut finding = findings.on_link(severity, architecture, first, "by case", message);
            finding.label(balancer.name.as_str(), balancer.span, "sees addresses and ports alone");
            if let Some(span) = balancer.span(Property::Layer) {
                finding.place(span, "stated here");
            }
            finding
                .note("the path of a request is inside the connection, mostly encrypted")
                .help("let a balancer on layer 7 end the connection and read it (`layer = 7`), or give each service a port or a name of its own");
        }
    }
}
