use super::{Context, Findings, declare_rule};
use crate::catalogue::{self, Kind};
use crate::diagnostic::{Edit, Severity};
use crate::model::{Architecture, CallTree, Component, GroupId, GroupKind, Link, Property};
use crate::syntax::ast::Relation;
use rustc_hash::FxHashSet;

declare_rule! {
    /// Finds names that are answered by place or by time where there is but one place, and answers that do not keep
    /// data where it must stay.
    ///
    /// ## Why it matters
    /// A routing that has nothing to choose from is a setting that somebody will trust: "we route by latency", and all
    /// of it goes to one region.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// dns names : route53 { routing = latency }
    /// region eu { load_balancer edge : alb }
    /// browser -> names
    /// names -> eu.edge // finding: "`names` chooses by latency among one region"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// dns names : route53 { routing = latency }
    /// region eu { load_balancer edge : alb }
    /// region us { load_balancer edge : alb }
    /// browser -> names
    /// names -> eu.edge | us.edge
    /// ```
    ///
    /// ## How it is detected
    /// A `dns` states `routing = latency` or `geolocation`, and all that it leads to stands in one region that is
    /// drawn, or it leads to one thing alone; it states `weighted` while what it leads to is a first and a fallback
    /// (`else`, or a `standby`): then `failover` is meant; or the system states a `residency`, the regions
    /// are known to stand in several parts of the world, and it chooses by latency, which follows the network and not
    /// the law. The fix for the second writes
    /// `routing = failover`; it is unsafe.
    ///
    /// ## Known false alarms
    /// The second region comes next month: say so in a `because`.
    ///
    /// ## An interviewer asks
    /// Somebody asks for this name. Which addresses may they get, and why?
    ///
    /// ## A good answer
    /// - what there is to choose from, and by what it is chosen
    /// - when they hear of another answer
    ///
    /// ## References
    /// - AWS documentation, "Choosing a routing policy"
    static RULE = {
        code: "LP606",
        summary: "names that are answered in a way that does not fit where they lead",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    for dns in architecture.of_kind(Kind::Dns).filter(|it| !it.has(Property::Because)) {
        let links: Vec<&Link> =
            architecture.links_from(dns.id).filter(|it| !it.is_beside_the_path()).collect();
        let Some(first) = links.first() else { continue };
        let regions: FxHashSet<_> =
            links.iter().filter_map(|it| architecture.enclosing(it.target, GroupKind::Region)).collect();
        let are_placed =
            links.iter().all(|it| architecture.enclosing(it.target, GroupKind::Region).is_some());
        let word = ["latency", "geolocation"].into_iter().find(|it| dns.is(Property::Routing, it));
        let is_one = links.len() == 1 && !architecture.component(first.target).is_stated(Property::Regions)
            || are_placed && regions.len() == 1;
        let system = &architecture.system.properties;
        let stays = system.word(Property::Residency).or_else(|| system.text(Property::Residency));
        if let Some(word) = word.filter(|_| is_one) {
            let only = if are_placed { "region" } else { "target" };
            let message = format!("`{}` chooses by {word} among one {only}", dns.name);
            report(
                cx,
                findings,
                dns,
                first,
                (
                    message,
                    "all who ask get the same answer, wherever they are",
                    "answer plainly (`routing = simple`), until there is a second region to choose",
                ),
            );
        } else if dns.is(Property::Routing, "weighted") && is_fallback(cx, dns, &links) {
            let message = format!("`{}` gives a share of the users to what only stands by", dns.name);
            let mut finding = report(
                cx,
                findings,
                dns,
                first,
                (
                    message,
                    "weights part the traffic all the time, and a standby is there for when the first is gone",
                    "answer with the first while it is up: `routing = failover`, with a `health_check`",
                ),
            );
            if let Some(span) = dns.span(Property::Routing) {
                finding.fix(
                    "write `routing = failover`: the standby answers when the first is gone",
                    false,
                    vec![Edit { span, text: "routing = failover".to_owned() }],
                );
            }
        } else if let Some(place) =
            stays.filter(|_| word == Some("latency") && areas(architecture, &regions) > 1)
        {
            let message = format!("`{}` chooses by latency, and data must stay in {place}", dns.name);
            report(
                cx,
                findings,
                dns,
                first,
                (
                    message,
                    "the quickest way follows the network of the day, and not the law",
                    "choose by where users are: `routing = geolocation`",
                ),
            );
        }
    }
}

/// In how many areas of the earth regions stand; one of which nothing is known may stand beside any other.
fn areas(architecture: &Architecture, regions: &FxHashSet<GroupId>) -> usize {
    let area = |id: &GroupId| {
        let region = architecture.group(*id);
        catalogue::area(&region.name).or_else(|| catalogue::area(region.label.as_deref()?))
    };
    regions.iter().filter_map(area).collect::<FxHashSet<_>>().len()
}

/// Whether all but the first only wait for its loss.
fn is_fallback(cx: &Context, dns: &Component, links: &[&Link]) -> bool {
    let mut calls = cx.architecture.calls_of(dns.id);
    let waits = |it: &&Link| cx.architecture.component(it.target).has(Property::Standby);
    calls.any(|it| matches!(it.tree, CallTree::Set(Relation::Else, _)))
        || links.len() > 1 && links.iter().any(waits)
}

fn report<'a>(
    cx: &Context,
    findings: &'a mut Findings,
    dns: &Component,
    link: &Link,
    (message, note, help): (String, &str, &str),
) -> super::Finding<'a> {
    let mut finding =
        findings.on_link(Severity::Warning, cx.architecture, link, "where the name leads", message);
    finding.label(dns.name.as_str(), dns.span, "answers");
    if let Some(span) = dns.span(Property::Routing) {
        finding.place(span, "stated here");
    }
    finding.note(note).help(help);
    finding
}
