"""What pages say in a language, asked for by the English of the code."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tenor.i18n.catalogues import Catalogue, catalogues_in

PLUGINS: Final = ("customers", "credit", "origination", "documents", "esign_ca", "loans")


class Words:
    """The catalogues of the kernel and the bundled plugins in one language.

    Args:
        language: ``zh-CN`` or ``en``.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogues = {name: _catalogue(name, language) for name in ("", *PLUGINS)}

    def __call__(self, message: str, plugin: str = "", /, **values: object) -> str:
        """The words for a message of the code.

        Args:
            plugin: whose words they are; where it is empty the kernel's, else those of whichever plugin has them.

        Raises:
            AssertionError: it has no translation, or several.
        """
        found = self._in((plugin,), message)
        if not plugin and not found:
            found = self._in(PLUGINS, message)
        if not found and self.language == "en":
            found = {message}
        assert len(found) == 1, f"{message!r} in {self.language}: {sorted(found)}"
        said = found.pop()
        return said.format(**values) if values else said

    def within(self, label: str) -> str:
        """A label as it stands within a sentence: English begins it small."""
        return label[:1].lower() + label[1:] if self.language == "en" else label

    def _in(self, plugins: Iterable[str], message: str) -> set[str]:
        return {text for name in plugins if (text := self._catalogues[name].get(message))}


def _catalogue(plugin: str, language: str) -> Catalogue:
    spec = find_spec(f"tenor_{plugin}" if plugin else "tenor")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "translations"
    return catalogues_in(folder).get(language, Catalogue()) if folder.is_dir() else Catalogue()
