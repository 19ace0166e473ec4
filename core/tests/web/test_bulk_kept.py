"""How long changes of many are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from core.tests.web.test_bulk import LIST
from core.tests.web.test_bulk_jobs import Boxes, begun, boxes, lin
from tenor.events.rows import table_of
from tenor.jobs.records import DONE, LEASED, PARKED, Job
from tenor.kernel import Kernel
from tenor.views.bulk import AT_ONCE, Change
from tenor.views.bulk_journal import KEPT
from tenor.views.jobs import forget_changes
from tenor.views.records import STOPPED, BulkChange, BulkRow

__all__ = ["boxes", "lin"]
pytestmark = pytest.mark.both_databases
_changes, _jobs = table_of(BulkChange), table_of(Job)


@pytest.fixture
def kept(institution: Kernel, boxes: Boxes) -> list[int]:
    """The numbers of four changes: two few enough to be over, two whose jobs wait."""
    few, many = boxes(2), boxes(AT_ONCE + 1)
    note = Change("field", "remark", {"remark": "of somebody"})
    return [begun(institution, ids, note) for ids in (few, few, many, many)]


def age(institution: Kernel, numbers: list[int], by: timedelta = KEPT) -> None:
    """Have changes not have moved for so long."""
    old = update(_changes).where(_changes.c.id.in_(numbers))
    with institution.db.raw() as connection:
        connection.execute(old.values(changed_at=institution.clock.now() - by))


def prune(institution: Kernel) -> list[int]:
    """Forget what is old; the numbers that are left."""
    with institution.context(institution.access.system_actor(), write=True) as ctx:
        forget_changes(ctx)
    with institution.db.raw(write=False) as connection:
        left = list(connection.scalars(select(_changes.c.id).order_by(_changes.c.id)))
        of = set(connection.scalars(select(table_of(BulkRow).c.change_id)))
    assert of <= set(left)
    return left


def test_one_that_is_over_is_kept_for_ninety_days(
    institution: Kernel, kept: list[int], lin: Any
) -> None:
    age(institution, kept[:1])
    age(institution, kept[1:2], KEPT - timedelta(seconds=1))
    assert prune(institution) == kept[1:]
    lin.get(f"{LIST}/bulk/{kept[0]}", 404)
    lin.get(f"{LIST}/bulk/{kept[1]}")


def test_one_that_stands_goes_and_one_whose_job_is_on_its_way_stays(
    institution: Kernel, kept: list[int]
) -> None:
    stopped = update(_changes).where(_changes.c.id == kept[2]).values(state=STOPPED)
    with institution.db.raw() as connection:
        connection.execute(stopped)
    age(institution, kept)
    assert prune(institution) == [kept[3]]


@pytest.mark.parametrize(("state", "stays"), [(LEASED, True), (PARKED, False), (DONE, False)])
def test_one_whose_job_is_no_longer_on_its_way_goes(
    institution: Kernel, kept: list[int], state: str, stays: bool
) -> None:
    with institution.db.raw() as connection:
        connection.execute(update(_jobs).values(state=state))
    age(institution, kept)
    assert prune(institution) == (kept[2:] if stays else [])


def test_it_is_done_every_night(institution: Kernel) -> None:
    kind = institution.jobs.kinds.named("base.forget_changes")
    assert kind is not None
    assert kind.schedule is not None
