use rustc_hash::FxHashSet;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::trust::scoped;
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::model::{Architecture, Component, ComponentId, GroupKind, Link, Properties, Property};
use crate::source::Span;

declare_rule! {
    /// Asks what for, where a design gives something up and does not say why.
    ///
    /// ## Why it matters
    /// Every cache, copy and region buys one thing with another. Who decided it knew what for; who inherits it does not,
    /// and either keeps it out of fear or removes it and finds out. One sentence beside it is the cheapest documentation
    /// there is.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 5k/s, reads_per_write = 100, availability = 99.9%, latency_p99 = 200ms }
    /// client browser
    /// service shop x8 { capacity = 2k/s }
    /// cache hot : redis { caches = goods, strategy = cache_aside, ttl = 1h, hit_ratio = 90% }
    /// database goods : postgres x3 { replication = async, failover = 30s } // finding: "2 choices cost something, and nothing says what for"
    /// browser -> shop -> hot, goods
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 5k/s, reads_per_write = 100, availability = 99.9%, latency_p99 = 200ms }
    /// client browser
    /// service shop x8 { capacity = 2k/s }
    /// cache hot : redis { caches = goods, strategy = cache_aside, ttl = 1h, hit_ratio = 90%, because = "prices may be an hour old" }
    /// database goods : postgres x3 { replication = async, failover = 30s, because = "a lost basket is cheaper than a slow one" }
    /// browser -> shop -> hot, goods
    /// ```
    ///
    /// ## How it is detected
    /// Looked for is what costs and is a choice: further regions, several primaries, shards, a queue that drops, a
    /// cache that writes later, asynchronous replication, the fourth kind of store and more, a cache. Each that bears
    /// no `because` is asked about in one question, the dearest first, where there are two or more. It is silent on
    /// regions where `survives` or `residency` asks for them, on caches where `consistency = eventual` and asynchronous
    /// copies where an `rpo` accepts what they cost, on queues that drop what is `optional`, where a finding already
    /// calls it needless, on boxes and arrows of which nothing is stated, on designs for few users, and with `intent =
    /// demo | personal | internal`. There is no fix: the reason is the author's.
    ///
    /// ## Known false alarms
    /// Reasons that stand in another document: link to it, `because = "ADR 12"`.
    ///
    /// ## An interviewer asks
    /// What did you give up for that, and what would make you go back?
    ///
    /// ## A good answer
    /// - the other way, and why it was not taken
    /// - the figure that would change your mind
    ///
    /// ## References
    /// - M. Nygard, "Documenting Architecture Decisions", 2011.
    static RULE = {
        code: "LP910",
        summary: "what costs something and bears no `because`",
        levels: [Advice],
        review_only: true,
    }
}

/// A choice and its price; a lower rank is dearer.
struct Choice {
    rank: u8,
    element: String,
    span: Span,
    price: &'static str,
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.properties.has(Property::Because)
        || architecture.is_sketch()
        || crate::analysis::asking::is_small(architecture, cx.analysis)
    {
        return;
    }
    let plan = cx.analysis.plan(architecture);
    let needless: FxHashSet<ComponentId> = plan.deletions.iter().map(|it| it.component).collect();
    let mut choices: Vec<Choice> = Vec::new();
    if !states_regions(cx) {
        regions(cx, &mut choices);
    }
    for component in architecture.components() {
        if component.has(Property::Because) || needless.contains(&component.id) {
            continue;
        }
        let mut prices = prices(component);
        prices.retain(|(_, price)| !is_accepted(architecture, component, price));
        prices.sort_unstable();
        if let Some((rank, price)) = prices.first().copied() {
            choices.push(Choice { rank, element: component.name.to_string(), span: component.span, price });
        }
    }
    store_kinds(cx, &mut choices);
    for link in architecture.links().filter(|link| !link.has(Property::Because)) {
        let source = architecture.component(link.source);
        if is_async_copy(link) && !source.has(Property::Because) && source.kind.is_store() {
            if is_accepted(architecture, source, ASYNC) {
                continue;
            }
            let element = architecture.link_name(link);
            choices.push(Choice { rank: 5, element, span: link.span, price: ASYNC });
        }
    }
    // One alone is a small thing to have left out.
    if choices.len() < 2 {
        return;
    }
    choices.sort_by_key(|it| it.rank);
    let in_words = |it: &Choice| -> Asked { (it.element.clone(), it.span, it.price.to_owned()) };
    let (count, asked) = findings.open_of(architecture, &choices, in_words);
    let message = match count {
        1 => "one choice costs something, and nothing says what for".to_owned(),
        many => format!("{many} choices cost something, and nothing says what for"),
    };
    let Some((element, ..)) = asked.first() else { return };
    let help = format!("say it where it stands, dearest first: `because = \"…\"` on `{element}`");
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note("who reads it later can't tell a decision from an accident, and a stated reason silences advice against it");
        finding.help(help);
    }
}

const DROPS: &str = "drops when it is full: messages are lost";
const ASYNC: &str = "asynchronous: what is not yet copied is lost, and readers are behind";
const STALE: &str = "a second copy: answers may be stale";

/// Whether a stated requirement says already that a price may be paid.
fn is_accepted(architecture: &Architecture, component: &Component, price: &str) -> bool {
    let stated = |property| scoped(architecture, component, property);
    match price {
        DROPS => {
            let mut links = architecture.links_to(component.id);
            links.len() > 0 && links.all(|link| link.has(Property::Optional))
        }
        ASYNC => stated(Property::Rpo).is_some(),
        STALE => stated(Property::Consistency)
            .is_some_and(|it| it.properties.is(Property::Consistency, "eventual")),
        _ => false,
    }
}

fn prices(component: &Component) -> Vec<(u8, &'static str)> {
    let mut found = Vec::new();
    let mut price = |is_so: bool, rank: u8, what: &'static str| {
        if is_so {
            found.push((rank, what));
        }
    };
    let several = |property| component.figure(property).is_some_and(|it| it > 1.0);
    price(several(Property::Regions), 0, "in several regions: paid for twice, and far from each other");
    price(several(Property::Primaries), 1, "several primaries: writes may conflict");
    price(several(Property::Shards), 2, "sharded: no joins or transactions across, and hard to undo");
    price(component.is(Property::OnFull, "drop"), 3, DROPS);
    price(
        component.is(Property::Strategy, "write_behind"),
        4,
        "writes later: what is not yet written is lost",
    );
    let is_async = component.is(Property::Replication, "async") && component.kind.is_store();
    price(is_async, 5, ASYNC);
    let is_copy = component.kind == Kind::Cache && !component.has(Property::SourceOfTruth);
    price(is_copy, 7, STALE);
    found
}

/// Whether a stated requirement already says what further regions are for.
fn states_regions(cx: &Context) -> bool {
    let asks = |it: &Properties| it.is_stated(Property::Survives) || it.is_stated(Property::Residency);
    asks(&cx.architecture.system.properties) || cx.architecture.flows().any(|flow| asks(&flow.properties))
}

/// Regions past the first.
fn regions(cx: &Context, choices: &mut Vec<Choice>) {
    let regions = cx.architecture.groups().filter(|group| group.kind == GroupKind::Region);
    for region in regions.skip(1).filter(|it| !it.properties.has(Property::Because)) {
        let price = "one more region: paid for once more, and far from the others";
        choices.push(Choice { rank: 0, element: region.name.to_string(), span: region.span, price });
    }
}

/// The first store of each kind past what a design can do with.
fn store_kinds(cx: &Context, choices: &mut Vec<Choice>) {
    let most = cx.architecture.parameters.store_kinds.value;
    let mut engines: Vec<&str> = Vec::new();
    for store in cx.architecture.components().filter(|it| it.kind.is_store()) {
        let Some(engine) = store.engine() else { continue };
        if engines.contains(&engine.name) {
            continue;
        }
        engines.push(engine.name);
        let is_asked = choices.iter().any(|it| it.element == store.name);
        if engines.len() as f64 > most && !store.has(Property::Because) && !is_asked {
            let price = "one more kind of store: to run, to back up, to know";
            choices.push(Choice { rank: 6, element: store.name.to_string(), span: store.span, price });
        }
    }
}

fn is_async_copy(link: &Link) -> bool {
    link.is_async() && link.known_protocols().any(|protocol| protocol.name == "replication")
}
