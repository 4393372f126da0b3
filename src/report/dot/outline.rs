//! How much of a design is drawn: all of it, or its groups as one box each where it is too large to be read.

use rustc_hash::FxHashMap;

use crate::model::{Architecture, ComponentId, GroupId};

/// More boxes than this are not read by anybody.
const MOST_BOXES: usize = 200;

/// What one box stands for.
pub(super) enum Shown {
    /// A component.
    Component(ComponentId),
    /// A group, drawn as one.
    Group(GroupId),
    /// The place of a group that holds nothing.
    Empty(GroupId),
}

/// What is drawn, and where each component is found in it.
pub(super) struct Outline {
    /// The boxes.
    pub(super) shown: Vec<Shown>,
    /// The groups that are drawn around their members, a parent before them.
    pub(super) frames: Vec<GroupId>,
    frame_of: FxHashMap<GroupId, usize>,
    /// The box of each component.
    places: Vec<usize>,
    /// A box that stands in each group, for lines that lead to the group as a whole.
    stand_ins: FxHashMap<GroupId, usize>,
}

impl Outline {
    /// The finest outline that is still read: groups are drawn as one from the innermost outwards.
    pub(super) fn of(architecture: &Architecture) -> Self {
        let depths = depths(architecture);
        let deepest = depths.iter().copied().max().unwrap_or(0);
        let mut outline = Self::down_to(architecture, &depths, deepest);
        for depth in (0..deepest).rev() {
            if outline.shown.len() <= MOST_BOXES {
                break;
            }
            outline = Self::down_to(architecture, &depths, depth);
        }
        outline
    }

    /// Groups at most `depth` deep are drawn around their members, the next ones as one box.
    fn down_to(architecture: &Architecture, depths: &[usize], depth: usize) -> Self {
        let mut outline = Self {
            shown: Vec::new(),
            frames: Vec::new(),
            frame_of: FxHashMap::default(),
            places: Vec::with_capacity(architecture.components().len()),
            stand_ins: FxHashMap::default(),
        };
        let ids = || (0..depths.len() as u32).map(GroupId);
        for id in ids().filter(|id| depths[id.0 as usize] <= depth) {
            outline.frame_of.insert(id, outline.frames.len());
            outline.frames.push(id);
        }
        let mut boxes: FxHashMap<GroupId, usize> = FxHashMap::default();
        for component in architecture.components() {
            let chain: Vec<GroupId> = architecture.groups_of(component.id).map(|(id, _)| id).collect();
            let collapsed = chain.iter().copied().find(|id| depths[id.0 as usize] == depth + 1);
            let next = outline.shown.len();
            let place = match collapsed {
                Some(group) => *boxes.entry(group).or_insert(next),
                None => next,
            };
            if place == next {
                outline.shown.push(collapsed.map_or(Shown::Component(component.id), Shown::Group));
            }
            outline.places.push(place);
            for group in chain {
                outline.stand_ins.entry(group).or_insert(place);
            }
        }
        outline.hold_empty(architecture);
        outline
    }

    /// Gives each frame without a member a box that holds its place.
    fn hold_empty(&mut self, architecture: &Architecture) {
        // Innermost first: a group that holds an empty one is held by it.
        for id in self.frames.clone().into_iter().rev() {
            if self.stand_ins.contains_key(&id) {
                continue;
            }
            for (outer, _) in architecture.group_chain(Some(id)) {
                self.stand_ins.entry(outer).or_insert(self.shown.len());
            }
            self.shown.push(Shown::Empty(id));
        }
    }

    /// The box of a component.
    pub(super) fn place(&self, component: ComponentId) -> usize {
        self.places[component.0 as usize]
    }

    /// Whether the box is one component in full.
    pub(super) fn is_whole(&self, place: usize) -> bool {
        matches!(self.shown[place], Shown::Component(_))
    }

    /// Whether any group is drawn as one.
    pub(super) fn is_collapsed(&self) -> bool {
        self.shown.iter().any(|shown| matches!(shown, Shown::Group(_)))
    }

    /// Whether the component is drawn by the box of this group.
    pub(super) fn is_in(&self, component: ComponentId, group: GroupId) -> bool {
        matches!(self.shown[self.place(component)], Shown::Group(id) if id == group)
    }

    /// The frame that stands around the members of this group.
    pub(super) fn frame(&self, group: Option<GroupId>) -> Option<usize> {
        group.and_then(|group| self.frame_itself(group))
    }

    /// The frame of a group; nothing where it is drawn as one.
    pub(super) fn frame_itself(&self, group: GroupId) -> Option<usize> {
        self.frame_of.get(&group).copied()
    }

    /// A box that stands in the group, or the group's own.
    pub(super) fn stand_in(&self, group: GroupId) -> Option<usize> {
        self.stand_ins.get(&group).copied()
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
