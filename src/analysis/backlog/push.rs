//! Messages that are pushed straight to whoever works on them, with nothing between that could hold them up.

use rustc_hash::FxHashSet;

use super::{Amount, Basis, Consumer, Crew};
use crate::analysis::load::Load;
use crate::catalogue::Fact;
use crate::model::{Architecture, Component, ComponentId, Link, Properties, Property};
use crate::quantity::Rate;
use crate::worked::Worked;

/// A component that others push to without waiting, and without a queue.
#[derive(Clone, Debug)]
pub struct Push<'a> {
    /// The links that push, with what each brings at peak, the greatest first.
    pub links: Vec<(&'a Link, Rate)>,
    /// Who gets it.
    pub target: &'a Component,
    /// All that comes to it, on average and at peak.
    pub work: Amount,
    /// What it carries together.
    pub capacity: Worked<Rate>,
    /// The catalogue's figure in it, where there is one.
    pub assumed: Option<Fact>,
}

impl Push<'_> {
    /// Whether more comes at peak than is carried, and without the pushes it would not.
    pub fn is_too_much(&self) -> bool {
        let pushed: Rate = self.links.iter().map(|(_, peak)| *peak).sum();
        let rest = self.work.peak - pushed;
        self.work.peak > self.capacity.value && rest <= self.capacity.value
    }
}

/// All pushes of known figures into components that say what they carry, fast or slow.
pub fn pushes<'a>(architecture: &'a Architecture, load: &'a Load) -> Vec<Push<'a>> {
    let mut seen: FxHashSet<ComponentId> = FxHashSet::default();
    let pushing = architecture.links().filter(|link| is_push(architecture, link));
    pushing
        .filter(|link| seen.insert(link.target))
        .filter_map(|link| push(architecture, load, architecture.component(link.target)))
        .collect()
}

fn push<'a>(architecture: &'a Architecture, load: &Load, target: &'a Component) -> Option<Push<'a>> {
    let demand = load.component(target.id);
    if !demand.is_known() || is_throttled(target) {
        return None;
    }
    let mut links: Vec<(&Link, Rate)> = architecture
        .links_to(target.id)
        .filter(|link| is_push(architecture, link) && !is_throttled(link))
        .map(|link| (link, load.link(link.id).peak.total()))
        .filter(|(_, peak)| peak.is_positive())
        .collect();
    links.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (first, _) = links.first()?;
    let consumer = Consumer::of(architecture, target, first, target);
    let capacity = consumer.capacity().filter(|_| matches!(consumer.crew, Crew::Of(_)))?;
    let assumed = match consumer.pace?.basis {
        Basis::Written => None,
        Basis::ServiceTime { concurrency, .. } => Some(concurrency),
        // A guess of what it carries accuses nobody.
        Basis::Catalogue(_) => return None,
    };
    let work = Amount { mean: demand.mean.total(), peak: demand.peak.total() };
    Some(Push { links, target, work, capacity, assumed })
}

/// Whether a link hands messages over without waiting, and neither end is a queue.
fn is_push(architecture: &Architecture, link: &Link) -> bool {
    let (source, target) = architecture.ends(link);
    link.is_async()
        && !link.copies_data()
        && !link.is_beside_the_path()
        && !source.kind.is_queue()
        && !target.kind.is_queue()
        && target.kind.is_compute()
}

/// Whether it is said what holds a flood up, or what becomes of it.
fn is_throttled(properties: &Properties) -> bool {
    [Property::OnFull, Property::RateLimit, Property::MaxLength].into_iter().any(|it| properties.has(it))
}
