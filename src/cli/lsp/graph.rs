//! `loadpath/graph`: the picture of a design, for a client that shows it beside the text.
//!
//! The protocol has no word for it. A client that wants it sends the address of a document, and gets the picture in DOT
//! with the places of all that is drawn, as the open texts have it:
//!
//! ```json
//! → { "textDocument": { "uri": "file:///shop.arch" } }
//! ← { "dot": "digraph …",
//!     "places": [{ "element": "shop", "location": { "uri": …, "range": … } }, { "element": "browser -> shop", … }],
//!     "findings": [{ "level": "error", "code": "LP101", "name": "single-point-of-failure",
//!                    "message": …, "element": "shop", "location": … }] }
//! ```
//!
//! Elements are called as findings call them: components and groups by their names, links `a -> b` or `a ~> b`. Links
//! are in the order in which they are drawn, for where an arrow runs back, two may look the same to Graphviz.

use std::collections::{BTreeMap, BTreeSet};

use lsp_types::{Location, TextDocumentIdentifier};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::place::Lines;
use crate::editor::View;
use crate::report::dot::{self, Picture};
use crate::source::{FileId, Span};

/// What the request is called.
pub(super) const METHOD: &str = "loadpath/graph";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    text_document: TextDocumentIdentifier,
}

#[derive(Serialize)]
pub(super) struct Graph<'a> {
    dot: String,
    places: Vec<Place>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Place {
    element: String,
    location: Location,
}

#[derive(Serialize)]
struct Finding<'a> {
    level: &'static str,
    code: &'static str,
    name: &'static str,
    message: &'a str,
    element: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

pub(super) fn graph<'a>(desk: &'a Desk, params: &Params) -> Option<Graph<'a>> {
    let (view, _) = desk.view(&params.text_document.uri)?;
    let mut atlas = Atlas { desk, view: &view, lines: BTreeMap::new() };
    let checked = view.checked;
    let picture = Picture {
        architecture: &checked.architecture,
        diagnostics: &checked.diagnostics,
        load: Some(&checked.analysis.load),
    };
    let findings = checked.diagnostics.iter().map(|it| Finding {
        level: it.severity.name(),
        code: it.code,
        name: it.name,
        message: &it.message,
        element: &it.element,
        location: atlas.location(it.span()),
    });
    Some(Graph { dot: dot::dot(&picture), findings: findings.collect(), places: atlas.places() })
}

/// Finds places; the lines of each file are counted once.
struct Atlas<'v, 'a> {
    desk: &'a Desk,
    view: &'v View<'a>,
    lines: BTreeMap<FileId, Lines<'a>>,
}

impl Atlas<'_, '_> {
    /// Where everything that is drawn is declared; of links of one name, the first.
    fn places(&mut self) -> Vec<Place> {
        let architecture = &self.view.checked.architecture;
        let components = architecture.components().map(|it| (it.name.to_string(), it.span));
        let groups = architecture.groups().map(|it| (it.name.to_string(), it.span));
        let links = architecture.links().map(|it| (architecture.link_name(it), it.span));
        let mut known = BTreeSet::new();
        let mut places = Vec::new();
        for (element, span) in components.chain(groups).chain(links) {
            if known.insert(element.clone())
                && let Some(location) = self.location(span)
            {
                places.push(Place { element, location });
            }
        }
        places
    }

    fn location(&mut self, span: Span) -> Option<Location> {
        let file = self.view.file(span.file);
        let lines = self.lines.entry(span.file).or_insert_with(|| Lines::of(&file.text, self.desk.encoding));
        Some(Location { uri: self.desk.uri_of(&file.name)?, range: lines.range(span) })
    }
}
