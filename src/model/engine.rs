//! A company's own engines: what a design names after `:` and the catalogue does not know, or knows otherwise.

use smol_str::SmolStr;

use super::property::Owner;
use super::{Fault, FaultKind, Properties, values};
use crate::diagnostic::Label;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast::{Name, Property, Value, ValueKind};

/// An engine of one's own: each component that names it states what it states.
#[derive(Clone, Debug)]
pub struct Engine {
    /// What a design writes: `acme_db`.
    pub name: SmolStr,
    /// The catalogue's engine that it is, but for what is stated here.
    pub like: Option<SmolStr>,
    /// What each component with it states, unless it says otherwise itself.
    pub properties: Vec<Property>,
    /// Where it is written; the spans are of this file.
    pub file: SourceFile,
}

impl Engine {
    /// What is wrong with its properties.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let stated = values::properties(self.properties.iter(), Owner::Engine, &self.name, &mut faults);
        faults.extend(stated.own.into_iter().map(|own| Fault {
            kind: FaultKind::UnknownProperty,
            message: format!("nothing reads `{}`", own.name),
            labels: vec![Label { span: own.span, message: "not a property".to_owned(), element: None }],
            help: Some("state what a component can state, and what it is `like`".to_owned()),
            fix: None,
            element: self.name.to_string(),
        }));
        faults
    }

    /// The engine with its file known by an id.
    #[must_use]
    pub(crate) fn in_file(&self, file: FileId) -> Self {
        let mut engine = self.clone();
        engine.properties.iter_mut().for_each(|property| move_property(property, file));
        engine
    }

    /// What it states. Its faults were told where it was read.
    pub(super) fn stated(&self) -> Properties {
        values::properties(self.properties.iter(), Owner::Engine, &self.name, &mut Vec::new())
    }
}

fn move_property(property: &mut Property, file: FileId) {
    move_span(&mut property.span, file);
    move_name(&mut property.name, file);
    property.value.iter_mut().for_each(|value| move_value(value, file));
}

fn move_value(value: &mut Value, file: FileId) {
    move_span(&mut value.span, file);
    match &mut value.kind {
        ValueKind::Names(names) => names.iter_mut().for_each(|name| move_name(name, file)),
        ValueKind::List(values) => values.iter_mut().for_each(|value| move_value(value, file)),
        ValueKind::Quantity(_) | ValueKind::Range(..) | ValueKind::Ratio(..) | ValueKind::Text(_) => {}
    }
}

fn move_name(name: &mut Name, file: FileId) {
    move_span(&mut name.span, file);
}

fn move_span(span: &mut Span, file: FileId) {
    span.file = file;
}
