//! What each word of a design says: a kind, an engine, a property, a value. Names are `symbols`' matter.

use crate::model::{Property, names_in};
use crate::source::{FileId, Span};
use crate::syntax::ast::{self, ClauseWay, Item, Name, Quantity, SelectBy, Statement, ValueKind};

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// `service`, a group's kind, or a template.
    Kind,
    /// `postgres`
    Engine,
    /// `https`
    Protocol,
    /// `timeout`
    Property,
    /// `async`: a word as the value of this property.
    Value(Option<Property>),
    /// `200ms`: a figure as the value of this property.
    Figure(Option<Property>, Quantity),
    /// `LP101`, `missed-slo`
    Rule,
    /// `system`, `flow`
    Keyword,
}

/// A word and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// Where it stands.
    pub span: Span,
    /// What it says.
    pub role: Role,
}

/// The words of a file's statements, by their places.
pub fn words(statements: &[Statement]) -> Vec<Word> {
    let mut reader = Reader(Vec::new());
    for statement in statements {
        reader.statement(statement);
    }
    let mut words = reader.0;
    words.sort_by_key(|it| it.span);
    words
}

/// The word at a place of a file.
pub fn at(statements: &[Statement], file: FileId, at: u32) -> Option<Word> {
    let around = statements.iter().find(|it| super::touches(it.span(), file, at))?;
    words(std::slice::from_ref(around)).into_iter().find(|it| super::touches(it.span, file, at))
}

struct Reader(Vec<Word>);

impl Reader {
    fn take(&mut self, name: &Name, role: Role) {
        self.0.push(Word { span: name.span, role });
    }

    /// The word that a statement begins with.
    fn keyword(&mut self, statement: Span, word: &str) {
        let end = statement.start as usize + word.len();
        self.0.push(Word {
            span: Span::new(statement.file, statement.start as usize, end),
            role: Role::Keyword,
        });
    }

    fn statement(&mut self, statement: &Statement) {
        match statement {
            Statement::System(it) => {
                self.keyword(it.span, "system");
                self.properties(&it.properties);
            }
            Statement::Include(it) => self.keyword(it.span, "include"),
            Statement::Template(it) => {
                self.keyword(it.span, "template");
                self.take(&it.base, Role::Kind);
                self.tail(&it.tail);
            }
            Statement::Element(it) => self.element(it),
            Statement::Misspelt(it) => self.statement(&it.written),
            Statement::Link(it) => self.link(it),
            Statement::Flow(it) => {
                self.keyword(it.span, "flow");
                self.properties(&it.properties);
            }
            Statement::Constraint(it) => {
                self.keyword(it.span, "constraint");
                self.properties(&it.properties);
                for clause in &it.clauses {
                    self.keyword(clause.span, if clause.is_required { "require" } else { "forbid" });
                    self.select(&clause.subject);
                    if let Some(object) = &clause.object {
                        self.select(&object.select);
                        self.way(&object.way);
                    }
                }
            }
            Statement::Allow(it) => {
                self.keyword(it.span, "allow");
                self.take(&it.rule, Role::Rule);
            }
        }
    }

    fn element(&mut self, element: &ast::Element) {
        self.take(&element.kind, Role::Kind);
        self.tail(&element.tail);
    }

    fn tail(&mut self, tail: &ast::Tail) {
        tail.engines.iter().for_each(|it| self.take(it, Role::Engine));
        for item in tail.body.iter().flat_map(|it| &it.items) {
            match item {
                Item::Property(it) => self.property(it),
                Item::Link(it) => self.link(it),
                Item::Element(it) => self.element(it),
            }
        }
    }

    fn link(&mut self, link: &ast::Link) {
        link.protocols.iter().for_each(|it| self.take(it, Role::Protocol));
        self.properties(&link.properties);
    }

    fn way(&mut self, way: &ClauseWay) {
        match way {
            ClauseWay::Link(protocols, properties) => {
                for protocol in protocols {
                    self.take(protocol, Role::Protocol);
                }
                self.properties(properties);
            }
            ClauseWay::Flow(without) => without.iter().for_each(|it| self.select(it)),
        }
    }

    fn select(&mut self, select: &ast::Select) {
        if let SelectBy::Kind(kind) = &select.by {
            self.take(kind, Role::Kind);
        }
        self.properties(&select.chosen);
        self.properties(&select.conditions);
    }

    fn properties(&mut self, properties: &[ast::Property]) {
        for property in properties {
            self.property(property);
        }
    }

    fn property(&mut self, property: &ast::Property) {
        self.take(&property.name, Role::Property);
        let known = Property::parse(&property.name.text);
        for name in names_in(property) {
            let role = if known == Some(Property::Engine) { Role::Engine } else { Role::Value(known) };
            self.take(&name, role);
        }
        if let Some((value, ValueKind::Quantity(quantity))) = property.value.as_ref().map(|it| (it, &it.kind))
        {
            self.0.push(Word { span: value.span, role: Role::Figure(known, *quantity) });
        }
    }
}
