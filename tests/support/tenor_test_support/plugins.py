"""Plugins of a test's own, put where the kernel finds plugins, as pip would have."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


def describe(site: Path, name: str, requires: Sequence[str] = ()) -> None:
    """Write the metadata of ``tenor-<name>`` 1.0 into a folder of the path.

    Args:
        requires: names of plugins that it needs.
    """
    folder = site / f"tenor_{name}-1.0.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    needs = "".join(f"Requires-Dist: tenor-{other}\n" for other in ("sdk", *requires))
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: tenor-{name}\nVersion: 1.0\n{needs}"
    )
    (folder / "entry_points.txt").write_text(f"[tenor.plugins]\n{name} = tenor_{name}:plugin\n")


@contextmanager
def on_the_path(*folders: Path) -> Iterator[list[str]]:
    """Folders that come first where modules and metadata are looked for, for as long as the block lasts."""
    paths = [str(folder) for folder in folders]
    sys.path[:0] = paths
    importlib.invalidate_caches()
    try:
        yield paths
    finally:
        for path in paths:
            sys.path.remove(path)


@contextmanager
def installed(folder: Path, name: str, site: Path) -> Iterator[str]:
    """A plugin whose package lies in ``folder``, as pip would have installed it; its name.

    Args:
        site: an empty folder, for its metadata.
    """
    describe(site, name)
    with on_the_path(folder, site):
        yield name
