//! What designs usually state, and with which values: counted in examples, as `tests/completion/usual.rs` does.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::catalogue::Kind;
use crate::model::property::Place;
use crate::model::{Owner, Property};

static USUAL: LazyLock<Usual> = LazyLock::new(|| Usual::of(include_str!("usual.txt")));

/// What is stated in so many families of kinds is stated of any.
const GENERAL: usize = 4;

#[derive(Default)]
struct Usual {
    /// By the word that a thing begins with.
    stated: FxHashMap<&'static str, Vec<Property>>,
    /// By property; engines by their kind, kinds, and protocols.
    values: FxHashMap<&'static str, Vec<&'static str>>,
}

impl Usual {
    fn of(table: &'static str) -> Self {
        let mut usual = Self::default();
        for line in table.lines().filter(|it| !it.starts_with('#')) {
            if let Some((word, properties)) = line.split_once(": ") {
                usual.stated.insert(word, properties.split(", ").filter_map(Property::parse).collect());
            } else if let Some((word, values)) = line.split_once(" = ") {
                usual.values.insert(word, values.split(", ").collect());
            }
        }
        usual
    }

    fn stated(&self, word: &str) -> &[Property] {
        self.stated.get(word).map_or(&[], Vec::as_slice)
    }
}

/// The values that most designs give a property, an engine of a kind, a `kind` or a `protocol`; the most usual first.
pub(super) fn values(of: &str) -> &'static [&'static str] {
    USUAL.values.get(of).map_or(&[], Vec::as_slice)
}

/// How usual a value is: the lower, the more.
pub(super) fn place(of: &str, value: &str) -> usize {
    let known = values(of);
    known.iter().position(|it| *it == value).unwrap_or(known.len())
}

/// How usual it is that something states a property: the lower, the more. Nothing where it makes no sense.
pub(super) fn rank(owner: Owner, property: Property) -> Option<usize> {
    let own = match owner {
        Owner::System => "system",
        Owner::Flow => "flow",
        Owner::Link => "link",
        Owner::Constraint | Owner::Engine => "",
        Owner::Group(kind) => kind.name(),
        Owner::Component(kind) => kind.name(),
    };
    if let Some(at) = USUAL.stated(own).iter().position(|it| *it == property) {
        return Some(at);
    }
    let tier = match owner {
        _ if property.definition().places.contains(&Place::Everywhere) => 400,
        Owner::Component(kind) => nearness(kind, property)?,
        _ => 200,
    };
    Some(tier + property as usize)
}

/// How near a property is to a kind of whose own nobody has stated it.
fn nearness(kind: Kind, property: Property) -> Option<usize> {
    let states = |it: &Kind| USUAL.stated(it.name()).contains(&property);
    let family = Family::of(kind);
    let is_in_family = Kind::ALL.iter().any(|it| Family::of(*it) == family && states(it));
    let places = property.definition().places;
    let is_special = places.iter().any(|it| *it != Place::Component && it.holds(Owner::Component(kind)));
    if is_in_family || is_special {
        return Some(200);
    }
    let mut families: Vec<Family> =
        Kind::ALL.iter().filter(|it| states(it)).map(|it| Family::of(*it)).collect();
    families.sort_unstable();
    families.dedup();
    match family {
        _ if families.len() >= GENERAL && family != Family::Caller => Some(400),
        // Of those who only call, and of what others run, hardly anything can be said; of the rest nobody knows.
        Family::Caller => None,
        Family::Foreign if !families.is_empty() => None,
        _ => Some(600),
    }
}

/// Kinds of which the same is stated.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    Caller,
    Foreign,
    Edge,
    Compute,
    Cache,
    Store,
    Queue,
    Support,
}

impl Family {
    pub(super) fn of(kind: Kind) -> Self {
        match kind {
            _ if kind.is_caller_only() => Self::Caller,
            Kind::ThirdParty | Kind::External => Self::Foreign,
            Kind::Cache | Kind::Cdn => Self::Cache,
            _ if kind.is_proxy() || kind == Kind::Dns => Self::Edge,
            _ if kind.is_compute() => Self::Compute,
            _ if kind.is_store() => Self::Store,
            _ if kind.is_queue() => Self::Queue,
            _ => Self::Support,
        }
    }
}
