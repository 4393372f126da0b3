//! One component as it fails: as a whole, or as nodes with what they have in common.

use super::{MAX_SITES, Reading, Scenario};
use crate::analysis::load::{Capacity, Load, has_unreadable_standby};
use crate::analysis::reliability::{at_least_of, majority, replicated, switch_unavailability};
use crate::catalogue::{Fact, Kind, Parameters};
use crate::model::{Architecture, CallTree, Component, GroupKind, Properties, Property, Replicas};
use crate::syntax::ast::{Dimension, Relation};

/// How a component fails.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// As what.
    pub kind: UnitKind,
    /// The catalogue's figure that its availability rests on, where none is written.
    pub assumed: Option<Fact>,
}

/// As what a component fails.
#[derive(Clone, Debug, PartialEq)]
pub enum UnitKind {
    /// It does not: a client, or what is assumed to be perfect.
    Perfect,
    /// As a whole, with this availability: managed engines, third parties, functions.
    Whole(f64),
    /// As nodes.
    Nodes(Nodes),
}

/// Nodes of one component.
#[derive(Clone, Debug, PartialEq)]
pub struct Nodes {
    /// The unavailability of one.
    pub u: f64,
    /// How many.
    pub count: u32,
    /// How many it takes.
    pub needs: u32,
    /// How many it takes where only the loss of one is judged: a written `needs`, else one (or the majority).
    pub needs_at_least: u32,
    /// The share of failures that they have in common.
    pub beta: f64,
    /// One of them is the primary and the others take over by a switch of this unavailability.
    pub switch: Option<f64>,
    /// Over how many zones or regions they are spread, where that is stated.
    pub sites: Option<u32>,
    /// Whether the sites are regions.
    pub are_sites_regions: bool,
}

impl Nodes {
    /// The availability of all together where nothing is known of places.
    pub fn up(&self) -> f64 {
        match self.switch {
            Some(switch) if self.count > 1 => self.with_primary(true, self.count - 1, switch),
            _ => replicated(self.u, self.count, self.needs, self.shared()),
        }
    }

    /// The primary is up, or a switch of this unavailability works; and enough of all nodes are up.
    fn with_primary(&self, is_primary_alive: bool, standbys: u32, switch: f64) -> f64 {
        let alone = (1.0 - self.shared()) * self.u;
        let taken_over = (1.0 - switch) * at_least_of(standbys, self.needs, alone);
        let up = if is_primary_alive {
            (1.0 - alone) * at_least_of(standbys, self.needs - 1, alone) + alone * taken_over
        } else {
            taken_over
        };
        (1.0 - self.shared() * self.u) * up
    }

    /// How many may be lost.
    pub fn spare(&self) -> u32 {
        self.count.saturating_sub(self.needs_at_least)
    }

    fn shared(&self) -> f64 {
        if self.count > 1 { self.beta } else { 0.0 }
    }

    /// The availability and the spare nodes for each set of sites that are up (bit i is site i); replica i
    /// stands in site i mod k, the primary in the first.
    pub fn by_site(&self, sites: u32) -> (Vec<f64>, Vec<i32>) {
        let mut up = Vec::new();
        let mut spare = Vec::new();
        for mask in 0..1_u32 << sites {
            let lives = |replica: u32| mask >> (replica % sites) & 1 == 1;
            let live = (0..self.count).filter(|replica| lives(*replica)).count() as u32;
            spare.push(live.cast_signed() - self.needs_at_least.cast_signed());
            up.push(match self.switch {
                Some(switch) if self.count > 1 => {
                    self.with_primary(lives(0), live - u32::from(lives(0)), switch)
                }
                _ if live < self.needs => 0.0,
                _ => {
                    let common = self.shared() * self.u;
                    (1.0 - common) * at_least_of(live, self.needs, (1.0 - self.shared()) * self.u)
                }
            });
        }
        (up, spare)
    }
}

impl Unit {
    /// How a component fails in a scenario, when it is written to (or only read), and whether reads must be
    /// strong where copies are late.
    pub fn of(
        architecture: &Architecture,
        load: &Load,
        component: &Component,
        scenario: &Scenario,
        is_written: bool,
        wants_strong_reads: bool,
    ) -> Self {
        let perfect = Self { kind: UnitKind::Perfect, assumed: None };
        if component.kind.is_caller_only() {
            return perfect;
        }
        let change = scenario.change(component.id);
        if let Some(up) = change.availability {
            return Self { kind: UnitKind::Whole(up), assumed: None };
        }
        let written = component.figure_of(Property::Availability, Dimension::Percent);
        if written.is_none() && architecture.system.properties.is(Property::Assume, "nothing") {
            return perfect;
        }
        let is_high = scenario.reading == Reading::High;
        let is_whole = component.is_available_as_a_whole() && change.replicas.is_none();
        let assumed = if written.is_some() { None } else { assumed(architecture, component) };
        let up = match (written, assumed) {
            (Some(up), _) => up,
            // Nothing is known that adds to the host it runs on, or to the others' service that it is.
            (None, None) => return perfect,
            (None, Some(_)) if is_high && is_whole => return perfect,
            (None, Some(fact)) => fact.value,
        };
        if is_whole {
            return Self { kind: UnitKind::Whole(up), assumed };
        }
        let nodes = nodes(architecture, load, component, scenario, is_written, wants_strong_reads, 1.0 - up);
        Self { kind: UnitKind::Nodes(nodes), assumed }
    }
}

/// The catalogue's availability of a component that states none; nothing for what runs on a host that is drawn,
/// whose figure is the host's, nor for a service that publishes none.
pub fn assumed(architecture: &Architecture, component: &Component) -> Option<Fact> {
    let is_hosted =
        component.host.is_some() || architecture.enclosing(component.id, GroupKind::Host).is_some();
    if is_hosted && !component.is_available_as_a_whole() {
        return None;
    }
    let known = component.known().get(|facts| facts.availability);
    known.or(match component.kind {
        Kind::ThirdParty => Some(architecture.parameters.third_party_availability),
        // What somebody else runs without publishing a figure is unknown, and no node of one's own.
        _ if component.is_managed() => None,
        _ => Some(architecture.parameters.node_availability),
    })
}

fn nodes(
    architecture: &Architecture,
    load: &Load,
    component: &Component,
    scenario: &Scenario,
    is_written: bool,
    wants_strong_reads: bool,
    u: f64,
) -> Nodes {
    let change = scenario.change(component.id);
    let is_high = scenario.reading == Reading::High;
    let stated = match component.replicas {
        Replicas::Stated { least, .. } => Some(least.max(1)),
        _ => None,
    };
    let is_guessed =
        stated.is_none() && change.replicas.is_none() && is_high && !component.has_promotable_copies();
    let mut count =
        change.replicas.or(stated).unwrap_or(if is_high { least_redundant(component) } else { 1 });
    let switches_itself = component.has_failover() || component.is_promoted_by_another();
    let mut switch = None;
    if is_guessed && !component.kind.is_stateless() {
        let seconds = architecture.parameters.switch_hot.value;
        switch = Some(switch_unavailability(0.0, seconds, repair(&architecture.parameters, component)));
    } else if let Some(seconds) = change.failover {
        let p = if is_high { 0.0 } else { architecture.parameters.failed_failover_automatic.value };
        switch = Some(switch_unavailability(p, seconds, repair(&architecture.parameters, component)));
    } else if switches_itself {
        switch =
            Some(Switch::of_nodes(&architecture.parameters, component, scenario.reading).unavailability());
        // What fails over has something to fail over to, also where no count is written or its copies are drawn
        // apart.
        let is_promoted = component.is_promoted_by_another() || component.has_promotable_copies();
        let is_said_to_have_another = stated.is_none() && !stands_by_for_another(architecture, component);
        if count == 1 && (is_promoted || is_said_to_have_another) {
            count = 2;
        }
    }
    let quorum = quorum(component, count, is_written);
    let takes_the_primary = (has_primary(component) || change.has_one_primary)
        && (is_written || wants_strong_reads)
        || has_unreadable_standby(component);
    let (needs, needs_at_least) = if let Some(quorum) = quorum {
        (quorum, quorum)
    } else if component.is(Property::Needs, "all") {
        (count, count)
    } else if let Some(written) = component.figure(Property::Needs) {
        let written = (written as u32).clamp(1, count.max(1));
        (written, written)
    } else {
        (needed_by_load(load, component, count, is_written), 1)
    };
    let uses_switch = switch.is_some()
        && quorum.is_none()
        && count > 1
        && (takes_the_primary || !component.kind.is_store() || is_guessed);
    let all_nodes = count;
    if takes_the_primary && quorum.is_none() && !uses_switch && needs_at_least < count {
        // Without a switch what is written stands and falls with the one primary.
        count = 1;
    }
    // One of a pair carries all: how much it carries is another question.
    let needs = if uses_switch { needs_at_least } else { needs };
    let (sites, are_sites_regions) = sites(architecture, component, scenario, all_nodes);
    let is_placed = sites.is_some() || architecture.enclosing(component.id, GroupKind::Zone).is_some();
    let beta = match component.figure(Property::Correlation) {
        _ if is_high => 0.0,
        Some(stated) => stated,
        None if uses_switch => 0.0,
        None if is_placed => architecture.parameters.correlation_stated.value,
        None => architecture.parameters.correlation_unstated.value,
    };
    Nodes {
        u,
        count,
        needs: needs.min(count),
        needs_at_least: needs_at_least.min(count),
        beta,
        switch: switch.filter(|_| uses_switch),
        sites,
        are_sites_regions,
    }
}

/// Over how many zones its replicas are spread and how many they are, where both are said.
pub fn zones(architecture: &Architecture, component: &Component) -> Option<(u32, u32)> {
    if component.kind.is_caller_only() || component.is_available_as_a_whole() {
        return None;
    }
    // What fails over has something to fail over to, also where no count is written.
    let unstated = if component.has_failover() { 2 } else { 1 };
    let count = match component.replicas {
        Replicas::Stated { least, most } => most.unwrap_or(least).max(1),
        _ => unstated,
    };
    match sites(architecture, component, &Scenario::as_is(), count) {
        (Some(zones), false) => Some((zones.min(MAX_SITES), count)),
        _ => None,
    }
}

/// Over how many zones or regions replicas are spread; nothing where nothing is stated.
fn sites(
    architecture: &Architecture,
    component: &Component,
    scenario: &Scenario,
    count: u32,
) -> (Option<u32>, bool) {
    let stated = |property| {
        let own = component.figure(property).or_else(|| component.has(property).then_some(2.0));
        own.or_else(|| {
            architecture
                .groups_of(component.id)
                .find_map(|(_, group)| group.properties.figure(property))
                .filter(|_| count > 1)
        })
    };
    let change = scenario.change(component.id);
    let regions = change.regions.map(f64::from).or_else(|| stated(Property::Regions));
    if let Some(regions) = regions.filter(|it| *it > 1.0) {
        return (Some(regions as u32), true);
    }
    if let Some(zones) = change.zones {
        return (Some(zones), false);
    }
    if let Some(zones) = stated(Property::Zones) {
        return (Some((zones as u32).max(1)), false);
    }
    let is_in_zone = architecture.enclosing(component.id, GroupKind::Zone).is_some();
    (scenario.spread.filter(|_| count > 1 && !is_in_zone), false)
}

/// Whether one node takes the writes: a store with copies, unless several are primaries or a quorum decides.
pub fn has_primary(component: &Component) -> bool {
    let is_shared = component.figure(Property::Primaries).is_some_and(|it| it > 1.0)
        || component.is(Property::Mode, "active_active")
        || component.is_stated(Property::ConflictResolution);
    // What an engine is by nature no written `model` takes from it: how the data is used is another matter.
    let known = component.known();
    let is_by_nature = known.engine.is_some_and(|it| it.facts.masterless);
    let model = component.word(Property::Model).or_else(|| known.get(|facts| facts.model));
    let is_masterless = is_by_nature || model == Some("wide_column");
    matches!(component.kind, Kind::Database | Kind::FileStore) && !is_shared && !is_masterless
}

/// The fewest nodes of which one may be lost: two, or three where a majority decides.
pub fn least_redundant(component: &Component) -> u32 {
    if quorum(component, 3, true).is_some() { 3 } else { 2 }
}

/// How many nodes must agree, where a quorum decides.
pub fn quorum(component: &Component, count: u32, is_written: bool) -> Option<u32> {
    let is_quorum = component.is(Property::Replication, "quorum")
        || component.is_stated(Property::WriteQuorum)
        || component.is_stated(Property::ReadQuorum)
        || component.known().get(|facts| facts.consensus.then_some(true)).unwrap_or(false);
    if !is_quorum || count < 2 {
        return None;
    }
    let property = if is_written { Property::WriteQuorum } else { Property::ReadQuorum };
    let stated = component.figure(property).map(|it| it as u32);
    Some(stated.unwrap_or_else(|| majority(count)).clamp(1, count))
}

/// Unwritten `needs`: the mean traffic over a written capacity, from one to all; where the mean needs more than
/// there are, one.
pub fn needed_by_load(load: &Load, component: &Component, count: u32, is_written: bool) -> u32 {
    let demand = load.component(component.id);
    let Some(capacity) = Capacity::of(component).filter(|it| !it.is_assumed && demand.is_reached) else {
        return 1;
    };
    let traffic = demand.mean;
    let needed = if component.kind.is_store() {
        if is_written {
            return 1;
        }
        (traffic.reads + traffic.other) / capacity.reads
    } else {
        (traffic.reads + traffic.other) / capacity.reads + traffic.writes / capacity.writes
    } / component.shards();
    let needed = (needed - 1e-9).ceil().max(1.0);
    if needed > f64::from(count) { 1 } else { needed as u32 }
}

/// Whether it is itself the one that waits: `a else b` where `b` is a standby.
fn stands_by_for_another(architecture: &Architecture, component: &Component) -> bool {
    let is_fallback = |tree: &CallTree| match tree {
        CallTree::Set(Relation::Else, members) => members
            .iter()
            .flat_map(CallTree::links)
            .any(|link| architecture.link(link).target == component.id),
        _ => false,
    };
    component.has(Property::Standby)
        && architecture
            .links_to(component.id)
            .any(|link| architecture.calls_of(link.source).any(|call| is_fallback(&call.tree)))
}

/// How long a repair of one node takes, in seconds.
pub fn repair(parameters: &Parameters, component: &Component) -> f64 {
    component.figure(Property::Repair).unwrap_or(if component.kind.is_stateless() {
        parameters.repair_stateless.value
    } else {
        parameters.repair_stateful.value
    })
}

/// How long it takes who calls alternatives to turn to another, where the catalogue knows: a name takes checks and
/// its time to live (150 s).
pub fn known_redirection(chooser: &Component) -> Option<f64> {
    let known = chooser.known().get(|facts| facts.failover).map(|fact| fact.value);
    known.filter(|_| chooser.kind == Kind::Dns)
}

/// Whether a switch is stated: a failover, a standby, or one of two that only waits.
pub fn has_switch(properties: &Properties) -> bool {
    properties.has(Property::Failover)
        || !properties.is_absent(Property::Failover)
            && (properties.has(Property::Standby) || properties.is(Property::Mode, "active_passive"))
}

/// The step from one node to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switch {
    /// How often it fails.
    pub p: f64,
    /// How long it takes, in seconds.
    pub seconds: f64,
    /// How long the repair takes that it saves, in seconds.
    pub repair: f64,
    /// Whether a person does it.
    pub is_manual: bool,
    /// Whether its duration is the catalogue's.
    pub is_assumed: bool,
}

impl Switch {
    /// The switch that some properties state; `known` is the engine's own duration.
    pub fn of(
        parameters: &Parameters,
        properties: &Properties,
        standby: Option<&str>,
        known: Option<f64>,
        repair: f64,
        reading: Reading,
    ) -> Self {
        let stated = properties.figure_of(Property::Failover, Dimension::Duration);
        let is_manual = properties.is(Property::Failover, "manual");
        let standby = standby.or_else(|| properties.word(Property::Standby));
        let seconds = stated.unwrap_or_else(|| match standby {
            _ if is_manual => parameters.switch_manual.value,
            Some("warm") => parameters.switch_warm.value,
            Some("cold") => repair,
            _ => known.unwrap_or(parameters.switch_hot.value),
        });
        let p = match reading {
            Reading::High => 0.0,
            Reading::Low if is_manual => parameters.failed_failover_manual.value,
            Reading::Low => parameters.failed_failover_automatic.value,
        };
        Self { p, seconds, repair, is_manual, is_assumed: stated.is_none() }
    }

    /// The switch between the nodes of one component.
    pub fn of_nodes(parameters: &Parameters, component: &Component, reading: Reading) -> Self {
        let known = component.known().get(|facts| facts.failover).map(|fact| fact.value);
        Self::of(
            parameters,
            component,
            component.word(Property::Standby),
            known,
            repair(parameters, component),
            reading,
        )
    }

    /// s = p + τ − pτ, with τ the part of a repair that the switch takes.
    pub fn unavailability(&self) -> f64 {
        switch_unavailability(self.p, self.seconds, self.repair)
    }
}
