"""Every list that any plugin declares: the same number of statements for a page of 2 rows and of 25, with all columns,
sorts and facets; each column that is offered to be sorted by, and each filter, answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.records import Page, PageColumn, PageQuery
from tenor.records.counted import Counted
from tenor.records.filters import parse
from tenor.records.paging import may_sort
from tenor.views import address
from tenor.web import create_app
from tenor.web.asked import query_of
from tenor.web.visit import SESSION_COOKIE
from tenor_sdk import Role
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.views import ListView
from tenor_test_support.statements import asking
from tests.lists.rows import making

FEW, MANY = 2, 25
#: tables of one row, which the database counts up by itself or the loader reads
ALONE = frozenset(("base_access_epoch", "base_custom_epoch", "base_generation"))
#: a restriction leaves each person their own, and rows made at random are somebody's
PRIVATE = frozenset((
    "base_held_notice", "base_list_choice", "base_mail", "base_notice", "base_notice_choice", "base_quiet_hours",
))  # fmt: skip
#: grow with the business: a page's ids are found in an index first, then its rows alone are read
LARGE = frozenset(("customers_customer", "loans_loan", "origination_application"))
#: has a page of its own, to which its list leads on
ELSEWHERE = "base_ledger_entry"
WHO = "reader.of.all"

Lists = list[tuple[str, ListView]]


@pytest.fixture
def filled(institution: Kernel) -> Kernel:
    """An institution with all plugins, more than a page of every record, and somebody with all roles."""
    roles = [role.key for role in institution.declarations.of(Role)]
    make_user(institution, WHO, roles=roles)
    owner = actor_of(institution, WHO)
    listed = {view.record for _where, view in lists_of(institution)}
    with making(institution, owner) as maker:
        for record in institution.declarations.records:
            if record in listed:
                maker.make(record, MANY + 1)
    return institution


def lists_of(kernel: Kernel) -> Lists:
    """Every list that somebody may open, by its address; what no role reads at all has none."""
    with as_actor(kernel, WHO, write=False) as ctx:
        return [
            (f"{address(record)}?view={key}", view)
            for record, views in kernel.views.lists.items()
            if ctx.may(record, "read") and record.__tablename__ not in ALONE
            for key, view in views.items()
        ]


class Counter:
    """The statements since it was looked at last."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    def take(self) -> list[str]:
        found = self.asked[:]
        self.asked.clear()
        return found


@contextmanager
def counting(kernel: Kernel) -> Iterator[Counter]:
    with asking(kernel.db.reader, kernel.db.writer) as asked:
        yield Counter(asked)


def signed_in(kernel: Kernel) -> FlaskClient:
    client = create_app(kernel).test_client()
    client.set_cookie(SESSION_COOKIE, kernel.identity._open(WHO, ""), domain="localhost")
    return client


def test_a_page_of_any_list_asks_as_often_for_many_rows_as_for_few(
    filled: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, found = signed_in(filled), {}
    monkeypatch.setattr(filled, "report", lambda error, number="": (_ for _ in ()).throw(error))
    with counting(filled) as counter:
        for where, view in lists_of(filled):
            counts = []
            for size in (FEW, MANY):
                monkeypatch.setattr("tenor.web.lists.query_of", partial(query_of, size=size))
                client.get(where)  # what is kept from one request to the next is there
                counter.take()
                answer = client.get(where)
                assert (view.record.__tablename__ == ELSEWHERE) == (answer.status_code == 303), (
                    where
                )
                counts.append((answer.status_code, len(counter.take())))
            found[where] = counts
    assert len(found) > 40
    assert {where: counts for where, counts in found.items() if counts[0] != counts[1]} == {}
    assert {
        where: counts for where, counts in found.items() if counts[0][0] not in (200, 303)
    } == {}


def test_the_lists_that_grow_find_the_ids_of_a_page_in_an_index(filled: Kernel) -> None:
    found = set()
    with counting(filled) as counter:
        for _where, view in lists_of(filled):
            table = view.record.__tablename__
            if table in LARGE:
                ctx: Any
                with as_actor(filled, WHO, write=False) as ctx:
                    counter.take()
                    ctx.kernel.records.page(ctx, view, PageQuery(size=FEW, count=False))
                    asked = [each for each in counter.take() if f"FROM {table}" in each]
                # the ids of the page and its rows are as many
                assert asked[0].count("LIMIT ?") == 2, (table, view.title)
                found.add(table)
    assert found == LARGE


def test_every_list_has_rows_to_be_tried_with(filled: Kernel) -> None:
    few = {}
    for where, view in lists_of(filled):
        with as_actor(filled, WHO, write=False) as ctx:
            count = page(ctx, replace_where(view), PageQuery()).count
            if count < MANY and view.record.__tablename__ not in PRIVATE:
                few[where] = count
    assert few == {}


def test_every_column_that_is_offered_sorts_both_ways_and_pages_on(filled: Kernel) -> None:
    with counting(filled) as counter:
        for where, view in lists_of(filled):
            ctx: Any
            with as_actor(filled, WHO, write=False) as ctx:
                columns = [
                    each for each in page(ctx, view, PageQuery()).columns if may_sort(ctx, each)
                ]
                for column in columns:
                    for sort in (column.key, f"-{column.key}"):
                        _sorts(ctx, view, column, sort, counter, where)


def _sorts(
    ctx: Any, view: ListView, column: PageColumn, sort: str, counter: Counter, where: str
) -> None:
    counter.take()
    many = page(ctx, view, PageQuery(sort=sort, size=MANY))
    asked = len(counter.take())
    few = page(ctx, view, PageQuery(sort=sort, size=FEW))
    assert (asked, many.sort) == (len(counter.take()), sort), (where, sort)
    if few.following:  # a condition of the list's own may leave less
        following = page(ctx, view, PageQuery(sort=sort, size=FEW, cursor=few.following))
        assert {one.id for one in few.records}.isdisjoint({one.id for one in following.records})
        back = page(ctx, view, PageQuery(sort=sort, size=FEW, cursor=following.preceding))
        assert [one.id for one in back.records] == [one.id for one in few.records], (where, sort)


def test_every_filter_answers_with_what_it_counts(filled: Kernel) -> None:
    for where, view in lists_of(filled):
        ctx: Any
        with as_actor(filled, WHO, write=False) as ctx:
            counter = Counted(ctx, view, PageQuery())
            together = counter.by([attribute.key for attribute in view.filters], 3)
            for attribute in view.filters:
                facet = counter.one(attribute.key, 3)
                assert together[attribute.key] == facet, (where, attribute.key)
                for value, count in facet:
                    if value is None:
                        asked = PageQuery(filter=f"{attribute.key} = empty")
                    else:
                        asked = PageQuery(filters={attribute.key: [_raw(value)]})
                    assert page(ctx, view, asked).count == count, (where, attribute.key, value)


def test_every_column_can_be_filtered_by_where_it_can_be_sorted_by(filled: Kernel) -> None:
    for where, view in lists_of(filled):
        ctx: Any
        with as_actor(filled, WHO, write=False) as ctx:
            whole = page(ctx, view, PageQuery())
            for column in whole.columns:
                if not may_sort(ctx, column):
                    continue
                empty = f"{column.key} = empty"
                assert parse(empty) is not None
                none = page(ctx, view, PageQuery(filter=empty)).count
                some = page(ctx, view, PageQuery(filter=f"not {empty}")).count
                assert none + some == whole.count, (where, column.key)


def page(ctx: Any, view: ListView, query: PageQuery) -> Page:
    found: Page = ctx.kernel.records.page(ctx, view, replace(query, archived=True))
    return found


def replace_where(view: ListView) -> ListView:
    """The list without a condition of its own, which rows made at random needn't fulfil."""
    return ListView(view.record, view.columns)


def _raw(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(getattr(value, "value", value))
