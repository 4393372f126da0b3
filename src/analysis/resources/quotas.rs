//! What other companies allow: the calls a second at peak against their quota.

use super::Limit;
use crate::analysis::load::Load;
use crate::catalogue::{Kind, Parameters};
use crate::model::{Architecture, Component, Link, Property};
use crate::quantity::{Duration, Rate};

/// A quota that the peak exceeds.
#[derive(Clone, Debug)]
pub struct OverQuota<'a> {
    /// Who is called.
    pub target: &'a Component,
    /// The calls that count, the busiest first.
    pub calls: Vec<&'a Link>,
    /// What is allowed.
    pub quota: Quota,
    /// Calls a second, on average and at peak.
    pub mean: Rate,
    /// At peak.
    pub peak: Rate,
    /// Whether a queue before it already evens the peak out.
    pub is_queued: bool,
}

/// Calls a second that a provider allows.
pub type Quota = Limit<Rate>;

impl OverQuota<'_> {
    /// What a queue before it would hold after a peak, drained at the quota, and how long it is worked on from
    /// then; nothing where even the mean is too much.
    ///
    /// Backlog B = (peak − quota) × length of the peak, and B ÷ (quota − mean) until it is gone.
    pub fn backlog(&self, parameters: &Parameters) -> Option<(f64, Duration)> {
        let left = self.quota.most - self.mean;
        if !left.is_positive() {
            return None;
        }
        let backlog: f64 = (self.peak - self.quota.most) * parameters.peak_duration.duration();
        Some((backlog, backlog / left))
    }
}

/// Where the peak exceeds a quota: of a link as it states it, of a component as it states it, of another company
/// else as the catalogue has it.
///
/// Where a queue feeds the callers, they can work no faster than they are let: there only the mean counts.
pub fn over_quota<'a>(architecture: &'a Architecture, load: &Load) -> Vec<OverQuota<'a>> {
    let judged = quotas(architecture, load).into_iter();
    judged.filter_map(|(target, calls, quota)| judge(architecture, load, target, calls, quota)).collect()
}

/// Whom one quota holds: who is called, the calls that count together, and what is allowed.
pub type Allowed<'a> = (&'a Component, Vec<&'a Link>, Quota);

/// All quotas of a design that are called, of links and of components; the busiest call of each first.
pub fn quotas<'a>(architecture: &'a Architecture, load: &Load) -> Vec<Allowed<'a>> {
    let mut found: Vec<Allowed> = Vec::new();
    for target in architecture.components() {
        let calls = || architecture.links_to(target.id).filter(|link| load.link(link.id).is_reached);
        for link in calls() {
            if let Some(most) = link.rate(Property::Quota) {
                found.push((target, vec![link], Limit::stated(most)));
            }
        }
        let Some(quota) = quota_of(target) else { continue };
        let mut calls: Vec<&Link> = calls().filter(|link| !link.is_stated(Property::Quota)).collect();
        calls.sort_by(|a, b| load.link(b.id).peak.total().total_cmp(&load.link(a.id).peak.total()));
        if !calls.is_empty() {
            found.push((target, calls, quota));
        }
    }
    found
}

fn quota_of(target: &Component) -> Option<Quota> {
    if target.is_stated(Property::Quota) {
        return target.rate(Property::Quota).map(Limit::stated);
    }
    if target.kind == Kind::ThirdParty && target.is_stated(Property::Capacity) {
        return target.rate(Property::Capacity).map(Limit::stated);
    }
    let fact = target.known().get(|facts| facts.quota).filter(|_| target.kind == Kind::ThirdParty)?;
    Some(Limit::assumed(fact.rate()))
}

fn judge<'a>(
    architecture: &'a Architecture,
    load: &Load,
    target: &'a Component,
    calls: Vec<&'a Link>,
    quota: Quota,
) -> Option<OverQuota<'a>> {
    let sum =
        |of: fn(&crate::analysis::load::Demand) -> Rate| calls.iter().map(|it| of(load.link(it.id))).sum();
    let mean: Rate = sum(|it| it.mean.total());
    let peak: Rate = sum(|it| it.peak.total());
    if peak <= quota.most {
        return None;
    }
    let is_queued = calls.iter().all(|call| is_paced(architecture, call));
    if is_queued && mean <= quota.most {
        return None;
    }
    Some(OverQuota { target, calls, quota, mean, peak, is_queued })
}

/// Whether its caller works as fast as it likes: off a queue, or no faster than a stated limit.
fn is_paced(architecture: &Architecture, call: &Link) -> bool {
    let (caller, _) = architecture.ends(call);
    call.has(Property::RateLimit)
        || caller.kind.is_queue()
        || caller.kind == Kind::Worker
            && architecture.links_to(caller.id).all(|it| it.is_async() || it.is_beside_the_path())
        || {
            let mut feeds = architecture.links_to(caller.id).peekable();
            feeds.peek().is_some() && feeds.all(|it| architecture.component(it.source).kind.is_queue())
        }
}
