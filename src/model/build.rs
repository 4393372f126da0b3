//! Typed trees to an architecture: declarations first, then links, then flows, so that a name may be used
//! before it is declared.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use super::change::Changes;
use super::component::{Component, ComponentId, Following, Replicas};
use super::constraint::{Clause, Constraint, Object, Select, SelectBy};
use super::group::{Group, GroupId, GroupKind};
use super::link::{Call, CallTree, GroupLink, Link, LinkId};
use super::property::{Entry, Owner, Statement, Value};
use super::values;
use super::{
    Allow, AllowPlace, Architecture, Fault, FaultKind, Flow, FlowId, Path, Properties, Property, System,
    Template,
};
use crate::catalogue::{self, Kind};
use crate::diagnostic::{Edit, Fix, Label};
use crate::nearest::nearest;
use crate::source::Span;
use crate::syntax::ast::{self, Arrow, Body, Item, Name, Relation, Tail, Targets};

/// Kinds that people write for one that has another name.
const SLIPS: &[(&str, &str)] = &[
    ("db", "database"),
    ("sql", "database"),
    ("lb", "load_balancer"),
    ("loadbalancer", "load_balancer"),
    ("gateway", "api_gateway"),
    ("proxy", "reverse_proxy"),
    ("user", "person"),
    ("actor", "person"),
    ("browser", "client"),
    ("bucket", "object_store"),
    ("blob_store", "object_store"),
    ("topic", "stream"),
    ("broker", "queue"),
    ("cron", "scheduler"),
    ("job", "worker"),
    ("consumer", "worker"),
    ("microservice", "service"),
    ("server", "service"),
    ("app", "service"),
    ("application", "service"),
    ("api", "service"),
    ("lambda", "function"),
    ("vendor", "third_party"),
    ("search", "search_index"),
    ("auth", "identity"),
    ("vpc", "network"),
    ("subnet", "network"),
    ("az", "zone"),
    ("machine", "host"),
    ("vm", "host"),
];

/// The properties that name components.
const REFERENCES: [Property; 5] =
    [Property::Caches, Property::DeadLetter, Property::DerivedFrom, Property::On, Property::AuditLog];

/// How deep templates may extend each other and stand in each other's groups before it is taken for a loop.
const MAX_TEMPLATE_DEPTH: usize = 16;

/// How many elements templates may make out of one design.
const MAX_ELEMENTS: usize = 1_000_000;

/// How many links a design may have: many sources and many targets of one statement multiply.
const MAX_LINKS: usize = 4_000_000;

/// Builds the architecture of a design out of its files, the design's own first.
pub fn build(files: &[ast::File], start: Span) -> Architecture {
    build_changed(files, start, &Changes::default())
}

/// Builds it with some things otherwise than they are written.
pub fn build_changed(files: &[ast::File], start: Span, changes: &Changes) -> Architecture {
    let mut builder = Builder::new(start);
    let statements = || files.iter().flat_map(|file| &file.statements);
    for statement in statements() {
        if let ast::Statement::Template(template) = statement {
            builder.template(template);
        }
    }
    for statement in statements() {
        match statement {
            ast::Statement::System(system) => builder.system(system),
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

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Entity {
    Component(ComponentId),
    Group(GroupId),
}

/// What a kind word leads to.
enum Base {
    Component(Kind),
    Group(GroupKind),
}

/// A reference that waits until all names are known.
struct PendingReference {
    component: ComponentId,
    property: Property,
    span: Span,
}

struct Builder<'a> {
    architecture: Architecture,
    templates: FxHashMap<SmolStr, (usize, &'a ast::Template)>,
    /// The names of each scope; `None` is the file.
    scopes: FxHashMap<(Option<GroupId>, SmolStr), Entity>,
    /// Every entity of a name, whatever its scope.
    by_name: FxHashMap<SmolStr, Vec<Entity>>,
    short_names: Vec<SmolStr>,
    short_group_names: Vec<SmolStr>,
    flows: FxHashMap<SmolStr, FlowId>,
    pending_links: Vec<(&'a ast::Link, Option<Entity>, Option<GroupId>)>,
    pending_references: Vec<PendingReference>,
    /// The links between two components: the first, and those told apart from it.
    seen_links: FxHashMap<(ComponentId, ComponentId, Arrow), (LinkId, Vec<LinkId>)>,
    is_full: bool,
}

impl<'a> Builder<'a> {
    fn new(start: Span) -> Self {
        Self {
            architecture: Architecture {
                system: System { span: start, ..System::default() },
                ..Architecture::default()
            },
            templates: FxHashMap::default(),
            scopes: FxHashMap::default(),
            by_name: FxHashMap::default(),
            short_names: Vec::new(),
            short_group_names: Vec::new(),
            flows: FxHashMap::default(),
            pending_links: Vec::new(),
            pending_references: Vec::new(),
            seen_links: FxHashMap::default(),
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

    // ---- declarations

    fn system(&mut self, system: &'a ast::System) {
        let span = system.label.span;
        if self.architecture.system.name.is_some() {
            let first = self.architecture.system.span;
            self.duplicate(
                "a design has one `system`",
                span,
                first,
                "put all that is asked into one of them",
            );
            return;
        }
        let written = system.properties.iter();
        let properties = values::properties(written, Owner::System, "system", &mut self.architecture.faults);
        self.architecture.system = System { name: Some(system.label.value.clone()), properties, span };
    }

    fn template(&mut self, template: &'a ast::Template) {
        let name = &template.name;
        if Kind::parse(&name.text).is_some() || GroupKind::parse(&name.text).is_some() {
            self.fault(
                FaultKind::DuplicateName,
                format!("`{}` is a kind already", name.text),
                name.span,
                "a kind of the language",
                Some("give the template a name of its own".to_owned()),
            );
            return;
        }
        if let Some((_, first)) = self.templates.get(&name.text) {
            let first = first.name.span;
            self.duplicate(
                &format!("the template `{}` is declared twice", name.text),
                name.span,
                first,
                "rename one of them",
            );
            return;
        }
        let at = self.architecture.templates.len();
        self.architecture.templates.push(Template { name: name.clone(), is_used: false });
        self.templates.insert(name.text.clone(), (at, template));
    }

    /// Follows a kind word through templates: what it is in the end, and the tails on the way, nearest first.
    fn base(&mut self, kind: &Name) -> (Base, Vec<&'a Tail>) {
        let mut tails = Vec::new();
        let mut word = kind.clone();
        for _ in 0..MAX_TEMPLATE_DEPTH {
            if let Some(kind) = Kind::parse(&word.text) {
                return (Base::Component(kind), tails);
            }
            if let Some(kind) = GroupKind::parse(&word.text) {
                return (Base::Group(kind), tails);
            }
            let Some((at, template)) = self.templates.get(&word.text).copied() else {
                return (Base::Component(self.unknown_kind(&word)), tails);
            };
            self.architecture.templates[at].is_used = true;
            tails.push(&template.tail);
            word = template.base.clone();
        }
        self.fault(
            FaultKind::UnknownKind,
            format!("the template `{}` extends itself", kind.text),
            kind.span,
            "leads back to itself",
            Some("let it extend a kind such as `service` or `database`".to_owned()),
        );
        (Base::Component(Kind::Service), tails)
    }

    fn unknown_kind(&mut self, word: &Name) -> Kind {
        let text = word.text.as_str();
        let kinds = Kind::ALL.iter().map(|kind| kind.name());
        let groups = GroupKind::ALL.iter().map(|kind| kind.name());
        let templates: Vec<SmolStr> =
            self.architecture.templates.iter().map(|template| template.name.text.clone()).collect();
        let slip = SLIPS.iter().find(|(slip, _)| *slip == text).map(|(_, meant)| *meant);
        let near: Option<String> = slip
            .or_else(|| {
                nearest(
                    text,
                    kinds.clone().chain(groups.clone()).chain(templates.iter().map(SmolStr::as_str)),
                )
            })
            .map(str::to_owned);
        let engine = catalogue::engine(text);
        let help = match (&near, engine) {
            (Some(near), None) => format!("did you mean `{near}`?"),
            (_, Some(engine)) => {
                let kind = engine.kinds.first().map_or("service", |kind| kind.name());
                format!("`{text}` is an engine: write `{kind} NAME : {text}`")
            }
            (None, None) => format!("it may be {}, or a template", list(kinds.chain(groups))),
        };
        let fix = near.as_ref().filter(|_| engine.is_none()).map(|near| Fix {
            title: format!("write `{near}`"),
            is_safe: slip.is_none(),
            edits: vec![Edit { span: word.span, text: near.clone() }],
        });
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnknownKind,
            message: format!("`{text}` is not a kind"),
            labels: vec![Label { span: word.span, message: "not a kind".to_owned(), element: None }],
            help: Some(help),
            fix,
            element: "system".to_owned(),
        });
        // Whatever it is, it is declared, so that links to it are no further faults.
        near.as_deref()
            .and_then(Kind::parse)
            .or_else(|| engine.and_then(|engine| engine.kinds.first().copied()))
            .unwrap_or(Kind::Service)
    }

    fn element(&mut self, element: &'a ast::Element, scope: Option<GroupId>, depth: usize) {
        if depth > MAX_TEMPLATE_DEPTH {
            self.fault(
                FaultKind::UnknownKind,
                format!("`{}` holds itself", element.kind.text),
                element.kind.span,
                "made again inside itself",
                Some("take it out of its own template".to_owned()),
            );
            return;
        }
        let (base, mut tails) = self.base(&element.kind);
        tails.insert(0, &element.tail);
        let alone;
        let names: &[Name] = if element.names.is_empty() {
            alone = [element.kind.clone()];
            &alone
        } else {
            &element.names
        };
        for name in names {
            if self.is_full {
                return;
            }
            if self.architecture.components.len() + self.architecture.groups.len() >= MAX_ELEMENTS {
                self.is_full = true;
                self.fault(
                    FaultKind::TooLarge,
                    format!("the design has over {MAX_ELEMENTS} elements"),
                    element.span,
                    "from here on nothing is read",
                    Some("split it into several designs".to_owned()),
                );
                return;
            }
            match base {
                Base::Component(kind) => self.component(element, name, kind, &tails, scope),
                Base::Group(kind) => self.group(name, kind, &tails, scope, depth),
            }
        }
    }

    /// Enters a name into a scope; says where the first stands if there is one.
    fn enter(&mut self, scope: Option<GroupId>, name: &Name, entity: Entity) {
        match self.scopes.entry((scope, name.text.clone())) {
            std::collections::hash_map::Entry::Vacant(place) => {
                place.insert(entity);
                self.by_name.entry(name.text.clone()).or_default().push(entity);
            }
            std::collections::hash_map::Entry::Occupied(first) => {
                let first = match *first.get() {
                    Entity::Component(id) => self.architecture.component(id).span,
                    Entity::Group(id) => self.architecture.group(id).span,
                };
                self.duplicate(
                    &format!("`{}` is declared twice", name.text),
                    name.span,
                    first,
                    "rename one of them",
                );
            }
        }
    }

    fn component(
        &mut self,
        element: &'a ast::Element,
        name: &Name,
        kind: Kind,
        tails: &[&'a Tail],
        scope: Option<GroupId>,
    ) {
        let id = ComponentId(self.architecture.components.len() as u32);
        let entity = Entity::Component(id);
        let is_first_name = element.names.first().is_none_or(|first| first.span == name.span);
        let mut properties = Properties::default();
        let mut count: Option<ast::Count> = None;
        let mut count_property = None;
        let mut engines: Vec<SmolStr> = Vec::new();
        let mut label = None;
        let mut tags = Vec::new();
        for tail in tails {
            let mut faults = Vec::new();
            let written = properties_of(tail.body.as_ref());
            let mut own = values::properties(written, Owner::Component(kind), &name.text, &mut faults);
            // Names that share a body share its faults as well: they are reported once.
            if is_first_name {
                self.architecture.faults.append(&mut faults);
                self.said_twice(tail, &own);
            }
            if count.is_none() && count_property.is_none() {
                count = tail.count;
                count_property = own.entry(Property::Replicas).cloned();
            }
            if engines.is_empty() {
                engines = tail.engines.iter().map(|engine| engine.text.clone()).collect();
                if engines.is_empty() {
                    engines = own.words(Property::Engine).to_vec();
                }
            }
            label = label.or_else(|| tail.label.as_ref().map(|label| label.value.clone()));
            tags.extend(tail.tags.iter().map(|tag| tag.text.clone()));
            tags.extend(own.words(Property::Tags).iter().cloned());
            properties.unknown.append(&mut own.unknown);
            properties.inherit(own);
            for item in tail.body.iter().flat_map(|body| &body.items) {
                match item {
                    Item::Link(link) => self.pending_links.push((link, Some(entity), scope)),
                    Item::Element(inner) => self.fault(
                        FaultKind::WrongType,
                        format!("`{}` is a {}, which holds no other elements", name.text, kind.title()),
                        inner.kind.span,
                        "stands inside it",
                        Some("put both into a `group`, or write `on = …` for what runs on it".to_owned()),
                    ),
                    Item::Property(_) => {}
                }
            }
        }
        for reference in REFERENCES {
            if !properties.words(reference).is_empty()
                && let Some(span) = properties.span(reference)
            {
                self.pending_references.push(PendingReference { component: id, property: reference, span });
            }
        }
        let (replicas, replicas_span) = replicas(count, count_property.as_ref(), &properties);
        self.enter(scope, name, entity);
        self.short_names.push(name.text.clone());
        self.architecture.components.push(Component {
            id,
            name: name.text.clone(),
            kind,
            engines,
            label,
            tags,
            group: scope,
            replicas,
            replicas_span,
            host: None,
            properties,
            references: Vec::new(),
            span: name.span,
            declaration: element.span,
            outgoing: Vec::new(),
            incoming: Vec::new(),
            calls: Vec::new(),
            follows: Following::Nobody,
            is_copied: false,
            is_steered: false,
        });
    }

    /// `x3 { replicas = 3 }` and `: redis { engine = redis }` say one thing twice.
    fn said_twice(&mut self, tail: &Tail, own: &Properties) {
        if let (Some(count), Some(span)) = (tail.count, own.span(Property::Replicas)) {
            self.duplicate("the replicas are stated twice", span, count.span, "keep one of them");
        }
        if let (Some(engine), Some(span)) = (tail.engines.first(), own.span(Property::Engine)) {
            let first = engine.span;
            self.duplicate("the engine is stated twice", span, first, "keep one of them");
        }
    }

    fn group(
        &mut self,
        name: &Name,
        kind: GroupKind,
        tails: &[&'a Tail],
        scope: Option<GroupId>,
        depth: usize,
    ) {
        let id = GroupId(self.architecture.groups.len() as u32);
        let mut properties = Properties::default();
        let mut label = None;
        let mut tags = Vec::new();
        let mut members: Vec<&'a Item> = Vec::new();
        for tail in tails {
            let mut faults = Vec::new();
            let written = properties_of(tail.body.as_ref()).filter(|it| !self.is_element_word(it));
            let own = values::properties(written, Owner::Group(kind), &name.text, &mut faults);
            self.architecture.faults.append(&mut faults);
            properties.inherit(own);
            label = label.or_else(|| tail.label.as_ref().map(|label| label.value.clone()));
            tags.extend(tail.tags.iter().map(|tag| tag.text.clone()));
            members.extend(tail.body.iter().flat_map(|body| &body.items));
            if let Some(count) = tail.count {
                self.fault(
                    FaultKind::WrongType,
                    format!("`{}` is a {}, which has no replicas", name.text, kind.name()),
                    count.span,
                    "a count is for components",
                    Some("give each its own name: `host box_1, box_2 { … }`".to_owned()),
                );
            }
        }
        self.enter(scope, name, Entity::Group(id));
        self.short_group_names.push(name.text.clone());
        self.architecture.groups.push(Group {
            name: name.text.clone(),
            kind,
            label,
            tags,
            parent: scope,
            properties,
            span: name.span,
        });
        for item in members {
            match item {
                Item::Element(inner) => self.element(inner, Some(id), depth + 1),
                Item::Link(link) => {
                    self.pending_links.push((link, Some(Entity::Group(id)), Some(id)));
                }
                Item::Property(property) if self.is_element_word(property) => {
                    self.bare_element(property, id);
                }
                Item::Property(_) => {}
            }
        }
    }

    /// In a group a bare word is an element if it is a kind or a template.
    fn is_element_word(&self, property: &ast::Property) -> bool {
        property.value.is_none()
            && (Kind::parse(&property.name.text).is_some()
                || self.templates.contains_key(&property.name.text))
    }

    fn bare_element(&mut self, property: &'a ast::Property, group: GroupId) {
        let (base, tails) = self.base(&property.name);
        if let Base::Component(kind) = base {
            // The word is kind and name at once; a synthetic element would have no place in the tree.
            let id = ComponentId(self.architecture.components.len() as u32);
            let mut properties = Properties::default();
            for tail in &tails {
                let written = properties_of(tail.body.as_ref());
                let own =
                    values::properties(written, Owner::Component(kind), &property.name.text, &mut Vec::new());
                properties.inherit(own);
            }
            let count = tails.iter().find_map(|tail| tail.count);
            let (replicas, replicas_span) = replicas(count, None, &properties);
            self.enter(Some(group), &property.name, Entity::Component(id));
            self.short_names.push(property.name.text.clone());
            self.architecture.components.push(Component {
                id,
                name: property.name.text.clone(),
                kind,
                engines: tails
                    .iter()
                    .flat_map(|tail| &tail.engines)
                    .map(|engine| engine.text.clone())
                    .collect(),
                label: None,
                tags: Vec::new(),
                group: Some(group),
                replicas,
                replicas_span,
                host: None,
                properties,
                references: Vec::new(),
                span: property.name.span,
                declaration: property.span,
                outgoing: Vec::new(),
                incoming: Vec::new(),
                calls: Vec::new(),
                follows: Following::Nobody,
                is_copied: false,
                is_steered: false,
            });
        }
    }

    /// Gives every element its display name: the short one where nothing else bears it, else the dotted one.
    fn name_everything(&mut self) {
        let is_alone = |by_name: &FxHashMap<SmolStr, Vec<Entity>>, name: &SmolStr| {
            by_name.get(name).is_none_or(|all| all.len() < 2)
        };
        for at in 0..self.architecture.groups.len() {
            let group = &self.architecture.groups[at];
            if is_alone(&self.by_name, &group.name) {
                continue;
            }
            if let Some(parent) = group.parent {
                let name = format_smolstr!("{}.{}", self.architecture.group(parent).name, group.name);
                self.architecture.groups[at].name = name;
            }
        }
        for at in 0..self.architecture.components.len() {
            let component = &self.architecture.components[at];
            if is_alone(&self.by_name, &component.name) {
                continue;
            }
            if let Some(group) = component.group {
                let name = format_smolstr!("{}.{}", self.architecture.group(group).name, component.name);
                self.architecture.components[at].name = name;
            }
        }
    }

    fn resolve_references(&mut self) {
        for reference in std::mem::take(&mut self.pending_references) {
            let component = self.architecture.component(reference.component);
            let scope = component.group;
            let words = component.words(reference.property).to_vec();
            for word in words {
                let path = ast::Path { text: word, span: reference.span };
                let Some(Entity::Component(target)) = self.resolve(&path, scope) else { continue };
                let component = &mut self.architecture.components[reference.component.0 as usize];
                component.references.push((reference.property, target));
                if reference.property == Property::On {
                    component.host = Some(target);
                }
            }
        }
        for at in 0..self.architecture.components.len() {
            let Some(host) = self.architecture.components[at].host else { continue };
            let engines = self.architecture.component(host).engines.clone();
            let component = &mut self.architecture.components[at];
            if component.engines.is_empty() {
                component.engines = engines;
            }
        }
    }

    // ---- what is stated after the fact

    /// States properties of the system, of components, groups and flows: the last word of each.
    fn set_elements(&mut self, settings: &[ast::Setting]) {
        for setting in settings {
            match &setting.place {
                None => self.set_system(setting),
                Some(ast::Place::Element(path)) => self.set_element(path, setting),
                Some(_) => {}
            }
        }
    }

    fn set_system(&mut self, setting: &ast::Setting) {
        let stated = self.stated(setting, Owner::System, "system");
        stated.iter().for_each(|entry| drop(self.architecture.system.properties.insert(entry.clone())));
    }

    fn set_element(&mut self, path: &ast::Path, setting: &ast::Setting) {
        if let Some(only) = path.only()
            && let Some(flow) = self.flows.get(only).copied()
            && self.find(path, None).is_err()
        {
            let stated = self.stated(setting, Owner::Flow, only);
            let properties = &mut self.architecture.flows[flow.0 as usize].properties;
            stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            return;
        }
        match self.resolve(path, None) {
            Some(Entity::Component(id)) => self.set_component(id, setting),
            Some(Entity::Group(id)) => {
                let Group { kind, name, .. } = self.architecture.group(id).clone();
                let stated = self.stated(setting, Owner::Group(kind), &name);
                let properties = &mut self.architecture.groups[id.0 as usize].properties;
                stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            }
            None => {}
        }
    }

    /// What the property says of a component's count, engine, tags and references follows as from its declaration.
    fn set_component(&mut self, id: ComponentId, setting: &ast::Setting) {
        let Component { kind, name, .. } = self.architecture.component(id).clone();
        let stated = self.stated(setting, Owner::Component(kind), &name);
        let component = &mut self.architecture.components[id.0 as usize];
        for entry in stated.iter() {
            let property = entry.property;
            let has_count = states_count(component);
            component.properties.insert(entry.clone());
            match property {
                Property::Engine => component.engines = component.words(Property::Engine).to_vec(),
                Property::Tags => {
                    let tags = component.words(Property::Tags).to_vec();
                    component.tags.extend(tags);
                }
                Property::Managed | Property::Autoscale if has_count => {}
                Property::Replicas | Property::Managed | Property::Autoscale => {
                    let count = component.entry(Property::Replicas).cloned();
                    let (count, span) = replicas(None, count.as_ref(), &component.properties);
                    (component.replicas, component.replicas_span) = (count, span);
                }
                _ if REFERENCES.contains(&property) => {
                    let is_other = |it: &PendingReference| it.component != id || it.property != property;
                    self.pending_references.retain(is_other);
                    if !component.words(property).is_empty() {
                        let span = entry.span;
                        self.pending_references.push(PendingReference { component: id, property, span });
                    }
                }
                _ => {}
            }
        }
    }

    /// States properties of links: of all between the two that are named.
    fn set_links(&mut self, settings: &[ast::Setting]) {
        for setting in settings {
            let Some(ast::Place::Link(from, arrow, to)) = &setting.place else { continue };
            let (Some(source), Some(target)) = (self.resolve(from, None), self.resolve(to, None)) else {
                continue;
            };
            let links: Vec<LinkId> = match (source, target) {
                (Entity::Component(source), Entity::Component(target)) => {
                    let seen = self.seen_links.get(&(source, target, *arrow));
                    seen.into_iter()
                        .flat_map(|(first, others)| std::iter::once(first).chain(others))
                        .copied()
                        .collect()
                }
                _ => Vec::new(),
            };
            let Some(first) = links.first() else {
                let names = (self.entity_name(source).clone(), self.entity_name(target).clone());
                self.fault(
                    FaultKind::UnknownName,
                    format!("no link goes from `{}` to `{}`", names.0, names.1),
                    from.span.to(to.span),
                    "not linked",
                    Some("name a link of the design".to_owned()),
                );
                continue;
            };
            let name = self.architecture.link_name(self.architecture.link(*first));
            let stated = self.stated(setting, Owner::Link, &name);
            for link in links {
                let properties = &mut self.architecture.links[link.0 as usize].properties;
                stated.iter().for_each(|entry| drop(properties.insert(entry.clone())));
            }
        }
    }

    /// What a setting states of its owner; a property that nothing reads changes nothing, and is refused.
    fn stated(&mut self, setting: &ast::Setting, owner: Owner, element: &str) -> Properties {
        let stated = values::properties(
            std::iter::once(&setting.property),
            owner,
            element,
            &mut self.architecture.faults,
        );
        for (name, span) in &stated.unknown {
            self.fault(
                FaultKind::UnknownProperty,
                format!("{} has no property `{name}`", owner.title()),
                *span,
                "not a property",
                Some("`loadpath` reads those of docs/language.md".to_owned()),
            );
        }
        stated
    }

    // ---- names

    fn look_up(&self, scope: Option<GroupId>, name: &SmolStr) -> Option<Entity> {
        let mut at = scope;
        loop {
            if let Some(entity) = self.scopes.get(&(at, name.clone())) {
                return Some(*entity);
            }
            at = self.architecture.group(at?).parent;
        }
    }

    fn find(&self, path: &ast::Path, scope: Option<GroupId>) -> Result<Entity, Vec<Entity>> {
        let mut parts = path.parts().map(SmolStr::new);
        let first = parts.next().unwrap_or_default();
        let mut entity = match self.look_up(scope, &first) {
            Some(entity) => entity,
            None => match self.by_name.get(&first).map(Vec::as_slice) {
                Some([only]) => *only,
                Some(several) => return Err(several.to_vec()),
                None => return Err(Vec::new()),
            },
        };
        for part in parts {
            let Entity::Group(group) = entity else { return Err(Vec::new()) };
            match self.scopes.get(&(Some(group), part)) {
                Some(inner) => entity = *inner,
                None => return Err(Vec::new()),
            }
        }
        Ok(entity)
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
        let mut names: Vec<&SmolStr> = self.by_name.keys().collect();
        names.sort_unstable();
        let near = nearest(path.last(), names.into_iter().map(SmolStr::as_str)).and_then(|near| {
            match self.by_name.get(near)?.as_slice() {
                [only] => Some(self.entity_name(*only).to_string()),
                _ => Some(near.to_owned()),
            }
        });
        let fix = near.as_ref().map(|near| Fix {
            title: format!("write `{near}`"),
            is_safe: true,
            edits: vec![Edit { span: path.span, text: near.clone() }],
        });
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnknownName,
            message: format!("nothing is called `{written}`"),
            labels: vec![Label { span: path.span, message: "not declared".to_owned(), element: None }],
            help: Some(match &near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("declare it, for example `service {}`", path.last()),
            }),
            fix,
            element: "system".to_owned(),
        });
    }

    // ---- links

    fn link(&mut self, link: &'a ast::Link, owner: Option<Entity>, scope: Option<GroupId>) {
        let mut faults = Vec::new();
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
        self.unknown_protocols(link, &first);
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
    fn unknown_protocols(&mut self, link: &ast::Link, element: &str) {
        for name in link.protocols.iter().filter(|name| catalogue::protocol(&name.text).is_none()) {
            let known = catalogue::protocols().iter().map(|protocol| protocol.name);
            let Some(near) = nearest(&name.text, known) else { continue };
            // A template's links are made once for each instance, their faults reported once.
            if self.architecture.faults.iter().any(|fault| fault.labels[0].span == name.span) {
                continue;
            }
            self.architecture.faults.push(Fault {
                kind: FaultKind::UnknownValue,
                message: format!("`{}` is not a protocol that is known", name.text),
                labels: vec![Label { span: name.span, message: "not known here".to_owned(), element: None }],
                help: Some(format!("did you mean `{near}`?")),
                fix: Some(Fix {
                    title: format!("write `{near}`"),
                    is_safe: true,
                    edits: vec![Edit { span: name.span, text: near.to_owned() }],
                }),
                element: element.to_owned(),
            });
        }
    }

    /// All ends that a set names, in order.
    fn ends(&mut self, targets: &Targets, scope: Option<GroupId>) -> Vec<(Entity, Span)> {
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
        });
        self.architecture.components[source.0 as usize].outgoing.push(id);
        self.architecture.components[target.0 as usize].incoming.push(id);
        id
    }

    /// The links that are drawn already from one component to another.
    fn twins(
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

    // ---- flows

    fn declare_flow(&mut self, flow: &'a ast::Flow) {
        if let Some(first) = self.flows.get(&flow.name.text) {
            let first = self.architecture.flow(*first).span;
            self.duplicate(
                &format!("the flow `{}` is declared twice", flow.name.text),
                flow.name.span,
                first,
                "rename one of them",
            );
            return;
        }
        let id = FlowId(self.architecture.flows.len() as u32);
        let written = flow.properties.iter();
        let properties =
            values::properties(written, Owner::Flow, &flow.name.text, &mut self.architecture.faults);
        self.flows.insert(flow.name.text.clone(), id);
        self.architecture.flows.push(Flow {
            id,
            name: flow.name.text.clone(),
            label: flow.label.as_ref().map(|label| label.value.clone()),
            tags: flow.tags.iter().map(|tag| tag.text.clone()).collect(),
            properties,
            path: Path::default(),
            span: flow.name.span,
        });
    }

    fn flow_path(&mut self, flow: &'a ast::Flow) {
        let Some(id) = self.flows.get(&flow.name.text).copied() else { return };
        if self.architecture.flow(id).span != flow.name.span {
            return;
        }
        let mut path = Path::default();
        let mut sources: Vec<ComponentId> = Vec::new();
        for chain in &flow.chains {
            self.chain(id, chain, &mut path, &mut sources);
        }
        let targets: FxHashSet<ComponentId> =
            path.steps.iter().map(|step| self.architecture.link(*step).target).collect();
        path.heads = sources.iter().copied().filter(|source| !targets.contains(source)).collect();
        path.heads.dedup();
        // A path that leads back to its start begins where it is written first.
        if path.heads.is_empty() {
            path.heads.extend(sources.first().copied());
        }
        let mut seen = FxHashSet::default();
        path.heads.retain(|head| seen.insert(*head));
        self.architecture.flows[id.0 as usize].path = path;
    }

    fn chain(&mut self, flow: FlowId, chain: &'a ast::Chain, path: &mut Path, heads: &mut Vec<ComponentId>) {
        if self.is_property_slip(chain, flow) {
            return;
        }
        let mut sources = self.path_ends(&chain.from);
        heads.extend(sources.iter().map(|(id, _)| *id));
        let mut gap: Option<Span> = None;
        let mut came: Vec<LinkId> = Vec::new();
        for hop in &chain.hops {
            if let Targets::Gap(span) = hop.to {
                gap = Some(span);
                continue;
            }
            let targets = self.path_ends(&hop.to);
            let mut reached: Vec<(ComponentId, Span)> = Vec::new();
            let mut taken: Vec<LinkId> = Vec::new();
            for (target, span) in targets {
                let mut is_linked = false;
                for (source, _) in &sources {
                    let steps: Vec<LinkId> = match gap {
                        None => self.step(flow, *source, target, hop.arrow).into_iter().collect(),
                        Some(_) => self.only_way(*source, target),
                    };
                    let before = || came.iter().filter(|it| self.architecture.link(**it).target == *source);
                    path.connect(before().copied().collect(), &steps);
                    taken.extend(steps.last());
                    for step in steps {
                        is_linked = true;
                        if path.spans.insert(step, span).is_none() {
                            path.steps.push(step);
                            let source = self.architecture.link(step).source;
                            path.from.entry(source).or_default().push(step);
                        }
                    }
                }
                if !is_linked && !sources.is_empty() {
                    self.unlinked(flow, &sources, target, span, hop, gap);
                }
                if !reached.iter().any(|(it, _)| *it == target) {
                    reached.push((target, span));
                }
            }
            sources = reached;
            came = taken;
            gap = None;
        }
    }

    /// `{ writes, a -> b }`: a comma where the properties end.
    fn is_property_slip(&mut self, chain: &ast::Chain, flow: FlowId) -> bool {
        let Targets::Set(Relation::All, members, _) = &chain.from else { return false };
        let Some(Targets::End(path)) = members.first() else { return false };
        let Some(only) = path.only() else { return false };
        let is_property = Property::parse(only).is_some_and(|it| it.belongs_to(Owner::Flow));
        if !is_property || self.find(path, None).is_ok() {
            return false;
        }
        let element = self.architecture.flow(flow).name.to_string();
        self.architecture.faults.push(Fault {
            kind: FaultKind::Syntax,
            message: "`,` stands between the properties and the path".to_owned(),
            labels: vec![Label {
                span: path.span,
                message: "a property, and no step of the path".to_owned(),
                element: None,
            }],
            help: Some("end the properties with `;` or a new line".to_owned()),
            fix: None,
            element,
        });
        true
    }

    fn path_ends(&mut self, targets: &Targets) -> Vec<(ComponentId, Span)> {
        self.ends(targets, None)
            .into_iter()
            .filter_map(|(entity, span)| match entity {
                Entity::Component(id) => Some((id, span)),
                Entity::Group(_) => {
                    self.fault(
                        FaultKind::UnlinkedPath,
                        "a flow passes components, not groups".to_owned(),
                        span,
                        "a group",
                        Some("name the component inside it".to_owned()),
                    );
                    None
                }
            })
            .collect()
    }

    /// The declared link of one step; of several the one that fits the flow's reads or writes.
    fn step(&self, flow: FlowId, source: ComponentId, target: ComponentId, arrow: Arrow) -> Option<LinkId> {
        let flow = self.architecture.flow(flow);
        let fits = |link: &Link| {
            !(flow.is_reads_only() && link.is_writes_only() || flow.is_writes_only() && link.is_reads_only())
        };
        let mut twins = self.twins(source, target, arrow);
        twins.clone().find(|id| fits(self.architecture.link(*id))).or_else(|| twins.next())
    }

    /// The links of the only way from one component to another; nothing where there is none or more than one.
    fn only_way(&self, source: ComponentId, target: ComponentId) -> Vec<LinkId> {
        let reaches = self.ancestors(target);
        let mut way = Vec::new();
        let mut seen = FxHashSet::default();
        let mut at = source;
        while at != target {
            if !seen.insert(at) {
                return Vec::new();
            }
            let mut on = self.architecture.links_from(at).filter(|link| {
                !link.copies_data() && (link.target == target || reaches.contains(&link.target))
            });
            match (on.next(), on.next()) {
                (Some(link), None) => {
                    way.push(link.id);
                    at = link.target;
                }
                _ => return Vec::new(),
            }
        }
        way
    }

    fn ancestors(&self, of: ComponentId) -> FxHashSet<ComponentId> {
        let mut found = FxHashSet::default();
        let mut waiting = vec![of];
        while let Some(at) = waiting.pop() {
            for link in self.architecture.links_to(at).filter(|link| !link.copies_data()) {
                if found.insert(link.source) {
                    waiting.push(link.source);
                }
            }
        }
        found
    }

    fn unlinked(
        &mut self,
        flow: FlowId,
        sources: &[(ComponentId, Span)],
        target: ComponentId,
        span: Span,
        hop: &ast::Hop,
        gap: Option<Span>,
    ) {
        let architecture = &self.architecture;
        let flow = architecture.flow(flow).name.clone();
        let (source, source_span) = sources[0];
        let names = (&architecture.component(source).name, &architecture.component(target).name);
        let (word, other, turned) = match hop.arrow {
            Arrow::Sync => ("->", Arrow::Async, "~>"),
            Arrow::Async => ("~>", Arrow::Sync, "->"),
        };
        let (message, help) = if gap.is_some() {
            (
                format!(
                    "`{flow}` leaves out the way from `{}` to `{}`, and there is not just one",
                    names.0, names.1
                ),
                "name the components between".to_owned(),
            )
        } else {
            let help = if self.seen_links.contains_key(&(source, target, other)) {
                format!("the link is `{} {turned} {}`; write it so here", names.0, names.1)
            } else if self.seen_links.contains_key(&(target, source, hop.arrow)) {
                format!("the link is `{} {word} {}`; turn the step round", names.1, names.0)
            } else {
                format!("declare the link `{} {word} {}`, or take the step out", names.0, names.1)
            };
            (format!("`{flow}` goes from `{}` to `{}`, but no link does", names.0, names.1), help)
        };
        let labels = vec![
            Label { span, message: "not linked".to_owned(), element: Some(names.1.to_string()) },
            Label { span: source_span, message: "from here".to_owned(), element: Some(names.0.to_string()) },
        ];
        self.architecture.faults.push(Fault {
            kind: FaultKind::UnlinkedPath,
            message,
            labels,
            help: Some(help),
            fix: None,
            element: flow.to_string(),
        });
    }

    // ---- constraints

    fn constraint(&mut self, constraint: &'a ast::Constraint) {
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

    // ---- allows

    fn allow(&mut self, allow: &'a ast::Allow) {
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

    fn finish(mut self) -> Architecture {
        self.architecture.index();
        self.architecture
    }
}

fn copies_data(protocols: &[Name]) -> bool {
    protocols.iter().filter_map(|name| catalogue::protocol(&name.text)).any(|protocol| protocol.copies_data)
}

fn properties_of(body: Option<&Body>) -> impl Iterator<Item = &ast::Property> + Clone {
    body.into_iter()
        .flat_map(|body| &body.items)
        .filter_map(|item| if let Item::Property(property) = item { Some(property) } else { None })
}

/// Whether its number of replicas is written, and does not follow from another property.
fn states_count(component: &Component) -> bool {
    matches!(component.replicas, Replicas::Stated { .. })
        && component.replicas_span != component.span(Property::Autoscale)
}

fn replicas(
    count: Option<ast::Count>,
    stated: Option<&Entry>,
    properties: &Properties,
) -> (Replicas, Option<Span>) {
    if let Some(count) = count {
        return (Replicas::Stated { least: count.least, most: count.most }, Some(count.span));
    }
    if let Some(entry) = stated
        && let Statement::Value(Value::Figure { low, high, .. }) = &entry.statement
    {
        let most = high.is_finite().then_some(*high as u32);
        return (Replicas::Stated { least: *low as u32, most }, Some(entry.span));
    }
    if properties.has(Property::Managed) {
        return (Replicas::Managed, properties.span(Property::Managed));
    }
    // Replicas that follow the load are several: a service that can only have one does not scale.
    if properties.has(Property::Autoscale) {
        return (Replicas::Stated { least: 2, most: None }, properties.span(Property::Autoscale));
    }
    (Replicas::Unstated, None)
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
