use super::{Context, Findings, declare_rule};
use crate::analysis::availability::Element;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Link, Property, Replicas};

declare_rule! {
    /// Asks what a balancer does before a single replica.
    ///
    /// ## Why it matters
    /// It spreads nothing, and what it stands before is down as often as before; it is one more hop that can be down
    /// itself.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer edge : nginx // finding: "`edge` has one replica to choose from"
    /// service shop x1
    /// browser -> edge -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer edge : nginx
    /// service shop x2
    /// browser -> edge -> shop
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client browser
    /// reverse_proxy edge : nginx { tls_termination }
    /// service shop x1
    /// browser -> edge -> shop
    /// ```
    ///
    /// ## How it is detected
    /// A `load_balancer` leads to one component only, which states that it is one replica, and does nothing else that
    /// is stated: TLS, a firewall, limits, authentication, compression, or a `because`. Where the loss of that replica
    /// is told as `single-point-of-failure` more replicas are the answer, and nothing is said here. There is no fix: it
    /// may go, or get a second target.
    ///
    /// ## Known false alarms
    /// It is there for the day of the second replica: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Between what does it choose?
    ///
    /// ## A good answer
    /// - that there is one, and what the balancer is there for beside that
    /// - when a second one comes
    ///
    /// ## References
    /// - System Design Primer, "Reverse proxy": what one is good for with a single server
    static RULE = {
        code: "LP612",
        summary: "a balancer before a single replica",
        levels: [Advice],
    }
}

/// What it may be there for besides.
const DUTIES: [Property; 8] = [
    Property::TlsTermination,
    Property::Waf,
    Property::DdosProtection,
    Property::RateLimit,
    Property::Auth,
    Property::Compression,
    Property::HealthCheck,
    Property::Because,
];

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    for balancer in
        architecture.of_kind(Kind::LoadBalancer).filter(|it| DUTIES.iter().all(|duty| !it.has(*duty)))
    {
        let links: Vec<&Link> =
            architecture.links_from(balancer.id).filter(|it| !it.is_beside_the_path()).collect();
        let [link] = links[..] else { continue };
        let target = architecture.component(link.target);
        let is_one = matches!(target.replicas, Replicas::Stated { least: 1, most: Some(1) })
            && !target.has(Property::Autoscale);
        if !is_one || target.kind != Kind::Service {
            continue;
        }
        // Where a promise is made its loss is told already, with what more replicas would bring.
        let element = Element::Component(target.id);
        let is_told = cx.analysis.judged().any(|(journey, judged)| {
            let properties = journey.properties(architecture);
            let is_promised =
                journey.promise.slo.is_some() || properties.is_some_and(|it| it.has(Property::Slo));
            is_promised && judged.single_cuts.contains(&element)
        });
        if is_told {
            continue;
        }
        let message =
            format!("`{}` has one replica to choose from, the only one of `{}`", balancer.name, target.name);
        let mut finding = findings.on_component(Severity::Advice, balancer, "chooses between one", message);
        finding.label(target.name.as_str(), target.span, "stands once");
        if let Some(span) = target.replicas_span {
            finding.place(span, "one");
        }
        finding.note("it is one more hop, and one more thing that can be down").help(format!(
            "run a second `{}` (`{} x2`), say what else `{}` does, or take it out",
            target.name, target.name, balancer.name
        ));
    }
}
