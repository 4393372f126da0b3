//! What becomes of one request while something fails: how often it is tried, layer by layer, and whether each caller
//! waits as long as those that it waits for may try.

use rustc_hash::FxHashMap;

use super::Analysis;
use crate::catalogue::{Fact, Kind};
use crate::model::{Architecture, Component, ComponentId, FlowId, Link, LinkId, Properties, Property};
use crate::quantity::Duration;

/// The attempts that a caller makes on average while a share of them fails, with so many at the most: Σ fⁱ.
///
/// Brooker, Timeouts, retries, and backoff with jitter, Amazon Builders' Library.
pub fn attempts_made(failing: f64, at_most: f64) -> f64 {
    let attempts = at_most.max(1.0);
    if failing >= 1.0 {
        return attempts;
    }
    // The sum of a geometric series.
    (1.0 - failing.powf(attempts)) / (1.0 - failing)
}

/// What a layer of callers below others makes of one request while everything fails: ∏ (1 + retries).
///
/// Brooker, Timeouts, retries, and backoff with jitter, Amazon Builders' Library: five layers that try three times each
/// make 243.
pub fn amplification(attempts: impl IntoIterator<Item = f64>) -> f64 {
    attempts.into_iter().product()
}

/// The same while a share of the calls at the bottom fails; `attempts` from the outermost layer to the bottom. What a
/// layer sees fail is what all attempts of the one below it failed at.
pub fn steady_amplification(failing: f64, attempts: &[f64]) -> f64 {
    let mut seen = failing;
    let mut all = 1.0;
    for attempts in attempts.iter().rev() {
        all *= attempts_made(seen, *attempts);
        seen = seen.powf(*attempts);
    }
    all
}

/// How often a call is tried, the first included, where that is stated with a figure: on the link, or on its caller.
pub fn attempts(architecture: &Architecture, link: &Link) -> Option<f64> {
    nearest(architecture, link, Property::Retries)?.figure(Property::Retries).map(|it| 1.0 + it.max(0.0))
}

/// What states a property of a call: the link, else its caller.
pub fn nearest<'a>(
    architecture: &'a Architecture,
    link: &'a Link,
    property: Property,
) -> Option<&'a Properties> {
    let caller = &architecture.component(link.source).properties;
    [&link.properties, caller].into_iter().find(|it| it.is_stated(property))
}

/// Whether a caller waits for the answer of this call, as often as it has to make it.
pub fn is_waited_for(architecture: &Architecture, link: &Link) -> bool {
    let never = [Property::Startup, Property::Batch, Property::For];
    !link.is_async()
        && !link.copies_data()
        && !never.into_iter().any(|property| link.has(property))
        && link.source != link.target
        && !architecture.component(link.source).kind.is_queue()
        && !architecture.component(link.target).kind.is_caller_only()
}

/// Whether any call, or any caller for its calls, states a property: mostly none does.
fn states_anywhere(architecture: &Architecture, property: Property) -> bool {
    architecture.links().any(|link| link.is_stated(property))
        || architecture.components().any(|component| component.is_stated(property))
}

/// Components so that each stands after its callers, but for the calls that close a ring; with the place of each.
#[derive(Clone, Debug, Default)]
pub struct CallersFirst {
    order: Vec<ComponentId>,
    places: Vec<usize>,
}

impl CallersFirst {
    pub(super) fn of(architecture: &Architecture) -> Self {
        let mut is_open = vec![false; architecture.components().len()];
        let mut order = Vec::with_capacity(is_open.len());
        let targets = |id: ComponentId| {
            let links = architecture.links_from(id).filter(|link| is_waited_for(architecture, link));
            links.map(|link| link.target).collect::<Vec<_>>()
        };
        for component in architecture.components() {
            let mut stack = Vec::new();
            if !std::mem::replace(&mut is_open[component.id.0 as usize], true) {
                stack.push((component.id, targets(component.id)));
            }
            while let Some((id, left)) = stack.last_mut() {
                if let Some(target) = left.pop() {
                    if !std::mem::replace(&mut is_open[target.0 as usize], true) {
                        stack.push((target, targets(target)));
                    }
                } else {
                    order.push(*id);
                    stack.pop();
                }
            }
        }
        order.reverse();
        let mut places = vec![usize::MAX; order.len()];
        for (at, id) in order.iter().enumerate() {
            places[id.0 as usize] = at;
        }
        Self { order, places }
    }

    /// Whether a call goes back to who waits already: it closes a ring.
    fn is_back(&self, link: &Link) -> bool {
        self.places[link.target.0 as usize] <= self.places[link.source.0 as usize]
    }
}

// ---- retries that multiply

/// Retries that multiply along a chain of callers.
#[derive(Clone, Debug, PartialEq)]
pub struct Storm {
    /// The calls that are tried again, the outermost first: at least two.
    pub links: Vec<LinkId>,
    /// How often each is tried.
    pub attempts: Vec<f64>,
    /// Other chains that begin with the same call and multiply as well.
    pub others: usize,
}

impl Storm {
    /// What becomes of one request at the end of the chain while everything fails.
    pub fn amplification(&self) -> f64 {
        amplification(self.attempts.iter().copied())
    }
}

/// The chains along which retries multiply to more than the attempts that one request should make: for each outermost
/// call the worst. A circuit breaker ends the attempts, so what has one does not multiply.
pub fn storms(architecture: &Architecture, analysis: &Analysis) -> Vec<Storm> {
    if !states_anywhere(architecture, Property::Retries) {
        return Vec::new();
    }
    let callers = analysis.callers_first(architecture);
    let tries = |link: &Link| {
        let has_breaker = nearest(architecture, link, Property::CircuitBreaker)
            .is_some_and(|it| it.has(Property::CircuitBreaker));
        if has_breaker { 1.0 } else { attempts(architecture, link).unwrap_or(1.0) }
    };
    // The most that a component is asked for one request, with the layers that make it so and the call it came by.
    let mut most: Vec<(f64, u32, Option<LinkId>)> = vec![(1.0, 0, None); callers.order.len()];
    let mut goes_on = vec![false; callers.order.len()];
    for id in &callers.order {
        let at = id.0 as usize;
        for link in architecture.links_from(*id).filter(|link| is_waited_for(architecture, link)) {
            let target = link.target.0 as usize;
            if callers.is_back(link) {
                continue;
            }
            let tries = tries(link);
            goes_on[at] |= tries > 1.0;
            let product = most[at].0 * tries;
            if product > most[target].0 {
                most[target] = (product, most[at].1 + u32::from(tries > 1.0), Some(link.id));
            }
        }
    }
    let flows = Flows::of(architecture);
    let mut found: Vec<Storm> = Vec::new();
    let mut by_first: FxHashMap<LinkId, usize> = FxHashMap::default();
    for id in &callers.order {
        let at = id.0 as usize;
        let (product, layers, _) = most[at];
        if layers < 2 || goes_on[at] || product <= architecture.parameters.attempts.value {
            continue;
        }
        let links = retried_on_the_way(architecture, *id, &most, tries);
        // What only passes by the end of another chain is told there.
        let is_end = links.last().is_some_and(|link| architecture.link(*link).target == *id);
        if !is_end || !flows.are_of_one_request(architecture, &links) {
            continue;
        }
        let attempts = links.iter().map(|link| tries(architecture.link(*link))).collect();
        let storm = Storm { links, attempts, others: 0 };
        if let Some(at) = by_first.get(&storm.links[0]) {
            let known = &mut found[*at];
            let others = known.others + 1;
            if known.amplification() < storm.amplification() {
                *known = storm;
            }
            known.others = others;
        } else {
            by_first.insert(storm.links[0], found.len());
            found.push(storm);
        }
    }
    found
}

fn retried_on_the_way(
    architecture: &Architecture,
    end: ComponentId,
    most: &[(f64, u32, Option<LinkId>)],
    tries: impl Fn(&Link) -> f64,
) -> Vec<LinkId> {
    let mut links = Vec::new();
    let mut at = end;
    while let (_, _, Some(id)) = most[at.0 as usize] {
        let link = architecture.link(id);
        if tries(link) > 1.0 {
            links.push(id);
        }
        at = link.source;
    }
    links.reverse();
    links
}

/// Which flows take each link.
struct Flows(FxHashMap<LinkId, Vec<FlowId>>);

impl Flows {
    fn of(architecture: &Architecture) -> Self {
        let mut found: FxHashMap<LinkId, Vec<FlowId>> = FxHashMap::default();
        for flow in architecture.flows() {
            for step in &flow.path.steps {
                found.entry(*step).or_default().push(flow.id);
            }
        }
        Self(found)
    }

    /// Whether calls may be made for one and the same request: no two that follow each other are told apart by what
    /// they do or by the flows that take them.
    fn are_of_one_request(&self, architecture: &Architecture, links: &[LinkId]) -> bool {
        links.windows(2).all(|pair| {
            let (outer, inner) = (architecture.link(pair[0]), architecture.link(pair[1]));
            let differs = outer.is_reads_only() && inner.is_writes_only()
                || outer.is_writes_only() && inner.is_reads_only();
            let is_apart = match (self.0.get(&outer.id), self.0.get(&inner.id)) {
                (Some(by_outer), Some(by_inner)) => !by_outer.iter().any(|it| by_inner.contains(it)),
                _ => false,
            };
            !differs && !is_apart
        })
    }
}

// ---- timeouts that shrink inwards

/// A caller that gives up before those that it waits for do.
#[derive(Clone, Debug, PartialEq)]
pub struct Inversion {
    /// The call that is given up too early.
    pub outer: LinkId,
    /// After how long.
    pub timeout: Duration,
    /// The proxy's default, where that is what gives up.
    pub default: Option<Fact>,
    /// The call further in that may take longer.
    pub inner: LinkId,
    /// How many such calls are made one after the other.
    pub calls: f64,
    /// How often each is tried, each time for how long, and the pause between.
    pub attempts: f64,
    /// The timeout of one attempt.
    pub each: Duration,
    /// The pause between two attempts.
    pub backoff: Duration,
    /// What the component between them takes for its own work, as written.
    pub own: Duration,
    /// All of that together.
    pub needed: Duration,
}

/// How long a component may wait for one of its calls.
#[derive(Clone, Copy)]
struct Wait {
    all: Duration,
    inner: LinkId,
    calls: f64,
    attempts: f64,
    each: Duration,
    backoff: Duration,
}

/// The calls that are given up before what is behind them is: outer < calls in turn × (attempts × inner +
/// backoff) + own work.
pub fn inversions(architecture: &Architecture, analysis: &Analysis) -> Vec<Inversion> {
    if !states_anywhere(architecture, Property::Timeout) {
        return Vec::new();
    }
    let callers = analysis.callers_first(architecture);
    let mut waits: Vec<Option<Wait>> = vec![None; callers.order.len()];
    for id in callers.order.iter().rev() {
        let calls = architecture.links_from(*id).filter(|link| is_waited_for(architecture, link));
        waits[id.0 as usize] = calls
            .filter_map(|link| {
                wait(architecture, link).or_else(|| {
                    // Without a timeout of its own it waits as long as the one behind does, as often as it tries.
                    let behind = waits[link.target.0 as usize].filter(|_| !callers.is_back(link))?;
                    let tries = attempts(architecture, link).unwrap_or(1.0);
                    Some(Wait { all: behind.all * tries * in_turn(link), ..behind })
                })
            })
            .reduce(|longest, it| if it.all > longest.all { it } else { longest });
    }
    let flows = Flows::of(architecture);
    let mut found = Vec::new();
    for link in architecture.links().filter(|link| is_waited_for(architecture, link)) {
        let Some((timeout, default)) = gives_up_after(architecture, link) else { continue };
        let Some(wait) = waits[link.target.0 as usize].filter(|it| it.inner != link.id) else { continue };
        let own =
            architecture.component(link.target).duration(Property::ServiceTime).unwrap_or(Duration::ZERO);
        let needed = wait.all + own;
        if needed <= timeout * (1.0 + 1e-9) || !flows.are_of_one_request(architecture, &[link.id, wait.inner])
        {
            continue;
        }
        let Wait { inner, calls, attempts, each, backoff, .. } = wait;
        found.push(Inversion {
            outer: link.id,
            timeout,
            default,
            inner,
            calls,
            attempts,
            each,
            backoff,
            own,
            needed,
        });
    }
    found
}

fn wait(architecture: &Architecture, link: &Link) -> Option<Wait> {
    let each = nearest(architecture, link, Property::Timeout)?.duration(Property::Timeout)?;
    let attempts = attempts(architecture, link).unwrap_or(1.0);
    let backoff = nearest(architecture, link, Property::Backoff)
        .and_then(|it| it.duration(Property::Backoff))
        .unwrap_or(Duration::ZERO);
    let calls = in_turn(link);
    let all = (each * attempts + backoff * (attempts - 1.0)) * calls;
    Some(Wait { all, inner: link.id, calls, attempts, each, backoff })
}

/// How many calls one request makes by a link, each after the one before; one where they are made at once.
fn in_turn(link: &Link) -> f64 {
    let calls = link.figure(Property::Calls).filter(|_| !link.has(Property::Parallel));
    calls.unwrap_or(1.0).max(1.0)
}

/// After how long a caller gives up on a call: as stated, else by a proxy's default.
fn gives_up_after(architecture: &Architecture, link: &Link) -> Option<(Duration, Option<Fact>)> {
    if let Some(stated) = nearest(architecture, link, Property::Timeout) {
        return stated.duration(Property::Timeout).map(|it| (it, None));
    }
    let caller: &Component = architecture.component(link.source);
    if !caller.kind.is_proxy() || caller.kind == Kind::Cdn {
        return None;
    }
    let fact = caller.known().get(|facts| facts.default_timeout)?;
    Some((fact.duration(), Some(fact)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn close(found: f64, worked: f64) {
        assert!((found - worked).abs() < 1e-9, "{found} is not {worked}");
    }

    /// Three tries in each of five layers: 3⁵ = 243; in three layers 27.
    #[test]
    fn tries_multiply_along_a_chain() {
        close(amplification([3.0; 5]), 243.0);
        close(amplification([3.0; 3]), 27.0);
        close(amplification([]), 1.0);
    }

    /// Half of the calls fail, three tries: 1 + 1/2 + 1/4 = 1.75. All fail: 3. None: 1.
    #[test]
    fn a_caller_stops_when_it_has_an_answer() {
        close(attempts_made(0.5, 3.0), 1.75);
        close(attempts_made(1.0, 3.0), 3.0);
        close(attempts_made(0.0, 3.0), 1.0);
    }

    /// Two layers of three tries over calls of which half fail: 1.75 at the bottom, where all three fail 1/8 of the
    /// time; above that 1 + 1/8 + 1/64 = 1.140625: 1.99609375 in all. Everything failing it is 9.
    #[test]
    fn an_outer_layer_sees_fewer_failures() {
        close(steady_amplification(0.5, &[3.0, 3.0]), 1.75 * 1.140_625);
        close(steady_amplification(1.0, &[3.0, 3.0]), 9.0);
    }
}
