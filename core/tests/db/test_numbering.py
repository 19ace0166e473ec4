"""Numbers are counted by the kernel alone, without gaps and without doubles."""

from __future__ import annotations

from contextlib import suppress
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tenor_guarded import Folder

from tenor.db import Unguarded

from .conftest import add_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenor.context import KernelContext

    from .conftest import House

GIVEN = "number of a record is the kernel's to give"


def _numbers(house: House) -> list[str]:
    table = Folder.__table__
    with house.kernel.db.raw(write=False) as connection:
        return list(connection.scalars(select(table.c.number).order_by(table.c.number)))


def _make(house: House, ctx: KernelContext) -> None:
    ctx.session.add(Folder(subject="made", unit_id=house.ann.unit_id))
    ctx.session.flush()


def _load(house: House, ctx: KernelContext, **values: object) -> None:
    row = {"subject": "loaded", "unit_id": house.ann.unit_id, "archived": False, **values}
    with house.kernel.access.procedure(ctx, "guarded", "load"):
        house.kernel.access.bulk.load(ctx, Folder, [row])


def _change(ctx: KernelContext) -> None:
    ctx.session.scalars(select(Folder)).one().number = "F-2026-0999"
    ctx.session.flush()


def _set(house: House, ctx: KernelContext) -> None:
    with house.kernel.access.procedure(ctx, "guarded", "set"):
        house.kernel.access.bulk.update_where(ctx, Folder, Folder.id > 0, {"number": "F-2026-0999"})


SAID: dict[str, Callable[[House, Any], object]] = {
    "with a new record": lambda house, ctx: (
        ctx.session.add(Folder(subject="x", unit_id=house.ann.unit_id, number="F-2026-0002")),
        ctx.session.flush(),
    ),
    "with rows": lambda house, ctx: _load(house, ctx, number="F-2026-0002"),
    "of a record that is there": lambda house, ctx: _change(ctx),
    "of all that are there": _set,
}


@pytest.mark.parametrize("name", SAID)
def test_nobody_says_a_number(house: House, name: str) -> None:
    """One that is said is one at which the count would stop for good, or by which a paper is known outside."""
    add_folder(house, house.ann, "first")
    with pytest.raises(Unguarded, match=GIVEN), house.as_(house.ann) as ctx:
        SAID[name](house, ctx)
    with house.as_(house.ann) as ctx:
        _make(house, ctx)
    assert _numbers(house) == ["F-2026-0001", "F-2026-0002"]


def test_many_at_once_are_numbered_without_gaps_and_without_doubles(house: House) -> None:
    """Some alone, some together, and every third is undone."""
    start = Barrier(6)

    def work(place: int) -> None:
        start.wait()
        for turn in range(4):
            with suppress(ZeroDivisionError), house.as_(house.ann) as ctx:
                (_load if place % 2 else _make)(house, ctx)
                if (place + turn) % 3 == 0:
                    raise ZeroDivisionError

    threads = [Thread(target=work, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = _numbers(house)
    assert numbers == [f"F-2026-{n:04d}" for n in range(1, len(numbers) + 1)]
    assert len(numbers) == sum((place + turn) % 3 != 0 for place in range(6) for turn in range(4))
