use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{self, Across, Asked, Asking};
use crate::analysis::{latency, regions};
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Property};

declare_rule! {
    /// Finds stores of which two things are asked that no store can do at once.
    ///
    /// ## Why it matters
    /// When two parts of a store lose sight of each other, a part that goes on answering can't know what the other has
    /// accepted. It is current or it answers, not both. And a write that other regions must have costs a round trip between
    /// them, every time, also when nothing is broken.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" {
    ///   consistency  = strong
    ///   on_partition = available // finding: "must miss nothing and answer in a partition"
    /// }
    /// service shop x2
    /// database carts : cassandra x3
    /// shop -> carts
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" {
    ///   consistency  = strong
    ///   on_partition = consistent
    /// }
    /// service shop x2
    /// database carts : cassandra x3
    /// shop -> carts
    /// ```
    ///
    /// A write waits for another region, and there is no time for that:
    /// ```arch
    /// client buyer
    /// service shop x2
    /// database orders : postgres x2 { regions = 2, replication = sync } // finding: "60 ms (assumed)"
    /// buyer -> shop -> orders
    /// flow buy { writes, consistency = strong, latency_p99 = 50ms
    ///   buyer -> shop -> orders
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// Strong reads and `on_partition = available` are asked of a store of several nodes: an error, and a warning where one of
    /// the two is the store's own exception from what the system asks. A store of which strong reads are asked keeps each
    /// write in several regions before it is confirmed (`regions` with `replication = sync` or `quorum`, or a copy by `->` in
    /// another region), and the round trip is longer than the latency that a writing flow allows: a warning, or an error
    /// where the way is `measured`. Such a store stands in two regions, and a flow is to survive one of them: a warning, for
    /// one of two is no majority. No fix is offered: which of the two is given up is the design's choice.
    ///
    /// ## Known false alarms
    /// Flows that write without waiting, which say so by a queue.
    ///
    /// ## An interviewer asks
    /// The line between its nodes is cut. A write arrives on one side. Do you take it?
    ///
    /// ## A good answer
    /// - which comes first, to be current or to answer, decided by what is worse for the users
    /// - who is refused meanwhile, or what is then wrong for whom
    /// - what the two sides do when they see each other again
    ///
    /// ## References
    /// - S. Gilbert and N. Lynch, "Brewer's conjecture", 2002.
    /// - D. Abadi, "Consistency tradeoffs in modern distributed database system design", 2012 (PACELC).
    static RULE = {
        code: "LP406",
        summary: "currency and availability, or currency and speed, asked of one store at once",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let asking = Asking::of(cx.architecture, cx.analysis);
    // Asked for once: most designs keep their writes in one region.
    let mut through = None;
    let mut torn: Vec<(Asked<()>, Asked<()>, Vec<ComponentId>)> = Vec::new();
    for store in cx.architecture.components().filter(|it| it.kind.is_store() && consistency::is_spread(it)) {
        let Some(strong) = asking.strong(store) else { continue };
        if let Some(available) = asking.on_partition(store, "available") {
            match torn.iter_mut().find(|(it, by, _)| *it == available && *by == strong) {
                Some((.., stores)) => stores.push(store.id),
                None => torn.push((available, strong, vec![store.id])),
            }
        } else if let Some(across) = consistency::across_regions(cx.architecture, store) {
            let through = through.get_or_insert_with(|| {
                cx.analysis.journeys_through(|id| cx.architecture.component(id).kind.is_store())
            });
            let journeys = through.get(&store.id).map_or(&[][..], Vec::as_slice);
            slow_or_stuck(cx, findings, store, &across, &strong, journeys);
        }
    }
    for (available, strong, stores) in &torn {
        contradiction(cx, findings, available, strong, stores);
    }
}

fn contradiction(
    cx: &Context,
    findings: &mut Findings,
    available: &Asked<()>,
    strong: &Asked<()>,
    stores: &[ComponentId],
) {
    let first = cx.architecture.component(stores[0]);
    let who = match stores.len() {
        1 => format!("`{}`", first.name),
        many => format!("`{}` and {} more", first.name, crate::figures::count(many - 1, "store", "stores")),
    };
    let is_exception = available.is_of_the_system() != strong.is_of_the_system();
    let severity = if is_exception { Severity::Warning } else { Severity::Error };
    let message = format!("{who} must miss nothing and answer in a partition: no store can do both");
    let element = available.element.as_str();
    let mut finding =
        findings.report(severity, element, available.span, "answers in a partition, it says here", message);
    finding.label(strong.element.as_str(), strong.span, "strong reads are asked here");
    for store in stores.iter().take(3).map(|id| cx.architecture.component(*id)) {
        if store.name != element {
            finding.label(
                store.name.as_str(),
                store.span,
                "has several nodes, which can lose sight of each other",
            );
        }
    }
    finding
        .note("cut off from the others, a node that answers can't know what they have accepted since")
        .help(
            "give one up: `on_partition = consistent` refuses writes on the smaller side, `consistency = eventual` answers \
             with what is there",
        );
}

fn slow_or_stuck(
    cx: &Context,
    findings: &mut Findings,
    store: &Component,
    across: &Across,
    strong: &Asked<()>,
    journeys: &[usize],
) {
    let mut late = None;
    let mut stuck = None;
    for at in journeys.iter().copied() {
        let journey = &cx.analysis.journeys[at];
        if !journey.mode.writes {
            continue;
        }
        let budget = latency::budget(cx.architecture, journey, Property::LatencyP99)
            .or_else(|| latency::budget(cx.architecture, journey, Property::LatencyP50));
        if late.is_none()
            && let Some((budget, span)) = budget.filter(|(it, _)| across.trip > *it)
        {
            late = Some((at, budget, span));
        }
        if stuck.is_none() && across.regions == 2 && regions::asks(cx.architecture, journey).is_some() {
            stuck = Some(at);
        }
    }
    let name = &store.name;
    let assumed = if across.is_assumed { " (assumed)" } else { "" };
    if let Some((at, budget, span)) = late {
        let flow = &cx.analysis.journeys[at].name;
        let severity = if across.is_assumed { Severity::Warning } else { Severity::Error };
        let trip = across.trip;
        let message = format!(
            "each write of `{name}` waits {trip}{assumed} for another region, and `{flow}` may take {budget} in all"
        );
        let mut finding =
            findings.on_component(severity, store, "is kept in several regions before it confirms", message);
        finding
            .place(span, format!("{budget} asked here"))
            .label(strong.element.as_str(), strong.span, "strong reads are asked here")
            .flow(flow.as_str())
            .note("a write that several regions must have costs the way between them, also when nothing is broken")
            .help(format!(
                "give one up: allow `{flow}` more than {trip}, keep the copies that a write waits for in one region, or ask \
                 only `consistency = eventual` and let the other region follow"
            ));
    }
    if let Some(at) = stuck {
        let flow = &cx.analysis.journeys[at].name;
        let message = format!(
            "`{name}` takes no writes once one of its 2 regions is gone, and `{flow}` is to outlive that"
        );
        let mut finding = findings.on_component(Severity::Warning, store, "stands in two regions", message);
        finding
            .place(across.span, "each write waits for both")
            .label(strong.element.as_str(), strong.span, "strong reads are asked here")
            .flow(flow.as_str())
            .note("one of two is no majority: the region that is left can't know whether the other still takes writes")
            .help("add a third region that has a vote, or give one up: let the second region follow, and allow a loss by `rpo`");
    }
}
