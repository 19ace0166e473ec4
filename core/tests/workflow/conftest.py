"""Plugins that only these tests have: on the path from the start, installed while these tests run."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.tests.workflow.acts import Acts

PLUGINS = Path(__file__).parent / "plugins"
sys.path.insert(0, str(PLUGINS))


@pytest.fixture(scope="module", autouse=True)
def petitions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """``petitions``, ``inspections``, ``bids``, ``boards``, ``permits`` and ``assays``, as pip would have them."""
    site = tmp_path_factory.mktemp("site")
    for name, requires in (
        ("petitions", []),
        ("inspections", ["petitions"]),
        ("bids", []),
        ("permits", []),
        ("boards", []),
        ("assays", []),
    ):
        folder = site / f"tenor_{name}-1.0.dist-info"
        folder.mkdir()
        needs = "".join(f"Requires-Dist: tenor-{other}\n" for other in ("sdk", *requires))
        head = f"Metadata-Version: 2.1\nName: tenor-{name}\nVersion: 1.0\n"
        (folder / "METADATA").write_text(head + needs)
        point = f"[tenor.plugins]\n{name} = tenor_{name}:plugin\n"
        (folder / "entry_points.txt").write_text(point)
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    yield
    sys.path.remove(str(site))


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("petitions",)


@pytest.fixture
def acts(institution: Any) -> Acts:
    return Acts(institution)
