"""Where a command runs: the settings, the language of whoever typed it, and a kernel for as long as it is needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tenor.loader.failures import BootError
from tenor.loader.state import read_state
from tenor.sweeping import unswept
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.i18n import Translator
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings


@dataclass
class Place:
    """Settings, words and output of one command.

    Args:
        settings: of this place.
        translator: the kernel's words; a booted kernel's knows the plugins' too.
        language: of the person.
    """

    settings: KernelSettings
    translator: Translator
    language: str
    last_translator: ClassVar[Translator | None] = None

    def text(self, text: Text | str) -> str:
        """In the person's language."""
        return self.translator.text(text, self.language)

    def say(self, text: Text | str = "") -> None:
        """Print a line."""
        print(self.text(text), flush=True)

    def table(self, heads: Sequence[Text | str], rows: Sequence[Sequence[Text | str]]) -> None:
        """Print columns, as wide as they need to be; Chinese characters count double."""
        lines = [[self.text(cell) for cell in row] for row in (heads, *rows)]
        widths = [max(_width(line[column]) for line in lines) for column in range(len(heads))]
        for line in lines:
            cells = (_padded(cell, width) for cell, width in zip(line, widths, strict=True))
            print("  ".join(cells).rstrip(), flush=True)

    @contextmanager
    def kernel(self, announce: Callable[[str], None] | None = None) -> Iterator[Kernel]:
        """The institution of this place, started for one command."""
        self.there_is_one()
        with unswept():
            from tenor.boot import boot

            kernel = boot(self.settings, announce=announce)
        self.translator = kernel.translator
        Place.last_translator = kernel.translator
        try:
            yield kernel
        finally:
            kernel.db.dispose()

    def there_is_one(self) -> None:
        """Whether there is an institution.

        Raises:
            BootError: there is none, or its database can't be reached.
        """
        if not read_state(self.settings.database).generation:
            raise BootError(_("There is no institution here yet; tenor init makes one."))

    @contextmanager
    def acting(self, login: str, *, write: bool) -> Iterator[KernelContext]:
        """A context of this user; ``system`` is the kernel itself, for whoever can read its database anyhow."""
        from tenor.loader.stage import actor_of

        with self.kernel() as kernel, kernel.context(actor_of(kernel, login), write=write) as ctx:
            yield ctx


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
