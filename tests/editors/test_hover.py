"""What is said of the word under the cursor."""

import pytest
from conftest import DESIGN
from lsprotocol import types

KNOWN = [
    ("api x3", "**api**: service, x3", "The shop", "347/s at peak (assumed), 116/s on average", "57.9% at peak"),
    ("edge ->", "**edge**: load balancer, alb, managed", "`availability` = 99.99%"),
    ("buy", "**buy**: a flow", "99.48% of 99.9%: 181 min a month over", "`orders` 216 min"),
    ("timeout", "**timeout**: How long the caller waits", "a duration such as"),
    ("load_balancer", "**load_balancer**: spreads requests", "50 000/s", "nginx"),
    ("alb", "**alb**: AWS Application Load Balancer, managed", "| `availability` | 99.99% |"),
    ("https", "**https**: a protocol, always encrypted"),
    ("tls", "**tls**: a protocol"),
    ("pii", "**pii**: what tells who somebody is", "`data`: Which classes"),
    ("10/day", "**10/day**: 0.000116 a second, 10 a day", "`per_user`: What one user does"),
    ("99.9%", "**99.9%**: down 43.2 min a month", "`availability`"),
    ("1s }", "**timeout** = `1s`: How long the caller waits"),
    ("system", "**system**: what is asked of the design"),
    ("flow", "**flow**: a journey"),
    ("backup", "`backup = none` says that there is none"),
    ("browser\n", "**browser**: client", "| sends | 347/s at peak (assumed), 116/s on average |"),
    ("-> edge", "**browser -> edge**: calls", "| load | 347/s at peak", "`https`; encrypted", "| timeout | unstated |"),
    ("-> orders : tls", "**api -> orders**", "| there and back | 0.25 ms |", "| timeout | 1 s |", "| carries | pii |"),
    ("~> mails", "**api ~> mails**: hands on, and nobody waits"),
    ("-> edge -> api -> orders }", "**browser -> edge**"),
    ("x3", "**api**: 3 nodes", "99.99% together, 99.5% each, assumed", "full at 1.73 times the load", "86.8% at peak"),
    ("The shop", "**api**: service, x3"),
    ("Buy something", "**buy**: a flow"),
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


SEVERAL = """\
system "Shop" { daily_users = 864k, per_user = 10/day, peak_factor = 1 }
client web
service api
cache hot #core
third_party pay
web -> api
api -> hot, pay { timeout = 1s }
"""


async def test_an_arrow_to_several_tells_of_each(open_text):
    document = open_text(SEVERAL)
    text = await document.hover("-> hot")
    assert text.startswith("**2 links**: each is waited for")
    assert "| `api -> pay` | 100/s at peak, 100/s on average; timeout: 1 s |" in text
    assert (await document.hover("#core", inside=3)).startswith("**#core**: a tag, borne by `hot`")


async def test_a_third_party_tells_what_comes_to_it(open_text):
    assert "| load | 100/s at peak" in await open_text(SEVERAL).hover("pay\nweb")


CHAIN = "system \"S\" { availability = 99.9% }\nclient web\n" + "".join(f"service s{at}\n" for at in range(6)) + """\
cdn wide
web -> wide -> s0 -> s1 -> s2 -> s3 -> s4 -> s5
flow f { web -> wide -> s0 -> s1 -> s2 -> s3 -> s4 -> s5 }
"""


async def test_a_flow_names_all_from_whom_nearly_all_of_its_downtime_comes(open_text):
    text = await open_text(CHAIN).hover("f {")
    (told,) = [it for it in text.split("\n") if "downtime comes from" in it]
    assert all(f"`s{at}` 21" in told for at in range(6)) and told.endswith(", and 1 more |"), told


async def test_nothing_is_said_of_nothing(open_text):
    document = open_text("client web // a comment\n\n")
    assert await document.hover("a comment", inside=4) is None
    assert await document.hover("\n\n", inside=1) is None
