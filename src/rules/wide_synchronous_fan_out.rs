use rustc_hash::{FxHashMap, FxHashSet};

use super::{Context, Findings, declare_rule};
use crate::analysis::latency::{Asked, Miss, Story, TAIL, What, budget};
use crate::analysis::{load, waiting};
use crate::catalogue::Kind;
use crate::diagnostic::Severity;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Property};
use crate::quantity::Duration;

declare_rule! {
    /// Finds requests that wait until very many calls are made.
    ///
    /// ## Why it matters
    /// One after the other, the calls add up: what is quick for ten followers takes minutes for a million. At once, the
    /// slowest of them counts: of a hundred calls, of which each is slow once in a hundred times, two requests in three meet
    /// a slow one.
    ///
    /// ## Example
    /// ```arch
    /// client app
    /// service posts x3
    /// service fanout x3
    /// cache timelines : redis x3
    /// app -> posts : https
    /// posts -> fanout : grpc { timeout = 1s } // finding: "up to 100k calls to `timelines` a request"
    /// fanout -> timelines { calls = 10, calls_max = 100k, timeout = 50ms, writes }
    /// ```
    ///
    /// Use instead:
    /// ```arch
    /// client app
    /// service posts x3
    /// queue new_posts : sqs
    /// worker fanout x3
    /// cache timelines : redis x3
    /// app -> posts : https
    /// posts ~> new_posts ~> fanout
    /// fanout -> timelines { calls = 10, calls_max = 1000, timeout = 50ms, writes }
    /// ```
    ///
    /// Asked all at once:
    /// ```arch
    /// client app
    /// service search x3
    /// search_index products { shards = 200 }
    /// app -> search : https
    /// search -> products { scatter, timeout = 1s } // finding: "86.6% of the requests wait for one that is slower"
    /// ```
    ///
    /// ## How it is detected
    /// One after the other: the most `calls` that a request makes by a link (`calls_max`), times the target's own time,
    /// are longer than the shortest `latency_p99` of a flow that takes the link, or than a second. Somebody must wait
    /// for it: it is told of who calls the component that fans out. At once (`parallel`, or `scatter` over `shards`):
    /// so many that half of all requests meet one that only one in a hundred exceeds, 1 − .99ⁿ, from 69 calls on;
    /// unless a flow's `latency_p99` is kept all the same. A flow that misses its latency by these calls alone is told
    /// of here, not by LP307, unless written times miss it: then it is an error, and told there. There is no fix: fewer
    /// calls and calls at once are different designs.
    ///
    /// ## Known false alarms
    /// Calls that go out in one batch: state `calls` as the batches. Calls that are made at the same time are `parallel`.
    ///
    /// ## An interviewer asks
    /// The widest of these requests comes. How many calls does it make, and who waits for them?
    ///
    /// ## A good answer
    /// - how many calls it is at most, and how long that takes
    /// - what is done behind a queue or at once, and what is worked out when somebody reads
    ///
    /// ## References
    /// - Dean and Barroso, The Tail at Scale, 2013: 63% of requests over 100 servers meet the slowest hundredth.
    static RULE = {
        code: "LP218",
        summary: "a request waits until very many calls are made",
        levels: [Warning],
        follows_path: true,
    }
}

fn check(cx: &Context, findings: &mut Findings) {
    if cx.architecture.system.is_demo() {
        return;
    }
    let is_many = |link: &Link| {
        let calls = link.figure(Property::CallsMax).or_else(|| link.figure(Property::Calls));
        calls.is_some_and(|it| it > 1.0) || link.has(Property::Scatter)
    };
    let many: Vec<&Link> = cx.architecture.links().filter(|link| is_many(link)).collect();
    if many.is_empty() {
        return;
    }
    let unwaited = cx.analysis.unwaited(cx.architecture);
    let waited: Vec<&Link> = many
        .into_iter()
        .filter(|link| !link.is_async() && !link.is_beside_the_path() && !unwaited.contains(&link.source))
        .collect();
    for fan_out in fan_outs(cx, &waited) {
        fan_out.report(cx, findings);
    }
    at_once(cx, findings, &waited);
}

// ---- one after the other

/// A request that waits until many calls are made one after the other.
struct FanOut<'a> {
    culprit: &'a Link,
    /// The link that is called so often.
    link: &'a Link,
    calls: f64,
    each: Duration,
    is_assumed: bool,
    /// The calls that fit into what is asked.
    fitting: f64,
    /// What a flow misses by these calls alone.
    miss: Option<&'a Miss>,
}

fn fan_outs<'a>(cx: &Context<'a>, waited: &[&'a Link]) -> Vec<FanOut<'a>> {
    let asked = asked_latencies(cx.architecture);
    let told = told_elsewhere(cx);
    let misses: FxHashMap<LinkId, &Miss> = cx
        .analysis
        .missed_latencies(cx.architecture)
        .iter()
        .filter_map(|miss| match miss.story {
            Story::FanOut(link) => Some((link, miss)),
            _ => None,
        })
        .collect();
    let mut longest: FxHashMap<ComponentId, FanOut> = FxHashMap::default();
    for link in waited.iter().filter(|link| !link.has(Property::Parallel) && !told.contains(&link.id)) {
        let worst = link.figure(Property::CallsMax).or_else(|| link.figure(Property::Calls));
        let Some(worst) = worst.filter(|it| *it > 1.0) else { continue };
        let (source, target) = cx.architecture.ends(link);
        let (each, is_assumed) = time_of_a_call(cx, target);
        let budget = asked.get(&link.id).copied().unwrap_or_else(|| asked_of_all(cx.architecture));
        let miss = misses.get(&link.id).copied();
        if each * worst <= budget && miss.is_none()
            || longest.get(&source.id).is_some_and(|it| it.each * it.calls >= each * worst)
        {
            continue;
        }
        let outer = busiest_caller(cx, source.id).filter(|_| miss.is_none());
        let fitting = budget / each;
        let culprit = outer.unwrap_or(link);
        longest.insert(source.id, FanOut { culprit, link, calls: worst, each, is_assumed, fitting, miss });
    }
    let mut found: Vec<FanOut> = longest.into_values().collect();
    found.sort_by_key(|it| it.link.id);
    found
}

/// Calls that a flow makes again and again whose written times alone miss what it promises: they are told there.
fn told_elsewhere(cx: &Context) -> FxHashSet<LinkId> {
    let misses = cx.analysis.missed_latencies(cx.architecture).iter();
    let certain =
        misses.filter(|it| it.is_certain && it.story == Story::Chain && it.asked != Asked::Freshness);
    let mut told = FxHashSet::default();
    for miss in certain {
        let steps = &cx.analysis.latency(cx.architecture, miss.journey).steps;
        told.extend(steps.iter().filter_map(|step| match step.what {
            What::Trip(link) if step.times.least > 1.0 => Some(link),
            _ => None,
        }));
    }
    told
}

/// The time of one call: its target's own, else the catalogue's, else one round trip.
fn time_of_a_call(cx: &Context, target: &Component) -> (Duration, bool) {
    if let Some(stated) = target.duration(Property::ServiceTime) {
        return (stated, false);
    }
    let known = target.known().get(|facts| facts.service_time);
    (known.unwrap_or(cx.architecture.parameters.round_trip_zone).duration(), true)
}

/// The shortest latency that is asked of the flows which take each link.
fn asked_latencies(architecture: &Architecture) -> FxHashMap<LinkId, Duration> {
    let mut found: FxHashMap<LinkId, Duration> = FxHashMap::default();
    for flow in architecture.flows() {
        let Some(asked) = flow.duration(Property::LatencyP99) else { continue };
        for step in &flow.path.steps {
            found.entry(*step).and_modify(|it| *it = it.min(asked)).or_insert(asked);
        }
    }
    found
}

/// What is asked of the system, else what a request should not take.
fn asked_of_all(architecture: &Architecture) -> Duration {
    let asked = architecture.system.properties.duration(Property::LatencyP99);
    asked.unwrap_or(architecture.parameters.request_work.duration())
}

/// The program whose calls bring a component most of its load.
fn busiest_caller<'a>(cx: &Context<'a>, target: ComponentId) -> Option<&'a Link> {
    let peak = |link: &Link| cx.analysis.load.link(link.id).peak.total();
    let mut busiest: Option<&Link> = None;
    for link in cx.architecture.links_to(target) {
        let is_program =
            matches!(cx.architecture.component(link.source).kind, Kind::Service | Kind::Function);
        let is_call = waiting::is_remote_call(cx.architecture, link);
        if is_program && is_call && busiest.is_none_or(|it| peak(link) > peak(it)) {
            busiest = Some(link);
        }
    }
    busiest
}

impl FanOut<'_> {
    fn report(&self, cx: &Context, findings: &mut Findings) {
        let (caller, worker) = cx.architecture.ends(self.culprit);
        let (source, target) = cx.architecture.ends(self.link);
        let calls = figures::number(self.calls);
        let assumed = if self.is_assumed { " (assumed)" } else { "" };
        let makes = format!(
            "up to {calls} calls to `{}` a request: {} at {} each{assumed}",
            target.name,
            self.each * self.calls,
            self.each,
        );
        let is_direct = self.culprit.id == self.link.id;
        let message = if is_direct {
            format!("`{}` makes {makes}", source.name)
        } else {
            format!("`{}` waits for `{}`, which makes {makes}", caller.name, worker.name)
        };
        let mut finding = findings.on_link(
            Severity::Warning,
            cx.architecture,
            self.culprit,
            "waits for all of it",
            message,
        );
        if !is_direct {
            let name = cx.architecture.link_name(self.link);
            finding.label(name, self.link.span, format!("up to {calls} times, one after the other"));
        }
        let demand = cx.analysis.load.link(self.link.id);
        if let Some(average) = self.link.figure(Property::Calls).filter(|_| demand.is_known()) {
            let skew = self.calls / average;
            let worst = if skew > 1.0 {
                format!("; the largest makes {} times as many", figures::number(skew))
            } else {
                String::new()
            };
            finding.note(format!(
                "{} calls a request on average are {}, and {} at peak, all inside the requests{worst}",
                figures::number(average),
                demand.mean.total(),
                demand.peak.total(),
            ));
        }
        if let Some(miss) = self.miss {
            let flow = &cx.analysis.bases[cx.analysis.journeys[miss.journey].base];
            let [reached, budget] = figures::apart_by(
                miss.reached.seconds(),
                miss.budget.seconds(),
                figures::duration_at_least_to,
            );
            finding.place(miss.span, format!("{budget} asked here"));
            finding.flow(flow.name.as_str());
            finding.note(format!(
                "one in a hundred requests of `{}` takes at least {reached}{assumed} where {budget} are asked",
                flow.name
            ));
            finding.help(format!(
                "ask for all at once (one call in place of {calls}), or make the calls in parallel (`parallel`): {} in \
                 place of {}",
                self.each,
                self.each * self.calls
            ));
            return;
        }
        for flow in cx.architecture.flows().filter(|flow| flow.path.takes(self.culprit.id)) {
            finding.flow(flow.name.as_str());
        }
        let queue = if is_direct {
            format!("put a queue before this work in `{}`", source.name)
        } else {
            format!("put a queue between `{}` and `{}`", caller.name, worker.name)
        };
        finding.help(format!(
            "{queue}, so that a request is done once its work is accepted, and let readers fetch for themselves what \
             would take more than {} calls",
            figures::number(self.fitting)
        ));
    }
}

// ---- all at once

fn at_once(cx: &Context, findings: &mut Findings, waited: &[&Link]) {
    let wide: Vec<(&Link, f64)> = waited
        .iter()
        .filter_map(|link| {
            let calls = load::calls_per_request(cx.architecture, link);
            let is_at_once = link.has(Property::Parallel) || link.has(Property::Scatter);
            // What is asked in turn adds up; here the shards count.
            let calls = if link.has(Property::Parallel) {
                calls
            } else {
                cx.architecture.component(link.target).shards()
            };
            (is_at_once && slowed(calls) >= 0.5).then_some((*link, calls))
        })
        .collect();
    if wide.is_empty() {
        return;
    }
    let kept = kept(cx);
    for (link, calls) in wide.into_iter().filter(|(link, _)| !kept.contains(&link.id)) {
        let (source, target) = cx.architecture.ends(link);
        let share = figures::percent(slowed(calls));
        let calls = figures::number(calls);
        let whom = if link.has(Property::Scatter) && !link.has(Property::Parallel) {
            format!("all {calls} shards of `{}`", target.name)
        } else {
            format!("`{}` {calls} times at once", target.name)
        };
        let message = format!(
            "`{}` asks {whom} for each request: {share} of the requests wait for one that is slower than 99 of 100",
            source.name
        );
        let label = format!("{calls} at once");
        let mut finding = findings.on_link(Severity::Warning, cx.architecture, link, label, message);
        finding.note(format!("the slowest counts: 1 − 0.99^{calls} = {share}"));
        for flow in cx.architecture.flows().filter(|flow| flow.path.takes(link.id)) {
            finding.flow(flow.name.as_str());
        }
        finding.help(
            "ask fewer at once (route by key, keep what belongs together in one place), answer with what is there after \
             a `timeout`, or ask a second copy where the first is late",
        );
    }
}

/// The share of requests that meet at least one call slower than its 99th percentile: 1 − .99ⁿ.
fn slowed(calls: f64) -> f64 {
    1.0 - (1.0 - TAIL).powf(calls)
}

/// Links on the way of a flow that keeps what it promises even where all on it is slow at once.
fn kept(cx: &Context) -> FxHashSet<LinkId> {
    let mut kept = FxHashSet::default();
    for (at, journey) in cx.analysis.journeys.iter().enumerate() {
        let Some((budget, _)) = budget(cx.architecture, journey, Property::LatencyP99) else { continue };
        let latency = cx.analysis.latency(cx.architecture, at);
        if latency.most <= budget && !latency.is_lower_bound() {
            kept.extend(latency.steps.iter().filter_map(|step| match step.what {
                What::Trip(link) => Some(link),
                _ => None,
            }));
        }
    }
    kept
}
