"""Designs of several files, open ones and such on the disk; designs in Markdown."""

import asyncio
from urllib.parse import unquote

import pytest
from conftest import DESIGN, changes
from lsprotocol import types
from pygls.exceptions import JsonRpcException

COMMON = "database orders : postgres #core { backup = 1d }\n"
SHOP = """\
include "common.arch"
client web
service api x2
web -> api : https { auth = session }
api -> orders : tls { timeout = 1s }
"""


def design(folder):
    folder.write("common.arch", COMMON)
    folder.write("shop.arch", SHOP)


async def told(client, uri, is_so):
    """Waits until what is told of a file is so; its address may be written in several ways."""
    async with asyncio.timeout(30):
        while True:
            known = {unquote(it): findings for it, findings in client.diagnostics.items()}.get(unquote(uri))
            if known is not None and is_so([it.code for it in known]):
                return
            await asyncio.sleep(0.02)


async def test_an_open_text_goes_before_the_disk(folder):
    design(folder)
    shop = folder.open("shop.arch")
    assert "LP002" not in await shop.codes()
    common = folder.open("common.arch", COMMON.replace("orders", "bills"))
    assert "LP002" in await shop.codes()
    # Closed, its words are those of the disk again.
    common.close()
    assert "LP002" not in await shop.codes()


async def test_a_change_in_an_included_file_is_told_of_in_who_includes_it(client, folder):
    design(folder)
    shop = folder.open("shop.arch")
    common = folder.open("common.arch")
    await told(client, shop.uri, lambda it: "LP002" not in it)
    common.become(COMMON.replace("orders", "bills"))
    await told(client, shop.uri, lambda it: "LP002" in it)
    common.become(COMMON)
    await told(client, shop.uri, lambda it: "LP002" not in it)


async def test_a_change_on_the_disk_is_told_of(client, folder):
    design(folder)
    shop = folder.open("shop.arch")
    await told(client, shop.uri, lambda it: "LP002" not in it)
    folder.write("common.arch", COMMON.replace("orders", "bills"))
    folder.changed("common.arch")
    await told(client, shop.uri, lambda it: "LP002" in it)


async def test_who_watches_files_is_asked_to(client, folder):
    design(folder)
    shop = folder.open("shop.arch")
    await told(client, shop.uri, lambda it: "LP002" not in it)
    watchers = client.registered["workspace/didChangeWatchedFiles"]["watchers"]
    assert "**/*.arch" in [it["globPattern"] for it in watchers]


async def test_what_a_configuration_goes_on_from_counts_when_it_changes(client, folder):
    """One that is not there yet, too; other files of its kind mean nothing."""
    folder.write("loadpath.toml", "")
    folder.write("shop.arch", DESIGN)
    shop = folder.open("shop.arch")
    is_said = lambda it: "LP206" in it
    await told(client, shop.uri, is_said)
    folder.write("loadpath.toml", 'extend = "company.toml"\n')
    folder.changed("loadpath.toml")
    # It has been read before the other file is there.
    assert "LP206" in await shop.codes()
    folder.write("company.toml", 'ignore = ["LP206"]\n')
    folder.changed("Cargo.toml")
    assert "LP206" in await shop.codes()
    folder.changed("company.toml")
    await told(client, shop.uri, lambda it: "LP206" not in it)
    folder.write("company.toml", "")
    folder.changed("company.toml")
    await told(client, shop.uri, is_said)


async def test_a_file_that_comes_is_taken_in(client, folder):
    folder.write("shop.arch", SHOP)
    shop = folder.open("shop.arch")
    assert "LP017" in await shop.codes()
    design(folder)
    folder.changed("common.arch")
    assert "LP017" not in await shop.codes()


async def test_an_include_that_is_only_open_is_there(client, folder):
    folder.write("shop.arch", SHOP)
    shop = folder.open("shop.arch")
    assert "LP017" in await shop.codes()
    folder.open("common.arch", COMMON)
    assert "LP017" not in await shop.codes()


async def test_findings_in_files_that_are_not_open_are_told(client, folder):
    folder.write("common.arch", "databse orders : postgres\n")
    folder.write("shop.arch", SHOP)
    shop = folder.open("shop.arch")
    await told(client, folder.uri("common.arch"), lambda it: "LP004" in it)
    shop.close()
    await told(client, folder.uri("common.arch"), lambda it: it == [])


async def test_a_part_is_reviewed_with_the_whole(client, folder):
    """Nothing leads to `orders` in its own file; the design that includes it uses it, be it open or not."""
    folder.write("common.arch", COMMON)
    common = folder.open("common.arch")
    assert "LP012" in await common.codes()
    shop = folder.open("shop.arch", SHOP)
    assert "LP012" not in await common.codes()
    shop.close()
    assert "LP012" in await common.codes()
    design(folder)
    folder.changed("shop.arch")
    assert "LP012" not in await common.codes()


async def test_names_lead_into_other_files_and_are_changed_there(client, folder):
    design(folder)
    shop = folder.open("shop.arch")
    at = shop.at("-> orders", inside=4)
    found = await client.text_document_definition_async(types.DefinitionParams(**at))
    assert [it.uri for it in found] == [folder.uri("common.arch")]
    edit = await client.text_document_rename_async(types.RenameParams(**at, new_name="bills"))
    told = {uri: [it.new_text for it in edits] for uri, edits in changes(edit, shop).items()}
    assert told == {folder.uri("common.arch"): ["bills"], shop.uri: ["bills"]}


async def test_an_include_outside_of_the_folder_is_not_read(client, folder):
    folder.write("shop.arch", 'include "/etc/hostname"\n')
    shop = folder.open("shop.arch")
    found = await shop.findings()
    assert [it.code for it in found] == ["LP019"] and "lies outside" in found[0].message, found


async def test_odd_names_of_files_are_addresses_and_back(client, folder):
    for name in ["a b.arch", "ünï 日本 🦀.arch", "100%.arch", "#x?y&z.arch", "[x](y).arch", "a+b.arch"]:
        folder.write(name, "databse orders\n")
        folder.write("shop.arch", f'include "{name}"\nclient web\nweb -> orders\n')
        shop = folder.open("shop.arch")
        await told(client, folder.uri(name), lambda it: "LP004" in it)
        shop.close()
        await told(client, folder.uri(name), lambda it: it == [])


# ---- Markdown

PAGE = """\
# Our shop

A `client` and a servce, and web -> api outside of the fences.

- In a list:

  ```arch
  client web
  servce api
  ```

> ```arch
> web   ->   api : https
> ```

```arch ignore
servce left_out
```

```text
servce no_design
```
"""


async def test_findings_stand_in_the_fences_of_markdown(open_text):
    page = open_text(PAGE, "untitled:page.md", "markdown")
    found = {it.code: it for it in await page.findings()}
    assert page.words(found["LP004"].range) == "servce"
    assert found["LP004"].range.start == page.place("servce api", inside=0)


async def test_a_markdown_file_is_one_by_its_name(folder):
    folder.write("page.md", PAGE)
    page = folder.open("page.md", language="markdown")
    assert "LP004" in await page.codes()
    assert "**web**: client" in await page.hover("web   ->")


async def test_outside_of_the_fences_nothing_is_said(client, open_text):
    page = open_text(PAGE, "untitled:page.md", "markdown")
    for words in ["client` and", "web -> api outside", "servce left_out", "servce no_design", "# Our"]:
        assert await page.hover(words) is None
        params = types.CompletionParams(**page.at(words))
        assert not await client.text_document_completion_async(params)
        assert not await client.text_document_definition_async(types.DefinitionParams(**page.at(words)))
    said = ("client web", "servce api", "web   ")
    fences = [line for line, text in enumerate(PAGE.split("\n")) if text.strip("> ").startswith(said)]
    tokens = await client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(text_document=page.id))
    line, lines = 0, set()
    for at in range(0, len(tokens.data), 5):
        line += tokens.data[at]
        lines.add(line)
    assert lines == set(fences)


async def test_a_fix_and_the_form_change_nothing_but_the_fences(client, open_text):
    page = open_text(PAGE, "untitled:page.md", "markdown")
    options = types.FormattingOptions(tab_size=2, insert_spaces=True)
    params = types.DocumentFormattingParams(text_document=page.id, options=options)
    page.make(await client.text_document_formatting_async(params))
    assert page.text == PAGE.replace("web   ->   api", "web -> api")
    context = types.CodeActionContext(diagnostics=[], only=[types.CodeActionKind.SourceFixAll])
    params = types.CodeActionParams(text_document=page.id, range=page.range(), context=context)
    (action,) = await client.text_document_code_action_async(params)
    page.make(changes(action.edit, page)[page.uri])
    formed = PAGE.replace("web   ->   api", "web -> api").replace("  client web", "  client  web")
    assert page.text == formed.replace("  servce api", "  service api")


async def test_a_finding_in_markdown_is_accepted_in_its_last_fence(client, open_text):
    text = "# Shop\n\n- ```arch\n  client web\n  service api\n  web -> api : http\n  ```\n\nThe end.\n"
    page = open_text(text, "untitled:page.md", "markdown")
    context = types.CodeActionContext(diagnostics=[])
    params = types.CodeActionParams(text_document=page.id, range=page.range(), context=context)
    before = await page.codes()
    actions = await client.text_document_code_action_async(params)
    accept = next(it for it in actions if it.title.startswith("Accept"))
    page.make(changes(accept.edit, page)[page.uri])
    # What is left is the reason, which its author has still to give.
    assert await page.codes() == ["LP016"] != before
    assert '  web -> api : http\n  allow ' in page.text
    assert page.text.endswith("  ```\n\nThe end.\n")


async def test_completion_works_inside_of_a_fence(client, open_text):
    page = open_text("# Shop\n\n> ```arch\n> database db : ‸\n> ```\n", "untitled:page.md", "markdown")
    found = await client.text_document_completion_async(types.CompletionParams(**page.at()))
    assert "postgres" in {it.label for it in found.items}


PART = "service api x2\n"


def wholes(folder):
    """Two designs that include one part."""
    folder.write("part.arch", PART)
    for name in ["web", "mobile"]:
        folder.write(f"{name}.arch", f'include "part.arch"\nclient {name}\n{name} -> api : https\n')


async def test_a_name_in_a_shared_part_is_changed_in_all_designs_that_include_it(client, folder):
    wholes(folder)
    web = folder.open("web.arch")
    edit = await client.text_document_rename_async(types.RenameParams(**web.at("-> api", inside=4), new_name="shop"))
    files = ["part.arch", "web.arch", "mobile.arch"]
    assert {uri: [it.new_text for it in edits] for uri, edits in changes(edit).items()} == {
        folder.uri(it): ["shop"] for it in files
    }
    params = types.ReferenceParams(
        context=types.ReferenceContext(include_declaration=True), **web.at("-> api", inside=4)
    )
    found = await client.text_document_references_async(params)
    assert sorted(it.uri for it in found) == sorted(folder.uri(it) for it in files)


async def test_a_name_that_another_design_has_already_is_refused(client, folder):
    wholes(folder)
    web = folder.open("web.arch")
    with pytest.raises(JsonRpcException) as told:
        await client.text_document_rename_async(types.RenameParams(**web.at("-> api", inside=4), new_name="mobile"))
    assert "`mobile` means something else already" in told.value.message


async def test_a_tag_has_another_name_where_files_are_shared_and_nowhere_else(client, folder):
    folder.write("part.arch", "service api x2 #core\n")
    folder.write("web.arch", 'include "part.arch"\nclient web\nservice own #core\nweb -> api, own : https\n')
    other = folder.open("other.arch", "service lone #core\n")
    web = folder.open("web.arch")
    edit = await client.text_document_rename_async(types.RenameParams(**web.at("#core", inside=2), new_name="heart"))
    assert sorted(changes(edit)) == sorted(folder.uri(it) for it in ["part.arch", "web.arch"])
    assert other.uri not in changes(edit)


async def test_a_part_is_told_what_each_design_finds_in_it_once(client, folder):
    folder.write("part.arch", "service api x2\ndatabase db x2\napi -> db : http\n")
    for name, users in [("web", "1M"), ("mobile", "50M")]:
        folder.write(
            f"{name}.arch",
            f'include "part.arch"\nsystem "{name}" {{ daily_users = {users}, per_user = 10/day }}\n'
            f"client {name}\n{name} -> api : https\n",
        )
    folder.open("web.arch")
    folder.open("mobile.arch")
    part = folder.open("part.arch")
    codes = await part.codes()
    assert codes.count("LP502") == 1 and "LP301" in codes, codes
    hover = await client.text_document_hover_async(types.HoverParams(**part.at("api x2")))
    assert "one of 2 designs" in hover.contents.value and "**LP301" in hover.contents.value
    place = part.at("api x2")
    at = types.Range(start=place["position"], end=place["position"])
    params = types.CodeActionParams(
        text_document=place["text_document"], range=at, context=types.CodeActionContext(diagnostics=[])
    )
    titles = [it.title for it in await client.text_document_code_action_async(params)]
    assert "Accept `overloaded` on `api` with a reason" in titles, titles


async def test_a_circle_of_includes_is_told_whichever_of_them_are_open(client, folder):
    """And its files are called by their ways from each other."""
    folder.write("one.arch", 'include "two.arch"\nclient web\nservice api\nweb -> api : https\n')
    folder.write("two.arch", 'include "one.arch"\ndatabase db\napi -> db : tls\n')
    one = folder.open("one.arch")
    await told(client, folder.uri("two.arch"), lambda it: "LP018" in it)
    both = folder.open("two.arch")
    assert "LP018" in await one.codes() and "LP018" in await both.codes()
    said = [it.message for it in await one.findings() + await both.findings() if it.code == "LP018"]
    assert all(str(folder.path) not in it and ".arch`" in it for it in said), said
