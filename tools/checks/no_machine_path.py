"""No tracked file carries a path of somebody's machine: on the next one it is a riddle or a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, lines

REMEDY = "write it relative to the project, or take it from a setting"
# A letter in brackets, so that this line isn't a finding of its own.
_PATHS = re.compile(r"(?<![\w.$}\])-])/(?:wor[k]|roo[t]|hom[e]|User[s]|far[m])/[\w.-]+")


def findings(root: Path) -> Iterator[Finding]:
    """Absolute paths into folders that belong to a person or a machine."""
    for path in files(root, "**/*"):
        if path.name == f"test_{Path(__file__).name}":
            continue
        for number, line in lines(path):
            match = _PATHS.search(line)
            if match:
                yield Finding(path, number, f"{match[0]} is a path of one machine: {REMEDY}")
