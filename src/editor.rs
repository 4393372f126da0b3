//! What an editor asks of a design: what stands at a place, where else it stands, what may be written there, and what is
//! worth showing beside the text.
//!
//! Every answer is plain data with places in bytes, made out of what [`check`](crate::check) found; who asks turns it into
//! the words of a protocol. A place that means nothing has no answer.

pub mod actions;
pub mod beside;
pub mod colours;
pub mod completion;
pub mod hover;
pub mod outline;
pub mod rename;
pub mod spot;
pub mod symbols;
pub mod typing;
pub mod words;

use std::sync::OnceLock;

use crate::check::Checked;
use crate::source::{FileId, SourceFile, Span};
use crate::syntax::ast;

pub use symbols::{Mention, Subject, Symbols};

/// A design as an editor looks at it.
#[derive(Debug)]
pub struct View<'a> {
    /// What was found.
    pub checked: &'a Checked,
    /// The trees of its files, in the order of its sources.
    pub trees: &'a [ast::File],
    symbols: OnceLock<Symbols>,
}

impl<'a> View<'a> {
    /// A checked design and the trees of its files.
    pub fn of(checked: &'a Checked, trees: &'a [ast::File]) -> Self {
        Self { checked, trees, symbols: OnceLock::new() }
    }

    /// What its words stand for.
    pub fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| Symbols::of(&self.checked.architecture, self.trees))
    }

    /// One of its files.
    pub fn file(&self, id: FileId) -> &'a SourceFile {
        self.checked.sources.file(id)
    }

    /// The tree of one of its files; an empty one where it has none, as a configuration does.
    pub fn tree(&self, id: FileId) -> &'a [ast::Statement] {
        self.trees.get(id.0 as usize).map_or(&[], |it| &it.statements)
    }

    /// The id of the file of this name.
    pub fn file_named(&self, name: &str) -> Option<FileId> {
        self.checked.sources.iter().find(|(_, file)| file.name == name).map(|(id, _)| id)
    }
}

/// Whether a place lies in a span or at one of its ends, as a cursor does between two letters.
fn touches(span: Span, file: FileId, at: u32) -> bool {
    span.file == file && span.start <= at && at <= span.end
}
