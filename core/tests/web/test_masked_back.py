"""What a program read masked and sends back is no value: it means that nothing changes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"
IDENTITY, ACCOUNT = "330102199003071234", "6222020200112233"


@pytest.fixture
def lin(program: Programs) -> Any:
    """A program, and a box with masked values in itself and in its line."""
    asked = program("lin.xiaowen")
    items = [{"what": "ring", "mark": ACCOUNT}]
    asked("POST", "/vault/box", {"name": "a box", "holder_identity": IDENTITY, "items": items})
    return asked


def kept(institution: Kernel) -> tuple[str, str]:
    with institution.db.raw(write=False) as connection:
        box = connection.execute(text("SELECT holder_identity FROM vault_box")).scalar_one()
        return box, connection.execute(text("SELECT mark FROM vault_item")).scalar_one()


def test_a_masked_value_as_it_was_shown_stays_what_it_is(lin: Any, institution: Kernel) -> None:
    read = lin("GET", BOX).json
    assert read["holder_identity"] == "330102********1234"
    line = {name: read["items"][0][name] for name in ("id", "version", "what", "mark")}
    body = {"name": "renamed", "holder_identity": read["holder_identity"], "items": [line]}
    answer = lin("PATCH", BOX, body, If_Match='"1"')
    assert (answer.status_code, answer.json["name"]) == (200, "renamed")
    assert kept(institution) == (IDENTITY, ACCOUNT)


@pytest.mark.parametrize("given", ["330102********9999", "••••", "******************"])
def test_other_text_with_the_marks_of_a_mask_is_refused_in_words(
    lin: Any, institution: Kernel, given: str
) -> None:
    answer = lin("PATCH", BOX, {"holder_identity": given}, If_Match='"1"')
    assert answer.status_code == 422
    assert answer.json["errors"]["holder_identity"]["key"] == "masked-text"
    assert "被遮盖" in answer.json["errors"]["holder_identity"]["detail"]
    assert kept(institution)[0] == IDENTITY


def test_so_is_that_of_a_line(lin: Any, institution: Kernel) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    body = {"items": [{"id": ring, "mark": "************9999"}, {"what": "coin", "mark": "••••"}]}
    answer = lin("PATCH", BOX, body, If_Match='"1"')
    assert {name: one["key"] for name, one in answer.json["errors"].items()} == {
        "items.0.mark": "masked-text",
        "items.1.mark": "masked-text",
    }


def test_a_whole_value_is_taken_and_an_empty_one_takes_it_away(
    lin: Any, institution: Kernel
) -> None:
    other = "440301198001010018"
    assert lin("PATCH", BOX, {"holder_identity": other}, If_Match='"1"').status_code == 200
    assert kept(institution)[0] == other
    assert lin("PATCH", BOX, {"holder_identity": ""}, If_Match='"2"').status_code == 200
    assert kept(institution)[0] == ""
