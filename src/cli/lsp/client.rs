//! What a client can do, and where it works. Each ability is looked for by itself: one that is told in an odd way costs
//! no other.

use std::path::PathBuf;
use std::str::FromStr as _;

use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{MarkupKind, Uri};
use serde_json::{Value, json};

use super::findings;
use super::place::{self, Encoding};
use super::proposals::Abilities;
use super::wishes::Wishes;

/// What the client can do, and what it wishes to see.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a client can do each without the others")]
pub(super) struct Client {
    /// What its columns count.
    pub(super) encoding: Encoding,
    /// It asks for findings itself.
    pub(super) pulls: bool,
    /// What it asks for again when it is told to: the methods that tell it.
    pub(super) asks_again: Vec<&'static str>,
    /// It can be asked for its settings.
    pub(super) has_settings: bool,
    /// What it can do with a proposal.
    pub(super) proposals: Abilities,
    /// It takes symbols that hold others.
    pub(super) nests: bool,
    /// It takes edits with the versions of the texts that they are for.
    pub(super) versions: bool,
    /// How it shows what is said of a word.
    pub(super) hover: MarkupKind,
    /// What it wishes to see.
    pub(super) wishes: Wishes,
    /// It watches files for who asks it to.
    watches: bool,
    /// It tells of changed settings who asks it to.
    tells_settings: bool,
}

impl Client {
    /// Reads what a client says of itself.
    pub(super) fn of(capabilities: &Value) -> Self {
        let can = |path: &str| capabilities.pointer(path) == Some(&Value::Bool(true));
        let refreshes = [
            (request::WorkspaceDiagnosticRefresh::METHOD, can("/workspace/diagnostics/refreshSupport")),
            (request::InlayHintRefreshRequest::METHOD, can("/workspace/inlayHint/refreshSupport")),
            (request::CodeLensRefresh::METHOD, can("/workspace/codeLens/refreshSupport")),
            (request::SemanticTokensRefresh::METHOD, can("/workspace/semanticTokens/refreshSupport")),
        ];
        Self {
            encoding: Encoding::of(&capabilities["general"]["positionEncodings"]),
            pulls: capabilities["textDocument"]["diagnostic"].is_object(),
            asks_again: refreshes.iter().filter(|(_, can)| *can).map(|(it, _)| *it).collect(),
            has_settings: can("/workspace/configuration"),
            proposals: Abilities::of(&capabilities["textDocument"]["completion"]["completionItem"]),
            nests: can("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            versions: can("/workspace/workspaceEdit/documentChanges"),
            hover: markup(&capabilities["textDocument"]["hover"]["contentFormat"]),
            wishes: Wishes::default(),
            watches: can("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            tells_settings: can("/workspace/didChangeConfiguration/dynamicRegistration"),
        }
    }

    /// What the client is asked to tell of, as the protocol has it: designs, and what configures them. A configuration may
    /// go on from one of any name.
    pub(super) fn registrations(&self) -> Vec<Value> {
        let registration = |method: &str, options: Value| json!({ "id": method, "method": method, "registerOptions": options });
        let mut registrations = Vec::new();
        if self.watches {
            let patterns = ["**/*.arch", "**/*.md", "**/*.markdown", "**/*.toml"];
            let watchers = patterns.map(|it| json!({ "globPattern": it }));
            let method = notification::DidChangeWatchedFiles::METHOD;
            registrations.push(registration(method, json!({ "watchers": watchers })));
        }
        if self.tells_settings {
            let method = notification::DidChangeConfiguration::METHOD;
            registrations.push(registration(method, json!({ "section": findings::SOURCE })));
        }
        registrations
    }
}

/// How a client shows what is said: of those that it names, the first is the one that it likes best. Who names none is
/// given plain text, which any can show.
pub(super) fn markup(formats: &Value) -> MarkupKind {
    if formats[0] == "markdown" { MarkupKind::Markdown } else { MarkupKind::PlainText }
}

/// The folders that a client works in; older ones name one, and no others.
pub(super) fn folders(greeting: &Value) -> Vec<PathBuf> {
    let folders = folders_in(&greeting["workspaceFolders"]);
    if folders.is_empty() { folder(&greeting["rootUri"]).into_iter().collect() } else { folders }
}

/// The folders of a list that the protocol has.
pub(super) fn folders_in(list: &Value) -> Vec<PathBuf> {
    list.as_array().into_iter().flatten().filter_map(|it| folder(&it["uri"])).collect()
}

fn folder(uri: &Value) -> Option<PathBuf> {
    place::path_of(&Uri::from_str(uri.as_str()?).ok()?)
}
