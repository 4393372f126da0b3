"""The protocol itself: greeting and parting, what is refused, how columns count."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from wire import PATIENCE, Wire, changed, note, opened

URI = "untitled:shop.arch"
DOCUMENT = {"textDocument": {"uri": URI}}
NOT_INITIALIZED, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS = -32002, -32600, -32601, -32602
CONTENT_MODIFIED, CANCELLED = -32801, -32800


@pytest.fixture
def wire():
    with Wire() as wire:
        yield wire


def at(line, column, **more):
    return {**DOCUMENT, "position": {"line": line, "character": column}, **more}


# ---- greeting and parting


def test_nothing_is_answered_before_the_greeting(wire):
    assert wire.refusal("textDocument/hover", at(0, 0)) == NOT_INITIALIZED
    wire.send(note("textDocument/didOpen", {}))
    wire.start()
    assert wire.findings(URI) == []


def test_the_server_names_itself(wire):
    info = wire.result("initialize", {"capabilities": {}})["serverInfo"]
    assert info["name"] == "loadpath" and info["version"]


def test_a_second_greeting_is_refused(wire):
    wire.start()
    assert "error" in wire.ask("initialize", {"capabilities": {}})


def test_after_shutdown_nothing_is_answered_and_exit_ends_it(wire):
    wire.start()
    assert wire.result("shutdown") is None
    assert wire.refusal("textDocument/hover", at(0, 0)) == INVALID_REQUEST
    wire.send(note("exit"))
    assert wire.leave() == 0


def test_exit_without_shutdown_is_a_fault(wire):
    wire.start()
    wire.send(note("exit"))
    assert wire.leave() == 1


def test_exit_before_the_greeting_ends_it(wire):
    wire.send(note("exit"))
    assert wire.leave() == 1


@pytest.mark.parametrize("is_greeted", [False, True])
def test_it_leaves_when_its_input_ends(wire, is_greeted):
    if is_greeted:
        wire.start()
        wire.open(URI, "client web\n")
    wire.process.stdin.close()
    assert wire.leave() == 1


def test_it_leaves_with_a_word_when_its_input_makes_no_sense(wire):
    wire.start()
    wire.process.stdin.write(b"Content-Length: 3\r\n\r\n{{{")
    wire.process.stdin.flush()
    assert wire.leave() == 2
    assert wire.process.stderr.read().startswith(b"error: ")


def test_a_client_that_is_killed_leaves_nothing_behind():
    """The client is a process of its own, so that it can be killed."""
    client = subprocess.Popen(
        [sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent
    )
    server = int(client.stdout.readline())
    os.kill(client.pid, signal.SIGKILL)
    client.wait()
    ends = time.monotonic() + PATIENCE
    while is_running(server):
        assert time.monotonic() < ends, "the server lives on"
        time.sleep(0.05)


KILLED = """
import time
from wire import Wire
wire = Wire()
wire.start()
wire.open("untitled:shop.arch", "client web\\n")
print(wire.process.pid, flush=True)
time.sleep(600)
"""


def is_running(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    # Who has ended and is not yet taken note of by its new parent runs no more.
    return state != "Z"


def test_only_messages_are_written(wire):
    wire.start()
    wire.open(URI, "servce api\n")
    wire.findings(URI)
    wire.result("shutdown")
    wire.send(note("exit"))
    assert wire.leave() == 0
    assert wire.process.stderr.read() == b""


# ---- what is refused


def test_an_unknown_method_is_refused_and_kills_nothing(wire):
    wire.start()
    assert wire.refusal("textDocument/moniker", at(0, 0)) == NO_METHOD
    assert wire.refusal("$/odd", {}) == NO_METHOD
    wire.send(note("workspace/odd", {"a": 1}), note("$/setTrace", {"value": "off"}))
    assert wire.findings(URI) == []


@pytest.mark.parametrize("params", [None, {}, [], {"textDocument": 1}, {**DOCUMENT, "position": {"line": -1, "character": 0}}])
def test_parameters_that_make_no_sense_are_refused(wire, params):
    wire.start()
    assert wire.refusal("textDocument/hover", params) == INVALID_PARAMS


@pytest.mark.parametrize("method", ["didOpen", "didChange", "didClose", "didSave"])
def test_notifications_that_make_no_sense_are_passed_over(wire, method):
    wire.start()
    wire.open(URI, "servce api\n")
    for params in [None, {}, {"textDocument": {"uri": 5}}, DOCUMENT]:
        if (method, params) != ("didClose", DOCUMENT):
            wire.send(note(f"textDocument/{method}", params))
    assert "LP004" in {it["code"] for it in wire.findings(URI)}


def test_of_a_document_that_is_not_open_nothing_is_known(wire):
    wire.start()
    wire.send(changed(URI, 2, "servce api\n"), note("textDocument/didClose", DOCUMENT))
    assert wire.result("textDocument/hover", at(0, 0)) is None
    assert wire.findings(URI) == []
    assert wire.ask("textDocument/rename", at(0, 0, newName="x"))["error"]["message"] == "nothing is known of this document"


def test_a_place_beyond_the_text_is_its_end(wire):
    wire.start()
    wire.open(URI, "client web\n")
    assert wire.result("textDocument/hover", at(2**31 - 1, 2**31 - 1)) is None
    assert wire.result("textDocument/hover", at(0, 2**31 - 1)) is not None


LARGE = "client web\n" + "".join(f"service s{n} x2\nweb -> s{n} : https\n" for n in range(600))


def test_a_request_that_is_taken_back_is_cancelled(wire):
    wire.start()
    first, other = wire.request("textDocument/hover", at(0, 8)), wire.request("textDocument/hover", at(0, 8))
    # The first takes the time in which the rest comes in.
    wire.send(opened(URI, LARGE), first, other, note("$/cancelRequest", {"id": other["id"]}))
    assert "result" in wire.answer(first)
    assert wire.answer(other)["error"]["code"] == CANCELLED
    # What is answered already can't be taken back.
    wire.send(note("$/cancelRequest", {"id": first["id"]}))
    assert wire.result("textDocument/hover", at(0, 8)) is not None


def test_an_answer_that_would_be_of_an_older_text_is_not_given(wire):
    wire.start()
    first = wire.request("textDocument/hover", at(0, 8))
    colours = wire.request("textDocument/semanticTokens/full", DOCUMENT)
    hover = wire.request("textDocument/hover", at(0, 8))
    wire.send(opened(URI, LARGE), first, colours, hover, changed(URI, 2, "client web\n"))
    assert "result" in wire.answer(first)
    assert wire.answer(colours)["error"]["code"] == CONTENT_MODIFIED
    # What is asked of one place is answered by the text of that moment.
    assert "result" in wire.answer(hover)
    assert len(wire.result("textDocument/semanticTokens/full", DOCUMENT)["data"]) == 10


def test_findings_are_told_though_questions_come_at_once(wire):
    """A client that opens a document and asks about it in one breath waits for its findings all the same."""
    wire.start()
    asked = wire.request("textDocument/documentSymbol", DOCUMENT)
    wire.send(opened(URI, "servce api\n"), asked)
    wire.answer(asked)
    told = [it for it in wire.notes if it["method"] == "textDocument/publishDiagnostics"]
    while not told:
        message = wire.received.get(timeout=PATIENCE)
        told = [message] if message["method"] == "textDocument/publishDiagnostics" else []
    assert told[0]["params"]["version"] == 1
    assert "LP004" in {it["code"] for it in told[0]["params"]["diagnostics"]}


# ---- columns

ODD = 'client web "🦀é"; servce api\n'


@pytest.mark.parametrize(
    "offered, chosen, column",
    [
        (None, "utf-16", 18),
        ([], "utf-16", 18),
        (["utf-16"], "utf-16", 18),
        # Emacs counts in letters at heart, and offers bytes last.
        (["utf-32", "utf-16", "utf-8"], "utf-8", 21),
        (["utf-32", "utf-16"], "utf-16", 18),
        (["utf-32"], "utf-16", 18),
        (["utf-8"], "utf-8", 21),
    ],
)
def test_columns_count_as_both_can(wire, offered, chosen, column):
    assert wire.start(offered)["positionEncoding"] == chosen
    wire.open(URI, ODD)
    found = next(it for it in wire.findings(URI) if it["code"] == "LP004")
    assert found["range"]["start"] == {"line": 0, "character": column}
    assert found["range"]["end"] == {"line": 0, "character": column + len("servce")}
    # And back: a place in what is found.
    hover = wire.result("textDocument/hover", at(0, column + 2))
    assert "LP004" in hover["contents"]["value"]


def test_settings_hold_from_the_greeting_on(wire):
    wire.start(initializationOptions={"lens": False, "hints": {"load": False}})
    system = 'system "S" { daily_users = 1M, per_user = 1/day, availability = 99% }\n'
    wire.open(URI, system + "client web\nservice api\nweb -> api\nflow f { web -> api }\n")
    assert wire.result("textDocument/codeLens", DOCUMENT) == []
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}}
    labels = [it["label"] for it in wire.result("textDocument/inlayHint", {**DOCUMENT, "range": whole})]
    assert labels and not any(it.endswith("/s") for it in labels)


def test_who_shows_hints_is_told_when_to_ask_again(wire):
    refresh = {"refreshSupport": True}
    wire.result("initialize", {"capabilities": {"workspace": {"inlayHint": refresh, "codeLens": refresh}}})
    wire.open(URI, "client web\n")
    wire.send(note("workspace/didChangeConfiguration", {"settings": {"loadpath": {"lens": False}}}))
    asked = {}
    while len(asked) < 2:
        message = wire.received.get(timeout=PATIENCE)
        if "id" in message:
            asked[message["method"]] = message["id"]
            wire.send({"id": message["id"], "result": None})
    assert set(asked) == {"workspace/inlayHint/refresh", "workspace/codeLens/refresh"}
    assert len(set(asked.values())) == 2
