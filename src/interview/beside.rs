//! A design beside a reference design: what only one of them has, where that is worth a thought.

use crate::analysis::capacity;
use crate::catalogue::Kind;
use crate::check::Checked;
use crate::figures;
use crate::model::Component;
use crate::source::Span;

/// Something that one of the two designs has.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// What, with the figure that it stands by: a sentence without its full stop.
    pub says: String,
    /// Where it stands; none of what the design has not.
    pub place: Option<Span>,
}

/// Kinds that are there or not as the scale asks for, with what does the same.
const TELLING: &[&[Kind]] = &[
    &[Kind::Cache],
    &[Kind::Cdn],
    &[Kind::Queue, Kind::Stream],
    &[Kind::SearchIndex],
    &[Kind::ObjectStore, Kind::FileStore],
    &[Kind::Database],
    &[Kind::Registry],
];

/// So many times as many services or nodes are another shape.
const ANOTHER_SHAPE: u32 = 3;
/// Names of one remark, at most.
const MOST_NAMES: usize = 4;

pub(super) fn beside(design: &Checked, reference: &Checked) -> Vec<Beside> {
    if design.architecture.components().len() == 0 {
        return Vec::new();
    }
    let fullest = fullest(reference);
    let mut told = Vec::new();
    for kinds in TELLING {
        let (own, others) = (of_kinds(design, kinds), of_kinds(reference, kinds));
        let kind = kinds[0].title();
        match (own.first(), others.first()) {
            (Some(first), None) => {
                let names = figures::listed(&names(&own), MOST_NAMES);
                let says = format!("{names}: the reference has no {kind}{fullest}");
                told.push(Beside { says, place: Some(first.span) });
            }
            (None, Some(_)) => told.push(Beside { says: missing(kind, &others), place: None }),
            _ => {}
        }
    }
    told.extend(others(design, reference));
    told.extend(sizes(design, reference, &fullest));
    told
}

/// What others run is there as the task asks for it, be the scale what it may: each does something else, so that one does not stand
/// for two.
fn others(design: &Checked, reference: &Checked) -> Option<Beside> {
    let of_others = |it| of_kinds(it, &[Kind::ThirdParty, Kind::External]);
    let (own, others) = (of_others(design), of_others(reference));
    let title = Kind::ThirdParty.title();
    if own.is_empty() && !others.is_empty() {
        return Some(Beside { says: missing(title, &others), place: None });
    }
    let listed = |it: &[&Component]| figures::listed(&names(it), MOST_NAMES);
    let says = if others.is_empty() {
        format!("{}: the reference has no {title}", listed(&own))
    } else {
        let count = figures::count(own.len(), "third party", "third parties");
        format!("{count}, {}, where the reference has {}: {}", listed(&own), others.len(), listed(&others))
    };
    let is_told = others.is_empty() || own.len() < others.len();
    own.first().filter(|_| is_told).map(|first| Beside { says, place: Some(first.span) })
}

fn of_kinds<'a>(design: &'a Checked, kinds: &[Kind]) -> Vec<&'a Component> {
    design.architecture.components().filter(|it| kinds.contains(&it.kind)).collect()
}

fn names<'a>(components: &[&'a Component]) -> Vec<&'a str> {
    components.iter().map(|it| it.name.as_str()).collect()
}

/// What the reference has, with its reason where it says one.
fn missing(kind: &str, others: &[&Component]) -> String {
    let names = figures::listed(&names(others), MOST_NAMES);
    let reason = others.iter().find_map(|it| it.properties.reason());
    let reason = reason.map(|it| format!(", because \"{it}\"")).unwrap_or_default();
    format!("no {kind}: the reference has {names}{reason}")
}

/// How busy the fullest part of the reference is, to say how little it needs what it has not.
fn fullest(reference: &Checked) -> String {
    let busiest = capacity::busiest(&reference.architecture, &reference.analysis.load);
    let Some(first) = busiest.first() else { return String::new() };
    let name = &reference.architecture.component(first.component).name;
    format!(", and its fullest part, `{name}`, is {} busy at peak", figures::percent(first.share()))
}

/// How many services there are, and how many nodes they run on, where that is of another size.
fn sizes(design: &Checked, reference: &Checked, fullest: &str) -> Vec<Beside> {
    let services = |it: &Checked| of_kinds(it, &[Kind::Service]).len() as u32;
    let nodes = |it: &Checked| -> u32 {
        let compute = it.architecture.components().filter(|it| it.kind.is_compute());
        compute.map(|it| it.least_replicas().unwrap_or(1)).fold(0, u32::saturating_add)
    };
    let one_of = |own: u32, other: u32, what: (&str, &str)| {
        let is_more = own > other.saturating_mul(ANOTHER_SHAPE);
        let is_less = own > 0 && other > own.saturating_mul(ANOTHER_SHAPE);
        let count = |it: u32| figures::count(it as usize, what.0, what.1);
        let reason = if is_more { fullest } else { "" };
        let says = format!("{} where the reference has {other}{reason}", count(own));
        (is_more || is_less).then_some(Beside { says, place: None })
    };
    let services = one_of(services(design), services(reference), ("service", "services"));
    let nodes = one_of(
        nodes(design),
        nodes(reference),
        ("node of services and workers", "nodes of services and workers"),
    );
    services.into_iter().chain(nodes).collect()
}
