//! What a client sees of a document beside its text: where an edit of another document changes it, the client is told to ask
//! again, for it asks by itself only for what it edits.

use lsp_types::request::{self, Request as _};
use lsp_types::{Diagnostic, Uri};

use super::desk::{Desk, Document};
use super::findings;
use crate::editor::beside::{self, Hint, Lens};
use crate::editor::colours::{self, Coloured};

/// What is seen of a document.
#[derive(PartialEq)]
pub(super) struct Seen {
    hints: Vec<Hint>,
    lenses: Vec<Lens>,
    colours: Vec<Coloured>,
    findings: Vec<Diagnostic>,
}

impl Seen {
    /// Nothing where nothing is known of it.
    pub(super) fn of(desk: &Desk, uri: &Uri) -> Option<Self> {
        let (view, file) = desk.view(uri)?;
        let end = view.file(file).text.len() as u32;
        Some(Self {
            hints: beside::hints(&view, file, 0, end, |_| true),
            lenses: beside::lenses(&view, file),
            colours: colours::colours(&view, file, 0, end),
            findings: findings::of_document(desk, desk.document(uri)?),
        })
    }

    /// By which methods a client is told to ask again for what is another now.
    pub(super) fn outdated_by(&self, now: &Self) -> impl Iterator<Item = &'static str> {
        let differ = [
            (request::InlayHintRefreshRequest::METHOD, self.hints != now.hints),
            (request::CodeLensRefresh::METHOD, self.lenses != now.lenses),
            (request::SemanticTokensRefresh::METHOD, self.colours != now.colours),
            (request::WorkspaceDiagnosticRefresh::METHOD, self.findings != now.findings),
        ];
        differ.into_iter().filter(|(_, differ)| *differ).map(|(method, _)| method)
    }
}

/// The designs that a document belongs to, by name.
pub(super) fn designs(desk: &Desk, uri: &Uri) -> Vec<String> {
    let designs = desk.document(uri).map(|it| desk.designs_of(it)).unwrap_or_default();
    designs.into_iter().map(|it: &Document| it.name.clone()).collect()
}
