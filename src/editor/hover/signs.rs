//! What is said of what is no word: of an arrow the link, of a label what bears it, of a count what it buys, of a tag who
//! bears it.

use super::{Hover, demand, headed, table};
use crate::analysis::availability::Scenario;
use crate::analysis::availability::unit::{Unit, UnitKind};
use crate::analysis::capacity::Busy;
use crate::analysis::latency::{Figure, What};
use crate::analysis::retries;
use crate::analysis::trust::Encryption;
use crate::analysis::waiting::{self, Patience};
use crate::editor::symbols::Thing;
use crate::editor::{Subject, View, touches};
use crate::figures;
use crate::model::{Component, Entity, Link, Property, Replicas};
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, Arrow, Hop, Item, Statement, Tail, Targets};

/// So many links of one arrow, or bearers of one tag, are named.
const MOST: usize = 8;

/// What is said of the sign at a place of a file.
pub(super) fn of_sign(view: &View, file: FileId, at: u32) -> Option<Hover> {
    let statement = view.tree(file).iter().find(|it| touches(it.span(), file, at))?;
    let is_here = |span: Span| touches(span, file, at);
    match statement {
        Statement::Element(it) => of_element(view, it, &is_here),
        Statement::Template(it) => of_items(view, &it.tail, &is_here),
        Statement::Link(it) => of_link_statement(view, it, &is_here),
        Statement::Flow(it) => of_flow(view, it, &is_here),
        _ => None,
    }
}

fn of_element(view: &View, element: &ast::Element, is_here: &impl Fn(Span) -> bool) -> Option<Hover> {
    let tail = &element.tail;
    let name = element.names.first().unwrap_or(&element.kind).span;
    if let Some(label) = tail.label.as_ref().filter(|it| is_here(it.span)) {
        return Some(Hover { span: label.span, text: super::of_thing(view, view.symbols().thing(name)?) });
    }
    if let Some(count) = tail.count.filter(|it| is_here(it.span)) {
        return Some(Hover { span: count.span, text: of_count(view, component_at(view, name)?)? });
    }
    of_items(view, tail, is_here)
}

fn of_items(view: &View, tail: &Tail, is_here: &impl Fn(Span) -> bool) -> Option<Hover> {
    tail.body.iter().flat_map(|it| &it.items).find_map(|it| match it {
        Item::Link(it) if is_here(it.span) => of_link_statement(view, it, is_here),
        Item::Element(it) if is_here(it.span) => of_element(view, it, is_here),
        _ => None,
    })
}

fn component_at<'a>(view: &View<'a>, declared: Span) -> Option<&'a Component> {
    match view.symbols().thing(declared)? {
        Thing::Element(Entity::Component(id)) => Some(view.checked.architecture.component(id)),
        _ => None,
    }
}

// ---- arrows

fn of_link_statement(view: &View, written: &ast::Link, is_here: &impl Fn(Span) -> bool) -> Option<Hover> {
    let made = view.checked.architecture.links().filter(|it| it.statement == written.span);
    if let Some(label) = written.label.as_ref().filter(|it| is_here(it.span)) {
        return Some(Hover { span: label.span, text: of_links(view, &made.collect::<Vec<_>>())? });
    }
    let hop = written.hops.iter().find(|it| is_here(it.arrow_span))?;
    let to = hop.to.span();
    let made = made.filter(|it| to.start <= it.span.start && it.span.end <= to.end);
    Some(Hover { span: hop.arrow_span, text: of_links(view, &made.collect::<Vec<_>>())? })
}

fn of_flow(view: &View, flow: &ast::Flow, is_here: &impl Fn(Span) -> bool) -> Option<Hover> {
    if let Some(label) = flow.label.as_ref().filter(|it| is_here(it.span)) {
        return Some(Hover {
            span: label.span,
            text: super::of_thing(view, view.symbols().thing(flow.name.span)?),
        });
    }
    let chain = flow.chains.iter().find(|it| is_here(it.span))?;
    let froms = std::iter::once(&chain.from).chain(chain.hops.iter().map(|it| &it.to));
    let (from, hop): (&Targets, &Hop) = froms.zip(&chain.hops).find(|(_, it)| is_here(it.arrow_span))?;
    let (sources, targets) = (named(view, from.span()), named(view, hop.to.span()));
    let architecture = &view.checked.architecture;
    let links: Vec<&Link> = sources
        .iter()
        .flat_map(|it| architecture.links_from(it.id))
        .filter(|it| it.is_async() == (hop.arrow == Arrow::Async))
        .filter(|it| targets.iter().any(|target| target.id == it.target))
        .collect();
    Some(Hover { span: hop.arrow_span, text: of_links(view, &links)? })
}

/// The components that are named in a stretch of text.
fn named<'a>(view: &View<'a>, within: Span) -> Vec<&'a Component> {
    let mentions = view.symbols().in_file(within.file);
    let inside = mentions.iter().filter(|it| within.start <= it.span.start && it.span.end <= within.end);
    let declared = inside.filter_map(|it| match it.subject {
        Subject::Declared(declared) => component_at(view, declared),
        Subject::Tag(_) => None,
    });
    declared.collect()
}

fn of_links(view: &View, links: &[&Link]) -> Option<String> {
    let architecture = &view.checked.architecture;
    match links {
        [] => None,
        [only] => Some(of_link(view, only)),
        [first, ..] => {
            let waits = if first.is_async() { "nobody waits for them" } else { "each is waited for" };
            let load = |link: &Link| {
                let load = demand(view.checked.analysis.load.link(link.id));
                let load = load.unwrap_or_else(|| "load unknown".to_owned());
                if first.is_async() { load } else { format!("{load}; timeout: {}", patience(view, link)) }
            };
            let rows: Vec<(String, String)> = links
                .iter()
                .take(MOST)
                .map(|it| (format!("`{}`", architecture.link_name(it)), load(it)))
                .collect();
            let rows = rows.iter().map(|(name, told)| (name.as_str(), Some(told.clone()))).collect();
            let more = links.len().saturating_sub(MOST);
            let more = if more == 0 { String::new() } else { format!("\n\nAnd {more} more.") };
            Some(format!("**{} links**: {waits}{}{more}", links.len(), table(rows)))
        }
    }
}

fn of_link(view: &View, link: &Link) -> String {
    let (architecture, analysis) = (&view.checked.architecture, &view.checked.analysis);
    let what = if link.copies_data() {
        "copies data"
    } else if link.is_async() {
        "hands on, and nobody waits"
    } else {
        "calls, and waits for the answer"
    };
    let retries = retries::nearest(architecture, link, Property::Retries)
        .filter(|it| it.has(Property::Retries))
        .map(|it| match it.figure(Property::Retries) {
            Some(retries) => format!("{} at most", figures::number(retries)),
            None => "some, how many is not stated".to_owned(),
        });
    let carried = analysis.trust.carried(link);
    let data = (!carried.classes.is_empty()).then(|| carried.classes.to_string());
    headed(&architecture.link_name(link), what, link.label.as_deref())
        + &table(vec![
            ("load", demand(analysis.load.link(link.id))),
            ("spoken", Some(spoken(view, link))),
            ("there and back", trip(view, link).map(times)),
            ("timeout", (!link.is_async() && !link.copies_data()).then(|| patience(view, link))),
            ("retries", retries),
            ("carries", data),
        ])
}

/// The protocols, and whether they can be read on the way.
fn spoken(view: &View, link: &Link) -> String {
    let names: Vec<&str> = link.protocols.iter().map(|it| it.text.as_str()).collect();
    let spoken = if names.is_empty() { "unstated".to_owned() } else { figures::listed(&names, MOST) };
    let encrypted = match view.checked.analysis.trust.encryption(link) {
        Encryption::Encrypted => "encrypted",
        Encryption::Both => "encrypted or in the clear",
        Encryption::Local => "on one machine",
        Encryption::Plain => "in the clear",
        Encryption::Provided => "encrypted if the provider is left to it",
        Encryption::Unstated => "encryption unstated",
    };
    format!("{spoken}; {encrypted}")
}

/// What ends the wait.
fn patience(view: &View, link: &Link) -> String {
    let architecture = &view.checked.architecture;
    let (source, target) = architecture.ends(link);
    let figure = || {
        [&link.properties, &source.properties, &target.properties]
            .into_iter()
            .find(|it| it.is_stated(Property::Timeout))
            .and_then(|it| it.duration(Property::Timeout))
    };
    match waiting::patience(architecture, link) {
        Patience::Stated => figure().map_or("stated, without its figure".to_owned(), |it| format!("{it}")),
        Patience::Endless => "none: it waits for ever".to_owned(),
        Patience::ByDefault => format!("the default of `{}`", source.name),
        Patience::Unstated => "unstated".to_owned(),
    }
}

/// How long the way takes, as the journeys that go it reckon.
fn trip(view: &View, link: &Link) -> Option<Figure> {
    let (architecture, analysis) = (&view.checked.architecture, &view.checked.analysis);
    (0..analysis.journeys.len()).find_map(|at| {
        let latency = analysis.latency(architecture, at);
        latency.steps.iter().find(|it| it.what == What::Trip(link.id)).map(|it| it.each)
    })
}

fn times(each: Figure) -> String {
    let (median, tail) = (each.median, each.tail);
    if median == tail {
        median.to_string()
    } else {
        format!("{median} half of the time, {tail} one time in a hundred")
    }
}

// ---- counts

/// What several nodes buy: how available they are together, and how much of them is used.
fn of_count(view: &View, component: &Component) -> Option<String> {
    let (architecture, analysis) = (&view.checked.architecture, &view.checked.analysis);
    let Replicas::Stated { least, most } = component.replicas else { return None };
    let unit = Unit::of(architecture, &analysis.load, component, &Scenario::as_is(), true, false);
    let available = match unit.kind {
        UnitKind::Nodes(nodes) => {
            let one = figures::availability(1.0 - nodes.u);
            let assumed = if unit.assumed.is_some() { ", assumed" } else { "" };
            let together = figures::availability(nodes.up());
            Some(format!(
                "{together} together, {one} each{assumed}, {} of {} needed",
                nodes.needs, nodes.count
            ))
        }
        _ => None,
    };
    let busy = Busy::of(&analysis.load, component);
    let used = busy.as_ref().map(|it| {
        let assumed = if it.capacity.is_assumed { " of an assumed capacity" } else { "" };
        let spare = figures::number(it.headroom());
        format!("{}{assumed} at peak: full at {spare} times the load", figures::percent(it.share()))
    });
    let without = busy.as_ref().and_then(|it| it.without_replica(component));
    let what = if most == Some(least) { ("node", "nodes") } else { ("node or more", "nodes or more") };
    let what = figures::count(least as usize, what.0, what.1);
    Some(
        headed(&component.name, &what, None)
            + &table(vec![
                ("available", available),
                ("used", used),
                ("with one gone", without.map(|it| format!("{} at peak", figures::percent(it)))),
            ]),
    )
}

// ---- tags

/// Who bears a tag.
pub(super) fn of_tag(view: &View, tag: &str) -> String {
    let architecture = &view.checked.architecture;
    let components = architecture.components().filter(|it| it.tags.iter().any(|it| it == tag));
    let bearers: Vec<&str> = components.map(|it| it.name.as_str()).collect();
    let borne = if bearers.is_empty() {
        "no component bears it".to_owned()
    } else {
        format!("borne by {}", figures::listed(&bearers, MOST))
    };
    format!("**#{tag}**: a tag, {borne}\n\n`allow` and `constraint` may name all of them by it.")
}
