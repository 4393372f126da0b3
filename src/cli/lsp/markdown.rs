//! `loadpath/markdown`: what a command says of a design in Markdown, for a client that shows it beside the text.
//!
//! The protocol has no word for it. A client that wants it sends the address of a document and the name of the command, and
//! gets what `loadpath estimate --format markdown` and the like would write, of the open texts and not of what is on the
//! disk; files are called by their ways from the design's folder:
//!
//! ```json
//! → { "textDocument": { "uri": "file:///shop.arch" }, "command": "review" }
//! ← "## Shop: 71 of 100…"
//! ```

use lsp_types::TextDocumentIdentifier;
use serde::Deserialize;

use super::super::design;
use super::desk::Desk;
use crate::check::Profile;
use crate::interview::Level;
use crate::report::dossier::{self, Dossier};
use crate::report::estimate::{self, Estimate};
use crate::report::figures::CutOrder;
use crate::report::review::{self, Feedback};
use crate::report::text::Look;

/// What the request is called.
pub(super) const METHOD: &str = "loadpath/markdown";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Params {
    text_document: TextDocumentIdentifier,
    command: Command,
}

/// The commands that write Markdown about one design.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Command {
    Estimate,
    Report,
    Review,
}

pub(super) fn markdown(desk: &Desk, params: &Params) -> Option<String> {
    const FORMAT: &str = "markdown";
    let profile = (params.command == Command::Review).then_some(Profile::Review);
    let checked = desk.apart(&params.text_document.uri, profile)?;
    Some(match params.command {
        Command::Estimate => estimate::markdown(&Estimate::of(&checked)),
        Command::Report => {
            let format = design::find(dossier::FORMATS, FORMAT)?;
            (format.render)(&Dossier::of(&checked, CutOrder::One), Look::PLAIN)
        }
        Command::Review => {
            let format = design::find(review::FORMATS, FORMAT)?;
            (format.render)(&Feedback::of(&checked, Level::default()), Look::PLAIN)
        }
    })
}
