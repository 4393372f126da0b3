"""What all tests of the server share: a session of a real client, and texts with places marked in them."""

import os

import pytest
import pytest_lsp
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

SERVER = [os.environ["LOADPATH"], "lsp"]

DESIGN = """\
system "Shop" { daily_users = 1M, per_user = 10/day, availability = 99.9%, latency_p99 = 300ms }
client browser
load_balancer edge : alb
service api x3 "The shop" { zones = 3, capacity = 200/s }
database orders : postgres { data = [pii], encrypted_at_rest, backup }
queue mails : sqs
worker mailer

browser -> edge -> api : https
api -> orders : tls { timeout = 1s }
api ~> mails
mails ~> mailer

flow buy "Buy something" { share = 10%; browser -> edge -> api -> orders }
flow look { share = 90%, reads; browser -> edge -> api -> orders }
"""


def registered(client):
    """What a server asks a client to tell of: it grows as the server asks."""
    asked = {}

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _(params: types.RegistrationParams):
        asked.update({it.method: it.register_options for it in params.registrations})

    return asked


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def client(lsp_client: LanguageClient):
    lsp_client.registered = registered(lsp_client)
    params = types.InitializeParams(capabilities=client_capabilities("visual-studio-code"))
    params.capabilities.text_document.document_symbol = types.DocumentSymbolClientCapabilities(
        hierarchical_document_symbol_support=True
    )
    # This one is told of findings; one that asks for them itself is met in a test of its own.
    params.capabilities.text_document.diagnostic = None
    # Nor does it know how to ask for anything again.
    asks_again = params.capabilities.workspace
    asks_again.code_lens = asks_again.inlay_hint = asks_again.semantic_tokens = None
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def open_text(client):
    """Opens a text; `‸` in it is taken out and marks the cursor."""

    def open_text(text, uri="untitled:shop.arch", language="arch"):
        return Document(client, uri, text, language)

    return open_text


@pytest.fixture
def folder(client, tmp_path):
    """A folder on the disk, and what is opened out of it."""
    return Folder(client, tmp_path)


class Folder:
    def __init__(self, client, path):
        self.client, self.path = client, path

    def write(self, name, text):
        (self.path / name).write_bytes(text.encode())

    def uri(self, name):
        return (self.path / name).as_uri()

    def open(self, name, text=None, language="arch"):
        """Opens a file, with another text than on the disk if one is given."""
        text = (self.path / name).read_bytes().decode() if text is None else text
        return Document(self.client, self.uri(name), text, language)

    def changed(self, name):
        """Tells the server that a file on the disk is another."""
        event = types.FileEvent(uri=self.uri(name), type=types.FileChangeType.Changed)
        self.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(changes=[event]))


class Document:
    """A text that is open in a client."""

    def __init__(self, client, uri, text, language="arch"):
        self.cursor = text.find("‸")
        text = text.replace("‸", "")
        self.client, self.uri, self.text, self.version = client, uri, text, 1
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

    @property
    def id(self):
        return types.TextDocumentIdentifier(uri=self.uri)

    def place(self, words=None, inside=1, nth=0):
        """The position inside of the nth occurrence of some words, or of the cursor."""
        if words is None:
            return position(self.text, self.cursor)
        at = -1
        for _ in range(nth + 1):
            at = self.text.index(words, at + 1)
        return position(self.text, at + inside)

    def at(self, *place, **more):
        """The same, as most requests ask."""
        return {"text_document": self.id, "position": self.place(*place, **more)}

    def range(self, start=0, end=None):
        end = len(self.text) if end is None else end
        return types.Range(start=position(self.text, start), end=position(self.text, end))

    def words(self, range):
        """The text in a range."""
        return self.text[offset(self.text, range.start) : offset(self.text, range.end)]

    def replace(self, start, end, text):
        """Types over the letters from one place to another, as an editor tells of it."""
        self.version += 1
        change = types.TextDocumentContentChangePartial(range=self.range(start, end), text=text)
        self.text = self.text[:start] + text + self.text[end:]
        self._change(change)

    def become(self, text):
        """Takes another text as a whole."""
        self.version += 1
        self.text = text
        self._change(types.TextDocumentContentChangeWholeDocument(text=text))

    def _change(self, change):
        document = types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version)
        params = types.DidChangeTextDocumentParams(text_document=document, content_changes=[change])
        self.client.text_document_did_change(params)

    def make(self, edits):
        """Makes the edits of a server."""
        self.become(applied(self.text, edits))

    def close(self):
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(text_document=self.id))

    async def findings(self):
        """What is found in this text as it is now."""
        report = await self.client.text_document_diagnostic_async(types.DocumentDiagnosticParams(text_document=self.id))
        return report.items

    async def codes(self):
        return [it.code for it in await self.findings()]

    async def hover(self, *place, **more):
        found = await self.client.text_document_hover_async(types.HoverParams(**self.at(*place, **more)))
        return found and found.contents.value


def changes(edit, *documents):
    """The edits of each file, which are for the versions that the client has of them."""
    assert edit.changes is None
    told = {it.text_document.uri: it for it in edit.document_changes}
    versions = {document.uri: document.version for document in documents}
    assert {uri: it.text_document.version for uri, it in told.items() if uri in versions} == {
        uri: version for uri, version in versions.items() if uri in told
    }
    return {uri: it.edits for uri, it in told.items()}


def position(text, at):
    """A place in halves of UTF-16."""
    before = text[:at]
    line = before.count("\n")
    column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
    return types.Position(line=line, character=column)


def offset(text, place):
    """The letter at a place in halves of UTF-16."""
    lines = text.split("\n")
    at, units = sum(len(it) + 1 for it in lines[: place.line]), 0
    while at < len(text) and units < place.character:
        units += len(text[at].encode("utf-16-le")) // 2
        at += 1
    return at


def applied(text, edits):
    """A text with the edits of a server made."""
    places = [(offset(text, it.range.start), offset(text, it.range.end), it.new_text) for it in edits]
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text
