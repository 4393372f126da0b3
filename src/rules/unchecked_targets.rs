use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Scenario, Unit, UnitKind};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Link, Property};
use crate::source::Span;

declare_rule! {
    /// Finds balancers without health checks: they go on sending requests to targets that are down.
    ///
    /// ## Why it matters
    /// Several targets help only if the one that is down is left out. Without health checks a balancer of three sends every
    /// third request into the void, and three targets are as good as one on average.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// load_balancer edge x2 { health_check = none } // finding: "every third request"
    /// service shop x3
    /// browser -> edge -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// load_balancer edge x2 { health_check = 10s }
    /// service shop x3
    /// browser -> edge -> shop
    /// ```
    ///
    /// ## How it is detected
    /// `health_check = none` on a balancer, proxy, gateway, DNS or registry, or on its links, with two targets or replicas
    /// or more behind it. Where nothing is said of health checks nothing is said here: most balancers have them.
    ///
    /// ## Known false alarms
    /// A client that notices and tries the next target by itself: state `retries` on the link, and allow it.
    ///
    /// ## An interviewer asks
    /// How does the balancer learn that a server is dead, and how long does that take?
    ///
    /// ## References
    /// - AWS Builders' Library, Implementing health checks.
    /// - Beyer et al., Site Reliability Engineering, chapter 20: load balancing in the datacenter.
    static RULE = {
        code: "LP109",
        summary: "a balancer that does not look which targets are alive",
        levels: [Warning],
    }
}

/// So many targets are labelled.
const MAX_LABELS: usize = 4;

fn check(cx: &Context, findings: &mut Findings) {
    for balancer in cx.architecture.components() {
        if !balancer.kind.is_proxy() && !balancer.kind.is_chooser() {
            continue;
        }
        let of_itself =
            balancer.span(Property::HealthCheck).filter(|_| balancer.is_absent(Property::HealthCheck));
        let is_unchecked = |link: &&Link| {
            link.is_absent(Property::HealthCheck)
                || of_itself.is_some() && !link.is_stated(Property::HealthCheck)
        };
        let links: Vec<&Link> = cx
            .architecture
            .links_from(balancer.id)
            .filter(|link| !link.is_beside_the_path() && !link.is_async())
            .filter(is_unchecked)
            .collect();
        let stated = of_itself.or_else(|| links.first().and_then(|link| link.span(Property::HealthCheck)));
        if let Some(stated) = stated {
            report(cx, findings, balancer, &links, stated);
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, balancer: &Component, links: &[&Link], stated: Span) {
    let targets: Vec<&Component> = links.iter().map(|link| cx.architecture.component(link.target)).collect();
    // What somebody else keeps redundant hides its dead by itself.
    let own: Vec<&&Component> = targets.iter().filter(|it| !it.is_available_as_a_whole()).collect();
    let count: u32 = own.iter().map(|it| it.least_replicas().unwrap_or(1)).sum();
    if count < 2 {
        return;
    }
    let part = ordinal(count);
    let message = format!(
        "`{}` does not look who is alive: while one of its {count} targets is down, every {part} request fails",
        balancer.name
    );
    let mut finding =
        findings.on_component(Severity::Warning, balancer, "sends to the dead as well", message);
    finding.place(stated, "stated here");
    for target in own.iter().take(MAX_LABELS) {
        let label = match target.least_replicas() {
            Some(count) if count > 1 => format!("{count} replicas"),
            _ => "one target".to_owned(),
        };
        finding.label(target.name.as_str(), target.span, label);
    }
    finding.note("redundancy counts only where the dead are left out");
    finding.help(match availabilities(cx, &own) {
        Some((average, union)) => format!(
            "let it check its targets (`health_check = 10s`): together they are up {}, on average only {}",
            figures::availability(union),
            figures::availability(average)
        ),
        None => "let it check its targets (`health_check = 10s`)".to_owned(),
    });
}

/// The targets' availability on average and as a pool, by their own figures alone.
fn availabilities(cx: &Context, targets: &[&&Component]) -> Option<(f64, f64)> {
    let (mut average, mut all_down, mut count) = (0.0, 1.0, 0.0);
    for target in targets {
        let unit = Unit::of(cx.architecture, &cx.analysis.load, target, &Scenario::as_is(), false, false);
        let UnitKind::Nodes(nodes) = unit.kind else { return None };
        let replicas = f64::from(nodes.count);
        average += (1.0 - nodes.u) * replicas;
        count += replicas;
        all_down *= 1.0 - nodes.up();
    }
    Some((average / count, 1.0 - all_down))
}

fn ordinal(count: u32) -> String {
    match count {
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        _ => {
            let ending = match (count % 10, count % 100) {
                (_, 11..=13) => "th",
                (1, _) => "st",
                (2, _) => "nd",
                (3, _) => "rd",
                _ => "th",
            };
            format!("{count}{ending}")
        }
    }
}
