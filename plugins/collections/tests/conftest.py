"""What the tests of collections share."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tenor_loans.public import CalendarTable

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Worked figures; their source stands in the file."""
    loaded: dict[str, Any] = json.loads((DATA / "collections.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def china() -> CalendarTable:
    """Qingming 2026 is all that these tests meet of the published tables (State Council, 4 November 2025)."""
    return CalendarTable(
        "CN",
        frozenset({2025, 2026}),
        off=frozenset({date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}),
        working=frozenset(),
    )
