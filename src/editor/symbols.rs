//! What the words of a design stand for: where each thing is declared, and everywhere it is named.
//!
//! A thing is known by its name's place in the text. What a template makes several times is written once, and so is
//! one thing to who writes it.

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::touches;
use crate::model::{Architecture, Entity, FlowId, GroupId, Names, Property, REFERENCES, names_in};
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, Item, Name, Path, Place, SelectBy, Statement, Targets};

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// What is declared at this place: a component, group, flow or template.
    Declared(Span),
    /// A tag, which nothing declares.
    Tag(SmolStr),
}

/// What a declared thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A component or a group; of several that one place declares, the first.
    Element(Entity),
    /// A flow.
    Flow(FlowId),
    /// A template: its place among the design's.
    Template(usize),
}

/// A word that stands for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The word; a tag's `#` is not part of it.
    pub span: Span,
    /// What it stands for.
    pub subject: Subject,
}

impl Mention {
    /// Whether it declares what it names.
    pub fn is_declaration(&self) -> bool {
        self.subject == Subject::Declared(self.span)
    }
}

/// What the words of a design stand for.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    /// By their places.
    mentions: Vec<Mention>,
    things: FxHashMap<Span, Thing>,
}

impl Symbols {
    /// Reads the trees of a design's files.
    pub fn of(architecture: &Architecture, trees: &[ast::File]) -> Self {
        let mut reader = Reader::new(architecture, trees);
        for tree in trees {
            tree.statements.iter().for_each(|it| reader.statement(it));
        }
        reader.finish(trees)
    }

    /// All words that stand for something, by their places.
    pub fn mentions(&self) -> &[Mention] {
        &self.mentions
    }

    /// Those of one file.
    pub fn in_file(&self, file: FileId) -> &[Mention] {
        let start = self.mentions.partition_point(|it| it.span.file < file);
        let end = self.mentions.partition_point(|it| it.span.file <= file);
        &self.mentions[start..end]
    }

    /// The word at a place.
    pub fn at(&self, file: FileId, at: u32) -> Option<&Mention> {
        let next = self.mentions.partition_point(|it| (it.span.file, it.span.start) <= (file, at));
        // A dotted name ends where its group's part begins anew.
        self.mentions[..next].iter().rev().take(2).find(|it| touches(it.span, file, at))
    }

    /// Everywhere that something is named, its declaration included.
    pub fn of_subject<'a>(&'a self, subject: &'a Subject) -> impl Iterator<Item = &'a Mention> {
        self.mentions.iter().filter(move |it| it.subject == *subject)
    }

    /// What is declared at a place.
    pub fn thing(&self, declared: Span) -> Option<Thing> {
        self.things.get(&declared).copied()
    }
}

struct Reader<'a> {
    architecture: &'a Architecture,
    names: Names,
    templates: FxHashMap<&'a str, (usize, &'a ast::Template)>,
    /// The templates whose bodies were read in the place of one that is made from them.
    read: FxHashSet<usize>,
    flows: FxHashMap<&'a str, FlowId>,
    symbols: Symbols,
}

impl<'a> Reader<'a> {
    fn new(architecture: &'a Architecture, trees: &'a [ast::File]) -> Self {
        let mut templates: FxHashMap<&str, (usize, &ast::Template)> = FxHashMap::default();
        let known: FxHashMap<Span, usize> =
            architecture.templates.iter().enumerate().map(|(at, it)| (it.name.span, at)).collect();
        for statement in trees.iter().flat_map(|it| &it.statements) {
            if let Statement::Template(it) = statement
                && let Some(at) = known.get(&it.name.span)
            {
                templates.insert(&it.name.text, (*at, it));
            }
        }
        Self {
            architecture,
            names: Names::of(architecture),
            templates,
            read: FxHashSet::default(),
            flows: architecture.flows().map(|it| (it.name.as_str(), it.id)).collect(),
            symbols: Symbols::default(),
        }
    }

    fn finish(mut self, trees: &'a [ast::File]) -> Symbols {
        for statement in trees.iter().flat_map(|it| &it.statements) {
            if let Statement::Template(it) = statement
                && let Some((at, _)) = self.templates.get(it.name.text.as_str())
                && !self.read.contains(at)
            {
                self.body(it.tail.body.as_ref(), None);
            }
        }
        let Symbols { mut mentions, things } = self.symbols;
        mentions.sort_by_key(|it| (it.span, matches!(it.subject, Subject::Tag(_))));
        mentions.dedup_by_key(|it| it.span);
        Symbols { mentions, things }
    }

    fn statement(&mut self, statement: &'a Statement) {
        match statement.as_read(|kind| self.templates.contains_key(kind)) {
            Statement::Template(it) => {
                if let Some((at, first)) = self.templates.get(it.name.text.as_str()).copied() {
                    self.declare(first.name.span, Thing::Template(at));
                    self.mention(it.name.span, first.name.span);
                }
                self.kind(&it.base);
                self.tags(&it.tail.tags);
            }
            Statement::Element(it) => self.element(it, None),
            Statement::Link(it) => self.link(it, None),
            Statement::Flow(it) => self.flow(it),
            Statement::Constraint(it) => self.constraint(it),
            Statement::Allow(it) => it.places.iter().for_each(|it| self.place(it)),
            Statement::System(it) => self.properties(&it.properties, None),
            Statement::Misspelt(_) | Statement::Include(_) => {}
        }
    }

    fn declare(&mut self, span: Span, thing: Thing) {
        self.symbols.things.entry(span).or_insert(thing);
    }

    fn mention(&mut self, span: Span, declared: Span) {
        self.symbols.mentions.push(Mention { span, subject: Subject::Declared(declared) });
    }

    fn tags(&mut self, tags: &[Name]) {
        for tag in tags {
            // The `#` before it stays where it is.
            let span = Span { start: tag.span.end - tag.text.len() as u32, ..tag.span };
            self.symbols.mentions.push(Mention { span, subject: Subject::Tag(tag.text.clone()) });
        }
    }

    fn kind(&mut self, kind: &Name) {
        if let Some((_, template)) = self.templates.get(kind.text.as_str()).copied() {
            self.mention(kind.span, template.name.span);
        }
    }

    fn declared_at(&self, entity: Entity) -> Span {
        match entity {
            Entity::Component(id) => self.architecture.component(id).span,
            Entity::Group(id) => self.architecture.group(id).span,
        }
    }

    fn element(&mut self, element: &'a ast::Element, scope: Option<GroupId>) {
        self.tags(&element.tail.tags);
        let names = if element.names.is_empty() {
            std::slice::from_ref(&element.kind)
        } else {
            self.kind(&element.kind);
            &element.names
        };
        for name in names {
            let Some(entity) = self.names.in_scope(scope, &name.text) else { continue };
            let declared = self.declared_at(entity);
            self.declare(declared, Thing::Element(entity));
            self.mention(name.span, declared);
            let inner = match entity {
                Entity::Group(id) => Some(id),
                Entity::Component(_) => scope,
            };
            self.body(element.tail.body.as_ref(), inner);
            let mut kind = &element.kind;
            while let Some((at, template)) = self.templates.get(kind.text.as_str()).copied() {
                if !self.read.insert(at) {
                    break;
                }
                self.body(template.tail.body.as_ref(), inner);
                kind = &template.base;
            }
        }
    }

    fn body(&mut self, body: Option<&'a ast::Body>, scope: Option<GroupId>) {
        for item in body.iter().flat_map(|it| &it.items) {
            match item {
                Item::Property(it) => self.property(it, scope),
                Item::Link(it) => self.link(it, scope),
                Item::Element(it) => self.element(it, scope),
            }
        }
    }

    fn properties(&mut self, properties: &[ast::Property], scope: Option<GroupId>) {
        for property in properties {
            self.property(property, scope);
        }
    }

    fn property(&mut self, property: &ast::Property, scope: Option<GroupId>) {
        // In a group a bare word may be an element.
        if property.value.is_none()
            && let Some(entity) = self.names.in_scope(scope, &property.name.text)
            && self.declared_at(entity) == property.name.span
        {
            self.declare(property.name.span, Thing::Element(entity));
            self.mention(property.name.span, property.name.span);
        }
        let Some(known) = Property::parse(&property.name.text) else { return };
        if known == Property::Tags {
            self.tags(&names_in(property));
        }
        if REFERENCES.contains(&known) {
            for name in names_in(property) {
                self.path(&Path { text: name.text, span: name.span }, scope);
            }
        }
    }

    fn link(&mut self, link: &ast::Link, scope: Option<GroupId>) {
        link.from.iter().for_each(|it| self.targets(it, scope));
        link.hops.iter().for_each(|it| self.targets(&it.to, scope));
        self.properties(&link.properties, scope);
    }

    fn targets(&mut self, targets: &Targets, scope: Option<GroupId>) {
        match targets {
            Targets::End(path) => self.path(path, scope),
            Targets::Gap(_) => {}
            Targets::Set(_, members, _) => members.iter().for_each(|it| self.targets(it, scope)),
        }
    }

    /// A path names each group that it leads through.
    fn path(&mut self, path: &Path, scope: Option<GroupId>) {
        if path.span.len() != path.text.len() {
            return;
        }
        let mut end = 0;
        for part in path.parts() {
            let start = end;
            end += part.len();
            let head = Path { text: SmolStr::new(&path.text[..end]), span: path.span };
            if let Ok(entity) = self.names.find(self.architecture, &head, scope) {
                let from = path.span.start as usize;
                let span = Span::new(path.span.file, from + start, from + end);
                self.mention(span, self.declared_at(entity));
            }
            end += 1;
        }
    }

    fn flow(&mut self, flow: &ast::Flow) {
        if let Some(id) = self.flows.get(flow.name.text.as_str()).copied() {
            let declared = self.architecture.flow(id).span;
            self.declare(declared, Thing::Flow(id));
            self.mention(flow.name.span, declared);
        }
        self.tags(&flow.tags);
        for chain in &flow.chains {
            self.targets(&chain.from, None);
            chain.hops.iter().for_each(|it| self.targets(&it.to, None));
        }
    }

    /// A path that may name a flow as well: what bears no element's name.
    fn path_or_flow(&mut self, path: &Path) {
        let flow = path.only().and_then(|name| self.flows.get(name.as_str()).copied());
        match flow {
            Some(id) if self.names.find(self.architecture, path, None).is_err() => {
                self.mention(path.span, self.architecture.flow(id).span);
            }
            _ => self.path(path, None),
        }
    }

    fn place(&mut self, place: &Place) {
        match place {
            Place::Element(path) => self.path_or_flow(path),
            Place::Link(from, _, to) => {
                self.path(from, None);
                self.path(to, None);
            }
            Place::Tag(tag) => self.tags(std::slice::from_ref(tag)),
        }
    }

    fn constraint(&mut self, constraint: &ast::Constraint) {
        for clause in &constraint.clauses {
            self.select(&clause.subject);
            if let Some(object) = &clause.object {
                self.select(&object.select);
                if let ast::ClauseWay::Flow(Some(without)) = &object.way {
                    self.select(without);
                }
            }
        }
    }

    fn select(&mut self, select: &ast::Select) {
        match &select.by {
            SelectBy::Tag(tag) => self.tags(std::slice::from_ref(tag)),
            SelectBy::Name(path) => self.path_or_flow(path),
            SelectBy::Kind(_) => {}
        }
    }
}
