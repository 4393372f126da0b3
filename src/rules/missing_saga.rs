use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::touched::Touched;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Link, Property};

declare_rule! {
    /// Finds requests that change stores of several services, where nothing undoes the first when the second fails.
    ///
    /// ## Why it matters
    /// Each service commits by itself. When the second one fails, or the first dies before it has heard the answer, the
    /// first change stands alone: an order without a payment, a text without its history. Somebody has to take it back,
    /// and remember through a crash that it must be taken back: that is what a saga is.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service orders, payments
    /// database orders_db, payments_db : postgres
    /// app -> orders -> orders_db
    /// orders -> payments { saga = choreography } // finding: "a saga over a call that is waited for"
    /// payments -> payments_db
    /// flow buy { writes; app -> orders -> orders_db, payments; payments -> payments_db }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service orders
    /// queue charges : sqs { max_length = 1M, on_full = reject, dead_letter }
    /// worker payments { idempotent }
    /// database orders_db, payments_db : postgres
    /// app -> orders -> orders_db
    /// orders ~> charges ~> payments -> payments_db
    /// flow buy { writes; app -> orders -> orders_db; orders ~> charges ~> payments -> payments_db }
    /// ```
    ///
    /// ## How it is detected
    /// In one request that may write, two services each call a database of their own, to which nobody else writes, by links that
    /// do not only read, and one service calls the other while somebody waits. Advice; a warning where that call is called a `saga`: a
    /// saga that lives in a call that is waited for dies with it. A `saga` on the flow or on a service, which says that
    /// somebody takes the first change back, makes it silent, and so does a `because`. There is no fix: what undoes a change is the
    /// design's decision.
    ///
    /// ## Known false alarms
    /// The second write is of no matter by itself: make the link `optional`.
    ///
    /// ## An interviewer asks
    /// The second service has committed, and the first never hears of it. What do the users see, and what puts it right?
    ///
    /// ## References
    /// - H. Garcia-Molina, K. Salem, Sagas, SIGMOD 1987.
    /// - C. Richardson, *Microservices Patterns*, chapter 4.
    static RULE = {
        code: "LP420",
        summary: "one request that changes stores of several services, and nothing that undoes it",
        levels: [Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut told = FxHashSet::default();
    for (journey, touched) in cx.analysis.journeys.iter().zip(cx.analysis.touched(cx.architecture)) {
        let is_undone = journey
            .properties(cx.architecture)
            .is_some_and(|it| it.has(Property::Saga) || it.has(Property::Because));
        if !journey.mode.writes || is_undone {
            continue;
        }
        let owned = owned(cx, touched);
        for id in &touched.links {
            let call = cx.architecture.link(*id);
            let of = |service: ComponentId| owned.iter().find(|it| it.source == service).copied();
            if call.is_async() || call.is_reads_only() || call.has(Property::Because) {
                continue;
            }
            if let (Some(first), Some(second)) = (of(call.source), of(call.target))
                && told.insert(call.id)
            {
                report(cx, findings, &journey.name, call, first, second);
            }
        }
    }
}

/// The writes of a journey to a database that one service alone writes to.
fn owned<'a>(cx: &'a Context, touched: &Touched) -> Vec<&'a Link> {
    let architecture = cx.architecture;
    let is_own = |link: &Link| {
        let (service, store) = architecture.ends(link);
        let others =
            architecture.links_to(store.id).filter(|it| !it.is_reads_only() && it.source != service.id);
        service.kind == Kind::Service
            && store.kind == Kind::Database
            && store.known().get(|facts| facts.is_system_of_record) != Some(false)
            && !store.is_replica()
            && !link.is_reads_only()
            && !link.is_async()
            && !link.is_beside_the_path()
            && !service.has(Property::Saga)
            && others.count() == 0
    };
    touched.links.iter().map(|id| architecture.link(*id)).filter(|link| is_own(link)).collect()
}

fn report(cx: &Context, findings: &mut Findings, flow: &str, call: &Link, first: &Link, second: &Link) {
    let name = |id: ComponentId| -> &Component { cx.architecture.component(id) };
    let (one, other) = (name(first.target), name(second.target));
    let is_called_saga = call.has(Property::Saga);
    let (severity, message) = if is_called_saga {
        let message = format!(
            "a saga over a call that is waited for is gone with its caller: `{}` and `{}` are then apart",
            one.name, other.name
        );
        (Severity::Warning, message)
    } else {
        let message = format!(
            "a request of `{flow}` changes `{}` and `{}`, and nothing undoes the first when the second fails",
            one.name, other.name
        );
        (Severity::Advice, message)
    };
    let mut finding = findings.on_link(severity, cx.architecture, call, "commits after, or never", message);
    finding.label(one.name.as_str(), one.span, "changed first");
    finding.label(other.name.as_str(), other.span, "changed by another service");
    if let Some(span) = call.span(Property::Saga) {
        finding.place(span, "stated here");
    }
    finding.flow(flow);
    finding.note("two commits are no transaction: a crash between them leaves the first standing alone");
    finding.help(format!(
        "keep both in one store and one transaction; or send `{}` an event by an outbox and a queue, and say what takes the \
         first change back",
        name(call.target).name
    ));
}
