//! What stands in each box: a component, or what many of them are drawn as.

use super::drawing::{Box, Element, NAME_WIDTH, Remarks, SMALL_WIDTH, Station, last_part};
use super::facts::facts;
use super::look::Tone;
use super::outline::{Outline, Shown, Sort};
use super::overlay::Notes;
use super::scope::Scope;
use super::words::{joined, shortened, wrapped};
use crate::catalogue::Kind;
use crate::model::{Architecture, Component, ComponentId, GroupId};

/// What boxes are made from.
pub(super) struct Boxes<'a> {
    pub(super) architecture: &'a Architecture,
    pub(super) scope: &'a Scope,
    pub(super) outline: &'a Outline,
    pub(super) notes: &'a Notes<'a>,
}

impl Boxes<'_> {
    /// The box at a place of the outline.
    pub(super) fn at(&self, place: usize) -> Box {
        match self.outline.shown[place] {
            Shown::Component(id) if self.scope.is_full(id) => self.component(id),
            Shown::Component(id) => self.stub(id),
            Shown::Group(id) => self.group(id, &self.members(place)),
            Shown::Sort(sort) => self.many(sort, &self.members(place)),
            Shown::Empty(id) => self.empty(id),
        }
    }

    fn members(&self, place: usize) -> Vec<&Component> {
        self.outline.members[place].iter().map(|id| self.architecture.component(*id)).collect()
    }

    fn component(&self, id: ComponentId) -> Box {
        let component = self.architecture.component(id);
        let mut own = facts(component);
        let hidden = self.scope.hidden_neighbours(self.architecture, component);
        if hidden > 0 {
            own.push(format!("+{hidden} more linked"));
        }
        Box {
            frame: self.outline.frame(component.group),
            title: Some(shortened(last_part(&component.name), NAME_WIDTH)),
            label: component.label.as_ref().map_or(Vec::new(), |label| wrapped(label, NAME_WIDTH, 2)),
            facts: joined(&own, SMALL_WIDTH),
            remarks: self.notes.on_component(id),
            is_stub: false,
            ..self.stub(id)
        }
    }

    /// A component outside of what is wanted. It stands outside of its frame as well: its whole name says where it
    /// belongs.
    fn stub(&self, id: ComponentId) -> Box {
        let component = self.architecture.component(id);
        Box {
            element: Some(Element::Component(id)),
            name: component.name.to_string(),
            frame: None,
            title: Some(shortened(&component.name, NAME_WIDTH)),
            label: Vec::new(),
            facts: vec![component.kind.title().to_uppercase()],
            remarks: Remarks::default(),
            tone: Tone::of(component.kind),
            is_many: false,
            is_stub: true,
            station: Station::of(component.kind),
        }
    }

    /// A group that is drawn as one: what it holds, and how it fares.
    fn group(&self, id: GroupId, members: &[&Component]) -> Box {
        let group = self.architecture.group(id);
        let count = plural(members.len(), "component");
        let mut facts = vec![format!("{} · {count}", group.kind.name().to_uppercase())];
        facts.extend(joined(&census(members), SMALL_WIDTH));
        Box {
            element: Some(Element::Group(id)),
            name: group.name.to_string(),
            frame: self.outline.frame(group.parent),
            title: Some(shortened(last_part(&group.name), NAME_WIDTH)),
            label: group.label.as_ref().map_or(Vec::new(), |label| wrapped(label, NAME_WIDTH, 2)),
            facts,
            remarks: self.notes.on_all(members),
            tone: Tone::Group(group.kind),
            is_many: true,
            is_stub: false,
            station: Station::Between,
        }
    }

    /// All of one sort: how many, and how they fare.
    fn many(&self, sort: Sort, members: &[&Component]) -> Box {
        let (frame, title, tone, station) = match sort {
            Sort::Components(frame, kind) => {
                (frame, of_kind(members.len(), kind), Tone::of(kind), Station::of(kind))
            }
            Sort::Groups(frame, kind) => {
                let groups = self.architecture.groups();
                let count = groups.filter(|group| group.parent == frame && group.kind == kind).count();
                (frame, plural(count, kind.name()), Tone::Group(kind), Station::Between)
            }
        };
        let is_stub = members.iter().any(|it| !self.scope.is_full(it.id));
        let place = frame.map_or(String::new(), |id| format!(" in {}", self.architecture.group(id).name));
        Box {
            element: None,
            name: format!("{title}{place}"),
            frame: self.outline.frame(frame),
            title: Some(title),
            label: Vec::new(),
            facts: match sort {
                Sort::Components(..) => vec!["drawn as one".to_owned()],
                Sort::Groups(..) => vec![format!("{} · drawn as one", plural(members.len(), "component"))],
            },
            remarks: if is_stub { Remarks::default() } else { self.notes.on_all(members) },
            tone,
            is_many: true,
            is_stub,
            station,
        }
    }

    /// Holds the place of a group without members, for an empty frame would not be drawn.
    fn empty(&self, id: GroupId) -> Box {
        Box {
            element: None,
            name: format!("{} (empty)", self.architecture.group(id).name),
            frame: self.outline.frame(Some(id)),
            title: None,
            label: Vec::new(),
            facts: vec!["nothing inside".to_owned()],
            remarks: Remarks::default(),
            tone: Tone::Apart,
            is_many: false,
            is_stub: false,
            station: Station::Between,
        }
    }
}

/// The three kinds that a group has most of.
fn census(members: &[&Component]) -> Vec<String> {
    let mut counts: Vec<(usize, Kind)> = Kind::ALL
        .into_iter()
        .map(|kind| (members.iter().filter(|member| member.kind == kind).count(), kind))
        .filter(|(count, _)| *count > 0)
        .collect();
    counts.sort_by_key(|(count, kind)| (std::cmp::Reverse(*count), *kind));
    counts.iter().take(3).map(|(count, kind)| of_kind(*count, *kind)).collect()
}

fn of_kind(count: usize, kind: Kind) -> String {
    match kind.title() {
        title @ ("DNS" | "monitoring") => format!("{count} {title}"),
        title => match title.strip_suffix('y') {
            Some(stem) if count > 1 => format!("{count} {stem}ies"),
            _ => plural(count, title),
        },
    }
}

/// `1 link`, `2 links`.
pub(super) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
