"""Findings: what is told of them, to who waits and to who asks."""

import asyncio

import pytest
import pytest_lsp
from conftest import DESIGN, SERVER, Document, registered
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

SOUND = "monitoring graphs\nclient web\nweb -> graphs : https { for = telemetry }\n"
FAULTY = SOUND.replace("monitoring", "monitring")


async def test_a_finding_tells_what_why_and_what_to_do(open_text):
    document = open_text(DESIGN)
    found = {it.code: it for it in await document.findings()}
    missed = found["LP103"]
    assert document.words(missed.range) == "look"
    assert missed.source == "loadpath"
    assert missed.severity == types.DiagnosticSeverity.Warning
    assert missed.message.startswith("`look` is up 99.48% of the time against 99.9%")
    assert "\nhelp: state how many there are" in missed.message


async def test_a_code_leads_to_where_its_rule_has_its_reasons_from(open_text):
    found = {it.code: it for it in await open_text("client web\nservice api x2\nweb -> api : http\n").findings()}
    assert found["LP501"].code_description.href == "https://cwe.mitre.org/data/definitions/319.html"


async def test_what_a_finding_concerns_as_well_is_related(open_text):
    document = open_text(DESIGN)
    missed = next(it for it in await document.findings() if it.code == "LP103")
    related = {document.words(it.location.range): it.message for it in missed.related_information}
    assert related["availability = 99.9%"] == "99.9% asked here"
    assert "min" in related["orders"]
    assert all(it.location.uri == document.uri for it in missed.related_information)


async def test_what_nothing_needs_is_faded(open_text):
    document = open_text('template unused : service { zones = 2 }\nclient web\nservce api\nweb -> api : https\n')
    found = {it.code: it for it in await document.findings()}
    assert list(found["LP022"].tags) == [types.DiagnosticTag.Unnecessary]
    assert found["LP004"].tags is None
    assert found["LP004"].severity == types.DiagnosticSeverity.Error


async def pushed(client, uri, is_so, patience=30):
    """Waits until what was told of a document is so."""
    async with asyncio.timeout(patience):
        while uri not in client.diagnostics or not is_so(client.diagnostics[uri]):
            await asyncio.sleep(0.02)
    return client.diagnostics[uri]


async def test_findings_are_told_and_taken_back(client, open_text):
    document = open_text(FAULTY)
    told = await pushed(client, document.uri, bool)
    assert told[0].code == "LP004"
    document.replace(0, len("monitring"), "monitoring")
    await pushed(client, document.uri, lambda it: not it)
    document.become(FAULTY)
    await pushed(client, document.uri, bool)
    # Who closes a document sees nothing of it any more.
    document.close()
    await pushed(client, document.uri, lambda it: not it)


@pytest_lsp.fixture(config=ClientServerConfig(server_command=SERVER))
async def asking(lsp_client: LanguageClient):
    registered(lsp_client)
    params = types.InitializeParams(capabilities=client_capabilities("visual-studio-code"))
    params.capabilities.text_document.diagnostic = types.DiagnosticClientCapabilities()
    asks_again = params.capabilities.workspace
    asks_again.code_lens = asks_again.inlay_hint = asks_again.semantic_tokens = None
    params.capabilities.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(refresh_support=True)
    result = await lsp_client.initialize_session(params)
    assert result.capabilities.diagnostic_provider.inter_file_dependencies
    yield
    await lsp_client.shutdown_session()


async def test_who_asks_for_findings_is_told_none_but_when_to_ask(asking):
    document = Document(asking, "untitled:shop.arch", FAULTY)
    assert await document.codes() == ["LP004"]
    document.become(SOUND)
    assert await document.codes() == []
    # Its own edits it knows of; what changes elsewhere it is told of.
    assert asking.diagnostic_refresh_count == 0
    asking.workspace_did_change_configuration(types.DidChangeConfigurationParams(settings={}))
    await document.codes()
    assert asking.diagnostics == {}
    async with asyncio.timeout(30):
        while not asking.diagnostic_refresh_count:
            await asyncio.sleep(0.02)


async def test_two_documents_are_apart(open_text):
    one = open_text(FAULTY, "untitled:one.arch")
    other = open_text(SOUND, "untitled:other.arch")
    assert (await one.codes(), await other.codes()) == (["LP004"], [])
    other.become(FAULTY)
    one.become(SOUND)
    assert (await one.codes(), await other.codes()) == ([], ["LP004"])


async def test_a_document_may_be_closed_and_opened_again(open_text):
    open_text(FAULTY).close()
    closed = open_text(SOUND, "untitled:other.arch")
    assert await closed.codes() == []
    again = open_text(SOUND.replace("web", "app"))
    assert await again.codes() == []
    assert (await again.hover("app")).startswith("**app**: client")


async def test_the_profile_is_the_clients(client, open_text):
    document = open_text(DESIGN)
    in_ci = await document.codes()
    for profile, is_more in [("review", True), ("ci", False)]:
        change = types.DidChangeConfigurationParams(settings={"loadpath": {"profile": profile}})
        client.workspace_did_change_configuration(change)
        codes = await document.codes()
        assert set(codes) > set(in_ci) if is_more else codes == in_ci


async def test_a_configuration_beside_the_design_holds(folder):
    folder.write("loadpath.toml", 'ignore = ["missing-dead-letter"]\n')
    folder.write("shop.arch", DESIGN)
    document = folder.open("shop.arch")
    assert "LP206" not in await document.codes()
    folder.write("loadpath.toml", "")
    folder.changed("loadpath.toml")
    assert "LP206" in await document.codes()


async def test_a_faulty_configuration_is_told_once_and_where_it_is_wrong(client, folder):
    folder.write("loadpath.toml", '# ours\nignore = ["no-such-rule"]\n')
    folder.write("shop.arch", DESIGN)
    document = folder.open("shop.arch")
    await document.findings()
    document.become(SOUND)
    await document.findings()
    assert [it.type for it in client.messages] == [types.MessageType.Error]
    said = client.messages[0].message
    assert "loadpath.toml` can't be used: `no-such-rule`" in said and "\n" not in said
    assert said.endswith("(line 2); until it is mended, nothing of it holds")
    [fault] = await pushed(client, folder.uri("loadpath.toml"), bool)
    assert (fault.range.start.line, fault.range.start.character) == (1, 10)
    folder.write("loadpath.toml", "")
    folder.changed("loadpath.toml")
    await pushed(client, folder.uri("loadpath.toml"), lambda it: not it)


async def test_a_configuration_that_is_being_written_lets_the_last_one_hold(client, folder):
    folder.write("loadpath.toml", 'ignore = ["missing-dead-letter"]\n')
    folder.write("shop.arch", DESIGN)
    document = folder.open("shop.arch")
    assert "LP206" not in await document.codes()
    folder.write("loadpath.toml", 'ignore = ["missing-dead-letter"\n')
    folder.changed("loadpath.toml")
    assert "LP206" not in await document.codes()
    await pushed(client, folder.uri("loadpath.toml"), bool)
    assert client.messages[0].message.endswith("until it is mended, what it said before holds")
    folder.write("loadpath.toml", "")
    folder.changed("loadpath.toml")
    assert "LP206" in await document.codes()


async def test_of_very_many_findings_the_gravest_are_told(client, open_text):
    services = "".join(f"service s{at} x2\nweb -> s{at} : http\n" for at in range(1500))
    document = open_text("client web\n" + services + "servce last\n")
    found = await document.findings()
    assert len(found) == 1001 and "LP004" in [it.code for it in found]
    assert found[-1].message.endswith("`loadpath check` tells all")


STATEMENTS = [
    "web -> api : https { timeout = 200ms }",
    "service a x3 { zones = 2 }",
    'constraint apart "why" { require = kind database { backup } }',
    'allow missing-timeout on web "measured"',
    "region eu { zone one { service inner } }",
    "database api_store : postgres",
    'flow look "See" { web -> api }',
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda it: it.split()[0])
async def test_what_is_right_so_far_is_not_called_wrong_while_it_is_typed(open_text, statement):
    document = open_text("client web\nservice api\n")
    for letter in statement:
        document.replace(len(document.text), len(document.text), letter)
        wrong = [it.code for it in await document.findings() if it.code in ("LP001", "LP002", "LP003", "LP004", "LP005")]
        # Most editors close what is opened.
        assert not wrong or letter in '{"}', (document.text, wrong)


async def test_what_is_wrong_is_told_as_soon_as_it_has_ended(open_text):
    text = "client web\nservice api\n"
    for written, code in [("wob ", "LP004"), ("web ->\n", "LP001"), ("web -> apo\n", "LP002"), ("service api\n", "LP003")]:
        document = open_text(text)
        for letter in written:
            document.replace(len(document.text), len(document.text), letter)
        assert code in await document.codes(), written
        document.close()
    # What comes as a whole is no word that is typed.
    document = open_text(text)
    document.replace(len(text), len(text), "web ->")
    assert "LP001" in await document.codes()


async def test_a_message_does_not_say_twice_what_is_wrong(open_text):
    document = open_text("client web\nservce api x1\nweb -> api : https\n")
    said = {it.code: it.message.split("\n")[0] for it in await document.findings()}
    assert said["LP004"] == "`servce` is not a kind"
    assert said["LP101"].endswith(" (stands once)")


async def test_a_word_that_is_still_typed_is_not_called_wrong(open_text):
    """`timeo` may become `timeout`: it is one more that is proposed, until something stands behind it or it is saved."""
    text = "client web\nservice api\nweb -> api : https {  }\n"
    document = open_text(text)
    before = await document.codes()
    at = text.index("{ ") + 2
    for letter in "timeo":
        document.replace(at, at, letter)
        at += 1
        assert await document.codes() == before, document.text
    # Another letter, and nothing that is proposed begins so.
    document.replace(at, at, "t")
    assert "LP005" in await document.codes()
    document.replace(at, at + 1, "")
    assert await document.codes() == before
    document.replace(at, at, " ")
    assert "LP005" in await document.codes()


async def test_a_word_that_stays_half_typed_is_called_wrong_when_it_is_saved(open_text):
    document = open_text("client web\nservice orders\nweb -> : https\n")
    at = document.text.index(" : https")
    for letter in " order":
        document.replace(at, at, letter)
        at += 1
    assert "LP002" not in await document.codes()
    document.client.text_document_did_save(types.DidSaveTextDocumentParams(text_document=document.id))
    assert "LP002" in await document.codes()


async def test_what_is_wrong_elsewhere_is_told_while_a_word_is_typed(open_text):
    document = open_text("client web\nservice orders\nweb -> orderz : https\nweb -> : https\n")
    at = document.text.rindex(" : https")
    for letter in " order":
        document.replace(at, at, letter)
        at += 1
    assert [document.words(it.range) for it in await document.findings() if it.code == "LP002"] == ["orderz"]
