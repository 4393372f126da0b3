//! What can be done about a place: fixes, an accepted finding, a count that is stated instead of assumed.

use super::{View, touches};
use crate::diagnostic::{Diagnostic, Edit};
use crate::model::{Component, Property, Replicas, UNSAID};
use crate::rules::{self, Rule};
use crate::source::{FileId, SourceFile, Span};
use crate::syntax;

/// What sort of change it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It mends a finding.
    Fix,
    /// It accepts a finding.
    Accept,
    /// It writes down what is assumed.
    State,
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

/// What can be done about what stands between two places of a file.
pub fn actions(view: &View, file: FileId, from: u32, to: u32) -> Vec<Action> {
    let is_there = |span: Span| span.file == file && span.start <= to && from <= span.end;
    let is_torn = view.checked.diagnostics.iter().any(|it| it.code == "LP001" && it.span().file == file);
    let takes_more = !is_torn || takes_more(view.file(file));
    let mut actions = Vec::new();
    for (at, finding) in view.checked.diagnostics.iter().enumerate() {
        // One question is about many, each of which can be accepted where it stands.
        let labels = finding.labels.iter().filter(|_| !finding.asked.is_empty()).skip(1);
        let asked = labels.filter(|it| is_there(it.span)).filter_map(|it| it.element.as_deref());
        if !is_there(finding.span()) {
            let accepted = asked.filter_map(|element| accepted(view, file, at, finding, element));
            actions.extend(accepted.filter(|_| takes_more));
            continue;
        }
        if let Some(fix) = &finding.fix {
            actions.push(Action {
                title: capitalised(&fix.title),
                kind: ActionKind::Fix,
                finding: Some(at),
                is_sure: fix.is_safe,
                edits: fix.edits.clone(),
            });
        }
        let each =
            if finding.asked.is_empty() { std::slice::from_ref(&finding.element) } else { &finding.asked };
        let accepted = each.iter().filter_map(|element| accepted(view, file, at, finding, element));
        actions.extend(accepted.filter(|_| takes_more));
    }
    let architecture = &view.checked.architecture;
    for component in architecture.components().filter(|it| is_there(it.span)) {
        actions.extend(stated_counts(view, component));
    }
    actions
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// An `allow` at the end of the file, which accepts a finding on an element.
fn accepted(view: &View, file: FileId, at: usize, finding: &Diagnostic, element: &str) -> Option<Action> {
    let is_about_allows = rules::find(finding.code).is_some_and(Rule::is_about_allows);
    if is_about_allows || rules::is_of_the_language(finding.code) {
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

/// The count that is reckoned with where none is stated, and one that survives a loss.
fn stated_counts(view: &View, component: &Component) -> Vec<Action> {
    let is_open = component.replicas == Replicas::Unstated
        && !component.kind.is_outside()
        && !component.is_managed()
        && component.host.is_none()
        && !component.properties.is_stated(Property::Replicas)
        && !component.has(Property::Zones);
    // What a template makes is written for all of its kind, and several names share one tail.
    let Some(room) = head_end(view, component).filter(|_| is_open) else { return Vec::new() };
    let action = |count: u32, why: &str| Action {
        title: format!("State that `{}` is x{count}{why}", component.name),
        kind: ActionKind::State,
        finding: None,
        is_sure: false,
        edits: vec![Edit { span: room, text: format!(" x{count}") }],
    };
    vec![action(1, ", as is assumed"), action(2, "")]
}

/// Where a component's head ends, in front of its tags and body.
fn head_end(view: &View, component: &Component) -> Option<Span> {
    let element = element_at(view, component.span)?;
    if element.names.len() != 1 {
        return None;
    }
    let tail = &element.tail;
    let last = [tail.engines.last().map(|it| it.span), tail.label.as_ref().map(|it| it.span)];
    let after = last.into_iter().flatten().map(|it| it.end).max().unwrap_or(component.span.end);
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
