"""A request that is sent again with its key: the same answer, for the same request, while it may still be read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"


def hide_all_boxes(institution: Kernel) -> None:
    """Nobody's any more, of a unit in which Lin isn't."""
    with institution.db.raw() as connection:
        connection.execute(text("UPDATE vault_box SET unit_id = 6, owner_id = NULL"))


def test_a_key_stands_for_the_version_too(program: Programs, box: Any) -> None:
    box()
    lin = program("lin.xiaowen")
    first = lin("PATCH", BOX, {"name": "x"}, If_Match='"1"', Idempotency_Key="k")
    assert lin("PATCH", BOX, {"name": "y"}, If_Match='"2"').status_code == 200
    again = lin("PATCH", BOX, {"name": "x"}, If_Match='"3"', Idempotency_Key="k")
    assert first.status_code == 200
    assert (again.status_code, again.json["key"]) == (409, "key-of-another-request")
    assert lin("GET", BOX).json["name"] == "y"


def test_a_change_is_not_told_again_to_who_may_not_read_it_any_more(
    program: Programs, box: Any, institution: Kernel
) -> None:
    box()
    lin = program("lin.xiaowen")
    sent = {"If_Match": '"1"', "Idempotency_Key": "k"}
    assert lin("PATCH", BOX, {"name": "x"}, **sent).status_code == 200
    assert lin("PATCH", BOX, {"name": "x"}, **sent).json["name"] == "x"
    hide_all_boxes(institution)
    assert lin("PATCH", BOX, {"name": "x"}, **sent).status_code == 404


def test_nor_is_what_was_made(program: Programs, institution: Kernel) -> None:
    lin = program("lin.xiaowen")
    made = lin("POST", "/vault/box", {"name": "x"}, Idempotency_Key="k")
    assert made.status_code == 201
    hide_all_boxes(institution)
    assert lin("POST", "/vault/box", {"name": "x"}, Idempotency_Key="k").status_code == 404


def test_a_removal_is_told_again_though_nothing_is_left_to_read(
    program: Programs, box: Any
) -> None:
    box()
    lin = program("lin.xiaowen")
    sent = {"If_Match": '"1"', "Idempotency_Key": "k"}
    assert lin("DELETE", BOX, **sent).status_code == 200
    assert lin("DELETE", BOX, **sent).status_code == 200


def test_nor_is_what_was_done_to_a_list_told_to_who_may_not_do_it_any_more(
    program: Programs, institution: Kernel
) -> None:
    from tenor_vault.access import count_boxes

    lin = program("lin.xiaowen")
    path, sent = "/vault/box/actions/count", {"Idempotency_Key": "k"}
    assert lin("POST", path, {}, **sent).status_code == 200
    assert lin("POST", path, {}, **sent).status_code == 200
    without = {
        key: tuple(grant for grant in grants if grant.target is not count_boxes)
        for key, grants in institution.access.book.grants.items()
    }
    institution.access.book = replace(institution.access.book, grants=without)
    institution.access._rights.clear()
    assert lin("POST", path, {}, **sent).status_code == 403


def test_a_form_is_not_answered_again_in_words_about_a_record_that_is_lost(
    person: Any, institution: Kernel
) -> None:
    lin, new = person("lin.xiaowen"), "/vault/box/new"
    form = {**lin.form(new), "name": "x"}
    for _time in range(2):
        assert lin.send(new, form).headers["Location"] == "/vault/box/1"
        assert "BOX-001" in lin.get("/inbox")
    hide_all_boxes(institution)
    lin.send(new, form)
    assert "BOX-001" not in lin.get("/inbox")
