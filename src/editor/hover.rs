//! What is said of the word under the cursor: what it means, what the catalogue knows of it, and what was computed of
//! what it names.

mod signs;

use std::fmt::Write as _;

use super::symbols::{Mention, Subject, Thing};
use super::words::{self, Role};
use super::{View, beside, touches};
use crate::analysis::availability::{Contribution, FlowAvailability, MONTH_MINUTES};
use crate::analysis::load::Demand;
use crate::analysis::storage;
use crate::catalogue::{self, Confidence, Encryption, Facts, Kind};
use crate::figures;
use crate::model::property::Form;
use crate::model::{
    Architecture, Component, Entity, Flow, FlowId, Group, GroupId, GroupKind, Property, Replicas, Template,
    word,
};
use crate::quantity::Duration;
use crate::report::{docs, verdict};
use crate::rules::{self, Rule};
use crate::source::{FileId, Span};
use crate::syntax::ast::{Dimension, Quantity};

/// What is said of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The word.
    pub span: Span,
    /// Markdown.
    pub text: String,
}

/// What is said at a place of a file: of the word, by the first of the designs that the file belongs to; and of the rules
/// that find something there, by all of them.
pub fn hover(designs: &[&View], name: &str, at: u32) -> Option<Hover> {
    let view = designs.first()?;
    let file = view.file_named(name)?;
    let word = of_word(view, file, at);
    let rules = found_at(designs, name, at);
    let span = word.as_ref().map(|it| it.span).or(rules.first().map(|(span, _)| Span { file, ..*span }))?;
    let mut parts: Vec<String> = word.into_iter().map(|it| it.text).collect();
    if designs.len() > 1 && view.symbols().at(file, at).is_some() {
        let whole = view.checked.sources.iter().next().map_or("", |(_, it)| it.name.as_str());
        let whole = whole.rsplit(['/', '\\']).next().unwrap_or(whole);
        parts.push(format!("As in `{whole}`, one of {} designs that this file is a part of.", designs.len()));
    }
    parts.extend(rules.iter().map(|(_, rule)| card(rule)));
    Some(Hover { span, text: parts.join("\n\n---\n\n") })
}

/// The rules that find something at a place, each once.
fn found_at(designs: &[&View], name: &str, at: u32) -> Vec<(Span, &'static Rule)> {
    let mut found: Vec<(Span, &Rule)> = Vec::new();
    for view in designs {
        let Some(file) = view.file_named(name) else { continue };
        for finding in view.checked.diagnostics.iter().filter(|it| touches(it.span(), file, at)) {
            if let Some(rule) = rules::find(finding.code)
                && !found.iter().any(|(_, known)| known.code == rule.code)
            {
                found.push((finding.span(), rule));
            }
        }
    }
    found
}

/// A rule in short: what it finds, and why that matters.
pub(super) fn card(rule: &Rule) -> String {
    let docs = docs::markdown(rule);
    let section = |title: &str| {
        let start = docs.find(&format!("## {title}\n"))? + title.len() + 4;
        let end = docs[start..].find("\n## ").map_or(docs.len(), |it| start + it);
        Some(docs[start..end].trim().to_owned())
    };
    let mut card = format!("**{} {}**: {}", rule.code, rule.name(), rule.summary);
    for title in ["Why it matters", "An interviewer asks"] {
        if let Some(text) = section(title) {
            let _ = write!(card, "\n\n*{title}.* {text}");
        }
    }
    card
}

fn of_word(view: &View, file: FileId, at: u32) -> Option<Hover> {
    if let Some(Mention { span, subject }) = view.symbols().at(file, at) {
        let text = match subject {
            Subject::Declared(declared) => view.symbols().thing(*declared).map(|it| of_thing(view, it)),
            Subject::Tag(tag) => Some(signs::of_tag(view, tag)),
        };
        if let Some(text) = text {
            return Some(Hover { span: *span, text });
        }
    }
    let Some(word) = words::at(view.tree(file), file, at) else { return signs::of_sign(view, file, at) };
    let written = view.checked.sources.text(word.span);
    let text = match word.role {
        Role::Kind => of_kind(written)?,
        Role::Engine => of_engine(written)?,
        Role::Protocol => of_protocol(written)?,
        Role::Property => of_property(Property::parse(written)?),
        Role::Value(property) => {
            of_value(property?, written, word::meaning(property?, written).map(str::to_owned))
        }
        Role::Figure(property, quantity) => of_value(property?, written, reading(property?, quantity)),
        Role::Rule => card(rules::find(written)?),
        Role::Keyword => of_keyword(written)?.to_owned(),
    };
    Some(Hover { span: word.span, text })
}

fn of_thing(view: &View, thing: Thing) -> String {
    let architecture = &view.checked.architecture;
    match thing {
        Thing::Element(Entity::Component(id)) => of_component(view, architecture.component(id)),
        Thing::Element(Entity::Group(id)) => of_group(architecture, id),
        Thing::Flow(id) => of_flow(view, id),
        Thing::Template(at) => of_template(view, &architecture.templates[at]),
    }
}

/// So many lines of a template are shown.
const MOST_LINES: usize = 12;

/// What it is, and how it is written.
fn of_template(view: &View, template: &Template) -> String {
    let (name, base) = (&template.name.text, &template.base.text);
    let unused = if template.is_used { "" } else { ", from which nothing is made" };
    let written = view.checked.sources.text(template.span);
    let mut shown: Vec<&str> = written.lines().take(MOST_LINES).collect();
    if written.lines().count() > MOST_LINES {
        shown.push("…");
    }
    format!("**{name}**: a template, a kind of `{base}`{unused}\n\n```arch\n{}\n```", shown.join("\n"))
}

// ---- what was computed

/// A table of two columns, without those that are unknown.
fn table(rows: Vec<(&str, Option<String>)>) -> String {
    let mut table = String::new();
    for (title, told) in rows {
        if let Some(told) = told {
            if table.is_empty() {
                table += "\n\n| | |\n|---|---|";
            }
            let _ = write!(table, "\n| {title} | {told} |");
        }
    }
    table
}

fn headed(name: &str, what: &str, label: Option<&str>) -> String {
    let label = label.map(|it| format!("\n\n{it}")).unwrap_or_default();
    format!("**{name}**: {what}{label}")
}

fn of_component(view: &View, component: &Component) -> String {
    let architecture = &view.checked.architecture;
    let analysis = &view.checked.analysis;
    let mut what = component.kind.title().to_owned();
    if !component.engines.is_empty() {
        what += &format!(", {}", component.engines.join(" or "));
    }
    match component.replicas {
        Replicas::Stated { least, most } if most == Some(least) => what += &format!(", x{least}"),
        Replicas::Stated { least, most: Some(most) } => what += &format!(", x{least}..{most}"),
        Replicas::Stated { least, most: None } => what += &format!(", x{least} or more"),
        _ if component.is_managed() => what += ", managed",
        _ => {}
    }
    let sends = component.kind.is_caller_only();
    let load = if sends { None } else { demand(analysis.load.component(component.id)) };
    let sent = if sends { sent(view, component) } else { None };
    let used = analysis.load.utilisation(component).filter(|it| it.share.is_finite()).map(|it| {
        let of = if it.is_assumed { " of an assumed capacity" } else { "" };
        format!("{}{of} at peak", figures::percent(it.share))
    });
    let data = storage::per_node(architecture, &analysis.load)[component.id.0 as usize];
    let costs: Vec<String> = beside::costs(view, component)
        .take(3)
        .map(|(journey, judged, minutes)| {
            let of = figures::minutes(judged.minutes());
            format!("{} of the {of} a month of `{}`", figures::minutes(minutes), journey.name)
        })
        .collect();
    let assumed: Vec<String> = crate::analysis::assumptions::assumptions(architecture, analysis)
        .into_iter()
        .filter(|it| it.element == component.name)
        .map(|it| format!("`{}` = {} ({})", it.property, it.fact, it.fact.source))
        .collect();
    headed(&component.name, &what, component.label.as_deref())
        + &table(vec![
            ("load", load),
            ("sends", sent),
            ("used", used),
            ("data on a node", data.map(|it| figures::size(it.bytes()))),
            ("downtime", (!costs.is_empty()).then(|| costs.join("; "))),
            ("assumed", (!assumed.is_empty()).then(|| assumed.join("; "))),
        ])
}

/// What comes to a component or over a link, where any rate is known.
fn demand(demand: &Demand) -> Option<String> {
    let (peak, mean) = (demand.peak.total().per_second(), demand.mean.total().per_second());
    demand.is_reached.then(|| rates(peak, mean, demand.is_partial, demand.is_peak_assumed))
}

/// What a client sends, over all of its links.
fn sent(view: &View, client: &Component) -> Option<String> {
    let links = view.checked.architecture.links_from(client.id);
    let demands = links.map(|it| view.checked.analysis.load.link(it.id));
    let (mut peak, mut mean, mut is_reached, mut is_partial, mut is_assumed) =
        (0.0, 0.0, false, false, false);
    for demand in demands {
        peak += demand.peak.total().per_second();
        mean += demand.mean.total().per_second();
        is_reached |= demand.is_reached;
        is_partial |= demand.is_partial;
        is_assumed |= demand.is_peak_assumed;
    }
    is_reached.then(|| rates(peak, mean, is_partial, is_assumed))
}

fn rates(peak: f64, mean: f64, is_partial: bool, is_peak_assumed: bool) -> String {
    let at_least = if is_partial { "at least " } else { "" };
    // Only what there is more of is rounded down: else it reads as everywhere.
    let peak = if is_partial { figures::rate_at_least(peak) } else { figures::rate(peak) };
    let assumed = if is_peak_assumed { " (assumed)" } else { "" };
    format!("{at_least}{peak} at peak{assumed}, {} on average", figures::rate(mean))
}

fn of_group(architecture: &Architecture, id: GroupId) -> String {
    let group: &Group = architecture.group(id);
    let holds =
        architecture.components().filter(|it| architecture.groups_of(it.id).any(|(known, _)| known == id));
    let names: Vec<&str> = holds.map(|it| it.name.as_str()).collect();
    let what = group_meaning(group.kind);
    let held =
        if names.is_empty() { String::new() } else { format!("\n\nHolds {}.", figures::listed(&names, 8)) };
    headed(&group.name, what, group.label.as_deref()) + &held
}

fn of_flow(view: &View, id: FlowId) -> String {
    let architecture = &view.checked.architecture;
    let analysis = &view.checked.analysis;
    let flow: &Flow = architecture.flow(id);
    let mut text = headed(&flow.name, "a flow", flow.label.as_deref());
    for (at, (journey, judged)) in analysis.judged().enumerate().filter(|(_, (it, _))| it.flow == Some(id)) {
        let rate = analysis.load.arrivals[journey.base].map(|arrivals| {
            let (peak, mean) = (arrivals.peak().total().per_second(), arrivals.mean.total().per_second());
            rates(peak, mean, false, arrivals.is_peak_assumed)
        });
        let dearest = dearest(architecture, judged);
        if journey.name != flow.name {
            let _ = write!(text, "\n\n*{}*", journey.name);
        }
        text += &table(vec![
            ("availability", Some(verdict::availability(journey, judged))),
            ("latency", verdict::latency(architecture, analysis, at)),
            ("load", rate),
            ("downtime comes from", dearest),
        ]);
    }
    text
}

/// This part of a flow's downtime is told with whom it comes from.
const TOLD: f64 = 0.95;

/// Those from whom nearly all of a flow's downtime comes, the dearest first, and how many more there are.
fn dearest(architecture: &Architecture, judged: &FlowAvailability) -> Option<String> {
    let costly: Vec<&Contribution> = judged.contributions.iter().filter(|it| it.minutes() > 0.0).collect();
    let total: f64 = costly.iter().map(|it| it.minutes()).sum();
    let mut told = Vec::new();
    let mut sum = 0.0;
    for it in &costly {
        if sum >= TOLD * total {
            break;
        }
        sum += it.minutes();
        told.push(format!("`{}` {}", it.element.name(architecture), figures::minutes(it.minutes())));
    }
    match costly.len() - told.len() {
        _ if told.is_empty() => None,
        0 => Some(told.join(", ")),
        more => Some(format!("{}, and {more} more", told.join(", "))),
    }
}

// ---- what is known of words

/// All figures that the catalogue has, each with its source.
fn known(facts: &Facts) -> String {
    let mut rows = String::new();
    for (name, fact) in Facts::FIGURES.iter().filter_map(|(name, _)| Some((name, facts.figure(name)?))) {
        let trust = match fact.confidence {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Low => "low",
        };
        let _ = write!(rows, "\n| `{name}` | {} | {} | {trust} |", fact, fact.source);
    }
    if rows.is_empty() {
        rows
    } else {
        format!("\n\n| assumed | | source | trust |\n|---|---|---|---|{rows}")
    }
}

pub(super) fn of_kind(word: &str) -> Option<String> {
    if let Some(kind) = GroupKind::parse(word) {
        return Some(headed(word, group_meaning(kind), None));
    }
    let kind = Kind::parse(word)?;
    let managed = if kind.facts().managed { "\n\nIt is redundant by itself." } else { "" };
    Some(format!("**{word}**: {}{managed}{}", kind.meaning(), known(kind.facts())))
}

pub(super) fn group_meaning(kind: GroupKind) -> &'static str {
    match kind {
        GroupKind::Region => "a geographical region; what it holds fails with it",
        GroupKind::Zone => "a zone of a region; what it holds fails with it",
        GroupKind::Host => "one machine; what it holds fails together",
        GroupKind::Network => "a network, private unless it says otherwise",
        GroupKind::Group => "what belongs together",
    }
}

pub(super) fn of_engine(word: &str) -> Option<String> {
    let engine = catalogue::engine(word)?;
    let managed = if engine.facts.managed { ", managed" } else { "" };
    Some(format!("**{}**: {}{managed}{}", engine.name, engine.title, known(&engine.facts)))
}

pub(super) fn of_protocol(word: &str) -> Option<String> {
    let protocol = catalogue::protocol(word)?;
    let encrypted = match protocol.encryption {
        Encryption::Always => "always encrypted",
        Encryption::Never => "never encrypted",
        Encryption::Either => "encrypted if the link says so",
    };
    let secure = protocol.secure.map(|it| format!("; `{it}` is")).unwrap_or_default();
    Some(format!("**{}**: a protocol, {encrypted}{secure}", protocol.name))
}

/// A value, and what it says if that is more than what is written.
pub(super) fn of_value(property: Property, written: &str, says: Option<String>) -> String {
    let definition = property.definition();
    let (name, meaning) = (definition.name, definition.meaning.trim());
    match says {
        Some(says) => format!("**{written}**: {says}\n\n`{name}`: {meaning}"),
        None => format!("**{name}** = `{written}`: {meaning}"),
    }
}

/// A figure in other words: what it is in other units, and what it leaves.
fn reading(property: Property, figure: Quantity) -> Option<String> {
    const DAY: f64 = Duration::DAY.seconds();
    const MONTH: f64 = Duration::MONTH.seconds();
    let Quantity { amount, dimension } = figure;
    Some(match dimension {
        Dimension::Percent if matches!(property, Property::Availability | Property::Slo) => {
            format!("down {} a month", figures::minutes((1.0 - amount) * MONTH_MINUTES))
        }
        Dimension::Percent if property == Property::HitRatio && amount < 1.0 => {
            format!("one read in {} is a miss", figures::number(1.0 / (1.0 - amount)))
        }
        Dimension::Rate => {
            format!("{} a second, {} a day", figures::number(amount), figures::number(amount * DAY))
        }
        Dimension::Throughput => format!(
            "{} a second, {} a day, {} a month",
            figures::size(amount),
            figures::size(amount * DAY),
            figures::size(amount * MONTH)
        ),
        Dimension::TimeShare => {
            format!("{} of the time", figures::availability(1.0 - amount))
        }
        Dimension::Percent
        | Dimension::Duration
        | Dimension::Size
        | Dimension::Growth
        | Dimension::Number => return None,
    })
}

pub(super) fn of_property(property: Property) -> String {
    let definition = property.definition();
    let forms: Vec<String> =
        definition.forms.iter().filter(|it| **it != Form::Flag).map(|it| it.expected()).collect();
    let name = definition.name;
    let forms = if forms.is_empty() {
        format!("Write it bare, `{name}`, or `{name} = none` for that there is none.")
    } else {
        let bare = format!(
            "Bare, `{name}`, it is there and its value unknown; `{name} = none` says that there is none."
        );
        format!("Takes {}. {bare}", forms.join(", or "))
    };
    format!("**{name}**: {}\n\n{forms}", definition.meaning.trim())
}

pub(super) fn of_keyword(word: &str) -> Option<&'static str> {
    Some(match word {
        "system" => "**system**: what is asked of the design: its scale and its promises",
        "flow" => "**flow**: a journey through the design, which carries a promise and its traffic",
        "template" => "**template**: a kind of one's own; what is made from it has all that it states",
        "include" => "**include**: another file, read in place",
        "constraint" => "**constraint**: a rule of the team's own",
        "allow" => "**allow**: accepts a finding, with the reason",
        "forbid" => "**forbid**: what must not be",
        "require" => "**require**: what must be",
        _ => return None,
    })
}
