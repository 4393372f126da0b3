//! The loop: messages in, answers and findings out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::error::Error;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DocumentLinkOptions, FoldingRangeProviderCapability,
    HoverProviderCapability, InitializeParams, OneOf, PublishDiagnosticsParams, RenameOptions,
    SelectionRangeProviderCapability, SemanticTokensFullOptions, SemanticTokensLegend, SemanticTokensOptions,
    ServerCapabilities, ServerInfo, ShowMessageParams, TextDocumentSyncCapability, TextDocumentSyncKind,
    TextDocumentSyncOptions, TextDocumentSyncSaveOptions, Uri, WorkDoneProgressOptions,
    WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{self, Client};
use super::desk::Desk;
use super::findings;
use super::graph;
use super::place::{self, Encoding};
use crate::check::Profile;

type Trouble = Box<dyn Error + Send + Sync>;

/// What a client may ask for when it starts, and later by `workspace/didChangeConfiguration`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Wishes {
    /// `ci` or `review`; `default` is what the configuration says.
    profile: Option<String>,
    /// Which inlay hints are shown.
    hints: Hints,
    /// Whether flows are told of above their declarations.
    lens: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct Hints {
    load: Option<bool>,
    utilisation: Option<bool>,
    availability: Option<bool>,
}

/// How a client and the server part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// It was shut down first.
    Agreed,
    /// It was not: the client ended, or broke off.
    Forsaken,
}

/// How many messages wait for an answer before no more are read.
const MOST_WAITING: usize = 10_000;

/// Serves until the client says it is enough, or is gone.
///
/// # Errors
/// Says what of its messages can't be read.
pub(super) fn serve() -> Result<Leave, String> {
    let (connection, threads) = Connection::stdio();
    let receiver = connection.receiver.clone();
    // The connection reads one message ahead; what was taken back or written over can only be known from all.
    let (ahead, incoming) = mpsc::sync_channel(MOST_WAITING);
    thread::spawn(move || receiver.iter().all(|it| ahead.send(it).is_ok()));
    // A client that can't be written to is gone.
    let Ok(left) = run(&Wire { connection, incoming }) else { return Ok(Leave::Forsaken) };
    match threads.join() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
        _ => Ok(left),
    }
}

/// The messages to a client and from it.
struct Wire {
    connection: Connection,
    incoming: mpsc::Receiver<Message>,
}

fn run(wire: &Wire) -> Result<Leave, Trouble> {
    let Some((id, params)) = greeted(wire)? else { return Ok(Leave::Forsaken) };
    let capabilities = params.get("capabilities").cloned().unwrap_or_default();
    let params: InitializeParams = serde_json::from_value(params).unwrap_or_default();
    let encodings = params.capabilities.general.as_ref().and_then(|it| it.position_encodings.as_deref());
    let encoding = Encoding::of(encodings);
    let client = Client::of(&params.capabilities, &capabilities);
    let mut desk = Desk::of(encoding);
    desk.folders = folders(&params);
    let answer = json!({
        "capabilities": offered(encoding, &client),
        "serverInfo": ServerInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        },
    });
    wire.connection.sender.send(Response::new_ok(id, answer).into())?;
    let mut server = Server {
        wire,
        desk,
        client,
        waiting: VecDeque::new(),
        published: BTreeMap::new(),
        is_untold: false,
        is_outdated: false,
        asked: 0,
        has_ended: false,
    };
    server.wish(params.initialization_options.unwrap_or(Value::Null));
    server.run()
}

/// The folders that the client works in.
#[expect(deprecated, reason = "older clients name one folder, and no others")]
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    let named = params.workspace_folders.iter().flatten().filter_map(|it| place::path_of(&it.uri));
    let mut folders: Vec<PathBuf> = named.collect();
    if folders.is_empty() {
        folders.extend(params.root_uri.as_ref().and_then(place::path_of));
    }
    folders
}

/// Waits for the first request that has its place here; nothing when the client leaves before.
fn greeted(wire: &Wire) -> Result<Option<(RequestId, Value)>, Trouble> {
    for message in &wire.incoming {
        match message {
            Message::Request(it) if it.method == request::Initialize::METHOD => {
                return Ok(Some((it.id, it.params)));
            }
            Message::Request(it) => {
                let why = "`initialize` comes first".to_owned();
                let refused = Response::new_err(it.id, ErrorCode::ServerNotInitialized as i32, why);
                wire.connection.sender.send(refused.into())?;
            }
            Message::Notification(it) if it.method == notification::Exit::METHOD => break,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
    Ok(None)
}

fn offered(encoding: Encoding, client: &Client) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::Supported(true)),
            ..TextDocumentSyncOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(
                [":", ">", "=", "#", ",", "|", " ", ".", "/", "(", "\""].map(str::to_owned).to_vec(),
            ),
            ..CompletionOptions::default()
        }),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        document_highlight_provider: Some(OneOf::Left(true)),
        document_symbol_provider: Some(OneOf::Left(true)),
        workspace_symbol_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::REFACTOR_REWRITE,
                CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..CodeActionOptions::default()
        })),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        document_formatting_provider: Some(OneOf::Left(true)),
        document_range_formatting_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_link_provider: Some(DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(SelectionRangeProviderCapability::Simple(true)),
        semantic_tokens_provider: Some(
            SemanticTokensOptions {
                legend: SemanticTokensLegend {
                    token_types: answers::token_types(),
                    token_modifiers: answers::TOKEN_MODIFIERS.to_vec(),
                },
                range: Some(true),
                full: Some(SemanticTokensFullOptions::Bool(true)),
                ..SemanticTokensOptions::default()
            }
            .into(),
        ),
        inlay_hint_provider: Some(OneOf::Left(true)),
        diagnostic_provider: client.pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some(findings::SOURCE.to_owned()),
                inter_file_dependencies: true,
                workspace_diagnostics: false,
                ..DiagnosticOptions::default()
            })
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: None,
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}

struct Server<'a> {
    wire: &'a Wire,
    desk: Desk,
    client: Client,
    /// Messages that have come and are not answered.
    waiting: VecDeque<Message>,
    /// What was told of each file, so that it is taken back when it holds no more.
    published: BTreeMap<String, (Uri, Value)>,
    /// Whether something was checked that the client was not told of.
    is_untold: bool,
    /// Whether answers changed that no edit of the client's changed: it is to ask again.
    is_outdated: bool,
    /// How many requests were sent.
    asked: i32,
    /// Whether the client has asked to shut down.
    has_ended: bool,
}

impl Server<'_> {
    fn run(&mut self) -> Result<Leave, Trouble> {
        while let Some(message) = self.next()? {
            match message {
                Message::Request(request) => self.answer(request)?,
                Message::Notification(it) if it.method == notification::Exit::METHOD => break,
                Message::Notification(it) => self.note(it),
                Message::Response(_) => {}
            }
        }
        Ok(if self.has_ended { Leave::Agreed } else { Leave::Forsaken })
    }

    /// The next message; while there is none, what has changed is checked and told. Nothing when the client is gone.
    fn next(&mut self) -> Result<Option<Message>, Trouble> {
        self.waiting.extend(self.wire.incoming.try_iter());
        if let Some(message) = self.waiting.pop_front() {
            return Ok(Some(message));
        }
        self.publish()?;
        Ok(self.wire.incoming.recv().ok())
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), Trouble> {
        Ok(self.wire.connection.sender.send(message.into())?)
    }

    fn notify<N: notification::Notification>(&self, params: N::Params) -> Result<(), Trouble> {
        self.send(Notification::new(N::METHOD.to_owned(), params))
    }

    // ---- findings

    fn check(&mut self) {
        self.is_untold |= !self.desk.check().is_empty();
    }

    /// Checks what has changed and tells what is found, of files too that are not open.
    fn publish(&mut self) -> Result<(), Trouble> {
        self.check();
        for trouble in std::mem::take(&mut self.desk.troubles) {
            let typ = lsp_types::MessageType::ERROR;
            self.notify::<notification::ShowMessage>(ShowMessageParams { typ, message: trouble })?;
        }
        if std::mem::take(&mut self.is_outdated) {
            for method in self.client.asks_again.clone() {
                self.asked += 1;
                let id = RequestId::from(self.asked);
                self.send(Request { id, method: method.to_owned(), params: Value::Null })?;
            }
        }
        if !std::mem::take(&mut self.is_untold) || self.client.pulls {
            return Ok(());
        }
        let mut told: BTreeMap<String, (Uri, PublishDiagnosticsParams)> = BTreeMap::new();
        for document in self.desk.documents() {
            let params = PublishDiagnosticsParams {
                uri: document.uri.clone(),
                diagnostics: findings::of_document(&self.desk, document),
                version: Some(document.version),
            };
            told.insert(document.name.clone(), (document.uri.clone(), params));
        }
        let names: BTreeSet<String> = self.desk.files().into_iter().map(str::to_owned).collect();
        for name in names.iter().filter(|it| !told.contains_key(*it)).cloned().collect::<Vec<_>>() {
            let Some(uri) = self.desk.uri_of(&name) else { continue };
            let mut diagnostics = Vec::new();
            for design in self.desk.designs() {
                for finding in
                    design.checked().map(|it| findings::in_file(&self.desk, it, &name)).unwrap_or_default()
                {
                    if !diagnostics.contains(&finding) {
                        diagnostics.push(finding);
                    }
                }
            }
            told.insert(name, (uri.clone(), PublishDiagnosticsParams { uri, diagnostics, version: None }));
        }
        for (name, (uri, params)) in &told {
            let value = serde_json::to_value(params)?;
            let is_known = match self.published.get(name) {
                Some((_, known)) => *known == value,
                None => params.diagnostics.is_empty() && self.desk.document(uri).is_none(),
            };
            if !is_known {
                if let Some((known, _)) = self.published.get(name).filter(|(it, _)| it != uri) {
                    // The same file by another address.
                    let params = PublishDiagnosticsParams {
                        uri: known.clone(),
                        diagnostics: Vec::new(),
                        version: None,
                    };
                    self.notify::<notification::PublishDiagnostics>(params)?;
                }
                self.notify::<notification::PublishDiagnostics>(params.clone())?;
                self.published.insert(name.clone(), (uri.clone(), value));
            }
        }
        let gone: Vec<String> = self.published.keys().filter(|it| !told.contains_key(*it)).cloned().collect();
        for name in gone {
            if let Some((uri, _)) = self.published.remove(&name) {
                let params = PublishDiagnosticsParams { uri, diagnostics: Vec::new(), version: None };
                self.notify::<notification::PublishDiagnostics>(params)?;
            }
        }
        Ok(())
    }

    // ---- notifications

    fn note(&mut self, note: Notification) {
        fn read<N: notification::Notification>(params: Value) -> Option<N::Params> {
            // What can't be read was no such notification; there is nobody to tell.
            serde_json::from_value(params).ok()
        }
        match note.method.as_str() {
            notification::DidOpenTextDocument::METHOD => {
                if let Some(it) = read::<notification::DidOpenTextDocument>(note.params) {
                    let it = it.text_document;
                    self.desk.open(it.uri, &it.language_id, it.version, it.text);
                }
            }
            notification::DidChangeTextDocument::METHOD => {
                if let Some(it) = read::<notification::DidChangeTextDocument>(note.params) {
                    self.desk.change(&it.text_document.uri, it.text_document.version, it.content_changes);
                }
            }
            notification::DidCloseTextDocument::METHOD => {
                if let Some(it) = read::<notification::DidCloseTextDocument>(note.params) {
                    self.desk.close(&it.text_document.uri);
                    self.is_untold = true;
                }
            }
            notification::DidSaveTextDocument::METHOD | notification::DidChangeWatchedFiles::METHOD => {
                self.desk.changed_on_disk();
                self.is_outdated = true;
            }
            notification::DidChangeConfiguration::METHOD => {
                if let Some(it) = read::<notification::DidChangeConfiguration>(note.params) {
                    let own = it.settings.get(findings::SOURCE).cloned();
                    self.wish(own.unwrap_or(it.settings));
                    self.is_outdated = true;
                }
            }
            // Others have come too late, or mean nothing here.
            _ => {}
        }
    }

    /// Takes in what the client wishes; what it does not say stays.
    fn wish(&mut self, wishes: Value) {
        if wishes.is_null() {
            return;
        }
        let wishes = match serde_json::from_value::<Wishes>(wishes) {
            Ok(wishes) => wishes,
            Err(error) => {
                self.desk.troubles.push(format!("the editor's settings for Loadpath can't be read: {error}"));
                return;
            }
        };
        let profile = match wishes.profile.as_deref() {
            Some("review") => Some(Profile::Review),
            Some("ci") => Some(Profile::Ci),
            Some("default") => None,
            _ => self.desk.profile,
        };
        if profile != self.desk.profile {
            self.desk.profile = profile;
            self.desk.changed_on_disk();
        }
        let shows = &mut self.client.shows;
        for (shown, wished) in [
            (&mut shows.load, wishes.hints.load),
            (&mut shows.utilisation, wishes.hints.utilisation),
            (&mut shows.availability, wishes.hints.availability),
            (&mut shows.lens, wishes.lens),
        ] {
            *shown = wished.unwrap_or(*shown);
        }
    }

    // ---- requests

    fn answer(&mut self, request: Request) -> Result<(), Trouble> {
        let id = request.id.clone();
        if self.has_ended {
            return self.refuse(id, ErrorCode::InvalidRequest, "the server is shut down");
        }
        if request.method == request::Shutdown::METHOD {
            self.has_ended = true;
            return self.send(Response::new_ok(id, Value::Null));
        }
        self.waiting.extend(self.wire.incoming.try_iter());
        if self.is_cancelled(&id) {
            return self.refuse(id, ErrorCode::RequestCanceled, "cancelled");
        }
        if self.is_superseded(&request) {
            return self.refuse(id, ErrorCode::ContentModified, "the text has changed since");
        }
        self.check();
        match answers::answer(&mut self.desk, &self.client, &request.method, request.params) {
            Some(Ok(value)) => self.send(Response::new_ok(id, value)),
            Some(Err(answers::Refusal { code, why })) => self.refuse(id, code, &why),
            None => {
                let why = format!("`{}` is not known here", request.method);
                self.refuse(id, ErrorCode::MethodNotFound, &why)
            }
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, why: &str) -> Result<(), Trouble> {
        self.send(Response::new_err(id, code as i32, why.to_owned()))
    }

    /// Whether the client has taken a request back by now.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.waiting.iter().any(|it| match it {
            Message::Notification(it) if it.method == notification::Cancel::METHOD => {
                let other: Option<RequestId> =
                    it.params.get("id").cloned().and_then(|it| serde_json::from_value(it).ok());
                other.as_ref() == Some(id)
            }
            _ => false,
        })
    }

    /// Whether an edit waits of the very text that is asked about: the answer would be of what is no more. What is
    /// asked for at one place is answered all the same, by the text of that moment.
    fn is_superseded(&self, request: &Request) -> bool {
        let is_of_the_whole = matches!(
            request.method.as_str(),
            request::SemanticTokensFullRequest::METHOD
                | request::SemanticTokensRangeRequest::METHOD
                | request::InlayHintRequest::METHOD
                | request::CodeLensRequest::METHOD
                | request::FoldingRangeRequest::METHOD
                | request::DocumentSymbolRequest::METHOD
                | request::DocumentLinkRequest::METHOD
                | request::DocumentDiagnosticRequest::METHOD
                | graph::METHOD
        );
        let uri = |params: &Value| params.pointer("/textDocument/uri").cloned();
        is_of_the_whole
            && self.waiting.iter().any(|it| match it {
                Message::Notification(it) => {
                    it.method == notification::DidChangeTextDocument::METHOD
                        && uri(&it.params) == uri(&request.params)
                }
                _ => false,
            })
    }
}

/// Reads the parameters of a request.
pub(super) fn read<T: DeserializeOwned>(params: Value) -> Result<T, answers::Refusal> {
    serde_json::from_value(params)
        .map_err(|error| answers::Refusal { code: ErrorCode::InvalidParams, why: error.to_string() })
}
