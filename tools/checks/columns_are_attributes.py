"""In views a column is an attribute, ``Loan.balance``, never a string.

A misspelt attribute is red in the editor and an error with file and line at import; a misspelt string is found by
whoever opens the page. Renaming an attribute is one key.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tools.checks.found import Finding, calls
from tools.checks.workspace import plugin_files

REMEDY = (
    "write the attribute itself, or path(Loan.customer, Customer.name) for one of another record"
)
_VIEWS = {
    "BoardView",
    "CalendarView",
    "ChartView",
    "FormView",
    "GraphView",
    "ListView",
    "PivotView",
    "Related",
    "Section",
    "ViewPatch",
    "path",
}


def findings(root: Path) -> Iterator[Finding]:
    """Strings that stand where a view expects columns."""
    for file in plugin_files(root):
        for call, name in calls(file):
            if name in _VIEWS:
                yield from (
                    Finding(
                        file,
                        text.lineno,
                        f"{name} names a column by the string {text.value!r}: {REMEDY}",
                    )
                    for text in _named_columns(call, name)
                )


def _named_columns(call: ast.Call, name: str) -> Iterator[ast.Constant]:
    """Strings in a tuple or list of arguments, and those after a view's first argument, titles apart."""
    groups = [*call.args, *(word.value for word in call.keywords if word.arg != "title")]
    for group in groups:
        if isinstance(group, ast.Tuple | ast.List):
            yield from (item for item in group.elts if _is_string(item))
    if name == "path":
        yield from (item for item in call.args if _is_string(item))
    yield from (
        word.value
        for word in call.keywords
        if word.arg in {"after", "sort", "through"} and _is_string(word.value)
    )


def _is_string(node: ast.expr) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
