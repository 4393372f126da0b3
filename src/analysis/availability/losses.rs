//! What takes a journey down: asked of sets of its components, again and again.

use rustc_hash::FxHashMap;

use super::{Change, Compiled, Element, Reach, Scenario};
use crate::analysis::reliability::{ElementId, Support};
use crate::model::ComponentId;

/// A journey that is asked which of some components it can't be without.
pub struct Losses {
    compiled: Compiled,
    support: Support,
    ids: FxHashMap<Element, ElementId>,
}

impl Losses {
    /// Each of these components may be lost, as a whole.
    pub fn of(reach: &Reach, components: impl IntoIterator<Item = ComponentId>) -> Self {
        let whole = Change { availability: Some(1.0), ..Change::default() };
        let changes = components.into_iter().map(|id| (id, whole)).collect();
        let compiled = Compiled::of(reach, &Scenario { changes, ..Scenario::as_is() });
        let ids = compiled.elements.iter().zip(0..).map(|(element, id)| (*element, ElementId(id))).collect();
        let support = Support::of(&compiled.program, compiled.root);
        Self { compiled, support, ids }
    }

    /// Whether the journey is down, for certain, once all of these are.
    pub fn take_down(&self, components: &[ComponentId]) -> bool {
        let lost: Vec<ElementId> =
            components.iter().filter_map(|id| self.ids.get(&Element::Component(*id)).copied()).collect();
        self.support.is_down_without(&self.compiled.program, &lost)
    }
}
