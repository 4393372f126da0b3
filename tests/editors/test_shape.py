"""The shape of a text: symbols, folds, growing selections, links, and colours by meaning."""

from conftest import DESIGN
from lsprotocol import types

NESTED = """\
// What is
// reviewed.
system "Shop" {
  availability = 99%
}
region east {
  zone a {
    service api "The API" { zones = 1 }
  }
  database db : postgres
}
template small : cache {
  hit_ratio = 90%
}
/* one
   comment */
constraint apart "no way around" {
  forbid = kind client -> kind database
}
client web
web -> api : https
flow look { web -> api -> db }
"""


async def test_the_outline_is_nested(client, open_text):
    document = open_text(NESTED)
    params = types.DocumentSymbolParams(text_document=document.id)
    found = await client.text_document_document_symbol_async(params)

    def told(symbols):
        return [(it.name, it.kind.name, told(it.children or [])) for it in symbols]

    assert told(found) == [
        ("Shop", "Module", []),
        (
            "east",
            "Namespace",
            [("a", "Namespace", [("api", "Object", [])]), ("db", "Struct", [])],
        ),
        ("small", "Class", []),
        ("apart", "Key", []),
        ("web", "Interface", []),
        ("look", "Event", []),
    ]
    api = found[1].children[0].children[0]
    assert api.detail == "The API"
    assert document.words(api.selection_range) == "api"
    assert document.words(api.range) == 'service api "The API" { zones = 1 }'


async def test_a_constraint_without_a_name_is_called_as_it_is_explained(client, open_text):
    document = open_text('constraint "no way around" {\n  forbid = kind client -> kind database\n}\n')
    params = types.DocumentSymbolParams(text_document=document.id)
    (found,) = await client.text_document_document_symbol_async(params)
    assert (found.name, found.detail) == ("no way around", "constraint")


async def test_symbols_of_all_that_is_open_are_found(client, open_text):
    open_text(DESIGN, "untitled:one.arch")
    open_text(NESTED, "untitled:other.arch")

    async def found(query):
        symbols = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query=query))
        return {(it.name, it.location.uri) for it in symbols}

    assert await found("api") == {("api", "untitled:one.arch"), ("api", "untitled:other.arch")}
    assert await found("MLR") == {("mailer", "untitled:one.arch")}
    assert ("buy", "untitled:one.arch") in await found("")
    assert await found("no such name") == set()


async def test_a_dot_in_a_search_means_the_whole_name(client, open_text):
    open_text("region eu {\n  zone a {\n    service checkout\n  }\n}\nregion us {\n  service checkout\n}\n")

    async def found(query):
        symbols = await client.workspace_symbol_async(types.WorkspaceSymbolParams(query=query))
        return [(it.container_name, it.name) for it in symbols]

    assert await found("eu.c") == [("eu.a", "checkout")]
    assert await found("EU.a.check") == [("eu.a", "checkout")]
    assert await found("us.checkout") == [("us", "checkout")]
    assert await found("checkout") == [("eu.a", "checkout"), ("us", "checkout")]
    # Without one, a group's name says nothing of what is in it.
    assert await found("euc") == []


async def test_what_a_template_makes_is_of_its_kind(client, open_text, folder):
    """Also where the design is not open, and where templates lead in a circle."""
    text = (
        "template small : database {}\ntemplate tiny : small {}\ntemplate cell : region { small db }\n"
        "template odd : even {}\ntemplate even : odd {}\n"
        "tiny orders\ncell north\nodd thing\n"
    )
    kinds = {"small": "Class", "orders": "Struct", "north": "Namespace", "db": "Struct", "thing": "Object"}
    folder.write("shop.arch", text)
    for document in [open_text(text), folder.open("shop.arch")]:
        params = types.DocumentSymbolParams(text_document=document.id)
        found = await client.text_document_document_symbol_async(params)
        told = {it.name: it.kind.name for outer in found for it in [outer, *(outer.children or [])]}
        assert {name: told[name] for name in kinds} == kinds


async def test_blocks_and_comments_fold(client, open_text):
    document = open_text(NESTED)
    params = types.FoldingRangeParams(text_document=document.id)
    found = await client.text_document_folding_range_async(params)
    lines = NESTED.split("\n")
    folds = {(lines[it.start_line].split(" {")[0], it.end_line - it.start_line, it.kind) for it in found}
    assert folds == {
        ("// What is", 1, types.FoldingRangeKind.Comment),
        ('system "Shop"', 1, None),
        ("region east", 4, None),
        ("  zone a", 1, None),
        ("template small : cache", 1, None),
        ("/* one", 1, types.FoldingRangeKind.Comment),
        ('constraint apart "no way around"', 1, None),
    }


async def test_a_selection_grows(client, open_text):
    document = open_text(NESTED)
    params = types.SelectionRangeParams(text_document=document.id, positions=[document.place("zones = 1")])
    (selection,) = await client.text_document_selection_range_async(params)
    grown = []
    while selection:
        grown.append(document.words(selection.range))
        selection = selection.parent
    assert grown[0] == "zones"
    assert grown[-1] == NESTED
    assert 'service api "The API" { zones = 1 }' in grown
    assert all(inner in outer and inner != outer for inner, outer in zip(grown, grown[1:]))


async def test_a_selection_answers_every_place(client, open_text):
    document = open_text(NESTED)
    positions = [document.place("web"), types.Position(line=999, character=0)]
    params = types.SelectionRangeParams(text_document=document.id, positions=positions)
    assert len(await client.text_document_selection_range_async(params)) == 2


async def test_an_include_is_a_link(client, folder):
    folder.write("common.arch", "database orders : postgres\n")
    folder.write("shop.arch", 'include "common.arch"\nservice api\napi -> orders\n')
    document = folder.open("shop.arch")
    (link,) = await client.text_document_document_link_async(types.DocumentLinkParams(text_document=document.id))
    assert document.words(link.range) == "common.arch"
    assert link.target == folder.uri("common.arch")
    # So is a definition.
    found = await client.text_document_definition_async(types.DefinitionParams(**document.at("common")))
    assert [it.uri for it in found] == [link.target]


# ---- colours

CLASSES = {
    "system": "keyword",
    '"Shop"': "string",
    "availability": "property",
    "99%": "number",
    "region": "type",
    "east": "namespace",
    "a": "namespace",
    "service": "type",
    "api": "variable",
    '"The API"': "string",
    "1": "number",
    "postgres": "enum",
    "template": "keyword",
    "small": "class",
    "cache": "type",
    "// What is": "comment",
    "/* one": "comment",
    "   comment */": "comment",
    "forbid": "keyword",
    "kind": "keyword",
    "client": "type",
    "->": "operator",
    "https": "interface",
    "flow": "keyword",
    "look": "function",
    "sync": "decorator",
    "missed-slo": "method",
    "cache_aside": "enumMember",
}


async def coloured(client, document, part=None):
    """Each word with its class, and whether it is declared there."""
    if part is None:
        params = types.SemanticTokensParams(text_document=document.id)
        tokens = await client.text_document_semantic_tokens_full_async(params)
    else:
        params = types.SemanticTokensRangeParams(text_document=document.id, range=part)
        tokens = await client.text_document_semantic_tokens_range_async(params)
    line, column, told = 0, 0, []
    for at in range(0, len(tokens.data), 5):
        lines, columns, length, sort, modifiers = tokens.data[at : at + 5]
        line, column = line + lines, columns if lines else column + columns
        words = types.Range(
            start=types.Position(line=line, character=column), end=types.Position(line=line, character=column + length)
        )
        told.append((line, column, document.words(words), LEGEND[sort], bool(modifiers)))
    return told


LEGEND = (
    "keyword type variable namespace function class enum interface property enumMember method decorator "
    "number string comment operator"
).split()


async def test_words_are_coloured_by_meaning(client, open_text):
    document = open_text(
        NESTED + 'cache pages #sync { strategy = cache_aside }\nallow missed-slo on look "for now"\n'
    )
    told = await coloured(client, document)
    classes = {}
    for _, _, words, sort, _ in told:
        classes.setdefault(words.lstrip("#"), set()).add(sort)
    for words, sort in CLASSES.items():
        assert classes.get(words.lstrip("#")) == {sort}, (words, classes.get(words))


async def test_a_declaration_is_one(client, open_text):
    document = open_text(DESIGN)
    told = [(words, is_declared) for _, _, words, sort, is_declared in await coloured(client, document) if words == "api"]
    assert told == [("api", True)] + [("api", False)] * (len(told) - 1) and len(told) == 6


async def test_colours_stand_in_order_and_apart(client, open_text):
    told = await coloured(client, open_text(NESTED))
    ends = [(line, column + len(words)) for line, column, words, _, _ in told]
    starts = [(line, column) for line, column, *_ in told]
    assert all(end <= start for end, start in zip(ends, starts[1:]))


async def test_the_colours_of_parts_are_those_of_the_whole(client, open_text):
    document = open_text(NESTED)
    whole = await coloured(client, document)
    parts = []
    for line in range(0, NESTED.count("\n"), 3):
        start, end = types.Position(line=line, character=0), types.Position(line=line + 2, character=999)
        parts += await coloured(client, document, types.Range(start=start, end=end))
    # A comment of several lines is told in every part that it reaches into.
    assert sorted(set(parts)) == whole
