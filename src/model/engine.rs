//! A company's own engines: what a design names after `:` and the catalogue does not know, or knows otherwise.

use smol_str::SmolStr;

use super::property::Owner;
use super::{Fault, FaultKind, Properties, values};
use crate::diagnostic::Label;
use crate::source::{FileId, SourceFile};
use crate::syntax::Spans;
use crate::syntax::ast::Property;

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
        engine.properties.each_span(&mut |span| span.file = file);
        engine
    }

    /// What it states. Its faults were told where it was read.
    pub(super) fn stated(&self) -> Properties {
        values::properties(self.properties.iter(), Owner::Engine, &self.name, &mut Vec::new())
    }
}
