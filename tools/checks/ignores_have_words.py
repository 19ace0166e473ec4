"""A silenced checker says which rule and why: ``# noqa: S314 - a file pinned by its hash``.

Without the code it silences whatever comes later; without the words nobody dares to take it out.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, files, text

REMEDY = "give the code and say why, or mend what it silences"
_SILENCER = re.compile(r"#\s*(type: ignore|noqa|pyright: ignore)(?!\w)(.*)", re.IGNORECASE)
_CODES = re.compile(r"\s*(?:\[[\w\-, ]+\]|:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)(.*)")


def findings(root: Path) -> Iterator[Finding]:
    """Silencers without a code or without words, in every Python file of the project."""
    for path in files(root, "**/*.py"):
        yield from (
            Finding(path, line, f"{said!r} doesn't explain itself: {REMEDY}")
            for line, said in _comments(path)
            if not _explained(said)
        )


def _comments(path: Path) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text(path)).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def _explained(comment: str) -> bool:
    silencer = _SILENCER.search(comment)
    if silencer is None:
        return True
    codes = _CODES.match(silencer[2])
    return codes is not None and re.search(r"\w{4,}", codes[1]) is not None
