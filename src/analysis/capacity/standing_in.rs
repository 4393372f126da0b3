//! Who carries what another carried, when that is gone: the fallback all of it, the others of a pool their part.

use rustc_hash::FxHashMap;

use crate::analysis::journey::Journey;
use crate::analysis::load::{Load, Traffic};
use crate::analysis::needs::{Need, View};
use crate::model::{Architecture, CallTree, Component, ComponentId, LinkId};
use crate::syntax::ast::Relation;

/// What comes to a component as well when another one is gone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StandIn {
    /// The one that is gone.
    pub gone: ComponentId,
    /// What it no longer carries.
    pub more: Traffic,
    /// Whether the design names it as the fallback; else it is one of a pool.
    pub is_fallback: bool,
}

/// For each component that others lean on, the one whose loss brings it the most. `journey_of` gives a journey
/// that needs a component.
pub fn stand_ins(
    architecture: &Architecture,
    load: &Load,
    journey_of: impl Fn(ComponentId) -> Option<usize>,
    journeys: &[Journey],
) -> FxHashMap<ComponentId, StandIn> {
    let mut leaning = Leaning { architecture, load, found: FxHashMap::default() };
    for component in architecture.components() {
        if !has_alternatives(architecture, component) {
            continue;
        }
        let Some(journey) = journey_of(component.id) else { continue };
        leaning.visit(&View::new(architecture, &journeys[journey]).need(component.id));
    }
    let worst = |all: Vec<StandIn>| {
        all.into_iter().max_by(|a, b| a.more.total().total_cmp(&b.more.total()).then(b.gone.cmp(&a.gone)))
    };
    leaning.found.into_iter().filter_map(|(id, all)| Some((id, worst(all)?))).collect()
}

/// Whether anything that it calls may stand in for something else that it calls.
fn has_alternatives(architecture: &Architecture, component: &Component) -> bool {
    if architecture.links_from(component.id).len() < 2 {
        return false;
    }
    component.kind.is_chooser() || architecture.calls_of(component.id).any(|call| chooses(&call.tree))
}

fn chooses(tree: &CallTree) -> bool {
    match tree {
        CallTree::Link(_) => false,
        CallTree::Set(Relation::Any | Relation::Else, _) => true,
        CallTree::Set(_, members) => members.iter().any(chooses),
    }
}

struct Leaning<'a> {
    architecture: &'a Architecture,
    load: &'a Load,
    found: FxHashMap<ComponentId, Vec<StandIn>>,
}

impl Leaning<'_> {
    fn visit(&mut self, need: &Need) {
        match need {
            Need::Link(_) | Need::Asked(_) => {}
            Need::Else(members) => self.fallbacks(members),
            Need::Any(members) => self.pool(members),
            Need::All(members) | Need::Unchecked(members) | Need::Routes(members) => {
                for member in members {
                    self.visit(member);
                }
            }
        }
    }

    fn carried(&self, link: LinkId) -> (ComponentId, Traffic) {
        (self.architecture.link(link).target, self.load.link(link).peak)
    }

    /// Each later one carries all that the first does.
    fn fallbacks(&mut self, members: &[Need]) {
        let Some(Need::Link(first)) = members.first() else { return };
        let (gone, more) = self.carried(*first);
        for member in &members[1..] {
            if let Need::Link(link) = member {
                let taker = self.architecture.link(*link).target;
                self.add(taker, StandIn { gone, more, is_fallback: true });
            }
        }
    }

    /// The others carry what the busiest did, each by its own part. The busiest itself waits for the second.
    fn pool(&mut self, members: &[Need]) {
        let links = members.iter().map(|it| if let Need::Link(link) = it { Some(*link) } else { None });
        let Some(links) = links.collect::<Option<Vec<LinkId>>>() else { return };
        let mut parts: Vec<(ComponentId, Traffic)> = links.into_iter().map(|it| self.carried(it)).collect();
        let all = parts.iter().fold(Traffic::NONE, |sum, (_, part)| sum + *part).total();
        parts.sort_by(|a, b| b.1.total().total_cmp(&a.1.total()).then(a.0.cmp(&b.0)));
        let [busiest, second, ..] = parts[..] else { return };
        for (at, (taker, own)) in parts.iter().enumerate() {
            let (gone, lost) = if at == 0 { second } else { busiest };
            let left = all - lost.total();
            if left.is_positive() {
                let more = lost * (own.total() / left);
                self.add(*taker, StandIn { gone, more, is_fallback: false });
            }
        }
    }

    /// Several callers lose the same one at once.
    fn add(&mut self, taker: ComponentId, more: StandIn) {
        let of_taker = self.found.entry(taker).or_default();
        match of_taker.iter_mut().find(|it| it.gone == more.gone) {
            Some(known) => {
                known.more += more.more;
                known.is_fallback |= more.is_fallback;
            }
            None => of_taker.push(more),
        }
    }
}
