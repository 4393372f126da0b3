//! What is shown beside the text: what comes in and how busy that makes a component, what its failures cost, and how each
//! flow stands against what is asked of it.

use super::View;
use crate::analysis::availability::{Contribution, Element, FlowAvailability};
use crate::analysis::journey::Journey;
use crate::figures;
use crate::model::{Component, Link};
use crate::report::verdict;
use crate::source::{FileId, Span};

/// What a hint tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What comes in at peak.
    Load,
    /// How busy that makes it.
    Utilisation,
    /// The minutes a month that its failures cost.
    Availability,
}

/// A figure beside a component or a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint {
    /// What it stands beside.
    pub beside: Span,
    /// What it tells of.
    pub about: About,
    /// The figure.
    pub text: String,
    /// The figure as a sentence.
    pub told: String,
}

/// The verdict on a flow, over its declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lens {
    /// What it stands over.
    pub over: Span,
    /// `99.93 % of 99.95 %: 8.6 min a month over`
    pub text: String,
}

/// The hints of what stands between two places of a file, by their places.
pub fn hints(view: &View, file: FileId, from: u32, to: u32) -> Vec<Hint> {
    let architecture = &view.checked.architecture;
    let is_in = |span: Span| span.file == file && from <= span.end && span.start <= to;
    let mut hints = Vec::new();
    for component in architecture.components().filter(|it| is_in(it.span)) {
        of_component(view, component, &mut hints);
    }
    let mut links: Vec<&Link> = architecture.links().filter(|it| is_in(it.statement)).collect();
    links.sort_by_key(|it| it.statement);
    for statement in links.chunk_by(|a, b| a.statement == b.statement) {
        // What a statement of several links carries would take a table.
        if let [only] = statement {
            of_link(view, only, &mut hints);
        }
    }
    hints.sort_by_key(|it| (it.beside, it.about as u8));
    // What a template makes several times stands once in the text.
    let mut counted = hints.chunk_by(|a, b| (a.beside, a.about) == (b.beside, b.about));
    counted.by_ref().filter(|it| it.len() == 1).flatten().cloned().collect()
}

fn of_component(view: &View, component: &Component, hints: &mut Vec<Hint>) {
    let analysis = &view.checked.analysis;
    let name = &component.name;
    let mut hint = |about, text, told| hints.push(Hint { beside: component.span, about, text, told });
    let demand = analysis.load.component(component.id);
    if demand.is_reached && !component.kind.is_outside() {
        let peak = peak(demand.peak.total().per_second(), demand.is_partial);
        let mean = figures::rate(demand.mean.total().per_second());
        hint(About::Load, peak.clone(), format!("`{name}` gets {peak} at peak, {mean} on average"));
    }
    if let Some(used) = analysis.load.utilisation(component).filter(|it| it.share.is_finite()) {
        let share = figures::percent(used.share);
        let (about, of) = if used.is_assumed { ("~", "an assumed capacity") } else { ("", "its capacity") };
        hint(
            About::Utilisation,
            format!("{about}{share} busy"),
            format!("at peak `{name}` uses {share} of {of}"),
        );
    }
    let dearest = costs(view, component).max_by(|(_, _, a), (_, _, b)| a.total_cmp(b));
    if let Some((journey, _, minutes)) = dearest {
        let minutes = figures::minutes(minutes);
        let told = format!("its failures cost `{}` {minutes} a month", journey.name);
        hint(About::Availability, format!("{minutes} down"), told);
    }
}

/// What a component's failures cost each flow that they cost anything, in minutes a month.
pub(super) fn costs<'a>(
    view: &'a View,
    component: &Component,
) -> impl Iterator<Item = (&'a Journey, &'a FlowAvailability, f64)> {
    let element = Element::Component(component.id);
    let judged = view.checked.analysis.judged();
    let costs = judged.filter_map(move |(journey, judged)| {
        Some((journey, judged, judged.contribution(element).map(Contribution::minutes)?))
    });
    costs.filter(|(_, _, minutes)| *minutes > 0.0)
}

fn of_link(view: &View, link: &Link, hints: &mut Vec<Hint>) {
    let demand = view.checked.analysis.load.link(link.id);
    if demand.is_reached {
        let name = view.checked.architecture.link_name(link);
        let text = peak(demand.peak.total().per_second(), demand.is_partial);
        let told = format!("`{name}` carries {text} at peak");
        hints.push(Hint { beside: link.statement, about: About::Load, text, told });
    }
}

fn peak(per_second: f64, is_partial: bool) -> String {
    if is_partial { format!("≥ {}", figures::rate_at_least(per_second)) } else { figures::rate(per_second) }
}

/// The verdicts on the flows of a file: those that are written, and those that separate links of a client are.
pub fn lenses(view: &View, file: FileId) -> Vec<Lens> {
    let architecture = &view.checked.architecture;
    let analysis = &view.checked.analysis;
    let mut lenses = Vec::new();
    for (at, (journey, judged)) in analysis.judged().enumerate() {
        let over = match (journey.flow, journey.first.as_slice()) {
            (Some(flow), _) => architecture.flow(flow).span,
            (None, [first]) => architecture.link(*first).statement,
            (None, _) => journey.span,
        };
        if over.file != file || over.is_empty() {
            continue;
        }
        let is_route = journey.flow.is_none_or(|flow| architecture.flow(flow).name != journey.name);
        let mut text = if is_route { format!("{}: ", journey.name) } else { String::new() };
        text += &verdict::availability(journey, judged);
        if let Some(latency) = verdict::latency(architecture, analysis, at) {
            text += &format!(" · {latency}");
        }
        lenses.push(Lens { over, text });
    }
    lenses.sort_by_key(|it| it.over);
    lenses
}
