"""The protocol by hand, for what no well-behaved client sends."""

import json
import os
import queue
import subprocess
import threading

PATIENCE = 60


class Wire:
    """A server, and the messages to and from it as they are."""

    def __init__(self):
        self.process = subprocess.Popen(
            [os.environ["LOADPATH"], "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.last_id = 0
        self.notes = []
        self.received = queue.Queue()
        threading.Thread(target=self._receive, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def _receive(self):
        out = self.process.stdout
        while True:
            length = 0
            while (line := out.readline().strip()):
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            if not length:
                return self.received.put(None)
            self.received.put(json.loads(out.read(length)))

    def send(self, *messages):
        """Sends messages in one piece, so that the server finds them all waiting."""
        framed = b""
        for message in messages:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            framed += b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        self.process.stdin.write(framed)
        self.process.stdin.flush()

    def send_bytes(self, *bodies):
        """Sends bodies as they are, each behind its head."""
        for body in bodies:
            self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def request(self, method, params=None):
        """A request, not yet sent."""
        self.last_id += 1
        return {"id": self.last_id, "method": method, "params": params}

    def next(self):
        message = self.received.get(timeout=PATIENCE)
        assert message is not None, "the server has left"
        return message

    def answer(self, request):
        """The answer to a request that was sent."""
        while True:
            message = self.next()
            if message.get("id") == request["id"] and "method" not in message:
                return message
            self.notes.append(message)

    def asked(self, method):
        """A request of the server's that has come or comes."""
        while True:
            for note in self.notes:
                if note.get("method") == method and "id" in note:
                    self.notes.remove(note)
                    return note
            self.notes.append(self.next())

    def told(self, method):
        """What the server has told by this method until now."""
        return [it["params"] for it in self.notes if it.get("method") == method]

    def published(self, uri):
        """The findings that the server tells of a document by itself: it tells them when nothing waits for an answer."""
        while True:
            told = [it for it in self.told("textDocument/publishDiagnostics") if it["uri"] == uri]
            if told:
                return told[-1]["diagnostics"]
            self.notes.append(self.next())

    def ask(self, method, params=None):
        request = self.request(method, params)
        self.send(request)
        return self.answer(request)

    def result(self, method, params=None):
        answer = self.ask(method, params)
        assert "error" not in answer, answer
        return answer["result"]

    def refusal(self, method, params=None):
        return self.ask(method, params)["error"]["code"]

    def start(self, encodings=None, **options):
        """Greets the server; gives what it can do."""
        general = {"positionEncodings": encodings} if encodings is not None else {}
        params = {"processId": None, "rootUri": None, "capabilities": {"general": general}, **options}
        capabilities = self.result("initialize", params)["capabilities"]
        self.send(note("initialized", {}))
        return capabilities

    def leave(self):
        """Waits until the server has left; gives its exit code."""
        return self.process.wait(timeout=PATIENCE)

    # What nearly all tests send.

    def open(self, uri, text, language="arch"):
        self.send(opened(uri, text, language))

    def findings(self, uri):
        return self.result("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]


def note(method, params=None):
    return {"method": method, "params": params}


def opened(uri, text, language="arch"):
    document = {"uri": uri, "languageId": language, "version": 1, "text": text}
    return note("textDocument/didOpen", {"textDocument": document})


def changed(uri, version, *changes):
    """Changes, each a whole text or a range `((line, column), (line, column))` and what takes its place."""
    told = []
    for change in changes:
        if isinstance(change, str):
            told.append({"text": change})
        else:
            (start, end), text = change
            place = lambda it: {"line": it[0], "character": it[1]}
            told.append({"range": {"start": place(start), "end": place(end)}, "text": text})
    document = {"uri": uri, "version": version}
    return note("textDocument/didChange", {"textDocument": document, "contentChanges": told})
