//! How much of a design is drawn: all of it, or groups and kinds as one box each where it is too large to be read.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Picture;
use super::scope::Scope;
use super::view::{Collapse, Place};
use crate::catalogue::Kind;
use crate::model::{Architecture, ComponentId, GroupId, GroupKind};

/// More boxes than this are not read by anybody; where they are too densely linked, fewer.
const MOST_BOXES: [usize; 4] = [200, 100, 50, 25];
/// Nor are more pairs of boxes with arrows between them.
const MOST_PAIRS: usize = 600;

/// Where what is of one kind is drawn as one, more of a kind than make a column that is read are as well.
const COLUMN: usize = 12;

/// What one box stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// A component.
    Component(ComponentId),
    /// A group, drawn as one.
    Group(GroupId),
    /// All of one sort in one place, drawn as one.
    Sort(Sort),
    /// The place of a group that holds nothing.
    Empty(GroupId),
}

/// What many boxes have in common that are drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Sort {
    /// Components of a kind, and the frame that they stand in.
    Components(Option<GroupId>, Kind),
    /// Groups of a kind, and the frame that they stand in.
    Groups(Option<GroupId>, GroupKind),
}

/// What is drawn, and where each component is found in it.
pub(super) struct Outline {
    /// The boxes.
    pub(super) shown: Vec<Shown>,
    /// The components that each box stands for.
    pub(super) members: Vec<Vec<ComponentId>>,
    /// The groups that are drawn around their members, a parent before them.
    pub(super) frames: Vec<GroupId>,
    frame_of: FxHashMap<GroupId, usize>,
    /// The box of each component.
    places: Vec<Option<usize>>,
    /// A box that stands in each group, for lines that lead to the group as a whole.
    stand_ins: FxHashMap<GroupId, usize>,
}

/// How coarsely a design is drawn.
struct Grain {
    /// Groups at most so deep are drawn around their members, the next ones as one box; the outermost are 1.
    depth: usize,
    /// What is drawn as one.
    sorts: FxHashSet<Sort>,
}

/// What an outline is made from.
struct Draft<'a> {
    architecture: &'a Architecture,
    scope: &'a Scope,
    /// How deep each group stands.
    depths: Vec<usize>,
    /// Groups that are drawn as one, whatever their depth.
    closed: Vec<GroupId>,
    /// Groups whose inside is what is asked for.
    open: Vec<GroupId>,
    /// The group whose surroundings are drawn without their own frames.
    inside: Option<GroupId>,
}

impl Outline {
    /// The finest outline that is still read: groups are drawn as one from the innermost outwards, then what is of
    /// one kind.
    pub(super) fn of(picture: &Picture, scope: &Scope) -> Self {
        let draft = Draft::of(picture, scope);
        let mut outline = draft.finest(MOST_BOXES[0], picture.view.collapse == Collapse::All);
        for most in &MOST_BOXES[1..] {
            if outline.pairs(picture.architecture, scope) <= MOST_PAIRS {
                break;
            }
            outline = draft.finest(*most, false);
        }
        outline
    }

    /// How many pairs of boxes have an arrow between them.
    fn pairs(&self, architecture: &Architecture, scope: &Scope) -> usize {
        let drawn = architecture.links().filter(|link| scope.takes(link));
        let pairs: FxHashSet<_> = drawn.map(|it| (self.place(it.source), self.place(it.target))).collect();
        pairs.len()
    }

    /// The box of a component; nothing where it is not drawn.
    pub(super) fn place(&self, component: ComponentId) -> Option<usize> {
        self.places[component.0 as usize]
    }

    /// Whether the box is one component in full.
    pub(super) fn is_whole(&self, place: usize) -> bool {
        matches!(self.shown[place], Shown::Component(_))
    }

    /// Whether anything is drawn as one.
    pub(super) fn is_collapsed(&self) -> bool {
        self.shown.iter().any(|shown| matches!(shown, Shown::Group(_) | Shown::Sort(_)))
    }

    /// The frame that stands around the members of this group; nothing where it is drawn as one, or not at all.
    pub(super) fn frame(&self, group: Option<GroupId>) -> Option<usize> {
        group.and_then(|group| self.frame_of.get(&group).copied())
    }

    /// A box that stands in the group, or the group's own.
    pub(super) fn stand_in(&self, group: GroupId) -> Option<usize> {
        self.stand_ins.get(&group).copied()
    }
}

impl<'a> Draft<'a> {
    fn of(picture: &Picture<'a>, scope: &'a Scope) -> Self {
        let Picture { architecture, view, .. } = picture;
        let focused = view.focus.map(|it| it.on);
        let focused = match focused {
            Some(Place::Component(id)) => architecture.component(id).group,
            Some(Place::Group(id)) => Some(id),
            None => None,
        };
        let chains = architecture.group_chain(focused).chain(architecture.group_chain(view.group));
        Self {
            architecture,
            scope,
            depths: depths(architecture),
            closed: match &view.collapse {
                Collapse::Named(groups) => groups.clone(),
                Collapse::Fitting | Collapse::All => Vec::new(),
            },
            open: chains.map(|(id, _)| id).collect(),
            inside: view.group,
        }
    }

    fn finest(&self, most: usize, is_coarse: bool) -> Outline {
        let deepest = self.depths.iter().copied().max().unwrap_or(0);
        let mut grain = Grain { depth: if is_coarse { 0 } else { deepest }, sorts: FxHashSet::default() };
        let mut outline = self.outline(&grain);
        while outline.shown.len() > most && grain.depth > 0 {
            grain.depth -= 1;
            outline = self.outline(&grain);
        }
        if outline.shown.len() > most {
            grain.sorts = self.most_frequent(&outline, most);
            outline = self.outline(&grain);
        }
        outline
    }

    /// What there is most of, so that no more boxes than these are left when it is drawn as one.
    fn most_frequent(&self, outline: &Outline, most: usize) -> FxHashSet<Sort> {
        let mut counts: FxHashMap<Sort, usize> = FxHashMap::default();
        for shown in &outline.shown {
            *counts.entry(self.sort(*shown)).or_default() += 1;
        }
        let mut counts: Vec<(Sort, usize)> = counts.into_iter().filter(|(_, count)| *count > 1).collect();
        counts.sort_by_key(|(sort, count)| (std::cmp::Reverse(*count), *sort));
        let mut left = outline.shown.len();
        let is_needed = |(_, count): &(Sort, usize)| {
            let is_needed = left > most || *count > COLUMN;
            left -= count - 1;
            is_needed
        };
        counts.into_iter().take_while(is_needed).map(|(sort, _)| sort).collect()
    }

    fn sort(&self, shown: Shown) -> Sort {
        match shown {
            Shown::Component(id) => {
                let component = self.architecture.component(id);
                Sort::Components(self.framed(id).then_some(component.group).flatten(), component.kind)
            }
            Shown::Group(id) | Shown::Empty(id) => {
                let group = self.architecture.group(id);
                Sort::Groups(group.parent, group.kind)
            }
            Shown::Sort(sort) => sort,
        }
    }

    /// Whether a component stands in its frame: a stub around the inside of a group does not.
    fn framed(&self, id: ComponentId) -> bool {
        self.scope.is_full(id)
    }

    fn outline(&self, grain: &Grain) -> Outline {
        let mut outline = Outline {
            shown: Vec::new(),
            members: Vec::new(),
            frames: Vec::new(),
            frame_of: FxHashMap::default(),
            places: vec![None; self.architecture.components().len()],
            stand_ins: FxHashMap::default(),
        };
        self.draw_frames(&mut outline, grain);
        let mut boxes: FxHashMap<Key, usize> = FxHashMap::default();
        for component in self.architecture.components().filter(|it| self.scope.has(it.id)) {
            let shown = self.shown(component.id, grain);
            let next = outline.shown.len();
            let place = *boxes.entry(key(shown)).or_insert(next);
            if place == next {
                outline.shown.push(shown);
                outline.members.push(Vec::new());
            }
            outline.members[place].push(component.id);
            outline.places[component.id.0 as usize] = Some(place);
            for (group, _) in self.architecture.groups_of(component.id) {
                outline.stand_ins.entry(group).or_insert(place);
            }
        }
        self.hold_empty(&mut outline);
        outline
    }

    /// What a component is drawn as.
    fn shown(&self, id: ComponentId, grain: &Grain) -> Shown {
        let closed = self.framed(id).then(|| self.closed_around(id, grain)).flatten();
        let shown = closed.map_or(Shown::Component(id), Shown::Group);
        let sort = self.sort(shown);
        if grain.sorts.contains(&sort) { Shown::Sort(sort) } else { shown }
    }

    /// The outermost group around a component that is drawn as one.
    fn closed_around(&self, id: ComponentId, grain: &Grain) -> Option<GroupId> {
        let around = self.architecture.groups_of(id).map(|(group, _)| group);
        around.filter(|group| self.is_closed(*group, grain)).last()
    }

    fn is_closed(&self, group: GroupId, grain: &Grain) -> bool {
        let is_deep = self.depths[group.0 as usize] > grain.depth;
        !self.open.contains(&group) && (is_deep || self.closed.contains(&group))
    }

    fn draw_frames(&self, outline: &mut Outline, grain: &Grain) {
        let mut is_met = vec![self.scope.is_all; self.depths.len()];
        for component in self.architecture.components().filter(|it| self.framed(it.id)) {
            for (group, _) in self.architecture.groups_of(component.id) {
                is_met[group.0 as usize] = true;
            }
        }
        for group in (0..self.depths.len() as u32).map(GroupId) {
            let chain: Vec<GroupId> = self.architecture.group_chain(Some(group)).map(|(id, _)| id).collect();
            let is_inside = self.inside.is_none_or(|inside| chain.contains(&inside));
            let is_wanted = is_met[group.0 as usize] || self.inside == Some(group);
            if is_wanted && is_inside && !chain.iter().any(|id| self.is_closed(*id, grain)) {
                outline.frame_of.insert(group, outline.frames.len());
                outline.frames.push(group);
            }
        }
    }

    /// Gives each frame without a member a box that holds its place.
    fn hold_empty(&self, outline: &mut Outline) {
        // Innermost first: a group that holds an empty one is held by it.
        for id in outline.frames.clone().into_iter().rev() {
            if outline.stand_ins.contains_key(&id) {
                continue;
            }
            for (outer, _) in self.architecture.group_chain(Some(id)) {
                outline.stand_ins.entry(outer).or_insert(outline.shown.len());
            }
            outline.shown.push(Shown::Empty(id));
            outline.members.push(Vec::new());
        }
    }
}

/// What two components share that are drawn as one box.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Component(ComponentId),
    Group(GroupId),
    Sort(Sort),
}

fn key(shown: Shown) -> Key {
    match shown {
        Shown::Component(id) => Key::Component(id),
        Shown::Group(id) | Shown::Empty(id) => Key::Group(id),
        Shown::Sort(sort) => Key::Sort(sort),
    }
}

/// How deep each group stands: the outermost are 1.
fn depths(architecture: &Architecture) -> Vec<usize> {
    let mut depths: Vec<usize> = Vec::new();
    for group in architecture.groups() {
        let outer = group.parent.map_or(0, |parent| depths[parent.0 as usize]);
        depths.push(outer + 1);
    }
    depths
}
