use rustc_hash::FxHashMap;

use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{self, Answer, Asked, Behind, Level, Reader, Why};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{ComponentId, Property};

declare_rule! {
    /// Finds reads that must miss nothing and are answered by a copy that follows later.
    ///
    /// ## Why it matters
    /// A strong read sees every write that was confirmed before it. A copy that follows asynchronously has not got the
    /// last of them yet, and does not know it: it answers at once, and wrongly.
    ///
    /// ## Example
    /// ```arch
    /// client trader
    /// service quotes
    /// database prices : postgres
    /// database prices_read : postgres x3 { lag = 500ms } // finding: "may be 500 ms behind"
    /// trader -> quotes
    /// quotes -> prices { writes }
    /// quotes -> prices_read { reads }
    /// prices ~> prices_read : replication
    /// flow quote { reads, rate = 200/s, consistency = strong
    ///   trader -> quotes -> prices_read
    /// }
    /// flow update { writes, rate = 40/s
    ///   trader -> quotes -> prices
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client trader
    /// service quotes
    /// database prices : postgres
    /// database prices_read : postgres x3 { lag = 500ms }
    /// trader -> quotes
    /// quotes -> prices
    /// quotes -> prices_read { reads }
    /// prices ~> prices_read : replication
    /// flow quote { reads, consistency = strong
    ///   trader -> quotes -> prices
    /// }
    /// flow browse { reads, consistency = eventual
    ///   trader -> quotes -> prices_read
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// `consistency = strong` is asked by a flow, else by the system, and a store on the way of its reads is a copy that
    /// follows another by `~>`, or says `consistency = eventual` or `weak` itself. It is a warning where nodes of one store
    /// follow asynchronously, because reads may be kept to one of them, and where only the catalogue says that an engine
    /// answers eventually. A store or link that states `consistency = strong` reads from the node that takes the writes. What
    /// states the opposite is an exception from what the system asks, and not from what a flow asks. Caches are told of by
    /// `stale-cache-on-strong`, quorums by `weak-quorum`. No fix is offered: which of the two gives way is the design's choice.
    ///
    /// ## Known false alarms
    /// Reads that wait until the copy has come to a known position, or that are sent to the first node by the driver: state
    /// `consistency = strong` on the link.
    ///
    /// ## An interviewer asks
    /// I have just been told that my write is done, and I read at once. What do I get, and from which node?
    ///
    /// ## A good answer
    /// - that a read which may miss nothing goes to the primary or a quorum
    /// - which reads may be answered by a copy, and how old those are
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5: problems with replication lag.
    /// - M. Herlihy and J. Wing, "Linearizability", 1990.
    static RULE = {
        code: "LP401",
        summary: "reads that must miss nothing, from a copy that follows later",
        levels: [Error, Warning],
    }
}

/// What a store answers late, and to whom.
struct Late {
    answer: Answer,
    behind: Behind,
    asked: Asked<Level>,
    journeys: Vec<usize>,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut found: Vec<Late> = Vec::new();
    let mut places: FxHashMap<ComponentId, usize> = FxHashMap::default();
    let mut reader = Reader::new(cx.architecture);
    for (at, journey) in cx.analysis.journeys.iter().enumerate() {
        let asked = consistency::asked(cx.architecture, journey).filter(|it| it.what == Level::Strong);
        let Some(asked) = asked else { continue };
        let answers = reader.answers(journey);
        for answer in &answers {
            let Some(behind) = behind(cx, &answers, *answer, &asked) else { continue };
            if let Some(place) = places.get(&answer.store) {
                found[*place].journeys.push(at);
                continue;
            }
            places.insert(answer.store, found.len());
            found.push(Late { answer: *answer, behind, asked: asked.clone(), journeys: vec![at] });
        }
    }
    for late in &found {
        report(cx, findings, late);
    }
}

fn behind(cx: &Context, answers: &[Answer], answer: Answer, asked: &Asked<Level>) -> Option<Behind> {
    let store = cx.architecture.component(answer.store);
    if store.kind == Kind::Cache && !store.has(Property::SourceOfTruth) {
        return None;
    }
    let behind = consistency::behind(cx.architecture, store, cx.architecture.link(answer.link))?;
    match behind.why {
        // The nearer statement is an exception from what is asked of the whole.
        Why::Stated(_) if asked.is_of_the_system() => None,
        Why::Copy(copy) => {
            let primary = cx.architecture.link(copy).source;
            (!consistency::asks_both(cx.architecture, answers, answer, primary)).then_some(behind)
        }
        _ => Some(behind),
    }
}

fn report(cx: &Context, findings: &mut Findings, late: &Late) {
    let store = cx.architecture.component(late.answer.store);
    let name = &store.name;
    let flow = &cx.analysis.journeys[late.journeys[0]].name;
    let lag = late.behind.lag;
    let behind = lag.map_or_else(|| "behind".to_owned(), |it| format!("{it} behind"));
    let (severity, label, help) = match late.behind.why {
        Why::Copy(copy) => {
            let primary = &cx.architecture.component(cx.architecture.link(copy).source).name;
            (
                Severity::Error,
                format!("follows `{primary}` later"),
                format!(
                    "read from `{primary}` in `{flow}`, or let `{primary}` wait for its copy (`->` with \
                     `replication = sync`); or ask only `consistency = eventual` of `{flow}`"
                ),
            )
        }
        Why::Stated(_) => (
            Severity::Error,
            "answers eventually, as it says".to_owned(),
            format!("read where the writes go in `{flow}`, or ask only `consistency = eventual` of it"),
        ),
        Why::Nodes => (
            Severity::Warning,
            "its nodes follow one of them later, and all are read".to_owned(),
            "keep these reads to the node that takes the writes (`consistency = strong` on the link), or confirm a \
             write when a majority has it: `replication = quorum`"
                .to_owned(),
        ),
        Why::Engine(engine) => (
            Severity::Warning,
            format!("{engine} answers from any node, unless asked otherwise"),
            "ask for strong reads where the engine has them, and say so: `consistency = strong` on the link".to_owned(),
        ),
    };
    let assumed = if late.behind.is_assumed { " (assumed)" } else { "" };
    let what = match late.behind.why {
        Why::Engine(_) => format!("answers eventually{assumed}"),
        _ => format!("may be {behind}"),
    };
    let message = format!("reads of `{flow}` must miss nothing, and `{name}`, which answers them, {what}");
    let mut finding = findings.on_component(severity, store, label, message);
    finding.label(late.asked.element.clone(), late.asked.span, "strong reads are asked here");
    if let Why::Stated(span) = late.behind.why {
        finding.place(span, "stated here");
    }
    if let Why::Copy(copy) = late.behind.why {
        let copy = cx.architecture.link(copy);
        finding.label(cx.architecture.link_name(copy), copy.span, "nobody waits for this copy");
    }
    for at in &late.journeys {
        finding.flow(cx.analysis.journeys[*at].name.as_str());
    }
    if late.journeys.len() > 1 {
        finding
            .note(format!("it answers {}", figures::count(late.journeys.len(), "such flow", "such flows")));
    }
    let written_to = match late.behind.why {
        Why::Copy(copy) => cx.architecture.link(copy).source,
        _ => store.id,
    };
    let under_way = lag.and_then(|it| consistency::lost(&cx.analysis.load, written_to, it.time));
    finding.note(match under_way.filter(|it| it.value >= 1.0) {
        Some(writes) => {
            format!("at any time it lacks the last {}, and does not know it", consistency::told(&writes))
        }
        None => {
            "a copy does not know what it lacks: it answers at once, with what was there before".to_owned()
        }
    });
    finding.help(help);
}
