//! Every place in a tree: to move a tree along with its text, and to find what stands around a place.

use super::SyntaxError;
use super::ast::{
    Allow, Body, Chain, Clause, ClauseObject, ClauseWay, Constraint, Count, Element, Flow, Hop, Include,
    Item, Link, Misspelt, Name, Path, Place, Property, Select, SelectBy, Statement, System, Tail, Targets,
    Template, Text, Value, ValueKind,
};
use crate::source::Span;

/// What has places in a text.
pub trait Spans {
    /// Shows each place in it, its own included; empty ones as well.
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span));
}

impl Spans for Span {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        see(self);
    }
}

impl<T: Spans> Spans for Option<T> {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        if let Some(it) = self {
            it.each_span(see);
        }
    }
}

impl<T: Spans> Spans for Vec<T> {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        for it in self {
            it.each_span(see);
        }
    }
}

/// Goes through the fields that have places.
macro_rules! spans_of {
    ($($type:ty { $($field:ident),+ })+) => {
        $(impl Spans for $type {
            fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
                $(self.$field.each_span(see);)+
            }
        })+
    };
}

spans_of! {
    Name { span }
    Text { span }
    Path { span }
    Count { span }
    System { span, keyword, label, properties }
    Include { span, path }
    Template { span, name, base, tail }
    Element { span, kind, names, tail }
    Tail { label, engines, count, tags, body }
    Body { span, items }
    Property { span, name, value }
    Value { span, kind }
    Link { span, from, hops, label, protocols, properties, braces }
    Hop { arrow_span, to }
    Flow { span, name, label, tags, properties, chains }
    Chain { span, from, hops }
    Constraint { span, keyword, name, text, clauses, properties }
    Clause { span, subject, object }
    ClauseObject { select, way }
    Select { span, by, chosen, conditions }
    Allow { span, rule, places, reason }
    Misspelt { word, written, meant, fault }
    SyntaxError { span, fix }
    crate::diagnostic::Edit { span }
}

impl Spans for Statement {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::System(it) => it.each_span(see),
            Self::Include(it) => it.each_span(see),
            Self::Template(it) => it.each_span(see),
            Self::Element(it) => it.each_span(see),
            Self::Misspelt(it) => it.each_span(see),
            Self::Link(it) => it.each_span(see),
            Self::Flow(it) => it.each_span(see),
            Self::Constraint(it) => it.each_span(see),
            Self::Allow(it) => it.each_span(see),
        }
    }
}

impl Spans for Item {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Property(it) => it.each_span(see),
            Self::Link(it) => it.each_span(see),
            Self::Element(it) => it.each_span(see),
        }
    }
}

impl Spans for ValueKind {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Names(names) => names.each_span(see),
            Self::List(values) => values.each_span(see),
            Self::Quantity(_) | Self::Range(..) | Self::Ratio(..) | Self::Text(_) => {}
        }
    }
}

impl Spans for Targets {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::End(path) => path.each_span(see),
            Self::Gap(span) => see(span),
            Self::Set(_, members, span) => {
                see(span);
                members.each_span(see);
            }
        }
    }
}

impl Spans for SelectBy {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Kind(name) | Self::Tag(name) => name.each_span(see),
            Self::Name(path) => path.each_span(see),
        }
    }
}

impl Spans for ClauseWay {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Link(protocols, properties) => {
                protocols.each_span(see);
                properties.each_span(see);
            }
            Self::Flow(without) => without.each_span(see),
        }
    }
}

impl Spans for Place {
    fn each_span(&mut self, see: &mut impl FnMut(&mut Span)) {
        match self {
            Self::Element(path) => path.each_span(see),
            Self::Link(from, _, to) => {
                from.each_span(see);
                to.each_span(see);
            }
            Self::Tag(tag) => tag.each_span(see),
        }
    }
}
