"""What the commands of the program write, of the open texts."""

import subprocess

import pytest
from conftest import DESIGN, SERVER
from pygls.exceptions import JsonRpcException

COMMON = "database orders : postgres { data = [pii], encrypted_at_rest, backup }\n"
SHOP = 'include "parts/common.arch"\n' + DESIGN.replace(COMMON, "")


async def said(client, document, command):
    params = {"textDocument": {"uri": document.uri}, "command": command}
    return await client.protocol.send_request_async("loadpath/markdown", params)


@pytest.mark.parametrize("command", ["estimate", "report", "review"])
async def test_it_is_what_the_command_writes(client, folder, command):
    (folder.path / "parts").mkdir()
    folder.write("parts/common.arch", COMMON)
    folder.write("shop.arch", SHOP)
    program = [SERVER[0], command, "--format", "markdown", "shop.arch"]
    written = subprocess.run(program, cwd=folder.path, capture_output=True, text=True).stdout
    assert "Shop" in written
    assert await said(client, folder.open("shop.arch"), command) == written


async def test_what_is_included_is_as_it_is_open_and_not_as_it_was_saved(client, folder):
    (folder.path / "parts").mkdir()
    folder.write("parts/common.arch", COMMON)
    folder.write("shop.arch", SHOP)
    shop = folder.open("shop.arch")
    for command in ["estimate", "report", "review"]:
        assert "bills" not in await said(client, shop, command)
    folder.open("parts/common.arch", COMMON + "cache bills : redis\n")
    for command in ["estimate", "report", "review"]:
        assert "bills" in await said(client, shop, command), command
    assert "(parts/common.arch:2" in await said(client, shop, "review")


async def test_a_text_without_a_file_is_answered_too(client, open_text):
    assert "LP206" in await said(client, open_text(DESIGN), "report")


async def test_what_is_no_document_or_no_command_has_no_answer(client, open_text):
    document = open_text(DESIGN)
    with pytest.raises(JsonRpcException, match="unknown variant `fmt`"):
        await said(client, document, "fmt")
    document.close()
    assert await said(client, document, "report") is None
