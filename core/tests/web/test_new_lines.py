"""A new line of a form begins with what its fields begin with; where nothing else was filled in, it is none."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
NEW, EDIT = "/vault/box/new", "/vault/box/1/edit"


@pytest.fixture
def lin(person: Any) -> Any:
    return person("lin.xiaowen")


def items(institution: Kernel) -> list[tuple[str, int]]:
    from tenor_vault.records import Item

    ctx: Any
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        found = ctx.session.scalars(select(Item).order_by(Item.id))
        return [(each.what, each.pieces) for each in found]


def test_a_new_line_shows_what_it_begins_with_and_keeps_it(lin: Any, institution: Kernel) -> None:
    form = lin.form(NEW)
    assert (form["items-0-what"], form["items-0-pieces"]) == ("", "1")
    assert form["items-__i__-pieces"] == "1"
    lin.send(NEW, {**form, "name": "a box", "items-0-what": "ring"})
    assert items(institution) == [("ring", 1)]


def test_a_line_in_which_nothing_else_stands_is_none(lin: Any, institution: Kernel) -> None:
    untouched = {"items-count": "3", "items-1-pieces": "1", "items-2-pieces": ""}
    lin.send(NEW, {**lin.form(NEW), "name": "a box", **untouched})
    assert items(institution) == []
    lin.send(EDIT, {**lin.form(EDIT), "name": "another"})
    assert items(institution) == []


def test_a_line_in_which_only_what_it_begins_with_was_changed_is_one(lin: Any) -> None:
    answer = lin.send(NEW, {**lin.form(NEW), "name": "a box", "items-0-pieces": "2"}, 422)
    assert 'href="#f-items-0-what"' in answer.text


def test_a_line_that_is_there_keeps_all_that_it_has(
    lin: Any, box: Any, institution: Kernel
) -> None:
    box(items=["ring"])
    lin.send(EDIT, lin.form(EDIT))
    assert items(institution) == [("ring", 1)]


def test_a_line_that_is_added_without_script_begins_so_too(lin: Any) -> None:
    asked = {**lin.form(NEW), "items-0-what": "ring", "items-0-pieces": "3", "_add": "items"}
    form = lin.read(lin.send(NEW, asked, 200).text, NEW)
    assert (form["items-0-pieces"], form["items-1-what"], form["items-1-pieces"]) == ("3", "", "1")
