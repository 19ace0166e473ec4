"""Plugins that only the kernel's tests have, installed for the run."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tenor_test_support.plugins import describe, on_the_path

PLUGINS = Path(__file__).parent / "plugins"


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of tests that run for long under the profile ``soak``."""
    config.addinivalue_line("markers", "soak: runs many more rounds with HYPOTHESIS_PROFILE=soak")


@pytest.fixture(scope="session")
def test_plugins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """``chores`` and ``witness``, as pip would have installed them; the folders on the path, for further processes."""
    site = tmp_path_factory.mktemp("site")
    describe(site, "chores")
    describe(site, "witness", requires=["chores"])
    with on_the_path(PLUGINS, site) as paths:
        yield paths
