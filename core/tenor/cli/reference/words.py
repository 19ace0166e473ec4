"""How a page of reference is written: headings, tables, docstrings as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from typing import Final

#: the parts of a docstring that are told in a list of their own
_PARTS: Final = ("Args:", "Attributes:", "Raises:", "Returns:")


def said(thing: object) -> str:
    """A docstring as Markdown, whole; empty where there is none."""
    text = cleandoc(getattr(thing, "__doc__", None) or "").replace("``", "`")
    text = re.sub(r"(?m)^::$", "", text).replace("::\n", ":\n")
    return re.sub(rf"(?m)^({'|'.join(_PARTS)})\n((?:    .*\n?)+)", _listed, text).strip()


def first(thing: object) -> str:
    """The first paragraph of a docstring, on one line."""
    return " ".join(said(thing).partition("\n\n")[0].split())


def _listed(found: re.Match[str]) -> str:
    """A part as a list; what is indented further goes on with the line before."""
    whole = re.sub(r"\n {5,}", " ", f"\n{found[2]}")
    items = "\n".join(f"- {item.strip()}" for item in whole.strip().splitlines())
    return f"{found[1]}\n\n{items}\n"


def code(text: object) -> str:
    return f"`{text}`"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table, and an empty line after it; nothing where there are no rows."""
    lines = [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    if lines:
        yield f"| {' | '.join(heads)} |"
        yield f"| {' | '.join('---' for _head in heads)} |"
        yield from lines
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A heading with what stands below it; nothing where nothing does."""
    inside = list(lines)
    if inside:
        yield from (f"## {title}", "", *inside)
