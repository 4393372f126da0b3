//! What the requests of a journey come to while somebody waits: every rule about what is read, written or copied on
//! the way asks this.

use rustc_hash::FxHashSet;

use super::journey::Journey;
use super::looks;
use super::needs::View;
use crate::model::{Architecture, Component, ComponentId, Link, LinkId};

/// The links that one journey takes, each once, the outermost first; caches and what is optional count as well.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// The links.
    pub links: Vec<LinkId>,
}

impl Touched {
    /// The links with their targets, in order.
    pub fn calls<'a>(
        &'a self,
        architecture: &'a Architecture,
    ) -> impl Iterator<Item = (&'a Link, &'a Component)> {
        self.links
            .iter()
            .map(|id| architecture.link(*id))
            .map(|link| (link, architecture.component(link.target)))
    }
}

/// What each journey comes to; of a design that is too large to follow all, the later ones come to nothing.
pub fn touched(architecture: &Architecture, journeys: &[Journey]) -> Vec<Touched> {
    let mut looks_left = looks(architecture);
    journeys.iter().map(|journey| of_journey(architecture, journey, &mut looks_left)).collect()
}

fn of_journey(architecture: &Architecture, journey: &Journey, looks_left: &mut usize) -> Touched {
    let view = View::timed(architecture, journey);
    let mut seen: FxHashSet<ComponentId> = journey.entries.iter().copied().collect();
    let mut waiting: Vec<ComponentId> = journey.entries.iter().rev().copied().collect();
    let mut links = Vec::new();
    while let Some(id) = waiting.pop() {
        let Some(left) = looks_left.checked_sub(1) else { break };
        *looks_left = left;
        let own = view.need(id).links();
        for link in own.iter().rev() {
            let target = architecture.link(*link).target;
            if seen.insert(target) {
                waiting.push(target);
            }
        }
        links.extend(own);
    }
    Touched { links }
}
