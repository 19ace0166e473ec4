"""What the tests of loans share: the vectors, the published calendars, short ways to write values."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tenor_loans.domain.calendar import CalendarTable, calendar_from_table

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Worked figures; their source stands in the file."""
    loaded: dict[str, Any] = json.loads((DATA / "loan_math.json").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="session")
def china() -> CalendarTable:
    """Mainland China, 2024 to 2026, by the State Council's notices."""
    return calendar_from_table(
        tomllib.loads((DATA / "calendar_cn.toml").read_text(encoding="utf-8"))
    )
