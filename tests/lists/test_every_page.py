"""The page and the form of every record that has one: as many statements where much belongs to it as where little
does."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.views import address
from tenor_sdk import Role
from tenor_sdk.testing import make_user
from tests.lists.rows import making
from tests.lists.test_every_list import WHO, counting, lists_of, signed_in

#: rows of everything: beyond some tens a form offers a search in place of all that there is, a statement more
FEW, MANY = 3, 60
STEP = 1
_TAB = re.compile(r'class="t-tab" href="([^"]*\?tab=\d+)"')

#: status and statements of a page, by its address without the id
Found = dict[str, list[tuple[int, int]]]


def make(kernel: Kernel, kinds: list[Any], count: int) -> dict[Any, int]:
    """Rows of every kind; the last of each, to which the others link."""
    with making(kernel, actor_of(kernel, WHO)) as maker:
        maker.count = itertools.count(100_000 * (FEW, MANY).index(count) + 1)
        for kind in kinds:
            maker.make(kind, count)
        last = {kind: select(func.max(kind.__table__.c.id)) for kind in kinds}
        return {kind: int(maker.connection.scalar(asked) or 0) for kind, asked in last.items()}


def test_a_page_and_a_form_ask_as_often_where_much_belongs_to_it_as_where_little_does(
    institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(institution, WHO, roles=[role.key for role in institution.declarations.of(Role)])
    # of rows made at random a plugin may not make anything: its panel says so
    monkeypatch.setattr(institution, "report", lambda error, number="": None)
    listed = {view.record for _where, view in lists_of(institution)}
    kinds = [kind for kind in institution.declarations.records if kind in listed]
    client = signed_in(institution)
    found: Found = {}
    with counting(institution) as counter:
        for count in (FEW, MANY):
            for kind, identity in make(institution, kinds, count).items():
                one = address(kind, identity)
                tabs = _TAB.findall(client.get(one).text)
                for path in (one, *tabs, f"{one}/edit"):
                    client.get(path)  # what is kept from one request to the next is there
                    counter.take()
                    answer = client.get(path)
                    where = path.replace(f"/{identity}", "")
                    found.setdefault(where, []).append((answer.status_code, len(counter.take())))
    shown = {where: counts for where, counts in found.items() if counts[0][0] == 200}
    assert len(shown) > 80
    apart = {where: [asked for _status, asked in counts] for where, counts in shown.items()}
    assert {at: some for at, some in apart.items() if max(some) - min(some) > STEP} == {}
