//! The properties that what a block belongs to may have and does not state yet: what is usual first.

use super::{Proposals, Proposed, usual};
use crate::catalogue::Kind;
use crate::editor::hover;
use crate::editor::spot::{Behind, Chosen, Within};
use crate::model::property::{DEFINITIONS, Form};
use crate::model::{Entity, GroupKind, Owner, Property};
use crate::syntax::ast::Statement;

/// How deep templates are followed.
const MAX_DEPTH: usize = 16;

impl Proposals<'_> {
    /// What owns the properties of a block, as far as it is known; any component where a clause chooses by a tag.
    pub(super) fn owners(&self) -> Vec<Owner> {
        let of_kind = |kind: &str| match (self.kind(kind), self.group_kind(kind)) {
            (Some(kind), _) => vec![Owner::Component(kind)],
            (None, Some(kind)) => vec![Owner::Group(kind)],
            (None, None) => Vec::new(),
        };
        let any = || Kind::ALL.map(Owner::Component).to_vec();
        match &self.spot.within {
            Within::System => vec![Owner::System],
            Within::Link | Within::Asked(Chosen::Links) => vec![Owner::Link],
            Within::Flow => vec![Owner::Flow],
            Within::Constraint => vec![Owner::Constraint],
            Within::Body { kind, .. } => of_kind(kind),
            Within::Asked(Chosen::Kind(kind)) => match kind.as_str() {
                "any" => any(),
                "flow" => vec![Owner::Flow],
                "system" => vec![Owner::System],
                kind => of_kind(kind),
            },
            Within::Asked(Chosen::Name(name)) => match self.entity(name) {
                Some(Entity::Component(id)) => vec![Owner::Component(self.architecture.component(id).kind)],
                Some(Entity::Group(_)) => any(),
                None if self.architecture.flows().any(|it| it.name == *name) => vec![Owner::Flow],
                None => Vec::new(),
            },
            Within::Asked(Chosen::Tag) => any(),
            Within::File => Vec::new(),
        }
    }

    /// The kind in the end of one that may be a template.
    fn base<'a>(&'a self, word: &'a str) -> &'a str {
        let mut word = word;
        for _ in 0..MAX_DEPTH {
            let statements = self.view.trees.iter().flat_map(|it| &it.statements);
            let mut templates =
                statements.filter_map(|it| if let Statement::Template(it) = it { Some(it) } else { None });
            match templates.find(|it| it.name.text == word) {
                Some(template) => word = &template.base.text,
                None => break,
            }
        }
        word
    }

    pub(super) fn kind(&self, word: &str) -> Option<Kind> {
        Kind::parse(self.base(word))
    }

    pub(super) fn group_kind(&self, word: &str) -> Option<GroupKind> {
        GroupKind::parse(self.base(word))
    }

    /// The properties, each ranked by how usual it is, from a rank on.
    pub(super) fn properties(&mut self, first: usize) {
        if self.spot.path.is_some() || matches!(self.spot.behind, Behind::Arrow | Behind::Dot | Behind::Tail)
        {
            return;
        }
        let owners = self.owners();
        for property in Property::ALL {
            let name = property.name();
            if self.spot.stated.iter().any(|it| it == name) {
                continue;
            }
            let belonging = owners.iter().filter(|it| property.belongs_to(**it));
            if let Some(rank) = belonging.filter_map(|it| usual::rank(*it, *property)).min() {
                self.property(first + rank, *property);
            }
        }
    }

    fn property(&mut self, rank: usize, property: Property) {
        let definition = &DEFINITIONS[property as usize];
        let takes_value = !definition.forms.contains(&Form::Flag);
        let is_asked = matches!(self.spot.within, Within::Asked(_));
        let behind = self.spot.behind;
        let detail = definition.meaning.trim().trim_end_matches('.');
        let proposal = self.add(rank, Proposed::Property, definition.name, detail);
        proposal.told = hover::of_property(property);
        if !takes_value || is_asked || behind == Behind::Equals {
            return;
        }
        if behind == Behind::Word {
            proposal.text = Some(format!("{} =", definition.name));
        } else {
            proposal.text = Some(format!("{} = ", definition.name));
            let is_text = definition.forms == [Form::Text];
            let value = if is_text { "\"$0\"" } else { "$0" };
            proposal.snippet = Some(format!("{} = {value}", definition.name));
        }
    }
}
