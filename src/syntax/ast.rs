//! The typed tree of one file: what is written, before anything is resolved.
//!
//! Every node carries its span. Names, kinds and properties are unchecked text here: which of them exist
//! is the model's matter.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::SyntaxError;
use crate::source::Span;

/// A word of the design: a name, kind, property, protocol, tag, or a value that is a word.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The word itself; a tag's `#` is left off.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

/// A quoted string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What it says, its escapes resolved.
    pub value: SmolStr,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// A dotted name: `us_east.api`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The whole, as written.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

impl Path {
    /// The names in it, outermost group first; at least one.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.text.split('.')
    }

    /// The name that it consists of, if it is but one.
    pub fn only(&self) -> Option<&SmolStr> {
        (!self.text.contains('.')).then_some(&self.text)
    }

    /// The name of what it leads to.
    pub fn last(&self) -> &str {
        self.parts().next_back().unwrap_or(&self.text)
    }
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The statements in their order.
    pub statements: Vec<Statement>,
}

impl File {
    /// The names of its templates.
    pub fn templates(&self) -> FxHashSet<&str> {
        let templates = self.statements.iter();
        templates
            .filter_map(
                |it| if let Statement::Template(it) = it { Some(it.name.text.as_str()) } else { None },
            )
            .collect()
    }
}

/// A statement at the top of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `system "Shop" { … }`
    System(System),
    /// `include "common.arch"`
    Include(Include),
    /// `template ha_postgres : database x3 { … }`
    Template(Template),
    /// `service api x3 { … }`, a group, or a template's instance
    Element(Element),
    /// `flwo checkout { … }`
    Misspelt(Box<Misspelt>),
    /// `api -> db`
    Link(Link),
    /// `flow checkout { … }`
    Flow(Flow),
    /// `constraint { … }`
    Constraint(Constraint),
    /// `allow LP101 on db "…"`
    Allow(Allow),
}

impl Statement {
    /// The statement that it is where these words are templates: itself, unless its first word is misspelt.
    pub fn as_read(&self, is_template: impl Fn(&str) -> bool) -> &Self {
        match self {
            Self::Misspelt(it) if is_template(&it.word.text) => &it.written,
            Self::Misspelt(it) => &it.meant,
            _ => self,
        }
    }

    /// The whole of it.
    pub fn span(&self) -> Span {
        match self {
            Self::System(it) => it.span,
            Self::Include(it) => it.span,
            Self::Template(it) => it.span,
            Self::Element(it) => it.span,
            Self::Misspelt(it) => it.written.span(),
            Self::Link(it) => it.span,
            Self::Flow(it) => it.span,
            Self::Constraint(it) => it.span,
            Self::Allow(it) => it.span,
        }
    }
}

/// An element whose kind is hardly one: read with the nearest opening word, it is another statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Misspelt {
    /// Its first word.
    pub word: Name,
    /// As it is written: an element.
    pub written: Statement,
    /// What is meant, where no template is called like its first word.
    pub meant: Statement,
    /// What to say then.
    pub fault: SyntaxError,
}

/// What is asked of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// The design's name.
    pub label: Text,
    /// What is asked.
    pub properties: Vec<Property>,
    /// The word `system`.
    pub keyword: Span,
    /// The whole statement.
    pub span: Span,
}

/// Another file, read in place.
#[derive(Clone, Debug, PartialEq)]
pub struct Include {
    /// The path, relative to this file.
    pub path: Text,
    /// The whole statement.
    pub span: Span,
}

/// A kind of one's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// The kind, group kind or template that it extends.
    pub base: Name,
    /// What every instance has.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

/// A component or a group, or several that share one body.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// `service`, `region`, or a template's name.
    pub kind: Name,
    /// The names; empty where the kind alone is written (`monitoring`), which then is the name.
    pub names: Vec<Name>,
    /// What follows the names.
    pub tail: Tail,
    /// The whole statement.
    pub span: Span,
}

impl Element {
    /// Whether it is a `system` whose name is missing: there is no such kind.
    pub fn is_nameless_system(&self) -> bool {
        self.kind.text == "system" && self.names.is_empty()
    }
}

/// What follows an element's names, in any order on the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tail {
    /// `"Short links"`
    pub label: Option<Text>,
    /// `: kafka`, or `: sqs | rabbitmq` where it is undecided.
    pub engines: Vec<Name>,
    /// `x3`, `x2..`, `x2..10`
    pub count: Option<Count>,
    /// `#pci #legacy`
    pub tags: Vec<Name>,
    /// `{ … }`
    pub body: Option<Body>,
}

/// `x3`, `x2..` or `x2..10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The least.
    pub least: u32,
    /// The most: the same as `least` for `x3`, nothing for `x2..`.
    pub most: Option<u32>,
    /// Where it stands.
    pub span: Span,
}

/// The block of an element or template.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// What it holds, in order.
    pub items: Vec<Item>,
    /// Braces included.
    pub span: Span,
}

/// What may stand in a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `zones = 3`, `stateful`; in a group a bare word may also be an element, which the model decides.
    Property(Property),
    /// `-> audit` (from the body's owner) or `a -> b`
    Link(Link),
    /// A member of a group.
    Element(Element),
}

/// `name`, `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// The name.
    pub name: Name,
    /// The value; none for a bare name.
    pub value: Option<Value>,
    /// The whole.
    pub span: Span,
}

/// A value, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it stands.
    pub span: Span,
}

/// The forms of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `6`, `1.5M`, `200ms`, `20/day`, `99.9%`
    Quantity(Quantity),
    /// `40..50ms`, `2..`; a unit written at the upper end alone is carried over to the lower.
    Range(Quantity, Option<Quantity>),
    /// `100:1`
    Ratio(f64, f64),
    /// `"A-M, N-Z"`
    Text(SmolStr),
    /// `async`, `sqs | rabbitmq`; never empty. A dotted path is one name with its dots.
    Names(Vec<Name>),
    /// `[pii, pci]`
    List(Vec<Value>),
}

/// A number in the base unit of its dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The amount in the base unit: seconds, bytes, per second, bytes per second; 0.999 for `99.9%`.
    pub amount: f64,
    /// What is measured.
    pub dimension: Dimension,
}

/// What a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A bare number: `6`, `10M`.
    Number,
    /// A share of one: `99.9%`.
    Percent,
    /// Seconds: `200ms`, `5y`, `forever` (infinite).
    Duration,
    /// Bytes: `500B`, `1.5GiB`.
    Size,
    /// Per second: `2k/s`, `20/day`.
    Rate,
    /// Bytes per second: `12GB/month`, `100Mbps`.
    Throughput,
    /// A share per second: `30%/year`.
    Growth,
    /// Seconds per second: `30min/day`.
    TimeShare,
}

/// `a -> b, c "label" : https { timeout = 1s }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where it starts; none in a body for the body's owner.
    pub from: Option<Targets>,
    /// The hops; never empty. `Targets::Gap` does not occur.
    pub hops: Vec<Hop>,
    /// Holds for each hop.
    pub label: Option<Text>,
    /// Hold for each hop.
    pub protocols: Vec<Name>,
    /// Hold for each hop.
    pub properties: Vec<Property>,
    /// The braces of its properties, where it has any.
    pub braces: Option<Span>,
    /// The whole statement.
    pub span: Span,
}

/// One arrow and what it leads to.
#[derive(Clone, Debug, PartialEq)]
pub struct Hop {
    /// `->` or `~>`
    pub arrow: Arrow,
    /// Where the arrow stands.
    pub arrow_span: Span,
    /// What it leads to.
    pub to: Targets,
}

/// How a caller relates to what it calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arrow {
    /// `->`: waits for the answer.
    Sync,
    /// `~>`: does not wait.
    Async,
}

/// One target, or a set of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Targets {
    /// A single component or group.
    End(Path),
    /// `...` in a flow's path: the only way between.
    Gap(Span),
    /// Several, by one relation; at least two members, which are never a set of the same relation.
    Set(Relation, Vec<Targets>, Span),
}

impl Targets {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Self::End(path) => path.span,
            Self::Gap(span) | Self::Set(_, _, span) => *span,
        }
    }
}

/// How the members of a set relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `b, c`: all are called.
    All,
    /// `b | c`: any one serves.
    Any,
    /// `b else c`: the first that is up.
    Else,
    /// `b / c`: one of them, by case.
    Route,
}

/// A journey through the design, which carries the promise and the traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub label: Option<Text>,
    /// Its tags.
    pub tags: Vec<Name>,
    /// What is asked of it and what it carries.
    pub properties: Vec<Property>,
    /// Its path.
    pub chains: Vec<Chain>,
    /// Whether all of it could be read: else lines of its path may be missing.
    pub is_whole: bool,
    /// Whether nothing but its name is written, as while it is typed.
    pub is_bare: bool,
    /// The whole statement.
    pub span: Span,
}

/// One line of a flow's path.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Where it starts.
    pub from: Targets,
    /// Its steps; never empty.
    pub hops: Vec<Hop>,
    /// The whole line.
    pub span: Span,
}

/// A team's own rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name.
    pub name: Option<Name>,
    /// What it says to whoever breaks it.
    pub text: Option<Text>,
    /// What is forbidden or required.
    pub clauses: Vec<Clause>,
    /// Anything else that stands in it, such as `because`.
    pub properties: Vec<Property>,
    /// The word `constraint`.
    pub keyword: Span,
    /// The whole statement.
    pub span: Span,
}

/// `forbid = kind client -> kind database`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Whether it is a `require`; else it is a `forbid`.
    pub is_required: bool,
    /// What it speaks of, or where the link starts.
    pub subject: Select,
    /// Where the link leads.
    pub object: Option<ClauseObject>,
    /// The whole clause.
    pub span: Span,
}

/// The far end of a clause about links.
#[derive(Clone, Debug, PartialEq)]
pub struct ClauseObject {
    /// The arrow written; `->` speaks of both kinds of links only where it follows flows.
    pub arrow: Arrow,
    /// What the link leads to.
    pub select: Select,
    /// What is said of the way there.
    pub way: ClauseWay,
}

/// What a clause about links says of the way between.
#[derive(Clone, Debug, PartialEq)]
pub enum ClauseWay {
    /// One link: the protocols that it speaks one of, and what it states, `: https | wss with { timeout }`.
    Link(Vec<Name>, Vec<Property>),
    /// `-> ... ->`: along a flow, and past what, `without kind api_gateway`.
    Flow(Option<Select>),
}

/// Which components a clause speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Select {
    /// By what they are chosen.
    pub by: SelectBy,
    /// What they state besides: `where { data = pii }`.
    pub chosen: Vec<Property>,
    /// Conditions in braces of their own: `{ model = graph }`. A `require` of no link asks them of the chosen.
    pub conditions: Vec<Property>,
    /// Where it stands.
    pub span: Span,
}

/// How a clause chooses components.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectBy {
    /// `kind database`
    Kind(Name),
    /// `#pci`
    Tag(Name),
    /// `api`
    Name(Path),
}

/// An accepted finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    /// A rule's code or name.
    pub rule: Name,
    /// Where it is accepted; empty for the whole file.
    pub places: Vec<Place>,
    /// Why.
    pub reason: Option<Text>,
    /// The whole statement.
    pub span: Span,
}

/// `links`, `api -> db`, `#legacy`.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// A component, flow or group.
    Element(Path),
    /// A link.
    Link(Path, Arrow, Path),
    /// All that carries a tag.
    Tag(Name),
}

/// A property that is stated after the fact, beside the design: `api.replicas = 12`.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// What states it; none for the system.
    pub place: Option<Place>,
    /// The property.
    pub property: Property,
    /// The whole.
    pub span: Span,
}
