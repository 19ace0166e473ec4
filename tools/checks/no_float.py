"""No float in a plugin or the SDK: money is integer minor units, a rate an exact fraction.

0.1 + 0.2 is not 0.3, and a schedule of 360 instalments shows it. What is a measurement and no money (seconds, a
statistic) says so: ``# float: <why>`` on its line.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from tools.checks.found import Finding, files, text, tree
from tools.checks.workspace import plugin_files

REMEDY = "use Amount, Money, Rate or Fraction, or say `# float: why` where it is a measurement"


def findings(root: Path) -> Iterator[Finding]:
    """The name ``float`` and literals with a decimal point; asking whether a value is one is no use of it."""
    for path in [*plugin_files(root), *files(root, "sdk/tenor_sdk/**/*.py")]:
        said = text(path).splitlines()
        module = tree(path)
        questions = set(_inside_questions(module))
        for node in ast.walk(module):
            if (
                _is_float(node)
                and node not in questions
                and "# float: " not in said[node.lineno - 1]
            ):
                yield Finding(path, node.lineno, f"{ast.unparse(node)} is a float: {REMEDY}")


def _inside_questions(module: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance":
            yield from ast.walk(node)


def _is_float(node: ast.AST) -> TypeGuard[ast.expr]:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id == "float"
