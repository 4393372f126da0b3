//! What a design means, read off the definitions step by step: in one state of the world, is the flow up?
//!
//! It goes through all states of all elementary events (each replica alone, each common cause, switch, zone,
//! region, host and link), splitting only on those that the answer turns out to hang on. Nothing here knows of
//! the analysis: it reads the architecture, and the journey for where it starts and which route it takes.

use std::collections::{BTreeMap, BTreeSet};

use loadpath::analysis::availability::Element;
use loadpath::analysis::journey::Journey;
use loadpath::catalogue::Kind;
use loadpath::model::{
    Architecture, CallTree, Component, ComponentId, GroupId, GroupKind, Link, LinkId, Path, Properties,
    Property,
};
use loadpath::syntax::ast::{Dimension, Relation};

/// Something that goes well or not by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Event {
    /// A managed engine, a third party, a function.
    Whole(ComponentId),
    /// One replica of one shard, alone.
    Replica(ComponentId, u32, u32),
    /// What all replicas of a shard share.
    Common(ComponentId, u32),
    /// The switch from a primary to its standbys.
    Failover(ComponentId, u32),
    /// The switch to the alternative that begins with this link.
    Fallback(LinkId),
    Link(LinkId),
    Group(GroupId),
    Zone(Option<GroupId>, u32),
    Region(u32),
    /// Which member of a pool a chooser without health checks hits on; the pool by its first link.
    Hit(LinkId),
}

impl Event {
    /// Whom the analysis holds answerable for it.
    pub(crate) fn element(self) -> Option<Element> {
        Some(match self {
            Self::Whole(id) | Self::Replica(id, ..) | Self::Common(id, _) | Self::Failover(id, _) => {
                Element::Component(id)
            }
            Self::Fallback(link) => Element::Switch(link),
            Self::Link(link) => Element::Link(link),
            Self::Group(group) => Element::Group(group),
            Self::Zone(region, at) => Element::Zone(region, at),
            Self::Region(at) => Element::Region(at),
            Self::Hit(_) => return None,
        })
    }

    /// Whether one failure unit is lost with it (1.5), or what stands in for one.
    pub(crate) fn is_unit(self) -> bool {
        !matches!(self, Self::Common(..) | Self::Failover(..) | Self::Fallback(_) | Self::Hit(_))
    }
}

/// What is certain in all states that are gone through.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Given {
    /// Nothing.
    Nothing,
    /// All events of this element go well.
    Perfect(Element),
    /// All goes well but this.
    OnlyLost(Event),
}

/// An event whose outcome must be known first, and the chance of each; 0 is the good outcome.
struct Unknown {
    event: Event,
    chances: Vec<f64>,
}

/// Up or not, in a state that may have to be known better.
type Answer<T = bool> = Result<T, Unknown>;

/// Where a call stands: what a waiting target counts as there (1.11).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    AllOf,
    Alternative,
}

pub(crate) struct Interpreter<'a> {
    architecture: &'a Architecture,
    journey: &'a Journey,
    /// Whether what comes after a queue counts (1.10).
    is_completed: bool,
    given: Given,
    /// What each component that the journey comes by calls.
    calls: BTreeMap<ComponentId, Vec<CallTree>>,
    /// The components that the journey writes to, and those whose shards it asks all (1.8).
    written: BTreeSet<ComponentId>,
    scattered: BTreeSet<ComponentId>,
    /// The state of the world as far as it is known.
    state: BTreeMap<Event, usize>,
    /// All events that an answer has ever hung on.
    pub(crate) asked: BTreeSet<Event>,
}

impl<'a> Interpreter<'a> {
    pub(crate) fn new(architecture: &'a Architecture, journey: &'a Journey, is_completed: bool) -> Self {
        let mut interpreter = Self {
            architecture,
            journey,
            is_completed,
            given: Given::Nothing,
            calls: BTreeMap::new(),
            written: BTreeSet::new(),
            scattered: BTreeSet::new(),
            state: BTreeMap::new(),
            asked: BTreeSet::new(),
        };
        interpreter.follow_the_journey();
        interpreter
    }

    /// The sum of the probabilities of all states in which the flow is up.
    pub(crate) fn availability(&mut self, given: Given) -> f64 {
        self.given = given;
        self.sum()
    }

    fn sum(&mut self) -> f64 {
        let unknown = match self.is_flow_up() {
            Ok(up) => return f64::from(u8::from(up)),
            Err(unknown) => unknown,
        };
        self.asked.insert(unknown.event);
        let mut sum = 0.0;
        for (outcome, chance) in unknown.chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            self.state.insert(unknown.event, outcome);
            sum += chance * self.sum();
        }
        self.state.remove(&unknown.event);
        sum
    }

    fn outcome(&self, event: Event, chances: Vec<f64>) -> Answer<usize> {
        match self.given {
            Given::Perfect(element) if event.element() == Some(element) => return Ok(0),
            Given::OnlyLost(lost) if event.element().is_some() => return Ok(usize::from(lost == event)),
            _ => {}
        }
        self.state.get(&event).copied().ok_or(Unknown { event, chances })
    }

    fn goes_well(&self, event: Event, up: f64) -> Answer {
        Ok(self.outcome(event, vec![up, 1.0 - up])? == 0)
    }

    // ---- 1.1 to 1.4, 1.11: what a component needs

    fn is_flow_up(&self) -> Answer {
        for entry in &self.journey.entries {
            if !self.is_up(*entry, &[*entry])? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// 1.1: itself, all that it calls, and what it asks for names. `waiting` are those on the way here (1.11).
    fn is_up(&self, id: ComponentId, waiting: &[ComponentId]) -> Answer {
        if !self.is_itself_up(id)? {
            return Ok(false);
        }
        for dns in self.asked_names(id) {
            if !self.is_up(dns, &[waiting, &[dns]].concat())? {
                return Ok(false);
            }
        }
        if self.softly(id)? {
            return Ok(true);
        }
        let component = self.architecture.component(id);
        for call in &self.calls[&id] {
            if !self.holds(component, call, waiting, Position::AllOf)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// 1.1: who starts the journey is its client, and none of what it needs, unless it is called on the way.
    fn only_calls(&self, id: ComponentId) -> bool {
        let calls =
            self.calls.iter().flat_map(|(source, calls)| calls.iter().map(move |call| (*source, call)));
        let mut called = calls.flat_map(|(source, call)| self.links_taken(source, call));
        self.architecture.component(id).kind == Kind::ThirdParty
            && self.journey.entries.contains(&id)
            && !called.any(|link| self.architecture.link(link).target == id)
    }

    /// 1.9: a CDN that serves stale copies has its origin only for misses.
    fn softly(&self, id: ComponentId) -> Answer {
        let component = self.architecture.component(id);
        if !component.has(Property::ServeStale) {
            return Ok(false);
        }
        let Some(hit) = component.figure(Property::HitRatio) else { return Ok(false) };
        let Some(link) = self.architecture.links_from(id).next() else { return Ok(false) };
        Ok(self.outcome(Event::Hit(link.id), vec![hit, 1.0 - hit])? == 0)
    }

    fn asked_names(&self, id: ComponentId) -> Vec<ComponentId> {
        let is_outside = self.architecture.component(id).kind.is_outside();
        if !is_outside || !self.journey.entries.contains(&id) {
            return Vec::new();
        }
        let names = self.architecture.of_kind(Kind::Dns);
        names.filter(|dns| self.architecture.links_to(dns.id).len() == 0).map(|dns| dns.id).collect()
    }

    fn needed_of(&self, tree: &CallTree) -> Option<CallTree> {
        match tree {
            CallTree::Link(link) => self.is_needed(self.architecture.link(*link)).then(|| tree.clone()),
            CallTree::Set(relation, members) => {
                let mut left: Vec<CallTree> = members.iter().filter_map(|it| self.needed_of(it)).collect();
                if left.len() < 2 { left.pop() } else { Some(CallTree::Set(*relation, left)) }
            }
        }
    }

    fn holds(
        &self,
        source: &Component,
        tree: &CallTree,
        waiting: &[ComponentId],
        position: Position,
    ) -> Answer {
        let (relation, members) = match tree {
            CallTree::Link(link) => return self.is_answered(*link, waiting, position),
            CallTree::Set(relation, members) => (*relation, members),
        };
        let holds = |member: &CallTree, position| self.holds(source, member, waiting, position);
        match relation {
            Relation::All => all(members, |it| holds(it, Position::AllOf)),
            Relation::Route => {
                let taken: Vec<CallTree> = self.taken(source.id, members);
                let position = if taken.len() == 1 { position } else { Position::AllOf };
                all(&taken, |it| holds(it, position))
            }
            // 1.3: without health checks a pool answers as its members do on average.
            Relation::Any if source.is_absent(Property::HealthCheck) => {
                let chances = vec![1.0 / members.len() as f64; members.len()];
                let hit = self.outcome(Event::Hit(tree.links()[0]), chances)?;
                holds(&members[hit], Position::Alternative)
            }
            Relation::Any => any(members, |it| holds(it, Position::Alternative)),
            // 1.4 and 1.7: the first, or the switch and some other.
            Relation::Else => {
                if holds(&members[0], Position::Alternative)? {
                    return Ok(true);
                }
                if let Some(s) = self.fallback_switch(source, tree)
                    && !self.goes_well(Event::Fallback(members[1].links()[0]), 1.0 - s)?
                {
                    return Ok(false);
                }
                any(&members[1..], |it| holds(it, Position::Alternative))
            }
        }
    }

    fn is_answered(&self, link: LinkId, waiting: &[ComponentId], position: Position) -> Answer {
        let link = self.architecture.link(link);
        if let Some(up) = link.figure_of(Property::Availability, Dimension::Percent)
            && !self.goes_well(Event::Link(link.id), up)?
        {
            return Ok(false);
        }
        if waiting.contains(&link.target) {
            return Ok(position == Position::AllOf);
        }
        self.is_up(link.target, &[waiting, &[link.target]].concat())
    }

    /// 1.3: the routes that the journey takes; all of them where it chooses none.
    fn taken(&self, source: ComponentId, routes: &[CallTree]) -> Vec<CallTree> {
        let chosen = self.journey.routes.get(&source).map_or(&[][..], Vec::as_slice);
        let is_chosen = |route: &CallTree| route.links().iter().any(|link| chosen.contains(link));
        if !routes.iter().any(is_chosen) {
            return routes.to_vec();
        }
        routes.iter().filter(|route| is_chosen(route)).cloned().collect()
    }

    /// 1.3: what `,` and separate statements of a balancer, gateway or proxy mean.
    fn of_proxy(&self, proxy: &Component, calls: Vec<CallTree>) -> Vec<CallTree> {
        let mut single = Vec::new();
        let mut needed = Vec::new();
        for call in calls {
            flatten(call, &mut single, &mut needed);
        }
        let kind = |tree: &CallTree| {
            self.architecture.component(self.architecture.link(tree.links()[0]).target).kind
        };
        let mut routes: Vec<CallTree> = Vec::new();
        if proxy.kind.is_chooser() {
            while let Some(first) = single.first().map(&kind) {
                let (like, other): (Vec<_>, Vec<_>) = single.into_iter().partition(|it| kind(it) == first);
                single = other;
                if like.len() > 1 && self.are_alike(proxy, &like) {
                    routes.push(CallTree::Set(Relation::Any, like));
                } else {
                    routes.extend(like);
                }
            }
        } else {
            let serves = |kind| {
                use Kind::{External, FileStore, Function, ObjectStore, Service, ThirdParty, Worker};
                let serving =
                    [Service, Function, Worker, ObjectStore, FileStore, External, ThirdParty].contains(&kind);
                serving || kind.is_proxy()
            };
            let (serving, own): (Vec<_>, Vec<_>) = single.into_iter().partition(|it| serves(kind(it)));
            routes = serving;
            needed.extend(own);
        }
        if !routes.is_empty() {
            needed.extend(self.taken(proxy.id, &routes));
        }
        needed
    }

    /// 1.3: targets are a pool unless a path names one without the others, or what they need differs.
    fn are_alike(&self, proxy: &Component, targets: &[CallTree]) -> bool {
        let links: Vec<LinkId> = targets.iter().flat_map(CallTree::links).collect();
        let members: Vec<ComponentId> = links.iter().map(|it| self.architecture.link(*it).target).collect();
        let is_split = |path: &Path| {
            let taken = links.iter().filter(|link| path.steps.contains(link)).count();
            taken > 0 && taken < links.len()
        };
        let needs_of = |member: &ComponentId| -> BTreeSet<ComponentId> {
            self.architecture
                .links_from(*member)
                .filter(|link| self.is_needed(link) && link.target != proxy.id)
                .map(|link| link.target)
                .filter(|target| !members.contains(target))
                .collect()
        };
        let needs: BTreeSet<BTreeSet<ComponentId>> = members.iter().map(needs_of).collect();
        !self.architecture.flows().any(|flow| is_split(&flow.path)) && needs.len() == 1
    }

    // ---- 1.1, 1.2, 1.8 to 1.10: which links the journey waits for

    fn path(&self) -> Option<&Path> {
        let path = &self.architecture.flow(self.journey.flow?).path;
        (!path.steps.is_empty()).then_some(path)
    }

    fn is_needed(&self, link: &Link) -> bool {
        self.is_on_way(link) && !self.is_only_a_cache(link)
    }

    fn is_on_way(&self, link: &Link) -> bool {
        use Property::{Batch, For, Optional, Startup};
        let (source, target) = self.architecture.ends(link);
        let is_beside = [Optional, Startup, Batch, For].into_iter().any(|it| link.has(it));
        if is_beside || link.copies_data() || matches!(target.kind, Kind::Client | Kind::Person) {
            return false;
        }
        let first = &self.journey.first;
        if self.journey.entries.contains(&source.id) && !first.is_empty() && !first.contains(&link.id) {
            return false;
        }
        let is_named = self.path().is_some_and(|path| path.steps.contains(&link.id));
        let goes_on = self.path().is_some_and(|path| {
            path.steps.iter().any(|step| self.architecture.link(*step).source == source.id)
        });
        let mode = self.journey.mode;
        let (reads, writes) = (link.has(Property::Reads), link.has(Property::Writes));
        let fits = mode.reads && (reads || !writes) || mode.writes && (writes || !reads);
        if !is_named && (goes_on || !fits) {
            return false;
        }
        let drops = link.is(Property::OnFull, "drop") || target.is(Property::OnFull, "drop");
        match (source.kind.is_queue(), link.is_async(), target.kind.is_queue()) {
            (true, ..) => self.is_completed && is_named,
            (false, false, _) => true,
            (false, true, true) => !drops,
            (false, true, false) => link.has(Property::Required) || self.is_completed && is_named,
        }
    }

    /// 1.9: a `cache_aside` cache whose caller has another way to what it caches.
    fn is_only_a_cache(&self, link: &Link) -> bool {
        let (source, cache) = self.architecture.ends(link);
        let is_aside = cache.word(Property::Strategy).is_none_or(|it| it == "cache_aside");
        if cache.kind != Kind::Cache || !is_aside || cache.has(Property::SourceOfTruth) {
            return false;
        }
        let mut others = self
            .architecture
            .links_from(source.id)
            .filter(|other| other.target != cache.id && self.is_on_way(other))
            .map(|other| other.target);
        let cached = self.architecture.references(cache, Property::Caches);
        if cached.is_empty() {
            return others.any(|id| self.architecture.component(id).kind.is_store());
        }
        let mut reached: Vec<ComponentId> = others.collect();
        let mut at = 0;
        while let Some(id) = reached.get(at).copied() {
            at += 1;
            for link in self.architecture.links_from(id) {
                let follows = !link.is_async() && !link.is_beside_the_path() && link.target != source.id;
                if follows && !reached.contains(&link.target) {
                    reached.push(link.target);
                }
            }
        }
        cached.iter().any(|id| reached.contains(id))
    }

    /// Notes what is called, and by 1.8 what is written and whose shards are all asked.
    fn follow_the_journey(&mut self) {
        let mut reached = self.journey.entries.clone();
        reached.extend(self.journey.entries.iter().flat_map(|entry| self.asked_names(*entry)));
        let mut at = 0;
        while let Some(id) = reached.get(at).copied() {
            at += 1;
            let calls = self.calls_of(id);
            let links: Vec<LinkId> = calls.iter().flat_map(|call| self.links_taken(id, call)).collect();
            self.calls.insert(id, calls);
            for link in links.into_iter().map(|link| self.architecture.link(link)) {
                let target = self.architecture.component(link.target);
                let is_copy = self.architecture.links_to(target.id).any(Link::copies_data);
                let is_read = is_copy
                    || matches!(
                        target.kind,
                        Kind::Cache
                            | Kind::SearchIndex
                            | Kind::Registry
                            | Kind::Identity
                            | Kind::Secrets
                            | Kind::Config
                    );
                let only_reads = link.has(Property::Reads) && !link.has(Property::Writes);
                let only_writes = link.has(Property::Writes) && !link.has(Property::Reads);
                if self.journey.mode.writes && !only_reads && (!is_read || only_writes) {
                    self.written.insert(target.id);
                }
                if link.has(Property::Scatter) {
                    self.scattered.insert(target.id);
                }
                if !reached.contains(&target.id) {
                    reached.push(target.id);
                }
            }
        }
    }

    /// What a component calls in this journey.
    fn calls_of(&self, id: ComponentId) -> Vec<CallTree> {
        let component = self.architecture.component(id);
        let calls: Vec<CallTree> =
            self.architecture.calls_of(id).filter_map(|call| self.needed_of(&call.tree)).collect();
        if component.kind.is_chooser() || component.kind.is_router() {
            self.of_proxy(component, calls)
        } else {
            calls
        }
    }

    fn links_taken(&self, source: ComponentId, tree: &CallTree) -> Vec<LinkId> {
        match tree {
            CallTree::Link(link) => vec![*link],
            CallTree::Set(Relation::Route, members) => {
                self.taken(source, members).iter().flat_map(|it| self.links_taken(source, it)).collect()
            }
            CallTree::Set(_, members) => members.iter().flat_map(|it| self.links_taken(source, it)).collect(),
        }
    }

    // ---- 1.5 to 1.8: the component itself

    /// A component with all that it stands on: its groups, and what it is hosted on with theirs.
    fn is_itself_up(&self, id: ComponentId) -> Answer {
        let mut stands_on = vec![id];
        while let Some(host) = self.architecture.component(stands_on[stands_on.len() - 1]).host {
            if stands_on.contains(&host) {
                break;
            }
            stands_on.push(host);
        }
        for id in stands_on {
            for (group, it) in self.architecture.groups_of(id) {
                let assumed = match it.kind {
                    GroupKind::Host => self.architecture.parameters.node_availability.value,
                    GroupKind::Zone => self.architecture.parameters.zone_availability.value,
                    GroupKind::Region => self.architecture.parameters.region_availability.value,
                    _ => continue,
                };
                let stated = it.properties.figure_of(Property::Availability, Dimension::Percent);
                if !self.goes_well(Event::Group(group), stated.unwrap_or(assumed))? {
                    return Ok(false);
                }
            }
            if !self.only_calls(id) && !self.are_its_nodes_up(self.architecture.component(id))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// 1.6: of one replica of what is run, of the whole for what others keep redundant.
    fn are_its_nodes_up(&self, component: &Component) -> Answer {
        if matches!(component.kind, Kind::Client | Kind::Person) {
            return Ok(true);
        }
        let is_whole = component.is_available_as_a_whole();
        let is_hosted =
            component.host.is_some() || self.architecture.enclosing(component.id, GroupKind::Host).is_some();
        let assumed = match component.kind {
            _ if is_hosted && !is_whole => None,
            Kind::ThirdParty => Some(self.architecture.parameters.third_party_availability.value),
            _ if component.is_managed() => None,
            _ => Some(self.architecture.parameters.node_availability.value),
        };
        let known = component.known().get(|facts| facts.availability).map(|fact| fact.value);
        let assumed = if is_hosted && !is_whole { None } else { known.or(assumed) };
        let stated = component.figure_of(Property::Availability, Dimension::Percent);
        let Some(up) = stated.or(assumed) else { return Ok(true) };
        if is_whole {
            return self.goes_well(Event::Whole(component.id), up);
        }
        let asks_all = self.scattered.contains(&component.id) || component.is(Property::Needs, "all");
        let shards = if asks_all { component.shards() as u32 } else { 1 };
        for shard in 0..shards {
            if !self.is_shard_up(component, shard, 1.0 - up)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One shard: its nodes, the common cause, the zones or regions they lie in; the primary is the first.
    fn is_shard_up(&self, component: &Component, shard: u32, u: f64) -> Answer {
        let replicas = self.replicas(component);
        let needed = self.nodes_needed(component, replicas);
        let has_switch = needed.primary && component.has_failover() && replicas > 1;
        // Without a switch all hangs on the one primary, whatever copies there are.
        let replicas = if needed.primary && !has_switch && needed.count < replicas { 1 } else { replicas };
        let beta = match component.figure(Property::Correlation) {
            Some(stated) => stated,
            None if has_switch => 0.0,
            None if self.is_placed(component) => self.architecture.parameters.correlation_stated.value,
            None => self.architecture.parameters.correlation_unstated.value,
        };
        let beta = if replicas > 1 { beta } else { 0.0 };
        if !self.goes_well(Event::Common(component.id, shard), 1.0 - beta * u)? {
            return Ok(false);
        }
        let mut live = 0;
        let mut is_primary_up = false;
        for replica in 0..replicas {
            let event = Event::Replica(component.id, shard, replica);
            if self.is_site_up(component, replica)? && self.goes_well(event, 1.0 - (1.0 - beta) * u)? {
                live += 1;
                is_primary_up |= replica == 0;
            }
        }
        if live < needed.count.min(replicas) {
            return Ok(false);
        }
        if is_primary_up || !has_switch {
            return Ok(is_primary_up || !needed.primary || replicas == needed.count);
        }
        let repair = component.figure(Property::Repair).unwrap_or(if component.kind.is_stateless() {
            900.0
        } else {
            14_400.0
        });
        let s = switch_unavailability(component, component.word(Property::Standby), repair);
        self.goes_well(Event::Failover(component.id, shard), 1.0 - s)
    }

    /// 1.13: what is unstated is one; but what fails over has one to fail over to, unless it is that one.
    fn replicas(&self, component: &Component) -> u32 {
        let is_alternative = |tree: &CallTree| {
            matches!(tree, CallTree::Set(Relation::Else, _))
                && tree.links().iter().any(|link| self.architecture.link(*link).target == component.id)
        };
        let stands_by = component.has(Property::Standby)
            && self
                .architecture
                .links_to(component.id)
                .any(|link| self.architecture.calls_of(link.source).any(|call| is_alternative(&call.tree)));
        let unstated = if component.has_failover() && !stands_by { 2 } else { 1 };
        component.least_replicas().unwrap_or(unstated).max(1)
    }

    /// 1.6 and 1.8: how many nodes it takes, and whether the primary (or who takes over) must be among them.
    fn nodes_needed(&self, component: &Component, replicas: u32) -> NodesNeeded {
        let is_written = self.written.contains(&component.id);
        let is_quorum = [Property::WriteQuorum, Property::ReadQuorum].iter().any(|it| component.has(*it))
            || component.is(Property::Replication, "quorum");
        if is_quorum && replicas > 1 {
            let stated = if is_written { Property::WriteQuorum } else { Property::ReadQuorum };
            let majority = replicas / 2 + 1;
            let count = component.figure(stated).map_or(majority, |it| it as u32).min(replicas);
            return NodesNeeded { count, primary: false };
        }
        let written = component.figure(Property::Needs).map(|it| it as u32);
        let count = if component.is(Property::Needs, "all") { replicas } else { written.unwrap_or(1) };
        let waits = component.has(Property::Standby) || component.is(Property::Mode, "active_passive");
        let has_primary = matches!(component.kind, Kind::Database | Kind::FileStore)
            && !component.is(Property::Mode, "active_active");
        let flow = self.journey.flow.map(|flow| &self.architecture.flow(flow).properties);
        let is_strong = component.is(Property::Consistency, "strong")
            || flow.is_some_and(|it| it.is(Property::Consistency, "strong"));
        let is_late = component.is(Property::Replication, "async");
        let takes_primary = has_primary && (is_written || is_strong && is_late);
        let switches = !component.kind.is_store() && component.has_failover();
        NodesNeeded { count: count.clamp(1, replicas), primary: takes_primary || waits || switches }
    }

    fn is_placed(&self, component: &Component) -> bool {
        self.sites(component).is_some()
            || self.architecture.enclosing(component.id, GroupKind::Zone).is_some()
    }

    /// Over how many zones, or regions, its nodes are spread: its own word, or that of a group round several.
    fn sites(&self, component: &Component) -> Option<(Property, u32)> {
        let stated = |property| {
            let of_group = || {
                let mut groups = self.architecture.groups_of(component.id);
                groups.find_map(|(_, group)| group.properties.figure(property))
            };
            let is_several = self.replicas(component) > 1;
            component.figure(property).or_else(|| of_group().filter(|_| is_several))
        };
        let regions = stated(Property::Regions).filter(|it| *it > 1.0);
        regions
            .map(|it| (Property::Regions, it as u32))
            .or_else(|| stated(Property::Zones).map(|it| (Property::Zones, it as u32)))
    }

    fn is_site_up(&self, component: &Component, replica: u32) -> Answer {
        match self.sites(component) {
            None => Ok(true),
            Some((Property::Regions, count)) => {
                let up = self.architecture.parameters.region_availability.value;
                self.goes_well(Event::Region(replica % count), up)
            }
            Some((_, count)) => {
                let region = self.architecture.enclosing(component.id, GroupKind::Region);
                let up = self.architecture.parameters.zone_availability.value;
                self.goes_well(Event::Zone(region, replica % count), up)
            }
        }
    }

    /// 1.4: the switch between alternatives, where a link, a standby among them or the caller states one. It
    /// stands for the repair of the whole way that it leaves, four hours unless the first target says better.
    fn fallback_switch(&self, source: &Component, tree: &CallTree) -> Option<f64> {
        let links: Vec<&Link> = tree.links().into_iter().map(|link| self.architecture.link(link)).collect();
        let target = |link: &&Link| self.architecture.component(link.target);
        let standby = links
            .iter()
            .map(target)
            .filter(|it| it.least_replicas().is_none_or(|count| count < 2))
            .find_map(|it| it.word(Property::Standby));
        let states = |it: &Properties| {
            it.has(Property::Failover)
                || !it.is_absent(Property::Failover)
                    && (it.has(Property::Standby) || it.is(Property::Mode, "active_passive"))
        };
        let on_link = links.iter().map(|link| &link.properties).find(|it| states(it));
        let by_caller = source.has(Property::Failover).then_some(&source.properties);
        let repair = target(&links[0]).figure(Property::Repair).unwrap_or(14_400.0);
        let nothing = Properties::default();
        match (on_link.or(by_caller), standby) {
            (None, None) => None,
            (found, standby) => Some(switch_unavailability(found.unwrap_or(&nothing), standby, repair)),
        }
    }
}

struct NodesNeeded {
    count: u32,
    primary: bool,
}

/// 1.7: s = p + τ − pτ, τ = min(1, T_fo ÷ repair).
fn switch_unavailability(properties: &Properties, standby: Option<&str>, repair: f64) -> f64 {
    let is_manual = properties.is(Property::Failover, "manual");
    let p = if is_manual { 0.20 } else { 0.05 };
    let seconds = properties.figure_of(Property::Failover, Dimension::Duration).unwrap_or(
        match standby.or_else(|| properties.word(Property::Standby)) {
            _ if is_manual => 1_800.0,
            Some("warm") => 600.0,
            Some("cold") => repair,
            _ => 60.0,
        },
    );
    let late = (seconds / repair).min(1.0);
    p + late - p * late
}

/// Takes `,` apart; sets that say how they relate stay whole.
fn flatten(tree: CallTree, single: &mut Vec<CallTree>, sets: &mut Vec<CallTree>) {
    match tree {
        CallTree::Link(_) => single.push(tree),
        CallTree::Set(Relation::All, members) => members.into_iter().for_each(|it| flatten(it, single, sets)),
        CallTree::Set(..) => sets.push(tree),
    }
}

fn all(members: &[CallTree], holds: impl Fn(&CallTree) -> Answer) -> Answer {
    for member in members {
        if !holds(member)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn any(members: &[CallTree], holds: impl Fn(&CallTree) -> Answer) -> Answer {
    for member in members {
        if holds(member)? {
            return Ok(true);
        }
    }
    Ok(false)
}
