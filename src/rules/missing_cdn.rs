use super::{Context, Findings, declare_rule};
use crate::catalogue::{Kind, parameter};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Link, Property};

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
    /// A client or a flow states that its users are in several places (`from`, with two or more), it fetches by a link
    /// whose target, or which itself, states `cacheable`, or from an object store; no CDN stands in the design, and at
    /// peak more leaves than a CDN is early for (assumed). There is no fix: a CDN is a part of the design.
    ///
    /// ## Known false alarms
    /// Users who must see each change at once: state `cacheable = none`.
    ///
    /// ## An interviewer asks
    /// How long does the page take in Sydney, and how much of that is the way?
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
    let has_cdn = architecture.of_kind(Kind::Cdn).next().is_some();
    if has_cdn || architecture.system.is_demo() {
        return;
    }
    let early = parameter::CDN_BANDWIDTH.fact.throughput();
    for link in architecture.links().filter(|it| !it.is_writes_only() && !it.is_async()) {
        let (client, target) = architecture.ends(link);
        let flows = cx.analysis.trust.flows_of(architecture, link).map(|it| it.words(Property::From));
        let places = std::iter::once(client.words(Property::From))
            .chain(flows)
            .max_by_key(|it| it.len())
            .unwrap_or(&[]);
        let is_kept = target.has(Property::Cacheable)
            || link.has(Property::Cacheable)
            || target.kind == Kind::ObjectStore;
        if client.kind != Kind::Client || places.len() < 2 || !is_kept || target.has(Property::Because) {
            continue;
        }
        let demand = cx.analysis.load.link(link.id);
        let sent = link.size(Property::Payload).map(|size| demand.mean.total() * size);
        if demand.is_known() && sent.is_some_and(|it| it > early) {
            report(cx, findings, link, places, &sent.map(|it| it.to_string()).unwrap_or_default());
        }
    }
}

fn report(cx: &Context, findings: &mut Findings, link: &Link, places: &[smol_str::SmolStr], sent: &str) {
    let (client, target) = cx.architecture.ends(link);
    let places = match places {
        [rest @ .., last] => {
            format!(
                "{} and {last}",
                rest.iter().map(smol_str::SmolStr::as_str).collect::<Vec<_>>().join(", ")
            )
        }
        [] => return,
    };
    let message =
        format!("`{}` fetches from {places} what `{}` serves from one place", client.name, target.name);
    let mut finding = findings.on_link(
        Severity::Advice,
        cx.architecture,
        link,
        format!("{sent} leave on average"),
        message,
    );
    finding.label(client.name.as_str(), client.span, "in several places");
    finding.label(target.name.as_str(), target.span, "in one");
    let share = cx.architecture.component(link.target).figure(Property::Cacheable);
    let part = share.map_or_else(
        || "what is the same for all".to_owned(),
        |it| format!("{} of it", figures::percent(it)),
    );
    finding
        .note("each file crosses the world for each user, and each crossing takes some tenths of a second")
        .help(format!(
            "let a CDN near the users keep {part}, and say for how long (`cdn edge {{ ttl = 1h }}`)"
        ));
}
