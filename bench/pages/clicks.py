"""Fifty people at the demo bank, who click every five to ten seconds, on one server over PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.figures import Figure
from tenor_test_support.postgres import running
from tests.browser.house import House
from tests.load.clicking import clicking

PEOPLE: Final = 50
SECONDS: Final = 180.0
BAR: Final = 10.0


def figures() -> Iterator[Figure]:
    """Milliseconds from when a click was due: of the slowest hundredth, beside the middle."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running() as server,
        server.database() as database,
    ):
        house = House(Path(folder), {"TENOR_DATABASE_URL": database.url})
        with house.serving():
            found = clicking(house.url, PEOPLE, SECONDS)
    work = f"{PEOPLE} people clicking, the slowest hundredth beside the middle"
    yield Figure(
        part=6, work=work, unit="ms", value=found.share(0.99) * 1e3, bare=found.share(0.5) * 1e3,
        bar=BAR, runs=len(found.took),
    )  # fmt: skip
    wrong = f"{PEOPLE} people clicking, clicks that weren't answered"
    yield Figure(part=6, work=wrong, unit="", value=len(found.wrong), bar=0, runs=len(found.took))
