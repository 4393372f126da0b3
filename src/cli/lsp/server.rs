//! The loop: messages in, answers and findings out.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    ExecuteCommandParams, MessageType, PublishDiagnosticsParams, ServerInfo, ShowMessageParams, Uri,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers;
use super::client::{self, Client};
use super::desk::{Change, Desk};
use super::findings;
use super::graph;
use super::offers;
use super::seen::{self, Seen};
use super::watch;
use super::wire::{self, Fault, Incoming, Wire};
use super::wishes;

/// How a client and the server part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// It was shut down first.
    Agreed,
    /// It was not: the client ended, or broke off.
    Forsaken,
    /// What came can't be told apart into messages, for this reason.
    Astray(String),
}

/// Serves until the client says it is enough, or is gone: it ends with this process, if one is named.
pub(super) fn serve(client: Option<u32>) -> Leave {
    client.into_iter().for_each(watch::leave_with);
    // A client that can't be written to is gone.
    run(Wire::open()).unwrap_or(Leave::Forsaken)
}

fn run(mut wire: Wire) -> io::Result<Leave> {
    let (id, params) = match greeted(&mut wire)? {
        Ok(greeting) => greeting,
        Err(left) => return Ok(left),
    };
    let process = params["processId"].as_u64().and_then(|it| u32::try_from(it).ok());
    process.into_iter().for_each(watch::leave_with);
    let client = Client::of(&params["capabilities"]);
    let mut desk = Desk::of(client.encoding);
    desk.folders = client::folders(&params);
    let answer = json!({
        "capabilities": offers::offered(&client),
        "serverInfo": ServerInfo {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        },
    });
    wire.send(Response::new_ok(id, answer))?;
    let mut server = Server {
        wire,
        desk,
        client,
        waiting: VecDeque::new(),
        published: BTreeMap::new(),
        warned: BTreeSet::new(),
        troubles: Vec::new(),
        is_untold: false,
        is_outdated: false,
        outdated: BTreeSet::new(),
        asked: 0,
        settings_asked: None,
        has_ended: false,
    };
    server.wish(&params["initializationOptions"]);
    server.run()
}

/// Waits for the first request that has its place here; how the client leaves where it does so before.
fn greeted(wire: &mut Wire) -> io::Result<Result<(RequestId, Value), Leave>> {
    while let Some(incoming) = wire.next() {
        match incoming {
            Ok(Message::Request(it)) if it.method == request::Initialize::METHOD => {
                return Ok(Ok((it.id, it.params)));
            }
            Ok(Message::Request(it)) => {
                let why = "`initialize` comes first".to_owned();
                wire.send(Response::new_err(it.id, ErrorCode::ServerNotInitialized as i32, why))?;
            }
            Ok(Message::Notification(it)) if it.method == notification::Exit::METHOD => break,
            Ok(Message::Notification(_) | Message::Response(_)) => {}
            Err(Fault::Nonsense(refusal)) => wire::object(refusal)?,
            Err(Fault::Astray(why)) => return Ok(Err(Leave::Astray(why))),
        }
    }
    Ok(Err(Leave::Forsaken))
}

/// Edits, without what nobody needs and some clients tell in an odd way: an edit that is not taken in would leave another
/// text here than there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Changes {
    text_document: Versioned,
    content_changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Versioned {
    uri: Uri,
    #[serde(default)]
    version: Value,
}

struct Server {
    wire: Wire,
    desk: Desk,
    client: Client,
    /// Messages that have come and are not answered.
    waiting: VecDeque<Incoming>,
    /// What was told of each file, so that it is taken back when it holds no more.
    published: BTreeMap<String, (Uri, Value)>,
    /// What was said of the client's settings: each once.
    warned: BTreeSet<String>,
    /// What is to be said of them.
    troubles: Vec<String>,
    /// Whether something was checked that the client was not told of.
    is_untold: bool,
    /// Whether answers changed that no edit of the client's changed: it is to ask again.
    is_outdated: bool,
    /// By which methods it is told to ask again for what an edit of another document changed.
    outdated: BTreeSet<&'static str>,
    /// How many requests were sent.
    asked: i32,
    /// The request for settings that is not answered.
    settings_asked: Option<RequestId>,
    /// Whether the client has asked to shut down.
    has_ended: bool,
}

impl Server {
    fn run(&mut self) -> io::Result<Leave> {
        while let Some(incoming) = self.next()? {
            match incoming {
                Ok(Message::Request(request)) => self.answer(request)?,
                Ok(Message::Notification(it)) if it.method == notification::Exit::METHOD => break,
                Ok(Message::Notification(it)) => self.note(it)?,
                Ok(Message::Response(it)) => self.told(it),
                Err(Fault::Nonsense(refusal)) => wire::object(refusal)?,
                Err(Fault::Astray(why)) => return Ok(Leave::Astray(why)),
            }
        }
        Ok(if self.has_ended { Leave::Agreed } else { Leave::Forsaken })
    }

    /// What comes next; while there is nothing, what has changed is checked and told. Nothing when the client is gone.
    fn next(&mut self) -> io::Result<Option<Incoming>> {
        self.waiting.extend(self.wire.come());
        if let Some(incoming) = self.waiting.pop_front() {
            return Ok(Some(incoming));
        }
        self.publish()?;
        Ok(self.wire.next())
    }

    /// Asks the client for something; gives by which id it answers.
    fn ask(&mut self, method: &str, params: Value) -> io::Result<RequestId> {
        self.asked += 1;
        let id = RequestId::from(self.asked);
        self.wire.send(Request { id: id.clone(), method: method.to_owned(), params })?;
        Ok(id)
    }

    fn show(&self, typ: MessageType, message: String) -> io::Result<()> {
        self.notify::<notification::ShowMessage>(ShowMessageParams { typ, message })
    }

    fn notify<N: notification::Notification>(&self, params: N::Params) -> io::Result<()> {
        self.wire.send(Notification::new(N::METHOD.to_owned(), params))
    }

    // ---- findings

    fn check(&mut self) {
        if self.client.asks_again.is_empty() {
            self.is_untold |= !self.desk.check().is_empty();
            return;
        }
        let others = self.desk.unedited();
        let seen = |desk: &Desk, (uri, is_touched): &(Uri, bool)| {
            (seen::designs(desk, uri), is_touched.then(|| Seen::of(desk, uri)).flatten())
        };
        let before: Vec<_> = others.iter().map(|it| seen(&self.desk, it)).collect();
        self.is_untold |= !self.desk.check().is_empty();
        for (other, (designs, before)) in others.iter().zip(before) {
            let (designs_now, now) = seen(&self.desk, other);
            self.is_outdated |= designs != designs_now;
            if let (Some(before), Some(now)) = (before, now) {
                self.outdated.extend(before.outdated_by(&now));
            }
        }
    }

    /// Checks what has changed and tells what is found, of files too that are not open.
    fn publish(&mut self) -> io::Result<()> {
        self.check();
        for trouble in self.desk.configured.take_troubles() {
            self.show(MessageType::ERROR, trouble)?;
        }
        for trouble in std::mem::take(&mut self.troubles) {
            self.show(MessageType::WARNING, trouble)?;
        }
        let outdated = std::mem::take(&mut self.outdated);
        let is_outdated = std::mem::take(&mut self.is_outdated);
        for method in self.client.asks_again.clone() {
            if is_outdated || outdated.contains(method) {
                self.ask(method, Value::Null)?;
            }
        }
        if !std::mem::take(&mut self.is_untold) {
            return Ok(());
        }
        // Who asks for the findings of designs does not know to ask for those of configurations.
        let mut told = if self.client.pulls { BTreeMap::new() } else { self.findings() };
        for (name, (uri, diagnostics)) in self.desk.configured.faults(self.desk.encoding) {
            told.entry(name).or_insert_with(|| {
                (uri.clone(), PublishDiagnosticsParams { uri, diagnostics, version: None })
            });
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

    /// The findings of all files, by name, of those too that are not open.
    fn findings(&self) -> BTreeMap<String, (Uri, PublishDiagnosticsParams)> {
        let mut told: BTreeMap<String, (Uri, PublishDiagnosticsParams)> = BTreeMap::new();
        for document in self.desk.documents() {
            let params = PublishDiagnosticsParams {
                uri: document.uri.clone(),
                diagnostics: findings::of_document(&self.desk, document),
                version: Some(document.version),
            };
            told.insert(document.name.clone(), (document.uri.clone(), params));
        }
        for name in self.desk.files() {
            let Some(uri) = self.desk.uri_of(name).filter(|_| !told.contains_key(name)) else { continue };
            let diagnostics = findings::in_designs(&self.desk, self.desk.designs(), name);
            told.insert(
                name.to_owned(),
                (uri.clone(), PublishDiagnosticsParams { uri, diagnostics, version: None }),
            );
        }
        told
    }

    // ---- notifications

    fn note(&mut self, note: Notification) -> io::Result<()> {
        fn read<N: notification::Notification>(params: Value) -> Option<N::Params> {
            // What can't be read was no such notification; there is nobody to tell.
            serde_json::from_value(params).ok()
        }
        match note.method.as_str() {
            notification::Initialized::METHOD => {
                self.register()?;
                self.ask_for_settings()?;
            }
            notification::DidOpenTextDocument::METHOD => {
                if let Some(it) = read::<notification::DidOpenTextDocument>(note.params) {
                    let it = it.text_document;
                    self.desk.open(it.uri, &it.language_id, it.version, it.text);
                }
            }
            notification::DidChangeTextDocument::METHOD => {
                if let Ok(it) = serde_json::from_value::<Changes>(note.params) {
                    self.desk.change(&it.text_document.uri, &it.text_document.version, it.content_changes);
                }
            }
            notification::DidCloseTextDocument::METHOD => {
                if let Some(it) = read::<notification::DidCloseTextDocument>(note.params) {
                    self.desk.close(&it.text_document.uri);
                    self.is_untold = true;
                }
            }
            notification::DidSaveTextDocument::METHOD => self.changed_on_disk(),
            notification::DidChangeWorkspaceFolders::METHOD => {
                let event = &note.params["event"];
                let gone = client::folders_in(&event["removed"]);
                self.desk.folders.retain(|it| !gone.contains(it));
                self.desk.folders.extend(client::folders_in(&event["added"]));
                self.changed_on_disk();
            }
            notification::DidChangeWatchedFiles::METHOD => {
                let changes = read::<notification::DidChangeWatchedFiles>(note.params).map(|it| it.changes);
                if changes.into_iter().flatten().any(|it| self.desk.concerns(&it.uri)) {
                    self.changed_on_disk();
                }
            }
            notification::DidChangeConfiguration::METHOD => {
                let settings = &note.params["settings"];
                match wishes::own(settings) {
                    Some(own) if settings.get(findings::SOURCE).is_some() || wishes::concern(own) => {
                        self.wish(settings);
                    }
                    // Those of others.
                    Some(_) => {}
                    None => {
                        self.wish(settings);
                        self.ask_for_settings()?;
                    }
                }
                self.is_outdated = true;
            }
            // Others have come too late, or mean nothing here.
            _ => {}
        }
        Ok(())
    }

    fn changed_on_disk(&mut self) {
        self.desk.changed_on_disk();
        self.is_outdated = true;
    }

    /// Asks to be told of what the client would not tell by itself.
    fn register(&mut self) -> io::Result<()> {
        let registrations = self.client.registrations();
        if !registrations.is_empty() {
            self.ask(request::RegisterCapability::METHOD, json!({ "registrations": registrations }))?;
        }
        Ok(())
    }

    fn ask_for_settings(&mut self) -> io::Result<()> {
        if self.client.has_settings {
            let items = json!({ "items": [{ "section": findings::SOURCE }] });
            self.settings_asked = Some(self.ask(request::WorkspaceConfiguration::METHOD, items)?);
        }
        Ok(())
    }

    /// Takes in what the client answers.
    fn told(&mut self, answer: Response) {
        if self.settings_asked.take_if(|it| *it == answer.id).is_some() {
            self.is_outdated |= self.wish(&answer.result.unwrap_or_default()[0]);
        }
    }

    /// Takes in what the client wishes; what it does not say stays. Gives whether it wishes something else than before.
    fn wish(&mut self, settings: &Value) -> bool {
        let before = self.client.wishes.clone();
        let taken = wishes::own(settings).map(|it| self.client.wishes.take(it));
        for trouble in taken.unwrap_or_default().into_iter().chain(wishes::misshapen(settings)) {
            if self.warned.insert(trouble.clone()) {
                self.troubles.push(trouble);
            }
        }
        if self.desk.profile != self.client.wishes.profile {
            self.desk.profile = self.client.wishes.profile;
            self.desk.changed_on_disk();
        }
        self.client.wishes != before
    }

    // ---- requests

    fn answer(&mut self, request: Request) -> io::Result<()> {
        let id = request.id.clone();
        if self.has_ended {
            return self.refuse(id, ErrorCode::InvalidRequest, "the server is shut down");
        }
        if request.method == request::Shutdown::METHOD {
            self.has_ended = true;
            return self.wire.send(Response::new_ok(id, Value::Null));
        }
        self.waiting.extend(self.wire.come());
        if self.is_cancelled(&id) {
            return self.refuse(id, ErrorCode::RequestCanceled, "cancelled");
        }
        if self.is_superseded(&request) {
            return self.refuse(id, ErrorCode::ContentModified, "the text has changed since");
        }
        self.check();
        if request.method == request::ExecuteCommand::METHOD {
            return self.execute(id, request.params);
        }
        match answers::answer(&mut self.desk, &self.client, &request.method, request.params) {
            Some(Ok(value)) => self.wire.send(Response::new_ok(id, value)),
            Some(Err(answers::Refusal { code, why })) => self.refuse(id, code, &why),
            None => {
                let why = format!("`{}` is not known here", request.method);
                self.refuse(id, ErrorCode::MethodNotFound, &why)
            }
        }
    }

    /// Shows the flow whose verdict was chosen.
    fn execute(&self, id: RequestId, params: Value) -> io::Result<()> {
        match read::<ExecuteCommandParams>(params).and_then(|it| answers::chosen(&self.desk, &it)) {
            Ok(told) => {
                self.show(MessageType::INFO, told)?;
                self.wire.send(Response::new_ok(id, Value::Null))
            }
            Err(answers::Refusal { code, why }) => self.refuse(id, code, &why),
        }
    }

    fn refuse(&self, id: RequestId, code: ErrorCode, why: &str) -> io::Result<()> {
        self.wire.send(Response::new_err(id, code as i32, why.to_owned()))
    }

    /// Whether the client has taken a request back by now.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        self.waiting.iter().any(|it| match it {
            Ok(Message::Notification(it)) if it.method == notification::Cancel::METHOD => {
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
                Ok(Message::Notification(it)) => {
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
