//! What can be done about a place: fixes, an accepted finding, a count that is stated instead of assumed.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{View, touches};
use crate::diagnostic::{Diagnostic, Edit};
use crate::figures;
use crate::model::{Component, Property, Replicas, UNSAID};
use crate::rules::{self, Rule};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax;

/// What sort of change it is, in the order in which they are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionKind {
    /// It mends a finding.
    Fix,
    /// It states a count.
    State,
    /// It accepts a finding.
    Accept,
}

/// A change that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What it does, as a command.
    pub title: String,
    /// What sort it is of.
    pub kind: ActionKind,
    /// The finding that it is about, by its place among [`Checked::diagnostics`](crate::check::Checked::diagnostics).
    pub finding: Option<usize>,
    /// Whether it is the one right answer.
    pub is_sure: bool,
    /// The replacements, none overlapping, by place.
    pub edits: Vec<Edit>,
}

/// What can be done about what stands at some places of a file, each from a byte to a byte: fixes first, those that are sure
/// before the others, and last what accepts a finding.
pub fn actions(view: &View, file: FileId, places: &[Range<u32>]) -> Vec<Action> {
    let touches = |span: &Span, place: &Range<u32>| span.start <= place.end && place.start <= span.end;
    let is_there = |span: Span| span.file == file && places.iter().any(|it| touches(&span, it));
    let mut actions = Vec::new();
    for (at, finding) in view.checked.diagnostics.iter().enumerate() {
        if is_there(finding.span()) {
            actions.extend(fixed(finding, at));
        }
    }
    let architecture = &view.checked.architecture;
    let mut counted: Vec<&Component> = architecture.components().collect();
    counted.retain(|it| it.declaration.file == file && is_there(Span { end: it.span.end, ..it.declaration }));
    for declared in counted.chunk_by(|a, b| a.declaration == b.declaration) {
        actions.extend(stated_counts(view, declared));
    }
    actions.extend(accepting(view, file, &is_there));
    actions.sort_by_key(|it| (it.kind, !it.is_sure));
    tell_apart(view, &mut actions);
    actions
}

/// The fix of a finding.
fn fixed(finding: &Diagnostic, at: usize) -> Option<Action> {
    let fix = finding.fix.as_ref()?;
    let choice = if fix.is_safe { "" } else { " (unsafe)" };
    Some(Action {
        title: capitalised(&fix.title) + choice,
        kind: ActionKind::Fix,
        finding: Some(at),
        is_sure: fix.is_safe,
        edits: fix.edits.clone(),
    })
}

/// What accepts the findings at some places.
fn accepting(view: &View, file: FileId, is_there: &impl Fn(Span) -> bool) -> Vec<Action> {
    let mut actions = Vec::new();
    for (at, finding) in view.checked.diagnostics.iter().enumerate() {
        if is_there(finding.span()) {
            let one = std::slice::from_ref(&finding.element);
            let each = if finding.asked.is_empty() { one } else { &finding.asked };
            actions.extend(each.iter().filter_map(|element| accepted(view, file, at, finding, element)));
        } else if !finding.asked.is_empty() {
            // One question is about many, each of which can be accepted where it stands.
            let labels = finding.labels.iter().skip(1).filter(|it| is_there(it.span));
            let asked = labels.filter_map(|it| it.element.as_deref());
            actions.extend(asked.filter_map(|element| accepted(view, file, at, finding, element)));
        }
    }
    let is_torn = |it: &Diagnostic| it.code == "LP001" && it.span().file == file;
    let may_not =
        !actions.is_empty() && view.checked.diagnostics.iter().any(is_torn) && !takes_more(view.file(file));
    if may_not { Vec::new() } else { actions }
}

/// Names the line of those that are called the same and do something else.
fn tell_apart(view: &View, actions: &mut [Action]) {
    let mut titles: FxHashMap<String, usize> = FxHashMap::default();
    for action in &*actions {
        *titles.entry(action.title.clone()).or_default() += 1;
    }
    for action in actions.iter_mut().filter(|it| titles[&it.title] > 1) {
        if let Some(first) = action.edits.first() {
            action.title += &format!(" (line {})", view.checked.sources.position(first.span).line);
        }
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An `allow` at the end of the file, which accepts a finding on an element.
fn accepted(view: &View, file: FileId, at: usize, finding: &Diagnostic, element: &str) -> Option<Action> {
    // An `allow` is mended, and not allowed by another.
    let is_of_an_allow = rules::find(finding.code).is_some_and(Rule::is_of_an_allow);
    if is_of_an_allow || rules::is_of_the_language(finding.code) {
        return None;
    }
    let place = if element == "system" { String::new() } else { format!(" on {element}") };
    let statement = format!("allow {}{place} \"{UNSAID}\"", finding.name);
    Some(Action {
        title: format!(
            "Accept `{}`{} with a reason",
            finding.name,
            if place.is_empty() { String::new() } else { format!(" on `{element}`") }
        ),
        kind: ActionKind::Accept,
        finding: Some(at),
        is_sure: false,
        edits: vec![at_the_end(view.file(file), file, &statement)],
    })
}

/// Whether a statement behind all others is read as one: no comment and no bracket is left open.
fn takes_more(file: &SourceFile) -> bool {
    let (tree, _) = syntax::parse_file(FileId::default(), file);
    let more =
        SourceFile::new(file.name.clone(), made(file, &at_the_end(file, FileId::default(), "client more")));
    syntax::parse_file(FileId::default(), &more).0.statements.len() > tree.statements.len()
}

fn made(file: &SourceFile, edit: &Edit) -> String {
    let mut text = file.text.clone();
    text.replace_range(edit.span.range(), &edit.text);
    text
}

/// A statement in a line of its own behind all others.
fn at_the_end(file: &SourceFile, id: FileId, statement: &str) -> Edit {
    if let Some(fence) = file.fences().and_then(<[_]>::last) {
        let at = fence.lines.end;
        return Edit { span: Span::new(id, at, at), text: fence.written(&format!("{statement}\n")) };
    }
    let text = file.text.trim_end();
    let line_end = if file.text.contains("\r\n") { "\r\n" } else { "\n" };
    let gap = if text.is_empty() {
        String::new()
    } else if text.lines().next_back().is_some_and(|it| it.trim_start().starts_with("allow ")) {
        line_end.to_owned()
    } else {
        line_end.repeat(2)
    };
    Edit { span: Span::new(id, text.len(), file.text.len()), text: format!("{gap}{statement}{line_end}") }
}

/// So many names of a declaration are told.
const MOST_NAMES: usize = 4;

/// The count that is reckoned with where none is stated, and one that survives a loss, for the components of a declaration.
fn stated_counts(view: &View, declared: &[&Component]) -> Vec<Action> {
    let Some(first) = declared.first() else { return Vec::new() };
    let names = declared.iter().map(|it| it.name.as_str()).collect::<Vec<_>>();
    let names = figures::listed(&names, MOST_NAMES);
    let each = if declared.len() == 1 { "" } else { " each" };
    let action = |title: String, span: Span, count: u32| Action {
        title,
        kind: ActionKind::State,
        finding: None,
        is_sure: false,
        edits: vec![Edit { span, text: format!("{}x{count}", if span.is_empty() { " " } else { "" }) }],
    };
    let single = Replicas::Stated { least: 1, most: Some(1) };
    if first.replicas == single {
        let is_count = |it: &Span| view.checked.sources.text(*it).starts_with('x');
        let Some(count) = first.replicas_span.filter(is_count) else { return Vec::new() };
        let mut doubled = action(format!("Run {names} x2{each}"), count, 2);
        // A second copy of data alone is no second one that takes over.
        let takes_over = [Property::Failover, Property::Mode, Property::Primaries, Property::WriteQuorum];
        let room = first.room.filter(|_| {
            first.kind.holds_data() && !takes_over.iter().any(|it| first.properties.is_stated(*it))
        });
        if let Some(room) = room {
            doubled.title += ", the second taking over by itself";
            doubled.edits.push(room.edit("failover = automatic"));
        }
        return vec![doubled];
    }
    let is_open = |component: &&Component| {
        component.replicas == Replicas::Unstated
            && !component.kind.is_outside()
            && !component.is_managed()
            && component.host.is_none()
            && !component.properties.is_stated(Property::Replicas)
            && !component.has(Property::Zones)
    };
    // What a template makes is written for all of its kind.
    let Some(room) = head_end(view, first).filter(|_| declared.iter().all(is_open)) else {
        return Vec::new();
    };
    let are = if declared.len() == 1 { "is" } else { "are" };
    vec![
        action(format!("State that {names} {are} x1{each}, as is assumed"), room, 1),
        action(format!("State that {names} {are} x2{each}"), room, 2),
    ]
}

/// Where the head of a component's declaration ends, in front of its tags and body.
fn head_end(view: &View, component: &Component) -> Option<Span> {
    let element = element_at(view, component.span)?;
    let tail = &element.tail;
    let last = [tail.engines.last().map(|it| it.span), tail.label.as_ref().map(|it| it.span)];
    let names = element.names.iter().map(|it| it.span).chain([component.span]);
    let after = last.into_iter().flatten().chain(names).map(|it| it.end).max()?;
    Some(Span { start: after, end: after, ..component.span })
}

/// The statement that declares a name.
fn element_at<'a>(view: &'a View, name: Span) -> Option<&'a crate::syntax::ast::Element> {
    use crate::syntax::ast::{Element, Item, Statement};

    fn inside(element: &Element, name: Span) -> Option<&Element> {
        if element.names.iter().any(|it| it.span == name) {
            return Some(element);
        }
        let items = element.tail.body.iter().flat_map(|it| &it.items);
        items.into_iter().find_map(|it| if let Item::Element(it) = it { inside(it, name) } else { None })
    }
    view.tree(name.file).iter().filter(|it| touches(it.span(), name.file, name.start)).find_map(|it| match it
    {
        Statement::Element(it) => inside(it, name),
        _ => None,
    })
}
