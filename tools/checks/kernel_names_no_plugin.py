"""The kernel and the SDK name no plugin: not in an import, a string, a template or a script.

A kernel that knows ``loans`` by name is the beginning of one that works only with it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, imports, lines, tree
from tools.checks.workspace import plugins

REMEDY = "let the plugin declare what the kernel needs to know, and read the declaration"
#: also words of Python or of the kernel's own; a string that is just this word says nothing about a plugin
_WORDS_OF_THE_HOUSE = {"collections"}
_PATTERNS = ("core/tenor/**/*", "sdk/tenor_sdk/**/*")


def findings(root: Path) -> Iterator[Finding]:
    """Names of plugins' packages, and strings that are a plugin's name; prose may give an example."""
    names = {member.package.removeprefix("tenor_") for member in plugins(root)}
    package = re.compile(rf"\btenor[_-](?:{'|'.join(sorted(map(_either_dash, names)))})\b")
    for path in files(root, *_PATTERNS):
        said = _said_in_python(path) if path.suffix == ".py" else lines(path)
        for number, words in said:
            match = package.search(words)
            if match or (path.suffix == ".py" and words in names - _WORDS_OF_THE_HOUSE):
                yield Finding(path, number, f"it names {match[0] if match else words!r}: {REMEDY}")


def _said_in_python(path: Path) -> Iterator[tuple[int, str]]:
    """What a module imports, and its strings without the docstrings."""
    yield from imports(path)
    module = tree(path)
    prose = {
        node.body[0].value
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in prose:
            yield node.lineno, node.value


def _either_dash(name: str) -> str:
    return name.replace("_", "[_-]")
