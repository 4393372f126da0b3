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
NO_JSON_CODE = -32700
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


@pytest.mark.parametrize("is_greeted", [False, True])
@pytest.mark.parametrize(
    "sent, why",
    [
        (b"Content-Type: odd\r\n\r\n{}", b"no `Content-Length`"),
        (b"{}\n", b"is none"),
        (b"Content-Length: many\r\n\r\n{}", b"no number of bytes"),
        (b"Content-Length: 18446744073709551615\r\n\r\n{}", b"the longest has 64 MiB"),
        (b"Content-Length: 99999999999\r\n\r\n{}", b"a message of 99999999999 bytes: the longest has 64 MiB"),
        (b"X: " + b"x" * 9000, b"longer than 8 KiB"),
    ],
)
def test_it_leaves_with_a_word_when_it_can_not_tell_where_messages_end(wire, sent, why, is_greeted):
    if is_greeted:
        wire.start()
    wire.process.stdin.write(sent)
    wire.process.stdin.flush()
    assert wire.leave() == 2
    told = wire.process.stderr.read()
    assert told.startswith(b"error: ") and why in told and told.count(b"\n") == 1


@pytest.mark.parametrize("sent", [b"Content-Length: 30\r\n\r\n{", b"Content-Length: 3", b"Content-Length: 3\r\n"])
def test_it_leaves_with_a_word_when_its_input_ends_inside_of_a_message(wire, sent):
    wire.start()
    wire.process.stdin.write(sent)
    wire.process.stdin.close()
    assert wire.leave() == 2
    assert b"the input ends inside of a message" in wire.process.stderr.read()


def test_it_leaves_with_its_client_though_another_holds_the_pipe():
    """The client is a process of its own, so that it can be killed; this one keeps its end of the server's input."""
    client = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Wire() as wire:
        wire.result("initialize", {"processId": client.pid, "capabilities": {}})
        wire.open(URI, "client web\n")
        assert wire.result("textDocument/hover", at(0, 8)) is not None
        client.kill()
        client.wait()
        assert wire.leave() == 1


def test_a_client_that_can_not_be_seen_is_not_watched(wire):
    """It may be a process of another container."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    wire.result("initialize", {"processId": gone.pid, "capabilities": {}})
    time.sleep(0.5)
    assert wire.result("textDocument/hover", at(0, 8)) is None


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


# ---- what is no message

NO_JSON = [b"{{{", b"", b"\xff\xfe", b'{"method": "\xff"}', b"[" * 10_000, b'{"jsonrpc": "2.0", "method": "x"} {}']
NO_MESSAGE = [
    b"[]",
    b'[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]',
    b'"text"',
    b"5",
    b"null",
    b"{}",
    b'{"id": 7}',
    b'{"id": 7, "method": 8}',
    b'{"id": 1.5, "method": "shutdown"}',
    b'{"id": 3000000000, "method": "shutdown"}',
    b'{"id": null, "method": "shutdown"}',
]


@pytest.mark.parametrize("is_greeted", [False, True])
@pytest.mark.parametrize("code, bodies", [(NO_JSON_CODE, NO_JSON), (INVALID_REQUEST, NO_MESSAGE)])
def test_what_is_no_message_is_refused_and_the_session_goes_on(wire, code, bodies, is_greeted):
    if is_greeted:
        wire.start()
    wire.send_bytes(*bodies)
    for body in bodies:
        answer = wire.received.get(timeout=PATIENCE)
        assert answer["id"] is None and answer["error"]["code"] == code, (body, answer)
        assert answer["error"]["message"]
    if not is_greeted:
        wire.start()
    wire.open(URI, "servce api\n")
    assert "LP004" in {it["code"] for it in wire.findings(URI)}


def test_an_answer_to_nobody_is_not_answered(wire):
    wire.start()
    wire.send_bytes(b'{"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "what?"}}')
    wire.send({"id": 99, "result": None}, {"id": "odd", "error": {"code": 1, "message": ""}})
    assert wire.findings(URI) == [] and wire.notes == []


HALF, OTHER_HALF = "\ud83d", "\ude00"


@pytest.mark.parametrize("codec, width", [("utf-16-le", 2), ("utf-8", 1)])
def test_half_of_a_letter_is_one_letter(wire, codec, width):
    """JavaScript cuts letters of two units in two, and JSON takes the halves."""
    columns = lambda text: len(text.replace(HALF, "\ufffd").replace(OTHER_HALF, "\ufffd").encode(codec)) // width
    found = lambda: next(it["range"]["start"] for it in wire.findings(URI) if it["code"] == "LP004")
    wire.start([codec.removesuffix("-le")])
    before, after = f'client web "😀{HALF}', 'x"; '
    wire.open(URI, before + after + "servce api\n")
    assert found() == {"line": 0, "character": columns(before + after)}
    # The other half comes behind it: together they are two, as the client counts them.
    at = columns(before)
    wire.send(changed(URI, 2, (((0, at), (0, at + 1)), OTHER_HALF)))
    assert found() == {"line": 0, "character": columns(before + OTHER_HALF + '"; ')}


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
    assert "LP004" in {it["code"] for it in wire.published(URI)}
    assert [it["version"] for it in wire.told("textDocument/publishDiagnostics")] == [1]


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


def test_who_shows_a_design_is_told_when_an_edit_of_what_it_includes_changes_its_figures(wire, tmp_path):
    parts = ["inlayHint", "codeLens", "semanticTokens", "diagnostics"]
    refreshes = {it: {"refreshSupport": True} for it in parts}
    wire.result("initialize", {"capabilities": {"workspace": refreshes, "textDocument": {"diagnostic": {}}}})
    part, whole = (tmp_path / "part.arch").as_uri(), (tmp_path / "shop.arch").as_uri()
    service = "service api { availability = 99% }\n"
    wire.open(part, service)
    assert wire.findings(part)
    wire.open(whole, SYSTEM + 'include "part.arch"\nclient web\nweb -> api\nflow f { web -> api }\n')
    wire.open("untitled:alone.arch", DESIGN)
    lenses = lambda: wire.result("textDocument/codeLens", {"textDocument": {"uri": whole}})
    seen = lambda: [it["method"] for it in wire.notes if it.get("method", "").endswith("/refresh")]
    before = lenses()
    # That the part belongs to a design now is news to who shows it.
    wire.asked("workspace/codeLens/refresh")
    # Twice, for what is to be told is told when nothing is asked.
    lenses(), lenses()
    wire.notes.clear()
    wire.send(changed(part, 2, service + "// why\n"))
    lenses(), lenses()
    assert seen() == []
    wire.send(changed(part, 3, service.replace("99%", "90%")))
    wire.asked("workspace/codeLens/refresh"), wire.asked("workspace/diagnostic/refresh")
    assert lenses() != before
    # The load is what it was, and with it each hint.
    assert seen() == []
    wire.send(changed(part, 4, service.replace("api", "web2")))
    wire.asked("workspace/semanticTokens/refresh")


# ---- settings


def can(**workspace):
    return {"capabilities": {"workspace": workspace}}


SYSTEM = 'system "S" { daily_users = 1M, per_user = 1/day, availability = 99% }\n'
DESIGN = SYSTEM + "client web\nservice api\nweb -> api\nflow f { web -> api }\n"


def has_lenses(wire):
    return wire.result("textDocument/codeLens", DOCUMENT) != []


@pytest.mark.parametrize("options", [{"lens": False}, {"loadpath": {"lens": False}}])
def test_settings_may_stand_under_their_name(wire, options):
    wire.start(initializationOptions=options)
    wire.open(URI, DESIGN)
    assert not has_lenses(wire)


def test_what_means_nothing_among_the_settings_is_told_once(wire):
    odd = {"profile": "nope", "hint": {"load": False}, "lens": False}
    wire.start(initializationOptions=odd)
    wire.open(URI, DESIGN)
    assert not has_lenses(wire)
    wire.published(URI)
    wire.send(note("workspace/didChangeConfiguration", {"settings": {"loadpath": odd}}))
    wire.open("untitled:other.arch", DESIGN)
    wire.published("untitled:other.arch")
    told = wire.told("window/showMessage")
    assert [it["type"] for it in told] == [2, 2], told
    assert "`profile`" in told[0]["message"] and '`"review"`' in told[0]["message"]
    assert "`hint`" in told[1]["message"] and "`hints`" in told[1]["message"]


@pytest.mark.parametrize("settings", [5, "ci", ["profile"], True])
def test_settings_of_another_shape_are_told(wire, settings):
    wire.result("initialize", {"capabilities": {}, "initializationOptions": {"loadpath": settings}})
    wire.open(URI, DESIGN)
    wire.published(URI)
    said = [it["message"] for it in wire.told("window/showMessage")]
    assert len(said) == 1 and "an object of `profile`, `hints` and `lens`" in said[0]


def test_findings_that_a_client_has_are_not_told_again(wire):
    wire.start()
    wire.open(URI, DESIGN + "servce old\n")
    ask = {"textDocument": {"uri": URI}}
    first = wire.result("textDocument/diagnostic", ask)
    assert first["kind"] == "full" and first["items"]
    again = wire.result("textDocument/diagnostic", {**ask, "previousResultId": first["resultId"]})
    assert again == {"kind": "unchanged", "resultId": first["resultId"]}
    wire.send(changed(URI, 2, (((0, 0), (0, 0)), "servce new\n")))
    other = wire.result("textDocument/diagnostic", {**ask, "previousResultId": first["resultId"]})
    assert other["kind"] == "full" and other["resultId"] != first["resultId"]


@pytest.mark.parametrize("uri, language, is_design", [
    ("file:///x/Cargo.toml", "toml", False), ("file:///x/notes.txt", "plaintext", False), ("file:///x/a.arch", "plaintext", True),
    ("file:///x/readme.md", "gfm", True), ("file:///x/part.inc", "arch", True), ("untitled:a", "Arch", True), ("untitled:a", "rust", False),
])  # fmt: skip
def test_only_designs_are_read_as_such(wire, uri, language, is_design):
    wire.start()
    text = "```arch\nservce api\n```\n" if uri.endswith(".md") else "servce api\n"
    wire.send(opened(uri, text, language))
    items = wire.result("textDocument/diagnostic", {"textDocument": {"uri": uri}})["items"]
    assert bool(items) == is_design


def test_the_settings_of_others_mean_nothing(wire):
    wire.start()
    wire.open(URI, DESIGN)
    wire.send(note("workspace/didChangeConfiguration", {"settings": {"pylsp": {"lens": False}}}))
    assert has_lenses(wire)
    wire.published(URI)
    assert wire.told("window/showMessage") == []


def test_who_has_settings_is_asked_for_them(wire):
    wire.start(**can(configuration=True))
    wire.open(URI, DESIGN)

    def answer(settings):
        asked = wire.asked("workspace/configuration")
        assert asked["params"] == {"items": [{"section": "loadpath"}]}
        wire.send({"id": asked["id"], "result": [settings]})

    answer({"lens": False})
    assert not has_lenses(wire)
    wire.send(note("workspace/didChangeConfiguration", {"settings": None}))
    answer({"lens": True})
    assert has_lenses(wire)
    # What it has none of, or does not tell, stays as it is.
    for told in [None, {}]:
        wire.send(note("workspace/didChangeConfiguration", {"settings": None}))
        answer(told)
        assert has_lenses(wire)
    wire.send(note("workspace/didChangeConfiguration", {"settings": {}}))
    asked = wire.asked("workspace/configuration")
    wire.send({"id": asked["id"], "error": {"code": -32603, "message": "no"}})
    assert has_lenses(wire)


def test_who_has_no_settings_is_not_asked(wire):
    wire.start()
    wire.send(note("workspace/didChangeConfiguration", {"settings": None}))
    assert wire.findings(URI) == []
    assert wire.notes == []


def test_what_a_client_would_not_tell_by_itself_is_asked_for(wire):
    dynamic = {"dynamicRegistration": True}
    wire.start(**can(didChangeWatchedFiles=dynamic, didChangeConfiguration=dynamic))
    registrations = wire.asked("client/registerCapability")["params"]["registrations"]
    options = {it["method"]: it["registerOptions"] for it in registrations}
    assert options["workspace/didChangeConfiguration"] == {"section": "loadpath"}
    patterns = [it["globPattern"] for it in options["workspace/didChangeWatchedFiles"]["watchers"]]
    assert patterns == ["**/*.arch", "**/*.md", "**/*.markdown", "**/*.toml"]
    assert len({it["id"] for it in registrations}) == 2


# ---- addresses


@pytest.mark.parametrize("name", ["ü.arch", "a b.arch", "a[1].arch", "100%.arch", "日本 🦀{}.arch"])
def test_an_address_is_told_as_its_client_spells_it(wire, tmp_path, name):
    """Clients should encode it, and some do not."""
    edits = {"workspaceEdit": {"documentChanges": False}}
    folder = f"file://{tmp_path}"
    wire.start(**can(**edits), rootUri=folder, workspaceFolders=[{"uri": f"{folder}/ü [x]", "name": "x"}])
    uri = f"{folder}/{name}"
    document = {"textDocument": {"uri": uri}}
    wire.open(uri, "servce api\n")
    assert wire.published(uri)
    wire.send(changed(uri, 2, "client web\nservice api\nweb -> api\n"))
    place = {**document, "position": {"line": 2, "character": 1}}
    (found,) = wire.result("textDocument/definition", place)
    assert found["uri"] == uri
    edit = wire.result("textDocument/rename", {**place, "newName": "app"})
    assert list(edit["changes"]) == [uri]
    (tmp_path / "whole.arch").write_text(f'include "{name}"\n')
    whole = f"{folder}/whole.arch"
    wire.open(whole, f'include "{name}"\n')
    (link,) = wire.result("textDocument/documentLink", {"textDocument": {"uri": whole}})
    assert link["target"] == uri


def test_one_odd_ability_costs_no_other(wire):
    """A client may say what no version of the protocol knows."""
    odd = {"textDocument": {"hover": {"contentFormat": 5}, "diagnostic": {"x": []}, "completion": "yes"}, "window": []}
    general = {"positionEncodings": ["utf-8"]}
    capabilities = wire.result("initialize", {"capabilities": {**odd, "general": general}, "processId": "x"})["capabilities"]
    assert capabilities["positionEncoding"] == "utf-8" and capabilities["diagnosticProvider"]


def test_a_folder_that_comes_and_goes_is_searched_and_not(wire, tmp_path):
    (tmp_path / "shop.arch").write_text("service checkout\n")
    assert wire.start()["workspace"]["workspaceFolders"]["changeNotifications"]
    found = lambda: [it["name"] for it in wire.result("workspace/symbol", {"query": "checkout"})]
    change = lambda **event: wire.send(note("workspace/didChangeWorkspaceFolders", {"event": event}))
    folder = [{"uri": tmp_path.as_uri(), "name": "work"}]
    assert found() == []
    change(added=folder, removed=[])
    assert found() == ["checkout"]
    change(added=[], removed=folder)
    assert found() == []


@pytest.mark.parametrize("odd", [{"version": None}, {"version": 2**40}, {"version": "two"}, {}])
def test_an_edit_is_taken_in_however_odd_its_version_is(wire, odd):
    """Otherwise the server would have another text than its client."""
    wire.start()
    wire.open(URI, "client web\n")
    place = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 6}}
    change = {"range": place, "rangeLength": -1, "text": "clint"}
    wire.send(note("textDocument/didChange", {"textDocument": {"uri": URI, **odd}, "contentChanges": [change]}))
    assert "LP004" in {it["code"] for it in wire.findings(URI)}


# ---- what is said of words, for who shows no Markdown


@pytest.mark.parametrize(
    "formats, kind",
    [(None, "plaintext"), ([], "plaintext"), (["markdown", "plaintext"], "markdown"), (["plaintext"], "plaintext"), (["plaintext", "markdown"], "plaintext")],
)
def test_what_is_said_is_in_the_form_that_its_client_likes_best(wire, formats, kind):
    hover = {} if formats is None else {"contentFormat": formats}
    wire.result("initialize", {"capabilities": {"textDocument": {"hover": hover}}})
    wire.open(URI, DESIGN)
    contents = wire.result("textDocument/hover", at(4, 5))["contents"]
    assert contents["kind"] == kind
    marks = ["**f**: a flow", "| availability | "] if kind == "markdown" else ["f: a flow\n", "\navailability: "]
    assert all(it in contents["value"] for it in marks), contents


def test_a_verdict_can_be_chosen(wire):
    capabilities = wire.start()
    wire.open(URI, DESIGN)
    (lens,) = wire.result("textDocument/codeLens", DOCUMENT)
    command = lens["command"]
    assert command["command"] in capabilities["executeCommandProvider"]["commands"]
    assert wire.result("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]}) is None
    (told,) = wire.told("window/showMessage")
    assert told["type"] == 3 and told["message"].startswith("f: a flow · availability: ")
    assert "\n" not in told["message"] and "LP" not in told["message"]
    # What is gone can't be shown, and there is no other command.
    wire.send(changed(URI, 2, "\n"))
    gone = wire.ask("workspace/executeCommand", {"command": command["command"], "arguments": command["arguments"]})
    assert gone["error"]["message"] == "there is no flow any more"
    assert wire.refusal("workspace/executeCommand", {"command": "rm"}) == INVALID_PARAMS
    assert wire.refusal("workspace/executeCommand", {"command": command["command"]}) == INVALID_PARAMS
