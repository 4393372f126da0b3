//! A design otherwise than it is written, for "what if".

use rustc_hash::FxHashMap;

use super::property::{Entry, Owner, Statement, Value};
use super::{Architecture, ComponentId, Properties, Property, Replicas};
use crate::syntax::ast::{Dimension, Setting};

/// What is otherwise.
#[derive(Clone, Debug)]
pub struct Changes {
    /// Properties that are stated after the fact: each goes before what is written.
    pub settings: Vec<Setting>,
    /// How many times the stated load comes.
    pub load: f64,
}

impl Default for Changes {
    fn default() -> Self {
        Self { settings: Vec::new(), load: 1.0 }
    }
}

/// What says how much comes. What the clock starts does not come more often, and limits stay as they are.
const LOAD: [Property; 9] = [
    Property::Users,
    Property::MonthlyUsers,
    Property::DailyUsers,
    Property::Concurrent,
    Property::Rate,
    Property::Reads,
    Property::Writes,
    Property::Peak,
    Property::Growth,
];

impl Architecture {
    /// Multiplies all that is stated of how much comes.
    pub(super) fn multiply_load(&mut self, factor: f64) {
        if factor.to_bits() == 1_f64.to_bits() {
            return;
        }
        self.system.properties.multiply(Owner::System, factor);
        for component in &mut self.components {
            component.properties.multiply(Owner::Component(component.kind), factor);
        }
        for group in &mut self.groups {
            group.properties.multiply(Owner::Group(group.kind), factor);
        }
        for link in &mut self.links {
            link.properties.multiply(Owner::Link, factor);
        }
        for flow in &mut self.flows {
            flow.properties.multiply(Owner::Flow, factor);
        }
    }
}

impl Architecture {
    /// The design with fewer replicas of some components; where no end of them is stated, they stay as they are.
    #[must_use]
    pub fn with_replicas(&self, left: &FxHashMap<ComponentId, (u32, u32)>) -> Self {
        let mut design = self.clone();
        for component in &mut design.components {
            if let Some((left, _)) = left.get(&component.id)
                && matches!(component.replicas, Replicas::Stated { most: Some(_), .. })
            {
                component.replicas = Replicas::Stated { least: *left, most: Some(*left) };
            }
        }
        design
    }
}

impl Properties {
    fn multiply(&mut self, owner: Owner, factor: f64) {
        let changed: Vec<Entry> = self.iter().filter_map(|entry| multiplied(entry, owner, factor)).collect();
        for entry in changed {
            self.insert(entry);
        }
    }
}

fn multiplied(entry: &Entry, owner: Owner, factor: f64) -> Option<Entry> {
    let Statement::Value(Value::Figure { low, high, dimension }) = entry.statement else { return None };
    // A component's `concurrent` is how many it holds, not how many come; and a percentage a year grows by itself.
    let is_limit = entry.property == Property::Concurrent
        && matches!(owner, Owner::Component(kind) if !kind.is_outside());
    if !LOAD.contains(&entry.property) || is_limit || dimension == Dimension::Growth {
        return None;
    }
    let figure = Value::Figure { low: low * factor, high: high * factor, dimension };
    Some(Entry { statement: Statement::Value(figure), ..entry.clone() })
}
