//! `loadpath/graph`: the picture of a design, for a client that shows it beside the text.
//!
//! The protocol has no word for it. A client that wants it sends the address of a document, and gets the picture in DOT
//! with the places of all that is drawn, as the open texts have it:
//!
//! ```json
//! → { "textDocument": { "uri": "file:///shop.arch" } }
//! ← { "dot": "digraph …",
//!     "places": [{ "id": "component-0", "element": "shop", "location": { "uri": …, "range": … } },
//!                { "id": "link-0", "element": "browser -> shop", … }],
//!     "findings": [{ "level": "error", "code": "LP101", "name": "single-point-of-failure",
//!                    "message": …, "element": "shop", "location": … }] }
//! ```
//!
//! Elements are called as findings call them: components and groups by their names, links `a -> b` or `a ~> b`. The `id`
//! of a place is that of its shape in the SVG that Graphviz makes of the picture.

use std::collections::BTreeMap;

use lsp_types::{Location, TextDocumentIdentifier};
use serde::{Deserialize, Serialize};

use super::desk::Desk;
use super::place::Lines;
use crate::editor::View;
use crate::model::GroupId;
use crate::report::graph::{self, Element, Picture};
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
    id: String,
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
    let findings = checked.diagnostics.iter().map(|it| Finding {
        level: it.severity.name(),
        code: it.code,
        name: it.name,
        message: &it.message,
        element: &it.element,
        location: atlas.location(it.span()),
    });
    Some(Graph {
        dot: graph::dot::dot(&Picture::of(checked)),
        findings: findings.collect(),
        places: atlas.places(),
    })
}

/// Finds places; the lines of each file are counted once.
struct Atlas<'v, 'a> {
    desk: &'a Desk,
    view: &'v View<'a>,
    lines: BTreeMap<FileId, Lines<'a>>,
}

impl Atlas<'_, '_> {
    /// Where everything that may be drawn is declared.
    fn places(&mut self) -> Vec<Place> {
        let architecture = &self.view.checked.architecture;
        let components =
            architecture.components().map(|it| (Element::Component(it.id), it.name.to_string(), it.span));
        let groups = (0..)
            .zip(architecture.groups())
            .map(|(at, it)| (Element::Group(GroupId(at)), it.name.to_string(), it.span));
        let links =
            architecture.links().map(|it| (Element::Link(it.id), architecture.link_name(it), it.span));
        let all: Vec<_> = components.chain(groups).chain(links).collect();
        let place = |(shape, element, span): (Element, _, _)| {
            Some(Place { id: shape.id(), element, location: self.location(span)? })
        };
        all.into_iter().filter_map(place).collect()
    }

    fn location(&mut self, span: Span) -> Option<Location> {
        let file = self.view.file(span.file);
        let lines = self.lines.entry(span.file).or_insert_with(|| Lines::of(&file.text, self.desk.encoding));
        Some(Location { uri: self.desk.uri_of(&file.name)?, range: lines.range(span) })
    }
}
