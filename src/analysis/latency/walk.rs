//! From the entry of a journey along all that is waited for: the longest chain.
//!
//! The design is walked once from the entry on, and each component judged once, its targets before itself. Where
//! callers wait in a ring, the call that closes it is not counted: it has no end, and another rule speaks of it.

use rustc_hash::FxHashMap;

use super::cost::{Figure, Origin, work, work_of_a_write};
use super::distance::{Distance, trip};
use super::{Latencies, Latency, Place, Step, Times, What};
use crate::analysis::journey::Journey;
use crate::analysis::load::{self, Circumstances, Load, hit_ratio};
use crate::analysis::needs::{Need, View};
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId, Properties, Property};
use crate::quantity::{Duration, Rate};

/// The share of requests that a median leaves over.
pub const MEDIAN: f64 = 0.5;
/// The share of requests that a 99th percentile leaves over.
pub const TAIL: f64 = 0.01;

/// Components that all journeys of a design together may look at, and the least that each may.
const LOOKS: usize = 500_000;
const LEAST_LOOKS: usize = 200;

/// What comes, and what is otherwise than it is drawn.
#[derive(Clone, Copy)]
pub(super) struct Setting<'a> {
    pub(super) journeys: &'a [Journey],
    pub(super) load: &'a Load,
    pub(super) circumstances: &'a Circumstances,
}

pub(super) fn latency(
    architecture: &Architecture,
    setting: Setting,
    latencies: &Latencies,
    at: usize,
    is_completed: bool,
) -> Latency {
    let journey = &setting.journeys[at];
    let view = View { is_completed, ..View::timed(architecture, journey) };
    let looks = (LOOKS / setting.journeys.len().max(1)).max(LEAST_LOOKS);
    let mut walk = Walk {
        view,
        load: setting.load,
        circumstances: setting.circumstances,
        latencies,
        needs: FxHashMap::default(),
        nodes: FxHashMap::default(),
        order: Vec::new(),
        looks_left: looks,
        is_cut_short: false,
    };
    for entry in &journey.entries {
        walk.explore(*entry);
    }
    for id in walk.order.clone() {
        let node = walk.judge(id);
        walk.nodes.insert(id, node);
    }
    walk.chain()
}

/// A component, and all that it waits for.
struct Node {
    /// What it costs by itself.
    own: Vec<Step>,
    /// Whether it is asked more than it can do.
    is_saturated: bool,
    rest: Chain,
}

/// What is waited for below a component, along the longest way.
#[derive(Default)]
struct Chain {
    most: Duration,
    least: Duration,
    worst: Duration,
    /// Whether something on it is asked more than it can do: then there is no longer way.
    is_endless: bool,
    edges: Vec<Edge>,
}

impl Chain {
    fn add(&mut self, more: Self) {
        self.most += more.most;
        self.least += more.least;
        self.worst += more.worst;
        self.is_endless |= more.is_endless;
        self.edges.extend(more.edges);
    }

    /// The longer of two.
    fn or(self, other: Self) -> Self {
        let worst = self.worst.max(other.worst);
        let by_time = || self.most.total_cmp(&other.most).then(self.least.total_cmp(&other.least));
        let is_longer = self.is_endless.cmp(&other.is_endless).then_with(by_time).is_ge();
        Self { worst, ..if is_longer { self } else { other } }
    }
}

/// A call.
#[derive(Clone, Copy)]
struct Edge {
    link: LinkId,
    /// How often, one after the other.
    times: f64,
    /// Which part of the requests makes it at all, by caches before it and by `calls` under one.
    share: Share,
    /// Whether so many are made at once that half of the requests see a slow one.
    is_wide: bool,
}

/// A part of the requests.
#[derive(Clone, Copy)]
struct Share {
    part: f64,
    is_assumed: bool,
}

impl Share {
    const ALL: Self = Self { part: 1.0, is_assumed: false };

    /// Whether it is more than another, the last digits aside: what 99 % of hits leave is one in a hundred.
    fn exceeds(self, part: f64) -> bool {
        self.part > part * (1.0 + 1e-9)
    }
}

impl Edge {
    /// How often a target is called for a caller that is asked so often.
    fn over(self, caller: Times) -> Times {
        // Half of those that come here at all are one in a hundred of all from two in a hundred on.
        let is_sure = self.share.part >= TAIL / MEDIAN;
        let if_so = |is_so: bool, times: f64| if is_so { times * self.times } else { 0.0 };
        Times {
            median: if_so(self.share.exceeds(MEDIAN), caller.median),
            least: if_so(is_sure, caller.least),
            written: if_so(is_sure && !self.share.is_assumed, caller.written),
            most: if_so(self.share.exceeds(TAIL), caller.most),
            is_always: caller.is_always && self.share.part >= 1.0,
        }
    }
}

struct Walk<'a> {
    view: View<'a>,
    load: &'a Load,
    circumstances: &'a Circumstances,
    latencies: &'a Latencies,
    needs: FxHashMap<ComponentId, Need>,
    nodes: FxHashMap<ComponentId, Node>,
    /// Each component after its targets.
    order: Vec<ComponentId>,
    looks_left: usize,
    is_cut_short: bool,
}

impl<'a> Walk<'a> {
    fn architecture(&self) -> &'a Architecture {
        self.view.architecture
    }

    fn explore(&mut self, entry: ComponentId) {
        let mut stack: Vec<(ComponentId, Vec<ComponentId>)> = Vec::new();
        self.open(entry, &mut stack);
        while let Some((id, targets)) = stack.last_mut() {
            if let Some(target) = targets.pop() {
                self.open(target, &mut stack);
            } else {
                self.order.push(*id);
                stack.pop();
            }
        }
    }

    /// Looks at what a component waits for; it is looked at in the order of writing from the end, so that the order
    /// of the whole, turned round, is the order of writing.
    fn open(&mut self, id: ComponentId, stack: &mut Vec<(ComponentId, Vec<ComponentId>)>) {
        if self.needs.contains_key(&id) {
            return;
        }
        let Some(left) = self.looks_left.checked_sub(1) else {
            self.is_cut_short = true;
            return;
        };
        self.looks_left = left;
        let need = self.view.need(id);
        let targets = need.links().into_iter().map(|link| self.architecture().link(link).target).collect();
        self.needs.insert(id, need);
        stack.push((id, targets));
    }

    fn judge(&self, id: ComponentId) -> Node {
        let component = self.architecture().component(id);
        let need = &self.needs[&id];
        // What comes from outside, or out of a queue, goes its ways at the same time.
        let rest = if component.kind.is_outside() && self.view.journey.entries.contains(&id)
            || component.kind.is_queue()
        {
            self.longest(component, &members(need))
        } else {
            self.rest(component, need)
        };
        let own = self.own(component);
        let waiting = self.latencies.waiting(self.architecture(), self.load, component.id);
        let is_saturated = !own.is_empty() && waiting.is_some_and(|it| it.line.is_saturated());
        Node { own, is_saturated, rest }
    }

    /// What a component costs by itself.
    fn own(&self, component: &Component) -> Vec<Step> {
        let id = component.id;
        let is_caller = component.kind.is_outside() && self.view.journey.entries.contains(&id);
        if is_caller || component.kind.is_caller_only() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        let mut add = |what, each| steps.push(Step { what, each, times: Times::default() });
        let parameters = &self.architecture().parameters;
        let work = if self.is_written(component) { work_of_a_write } else { work };
        let each = work(parameters, component);
        // Names are remembered: a lookup takes no time unless it says so.
        if component.kind != Kind::Dns || each.median_origin != Origin::Unknown {
            add(What::Work(id), each);
        }
        let waiting = self.latencies.waiting(self.architecture(), self.load, id);
        if let Some(each) = waiting.and_then(|it| it.figure()) {
            add(What::Wait(id), each);
        }
        if self.view.is_completed {
            if component.kind.is_queue() || component.kind.is_compute() {
                let gathering = if component.kind.is_queue() { None } else { Some(component) };
                let batch = batch(component, self.load.component(id).mean.total(), self.gatherers(gathering));
                if let Some(each) = batch {
                    add(What::Batch(Place::Component(id)), each);
                }
            }
            if let Some(every) = component.duration(Property::Every) {
                add(What::Schedule(id), Figure::within(every, Origin::Written));
            }
        }
        steps
    }

    /// Whether the journey writes to it.
    fn is_written(&self, component: &Component) -> bool {
        let mode = self.view.journey.mode;
        let mut ways = self.architecture().links_to(component.id);
        mode.writes && !mode.reads && !ways.all(Link::is_reads_only)
    }

    /// How many gather batches by themselves: the replicas that work; one where nothing is said of who does.
    fn gatherers(&self, component: Option<&Component>) -> Option<f64> {
        match component {
            Some(component) => self.load.carriers(component).map(f64::from),
            None => Some(1.0),
        }
    }

    /// What is added by a link itself.
    fn of_link(&self, link: &Link) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut add = |what, each| steps.push(Step { what, each, times: Times::default() });
        let (source, target) = self.architecture().ends(link);
        if !link.copies_data() {
            let trip = trip(self.architecture(), link);
            if trip.distance != Distance::None || trip.time.is_positive() {
                add(What::Trip(link.id), Figure::even(trip.time, trip.origin()));
            }
        }
        // Who takes messages out gathers them, else who sends them.
        let gathering = if source.kind.is_queue() { target } else { source };
        let mean = self.load.link(link.id).mean.total();
        let batch = batch(&link.properties, mean, self.gatherers(Some(gathering)));
        if let Some(each) = batch {
            add(What::Batch(Place::Link(link.id)), each);
        }
        if link.copies_data() {
            let written = link.duration(Property::Lag).or_else(|| target.duration(Property::Lag));
            let usual = || source.known().get(|facts| facts.lag).map(|fact| fact.duration());
            let is_delayed = link.is_async() || written.is_some();
            match written {
                Some(lag) => add(What::Lag(link.id), Figure::even(lag, Origin::Written)),
                None if is_delayed => {
                    if let Some(lag) = usual() {
                        add(What::Lag(link.id), Figure::even(lag, Origin::Assumed));
                    }
                }
                None => {}
            }
        }
        steps
    }

    /// What is waited for: one after the other, but what is called in parallel at once, and what is sent without
    /// waiting goes on by itself. A request that reads does not write, and takes one of the ways that state a share:
    /// of these the longest counts.
    fn rest(&self, component: &Component, need: &Need) -> Chain {
        let members = members(need);
        let mut chain = Chain::default();
        let (mut at_once, mut sent) = (Chain::default(), Chain::default());
        let (mut reading, mut writing, mut by_case) = (Chain::default(), Chain::default(), Chain::default());
        for member in &members {
            let before = self.share_before(component, &members, member);
            let share = Share { part: before.part * self.stated_share(member), ..before };
            let one = self.one(component, member, share);
            match self.manner(member) {
                Manner::InTurn => chain.add(one),
                Manner::AtOnce => at_once = at_once.or(one),
                Manner::Sent => sent = sent.or(one),
                Manner::Reading => reading.add(one),
                Manner::Writing => writing.add(one),
                Manner::ByCase => by_case = by_case.or(one),
            }
        }
        for one in [reading.or(writing), by_case, at_once, sent] {
            chain.add(one);
        }
        chain
    }

    /// The share of requests that a link of its own states to take.
    fn stated_share(&self, need: &Need) -> f64 {
        let Need::Link(link) = need else { return 1.0 };
        self.architecture().link(*link).figure(Property::Share).map_or(1.0, |share| share.clamp(0.0, 1.0))
    }

    fn manner(&self, need: &Need) -> Manner {
        let links = need.links();
        let mut links = links.iter().map(|link| self.architecture().link(*link)).peekable();
        if links.peek().is_none() {
            return Manner::InTurn;
        }
        if links.clone().all(Link::is_async) {
            Manner::Sent
        } else if links.clone().all(|link| link.has(Property::Parallel)) {
            Manner::AtOnce
        } else if self.stated_share(need) < 1.0 {
            Manner::ByCase
        } else {
            self.manner_by_mode(links)
        }
    }

    /// Where a journey both reads and writes, a request takes the links of the one or of the other.
    fn manner_by_mode<'b>(&self, mut links: impl Iterator<Item = &'b Link> + Clone) -> Manner {
        let mode = self.view.journey.mode;
        if !(mode.reads && mode.writes) {
            Manner::InTurn
        } else if links.clone().all(Link::is_reads_only) {
            Manner::Reading
        } else if links.all(Link::is_writes_only) {
            Manner::Writing
        } else {
            Manner::InTurn
        }
    }

    fn longest(&self, component: &Component, members: &[&Need]) -> Chain {
        let each = members.iter().map(|it| self.one(component, it, Share::ALL));
        each.reduce(Chain::or).unwrap_or_default()
    }

    fn one(&self, component: &Component, need: &Need, share: Share) -> Chain {
        match need {
            Need::Link(link) => self.call(component, *link, share),
            Need::Asked(_) => Chain::default(),
            Need::All(_) => self.rest(component, need),
            Need::Any(members) | Need::Unchecked(members) | Need::Routes(members) => {
                let left = members.iter().filter(|it| !self.is_down(it));
                left.map(|it| self.one(component, it, share)).reduce(Chain::or).unwrap_or_default()
            }
            Need::Else(members) => {
                let first = members.iter().find(|it| !self.is_down(it));
                first.map(|it| self.one(component, it, share)).unwrap_or_default()
            }
        }
    }

    /// Whether something of it is down, and nothing stands in for that.
    fn is_down(&self, need: &Need) -> bool {
        match need {
            Need::Link(link) => self.has_failed(self.architecture().link(*link).target),
            Need::Asked(id) => self.has_failed(*id),
            Need::All(members) => members.iter().any(|it| self.is_down(it)),
            Need::Any(members) | Need::Unchecked(members) | Need::Routes(members) | Need::Else(members) => {
                members.iter().all(|it| self.is_down(it))
            }
        }
    }

    fn has_failed(&self, id: ComponentId) -> bool {
        self.circumstances.down.contains(&id)
    }

    /// Whether a cache answers nothing.
    fn is_cold(&self, cache: &Component) -> bool {
        self.circumstances.cold.contains(&cache.id)
    }

    fn call(&self, component: &Component, id: LinkId, before: Share) -> Chain {
        let link = self.architecture().link(id);
        // A call to who waits already closes a ring.
        let Some(node) = self.nodes.get(&link.target) else { return Chain::default() };
        // Who goes on without what is down does so at once.
        if self.has_failed(link.target) {
            return Chain::default();
        }
        let calls = link.figure(Property::Calls).unwrap_or(1.0).max(0.0);
        let shards = if link.has(Property::Scatter) {
            self.architecture().component(link.target).shards()
        } else {
            1.0
        };
        let is_parallel = link.has(Property::Parallel);
        let kept = self.share_of_misses(component, link);
        let share = Share {
            part: before.part * kept.part * calls.min(1.0),
            is_assumed: before.is_assumed || kept.is_assumed,
        };
        let times = if is_parallel { 1.0 } else { calls.max(1.0) };
        let width = shards * if is_parallel { calls.max(1.0) } else { 1.0 };
        let edge = Edge { link: id, times, share, is_wide: is_wide(width) };
        let over = edge.over(Times { median: 1.0, least: 1.0, written: 1.0, most: 1.0, is_always: true });
        let of_link = self.of_link(link);
        let steps = || of_link.iter().chain(&node.own).map(|step| step.each);
        let median = steps().map(|it| it.median).sum::<Duration>() + node.rest.least;
        let tail = steps().map(|it| it.tail).sum::<Duration>() + node.rest.most;
        let worst = steps().map(|it| it.median).sum::<Duration>() + node.rest.worst;
        let calls_max = link.figure(Property::CallsMax).filter(|_| !is_parallel).unwrap_or(times).max(times);
        Chain {
            most: tail * over.most,
            least: median * over.least,
            worst: worst * if share.part > 0.0 { calls_max } else { 0.0 },
            is_endless: over.most > 0.0 && (node.is_saturated || node.rest.is_endless),
            edges: vec![edge],
        }
    }

    /// Which part of the requests is left for a target by the caches that its caller asks before it.
    fn share_before(&self, caller: &Component, members: &[&Need], member: &Need) -> Share {
        let mut share = Share::ALL;
        if !self.view.journey.mode.reads || caller.kind == Kind::Cache {
            return share;
        }
        let targets: Vec<&Link> = member.links().iter().map(|id| self.architecture().link(*id)).collect();
        for other in members {
            let Need::Link(link) = other else { continue };
            let link = self.architecture().link(*link);
            let cache = self.architecture().component(link.target);
            if cache.kind != Kind::Cache || link.is_writes_only() || link.is_async() {
                continue;
            }
            if self.is_cold(cache) || self.has_failed(cache.id) {
                continue;
            }
            let is_behind = |target: &&Link| is_behind(self.architecture(), cache, target.target);
            if targets.is_empty()
                || !targets.iter().all(is_behind)
                || targets.iter().any(|it| it.is_writes_only())
            {
                continue;
            }
            // A cache that fetches by itself leaves its caller nothing to read.
            let fetches = self.architecture().links_from(cache.id).any(|it| {
                !it.is_async() && !it.is_beside_the_path() && targets.iter().any(|to| to.target == it.target)
            });
            if fetches && !targets.iter().all(|it| it.is_reads_only()) {
                share.part = 0.0;
            } else if let Some(hit) = hit_ratio(cache) {
                share.part *= 1.0 - hit;
                share.is_assumed |= cache.figure(Property::HitRatio).is_none();
            }
        }
        share
    }

    /// Which part of the requests a cache or CDN passes on to what it fetches from.
    fn share_of_misses(&self, component: &Component, link: &Link) -> Share {
        if !matches!(component.kind, Kind::Cache | Kind::Cdn)
            || component.has(Property::SourceOfTruth)
            || !self.view.journey.mode.reads
            || link.is_writes_only()
            || self.is_cold(component)
        {
            return Share::ALL;
        }
        let stated = [&component.properties, &link.properties];
        let hit = load::answered(component, stated, self.view.journey, self.architecture());
        Share { part: 1.0 - hit, is_assumed: component.figure(Property::HitRatio).is_none() }
    }

    /// The longest chain, step by step.
    fn chain(&self) -> Latency {
        let whole = |id: &ComponentId| {
            let node = &self.nodes[id];
            let sum = |of: fn(&Figure) -> Duration| node.own.iter().map(|it| of(&it.each)).sum::<Duration>();
            (sum(|it| it.tail) + node.rest.most, sum(|it| it.median) + node.rest.worst)
        };
        let entries = || self.view.journey.entries.iter().filter(|id| self.nodes.contains_key(*id));
        // Of equals the first.
        let is_endless = |id: &ComponentId| self.nodes[id].is_saturated || self.nodes[id].rest.is_endless;
        let by_time = |a: &ComponentId, b: &ComponentId| whole(a).0.total_cmp(&whole(b).0);
        let longest =
            entries().rev().max_by(|a, b| is_endless(a).cmp(&is_endless(b)).then_with(|| by_time(a, b)));
        let Some(longest) = longest else { return Latency::default() };
        let worst = entries().map(|id| whole(id).1).fold(Duration::ZERO, Duration::max);

        // The ways to a component come right before it, whoever goes them.
        let mut ways: FxHashMap<ComponentId, Vec<Step>> = FxHashMap::default();
        let mut visits: FxHashMap<ComponentId, (Times, bool)> = FxHashMap::default();
        let once = Times { median: 1.0, least: 1.0, written: 1.0, most: 1.0, is_always: true };
        visits.insert(*longest, (once, false));
        let mut steps: Vec<Step> = Vec::new();
        let (mut unknown, mut saturated) = (Vec::new(), Vec::new());
        for id in self.order.iter().rev() {
            let Some((times, is_wide)) = visits.get(id).copied() else { continue };
            steps.extend(ways.remove(id).unwrap_or_default());
            let node = &self.nodes[id];
            if times.most > 0.0 {
                if node.own.iter().any(|it| it.each.tail_origin == Origin::Unknown) {
                    unknown.push(*id);
                }
                if node.is_saturated {
                    saturated.push(*id);
                }
            }
            for step in &node.own {
                let mut step = Step { times, ..step.clone() };
                if is_wide && matches!(step.what, What::Work(_)) {
                    (step.each.median, step.each.median_origin) = (step.each.tail, step.each.tail_origin);
                }
                steps.push(step);
            }
            for edge in &node.rest.edges {
                let over = edge.over(times);
                let link = self.architecture().link(edge.link);
                let way = self.of_link(link).into_iter().map(|step| Step { times: over, ..step });
                ways.entry(link.target).or_default().extend(way);
                let visit = visits.entry(link.target).or_default();
                visit.0 = Times {
                    median: visit.0.median + over.median,
                    least: visit.0.least + over.least,
                    written: visit.0.written + over.written,
                    most: visit.0.most + over.most,
                    is_always: visit.0.is_always || over.is_always,
                };
                visit.1 |= edge.is_wide;
            }
        }
        steps.retain(|step| step.times.most > 0.0);
        let is_cut_short = self.is_cut_short;
        Latency { worst, unknown, saturated, is_cut_short, ..Latency::of_steps(steps) }
    }
}

/// How long a message waits until its batch goes on: until the window is over, or it is full before. Each of those who
/// gather fills its own from its part of what comes.
fn batch(properties: &Properties, mean: Rate, gatherers: Option<f64>) -> Option<Figure> {
    let size = properties.figure_of(Property::BatchSize, crate::syntax::ast::Dimension::Number);
    let of_each = gatherers.map(|count| mean / count).filter(|it| it.is_positive());
    let full = size.zip(of_each).map(|(size, of_each)| size / of_each);
    let window = properties.duration(Property::BatchWindow);
    let is_endless = properties.is_absent(Property::BatchWindow);
    match (window, full) {
        (Some(window), full) => {
            Some(Figure::within(full.map_or(window, |full| full.min(window)), Origin::Written))
        }
        (None, Some(full)) if is_endless => Some(Figure::within(full, Origin::Assumed)),
        _ => None,
    }
}

/// How a component makes a call.
enum Manner {
    InTurn,
    AtOnce,
    Sent,
    /// Only by requests that read.
    Reading,
    /// Only by requests that write.
    Writing,
    /// By a part of the requests, the others take another way.
    ByCase,
}

/// So many at once that half of the requests see one that is slower than 99 of 100: from ln .5 ÷ ln .99 = 69 on.
fn is_wide(calls: f64) -> bool {
    1.0 - (1.0 - TAIL).powf(calls) >= MEDIAN
}

/// Needs one by one.
fn members(need: &Need) -> Vec<&Need> {
    let mut found = Vec::new();
    let mut waiting = vec![need];
    while let Some(need) = waiting.pop() {
        match need {
            Need::All(members) => waiting.extend(members.iter().rev()),
            one => found.push(one),
        }
    }
    found
}

/// Whether a cache keeps copies of a store: as it says, else of any database that its caller calls as well.
fn is_behind(architecture: &Architecture, cache: &Component, store: ComponentId) -> bool {
    let mut stated = cache.references.iter().filter(|(it, _)| *it == Property::Caches).peekable();
    if stated.peek().is_some() {
        return stated.any(|(_, id)| *id == store);
    }
    architecture.component(store).kind == Kind::Database
}
