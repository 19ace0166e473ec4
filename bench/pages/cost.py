"""What a page costs the server beside the same data as JSON: CPU, over HTTP, interleaved."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import Final

from bench.figures import Figure
from bench.over_http.client import Client
from bench.over_http.measure import ROUNDS, Taken, expect, rounds
from bench.over_http.sides import Side
from bench.pages.bank import Served, bank

API: Final = "/api/v1"
_LIST: Final = "/customers/customer"
#: of the demo: three years of statements, tags, an application, a past
_ONE: Final = f"{_LIST}/1"
#: a tile leads to the rows that it counts
_TILE: Final = re.compile(r'<a href="(/[a-z_]+/[a-z-]+\?[^"]*filter=[^"]*)"')
BAR: Final = 2.0

#: addresses of the page and of the same data
Work = tuple[Sequence[str], Sequence[str]]


def works(home: str) -> dict[str, Work]:
    """What is asked for, as pages and as JSON.

    Args:
        home: its page, which names the tiles that this person has.
    """
    tiles = [f"{API}{unescape(each)}&size=1" for each in dict.fromkeys(_TILE.findall(home))]
    one, statements = f"{API}{_ONE}", f"{API}/customers/financial-statement?parent_id=1"
    about = [one, f"{one}/history", f"{one}/panels", f"{one}/external-ids", statements]
    return {
        "list of 50 customers": ([_LIST], [f"{API}{_LIST}?sort=name&facets=true"]),
        # what it has: the customer, and the units and people that its pickers offer
        "form of a customer": (
            [f"{_ONE}/edit"],
            [one, *(f"{API}/base/{each}?size=50&count=false" for each in ("unit", "user"))],
        ),
        "home": (["/"], [f"{API}/me", f"{API}/tasks", f"{API}/inbox", *tiles]),
        "page of a customer, two tabs": ([_ONE, f"{_ONE}?tab=1"], about),
    }


def figures() -> Iterator[Figure]:
    """CPU milliseconds of each page, ours beside the JSON's."""
    with tempfile.TemporaryDirectory() as folder, bank(Path(folder)) as served:
        for name, work in works(served.browser.get("/")).items():
            taken = compared(served, work)
            yield Figure(
                part=6, work=f"{name}, beside its JSON, CPU", unit="ms", bar=BAR, runs=ROUNDS,
                value=taken["page"].cpu * 1e3, bare=taken["json"].cpu * 1e3,
            )  # fmt: skip


def compared(served: Served, work: Work) -> dict[str, Taken]:
    """The medians of the page and of its JSON, asked of the same server."""
    pages, data = work

    def ask_pages(client: Client, _side: Side, _k: int) -> None:
        for path in pages:
            expect(client.ask("GET", path, Cookie=served.cookie), 200)

    def ask_data(client: Client, _side: Side, _k: int) -> None:
        for path in data:
            expect(client.ask("GET", path), 200)

    sides = [served.side("page", ""), served.side("json", f"Bearer {served.token}")]
    return rounds(sides, {"page": ask_pages, "json": ask_data})
