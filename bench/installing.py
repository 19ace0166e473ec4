"""The plugins of the benchmarks, put where the kernel finds plugins, as pip would have."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

PLUGINS = Path(__file__).parent / "plugins"


def installed(name: str, folder: Path) -> None:
    """Make ``tenor_<name>`` of this folder an installed plugin of this process.

    Args:
        folder: where its metadata is written; one of the run's own.
    """
    site = folder / "site"
    info = site / f"tenor_{name}-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: tenor-{name}\nVersion: 1.0\nRequires-Dist: tenor-sdk\n"
    )
    (info / "entry_points.txt").write_text(f"[tenor.plugins]\n{name} = tenor_{name}:plugin\n")
    sys.path[:0] = [str(PLUGINS), str(site)]
    importlib.invalidate_caches()
