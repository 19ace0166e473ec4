"""What the guard itself costs: a guarded statement, less the same one through a plain session, on the same rows."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.figures import Figure
from bench.installing import installed

ROUNDS: Final = 7
STATEMENTS: Final = 400


def figures() -> Iterator[Figure]:
    """Milliseconds of CPU a statement, beyond a plain session's."""
    with tempfile.TemporaryDirectory() as folder, installed("wide", Path(folder)):
        yield _measured(Path(folder))


def _measured(folder: Path) -> Figure:
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from tenor.loader.stage import actor_of
    from tenor.testing.institution import build, start

    url = f"sqlite:///{folder}/wide.db"
    build(url, ["wide"], folder)
    kernel = start(url, ["wide"], folder)
    records: Any = importlib.import_module("tenor_wide.records").RECORDS
    actor = actor_of(kernel, "lin.xiaowen")
    chosen = records[77]

    def statement() -> Any:
        return select(chosen).where(chosen.name == "x").limit(5)

    guarded, plain = [], []
    for _round in range(ROUNDS):
        with kernel.context(actor, write=False) as ctx:
            guarded.append(_each(lambda: ctx.session.scalars(statement()).all()))
        with kernel.db.raw(write=False) as connection, Session(connection) as session:
            plain.append(_each(lambda: session.scalars(statement()).all()))
    own = (median(guarded) - median(plain)) * 1e3
    kernel.db.dispose()
    return Figure(
        part=2,
        work=f"the guard's own, {len(records)} kinds of records, CPU",
        value=own,
        unit="ms",
        bar=0.3,
        runs=ROUNDS,
    )


def _each(ask: Callable[[], object]) -> float:
    for _warm in range(20):
        ask()
    begun = time.process_time()
    for _again in range(STATEMENTS):
        ask()
    return (time.process_time() - begun) / STATEMENTS
