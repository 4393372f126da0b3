use rustc_hash::FxHashSet;

use super::{Context, Findings, declare_rule};
use crate::analysis::touched;
use crate::diagnostic::Severity;
use crate::model::{Component, Property};
use crate::source::Span;

declare_rule! {
    /// Finds money that is written under a consistency that may lose or double it.
    ///
    /// ## Why it matters
    /// Under eventual consistency two writes that each look right by themselves may be wrong together: a balance is spent
    /// twice, the last seat is sold to two people. What is wrong is found at the end of the month, and put right by hand.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service pay
    /// database ledger : postgres { data = [financial] }
    /// app -> pay -> ledger
    /// flow transfer { writes, consistency = eventual; app -> pay -> ledger } // finding: "`transfer` writes money to `ledger` under eventual consistency"
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service pay
    /// database ledger : postgres { data = [financial] }
    /// app -> pay -> ledger
    /// flow transfer { writes, consistency = strong; app -> pay -> ledger }
    /// ```
    ///
    /// ## How it is detected
    /// A flow that writes comes while somebody waits to a store that states the data class `financial`, and the nearest of
    /// link, store, flow and system that speaks of consistency says `eventual` or `weak`; an engine that is eventual by
    /// default is the same where nothing is said, as a warning (assumed). There is no fix: the store may have to change.
    ///
    /// ## Known false alarms
    /// Records that are only added and never decided by, such as a copy of receipts: state `immutable` on the store.
    ///
    /// ## An interviewer asks
    /// Two people buy the last ticket at once. Where is it decided who gets it?
    ///
    /// ## References
    /// - P. Helland, Life beyond Distributed Transactions, CIDR 2007.
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 7, "Write skew and phantoms".
    static RULE = {
        code: "LP405",
        summary: "money written under eventual consistency",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let mut told = FxHashSet::default();
    for (journey, touched) in cx.analysis.journeys.iter().zip(cx.analysis.touched(cx.architecture)) {
        if !journey.mode.writes {
            continue;
        }
        for (link, store) in touched.calls(cx.architecture) {
            let is_money = store.kind.is_store()
                && store.data_classes().iter().any(|class| class == "financial")
                && !store.has(Property::Immutable)
                && !store.is_replica();
            if !is_money || link.is_reads_only() || link.is_async() || told.contains(&store.id) {
                continue;
            }
            let own = [
                (&link.properties, cx.architecture.link_name(link)),
                (&store.properties, store.name.to_string()),
            ]
            .into_iter()
            .find_map(|(it, element)| {
                Some((it.word(Property::Consistency)?.to_owned(), element, it.span(Property::Consistency)?))
            });
            let asked = || {
                touched::asked(cx.architecture, journey, Property::Consistency)
                    .map(|it| (it.word, it.element, it.span))
            };
            let usual =
                || Some((store.engine()?.facts.consistency?.to_owned(), store.name.to_string(), store.span));
            let stated = own.or_else(asked);
            let is_assumed = stated.is_none();
            let Some((word, element, span)) = stated.or_else(usual) else { continue };
            if word == "eventual" || word == "weak" {
                told.insert(store.id);
                report(findings, &journey.name, store, &word, (element, span), is_assumed);
            }
        }
    }
}

fn report(
    findings: &mut Findings,
    flow: &str,
    store: &Component,
    word: &str,
    (element, span): (String, Span),
    is_assumed: bool,
) {
    let by = match store.engine().filter(|_| is_assumed) {
        Some(engine) => format!(", as {} comes (assumed)", engine.title),
        None => String::new(),
    };
    let message = format!("`{flow}` writes money to `{}` under {word} consistency{by}", store.name);
    let severity = if is_assumed { Severity::Warning } else { Severity::Error };
    let mut finding = if is_assumed {
        findings.on_component(severity, store, "holds money", message)
    } else {
        let mut finding = findings.report(severity, element, span, format!("{word} is enough here"), message);
        finding.label(store.name.as_str(), store.span, "holds money");
        finding
    };
    finding.flow(flow);
    finding.note("what two requests decide by the same balance, seat or stock may be given away twice");
    finding.help("ask for `consistency = strong` on this flow, and let one transaction of one store decide");
}
