//! Whether what is stated can be reckoned with.

use crate::analysis::load::Capacity;
use crate::analysis::storage;
use crate::figures;
use crate::interview::rubric::{Criterion, Evidence};
use crate::interview::subject::Subject;
use crate::model::{Component, Property};

/// A figure of the catalogue is half of one that is stated: it is known, and not of this system.
const ASSUMED: f64 = 0.5;

/// Whether what comes to each part is known.
pub(in crate::interview) fn load(_: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let load = &subject.analysis.load;
    let reached: Vec<&Component> = subject.reached().collect();
    if reached.is_empty() {
        return Vec::new();
    }
    let (known, open): (Vec<&Component>, Vec<&Component>) =
        reached.iter().partition(|it| load.component(it.id).is_known());
    let mut evidence = Vec::new();
    if let Some(busiest) = known.iter().max_by(|one, other| {
        let peak = |it: &Component| load.component(it.id).peak.total().per_second();
        peak(one).total_cmp(&peak(other))
    }) {
        let peak = load.component(busiest.id).peak.total();
        let says = format!(
            "what comes to {} is known; most to `{}`, {peak} at peak",
            of(known.len(), reached.len()),
            busiest.name
        );
        evidence.push(Evidence::there(says, Some(busiest.span)));
    }
    if let Some(first) = open.first() {
        let cost = open.len() as f64 / reached.len() as f64;
        let says = format!("how much comes to {} is not known", listed(&open));
        evidence.push(Evidence::missing(
            cost,
            says,
            Some(first.span),
            "state what one user does (`per_user`), or a `rate` on each flow that leads there",
        ));
    }
    evidence
}

/// Whether the busiest hour is stated.
pub(in crate::interview) fn peak(_: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let mut arrivals =
        subject.analysis.load.arrivals.iter().flatten().filter(|it| it.mean.total().is_positive()).peekable();
    if arrivals.peek().is_none() {
        return Vec::new();
    }
    let stated = subject.stated(&[Property::PeakFactor, Property::Peak]).map(|(_, place)| place);
    let assumed = arrivals.find(|it| it.is_peak_assumed);
    match assumed {
        Some(it) => vec![Evidence::missing(
            ASSUMED,
            format!(
                "the peak is taken as {} times the mean, which nobody states",
                figures::number(it.peak_factor)
            ),
            None,
            "state `peak_factor`, or a `peak` on each flow",
        )],
        None => vec![Evidence::there("the peak is stated", stated)],
    }
}

/// Whether what one node of each part carries is stated.
pub(in crate::interview) fn capacity(_: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let load = &subject.analysis.load;
    let loaded: Vec<&Component> =
        subject.reached().filter(|it| load.component(it.id).is_known() && !it.is_managed()).collect();
    if loaded.is_empty() {
        return Vec::new();
    }
    let all = loaded.len() as f64;
    let of_capacity = |wanted: fn(Option<Capacity>) -> bool| -> Vec<&Component> {
        loaded.iter().copied().filter(|it| wanted(Capacity::of(it))).collect()
    };
    let stated = of_capacity(|it| it.is_some_and(|it| !it.is_assumed));
    let assumed = of_capacity(|it| it.is_some_and(|it| it.is_assumed));
    let unknown = of_capacity(|it| it.is_none());
    let mut evidence = Vec::new();
    if let Some(first) = stated.first() {
        let says = format!("what a node of {} carries is stated", of(stated.len(), loaded.len()));
        evidence.push(Evidence::there(says, Some(first.span)));
    }
    for (open, each, told) in [(assumed, ASSUMED, "is assumed"), (unknown, 1.0, "is not known")] {
        let Some(first) = open.first() else { continue };
        let says = format!("what a node of {} carries {told}", listed(&open));
        let cost = each * open.len() as f64 / all;
        evidence.push(Evidence::missing(
            cost,
            says,
            Some(first.span),
            "measure it, and state its `capacity`",
        ));
    }
    evidence
}

/// Whether how much is kept, and until when it fits, can be reckoned.
pub(in crate::interview) fn storage(_: &Criterion, subject: &Subject) -> Vec<Evidence> {
    let load = &subject.analysis.load;
    let known = storage::data(subject.architecture, load);
    let is_written = |it: &&Component| it.kind.is_store() && load.component(it.id).peak.writes.is_positive();
    let stores: Vec<&Component> = subject.reached().filter(is_written).collect();
    if stores.is_empty() || subject.is_small() {
        return Vec::new();
    }
    let data = |it: &Component| known[it.id.0 as usize].as_ref();
    let (told, open): (Vec<&Component>, Vec<&Component>) = stores.iter().partition(|it| data(it).is_some());
    let mut evidence = Vec::new();
    let sized = told.iter().filter_map(|it| Some((*it, data(it)?.total()?)));
    if let Some((largest, size)) = sized.max_by(|one, other| one.1.bytes().total_cmp(&other.1.bytes())) {
        let says = format!(
            "what is kept in {} is known; `{}` comes to {size}",
            of(told.len(), stores.len()),
            largest.name
        );
        evidence.push(Evidence::there(says, Some(largest.span)));
    } else if let Some(first) = told.first() {
        evidence.push(Evidence::there(
            format!("what is kept in {} is known", of(told.len(), stores.len())),
            Some(first.span),
        ));
    }
    if let Some(first) = open.first() {
        let cost = open.len() as f64 / stores.len() as f64;
        let says = format!("how much will be held in {} is not known", listed(&open));
        let remedy = "state on each what one record takes (`record_size`) and how long it is kept (`retention`), or its `storage`";
        evidence.push(Evidence::missing(cost, says, Some(first.span), remedy));
    }
    evidence
}

/// `3 of 5 parts`, `all 5 parts`.
fn of(some: usize, all: usize) -> String {
    match all {
        1 => "the one part".to_owned(),
        2 if some == all => "both parts".to_owned(),
        _ if some == all => format!("all {all} parts"),
        _ => format!("{some} of {all} parts"),
    }
}

/// All of them: each is something to do.
fn listed(components: &[&Component]) -> String {
    let names: Vec<&str> = components.iter().map(|it| it.name.as_str()).collect();
    figures::listed(&names, names.len())
}
