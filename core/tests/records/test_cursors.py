"""What leads from one page to the next: the right rows whatever is removed meanwhile; anything else is refused."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from core.tests.records.conftest import LIN
from tenor.kernel import Kernel
from tenor.records import Page, PageQuery
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor, make_user

pytestmark = pytest.mark.both_databases
Turn = Callable[..., Page]

#: what is made of a true cursor
SPOILT: dict[str, Callable[[str], str]] = {
    "cut off": lambda true: true[:-4],
    "cut to its signature": lambda true: true[:16],
    "a letter changed": lambda true: ("B" if true[0] == "A" else "A") + true[1:],
    "another position": lambda true: base64.urlsafe_b64encode(
        base64.urlsafe_b64decode(true)[:12] + b'["next", "a", 1]'
    ).decode(),
    "no position": lambda _true: base64.urlsafe_b64encode(b"x" * 12 + b"[]").decode(),
    "words": lambda _true: "the next page",
    "no ASCII": lambda _true: "第二页",
    "a torn letter": lambda _true: "\udc80",
    "a zero": lambda true: f"\0{true[1:]}",
    "a megabyte": lambda _true: "A" * 1_000_000,
    "a true one and a megabyte": lambda true: true + "A" * 1_000_000,
}


@pytest.fixture
def turn(institution: Kernel, keep: Callable[..., list[int]]) -> Turn:
    """Turn the pages, of two rows each, of a list of five parts."""
    from tenor_depot import Part

    keep(*(Part(name=name, label=name.upper()) for name in "abcde"))

    def page(login: str = LIN, view: str = "", **asked: Any) -> Page:
        ctx: Any
        with as_actor(institution, login, write=False) as ctx:
            query = PageQuery(**{"size": 2, "sort": "name", **asked})
            found: Page = institution.records.page(
                ctx, institution.views.list_view(Part, view), query
            )
            return found

    return page


def names(page: Page) -> list[str]:
    return [str(getattr(each, "name", "")) for each in page.records]


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_no_cursor_is_refused(turn: Turn, name: str) -> None:
    spoilt = SPOILT[name](turn().following)
    with pytest.raises(Invalid) as refused:
        turn(cursor=spoilt)
    assert refused.value.key == "unknown-cursor"


#: a list that differs in one thing from the one that the cursor is of
OTHERS: dict[str, dict[str, Any]] = {
    "of a narrower view": {"view": "brokenparts"},
    "the other way": {"sort": "-name"},
    "by another column": {"sort": "label"},
    "of another search": {"search": "a"},
    "of another filter": {"filter": "name > a"},
    "of another value": {"filters": {"name": ["a"]}},
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_cursor_is_of_one_list_alone(turn: Turn, name: str) -> None:
    cursor = turn().following
    with pytest.raises(Invalid) as refused:
        turn(cursor=cursor, **OTHERS[name])
    assert refused.value.key == "unknown-cursor"


def test_a_cursor_is_of_one_person_alone(turn: Turn, institution: Kernel) -> None:
    make_user(institution, "lookout", roles=["depot.depot-head"])
    cursor = turn().following
    with pytest.raises(Invalid, match="unknown-cursor"):
        turn("lookout", cursor=cursor)


@pytest.mark.parametrize("sort", ["name", "-name"])
def test_the_next_page_is_right_when_the_row_it_follows_is_gone(
    turn: Turn, institution: Kernel, sort: str
) -> None:
    first = turn(sort=sort)
    with as_actor(institution, "head") as ctx:
        gone = ctx.session.get(type(first.records[-1]), first.records[-1].id)
        ctx.session.delete(gone)
    second = turn(sort=sort, cursor=first.following)
    assert names(second) == (["c", "d"] if sort == "name" else ["c", "b"])
    assert names(turn(sort=sort, cursor=second.preceding)) == names(first)[:1]
