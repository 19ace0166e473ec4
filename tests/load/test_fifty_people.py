"""Fifty people who click every five to ten seconds, on one server as it is shipped, over PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.house import House
from tests.load.clicking import clicking

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer

pytestmark = pytest.mark.soak

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
PEOPLE, SECONDS = (50, 180.0) if SOAKING else (5, 20.0)
#: of the slowest hundredth to the middle; of a few dozen clicks on a machine at work the slowest tells nothing
BAR = 10


def test_people_of_all_positions_click_at_their_own_pace_and_nobody_waits(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with postgres_server.database() as database:
        house = House(tmp_path, {"TENOR_DATABASE_URL": database.url})
        with house.serving():
            found = clicking(house.url, PEOPLE, SECONDS)
    middle, slowest = found.share(0.5), found.share(0.99)
    assert found.wrong == []
    assert len(found.took) > PEOPLE * SECONDS / 15
    assert not SOAKING or slowest < BAR * middle
