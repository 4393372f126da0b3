//! Who waits for whom, and what ends the wait: the calls that cross a network and the timeouts they state.

use rustc_hash::FxHashSet;

use super::load::{self, Load};
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, GroupKind, Link, Property, Replicas};
use crate::quantity::Rate;

/// What ends the wait of a caller whose target does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A timeout is stated, with or without its figure: on the link, or for all calls of an end.
    Stated,
    /// It is stated that there is none.
    Endless,
    /// The caller's engine gives up by default.
    ByDefault,
    /// Nothing is said.
    Unstated,
}

/// What ends the wait on a link.
pub fn patience(architecture: &Architecture, link: &Link) -> Patience {
    let (source, target) = architecture.ends(link);
    let nearest = [&link.properties, &source.properties, &target.properties]
        .into_iter()
        .find(|it| it.is_stated(Property::Timeout));
    match nearest {
        Some(stated) if stated.has(Property::Timeout) => Patience::Stated,
        Some(_) => Patience::Endless,
        None if gives_up_by_default(source) => Patience::ByDefault,
        None => Patience::Unstated,
    }
}

fn gives_up_by_default(caller: &Component) -> bool {
    caller.kind.is_proxy() && caller.known().get(|facts| facts.default_timeout).is_some()
}

/// Whether a component of the design waits by this link for an answer that comes over a network.
///
/// What clients and third parties wait for is theirs; a lookup of a name, a copy of data, a connection that is
/// held open, and what stands on one host or in one process have no such wait.
pub fn is_remote_call(architecture: &Architecture, link: &Link) -> bool {
    let (source, target) = architecture.ends(link);
    !link.is_async()
        && !link.copies_data()
        && !link.has(Property::Startup)
        && !link.has(Property::For)
        && link.source != link.target
        && !source.kind.is_outside()
        && !source.kind.is_queue()
        && !target.kind.is_caller_only()
        && source.kind != Kind::Dns
        && target.kind != Kind::Dns
        && !link.is_held_open()
        && !is_in_process(target)
        && !passes_connections_on(source)
        && !are_on_one_host(architecture, link)
}

/// Whether it hands connections on without waiting for an answer: a balancer on layer 4.
fn passes_connections_on(component: &Component) -> bool {
    component.kind == Kind::LoadBalancer
        && (component.figure(Property::Layer).is_some_and(|layer| layer < 5.0) || component.is_engine("nlb"))
}

/// Whether it is a library in its caller's process.
fn is_in_process(component: &Component) -> bool {
    component.kind == Kind::Database && component.is_engine("sqlite")
}

fn are_on_one_host(architecture: &Architecture, link: &Link) -> bool {
    let host = |id| architecture.enclosing(id, GroupKind::Host);
    host(link.source).is_some_and(|it| host(link.target) == Some(it))
}

/// Programs that work behind a queue or by the clock alone, so that nobody waits for them.
pub fn unwaited(architecture: &Architecture) -> FxHashSet<ComponentId> {
    let is_called = |component: &Component| {
        let mut callers = architecture.links_to(component.id).filter(|it| !it.is_beside_the_path());
        callers.any(|link| {
            let caller = architecture.component(link.source).kind;
            !link.is_async() && !caller.is_queue() && caller != Kind::Scheduler
        })
    };
    let is_fed = |component: &Component| {
        component.kind == Kind::Worker
            || architecture.links_to(component.id).any(|link| {
                let feeder = architecture.component(link.source).kind;
                link.is_async() || feeder.is_queue() || feeder == Kind::Scheduler
            })
    };
    architecture
        .components()
        .filter(|it| it.kind == Kind::Scheduler || it.has(Property::Every) || is_fed(it) && !is_called(it))
        .map(|it| it.id)
        .collect()
}

/// Requests that enter a call at peak, each of which may be several calls.
pub fn requests_at_peak(architecture: &Architecture, load: &Load, link: &Link) -> Option<Rate> {
    let demand = load.link(link.id);
    let calls = load::calls_per_request(architecture, link);
    let calls = if calls > 0.0 { calls } else { 1.0 };
    Some(demand.peak.total() / calls).filter(|peak| demand.is_known() && peak.is_positive())
}

/// How many requests a component has room for at once, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Its replicas; one where it is available as a whole.
    pub replicas: u32,
    /// Requests of each at once, by the catalogue.
    pub each: f64,
}

impl Room {
    /// The room of a component.
    pub fn of(component: &Component) -> Option<Self> {
        let each = component.known().get(|facts| facts.concurrency)?.value;
        let replicas = match component.replicas {
            _ if component.is_available_as_a_whole() => 1,
            Replicas::Stated { most, .. } => most?,
            _ => return None,
        };
        Some(Self { replicas, each })
    }

    /// All of them.
    pub fn total(self) -> f64 {
        f64::from(self.replicas) * self.each
    }
}
