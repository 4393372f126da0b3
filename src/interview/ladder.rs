//! What is full first as the load grows, and the next step up for it.

use crate::analysis::capacity;
use crate::analysis::load::Load;
use crate::figures;
use crate::model::Architecture;
use crate::source::Span;

/// So many are told.
const MOST: usize = 3;

/// Something that is full at a load.
#[derive(Clone, Debug, PartialEq)]
pub struct Bottleneck {
    /// What.
    pub element: String,
    /// Where it stands.
    pub place: Span,
    /// The part of its busiest node that today's peak uses; 1 is full.
    pub utilisation: f64,
    /// Whether that rests on the catalogue.
    pub is_assumed: bool,
    /// At how many times today's load it is full.
    pub at_times_load: f64,
    /// The same in users, where their number is stated: `17.2M daily users`.
    pub at_users: Option<String>,
    /// How its utilisation comes about.
    pub working: String,
    /// The next step for it, as a command: `run more than 6 of it`.
    pub next: String,
}

impl Bottleneck {
    /// When it is full, in words: `at 17.2M daily users`; `already` where the peak of today is more.
    pub fn full_at(&self) -> String {
        match (&self.at_users, self.is_full()) {
            (Some(users), false) => format!("at {users}"),
            (None, false) => format!("at {} times today's load", figures::number(self.at_times_load)),
            (Some(users), true) => format!("already, at {users}"),
            (None, true) => "already".to_owned(),
        }
    }

    /// What to do, and by when.
    pub fn step(&self) -> String {
        let when = if self.is_full() { "now" } else { "before that" };
        format!("{when}, {}", self.next)
    }

    /// Whether today's peak is more than it carries.
    pub fn is_full(&self) -> bool {
        capacity::exceeds(self.utilisation, 1.0)
    }
}

pub(super) fn bottlenecks(architecture: &Architecture, load: &Load) -> Vec<Bottleneck> {
    let cached = capacity::cached_stores(architecture, load);
    let told = capacity::busiest(architecture, load);
    let told = told.iter().take(MOST).map(|busy| {
        let component = architecture.component(busy.component);
        let is_cached = cached.contains(&component.id);
        Bottleneck {
            element: component.name.to_string(),
            place: component.span,
            utilisation: busy.share(),
            is_assumed: busy.capacity.is_assumed,
            at_times_load: busy.headroom(),
            at_users: capacity::users_at(&architecture.system.properties, busy.headroom()),
            working: busy.working(component),
            next: busy.next_step(&architecture.parameters, component, is_cached),
        }
    });
    told.collect()
}
