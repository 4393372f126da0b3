//! The picture of a design: components in the colour of their role, groups as frames, and what was found or reckoned
//! where it belongs.
//!
//! What is drawn stands apart from how it is written. `view` says which part of the design is wanted, `outline` which
//! boxes that makes, `drawing` what boxes, frames and arrows say, in plain text; `overlay` adds the figures that are
//! asked for. Each format is a file that writes a drawing down, and a line of [`FORMATS`].

mod arrows;
mod boxes;
mod d2;
pub mod dot;
mod drawing;
mod facts;
mod found;
mod json;
mod look;
mod mermaid;
mod outline;
mod overlay;
mod plantuml;
mod scope;
mod structurizr;
pub mod svg;
mod title;
mod view;
mod words;

use crate::analysis::Analysis;
use crate::check::Checked;
use crate::diagnostic::Diagnostic;
use crate::model::Architecture;
pub use drawing::Element;
pub use look::Theme;
pub use overlay::Overlay;
pub use view::{Collapse, Focus, Place, View, Wanted};

/// All formats that a picture is written in.
#[rustfmt::skip] // One a line, so that formats that are added at the same time seldom meet.
pub static FORMATS: &[&Format] = &[
    &dot::FORMAT,
    &mermaid::FORMAT,
    &d2::FORMAT,
    &plantuml::FORMAT,
    &structurizr::FORMAT,
    &json::FORMAT,
];

/// A way to write a picture down.
#[derive(Debug)]
pub struct Format {
    /// What it is called.
    pub name: &'static str,
    /// Whom it is for, in a few words.
    pub about: &'static str,
    /// The picture in this format. The same picture always gives the same text.
    pub render: fn(&Picture) -> String,
}

/// What is to be drawn, and how.
pub struct Picture<'a> {
    /// The design.
    pub architecture: &'a Architecture,
    /// Its figures.
    pub analysis: &'a Analysis,
    /// What the review says of it; those that are about no component or link stand in the title.
    pub diagnostics: &'a [Diagnostic],
    /// Which part of it is wanted; all, unless it says otherwise.
    pub view: View,
    /// What is told of each part beside what it is: the findings, unless it says otherwise.
    pub overlay: Overlay,
    /// Light, or dark.
    pub theme: Theme,
}

impl<'a> Picture<'a> {
    /// All of a checked design with its findings, light.
    pub fn of(design: &'a Checked) -> Self {
        Self {
            architecture: &design.architecture,
            analysis: &design.analysis,
            diagnostics: &design.diagnostics,
            view: View::default(),
            overlay: Overlay::default(),
            theme: Theme::default(),
        }
    }
    /// The journeys that are wanted, by their places: those of the flow that is asked for, else all.
    fn journeys(&self) -> impl Iterator<Item = usize> {
        let all = if self.view.journeys.is_empty() { 0..self.analysis.journeys.len() } else { 0..0 };
        self.view.journeys.iter().copied().chain(all)
    }
}
