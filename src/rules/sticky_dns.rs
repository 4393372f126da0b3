use super::{Context, Findings, declare_rule};
use crate::analysis::availability::unit::{Switch, has_switch, repair};
use crate::analysis::availability::{MONTH_MINUTES, Reading};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Architecture, CallTree, Component, Link, Properties, Property};
use crate::syntax::ast::{Dimension, Relation};

declare_rule! {
    /// Finds names that are remembered for longer than the failover takes that changes them.
    ///
    /// ## Why it matters
    /// A failover by name is over when the callers ask again, not when the new address is published. Until the time to live
    /// has passed they go on calling the address they know, and that one is dead.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// dns names { managed, ttl = 1h } // finding: "1 h"
    /// load_balancer east, west { managed }
    /// browser -> names
    /// names -> east else west { failover = 30s }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names { managed, ttl = 30s }
    /// load_balancer east, west { managed }
    /// browser -> names
    /// names -> east else west { failover = 30s }
    /// ```
    ///
    /// ## How it is detected
    /// A `dns` states its `ttl`, and a switch relies on it: the name leads to `a else b`, has `routing = failover`, or one
    /// of its targets is a standby; or a client that asks it calls `a else b`. The `ttl` is held against the switch's
    /// seconds: the stated ones, else those of the catalogue for its kind, which are assumed.
    ///
    /// ## Known false alarms
    /// Callers that try both addresses by themselves, as browsers do when a name has several. Failover of an address
    /// (anycast, a floating address) needs no new answer: draw it as one balancer.
    ///
    /// ## An interviewer asks
    /// You have switched to the other region. Which of your users notice at once, and which in an hour?
    ///
    /// ## References
    /// - RFC 1035, section 3.2.1: TTL, the time that a resource record may be cached.
    /// - Amazon Route 53 Developer Guide: with failover routing, a TTL of 60 seconds or less.
    static RULE = {
        code: "LP113",
        summary: "a name that is remembered for longer than its failover takes",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    for dns in cx.architecture.of_kind(Kind::Dns) {
        let Some(ttl) = dns.figure_of(Property::Ttl, Dimension::Duration) else { continue };
        let slowest = reliant(cx.architecture, dns)
            .into_iter()
            .filter(|it| ttl > it.switch.seconds)
            .min_by(|a, b| a.switch.seconds.total_cmp(&b.switch.seconds));
        if let Some(failover) = slowest {
            report(cx, findings, dns, ttl, &failover);
        }
    }
}

/// A switch that is done by a name.
struct Failover<'a> {
    /// Its members, the first first.
    links: Vec<&'a Link>,
    switch: Switch,
}

/// The switches that rely on a name.
fn reliant<'a>(architecture: &'a Architecture, dns: &'a Component) -> Vec<Failover<'a>> {
    let mut found = by_name(architecture, dns);
    if architecture.links_from(dns.id).len() > 0 {
        return found;
    }
    // Nothing passes through a name that is only asked: what its askers switch between, they switch by it.
    let asks = |component: &Component| {
        architecture.links_from(component.id).any(|link| link.target == dns.id)
            || component.kind.is_outside() && architecture.unlinked_names().contains(&dns.id)
    };
    for caller in architecture.components().filter(|it| asks(it)) {
        for call in architecture.calls_of(caller.id) {
            fallbacks(&call.tree, &mut |links| {
                found.extend(failover(architecture, caller, links, None));
            });
        }
    }
    found
}

/// The switches between what a name leads to.
fn by_name<'a>(architecture: &'a Architecture, dns: &'a Component) -> Vec<Failover<'a>> {
    let mut found = Vec::new();
    for call in architecture.calls_of(dns.id) {
        fallbacks(&call.tree, &mut |links| found.extend(failover(architecture, dns, links, Some(dns))));
    }
    if !found.is_empty() {
        return found;
    }
    let links: Vec<_> = architecture
        .links_from(dns.id)
        .filter(|link| !link.is_beside_the_path())
        .map(|link| link.id)
        .collect();
    let is_switched = dns.is(Property::Routing, "failover")
        || links.iter().any(|id| {
            let link = architecture.link(*id);
            architecture.component(link.target).has(Property::Standby) || has_switch(&link.properties)
        });
    if is_switched && links.len() > 1 {
        found.extend(failover(architecture, dns, &links, Some(dns)));
    }
    found
}

/// Each set of alternatives that are tried in order.
fn fallbacks(tree: &CallTree, found: &mut impl FnMut(&[crate::model::LinkId])) {
    let CallTree::Set(relation, members) = tree else { return };
    if *relation == Relation::Else {
        found(&tree.links());
    }
    members.iter().for_each(|member| fallbacks(member, found));
}

/// The switch between some targets: as their links state it, else as who chooses does, else as is assumed.
fn failover<'a>(
    architecture: &'a Architecture,
    chooser: &Component,
    links: &[crate::model::LinkId],
    dns: Option<&Component>,
) -> Option<Failover<'a>> {
    let links: Vec<&Link> = links.iter().map(|id| architecture.link(*id)).collect();
    let first = architecture.component(links.first()?.target);
    let standby = links.iter().find_map(|link| architecture.component(link.target).word(Property::Standby));
    let nothing = Properties::default();
    let stated = links
        .iter()
        .map(|link| &link.properties)
        .chain([&chooser.properties])
        .find(|it| has_switch(it))
        .unwrap_or(&nothing);
    let _ = dns;
    let switch = Switch::of(stated, standby, None, repair(first), Reading::Low);
    Some(Failover { links, switch })
}
