use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::analysis::availability::{Scenario, Unit, UnitKind};
use crate::analysis::blame::Blame;
use crate::analysis::capacity::{
    Cold, Grounds, assumed_hit_ratio, assumed_peak, cold_caches, exceeds, limit, written,
};
use crate::analysis::plan::{Dimension, Planner, Why};
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Component, ComponentId};

declare_rule! {
    /// Finds caches that their store can't do without: when one answers nothing, the store behind is overloaded.
    ///
    /// ## Why it matters
    /// A cache that answers 90 % of the reads hides nine tenths of them from the store. When it restarts, is flushed or is
    /// lost, ten times the reads arrive at once; the store falls over, and so nothing fills the cache again. What was added
    /// for speed has become a part that everything stands on.
    ///
    /// ## Example
    /// ```arch
    /// system "Links" { availability = 99.9%, rate = 2315/s, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service api x6 { capacity = 2k/s }
    /// cache hot x1 { caches = links, strategy = cache_aside, hit_ratio = 90% } // finding: "without `hot`"
    /// database links : postgres x3 { failover = 30s, read_capacity = 2k/s, write_capacity = 2k/s }
    /// browser -> lb -> api -> hot, links
    /// flow redirect { reads; browser -> lb -> api -> hot, links }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// system "Links" { availability = 99.9%, rate = 2315/s, peak_factor = 3 }
    /// client browser
    /// load_balancer lb : alb
    /// service api x6 { capacity = 2k/s }
    /// cache hot x1 { caches = links, strategy = cache_aside, hit_ratio = 90% }
    /// database links : postgres x4 { failover = 30s, read_capacity = 2k/s, write_capacity = 2k/s }
    /// browser -> lb -> api -> hot, links
    /// flow redirect { reads; browser -> lb -> api -> hot, links }
    /// ```
    ///
    /// ## How it is detected
    /// What the cache keeps off the store is added to what comes to the store anyway: 1 ÷ (1 − hit ratio) times the
    /// reads. It speaks where the store is then over 100 % at peak, and is not without that. How grave it is goes by
    /// the cache alone, as for a single point of failure: an error where the cache's own downtime is more than the
    /// promise allows, a warning where the promise is missed or nothing is promised, advice where the promise holds.
    /// Where the capacity of the store, or a peak that decides it, is assumed, it is a warning at most. LP101 leaves
    /// such a cache to this rule. There is no fix: more nodes, more caches and fewer reads are different answers.
    ///
    /// ## Known false alarms
    /// A cache that is filled before it takes requests, and callers that are turned away until it is: say so in an `allow`.
    ///
    /// ## An interviewer asks
    /// Somebody flushes the cache at noon. What happens in the next minute?
    ///
    /// ## A good answer
    /// - how busy the store is when all of it is missed
    /// - how the cache fills again, a part at a time, and what is answered meanwhile
    ///
    /// ## References
    /// - Amazon Builders' Library, "Caching challenges and strategies".
    /// - N. Bronson et al., "Metastable Failures in Distributed Systems", HotOS 2021.
    static RULE = {
        code: "LP114",
        summary: "without its cache a store is overloaded",
        levels: [Error, Warning, Advice],
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    let architecture = cx.architecture;
    if architecture.system.is_demo() {
        return;
    }
    let mut caches = cold_caches(architecture, cx.analysis);
    caches.retain(|it| exceeds(it.cold, limit()) && !exceeds(it.warm.share(), limit()));
    if caches.is_empty() {
        return;
    }
    let stores: FxHashSet<ComponentId> = caches.iter().map(|it| it.store).collect();
    let through = cx.analysis.journeys_through(|id| stores.contains(&id));
    let mut planner = Planner::new(architecture, cx.analysis);
    let grounds = Grounds::of(architecture, &cx.analysis.load);
    for cold in &caches {
        report(cx, findings, cold, &through, &mut planner, &grounds);
    }
}

fn report(
    cx: &Context,
    findings: &mut Findings,
    cold: &Cold,
    through: &FxHashMap<ComponentId, Vec<usize>>,
    planner: &mut Planner,
    grounds: &Grounds,
) {
    let cache = cx.architecture.component(cold.cache);
    let store = cx.architecture.component(cold.store);
    let journeys = through.get(&store.id).map_or(&[][..], Vec::as_slice);
    let reading = || journeys.iter().copied().filter(|at| cx.analysis.journeys[*at].mode.reads);
    let blame = Blame::of(cx.architecture, &cx.analysis.load);
    let own = unavailability(cx, cache);
    let level = |at: usize| {
        let promise = &cx.analysis.journeys[at].promise;
        blame.level(promise, cx.analysis.availability[at].low, own)
    };
    let Some((by_promise, worst)) = reading().filter_map(|at| Some((level(at)?, at))).min() else { return };
    let mean = cx.analysis.load.component(store.id).mean;
    let spared = cx.analysis.load.spared_by(cache.id).iter().filter(|it| it.store == store.id);
    let all = spared.fold(mean, |sum, it| sum + it.mean);
    let by_mean = cold.warm.capacity.share(store, all, f64::from(cold.warm.replicas));
    let is_peak_assumed = grounds.is_peak_assumed && !exceeds(by_mean, limit());
    let is_assumed = cold.warm.capacity.is_assumed || is_peak_assumed || !cold.warm.is_count_stated;
    let severity = if is_assumed { by_promise.max(Severity::Warning) } else { by_promise };

    let assumed = if cold.warm.capacity.is_assumed { " (assumed)" } else { "" };
    let message = format!(
        "without `{}` its store `{}` would be {} busy at peak{assumed}, and is {} with it",
        cache.name,
        store.name,
        figures::percent(cold.cold),
        figures::percent(cold.warm.share())
    );
    let label = format!("keeps {} of reads off `{}`", cold.more.total(), store.name);
    let mut finding = findings.on_component(severity, cache, label, message);
    let flow = &cx.analysis.journeys[worst];
    finding.label(store.name.as_str(), store.span, "is overloaded without it");
    finding.label(flow.element.as_str(), flow.span, "down without it");
    for at in reading() {
        finding.flow(cx.analysis.journeys[at].name.as_str());
    }
    let working = cold.warm.worked_with(store, cold.more, cold.warm.replicas).working();
    let times = cold.times();
    finding.note(if times.is_finite() {
        format!(
            "when it is empty or gone {} times the reads come to `{}`: {working}",
            figures::number(times),
            store.name
        )
    } else {
        format!("when it is empty or gone all reads come to `{}`: {working}", store.name)
    });
    finding.note(
        "an overloaded store does not fill the cache again: it stays down until the load is taken off it",
    );
    if let Some(assumption) = cold.warm.assumption(store) {
        finding.note(assumption);
    }
    if is_peak_assumed {
        finding.note(assumed_peak(&cx.architecture.parameters));
    }
    if let Some(assumed) = assumed_hit_ratio(cache) {
        finding.note(assumed);
    }
    finding.help(help(cold, store, planner));
}

/// The unavailability of the cache alone, with all its nodes.
fn unavailability(cx: &Context, cache: &Component) -> f64 {
    let unit = Unit::of(cx.architecture, &cx.analysis.load, cache, &Scenario::as_is(), false, false);
    match unit.kind {
        UnitKind::Perfect => 0.0,
        UnitKind::Whole(up) => 1.0 - up,
        UnitKind::Nodes(nodes) => 1.0 - nodes.up(),
    }
}

fn help(cold: &Cold, store: &Component, planner: &mut Planner) -> String {
    let rest = "and let no more through to it than it carries (`rate_limit`) until the cache is warm";
    let range = planner.range(store, Dimension::Replicas);
    if range.why == Why::ColdCache || range.least > cold.warm.replicas {
        let share = cold.warm.share_with(store, cold.more, range.least);
        if !exceeds(share, limit()) {
            let busy = figures::roughly(share);
            return format!(
                "read from {} nodes ({}): without the cache each would be {busy} busy",
                range.least,
                written(store, range.least)
            );
        }
    }
    format!("spread the cache over several nodes, so that the loss of one is a part of it, {rest}")
}
