"""Tiles beside one another: one that fails says so in its place, and the others and the page are there."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import BigInteger, func, literal, select
from sqlalchemy.exc import DBAPIError

from core.tests.web.test_looks import behind, main
from tenor.kernel import Kernel
from tenor_sdk.dashboards import RowsTile
from tenor_sdk.declare import Origin
from tenor_sdk.looks import ChartView, per_month
from tenor_sdk.views import ListView, Tile

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
PLACE = Origin("tenor_vault.views", "views.py", 1)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def test_a_tile_of_rows_that_fails_says_its_number_and_the_page_stays(
    lin: Any, box: Any, institution: Kernel, faults: list[BaseException], monkeypatch: Any
) -> None:
    from tenor_vault.records import Box
    from tenor_vault.views import boxes

    box(since=date(9999, 12, 31))
    chart = ChartView(per_month(Box.since))
    made = [
        ("bad number", None),
        ("good number", None),
        ("bad chart", chart),
        ("good chart", chart),
    ]
    tiles = [RowsTile(title=title, rows=boxes, look=look, origin=PLACE) for title, look in made]
    dashboards = institution.views.dashboards
    of = dashboards.view

    def view(tile: RowsTile) -> Any:
        if "bad" in tile.title:
            raise ZeroDivisionError
        return of(tile)

    monkeypatch.setattr(dashboards, "tiles", tiles)
    monkeypatch.setattr(dashboards, "view", view)
    answer = lin.client.get("/")
    page, number = main(answer.text), answer.headers["X-Request-ID"]
    offered = f'<code>{number}</code> <a href="/report?number={number}">'
    assert page.partition("bad number")[2].partition("</dd>")[0].count(offered) == 1
    sheet = page.partition("bad chart")[2].partition("</section>")[0]
    assert (sheet.count(number), f'href="/report?number={number}"' in sheet) == (2, True)
    for title in ("good number", "good chart"):
        assert number not in page.partition(title)[2][:400]
    assert behind(lin, page.partition(">9999-12</th>")[2].partition("</tr>")[0]) == 1
    assert len(faults) == 2
    faults.clear()
    assert lin.get(f"/report?number={number}").count("ZeroDivisionError") >= 2


def test_a_tile_that_fails_isnt_told_of_to_whom_its_records_arent_shown(
    person: Any, institution: Kernel, monkeypatch: Any
) -> None:
    from tenor_vault.views import boxes

    def view(_tile: RowsTile) -> Any:
        raise ZeroDivisionError

    tile = RowsTile(title="bad number", rows=boxes, look=None, origin=PLACE)
    monkeypatch.setattr(institution.views.dashboards, "tiles", [tile])
    monkeypatch.setattr(institution.views.dashboards, "view", view)
    assert "bad number" not in main(person("ding.ning").get("/"))


def beyond() -> Any:
    """What neither database can work out."""
    return func.abs(literal(-(2**31), BigInteger) * literal(2**32, BigInteger)) == 0


def asks_in_vain(ctx: Any) -> Any:
    from tenor_vault.records import Box

    return ctx.session.scalar(select(Box.id).where(beyond()))


def one(ctx: Any) -> int:
    return 1


def test_tiles_whose_statements_fail_say_so_and_the_page_is_read_on(
    lin: Any, box: Any, institution: Kernel, faults: list[BaseException], monkeypatch: Any
) -> None:
    from tenor_vault.records import Box
    from tenor_vault.views import boxes

    box(name="one")
    bad = ListView(Box, (Box.name,), where=lambda actor, today: beyond())
    dashboards = institution.views.dashboards
    of = dashboards.view
    monkeypatch.setattr(dashboards, "view", lambda tile: bad if "bad" in tile.title else of(tile))
    chart = ChartView(Box.kind)
    made = [
        ("bad number", None),
        ("good number", None),
        ("bad chart", chart),
        ("good chart", chart),
    ]
    tiles = [RowsTile(title=title, rows=boxes, look=look, origin=PLACE) for title, look in made]
    monkeypatch.setattr(dashboards, "tiles", tiles)
    own = [
        Tile(title=f"own {value.__name__}", value=value, origin=PLACE)
        for value in (asks_in_vain, one)
    ]
    monkeypatch.setattr(institution.views, "tiles", own)
    answer = lin.client.get("/")
    number = answer.headers["X-Request-ID"]
    parts = re.split("(?=<dt>)|(?=<section)|(?=<footer)", main(answer.text))
    titles = [*(title for title, _look in made), *(tile.title for tile in own)]
    failed = [each for each in titles if any(each in part and number in part for part in parts)]
    assert failed == ["bad number", "bad chart", "own asks_in_vain"]
    assert [each for each in titles if each not in main(answer.text)] == []
    assert [type(each) for each in faults] == 3 * [type(faults[0])]
    assert isinstance(faults[0], DBAPIError)
    faults.clear()


def test_tiles_that_only_read_cost_one_statement_beside_their_own(
    lin: Any, box: Any, institution: Kernel, statements: list[str], monkeypatch: Any
) -> None:
    from tenor_vault.views import boxes

    box(name="one")

    def asked(count: int) -> int:
        tiles = [RowsTile(title=f"tile {n}", rows=boxes, origin=PLACE) for n in range(count)]
        monkeypatch.setattr(institution.views.dashboards, "tiles", tiles)
        lin.get("/")
        statements.clear()
        lin.get("/")
        return len(statements)

    assert asked(6) - asked(2) == 4
