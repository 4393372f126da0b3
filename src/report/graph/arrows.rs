//! The arrows of a picture: a link each, or several between the same boxes where much is drawn as one.

use rustc_hash::FxHashMap;

use super::boxes::plural;
use super::drawing::{Arrow, Mark, Stroke};
use super::outline::Outline;
use super::overlay::Notes;
use super::scope::Scope;
use crate::model::{Architecture, CallTree, ComponentId, GroupId, Link, LinkId, Property};
use crate::syntax::ast::{Arrow as Wait, Relation};

/// Links between the same two components that are drawn one by one, at most.
const PARALLEL: usize = 8;

/// All arrows: links, then what runs on what, then copies from group to group.
pub(super) fn all(
    architecture: &Architecture,
    scope: &Scope,
    outline: &Outline,
    notes: &Notes,
) -> Vec<Arrow> {
    let mut arrows = links(architecture, scope, outline, notes);
    arrows.extend(hosts(architecture, scope, outline));
    arrows.extend(copies_of_groups(architecture, outline));
    arrows
}

fn links(architecture: &Architecture, scope: &Scope, outline: &Outline, notes: &Notes) -> Vec<Arrow> {
    let marks = marks(architecture);
    // The links between each pair of boxes, in the order in which the pairs are first linked.
    let mut places: FxHashMap<(usize, usize), usize> = FxHashMap::default();
    let mut bundles: Vec<((usize, usize), Vec<&Link>)> = Vec::new();
    for link in architecture.links().filter(|link| scope.takes(link)) {
        let Some(ends) = outline.place(link.source).zip(outline.place(link.target)) else { continue };
        if ends.0 == ends.1 && !outline.is_whole(ends.0) {
            continue;
        }
        let at = *places.entry(ends).or_insert(bundles.len());
        if at == bundles.len() {
            bundles.push((ends, Vec::new()));
        }
        bundles[at].1.push(link);
    }
    let mut arrows = Vec::new();
    for (ends, links) in bundles {
        let are_whole = outline.is_whole(ends.0) && outline.is_whole(ends.1);
        if links.len() == 1 || (are_whole && links.len() <= PARALLEL) {
            let single = |link: &&Link| single(link, ends, marks.get(&link.id).copied(), scope, notes);
            arrows.extend(links.iter().map(single));
        } else {
            arrows.push(bundle(&links, ends, notes));
        }
    }
    // As they are written.
    arrows.sort_by_key(|arrow| arrow.link);
    arrows
}

fn single(
    link: &Link,
    (tail, head): (usize, usize),
    mark: Option<Mark>,
    scope: &Scope,
    notes: &Notes,
) -> Arrow {
    let mut words = words(link);
    if mark == Some(Mark::Fallback) {
        words.insert(0, "fallback".to_owned());
    }
    if let Some(step) = scope.step(link.id) {
        words.insert(0, format!("step {step}"));
    }
    Arrow {
        link: Some(link.id),
        tail,
        head,
        frames: (None, None),
        words,
        remarks: notes.on_link(link),
        stroke: stroke(link),
        is_async: link.is_async(),
        mark,
        is_side: link.copies_data(),
        is_host: false,
    }
}

/// Several links drawn as one.
fn bundle(links: &[&Link], (tail, head): (usize, usize), notes: &Notes) -> Arrow {
    let is_async = links.iter().all(|link| link.is_async());
    Arrow {
        link: Some(links[0].id),
        tail,
        head,
        frames: (None, None),
        words: vec![plural(links.len(), "link")],
        remarks: notes.on_links(links),
        stroke: if is_async { Stroke::Dashed } else { Stroke::Solid },
        is_async,
        mark: None,
        is_side: links.iter().all(|link| link.copies_data()),
        is_host: false,
    }
}

fn stroke(link: &Link) -> Stroke {
    match link.is_beside_the_path() && !link.copies_data() {
        true => Stroke::Dotted,
        false if link.is_async() => Stroke::Dashed,
        false => Stroke::Solid,
    }
}

/// What is said along a link: its label, else its protocols, else whether it reads or writes; then why it is
/// drawn dotted. That data is copied is told by the line.
fn words(link: &Link) -> Vec<String> {
    let protocols: Vec<&str> = link.protocols.iter().map(|name| name.text.as_str()).collect();
    let mut words = Vec::new();
    if let Some(label) = &link.label {
        words.push(label.to_string());
    } else if !protocols.is_empty() && !link.copies_data() {
        words.push(protocols.join(", ").replace('_', " "));
    } else if link.is_reads_only() {
        words.push("read".to_owned());
    } else if link.is_writes_only() {
        words.push("write".to_owned());
    }
    words.extend(link.words(Property::For).iter().map(ToString::to_string));
    for property in [Property::Optional, Property::Startup, Property::Batch] {
        if link.has(property) {
            words.push(property.name().to_owned());
        }
    }
    words
}

/// How each link stands to those that are written with it.
pub(super) fn marks(architecture: &Architecture) -> FxHashMap<LinkId, Mark> {
    let mut marks = FxHashMap::default();
    for component in architecture.components() {
        for call in architecture.calls_of(component.id) {
            mark(&call.tree, &mut marks);
        }
    }
    marks
}

/// The innermost relation is the one that is drawn.
fn mark(tree: &CallTree, marks: &mut FxHashMap<LinkId, Mark>) {
    let CallTree::Set(relation, members) = tree else { return };
    for (at, member) in members.iter().enumerate() {
        for link in member.links() {
            let own = match relation {
                Relation::All => None,
                Relation::Any => Some(Mark::Pool),
                Relation::Route => Some(Mark::Route),
                Relation::Else => (at > 0).then_some(Mark::Fallback),
            };
            if let Some(own) = own {
                marks.insert(link, own);
            }
        }
        mark(member, marks);
    }
}

/// What no request takes: the pale lines.
fn side(tail: usize, head: usize) -> Arrow {
    Arrow {
        link: None,
        tail,
        head,
        frames: (None, None),
        words: Vec::new(),
        remarks: super::drawing::Remarks::default(),
        stroke: Stroke::Solid,
        is_async: false,
        mark: None,
        is_side: true,
        is_host: false,
    }
}

/// What runs on what: a thin line without an arrow.
fn hosts(architecture: &Architecture, scope: &Scope, outline: &Outline) -> Vec<Arrow> {
    let is_shown =
        |id: ComponentId| outline.place(id).filter(|place| outline.is_whole(*place) && scope.is_full(id));
    let hosted = architecture.components().filter_map(|component| {
        let (tail, head) = (is_shown(component.id)?, is_shown(component.host?)?);
        Some(Arrow { stroke: Stroke::Dotted, is_host: true, ..side(tail, head) })
    });
    hosted.collect()
}

/// Copies of data from group to group: drawn from frame to frame.
fn copies_of_groups(architecture: &Architecture, outline: &Outline) -> Vec<Arrow> {
    let end = |end: &Result<GroupId, ComponentId>| match end {
        Ok(group) => outline.stand_in(*group).map(|place| (place, outline.frame(Some(*group)))),
        Err(component) => outline.place(*component).map(|place| (place, None)),
    };
    let mut arrows = Vec::new();
    for link in &architecture.group_links {
        let (Some((tail, from)), Some((head, to))) = (end(&link.source), end(&link.target)) else { continue };
        if tail == head {
            continue;
        }
        let is_async = link.arrow == Wait::Async;
        let stroke = if is_async { Stroke::Dashed } else { Stroke::Solid };
        arrows.push(Arrow { frames: (from, to), stroke, is_async, ..side(tail, head) });
    }
    arrows
}
