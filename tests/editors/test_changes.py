"""Changes that the server offers or makes: form, fixes, accepted findings, stated counts."""

import pytest
from conftest import DESIGN, changes
from lsprotocol import types

OPTIONS = types.FormattingOptions(tab_size=2, insert_spaces=True)
ROUGH = """\
client   web;   service api x2
// a remark
database   orders:postgres{backup=1d}
web->api:https
api   ->   orders
"""


async def formatted(client, document, range=None):
    if range is None:
        params = types.DocumentFormattingParams(text_document=document.id, options=OPTIONS)
        return await client.text_document_formatting_async(params)
    params = types.DocumentRangeFormattingParams(text_document=document.id, options=OPTIONS, range=range)
    return await client.text_document_range_formatting_async(params)


async def test_a_document_takes_its_one_form(client, open_text):
    document = open_text(ROUGH)
    document.make(await formatted(client, document))
    assert "client  web\nservice api x2\n" in document.text
    assert "database orders : postgres { backup = 1d }\n" in document.text
    assert "web -> api : https\n" in document.text
    assert "// a remark\n" in document.text
    # What has it stays as it is.
    assert not await formatted(client, document)


async def test_only_lines_that_differ_are_touched(client, open_text):
    document = open_text(DESIGN)
    document.make(await formatted(client, document))
    at = document.text.index("flow buy")
    document.replace(at, at, "  ")
    edits = await formatted(client, document)
    assert [document.words(it.range)[:10] for it in edits] == ["  flow buy"]


async def test_a_part_takes_its_form_alone(client, open_text):
    document = open_text(ROUGH)
    start = ROUGH.index("web->api")
    document.make(await formatted(client, document, document.range(start, start + 3)))
    assert "web -> api : https\n" in document.text
    assert "client   web;" in document.text


async def test_what_can_not_be_read_keeps_its_form_without_a_word(client, open_text):
    document = open_text('client   web\nservice "unclosed\n')
    assert not await formatted(client, document)
    # Its findings say why.
    assert "LP001" in await document.codes()
    assert client.messages == []


async def test_lines_end_as_they_did(client, open_text):
    document = open_text("client  web\r\n\r\nservice api\r\n")
    document.make(await formatted(client, document))
    assert document.text == "client web\r\n\r\nservice api\r\n"


async def offered(client, document, range, only=None, known=()):
    context = types.CodeActionContext(diagnostics=list(known), only=only)
    params = types.CodeActionParams(text_document=document.id, range=range, context=context)
    return {it.title: it for it in await client.text_document_code_action_async(params)}


async def make(document, action):
    """Makes a change, and gives what is found then."""
    edits = changes(action.edit, document)
    assert list(edits) == [document.uri]
    document.make(edits[document.uri])
    return await document.codes()


def around(document, words, nth=0):
    place = document.place(words, nth=nth)
    return types.Range(start=place, end=place)


async def test_a_finding_has_its_fix(client, open_text):
    document = open_text("client web\nservce api\nweb -> api : https { auth = session }\n")
    actions = await offered(client, document, around(document, "servce"))
    fix = next(it for title, it in actions.items() if "`service`" in title)
    assert fix.kind == types.CodeActionKind.QuickFix
    assert fix.is_preferred
    assert [it.code for it in fix.diagnostics] == ["LP004"]
    assert fix.diagnostics[0] in await document.findings()
    assert "LP004" not in await make(document, fix)
    # What stood below each other does so again.
    assert document.text.startswith("client  web\nservice api\n")


async def test_all_safe_fixes_are_made_at_once(client, open_text):
    document = open_text(
        "clint web\nservce api\ndatabase orders\nweb -> api : htps { auth = session }\napi -> ordres\n"
    )
    actions = await offered(client, document, document.range(), [types.CodeActionKind.SourceFixAll])
    assert list(actions) == ["Make all safe fixes"]
    codes = await make(document, actions["Make all safe fixes"])
    assert document.text == (
        "client web\nservice api\ndatabase orders\n"
        "web -> api : https { auth = session }\napi -> orders\n"
    )
    assert not {"LP002", "LP004", "LP005"} & set(codes)
    # When there is nothing left to mend, nothing is offered.
    assert not await offered(client, document, document.range(), [types.CodeActionKind.SourceFixAll])


async def test_a_finding_is_accepted_with_a_reason(client, open_text):
    document = open_text(DESIGN)
    assert "LP206" in await document.codes()
    actions = await offered(client, document, around(document, "mails : sqs"))
    accept = actions["Accept `missing-dead-letter` on `mails` with a reason"]
    assert not accept.is_preferred
    assert "LP206" not in await make(document, accept)
    assert document.text == DESIGN + '\nallow missing-dead-letter on mails "say why"\n'
    # The next one stands right below.
    actions = await offered(client, document, around(document, "mailer"))
    accept = next(it for title, it in actions.items() if title.startswith("Accept"))
    await make(document, accept)
    assert document.text.count("\nallow ") == 2 and "\n\nallow" in document.text
    assert '"\nallow ' in document.text


MANY = """\
client web
service api { timeout = 1s }
queue mails : sqs
queue parcels : sqs
worker mailer x2 { idempotent }
worker packer x2 { idempotent }

web -> api : https
api ~> mails, parcels
mails ~> mailer
parcels ~> packer
"""


async def test_each_of_many_that_one_question_is_about_can_be_accepted(client, open_text):
    document = open_text(MANY)
    accepts = lambda actions: [it for it in actions if "missing-dead-letter" in it]
    each = [f"Accept `missing-dead-letter` on `{it}` with a reason" for it in ["mails", "parcels"]]
    assert accepts(await offered(client, document, around(document, "mails : sqs"))) == each
    actions = await offered(client, document, around(document, "parcels : sqs"))
    assert accepts(actions) == each[1:]
    await make(document, actions[each[1]])
    assert document.text.endswith('\nallow missing-dead-letter on parcels "say why"\n')


async def test_a_fix_leaves_a_text_in_its_form(client, open_text):
    """Columns that stood below each other do so again."""
    text = MANY.replace("mails : sqs", "mails   : sqs x2 { max_depth = 10k } // those").replace(
        "parcels : sqs", "parcels : sqs    { max_depth = 10k } // these"
    )
    document = open_text(text)
    document.make(await formatted(client, document))
    assert not await formatted(client, document)
    actions = await offered(client, document, around(document, "mails "))
    await make(document, next(it for title, it in actions.items() if title.startswith("State `dead_letter`")))
    assert document.text.count("dead_letter }") == 2
    assert not await formatted(client, document)
    # What was in no form stays in its own.
    loose = open_text(MANY.replace("queue mails", "queue   mails"), "untitled:loose.arch")
    actions = await offered(client, loose, around(loose, "mails "))
    await make(loose, next(it for title, it in actions.items() if title.startswith("State `dead_letter`")))
    assert "queue   mails : sqs { dead_letter }\n" in loose.text


async def test_an_allow_that_means_nothing_is_mended_beside_other_faults(client, open_text):
    """A code that there is not is as near to one as to another."""
    document = open_text("client web\nweb -> \nallow mised-slo \"why\"\nallow LP999 \"why\"\n")
    actions = await offered(client, document, around(document, "mised-slo"))
    assert not actions["Write `missed-slo` (unsafe)"].is_preferred
    assert not await offered(client, document, around(document, "LP999"))


async def test_fixes_come_before_what_accepts_and_all_at_once_where_one_is(client, open_text):
    document = open_text("client web\nservce api x1\nqueue mails : sqs\nweb -> api\napi ~> mails\nallow mised-slo \"why\"\n")
    titles = list(await offered(client, document, document.range(), []))
    kinds = ["Write `service`", "(unsafe)", "Run `api` x2", "Accept `", "Make all safe fixes"]
    places = [[at for at, it in enumerate(titles) if kind in it] for kind in kinds]
    assert all(places) and all(a[-1] < b[0] for a, b in zip(places, places[1:])), titles
    assert "Make all safe fixes" in await offered(client, document, around(document, "servce"))
    assert "Make all safe fixes" not in await offered(client, document, around(document, "mails"))


async def test_what_a_client_shows_of_the_line_is_mended_from_anywhere_in_it(client, open_text):
    document = open_text("client web\nservce api x2\nweb -> api : https\n")
    known = [it for it in await document.findings() if it.code == "LP004"]
    at = around(document, "x2")
    assert "Write `service`" not in await offered(client, document, at)
    assert "Write `service`" in await offered(client, document, at, known=known)


async def test_a_single_node_is_doubled(client, open_text):
    document = open_text("client web\nservice api x1\nweb -> api : https\n")
    action = (await offered(client, document, around(document, "service")))["Run `api` x2"]
    assert "LP101" in await document.codes() and "LP101" not in await make(document, action)
    assert "service api x2\n" in document.text


async def test_a_second_store_takes_over(client, open_text):
    document = open_text("client web\nservice api x2\ndatabase db : postgres x1\nweb -> api : https\napi -> db : tls\n")
    title = "Run `db` x2, the second taking over by itself"
    codes = await make(document, (await offered(client, document, around(document, "db :")))[title])
    assert "database db : postgres x2 { failover = automatic }\n" in document.text
    assert not {"LP101", "LP107"} & set(codes)


async def test_what_allows_is_not_allowed_itself(client, open_text):
    document = open_text("client web\nservice api x1\nweb -> api : https\nallow single-point-of-failure on api\n")
    assert "LP016" in await document.codes()
    assert not [it for it in await offered(client, document, document.range()) if "unexplained-allow" in it]


async def test_names_that_share_a_declaration_share_a_count(client, open_text):
    document = open_text("client web\nservice p, r { capacity = 9/s }\nweb -> p, r : https\n")
    actions = await offered(client, document, around(document, "p, r"))
    assert "State that `p` and `r` are x1 each, as is assumed" in actions
    await make(document, actions["State that `p` and `r` are x2 each"])
    assert "service p, r x2 { capacity = 9/s }\n" in document.text


async def test_an_assumed_count_is_stated(client, open_text):
    document = open_text(DESIGN)
    actions = await offered(client, document, around(document, "orders :"))
    assert "State that `orders` is x1, as is assumed" in actions
    state = actions["State that `orders` is x2"]
    assert state.kind == types.CodeActionKind.RefactorRewrite
    codes = await make(document, state)
    assert "database orders : postgres x2 { data" in document.text
    assert "LP101" not in codes
    # A stated count is the author's.
    assert not any(it.startswith("State") for it in await offered(client, document, around(document, "orders :")))


async def test_only_what_is_asked_for_is_offered(client, open_text):
    document = open_text(DESIGN)
    fixes = await offered(client, document, document.range(), [types.CodeActionKind.QuickFix])
    assert fixes and all(it.kind == types.CodeActionKind.QuickFix for it in fixes.values())
    rewrites = await offered(client, document, document.range(), [types.CodeActionKind.Refactor])
    assert rewrites and all(it.kind == types.CodeActionKind.RefactorRewrite for it in rewrites.values())
    assert not await offered(client, document, document.range(), [types.CodeActionKind.SourceOrganizeImports])


@pytest.mark.parametrize("kind", ["", "source", "source.fixAll", "source.fixAll.loadpath"])
async def test_kinds_hold_those_behind_their_dots(client, open_text, kind):
    document = open_text("clint web\n")
    actions = await offered(client, document, document.range(), [kind])
    assert actions["Make all safe fixes"].kind == "source.fixAll.loadpath"


@pytest.mark.parametrize("kind", ["source.fix", "source.fixAll.other", "source.fixAll.loadpath.more", "."])
async def test_kinds_that_only_begin_alike_are_others(client, open_text, kind):
    document = open_text("clint web\n")
    assert not await offered(client, document, document.range(), [kind])


async def test_who_names_no_kind_wants_any(client, open_text):
    document = open_text("clint web\n")
    assert await offered(client, document, document.range(), []) == await offered(client, document, document.range())


async def test_what_the_configuration_leaves_out_is_not_fixed(client, folder):
    """Not even when other fixes come before it."""
    unused = 'allow missing-dead-letter on web "once it had a queue"\ntemplate small : service {}\n'
    folder.write("loadpath.toml", 'ignore = ["unused-allow", "unused-template"]\n')
    folder.write("shop.arch", "clint web\n" + unused)
    document = folder.open("shop.arch")
    actions = await offered(client, document, document.range(), [types.CodeActionKind.SourceFixAll])
    await make(document, actions["Make all safe fixes"])
    assert document.text == "client web\n" + unused


async def test_every_change_that_is_offered_can_be_made(client, open_text):
    """No change brings a fault of the language into a design that had none."""
    document = open_text(DESIGN)
    titles = list(await offered(client, document, document.range()))
    assert len(titles) > 5
    for title in titles:
        actions = await offered(client, document, document.range())
        codes = await make(document, actions[title])
        assert not [it for it in codes if it < "LP012"], title
        document.become(DESIGN)
