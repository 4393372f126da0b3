use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::journey::Journey;
use crate::analysis::touched::{self, Touched};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Link, Property};

declare_rule! {
    /// Finds requests that write to two places, one after the other, with nothing that brings them together again.
    ///
    /// ## Why it matters
    /// Two writes to two systems are no transaction: a crash, a timeout or a full disk between them leaves the first done and
    /// the second not. Nobody finds out, and from then on the two tell different stories.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 100/s }
    /// service api
    /// database posts : postgres
    /// search_index search : elasticsearch
    /// app -> api -> posts, search { writes } // finding: "`api` writes to `posts` and `search` in one request"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 100/s }
    /// service api
    /// database posts : postgres
    /// stream changes : kafka
    /// worker indexer { idempotent }
    /// search_index search : elasticsearch
    /// app -> api -> posts { writes }
    /// posts ~> changes : cdc
    /// changes ~> indexer -> search
    /// ```
    ///
    /// ## How it is detected
    /// In one request that writes, a program calls two databases, search indexes or the like by links that write: they are marked
    /// `writes`, or the flow only writes. A store and a queue are two as well where nothing may be lost: `durability = no_loss`,
    /// or the link into the queue is `required`. A blob and then its row, caches, what is `optional` or beside the path, targets of
    /// which one is taken, and copies that follow by themselves are left alone. There is no fix: an outbox is a part of the
    /// design.
    ///
    /// ## Known false alarms
    /// A job that compares the two and puts them right: say so in a `because` on one of the links.
    ///
    /// ## An interviewer asks
    /// The process dies between the two writes. Who finds out, and what puts it right?
    ///
    /// ## References
    /// - C. Richardson, *Microservices Patterns*, chapter 3, "Transactional outbox".
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 11, "Keeping systems in sync".
    static RULE = {
        code: "LP407",
        summary: "one request that writes to two places",
        levels: [Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut told: FxHashSet<ComponentId> = FxHashSet::default();
    for (journey, touched) in cx.analysis.journeys.iter().zip(cx.analysis.touched(cx.architecture)) {
        if !journey.mode.writes {
            continue;
        }
        for (writer, links) in writes(cx, journey, touched) {
            if told.insert(writer.id) {
                report(cx, findings, journey, writer, &links);
            }
        }
    }
}

/// Who writes to two places or more in a journey, with the links.
fn writes<'a>(
    cx: &'a Context,
    journey: &Journey,
    touched: &'a Touched,
) -> Vec<(&'a Component, Vec<&'a Link>)> {
    let architecture = cx.architecture;
    let only_writes = !journey.mode.reads;
    let is_write = |link: &Link| {
        !link.is_reads_only()
            && (link.is_writes_only() || only_writes)
            && !link.has(Property::Because)
            && !link.is_beside_the_path()
    };
    let no_loss =
        touched::asked(architecture, journey, Property::Durability).is_some_and(|it| it.word == "no_loss");
    let mut writers: Vec<ComponentId> =
        touched.links.iter().map(|id| architecture.link(*id).source).collect();
    writers.sort_unstable();
    writers.dedup();
    let mut found = Vec::new();
    for writer in writers.into_iter().map(|id| architecture.component(id)) {
        if !writer.kind.is_compute() || writer.has(Property::Because) {
            continue;
        }
        let is_store =
            |it: &Component| matches!(it.kind, Kind::Database | Kind::SearchIndex) && !it.is_replica();
        let mut links: Vec<&Link> = Vec::new();
        // Of a set of which one is taken a request writes to one.
        for call in architecture.calls_of(writer.id) {
            let of_call = call.tree.links();
            let is_all = matches!(&call.tree, crate::model::CallTree::Link(_))
                || matches!(&call.tree, crate::model::CallTree::Set(crate::syntax::ast::Relation::All, _));
            let taken = of_call.into_iter().map(|id| architecture.link(id)).filter(|link| {
                let target = architecture.component(link.target);
                let is_kept = is_store(target) && !link.is_async() && touched.links.contains(&link.id);
                let is_sent = target.kind.is_queue()
                    && link.is_async()
                    && (no_loss || link.has(Property::Required))
                    && !link.has(Property::Optional)
                    && only_writes;
                is_write(link) && (is_kept || is_sent)
            });
            let taken: Vec<&Link> = taken.collect();
            links.extend(if is_all { &taken[..] } else { &taken[..taken.len().min(1)] });
        }
        links.sort_by_key(|link| link.id);
        links.dedup_by_key(|link| link.target);
        let stores = links.iter().filter(|it| !architecture.component(it.target).kind.is_queue()).count();
        if links.len() > 1 && stores > 0 {
            found.push((writer, links));
        }
    }
    found
}

fn report(cx: &Context, findings: &mut Findings, journey: &Journey, writer: &Component, links: &[&Link]) {
    let name = |link: &&Link| cx.architecture.component(link.target).name.to_string();
    let names: Vec<String> = links.iter().map(name).collect();
    let message = format!(
        "`{}` writes to {} in one request, and a crash between them leaves them apart for good",
        writer.name,
        crate::figures::listed(&names, 3)
    );
    let mut finding = findings.on_link(Severity::Warning, cx.architecture, links[1], "then here", message);
    finding.label(cx.architecture.link_name(links[0]), links[0].span, "first here");
    finding.label(writer.name.as_str(), writer.span, "may stop between the two");
    for link in links.iter().skip(2).take(2) {
        finding.label(cx.architecture.link_name(link), link.span, "and here");
    }
    finding.flow(journey.name.as_str());
    let demand = cx.analysis.load.link(links[1].id);
    if demand.is_known() && demand.peak.total().is_positive() {
        finding.note(format!(
            "it happens {} at peak; one that fails in a million is found by nobody",
            demand.peak.total()
        ));
    }
    finding.help(format!(
        "write to `{}` alone, with the event in the same transaction (an outbox) or taken from its log (`: cdc`), and let a \
         worker bring it to {}",
        names[0],
        crate::figures::listed(&names[1..], 2)
    ));
}
