"""What others import of a package is on record, and breaks only where the version says so.

``surface.txt`` beside a package lists it (see ``tools/surface.py``), so that a review sees each change of it as a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding
from tools.surface import packages, surface
from tools.surface_compared import breaking


def findings(root: Path) -> Iterator[Finding]:
    """Promises that the source breaks within a version, and surfaces that aren't on record as they are."""
    for package in packages(root):
        promise, before = package.kept()
        now = surface(package)
        same = promise == package.promise
        broken = list(breaking(before, now)) if same else []
        for words in broken:
            yield Finding(
                package.file,
                1,
                f"{words}: it breaks whoever uses {promise}; keep it, or move the version in pyproject.toml",
            )
        if not broken and not (same and before == now):
            yield Finding(package.file, 1, "isn't as the source has it: run make surface")
