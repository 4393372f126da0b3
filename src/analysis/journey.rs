//! Journeys: the flows as they are judged. A design's own flows; where it names none, each separate link of a
//! client, person or third party; and each route apart where a proxy sends requests one way or another.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use super::needs::{self, View};
use crate::catalogue::{Kind, Parameters};
use crate::model::{
    Architecture, Call, CallTree, Component, ComponentId, FlowId, Link, LinkId, Properties, Property,
};
use crate::source::Span;
use crate::syntax::ast::Dimension;

/// Past so many routes a flow is not split: it then needs all of them.
pub const MAX_ROUTES: usize = 64;

/// What a journey does to data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Whether it reads.
    pub reads: bool,
    /// Whether it writes.
    pub writes: bool,
}

/// A flow as it is judged.
#[derive(Clone, Debug)]
pub struct Journey {
    /// The flow's name, `browser by docs` where no flow is written, `push by apns` for a route.
    pub name: SmolStr,
    /// What a finding about it is on: the flow's name, the link `a -> b`, or a component.
    pub element: String,
    /// Which of the journeys before they were split by route it comes from: the one that carries the traffic.
    pub base: usize,
    /// The flow that is written, if one is.
    pub flow: Option<FlowId>,
    /// The links of the entry that it starts with, where no flow is written; empty for all of them.
    pub first: Vec<LinkId>,
    /// Where it is written.
    pub span: Span,
    /// Where it starts.
    pub entries: Vec<ComponentId>,
    /// Reads, writes or both.
    pub mode: Mode,
    /// The route that each proxy takes.
    pub routes: FxHashMap<ComponentId, Vec<LinkId>>,
    /// Whether it is work beside the users' path: then it takes `batch` links as well.
    pub is_beside: bool,
    /// Whether it could not be split into its routes, and needs all.
    pub needs_all_routes: bool,
    /// Whether the design was too large to follow this one as well: nothing is known of its availability.
    pub is_unfollowed: bool,
    /// What it is held against.
    pub promise: Promise,
}

/// What a flow is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct Promise {
    /// The availability that is asked, as a share of one.
    pub slo: Option<f64>,
    /// Where it is asked.
    pub span: Option<Span>,
    /// Where it comes from.
    pub origin: PromiseOrigin,
}

/// Where a promise comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromiseOrigin {
    /// A figure is written: `availability = 99.9%` or `downtime = 30min/month`.
    Stated,
    /// `availability = high`: redundancy is asked for, no figure.
    High,
    /// `intent = production` and the like: assumed.
    Intent,
    /// `intent = personal` or `internal`: assumed, and only advised on.
    SmallIntent,
    /// `intent = demo`: reviewed for security alone.
    Demo,
    /// Nothing is asked.
    Nothing,
}

impl Promise {
    /// Nothing is asked.
    fn nothing() -> Self {
        Self { slo: None, span: None, origin: PromiseOrigin::Nothing }
    }

    /// The unavailability that is allowed.
    pub fn budget(&self) -> Option<f64> {
        self.slo.map(|slo| 1.0 - slo)
    }

    fn of(parameters: &Parameters, properties: &Properties) -> Option<Self> {
        let span = properties.span(Property::Availability).or(properties.span(Property::Downtime));
        // The bare name asks for it without a figure, as `high` does.
        let is_bare =
            properties.has(Property::Availability) && properties.value(Property::Availability).is_none();
        if is_bare || properties.is(Property::Availability, "high") {
            return Some(Self { slo: None, span, origin: PromiseOrigin::High });
        }
        let slo = properties
            .figure_of(Property::Availability, Dimension::Percent)
            .or_else(|| properties.figure(Property::Downtime).map(|share| 1.0 - share));
        if let Some(slo) = slo {
            return Some(Self { slo: Some(slo), span, origin: PromiseOrigin::Stated });
        }
        let word = properties.word(Property::Intent)?;
        let (slo, origin) = match word {
            "demo" => (None, PromiseOrigin::Demo),
            "personal" => (Some(parameters.promise_personal), PromiseOrigin::SmallIntent),
            "internal" => (Some(parameters.promise_internal), PromiseOrigin::SmallIntent),
            "startup" => (Some(parameters.promise_startup), PromiseOrigin::Intent),
            "production" => (Some(parameters.promise_production), PromiseOrigin::Intent),
            _ => (Some(parameters.promise_critical), PromiseOrigin::Intent),
        };
        Some(Self { slo: slo.map(|it| it.value), span: properties.span(Property::Intent), origin })
    }
}

impl Journey {
    /// All that one component does, reads and writes, without a promise.
    pub fn of_component(component: &Component) -> Self {
        Self {
            name: component.name.clone(),
            element: component.name.to_string(),
            base: 0,
            flow: None,
            first: Vec::new(),
            span: component.span,
            entries: vec![component.id],
            mode: Mode { reads: true, writes: true },
            routes: FxHashMap::default(),
            is_beside: false,
            needs_all_routes: false,
            is_unfollowed: false,
            promise: Promise::nothing(),
        }
    }

    /// All that one component does beside the users' path.
    pub fn beside(component: &Component) -> Self {
        Self { is_beside: true, ..Self::of_component(component) }
    }

    /// The properties of the flow that is written, if one is.
    pub fn properties<'a>(&self, architecture: &'a Architecture) -> Option<&'a Properties> {
        self.flow.map(|flow| &architecture.flow(flow).properties)
    }

    /// Whether a link begins another flow: what a third party calls back, once it was called, is a request of its own.
    pub fn is_called_back_by(&self, architecture: &Architecture, link: &Link) -> bool {
        architecture.component(link.source).kind == Kind::ThirdParty
            && !self.entries.contains(&link.source)
            && !self.flow.is_some_and(|flow| architecture.flow(flow).path.takes(link.id))
            && architecture.flows().any(|flow| flow.path.begins_with(link))
    }

    /// Whether it starts at a component, and there with some of the links alone.
    fn starts_apart(&self, component: ComponentId) -> bool {
        !self.first.is_empty() && self.entries.contains(&component)
    }

    /// The calls of a component that may be part of it: where it starts, those that it starts with alone. Others may make
    /// thousands of journeys.
    pub fn calls_from<'a>(
        &self,
        architecture: &'a Architecture,
        component: ComponentId,
    ) -> impl Iterator<Item = &'a Call> {
        let is_start = self.starts_apart(component);
        let all = (!is_start).then(|| architecture.calls_of(component));
        let mut own: Vec<&Call> = Vec::new();
        for call in self.first.iter().filter(|_| is_start).filter_map(|it| architecture.call_of(*it)) {
            if !own.last().is_some_and(|last| std::ptr::eq(*last, call)) {
                own.push(call);
            }
        }
        all.into_iter().flatten().chain(own)
    }

    /// The links of a component that may be part of it, as [`Journey::calls_from`].
    pub fn links_from<'a>(
        &'a self,
        architecture: &'a Architecture,
        component: ComponentId,
    ) -> impl Iterator<Item = &'a Link> {
        let is_start = self.starts_apart(component);
        let all = (!is_start).then(|| architecture.links_from(component));
        let own = is_start.then(|| self.first.iter().map(|it| architecture.link(*it)));
        all.into_iter().flatten().chain(own.into_iter().flatten())
    }

    /// What is left of it from one of its components on: what that component has to do for it.
    #[must_use]
    pub fn rest_from(&self, component: ComponentId) -> Self {
        Self { first: Vec::new(), entries: vec![component], ..self.clone() }
    }
}

/// The journeys that begin at a component, whoever calls it: all that it does, by its routes.
pub fn starting_at(architecture: &Architecture, component: ComponentId) -> Vec<Journey> {
    let mut looks_left = usize::MAX;
    by_route(architecture, Journey::of_component(architecture.component(component)), &mut looks_left)
}

/// All journeys of a design before they are split by route, in the order of their flows: they carry the traffic.
pub fn bases(architecture: &Architecture) -> Vec<Journey> {
    let mut found: Vec<Journey> = Vec::new();
    let mut flows = architecture.flows().filter(|flow| !flow.is_bare).peekable();
    if flows.peek().is_some() {
        found.extend(flows.filter_map(|flow| written(architecture, flow.id)));
    } else {
        for entry in entries(architecture) {
            found.extend(unwritten(architecture, entry));
        }
    }
    for (at, journey) in found.iter_mut().enumerate() {
        journey.base = at;
    }
    found
}

/// All journeys as they are judged: each route of each flow. Once `looks_left` components were looked at for them,
/// the others are marked as not followed.
pub fn journeys(architecture: &Architecture, bases: &[Journey], looks_left: &mut usize) -> Vec<Journey> {
    bases.iter().flat_map(|journey| by_route(architecture, journey.clone(), looks_left)).collect()
}

fn written(architecture: &Architecture, id: FlowId) -> Option<Journey> {
    let flow = architecture.flow(id);
    if flow.is_lost {
        return None;
    }
    // A flow without a path says what is asked of the whole: it starts wherever the design is entered.
    let entries = if flow.path.is_empty() { entries(architecture) } else { flow.path.heads.clone() };
    if entries.is_empty() {
        return None;
    }
    let mode = Mode { reads: !flow.is_writes_only(), writes: !flow.is_reads_only() };
    Some(Journey {
        name: flow.name.clone(),
        element: flow.name.to_string(),
        base: 0,
        flow: Some(id),
        first: Vec::new(),
        span: flow.span,
        entries,
        mode,
        routes: FxHashMap::default(),
        is_beside: false,
        needs_all_routes: false,
        is_unfollowed: false,
        promise: Promise::of(&architecture.parameters, &flow.properties)
            .unwrap_or_else(|| system_promise(architecture)),
    })
}

fn system_promise(architecture: &Architecture) -> Promise {
    Promise::of(&architecture.parameters, &architecture.system.properties).unwrap_or_else(Promise::nothing)
}

/// Where traffic comes in: clients, persons, third parties that call; in a design without these, its roots.
pub fn entries(architecture: &Architecture) -> Vec<ComponentId> {
    let calls = |id| architecture.links_from(id).any(|link| !link.is_beside_the_path());
    let outside: Vec<ComponentId> = architecture
        .components()
        .filter(|component| component.kind.is_outside() && calls(component.id))
        .map(|component| component.id)
        .collect();
    if !outside.is_empty() {
        return outside;
    }
    architecture
        .components()
        .filter(|component| {
            calls(component.id)
                && component.kind != Kind::Monitoring
                && !architecture
                    .links_to(component.id)
                    .any(|link| link.source != component.id && !link.is_beside_the_path())
        })
        .map(|component| component.id)
        .collect()
}

/// The flows of an entry where none is written: each separate target is one.
fn unwritten(architecture: &Architecture, entry: ComponentId) -> Vec<Journey> {
    let component = architecture.component(entry);
    let mut found: Vec<Journey> = Vec::new();
    let mut known: FxHashSet<(SmolStr, bool, bool)> = FxHashSet::default();
    let mut starts: Vec<Vec<LinkId>> = Vec::new();
    for call in architecture.calls_of(entry) {
        separate(&call.tree, &mut starts);
    }
    for first in starts {
        let links: Vec<_> = first.iter().map(|id| architecture.link(*id)).collect();
        let goes_on = |id: ComponentId| {
            let target = architecture.component(id);
            let only_answers = target.kind == Kind::Dns && architecture.links_from(id).len() == 0;
            !target.kind.is_caller_only() && !only_answers
        };
        let is_flow = links.iter().any(|link| {
            goes_on(link.target)
                && !link.is_beside_the_path()
                && (!link.is_async() || architecture.component(link.target).kind.is_queue())
        });
        if !is_flow {
            continue;
        }
        let link = links[0];
        let targets: Vec<&str> =
            links.iter().map(|link| architecture.component(link.target).name.as_str()).collect();
        let mode = Mode {
            reads: links.iter().any(|link| !link.is_writes_only()),
            writes: links.iter().any(|link| !link.is_reads_only()),
        };
        let name = format_smolstr!("{} by {}", component.name, targets.join(" or "));
        if !known.insert((name.clone(), mode.reads, mode.writes)) {
            continue;
        }
        found.push(Journey {
            name,
            element: architecture.link_name(link),
            base: 0,
            flow: None,
            span: link.span,
            first,
            entries: vec![entry],
            mode,
            routes: FxHashMap::default(),
            is_beside: false,
            needs_all_routes: false,
            is_unfollowed: false,
            promise: system_promise(architecture),
        });
    }
    // A root that is no client is itself what must be up: its calls are one flow.
    if !component.kind.is_outside() && !found.is_empty() {
        return vec![Journey { promise: system_promise(architecture), ..Journey::of_component(component) }];
    }
    found
}

/// Parts a statement's targets into those that are journeys of their own: `a, b` and `a / b` are two, `a | b`
/// is one.
fn separate(tree: &CallTree, starts: &mut Vec<Vec<LinkId>>) {
    use crate::syntax::ast::Relation;
    match tree {
        CallTree::Link(link) => starts.push(vec![*link]),
        CallTree::Set(Relation::All | Relation::Route, members) => {
            for member in members {
                separate(member, starts);
            }
        }
        CallTree::Set(..) => starts.push(tree.links()),
    }
}

/// Splits a journey where a proxy on its way sends requests one way or another.
fn by_route(architecture: &Architecture, journey: Journey, looks_left: &mut usize) -> Vec<Journey> {
    let mut done: Vec<Journey> = Vec::new();
    let mut waiting = vec![journey.clone()];
    while let Some(next) = waiting.pop() {
        if done.len() + waiting.len() >= MAX_ROUTES {
            return vec![Journey { needs_all_routes: true, ..journey }];
        }
        if *looks_left == 0 {
            return vec![Journey { needs_all_routes: true, is_unfollowed: true, ..journey }];
        }
        match open_route(architecture, &next, looks_left) {
            None => done.push(next),
            Some((at, routes)) => {
                // The last is taken off first: pushed in reverse they come out in the order of writing.
                for route in routes.iter().rev() {
                    let mut split = next.clone();
                    let names: Vec<&str> = route
                        .iter()
                        .map(|link| architecture.component(architecture.link(*link).target).name.as_str())
                        .collect();
                    split.name = format_smolstr!("{} by {}", next.name, names.join(" or "));
                    // Of other routes of the same component, and of those round these, the choice stays.
                    let chosen = split.routes.entry(at).or_default();
                    chosen.retain(|link| !routes.iter().flatten().any(|it| it == link));
                    chosen.extend(route);
                    waiting.push(split);
                }
            }
        }
    }
    done
}

/// The first component on the way whose routes are not chosen, with them.
fn open_route(
    architecture: &Architecture,
    journey: &Journey,
    looks_left: &mut usize,
) -> Option<(ComponentId, Vec<Vec<LinkId>>)> {
    let view = View::new(architecture, journey);
    let mut seen: FxHashSet<ComponentId> = journey.entries.iter().copied().collect();
    let mut waiting: Vec<ComponentId> = journey.entries.clone();
    let mut at = 0;
    while let Some(component) = waiting.get(at).copied() {
        at += 1;
        // The walk that is under way is finished: no walk is longer than the design.
        *looks_left = looks_left.saturating_sub(1);
        let need = view.need(component);
        if let Some(routes) = needs::routes(&need) {
            return Some((component, routes));
        }
        for link in need.links() {
            let target = architecture.link(link).target;
            if seen.insert(target) {
                waiting.push(target);
            }
        }
    }
    None
}
