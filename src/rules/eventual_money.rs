use super::{Context, Findings, declare_rule};
use crate::analysis::consistency::{self, Asked, Level, Reader};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, Properties, Property};
use rustc_hash::FxHashMap;

declare_rule! {
    /// Finds money, stock and bookings that are decided upon what may be out of date.
    ///
    /// ## Why it matters
    /// A balance, a stock and a seat must not be given out twice. Whoever decides upon a value that may be behind does just
    /// that: each of two buyers sees the last seat.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service bank
    /// database balances : postgres { data = [financial] } // finding: "may decide on an old value"
    /// app -> bank -> balances
    /// flow transfer { writes, rate = 100/s, consistency = eventual
    ///   app -> bank -> balances
    /// }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service bank
    /// database balances : postgres { data = [financial] }
    /// app -> bank -> balances
    /// flow transfer { writes, rate = 100/s, consistency = strong
    ///   app -> bank -> balances
    /// }
    /// flow statement { reads, rate = 1k/s, consistency = eventual
    ///   app -> bank -> balances
    /// }
    /// ```
    ///
    /// ## How it is detected
    /// A flow writes to a database that holds `financial` data, or whose name or tag says payments, balances, stock, bookings and
    /// the like, and `consistency = eventual` or `weak` is stated by the database, by the flow, or by the system; the nearest
    /// wins. It is an error where the class of data is stated, a warning where it is known by a name or only the system
    /// asks. It is silent for flows that only read, and for copies, indexes and warehouses, upon which nobody decides. No fix is
    /// offered: to ask for more without building it would only hide the question.
    ///
    /// ## Known false alarms
    /// Ledgers that only ever add, with balances that may be made up for later (an overdraft, an overbooking that is paid
    /// for): allow it with that reason.
    ///
    /// ## An interviewer asks
    /// Two people take the last of it at the same moment. What does each of them see?
    ///
    /// ## A good answer
    /// - that one of them is refused, and where that is decided
    /// - that this asks the primary or a majority, and what it costs in time
    ///
    /// ## References
    /// - P. Helland, "Life beyond Distributed Transactions", 2007: uncertainty and the apology.
    /// - [CWE-362](https://cwe.mitre.org/data/definitions/362.html): race condition on a shared resource.
    static RULE = {
        code: "LP405",
        summary: "money, stock or bookings decided upon what may be out of date",
        levels: [Error, Warning],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() || !says_less(architecture) {
        return;
    }
    let mut reader = Reader::new(architecture);
    let mut found: FxHashMap<ComponentId, (Asked<Level>, Vec<usize>)> = FxHashMap::default();
    for (at, journey) in cx.analysis.journeys.iter().enumerate() {
        for answer in reader.written(journey) {
            let store = architecture.component(answer.store);
            if store.kind != Kind::Database || scarce(store).is_none() || is_derived(store) {
                continue;
            }
            let own = Level::of(store).zip(store.span(Property::Consistency));
            let own = own.map(|(what, span)| Asked { what, element: store.name.to_string(), span });
            let Some(asked) = own.or_else(|| consistency::asked(architecture, journey)) else { continue };
            if asked.what != Level::Strong {
                found.entry(store.id).or_insert_with(|| (asked, Vec::new())).1.push(at);
            }
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.sort_unstable_by_key(|(store, _)| *store);
    for (store, (asked, journeys)) in found {
        report(cx, findings, architecture.component(store), &asked, &journeys);
    }
}

/// Whether anything is content with less than strong: most designs say nothing of it.
fn says_less(architecture: &Architecture) -> bool {
    let is_less = |it: &Properties| Level::of(it).is_some_and(|it| it != Level::Strong);
    is_less(&architecture.system.properties)
        || architecture.flows().any(|it| is_less(it))
        || architecture.components().any(|it| is_less(it))
}

/// Whether it is a view of what is decided elsewhere.
fn is_derived(store: &Component) -> bool {
    let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
    store.is_replica()
        || store.has(Property::DerivedFrom)
        || matches!(model, Some("warehouse" | "time_series" | "search"))
}

/// What must not be given out twice, and whether the design says so or only a name does.
enum Scarce<'a> {
    Stated,
    Named(&'a str),
}

fn scarce(store: &Component) -> Option<Scarce<'_>> {
    if store.is(Property::Data, "financial") {
        return Some(Scarce::Stated);
    }
    let words = store.name.rsplit(['_', '-', '.']).chain(store.tags.iter().map(smol_str::SmolStr::as_str));
    words.into_iter().find(|word| is_scarce(word)).map(Scarce::Named)
}

/// Whether a word stands for what can be given out only once.
fn is_scarce(word: &str) -> bool {
    const WORDS: [&str; 10] = [
        "payment",
        "balance",
        "wallet",
        "ledger",
        "inventory",
        "stock",
        "booking",
        "reservation",
        "seat",
        "money",
    ];
    let word = word.to_ascii_lowercase();
    let one = word.strip_suffix("ies").map_or_else(|| word.clone(), |stem| format!("{stem}y"));
    WORDS.contains(&one.strip_suffix('s').unwrap_or(&one))
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    store: &Component,
    asked: &Asked<Level>,
    journeys: &[usize],
) {
    let name = &store.name;
    let flow = &cx.analysis.journeys[journeys[0]].name;
    let (is_stated, label) = match scarce(store) {
        Some(Scarce::Named(word)) => {
            (false, format!("keeps what can be given out once, by its name (`{word}`)"))
        }
        _ => (true, "holds financial data".to_owned()),
    };
    let severity = if is_stated && !asked.is_of_the_system() { Severity::Error } else { Severity::Warning };
    let message =
        format!("`{flow}` may decide on an old value of `{name}`: its consistency is {}", asked.what.name());
    let mut finding = findings.on_component(severity, store, label, message);
    if is_stated && let Some(span) = store.span(Property::Data) {
        finding.place(span, "stated here");
    }
    finding.label(
        asked.element.as_str(),
        asked.span,
        format!("{} is enough, it says here", asked.what.name()),
    );
    for at in journeys {
        finding.flow(cx.analysis.journeys[*at].name.as_str());
    }
    let demand = cx.analysis.load.component(store.id);
    let (writes, when) = if demand.is_peak_assumed {
        (demand.mean.writes, "on average")
    } else {
        (demand.peak.writes, "at peak")
    };
    if writes.is_positive() {
        finding.note(format!("it is written {writes} {when}, and each write rests on what was read before"));
    }
    finding.note("two who decide at once on the same old value give out twice what is there once");
    let where_asked = if asked.element == name.as_str() { name.as_str() } else { flow.as_str() };
    finding.help(format!(
        "ask `consistency = strong` of `{where_asked}` and decide where the writes go, in one transaction; flows that only \
         show the value may stay eventual"
    ));
}
