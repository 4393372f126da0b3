"""What all tests of the server share: a session of a real client, and texts with places marked in them."""

import os
import sys

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


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def client(lsp_client: LanguageClient):
    params = types.InitializeParams(capabilities=client_capabilities("visual-studio-code"))
    # This one is told of findings; one that asks for them itself is met in a test of its own.
    params.capabilities.text_document.diagnostic = None
    await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


class Document:
    """A text that is open in a client."""

    def __init__(self, client, uri, text, language="arch"):
        self.client, self.uri, self.text, self.version = client, uri, text, 1
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))

    @property
    def id(self):
        return types.TextDocumentIdentifier(uri=self.uri)

    def place(self, words, inside=1, nth=0):
        """The position inside of the nth occurrence of some words."""
        at = -1
        for _ in range(nth + 1):
            at = self.text.index(words, at + 1)
        return position(self.text, at + inside)

    def replace(self, start, end, text):
        """Types over the letters from one place to another, as an editor tells of it."""
        self.version += 1
        change = types.TextDocumentContentChangePartial(
            range=types.Range(start=position(self.text, start), end=position(self.text, end)), text=text
        )
        self.text = self.text[:start] + text + self.text[end:]
        params = types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
            content_changes=[change],
        )
        self.client.text_document_did_change(params)

    async def findings(self):
        """What is told of this text, when the server has come to its version."""
        while True:
            known = self.client.published.get(self.uri)
            if known is not None and known.version == self.version:
                return known.diagnostics
            await self.client.wait_for_notification("textDocument/publishDiagnostics")


def position(text, at):
    """A place in halves of UTF-16."""
    before = text[:at]
    line = before.count("\n")
    column = len(before[before.rfind("\n") + 1 :].encode("utf-16-le")) // 2
    return types.Position(line=line, character=column)


def applied(text, edits):
    """A text with the edits of a server made."""
    def offset(place):
        lines = text.split("\n")
        start = sum(len(it) + 1 for it in lines[: place.line])
        units, at = 0, start
        while at < len(text) and units < place.character:
            units += len(text[at].encode("utf-16-le")) // 2
            at += 1
        return at

    places = [(offset(it.range.start), offset(it.range.end), it.new_text) for it in edits]
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text
