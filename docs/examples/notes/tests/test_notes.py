"""The fifteen lines, driven as a person would: through the guard, the ledger, the list, the API and the command."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import tenor_notes
from tenor_notes import Note
from tenor_sdk import Forbidden
from tenor_sdk.testing import Institution, as_actor, make_user

pytestmark = pytest.mark.both_databases
MOST_LINES = 15


@pytest.fixture
def author(institution: Institution) -> str:
    make_user(institution, "li.qing", roles=["notes.note-author"])
    return "li.qing"


def test_the_plugin_is_fifteen_lines() -> None:
    source = Path(inspect.getfile(tenor_notes)).read_text("utf-8")
    assert len([line for line in source.splitlines() if line.strip()]) <= MOST_LINES


def test_an_author_keeps_a_note(institution: Institution, author: str) -> None:
    with as_actor(institution, author) as ctx:
        ctx.session.add(Note(subject="泽远精密的年报已到"))
    with as_actor(institution, author, write=False) as ctx:
        assert ctx.session.scalars(select(Note.subject)).all() == ["泽远精密的年报已到"]


def test_whoever_has_no_role_sees_no_note(institution: Institution, author: str) -> None:
    with as_actor(institution, author) as ctx:
        ctx.session.add(Note(subject="confidential"))
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        assert ctx.session.scalars(select(Note)).all() == []


def test_whoever_has_no_role_writes_no_note(institution: Institution) -> None:
    with pytest.raises(Forbidden) as refused, as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.add(Note(subject="mine"))
    assert refused.value.key == "not-permitted"


def test_each_change_is_in_the_ledger_with_old_and_new(institution: Any, author: str) -> None:
    with as_actor(institution, author) as ctx:
        note = Note(subject="first")
        ctx.session.add(note)
    with as_actor(institution, author) as ctx:
        ctx.session.scalars(select(Note)).one().subject = "second"
    with as_actor(institution, author, write=False) as ctx:
        note = ctx.session.scalars(select(Note)).one()
        entries = sorted(institution.audit.history(ctx, note), key=lambda entry: entry.id)
    assert [(entry.kind, entry.changes.get("subject")) for entry in entries] == [
        ("create", [None, "first"]),
        ("update", ["first", "second"]),
    ]


def test_its_list_shows_it(institution: Any, author: str) -> None:
    from tenor.records import PageQuery

    with as_actor(institution, author) as ctx:
        ctx.session.add(Note(subject="shown"))
    with as_actor(institution, author, write=False) as ctx:
        page = institution.records.page(ctx, institution.views.list_view(Note), PageQuery())
    assert [row["subject"] for row in page.rows] == ["shown"]


def test_over_the_api_it_is_made_and_read_with_a_token(institution: Any, author: str) -> None:
    from tenor.loader.stage import actor_of
    from tenor.web import create_app

    token = institution.identity.create_token(actor_of(institution, author), "test")
    client = create_app(institution).test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    made = client.post("/api/v1/notes/note", json={"subject": "over the API"}, headers=bearer)
    assert made.status_code == 201, made.text
    found = client.get("/api/v1/notes/note", headers=bearer).get_json()
    assert "over the API" in str(found)
    assert client.get("/api/v1/notes/note").status_code == 401
