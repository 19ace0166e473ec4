"""What is wrong with a page, as far as a machine can tell: labels, headings, widths, words left in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTHS: Final = ((390, 844), (1440, 900))
_LOOK: Final = (Path(__file__).parent / "look.js").read_text("utf-8").rstrip().removesuffix(";")
#: a word of a sentence; what has a digit, a dot, a slash or capitals inside is a code, a name or a unit
_WORD: Final = re.compile(r"(?<![\w.@/#:+-])[A-Za-z][a-z]{2,}(?:-[a-z]{2,})*(?![\w.@/#:+-]|\.\w)")
#: a digest as pages shorten it, which may have no digit
_DIGEST: Final = re.compile(r"\b[0-9a-f]{4}…[0-9a-f]{4}\b")
#: names that are the same in every language: the product, the other language, a time zone, a driver, a certificate
SAME: Final = frozenset({"Tenor", "English", "Asia", "Shanghai", "embedded", "Issuing"})


def faults(page: Page, *, names: Iterable[str] | None = None) -> list[str]:
    """What is wrong with what the page shows, at each width.

    Args:
        names: on a Chinese page, words and whole texts that stay as they are; None where the page is in English.
    """
    found: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        looked = page.evaluate(_LOOK)
        found += looked["faults"]
        if names is not None:
            found += english(looked["texts"], names)
    return list(dict.fromkeys(found))


def english(texts: Iterable[str], names: Iterable[str] = ()) -> list[str]:
    """English that was left in the texts of a Chinese page. Several lines are somebody's content, not the page's."""
    allowed = SAME | set(names)
    return [
        f"in English: {text!r}"
        for text in texts
        if "\n" not in text
        and text not in allowed
        and any(word not in allowed for word in _WORD.findall(_DIGEST.sub("", text)))
    ]
