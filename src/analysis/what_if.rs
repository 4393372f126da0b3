//! What a failure, a cold cache, more load or another figure does to a design: its flows, its components, and how
//! far the harm reaches.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::Analysis;
use super::availability::{self, Element, Scenario, unit};
use super::latency::{self, Latency};
use super::load::{Circumstances, Demand, Load, Utilisation};
use super::pairs::pairs;
use super::reliability::Availability;
use crate::catalogue::Kind;
use crate::figures;
use crate::model::{Architecture, ComponentId, GroupId, GroupKind, Replicas};
use crate::nearest::nearest;
use crate::quantity::{Duration, Rate};

/// Figures that differ by less than this part of themselves are the same.
pub(super) const SAME: f64 = 1e-9;

/// Times are worked out from figures that are rougher: less than this part is no difference.
const SAME_TIME: f64 = 0.01;

/// What fails, or answers nothing, at once.
#[derive(Clone, Debug, Default)]
pub struct Failure {
    /// The components and groups that fail, as they are asked.
    pub names: Vec<String>,
    /// The zone that is lost.
    pub zone: Option<String>,
    /// The caches that answer nothing.
    pub cold_names: Vec<String>,
    /// What the names stand for: one that is named twice, or by two names, fails once.
    targets: Vec<Target>,
    /// What is down, as availability sees it.
    elements: FxHashSet<Element>,
    /// Components of which nothing is left.
    down: FxHashSet<ComponentId>,
    /// Components that lose some of their replicas: how many they keep, of how many.
    left: FxHashMap<ComponentId, (u32, u32)>,
    /// Caches that answer nothing.
    cold: FxHashSet<ComponentId>,
    /// Components of which it is not said in which zone they stand: they are taken to live on.
    pub unplaced: Vec<ComponentId>,
}

impl Failure {
    /// The loss of a group, with all that stands in it or on it.
    pub fn of_group(architecture: &Architecture, group: GroupId) -> Self {
        let mut failure = Self::default();
        failure.fail_group(architecture, group);
        failure.fail_hosted(architecture);
        failure
    }

    /// Whether nothing fails.
    pub fn is_none(&self) -> bool {
        self.elements.is_empty() && self.cold.is_empty()
    }

    /// Components of which nothing is left.
    pub fn is_down(&self, component: ComponentId) -> bool {
        self.down.contains(&component)
    }

    /// How many replicas a component keeps, of how many, where it loses some.
    pub fn left_of(&self, component: ComponentId) -> Option<(u32, u32)> {
        self.left.get(&component).copied()
    }

    /// The load that comes then.
    pub fn circumstances(&self) -> Circumstances {
        Circumstances { cold: self.cold.clone(), down: self.down.clone(), ..Circumstances::default() }
    }

    /// Adds a component or a group that fails, with all that stands in it or on it.
    ///
    /// # Errors
    /// Says that nothing is called so, and what is nearly; or that it is no part of the design.
    pub fn fail(&mut self, architecture: &Architecture, name: &str) -> Result<(), String> {
        let target = find(architecture, name)?;
        if self.targets.contains(&target) {
            return Ok(());
        }
        match target {
            Target::Component(id) if architecture.component(id).kind.is_caller_only() => {
                return Err(format!("`{name}` uses the design and does not fail: name what it calls"));
            }
            Target::Component(id) => self.add([id]),
            Target::Group(id) => self.fail_group(architecture, id),
        }
        self.names.push(name.to_owned());
        self.targets.push(target);
        self.fail_hosted(architecture);
        Ok(())
    }

    fn add(&mut self, components: impl IntoIterator<Item = ComponentId>) {
        for id in components {
            self.down.insert(id);
            self.elements.insert(Element::Component(id));
        }
    }

    fn fail_group(&mut self, architecture: &Architecture, group: GroupId) {
        let stands_inside = |at: Option<GroupId>| architecture.group_chain(at).any(|(id, _)| id == group);
        let groups = (0..architecture.groups().len() as u32).map(GroupId);
        self.elements.extend(groups.filter(|id| stands_inside(Some(*id))).map(Element::Group));
        // Users go on calling, wherever they are drawn.
        let inside = architecture.components().filter(|it| stands_inside(it.group));
        self.add(inside.filter(|it| !it.kind.is_caller_only()).map(|it| it.id));
    }

    /// What runs on something that is down is down.
    fn fail_hosted(&mut self, architecture: &Architecture) {
        let mut hosted: FxHashMap<ComponentId, Vec<ComponentId>> = FxHashMap::default();
        for component in architecture.components() {
            if let Some(host) = component.host {
                hosted.entry(host).or_default().push(component.id);
            }
        }
        let mut waiting: Vec<ComponentId> = self.down.iter().copied().collect();
        while let Some(host) = waiting.pop() {
            let new = hosted.get(&host).into_iter().flatten().copied();
            let new: Vec<ComponentId> = new.filter(|it| !self.down.contains(it)).collect();
            self.add(new.iter().copied());
            waiting.extend(new);
        }
    }

    /// Adds a cache that answers nothing.
    ///
    /// # Errors
    /// Says that no cache is called so.
    pub fn chill(&mut self, architecture: &Architecture, name: &str) -> Result<(), String> {
        let Target::Component(id) = find(architecture, name).map_err(|_| no_cache(architecture, name))?
        else {
            return Err(format!("`{name}` is a group: name the cache inside it"));
        };
        let component = architecture.component(id);
        if !is_cache(component.kind) {
            let title = component.kind.title();
            let others = caches_to_name(architecture);
            return Err(format!("`{name}` is a {title}, which can't be cold: {others}"));
        }
        if self.cold.insert(id) {
            self.cold_names.push(component.name.to_string());
        }
        Ok(())
    }

    /// Adds all caches, as after a restart.
    ///
    /// # Errors
    /// Says that there is none.
    pub fn chill_all(&mut self, architecture: &Architecture) -> Result<(), String> {
        let caches = architecture.components().filter(|it| is_cache(it.kind));
        for cache in caches {
            self.cold.insert(cache.id);
            self.cold_names.push(cache.name.to_string());
        }
        if self.cold.is_empty() {
            return Err(format!("nothing can be cold: {}", caches_to_name(architecture)));
        }
        Ok(())
    }

    /// The same with a zone lost as well.
    #[must_use]
    pub fn with_zone(&self, architecture: &Architecture, zone: &Zone) -> Self {
        let mut failure = self.clone();
        match zone.place {
            ZonePlace::Drawn(group) => failure.fail_group(architecture, group),
            ZonePlace::Counted(region, at) => failure.lose_counted(architecture, region, at),
        }
        failure.fail_hosted(architecture);
        failure.zone = Some(zone.name.clone());
        failure.unplaced = unplaced(architecture);
        failure
    }

    /// Replica i stands in zone i mod k of its region.
    fn lose_counted(&mut self, architecture: &Architecture, region: Option<GroupId>, at: u32) {
        self.elements.insert(Element::Zone(region, at));
        for component in architecture.components() {
            let Some((zones, count)) = unit::zones(architecture, component) else { continue };
            if architecture.enclosing(component.id, GroupKind::Region) != region {
                continue;
            }
            let lost = (0..count).filter(|replica| replica % zones == at).count() as u32;
            if lost == count {
                // Availability sees it fall with the zone.
                self.down.insert(component.id);
            } else if lost > 0 {
                self.left.insert(component.id, (count - lost, count));
            }
        }
    }
}

/// Why no cache is meant by a name.
fn no_cache(architecture: &Architecture, name: &str) -> String {
    let caches = architecture.components().filter(|it| is_cache(it.kind));
    match nearest(name, caches.map(|it| it.name.as_str())) {
        Some(near) => format!("no cache is called `{name}`: did you mean `{near}`?"),
        None => format!("no cache is called `{name}`: {}", caches_to_name(architecture)),
    }
}

/// What else could be named where a cache is.
fn caches_to_name(architecture: &Architecture) -> String {
    let caches = architecture.components().filter(|it| is_cache(it.kind));
    let names: Vec<&str> = caches.map(|it| it.name.as_str()).collect();
    match names.len() {
        0 => "the design has no cache".to_owned(),
        _ => format!("name a cache: {}", figures::listed(&names, 12)),
    }
}

fn is_cache(kind: Kind) -> bool {
    matches!(kind, Kind::Cache | Kind::Cdn)
}

/// A zone that may be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// What a reader calls it: its name, or `zone 1`.
    pub name: String,
    place: ZonePlace,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ZonePlace {
    Drawn(GroupId),
    Counted(Option<GroupId>, u32),
}

/// All zones of a design: those that are drawn, then those that are only counted, region by region.
pub fn zones(architecture: &Architecture) -> Vec<Zone> {
    let mut places: Vec<ZonePlace> = (0..architecture.groups().len() as u32)
        .map(GroupId)
        .filter(|id| architecture.group(*id).kind == GroupKind::Zone)
        .map(ZonePlace::Drawn)
        .collect();
    let mut most: FxHashMap<Option<GroupId>, u32> = FxHashMap::default();
    for component in architecture.components() {
        if let Some((zones, _)) = unit::zones(architecture, component) {
            let most = most.entry(architecture.enclosing(component.id, GroupKind::Region)).or_default();
            *most = (*most).max(zones);
        }
    }
    let mut counted: Vec<ZonePlace> = most
        .into_iter()
        .flat_map(|(region, zones)| (0..zones).map(move |at| ZonePlace::Counted(region, at)))
        .collect();
    counted.sort_unstable();
    places.extend(counted);
    let name = |place| match place {
        ZonePlace::Drawn(id) => architecture.group(id).name.to_string(),
        ZonePlace::Counted(region, at) => Element::Zone(region, at).name(architecture),
    };
    places.into_iter().map(|place| Zone { name: name(place), place }).collect()
}

/// The zones that a name or a number means: a number means that zone of each region.
///
/// # Errors
/// Says which there are.
pub fn zones_called(architecture: &Architecture, name: &str) -> Result<Vec<Zone>, String> {
    let all = zones(architecture);
    let number: Option<u32> = name.trim_start_matches("zone ").parse().ok();
    let is_meant = |zone: &Zone| match zone.place {
        ZonePlace::Counted(_, at) => number == Some(at + 1) || zone.name == name,
        ZonePlace::Drawn(id) => zone.name == name || find(architecture, name) == Ok(Target::Group(id)),
    };
    let found: Vec<Zone> = all.iter().filter(|zone| is_meant(zone)).cloned().collect();
    if !found.is_empty() {
        return Ok(found);
    }
    if all.is_empty() {
        return Err(NO_ZONES.to_owned());
    }
    let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
    Err(format!("no zone is called `{name}`: there are {}", crate::figures::listed(&names, 12)))
}

/// Why there is no zone to lose.
pub const NO_ZONES: &str =
    "the design says nothing of zones: draw them as `zone NAME { … }`, or state `zones = 3`";

/// The components of which nobody says where they stand; what somebody else keeps redundant stands everywhere.
fn unplaced(architecture: &Architecture) -> Vec<ComponentId> {
    architecture
        .components()
        .filter(|it| {
            !it.kind.is_outside()
                && !it.is_available_as_a_whole()
                && it.host.is_none()
                && architecture.enclosing(it.id, GroupKind::Zone).is_none()
                && unit::zones(architecture, it).is_none()
        })
        .map(|it| it.id)
        .collect()
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Component(ComponentId),
    Group(GroupId),
}

/// What is called so: by its shown name, or by that of its groups and its own, `us_east.api`.
fn find(architecture: &Architecture, name: &str) -> Result<Target, String> {
    let all = || {
        let components =
            architecture.components().map(|it| (it.name.as_str(), it.group, Target::Component(it.id)));
        let groups = architecture.groups().enumerate();
        let groups = groups.map(|(at, it)| (it.name.as_str(), it.parent, Target::Group(GroupId(at as u32))));
        components.chain(groups)
    };
    if let Some((.., target)) = all().find(|(shown, ..)| *shown == name) {
        return Ok(target);
    }
    let short = |shown: &str| -> SmolStr { shown.rsplit('.').next().unwrap_or(shown).into() };
    let bears = |(shown, group, _): &(&str, Option<GroupId>, Target)| {
        let mut parts = name.rsplit('.');
        parts.next() == Some(short(shown).as_str())
            && parts.eq(architecture
                .group_chain(*group)
                .map(|(_, it)| short(&it.name))
                .take(name.matches('.').count()))
    };
    let found: Vec<_> = all().filter(bears).collect();
    match found[..] {
        [(.., target)] => Ok(target),
        [] => Err(match nearest(name, all().map(|(shown, ..)| shown)) {
            Some(near) => format!("nothing is called `{name}`: did you mean `{near}`?"),
            None => format!("nothing is called `{name}`: name a component or a group of the design"),
        }),
        _ => {
            let names: Vec<&str> = found.iter().map(|(shown, ..)| *shown).collect();
            Err(format!("`{name}` may be any of {}", crate::figures::listed(&names, 12)))
        }
    }
}

/// How a flow fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It can't be up.
    Down,
    /// It is down more often, or comes by something that can't carry the peak.
    Degraded,
    /// As before, or better.
    Up,
}

/// A flow before and after.
#[derive(Clone, Debug)]
pub struct FlowChange {
    /// Its name.
    pub name: SmolStr,
    /// How it fares.
    pub state: State,
    /// Its availability as it was; none for a flow that was not there.
    pub before: Option<Availability>,
    /// Its availability as it is, given what is down.
    pub after: Availability,
    /// How long it took, and takes, until it is answered at peak; none where nothing of it is known, or while it is down.
    pub latency: (Option<Latency>, Option<Latency>),
    /// What it needs and what can't carry the peak now, and could before.
    pub overloaded: Vec<ComponentId>,
    /// Whether anything of this differs.
    pub is_changed: bool,
}

impl FlowChange {
    /// Whether it takes longer or less long than before, as far as a reader can tell.
    pub fn is_latency_changed(&self) -> bool {
        let (Some(before), Some(after)) = (&self.latency.0, &self.latency.1) else { return false };
        is_time_changed(before, after)
    }
}

/// Whether one time is another, as far as a reader can tell.
pub(super) fn is_time_changed(before: &Latency, after: &Latency) -> bool {
    let differs = |of: fn(&Latency) -> Duration| {
        let (before, after) = (of(before).seconds(), of(after).seconds());
        (after - before).abs() > SAME_TIME * before.max(after)
    };
    before.saturated.is_empty() != after.saturated.is_empty()
        || differs(|it| it.median)
        || differs(|it| it.least)
        || differs(|it| it.most)
}

/// What a component carries.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Carried {
    /// At peak; none where nothing is known to come.
    pub peak: Option<Rate>,
    /// Whether more comes that nobody says how much of.
    pub is_partial: bool,
    /// Which part of its busiest node the peak takes.
    pub utilisation: Option<Utilisation>,
}

/// A component before and after.
#[derive(Clone, Copy, Debug)]
pub struct ComponentChange {
    /// Which.
    pub component: ComponentId,
    /// As it was.
    pub before: Carried,
    /// As it is.
    pub after: Carried,
    /// Whether it is down itself.
    pub is_down: bool,
    /// How many replicas it keeps, of how many, where it loses some.
    pub left: Option<(u32, u32)>,
    /// Whether it carries more than before because others are down.
    pub takes_over: bool,
    /// Whether it is up and nothing comes to it any more.
    pub is_cut_off: bool,
}

impl ComponentChange {
    /// Whether the peak is more than it can carry.
    pub fn is_overloaded(&self) -> bool {
        self.after.utilisation.is_some_and(|it| it.share > 1.0 + SAME)
    }

    fn is_changed(&self) -> bool {
        self.is_down || self.left.is_some() || self.is_cut_off || !same_carried(&self.before, &self.after)
    }
}

/// What changes.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// All flows, in order.
    pub flows: Vec<FlowChange>,
    /// The components that change: those that are over their capacity first, then by how full they are.
    pub components: Vec<ComponentChange>,
    /// How many stay as they are.
    pub unchanged_components: usize,
    /// The part of all traffic that belongs to flows which are down; none where a rate is not said.
    pub lost_share: Option<f64>,
}

/// Compares a design with itself, or with another reading of it, of which something fails.
pub fn compare(
    (old, before): (&Architecture, &Analysis),
    (new, after): (&Architecture, &Analysis),
    failure: &Failure,
) -> Outcome {
    let load = if failure.is_none() {
        after.load.clone()
    } else {
        let mut load = Load::under(new, &after.bases, &failure.circumstances());
        // A store that can't do without its cache can't either while the cache is down.
        load.cold_caches.clone_from(&after.load.cold_caches);
        load
    };
    let mut components: Vec<ComponentChange> =
        new.components().map(|it| component(it.id, (old, before), (new, &load), failure)).collect();
    let times = Times {
        before: (0..before.journeys.len()).map(|at| before.latency(old, at).clone()).collect(),
        after: latencies((new, after), &load, failure),
    };
    let flows = flows((before, after), (new, &load), failure, &components, times);
    let all = components.len();
    components.retain(ComponentChange::is_changed);
    let use_of = |it: &ComponentChange| it.after.utilisation.map_or(-1.0, |it| it.share);
    components.sort_by(|a, b| use_of(b).total_cmp(&use_of(a)).then(a.component.cmp(&b.component)));
    Outcome {
        lost_share: lost_share(after, &flows),
        unchanged_components: all - components.len(),
        flows,
        components,
    }
}

/// How long the journeys take while something fails: with what is left of the replicas, and the load that comes then.
fn latencies((new, after): (&Architecture, &Analysis), load: &Load, failure: &Failure) -> Vec<Latency> {
    if failure.is_none() {
        return (0..after.journeys.len()).map(|at| after.latency(new, at).clone()).collect();
    }
    let left = new.with_replicas(&failure.left);
    latency::under(&left, &after.journeys, load, &failure.circumstances())
}

fn component(
    id: ComponentId,
    (old, before): (&Architecture, &Analysis),
    (new, load): (&Architecture, &Load),
    failure: &Failure,
) -> ComponentChange {
    let is_down = failure.is_down(id);
    let left = failure.left_of(id).filter(|_| !is_down);
    let was = carried(old, &before.load, id, None);
    let is = if is_down { Carried::default() } else { carried(new, load, id, left) };
    let came = before.load.component(id);
    let comes = load.component(id);
    let is_touched = |demand: &Demand| demand.is_reached || demand.is_partial;
    ComponentChange {
        component: id,
        before: was,
        after: is,
        is_down,
        left,
        takes_over: !failure.down.is_empty()
            && is
                .peak
                .zip(was.peak)
                .is_some_and(|(is, was)| !same(is.per_second(), was.per_second()) && is > was),
        is_cut_off: !is_down && !failure.is_none() && is_touched(came) && !is_touched(comes),
    }
}

pub(super) fn carried(
    architecture: &Architecture,
    load: &Load,
    id: ComponentId,
    left: Option<(u32, u32)>,
) -> Carried {
    let component = architecture.component(id);
    let demand = load.component(id);
    let utilisation = match (left, component.replicas) {
        // An open range says no number of which some could be lost.
        (Some((left, _)), Replicas::Stated { most: Some(_), .. }) => load.utilisation_with(component, left),
        _ => load.utilisation(component),
    };
    Carried {
        peak: demand.is_reached.then(|| demand.peak.total()),
        is_partial: demand.is_partial,
        utilisation: utilisation.filter(|it| it.share.is_finite()),
    }
}

fn same_carried(a: &Carried, b: &Carried) -> bool {
    let rate = |it: &Carried| it.peak.map(Rate::per_second);
    let used = |it: &Carried| it.utilisation.map(|it| it.share);
    same_known(rate(a), rate(b)) && same_known(used(a), used(b)) && a.is_partial == b.is_partial
}

fn same_known(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= SAME * a.abs().max(b.abs())
}

/// Whether a reader is told the same figure: the same share, or the same minutes a month.
pub(super) fn same_availability(a: Availability, b: Availability) -> bool {
    let minutes = |up: f64| figures::minutes((1.0 - up) * availability::MONTH_MINUTES);
    let same =
        |a: f64, b: f64| figures::availability(a) == figures::availability(b) || minutes(a) == minutes(b);
    same(a.lower(), b.lower()) && same(a.upper(), b.upper())
}

/// How long each journey took, and takes.
struct Times {
    before: Vec<Latency>,
    after: Vec<Latency>,
}

fn flows<'a>(
    (before, after): (&'a Analysis, &'a Analysis),
    (new, load): (&Architecture, &Load),
    failure: &Failure,
    components: &[ComponentChange],
    times: Times,
) -> Vec<FlowChange> {
    let is_known = |it: &Latency| !it.steps.is_empty();
    let mut budget = super::budget(new);
    let scenario = Scenario { down: failure.elements.clone(), ..Scenario::as_is() };
    let newly_over = |id: &ComponentId| {
        let change = &components[id.0 as usize];
        change.is_overloaded() && change.before.utilisation.is_none_or(|it| it.share <= 1.0 + SAME)
    };
    // Flows may share a name.
    let names = |analysis: &'a Analysis| analysis.journeys.iter().map(|it| &it.name);
    let mut found = Vec::new();
    let known = pairs(names(before), names(after)).into_iter().map(|(was, _)| was);
    for (((journey, judged), time), was) in after.judged().zip(times.after).zip(known) {
        let took = was.map(|at| times.before[at].clone());
        let was = was.map(|at| before.availability[at].low);
        let is = if failure.elements.is_empty() {
            judged.low
        } else {
            availability::availability(new, load, journey, &scenario, &mut budget)
        };
        let overloaded: Vec<ComponentId> = judged.needed.iter().copied().filter(newly_over).collect();
        let is_same = was.is_some_and(|was| same_availability(was, is));
        let is_worse = was.is_some_and(|was| is.upper() < was.lower()) && !is_same;
        let state = if is.upper() <= 0.0 {
            State::Down
        } else if is_worse || !overloaded.is_empty() {
            State::Degraded
        } else {
            State::Up
        };
        let lasts = Some(time).filter(|_| state != State::Down);
        let mut change = FlowChange {
            name: journey.name.clone(),
            state,
            before: was,
            after: is,
            latency: (took.filter(is_known), lasts.filter(is_known)),
            is_changed: !is_same || !overloaded.is_empty(),
            overloaded,
        };
        change.is_changed |= change.is_latency_changed();
        found.push(change);
    }
    found
}

/// Which part of the traffic belongs to flows that are down with all their routes.
fn lost_share(after: &Analysis, flows: &[FlowChange]) -> Option<f64> {
    let all = after.load.total_mean().filter(|it| it.is_positive())?;
    let mut is_down = vec![true; after.bases.len()];
    for (journey, flow) in after.journeys.iter().zip(flows) {
        is_down[journey.base] &= flow.state == State::Down;
    }
    let lost = after.load.arrivals.iter().zip(is_down).filter(|(_, is_down)| *is_down);
    Some(lost.filter_map(|(it, _)| it.as_ref()).map(|it| it.mean.total()).sum::<Rate>() / all)
}
