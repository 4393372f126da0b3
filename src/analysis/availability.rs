//! Availability of a journey: the design compiled into a boolean program over independent events, one an
//! element, and evaluated exactly.
//!
//! Every figure is written by the author or is the catalogue's; every definition is `semantics`, section 1.

mod element;
mod losses;
mod reach;
pub mod unit;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::{FxHashMap, FxHashSet};

pub use element::Element;
pub use losses::Losses;
pub use reach::Reach;
pub use unit::{Nodes, Unit, UnitKind, has_primary, quorum};

use super::journey::Journey;
use super::load::Load;
use super::needs::{Need, View};
use super::reliability::{self, Availability, Budget, ElementId, Node, Program};
use crate::catalogue::Parameters;
use crate::model::{
    Architecture, Component, ComponentId, GroupId, GroupKind, Link, LinkId, Properties, Property,
};
use crate::syntax::ast::Dimension;

/// Minutes in a month of 30 days.
pub const MONTH_MINUTES: f64 = 43_200.0;

/// A ring of callers is unrolled up to this many states; past it bounds are given.
const MAX_RING_STATES: usize = 4_096;

/// Where only bounds are given, finding them takes as long as looking at so many components more.
const LOOKS_OF_BOUNDS: usize = 10_000;

/// Zones or regions that one component is spread over, at most.
const MAX_SITES: u32 = 8;

/// How what is unstated is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reading {
    /// Unstated structure is one; figures and published SLAs as in the catalogue.
    #[default]
    Low,
    /// Unstated structure is redundant; nothing fails in common; published SLAs hold at 100 %.
    High,
}

/// A design with some things changed, for "what if".
#[derive(Clone, Debug, Default)]
pub struct Scenario {
    /// How what is unstated is read.
    pub reading: Reading,
    /// What is changed.
    pub changes: FxHashMap<ComponentId, Change>,
    /// Over how many zones everything redundant that states no placement is spread.
    pub spread: Option<u32>,
    /// Regions that have a twin.
    pub second_regions: FxHashSet<GroupId>,
    /// Whether all that choose among others look who is alive.
    pub checks_health: bool,
    /// What is down, for certain.
    pub down: FxHashSet<Element>,
}

/// What is changed of one component.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// How many replicas it has.
    pub replicas: Option<u32>,
    /// An automatic failover that takes so many seconds.
    pub failover: Option<f64>,
    /// A redundant engine, or a second provider, of this availability as a whole.
    pub availability: Option<f64>,
    /// Over how many zones it is spread.
    pub zones: Option<u32>,
    /// Over how many regions it is spread.
    pub regions: Option<u32>,
    /// One of its nodes takes all writes, however many did.
    pub has_one_primary: bool,
}

impl Change {
    /// What makes one of several out of one: a replica more, and for what holds data at least a pair with
    /// automatic failover.
    pub fn more_redundant(parameters: &Parameters, component: &Component) -> Self {
        let count = component.least_replicas().unwrap_or(1);
        if takes_no_turns(component) {
            return Self { replicas: Some(count + 1), ..Self::default() };
        }
        let failover = parameters.switch_hot.value;
        Self {
            replicas: Some(count.max(unit::least_redundant(component))),
            failover: Some(failover),
            ..Self::default()
        }
    }
}

/// Whether any replica may answer any request, so that one more is all it takes: nothing is kept in one of them.
pub fn takes_no_turns(component: &Component) -> bool {
    component.kind.is_stateless() && !component.has(Property::Stateful)
}

impl Scenario {
    /// The design as it is, read with the least.
    pub fn as_is() -> Self {
        Self::default()
    }

    /// The design as it is, read with the most.
    pub fn at_best() -> Self {
        Self { reading: Reading::High, ..Self::default() }
    }

    fn is_as_is(&self) -> bool {
        self.reading == Reading::Low
            && self.changes.is_empty()
            && self.spread.is_none()
            && !self.checks_health
            && self.down.is_empty()
    }

    fn change(&self, component: ComponentId) -> Change {
        self.changes.get(&component).copied().unwrap_or_default()
    }
}

/// What a journey's availability is, and what it is made of.
#[derive(Clone, Debug)]
pub struct FlowAvailability {
    /// Read with the least: what is unstated is one.
    pub low: Availability,
    /// Read with the most.
    pub high: Availability,
    /// With all that comes after its queues, where it goes on past one.
    pub completed: Option<Availability>,
    /// What each element costs, the dearest first; empty where only bounds are known.
    pub contributions: Vec<Contribution>,
    /// The failure units whose loss alone takes the journey down.
    pub single_cuts: Vec<Element>,
    /// The components that it needs.
    pub needed: Vec<ComponentId>,
    /// The components without a spare replica, in the order of their declaration.
    pub spareless: Vec<Spareless>,
    /// The switches from a primary to what takes over, of components first.
    pub switchings: Vec<Switching>,
}

/// A switch from a primary to what takes over from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switching {
    /// The component whose nodes take over from each other, or the switch between alternatives.
    pub element: Element,
    /// How often it does not work, or has not worked yet.
    pub unavailability: f64,
    /// How it switches: how long that takes, how often it fails, who does it.
    pub switch: unit::Switch,
    /// Whether a person does it.
    pub is_manual: bool,
    /// The unavailability that comes of it: it is needed, and does not work. None where only bounds are known.
    pub cost: Option<f64>,
}

/// A component that may lose none of its replicas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spareless {
    /// Which.
    pub component: ComponentId,
    /// Its own unavailability.
    pub own: f64,
    /// How much of the journey's unavailability [`Change::more_redundant`] would save; none where only bounds are
    /// known.
    pub saved: Option<f64>,
}

impl FlowAvailability {
    /// What is known of a journey that was not followed: nothing.
    pub fn unknown() -> Self {
        let nothing = Availability::Bounds { lower: 0.0, upper: 1.0 };
        Self {
            low: nothing,
            high: nothing,
            completed: None,
            contributions: Vec::new(),
            single_cuts: Vec::new(),
            needed: Vec::new(),
            spareless: Vec::new(),
            switchings: Vec::new(),
        }
    }

    /// What an element costs the journey.
    pub fn contribution(&self, element: Element) -> Option<&Contribution> {
        self.contributions.iter().find(|it| it.element == element)
    }

    /// What is known of a component that has no spare replica.
    pub fn spareless(&self, component: ComponentId) -> Option<&Spareless> {
        let at = self.spareless.binary_search_by_key(&component, |it| it.component).ok()?;
        Some(&self.spareless[at])
    }

    /// The minutes a month that the journey is down, at least.
    pub fn minutes(&self) -> f64 {
        (1.0 - self.low.upper()) * MONTH_MINUTES
    }
}

/// What an element costs a journey.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contribution {
    /// Which.
    pub element: Element,
    /// The unavailability that would be saved if it never failed.
    pub saved: f64,
    /// Its part of all that is saved.
    pub share: f64,
}

impl Contribution {
    /// The saved minutes in a month of 30 days.
    pub fn minutes(&self) -> f64 {
        self.saved * MONTH_MINUTES
    }
}

/// The availability of one journey in one scenario.
pub fn availability(
    architecture: &Architecture,
    load: &Load,
    journey: &Journey,
    scenario: &Scenario,
    budget: &mut Budget,
) -> Availability {
    Reach::of(architecture, load, journey, false).availability(scenario, budget)
}

/// What is known of a journey's availability without unrolling any ring of callers: what is given for the rings
/// that are too large to unroll.
pub fn bounds(
    architecture: &Architecture,
    load: &Load,
    journey: &Journey,
    scenario: &Scenario,
    budget: &mut Budget,
) -> Availability {
    let reach = Reach::of(architecture, load, journey, false);
    Compiled::bounded(&reach, scenario).availability(budget)
}

/// The availability of one journey with what it is made of.
pub fn judge(
    architecture: &Architecture,
    load: &Load,
    journey: &Journey,
    budget: &mut Budget,
) -> FlowAvailability {
    let reach = Reach::of(architecture, load, journey, false);
    let mut judged = judged(&reach, budget);
    judged.completed = goes_past_a_queue(&reach.view)
        .then(|| Reach::of(architecture, load, journey, true).availability(&Scenario::as_is(), budget));
    judged
}

/// The same of the journey's completion: with all that comes after its queues.
pub fn judge_completed(
    architecture: &Architecture,
    load: &Load,
    journey: &Journey,
    budget: &mut Budget,
) -> FlowAvailability {
    judged(&Reach::of(architecture, load, journey, true), budget)
}

/// Whether a promise is held against the journey's completion: where its path goes on past a queue, and it says
/// how soon the end is to be reached, or that it must be.
pub fn is_held_to_its_end(architecture: &Architecture, journey: &Journey) -> bool {
    let Some(flow) = journey.flow.map(|id| architecture.flow(id)) else { return false };
    goes_past_a_queue(&View::new(architecture, journey))
        && (flow.has(Property::Freshness)
            || flow.path.steps.iter().any(|step| architecture.link(*step).has(Property::Required)))
}

/// The availability of all journeys, in their order. Once `looks_left` components were looked at for them, the
/// others are marked as not followed.
pub fn judge_all(
    architecture: &Architecture,
    load: &Load,
    journeys: &mut [Journey],
    budget: &mut Budget,
    looks_left: &mut usize,
) -> Vec<FlowAvailability> {
    let mut judge_next = |journey: &mut Journey| {
        journey.is_unfollowed |= *looks_left == 0;
        if journey.is_unfollowed {
            return FlowAvailability::unknown();
        }
        let judged = judge(architecture, load, journey, budget);
        let is_bounded = matches!(judged.low, Availability::Bounds { .. });
        let looks = judged.needed.len() + if is_bounded { LOOKS_OF_BOUNDS } else { 0 };
        *looks_left = looks_left.saturating_sub(looks);
        judged
    };
    journeys.iter_mut().map(&mut judge_next).collect()
}

fn judged(reach: &Reach, budget: &mut Budget) -> FlowAvailability {
    let compiled = Compiled::of(reach, &Scenario::as_is());
    let (low, contributions) = compiled.contributions(budget);
    let high = reach.availability(&Scenario::at_best(), budget);
    let single_cuts = compiled.single_cuts();
    let spareless = compiled.spareless(&contributions);
    let switchings = compiled.switchings(&contributions);
    let mut needed = reach.needed.clone();
    needed.sort_unstable();
    FlowAvailability { low, high, completed: None, contributions, single_cuts, needed, spareless, switchings }
}

/// The minimal cut sets of order two of one journey, at most `limit`, and whether there are more.
pub fn double_cuts(
    architecture: &Architecture,
    load: &Load,
    journey: &Journey,
    limit: usize,
) -> (Vec<(Element, Element)>, bool) {
    let reach = Reach::of(architecture, load, journey, false);
    let compiled = Compiled::of(&reach, &Scenario::as_is());
    let cuts = reliability::double_cuts(&compiled.program, compiled.root, limit);
    let pairs = cuts
        .pairs
        .iter()
        .map(|(a, b)| (compiled.elements[a.0 as usize], compiled.elements[b.0 as usize]))
        .collect();
    (pairs, cuts.truncated)
}

/// The availability of a host, a zone or a region that is drawn: as stated, else the catalogue's.
pub fn group_availability(architecture: &Architecture, id: GroupId) -> f64 {
    let assumed = match architecture.group(id).kind {
        _ if architecture.system.properties.is(Property::Assume, "nothing") => 1.0,
        GroupKind::Region => architecture.parameters.region_availability.value,
        GroupKind::Zone => architecture.parameters.zone_availability.value,
        _ => architecture.parameters.node_availability.value,
    };
    stated_of_group(architecture, id).unwrap_or(assumed)
}

fn stated_of_group(architecture: &Architecture, id: GroupId) -> Option<f64> {
    architecture.group(id).properties.figure_of(Property::Availability, Dimension::Percent)
}

/// Whether the journey's path names a step out of a queue, or one that nobody waits for.
fn goes_past_a_queue(view: &View) -> bool {
    let Some(flow) = view.journey.flow else { return false };
    let architecture = view.architecture;
    architecture.flow(flow).path.steps.iter().any(|step| {
        let link = architecture.link(*step);
        architecture.component(link.source).kind.is_queue()
            || link.is_async() && !architecture.component(link.target).kind.is_queue()
    })
}

/// A journey as a program.
struct Compiled {
    program: Program,
    root: Node,
    /// A program that is never better than the truth, where a ring of callers is too large to unroll.
    lower: Option<(Program, Node)>,
    elements: Vec<Element>,
    /// Components without a spare replica: their unavailability as it is, and with more redundancy.
    spareless: Vec<(ComponentId, f64, f64)>,
    switchings: Vec<Switching>,
}

impl Compiled {
    fn of(reach: &Reach, scenario: &Scenario) -> Self {
        Compiler::new(reach, scenario, Ring::Unrolled)
            .compile()
            .unwrap_or_else(|| Self::bounded(reach, scenario))
    }

    /// Two programs, between which the truth lies.
    fn bounded(reach: &Reach, scenario: &Scenario) -> Self {
        let compiled = |ring| Compiler::new(reach, scenario, ring).compile().expect("bounds unroll nothing");
        let lower = compiled(Ring::Worst);
        Self { lower: Some((lower.program, lower.root)), ..compiled(Ring::Best) }
    }

    fn availability(&self, budget: &mut Budget) -> Availability {
        let upper = reliability::availability(&self.program, self.root, budget);
        self.with_lower(upper, budget)
    }

    fn with_lower(&self, upper: Availability, budget: &mut Budget) -> Availability {
        match &self.lower {
            None => upper,
            Some((program, root)) => {
                let lower = reliability::availability(program, *root, budget);
                Availability::Bounds { lower: lower.lower(), upper: upper.upper() }
            }
        }
    }

    fn contributions(&self, budget: &mut Budget) -> (Availability, Vec<Contribution>) {
        let (availability, saved) = reliability::contributions(&self.program, self.root, budget);
        let availability = self.with_lower(availability, budget);
        let saved = saved.filter(|_| self.lower.is_none()).unwrap_or_default();
        let sum: f64 = saved.iter().sum();
        let mut contributions: Vec<Contribution> = saved
            .iter()
            .zip(&self.elements)
            .filter(|(saved, _)| **saved > 1e-15)
            .map(|(saved, element)| Contribution { element: *element, saved: *saved, share: saved / sum })
            .collect();
        contributions.sort_by(|a, b| b.saved.total_cmp(&a.saved).then(a.element.cmp(&b.element)));
        (availability, contributions)
    }

    /// What a switch between alternatives costs is what it would save if it never failed.
    fn switchings(&self, contributions: &[Contribution]) -> Vec<Switching> {
        let mut found = self.switchings.clone();
        for switching in &mut found {
            if switching.cost.is_none() {
                let own = contributions.iter().find(|it| it.element == switching.element);
                switching.cost = own.map(|it| it.saved);
            }
        }
        found.sort_unstable_by_key(|it| it.element);
        found
    }

    /// The journey's availability is a straight line in that of each of its events: what perfection saves, a
    /// change saves in proportion.
    fn spareless(&self, contributions: &[Contribution]) -> Vec<Spareless> {
        let saved: FxHashMap<Element, f64> = contributions.iter().map(|it| (it.element, it.saved)).collect();
        let mut found: Vec<Spareless> = self
            .spareless
            .iter()
            .map(|(component, own, changed)| Spareless {
                component: *component,
                own: *own,
                saved: saved
                    .get(&Element::Component(*component))
                    .filter(|_| *own > 0.0)
                    .map(|saved| saved * (own - changed) / own),
            })
            .collect();
        found.sort_unstable_by_key(|it| it.component);
        found
    }

    fn single_cuts(&self) -> Vec<Element> {
        if self.lower.is_some() {
            return Vec::new();
        }
        let mut cuts: Vec<Element> = reliability::single_cuts(&self.program, self.root)
            .into_iter()
            .map(|element| self.elements[element.0 as usize])
            // A switch is no failure unit, even where nothing but what it switches to leads anywhere.
            .filter(|element| !matches!(element, Element::Switch(_)))
            .collect();
        cuts.sort_unstable();
        cuts
    }
}

/// How a ring of callers is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ring {
    /// Exactly, with the set of those that wait.
    Unrolled,
    /// Who is called without an alternative must be up, all other calls inside the ring hold: never worse than
    /// the truth.
    Best,
    /// All of the ring must be up, and no alternative inside it counts: never better than the truth.
    Worst,
}

struct Compiler<'a> {
    reach: &'a Reach<'a>,
    architecture: &'a Architecture,
    scenario: &'a Scenario,
    ring: Ring,
    program: Program,
    elements: Vec<Element>,
    ids: FxHashMap<Element, ElementId>,
    events: FxHashMap<Element, Node>,
    nodes: FxHashMap<ComponentId, Node>,
    unrolled: FxHashMap<(ComponentId, u64), Node>,
    spareless: Vec<(ComponentId, f64, f64)>,
    switchings: Vec<Switching>,
    is_exact: bool,
}

/// Where a link stands in a need: what a waiting target counts as there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    AllOf,
    Alternative,
}

/// The ring that is being unrolled, and who in it waits.
#[derive(Clone, Copy)]
struct Waiting {
    ring: usize,
    members: u64,
}

impl<'a> Compiler<'a> {
    fn new(reach: &'a Reach<'a>, scenario: &'a Scenario, ring: Ring) -> Self {
        Self {
            reach,
            architecture: reach.view.architecture,
            scenario,
            ring,
            program: Program::new(),
            elements: Vec::new(),
            ids: FxHashMap::default(),
            events: FxHashMap::default(),
            nodes: FxHashMap::default(),
            unrolled: FxHashMap::default(),
            spareless: Vec::new(),
            switchings: Vec::new(),
            is_exact: true,
        }
    }

    /// The program; nothing where a ring is too large to unroll.
    fn compile(mut self) -> Option<Compiled> {
        for component in &self.reach.order {
            self.component(*component);
            if !self.is_exact {
                return None;
            }
        }
        let entries: Vec<Node> =
            self.reach.view.journey.entries.iter().map(|entry| self.nodes[entry]).collect();
        let root = self.program.all(entries);
        let Self { program, elements, spareless, switchings, .. } = self;
        Some(Compiled { program, root, lower: None, elements, spareless, switchings })
    }

    // ---- components

    fn component(&mut self, id: ComponentId) {
        if self.nodes.contains_key(&id) {
            return;
        }
        let Some((ring, place)) = self.reach.places.get(&id).copied() else {
            let node = self.whole(id, None);
            self.nodes.insert(id, node);
            return;
        };
        match self.ring {
            _ if self.is_all_of(ring) => self.all_of_ring(ring),
            Ring::Unrolled if self.reach.rings[ring].len() > 64 => self.is_exact = false,
            Ring::Unrolled => {
                let node = self.in_ring(id, Waiting { ring, members: 1 << place });
                self.nodes.insert(id, node);
            }
            Ring::Best => self.best_of_ring(ring),
            Ring::Worst => self.all_of_ring(ring),
        }
    }

    /// A component with its needs.
    fn whole(&mut self, id: ComponentId, waiting: Option<Waiting>) -> Node {
        let component = self.architecture.component(id);
        let own = self.own(id);
        let need = &self.reach.needs[&id];
        let needed = self.need_node(id, need, waiting, Position::AllOf);
        let needed = self.softened(component, needed);
        self.program.all([own, needed])
    }

    /// What a component's targets mean to it: a cache that serves stale copies needs its origin for misses
    /// alone, a queue its consumers once it is full.
    fn softened(&mut self, component: &Component, needed: Node) -> Node {
        match self.reach.softening(component) {
            Some(weight) => {
                let up = self.program.constant(true);
                self.program.choice([(1.0 - weight, up), (weight, needed)])
            }
            None => needed,
        }
    }

    fn in_ring(&mut self, id: ComponentId, waiting: Waiting) -> Node {
        if let Some(node) = self.unrolled.get(&(id, waiting.members)) {
            return *node;
        }
        if self.unrolled.len() >= MAX_RING_STATES {
            self.is_exact = false;
            return self.program.constant(true);
        }
        let node = self.whole(id, Some(waiting));
        self.unrolled.insert((id, waiting.members), node);
        node
    }

    /// Whether the members of a ring call each other without any alternative: then each needs all the others,
    /// and there is nothing to unroll.
    fn is_all_of(&self, ring: usize) -> bool {
        let inside = |id: ComponentId| self.reach.places.get(&id).is_some_and(|(it, _)| *it == ring);
        self.reach.rings[ring].iter().all(|id| {
            let need = &self.reach.needs[id];
            let calls = need.links().into_iter().filter(|link| inside(self.architecture.link(*link).target));
            calls.count() == self.calls_without_alternative(*id, need, ring).len()
        })
    }

    /// The members of its ring that a component can't do without.
    fn calls_without_alternative(&self, id: ComponentId, need: &Need, ring: usize) -> Vec<ComponentId> {
        match need {
            _ if self.reach.softening(self.architecture.component(id)).is_some() => Vec::new(),
            Need::Link(link) => {
                let target = self.architecture.link(*link).target;
                let is_inside = self.reach.places.get(&target).is_some_and(|(it, _)| *it == ring);
                is_inside.then_some(target).into_iter().collect()
            }
            Need::All(members) | Need::Routes(members) => {
                members.iter().flat_map(|it| self.calls_without_alternative(id, it, ring)).collect()
            }
            Need::Asked(_) | Need::Any(_) | Need::Unchecked(_) | Need::Else(_) => Vec::new(),
        }
    }

    /// Everybody in the ring up, with all that they need outside it.
    fn all_of_ring(&mut self, ring: usize) {
        let members = self.reach.rings[ring].clone();
        let nodes: Vec<Node> =
            members.iter().map(|id| self.whole(*id, Some(Waiting { ring, members: u64::MAX }))).collect();
        let all = self.program.all(nodes);
        self.nodes.extend(members.into_iter().map(|id| (id, all)));
    }

    /// Each member with all those that it can't do without, directly or by others.
    fn best_of_ring(&mut self, ring: usize) {
        let mut graph: DiGraph<ComponentId, ()> = DiGraph::new();
        let nodes: FxHashMap<ComponentId, NodeIndex> =
            self.reach.rings[ring].iter().map(|id| (*id, graph.add_node(*id))).collect();
        for id in &self.reach.rings[ring] {
            for target in self.calls_without_alternative(*id, &self.reach.needs[id], ring) {
                graph.add_edge(nodes[id], nodes[&target], ());
            }
        }
        // Who is called comes before who calls.
        for set in kosaraju_scc(&graph) {
            let mut parts: Vec<Node> = Vec::new();
            for node in &set {
                parts.push(self.whole(graph[*node], Some(Waiting { ring, members: u64::MAX })));
                parts.extend(graph.neighbors(*node).filter_map(|called| self.nodes.get(&graph[called])));
            }
            let all = self.program.all(parts);
            self.nodes.extend(set.iter().map(|node| (graph[*node], all)));
        }
    }

    fn need_node(
        &mut self,
        source: ComponentId,
        need: &Need,
        waiting: Option<Waiting>,
        position: Position,
    ) -> Node {
        match need {
            Need::Link(link) => self.link(*link, waiting, position),
            Need::Asked(id) => self.target(*id, waiting, position),
            Need::All(members) | Need::Routes(members) => {
                let nodes = self.members(source, members, waiting, Position::AllOf);
                self.program.all(nodes)
            }
            Need::Unchecked(members) if !self.scenario.checks_health => {
                let nodes = self.members(source, members, waiting, Position::Alternative);
                let weight = 1.0 / nodes.len() as f64;
                self.program.choice(nodes.into_iter().map(|node| (weight, node)))
            }
            Need::Any(members) | Need::Unchecked(members) => {
                let nodes = self.members(source, members, waiting, Position::Alternative);
                self.program.any(nodes)
            }
            Need::Else(members) => {
                let nodes = self.members(source, members, waiting, Position::Alternative);
                let Some(switch) = self.switch(source, need) else { return self.program.any(nodes) };
                let unavailability = switch.unavailability();
                let element = Element::Switch(members[1].links()[0]);
                if !self.events.contains_key(&element) {
                    let is_manual = switch.is_manual;
                    self.switchings.push(Switching {
                        element,
                        unavailability,
                        switch,
                        is_manual,
                        cost: None,
                    });
                }
                let works = self.event(element, 1.0 - unavailability, 0);
                let others = self.program.any(nodes[1..].iter().copied());
                let switched = self.program.all([works, others]);
                self.program.any([nodes[0], switched])
            }
        }
    }

    fn members(
        &mut self,
        source: ComponentId,
        members: &[Need],
        waiting: Option<Waiting>,
        position: Position,
    ) -> Vec<Node> {
        members.iter().map(|member| self.need_node(source, member, waiting, position)).collect()
    }

    fn link(&mut self, id: LinkId, waiting: Option<Waiting>, position: Position) -> Node {
        let link = self.architecture.link(id);
        let target = self.target(link.target, waiting, position);
        match link.figure_of(Property::Availability, Dimension::Percent) {
            None => target,
            Some(up) => {
                let event = self.event(Element::Link(id), up, 0);
                self.program.all([event, target])
            }
        }
    }

    fn target(&mut self, id: ComponentId, waiting: Option<Waiting>, position: Position) -> Node {
        let Some(waiting) = waiting else { return self.nodes[&id] };
        match self.reach.places.get(&id).copied() {
            Some((ring, place)) if ring == waiting.ring => {
                let bit = 1 << place.min(63);
                if waiting.members & bit != 0 {
                    let up = match self.ring {
                        Ring::Best => true,
                        _ => position == Position::AllOf,
                    };
                    return self.program.constant(up);
                }
                self.in_ring(id, Waiting { members: waiting.members | bit, ..waiting })
            }
            _ => self.nodes[&id],
        }
    }

    /// The switch between alternatives, where there is one.
    fn switch(&self, source: ComponentId, need: &Need) -> Option<unit::Switch> {
        let links: Vec<&Link> = need.links().into_iter().map(|id| self.architecture.link(id)).collect();
        let standby = links.iter().find_map(|link| {
            let target = self.architecture.component(link.target);
            target.word(Property::Standby).filter(|_| target.least_replicas().is_none_or(|it| it < 2))
        });
        let stated =
            links.iter().map(|link| &link.properties).find(|it| unit::has_switch(it)).or_else(|| {
                let source = &self.architecture.component(source).properties;
                source.has(Property::Failover).then_some(source)
            });
        if stated.is_none() && standby.is_none() {
            return None;
        }
        let parameters = &self.architecture.parameters;
        let repair = links
            .first()
            .and_then(|link| self.architecture.component(link.target).figure(Property::Repair))
            .unwrap_or(parameters.repair_stateful.value);
        let nothing = Properties::default();
        let known = unit::known_redirection(self.architecture.component(source));
        Some(unit::Switch::of(
            parameters,
            stated.unwrap_or(&nothing),
            standby,
            known,
            repair,
            self.scenario.reading,
        ))
    }

    // ---- elements

    /// The component itself with what it stands on.
    fn own(&mut self, id: ComponentId) -> Node {
        let mut parts = vec![self.unit(id)];
        parts.extend(self.places(id));
        let mut stack = vec![id];
        let hosts = |id: ComponentId| self.architecture.component(id).host;
        while let Some(host) = hosts(stack[stack.len() - 1]).filter(|host| !stack.contains(host)) {
            stack.push(host);
        }
        for host in stack.into_iter().skip(1) {
            parts.push(self.unit(host));
            parts.extend(self.places(host));
        }
        self.program.all(parts)
    }

    /// The groups that a component fails with.
    fn places(&mut self, id: ComponentId) -> Vec<Node> {
        let groups: Vec<(GroupId, GroupKind)> = self
            .architecture
            .groups_of(id)
            .filter(|(_, group)| group.kind.is_failure_unit())
            .map(|(id, group)| (id, group.kind))
            .collect();
        groups.into_iter().map(|(group, kind)| self.group(group, kind)).collect()
    }

    fn group(&mut self, id: GroupId, kind: GroupKind) -> Node {
        let is_safe = self.scenario.reading == Reading::High && kind != GroupKind::Host;
        let mut up = match stated_of_group(self.architecture, id) {
            Some(stated) => stated,
            None if is_safe => 1.0,
            None => group_availability(self.architecture, id),
        };
        if self.scenario.second_regions.contains(&id) {
            up = 1.0 - (1.0 - up) * (1.0 - up);
        }
        self.event(Element::Group(id), up, 0)
    }

    fn assumes_nothing(&self) -> bool {
        self.architecture.system.properties.is(Property::Assume, "nothing")
    }

    fn unit(&mut self, id: ComponentId) -> Node {
        let element = Element::Component(id);
        if let Some(node) = self.events.get(&element) {
            return *node;
        }
        if self.scenario.down.contains(&element) {
            return self.event(element, 0.0, 0);
        }
        if self.reach.callers.contains(&id) {
            return self.program.constant(true);
        }
        let component = self.architecture.component(id);
        let unit = self.unit_of(component, self.scenario);
        let shards = if self.reach.scattered.contains(&id) || component.is(Property::Needs, "all") {
            component.shards()
        } else {
            1.0
        };
        if let UnitKind::Nodes(nodes) = &unit.kind
            && nodes.spare() == 0
            && self.scenario.is_as_is()
        {
            let mut scenario = Scenario::as_is();
            scenario.changes.insert(id, Change::more_redundant(&self.architecture.parameters, component));
            if let UnitKind::Nodes(more) = self.unit_of(component, &scenario).kind {
                let down = |nodes: &Nodes| 1.0 - nodes.up().powf(shards);
                self.spareless.push((id, down(nodes), down(&more)));
            }
        }
        if let UnitKind::Nodes(Nodes { switch: Some(unavailability), u, .. }) = unit.kind {
            let is_manual = component.is(Property::Failover, "manual");
            let cost = Some(u * unavailability);
            let switch =
                unit::Switch::of_nodes(&self.architecture.parameters, component, self.scenario.reading);
            self.switchings.push(Switching { element, unavailability, switch, is_manual, cost });
        }
        let node = match unit.kind {
            UnitKind::Perfect => self.program.constant(true),
            UnitKind::Whole(up) => self.event(element, up, 0),
            UnitKind::Nodes(nodes) => match nodes.sites {
                None => self.event(element, nodes.up().powf(shards), nodes.spare()),
                Some(sites) => {
                    let sites: Vec<Node> =
                        (0..sites.min(MAX_SITES)).map(|at| self.site(component, &nodes, at)).collect();
                    let (up, spare) = nodes.by_site(sites.len() as u32);
                    let up = up.into_iter().map(|up| up.powf(shards)).collect();
                    let element_id = self.id(element);
                    self.program.placed(element_id, sites, up, spare)
                }
            },
        };
        self.events.insert(element, node);
        node
    }

    fn unit_of(&self, component: &Component, scenario: &Scenario) -> Unit {
        Unit::of(
            self.architecture,
            self.reach.load,
            component,
            scenario,
            self.reach.written.contains(&component.id),
            self.wants_strong_reads(component),
        )
    }

    /// One zone (or region) that replicas stand in: the first zones of a region are the same for all.
    fn site(&mut self, component: &Component, nodes: &Nodes, at: u32) -> Node {
        let is_safe = self.scenario.reading == Reading::High || self.assumes_nothing();
        if nodes.are_sites_regions {
            let up = if is_safe { 1.0 } else { self.architecture.parameters.region_availability.value };
            return self.event(Element::Region(at), up, 0);
        }
        let region = self.architecture.enclosing(component.id, GroupKind::Region);
        let up = if is_safe { 1.0 } else { self.architecture.parameters.zone_availability.value };
        self.event(Element::Zone(region, at), up, 0)
    }

    fn wants_strong_reads(&self, component: &Component) -> bool {
        let flow = self.reach.view.journey.properties(self.architecture);
        let asked = |it: &Properties| it.is(Property::Consistency, "strong");
        component.is(Property::Replication, "async")
            && (asked(&component.properties)
                || flow.is_some_and(asked)
                || flow.is_none_or(|it| !it.is_stated(Property::Consistency))
                    && asked(&self.architecture.system.properties))
    }

    fn event(&mut self, element: Element, up: f64, spare: u32) -> Node {
        if let Some(node) = self.events.get(&element) {
            return *node;
        }
        let id = self.id(element);
        let up = if self.scenario.down.contains(&element) { 0.0 } else { up };
        let node = self.program.event(id, up, spare);
        self.events.insert(element, node);
        node
    }

    fn id(&mut self, element: Element) -> ElementId {
        *self.ids.entry(element).or_insert_with(|| {
            self.elements.push(element);
            ElementId(self.elements.len() as u32 - 1)
        })
    }
}
