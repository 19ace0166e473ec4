"""The kernel and the SDK name no plugin: not in an import, a string, a template or a script.

A kernel that knows ``loans`` by name is the beginning of one that works only with it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, lines, tree
from tools.checks.workspace import plugins

REMEDY = "let the plugin declare what the kernel needs to know, and read the declaration"
#: also words of Python or of the kernel's own; a string that is just this word says nothing about a plugin
_WORDS_OF_THE_HOUSE = {"collections"}
_PATTERNS = ("core/tenor/**/*", "sdk/tenor_sdk/**/*")


def findings(root: Path) -> Iterator[Finding]:
    """Names of plugins' packages anywhere, and strings that are a plugin's name."""
    names = {member.package.removeprefix("tenor_") for member in plugins(root)}
    package = re.compile(rf"\btenor[_-](?:{'|'.join(sorted(map(_either_dash, names)))})\b")
    for path in files(root, *_PATTERNS):
        for number, line in lines(path):
            for match in package.finditer(line):
                yield Finding(path, number, f"it names {match[0]}: {REMEDY}")
        if path.suffix == ".py":
            yield from _strings(path, names - _WORDS_OF_THE_HOUSE)


def _either_dash(name: str) -> str:
    return name.replace("_", "[_-]")


def _strings(path: Path, names: set[str]) -> Iterator[Finding]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and node.value in names:
            yield Finding(path, node.lineno, f"{node.value!r} is a plugin's name: {REMEDY}")
