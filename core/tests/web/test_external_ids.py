"""What other systems call a record: set by whoever may change it, found only by whoever may read it, gone with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.tests.web.own_fields import acting
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound
from tenor_sdk.external_ids import by_external_id, external_id, set_external_id
from tenor_sdk.testing import make_user
from tenor_test_support.ledger import seal

pytestmark = pytest.mark.both_databases

CORE = "core-banking"
BOXES = "/api/v1/vault/box"
Box = Callable[..., int]
Ask = Callable[..., Any]


def name(
    institution: Kernel, box: int, value: str, source: str = CORE, login: str = "lin.xiaowen"
) -> None:
    from tenor_vault.records import Box as Record

    with acting(institution, login) as ctx:
        set_external_id(ctx, ctx.session.get_one(Record, box), source, value)


def found(institution: Kernel, value: str, source: str = CORE, login: str = "lin.xiaowen") -> int:
    from tenor_vault.records import Box as Record

    with acting(institution, login, write=False) as ctx:
        return by_external_id(ctx, Record, source, value).id


def entries(institution: Kernel) -> list[Any]:
    with acting(institution, "song.qing", write=False) as ctx:
        return institution.audit.search(ctx, table="base_external_id")


def test_a_record_is_found_by_what_another_system_calls_it(institution: Kernel, box: Box) -> None:
    made, other = box(), box()
    name(institution, made, "C-001")
    name(institution, made, "7/8?", "crm")
    name(institution, other, "C-001", "crm")
    assert (found(institution, "C-001"), found(institution, "7/8?", "crm")) == (made, made)
    assert found(institution, "C-001", "crm") == other


def test_it_says_what_a_system_calls_it_or_nothing(institution: Kernel, box: Box) -> None:
    from tenor_vault.records import Box as Record

    made = box()
    name(institution, made, " C-001 ")
    with acting(institution, "lin.xiaowen", write=False) as ctx:
        record = ctx.session.get_one(Record, made)
        assert (external_id(ctx, record, CORE), external_id(ctx, record, "crm")) == ("C-001", "")


def test_each_change_is_ledgered_with_who_made_it(institution: Kernel, box: Box) -> None:
    made = box()
    for value in ("C-001", "C-002", "C-002", ""):
        name(institution, made, value)
    told = [
        (entry.kind, entry.actor_name, entry.changes["value"]) for entry in entries(institution)
    ]
    assert told == [
        ("delete", "林晓雯", ["C-002", None]), ("update", "林晓雯", ["C-001", "C-002"]),
        ("create", "林晓雯", [None, "C-001"]),
    ]  # fmt: skip


def test_the_ledger_holds_with_them(institution: Kernel, box: Box) -> None:
    name(institution, box(), "C-001")
    seal(institution)
    assert not institution.audit.verify().findings


def test_an_id_is_free_again_when_it_was_taken_away(institution: Kernel, box: Box) -> None:
    first, second = box(), box()
    name(institution, first, "C-001")
    name(institution, first, "")
    name(institution, second, "C-001")
    assert found(institution, "C-001") == second


def test_it_goes_with_its_record(institution: Kernel, box: Box) -> None:
    from tenor_vault.records import Box as Record

    made = box()
    name(institution, made, "C-001")
    with acting(institution, "lin.xiaowen") as ctx:
        ctx.session.delete(ctx.session.get_one(Record, made))
    with institution.db.raw(write=False) as connection:
        assert connection.scalar(text("SELECT count(*) FROM base_external_id")) == 0
    gone = entries(institution)[0]
    assert (gone.kind, gone.changes["value"]) == ("delete", ["C-001", None])


# -- what may not be seen ----------------------------------------------------------------


def test_the_id_of_a_hidden_record_is_not_found_as_one_that_there_is_not(
    institution: Kernel, box: Box
) -> None:
    name(institution, box("shen.bai"), "C-001", login="shen.bai")
    told = []
    for value in ("C-001", "C-002"):
        with pytest.raises(NotFound) as missing:
            found(institution, value)
        told.append((missing.value.key, str(missing.value.values)))
    assert told[0] == told[1]


def test_a_clash_says_the_same_of_a_hidden_record_as_of_ones_own(
    institution: Kernel, box: Box
) -> None:
    name(institution, box("shen.bai"), "C-001", login="shen.bai")
    name(institution, box(), "C-002")
    mine, told = box(), []
    for value in ("C-001", "C-002"):
        with pytest.raises(Conflict) as clash:
            name(institution, mine, value)
        told.append((clash.value.key, dict(clash.value.values)))
    assert told == [("external-id-taken", {"source": CORE})] * 2


def test_who_may_not_change_a_record_names_it_not(institution: Kernel, box: Box) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    with pytest.raises(Forbidden):
        name(institution, box(), "C-001", login="appraiser")


def test_a_record_read_with_another_s_rights_is_not_found(institution: Kernel, box: Box) -> None:
    from tenor_vault.records import Box as Record

    made = box("shen.bai")
    with acting(institution, "lin.xiaowen") as ctx, ctx.elevated("a look") as high:
        record = high.get_one(Record, made)
        with pytest.raises(NotFound):
            set_external_id(ctx, record, CORE, "C-001")
        with pytest.raises(NotFound):
            external_id(ctx, record, CORE)


def test_who_only_reads_writes_none(institution: Kernel, box: Box) -> None:
    from tenor_vault.records import Box as Record

    made = box()
    with acting(institution, "lin.xiaowen", write=False) as ctx, pytest.raises(Forbidden):
        set_external_id(ctx, ctx.session.get_one(Record, made), CORE, "C-001")


@pytest.mark.parametrize(
    "source", ["", "Core", "core banking", "-core", "c" * 61, "核心", "__class__"]
)
def test_a_source_has_a_plain_name(institution: Kernel, box: Box, source: str) -> None:
    with pytest.raises(Invalid, match="not-a-source"):
        name(institution, box(), "C-001", source)


@pytest.mark.parametrize(
    ("value", "why"),
    [("x" * 201, "too-long"), ("a\x00b", "control-characters"), ("a\nb", "control-characters")],
)
def test_a_value_is_a_line_of_text(institution: Kernel, box: Box, value: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        name(institution, box(), value)


# -- REST ----------------------------------------------------------------


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    client = app.test_client()
    token = institution.identity.create_token(actor_of(institution, "lin.xiaowen"), "test")

    def send(method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Authorization"] = f"Bearer {token}"
        answer = client.open(path, method=method, json=body, headers=named)
        assert answer.status_code == status, answer.text[:3000]
        return answer.json

    return send


def test_a_program_gives_them_with_a_record_and_finds_it_by_them(ask: Ask) -> None:
    ids = {CORE: "C-001", "crm": "7"}
    made = ask("POST", BOXES, {"name": "box", "external_ids": ids}, 201)
    where = f"{BOXES}/{made['id']}"
    assert ask("GET", f"{where}/external-ids") == {"external_ids": ids}
    assert ask("GET", f"{BOXES}/by-external-id?source={CORE}&value=C-001")["id"] == made["id"]
    ask("PATCH", where, {"external_ids": {CORE: "C-002", "crm": None}}, If_Match='"1"')
    assert ask("GET", f"{where}/external-ids") == {"external_ids": {CORE: "C-002"}}
    ask("GET", f"{BOXES}/by-external-id?source={CORE}&value=C-001", status=404)


def test_a_record_whose_id_is_taken_is_not_made(institution: Kernel, ask: Ask, box: Box) -> None:
    name(institution, box("shen.bai"), "C-001", login="shen.bai")
    told = ask("POST", BOXES, {"name": "mine", "external_ids": {CORE: "C-001"}}, 409)
    assert told["key"] == "external-id-taken"
    assert ask("GET", BOXES)["items"] == []


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ([], ["external_ids"]), ("C-001", ["external_ids"]), ({CORE: 5}, [f"external_ids.{CORE}"]),
        ({"Core": "x"}, ["external_ids.Core"]), ({CORE: ["x"]}, [f"external_ids.{CORE}"]),
    ],
)  # fmt: skip
def test_what_is_no_id_is_refused_at_its_source(ask: Ask, given: Any, fields: list[str]) -> None:
    told = ask("POST", BOXES, {"name": "box", "external_ids": given}, 422)
    assert list(told["errors"]) == fields


@pytest.mark.parametrize(
    "query", ["", "?source=core-banking", "?value=x", "?source=a%00b&value=x%00"]
)
def test_a_question_without_an_answer_is_not_found(ask: Ask, query: str) -> None:
    ask("GET", f"{BOXES}/by-external-id{query}", status=404)


def test_they_stand_on_the_record_s_page(institution: Kernel, box: Box, person: Any) -> None:
    made = box()
    assert "在其他系统中的编号" not in person("lin.xiaowen").get(f"/vault/box/{made}")
    name(institution, made, "<b>C-001</b>")
    page = person("lin.xiaowen").get(f"/vault/box/{made}")
    assert "在其他系统中的编号" in page
    assert '&lt;b&gt;<span class="t-num">C-001</span>&lt;/b&gt;' in page


def test_a_removal_that_was_refused_leaves_them(institution: Kernel, box: Box) -> None:
    from tenor_vault.records import Box as Record
    from tenor_vault.records import Opening

    from tenor_sdk.services import savepoint

    kept, free = box(), box()
    name(institution, kept, "C-001")
    with acting(institution, "lin.xiaowen") as ctx:
        ctx.session.add(Opening(box_id=kept, reason="seen"))
        with pytest.raises(Conflict), savepoint(ctx):
            ctx.session.delete(ctx.session.get_one(Record, kept))
            ctx.session.flush()
        ctx.session.delete(ctx.session.get_one(Record, free))
    assert found(institution, "C-001") == kept
