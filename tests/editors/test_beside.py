"""Figures beside the text and verdicts above flows, and how they are switched off."""

import pytest
from conftest import DESIGN
from lsprotocol import types


async def hints(client, document, range=None):
    params = types.InlayHintParams(text_document=document.id, range=range or document.range())
    return await client.text_document_inlay_hint_async(params)


async def lenses(client, document):
    return await client.text_document_code_lens_async(types.CodeLensParams(text_document=document.id))


def wish(client, **settings):
    change = types.DidChangeConfigurationParams(settings={"loadpath": settings})
    client.workspace_did_change_configuration(change)


async def test_a_component_has_its_figures_beside_it(client, open_text):
    document = open_text(DESIGN)
    line = document.place("service api").line
    found = [it for it in await hints(client, document) if it.position.line == line]
    assert [it.label for it in found] == ["347/s", "57.9% busy", "4.3 min down"]
    assert found[0].tooltip.value == "`api` gets 347/s at peak, 116/s on average"
    # They stand at the end of the line.
    assert {it.position.character for it in found} == {len(DESIGN.split("\n")[line])}


async def test_a_link_tells_what_it_carries(client, open_text):
    document = open_text(DESIGN)
    line = document.place("api -> orders").line
    found = [it for it in await hints(client, document) if it.position.line == line]
    assert [it.tooltip.value for it in found] == ["`api -> orders` carries 347/s at peak"]


async def test_a_chain_tells_what_comes_to_each_of_its_targets(client, open_text):
    document = open_text(DESIGN.replace("browser -> edge -> api : https", "browser -> edge ->\n  api : https", 1))
    line = document.place("browser -> edge ->\n").line
    found = [(it.label, it.position.line - line) for it in await hints(client, document)]
    assert ("347/s", 0) in found and ("347/s", 1) in found
    document = open_text("client web { rate = 10/s }\nservice p, r x2\ndatabase db\nweb -> p, r : https\np, r -> db : tls\n")
    labels = lambda line: [it.label for it in shown if it.position.line == line]
    shown = await hints(client, document)
    # What stands in one line is told apart by its name, however little of it is shown.
    assert [it.split(":")[0] for it in labels(1) if ": " in it] == ["p", "r"]
    assert labels(3) == ["p: 15/s", "r: 15/s"]
    assert labels(4) == ["30/s"]
    both = next(it for it in shown if it.position.line == 4).tooltip.value
    assert both == "`p -> db` carries 15/s at peak; `r -> db` carries 15/s at peak"
    wish(client, hints={"load": False})
    shown = await hints(client, document)
    assert [it.split(":")[0] for it in labels(1) if ": " in it] == ["p", "r"] and labels(4) == []


async def test_of_several_in_a_line_each_has_its_name_though_little_is_known(client, open_text):
    text = "client web { rate = 10/s }\nclient app\nservice api x2\ncache hot\ndatabase db\nweb, app -> api : https\napi -> hot, db : tls { reads }\n"
    document = open_text(text + "flow f { web -> api -> hot }\n")
    shown = {it.position.line: it for it in await hints(client, document) if it.position.line in (5, 6)}
    assert shown[6].label == "hot: 30/s"
    assert shown[5].label == "≥ 30/s"
    assert shown[5].tooltip.value == "`web -> api` carries 30/s at peak; what `app -> api` carries is unknown"


async def test_only_what_is_in_sight_has_hints(client, open_text):
    document = open_text(DESIGN)
    start = DESIGN.index("queue mails")
    seen = await hints(client, document, document.range(start, DESIGN.index("\n", start)))
    assert {it.position.line for it in seen} == {document.place("queue mails").line}


@pytest.mark.parametrize("kind, ending", [("load", "/s"), ("utilisation", " busy"), ("availability", " down")])
async def test_each_sort_of_hint_can_be_switched_off(client, open_text, kind, ending):
    document = open_text(DESIGN)
    every = [it.label for it in await hints(client, document)]
    assert any(it.endswith(ending) for it in every)
    wish(client, hints={kind: False})
    assert [it.label for it in await hints(client, document)] == [it for it in every if not it.endswith(ending)]
    wish(client, hints={kind: True})
    assert [it.label for it in await hints(client, document)] == every


async def test_what_a_client_does_not_say_stays(client, open_text):
    document = open_text(DESIGN)
    wish(client, hints={"load": False})
    wish(client, lens=False)
    assert not any(it.label.endswith("/s") for it in await hints(client, document))


async def test_settings_that_mean_nothing_are_told(client, open_text):
    document = open_text(DESIGN)
    wish(client, lens="perhaps")
    assert await lenses(client, document)
    await document.findings()
    wish(client, lens=False)
    assert not await lenses(client, document)
    assert ["lens" in it.message or "perhaps" in it.message for it in client.messages] == [True]


async def test_a_flow_has_its_verdict_above_it(client, open_text):
    document = open_text(DESIGN)
    found = await lenses(client, document)
    assert [document.words(it.range) for it in found] == ["buy", "look"]
    assert found[0].command.title == "99.48% of 99.9%: 181 min a month over · p99 ≥ 25.5 ms of 300 ms"


async def test_a_promise_that_is_kept_says_what_is_spare(client, open_text):
    document = open_text(DESIGN.replace("availability = 99.9%", "availability = 99%"))
    found = await lenses(client, document)
    assert "% of 99%: " in found[0].command.title
    assert "to spare" in found[0].command.title


async def test_verdicts_can_be_switched_off(client, open_text):
    document = open_text(DESIGN)
    wish(client, lens=False)
    assert not await lenses(client, document)
