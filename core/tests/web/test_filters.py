"""The search box of a list takes filters: they become chips that can be dropped one by one, and stay in every address."""

from __future__ import annotations

from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.tests.web.own_fields import add_every_kind
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor, make_user

LIST = "/vault/box"
NAMES = ("deeds", "bars", "coins", "scraps")


class Page(HTMLParser):
    """What a list shows: its chips with where they lead, links by their class or relation, and the search form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.chips: dict[str, str] = {}
        self.links: list[str] = []
        self.related: dict[str, str] = {}
        self.box: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self._chip = self._form = ""
        self._in_sr = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
            self.related[given.get("rel", "")] = given.get("href", "")
            self._chip = given["href"] if given.get("class") == "t-chip" else ""
        if tag == "form":
            self._form = given.get("class", "") + given.get("action", "")
        if tag == "input" and given.get("id") == "t-list-search":
            self.box = given
        if tag == "input" and self._form == f"t-search{LIST}" and given.get("type") == "hidden":
            self.kept[given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        if self._chip and data.strip():
            self.chips[data.strip()] = self._chip
            self._chip = ""

    @property
    def rows(self) -> set[str]:
        body = self.html.partition("<tbody>")[2]
        return {name for name in NAMES if f">{name}<" in body}

    @property
    def told(self) -> str:
        return unescape(self.html.partition('id="t-list-told"')[2].partition("</div>")[0])


@pytest.fixture
def four(box: Any) -> None:
    from tenor_vault.records import Kind

    box(name="deeds", kind=Kind.PAPERS, value=Amount.of("100"), since=date(2026, 1, 5))
    box(name="bars", kind=Kind.GOLD, value=Amount.of("900"), since=date(2026, 3, 5), sealed=True)
    box(name="coins", kind=Kind.GOLD, value=Amount.of("500"))
    box(name="scraps", value=Amount.of("20000000"))


@pytest.fixture
def lin(person: Any, institution: Kernel) -> Any:
    """Somebody who reads English."""
    return asking(person("lin.xiaowen"))


def asking(someone: Any) -> Any:
    def page(typed: str = "", at: str = LIST, **asked: str) -> Page:
        query = {**({"q": typed} if typed else {}), **asked}
        return Page(someone.get(at, query_string=query) if query else someone.get(at))

    return page


pytestmark = pytest.mark.usefixtures("four")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("value >= 500", {"bars", "coins", "scraps"}),
        ("value >= 500 and not sealed = true", {"coins", "scraps"}),
        ("value >= 2000万", {"scraps"}),
        ("since = empty and value < 1000", {"coins"}),
        ("kind = gold-bars or value > 10,000", {"bars", "coins"}),
        ("name ~ AR", {"bars"}),
        ("name !~ s", set()),
    ],
)
def test_what_reads_as_a_filter_narrows_the_list(lin: Any, typed: str, left: set[str]) -> None:
    typed = typed.replace("10,000", '"10,000"')
    left = left | {"scraps"} if "10,000" in typed else left
    shown = lin(typed)
    assert (shown.rows, shown.told) == (left, "")


@pytest.mark.parametrize(
    ("typed", "left"),
    [("coin", {"coins"}), ("AR", {"bars"}), ("and or not", set()), ('"name = coins"', set())],
)
def test_all_else_is_looked_for_as_text(lin: Any, typed: str, left: set[str]) -> None:
    shown = lin(typed)
    assert (shown.rows, shown.told, shown.box["value"]) == (left, "", typed)


def test_quotes_let_a_text_with_a_sign_be_looked_for(lin: Any, box: Any) -> None:
    box(name="a = b")
    shown = lin('"a = b"')
    assert ">a = b<" in shown.html
    assert shown.rows == set()
    assert '"a = b"' in shown.box["value"]
    resorted = next(link for link in shown.links if "sort=value" in link)
    assert ">a = b<" in lin(at=resorted).html


def test_a_half_written_filter_is_looked_for_as_text_and_told_what_it_lacks(lin: Any) -> None:
    shown = lin("value >= ")
    assert shown.rows == set()
    assert "筛选条件第 10 个字符处应为" in shown.told
    assert "aria-invalid" not in shown.box


# -- chips ------------------------------------------------------------------------------------------------------------

TYPED = 'value >= 100 and kind = gold-bars and since != empty and (sealed = true or name ~ coin) and name !~ "x y"'
SAID = [
    "Insured value ≥ 100", "Kind: 金条", "Since isn't empty", "(Sealed: 是 or Name contains coin)", "Name lacks x y",
]  # fmt: skip


def test_chips_say_each_term_in_the_persons_words(lin: Any) -> None:
    assert list(lin(TYPED).chips) == SAID
