"""The translator: from a text, a label or an error to the words of a language."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenor.i18n.catalogues import Catalogue, catalogues_in
from tenor.i18n.given import Given
from tenor.kept import Kept
from tenor_sdk.declare import plugin_of
from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.i18n import Text
from tenor_sdk.values import Amount, Money, Rate

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_BASE: Final = "base"
_OWN: Final = Path(__file__).parents[1] / "translations"
_NOTHING: Final = Catalogue()


class Translator:
    """Words from the catalogue of a plugin, else from the kernel's, else as they stand in the code. Of an error also
    from those of the plugins that it needs: a driver refuses with the keys of its family."""

    def __init__(self) -> None:
        self._catalogues: dict[tuple[str, str], Catalogue] = {}
        self._kept: Kept | None = None
        self._needs: dict[str, tuple[str, ...]] = {}

    def attach(self, kernel: Kernel) -> None:
        """Read the catalogues of what is installed, whether or not it runs: the plugins page names all of it."""
        self._kept = Kept.of(kernel.settings)
        installed = kernel.loader.installed
        self._needs = {name: tuple(sorted(each.requires)) for name, each in installed.items()}
        for manifest in installed.values():
            self._add(manifest.name, manifest.folder / "translations")

    def load(self, declarations: Declarations) -> None:
        """Read the catalogues of the plugins."""
        for plugin in declarations.plugins:
            self._add(plugin.name, Path(plugin.folder) / "translations")

    def text(self, text: Text | str, language: str, plugin: str = _BASE) -> str:
        """A text in a language.

        Args:
            text: a marked text, with its values; or a message id, such as the title of a declaration.
            plugin: whose catalogue holds a message id; a ``Text`` knows its own.
        """
        if isinstance(text, str):
            return self._find(text, language, plugin)
        values = self._values(text.values, language)
        found = self._lookup(text.message, language, _plugin_of(text.module), text.values.get("n"))
        if found is None:
            plural = text.plural and text.values.get("n") != 1
            found = str(text.plural) if plural else text.message
        return _filled(found, values)

    def label(self, label: str, plugin: str, language: str) -> str:
        """A label of a declaration or column: English in the code, translated by its plugin."""
        return self._find(label, language, plugin)

    def error(self, error: TenorError, language: str) -> str:
        """What a refusal says to a person. Where no catalogue has its key, the key and its values themselves.

        What not every refusal of a key can tell has words of its own: ``error:<key>:<value>`` goes before
        ``error:<key>`` where there is such a value.
        """
        found = self._words_of(error, language)
        if found is None:
            return str(error)
        said = _filled(found, self._values(error.values, language))
        if isinstance(error, Invalid) and error.fields:
            fields = [f"{name}: {self.error(one, language)}" for name, one in error.fields.items()]
            return f"{said} {'; '.join(fields)}"
        return said

    def _words_of(self, error: TenorError, language: str) -> str | None:
        told = [f"error:{error.key}:{name}" for name, value in error.values.items() if value]
        for known in (language, "en"):
            for message in (*told, f"error:{error.key}"):
                found = self._lookup(message, known, error.plugin)
                if found is not None:
                    return found
        return None

    def has(self, message: str, language: str, plugin: str) -> bool:
        """Whether a catalogue holds a message id, the plugin's or the kernel's; for the check of translations."""
        return self._lookup(message, language, plugin) is not None

    def _find(self, message: str, language: str, plugin: str) -> str:
        if not message:
            return ""
        if isinstance(message, Given):
            return message.said(language)
        return self._lookup(message, language, plugin) or message

    def _lookup(self, message: str, language: str, plugin: str, n: object = None) -> str | None:
        hosts = self._hosts(plugin) if message.startswith("error:") else ()
        for name in dict.fromkeys((plugin, *hosts, _BASE)):
            if name == _BASE and language == "en" and not message.startswith("error:"):
                continue  # the kernel's English stands in its code, but for its errors
            found = self._catalogue(name, language).get(message, n)
            if found is not None:
                return found
        return None

    def _hosts(self, plugin: str) -> list[str]:
        """The plugins that one needs, the nearest first."""
        found = [plugin]
        for name in found:
            found += [each for each in self._needs.get(name, ()) if each not in found]
        return found[1:]

    def _catalogue(self, plugin: str, language: str) -> Catalogue:
        if plugin == _BASE and (plugin, language) not in self._catalogues:
            # a command says a sentence or two, in one language
            found = catalogues_in(_OWN, language, self._kept).get(language, _NOTHING)
            self._catalogues[plugin, language] = found
        return self._catalogues.get((plugin, language), _NOTHING)

    def _add(self, plugin: str, folder: Path) -> None:
        for language, catalogue in catalogues_in(folder, kept=self._kept).items():
            self._catalogues[plugin, language] = catalogue

    def _values(self, values: Mapping[str, object], language: str) -> dict[str, object]:
        return {name: self._value(value, language) for name, value in values.items()}

    def _value(self, value: object, language: str) -> object:
        """A value as it stands in a sentence: dates as figures, amounts with separators and in the unit that pages
        say, texts translated."""
        if isinstance(value, Text):
            return self.text(value, language)
        if isinstance(value, TenorError):
            return self.error(value, language)
        if isinstance(value, Money):
            unit = self._find(value.currency, language, _BASE)
            return f"{_grouped(value.amount.text(value.currency))} {unit}"
        if isinstance(value, Amount):
            return _grouped(value.text())
        if isinstance(value, Rate):
            return _percent(value)
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, enum.Enum):
            return str(value.value)
        return value


def _grouped(figure: str) -> str:
    """``20000000.00`` → ``20,000,000.00``."""
    whole, dot, rest = figure.partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{dot}{rest}"


def _percent(rate: Rate) -> str:
    """Exactly, with two decimals at least: ``4.35%``, ``0.0525%``."""
    whole, _dot, rest = f"{Decimal(rate.nano).scaleb(-7):.7f}".partition(".")
    return f"{whole}.{rest.rstrip('0').ljust(2, '0')}%"


def _filled(template: str, values: Mapping[str, object]) -> str:
    """A sentence with its places filled; a place without a value stays as it is, rather than break a page, and so does
    one that asks a value for what it hasn't."""
    try:
        return template.format(**values) if values else template
    except (LookupError, ValueError, AttributeError, TypeError):
        return template


def _plugin_of(module: str) -> str:
    try:
        return plugin_of(module)
    except ValueError:
        return _BASE
