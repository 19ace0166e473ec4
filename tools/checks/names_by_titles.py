"""What a record is called depends on what may be seen of it, so only the kernel's room of records calls ``display``,
and plugins ask for ``name_of``.

A name made of a field that a rule hides from somebody told it on every list, link and notice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, tree

_TITLES = "core/tenor/records/titles.py"


def findings(root: Path) -> Iterator[Finding]:
    """Calls of a record's ``display`` in the kernel, outside its titles, and in plugins."""
    (titles,) = files(root, _TITLES)
    for path in files(root, "core/tenor/**/*.py"):
        if path != titles:
            yield from _calls(
                path, "ask records.titles.of(ctx, record), or a page's show.name(record)"
            )
    for path in files(root, "plugins/*/tenor_*/**/*.py"):
        yield from _calls(path, "ask tenor_sdk.records.name_of(ctx, record)")


def _calls(path: Path, remedy: str) -> Iterator[Finding]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and not node.args and _named(node.func):
            yield Finding(
                path, node.lineno, f"{ast.unparse(node)} tells what may be hidden: {remedy}"
            )


def _named(called: ast.expr) -> bool:
    return isinstance(called, ast.Attribute) and called.attr == "display"
