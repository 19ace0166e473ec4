"""A plugin never commits and never rolls back: the kernel opens a transaction and ends it.

With a commit inside, half of what a person did could stay behind when the other half is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, calls
from tools.checks.workspace import plugin_files

REMEDY = "take it out: the kernel commits after the service; to undo a part, use savepoint(ctx)"


def findings(root: Path) -> Iterator[Finding]:
    """Calls of ``commit`` and ``rollback`` in plugins."""
    for path in plugin_files(root):
        for call, name in calls(path):
            if name in {"commit", "rollback"}:
                yield Finding(path, call.lineno, f"a plugin calls {name}(): {REMEDY}")
