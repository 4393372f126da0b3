//! What may be written at a place: kinds, names, properties with values that fit, engines, protocols, rules.

use rustc_hash::FxHashSet;

use super::View;
use super::spot::{Next, Spot, Within, spot};
use super::symbols::Subject;
use crate::catalogue::{self, Kind};
use crate::model::property::{DEFINITIONS, Form, Owner, expected_dimension};
use crate::model::{Architecture, GroupKind, Property};
use crate::rules::RULES;
use crate::source::{FileId, Span};
use crate::syntax::ast::{Dimension, Statement};

/// What a proposal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named by its word")]
pub enum Proposed {
    Keyword,
    Kind,
    Component,
    Group,
    Flow,
    Property,
    Value,
    Engine,
    Protocol,
    Rule,
    Tag,
}

/// What may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is shown, and written where nothing else is.
    pub label: String,
    /// What it is.
    pub what: Proposed,
    /// A few words beside it.
    pub detail: String,
    /// More of it, in Markdown.
    pub told: String,
    /// What is written instead, with `$1`, `${2:default}` as stops, where the editor knows them.
    pub snippet: Option<String>,
    /// The lower, the nearer to what is likely meant.
    pub rank: u32,
}

/// The proposals at a place, and what each of them takes the place of.
pub fn completion(view: &View, file: FileId, at: u32) -> Option<(Span, Vec<Proposal>)> {
    let Spot { within, next, word } = spot(view.file(file), at as usize)?;
    let mut proposals = Proposals { view, architecture: &view.checked.architecture, all: Vec::new() };
    match &next {
        Next::Line => proposals.line(&within),
        Next::Property => proposals.properties(&within),
        Next::Value(property) => proposals.values(property, &within),
        Next::Target(from) => proposals.targets(from, &within),
        Next::Engine(kind) => proposals.engines(kind),
        Next::Protocol => proposals.protocols(),
        Next::Base | Next::SelectedKind => proposals.kinds(false),
        Next::Rule => proposals.rules(),
        Next::Place => {
            proposals.names();
            proposals.flows();
        }
        Next::Tag => proposals.tags(),
        Next::Selected => {
            proposals.word("kind", "all of a kind", "kind $1");
            proposals.names();
            proposals.flows();
        }
        Next::Free => {}
    }
    let Proposals { mut all, .. } = proposals;
    let mut seen = FxHashSet::default();
    all.retain(|it| seen.insert(it.label.clone()));
    all.sort_by(|a, b| (a.rank, &a.label).cmp(&(b.rank, &b.label)));
    Some((Span::new(file, word.start, word.end), all))
}

struct Proposals<'a> {
    view: &'a View<'a>,
    architecture: &'a Architecture,
    all: Vec<Proposal>,
}

impl Proposals<'_> {
    fn add(&mut self, rank: u32, what: Proposed, label: &str, detail: &str, snippet: Option<String>) {
        self.all.push(Proposal {
            label: label.to_owned(),
            what,
            detail: detail.to_owned(),
            told: String::new(),
            snippet,
            rank,
        });
    }

    fn word(&mut self, word: &str, detail: &str, snippet: &str) {
        self.add(2, Proposed::Keyword, word, detail, Some(snippet.to_owned()));
    }

    fn line(&mut self, within: &Within) {
        match within {
            Within::File => {
                if self.architecture.system.name.is_none() {
                    self.word("system", "what is asked of the design", "system \"${1:Name}\" {\n\t$0\n}");
                }
                self.word("flow", "a journey and its promise", "flow ${1:name} {\n\t$0\n}");
                self.word("template", "a kind of one's own", "template ${1:name} : ${2:service} {\n\t$0\n}");
                self.word("include", "another file", "include \"${1:common.arch}\"");
                self.word(
                    "constraint",
                    "a rule of the team's own",
                    "constraint ${1:name} \"${2:why}\" {\n\t$0\n}",
                );
                self.word("allow", "accept a finding", "allow ${1:rule} on ${2:name} \"${3:why}\"");
                self.kinds(true);
                self.names();
            }
            Within::Body { kind, .. } => {
                self.properties(within);
                if self.group_kind(kind).is_some() {
                    self.kinds(true);
                    self.names();
                }
            }
            Within::Flow => {
                self.properties(within);
                self.names();
            }
            Within::Constraint => {
                self.word("forbid", "what must not be", "forbid = $0");
                self.word("require", "what must be", "require = $0");
                self.properties(within);
            }
            Within::System | Within::Link => self.properties(within),
        }
    }

    fn kinds(&mut self, as_statement: bool) {
        let snippet = |kind: &str| as_statement.then(|| format!("{kind} ${{1:name}}"));
        for kind in Kind::ALL {
            self.add(3, Proposed::Kind, kind.name(), kind.title(), snippet(kind.name()));
        }
        for kind in GroupKind::ALL {
            let snippet = as_statement.then(|| format!("{} ${{1:name}} {{\n\t$0\n}}", kind.name()));
            self.add(3, Proposed::Kind, kind.name(), "a group", snippet);
        }
        for template in &self.architecture.templates {
            self.add(1, Proposed::Kind, &template.name.text, "a template", snippet(&template.name.text));
        }
    }

    fn names(&mut self) {
        for component in self.architecture.components() {
            self.add(1, Proposed::Component, &component.name, component.kind.title(), None);
        }
        for group in self.architecture.groups() {
            self.add(4, Proposed::Group, &group.name, group.kind.name(), None);
        }
    }

    fn flows(&mut self) {
        for flow in self.architecture.flows() {
            self.add(2, Proposed::Flow, &flow.name, "flow", None);
        }
    }

    /// In a flow's path only a declared link goes on: what the last step is linked to comes first.
    fn targets(&mut self, from: &[String], within: &Within) {
        let linked: FxHashSet<_> = from
            .iter()
            .filter_map(|it| self.architecture.component_named(it))
            .flat_map(|it| self.architecture.links_from(it.id))
            .map(|it| it.target)
            .collect();
        for component in self.architecture.components() {
            if from.iter().any(|it| *it == component.name) {
                continue;
            }
            let is_next = *within == Within::Flow && linked.contains(&component.id);
            let rank = u32::from(!is_next);
            self.add(rank, Proposed::Component, &component.name, component.kind.title(), None);
        }
        for group in self.architecture.groups() {
            self.add(4, Proposed::Group, &group.name, group.kind.name(), None);
        }
    }

    /// What owns the properties of a block, as far as it is known.
    fn owner(&self, within: &Within) -> Option<Owner> {
        Some(match within {
            Within::System => Owner::System,
            Within::Link => Owner::Link,
            Within::Flow => Owner::Flow,
            Within::Constraint => Owner::Constraint,
            Within::Body { kind, .. } => match (self.kind(kind), self.group_kind(kind)) {
                (Some(kind), _) => Owner::Component(kind),
                (None, Some(kind)) => Owner::Group(kind),
                (None, None) => return None,
            },
            Within::File => return None,
        })
    }

    /// The kind in the end of one that may be a template.
    fn base<'a>(&'a self, word: &'a str) -> &'a str {
        let mut word = word;
        for _ in 0..16 {
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

    fn kind(&self, word: &str) -> Option<Kind> {
        Kind::parse(self.base(word))
    }

    fn group_kind(&self, word: &str) -> Option<GroupKind> {
        GroupKind::parse(self.base(word))
    }

    /// What a block states already.
    fn stated(&self, within: &Within) -> Vec<Property> {
        let of = |properties: &crate::model::Properties| properties.iter().map(|it| it.property).collect();
        match within {
            Within::System => of(&self.architecture.system.properties),
            Within::Body { name: Some(name), .. } => {
                self.architecture.component_named(name).map(|it| of(it)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    fn properties(&mut self, within: &Within) {
        let Some(owner) = self.owner(within) else { return };
        let stated = self.stated(within);
        for definition in DEFINITIONS {
            let Some(property) = Property::parse(definition.name) else { continue };
            if !property.belongs_to(owner) || stated.contains(&property) {
                continue;
            }
            let is_flag = definition.forms.iter().all(|it| *it == Form::Flag);
            let snippet =
                if is_flag { definition.name.to_owned() } else { format!("{} = $0", definition.name) };
            let everywhere = definition.places.contains(&crate::model::property::Place::Everywhere);
            let detail = definition.meaning.trim().trim_end_matches('.');
            self.add(
                if everywhere { 3 } else { 0 },
                Proposed::Property,
                definition.name,
                detail,
                Some(snippet),
            );
        }
    }

    fn values(&mut self, name: &str, within: &Within) {
        let Some(property) = Property::parse(name) else { return };
        if property == Property::Engine {
            let kind = if let Within::Body { kind, .. } = within { kind.clone() } else { String::new() };
            return self.engines(&kind);
        }
        for form in property.definition().forms {
            match *form {
                Form::Words(words) => {
                    for word in words {
                        self.add(0, Proposed::Value, word, name, None);
                    }
                }
                Form::Reference => {
                    for component in self.architecture.components().filter(|it| fits(property, it.kind)) {
                        self.add(0, Proposed::Component, &component.name, component.kind.title(), None);
                    }
                }
                Form::Is(dimension) => self.quantities(property, dimension),
                Form::Ratio => {
                    self.add(1, Proposed::Value, "100:1", "a ratio", Some("${1:100}:1".to_owned()));
                }
                Form::AnyWord | Form::Text | Form::Flag => {}
            }
        }
        self.add(9, Proposed::Value, "none", "there is none", None);
    }

    /// Figures with the units that fit; the number is the author's.
    fn quantities(&mut self, property: Property, dimension: Dimension) {
        let shapes: &[&str] = match (dimension, property) {
            (Dimension::Percent, Property::Availability | Property::Slo) => {
                &["99%", "99.5%", "99.9%", "99.95%", "99.99%"]
            }
            (Dimension::Percent, _) => &["1%", "10%", "50%", "90%"],
            (Dimension::Duration, Property::Retention | Property::Horizon) => &["30d", "1y", "5y"],
            (Dimension::Duration, _) => &["10ms", "200ms", "1s", "30s", "5min", "1h", "1d"],
            (Dimension::Size, _) => &["500B", "1KB", "1MB", "10GB", "1TB"],
            (Dimension::Rate, _) => &["10/s", "1k/s", "20/day"],
            (Dimension::Throughput, _) => &["100Mbps", "12GB/month"],
            (Dimension::Growth, _) => &["30%/year"],
            (Dimension::TimeShare, _) => &["30min/month"],
            (Dimension::Number, _) => &["1", "2", "3", "10", "1k", "1M"],
        };
        for (rank, shape) in shapes.iter().enumerate() {
            self.add(rank as u32, Proposed::Value, shape, expected_dimension(dimension), None);
        }
    }

    fn engines(&mut self, kind: &str) {
        let kind = self.kind(kind);
        for engine in catalogue::engines() {
            let rank = match kind {
                Some(kind) if !engine.kinds.contains(&kind) => continue,
                Some(kind) => u32::from(engine.kinds.first() != Some(&kind)),
                None => 1,
            };
            self.add(rank, Proposed::Engine, engine.name, engine.title, None);
        }
    }

    fn protocols(&mut self) {
        for protocol in catalogue::protocols() {
            let detail = match protocol.encryption {
                catalogue::Encryption::Always => "encrypted",
                catalogue::Encryption::Never => "never encrypted",
                catalogue::Encryption::Either => "encrypted if the link says so",
            };
            self.add(1, Proposed::Protocol, protocol.name, detail, None);
        }
    }

    fn rules(&mut self) {
        let found = &self.view.checked.diagnostics;
        for rule in RULES.iter().filter(|it| !it.is_of_the_language()) {
            let rank = u32::from(!found.iter().any(|it| it.code == rule.code));
            self.add(rank, Proposed::Rule, &rule.name(), rule.summary, None);
        }
    }

    fn tags(&mut self) {
        let tags: FxHashSet<&str> = self
            .view
            .symbols()
            .mentions()
            .iter()
            .filter_map(|it| if let Subject::Tag(tag) = &it.subject { Some(tag.as_str()) } else { None })
            .collect();
        for tag in tags {
            self.add(0, Proposed::Tag, tag, "a tag of this design", None);
        }
    }
}

/// Whether a property may refer to a component of this kind.
fn fits(property: Property, kind: Kind) -> bool {
    match property {
        Property::Caches | Property::DerivedFrom => kind.holds_data(),
        Property::DeadLetter => kind.is_queue(),
        _ => !kind.is_caller_only(),
    }
}
