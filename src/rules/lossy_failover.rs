use super::{Context, Findings, declare_rule};
use crate::analysis::touched;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, Property, Replicas};
use crate::quantity::Duration;
use crate::source::Span;

declare_rule! {
    /// Finds failovers to a copy that may be behind, where nothing, or no more than so much, may be lost.
    ///
    /// ## Why it matters
    /// A copy that follows asynchronously lacks the last writes. When it is promoted they are gone, though their callers
    /// were told that they are kept; and when the old primary comes back, two histories stand side by side.
    ///
    /// ## Example
    /// ```arch
    /// client app { rate = 400/s }
    /// system "Orders" { durability = no_loss, peak_factor = 1 }
    /// service api
    /// database orders : postgres x2 { replication = async, lag = 1s, failover = 30s } // finding: "a failover of `orders` loses up to 1 s of writes: 400 at peak"
    /// app -> api -> orders { writes }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app { rate = 400/s }
    /// system "Orders" { durability = no_loss, peak_factor = 1 }
    /// service api
    /// database orders : postgres x2 { replication = sync, failover = 30s }
    /// app -> api -> orders { writes }
    /// ```
    ///
    /// ## How it is detected
    /// A store has copies that follow asynchronously, as it or the link to them says (`replication = async`, `~>`), or as its
    /// engine comes (assumed), and one of them takes over: a `failover` that is not `none`, or something that `manages` it. It, a
    /// flow that writes to it, or the system asks `durability = no_loss`, or an `rpo` that is shorter than the `lag`; or copies
    /// in another region are promoted by something, where nothing is said of what may be lost: then it is a warning. What is
    /// lost is the writes at peak × the lag (stated, else the catalogue's). There is no fix: synchronous copies cost time.
    ///
    /// ## Known false alarms
    /// A person decides whether to promote, and first looks what is missing: state `failover = manual`.
    ///
    /// ## An interviewer asks
    /// The primary is cut off for 43 seconds and a copy is promoted. What happens to the writes of these seconds?
    ///
    /// ## References
    /// - GitHub, October 21 post-incident analysis, 2018.
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Leader failure: failover".
    static RULE = {
        code: "LP403",
        summary: "a failover that loses the writes its copy has not got",
        levels: [Error, Warning],
    }
}

/// Copies of a store that are behind.
struct Behind<'a> {
    store: &'a Component,
    /// The copy that is drawn, and where it is linked.
    copy: Option<(&'a Component, Span)>,
    lag: Option<Duration>,
    is_lag_assumed: bool,
    is_assumed: bool,
    /// Whether the copy stands in another region.
    is_far: bool,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let stores = cx.architecture.components().filter(|it| it.kind.is_store() && !it.is_replica());
    for behind in stores.filter_map(|store| behind(cx, store)) {
        if let Some(asked) = asked(cx, &behind) {
            report(cx, findings, &behind, &asked);
        }
    }
}

fn behind<'a>(cx: &'a Context, store: &'a Component) -> Option<Behind<'a>> {
    if store.is(Property::Failover, "manual") {
        return None;
    }
    let architecture = cx.architecture;
    let usual_lag = || store.known().get(|facts| facts.lag).map(|it| it.duration());
    let is_promoted = store.has_failover() || store.is_promoted_by_another();
    let own = store.word(Property::Replication);
    let region = |id| architecture.enclosing(id, crate::model::GroupKind::Region);
    let mut copies: Vec<_> = architecture
        .links_from(store.id)
        .filter(|it| it.copies_each_write() && it.is_async() && !it.is(Property::Replication, "sync"))
        .filter(|it| {
            architecture.component(it.target).kind.is_store() && own.is_none_or(|word| word == "async")
        })
        .collect();
    // The farthest loses most.
    copies.sort_by_key(|it| region(it.target) == region(store.id));
    if let Some(link) = copies.first().filter(|_| is_promoted) {
        let copy = architecture.component(link.target);
        let lag = link.duration(Property::Lag).or_else(|| copy.duration(Property::Lag));
        let is_far = region(copy.id) != region(store.id);
        return Some(Behind {
            store,
            copy: Some((copy, link.span)),
            lag: lag.or_else(usual_lag),
            is_lag_assumed: lag.is_none(),
            is_assumed: false,
            is_far,
        });
    }
    let has_copies = matches!(store.replicas, Replicas::Stated { least, most } if most.unwrap_or(least) > 1);
    let usual = store.engine().and_then(|it| it.facts.replication);
    if !has_copies || !store.has_failover() || own.or(usual) != Some("async") {
        return None;
    }
    let lag = store.duration(Property::Lag);
    let is_assumed = own.is_none();
    Some(Behind {
        store,
        copy: None,
        lag: lag.or_else(usual_lag),
        is_lag_assumed: lag.is_none(),
        is_assumed,
        is_far: false,
    })
}

/// What is asked of its writes, and whether that is broken for sure.
enum Asked {
    NoLoss(String, Span),
    Rpo(Duration, String, Span),
    /// Nothing is said, and a copy far away is promoted.
    Nothing,
}

fn asked(cx: &Context, behind: &Behind) -> Option<Asked> {
    let store = behind.store;
    let touched = cx.analysis.touched(cx.architecture);
    let writers = || {
        cx.analysis.journeys.iter().zip(touched).filter(|(journey, touched)| {
            journey.mode.writes && touched.calls(cx.architecture).any(|(_, it)| it.id == store.id)
        })
    };
    let own = |property| Some((store.name.to_string(), store.span(property)?));
    let system = &cx.architecture.system.properties;
    let rpo = store.duration(Property::Rpo).zip(own(Property::Rpo)).or_else(|| {
        writers().find_map(|(journey, _)| {
            let of_flow = journey.properties(cx.architecture);
            let flow = of_flow.and_then(|it| {
                Some((it.duration(Property::Rpo)?, (journey.element.clone(), it.span(Property::Rpo)?)))
            });
            flow.or_else(|| {
                Some((system.duration(Property::Rpo)?, ("system".to_owned(), system.span(Property::Rpo)?)))
            })
        })
    });
    if let Some((rpo, (element, span))) = rpo {
        let lag = behind.lag?;
        return (lag > rpo).then_some(Asked::Rpo(rpo, element, span));
    }
    if let Some(word) = store.word(Property::Durability) {
        let (element, span) = own(Property::Durability)?;
        return (word == "no_loss").then_some(Asked::NoLoss(element, span));
    }
    let of_writers =
        writers().find_map(|(journey, _)| touched::asked(cx.architecture, journey, Property::Durability));
    match of_writers {
        Some(asked) => (asked.word == "no_loss").then_some(Asked::NoLoss(asked.element, asked.span)),
        None => (behind.is_far && store.is_promoted_by_another()).then_some(Asked::Nothing),
    }
}

fn report(cx: &Context, findings: &mut Findings, behind: &Behind, asked: &Asked) {
    let store = behind.store;
    let demand = cx.analysis.load.component(store.id);
    let writes = demand.peak.writes + demand.peak.other;
    let assumed = if behind.is_lag_assumed || behind.is_assumed { " (assumed)" } else { "" };
    let lost = match behind.lag {
        Some(lag) if demand.is_known() && writes.is_positive() => {
            format!("up to {lag} of writes{assumed}: {} at peak", figures::number(writes * lag))
        }
        Some(lag) => format!("up to {lag} of writes{assumed}"),
        None => "the writes that its copy has not got".to_owned(),
    };
    let rests_on_lag = matches!(asked, Asked::Rpo(..)) && behind.is_lag_assumed;
    let is_sure = !(behind.is_assumed || rests_on_lag || matches!(asked, Asked::Nothing));
    let severity = if is_sure { Severity::Error } else { Severity::Warning };
    let message = format!("a failover of `{}` loses {lost}", store.name);
    let mut finding = findings.on_component(severity, store, "its copies follow later", message);
    if let Some((copy, span)) = behind.copy {
        finding.place(span, "copied without waiting");
        finding.label(
            copy.name.as_str(),
            copy.span,
            if behind.is_far { "promoted, in another region" } else { "promoted" },
        );
    } else if let Some(span) = store.span(Property::Replication) {
        finding.place(span, "stated here");
    }
    match asked {
        Asked::NoLoss(element, span) => _ = finding.label(element.clone(), *span, "nothing may be lost"),
        Asked::Rpo(rpo, element, span) => {
            finding.label(element.clone(), *span, format!("no more than {rpo} may be lost"));
        }
        Asked::Nothing => {}
    }
    if behind.is_assumed {
        let engine = store.engine().map_or("it", |it| it.title);
        finding.note(format!("assumed: {engine} copies asynchronously unless told otherwise"));
    }
    finding.note("when the old primary comes back it has writes that nobody else has: two histories to be merged by hand");
    finding.help(match asked {
        Asked::Nothing => {
            "let nothing promote a copy across regions by itself (`failover = manual`), copy synchronously, or say what may \
             be lost (`rpo`)"
        }
        _ => "copy synchronously, or to a quorum (`replication = quorum`); or say what may be lost (`rpo = 1min`)",
    });
}
