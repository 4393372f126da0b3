"""Whatever is typed, the server knows the text as who types it: edits at random, held against the same text opened anew."""

import random

import pytest
from wire import Wire, changed, note, opened

URI, FRESH = "untitled:shop.arch", "untitled:fresh.arch"

DESIGN = """\
system "Shop 🦀" { daily_users = 1M, per_user = 10/day, availability = 99.9% }\r
client web "Größe"
service api x3 { zones = 3 }\r
database orders : postgres { data = [pii], backup }
queue mails : sqs\r\n
web -> api : https { auth = session }
api -> orders : tls { timeout = 1s }
api ~> mails
flow buy "🦀🦀" { web -> api -> orders }
"""

PIECES = [
    "", "\n", "\r\n", "\r", " ", "🦀", "é", "\u2028", "{", "}", '"', "//", "/*", "*/", "->", "~>", ",", ";", " = ", "x2",
    "service shop\n", "web -> shop\n", "flow f { web -> api }\n", "database d : mysql\r\n", "timeout = 2s", "#tag",
    'include "x.arch"\n', "allow missed-slo on buy \"🦀\"\n", "region east {\n", "\0", "\ufeff", "\u202e",
]  # fmt: skip


class Typed:
    """A text as an editor keeps it, in units: bytes of UTF-8 or halves of UTF-16."""

    def __init__(self, text, encoding):
        self.width = 1 if encoding == "utf-8" else 2
        self.codec = "utf-8" if encoding == "utf-8" else "utf-16-le"
        self.text = text

    def lines(self):
        """The lines, without what ends them, each with the place where it begins."""
        at, start, lines = 0, 0, []
        while at < len(self.text):
            if self.text[at] in "\r\n":
                end = at
                at += 2 if self.text.startswith("\r\n", at) else 1
                lines.append((start, self.text[start:end]))
                start = at
            else:
                at += 1
        return lines + [(start, self.text[start:])]

    def units(self, text):
        return len(text.encode(self.codec)) // self.width

    def place(self, line, column):
        """The letter at a place: past the end of a line is at its end, inside of a letter before it."""
        lines = self.lines()
        if line >= len(lines):
            return len(self.text)
        start, text = lines[line]
        at = 0
        while at < len(text) and self.units(text[: at + 1]) <= column:
            at += 1
        return start + at

    def change(self, start, end, new):
        start, end = sorted([self.place(*start), self.place(*end)])
        self.text = self.text[:start] + new + self.text[end:]


def anywhere(random, typed):
    lines = typed.lines()
    line = random.randrange(len(lines) + 1)
    text = lines[line][1] if line < len(lines) else ""
    return line, random.randint(0, typed.units(text) + 2)


def near(random, place):
    """Mostly little is replaced."""
    line, column = place
    if random.random() < 0.8:
        return line, max(0, column + random.randint(-6, 6))
    return max(0, line + random.randint(-2, 2)), random.randint(0, 40)


def told(findings):
    return [(it["code"], it["range"], it["message"]) for it in findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("seed", range(8))
def test_edits_in_any_order_give_the_text_that_they_make(encoding, seed):
    chance = random.Random(seed)
    typed, version = Typed(DESIGN, encoding), 1
    with Wire() as wire:
        wire.start([encoding])
        wire.send(opened(URI, DESIGN))
        for _ in range(40):
            changes = []
            for _ in range(chance.randint(1, 4)):
                start = anywhere(chance, typed)
                end, new = near(chance, start), chance.choice(PIECES)
                # Who sends an end before its start means the same.
                changes.append(((start, end), new))
                typed.change(start, end, new)
            version += 1
            wire.send(changed(URI, version, *changes))
            if chance.random() < 0.5:
                continue
            # What may still be typed is told when it is saved.
            wire.send(note("textDocument/didSave", {"textDocument": {"uri": URI}}))
            wire.send(opened(FRESH, typed.text))
            assert told(wire.findings(URI)) == told(wire.findings(FRESH)), typed.text
            for method in ["semanticTokens/full", "documentSymbol", "foldingRange", "codeLens"]:
                of = lambda uri: {"textDocument": {"uri": uri}}
                known, fresh = (wire.result(f"textDocument/{method}", of(it)) for it in (URI, FRESH))
                assert str(known).replace(URI, FRESH) == str(fresh), method
            wire.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": FRESH}}})


@pytest.mark.parametrize("seed", range(4))
def test_every_question_at_any_place_of_any_text_is_answered(seed):
    chance = random.Random(seed)
    typed = Typed(DESIGN, "utf-16")
    methods = (
        "hover completion definition references documentHighlight prepareRename selectionRange codeAction inlayHint "
        "rangeFormatting"
    ).split()
    with Wire() as wire:
        wire.start()
        wire.send(opened(URI, DESIGN))
        for version in range(2, 60):
            start = anywhere(chance, typed)
            end, new = near(chance, start), chance.choice(PIECES)
            typed.change(start, end, new)
            wire.send(changed(URI, version, ((start, end), new)))
            (line, column), (to_line, to_column) = anywhere(chance, typed), anywhere(chance, typed)
            place, other = {"line": line, "character": column}, {"line": to_line, "character": to_column}
            for method in chance.sample(methods, 3):
                params = {
                    "textDocument": {"uri": URI},
                    "position": place,
                    "positions": [place, other],
                    "range": {"start": place, "end": other},
                    "context": {"includeDeclaration": True, "diagnostics": [], "triggerKind": 1},
                    "options": {"tabSize": 2, "insertSpaces": True},
                }
                wire.result(f"textDocument/{method}", params)


def test_a_thousand_changes_at_once_are_checked_once_or_so():
    with Wire() as wire:
        wire.start()
        wire.send(opened(URI, DESIGN))
        start = DESIGN.count("\n", 0, DESIGN.index("api ~>"))
        # Line ends of all sorts are lines of the protocol.
        typed = Typed(DESIGN, "utf-16")
        line = next(n for n, (_, text) in enumerate(typed.lines()) if text.startswith("api ~>"))
        assert line >= start
        edits = [changed(URI, n + 2, (((line, n), (line, n)), "x")) for n in range(1000)]
        wire.send(*edits)
        found = [it for it in wire.findings(URI) if it["code"] == "LP002"]
        place = found[0]["range"]
        assert place["end"]["character"] - place["start"]["character"] == len("x" * 1000 + "api")
        versions = [it["params"]["version"] for it in wire.notes if it["method"].endswith("publishDiagnostics")]
        assert len(versions) < 100, versions


LONG = {
    "one name": "service " + "a" * 300_000,
    "one text": 'client web "' + "🦀" * 100_000 + '"',
    "many names": "service " + ", ".join(f"s{n}" for n in range(5_000)),
    "many brackets": "service api " + "{" * 50_000,
    "many properties": "service api { " + ", ".join("zones = 2" for _ in range(5_000)) + " }",
    "one comment": "// " + "a -> b " * 50_000,
    "a statement after the other": "; ".join(f"service s{n}" for n in range(3_000)),
}


@pytest.mark.parametrize("line", LONG)
def test_a_huge_line_is_a_line(line):
    with Wire() as wire:
        wire.start()
        wire.send(opened(URI, LONG[line] + "\nservce api\n"))
        # It is read, coloured, folded and given its form in the patience of who waits for an answer.
        place = {"line": 0, "character": 10}
        document = {"textDocument": {"uri": URI}, "position": place}
        wire.findings(URI)
        for method in ["semanticTokens/full", "hover", "completion", "foldingRange", "documentSymbol"]:
            wire.result(f"textDocument/{method}", document)
        options = {"tabSize": 2, "insertSpaces": True}
        wire.result("textDocument/formatting", {**document, "options": options})
        wire.send(changed(URI, 2, "servce api\n"))
        assert "LP004" in {it["code"] for it in wire.findings(URI)}
