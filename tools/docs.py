"""The documentation holds together: links lead somewhere, decisions have their form and stand in the index."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.checks.found import Finding, TargetGone, files, lines  # noqa: E402 - a script finds its package first

_LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
_HEADINGS = (
    "## Context",
    "## Decision",
    "## Consequences",
    "## A change violates this when",
    "## Evidence",
)
_DECISION = re.compile(r"\d{4}-[a-z0-9-]+\.md")
_FENCE = re.compile(r"^\s*(```|~~~)")


def findings(root: Path) -> Iterator[Finding]:
    """Broken links in every page, and decisions that lack a section or stand outside the index."""
    for page in files(root, "**/*.md"):
        yield from _broken_links(root, page)
    yield from _decisions(root)


def _broken_links(root: Path, page: Path) -> Iterator[Finding]:
    for number, line in _prose(page):
        for target in _LINK.findall(line):
            path = target.partition("#")[0]
            if path and not re.match(r"[a-z]+:", path) and not _leads(root, page, path):
                yield Finding(page, number, f"the link {target} leads nowhere")


def _leads(root: Path, page: Path, path: str) -> bool:
    return (root / path[1:] if path.startswith("/") else page.parent / path).exists()


def _prose(page: Path) -> Iterator[tuple[int, str]]:
    """The lines outside code blocks."""
    fenced = False
    for number, line in lines(page):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            yield number, line


def _decisions(root: Path) -> Iterator[Finding]:
    folder = root / "docs" / "decisions"
    pages = sorted(path for path in folder.glob("*.md") if _DECISION.fullmatch(path.name))
    index = folder / "README.md"
    if not pages or not index.is_file():
        raise TargetGone("docs/decisions holds no numbered page and index: correct tools/docs.py")
    listed = index.read_text("utf-8")
    for page in pages:
        said = page.read_text("utf-8")
        for heading in _HEADINGS:
            if f"\n{heading}\n" not in said:
                yield Finding(page, 1, f"a decision has a section {heading!r}")
        if not re.search(r"^\*\*Status\*\*: \w+", said, re.MULTILINE):
            yield Finding(
                page, 1, "a decision says its **Status**: accepted, or superseded by another"
            )
        if f"]({page.name})" not in listed:
            yield Finding(index, 1, f"{page.name} isn't in the index: add its line")


def main() -> int:
    """Print what is wrong."""
    found = sorted(findings(ROOT))
    for finding in found:
        print(finding.told(ROOT))
    print(f"documentation: {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
