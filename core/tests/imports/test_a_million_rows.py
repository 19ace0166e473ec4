"""A file of any length takes no more memory than a short one, and its bad rows come back, wherever they stand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tenor.imports import Entry
from tenor.imports.run import CHUNK

from .conftest import Desk
from .test_imports import firms

pytestmark = [pytest.mark.both_databases, pytest.mark.soak]

ROWS = 1_000_000 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 20_000
BAD = (7, ROWS // 2, ROWS)
#: rows until all is compiled and kept that stays
WARM = 10 * CHUNK
MEGABYTES = 50


class Memory:
    """By how much this process grew once it was warm."""

    def __init__(self) -> None:
        self.warm: float | None = None
        self.grown = 0.0

    def look(self, entry: Entry) -> None:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        held = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
        if self.warm is None and entry.rows >= WARM:
            self.warm = held
        self.grown = max(self.grown, held - (self.warm or held))


def test_a_long_file_is_taken_in_by_rows_and_not_held(desk: Desk) -> None:
    memory = Memory()
    done = desk.take("firm", firms(ROWS, bad=BAD), told=memory.look)
    assert (done.state, done.rows, done.made) == ("done", ROWS, ROWS - len(BAD))
    assert {*desk.refused(done)} == {number + 1 for number in BAD}  # the head is the first
    assert memory.warm is not None
    assert memory.grown < MEGABYTES
