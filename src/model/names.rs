//! What bears which name, scope by scope: a name leads to what stands nearest around it.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Architecture, ComponentId, GroupId};
use crate::syntax::ast;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    /// A component.
    Component(ComponentId),
    /// A group.
    Group(GroupId),
}

/// The names of a design.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// The names of each scope; `None` is the file.
    scopes: FxHashMap<(Option<GroupId>, SmolStr), Entity>,
    /// Every entity of a name, whatever its scope.
    by_name: FxHashMap<SmolStr, Vec<Entity>>,
}

impl Names {
    /// The names of a design whose elements are known.
    pub fn of(architecture: &Architecture) -> Self {
        let mut names = Self::default();
        let own = |name: &SmolStr| SmolStr::new(name.rsplit('.').next().unwrap_or(name));
        for (id, group) in architecture.groups().enumerate() {
            _ = names.enter(group.parent, &own(&group.name), Entity::Group(GroupId(id as u32)));
        }
        for component in architecture.components() {
            _ = names.enter(component.group, &own(&component.name), Entity::Component(component.id));
        }
        names
    }

    /// Enters a name into a scope.
    ///
    /// # Errors
    /// Gives what bears it there already, and keeps that.
    pub(super) fn enter(
        &mut self,
        scope: Option<GroupId>,
        name: &SmolStr,
        entity: Entity,
    ) -> Result<(), Entity> {
        match self.scopes.entry((scope, name.clone())) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(entity);
                self.by_name.entry(name.clone()).or_default().push(entity);
                Ok(())
            }
            std::collections::hash_map::Entry::Occupied(first) => Err(*first.get()),
        }
    }

    /// All that bear a name, in whatever scope.
    pub fn all(&self, name: &str) -> &[Entity] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names, in their order.
    pub fn sorted(&self) -> Vec<&SmolStr> {
        let mut names: Vec<&SmolStr> = self.by_name.keys().collect();
        names.sort_unstable();
        names
    }

    /// What a name stands for in this very scope.
    pub fn in_scope(&self, scope: Option<GroupId>, name: &str) -> Option<Entity> {
        self.scopes.get(&(scope, SmolStr::new(name))).copied()
    }

    /// What a path leads to that is written in a scope of a design.
    ///
    /// # Errors
    /// Gives all that it may be: nothing, or too much.
    pub fn find(
        &self,
        architecture: &Architecture,
        path: &ast::Path,
        scope: Option<GroupId>,
    ) -> Result<Entity, Vec<Entity>> {
        let mut parts = path.parts();
        let first = parts.next().unwrap_or_default();
        let around = architecture.group_chain(scope).map(|(id, _)| Some(id)).chain([None]);
        let nearest = around.into_iter().find_map(|scope| self.in_scope(scope, first));
        let mut entity = match (nearest, self.all(first)) {
            (Some(entity), _) => entity,
            (None, [only]) => *only,
            (None, several) => return Err(several.to_vec()),
        };
        for part in parts {
            let Entity::Group(group) = entity else { return Err(Vec::new()) };
            entity = self.in_scope(Some(group), part).ok_or_else(Vec::new)?;
        }
        Ok(entity)
    }
}
