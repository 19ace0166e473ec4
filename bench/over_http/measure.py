"""What requests cost: ours and the bare side, interleaved, CPU per request first."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from uuid import uuid4

from bench.figures import Figure
from bench.over_http.client import Client
from bench.over_http.data import MINE, TERMS, customer, mine
from bench.over_http.sides import Side, fill_bare, fill_ours, serving
from tenor_test_support.postgres import running

ROUNDS: Final = 5
REQUESTS: Final = 120
WARM: Final = 30

Work = Callable[[Client, Side, int], None]


@dataclass(frozen=True)
class Taken:
    """One round of one side: seconds of CPU and of wall a request."""

    cpu: float
    wall: float


@dataclass(frozen=True)
class Compared:
    """The medians of both sides."""

    work: str
    ours: Taken
    bare: Taken


def expect(answer: tuple[int, bytes, bytes], status: int) -> bytes:
    """The body of an answer that has to have this status."""
    assert answer[0] == status, (answer[0], answer[2][:500])
    return answer[2]


def _page(client: Client, side: Side, k: int) -> None:
    term = TERMS[k % len(TERMS)]
    path = (
        f"/api/v1/book/customer?filter=name+~+{term}&sort=name&count=false"
        if side.name == "ours"
        else f"/customers?q={term}"
    )
    assert expect(client.ask("GET", path), 200).count(b'"code"') == 50


def _path(side: Side, identity: int | str = "") -> str:
    base = "/api/v1/book/customer" if side.name == "ours" else "/customers"
    return f"{base}/{identity}" if identity else base


def _one(client: Client, side: Side, k: int) -> None:
    expect(client.ask("GET", _path(side, mine(k))), 200)


def _create(client: Client, side: Side, k: int) -> None:
    given: dict[str, Any] = customer(k)
    unit = MINE[k % len(MINE)]
    del given["unit"]
    given |= {
        "code": uuid4().hex,
        "birth_date": given["birth_date"].isoformat(),
        "opened_at": given["opened_at"].isoformat(),
    }
    if side.name == "ours":
        given |= {"unit_id": UNIT_OF[unit], "income": f"{given['income'] / 100:.2f}"}
    else:
        given |= {"unit_id": unit}
    expect(client.ask("POST", _path(side), given), 201)


def _update(client: Client, side: Side, k: int) -> None:
    changes = {"score": 300 + (k * 7) % 600, "city": f"Town{k}", "grade": "ABCDE"[k % 5]}
    more = {"If_Match": '"1"'} if side.name == "ours" else {}
    expect(client.ask("PATCH", _path(side, mine(k)), changes, **more), 200)


def _submit(client: Client, side: Side, k: int) -> None:
    base = "/api/v1/book/dossier" if side.name == "ours" else "/dossiers"
    path = f"{base}/{k + 1}/{'transitions/' if side.name == 'ours' else ''}submit"
    assert b"submitted" in expect(client.ask("POST", path, {}), 200)


WORKS: Final[dict[str, Work]] = {
    "list": _page,
    "get": _one,
    "create": _create,
    "update": _update,
    "transition": _submit,
}
UNIT_OF: dict[int, int] = {}


def compare() -> Iterator[Compared]:
    """Every work, both sides in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running())
        ours, bare = (stack.enter_context(server.database()) for _ in range(2))
        tokens = fill_ours(ours, folder), fill_bare(bare)
        sides = [
            stack.enter_context(serving("ours", ours, folder, tokens[0])),
            stack.enter_context(serving("bare", bare, folder, tokens[1])),
        ]
        learn_units(ours.dsn)
        for name, work in WORKS.items():
            try:
                taken = rounds(sides, dict.fromkeys(("ours", "bare"), work))
                yield Compared(name, taken["ours"], taken["bare"])
            except AssertionError:
                print((folder / "ours.log").read_text()[-3000:], file=sys.stderr)
                raise


def learn_units(dsn: str) -> None:
    """The ids that our side gave to the units."""
    import psycopg

    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT id, code FROM base_unit WHERE code LIKE 'U___'"
        ).fetchall()
    UNIT_OF.update({int(code[1:]) + 1: identity for identity, code in found})


def rounds(sides: list[Side], works: Mapping[str, Work]) -> dict[str, Taken]:
    """The medians of each side by its name, taken in turn.

    Args:
        works: the same work for each side by its name.
    """
    taken: dict[str, list[Taken]] = {side.name: [] for side in sides}
    used = 0
    for round_ in range(ROUNDS + 1):
        for side in sides:
            found = _round(works[side.name], side, used, WARM if round_ == 0 else REQUESTS)
            if round_:  # the first only warms
                taken[side.name].append(found)
        used += REQUESTS
    return {
        side: Taken(median(each.cpu for each in all_), median(each.wall for each in all_))
        for side, all_ in taken.items()
    }


def _round(work: Work, side: Side, first: int, requests: int) -> Taken:
    client = side.client()
    try:
        cpu, begun = side.cpu, time.perf_counter()
        for k in range(first, first + requests):
            work(client, side, k)
        return Taken((side.cpu - cpu) / requests, (time.perf_counter() - begun) / requests)
    finally:
        client.close()


#: what is to be reached: ours to bare, CPU
BARS: Final = {"list": 1.4, "get": 1.5, "create": 1.5, "update": 1.5, "transition": 1.5}
#: the same, wall: a list is ahead by its plan
WALLS: Final = {"list": 1.0}
#: of the plan
PARTS: Final = {"transition": 4}


def figures() -> Iterator[Figure]:
    """CPU and wall milliseconds of a request."""
    for each in compare():
        work = f"{each.work} over HTTP, PostgreSQL"
        yield Figure(
            part=PARTS.get(each.work, 2), work=f"{work}, CPU", unit="ms",
            value=each.ours.cpu * 1e3, bare=each.bare.cpu * 1e3,
            bar=BARS[each.work], runs=ROUNDS,
        )  # fmt: skip
        yield Figure(
            part=PARTS.get(each.work, 2),
            work=f"{work}, wall",
            value=each.ours.wall * 1e3,
            bare=each.bare.wall * 1e3,
            unit="ms",
            bar=WALLS.get(each.work),
            runs=ROUNDS,
        )
