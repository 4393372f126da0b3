//! Capacity in words that several rules tell it in.

use super::{Busy, Filled, Rung, exceeds, next_rung};
use crate::analysis::load::{Traffic, has_unreadable_standby, hit_ratio};
use crate::catalogue::{Kind, Parameters};
use crate::figures;
use crate::model::{Component, Property, Replicas};

impl Busy {
    /// `6 944/s ÷ 2 000/s ÷ 3`.
    pub fn working(&self, component: &Component) -> String {
        self.worked(component).working()
    }

    /// What is assumed of the node, as a note.
    pub fn assumption(&self, component: &Component) -> Option<String> {
        let number = |rate: crate::quantity::Rate| figures::number(rate.per_second());
        let (reads, writes) = (number(self.capacity.reads), number(self.capacity.writes));
        let carries = if reads == writes {
            format!("{reads} requests a second")
        } else {
            format!("{reads} reads or {writes} writes a second")
        };
        let node = component.engine().map_or(component.kind.title(), |engine| engine.title);
        self.capacity.is_assumed.then(|| format!("assumed: one {node} node carries {carries}"))
    }

    /// The next step for it as its load grows, as a command without a figure: how far is not known yet.
    pub fn next_step(&self, parameters: &Parameters, component: &Component, is_cached: bool) -> String {
        let name = &component.name;
        match next_rung(parameters, component, self, is_cached) {
            Rung::Replicas(_) => format!("run more than {} of it", self.replicas),
            Rung::Partitions(_) => {
                format!("give its log more than {} `partitions`, and run as many of it", self.replicas)
            }
            Rung::Cache => format!("put a cache before `{name}`"),
            Rung::ReadReplicas(_) => format!("read from more than {} of its nodes", self.replicas),
            Rung::Shards(_) => {
                "give parts of its data a store of their own, or split it into shards".to_owned()
            }
            Rung::Larger => "take larger nodes".to_owned(),
        }
    }

    /// What to do about it, as a command with the figure that it reaches.
    pub fn advice(&self, parameters: &Parameters, component: &Component, is_cached: bool) -> String {
        let name = &component.name;
        if component.kind == Kind::External {
            return format!(
                "ask the team of `{name}` for {}, or call it less: keep answers, or batch calls",
                self.peak.total()
            );
        }
        match next_rung(parameters, component, self, is_cached) {
            Rung::Replicas(count) => {
                let busy = figures::roughly(self.share_with(component, Traffic::NONE, count));
                let command = match component.kind {
                    Kind::Cache => {
                        format!("spread its keys over {count} nodes ({})", written(component, count))
                    }
                    Kind::Queue | Kind::Stream => {
                        format!("spread it over {count} brokers ({})", written(component, count))
                    }
                    _ => format!("run {count} of it ({})", written(component, count)),
                };
                format!("{command}: each would be {busy} busy at peak")
            }
            Rung::Partitions(count) => format!(
                "run {count} of it ({}) with as many `partitions`: each would be {} busy at peak",
                written(component, count),
                figures::roughly(self.share_with(component, Traffic::NONE, count))
            ),
            Rung::Cache => self.advice_to_cache(parameters, component),
            Rung::ReadReplicas(count) => format!(
                "read from {count} nodes ({}): each would be {} busy at peak",
                written(component, count),
                figures::roughly(self.share_with(component, Traffic::NONE, count))
            ),
            Rung::Shards(_) if component.is_replica() => format!(
                "split what `{name}` copies into shards, so that each copy applies a part of the writes, and read from more \
                 of them"
            ),
            Rung::Shards(count)
                if self.filled() == Filled::ByWrites
                    || exceeds(self.writes, parameters.utilisation_target.value) =>
            {
                let busy = self.share() * component.shards() / f64::from(count);
                format!(
                    "give parts of its data a store of their own, split it into {count} shards (`shards = {count}`, \
                     each {} busy), or put what can wait behind a queue",
                    figures::roughly(busy)
                )
            }
            Rung::Shards(_) => {
                format!(
                    "add copies of `{name}` to read from: a standby only waits, and takes no reads off it"
                )
            }
            Rung::Larger => format!("take larger nodes for `{name}`, or send it less"),
        }
    }
}

impl Busy {
    /// A cache first; behind it so many nodes to read from as its misses still ask for.
    fn advice_to_cache(&self, parameters: &Parameters, component: &Component) -> String {
        let name = &component.name;
        let hits = parameters.cache_hit_ratio.value;
        let left = self.reads * (1.0 - hits) + self.writes;
        let answered = figures::percent(hits);
        let first =
            format!("put a cache before `{name}`: with {answered} of the reads answered there it would be");
        let busy = figures::roughly(left);
        if exceeds(left, parameters.utilisation_target.value) {
            let readers = if has_unreadable_standby(component) { 1 } else { self.replicas };
            let misses = self.reads * (1.0 - hits) * f64::from(readers);
            let nodes = (misses / (parameters.utilisation_target.value - self.writes) - 1e-9).ceil();
            if nodes > 0.0 {
                return format!(
                    "{first} {busy} busy, so read from {} nodes behind it",
                    figures::number(nodes)
                );
            }
            return format!("{first} {busy} busy, so split its writes as well");
        }
        match self
            .replicas_at(component, parameters.utilisation_target.value)
            .filter(|_| !has_unreadable_standby(component))
        {
            Some(count) if count > self.replicas => {
                format!("{first} {busy} busy; else read from {count} nodes")
            }
            _ => format!("{first} {busy} busy"),
        }
    }
}

/// That the peak is only assumed, as a note.
pub fn assumed_peak(parameters: &Parameters) -> String {
    let factor = figures::number(parameters.peak_factor.value);
    format!("assumed: the peak is {factor} times the mean (`peak_factor`)")
}

/// That the share which a cache answers is only assumed, as a note.
pub fn assumed_hit_ratio(cache: &Component) -> Option<String> {
    if cache.figure(Property::HitRatio).is_some() {
        return None;
    }
    let hits = figures::percent(hit_ratio(cache)?);
    Some(format!("assumed: `{}` answers {hits} of the reads (`hit_ratio`)", cache.name))
}

/// A part of what is carried as a sentence says it: `116% of`, `5.8 times`.
pub fn times(share: f64) -> String {
    if share < MANY {
        let [part, _] = figures::apart_by(share, 1.0, figures::percent_to);
        format!("{part} of")
    } else {
        format!("{} times", figures::number(share))
    }
}

/// From so many times on a percentage is read less easily than a factor.
const MANY: f64 = 2.0;

/// `` `api x5` ``: the count as it would be written, also of a range and of nodes in shards.
pub fn written(component: &Component, count: u32) -> String {
    match component.replicas {
        Replicas::Stated { least, most } if most != Some(least) => {
            format!("`{} x{}..{count}`", component.name, least.min(count))
        }
        _ => format!("`{} x{count}`", component.name),
    }
}
