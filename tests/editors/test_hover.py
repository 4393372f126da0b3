"""What is said of the word under the cursor."""

import pytest
from conftest import DESIGN
from lsprotocol import types

KNOWN = [
    ("api x3", "**api**: service, x3", "The shop", "347/s at peak, 116/s on average", "57.9% at peak"),
    ("edge ->", "**edge**: load balancer, alb, managed", "`availability` = 99.99%"),
    ("buy", "**buy**: a flow", "99.48% of 99.9%: 181 min a month over", "`orders` 216 min"),
    ("timeout", "**timeout**: How long the caller waits", "a duration such as"),
    ("load_balancer", "**load_balancer**: a kind", "50 000/s", "nginx"),
    ("alb", "**alb**: AWS Application Load Balancer, managed", "| `availability` | 99.99% |"),
    ("https", "**https**: a protocol, always encrypted"),
    ("tls", "**tls**: a protocol"),
    ("pii", "**data** = `pii`", "`financial`"),
    ("system", "**system**: what is asked of the design"),
    ("flow", "**flow**: a journey"),
]


@pytest.mark.parametrize("words", KNOWN, ids=lambda it: it[0])
async def test_a_word_is_explained(open_text, words):
    place, *told = words
    text = await open_text(DESIGN).hover(place)
    for it in told:
        assert it in text, text


async def test_the_word_is_what_the_hover_is_about(client, open_text):
    document = open_text(DESIGN)
    found = await client.text_document_hover_async(types.HoverParams(**document.at("orders : postgres", inside=3)))
    assert document.words(found.range) == "orders"
    assert found.contents.kind == types.MarkupKind.Markdown


async def test_a_finding_explains_its_rule(open_text):
    text = await open_text(DESIGN).hover("mails : sqs")
    assert "**LP206 missing-dead-letter**" in text
    assert "*Why it matters.*" in text


@pytest.mark.parametrize("rule", ["missing-dead-letter", "LP206"])
async def test_an_accepted_rule_is_explained(open_text, rule):
    text = await open_text(DESIGN + f'allow {rule} on mails "for now"\n').hover(rule)
    assert text.startswith("**LP206 missing-dead-letter**: ")


async def test_groups_and_templates_are_explained(open_text):
    document = open_text("template small : service { zones = 2 }\nregion east { small api; database db }\n")
    assert "Holds `api` and `db`." in await document.hover("east")
    assert (await document.hover("small")).startswith("**small**: a template")
    assert (await document.hover("region")).startswith("**region**: a geographical region")


async def test_nothing_is_said_of_nothing(open_text):
    document = open_text("client web // a comment\n\n")
    assert await document.hover("a comment", inside=4) is None
    assert await document.hover("\n\n", inside=1) is None
