"""What the tests of NPL disposal share."""

import json
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """Worked figures; their source stands in the file."""
    loaded: dict[str, Any] = json.loads((DATA / "npl_options.json").read_text(encoding="utf-8"))
    return loaded
