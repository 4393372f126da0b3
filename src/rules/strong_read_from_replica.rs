use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::touched::{self, Asked};
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, Link, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds reads that must be strong and are answered by a copy that may be behind.
    ///
    /// ## Why it matters
    /// A copy that follows asynchronously answers with what was true some time ago. Where a flow asks for the latest,
    /// a user sees an order that is not there, and a service decides by a balance that has changed.
    ///
    /// ## Example
    /// ```arch
    /// client browser
    /// service shop
    /// database orders : postgres
    /// database orders_copy : postgres { lag = 2s }
    /// browser -> shop -> orders { writes }
    /// shop -> orders_copy { reads } // finding: "`look` asks for strong reads, and `orders_copy` may be 2 s behind `orders`"
    /// orders ~> orders_copy : replication
    /// flow look { reads, consistency = strong; browser -> shop -> orders_copy }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client browser
    /// service shop
    /// database orders : postgres
    /// database orders_copy : postgres { lag = 2s }
    /// browser -> shop -> orders
    /// shop -> orders_copy { reads }
    /// orders ~> orders_copy : replication
    /// flow look { reads, consistency = strong; browser -> shop -> orders }
    /// flow list { reads, consistency = eventual; browser -> shop -> orders_copy }
    /// ```
    ///
    /// ## How it is detected
    /// A flow, or the system, asks `consistency = strong`, reads, and comes while somebody waits to a store that another
    /// one copies to asynchronously (`~>`, or a stated `lag`), or to one that says itself, or by its engine's default
    /// (assumed: then it is a warning), that it is eventual. A link or a store that states `consistency = strong` is taken
    /// at its word. Of a store with asynchronous replicas of its own, strong reads are taken to go to the primary. There is
    /// no fix: which store should answer is a choice.
    ///
    /// ## Known false alarms
    /// Copies that are read only where they have caught up with the writer: state `consistency = strong` on the link.
    ///
    /// ## An interviewer asks
    /// I write, and read at once: which node answers me, and how far may it be behind?
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 5, "Problems with replication lag".
    static RULE = {
        code: "LP401",
        summary: "a strong read that a copy answers which may be behind",
        levels: [Error, Warning],
    }
}

/// What makes an answer old.
struct Late<'a> {
    /// The store that is copied, where it is a copy.
    of: Option<&'a Component>,
    lag: Option<Duration>,
    is_assumed: bool,
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut told = FxHashSet::default();
    for (journey, touched) in cx.analysis.journeys.iter().zip(cx.analysis.touched(cx.architecture)) {
        if !journey.mode.reads {
            continue;
        }
        let Some(asked) = touched::asked(cx.architecture, journey, Property::Consistency) else { continue };
        if asked.word != "strong" {
            continue;
        }
        for (link, store) in touched.calls(cx.architecture) {
            if link.is_writes_only() || !told.insert(link.id) {
                continue;
            }
            if let Some(late) = late(cx.architecture, link, store) {
                report(cx, findings, &journey.name, &asked, link, &late);
            }
        }
    }
}

fn late<'a>(architecture: &'a Architecture, link: &Link, store: &'a Component) -> Option<Late<'a>> {
    let stated =
        [&link.properties, &store.properties].into_iter().find_map(|it| it.word(Property::Consistency));
    if !store.kind.is_store() || stated == Some("strong") {
        return None;
    }
    let copies = architecture
        .links_to(store.id)
        .find(|it| it.copies_data() && (it.is_async() || it.has(Property::Lag) || store.has(Property::Lag)));
    let lag = |copy: Option<&Link>| {
        copy.and_then(|it| it.duration(Property::Lag)).or_else(|| store.duration(Property::Lag))
    };
    if let Some(copy) = copies.filter(|_| store.is_replica()) {
        let of = Some(architecture.component(copy.source));
        return Some(Late { of, lag: lag(Some(copy)), is_assumed: false });
    }
    let usual = store.known().get(|facts| facts.consistency);
    match stated.or(usual) {
        Some("eventual" | "weak") => {
            let is_assumed = stated.is_none();
            Some(Late { of: None, lag: lag(None), is_assumed })
        }
        _ => None,
    }
}

fn report(cx: &Context, findings: &mut Findings, flow: &str, asked: &Asked, link: &Link, late: &Late) {
    let store = cx.architecture.component(link.target);
    let behind = late.lag.map_or_else(|| "behind".to_owned(), |lag| format!("{lag} behind"));
    let message = match late.of {
        Some(of) => {
            format!("`{flow}` asks for strong reads, and `{}` may be {behind} `{}`", store.name, of.name)
        }
        None if late.is_assumed => {
            let engine = store.engine().map_or(store.kind.title(), |it| it.title);
            format!(
                "`{flow}` asks for strong reads, and `{}` is eventual as {engine} comes (assumed)",
                store.name
            )
        }
        None => format!("`{flow}` asks for strong reads, and `{}` is eventual", store.name),
    };
    let severity = if late.is_assumed { Severity::Warning } else { Severity::Error };
    let mut finding = findings.on_link(severity, cx.architecture, link, "may answer with what was", message);
    finding.label(asked.element.clone(), asked.span, "asks for the latest");
    finding.label(
        store.name.as_str(),
        store.span,
        if late.of.is_some() { "a copy that follows" } else { "eventual" },
    );
    if let Some(of) = late.of {
        finding.label(of.name.as_str(), of.span, "holds the latest");
    }
    finding.flow(flow);
    finding.note(
        "what was just written may be missing in the answer, and whoever decides by it decides wrongly",
    );
    finding.help(match late.of {
        Some(of) => format!(
            "let this flow read `{}`, wait until the copy has its write, or ask for `consistency = eventual`",
            of.name
        ),
        None => format!(
            "ask `{}` for strong reads and state `consistency = strong` on the link, or ask for less",
            store.name
        ),
    });
}
