//! The team's own rules, and the findings that it accepts.

use super::{Builder, Entity};
use crate::catalogue::Kind;
use crate::model::constraint::{Clause, Constraint, Object, Select, SelectBy};
use crate::model::property::Owner;
use crate::model::{Allow, AllowPlace, FaultKind, values};
use crate::syntax::ast;

impl<'a> Builder<'a> {
    pub(super) fn constraint(&mut self, constraint: &'a ast::Constraint) {
        let title = constraint.name.as_ref().map_or("system", |name| name.text.as_str());
        values::properties(
            constraint.properties.iter(),
            Owner::Constraint,
            title,
            &mut self.architecture.faults,
        );
        let clauses = constraint.clauses.iter().map(|clause| self.clause(clause, title)).collect();
        self.architecture.constraints.push(Constraint {
            name: constraint.name.as_ref().map(|name| name.text.clone()),
            text: constraint.text.as_ref().map(|text| text.value.clone()),
            clauses,
            span: constraint.keyword,
        });
    }

    fn clause(&mut self, clause: &'a ast::Clause, title: &str) -> Clause {
        Clause {
            is_required: clause.is_required,
            subject: self.select(&clause.subject, title),
            object: clause.object.as_ref().map(|object| Object {
                arrow: object.arrow,
                is_along_flow: object.is_along_flow,
                select: self.select(&object.select, title),
            }),
            span: clause.span,
        }
    }

    fn select(&mut self, select: &'a ast::Select, title: &str) -> Select {
        let (by, written) = match &select.by {
            ast::SelectBy::Tag(tag) => (Some(SelectBy::Tag(tag.text.clone())), format!("#{}", tag.text)),
            ast::SelectBy::Name(path) => {
                let by = self.resolve(path, None).map(|entity| match entity {
                    Entity::Component(id) => SelectBy::Component(id),
                    Entity::Group(id) => SelectBy::Group(id),
                });
                (by, path.text.to_string())
            }
            ast::SelectBy::Kind(word) => {
                let kind = Kind::parse(&word.text);
                if kind.is_none() {
                    self.unknown_kind(word);
                }
                (kind.map(SelectBy::Kind), format!("kind {}", word.text))
            }
        };
        let conditions = select.conditions.iter();
        let conditions =
            values::properties(conditions, Owner::Constraint, title, &mut self.architecture.faults);
        Select { by, written, conditions, span: select.span }
    }

    pub(super) fn allow(&mut self, allow: &'a ast::Allow) {
        let mut places = Vec::new();
        for place in &allow.places {
            match place {
                ast::Place::Tag(tag) => places.push(AllowPlace::Tag(tag.text.clone())),
                ast::Place::Element(path) => {
                    if let Some(only) = path.only()
                        && let Some(flow) = self.flows.get(only)
                        && self.find(path, None).is_err()
                    {
                        places.push(AllowPlace::Flow(*flow));
                        continue;
                    }
                    places.extend(self.resolve(path, None).map(|entity| match entity {
                        Entity::Component(id) => AllowPlace::Component(id),
                        Entity::Group(id) => AllowPlace::Group(id),
                    }));
                }
                ast::Place::Link(from, arrow, to) => {
                    let (Some(Entity::Component(source)), Some(Entity::Component(target))) =
                        (self.resolve(from, None), self.resolve(to, None))
                    else {
                        continue;
                    };
                    if !self.seen_links.contains_key(&(source, target, *arrow)) {
                        let names = (
                            self.architecture.component(source).name.clone(),
                            self.architecture.component(target).name.clone(),
                        );
                        self.fault(
                            FaultKind::UnknownName,
                            format!("no link goes from `{}` to `{}`", names.0, names.1),
                            from.span.to(to.span),
                            "not linked",
                            Some("name a link of the design".to_owned()),
                        );
                        continue;
                    }
                    places.push(AllowPlace::Link(source, target));
                }
            }
        }
        // A place that could not be resolved must not widen the rest to the whole file.
        if places.is_empty() && !allow.places.is_empty() {
            return;
        }
        self.architecture.allows.push(Allow {
            rule: allow.rule.clone(),
            places,
            reason: allow.reason.as_ref().map(|reason| reason.value.clone()),
            span: allow.span,
        });
    }
}
