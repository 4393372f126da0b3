//! What a box says of its component in small type: what it is, what it is built with, and the two or three
//! figures that a reader looks for first.

use crate::analysis::load::Demand;
use crate::catalogue::{self, Kind};
use crate::model::{Component, Properties, Property, Replicas};
use crate::syntax::ast::Dimension;

/// How many facts stand after the kind and the engine.
const MOST: usize = 3;

/// The kind in capitals, then the facts.
pub(super) fn facts(component: &Component) -> Vec<String> {
    let mut all = vec![component.kind.title().to_uppercase()];
    all.extend(engine(component));
    all.extend(structure(component).into_iter().chain(nature(component)).take(MOST));
    all
}

fn engine(component: &Component) -> Option<String> {
    let titles: Vec<&str> = component
        .engines
        .iter()
        .map(|name| catalogue::engine(name).map_or(name.as_str(), |engine| engine.title))
        .collect();
    (!titles.is_empty()).then(|| titles.join(" or "))
}

/// How many there are, and where.
fn structure(component: &Component) -> Vec<String> {
    let spread = |property, one: &str, many: &str| {
        let (least, most) = component.range(property)?;
        let count = counts(least, most);
        let noun = if count == "1" { one } else { many };
        Some(format!("{count} {noun}"))
    };
    let autoscaled = component.has(Property::Autoscale).then(|| "autoscaled".to_owned());
    [
        replicas(component),
        spread(Property::Shards, "shard", "shards"),
        spread(Property::Zones, "zone", "zones"),
        spread(Property::Regions, "region", "regions"),
        autoscaled,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn replicas(component: &Component) -> Option<String> {
    match component.replicas {
        Replicas::Stated { least, most } => {
            Some(format!("×{}", counts(f64::from(least), most.map_or(f64::INFINITY, f64::from))))
        }
        _ if component.is_managed() => Some("managed".to_owned()),
        _ => None,
    }
}

fn counts(least: f64, most: f64) -> String {
    let (least, highest) = (amount(least), amount(most));
    if least == highest {
        least
    } else if most.is_finite() {
        format!("{least}–{highest}")
    } else {
        format!("{least}+")
    }
}

/// What a reader asks of this kind.
fn nature(component: &Component) -> Vec<String> {
    let told = |property: Property| told(component, property);
    let after = |property, word: &str| told(property).map(|value| format!("{value} {word}"));
    let before = |property, word: &str| told(property).map(|value| format!("{word} {value}"));
    let all = match component.kind {
        Kind::Cache | Kind::Cdn => {
            vec![after(Property::HitRatio, "hit"), before(Property::Ttl, "ttl"), told(Property::Strategy)]
        }
        Kind::Queue | Kind::Stream => {
            vec![
                told(Property::Delivery),
                before(Property::MaxLength, "max"),
                after(Property::Partitions, "partitions"),
            ]
        }
        Kind::Database | Kind::SearchIndex => vec![
            told(Property::Mode),
            before(Property::Failover, "failover"),
            told(Property::Model).filter(|_| component.engines.is_empty()),
            after(Property::Replication, "replication"),
        ],
        Kind::ThirdParty | Kind::External => vec![told(Property::Availability), told(Property::Slo)],
        Kind::Scheduler | Kind::Worker => vec![before(Property::Every, "every"), told(Property::Capacity)],
        _ => vec![told(Property::Capacity), told(Property::Availability)],
    };
    all.into_iter().flatten().collect()
}

/// A stated value in the words of the language; nothing for a bare name or `none`.
fn told(properties: &Properties, property: Property) -> Option<String> {
    if let Some(word) = properties.word(property) {
        return Some(word.replace('_', "-"));
    }
    let figure = properties.figure(property).filter(|figure| figure.is_finite())?;
    let is = |dimension| properties.figure_of(property, dimension).is_some();
    Some(match () {
        () if is(Dimension::Percent) => percent(figure),
        () if is(Dimension::Duration) => duration(figure),
        () if is(Dimension::Rate) => rate(figure),
        () if is(Dimension::Size) => format!("{}B", amount(figure)),
        () if is(Dimension::Throughput) => format!("{}B/s", amount(figure)),
        () => amount(figure),
    })
}

/// A number in three digits with the language's suffixes: `10M`.
fn amount(number: f64) -> String {
    let suffixes = [(1e12, "T"), (1e9, "bn"), (1e6, "M"), (1e3, "k")];
    match suffixes.into_iter().find(|(size, _)| number.abs() >= *size) {
        Some((size, suffix)) => format!("{}{suffix}", digits(number / size)),
        None => digits(number),
    }
}

/// Three significant digits, no zeros at the end.
fn digits(number: f64) -> String {
    let decimals = match number.abs() {
        small if small < 10.0 => 2,
        middle if middle < 100.0 => 1,
        _ => 0,
    };
    trimmed(&format!("{number:.decimals$}"))
}

fn trimmed(number: &str) -> String {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        number.to_owned()
    }
}

/// A rate in the unit that reads best: `2k/s`, `20/day`.
pub(super) fn rate(per_second: f64) -> String {
    const DAY: f64 = 86_400.0;
    if per_second >= 1.0 || per_second == 0.0 {
        format!("{}/s", amount(per_second))
    } else {
        format!("{}/day", amount(per_second * DAY))
    }
}

/// The requests in the busiest hour; at least so many where not all are known.
pub(super) fn carried(demand: &Demand) -> Option<String> {
    let peak = demand.peak.total();
    let least = if demand.is_partial { "≥ " } else { "" };
    (demand.is_reached && peak.is_positive()).then(|| format!("{least}{}", rate(peak.per_second())))
}

/// All digits that are written, for the nines count: `99.95%`.
fn percent(share: f64) -> String {
    format!("{}%", trimmed(&format!("{:.7}", share * 100.0)))
}

fn duration(seconds: f64) -> String {
    const UNITS: [(f64, &str); 8] = [
        (31_536_000.0, "y"),
        (86_400.0, "d"),
        (3600.0, "h"),
        (60.0, "min"),
        (1.0, "s"),
        (1e-3, "ms"),
        (1e-6, "us"),
        (1e-9, "ns"),
    ];
    // The largest unit that leaves a whole number, else the largest that fits at all.
    let whole = |(size, _): &&(f64, &str)| {
        let count = seconds / size;
        count >= 1.0 - 1e-9 && (count - count.round()).abs() < 1e-9 * count
    };
    let (size, unit) = UNITS
        .iter()
        .find(whole)
        .or_else(|| UNITS.iter().find(|(size, _)| seconds >= *size))
        .unwrap_or(&(1.0, "s"));
    format!("{}{unit}", digits(seconds / size))
}
