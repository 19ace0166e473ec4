"""A fault in one row of a change of many costs that row alone, and two who change the same ones wait in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from core.tests.web.test_bulk import LIN, LIST, archived, post
from core.tests.web.test_bulk_jobs import begun, boxes, entry, refusals
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.views.bulk import AT_ONCE, Bulk, Change
from tenor_sdk.testing import run_jobs

__all__ = ["boxes"]
pytestmark = pytest.mark.both_databases

PATH = f"{LIST}/bulk/archive"
AWAY = Change("archive")
Boxes = Callable[..., list[int]]
Reported = list[BaseException]


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


@pytest.fixture
def reported(institution: Kernel, monkeypatch: pytest.MonkeyPatch) -> Reported:
    """What goes into the log as a fault."""
    found: Reported = []
    monkeypatch.setattr(institution, "report", lambda error, _number="": found.append(error))
    return found


def _break(monkeypatch: pytest.MonkeyPatch, *ids: int) -> None:
    """Have the rules of a kind of record fail with a fault in these."""
    from tenor_vault.records import Box

    def check(box: Box) -> None:
        if box.id in ids:
            raise ZeroDivisionError("a rule that divides")

    monkeypatch.setattr(Box, "check", check, raising=False)


def test_a_fault_in_one_row_stops_no_other_in_a_preview(
    app: Any, lin: Any, boxes: Boxes, reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = boxes(3)
    _break(monkeypatch, second)
    preview = post(lin, PATH, ids=[first, second, third])
    assert "系统内部出错，此条未作更改" in preview
    assert [type(each) for each in reported] == [ZeroDivisionError]


def test_nor_in_the_deed(
    institution: Kernel, boxes: Boxes, reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = boxes(3)
    _break(monkeypatch, second)
    number = begun(institution, [first, second, third])
    assert archived(institution) == [first, third]
    assert "系统内部出错" in refusals(institution, number)[second]
    assert len(reported) == 1


def test_nor_in_a_job_which_goes_to_its_end(
    institution: Kernel, boxes: Boxes, reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = boxes(AT_ONCE + 1)
    _break(monkeypatch, ids[60])
    number = begun(institution, ids)
    run_jobs(institution)
    made = entry(institution, number)
    assert (made.state, made.changed) == ("done", AT_ONCE)
    assert list(refusals(institution, number)) == [ids[60]]


def test_rows_are_taken_by_their_ids_and_told_as_they_were_chosen(
    institution: Kernel, boxes: Boxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Box

    ids, taken, one = boxes(4), list[int](), Bulk._one

    def noted(self: Bulk, ctx: Any, record: Any, change: Change) -> None:
        taken.append(record.id)
        one(self, ctx, record, change)

    monkeypatch.setattr(Bulk, "_one", noted)
    with institution.context(actor_of(institution, LIN), write=True) as ctx:
        chosen = dict.fromkeys(reversed([*ids, ids[-1] + 1_000, ids[-1] + 2_000]))
        made = institution.views.bulk.run(ctx, Box, AWAY, chosen)
    assert taken == ids
    assert [identity for identity, _name, _error in made.refused] == [
        ids[-1] + 2_000,
        ids[-1] + 1_000,
    ]


def test_two_changes_of_the_same_rows_the_other_way_round_both_end(
    institution: Kernel, boxes: Boxes
) -> None:
    from tenor_vault.records import Box

    ids, together = boxes(40), Barrier(2)

    def change(how: str, order: Sequence[int]) -> int:
        actor = actor_of(institution, LIN)
        together.wait()
        with institution.context(actor, write=True) as ctx:
            return institution.views.bulk.run(ctx, Box, Change(how), dict.fromkeys(order)).changed

    with ThreadPoolExecutor(2) as pool:
        for how in ("archive", "restore") * 2:
            both = [pool.submit(change, how, order) for order in (ids, ids[::-1])]
            assert max(each.result() for each in both) == len(ids)
