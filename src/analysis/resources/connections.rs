//! Connections: the sockets that users hold open, the pools that callers keep, and how many of these they need at
//! once by Little's law.

use rustc_hash::FxHashMap;

use super::{Limit, nodes};
use crate::analysis::load::{Load, has_unreadable_standby};
use crate::analysis::storage;
use crate::catalogue::Kind;
use crate::figures;
use crate::model::{Architecture, Component, ComponentId, Link, Property};
use crate::quantity::{Duration, Rate};
use crate::worked::Worked;

/// The connections that one node takes.
fn limit(component: &Component) -> Option<Limit<f64>> {
    if component.is_stated(Property::MaxConnections) {
        return component.figure(Property::MaxConnections).map(Limit::stated);
    }
    if component.is_managed() {
        return None;
    }
    let is_usual = component.engine().is_some() || storage::model(component) == component.kind.facts().model;
    let fact = component.known().get(|facts| facts.max_connections).filter(|_| is_usual)?;
    Some(Limit::assumed(fact.value))
}

// ---- sockets

/// Connections that users hold open to a component.
#[derive(Clone, Debug)]
pub struct Sockets<'a> {
    /// Which.
    pub component: &'a Component,
    /// The link that brings the most of them; none where the component states them itself.
    pub link: Option<&'a Link>,
    /// On all nodes together.
    pub all: f64,
    /// Over how many nodes.
    pub nodes: f64,
    /// What one node takes.
    pub limit: Limit<f64>,
}

impl Sockets<'_> {
    /// On one node.
    pub fn each(&self) -> Worked<f64> {
        let all = Worked::given(self.all, format!("{} connections", figures::number(self.all)));
        all / Worked::given(self.nodes, figures::count(self.nodes.round() as usize, "node", "nodes"))
    }

    /// The nodes that would hold them.
    pub fn nodes_for(&self) -> f64 {
        (self.all / self.limit.most).ceil()
    }
}

/// How many connections users hold open to each component: as many as are on it at once where it is spoken over
/// what stays open, as a client says, else the flows that start with it, else the system where all clients
/// hold theirs to one tier. Proxies hold them too, and pass them on.
pub fn sockets(architecture: &Architecture) -> FxHashMap<ComponentId, f64> {
    let mut held: FxHashMap<ComponentId, f64> = FxHashMap::default();
    let mut waiting: Vec<(ComponentId, f64)> = Vec::new();
    let openers: Vec<(&Component, Vec<&Link>)> = architecture
        .components()
        .filter(|it| it.kind.is_outside())
        .map(|it| (it, architecture.links_from(it.id).filter(|link| stays_open(link)).collect()))
        .filter(|(_, open): &(_, Vec<&Link>)| !open.is_empty())
        .collect();
    let mut by_flow: FxHashMap<ComponentId, f64> = FxHashMap::default();
    for flow in architecture.flows() {
        let Some(users) = flow.figure(Property::Concurrent) else { continue };
        for head in &flow.path.heads {
            *by_flow.entry(*head).or_insert(0.0) += users;
        }
    }
    // What the system states is told of the one tier that all of its clients hold connections to, once.
    let mut tiers = openers.iter().flat_map(|(_, open)| open.iter().map(|link| link.target));
    let first = tiers.next();
    let has_one_tier = openers.len() == 1 || tiers.all(|tier| Some(tier) == first);
    let states_own =
        |client: &Component| client.has(Property::Concurrent) || by_flow.contains_key(&client.id);
    let has_own = openers.iter().any(|(client, _)| states_own(client));
    let mut is_system_told = false;
    for (client, open) in &openers {
        if openers.len() > 1 && !states_own(client) && (has_own || is_system_told) {
            continue;
        }
        is_system_told |= !states_own(client);
        let of_system =
            || architecture.system.properties.figure(Property::Concurrent).filter(|_| has_one_tier);
        let users = client.figure(Property::Concurrent).or_else(|| by_flow.get(&client.id).copied());
        let Some(users) = users.or_else(of_system) else { continue };
        for link in open {
            waiting.push((link.target, users * link.figure(Property::Share).unwrap_or(1.0)));
        }
    }
    // A ring of proxies hands connections round for ever: each passes on what came first.
    while let Some((id, users)) = waiting.pop() {
        let is_new = !held.contains_key(&id);
        *held.entry(id).or_insert(0.0) += users;
        let proxy = architecture.component(id);
        if !is_new || !proxy.kind.is_proxy() {
            continue;
        }
        let onward: Vec<&Link> =
            architecture.links_from(id).filter(|it| is_passed_on(architecture, it)).collect();
        let open: Vec<&Link> = onward.iter().copied().filter(|it| stays_open(it)).collect();
        // Of several targets that nothing is said of, nobody knows which one connections are passed on to.
        let says_so = |link: &&Link| {
            let target = architecture.component(link.target);
            stays_open(link) || target.has(Property::Stateful) || target.kind.is_proxy()
        };
        let said: Vec<&Link> = onward.iter().copied().filter(says_so).collect();
        let is_alike = onward.iter().all(|link| link.known_protocols().next().is_none())
            && onward.windows(2).all(|two| is_like(architecture, two[0], two[1]));
        let takers = match onward.len() {
            _ if !open.is_empty() => open,
            _ if !said.is_empty() => said,
            0 | 1 => onward,
            _ if is_alike => onward,
            _ => continue,
        };
        for link in &takers {
            let share = link.figure(Property::Share).unwrap_or(1.0 / takers.len() as f64);
            waiting.push((link.target, users * share));
        }
    }
    // What a component states itself is told of connections where these are spoken of.
    for component in architecture.components().filter(|it| !it.kind.is_outside()) {
        let Some(own) = component.figure(Property::Concurrent) else { continue };
        let is_of_connections = held.contains_key(&component.id)
            || component.is_stated(Property::MaxConnections)
            || architecture.links_to(component.id).any(stays_open);
        if is_of_connections {
            held.insert(component.id, own);
        }
    }
    held
}

fn is_passed_on(architecture: &Architecture, link: &Link) -> bool {
    let target = architecture.component(link.target).kind;
    !link.is_async() && !link.is_beside_the_path() && (target.is_compute() || target.is_proxy())
}

/// Whether two links lead to targets of one make: the same kind and engines, as many of each.
fn is_like(architecture: &Architecture, one: &Link, other: &Link) -> bool {
    let (one, other) = (architecture.component(one.target), architecture.component(other.target));
    one.kind == other.kind && one.engines == other.engines && one.replicas == other.replicas
}

fn stays_open(link: &Link) -> bool {
    if link.is_stated(Property::Connections) {
        return link.is(Property::Connections, "long");
    }
    link.known_protocols().any(|it| it.long_lived && !it.is_request)
}

/// The components to which users hold open more connections than their nodes take.
pub fn full_of_sockets(architecture: &Architecture) -> Vec<Sockets<'_>> {
    let held = sockets(architecture);
    let of = |component: &&'_ Component| held.get(&component.id).copied();
    architecture
        .components()
        .filter_map(|component| {
            let all = of(&component)?;
            let (limit, nodes) = (limit(component)?, nodes(component)? * component.shards());
            let link = architecture
                .links_to(component.id)
                .find(|it| stays_open(it) || held.contains_key(&it.source));
            let sockets = Sockets { component, link, all, nodes, limit };
            (all / nodes > limit.most).then_some(sockets)
        })
        .collect()
}

// ---- pools

/// The connections that one caller keeps open to a store.
#[derive(Clone, Debug)]
pub struct Pooled<'a> {
    /// By which link.
    pub link: &'a Link,
    /// Who keeps them.
    pub caller: &'a Component,
    /// How many, and how that comes about: replicas × pool.
    pub connections: Worked<f64>,
}

/// A store to which callers keep open more connections than one of its nodes takes.
#[derive(Clone, Debug)]
pub struct Starved<'a> {
    /// Which.
    pub store: &'a Component,
    /// On its busiest node.
    pub on_a_node: f64,
    /// What one node takes.
    pub limit: Limit<f64>,
    /// Who keeps them, the most first.
    pub pools: Vec<Pooled<'a>>,
}

/// The pool that a caller has for a target: on the link, else of the caller where the target is a store, to which
/// connections are pooled as a matter of course.
fn pool(architecture: &Architecture, link: &Link) -> Option<f64> {
    let (caller, target) = architecture.ends(link);
    let own = || caller.figure(Property::Pool).filter(|_| target.kind == Kind::Database);
    link.figure(Property::Pool).or_else(own)
}

/// The stores whose connections the pools of all callers together exhaust.
///
/// Of a caller that scales the upper end counts, or the lower where that is open. A pool that writes is kept to the
/// primary; one that only reads is spread over the nodes that are read.
pub fn exhausted_pools(architecture: &Architecture) -> Vec<Starved<'_>> {
    architecture.components().filter_map(|store| exhausted(architecture, store)).collect()
}

fn exhausted<'a>(architecture: &'a Architecture, store: &'a Component) -> Option<Starved<'a>> {
    if store.kind.is_outside() || store.kind.is_queue() {
        return None;
    }
    let pooled = |link: &'a Link| {
        let pool = pool(architecture, link)?;
        let caller = architecture.component(link.source);
        let replicas = most_replicas(caller);
        let connections =
            Worked::given(replicas, figures::count(replicas.round() as usize, "replica", "replicas"))
                * Worked::given(pool, figures::number(pool));
        Some(Pooled { link, caller, connections })
    };
    let limit = limit(store)?;
    let mut pools: Vec<Pooled> =
        architecture.links_to(store.id).filter(|it| !it.copies_data()).filter_map(pooled).collect();
    if pools.is_empty() {
        return None;
    }
    let shards = storage::parts(store).unwrap_or(f64::INFINITY);
    let readers = if has_unreadable_standby(store) || store.is_promoted_by_another() {
        1.0
    } else {
        nodes(store).unwrap_or(f64::INFINITY)
    };
    let is_serving = store.kind.is_store() || store.kind == Kind::Cache;
    let on_a_node = pools
        .iter()
        .map(|it| {
            let is_spread = it.link.is_reads_only() || !is_serving;
            it.connections.value / if is_spread { shards.max(1.0) * readers } else { shards }
        })
        .sum();
    pools.sort_by(|a, b| b.connections.value.total_cmp(&a.connections.value));
    (on_a_node > limit.most).then_some(Starved { store, on_a_node, limit, pools })
}

/// The most replicas that are written, the least where that is open.
fn most_replicas(caller: &Component) -> f64 {
    nodes(caller).or_else(|| caller.least_replicas().map(f64::from)).unwrap_or(1.0)
}

// ---- Little's law

/// Connections that one replica of a caller needs at once for a target: L = λ × W.
#[derive(Clone, Debug)]
pub struct Held<'a> {
    /// By which link.
    pub link: &'a Link,
    /// At peak, while the target answers as it does: peak rate ÷ replicas × its service time.
    pub needed: Worked<f64>,
    /// The target's service time.
    pub time: Limit<Duration>,
    /// While it hangs, until the timeout; nothing where none is stated.
    pub hanging: Option<Worked<f64>>,
    /// The connections that it has; nothing where that is unsaid.
    pub pool: Option<f64>,
}

/// What a synchronous call holds; nothing where the rate, the caller's replicas or the time is unknown.
pub fn held<'a>(architecture: &'a Architecture, load: &Load, link: &'a Link) -> Option<Held<'a>> {
    let (caller, target) = architecture.ends(link);
    let demand = load.link(link.id);
    let peak = Some(demand.peak.total()).filter(|it| demand.is_reached && it.is_positive())?;
    // A function has as many copies as there are requests.
    if link.is_async() || caller.kind.is_outside() || caller.kind == Kind::Function {
        return None;
    }
    let replicas = nodes(caller)?;
    let stated = target.duration(Property::ServiceTime).map(Limit::stated);
    let known = || target.known().get(|facts| facts.service_time).map(|fact| Limit::assumed(fact.duration()));
    let time = stated.or_else(known)?;
    let each: Worked<Rate> = Worked::given(peak, peak.to_string())
        / Worked::given(replicas, figures::count(replicas.round() as usize, "replica", "replicas"));
    let timeout =
        [&link.properties, &caller.properties].into_iter().find_map(|it| it.duration(Property::Timeout));
    Some(Held {
        link,
        needed: each.clone() * Worked::given(time.most, time.most.to_string()),
        time,
        hanging: timeout.map(|timeout| each * Worked::given(timeout, timeout.to_string())),
        pool: pool(architecture, link),
    })
}

/// The calls that need more connections at once than their caller's pool has.
pub fn starved_callers<'a>(architecture: &'a Architecture, load: &Load) -> Vec<Held<'a>> {
    architecture
        .links()
        .filter(|link| pool(architecture, link).is_some())
        .filter_map(|link| held(architecture, load, link))
        .filter(|held| held.pool.is_some_and(|pool| held.needed.value > pool))
        .collect()
}
