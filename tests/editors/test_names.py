"""Names: where they lead, where they stand, and what they may be called instead."""

import pytest
from conftest import DESIGN, applied, changes
from lsprotocol import types
from pygls.exceptions import JsonRpcException

NESTED = """\
template cell : region {
  service api #core
  database store : postgres
  api -> store
}
cell east, west
region north {
  monitoring
  service api
  api -> monitoring { for = telemetry }
}
client web #core
monitoring
web -> east.api, north.api : https
flow buy { web -> east.api -> east.store }
allow missed-slo on buy "for now"
allow missed-slo on #core "for now"
"""


async def places(client, document, *place, declaration=True, **more):
    params = types.ReferenceParams(
        **document.at(*place, **more), context=types.ReferenceContext(include_declaration=declaration)
    )
    return await client.text_document_references_async(params)


async def test_a_name_leads_to_its_declaration(client, open_text):
    document = open_text(DESIGN)
    found = await client.text_document_definition_async(types.DefinitionParams(**document.at("api -> orders")))
    assert [document.words(it.range) for it in found] == ["api"]
    assert found[0].range.start == document.place("api x3", inside=0)


async def test_each_part_of_a_dotted_name_leads_to_its_own(client, open_text):
    document = open_text(NESTED)

    async def leads(words, inside):
        found = await client.text_document_definition_async(types.DefinitionParams(**document.at(words, inside=inside)))
        return [it.range.start for it in found]

    assert await leads("east.api,", 1) == [document.place("east, west", inside=0)]
    assert await leads("east.api,", 6) == [document.place("api #core", inside=0)]
    assert await leads("north.api :", 7) == [document.place("service api\n  api -> mon", inside=8)]
    assert await leads("cell east", 1) == [document.place("cell : region", inside=0)]
    assert await leads("on buy", 4) == [document.place("buy {", inside=0)]


async def test_what_names_nothing_leads_nowhere(client, open_text):
    document = open_text(DESIGN)
    assert not await client.text_document_definition_async(types.DefinitionParams(**document.at("timeout")))


async def test_a_name_is_found_wherever_it_stands(client, open_text):
    document = open_text(DESIGN)
    found = await places(client, document, "orders : postgres")
    assert [document.words(it.range) for it in found] == ["orders"] * 4
    others = await places(client, document, "orders : postgres", declaration=False)
    assert others == found[1:]


async def test_a_tag_is_found_wherever_it_stands(client, open_text):
    document = open_text(NESTED)
    found = await places(client, document, "#core", inside=2)
    assert [document.words(it.range) for it in found] == ["core"] * 3


async def test_a_tag_leads_to_where_it_is_named_first(client, open_text):
    document = open_text(NESTED)
    for nth in range(3):
        place = document.at("#core", inside=2, nth=nth)
        found = await client.text_document_definition_async(types.DefinitionParams(**place))
        assert [it.range.start for it in found] == [document.place("#core", inside=1)]


async def test_names_are_highlighted_in_their_file(client, open_text):
    document = open_text(DESIGN)
    params = types.DocumentHighlightParams(**document.at("mails", nth=1))
    found = await client.text_document_document_highlight_async(params)
    kinds = [it.kind for it in found]
    assert [document.words(it.range) for it in found] == ["mails"] * 3
    assert kinds == [types.DocumentHighlightKind.Write] + [types.DocumentHighlightKind.Read] * 2


async def rename(client, document, name, *place, **more):
    params = types.RenameParams(**document.at(*place, **more), new_name=name)
    edit = await client.text_document_rename_async(params)
    return applied(document.text, changes(edit, document)[document.uri])


async def refused(client, document, name, *place, **more):
    with pytest.raises(JsonRpcException) as told:
        await rename(client, document, name, *place, **more)
    return told.value.message


async def nameable(client, document, *place, **more):
    params = types.PrepareRenameParams(**document.at(*place, **more))
    return await client.text_document_prepare_rename_async(params)


RENAMES = [
    # The word, the new name, and each line that changes.
    ("api x3", "front", "service front x3", "browser -> edge -> front :", "front -> orders", "front ~> mails"),
    ("buy \"Buy", "purchase", 'flow purchase "Buy something"'),
    ("mails : sqs", "letters", "queue letters : sqs", "api ~> letters", "letters ~> mailer"),
]


@pytest.mark.parametrize("case", RENAMES, ids=lambda it: it[0])
async def test_a_name_is_changed_everywhere(client, open_text, case):
    place, name, *lines = case
    document = open_text(DESIGN)
    old = document.words(await nameable(client, document, place))
    text = await rename(client, document, name, place)
    assert all(it in text for it in lines), text
    assert text.replace(name, old) == DESIGN


async def test_a_name_in_a_template_is_changed_in_all_that_it_makes(client, open_text):
    text = await rename(client, open_text(NESTED), "front", "api #core")
    assert "service front #core" in text
    assert "  front -> store\n" in text
    assert "web -> east.front, north.api" in text
    assert "flow buy { web -> east.front -> east.store }" in text
    assert "service api\n  api -> monitoring" in text


@pytest.mark.parametrize(
    "place, name, line",
    [
        ("north {", "south", "web -> east.api, south.api"),
        ("east, west", "left", "flow buy { web -> left.api -> left.store }"),
        ("cell : region", "stamp", "stamp east, west"),
        ("buy {", "order", "allow missed-slo on order"),
    ],
)
async def test_groups_templates_and_flows_have_other_names(client, open_text, place, name, line):
    assert line in await rename(client, open_text(NESTED), name, place)


async def test_a_part_of_a_dotted_name_is_changed_alone(client, open_text):
    text = await rename(client, open_text(NESTED), "shop", "north.api", inside=7)
    assert "web -> east.api, north.shop : https" in text
    assert "  shop -> monitoring" in text


async def test_a_tag_has_another_name(client, open_text):
    document = open_text(NESTED)
    assert document.words(await nameable(client, document, "#core", inside=2)) == "core"
    text = await rename(client, document, "heart", "#core", inside=2)
    assert text == NESTED.replace("#core", "#heart")


async def test_a_kind_alone_keeps_its_kind(client, open_text):
    text = await rename(client, open_text("client web\nmonitoring\nweb -> monitoring\n"), "graphs", "monitoring")
    assert text == "client web\nmonitoring graphs\nweb -> graphs\n"


async def test_a_kind_alone_in_a_group_keeps_its_kind(client, open_text):
    text = await rename(client, open_text(NESTED), "graphs", "monitoring")
    assert "  monitoring graphs\n" in text
    assert "  api -> graphs { for = telemetry }" in text
    # The other one, outside of the group, is another.
    assert "#core\nmonitoring\nweb" in text


async def test_a_name_that_is_taken_is_refused(client, open_text):
    told = await refused(client, open_text(DESIGN), "orders", "api x3")
    assert told == "`orders` means something else already: words would lead elsewhere than they do now"


@pytest.mark.parametrize("name", ["", "two words", "1st", "a.b", "a->b", "x3", "-"])
async def test_what_is_no_name_is_refused(client, open_text, name):
    assert "is no name" in await refused(client, open_text(DESIGN), name, "api x3")


async def test_what_has_no_name_has_no_other(client, open_text):
    document = open_text(DESIGN)
    assert await nameable(client, document, "timeout") is None
    assert "nothing here has a name" in await refused(client, document, "other", "timeout")


async def test_the_same_name_changes_nothing(client, open_text):
    document = open_text(DESIGN)
    edit = await client.text_document_rename_async(types.RenameParams(**document.at("api x3"), new_name="api"))
    assert not changes(edit)


async def test_a_name_that_leads_nowhere_yet_is_refused_where_it_would_catch_it(client, open_text):
    """`shop` is called and not declared: to call something else so would make the link lead there."""
    document = open_text("client web\nservice api\nweb -> api\nweb -> shop\n")
    assert "means something else already" in await refused(client, document, "shop", "api")
