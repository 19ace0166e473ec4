"""The ledger over the API: what is asked is answered page by page, and what isn't understood is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.testing.institution import as_actor

pytestmark = pytest.mark.both_databases
Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, institution: Kernel) -> Ask:
    """What the API answers somebody of the ledger."""

    def ask(query: str, login: str = "song.qing", status: int = 200) -> Any:
        token = institution.identity.create_token(actor_of(institution, login), "test")
        headers = {"Authorization": f"Bearer {token}"}
        answer = app.test_client().get(f"/api/v1/ledger?{query}", headers=headers)
        assert answer.status_code == status, answer.text
        return answer.json

    return ask


def test_the_ledger_is_asked_by_record_field_and_case(ask: Ask, box: Any) -> None:
    made = box(name="first", items=["a spoon"])
    of = f"what=vault_box&record={made}"
    assert [each["kind"] for each in ask(f"{of}&field=name")["items"]] == ["create"]
    assert ask(f"{of}&field=name&to=2020-01-01")["items"] == []
    tables = {each["table_name"] for each in ask(f"{of}&case=true")["items"]}
    assert tables == {"vault_box", "vault_item"}


def test_the_ledger_is_read_page_by_page(ask: Ask, institution: Kernel) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        for n in range(70):
            institution.audit.note(ctx, "counted", n=n)
    first = ask("kind=counted")
    second = ask(f"kind=counted&before={first['before']}")
    told = [each["changes"]["n"][1] for page in (first, second) for each in page["items"]]
    assert told == list(range(69, -1, -1))
    assert second["before"] is None


@pytest.mark.parametrize(
    "word", ["who=x", "from=soon", "what=nosuch", "before=-1", "field=name", "record=1"]
)
def test_what_is_not_understood_is_said(ask: Ask, word: str) -> None:
    assert word.partition("=")[0] in str(ask(word, status=422))


def test_nobody_else_reads_it(ask: Ask) -> None:
    ask("", "lin.xiaowen", 403)


def test_a_page_of_the_ledger_costs_as_many_statements_whatever_it_holds(
    person: Any, box: Any, statements: list[str]
) -> None:
    song = person("song.qing")
    box(name="one")
    song.get("/audit?what=vault_box")
    del statements[:]
    song.get("/audit?what=vault_box")
    few = len(statements)
    for n in range(12):
        box(name=f"box {n}")
    del statements[:]
    song.get("/audit?what=vault_box")
    assert len(statements) == few
