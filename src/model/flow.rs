//! Flows: journeys through the design, which carry its promises and its traffic.

use smol_str::SmolStr;
use std::ops::Deref;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{ComponentId, Link, LinkId, Properties, Property};
use crate::source::Span;

/// Which of the flows that the design names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FlowId(pub u32);

/// A flow that the design names.
#[derive(Clone, Debug)]
pub struct Flow {
    /// Its id.
    pub id: FlowId,
    /// Its name.
    pub name: SmolStr,
    /// What it is for.
    pub label: Option<SmolStr>,
    /// Its tags.
    pub tags: Vec<SmolStr>,
    /// What is asked of it and what it carries.
    pub properties: Properties,
    /// Its path; empty where none is written or none could be followed.
    pub path: Path,
    /// Whether a path is written, or may be, of which nothing could be followed: what it takes is not known then.
    pub is_lost: bool,
    /// Whether nothing but its name is written, as while it is typed: it asks nothing and carries nothing.
    pub is_bare: bool,
    /// Its name in the text.
    pub span: Span,
}

impl Deref for Flow {
    type Target = Properties;

    fn deref(&self) -> &Properties {
        &self.properties
    }
}

impl Flow {
    /// Whether it only reads.
    pub fn is_reads_only(&self) -> bool {
        self.has(Property::Reads) && !self.has(Property::Writes)
    }

    /// Whether it only writes.
    pub fn is_writes_only(&self) -> bool {
        self.has(Property::Writes) && !self.has(Property::Reads)
    }
}

/// The declared links that a flow names.
#[derive(Clone, Debug, Default)]
pub struct Path {
    /// Where it starts: what no other step leads to, in order.
    pub heads: Vec<ComponentId>,
    /// Every step in the order of writing, without repeats.
    pub steps: Vec<LinkId>,
    /// The steps that leave each component.
    pub from: FxHashMap<ComponentId, Vec<LinkId>>,
    /// Where each step is written.
    pub spans: FxHashMap<LinkId, Span>,
    /// The steps that come right before each in one chain; none where a chain begins with it.
    pub(super) before: FxHashMap<LinkId, Vec<LinkId>>,
    /// The steps that begin a chain, and so go on from wherever one comes.
    pub(super) beginning: FxHashSet<LinkId>,
}

impl Path {
    /// Whether nothing is written.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The steps that the path takes from a component.
    pub fn steps_from(&self, component: ComponentId) -> &[LinkId] {
        self.from.get(&component).map_or(&[], Vec::as_slice)
    }

    /// Whether it takes this link.
    pub fn takes(&self, link: LinkId) -> bool {
        self.spans.contains_key(&link)
    }

    /// Whether its requests come in by this link.
    pub fn begins_with(&self, link: &Link) -> bool {
        self.heads.contains(&link.source) && self.takes(link.id)
    }

    /// Takes in that a chain goes on by some steps, one after the other, from the steps that come before; where
    /// there are none, the chain begins with them.
    pub(super) fn connect(&mut self, mut before: Vec<LinkId>, steps: &[LinkId]) {
        for step in steps {
            if before.is_empty() {
                self.beginning.insert(*step);
            }
            let known = self.before.entry(*step).or_default();
            known.extend(before.iter().filter(|it| !known.contains(it)).copied().collect::<Vec<_>>());
            before = vec![*step];
        }
    }

    /// Whether several of its ways cross in a component: chains that come by different steps and part again. What
    /// begins a chain there goes on from all that come.
    pub fn has_lanes(&self, component: ComponentId) -> bool {
        let came = |step: &LinkId| self.before.get(step).map_or(&[][..], Vec::as_slice);
        let steps = self.steps_from(component);
        let all: FxHashSet<LinkId> = steps.iter().flat_map(came).copied().collect();
        let goes_on_from_some =
            |step: &LinkId| !self.beginning.contains(step) && came(step).len() < all.len();
        steps.iter().any(goes_on_from_some)
    }

    /// Whether what comes by one step goes on by another: a chain says so, the step goes on from wherever one comes,
    /// or no chain says how it goes on.
    pub fn goes_on(&self, came: LinkId, step: LinkId) -> bool {
        let follows = |step: LinkId| self.before.get(&step).is_some_and(|before| before.contains(&came));
        if follows(step) || self.beginning.contains(&step) || !self.takes(step) {
            return true;
        }
        !self.before.keys().any(|other| follows(*other))
    }
}
