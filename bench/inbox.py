"""The inbox of one person with 10,000 open tasks among 1,000,000, against the one statement that finds such a page."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.figures import Figure

ROUNDS: Final = 7
PAGES: Final = 5
#: how many tasks there are, and how many of them are the person's; smaller for a try
ALL: Final = int(os.environ.get("TENOR_BENCH_TASKS", "1000000"))
OWN: Final = ALL // 100
_CHUNK: Final = 10_000


def figures() -> Iterator[Figure]:
    """Milliseconds a page of fifty."""
    with tempfile.TemporaryDirectory() as folder:
        yield _measured(Path(folder))


def _measured(folder: Path) -> Figure:
    from tenor.loader.stage import actor_of
    from tenor.testing.institution import build, start

    url = f"sqlite:///{folder}/inbox.db"
    build(url, ["errands"], folder)
    kernel = start(url, ["errands"], folder)
    actor = actor_of(kernel, "lin.xiaowen")
    _fill(kernel, actor.id)
    ours, bare = [], []
    for _round in range(ROUNDS):
        ours.append(_each(lambda: _page(kernel, actor)))
        bare.append(_each(lambda: _by_hand(kernel, actor)))
    kernel.db.dispose()
    return Figure(
        part=4,
        work=f"inbox of a person with {OWN:,} tasks among {ALL:,}",
        value=median(ours) * 1e3,
        bare=median(bare) * 1e3,
        unit="ms",
        bar=1.5,
        runs=ROUNDS,
    )


def _page(kernel: Any, actor: Any) -> None:
    with kernel.context(actor, write=False) as ctx:
        assert len(kernel.workflow.desk.page(ctx, size=50).tasks) == 50


def _by_hand(kernel: Any, actor: Any) -> None:
    """The tasks of a person and of their groups, with the name of what each is about."""
    from sqlalchemy import and_, or_, select

    from tenor.workflow.records import Task
    from tenor_errands.records import Errand

    waiting = and_(Task.assignee_id.is_(None), Task.position.in_(actor.positions))
    statement = (
        select(Task.__table__, Errand.__table__.c.subject)
        .join(Errand.__table__, Errand.id == Task.record_id)
        .where(Task.state == "open", or_(Task.assignee_id == actor.id, waiting))
        .order_by(Task.priority.desc(), Task.due_at.is_(None), Task.due_at, Task.id)
        .limit(51)
    )
    with kernel.db.raw(write=False) as connection:
        assert len(connection.execute(statement).mappings().all()) == 51


def _fill(kernel: Any, own: int) -> None:
    """Open tasks on a few thousand errands, one in a hundred the person's."""
    from sqlalchemy import insert, select

    from tenor.workflow.records import Task
    from tenor_sdk.testing import as_actor

    with as_actor(kernel, "lin.xiaowen") as ctx:
        from tenor_errands.records import Errand

        made = [
            Errand(subject=f"errand {n}", owner_id=own, unit_id=ctx.actor.unit_id)
            for n in range(2000)
        ]
        ctx.session.add_all(made)
    with kernel.db.raw() as connection:
        first = connection.execute(select(Task.__table__).limit(1)).mappings().one()
        given = {key: value for key, value in first.items() if key != "id"}
        records = connection.execute(select(Task.__table__.c.record_id)).scalars().all()
    for start in range(0, ALL, _CHUNK):
        rows = [
            {
                **given,
                "assignee_id": own if n % 100 == 0 else None,
                "position": "" if n % 100 == 0 else "risk-officer",
                "record_id": records[n % len(records)],
                "priority": n % 3,
            }
            for n in range(start, start + _CHUNK)
        ]
        with kernel.db.raw() as connection:
            connection.execute(insert(Task.__table__), rows)


def _each(ask: Callable[[], object]) -> float:
    ask()
    begun = time.perf_counter()
    for _again in range(PAGES):
        ask()
    return (time.perf_counter() - begun) / PAGES
