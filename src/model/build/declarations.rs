//! The system, templates, components and groups: what a design declares, and what it is called.

use rustc_hash::FxHashSet;
use smol_str::{SmolStr, format_smolstr};

use super::{Builder, Entity, PendingReference, list};
use crate::catalogue::{self, Kind};
use crate::diagnostic::{Edit, Fix, Label};
use crate::model::component::{Component, ComponentId, Following, Replicas};
use crate::model::group::{Group, GroupId, GroupKind};
use crate::model::link::LinkId;
use crate::model::property::{Entry, Owner, Statement, Value};
use crate::model::{Fault, FaultKind, Properties, Property, System, Template, values};
use crate::nearest::{nearest, nearest_of, slip};
use crate::source::Span;
use crate::syntax::ast::{self, Body, Item, Name, Tail};
use crate::syntax::is_name;

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
pub(crate) const REFERENCES: [Property; 5] =
    [Property::Caches, Property::DeadLetter, Property::DerivedFrom, Property::On, Property::AuditLog];

/// How deep templates may extend each other and stand in each other's groups before it is taken for a loop.
const MAX_TEMPLATE_DEPTH: usize = 16;

/// How many elements templates may make out of one design.
const MAX_ELEMENTS: usize = 1_000_000;

/// What a kind word leads to.
pub(super) enum Base {
    Component(Kind),
    Group(GroupKind),
}

impl<'a> Builder<'a> {
    pub(super) fn system(&mut self, system: &'a ast::System) {
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

    /// `system { … }` without a name: what it asks is read all the same.
    pub(super) fn nameless_system(&mut self, element: &'a ast::Element) {
        let span = element.kind.span;
        self.fault(
            FaultKind::Syntax,
            "a `system` has no name".to_owned(),
            span,
            "its name is missing",
            Some("write its name in quotes: `system \"Shop\" { … }`".to_owned()),
        );
        if self.architecture.system.name.is_none() {
            let written = properties_of(element.tail.body.as_ref());
            let properties =
                values::properties(written, Owner::System, "system", &mut self.architecture.faults);
            self.architecture.system = System { name: Some("system".into()), properties, span };
        }
    }

    pub(super) fn template(&mut self, template: &'a ast::Template) {
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
        let tail = &template.tail;
        let written = properties_of(tail.body.as_ref());
        // What is wrong with it is said of what is made from it, whose kind is known.
        let owner = Owner::Component(Kind::Service);
        let properties = values::properties(written, owner, &name.text, &mut Vec::new());
        self.architecture.templates.push(Template {
            name: name.clone(),
            base: template.base.clone(),
            engines: tail.engines.iter().map(|it| it.text.clone()).collect(),
            replicas: replicas(tail.count, None, &properties).0,
            properties,
            is_used: false,
            span: template.span,
        });
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
                return (self.unknown_kind(&word), tails);
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

    pub(super) fn unknown_kind(&mut self, word: &Name) -> Base {
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
        if let Some(group) = near.as_deref().and_then(GroupKind::parse) {
            return Base::Group(group);
        }
        let kind = near.as_deref().and_then(Kind::parse);
        let of_engine = || engine.and_then(|engine| engine.kinds.first().copied());
        Base::Component(kind.or_else(of_engine).unwrap_or(Kind::Service))
    }

    pub(super) fn element(&mut self, element: &'a ast::Element, scope: Option<GroupId>, depth: usize) {
        if self.is_full {
            return;
        }
        if depth > MAX_TEMPLATE_DEPTH {
            self.too_deep(&element.kind);
            return;
        }
        let faults = self.architecture.faults.len();
        let (base, mut tails) = self.base(&element.kind);
        let is_known = faults == self.architecture.faults.len();
        tails.insert(0, &element.tail);
        let alone;
        let names: &[Name] = if element.names.is_empty() {
            // A name that stands alone is half a link, and not declared again.
            if !is_known && self.names.in_scope(scope, &element.kind.text).is_some() {
                return;
            }
            if let (Base::Component(kind), Some(label)) = (&base, &element.tail.label)
                && element.kind.text == kind.name()
            {
                self.nameless.push((ComponentId(self.architecture.components.len() as u32), label));
            }
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

    /// `service "My API"`: a component that bears its kind for a name, and a text for what is hardly one. Where something
    /// else names it, it is meant.
    pub(super) fn nameless_components(&mut self) {
        let nameless = std::mem::take(&mut self.nameless);
        if nameless.is_empty() {
            return;
        }
        let components = &self.architecture.components;
        let referred: FxHashSet<ComponentId> =
            components.iter().flat_map(|it| &it.references).map(|(_, to)| *to).collect();
        // What a template holds is made once for each instance, and told of once.
        let mut told = FxHashSet::default();
        for (id, label) in nameless {
            // Past the most elements that are read there is none.
            let Some(component) = self.architecture.components.get(id.0 as usize) else { continue };
            let own = component.declaration;
            let is_elsewhere = |link: &LinkId| {
                let statement = self.architecture.link(*link).statement;
                statement.file != own.file || !(own.start..own.end).contains(&statement.start)
            };
            let mut links = component.incoming.iter().chain(&component.outgoing);
            if links.any(is_elsewhere) || referred.contains(&id) || !told.insert(label.span) {
                continue;
            }
            let name = component.kind.name();
            let word = name_of(&label.value);
            self.architecture.faults.push(Fault {
                kind: FaultKind::Syntax,
                message: "a name is missing before the text".to_owned(),
                labels: vec![Label {
                    span: label.span,
                    message: format!("is called `{name}` now, as its kind"),
                    element: Some(name.to_owned()),
                }],
                help: Some(format!("write `{name} {word} \"{}\"`", label.value)),
                fix: Some(Fix {
                    title: format!("call it `{word}`"),
                    is_safe: false,
                    edits: vec![Edit {
                        span: Span { end: label.span.start, ..label.span },
                        text: format!("{word} "),
                    }],
                }),
                element: name.to_owned(),
            });
        }
    }

    /// What stands deeper than is read: a template that holds itself would go on for ever.
    fn too_deep(&mut self, kind: &Name) {
        if self.holds_itself(&kind.text) {
            self.fault(
                FaultKind::UnknownKind,
                format!("`{}` holds itself", kind.text),
                kind.span,
                "made again inside itself",
                Some("take it out of its own template".to_owned()),
            );
            return;
        }
        // Templates that each hold several of the next double with every floor: nothing more is made of them.
        self.is_full = true;
        self.fault(
            FaultKind::TooLarge,
            format!("elements stand in each other over {MAX_TEMPLATE_DEPTH} deep"),
            kind.span,
            "from here on nothing is read",
            Some("let templates and groups hold each other less deep".to_owned()),
        );
    }

    /// Whether a template comes to stand in itself.
    fn holds_itself(&self, template: &str) -> bool {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut waiting: Vec<&str> = self.held_by(template);
        while let Some(word) = waiting.pop() {
            if word == template {
                return true;
            }
            if seen.insert(word) {
                waiting.append(&mut self.held_by(word));
            }
        }
        false
    }

    /// The kinds that a template extends, and of which it holds elements.
    fn held_by(&self, template: &str) -> Vec<&'a str> {
        let Some((_, template)) = self.templates.get(template).copied() else { return Vec::new() };
        let mut held = vec![template.base.text.as_str()];
        let mut bodies: Vec<&'a Body> = template.tail.body.iter().collect();
        while let Some(body) = bodies.pop() {
            for item in &body.items {
                match item {
                    Item::Element(element) => {
                        held.push(&element.kind.text);
                        bodies.extend(&element.tail.body);
                    }
                    Item::Property(property) => held.push(&property.name.text),
                    Item::Link(_) => {}
                }
            }
        }
        held
    }

    /// Enters a name into a scope; says where the first stands if there is one.
    fn enter(&mut self, scope: Option<GroupId>, name: &Name, entity: Entity) {
        if let Err(first) = self.names.enter(scope, &name.text, entity) {
            let first = match first {
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
                for engine in &tail.engines {
                    self.unknown_engine(kind, engine, &name.text);
                }
                if own.entry(Property::Engine).is_some() {
                    let stated = properties_of(tail.body.as_ref());
                    let stated = stated.filter(|it| it.name.text == Property::Engine.name());
                    for engine in stated.flat_map(names_in) {
                        self.unknown_engine(kind, &engine, &name.text);
                    }
                }
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
            properties.own.append(&mut own.own);
            properties.inherit(own);
            for item in tail.body.iter().flat_map(|body| &body.items) {
                match item {
                    Item::Link(link) => self.pending_links.push((link, Some(entity), scope)),
                    Item::Element(inner) => self.fault(
                        FaultKind::WrongType,
                        format!(
                            "`{}` is {}, which holds no other elements",
                            name.text,
                            Owner::Component(kind).title()
                        ),
                        inner.kind.span,
                        "stands inside it",
                        Some("put both into a `group`, or write `on = …` for what runs on it".to_owned()),
                    ),
                    Item::Property(_) => {}
                }
            }
        }
        if let Some((like, stated)) = engines.first().and_then(|first| self.engines.get(first)) {
            engines.extend(like.clone());
            properties.inherit(stated.clone());
        }
        for reference in REFERENCES {
            if !properties.words(reference).is_empty()
                && let Some(span) = properties.span(reference)
            {
                let mut written = tails.iter().flat_map(|tail| properties_of(tail.body.as_ref()));
                let names = written.find(|it| it.span == span).map_or_else(Vec::new, names_in);
                self.pending_references.push(PendingReference { component: id, property: reference, names });
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
            room: (element.names.len() < 2).then(|| element.room()),
            outgoing: Vec::new(),
            incoming: Vec::new(),
            calls: Vec::new(),
            follows: Following::Nobody,
            is_copied: false,
            is_replicated: false,
            is_steered: false,
        });
    }

    /// Engines are an open set, but one that is nearly one which such a component can have is a slip.
    fn unknown_engine(&mut self, kind: Kind, name: &Name, element: &str) {
        let word = name.text.as_str();
        if catalogue::engine(word).is_some()
            || self.engines.contains_key(word)
            || self.templates.contains_key(word)
        {
            return;
        }
        let of_kind = catalogue::engines().iter().filter(|it| it.kinds.contains(&kind));
        let known = of_kind.flat_map(|it| std::iter::once(it.name).chain(it.aliases.iter().copied()));
        let mut own: Vec<&str> = self.engines.keys().map(SmolStr::as_str).collect();
        own.sort_unstable();
        let Some((near, is_only)) = nearest_of(word, known.chain(own)) else { return };
        if is_misspelt_engine(word, near) {
            let (near, is_sure) = (near.to_owned(), is_only && slip(word, near).is_some());
            self.not_known("an engine", name, &near, is_sure, element);
        }
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
                    format!("`{}` is {}, which has no replicas", name.text, Owner::Group(kind).title()),
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
                room: None,
                outgoing: Vec::new(),
                incoming: Vec::new(),
                calls: Vec::new(),
                follows: Following::Nobody,
                is_copied: false,
                is_replicated: false,
                is_steered: false,
            });
        }
    }

    /// Gives every element its display name: the short one where nothing else bears it, else the dotted one.
    pub(super) fn name_everything(&mut self) {
        for at in 0..self.architecture.groups.len() {
            let group = &self.architecture.groups[at];
            if self.names.all(&group.name).len() < 2 {
                continue;
            }
            if let Some(parent) = group.parent {
                let name = format_smolstr!("{}.{}", self.architecture.group(parent).name, group.name);
                self.architecture.groups[at].name = name;
            }
        }
        for at in 0..self.architecture.components.len() {
            let component = &self.architecture.components[at];
            if self.names.all(&component.name).len() < 2 {
                continue;
            }
            if let Some(group) = component.group {
                let name = format_smolstr!("{}.{}", self.architecture.group(group).name, component.name);
                self.architecture.components[at].name = name;
            }
        }
    }

    pub(super) fn resolve_references(&mut self) {
        for reference in std::mem::take(&mut self.pending_references) {
            let scope = self.architecture.component(reference.component).group;
            for name in reference.names {
                let path = ast::Path { text: name.text, span: name.span };
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
}

/// A name made of what a text says: `my_api` of `My API`.
fn name_of(text: &str) -> String {
    let words = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    let name = words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("_");
    if is_name(&name) { name } else { "api".to_owned() }
}

/// Shorter names of engines are all near each other: `eks`, `ecs`, `gke`.
const LEAST_ENGINE: usize = 5;

/// Whether an engine that nobody knows is one that is known: `postgers`, but not `rqlite`, which is no `sqlite`, nor
/// `mysql8`.
fn is_misspelt_engine(word: &str, near: &str) -> bool {
    let length = word.chars().count();
    let is_one_letter_another = || {
        let differing: Vec<(char, char)> = word.chars().zip(near.chars()).filter(|(a, b)| a != b).collect();
        length > LEAST_ENGINE
            && length == near.chars().count()
            && word.chars().next() == near.chars().next()
            && matches!(differing.as_slice(), [(a, b)] if a.is_alphabetic() && b.is_alphabetic())
    };
    length >= LEAST_ENGINE && (slip(word, near).is_some() || is_one_letter_another())
}

fn properties_of(body: Option<&Body>) -> impl Iterator<Item = &ast::Property> + Clone {
    body.into_iter()
        .flat_map(|body| &body.items)
        .filter_map(|item| if let Item::Property(property) = item { Some(property) } else { None })
}

/// The names that a property's value holds.
pub(crate) fn names_in(property: &ast::Property) -> Vec<Name> {
    fn gather(value: &ast::Value, names: &mut Vec<Name>) {
        match &value.kind {
            ast::ValueKind::Names(found) => names.extend(found.iter().cloned()),
            ast::ValueKind::List(values) => values.iter().for_each(|value| gather(value, names)),
            _ => {}
        }
    }
    let mut names = Vec::new();
    property.value.iter().for_each(|value| gather(value, &mut names));
    if let [only] = names.as_slice()
        && values::presence(&only.text).is_some()
    {
        names.clear();
    }
    names
}

pub(super) fn replicas(
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
