use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{self, Asked, Asking, Unsafe};
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds stores whose last writes are lost when a copy takes over, where they must not be.
    ///
    /// ## Why it matters
    /// An asynchronous copy is behind. When it takes over, what it had not got is gone, though it was confirmed: orders that
    /// nobody remembers, keys that are given out twice. When the old primary comes back, the two no longer agree.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// database orders : postgres x2 { // finding: "200/s × 2 s = 400"
    ///   replication = async
    ///   lag         = 2s
    ///   failover    = 30s
    ///   durability  = no_loss
    /// }
    /// browser -> shop -> orders
    /// flow order { writes, rate = 100/s, peak = 200/s
    ///   browser -> shop -> orders
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// database orders : postgres x2 { replication = sync, failover = 30s, durability = no_loss }
    /// browser -> shop -> orders
    /// flow order { writes, rate = 100/s, peak = 200/s
    ///   browser -> shop -> orders
    /// }
    /// ```
    ///
    /// The only copy is further behind than a disaster may cost:
    /// ```arch
    /// system "Code host" { rpo = 1h }
    /// client user
    /// service web
    /// database main : postgres x1 // finding: "4 h behind, and a loss of 60 min is allowed"
    /// database copy : postgres x1
    /// user -> web -> main
    /// main ~> copy : replication { lag = 4h }
    /// ```
    ///
    /// ## How it is detected
    /// Every copy of a store follows later: its own nodes by `replication = async`, or components that it copies to by `~>`.
    /// A failover of such a store under `durability = no_loss` is an error; so is a stated `lag` over the `rpo`, unless a
    /// `backup` is made more often. It is a warning where only the catalogue knows how an engine's copies follow or how far
    /// they are behind, and where no loss is asked by `on_partition = consistent` alone. What is lost is writes × lag, at the
    /// stated peak, else on average. Where no loss is asked of a store that fails over and nothing says how its copies follow,
    /// that is asked once a design. The nearest of store, link, flow and system says what is asked. No fix is offered:
    /// waiting for a copy costs each write a round trip.
    ///
    /// ## Known false alarms
    /// A failover that waits until the copy has caught up, or that only planned maintenance uses: allow it with that reason.
    ///
    /// ## An interviewer asks
    /// The primary dies, and the copy takes over a second later. Which writes are missing, and who finds out?
    ///
    /// ## A good answer
    /// - how many writes that are: those of a second, times the lag
    /// - why so many may be lost, or that a write waits for a copy, and what that costs in time
    /// - what is done with the old primary when it comes back
    ///
    /// ## References
    /// - GitHub, "October 21 post-incident analysis", 2018.
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5: leader failure.
    /// - AWS, "Disaster Recovery of Workloads on AWS": recovery point objective.
    static RULE = {
        code: "LP403",
        summary: "a failover to a copy that is behind, where nothing may be lost",
        levels: [Error, Warning, Advice],
    }
}

/// What the loss breaks.
enum Breaks {
    NoLoss(Asked<()>),
    Rpo(Asked<Duration>),
    Partition(Asked<()>),
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let asking = Asking::of(cx.architecture, cx.analysis);
    for one in consistency::unsafe_stores(cx.architecture) {
        let store = cx.architecture.component(one.store);
        if let Some(breaks) = breaks(&asking, store, &one) {
            report(cx, findings, &one, &breaks);
        }
    }
    ask(cx, findings, &asking);
}

fn breaks(asking: &Asking, store: &Component, one: &Unsafe) -> Option<Breaks> {
    if one.fails_over
        && let Some(asked) = asking.no_loss(store)
    {
        return Some(Breaks::NoLoss(asked));
    }
    let backup = store.duration(Property::Backup);
    let is_late = |rpo: Duration| one.lag.is_some_and(|it| it.time > rpo) && backup.is_none_or(|it| it > rpo);
    if let Some(rpo) = asking.rpo(store).filter(|it| is_late(it.what)) {
        return Some(Breaks::Rpo(rpo));
    }
    let may_lose = asking.best_effort(store).is_some() || asking.rpo(store).is_some();
    if !one.fails_over || may_lose || one.is_assumed {
        return None;
    }
    asking.on_partition(store, "consistent").map(Breaks::Partition)
}

fn report(cx: &Context, findings: &mut Findings, one: &Unsafe, breaks: &Breaks) {
    let store = cx.architecture.component(one.store);
    let name = &store.name;
    let copy = one.copy.map(|link| cx.architecture.link(link));
    let writes = one.lag.and_then(|it| consistency::lost(&cx.analysis.load, one.store, it.time));
    let is_figure_assumed = one.lag.is_some_and(|it| it.span.is_none());
    let by_nature = if one.is_assumed { " by nature (assumed)" } else { "" };
    let (severity, message) = match breaks {
        Breaks::NoLoss(_) => {
            let stated = writes.as_ref().filter(|_| !is_figure_assumed);
            let lost = stated.map_or_else(|| "the last writes".to_owned(), consistency::told);
            let severity = if one.is_assumed { Severity::Warning } else { Severity::Error };
            (severity, format!("a failover of `{name}` loses {lost}, and nothing may be lost"))
        }
        Breaks::Rpo(rpo) => {
            let lag = one.lag.map(|it| it.to_string()).unwrap_or_default();
            let severity =
                if is_figure_assumed || one.is_assumed { Severity::Warning } else { Severity::Error };
            (severity, format!("the copy of `{name}` is {lag} behind, and a loss of {} is allowed", rpo.what))
        }
        Breaks::Partition(_) => (
            Severity::Warning,
            format!("a failover of `{name}` loses the last writes, and consistency is to come first"),
        ),
    };
    let mut finding =
        findings.on_component(severity, store, format!("is copied later{by_nature}, not at once"), message);
    if let Some(span) = one.lag.and_then(|it| it.span) {
        finding.place(span, "so far behind");
    } else if let Some(span) = store.span(Property::Replication).filter(|_| copy.is_none()) {
        finding.place(span, "stated here");
    }
    if let Some(copy) = copy {
        finding.label(cx.architecture.link_name(copy), copy.span, "nobody waits for this copy");
    }
    let (element, span, text) = match breaks {
        Breaks::NoLoss(it) => (&it.element, it.span, "no loss is asked here".to_owned()),
        Breaks::Rpo(it) => (&it.element, it.span, format!("a loss of {} is allowed here", it.what)),
        Breaks::Partition(it) => (&it.element, it.span, "consistency comes first here".to_owned()),
    };
    finding.label(element.as_str(), span, text);
    match (writes, one.lag) {
        (Some(writes), Some(lag)) if is_figure_assumed => {
            finding.note(format!(
                "assumed: the copy is {} behind; that is {}",
                lag.time,
                consistency::told(&writes)
            ));
        }
        (Some(writes), _) if matches!(breaks, Breaks::Rpo(_)) => {
            finding.note(format!("that is {}", consistency::told(&writes)));
        }
        (None, Some(lag)) if is_figure_assumed => {
            finding.note(format!("assumed: the copy is {} behind", lag.time));
        }
        _ => {}
    }
    finding.note(
        "what was confirmed and not yet copied is gone, and the old primary no longer agrees when it returns",
    );
    finding.help(match breaks {
        Breaks::Rpo(rpo) => format!(
            "keep the copy within {} and watch that it is, or make a `backup` as often; nothing is lost with a copy that \
             is waited for (`replication = sync`)",
            rpo.what
        ),
        Breaks::Partition(_) => "let nobody but a person promote a copy that is behind, or confirm a write when a copy near by \
                                 has it as well (`replication = sync`)"
            .to_owned(),
        Breaks::NoLoss(_) => "confirm a write when a copy has it as well: `replication = sync` with a copy in another zone, or \
                              `replication = quorum` over three; or allow a loss: `rpo = 5s`"
            .to_owned(),
    });
}

/// Asks how copies follow where nothing may be lost and nothing says so.
fn ask(cx: &Context, findings: &mut Findings, asking: &Asking) {
    let is_open = |store: &&Component| {
        store.kind == crate::catalogue::Kind::Database
            && store.has_failover()
            && consistency::nodes(store).is_some_and(|it| it > 1)
            && !store.is_managed()
            && consistency::replication(store).is_none()
            && store.engine().is_none_or(|it| !it.facts.elects && !it.facts.consensus && !it.facts.masterless)
            && asking.no_loss(store).is_some()
    };
    let open: Vec<&Component> = cx.architecture.components().filter(is_open).collect();
    let in_words = |it: &&Component| {
        (it.name.to_string(), it.span, "does not say whether its copy has each write".to_owned())
    };
    let (count, labelled) = findings.open_of(cx.architecture, &open, in_words);
    let message = match labelled.as_slice() {
        [(only, ..)] if count == 1 => {
            format!(
                "nothing may be lost, and nothing says whether a failover of `{only}` loses the last writes"
            )
        }
        _ => format!(
            "nothing may be lost, and {count} stores do not say whether a failover loses the last writes"
        ),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &labelled, message) {
        finding
            .note(
                "most engines copy later as they come: a copy that takes over lacks what was confirmed last",
            )
            .help("say how copies follow: `replication = sync`, `async` or `quorum`");
    }
}
