"""There is one clock, the kernel's: ``ctx.today`` is the institution's business date, ``ctx.now`` its time.

A second clock disagrees with the first at midnight, in another time zone, on a demo's chosen day, and in every test.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, tree
from tools.checks.workspace import plugin_files

REMEDY = "ask ctx.today or ctx.now (a pure function takes the date as an argument)"
_CLOCK = "core/tenor/clock.py"
_READINGS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime"},
    "func": {"now", "current_date", "current_timestamp", "localtimestamp", "sysdate"},
}


def findings(root: Path) -> Iterator[Finding]:
    """Readings of another clock in plugins, the SDK and the kernel."""
    (clock,) = files(root, _CLOCK)
    for path in [*plugin_files(root), *files(root, "core/tenor/**/*.py", "sdk/tenor_sdk/**/*.py")]:
        if path != clock:
            yield from _readings(path)


def _readings(path: Path) -> Iterator[Finding]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in _READINGS.get(_last(node.value), ()):
            yield Finding(path, node.lineno, f"{ast.unparse(node)} is a clock of its own: {REMEDY}")


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
