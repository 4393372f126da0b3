use std::cell::OnceCell;
use std::iter;

use smol_str::SmolStr;

use super::{Context, Findings, declare_rule};
use crate::analysis::resources::Payloads;
use crate::catalogue::{self, Kind};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, GroupKind, Link, Properties, Property};
use crate::quantity::Throughput;

declare_rule! {
    /// Asks about files that many users far away fetch from one place.
    ///
    /// ## Why it matters
    /// A way around the world takes as long as it takes, for each file of a page. What is the same for all can lie near
    /// each of them.
    ///
    /// ## Example
    /// ```arch
    /// client browser { from = [eu, us, asia], rate = 500/s }
    /// service shop x6 { cacheable = 80% }
    /// browser -> shop : https { payload = 200KB } // finding: "`browser` fetches from eu, us and asia what `shop` serves from one place"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser { from = [eu, us, asia], rate = 500/s }
    /// cdn edge { ttl = 1h }
    /// service shop x6 { cacheable = 80% }
    /// browser -> edge -> shop : https { payload = 200KB }
    /// ```
    ///
    /// Nor here:
    /// ```arch
    /// client browser { from = eu, rate = 500/s }
    /// service shop x6 { cacheable = 80% }
    /// browser -> shop : https { payload = 200KB }
    /// ```
    ///
    /// ## How it is detected
    /// A client or a flow states that its users are in several places (`from`, with two or more, or `worldwide`; regions
    /// of one area are one place), and it fetches, directly or by way of proxies, what states `cacheable` or lies in an
    /// object store. No CDN stands before that, it does not stand in several regions, and on average more of what can be
    /// kept is read than a CDN is early for (assumed), by the `payload` of the link or the flow. There is no fix: a CDN
    /// is a part of the design.
    ///
    /// ## Known false alarms
    /// Users who must see each change at once: state `cacheable = none`. Places that are near to each other: name them
    /// as one.
    ///
    /// ## An interviewer asks
    /// How long does this take for whoever is furthest away, and how much of that is the way?
    ///
    /// ## A good answer
    /// - the way there and back, times how often a page goes it
    /// - what is the same for all and can be kept near them, and for how long
    ///
    /// ## References
    /// - System Design Primer, "Content delivery network"
    /// - I. Grigorik, *High Performance Browser Networking*, chapter 1
    static RULE = {
        code: "LP601",
        summary: "files for far users, all from one place",
        levels: [Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let early = cx.architecture.parameters.cdn_bandwidth.throughput();
    let payloads = OnceCell::new();
    for link in architecture.links().filter(|it| !it.is_writes_only() && !it.is_async()) {
        let (client, _) = architecture.ends(link);
        if client.kind != Kind::Client {
            continue;
        }
        let flows = cx.analysis.trust.flows_of(architecture, link).map(|it| it.words(Property::From));
        let places = iter::once(client.words(Property::From)).chain(flows).find(|it| are_far_apart(it));
        let Some((places, last)) = places.zip(serving(architecture, link)) else { continue };
        let target = architecture.component(last.target);
        let is_near = [link.target, last.target].into_iter().any(|it| is_behind_a_cdn(architecture, it));
        if is_near || target.has(Property::Because) || stands_in_several_places(architecture, target) {
            continue;
        }
        let payloads = payloads.get_or_init(|| Payloads::of_reads(architecture));
        // What is fetched of a store that states its records is one of them.
        let payload = [link, last].into_iter().find_map(|it| payloads.on(architecture, it));
        let payload = payload.filter(|it| !it.is_record || target.has(Property::RecordSize));
        let demand = [link, last].map(|it| cx.analysis.load.link(it.id));
        let reads = demand.map(|it| it.mean.reads + it.mean.other);
        let kept = [link.figure(Property::Cacheable), target.figure(Property::Cacheable)];
        let kept = kept.into_iter().flatten().next();
        let sent = payload.map(|it| reads[0].min(reads[1]) * it.size * kept.unwrap_or(1.0));
        if let Some(sent) = sent.filter(|it| demand.iter().all(|it| it.is_known()) && *it > early) {
            report(findings, architecture, link, target, &Fetched { places, kept, sent });
        }
    }
}

/// What is fetched from far.
struct Fetched<'a> {
    places: &'a [SmolStr],
    kept: Option<f64>,
    sent: Throughput,
}

/// Whether users are in several places of which the names do not say that they are in one area.
fn are_far_apart(places: &[SmolStr]) -> bool {
    const EVERYWHERE: [&str; 5] = ["worldwide", "global", "everywhere", "anywhere", "world"];
    let area = |place: &SmolStr| catalogue::area(place).map_or_else(|| place.to_lowercase(), str::to_owned);
    let is_everywhere = |place: &SmolStr| EVERYWHERE.contains(&place.to_lowercase().as_str());
    places.iter().any(is_everywhere) || places.windows(2).any(|pair| area(&pair[0]) != area(&pair[1]))
}

/// The link to what may be kept near the users: this one, or the one by which a proxy passes the request on.
fn serving<'a>(architecture: &'a Architecture, link: &'a Link) -> Option<&'a Link> {
    const MOST_PROXIES: usize = 4;
    let may_be_kept = |it: &Link| {
        let target = architecture.component(it.target);
        let is_denied = target.is_absent(Property::Cacheable) || it.is_absent(Property::Cacheable);
        let is_said = target.has(Property::Cacheable) || it.has(Property::Cacheable);
        !is_denied && (is_said || target.kind == Kind::ObjectStore)
    };
    let mut at = vec![link];
    for _ in 0..MOST_PROXIES {
        if let Some(found) = at.iter().copied().find(|it| may_be_kept(it)) {
            return Some(found);
        }
        let proxies = at.into_iter().filter(|it| architecture.component(it.target).kind.is_proxy());
        at = proxies.flat_map(|it| architecture.links_from(it.target)).filter(|it| !it.is_async()).collect();
        // Proxies that all lead to the same are looked through once.
        at.sort_by_key(|it| it.target);
        at.dedup_by_key(|it| it.target);
    }
    None
}

fn is_behind_a_cdn(architecture: &Architecture, target: ComponentId) -> bool {
    architecture.component(target).kind == Kind::Cdn
        || architecture.links_to(target).any(|it| architecture.component(it.source).kind == Kind::Cdn)
        || architecture
            .of_kind(Kind::Cdn)
            .any(|it| architecture.references(it, Property::Caches).contains(&target))
}

/// Whether it, or another of its kind, serves from a second region.
fn stands_in_several_places(architecture: &Architecture, target: &Component) -> bool {
    let region = |it: &Component| architecture.enclosing(it.id, GroupKind::Region);
    let says = |it: &Properties| {
        it.figure(Property::Regions).is_some_and(|it| it > 1.0) || it.words(Property::Regions).len() > 1
    };
    says(target)
        || says(&architecture.system.properties)
        || target.engine().is_some_and(|it| it.facts.spans_regions)
        || architecture.of_kind(target.kind).any(|it| region(it).is_some() && region(it) != region(target))
}

fn report(
    findings: &mut Findings,
    architecture: &Architecture,
    link: &Link,
    target: &Component,
    fetched: &Fetched,
) {
    let client = architecture.component(link.source);
    let places = match fetched.places {
        [_] => "all over the world".to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
        [] => return,
    };
    let message =
        format!("`{}` fetches from {places} what `{}` serves from one place", client.name, target.name);
    let label = format!("{} on average that can be kept", fetched.sent);
    let mut finding = findings.on_link(Severity::Advice, architecture, link, label, message);
    finding.label(client.name.as_str(), client.span, "in several places");
    finding.label(target.name.as_str(), target.span, "in one");
    let part = fetched.kept.map_or_else(
        || "what is the same for all".to_owned(),
        |it| format!("{} of it", figures::percent(it)),
    );
    finding
        .note("each file crosses the world for each user, and each crossing takes some tenths of a second")
        .help(format!(
            "let a CDN near the users keep {part}, and say for how long (`cdn edge {{ ttl = 1h }}`)"
        ));
}
