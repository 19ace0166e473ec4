"""The tutorial: one page in each language, its headings, its pictures, its commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

TUTORIAL: Final = Path(__file__).parents[2] / "docs" / "tutorial"
FILES: Final = TUTORIAL / "files"
IMAGES: Final = TUTORIAL / "images"
PAGES: Final = {
    "en": TUTORIAL / "first-loan.md",
    "zh-CN": TUTORIAL / "first-loan.zh-CN.md",
}
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)
_IMAGE: Final = re.compile(r"^!\[[^\]]+\]\(images/([^)]+)\.png\)$", re.MULTILINE)
_COMMAND: Final = re.compile(r"^\$ \.venv/bin/tenor (.+)$", re.MULTILINE)


def headings(language: str) -> list[str]:
    """The steps of a page."""
    return _HEADING.findall(PAGES[language].read_text("utf-8"))


def pictures(language: str) -> list[str]:
    """The pictures of a page, in their order."""
    return _IMAGE.findall(PAGES[language].read_text("utf-8"))


def commands(language: str) -> list[str]:
    """What a page has its reader ask of ``tenor``."""
    return _COMMAND.findall(PAGES[language].read_text("utf-8"))
