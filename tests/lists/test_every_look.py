"""Every other way to look at a list that any plugin declares: it answers, asks as often for many rows as for few, and
what it says of its parts comes to what the list has."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.views.looks import looks_of
from tenor_sdk import Role
from tenor_sdk.looks import ChartView, PivotView
from tenor_sdk.testing import make_user
from tests.lists.rows import making
from tests.lists.test_every_list import FEW, MANY, WHO, counting, lists_of, signed_in

_FIGURE = re.compile(r"(?s)<td[^>]*data-v=\"([\d.]+)\"")


@pytest.fixture
def reader(institution: Kernel) -> Kernel:
    """An institution with all plugins, and somebody with all roles."""
    make_user(institution, WHO, roles=[role.key for role in institution.declarations.of(Role)])
    return institution


def make(kernel: Kernel, count: int, *, after: int = 0) -> None:
    """Rows of every record that is looked at otherwise than as a list.

    Args:
        after: numbers that rows have already.
    """
    with making(kernel, actor_of(kernel, WHO)) as maker:
        maker.count = itertools.count(after + 1)
        for record in {view.record for _where, view in lists_of(kernel) if view.looks}:
            maker.make(record, count)


def ways(kernel: Kernel) -> list[tuple[str, Any, Any]]:
    """The address of every way, its list and what is declared."""
    return [
        (f"{where}&look={name}", view, look)
        for where, view in lists_of(kernel)
        for name, look in looks_of(view).items()
    ]


def test_every_look_asks_as_often_for_many_rows_as_for_few(
    reader: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "report", lambda error, number="": (_ for _ in ()).throw(error))
    client = signed_in(reader)
    found: dict[str, list[tuple[int, int]]] = {}
    with counting(reader) as counter:
        for count in (FEW, MANY):
            make(reader, count, after=100_000 * (count == MANY))
            for where, _view, _look in ways(reader):
                client.get(where)  # what is kept from one request to the next is there
                counter.take()
                answer = client.get(where)
                found.setdefault(where, []).append((answer.status_code, len(counter.take())))
    assert len(found) > 8
    assert {where: counts for where, counts in found.items() if counts[0] != counts[1]} == {}
    assert {counts[0][0] for counts in found.values()} == {200}


def test_the_parts_of_every_chart_and_pivot_that_count_come_to_what_the_list_has(
    reader: Kernel,
) -> None:
    make(reader, MANY)
    client, wrong, tried = signed_in(reader), {}, 0
    for where, _view, look in ways(reader):
        listed, _at, name = where.rpartition("&look=")
        if not re.search(rf"look={name}[&\"]", client.get(listed).text):
            continue  # it rests on what is masked for everybody
        if isinstance(look, ChartView) and look.sum is None:
            told = [int(figure) for figure in _FIGURE.findall(client.get(where).text)]
        elif isinstance(look, PivotView):
            keys = re.findall(r"look_by=([^&\"]+?)%2Ccount", client.get(where).text)
            page = client.get(f"{where}&look_by={keys[0]},count" if keys else where).text
            told = [int(each) for each in re.findall(r"is-shade-\d\"><a [^>]+>([\d,]+)</a>", page)]
        else:
            continue
        tried += 1
        whole = re.search(r"(\d+) 条，", client.get(where).text.partition("t-main")[2])
        assert whole, where
        if sum(told) != int(whole[1]):
            wrong[where] = (told, whole[1])
    assert tried > 3
    assert wrong == {}
