//! What goes on behind a name: an arrow, a count, an engine, a block.

use super::places::{ARROWS, sign};
use super::{Proposals, Proposed};
use crate::catalogue;
use crate::editor::spot::{Behind, Within};
use crate::model::{Owner, Property};

impl Proposals<'_> {
    /// The arrows behind what a link may come from.
    pub(super) fn arrows(&mut self, from: &str) {
        let may_link = match &self.spot.within {
            Within::File | Within::Flow => true,
            Within::Body { kind, .. } => self.group_kind(kind).is_some(),
            _ => false,
        };
        // `cache ` has its name to come, even where something is called so.
        let is_kind = self.kind(from).is_some() || self.group_kind(from).is_some();
        if !may_link || is_kind || self.spot.behind != Behind::Nothing || self.entity(from).is_none() {
            return;
        }
        for (arrow, detail) in ARROWS {
            self.word(sign(arrow), detail);
        }
    }

    /// A count, an engine and a block, as far as the kind has them.
    pub(super) fn tail(&mut self, word: &str, is_counted: bool, is_built: bool) {
        let kind = self.kind(word);
        let is_known = kind.is_some() || self.group_kind(word).is_some();
        if !is_known || self.spot.behind != Behind::Nothing {
            return;
        }
        let may_count = kind.is_some_and(|it| Property::Replicas.belongs_to(Owner::Component(it)));
        // Behind `x3` the count is said.
        if may_count && !is_counted && self.typed.len() < 2 {
            self.add(0, Proposed::Keyword, "x2", "two nodes");
        }
        if !is_built
            && kind.is_some_and(|kind| catalogue::engines().iter().any(|it| it.kinds.contains(&kind)))
        {
            self.add(1, Proposed::Keyword, ":", "what it is built with");
        }
        self.block("what is stated of it");
    }

    /// A block, to be filled in.
    pub(super) fn block(&mut self, detail: &str) {
        if self.spot.behind == Behind::Nothing {
            self.add(2, Proposed::Keyword, "{ }", detail).snippet = Some("{ $0 }".to_owned());
        }
    }
}
