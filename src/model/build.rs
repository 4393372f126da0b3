//! Typed trees to an architecture: declarations first, then links, then flows, so that a name may be used
//! before it is declared.

mod constraints;
mod declarations;
mod flows;
mod links;
mod settings;

use std::sync::Arc;

pub(crate) use declarations::{REFERENCES, names_in};

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::change::Changes;
use super::component::ComponentId;
use super::group::{GroupId, GroupKind};
use super::link::LinkId;
use super::names::{Entity, Names};
use super::{Architecture, Engine, Fault, FaultKind, FlowId, Properties, Property, System};
use crate::catalogue::{self, Parameters};
use crate::diagnostic::{Edit, Fix, Label};
use crate::nearest::{Slip, nearest_of, slip};
use crate::source::Span;
use crate::syntax::ast::{self, Arrow};

/// Builds the architecture of a design out of its files, the design's own first.
pub fn build(files: &[ast::File], start: Span) -> Architecture {
    build_changed(files, start, &Own::default(), &Changes::default())
}

/// What a company knows better than the catalogue.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// Its own engines.
    pub engines: Vec<Engine>,
    /// The parameters, with those that it sets.
    pub parameters: Arc<Parameters>,
}

/// Builds it with what a company knows better, and with some things otherwise than they are written.
pub fn build_changed(files: &[ast::File], start: Span, own: &Own, changes: &Changes) -> Architecture {
    let mut builder = Builder::new(start, own);
    let templates: FxHashSet<&str> = files.iter().flat_map(ast::File::templates).collect();
    let is_kind = |word: &str| {
        templates.contains(word) || catalogue::engine(word).is_some() || GroupKind::parse(word).is_some()
    };
    let written = || files.iter().flat_map(|file| &file.statements);
    let statements = || written().map(|it| it.as_read(is_kind));
    for statement in written() {
        if let ast::Statement::Misspelt(it) = statement
            && !is_kind(&it.word.text)
        {
            builder.architecture.faults.push(it.fault.clone().into());
        }
    }
    for statement in statements() {
        if let ast::Statement::Template(template) = statement {
            builder.template(template);
        }
    }
    for statement in statements() {
        match statement {
            ast::Statement::System(system) => builder.system(system),
            ast::Statement::Element(element) if element.is_nameless_system() => {
                builder.nameless_system(element);
            }
            ast::Statement::Element(element) => builder.element(element, None, 0),
            ast::Statement::Flow(flow) => builder.declare_flow(flow),
            _ => {}
        }
    }
    builder.name_everything();
    builder.set_elements(&changes.settings);
    builder.resolve_references();
    for statement in statements() {
        if let ast::Statement::Link(link) = statement {
            builder.link(link, None, None);
        }
    }
    let pending = std::mem::take(&mut builder.pending_links);
    for (link, owner, scope) in pending {
        builder.link(link, owner, scope);
    }
    builder.doubt_guesses();
    builder.nameless_components();
    builder.set_links(&changes.settings);
    for statement in statements() {
        match statement {
            ast::Statement::Flow(flow) => builder.flow_path(flow),
            ast::Statement::Allow(allow) => builder.allow(allow),
            ast::Statement::Constraint(constraint) => builder.constraint(constraint),
            _ => {}
        }
    }
    let mut architecture = builder.finish();
    architecture.multiply_load(changes.load);
    architecture
}

/// A reference that waits until all names are known.
struct PendingReference {
    component: ComponentId,
    property: Property,
    names: Vec<ast::Name>,
}

struct Builder<'a> {
    architecture: Architecture,
    templates: FxHashMap<SmolStr, (usize, &'a ast::Template)>,
    names: Names,
    short_names: Vec<SmolStr>,
    short_group_names: Vec<SmolStr>,
    flows: FxHashMap<SmolStr, FlowId>,
    pending_links: Vec<(&'a ast::Link, Option<Entity>, Option<GroupId>)>,
    pending_references: Vec<PendingReference>,
    /// What each of a company's own engines is like and states.
    engines: FxHashMap<SmolStr, (Option<SmolStr>, Properties)>,
    /// The links between two components: the first, and those told apart from it.
    seen_links: FxHashMap<(ComponentId, ComponentId, Arrow), (LinkId, Vec<LinkId>)>,
    /// The components whose only name is their kind, and which have a text.
    nameless: Vec<(ComponentId, &'a ast::Text)>,
    /// What each misspelt name is taken to mean, by where it stands.
    guesses: FxHashMap<Span, Entity>,
    /// The links with such a name.
    guessed_links: Vec<(&'a ast::Link, Option<Entity>, Option<GroupId>)>,
    is_full: bool,
}

impl Builder<'_> {
    fn new(start: Span, own: &Own) -> Self {
        let engines = own.engines.iter().map(|it| (it.name.clone(), (it.like.clone(), it.stated())));
        Self {
            architecture: Architecture {
                system: System { span: start, ..System::default() },
                parameters: Arc::clone(&own.parameters),
                ..Architecture::default()
            },
            templates: FxHashMap::default(),
            names: Names::default(),
            short_names: Vec::new(),
            short_group_names: Vec::new(),
            flows: FxHashMap::default(),
            pending_links: Vec::new(),
            pending_references: Vec::new(),
            engines: engines.collect(),
            seen_links: FxHashMap::default(),
            nameless: Vec::new(),
            guesses: FxHashMap::default(),
            guessed_links: Vec::new(),
            is_full: false,
        }
    }

    fn fault(&mut self, kind: FaultKind, message: String, span: Span, label: &str, help: Option<String>) {
        self.architecture.faults.push(Fault {
            kind,
            message,
            labels: vec![Label { span, message: label.to_owned(), element: None }],
            help,
            fix: None,
            element: "system".to_owned(),
        });
    }

    fn duplicate(&mut self, what: &str, again: Span, first: Span, help: &str) {
        self.architecture.faults.push(Fault {
            kind: FaultKind::DuplicateName,
            message: what.to_owned(),
            labels: vec![
                Label { span: again, message: "again here".to_owned(), element: None },
                Label { span: first, message: "first here".to_owned(), element: None },
            ],
            help: Some(help.to_owned()),
            fix: None,
            element: "system".to_owned(),
        });
    }

    // ---- names

    fn find(&self, path: &ast::Path, scope: Option<GroupId>) -> Result<Entity, Vec<Entity>> {
        self.names.find(&self.architecture, path, scope)
    }

    /// What a path names; reports it where nothing or too much bears the name.
    fn resolve(&mut self, path: &ast::Path, scope: Option<GroupId>) -> Option<Entity> {
        match self.find(path, scope) {
            Ok(entity) => Some(entity),
            Err(several) => {
                self.unknown_name(path, &several);
                None
            }
        }
    }

    fn entity_name(&self, entity: Entity) -> &SmolStr {
        match entity {
            Entity::Component(id) => &self.architecture.component(id).name,
            Entity::Group(id) => &self.architecture.group(id).name,
        }
    }

    fn unknown_name(&mut self, path: &ast::Path, several: &[Entity]) {
        let written = &path.text;
        if !several.is_empty() {
            let names = list(several.iter().map(|entity| self.entity_name(*entity).as_str()));
            self.fault(
                FaultKind::UnknownName,
                format!("`{written}` may be any of {}", several.len()),
                path.span,
                "which one?",
                Some(format!("write {names}")),
            );
            return;
        }
        let found = nearest_of(path.last(), self.names.sorted().into_iter().map(SmolStr::as_str));
        // What differs otherwise may be yet to be declared: `api2` beside `api`.
        let is_sure = found.is_some_and(|(near, is_only)| {
            is_only && path.only().is_some_and(|it| slip(it, near) == Some(Slip::Within))
        });
        let near = found.map(|(near, _)| match self.names.all(near) {
            [only] => self.entity_name(*only).to_string(),
            _ => near.to_owned(),
        });
        if is_sure
            && let Some((near, _)) = found
            && let [only] = self.names.all(near)
        {
            self.guesses.insert(path.span, *only);
        }
        let fix = near.as_ref().map(|near| Fix {
            title: format!("write `{near}`"),
            is_safe: is_sure,
            edits: vec![Edit { span: path.span, text: near.clone() }],
        });
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnknownName,
            message: format!("nothing is called `{written}`"),
            labels: vec![Label { span: path.span, message: "not declared".to_owned(), element: None }],
            help: Some(match &near {
                Some(near) if is_sure => format!("did you mean `{near}`?"),
                Some(near) => format!("did you mean `{near}`? if not, declare `{}`", path.last()),
                None => format!("declare it, for example `service {}`", path.last()),
            }),
            fix,
            element: "system".to_owned(),
        });
    }

    fn finish(mut self) -> Architecture {
        self.architecture.index();
        self.architecture
    }
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
