"""The gallery's two languages."""

from __future__ import annotations


class Words:
    """Picks one of two wordings: `w("客户", "Clients")`."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.tag = "zh-CN" if lang == "zh" else "en"

    def __call__(self, zh: str, en: str) -> str:
        """The wording in this gallery's language."""
        return zh if self.lang == "zh" else en
