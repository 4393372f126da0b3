//! Links: what each statement draws from whom to whom, and the calls that its sets of targets make.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::{Builder, Entity};
use crate::catalogue;
use crate::diagnostic::{Edit, Fix, Label};
use crate::model::component::ComponentId;
use crate::model::group::GroupId;
use crate::model::link::{Call, CallTree, GroupLink, Link, LinkId};
use crate::model::property::Owner;
use crate::model::{Fault, FaultKind, Properties, Property, values};
use crate::nearest::nearest_of;
use crate::source::Span;
use crate::syntax::ast::{self, Arrow, Name, Targets};

/// How many links a design may have: many sources and many targets of one statement multiply.
const MAX_LINKS: usize = 4_000_000;

/// Of a link with a misspelt name so many pairs of its ends are looked at; of one with more no fix is safe.
const MAX_PAIRS: usize = 10_000;

impl<'a> Builder<'a> {
    pub(super) fn link(&mut self, link: &'a ast::Link, owner: Option<Entity>, scope: Option<GroupId>) {
        let mut faults = Vec::new();
        let guesses = self.guesses.len();
        let mut sources = match (&link.from, owner) {
            (Some(from), _) => self.ends(from, scope),
            (None, Some(entity)) => vec![(entity, link.hops[0].arrow_span)],
            (None, None) => return,
        };
        let first =
            sources.first().map_or(SmolStr::new_static("system"), |(it, _)| self.entity_name(*it).clone());
        let properties = values::properties(link.properties.iter(), Owner::Link, &first, &mut faults);
        // A template's links are made once for each instance, their faults reported once.
        let is_reported = faults.first().is_some_and(|first| {
            let mut latest = self.architecture.faults.iter().rev().take(64);
            latest.any(|it| it.labels[0].span == first.labels[0].span)
        });
        if !is_reported {
            self.architecture.faults.append(&mut faults);
        }
        self.unknown_protocols(&link.protocols, &first);
        for (at, hop) in link.hops.iter().enumerate() {
            if self.architecture.links.len() >= MAX_LINKS {
                self.too_many_links(link.span);
                return;
            }
            let is_last = at + 1 == link.hops.len();
            let mut next: Vec<(Entity, Span)> = Vec::new();
            let mut seen = FxHashSet::default();
            for (source, _) in &sources {
                let tree = self.targets(
                    *source,
                    &hop.to,
                    hop.arrow,
                    link,
                    &properties,
                    scope,
                    &mut |entity, span| {
                        if !is_last && seen.insert(entity) {
                            next.push((entity, span));
                        }
                    },
                );
                if let (Entity::Component(source), Some(tree)) = (*source, tree) {
                    let at = self.architecture.calls.len() as u32;
                    // Separate targets of one statement are separate calls.
                    self.architecture.calls.push(Call { source, tree });
                    self.architecture.components[source.0 as usize].calls.push(at);
                }
            }
            sources = next;
        }
        if self.guesses.len() > guesses {
            self.guessed_links.push((link, owner, scope));
        }
    }

    /// Where a misspelt name would link a component to itself, or draw again what is drawn, it is more likely that of
    /// something yet to be declared: no fix of it is safe.
    pub(super) fn doubt_guesses(&mut self) {
        let mut doubted: FxHashSet<Span> = FxHashSet::default();
        for (link, owner, scope) in std::mem::take(&mut self.guessed_links) {
            let mut sources: Vec<(Entity, Option<Span>)> = match &link.from {
                Some(from) => self.meant(from, scope),
                None => owner.map(|it| (it, None)).into_iter().collect(),
            };
            for hop in &link.hops {
                let targets = self.meant(&hop.to, scope);
                let are_many = sources.len().saturating_mul(targets.len()) > MAX_PAIRS;
                if are_many {
                    doubted.extend(sources.iter().chain(&targets).filter_map(|(_, guess)| *guess));
                } else {
                    for (source, one) in &sources {
                        for (target, other) in &targets {
                            if source == target || self.is_linked(*source, *target, hop.arrow) {
                                doubted.extend(one.iter().chain(other));
                            }
                        }
                    }
                }
                sources = targets;
            }
        }
        for fault in &mut self.architecture.faults {
            if let Some(fix) = fault.fix.as_mut().filter(|_| fault.kind == FaultKind::UnknownName)
                && fix.edits.iter().any(|it| doubted.contains(&it.span))
            {
                fix.is_safe = false;
            }
        }
    }

    fn is_linked(&self, source: Entity, target: Entity, arrow: Arrow) -> bool {
        let (Entity::Component(source), Entity::Component(target)) = (source, target) else { return false };
        self.seen_links.contains_key(&(source, target, arrow))
    }

    /// What a set's names stand for, those that are misspelt too; where such a one stands, with that.
    fn meant(&self, targets: &Targets, scope: Option<GroupId>) -> Vec<(Entity, Option<Span>)> {
        match targets {
            Targets::Gap(_) => Vec::new(),
            Targets::End(path) => match self.guesses.get(&path.span) {
                Some(entity) => vec![(*entity, Some(path.span))],
                None => self.find(path, scope).ok().map(|it| (it, None)).into_iter().collect(),
            },
            Targets::Set(_, members, _) => members.iter().flat_map(|it| self.meant(it, scope)).collect(),
        }
    }

    fn too_many_links(&mut self, span: Span) {
        if !std::mem::replace(&mut self.is_full, true) {
            self.fault(
                FaultKind::TooLarge,
                format!("the design has over {MAX_LINKS} links"),
                span,
                "from here on no link is read",
                Some("split it into several designs".to_owned()),
            );
        }
    }

    /// Protocols are an open set, but one that is nearly a known one is a slip.
    pub(super) fn unknown_protocols(&mut self, protocols: &[Name], element: &str) {
        for name in protocols.iter().filter(|name| catalogue::protocol(&name.text).is_none()) {
            let known = catalogue::protocols().iter().map(|protocol| protocol.name);
            let Some((near, is_sure)) = nearest_of(&name.text, known) else { continue };
            self.not_known("a protocol", name, near, is_sure, element);
        }
    }

    /// Tells of a word of an open set that is nearly one which is known.
    pub(super) fn not_known(&mut self, what: &str, name: &Name, near: &str, is_sure: bool, element: &str) {
        // What a template says holds for each of its instances; its faults are reported once.
        if self.architecture.faults.iter().any(|fault| fault.labels[0].span == name.span) {
            return;
        }
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnknownValue,
            message: format!("`{}` is not {what} that is known", name.text),
            labels: vec![Label { span: name.span, message: "not known here".to_owned(), element: None }],
            help: Some(format!("did you mean `{near}`?")),
            fix: Some(Fix {
                title: format!("write `{near}`"),
                is_safe: is_sure,
                edits: vec![Edit { span: name.span, text: near.to_owned() }],
            }),
            element: element.to_owned(),
        });
    }

    /// All ends that a set names, in order.
    pub(super) fn ends(&mut self, targets: &Targets, scope: Option<GroupId>) -> Vec<(Entity, Span)> {
        match targets {
            Targets::End(path) => self.resolve(path, scope).map(|it| (it, path.span)).into_iter().collect(),
            Targets::Gap(_) => Vec::new(),
            Targets::Set(_, members, _) => members.iter().flat_map(|it| self.ends(it, scope)).collect(),
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one statement's parts, which belong together nowhere else"
    )]
    fn targets(
        &mut self,
        source: Entity,
        targets: &Targets,
        arrow: Arrow,
        link: &ast::Link,
        properties: &Properties,
        scope: Option<GroupId>,
        reached: &mut impl FnMut(Entity, Span),
    ) -> Option<CallTree> {
        match targets {
            Targets::Gap(_) => None,
            Targets::End(path) => {
                let target = self.resolve(path, scope)?;
                reached(target, path.span);
                if let (Entity::Component(source), Entity::Component(target)) = (source, target) {
                    let link = self.connect(source, target, arrow, link, properties, path.span);
                    return Some(CallTree::Link(link));
                }
                self.group_link(source, target, arrow, link, properties, path.span);
                None
            }
            Targets::Set(relation, members, _) => {
                let mut trees: Vec<CallTree> = members
                    .iter()
                    .filter_map(|it| self.targets(source, it, arrow, link, properties, scope, reached))
                    .collect();
                match trees.len() {
                    0 => None,
                    1 => trees.pop(),
                    _ => Some(CallTree::Set(*relation, trees)),
                }
            }
        }
    }

    fn connect(
        &mut self,
        source: ComponentId,
        target: ComponentId,
        arrow: Arrow,
        link: &ast::Link,
        properties: &Properties,
        span: Span,
    ) -> LinkId {
        let twin = self.twins(source, target, arrow).find(|id| {
            let twin = &self.architecture.links[id.0 as usize];
            let same_words =
                |a: &[Name], b: &[Name]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.text == b.text);
            let marks = |it: &Properties| (it.has(Property::Reads), it.has(Property::Writes));
            same_words(&twin.protocols, &link.protocols) && marks(&twin.properties) == marks(properties)
        });
        if let Some(twin) = twin {
            let first = self.architecture.link(twin).span;
            let name = self.architecture.link_name(self.architecture.link(twin));
            let is_whole_statement = link.hops.len() == 1 && matches!(link.hops[0].to, Targets::End(_));
            self.architecture.faults.push(Fault {
                kind: FaultKind::DuplicateLink,
                message: format!("`{name}` is drawn twice"),
                labels: vec![
                    Label { span, message: "again here".to_owned(), element: Some(name.clone()) },
                    Label { span: first, message: "first here".to_owned(), element: Some(name.clone()) },
                ],
                help: Some("keep one of them, or tell them apart by protocol".to_owned()),
                fix: is_whole_statement.then(|| Fix {
                    title: "remove the second".to_owned(),
                    is_safe: link.properties.is_empty() && link.label.is_none(),
                    edits: vec![Edit { span: link.span, text: String::new() }],
                }),
                element: name,
            });
            return twin;
        }
        let id = LinkId(self.architecture.links.len() as u32);
        let seen = self.seen_links.entry((source, target, arrow));
        seen.and_modify(|(_, others)| others.push(id)).or_insert((id, Vec::new()));
        self.architecture.links.push(Link {
            id,
            source,
            target,
            arrow,
            label: link.label.as_ref().map(|label| label.value.clone()),
            protocols: link.protocols.clone(),
            properties: properties.clone(),
            copies_data: copies_data(&link.protocols),
            span,
            statement: link.span,
            room: link.room(),
        });
        self.architecture.components[source.0 as usize].outgoing.push(id);
        self.architecture.components[target.0 as usize].incoming.push(id);
        id
    }

    /// The links that are drawn already from one component to another.
    pub(super) fn twins(
        &self,
        source: ComponentId,
        target: ComponentId,
        arrow: Arrow,
    ) -> impl Iterator<Item = LinkId> + Clone {
        let seen = self.seen_links.get(&(source, target, arrow));
        seen.into_iter().flat_map(|(first, others)| std::iter::once(*first).chain(others.iter().copied()))
    }

    fn group_link(
        &mut self,
        source: Entity,
        target: Entity,
        arrow: Arrow,
        link: &ast::Link,
        properties: &Properties,
        span: Span,
    ) {
        if !copies_data(&link.protocols) {
            let group = if matches!(target, Entity::Group(_)) { target } else { source };
            let name = self.entity_name(group).clone();
            self.fault(
                FaultKind::WrongType,
                format!("`{name}` is a group, and only a copy of data may lead to or from one"),
                span,
                "ends at a group",
                Some(
                    "name the component inside it, or say `: replication`, `: cdc` or `: snapshot`"
                        .to_owned(),
                ),
            );
            return;
        }
        let end = |entity| match entity {
            Entity::Group(id) => Ok(id),
            Entity::Component(id) => Err(id),
        };
        self.architecture.group_links.push(GroupLink {
            source: end(source),
            target: end(target),
            arrow,
            protocols: link.protocols.clone(),
            properties: properties.clone(),
            span: link.span,
        });
    }
}

fn copies_data(protocols: &[Name]) -> bool {
    protocols.iter().filter_map(|name| catalogue::protocol(&name.text)).any(|protocol| protocol.copies_data)
}
