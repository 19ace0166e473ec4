"""The plugins of the benchmarks, found by the kernel of this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tenor_test_support.plugins import describe, on_the_path

PLUGINS: Final = Path(__file__).parent / "plugins"


@contextmanager
def installed(name: str, folder: Path) -> Iterator[None]:
    """``tenor_<name>`` of ``bench/plugins`` as an installed plugin, for as long as the block lasts.

    Args:
        folder: where its metadata is written; one of the run's own.
    """
    site = folder / "site"
    describe(site, name)
    with on_the_path(PLUGINS, site):
        yield
