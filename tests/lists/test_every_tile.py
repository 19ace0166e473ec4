"""Every tile that any plugin declares: what it says is what the rows behind it come to, for whoever looks."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.records.values import currency_of
from tenor.views.columns import key_of
from tenor.web import create_app
from tenor.web.asked import asked_of, query_of
from tenor.web.visit import SESSION_COOKIE
from tenor_sdk import Role
from tenor_sdk.dashboards import Dashboard, FirstRows, RowsTile
from tenor_sdk.looks import ChartView, PivotView
from tenor_sdk.testing import as_actor, make_user
from tests.lists.rows import making

ALL = "reader.of.all"
#: sees the rows of one branch alone
MANAGER = "lin.xiaowen"
_LINK = re.compile(r'<a href="([^"]+\?[^"]+)"[^>]*>([\d,]+(?:\.\d+)?)</a>')


@pytest.fixture
def filled(institution: Kernel) -> Kernel:
    """Rows of everything that a tile counts: some everybody's who reads all, some the manager's."""
    make_user(institution, ALL, roles=[role.key for role in institution.declarations.of(Role)])
    found = {tile.rows.record for tile in institution.views.dashboards.every()}
    kinds = sorted(
        found, key=lambda kind: kind.__tablename__
    )  # the order decides which rows are whose
    for number, login in enumerate((ALL, MANAGER), start=1):
        with making(institution, actor_of(institution, login)) as maker:
            maker.count = itertools.count(100_000 * number)
            for kind in kinds:
                maker.make(kind, 7 * number)
    return institution


def signed_in(kernel: Kernel, login: str) -> FlaskClient:
    client = create_app(kernel).test_client()
    client.set_cookie(SESSION_COOKIE, kernel.identity._open(login, ""), domain="localhost")
    return client


def said_by(kernel: Kernel, client: FlaskClient, tile: RowsTile) -> str:
    """The page of one tile alone."""
    page = Dashboard("one", "One", (tile,))
    object.__setattr__(page, "origin", tile.origin)
    kernel.views.dashboards.pages["base", "one"] = page
    answer = client.get("/dashboards/base/one")
    return unescape(answer.text.partition('id="t-main"')[2]) if answer.status_code == 200 else ""


def added_up(tile: RowsTile) -> str:
    """The amount that a tile adds up; empty where it counts."""
    look = tile.look
    if isinstance(look, ChartView):
        return key_of(look.sum) if look.sum is not None else ""
    if isinstance(look, PivotView):
        return key_of(look.sums[0]) if look.sums else ""
    return key_of(tile.sum) if tile.sum is not None else ""


def behind(kernel: Kernel, login: str, tile: RowsTile, href: str) -> tuple[int, Decimal]:
    """How many rows the list at an address has for somebody, and what they come to in CNY."""
    args: MultiDict[str, str] = MultiDict(parse_qsl(urlsplit(href).query))
    ctx: Any
    with as_actor(kernel, login, write=False) as ctx:
        view = kernel.views.list_view(tile.rows.record, args.get("view", ""))
        query = replace(asked_of(ctx, view, query_of(args)).sure(), size=500)
        records = kernel.records.page(ctx, view, query).records
        key = added_up(tile)
        amounts = [
            getattr(record, key)
            for record in records
            if key and currency_of(record) == "CNY" and getattr(record, key) is not None
        ]
        return len(records), sum((Decimal(each.text("CNY")) for each in amounts), Decimal(0))


@pytest.mark.parametrize("login", [ALL, MANAGER])
def test_each_figure_of_each_tile_is_what_its_rows_come_to(filled: Kernel, login: str) -> None:
    client = signed_in(filled, login)
    wrong, tried = [], 0
    for tile in filled.views.dashboards.every():
        page = said_by(filled, client, tile)
        for href, text in _LINK.findall(page):
            count, amount = behind(filled, login, tile, href)
            figure = Decimal(text.replace(",", ""))
            expected = amount if added_up(tile) else Decimal(count)
            tried += 1
            if figure != expected:
                wrong.append((tile.title, href, figure, expected))
    assert tried > 15
    assert wrong == []


def test_a_manager_sees_less_than_who_reads_all(filled: Kernel) -> None:
    less = []
    for tile in filled.views.dashboards.every():
        if not tile.filter:
            found = [
                [
                    text
                    for _href, text in _LINK.findall(
                        said_by(filled, signed_in(filled, login), tile)
                    )
                ]
                for login in (ALL, MANAGER)
            ]
            less.append(found)
    assert less
    assert [found for found in less if found[0] == found[1]] == []


def test_each_dashboard_answers_in_both_languages_whoever_may_open_it(filled: Kernel) -> None:
    for plugin, name in list(filled.views.dashboards.pages):
        for login in (ALL, MANAGER):
            assert signed_in(filled, login).get(f"/dashboards/{plugin}/{name}").status_code == 200


def test_a_list_on_a_tile_has_the_rows_of_its_list(filled: Kernel) -> None:
    client, tried = signed_in(filled, MANAGER), 0
    for tile in filled.views.dashboards.every():
        if isinstance(tile.look, FirstRows):
            page = said_by(filled, client, tile)
            href = re.findall(r'<span class="t-sheet-end"><a href="([^"]+)"', page)[0]
            count, _amount = behind(filled, MANAGER, tile, href)
            assert len(re.findall(r"<tr[^>]* data-href=", page)) == min(count, tile.look.most)
            tried += 1
    assert tried
