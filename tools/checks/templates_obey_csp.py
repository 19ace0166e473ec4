"""Templates hold no inline script, style or handler: the content security policy would drop them without a word.

Styles are classes of our stylesheets, behaviour is a module that finds its elements by ``data-`` attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.checks.found import Finding, TargetGone, files, text

_RULES = (
    (re.compile(r"\sstyle\s*=", re.IGNORECASE), "a style attribute: give it a class"),
    (re.compile(r"<style\b", re.IGNORECASE), "a style element: put it into static_src/css"),
    (
        re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
        "an inline script: put it into static_src/js",
    ),
    (
        re.compile(r"<[a-z][^<>]*\son\w+\s*=", re.IGNORECASE),
        "a handler attribute: listen in a module",
    ),
    (
        re.compile(r"\bhx-on\b|\bhx-vals\s*=\s*[\"']js:|javascript:", re.IGNORECASE),
        "evaluated script: use a module",
    ),
    (
        re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//(?!\w*\{)", re.IGNORECASE),
        "another origin: serve it ourselves",
    ),
)
_COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
_LINK = re.compile(r"<a\b[^>]*>", re.IGNORECASE)


def findings(root: Path) -> Iterator[Finding]:
    """What the policy would refuse, in every template of the kernel, the plugins and the examples."""
    found = files(root, "core/tenor/web/templates/**/*.html")
    for pattern in ("plugins/*/tenor_*/**/*.html", "docs/examples/*/**/*.html"):
        try:
            found += files(root, pattern)
        except TargetGone:
            continue  # a plugin with a page of its own is the exception
    for path in found:
        source = _blanked(text(path))
        for rule, words in _RULES:
            for match in rule.finditer(source):
                yield Finding(path, source.count("\n", 0, match.start() + 1) + 1, words)


def _blanked(source: str) -> str:
    """The template without comments and outward links, its lines where they were."""
    without = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    return _LINK.sub(
        lambda match: re.sub(r"href\s*=\s*([\"'])https?://", r"href=\1", match[0]), without
    )
