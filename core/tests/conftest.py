"""Plugins that only the kernel's tests have, installed for the run."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parent / "plugins"


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of tests that run for long under the profile ``soak``."""
    config.addinivalue_line("markers", "soak: runs many more rounds with HYPOTHESIS_PROFILE=soak")


@pytest.fixture(scope="session")
def test_plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """``chores`` and ``witness``, as pip would have installed them; the folders on the path, for further processes."""
    site = tmp_path_factory.mktemp("site")
    _install(site, "chores")
    _install(site, "witness", requires=["chores"])
    paths = [str(PLUGINS), str(site)]
    sys.path[:0] = paths
    importlib.invalidate_caches()
    yield paths
    for path in paths:
        sys.path.remove(path)


def _install(site: Path, name: str, requires: Sequence[str] = ()) -> None:
    folder = site / f"tenor_{name}-1.0.dist-info"
    folder.mkdir()
    needs = "".join(f"Requires-Dist: tenor-{other}\n" for other in ("sdk", *requires))
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: tenor-{name}\nVersion: 1.0\n{needs}"
    )
    (folder / "entry_points.txt").write_text(f"[tenor.plugins]\n{name} = tenor_{name}:plugin\n")
