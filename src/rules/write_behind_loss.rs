use super::{Context, Findings, declare_rule};
use crate::analysis::load::stores_behind;
use crate::analysis::touched;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds caches that hold writes back before they reach the store, and how much a crash of one costs.
    ///
    /// ## Why it matters
    /// A write-behind cache says "done" while the write is in its memory alone. When it crashes, all that has come since the
    /// last flush is gone, and everybody was told that it was kept.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 200/s }
    /// system "Likes" { peak_factor = 2, durability = no_loss }
    /// service api
    /// cache likes_cache : redis { caches = likes, strategy = write_behind, flush_interval = 5s } // finding: "a crash of `likes_cache` loses what was written in the last 5 s: 2 000 writes at peak"
    /// database likes : postgres
    /// app -> api -> likes_cache { writes }
    /// likes_cache ~> likes { writes }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 200/s }
    /// system "Likes" { peak_factor = 2, durability = no_loss }
    /// service api
    /// cache likes_cache : redis { caches = likes, strategy = write_through }
    /// database likes : postgres
    /// app -> api -> likes_cache { writes }
    /// likes_cache -> likes { writes }
    /// ```
    ///
    /// Or what may be lost:
    /// ```arch
    /// client app { rate = 200/s }
    /// system "Likes" { peak_factor = 2, durability = best_effort }
    /// service api
    /// cache likes_cache : redis { caches = likes, strategy = write_behind, flush_interval = 5s }
    /// database likes : postgres
    /// app -> api -> likes_cache { writes }
    /// likes_cache ~> likes { writes }
    /// ```
    ///
    /// ## How it is detected
    /// A cache states `strategy = write_behind`. What a crash loses is its writes at peak × `flush_interval`. It is an error
    /// where the store behind it, a flow that writes to it, or the system asks `durability = no_loss`; silent where
    /// `best_effort` is said; else a warning. There is no fix: the strategy is a trade of time against loss.
    ///
    /// ## Known false alarms
    /// A cache that keeps its log on a disk of its own before it answers: say `persistence = volume`.
    ///
    /// ## An interviewer asks
    /// The cache node dies. Which writes have you just lost, and who believes they are safe?
    ///
    /// ## References
    /// - System Design Primer, "Write-behind (write-back)".
    static RULE = {
        code: "LP402",
        summary: "writes that a cache holds back, and a crash of it loses",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let caches = cx.architecture.components();
    for cache in caches
        .filter(|it| it.is(Property::Strategy, "write_behind") && !it.is(Property::Persistence, "volume"))
    {
        match durability(cx, cache) {
            Some((word, _)) if word == "best_effort" => {}
            Some((_, asked)) => report(cx, findings, cache, Some(asked)),
            None => report(cx, findings, cache, None),
        }
    }
}

/// What is asked of the writes that it holds: by itself, by the store behind it, by who writes, by the system.
fn durability(cx: &Context, cache: &Component) -> Option<(String, (String, Span))> {
    let stores = stores_behind(cx.architecture, cache);
    let of_stores = stores.iter().map(|id| cx.architecture.component(*id));
    let own = std::iter::once(cache).chain(of_stores).find_map(|it| {
        let word = it.word(Property::Durability)?;
        Some((word.to_owned(), (it.name.to_string(), it.span(Property::Durability)?)))
    });
    own.or_else(|| {
        let touched = cx.analysis.touched(cx.architecture);
        cx.analysis.journeys.iter().zip(touched).find_map(|(journey, touched)| {
            let comes =
                touched.calls(cx.architecture).any(|(_, it)| it.id == cache.id) && journey.mode.writes;
            let asked = touched::asked(cx.architecture, journey, Property::Durability).filter(|_| comes)?;
            Some((asked.word, (asked.element, asked.span)))
        })
    })
}

fn report(cx: &Context, findings: &mut Findings, cache: &Component, asked: Option<(String, Span)>) {
    let demand = cx.analysis.load.component(cache.id);
    let writes = demand.peak.writes + demand.peak.other;
    let known = demand.is_known() && writes.is_positive();
    let message = match cache.duration(Property::FlushInterval) {
        Some(interval) if known => format!(
            "a crash of `{}` loses what was written in the last {interval}: {} writes at peak",
            cache.name,
            figures::number(writes * interval)
        ),
        Some(interval) => {
            format!("a crash of `{}` loses what was written in the last {interval}", cache.name)
        }
        None => format!("a crash of `{}` loses what was written since its last flush", cache.name),
    };
    let severity = if asked.is_some() { Severity::Error } else { Severity::Warning };
    let mut finding = findings.on_component(severity, cache, "holds writes back", message);
    if let Some(span) = cache.span(Property::FlushInterval).or_else(|| cache.span(Property::Strategy)) {
        finding.place(span, "stated here");
    }
    if let Some((element, span)) = asked {
        finding.label(element, span, "nothing may be lost");
    }
    for store in stores_behind(cx.architecture, cache).iter().take(3) {
        let store = cx.architecture.component(*store);
        finding.label(store.name.as_str(), store.span, "has not heard of them yet");
    }
    finding.note("whoever wrote it was told that it is kept");
    finding.help(
        "write through to the store (`strategy = write_through`), put the writes into a durable queue first, or say \
         `durability = best_effort`",
    );
}
