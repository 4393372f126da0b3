use std::fmt::Write as _;

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::unit::{Switch, has_switch, known_redirection, repair};
use crate::analysis::availability::{MONTH_MINUTES, Reading};
use crate::catalogue::Kind;
use crate::diagnostic::{Edit, Severity};
use crate::figures;
use crate::model::{Architecture, CallTree, Component, Link, LinkId, Properties, Property};
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
    /// dns names { managed, ttl = 1h } // finding: "`names` is remembered for 60 min, and its failover from `east` to `west` takes 30 s"
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
    /// A `dns` states its `ttl`, and a switch relies on it: the name leads to `a else b`, has `routing = failover`, or
    /// one of its targets is a standby; or a client that asks it calls `a else b`. The `ttl` is held against the
    /// switch's seconds: the stated ones, else those of the catalogue for its kind, which are assumed. The fix writes a
    /// `ttl` as long as the failover; it is unsafe, for names are then asked for more often.
    ///
    /// ## Known false alarms
    /// Callers that try both addresses by themselves, as browsers do when a name has several. Failover of an address
    /// (anycast, a floating address) needs no new answer: draw it as one balancer.
    ///
    /// ## An interviewer asks
    /// The name now leads to the other place. Which of your users notice at once, and which later?
    ///
    /// ## A good answer
    /// - that the old answer is used for as long as it may be kept
    /// - that this time is a part of the failover, and has to fit into the promise
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
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    // Whoever comes from outside asks every name that nothing is linked to.
    let mut by_everybody: Option<Vec<Failover>> = None;
    if !architecture.components().any(has_ttl) {
        return;
    }
    let through = cx.analysis.journeys_through(|id| has_ttl(architecture.component(id)));
    for dns in architecture.of_kind(Kind::Dns) {
        let Some(ttl) = dns.figure_of(Property::Ttl, Dimension::Duration) else { continue };
        let reliant = if architecture.links_from(dns.id).len() > 0 {
            by_name(architecture, dns)
        } else if architecture.links_to(dns.id).len() > 0 {
            let callers = architecture.links_to(dns.id).map(|link| architecture.component(link.source));
            by_callers(architecture, callers)
        } else {
            let outside = || architecture.components().filter(|it| it.kind.is_outside());
            by_everybody.get_or_insert_with(|| by_callers(architecture, outside())).clone()
        };
        let outlasted = reliant
            .iter()
            .filter(|it| ttl > it.switch.seconds)
            .min_by(|a, b| a.switch.seconds.total_cmp(&b.switch.seconds));
        if let Some(failover) = outlasted {
            let journeys = through.get(&dns.id).map_or(&[][..], Vec::as_slice);
            report(cx, findings, dns, ttl, failover, journeys);
        }
    }
}

fn has_ttl(component: &Component) -> bool {
    component.kind == Kind::Dns && component.has(Property::Ttl)
}

/// A switch that is done by a name.
#[derive(Clone)]
struct Failover<'a> {
    /// To what it leads, the first first.
    links: Vec<&'a Link>,
    switch: Switch,
}

/// The switches between what a name leads to.
fn by_name<'a>(architecture: &'a Architecture, dns: &'a Component) -> Vec<Failover<'a>> {
    let found = by_callers(architecture, [dns]);
    if !found.is_empty() {
        return found;
    }
    let links: Vec<&Link> =
        architecture.links_from(dns.id).filter(|link| !link.is_beside_the_path()).collect();
    let is_switched = dns.is(Property::Routing, "failover")
        || has_switch(dns)
        || links.iter().any(|link| {
            has_switch(&link.properties) || architecture.component(link.target).has(Property::Standby)
        });
    if !is_switched || links.len() < 2 {
        return found;
    }
    failover(architecture, dns, links).into_iter().collect()
}

/// The fallbacks of those that ask a name.
fn by_callers<'a>(
    architecture: &'a Architecture,
    callers: impl IntoIterator<Item = &'a Component>,
) -> Vec<Failover<'a>> {
    let mut found = Vec::new();
    for caller in callers {
        for call in architecture.calls_of(caller.id) {
            fallbacks(&call.tree, &mut |links| {
                let links = links.iter().map(|id| architecture.link(*id)).collect();
                found.extend(failover(architecture, caller, links));
            });
        }
    }
    found
}

/// Each set of alternatives that are tried in order.
fn fallbacks(tree: &CallTree, found: &mut impl FnMut(&[LinkId])) {
    let CallTree::Set(relation, members) = tree else { return };
    if *relation == Relation::Else {
        found(&tree.links());
    }
    for member in members {
        fallbacks(member, found);
    }
}

/// The switch between some targets: as their links state it, else as who chooses does, else as the catalogue
/// has it. None where it is stated that nothing switches.
fn failover<'a>(
    architecture: &Architecture,
    chooser: &Component,
    links: Vec<&'a Link>,
) -> Option<Failover<'a>> {
    let first = architecture.component(links.first()?.target);
    let standby = links.iter().find_map(|link| architecture.component(link.target).word(Property::Standby));
    let mut places = links.iter().map(|link| &link.properties).chain([&chooser.properties]);
    if places.clone().any(|it| it.is_absent(Property::Failover)) {
        return None;
    }
    let nothing = Properties::default();
    let stated = places.find(|it| has_switch(it)).unwrap_or(&nothing);
    let parameters = &architecture.parameters;
    let switch = Switch::of(
        parameters,
        stated,
        standby,
        known_redirection(chooser),
        repair(parameters, first),
        Reading::Low,
    );
    Some(Failover { links, switch })
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    dns: &Component,
    ttl: f64,
    failover: &Failover,
    journeys: &[usize],
) {
    let architecture = cx.architecture;
    let targets: Vec<&Component> =
        failover.links.iter().map(|link| architecture.component(link.target)).collect();
    let (first, second) = (&targets[0].name, &targets[targets.len().min(2) - 1].name);
    let remembered = figures::duration(ttl);
    let seconds = failover.switch.seconds;
    let assumed = if failover.switch.is_assumed { " (assumed)" } else { "" };
    let takes = format!("{}{assumed}", figures::duration(seconds));
    let message = format!(
        "`{}` is remembered for {remembered}, and its failover from `{first}` to `{second}` takes {takes}",
        dns.name
    );
    let label = format!("known to its callers for {remembered}");
    let mut finding = findings.on_component(Severity::Warning, dns, label, message);
    if let Some(link) = failover.links.get(1) {
        finding.label(architecture.link_name(link), link.span, format!("takes over in {takes}"));
    }
    let whole = figures::minutes((ttl + seconds) / 60.0);
    let mut note = format!(
        "callers that know the address of `{first}` go on calling it: each failover lasts up to {whole} for them, not {}",
        figures::minutes(seconds / 60.0)
    );
    let strictest = journeys
        .iter()
        .map(|at| &cx.analysis.journeys[*at])
        .filter_map(|journey| Some((journey, journey.promise.slo?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((journey, slo)) = strictest {
        finding.flow(cx.analysis.bases[journey.base].name.as_str());
        let allowed = figures::minutes((1.0 - slo) * MONTH_MINUTES);
        let _ = write!(note, "; {} allows {allowed} a month", figures::availability(slo));
    }
    finding.note(note);
    finding.help(format!("lower its `ttl` to {} or less", figures::duration(seconds)));
    if let Some(span) = dns.span(Property::Ttl) {
        let text = format!("ttl = {:.0}s", seconds.floor().max(1.0));
        finding.fix(
            format!("write `{text}`: no longer than the failover takes"),
            false,
            vec![Edit { span, text: text.clone() }],
        );
    }
}
