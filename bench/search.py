"""Search among a million records under row rules, on both databases: rare words, common ones, sounds, numbers."""

from __future__ import annotations

import importlib
import os
import random
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bench.figures import Figure
from bench.installing import installed

if TYPE_CHECKING:
    from tenor.kernel import Kernel

#: rows, of which a hundredth is of the unit of whoever searches
ROWS: Final = int(os.environ.get("TENOR_BENCH_ROWS", "1000000"))
UNITS: Final = 100
ROUNDS: Final = 10
_CHUNK: Final = 10_000
BAR: Final = 100.0

PLACES: Final = (
    "北京 上海 广州 深圳 重庆 成都 武汉 西安 南京 杭州 苏州 青岛 大连 宁波 厦门 长沙".split()
)
TRADES: Final = (
    "水泥 钢铁 纺织 化工 电子 医药 物流 建材 食品 机械 能源 农业 船舶 矿业 环保 航空".split()
)
SYLLABLES: Final = (
    "泽远海岳明德宏图金泰永昌瑞丰华盛天成博雅信达恒通广源立新正和安康兴隆嘉禾润泽东方"
)
#: from what nobody is called to what half of all are called, as people type them
TYPED: Final = (
    "泽远", "泽远水泥", "zysn", "zeyuan", "水泥", "上海", "有限公司", "公司", "有限", "shgs", "sh", "cq", "重庆 航空",
    "91310000", "000777", "某某", "航空有限", "明德宏图",
)  # fmt: skip


def figures() -> Iterator[Figure]:
    """The 95th percentile of one search, in milliseconds."""
    from tenor_test_support.postgres import running

    with tempfile.TemporaryDirectory() as folder, installed("crowd", Path(folder)):
        yield from _of(f"sqlite:///{folder}/crowd.db", Path(folder), "SQLite")
        with running() as server, server.database() as database:
            yield from _of(database.url, Path(folder) / "pg", "PostgreSQL")


def _of(url: str, folder: Path, name: str) -> Iterator[Figure]:
    from tenor.testing.institution import build, make_user, start, stop

    folder.mkdir(exist_ok=True)
    build(url, ["crowd"], folder)
    kernel = start(url, ["crowd"], folder)
    began = time.perf_counter()
    _fill(kernel)
    took = time.perf_counter() - began
    yield Figure(part=3, work=f"{name}: keys of {ROWS:,} records", value=took, unit="s")
    for login, role in (("one", "crowd-of-a-unit"), ("all", "crowd-of-all-units")):
        make_user(kernel, login, unit="U7", roles=[f"crowd.{role}"])
        yield from _measured(kernel, login, name)
    stop(kernel)


def _company() -> Any:
    """The record that is searched; its plugin is on the path of the benchmark alone."""
    return importlib.import_module("tenor_crowd.records").Company


def _fill(kernel: Kernel) -> None:
    """Rows by hand, as fast as the database takes them; their keys as a rebuild makes them."""
    from sqlalchemy import insert, text

    from tenor.base.services import add_unit
    from tenor.testing.institution import as_actor

    with as_actor(kernel, "system") as ctx:
        units = [add_unit(ctx, f"U{n}", f"Branch {n}", "HQ") for n in range(UNITS)]
    dice, table = random.Random(7), _company().__table__  # noqa: S311 -- names, no secrets
    now = kernel.clock.now()
    stamps = {"version": 1, "created_at": now, "changed_at": now}
    for start in range(0, ROWS, _CHUNK):
        rows = [
            {"unit_id": dice.choice(units), "owner_id": None, **_called(dice, n), **stamps}
            for n in range(start, min(start + _CHUNK, ROWS))
        ]
        with kernel.db.raw() as connection:
            connection.execute(insert(table), rows)
    kernel.search.keeping.rebuild(kernel.search.kinds[_company()])
    with kernel.db.raw() as connection:
        connection.execute(text("ANALYZE"))


def _called(dice: random.Random, number: int) -> Mapping[str, str]:
    own = "".join(dice.choice(SYLLABLES) for _ in range(dice.choice((2, 2, 3, 4))))
    kind = dice.choice(("有限公司", "有限责任公司", "股份有限公司", "集团", "厂"))
    name = f"{dice.choice(PLACES)}{own}{dice.choice(TRADES)}{kind}"
    return {"name": name, "code": f"9131{number:06d}MA1K"}


def _measured(kernel: Kernel, login: str, name: str) -> Iterator[Figure]:
    from tenor.loader.stage import actor_of

    actor = actor_of(kernel, login)
    times: list[float] = []
    for round_ in range(ROUNDS + 1):
        for typed in TYPED:
            took = _search(kernel, actor, typed)
            if round_:
                times.append(took)
            elif os.environ.get("TENOR_BENCH_WORDS"):
                print(f"  {name} {login} {typed} {took:.1f} ms")
    yield Figure(
        part=3,
        work=f"{name}: search of whoever sees {'a unit' if login == 'one' else 'all'}, p95",
        value=_p95(times),
        unit="ms",
        bar=BAR,
        runs=len(times),
    )


def _search(kernel: Kernel, actor: Any, typed: str) -> float:
    company = _company()
    began = time.perf_counter()
    with kernel.context(actor, write=False) as ctx:
        kernel.search.find(ctx, company, typed, 5)
    return (time.perf_counter() - began) * 1e3


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]
