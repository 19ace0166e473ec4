"""Words that an institution gave itself, in its languages; no catalogue holds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self


class Given(str):
    """A label that somebody typed in more than one language; where no language is asked for it is the first."""

    __slots__ = ("_words",)
    _words: Mapping[str, str]

    def __new__(cls, words: Mapping[str, str]) -> Self:
        """Words by language; an empty one falls back on the first that isn't."""
        made = super().__new__(cls, next((text for text in words.values() if text), ""))
        made._words = dict(words)
        return made

    def said(self, language: str) -> str:
        """It in a language, or as it is."""
        return self._words.get(language) or str(self)
