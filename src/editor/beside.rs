//! What is shown beside the text: what comes in and how busy that makes a component, what its failures cost, and how each
//! flow stands against what is asked of it.

use super::View;
use crate::analysis::availability::{Contribution, Element, FlowAvailability};
use crate::analysis::journey::Journey;
use crate::figures;
use crate::model::{Component, ComponentId, Link};
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

/// The hints of what stands between two places of a file, by their places: those that are wanted.
pub fn hints(view: &View, file: FileId, from: u32, to: u32, is_wanted: impl Fn(About) -> bool) -> Vec<Hint> {
    let architecture = &view.checked.architecture;
    let is_in = |span: Span| span.file == file && from <= span.end && span.start <= to;
    let text = view.file(file);
    let line = |span: Span| text.position(span.start).line;
    let mut found: Vec<Named> = Vec::new();
    let components: Vec<&Component> = architecture.components().filter(|it| is_in(it.span)).collect();
    for declared in components.chunk_by(|a, b| a.declaration == b.declaration) {
        for component in declared {
            let hints = of_component(view, component);
            found.extend(hints.into_iter().map(|it| Named::new(&component.name, declared.len() > 1, it)));
        }
    }
    let mut links: Vec<&Link> = architecture.links().filter(|it| is_in(it.statement)).collect();
    links.sort_by_key(|it| (it.statement, it.span));
    for statement in links.chunk_by(|a, b| a.statement == b.statement) {
        let targets: Vec<&[&Link]> = statement.chunk_by(|a, b| a.span == b.span).collect();
        // More than a line holds would take a table.
        if targets.len() <= MOST_TARGETS {
            let told = targets.iter().filter_map(|it| of_links(view, it));
            let beside =
                |it: &Hint| targets.iter().filter(|links| line(links[0].span) == line(it.beside)).count();
            let name = |id| architecture.component(id).name.as_str();
            found.extend(told.map(|(target, it)| Named::new(name(target), beside(&it) > 1, it)));
        }
    }
    found.retain(|it| is_wanted(it.hint.about));
    found.sort_by_key(|it| (it.hint.beside, it.hint.about as u8));
    // What a template makes several times stands once in the text.
    let counted = found.chunk_by(|a, b| (a.hint.beside, a.hint.about) == (b.hint.beside, b.hint.about));
    let mut once: Vec<Named> = counted.filter(|it| it.len() == 1).flatten().cloned().collect();
    // What stands in one line with others is told apart by its name.
    for row in once.chunk_by_mut(|a, b| line(a.hint.beside) == line(b.hint.beside)) {
        let is_shared = row.iter().any(|it| it.shares || it.hint.beside != row[0].hint.beside);
        for of_one in row.chunk_by_mut(|a, b| a.hint.beside == b.hint.beside).filter(|_| is_shared) {
            let Named { name, hint, .. } = &mut of_one[0];
            hint.text = format!("{name}: {}", hint.text);
        }
    }
    once.into_iter().map(|it| it.hint).collect()
}

/// A hint with the name of what it is about.
#[derive(Clone)]
struct Named<'a> {
    name: &'a str,
    /// Whether its statement has others, though nothing may be known of them.
    shares: bool,
    hint: Hint,
}

impl<'a> Named<'a> {
    fn new(name: &'a str, shares: bool, hint: Hint) -> Self {
        Self { name, shares, hint }
    }
}

/// So many targets of a statement have the figures of their links beside it.
const MOST_TARGETS: usize = 6;

fn of_component(view: &View, component: &Component) -> Vec<Hint> {
    let mut hints = Vec::new();
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
    hints
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

/// What comes to one target over the links of a statement, and that target.
fn of_links(view: &View, links: &[&Link]) -> Option<(ComponentId, Hint)> {
    let first = links.first()?;
    let demands = || links.iter().map(|it| (*it, view.checked.analysis.load.link(it.id)));
    if !demands().any(|(_, it)| it.is_reached) {
        return None;
    }
    let is_partial = demands().any(|(_, it)| it.is_partial || !it.is_reached);
    let text = peak(demands().map(|(_, it)| it.peak.total().per_second()).sum(), is_partial);
    let told = demands().map(|(link, it)| {
        let name = view.checked.architecture.link_name(link);
        if it.is_reached {
            format!("`{name}` carries {} at peak", peak(it.peak.total().per_second(), it.is_partial))
        } else {
            format!("what `{name}` carries is unknown")
        }
    });
    let told = told.collect::<Vec<_>>().join("; ");
    // A chain may go over several lines: each target has its own.
    let beside = if first.span.file == first.statement.file { first.span } else { first.statement };
    Some((first.target, Hint { beside, about: About::Load, text, told }))
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
