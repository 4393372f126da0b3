//! How many kinds of store a team runs.

use smol_str::SmolStr;

use super::Planner;
use super::reasons::is_explained;
use super::scale::Use;
use crate::catalogue::Kind;
use crate::model::{Component, ComponentId, Property};

/// More kinds of store than a stated team can run.
#[derive(Clone, Debug)]
pub struct StoreKinds {
    /// The engineers.
    pub team: f64,
    /// The kinds, in the order in which they first appear.
    pub kinds: Vec<StoreKind>,
}

/// Stores that are run alike.
#[derive(Clone, Debug)]
pub struct StoreKind {
    /// How their data is shaped, as a sentence says it: `key-value`.
    pub title: SmolStr,
    /// They.
    pub stores: Vec<ComponentId>,
    /// The part of one plain node that the busiest of them uses, where it is known.
    pub used: Option<Use>,
}

impl Planner<'_> {
    /// The kinds of store, where they are more than the stated team can run; nothing without a team or a scale.
    pub fn too_many_store_kinds(&self) -> Option<StoreKinds> {
        let team = self.architecture.system.properties.figure(Property::Team)?;
        let has_scale = self.analysis.load.is_known() || self.scale.users.is_some();
        if team >= self.architecture.parameters.store_kinds_team.value || !has_scale {
            return None;
        }
        let mut kinds: Vec<StoreKind> = Vec::new();
        for store in self.architecture.components() {
            let Some(title) = title(store).filter(|_| !is_explained(self.architecture, store)) else {
                continue;
            };
            let used = self.use_of(store);
            let Some(known) = kinds.iter_mut().find(|it| it.title == title) else {
                kinds.push(StoreKind { title, stores: vec![store.id], used });
                continue;
            };
            known.stores.push(store.id);
            let share = |used: &Option<Use>| used.map_or(-1.0, |it| it.share);
            if share(&used) > share(&known.used) {
                known.used = used;
            }
        }
        (kinds.len() as f64 > self.architecture.parameters.store_kinds.value)
            .then_some(StoreKinds { team, kinds })
    }
}

/// How a store's data is shaped; nothing for what others keep as files and objects, for queues, and for a database of
/// which nothing is said.
fn title(store: &Component) -> Option<SmolStr> {
    let model = store.word(Property::Model).or_else(|| store.known().get(|facts| facts.model));
    match store.kind {
        Kind::SearchIndex => Some("search".into()),
        Kind::Cache => Some(model.unwrap_or("key_value").replace('_', "-").into()),
        Kind::Database => Some(model?.replace('_', "-").into()),
        _ => None,
    }
}
