"""Whoever steps over a person's rights says why: ``elevated(…)`` has a reason in words, which stands in the ledger.

An auditor reads it years later, beside the figure that it led to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, calls, files
from tools.checks.workspace import plugin_files

REMEDY = 'say in at least two words what for: elevated("exposure of the whole group")'


def findings(root: Path) -> Iterator[Finding]:
    """Calls of ``elevated`` without a written reason."""
    for path in [*plugin_files(root), *files(root, "core/tenor/**/*.py")]:
        for call, name in calls(path):
            if name == "elevated" and not _explained(call):
                yield Finding(path, call.lineno, f"elevated() without a reason: {REMEDY}")


def _explained(call: ast.Call) -> bool:
    """A literal of two words or more, or a value that was handed in: then the caller explains."""
    given = [*call.args, *(word.value for word in call.keywords if word.arg == "reason")]
    return any(_words(node) for node in given)


def _words(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and len(node.value.split()) >= 2
    return isinstance(node, ast.JoinedStr | ast.Name | ast.Attribute)
