"""What is put away and brought back over the API, by the rules of the page."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"


def test_a_box_goes_away_and_comes_back(program: Programs, box: Any) -> None:
    box()
    lin = program("lin.xiaowen")
    away = lin("POST", f"{BOX}/archive", If_Match='"1"')
    assert (away.status_code, away.json["archived"], away.headers["ETag"]) == (200, True, '"2"')
    assert lin("GET", "/vault/box").json["items"] == []
    assert [each["id"] for each in lin("GET", "/vault/box?archived=true").json["items"]] == [1]
    back = lin("POST", f"{BOX}/restore", If_Match='"2"')
    assert (back.status_code, back.json["archived"]) == (200, False)
    assert [each["id"] for each in lin("GET", "/vault/box").json["items"]] == [1]


@pytest.mark.parametrize("act", ["archive", "restore"])
def test_it_is_done_to_what_was_seen(program: Programs, box: Any, act: str) -> None:
    box()
    lin = program("lin.xiaowen")
    assert lin("POST", f"{BOX}/{act}").status_code == 428
    lin("PATCH", BOX, {"name": "newer"}, If_Match='"1"')
    late = lin("POST", f"{BOX}/{act}", If_Match='"1"')
    assert (late.status_code, late.json["key"]) == (409, "changed-since")
    assert lin("GET", BOX).json["archived"] is False


def test_sent_again_with_its_key_it_is_done_once(program: Programs, box: Any) -> None:
    box()
    lin = program("lin.xiaowen")
    named = {"If_Match": '"1"', "Idempotency_Key": "away"}
    first = lin("POST", f"{BOX}/archive", **named)
    again = lin("POST", f"{BOX}/archive", **named)
    assert first.json == again.json
    assert lin("GET", BOX).json["version"] == 2


def test_what_lies_outside_a_persons_rows_isnt_found(program: Programs, box: Any) -> None:
    box()
    for act in ("archive", "restore"):
        assert program("shen.bai")("POST", f"{BOX}/{act}", If_Match='"1"').status_code == 404


def test_what_the_workflow_froze_stays_where_it_is(
    program: Programs, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    box()
    monkeypatch.setattr(institution.workflow, "frozen", lambda *_: True)
    refused = program("lin.xiaowen")("POST", f"{BOX}/archive", If_Match='"1"')
    assert (refused.status_code, refused.json["key"]) == (422, "frozen")


def test_who_may_only_read_puts_nothing_away(program: Programs) -> None:
    refused = program("lin.xiaowen")("POST", "/base/unit/1/archive", If_Match='"1"')
    assert (refused.status_code, refused.json["key"]) == (403, "not-permitted")


def test_a_kind_that_isnt_archived_says_so_and_offers_nothing(program: Programs) -> None:
    lin = program("lin.xiaowen")
    made = lin("POST", "/errands/errand", {"subject": "fetch the deed"})
    path = f"/errands/errand/{made.json['id']}/archive"
    assert lin("POST", path, If_Match='"1"').json["key"] == "not-archivable"
    paths = lin("GET", "/openapi.json").json["paths"]
    assert "/vault/box/{id}/archive" in paths
    assert "/vault/box/{id}/restore" in paths
    assert "/errands/errand/{id}/archive" not in paths
