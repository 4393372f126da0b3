//! What a design states that is reason enough to keep something: a `because`, or a requirement that it serves.
//!
//! It errs on the side of silence: any requirement that touches a thing counts, whether it is needed for it or not.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::catalogue::Kind;
use crate::model::{Architecture, Component, Properties, Property};

/// Properties that tie something to a place.
const PLACES: [Property; 2] = [Property::From, Property::Residency];

/// What the system and its flows ask, gathered once.
#[derive(Debug, Default)]
pub(super) struct Asked {
    properties: FxHashSet<Property>,
    words: FxHashSet<(Property, SmolStr)>,
    /// Whether something must be near its users, or stay where it is.
    pub(super) is_bound_to_places: bool,
    /// The strictest time to answer, in seconds.
    pub(super) latency: Option<f64>,
    /// The shortest time to recover, in seconds.
    pub(super) recovery: Option<f64>,
}

impl Asked {
    pub(super) fn of(architecture: &Architecture) -> Self {
        let mut asked = Self::default();
        let system = &architecture.system.properties;
        for properties in architecture.flows().map(|flow| &flow.properties).chain([system]) {
            asked.take(properties);
        }
        // To be near is a reason where a round trip to elsewhere takes much of what is asked.
        let parameters = &architecture.parameters;
        let far = parameters.round_trip_regions.value / parameters.round_trip_share.value;
        let must_be_near = asked.latency.is_none_or(|it| it < far);
        let names_places = |properties: &Properties| PLACES.iter().any(|property| properties.has(*property));
        asked.is_bound_to_places = PLACES.iter().any(|property| asked.properties.contains(property))
            || architecture.groups().any(|group| names_places(&group.properties))
            || architecture.components().any(|component| {
                names_places(&component.properties)
                    || component.is(Property::Routing, "latency") && must_be_near
                    || component.is(Property::Routing, "geolocation")
            });
        asked
    }

    fn take(&mut self, properties: &Properties) {
        for entry in properties.iter().filter(|entry| properties.has(entry.property)) {
            self.properties.insert(entry.property);
            let words = properties.words(entry.property).iter();
            self.words.extend(words.map(|word| (entry.property, word.clone())));
        }
        let least = |old: Option<f64>, property| match (old, properties.figure(property)) {
            (Some(old), Some(new)) => Some(old.min(new)),
            (old, new) => old.or(new),
        };
        self.latency = least(least(self.latency, Property::LatencyP99), Property::LatencyP50);
        self.recovery = least(self.recovery, Property::Rto);
    }

    /// Whether the component, the system or any flow says one of these.
    pub(super) fn has(&self, component: &Component, asked: &[Property]) -> bool {
        asked.iter().any(|property| self.properties.contains(property) || component.has(*property))
    }

    /// Whether the system or any flow says this word.
    pub(super) fn says(&self, property: Property, word: &str) -> bool {
        self.words.contains(&(property, SmolStr::new(word)))
    }

    /// Whether it is said of a component, its links, the system or any flow.
    pub(super) fn says_of(
        &self,
        architecture: &Architecture,
        component: &Component,
        property: Property,
        word: &str,
    ) -> bool {
        self.says(property, word)
            || component.is(property, word)
            || architecture.links_to(component.id).any(|link| link.is(property, word))
            || architecture.links_from(component.id).any(|link| link.is(property, word))
    }

    /// Whether what passes through a component must not be lost.
    pub(super) fn must_not_lose(&self, architecture: &Architecture, component: &Component) -> bool {
        self.says_of(architecture, component, Property::Durability, "no_loss")
            || self.says_of(architecture, component, Property::Delivery, "exactly_once")
    }
}

/// What says why a component is there: itself, what it stands in, or a link that leads to it.
pub fn explaining<'a>(architecture: &'a Architecture, component: &'a Component) -> Option<&'a Properties> {
    let groups = architecture.groups_of(component.id).map(|(_, group)| &group.properties);
    let links = architecture.links_to(component.id).map(|link| &link.properties);
    let mut bearers = std::iter::once(&component.properties).chain(groups).chain(links);
    bearers.find(|it| it.has(Property::Because))
}

/// Whether its author says why it is there.
pub(super) fn is_explained(architecture: &Architecture, component: &Component) -> bool {
    explaining(architecture, component).is_some()
}

/// Whether the design accepts a rule's finding there: it is still told, as accepted, but nothing is built on it.
pub(super) fn is_allowed(architecture: &Architecture, code: &str, name: &str, element: &str) -> bool {
    architecture.allows.iter().any(|allow| {
        allow.is_of_rule(code, name) && (allow.places.is_empty() || allow.covers(architecture, element))
    })
}

/// Whether somebody else's service is called from it: it may be slow, or away.
pub(super) fn calls_third_party(architecture: &Architecture, component: &Component) -> bool {
    architecture.links_from(component.id).any(|link| {
        let target = architecture.component(link.target).kind;
        matches!(target, Kind::ThirdParty | Kind::External)
    })
}
