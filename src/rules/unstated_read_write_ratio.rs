use rustc_hash::FxHashMap;

use super::{Asked, Context, Findings, declare_rule};
use crate::analysis::load::{Capacity, Traffic, stores_behind};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId, Property, Replicas};

declare_rule! {
    /// Asks how many reads there are to a write, where a store is idle by one answer and overloaded by another.
    ///
    /// ## Why it matters
    /// Reads can be cached and spread over replicas; each write has to be done by every node. The same rate is nothing if
    /// all of it reads, and too much if all of it writes, and what helps is different: a cache or a replica for the one,
    /// shards or a queue for the other.
    ///
    /// ## Example
    /// ```arch
    /// system "Shop" { rate = 2k/s, availability = 99.9% }
    /// client browser
    /// service shop x4
    /// database orders : postgres x3 { read_capacity = 20k/s, write_capacity = 5k/s } // finding: "does not say how much of it writes"
    /// browser -> shop -> orders
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Shop" { rate = 2k/s, reads_per_write = 50, availability = 99.9% }
    /// client browser
    /// service shop x4
    /// database orders : postgres x3 { read_capacity = 20k/s, write_capacity = 5k/s }
    /// browser -> shop -> orders
    /// ```
    ///
    /// ## How it is detected
    /// Requests of which it is not said whether they read or write come to a store, and the answer decides something:
    /// it is under 70 % busy at peak if they all read and over it if they all write, or a cache stands beside it, which
    /// answers nothing as long as nobody says that they read. All such stores are one question. It is silent where the
    /// answer changes nothing, on designs for few users, and with `intent = demo | personal | internal`. There is no
    /// fix: the figure is not in the text.
    ///
    /// ## Known false alarms
    /// A store whose reads and writes cost the same: state one `capacity` for both.
    ///
    /// ## An interviewer asks
    /// How many reads are there to a write?
    ///
    /// ## A good answer
    /// - a figure, even a rough one, and what it is taken from
    /// - what follows: reads can be copied and cached, writes can't
    ///
    /// ## References
    /// - M. Kleppmann, *Designing Data-Intensive Applications*, chapter 1, "Describing Load".
    static RULE = {
        code: "LP903",
        summary: "a rate that does not say how much of it reads and how much writes",
        levels: [Advice],
        review_only: true,
    }
}

/// What the answer would decide about a store.
struct Doubt<'a> {
    store: &'a Component,
    /// How busy it is if all reads, and if all writes.
    busy: Option<(f64, f64)>,
    /// The cache beside it.
    cache: Option<&'a Component>,
}

fn check(cx: &Context, findings: &mut Findings) {
    if crate::analysis::asking::is_small(cx.architecture, cx.analysis) {
        return;
    }
    let caches = caches_beside(cx);
    let mut doubts: Vec<Doubt> = Vec::new();
    for store in cx.architecture.components().filter(|it| it.kind.is_store()) {
        let demand = cx.analysis.load.component(store.id);
        if !demand.is_known() || !demand.peak.other.is_positive() {
            continue;
        }
        let busy = busy_between(cx, store, demand.peak);
        let cache = caches.get(&store.id).copied();
        if busy.is_some() || cache.is_some() {
            doubts.push(Doubt { store, busy, cache });
        }
    }
    doubts.sort_by(|one, other| {
        let worst = |it: &Doubt| it.busy.map_or(0.0, |(_, writing)| writing);
        worst(other).total_cmp(&worst(one))
    });
    let in_words = |it: &Doubt| -> Asked {
        let label = match (it.busy, it.cache) {
            (Some((reading, writing)), _) => format!(
                "{} busy at peak if all of it reads, {} if all of it writes",
                figures::roughly(reading),
                figures::roughly(writing)
            ),
            (None, Some(cache)) => format!("`{}` is taken to answer none of it", cache.name),
            (None, None) => String::new(),
        };
        (it.store.name.to_string(), it.store.span, label)
    };
    let (count, asked) = findings.open_of(cx.architecture, &doubts, in_words);
    let Some(first) = doubts.iter().find(|it| asked.first().is_some_and(|asked| asked.0 == it.store.name))
    else {
        return;
    };
    let name = &first.store.name;
    let message = match count {
        1 => format!("what comes to `{name}` does not say how much of it writes"),
        many => format!("what comes to {many} stores does not say how much of it writes"),
    };
    let (is_busy, is_cached) = (first.busy.is_some(), first.cache.is_some());
    let decided = match (is_busy, is_cached) {
        (true, _) => format!("whether `{name}` is overloaded, and whether replicas or shards help"),
        _ => format!("how much the cache spares `{name}`"),
    };
    if let Some(mut finding) = findings.question(Severity::Advice, &asked, message) {
        finding.note(format!("with it the review could say {decided}"));
        finding.help(
            "state `reads_per_write = 100` on the system, or mark each flow or link: `flow look { reads, share = 99% … }`",
        );
    }
}

/// How busy a store's busiest node is if all that is open reads, and if all of it writes, where that decides whether
/// it is too busy.
fn busy_between(cx: &Context, store: &Component, peak: Traffic) -> Option<(f64, f64)> {
    let replicas = match store.replicas {
        Replicas::Stated { most, .. } => most?,
        Replicas::Unstated => 1,
        Replicas::Managed => return None,
    };
    let capacity = Capacity::of(store)?;
    let busy = |traffic| capacity.share(store, traffic, f64::from(replicas));
    let reading = busy(Traffic { reads: peak.reads + peak.other, writes: peak.writes, ..Traffic::NONE });
    let writing = busy(Traffic { reads: peak.reads, writes: peak.writes + peak.other, ..Traffic::NONE });
    let target = cx.architecture.parameters.utilisation_target.value;
    (reading <= target && writing > target).then_some((reading, writing))
}

/// The cache that stands beside each store, whose hits can't be counted as long as nobody says what reads.
fn caches_beside<'a>(cx: &Context<'a>) -> FxHashMap<ComponentId, &'a Component> {
    let caches = cx.architecture.of_kind(Kind::Cache).filter(|it| !it.has(Property::SourceOfTruth));
    let mut beside = FxHashMap::default();
    for cache in caches {
        for store in stores_behind(cx.architecture, cache) {
            beside.entry(store).or_insert(cache);
        }
    }
    beside
}
