"""What a page brings along."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from bench.figures import ROOT, Figure


def figures() -> Iterator[Figure]:
    """Kilobytes, gzipped, of a page without charts."""
    static = ROOT / "core" / "tenor" / "web" / "static"
    for suffix in ("css", "js"):
        files = [path for path in static.rglob(f"*.{suffix}") if "echarts" not in path.name]
        packed = sum(len(gzip.compress(path.read_bytes())) for path in files)
        yield Figure(
            part=1,
            work=f"{suffix} of a page without charts, gzipped",
            value=packed / 1024,
            unit="KB",
        )
