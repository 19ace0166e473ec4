"""Each cell of the access matrix through the pages: what is refused elsewhere has neither page nor button there."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
from flask.testing import FlaskClient

from tenor.kernel import Kernel
from tenor.views.merge import has_page
from tests.access.cells import MATRIX, PEOPLE, Holder, Seen, kind_of, scopes_of

#: their list is a page of its own, reached by another address
ELSEWHERE: Final = frozenset(("base.ledger-entry",))
#: nothing is granted on them: they are read as far as what they belong to
AS_THEIR_PARENT: Final = frozenset(("customers.financial-statement",))
REFUSED: Final = (403, 404)
CELLS: Final = [
    (record, position)
    for record in MATRIX
    for position in PEOPLE
    if record not in ELSEWHERE | AS_THEIR_PARENT
]


@dataclass(frozen=True)
class Cell:
    """What stands in one, and its person at their browser."""

    seen: Seen
    record: str
    position: str
    client: FlaskClient

    @property
    def path(self) -> str:
        return f"/{self.seen.record.__plugin__}/{self.seen.record.slug()}"

    def granted(self, letter: str) -> bool:
        return bool(scopes_of(self.record, self.position, letter))

    def rows(self, letter: str) -> set[int]:
        """The rows that the cell gives for a verb, all others left out."""
        return self.seen.plain(scopes_of(self.record, self.position, letter))

    @property
    def outside(self) -> set[int]:
        return self.seen.ids - self.rows("R")

    def status(self, rest: str = "") -> int:
        return self.client.get(f"{self.path}{rest}").status_code

    def text(self, rest: str = "") -> str:
        answer = self.client.get(f"{self.path}{rest}")
        assert answer.status_code == 200, (rest, answer.status_code)
        return answer.text


@pytest.fixture
def cell(
    bank: Kernel,
    browser: Callable[[str], FlaskClient],
    holders: Mapping[str, Holder],
    record: str,
    position: str,
) -> Cell:
    seen = Seen(bank, holders[position].actor, kind_of(bank, record), position)
    return Cell(seen, record, position, browser(PEOPLE[position]))


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_pages_show_and_offer_what_stands_in_the_cell(cell: Cell) -> None:
    if not cell.granted("R") or not has_page(cell.seen.record):
        _nothing_is_there(cell)
        return
    _list(cell)
    _one_of_it(cell)
    _outside(cell)


def _nothing_is_there(cell: Cell) -> None:
    any_row = next(iter(cell.seen.ids), 1)
    for rest in ("", "/new", "/export", f"/{any_row}", f"/{any_row}/edit", f"/{any_row}/delete"):
        assert cell.status(rest) == 404, rest


def _list(cell: Cell) -> None:
    page = cell.text()
    assert (f'href="{cell.path}/new' in page) == (cell.status("/new") == 200)
    if not cell.granted("C"):
        assert cell.status("/new") == 403
    offered = cell.granted("E") and bool(cell.rows("R"))
    assert (f"{cell.path}/export" in page) == offered
    if cell.granted("E"):
        taken = list(csv.reader(io.StringIO(cell.text("/export").removeprefix("\ufeff"))))
        assert len(taken) - 1 == len(cell.rows("E") & cell.rows("R"))
    else:
        assert cell.status("/export") == 403


def _one_of_it(cell: Cell) -> None:
    """Of the rows that are seen one that may be changed, and one that may not; one for removing in the same way."""
    changing, removing = cell.rows("U"), cell.rows("D")
    for one in _each_way(cell.rows("R"), changing, removing):
        page = cell.text(f"/{one}")
        opened = cell.status(f"/{one}/edit")
        assert (f'href="{cell.path}/{one}/edit"' in page) <= (opened == 200)
        assert opened in ((200, 422, 403) if one in changing else REFUSED)
        if one not in changing:
            assert f'href="{cell.path}/{one}/edit"' not in page
        if one not in removing:
            assert f'href="{cell.path}/{one}/delete"' not in page
            assert cell.status(f"/{one}/delete") in REFUSED


def _each_way(read: set[int], *others: set[int]) -> set[int]:
    ways: dict[tuple[bool, ...], int] = {}
    for one in sorted(read):
        ways.setdefault(tuple(one in other for other in others), one)
    return set(ways.values())


def _outside(cell: Cell) -> None:
    for one in sorted(cell.outside)[:1]:
        for rest in ("", "/edit", "/delete", "/why", "/buttons"):
            assert cell.status(f"/{one}{rest}") == 404, rest
