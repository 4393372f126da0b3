//! Pest pairs to typed tree: one function per grammar rule, bearing its name.
//!
//! What the grammar takes and the language does not (`a, b | c`, an unknown unit) is reported here, with the
//! rest of the statement kept.

use pest::iterators::Pair;
use smol_str::SmolStr;

use super::ast::{
    Allow, Arrow, Body, Chain, Clause, ClauseObject, ClauseWay, Constraint, Count, Dimension, Element, Flow,
    Hop, Include, Item, Link, Misspelt, Name, Path, Place, Property, Quantity, Relation, Select, SelectBy,
    Statement, System, Tail, Targets, Template, Text, Value, ValueKind,
};
use super::grammar::{Children, Rule};
use super::misspelt::{self, Meant};
use super::units::{self, Unit};
use super::{ErrorKind, SyntaxError};
use crate::diagnostic::Edit;
use crate::source::{FileId, Span};

/// A statement, or a part of a block's line.
#[derive(Debug)]
pub(super) enum Part {
    Statement(Statement),
    Item(Item),
    Property(Property),
    Chain(Chain),
    Clause(Clause),
}

impl Part {
    /// Where a statement begins.
    pub(super) fn start(&self) -> Option<u32> {
        if let Self::Statement(it) = self { Some(it.span().start) } else { None }
    }
}

/// A hop, and whether its targets stand in parentheses.
struct WrittenHop {
    arrow: Arrow,
    arrow_span: Span,
    to: Targets,
    is_in_parentheses: bool,
}

pub(super) struct Lowering<'errors> {
    pub(super) file: FileId,
    /// Where the text that was parsed begins in its file.
    pub(super) base: usize,
    pub(super) errors: &'errors mut Vec<SyntaxError>,
}

impl Lowering<'_> {
    /// What a parse of one statement or one line has given; nothing for the end of the text.
    pub(super) fn part(&mut self, pair: Pair<Rule>, in_body: bool) -> Option<Part> {
        Some(match pair.as_rule() {
            Rule::EOI => return None,
            Rule::chain => Part::Chain(self.chain(pair)?),
            Rule::clause => Part::Clause(self.clause(pair)),
            Rule::property if in_body => Part::Item(Item::Property(self.property(pair))),
            Rule::property => Part::Property(self.property(pair)),
            Rule::link | Rule::own_link if in_body => Part::Item(Item::Link(self.link(pair)?)),
            Rule::member => Part::Item(Item::Element(self.element(pair))),
            _ => Part::Statement(self.statement(pair)?),
        })
    }

    pub(super) fn statement(&mut self, pair: Pair<Rule>) -> Option<Statement> {
        Some(match pair.as_rule() {
            Rule::system => Statement::System(self.system(pair)),
            Rule::include => Statement::Include(self.include(pair)),
            Rule::template => Statement::Template(self.template(pair)),
            Rule::element => self.element_or_misspelt(pair),
            Rule::link => Statement::Link(self.link(pair)?),
            Rule::flow => Statement::Flow(self.flow(pair)),
            Rule::constraint => Statement::Constraint(self.constraint(pair)),
            Rule::allow => Statement::Allow(self.allow(pair)),
            other => unreachable!("{other:?} is no statement of the grammar"),
        })
    }

    fn element_or_misspelt(&mut self, pair: Pair<Rule>) -> Statement {
        let (start, text) = (self.base + pair.as_span().start(), pair.as_str());
        let before = self.errors.len();
        let element = self.element(pair);
        let Some(Meant { statement: meant, fault, errors }) = misspelt::meant(self.file, start, text) else {
            return Statement::Element(element);
        };
        // What is no sound element is none: `flwo gap { a -> ... -> b }`.
        if self.errors.len() - before > errors.len() {
            self.errors.truncate(before);
            self.errors.extend(errors);
            self.errors.push(fault);
            return meant;
        }
        let (word, written) = (element.kind.clone(), Statement::Element(element));
        Statement::Misspelt(Box::new(Misspelt { word, written, meant, fault }))
    }

    fn system(&mut self, pair: Pair<Rule>) -> System {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let keyword = self.span(&children.expect(Rule::system_word));
        let label = self.text(&children.expect(Rule::text));
        let properties = self.optional_settings(&mut children);
        System { label, properties, keyword, span }
    }

    fn include(&mut self, pair: Pair<Rule>) -> Include {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        children.expect(Rule::include_word);
        Include { path: self.text(&children.expect(Rule::text)), span }
    }

    fn template(&mut self, pair: Pair<Rule>) -> Template {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        children.expect(Rule::template_word);
        let name = self.name(&children.expect(Rule::name));
        let base = self.name(&children.expect(Rule::name));
        Template { name, base, tail: self.tail(children), span }
    }

    /// An `element` of a file or a `member` of a body.
    fn element(&mut self, pair: Pair<Rule>) -> Element {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let kind = self.name(&children.expect(Rule::name));
        let names = children.every(Rule::name, |it| self.name(&it));
        Element { kind, names, tail: self.tail(children), span }
    }

    fn tail(&mut self, children: Children) -> Tail {
        let mut tail = Tail::default();
        for pair in children.rest() {
            let span = self.span(&pair);
            let again = match pair.as_rule() {
                Rule::text => tail.label.replace(self.text(&pair)).map(|_| "label"),
                Rule::engine => {
                    let engines = self.engine(pair);
                    let again = !tail.engines.is_empty();
                    tail.engines = engines;
                    again.then_some("engine")
                }
                Rule::count => {
                    let count = self.count(&pair);
                    let again = tail.count.is_some();
                    tail.count = count;
                    again.then_some("count")
                }
                Rule::tag => {
                    tail.tags.push(self.tag(&pair));
                    None
                }
                _ => {
                    tail.body = Some(self.body(pair));
                    None
                }
            };
            if let Some(what) = again {
                self.said_twice(what, span);
            }
        }
        tail
    }

    fn said_twice(&mut self, what: &str, span: Span) {
        self.error(format!("a second {what}"), span, "stands here", format!("keep one {what}"));
    }

    fn engine(&mut self, pair: Pair<Rule>) -> Vec<Name> {
        Children::of(pair).all(|it| Some(self.name(&it)))
    }

    fn count(&mut self, pair: &Pair<Rule>) -> Option<Count> {
        let span = self.span(pair);
        let (least, most) = match pair.as_str()[1..].split_once("..") {
            None => {
                let count = self.replicas(&pair.as_str()[1..], span)?;
                (count, Some(count))
            }
            Some((least, "")) => (self.replicas(least, span)?, None),
            Some((least, most)) => (self.replicas(least, span)?, Some(self.replicas(most, span)?)),
        };
        if most.is_some_and(|most| most < least) {
            self.reversed(pair.as_str(), span);
            return None;
        }
        Some(Count { least, most, span })
    }

    fn replicas(&mut self, digits: &str, span: Span) -> Option<u32> {
        let count = digits.parse().ok();
        if count.is_none() {
            self.too_large(digits, span, "a count stays below four thousand million");
        }
        count
    }

    fn body(&mut self, pair: Pair<Rule>) -> Body {
        let span = self.span(&pair);
        let items = Children::of(pair).all(|it| match it.as_rule() {
            Rule::property => Some(Item::Property(self.property(it))),
            Rule::member => Some(Item::Element(self.element(it))),
            _ => self.link(it).map(Item::Link),
        });
        Body { items, span }
    }

    fn optional_settings(&mut self, children: &mut Children) -> Vec<Property> {
        children.optional(Rule::settings).map(|it| self.settings(it)).unwrap_or_default()
    }

    fn settings(&mut self, pair: Pair<Rule>) -> Vec<Property> {
        Children::of(pair).all(|it| Some(self.property(it)))
    }

    fn property(&mut self, pair: Pair<Rule>) -> Property {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let name = self.name(&children.expect(Rule::name));
        let value = children.optional(Rule::value).and_then(|it| self.value(it));
        Property { name, value, span }
    }

    /// A faulty value is reported and left out: stated, its figure unknown.
    fn value(&mut self, pair: Pair<Rule>) -> Option<Value> {
        let span = self.span(&pair);
        let inner = Children::of(pair).any();
        let kind = match inner.as_rule() {
            Rule::measure => self.measure(inner)?,
            Rule::text => ValueKind::Text(self.text(&inner).value),
            Rule::list => ValueKind::List(Children::of(inner).all(|it| self.value(it))),
            _ => self.choice(inner),
        };
        Some(Value { kind, span })
    }

    fn choice(&mut self, pair: Pair<Rule>) -> ValueKind {
        let mut names = Children::of(pair).all(|it| Some(self.name(&it)));
        if names.len() == 1 && names[0].text == "forever" {
            names.clear();
            let amount = f64::INFINITY;
            return ValueKind::Quantity(Quantity { amount, dimension: Dimension::Duration });
        }
        ValueKind::Names(names)
    }

    fn measure(&mut self, pair: Pair<Rule>) -> Option<ValueKind> {
        let span = self.span(&pair);
        let written = pair.as_str();
        let mut children = Children::of(pair);
        let first = children.expect(Rule::quantity);
        if children.optional(Rule::range).is_some() {
            let Some(last) = children.optional(Rule::quantity) else {
                return Some(ValueKind::Range(self.quantity(&first, None)?, None));
            };
            return self.closed_range(&first, &last, written, span);
        }
        if children.optional(Rule::ratio).is_some() {
            let (one, other) =
                (self.quantity(&first, None)?, self.quantity(&children.expect(Rule::quantity), None)?);
            if one.dimension != Dimension::Number || other.dimension != Dimension::Number {
                self.unit_error(
                    format!("`{written}` is no ratio"),
                    span,
                    "two bare numbers are expected here",
                    Some("write it like `100:1`".to_owned()),
                );
                return None;
            }
            return Some(ValueKind::Ratio(one.amount, other.amount));
        }
        Some(ValueKind::Quantity(self.quantity(&first, None)?))
    }

    fn closed_range(
        &mut self,
        first: &Pair<Rule>,
        last: &Pair<Rule>,
        written: &str,
        span: Span,
    ) -> Option<ValueKind> {
        let upper_unit = units::split(last.as_str()).1;
        let carried = units::split(first.as_str()).1.is_empty().then_some(upper_unit);
        let upper = self.quantity(last, None)?;
        let lower = self.quantity(first, carried)?;
        if lower.dimension != upper.dimension {
            self.unit_error(
                format!("the ends of `{written}` have units of two sorts"),
                span,
                "one unit is expected here",
                Some("write it like `40..50ms`".to_owned()),
            );
            return None;
        }
        if lower.amount > upper.amount {
            self.reversed(written, span);
            return None;
        }
        Some(ValueKind::Range(lower, Some(upper)))
    }

    fn reversed(&mut self, written: &str, span: Span) {
        self.error(
            format!("the range `{written}` ends before it begins"),
            span,
            "the lower end comes first",
            "swap the two ends",
        );
    }

    /// A number and its unit, or the unit that the far end of a range lends.
    fn quantity(&mut self, pair: &Pair<Rule>, lent: Option<&str>) -> Option<Quantity> {
        let span = self.span(pair);
        let (number, written) = units::split(pair.as_str());
        let name = lent.unwrap_or(written);
        let Some(unit) = units::unit(name) else {
            self.unknown_unit(number, name, span);
            return None;
        };
        let quantity = Self::amount(number, unit);
        if quantity.is_none() {
            self.too_large(pair.as_str(), span, "a figure has at most 308 digits");
        }
        quantity
    }

    fn amount(number: &str, unit: Unit) -> Option<Quantity> {
        units::quantity(number, unit)
    }

    fn unknown_unit(&mut self, number: &str, name: &str, span: Span) {
        let place = Span { start: span.end - name.len() as u32, ..span };
        let nearest = units::nearest(name);
        let help = match &nearest {
            Some(nearest) => format!("did you mean `{number}{nearest}`?"),
            None if name == "m" => {
                format!("write `{number}M` for millions, `{number}min` for minutes or `{number}month`")
            }
            None => "write a number (k M G T bn), `%`, a duration (ms s min h d w month y), a size (B KB MB \
                     GB TB, KiB …), a rate (`20/day`, `12GB/month`) or a bandwidth (`100Mbps`)"
                .to_owned(),
        };
        self.errors.push(SyntaxError {
            kind: ErrorKind::Unit,
            message: format!("`{name}` is no unit"),
            span: place,
            label: "a unit is expected here".to_owned(),
            help: Some(help),
            fix: nearest.map(|text| Edit { span: place, text }),
        });
    }

    /// A `link`, or an `own_link`, which starts from the body's owner.
    fn link(&mut self, pair: Pair<Rule>) -> Option<Link> {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let from = children.optional(Rule::source).map(|it| self.source(it));
        let hops = self.hops(&mut children, from.as_ref(), false);
        let mut link = Link {
            from,
            hops,
            label: None,
            protocols: Vec::new(),
            properties: Vec::new(),
            braces: None,
            span,
        };
        for pair in children.rest() {
            match pair.as_rule() {
                Rule::text => link.label = Some(self.text(&pair)),
                Rule::protocols => link.protocols = self.engine(pair),
                _ => {
                    link.braces = Some(self.span(&pair));
                    link.properties = self.settings(pair);
                }
            }
        }
        (!link.hops.is_empty()).then_some(link)
    }

    /// The hops of a link or of a flow's chain; `...` stands only in a chain, and before a further hop.
    fn hops(&mut self, children: &mut Children, from: Option<&Targets>, in_flow: bool) -> Vec<Hop> {
        let mut hops: Vec<Hop> = Vec::with_capacity(1);
        while let Some(pair) = children.optional(Rule::hop) {
            let is_last = !children.is_next(Rule::hop);
            let is_broken = pair.as_str().contains('\n');
            let hop = self.hop(pair);
            // `api ->` and in the next row `api -> db`: one arrow leads nowhere, and the row is a link by itself.
            if is_broken
                && !is_last
                && !hop.is_in_parentheses
                && let Some(Targets::End(before)) = hops.last().map(|it| &it.to).or(from)
                && let Targets::End(again) = &hop.to
                && before.text == again.text
            {
                self.leads_nowhere(hop.arrow, hop.arrow_span);
                continue;
            }
            match &hop.to {
                Targets::Gap(span) if !in_flow || is_last => {
                    self.misplaced_gap(*span);
                    continue;
                }
                Targets::Set(_, _, span) if !is_last && !hop.is_in_parentheses => self.error(
                    "only the last hop may lead to several without parentheses",
                    *span,
                    "another hop follows this set",
                    "put it in parentheses, or end the statement before it",
                ),
                _ => {}
            }
            hops.push(Hop { arrow: hop.arrow, arrow_span: hop.arrow_span, to: hop.to });
        }
        hops
    }

    fn leads_nowhere(&mut self, arrow: Arrow, span: Span) {
        let arrow = if arrow == Arrow::Sync { "->" } else { "~>" };
        self.error(
            format!("`{arrow}` leads nowhere: the next row is a link by itself"),
            span,
            "a name is expected after it",
            "name the component it calls, or delete it",
        );
    }

    fn misplaced_gap(&mut self, span: Span) {
        self.error(
            "`...` stands between two names of a flow's path",
            span,
            "no gap is possible here",
            "name the component",
        );
    }

    fn hop(&mut self, pair: Pair<Rule>) -> WrittenHop {
        let mut children = Children::of(pair);
        let (arrow, arrow_span) = self.arrow(&mut children);
        let target = children.any();
        let is_in_parentheses = target.as_str().starts_with('(');
        let to = match target.as_rule() {
            Rule::gap => Targets::Gap(self.span(&target)),
            _ => self.targets(target),
        };
        WrittenHop { arrow, arrow_span, to, is_in_parentheses }
    }

    fn arrow(&mut self, children: &mut Children) -> (Arrow, Span) {
        let pair = children.any();
        let arrow = if pair.as_rule() == Rule::sync { Arrow::Sync } else { Arrow::Async };
        (arrow, self.span(&pair))
    }

    /// Callers are parted by commas, or stand in parentheses.
    fn source(&mut self, pair: Pair<Rule>) -> Targets {
        let span = self.span(&pair);
        let mut members = Children::of(pair).rest();
        let first = self.target(members.next().expect("the grammar promises a caller"));
        if members.is_empty() {
            return first;
        }
        let members = std::iter::once(first).chain(members.map(|it| self.target(it))).collect();
        Targets::Set(Relation::All, members, span)
    }

    /// `targets` or a `group`, which is the same in parentheses.
    fn targets(&mut self, pair: Pair<Rule>) -> Targets {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let first = self.target(children.any());
        let mut rest = children.rest();
        if rest.is_empty() {
            return first;
        }
        let mut relation = None;
        let mut is_mixed = false;
        let mut members = Vec::with_capacity(1 + rest.len() / 2);
        members.push(first);
        while let (Some(separator), Some(target)) = (rest.next(), rest.next()) {
            let this = relation_of(separator.as_str());
            let first = *relation.get_or_insert(this);
            if this != first && !is_mixed {
                is_mixed = true;
                self.mixed(first, this, self.span(&separator));
            }
            members.push(self.target(target));
        }
        let relation = relation.expect("the grammar promises a relation between two targets");
        Targets::Set(relation, flatten(relation, members), span)
    }

    fn mixed(&mut self, one: Relation, other: Relation, span: Span) {
        self.error(
            format!("`{}` and `{}` mix in one set", separator(one), separator(other)),
            span,
            "which belongs together is unsaid",
            "put one of them in parentheses: `a, (b | c)`",
        );
    }

    fn target(&mut self, pair: Pair<Rule>) -> Targets {
        match pair.as_rule() {
            Rule::path => Targets::End(self.path(&pair)),
            _ => self.targets(pair),
        }
    }

    fn flow(&mut self, pair: Pair<Rule>) -> Flow {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        children.expect(Rule::flow_word);
        let name = self.name(&children.expect(Rule::name));
        let (mut label, mut tags) = (None, Vec::new());
        let (mut properties, mut chains) = (Vec::new(), Vec::new());
        let mut is_bare = true;
        for pair in children.rest() {
            is_bare = false;
            match pair.as_rule() {
                Rule::text => {
                    let place = self.span(&pair);
                    if label.replace(self.text(&pair)).is_some() {
                        self.said_twice("label", place);
                    }
                }
                Rule::tag => tags.push(self.tag(&pair)),
                _ => {
                    for line in Children::of(pair).rest() {
                        match line.as_rule() {
                            Rule::chain => chains.extend(self.chain(line)),
                            _ => properties.push(self.property(line)),
                        }
                    }
                }
            }
        }
        Flow { name, label, tags, properties, chains, is_whole: true, is_bare, span }
    }

    fn chain(&mut self, pair: Pair<Rule>) -> Option<Chain> {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let from = self.source(children.expect(Rule::source));
        let hops = self.hops(&mut children, Some(&from), true);
        (!hops.is_empty()).then_some(Chain { from, hops, span })
    }

    fn constraint(&mut self, pair: Pair<Rule>) -> Constraint {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let keyword = self.span(&children.expect(Rule::constraint_word));
        let name = children.optional(Rule::name).map(|it| self.name(&it));
        let text = children.optional(Rule::text).map(|it| self.text(&it));
        let (mut clauses, mut properties) = (Vec::new(), Vec::new());
        for line in Children::of(children.expect(Rule::constraint_body)).rest() {
            match line.as_rule() {
                Rule::clause => clauses.push(self.clause(line)),
                _ => properties.push(self.property(line)),
            }
        }
        Constraint { name, text, clauses, properties, keyword, span }
    }

    fn clause(&mut self, pair: Pair<Rule>) -> Clause {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let is_required = children.expect(Rule::clause_word).as_str() == "require";
        let subject = self.select(children.expect(Rule::select));
        let object = children.optional(Rule::object).map(|it| self.object(it));
        Clause { is_required, subject, object, span }
    }

    fn object(&mut self, pair: Pair<Rule>) -> ClauseObject {
        let mut children = Children::of(pair);
        let (arrow, _) = self.arrow(&mut children);
        let is_along_flow = children.optional(Rule::gap).is_some();
        if is_along_flow {
            self.arrow(&mut children);
        }
        let select = self.select(children.expect(Rule::select));
        let way = if is_along_flow {
            ClauseWay::Flow(children.optional(Rule::without).map(|it| {
                let mut without = Children::of(it);
                without.expect(Rule::without_word);
                self.select(without.expect(Rule::select))
            }))
        } else {
            let spoken = children.optional(Rule::spoken);
            let protocols =
                spoken.map_or_else(Vec::new, |it| Children::of(it).all(|it| Some(self.name(&it))));
            ClauseWay::Link(protocols, self.conditions(children.optional(Rule::with)))
        };
        ClauseObject { arrow, select, way }
    }

    /// `where { … }`, `with { … }`
    fn conditions(&mut self, pair: Option<Pair<Rule>>) -> Vec<Property> {
        let Some(pair) = pair else { return Vec::new() };
        let mut children = Children::of(pair);
        children.any();
        self.optional_settings(&mut children)
    }

    fn select(&mut self, pair: Pair<Rule>) -> Select {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        let chosen = children.any();
        let by = match chosen.as_rule() {
            Rule::by_kind => {
                let mut chosen = Children::of(chosen);
                chosen.expect(Rule::kind_word);
                SelectBy::Kind(self.name(&chosen.expect(Rule::name)))
            }
            Rule::tag => SelectBy::Tag(self.tag(&chosen)),
            _ => SelectBy::Name(self.path(&chosen)),
        };
        let chosen = self.conditions(children.optional(Rule::r#where));
        Select { by, chosen, conditions: self.optional_settings(&mut children), span }
    }

    fn allow(&mut self, pair: Pair<Rule>) -> Allow {
        let span = self.span(&pair);
        let mut children = Children::of(pair);
        children.expect(Rule::allow_word);
        let rule = self.name(&children.expect(Rule::rule_name));
        let places = if children.optional(Rule::on_word).is_some() {
            children.every(Rule::place, |it| self.place(it))
        } else {
            Vec::new()
        };
        let reason = children.optional(Rule::text).map(|it| self.text(&it));
        Allow { rule, places, reason, span }
    }

    fn place(&mut self, pair: Pair<Rule>) -> Place {
        let mut children = Children::of(pair);
        if let Some(tag) = children.optional(Rule::tag) {
            return Place::Tag(self.tag(&tag));
        }
        let path = self.path(&children.expect(Rule::path));
        let mut rest = children.rest();
        match (rest.next(), rest.next()) {
            (Some(arrow), Some(to)) => {
                let arrow = if arrow.as_rule() == Rule::sync { Arrow::Sync } else { Arrow::Async };
                Place::Link(path, arrow, self.path(&to))
            }
            _ => Place::Element(path),
        }
    }

    fn path(&mut self, pair: &Pair<Rule>) -> Path {
        Path { text: SmolStr::new(pair.as_str()), span: self.span(pair) }
    }

    fn name(&mut self, pair: &Pair<Rule>) -> Name {
        Name { text: SmolStr::new(pair.as_str()), span: self.span(pair) }
    }

    fn tag(&mut self, pair: &Pair<Rule>) -> Name {
        Name { text: SmolStr::new(&pair.as_str()[1..]), span: self.span(pair) }
    }

    fn text(&mut self, pair: &Pair<Rule>) -> Text {
        let span = self.span(pair);
        let written = &pair.as_str()[1..pair.as_str().len() - 1];
        if !written.contains('\\') {
            return Text { value: SmolStr::new(written), span };
        }
        let mut value = String::with_capacity(written.len());
        let mut characters = written.char_indices();
        while let Some((_, character)) = characters.next() {
            if character != '\\' {
                value.push(character);
                continue;
            }
            let Some((at, escaped)) = characters.next() else { break };
            if !matches!(escaped, '"' | '\\') {
                let start = span.start as usize + at;
                self.unknown_escape(escaped, Span::new(self.file, start, start + 1 + escaped.len_utf8()));
                value.push('\\');
            }
            value.push(escaped);
        }
        Text { value: value.into(), span }
    }

    fn unknown_escape(&mut self, escaped: char, span: Span) {
        let escaped = escaped.escape_debug();
        self.errors.push(SyntaxError {
            fix: Some(Edit { span: Span { end: span.start, ..span }, text: "\\".to_owned() }),
            ..SyntaxError::new(
                format!("`\\{escaped}` is no escape"),
                span,
                "only `\\\"` and `\\\\` are escapes",
                "write `\\\\` for a backslash",
            )
        });
    }

    fn error(&mut self, message: impl Into<String>, span: Span, label: &str, help: impl Into<String>) {
        self.errors.push(SyntaxError::new(message, span, label, help));
    }

    fn unit_error(&mut self, message: String, span: Span, label: &str, help: Option<String>) {
        let kind = ErrorKind::Unit;
        self.errors.push(SyntaxError { kind, message, span, label: label.to_owned(), help, fix: None });
    }

    fn too_large(&mut self, written: &str, span: Span, help: &str) {
        let shown: String = written.chars().take(12).collect();
        let dots = if shown.len() < written.len() { "…" } else { "" };
        self.errors.push(SyntaxError {
            kind: ErrorKind::TooLarge,
            ..SyntaxError::new(
                format!("`{shown}{dots}` is too large"),
                span,
                "is beyond what can be counted",
                help,
            )
        });
    }

    fn span(&self, pair: &Pair<Rule>) -> Span {
        let start = pair.as_span().start();
        Span::new(self.file, self.base + start, self.base + end_of(pair.clone()))
    }
}

/// Where a pair's last word ends: pest counts the blanks before what might have followed as well.
fn end_of(pair: Pair<Rule>) -> usize {
    let end = pair.as_span().end();
    match pair.as_rule() {
        // Words, and what a bracket closes, have nothing after them.
        Rule::name
        | Rule::path
        | Rule::text
        | Rule::tag
        | Rule::count
        | Rule::quantity
        | Rule::measure
        | Rule::body
        | Rule::settings
        | Rule::flow_body
        | Rule::constraint_body
        | Rule::group
        | Rule::list => end,
        _ => pair.into_inner().next_back().map_or(end, end_of),
    }
}

/// Members of a set within a set of the same relation are its own.
fn flatten(relation: Relation, members: Vec<Targets>) -> Vec<Targets> {
    let mut flat = Vec::with_capacity(members.len());
    for member in members {
        match member {
            Targets::Set(inner, mut members, _) if inner == relation => flat.append(&mut members),
            other => flat.push(other),
        }
    }
    flat
}

fn relation_of(separator: &str) -> Relation {
    match separator {
        "," => Relation::All,
        "|" => Relation::Any,
        "/" => Relation::Route,
        _ => Relation::Else,
    }
}

fn separator(relation: Relation) -> &'static str {
    match relation {
        Relation::All => ",",
        Relation::Any => "|",
        Relation::Route => "/",
        Relation::Else => "else",
    }
}
