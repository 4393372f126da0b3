//! What the figures of a design rest on beside its own words: each figure of the catalogue, each parameter, each
//! reading of what is unstated, once for every element and property.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Analysis;
use super::availability::{Element, Scenario, Unit, UnitKind};
use super::journey::Mode;
use super::latency::{self, What};
use super::load::Capacity;
use crate::catalogue::{self, Confidence, Fact, Facts, Kind};
use crate::model::property::{Statement, Value};
use crate::model::{
    Architecture, Component, ComponentId, GroupId, GroupKind, Link, Properties, Property, Replicas,
};
use crate::syntax::ast::Dimension;

/// Something that the design does not say and the figures rest on.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// Of what: a component, a group, a zone, a flow, `system`.
    pub element: String,
    /// Which property of it, or which parameter.
    pub property: &'static str,
    /// The figure, with its source.
    pub fact: Fact,
}

/// All that the availability, the load and the times of a design rest on: the system's first, then by component.
pub fn assumptions(architecture: &Architecture, analysis: &Analysis) -> Vec<Assumption> {
    let mut found = Assumptions { architecture, analysis, seen: FxHashSet::default(), list: Vec::new() };
    found.rates();
    found.ranges();
    if !architecture.system.properties.is(Property::Assume, "nothing") {
        let needed = found.needed();
        for (id, is_written) in needed {
            found.component(architecture.component(id), is_written);
        }
        found.switches();
    }
    for component in architecture.components() {
        found.load_of(component);
    }
    found.times();
    found.list
}

struct Assumptions<'a> {
    architecture: &'a Architecture,
    analysis: &'a Analysis,
    seen: FxHashSet<(String, &'static str)>,
    list: Vec<Assumption>,
}

impl Assumptions<'_> {
    fn add(&mut self, element: impl Into<String>, property: &'static str, fact: Fact) {
        let element = element.into();
        if self.seen.insert((element.clone(), property)) {
            self.list.push(Assumption { element, property, fact });
        }
    }

    /// Of a range of figures the worse end counts; an open end leaves the stated one.
    fn ranges(&mut self) {
        for bearer in self.architecture.bearers() {
            let properties = bearer.properties();
            for entry in properties.iter().filter(|it| it.property != Property::Replicas) {
                let Statement::Value(Value::Figure { low, high, dimension }) = &entry.statement else {
                    continue;
                };
                let (true, Some(value)) = (low < high, properties.figure(entry.property)) else { continue };
                let fact = Fact {
                    value,
                    unit: unit_of(*dimension),
                    source: "the worse end of the range that is written",
                    confidence: Confidence::High,
                };
                self.add(bearer.name(self.architecture), entry.property.name(), fact);
            }
        }
    }

    // ---- time

    /// What the time of each journey rests on.
    fn times(&mut self) {
        for at in 0..self.analysis.journeys.len() {
            for step in &self.analysis.latency(self.architecture, at).steps {
                match step.what {
                    What::Work(id) => self.work(self.architecture.component(id), &step.each),
                    What::Trip(link) => self.trip(self.architecture.link(link)),
                    _ => {}
                }
            }
        }
    }

    /// Of a write the catalogue may know that it takes longer; then that is what the time rests on.
    fn work(&mut self, component: &Component, each: &latency::Figure) {
        let known = component.known();
        let (time, tail) = (Property::ServiceTime, Property::ServiceTimeP99);
        if component.duration(time).is_none() {
            let (usual, write) = (known.get(|facts| facts.service_time), known.get(|facts| facts.write_time));
            let is_of_a_write = |fact: &Fact| fact.duration() == each.median && Some(*fact) != usual;
            match write.filter(is_of_a_write).or(usual) {
                Some(fact) if write == Some(fact) => self.add(component.name.as_str(), "write_time", fact),
                Some(fact) => self.add(component.name.as_str(), time.name(), fact),
                None => {}
            }
        }
        if component.duration(tail).is_some() {
            return;
        }
        let slow = known.get(|facts| facts.service_time_p99).filter(|it| it.duration() == each.tail);
        match slow.filter(|_| component.duration(time).is_none()) {
            Some(fact) => self.add(component.name.as_str(), tail.name(), fact),
            None => {
                self.add(component.name.as_str(), "tail_factor", self.architecture.parameters.tail_factor);
            }
        }
    }

    fn trip(&mut self, link: &Link) {
        if let Some(fact) = latency::trip(self.architecture, link).assumed {
            self.add(self.architecture.link_name(link), "round_trip", fact);
        }
    }

    // ---- traffic

    fn rates(&mut self) {
        let load = &self.analysis.load;
        if load.arrivals.iter().flatten().any(|arrivals| arrivals.is_peak_assumed) {
            self.add("system", Property::PeakFactor.name(), self.architecture.parameters.peak_factor);
        }
        // Journeys that state neither rate nor share take what is left of the system's, evenly.
        let system = &self.architecture.system.properties;
        let is_open = |properties: &Properties| {
            let own = [Property::Rate, Property::PerUser, Property::Share];
            let apart = [Property::Reads, Property::Writes];
            own.iter().all(|it| !properties.is_stated(*it))
                && apart.iter().all(|it| properties.figure(*it).is_none())
        };
        let open: Vec<_> = self
            .analysis
            .bases
            .iter()
            .zip(&load.arrivals)
            .filter(|(journey, _)| journey.properties(self.architecture).is_none_or(is_open))
            .filter_map(|(journey, arrivals)| Some((journey, arrivals.as_ref()?.mean.total())))
            .collect();
        let are_several = |mode: fn(&Mode) -> bool| open.iter().filter(|(it, _)| mode(&it.mode)).count() > 1;
        let (readers, writers) = (are_several(|it| it.reads), are_several(|it| it.writes));
        let is_stated =
            system.iter().any(|it| it.property == Property::PerUser || it.property == Property::Rate)
                || [Property::Reads, Property::Writes].iter().any(|it| system.figure(*it).is_some());
        if !is_stated {
            return;
        }
        for (journey, mean) in open {
            // One that is alone of its mode takes all that is left of that: nothing is parted.
            if !(journey.mode.reads && readers || journey.mode.writes && writers) {
                continue;
            }
            let fact = Fact {
                value: mean.per_second(),
                unit: catalogue::Unit::PerSecond,
                source: "an even part of what is left of the system's traffic",
                confidence: Confidence::Low,
            };
            self.add(journey.element.clone(), Property::Rate.name(), fact);
        }
    }

    fn load_of(&mut self, component: &Component) {
        if !self.analysis.load.component(component.id).is_reached {
            return;
        }
        let known = component.known();
        let is_used = self.analysis.load.utilisation(component).is_some_and(|it| it.is_assumed);
        if is_used && Capacity::of(component).is_some() {
            self.capacity(component, known);
            if component.replicas == Replicas::Unstated {
                self.one_replica(component);
            }
        }
        let is_hit = matches!(component.kind, Kind::Cache | Kind::Cdn);
        let hit =
            known.get(|facts| facts.hit_ratio).filter(|_| component.figure(Property::HitRatio).is_none());
        if let Some(fact) = hit.filter(|_| is_hit) {
            self.add(component.name.as_str(), Property::HitRatio.name(), fact);
        }
    }

    /// Reads and writes apart where the catalogue has them so, else the one figure for both.
    fn capacity(&mut self, component: &Component, known: catalogue::Known) {
        type Figure = fn(&Facts) -> Option<Fact>;
        let apart: [(Property, Figure); 2] = [
            (Property::ReadCapacity, |facts| facts.read_capacity),
            (Property::WriteCapacity, |facts| facts.write_capacity),
        ];
        let apart: Vec<_> = apart.map(|(property, get)| (property, known.get(get))).into();
        if let Some(fact) =
            known.get(|facts| facts.capacity).filter(|_| apart.iter().any(|(_, it)| it.is_none()))
        {
            self.add(component.name.as_str(), Property::Capacity.name(), fact);
        }
        for (property, fact) in apart {
            if let Some(fact) = fact {
                self.add(component.name.as_str(), property.name(), fact);
            }
        }
    }

    // ---- availability

    /// The components that any journey needs, with what they stand on, and whether one of these writes to them.
    fn needed(&self) -> Vec<(ComponentId, bool)> {
        let mut needed: FxHashMap<ComponentId, bool> = FxHashMap::default();
        for (journey, judged) in self.analysis.judged() {
            // What completes a journey beside what accepts it: the ends that its path names.
            let path = journey.flow.filter(|_| judged.completed.is_some());
            let steps = path.map_or(&[][..], |flow| &self.architecture.flow(flow).path.steps);
            let ends = steps.iter().map(|step| &self.architecture.link(*step).target);
            for id in judged.needed.iter().chain(ends) {
                let mut links = self.architecture.links_to(*id);
                let is_written = journey.mode.writes && links.any(|link| !link.is_reads_only());
                *needed.entry(*id).or_default() |= is_written;
                if let Some(host) = self.architecture.component(*id).host {
                    needed.entry(host).or_default();
                }
            }
        }
        let mut needed: Vec<_> = needed.into_iter().collect();
        needed.sort_unstable();
        needed
    }

    fn component(&mut self, component: &Component, is_written: bool) {
        let (architecture, load) = (self.architecture, &self.analysis.load);
        let unit = Unit::of(architecture, load, component, &Scenario::as_is(), is_written, false);
        let name = component.name.as_str();
        if let Some(fact) = unit.assumed {
            self.add(name, Property::Availability.name(), fact);
        }
        self.places(component);
        let UnitKind::Nodes(nodes) = unit.kind else { return };
        if component.replicas == Replicas::Unstated && nodes.count == 1 {
            self.one_replica(component);
        }
        if nodes.count < 2 {
            return;
        }
        if nodes.switch.is_some() {
            self.failover(component);
        } else if !component.is_stated(Property::Correlation) {
            let is_placed =
                nodes.sites.is_some() || architecture.enclosing(component.id, GroupKind::Zone).is_some();
            let correlation = if is_placed {
                self.architecture.parameters.correlation_stated
            } else {
                self.architecture.parameters.correlation_unstated
            };
            self.add(name, Property::Correlation.name(), correlation);
        }
        for at in 0..nodes.sites.unwrap_or(0).min(8) {
            if nodes.are_sites_regions {
                self.site(Element::Region(at), self.architecture.parameters.region_availability);
            } else {
                let region = architecture.enclosing(component.id, GroupKind::Region);
                self.site(Element::Zone(region, at), self.architecture.parameters.zone_availability);
            }
        }
    }

    fn site(&mut self, site: Element, assumed: Fact) {
        self.add(site.name(self.architecture), Property::Availability.name(), assumed);
    }

    /// The hosts, zones and regions that a component stands in and that state no availability.
    fn places(&mut self, component: &Component) {
        let groups: Vec<GroupId> = self.architecture.groups_of(component.id).map(|(id, _)| id).collect();
        for id in groups {
            let group = self.architecture.group(id);
            let assumed = match group.kind {
                GroupKind::Region => self.architecture.parameters.region_availability,
                GroupKind::Zone => self.architecture.parameters.zone_availability,
                GroupKind::Host => self.architecture.parameters.node_availability,
                GroupKind::Network | GroupKind::Group => continue,
            };
            if group.properties.figure_of(Property::Availability, Dimension::Percent).is_none() {
                self.site(Element::Group(id), assumed);
            }
        }
    }

    fn one_replica(&mut self, component: &Component) {
        let fact = Fact {
            value: 1.0,
            unit: catalogue::Unit::Count,
            source: "what is unstated is one",
            confidence: Confidence::Low,
        };
        self.add(component.name.as_str(), Property::Replicas.name(), fact);
    }

    /// How long the switch takes, how often it fails, and the repair that it saves.
    fn failover(&mut self, component: &Component) {
        let name = component.name.as_str();
        let is_manual = component.is(Property::Failover, "manual");
        if component.figure_of(Property::Failover, Dimension::Duration).is_none() {
            let known = component.known().get(|facts| facts.failover);
            let time = match component.word(Property::Standby) {
                _ if is_manual => Some(self.architecture.parameters.switch_manual),
                Some("warm") => Some(self.architecture.parameters.switch_warm),
                Some("cold") => None,
                _ => known.or(Some(self.architecture.parameters.switch_hot)),
            };
            if let Some(time) = time {
                self.add(name, Property::Failover.name(), time);
            }
        }
        self.failing(name, is_manual);
        if component.figure(Property::Repair).is_none() {
            let is_stateless = component.kind.is_stateless();
            let repair = if is_stateless {
                self.architecture.parameters.repair_stateless
            } else {
                self.architecture.parameters.repair_stateful
            };
            self.add(name, Property::Repair.name(), repair);
        }
    }

    /// How often a switch fails.
    fn failing(&mut self, element: impl Into<String>, is_manual: bool) {
        let parameters = &self.architecture.parameters;
        let (name, share) = if is_manual {
            ("failed_failover_manual", parameters.failed_failover_manual)
        } else {
            ("failed_failover_automatic", parameters.failed_failover_automatic)
        };
        self.add(element, name, share);
    }

    /// The switches between alternatives that a component calls.
    fn switches(&mut self) {
        let switches: Vec<Element> = self
            .analysis
            .availability
            .iter()
            .flat_map(|judged| &judged.contributions)
            .map(|it| it.element)
            .filter(|it| matches!(it, Element::Switch(_)))
            .collect();
        for switch in switches {
            let Some(id) = switch.component(self.architecture) else { continue };
            let element = switch.name(self.architecture);
            let links = || self.architecture.links_from(id).map(|link| &link.properties);
            let source = self.architecture.component(id);
            let mut stated = links().chain([&source.properties]).filter(|it| it.has(Property::Failover));
            let stated = stated.next();
            let is_manual = stated.is_some_and(|it| it.is(Property::Failover, "manual"));
            if stated.is_none_or(|it| it.figure_of(Property::Failover, Dimension::Duration).is_none()) {
                let time = if is_manual {
                    self.architecture.parameters.switch_manual
                } else {
                    self.architecture.parameters.switch_hot
                };
                self.add(element.clone(), Property::Failover.name(), time);
            }
            self.failing(element, is_manual);
        }
    }
}

fn unit_of(dimension: Dimension) -> catalogue::Unit {
    use catalogue::Unit;
    match dimension {
        Dimension::Number => Unit::Count,
        Dimension::Percent | Dimension::Growth | Dimension::TimeShare => Unit::Share,
        Dimension::Duration => Unit::Seconds,
        Dimension::Size => Unit::Bytes,
        Dimension::Rate => Unit::PerSecond,
        Dimension::Throughput => Unit::BytesPerSecond,
    }
}
