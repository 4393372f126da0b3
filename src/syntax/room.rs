//! Where a further property can be written into a statement.

use super::ast::{Element, Item, Link, Property};
use crate::diagnostic::Edit;
use crate::source::Span;

/// A place in a statement where a further property can be written, and what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    at: Span,
    beside: Beside,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    /// No braces.
    Statement,
    /// Braces with nothing in them.
    Braces,
    /// A property.
    Property,
    /// A link, or an element.
    Line,
}

impl Room {
    /// The edit that writes these properties there: `on_full = reject`.
    pub fn edit(self, properties: &str) -> Edit {
        let text = match self.beside {
            Beside::Statement => format!(" {{ {properties} }}"),
            Beside::Braces => format!(" {properties} "),
            Beside::Property => format!(", {properties}"),
            Beside::Line => format!("; {properties}"),
        };
        Edit { span: self.at, text }
    }

    fn at_end_of(span: Span, beside: Beside) -> Self {
        Self { at: Span { start: span.end, ..span }, beside }
    }

    fn in_braces(braces: Span) -> Self {
        let inside = Span { start: braces.start + 1, end: braces.start + 1, ..braces };
        Self { at: inside, beside: Beside::Braces }
    }

    fn in_settings(statement: Span, braces: Option<Span>, properties: &[Property]) -> Self {
        match (properties.last(), braces) {
            (Some(last), _) => Self::at_end_of(last.span, Beside::Property),
            (None, Some(braces)) => Self::in_braces(braces),
            (None, None) => Self::at_end_of(statement, Beside::Statement),
        }
    }
}

impl Element {
    /// Where a further property of it can be written.
    pub fn room(&self) -> Room {
        let Some(body) = &self.tail.body else { return Room::at_end_of(self.span, Beside::Statement) };
        match body.items.last() {
            None => Room::in_braces(body.span),
            Some(Item::Property(it)) => Room::at_end_of(it.span, Beside::Property),
            Some(Item::Link(it)) => Room::at_end_of(it.span, Beside::Line),
            Some(Item::Element(it)) => Room::at_end_of(it.span, Beside::Line),
        }
    }
}

impl Link {
    /// Where a further property of it can be written; it holds for all links that the statement makes.
    pub fn room(&self) -> Room {
        Room::in_settings(self.span, self.braces, &self.properties)
    }
}
