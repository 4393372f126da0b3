use super::{Context, Findings, declare_rule};
use crate::analysis::asking;
use crate::analysis::consistency::{self, Asked, Asking};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Component, ComponentId, Property};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds caches that confirm writes which nobody else has yet.
    ///
    /// ## Why it matters
    /// A write-behind cache says "done" and writes to the store later. What it holds until then is in one memory: when the
    /// node goes, so does everything that was confirmed since the last flush.
    ///
    /// ## Example
    /// ```arch
    /// client phone
    /// service game
    /// cache scores : redis { strategy = write_behind, flush_interval = 5s } // finding: "loses up to 10 000 writes"
    /// database ledger : postgres { durability = no_loss }
    /// phone -> game -> scores -> ledger
    /// flow play { writes, rate = 500/s, peak = 2k/s
    ///   phone -> game -> scores -> ledger
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client phone
    /// service game
    /// cache scores : redis { strategy = write_through }
    /// database ledger : postgres { durability = no_loss }
    /// phone -> game -> scores -> ledger
    /// flow play { writes, rate = 500/s, peak = 2k/s
    ///   phone -> game -> scores -> ledger
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// `strategy = write_behind` on a cache that states no `persistence` and no `replication = sync` or `quorum`. What is lost
    /// is writes × flush interval, at the stated peak, else on average. It is an error where `durability = no_loss` is asked of
    /// the cache or of what it writes to, or where the flush interval is longer than the `rpo`; a warning where nothing is
    /// asked, or the interval is not stated beside an `rpo`. It is silent where an `rpo` covers the interval, where
    /// `durability = best_effort` is stated, and where few use the design and ask for nothing. No fix is offered: another
    /// strategy costs each write a round trip to the store.
    ///
    /// ## Known false alarms
    /// Writes that a log in front of the cache keeps as well: say `persistence` on the cache.
    ///
    /// ## An interviewer asks
    /// The cache confirmed the write, and the power goes before the flush. Who knows about it?
    ///
    /// ## A good answer
    /// - that it is gone, and how many writes that are at most
    /// - that what must not be lost is written to the store before it is confirmed
    ///
    /// ## References
    /// - AWS whitepaper "Database Caching Strategies Using Redis".
    /// - Redis documentation, "Persistence".
    static RULE = {
        code: "LP402",
        summary: "a cache that confirms writes which nobody else has yet",
        levels: [Error, Warning],
    }
}

/// What is asked of the writes that a cache holds back.
enum Breaks {
    NoLoss(Asked<()>),
    Rpo(Asked<Duration>),
    /// Nothing is asked.
    Nothing,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut asking = None;
    for cache in cx.architecture.of_kind(Kind::Cache).filter(|it| holds_writes_alone(it)) {
        let asking = asking.get_or_insert_with(|| Asking::of(cx.architecture, cx.analysis));
        let flush = cache.duration(Property::FlushInterval);
        let held: Vec<ComponentId> = held(cx, cache);
        let mut all = held.iter().map(|id| cx.architecture.component(*id));
        if let Some(asked) = all.clone().find_map(|it| asking.no_loss(it)) {
            report(cx, findings, cache, &Breaks::NoLoss(asked));
        } else if let Some(rpo) = all.clone().find_map(|it| asking.rpo(it)) {
            if flush.is_none_or(|flush| flush > rpo.what) {
                report(cx, findings, cache, &Breaks::Rpo(rpo));
            }
        } else if !all.any(|it| asking.best_effort(it).is_some())
            && !asking::is_small(cx.architecture, cx.analysis)
        {
            report(cx, findings, cache, &Breaks::Nothing);
        }
    }
}

fn holds_writes_alone(cache: &Component) -> bool {
    cache.is(Property::Strategy, "write_behind")
        && !cache.has(Property::Persistence)
        && !cache.is(Property::Replication, "sync")
        && !cache.is(Property::Replication, "quorum")
}

/// The cache, and the stores whose writes it holds.
fn held(cx: &Context, cache: &Component) -> Vec<ComponentId> {
    let written = cx.architecture.links_from(cache.id).filter(|link| !link.is_reads_only());
    let written = written.map(|link| link.target).filter(|id| cx.architecture.component(*id).kind.is_store());
    std::iter::once(cache.id)
        .chain(cx.architecture.references(cache, Property::Caches))
        .chain(written)
        .collect()
}

fn report(cx: &Context, findings: &mut Findings, cache: &Component, breaks: &Breaks) {
    let name = &cache.name;
    let flush = cache.duration(Property::FlushInterval);
    let writes = flush.and_then(|it| consistency::lost(&cx.analysis.load, cache.id, it));
    let lost = match (&writes, flush) {
        (Some(writes), _) => format!("a crash of `{name}` loses up to {} writes", whole(writes.value)),
        (None, Some(flush)) => format!("a crash of `{name}` loses the writes of up to {flush}"),
        (None, None) => format!("a crash of `{name}` loses what it has not written on yet"),
    };
    let (severity, asked) = match breaks {
        Breaks::NoLoss(_) => (Severity::Error, ", and nothing may be lost".to_owned()),
        Breaks::Rpo(rpo) if flush.is_some() => {
            (Severity::Error, format!(", and no more than {} may be lost", rpo.what))
        }
        Breaks::Rpo(rpo) => (Severity::Warning, format!(", and no more than {} may be lost", rpo.what)),
        Breaks::Nothing => (Severity::Warning, " that it has confirmed".to_owned()),
    };
    let label = flush.map_or_else(
        || "writes to its store later".to_owned(),
        |flush| format!("writes to its store every {flush}"),
    );
    let mut finding = findings.on_component(severity, cache, label, format!("{lost}{asked}"));
    if let Some(span) = cache.span(Property::FlushInterval).or(cache.span(Property::Strategy)) {
        finding.place(span, "stated here");
    }
    let place: Option<(&str, Span, String)> = match breaks {
        Breaks::NoLoss(it) => Some((&it.element, it.span, "no loss is asked here".to_owned())),
        Breaks::Rpo(it) => Some((&it.element, it.span, format!("a loss of {} is allowed here", it.what))),
        Breaks::Nothing => None,
    };
    if let Some((element, span, text)) = place {
        finding.label(element, span, text);
    }
    if let Some(writes) = writes {
        finding.note(format!("{} are confirmed from one flush to the next", consistency::told(&writes)));
    }
    finding
        .note("until the flush they are in one memory, and whoever wrote has been told that they are safe");
    finding.help(match breaks {
        Breaks::Rpo(rpo) => format!(
            "flush within {} (`flush_interval = {}`), or confirm when the store has it (`strategy = write_through`)",
            rpo.what, rpo.what
        ),
        Breaks::NoLoss(_) => "confirm a write when the store has it (`strategy = write_through`), or put a durable log \
                              before the cache"
            .to_owned(),
        Breaks::Nothing => "say `durability = best_effort` if they may be lost, or confirm a write when the store has it \
                            (`strategy = write_through`)"
            .to_owned(),
    });
}

/// A number of writes, of which a part is none.
fn whole(writes: f64) -> String {
    crate::figures::number(writes.ceil())
}
