"""What may be written at a place, in texts that need not be whole."""

import pytest
from conftest import DESIGN
from lsprotocol import types

HEAD = """\
client web
service api
database orders : postgres #core
queue mails : sqs
web -> api -> orders
flow buy { web -> api }
"""

# A text with the cursor in it, what is offered, and what is not.
PLACES = {
    "a statement": ("‸", "system flow template include constraint allow service database web", "capacity postgres https"),
    "half of a statement": ("ser‸\n", "service", "capacity postgres"),
    "a second system": ('system "Shop" {}\n‸', "flow", "system"),
    "a property of a system": ('system "Shop" { ‸ }\n', "daily_users availability", "hit_ratio timeout service"),
    "a property that is not stated yet": ('system "Shop" { daily_users = 1M, ‸ }\n', "per_user", "daily_users"),
    "a property of a database": ("database db { ‸ }\n", "backup encrypted_at_rest", "daily_users share hit_ratio"),
    "a property of a cache": ("cache pages { ‸", "caches hit_ratio", "daily_users share"),
    "a property of a link": ("web -> api { ‸ }\n", "timeout circuit_breaker retries", "hit_ratio daily_users"),
    "a property behind a comma": ("web -> api { timeout = 1s, re‸ }\n", "retries", "daily_users"),
    "a line of a flow": ("flow look {\n  ‸\n}\n", "share reads web api", "hit_ratio zones service"),
    "a line of a group": ("region east {\n  ‸\n}\n", "service database api", "hit_ratio flow"),
    "a line of a template": ("template small : cache {\n  ‸\n}\n", "hit_ratio", "daily_users service"),
    "a word as a value": ("cache pages { strategy = ‸ }\n", "cache_aside write_through none", "api service"),
    "a class of data": ("database db { data = [pii, ‸] }\n", "pci financial", "api service"),
    "a duration": ("web -> api { timeout = ‸ }\n", "200ms 1s none", "99.9% 1KB"),
    "a share": ('system "Shop" { availability = ‸ }\n', "99.9% 99.99%", "200ms"),
    "a size": ('system "Shop" { record_size = ‸', "1KB 1MB", "200ms 99.9%"),
    "what a cache copies": ("cache pages { caches = ‸ }\n", "orders", "api web"),
    "a dead-letter queue": ("queue other { dead_letter = ‸ }\n", "mails", "orders api"),
    "an engine of a database": ("database db : ‸\n", "postgres mysql dynamodb", "sqs alb https"),
    "an engine of a queue": ("queue jobs : s‸\n", "sqs rabbitmq", "mysql alb"),
    "another engine": ("database db : postgres | ‸\n", "mysql", "sqs"),
    "an engine of a template": ("template small : queue\nsmall jobs : ‸\n", "sqs", "mysql"),
    "a protocol": ("web -> api : ‸\n", "https grpc tls", "alb service api"),
    "half of a protocol": ("web -> api : ht‸\n", "https http", "service"),
    "a target": ("api -> ‸\n", "orders mails web", "api service https"),
    "a second target": ("api -> orders, ‸\n", "mails", "service https"),
    "the target of a message": ("api ~> ‸\n", "mails", "service"),
    "a target instead": ("web -> api else ‸\n", "orders", "service https"),
    "the base of a template": ("template small : ‸\n", "service database region", "postgres api"),
    "a rule": ("allow ‸\n", "missing-dead-letter missed-slo", "service api unknown-name"),
    "half of a rule": ("allow missing-‸\n", "missing-dead-letter", "service"),
    "where a rule is accepted": ("allow missed-slo on ‸\n", "api buy", "service missed-slo"),
    "a tag": ("service other #‸\n", "core", "service api"),
    "half of a tag": ("service other #co‸\n", "core", "service"),
    "what a clause speaks of": ("constraint one {\n  forbid = ‸\n}\n", "kind api buy", "hit_ratio"),
    "a kind in a clause": ("constraint one {\n  forbid = kind ‸\n}\n", "any database flow", "region api hit_ratio"),
    "the other side of a clause": ("constraint one {\n  forbid = kind client -> ‸\n}\n", "kind orders", "hit_ratio"),
}


def first(items):
    """Items in the order in which an editor shows them."""
    return sorted(items, key=lambda it: it.sort_text)


async def offered(client, document):
    params = types.CompletionParams(**document.at())
    found = await client.text_document_completion_async(params)
    return list(found.items) if found else []


@pytest.mark.parametrize("place", PLACES)
async def test_what_fits_is_offered(client, open_text, place):
    text, fits, others = PLACES[place]
    labels = [it.label for it in await offered(client, open_text(HEAD + text))]
    assert [it for it in fits.split() if it not in labels] == [], labels
    assert [it for it in others.split() if it in labels] == []
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize("text", ["// a ser‸vice", 'service api "a ‸', "service ‸", "/* ‸ */", "flow ‸", 'include "‸'])
async def test_nothing_is_offered_where_the_author_makes_it_up(client, open_text, text):
    assert await offered(client, open_text(HEAD + text)) == []


@pytest.mark.parametrize("text, likely", [
    ("web -> api { timeout = 200‸ }\n", "200ms"), ("web -> api { timeout = 2‸ }\n", "2s"), ("cache c { ttl = 10‸ }\n", "10min"),
    ('system "S" { availability = 99.‸ }\n', "99.9%"), ('system "S" { availability = 99.9‸ }\n', "99.9%"),
])  # fmt: skip
async def test_the_unit_is_the_one_that_designs_state(client, open_text, text, likely):
    assert first(await offered(client, open_text(HEAD + text)))[0].label == likely


async def test_a_value_says_what_it_means(client, open_text):
    items = {it.label: it for it in await offered(client, open_text(HEAD + "queue jobs { on_full = ‸ }\n"))}
    assert items["drop"].detail == "messages are lost, and nobody is told"
    assert items["reject"].detail != items["block"].detail


async def test_a_user_may_keep_the_rest_of_a_word(client, open_text):
    document = open_text(HEAD + "web -> api : ht‸tp\n")
    edit = next(it for it in await offered(client, document) if it.label == "https").text_edit
    assert isinstance(edit, types.InsertReplaceEdit)
    assert (document.words(edit.insert), document.words(edit.replace)) == ("ht", "http")


async def test_a_word_takes_the_place_of_what_is_written(client, open_text):
    document = open_text(HEAD + "web -> api : ht‸tp\n")
    https = next(it for it in await offered(client, document) if it.label == "https")
    edit = https.text_edit
    document.make([types.TextEdit(range=edit.replace, new_text=edit.new_text)])
    assert document.text.endswith("web -> api : https\n")


async def test_a_statement_comes_with_its_stops(client, open_text):
    items = {it.label: it for it in await offered(client, open_text("‸"))}
    assert items["flow"].insert_text_format == types.InsertTextFormat.Snippet
    assert items["flow"].text_edit.new_text == "flow ${1:name} {\n\t$0\n}"
    assert items["flow"].kind == types.CompletionItemKind.Keyword


async def test_what_the_target_speaks_comes_first(client, open_text):
    text = "client web\nservice api\ndatabase db : postgres\ncache hot : redis\nweb -> api -> db : ‸\n"
    assert first(await offered(client, open_text(text)))[0].label == "postgres"
    document = open_text(text.replace("db : ‸", "hot : ‸"), "untitled:hot.arch")
    assert [it.label for it in first(await offered(client, document))][:2] == ["redis", "rediss"]


async def test_the_next_step_of_a_flow_comes_first(client, open_text):
    document = open_text(DESIGN + "flow more { browser -> edge -> ‸ }\n")
    items = first(await offered(client, document))
    assert items[0].label == "api"


async def test_the_only_next_step_is_selected(client, open_text):
    items = await offered(client, open_text(DESIGN + "flow more { browser -> edge -> ‸ }\n"))
    assert [(it.label, it.preselect) for it in items] == [("api", True)]


async def test_a_rule_is_found_by_its_code(client, open_text):
    items = {it.label: it for it in await offered(client, open_text(DESIGN + "allow LP5‸"))}
    assert items["missed-slo"].filter_text.startswith("LP")
    assert items["missed-slo"].detail.startswith(items["missed-slo"].filter_text)


async def test_a_group_is_taken_by_its_dot(client, open_text):
    text = "client web\nregion eu { service api; service pay }\nallow missed-slo on ‸"
    items = {it.label: it for it in await offered(client, open_text(text))}
    assert list(items["eu"].commit_characters) == ["."]
    assert items["api"].commit_characters is None


async def test_another_digit_brings_other_figures(client, open_text):
    document = open_text("client web\nservice api\nweb -> api { timeout = 25‸ }")
    found = await client.text_document_completion_async(types.CompletionParams(**document.at()))
    assert found.is_incomplete
    assert first(found.items)[0].label.startswith("25")


async def test_a_blank_alone_asks_for_nothing(client, open_text):
    """`web -> api ` may be all there is, and no list opens over it; who asks is told of `else`."""
    document = open_text(HEAD + "web -> api ‸\n")
    typed = types.CompletionContext(trigger_kind=types.CompletionTriggerKind.TriggerCharacter, trigger_character=" ")
    params = types.CompletionParams(**document.at(), context=typed)
    assert await client.text_document_completion_async(params) is None
    assert [it.label for it in await offered(client, document)] == ["else"]


async def test_an_include_names_what_lies_beside_it(client, folder):
    (folder.path / "parts").mkdir()
    folder.write("common.arch", "service api\n")
    folder.write("parts/edge.arch", "client web\n")
    folder.write("whole.arch", 'include "shop.arch"\n')
    folder.write("notes.txt", "no design\n")
    document = folder.open("shop.arch", 'include "‸"\n')
    assert [it.label for it in await offered(client, document)] == ["common.arch", "parts/edge.arch"]


async def test_a_rule_that_finds_something_comes_first(client, open_text):
    items = first(await offered(client, open_text(DESIGN + "allow ‸")))
    firsts = {it.label for it in items[:4]}
    assert {"missing-dead-letter", "missed-slo"} <= firsts


async def test_a_property_says_what_it_means(client, open_text):
    items = {it.label: it for it in await offered(client, open_text("client web\nservice api\nweb -> api { ‸ }"))}
    assert items["timeout"].detail == "How long the caller waits"
    assert items["timeout"].text_edit.new_text == "timeout = $0"
    assert items["circuit_breaker"].text_edit.new_text.startswith("circuit_breaker")


async def test_every_place_of_a_design_can_be_asked(client, open_text):
    """Whatever is cut off, an answer comes."""
    document = open_text(DESIGN)
    for at in range(0, len(DESIGN), 7):
        document.become(DESIGN[:at])
        document.cursor = at
        await offered(client, document)
