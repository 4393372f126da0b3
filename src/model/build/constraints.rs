//! The team's own rules, and the findings that it accepts.

use super::{Builder, Entity};
use crate::catalogue::Kind;
use crate::diagnostic::{Label, Severity};
use crate::model::constraint::{Asked, Claim, Clause, Condition, Constraint, Select, SelectBy, Sort};
use crate::model::property::Owner;
use crate::model::{Allow, AllowPlace, Fault, FaultKind, Property, values};
use crate::syntax::ast;

impl<'a> Builder<'a> {
    pub(super) fn constraint(&mut self, constraint: &'a ast::Constraint) {
        let title = constraint.name.as_ref().map_or("system", |name| name.text.as_str());
        let faults = self.architecture.faults.len();
        let stated = values::properties(
            constraint.properties.iter(),
            Owner::Constraint,
            title,
            &mut self.architecture.faults,
        );
        let level = match stated.word(Property::Level) {
            Some("warning") => Severity::Warning,
            Some("advice") => Severity::Advice,
            _ => Severity::Error,
        };
        let mut clauses: Vec<Clause> =
            constraint.clauses.iter().map(|clause| self.clause(clause, title)).collect();
        // Without what could not be read it would be another constraint.
        if self.architecture.faults.len() > faults {
            clauses.clear();
        }
        self.architecture.constraints.push(Constraint {
            name: constraint.name.as_ref().map(|name| name.text.clone()),
            text: constraint.text.as_ref().map(|text| text.value.clone()),
            level,
            clauses,
            span: constraint.keyword,
        });
    }

    fn clause(&mut self, clause: &'a ast::Clause, title: &str) -> Clause {
        let mut subject = self.select(&clause.subject, title);
        let braces = self.conditions(&clause.subject.conditions, title);
        let claim = match &clause.object {
            None if clause.is_required && !braces.is_empty() => {
                return Clause {
                    is_required: true,
                    subject,
                    claim: Claim::Statements(braces),
                    span: clause.span,
                };
            }
            None => Claim::Presence,
            Some(object) => self.claim(object, title),
        };
        // Anywhere else the braces choose as well.
        subject.conditions.extend(braces);
        if clause.object.is_some() {
            self.needs_links(&mut subject, title);
        }
        Clause { is_required: clause.is_required, subject, claim, span: clause.span }
    }

    fn claim(&mut self, object: &'a ast::ClauseObject, title: &str) -> Claim {
        let end = self.end(&object.select, title);
        match &object.way {
            ast::ClauseWay::Flow(without) => {
                Claim::Way(end, without.as_ref().map(|without| self.end(without, title)))
            }
            ast::ClauseWay::Link(protocols, with) => {
                self.unknown_protocols(protocols, title);
                let sort = Sort { protocols: protocols.clone(), conditions: self.conditions(with, title) };
                if sort.is_any() {
                    Claim::Link(object.arrow, end)
                } else {
                    Claim::EachLink(object.arrow, end, sort)
                }
            }
        }
    }

    /// What a link or a way leads to.
    fn end(&mut self, written: &'a ast::Select, title: &str) -> Select {
        let mut select = self.select(written, title);
        let braces = self.conditions(&written.conditions, title);
        select.conditions.extend(braces);
        self.needs_links(&mut select, title);
        select
    }

    fn needs_links(&mut self, select: &mut Select, title: &str) {
        if select.by.as_ref().is_some_and(|by| !by.is_of_components()) {
            select.by = None;
            self.architecture.faults.push(Fault {
                kind: FaultKind::WrongType,
                message: format!("`{}` has no links", select.written),
                labels: vec![Label {
                    span: select.span,
                    message: "at an end of an arrow".to_owned(),
                    element: Some(title.to_owned()),
                }],
                help: Some("name components: by `kind`, by `#tag` or by name".to_owned()),
                fix: None,
                element: title.to_owned(),
            });
        }
    }

    fn select(&mut self, select: &'a ast::Select, title: &str) -> Select {
        let (by, written) = match &select.by {
            ast::SelectBy::Tag(tag) => (Some(SelectBy::Tag(tag.text.clone())), format!("#{}", tag.text)),
            ast::SelectBy::Name(path) => (self.select_by_name(path), path.text.to_string()),
            ast::SelectBy::Kind(word) => (self.select_by_kind(word), format!("kind {}", word.text)),
        };
        let conditions = self.conditions(&select.chosen, title);
        Select { by, written, conditions, span: select.span }
    }

    fn select_by_name(&mut self, path: &'a ast::Path) -> Option<SelectBy> {
        if let Some(only) = path.only()
            && let Some(flow) = self.flows.get(only)
            && self.find(path, None).is_err()
        {
            return Some(SelectBy::Flow(*flow));
        }
        self.resolve(path, None).map(|entity| match entity {
            Entity::Component(id) => SelectBy::Component(id),
            Entity::Group(id) => SelectBy::Group(id),
        })
    }

    fn select_by_kind(&mut self, word: &ast::Name) -> Option<SelectBy> {
        match word.text.as_str() {
            "any" => Some(SelectBy::Any),
            "flow" => Some(SelectBy::Flows),
            "system" => Some(SelectBy::System),
            text => {
                let kind = Kind::parse(text);
                if kind.is_none() {
                    self.unknown_kind(word);
                }
                kind.map(SelectBy::Kind)
            }
        }
    }

    fn conditions(&mut self, written: &'a [ast::Property], title: &str) -> Vec<Condition> {
        let stated =
            values::properties(written.iter(), Owner::Constraint, title, &mut self.architecture.faults);
        let known = stated
            .iter()
            .map(|entry| (Asked::Property(entry.property), entry.statement.clone(), entry.property.name()));
        let own = stated.own.iter().map(|own| {
            let name = own.name.as_str();
            (Asked::Own(own.name.clone()), own.statement.clone(), name)
        });
        known
            .chain(own)
            .filter_map(|(subject, statement, name)| {
                let property = written.iter().find(|it| it.name.text == name)?;
                let value = property.value.as_ref().map(|value| &value.kind);
                let is_choice = matches!(value, Some(ast::ValueKind::Names(_)));
                Some(Condition { subject, statement, is_choice })
            })
            .collect()
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
