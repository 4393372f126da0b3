use super::{Context, Findings, declare_rule};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Call, CallTree, Component, Link, Property};
use crate::syntax::ast::{Dimension, Relation};

declare_rule! {
    /// Finds names that clients keep longer than the failover behind them takes.
    ///
    /// ## Why it matters
    /// A failover by DNS is over when the last client has asked again. Until its time to live has passed a client goes on
    /// to the address that is dead, however fast the switch itself was; and some resolvers wait even longer.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// dns names : route53 { ttl = 10min }
    /// load_balancer east, west { managed }
    /// service shop x3
    /// browser -> names
    /// names -> east else west { failover = 60s } // finding: "for 10 min"
    /// east, west -> shop
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names : route53 { ttl = 30s }
    /// load_balancer east, west { managed }
    /// service shop x3
    /// browser -> names
    /// names -> east else west { failover = 60s }
    /// east, west -> shop
    /// ```
    ///
    /// ## How it is detected
    /// A `dns` whose stated `ttl` is longer than the stated `failover` between the alternatives that it leads to, or that
    /// the client which asks it chooses among (`client -> east else west`).
    ///
    /// ## Known false alarms
    /// An address that moves with the service (anycast, a floating IP) needs no new name: draw it as one target.
    ///
    /// ## An interviewer asks
    /// You repoint the name: when does the last client follow?
    ///
    /// ## References
    /// - RFC 1035, section 3.2.1: TTL.
    /// - Amazon Route 53 developer guide: active-passive failover, and TTLs of 60 seconds or less for it.
    static RULE = {
        code: "LP113",
        summary: "a time to live that outlasts the failover relying on it",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    for dns in cx.architecture.of_kind(Kind::Dns) {
        let Some(ttl) = dns.figure_of(Property::Ttl, Dimension::Duration) else { continue };
        if let Some(failover) = failover_of(cx, dns, dns) {
            report(cx, findings, dns, ttl, &failover);
            continue;
        }
        // Whoever asks a name and then chooses by itself follows the name as well.
        let askers = cx.architecture.links_to(dns.id).map(|link| cx.architecture.component(link.source));
        let found = askers.filter(|it| it.kind.is_outside()).find_map(|asker| failover_of(cx, asker, dns));
        if let Some(failover) = found {
            report(cx, findings, dns, ttl, &failover);
        }
    }
}

/// A stated failover between alternatives.
struct Failover<'a> {
    seconds: f64,
    links: Vec<&'a Link>,
}

fn failover_of<'a>(cx: &Context<'a>, chooser: &Component, dns: &Component) -> Option<Failover<'a>> {
    let alternatives = |call: &Call| match &call.tree {
        CallTree::Set(Relation::Else | Relation::Any, members) => {
            Some(members.iter().flat_map(CallTree::links).collect::<Vec<_>>())
        }
        _ => None,
    };
    cx.architecture.calls_of(chooser.id).filter_map(alternatives).find_map(|links| {
        let links: Vec<&Link> = links.into_iter().map(|id| cx.architecture.link(id)).collect();
        let of_links = links.iter().find_map(|link| link.figure_of(Property::Failover, Dimension::Duration));
        let of_name = || dns.figure_of(Property::Failover, Dimension::Duration);
        Some(Failover { seconds: of_links.or_else(of_name)?, links })
    })
}

fn report(cx: &Context, findings: &mut Findings, dns: &Component, ttl: f64, failover: &Failover) {
    if ttl <= failover.seconds {
        return;
    }
    let (kept, switched) = (figures::duration(ttl), figures::duration(failover.seconds));
    let message = format!(
        "clients keep the address of `{}` for {kept}, but the failover behind it takes {switched}",
        dns.name
    );
    let names: Vec<&str> =
        failover.links.iter().map(|link| cx.architecture.component(link.target).name.as_str()).collect();
    let Some((first, others)) = failover.links.split_first() else { return };
    let mut finding = findings.on_link(
        Severity::Warning,
        cx.architecture,
        first,
        format!("fails over in {switched}"),
        message,
    );
    for link in others {
        finding.label(cx.architecture.link_name(link), link.span, "takes over");
    }
    finding.label(dns.name.as_str(), dns.span, format!("kept for {kept}"));
    if let Some(span) = dns.span(Property::Ttl) {
        finding.place(span, "stated here");
    }
    finding.note(format!(
        "until then they go on to the one of {} that is down: the switch takes up to {}, not {switched}",
        figures::listed(&names, 3),
        figures::duration(ttl + failover.seconds)
    ));
    finding.help(format!(
        "let the name live no longer than half the failover (`ttl = {}`): clients then follow within {}",
        short(failover.seconds / 2.0),
        figures::duration(failover.seconds * 1.5)
    ));
}

/// A duration as a design writes it.
fn short(seconds: f64) -> String {
    figures::duration(seconds).replace(' ', "")
}
