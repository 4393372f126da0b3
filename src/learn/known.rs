//! What the formulas of a page can ask: closed forms of the analyses, rows of the catalogue, and what a design of the page
//! comes to.

use super::figure::{Figure, Measure};
use super::formula::Argument::{self, Figure as Of, Word};
use crate::analysis::availability::FlowAvailability;
use crate::analysis::backlog;
use crate::analysis::failover::budget_seconds;
use crate::analysis::journey::Journey;
use crate::analysis::latency::Latency;
use crate::analysis::queueing::{self, Line};
use crate::analysis::reliability::{
    Availability, at_least_of, majority, replicated, switch_unavailability, switched,
};
use crate::analysis::resources::{Flowing, Payloads, sum};
use crate::analysis::{retries, storage};
use crate::catalogue::{self, Fact, Kind, Unit};
use crate::check::Checked;
use crate::diagnostic::Severity;
use crate::model::property::{Statement, Value};
use crate::model::{Component, Property};
use crate::quantity::{Duration, Rate};

/// The designs of a page, checked, by name.
pub(super) type Designs = Vec<(String, Checked)>;

type Told = Result<Figure, String>;

/// What a function of this name says; `before.availability` asks the design that is called so, and without its name the
/// last one is asked.
pub(super) fn call(name: &str, arguments: &[Argument], designs: &Designs) -> Told {
    let (design, what) = match name.split_once('.') {
        Some((design, what)) => (designs.iter().find(|(it, _)| it == design), what),
        None => (designs.last(), name),
    };
    let of_design = || design.and_then(|(_, checked)| of_design(what, arguments, checked));
    let unknown = || format!("nothing is known of `{name}` with {arguments:?}");
    closed(name, arguments).or_else(|| of_catalogue(name, arguments)).or_else(of_design).ok_or_else(unknown)
}

fn number(value: f64) -> Figure {
    Figure::new(value, Measure::Number)
}

fn percent(value: f64) -> Figure {
    Figure::new(value, Measure::Percent)
}

fn up(value: f64) -> Figure {
    Figure::new(value, Measure::Availability)
}

fn minutes(value: f64) -> Figure {
    Figure::new(value * 60.0, Measure::Minutes)
}

fn time(duration: Duration) -> Figure {
    Figure::new(duration.seconds(), Measure::Duration)
}

fn rate(rate: Rate) -> Figure {
    Figure::new(rate.per_second(), Measure::Rate)
}

/// A figure that follows from others alone.
fn closed(name: &str, arguments: &[Argument]) -> Option<Figure> {
    let figures: Vec<Figure> = arguments.iter().filter_map(figure).collect();
    if figures.len() < arguments.len() {
        return None;
    }
    let values: Vec<f64> = figures.iter().map(|it| it.value).collect();
    of_numbers(name, &values)
        .or_else(|| of_redundancy(name, &values))
        .or_else(|| of_waiting(name, &values))
        .or_else(|| of_queues(name, &values))
}

fn figure(argument: &Argument) -> Option<Figure> {
    match argument {
        Of(figure) => Some(*figure),
        Word(_) => None,
    }
}

/// The same figure read otherwise, and plain arithmetic.
fn of_numbers(name: &str, values: &[f64]) -> Option<Figure> {
    Some(match (name, values) {
        ("percent", [it]) => percent(*it),
        ("time", [it]) => time(Duration::new(*it)),
        // What a division leaves of a whole number is a rounding.
        ("rounded_up", [it]) => number((it - 1e-9).ceil()),
        ("rounded_down", [it]) => number((it + 1e-9).floor()),
        ("power", [it, times]) => number(it.powf(*times)),
        ("log", [it, base]) => number(it.ln() / base.ln()),
        _ => return None,
    })
}

fn of_redundancy(name: &str, values: &[f64]) -> Option<Figure> {
    let whole = |it: f64| it as u32;
    Some(match (name, values) {
        ("budget", [promise]) => minutes(budget_seconds(*promise) / 60.0),
        ("series", all) => up(all.iter().product()),
        ("at_least", [needs, of, up_each]) => up(at_least_of(whole(*of), whole(*needs), 1.0 - up_each)),
        ("replicated", [of, up_each, shared]) => up(replicated(1.0 - up_each, whole(*of), 1, *shared)),
        ("majority", [of]) => number(majority(whole(*of)).into()),
        ("switch", [fails, takes, repair]) => percent(switch_unavailability(*fails, *takes, *repair)),
        ("switched", [up_each, switch]) => up(switched(1.0 - up_each, 1.0 - up_each, *switch)),
        _ => return None,
    })
}

fn of_waiting(name: &str, values: &[f64]) -> Option<Figure> {
    let line = |service: f64, servers: f64, utilisation: f64| Line {
        servers,
        service: Duration::new(service),
        utilisation,
    };
    Some(match (name, values) {
        ("in_flight", [rate, time]) => number(queueing::in_flight(Rate::new(*rate), Duration::new(*time))),
        ("response", [service, busy]) => time(queueing::response(Duration::new(*service), *busy)),
        ("wait", [service, servers, busy]) => time(line(*service, *servers, *busy).mean_wait()),
        ("attempts", [failing, most]) => number(retries::attempts_made(*failing, *most)),
        ("amplification", all) => number(retries::amplification(all.iter().copied())),
        _ => return None,
    })
}

fn of_queues(name: &str, values: &[f64]) -> Option<Figure> {
    let (a_rate, a_time) = (|it: f64| Rate::new(it), |it: f64| Duration::new(it));
    Some(match (name, values) {
        ("fills_in", [room, come, go]) => time(backlog::time_to_fill(*room, a_rate(*come), a_rate(*go))?),
        ("left", [come, outage]) => number(backlog::left_by_outage(a_rate(*come), a_time(*outage))),
        ("drains_in", [come, go, outage]) => {
            time(backlog::time_to_drain(a_rate(*come), a_rate(*go), a_time(*outage))?)
        }
        ("waited", [before, go]) => time(backlog::waited(*before, a_rate(*go))),
        ("pace", [come, outage, within]) => {
            rate(backlog::capacity_to_drain(a_rate(*come), a_time(*outage), a_time(*within)))
        }
        _ => return None,
    })
}

/// A row of the catalogue.
fn of_catalogue(name: &str, arguments: &[Argument]) -> Option<Figure> {
    let fact = match (name, arguments) {
        ("engine", [Word(engine), Word(what)]) => catalogue::engine(engine)?.facts.figure(what)?,
        ("kind", [Word(kind), Word(what)]) => Kind::parse(kind)?.facts().figure(what)?,
        ("parameter", [Word(parameter)]) => catalogue::parameter(parameter)?.default,
        ("way", [Word(one), Word(other)]) => catalogue::way_between(one, other)?,
        _ => return None,
    };
    Some(of_fact(fact))
}

fn of_fact(fact: Fact) -> Figure {
    let measure = match fact.unit {
        Unit::Share if fact.value > 0.9 => Measure::Availability,
        Unit::Share => Measure::Percent,
        Unit::Seconds => Measure::Duration,
        Unit::Bytes => Measure::Size,
        Unit::PerSecond => Measure::Rate,
        Unit::BytesPerSecond => Measure::Throughput,
        Unit::Count => Measure::Number,
    };
    Figure::new(fact.value, measure)
}

/// What a design comes to.
fn of_design(name: &str, arguments: &[Argument], design: &Checked) -> Option<Figure> {
    let words: Vec<&str> = arguments.iter().filter_map(word).collect();
    match words[..] {
        _ if words.len() < arguments.len() => None,
        [flow, element] if name == "costs" => costs(design, flow, element),
        [store, cache] if name == "cold" => cold(design, store, cache),
        [element, what] if name == "stated" => stated(design, element, what),
        [level] if name == "findings" => Some(findings(design, level)),
        [it] => of_flow(name, design, it).or_else(|| of_component(name, design, it)),
        _ => None,
    }
}

fn word<'a>(argument: &Argument<'a>) -> Option<&'a str> {
    match argument {
        Word(word) => Some(word),
        Of(_) => None,
    }
}

fn exact(availability: Availability) -> Option<f64> {
    match availability {
        Availability::Exact(value) => Some(value),
        Availability::Bounds { .. } => None,
    }
}

/// A flow as it is judged, with its place.
fn flow<'a>(design: &'a Checked, name: &str) -> Option<(usize, &'a Journey, &'a FlowAvailability)> {
    let is_it = |(_, (journey, _)): &(usize, (&Journey, &FlowAvailability))| journey.name == name;
    design.analysis.judged().enumerate().find(is_it).map(|(at, (journey, judged))| (at, journey, judged))
}

fn of_flow(name: &str, design: &Checked, called: &str) -> Option<Figure> {
    let (at, journey, judged) = flow(design, called)?;
    let (architecture, analysis) = (&design.architecture, &design.analysis);
    let known = |latency: &Latency, of: fn(&Latency) -> Duration| {
        let is_known = !latency.is_lower_bound() && latency.saturated.is_empty();
        is_known.then(|| time(of(latency)))
    };
    let answered = |of| known(analysis.latency(architecture, at), of);
    let arrivals = || analysis.load.arrivals[journey.base];
    match name {
        "availability" => exact(judged.low).map(up),
        "downtime" => exact(judged.low).map(|it| minutes(budget_seconds(it) / 60.0)),
        "p50" => answered(|it| it.median),
        "p99" => answered(|it| it.least),
        "mean" => arrivals().map(|it| rate(it.mean.total())),
        "peak" => arrivals().map(|it| rate(it.peak().total())),
        _ => None,
    }
}

/// What an element costs a flow.
fn costs(design: &Checked, called: &str, element: &str) -> Option<Figure> {
    let (_, _, judged) = flow(design, called)?;
    let is_it =
        |it: &&crate::analysis::availability::Contribution| it.element.name(&design.architecture) == element;
    judged.contributions.iter().find(is_it).map(|it| minutes(it.minutes()))
}

fn component<'a>(design: &'a Checked, name: &str) -> Option<&'a Component> {
    design.architecture.components().find(|it| it.name == name)
}

fn of_component(name: &str, design: &Checked, called: &str) -> Option<Figure> {
    let it = component(design, called)?;
    let (architecture, load) = (&design.architecture, &design.analysis.load);
    let demand = load.component(it.id);
    let feed = || {
        let backlogs = design.analysis.backlogs(architecture);
        let feeds = |backlog| {
            let backlog: &'_ backlog::Backlog = backlog;
            backlog.feeds.iter().find(|feed| feed.queue == it.id).map(|feed| (backlog, feed))
        };
        backlogs.all.iter().find_map(feeds)
    };
    match name {
        "mean" => Some(rate(demand.mean.total())),
        "peak" => Some(rate(demand.peak.total())),
        "reads" => Some(rate(demand.mean.reads)),
        "writes" => Some(rate(demand.mean.writes)),
        "peak_reads" => Some(rate(demand.peak.reads)),
        "peak_writes" => Some(rate(demand.peak.writes)),
        "used" => load.utilisation(it).map(|it| percent(it.share)),
        "waits" => design.analysis.waiting(architecture, it.id).map(|it| time(it.line.mean_wait())),
        "holds" => storage::per_node(architecture, load)[it.id.0 as usize].map(|it| of_size(it.bytes())),
        "sends" => {
            let sent = sum(&Flowing::of(architecture, load, &Payloads::of(architecture), it).sent);
            Some(Figure::new(sent.bytes_per_second(), Measure::Throughput))
        }
        "fills" => feed().and_then(|(backlog, feed)| backlog.time_to_fill(architecture, feed)).map(time),
        "drains" => {
            let (backlog, _) = feed()?;
            backlog.time_to_drain(architecture, backlog.outage(architecture).0).map(time)
        }
        _ => None,
    }
}

fn of_size(bytes: f64) -> Figure {
    Figure::new(bytes, Measure::Size)
}

/// How busy a store would be without its cache.
fn cold(design: &Checked, store: &str, cache: &str) -> Option<Figure> {
    let (store, cache) = (component(design, store)?, component(design, cache)?);
    design.analysis.load.utilisation_without(store, cache.id).map(|it| percent(it.share))
}

/// A figure that the design states, so that the text says it no second time: of a component, a flow, or `system`.
fn stated(design: &Checked, element: &str, what: &str) -> Option<Figure> {
    let property = Property::parse(what)?;
    let architecture = &design.architecture;
    let of_flow = || architecture.flows().find(|it| it.name == element).map(|it| &it.properties);
    let of_system = || (element == "system").then_some(&architecture.system.properties);
    let properties =
        component(design, element).map(|it| &it.properties).or_else(of_flow).or_else(of_system)?;
    let Statement::Value(Value::Figure { low, dimension, .. }) = &properties.entry(property)?.statement
    else {
        return None;
    };
    let measure = match Measure::of(*dimension)? {
        Measure::Percent if property == Property::Availability => Measure::Availability,
        other => other,
    };
    Some(Figure::new(*low, measure))
}

/// How many findings of a level a design has.
fn findings(design: &Checked, level: &str) -> Figure {
    let is_it = |severity: Severity| severity.name() == level;
    let count = design.diagnostics.iter().filter(|it| is_it(it.severity)).count();
    number(count as f64)
}
