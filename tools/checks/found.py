"""What the rules share: a finding, and the files that they read."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """A place that breaks a rule, and what to do about it."""

    path: Path
    line: int
    words: str

    def told(self, root: Path) -> str:
        """``file:line: words``, the file as seen from ``root``."""
        return f"{self.path.relative_to(root)}:{self.line}: {self.words}"


class TargetGone(Exception):
    """What a rule watches isn't there any more: the rule must follow it, or go."""


def files(root: Path, *patterns: str) -> list[Path]:
    """The files of the project that match one of the patterns (as of ``Path.glob``).

    Raises:
        TargetGone: a pattern matches nothing.
    """
    chosen: set[Path] = set()
    for pattern in patterns:
        matching = {path for path in root.glob(pattern) if path in tracked(root)}
        if not matching:
            raise TargetGone(f"{pattern} matches no file: correct the rule's patterns")
        chosen |= matching
    return sorted(chosen)


@cache
def tracked(root: Path) -> frozenset[Path]:
    """The files that belong to the project: those that git tracks or would add; all where there is no git."""
    if not (root / ".git").exists():
        return frozenset(path for path in root.rglob("*") if path.is_file())
    words = "git ls-files -z --cached --others --exclude-standard".split()
    said = subprocess.run(words, cwd=root, capture_output=True, check=True).stdout.decode()
    paths = (root / name for name in said.split("\0") if name)
    return frozenset(path for path in paths if path.is_file())


def text(path: Path) -> str:
    """A file's text; empty for a picture or a font."""
    body = path.read_bytes()
    return "" if b"\0" in body[:4096] else body.decode("utf-8", "replace")


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a text file."""
    yield from enumerate(text(path).splitlines(), start=1)


def tree(path: Path) -> ast.Module:
    """A Python file as a syntax tree."""
    return ast.parse(text(path), filename=str(path))


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Every call of a file with the last part of the name that is called: ``commit`` of ``ctx.session.commit()``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, node.func.id


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, inside functions too: ``from a.b import c`` gives ``a.b.c``."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
