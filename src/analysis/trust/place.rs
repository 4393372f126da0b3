//! Where components stand, and what a link crosses. Placement wins: a client, person or third party is outside
//! unless a network holds it.

use smol_str::SmolStr;

use rustc_hash::FxHashMap;

use crate::model::{Architecture, Component, GroupKind, Property};

/// How far a place is trusted, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// Users and other companies.
    Outside,
    /// The team's own, on a network that anybody reaches.
    Public,
    /// The team's own, between the outside and the inside.
    Dmz,
    /// The team's own.
    Inside,
}

/// The boundary that a link crosses, and which way it leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crossing {
    /// From outside to what the team runs.
    In,
    /// From what the team runs to the outside.
    Out,
    /// Between two that are both outside.
    Beyond,
    /// From one of the team's networks to another.
    Between,
}

/// Where a component stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) ground: Ground,
    /// The networks that it is itself part of, sorted: the nearest that holds it, and those that it lists.
    networks: Vec<SmolStr>,
    /// The networks around these.
    around: Vec<SmolStr>,
    is_user: bool,
}

impl Place {
    fn all_networks(&self) -> impl Iterator<Item = &SmolStr> + Clone {
        self.networks.iter().chain(&self.around)
    }
}

/// The place of each component.
pub(super) fn places(architecture: &Architecture) -> Vec<Place> {
    let networks: FxHashMap<&SmolStr, Ground> = architecture
        .groups()
        .filter(|group| group.kind == GroupKind::Network)
        .map(|group| (&group.name, stated(group.properties.word(Property::Trust)).unwrap_or(Ground::Inside)))
        .collect();
    architecture.components().map(|component| place(architecture, &networks, component)).collect()
}

fn place(architecture: &Architecture, known: &FxHashMap<&SmolStr, Ground>, component: &Component) -> Place {
    let enclosing = architecture.groups_of(component.id).filter(|(_, it)| it.kind == GroupKind::Network);
    let mut enclosing = enclosing.map(|(_, group)| group.name.clone());
    let mut networks: Vec<SmolStr> = enclosing.next().into_iter().collect();
    let around = enclosing.collect();
    // The nearest network says how far it is trusted; of several that are listed, the least trusted one.
    let placed = networks.first().and_then(|name| known.get(name).copied());
    let listed = component.words(Property::Networks);
    let of_listed = listed.iter().map(|name| known.get(name).copied().unwrap_or(Ground::Inside)).min();
    networks.extend(listed.iter().cloned());
    networks.sort_unstable();
    networks.dedup();
    let by_kind = if component.kind.is_outside() { Ground::Outside } else { Ground::Inside };
    let ground = stated(component.word(Property::Trust)).or(placed).or(of_listed).unwrap_or(by_kind);
    // A browser in a network called `internet` is as much outside as one that is drawn in none.
    let is_outside = component.kind.is_outside() && ground == Ground::Public;
    Place {
        ground: if is_outside { Ground::Outside } else { ground },
        networks,
        around,
        is_user: component.kind.is_caller_only(),
    }
}

fn stated(word: Option<&str>) -> Option<Ground> {
    match word? {
        "public" => Some(Ground::Public),
        "dmz" => Some(Ground::Dmz),
        _ => Some(Ground::Inside),
    }
}

/// What a link between two places crosses.
pub(super) fn crossing(source: &Place, target: &Place) -> Option<Crossing> {
    match (source.ground == Ground::Outside, target.ground == Ground::Outside) {
        (true, false) => Some(Crossing::In),
        (false, true) => Some(Crossing::Out),
        // A person at a browser sends nothing over a wire.
        (true, true) => (!(source.is_user && target.is_user)).then_some(Crossing::Beyond),
        (false, false) => (!is_one_network(source, target)).then_some(Crossing::Between),
    }
}

/// Whether two of the team's own see no boundary between them: they share a network, or stand in no two that
/// are trusted differently.
fn is_one_network(source: &Place, target: &Place) -> bool {
    if source.networks.iter().any(|it| target.networks.binary_search(it).is_ok()) {
        return true;
    }
    // Subnets of one network are one, as long as none of them is more open than the other.
    let (mut of_source, mut of_target) = (source.all_networks(), target.all_networks());
    let is_around = of_source.clone().any(|it| of_target.clone().any(|other| it == other));
    let draws_none = of_source.next().is_none() && of_target.next().is_none();
    source.ground == target.ground && (is_around || draws_none)
}
