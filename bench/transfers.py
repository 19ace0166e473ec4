"""A hundred thousand customers taken in from a file, and taken out as one: how long, and in how much memory."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.figures import ROOT, Figure
from bench.installing import installed
from bench.over_http.data import COLUMNS, customers

if TYPE_CHECKING:
    from tenor.kernel import Kernel

ROWS: Final = 100_000
WHO: Final = "lin.xiaowen"
#: seconds at most for all rows: 8,000 and 6,000 rows a second in, 100,000 out
_IN: Final = {"PostgreSQL": ROWS / 8000, "SQLite": ROWS / 6000}
_OUT: Final = {"PostgreSQL": ROWS / 100_000, "SQLite": None}
#: megabytes by which memory may grow
_GROWS_IN: Final = 50
_GROWS_OUT: Final = 15
#: rows that another system takes in, validated and on record, a second of one core's CPU
_PEER_IN: Final = {"PostgreSQL": 1e6 / 318.3, "SQLite": 1e6 / 355.4}


def figures() -> Iterator[Figure]:
    """Seconds and megabytes of processes that do nothing else; the way in first, then the ways out."""
    from tenor_test_support.postgres import running

    with tempfile.TemporaryDirectory() as folder, installed("book", Path(folder)):
        file = Path(folder) / "customers.csv"
        _write(file)
        yield from _of(f"sqlite:///{folder}/book.db", Path(folder), "SQLite", file)
        with running() as server, server.database() as database:
            yield from _of(database.url, Path(folder) / "pg", "PostgreSQL", file)


def _write(file: Path) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for each in customers():
            told = {**each, "income": f"{each['income'] // 100}.{each['income'] % 100:02d}"}
            writer.writerow([told[name] for name in COLUMNS])


def _of(url: str, folder: Path, name: str, file: Path) -> Iterator[Figure]:
    from tenor.testing.institution import build

    folder.mkdir(exist_ok=True)
    build(url, ["book"], folder)
    work = f"{name}: import {ROWS:,} rows, validated, on record"
    yield from _told(
        work, _apart("in", url, folder, file), _IN[name], _GROWS_IN, _PEER_IN.get(name)
    )
    for way in ("list-csv", "csv", "xlsx"):
        work = f"{name}: export {ROWS:,} rows under the row rule, {way}"
        bar = _OUT[name] if way == "list-csv" else None
        yield from _told(work, _apart(way, url, folder, file), bar, _GROWS_OUT, None)


def _told(
    work: str, measured: Sequence[float], bar: float | None, grows: float, peer: float | None
) -> Iterator[Figure]:
    """CPU, of the process and of the database's that serves it, before wall time: on a shared machine it is what others
    disturb least."""
    wall, cpu, grown = measured
    yield Figure(part=3, work=f"{work}, CPU", value=cpu, unit="s", bar=bar)
    if peer is not None:
        yield Figure(part=3, work=f"{work}, CPU", value=cpu, unit="s", peer=ROWS / peer, bar=1)
    yield Figure(part=3, work=work, value=wall, unit="s")
    yield Figure(part=3, work=f"{work}, memory grows by", value=grown, unit="MB", bar=grows)


def _apart(*words: object) -> Sequence[float]:
    told = subprocess.run(
        [sys.executable, "-m", "bench.transfers", *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    measured: Sequence[float] = json.loads(told.stdout.splitlines()[-1])
    return measured


def _megabytes() -> float:
    """The memory that this process holds at this moment."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class _Clock:
    """Wall time and CPU from here on.

    Args:
        kernel: whose connections to the database are served by processes of their own.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._wall, self._cpu, self._served = (
            time.perf_counter(),
            time.process_time(),
            self._serving(),
        )

    def taken(self) -> tuple[float, float]:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        # one that began meanwhile has done nothing else
        served = sum(
            after - self._served.get(process, 0.0) for process, after in self._serving().items()
        )
        return wall, cpu + served

    def _serving(self) -> dict[int, float]:
        from sqlalchemy import text

        if self._kernel.db.dialect != "postgresql":
            return {}
        asked = text("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")
        with self._kernel.db.raw(write=False) as connection:
            return {process: _cpu_of(process) for process in connection.execute(asked).scalars()}


def _cpu_of(process: int) -> float:
    told = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


class _Highest:
    """The most memory that was held while rows went by, above what was held before."""

    def __init__(self) -> None:
        self._before = self._most = _megabytes()

    def look(self, *_told: object) -> None:
        self._most = max(self._most, _megabytes())

    @property
    def grown(self) -> float:
        return self._most - self._before


def _taken_in(kernel: Kernel, file: Path) -> Sequence[float]:
    from tenor.loader.stage import actor_of

    actor = actor_of(kernel, WHO)
    record = kernel.records.find("book", "customer")
    with file.open("rb") as content:
        with kernel.context(actor, write=True) as ctx:
            entry = kernel.imports.propose(
                ctx, record, file.name, content, mapping={name: name for name in COLUMNS},
                matched_by=["code"],
            )  # fmt: skip
            kernel.imports.begin(ctx, entry, dry=False)
        highest, clock = _Highest(), _Clock(kernel)
        done = kernel.imports.go(actor, entry.id, file=content, told=highest.look)
        took = clock.taken()
    if (done.made, done.refused) != (ROWS, 0):
        raise AssertionError(f"{done.made} of {ROWS} taken in, {done.refused} refused")
    return *took, highest.grown


def _taken_out(kernel: Kernel, way: str) -> Sequence[float]:
    from tenor.loader.stage import actor_of

    # once for what is compiled and kept, as in a server that runs
    with kernel.context(actor_of(kernel, WHO), write=False) as ctx:
        _drained(_export(kernel, ctx, way, "code < C0000100"), _Highest())
    highest, clock = _Highest(), _Clock(kernel)
    with kernel.context(actor_of(kernel, WHO), write=False) as ctx:
        export = _export(kernel, ctx, way, "")
        _drained(export, highest)
    took = clock.taken()
    if export.given != ROWS:
        raise AssertionError(f"{export.given} of {ROWS} taken out")
    return *took, highest.grown


def _drained(export: Any, highest: _Highest) -> None:
    for _piece in export.content():
        highest.look()


def _export(kernel: Kernel, ctx: Any, way: str, filter: str) -> Any:
    from tenor.exports import Export, Rows, export_of
    from tenor.records import PageQuery
    from tenor.web.export import Words
    from tenor.web.show import Show

    record = kernel.records.find("book", "customer")
    if not way.startswith("list-"):
        return export_of(ctx, record, way, query=PageQuery(filter=filter))
    words = Words(ctx, Show(ctx, ctx.actor.language), record)
    view = kernel.views.list_view(record)
    rows = Rows(ctx, view, PageQuery(filter=filter), words.columns, for_people=True)
    return Export(ctx, rows, way.removeprefix("list-"), {})


def main(way: str, url: str, folder: str, file: str) -> None:
    """Do one of them, and say how long it took and by how much memory grew."""
    from tenor.testing.institution import start, stop

    with ExitStack() as opened:
        opened.enter_context(installed("book", Path(tempfile.mkdtemp())))
        kernel = start(url, ["book"], Path(folder))
        told = _taken_in(kernel, Path(file)) if way == "in" else _taken_out(kernel, way)
        stop(kernel)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
