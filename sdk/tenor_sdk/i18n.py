"""Texts that a person reads. English stands in the code and is the message id; catalogues hold the rest.

A plugin's catalogues are ``translations/<language>.po`` inside its package, read at start. Titles and labels of
declarations are translated by the kernel when shown; mark other texts with ``_`` so that they are found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenor_sdk.declare import caller
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context


@dataclass(frozen=True)
class Text:
    """A text to be translated when it is shown, to the language of whoever reads it.

    Args:
        message: English, with ``{places}``; the message id.
        values: what fills the places: strings, numbers, dates, amounts, and texts again.
        plural: the English plural; then ``values["n"]`` chooses.
        module: where it was written: its plugin's catalogue holds the words.
    """

    message: str
    values: dict[str, object] = field(default_factory=dict, hash=False)
    plural: str | None = None
    module: str = field(default_factory=lambda: caller().module)

    def __str__(self) -> str:
        source = self.plural if self.plural and self.values.get("n") != 1 else self.message
        return source.format(**self.values) if self.values else source


def _(message: str, /, **values: object) -> Text:
    """Mark a text for translation: ``_("{n} days late", n=3)``."""
    return Text(message, values)


def ngettext(singular: str, plural: str, n: int, /, **values: object) -> Text:
    """A text that depends on a count: ``ngettext("{n} day", "{n} days", 3)``."""
    return Text(singular, {**values, "n": n}, plural)


def in_words(ctx: Context, text: Text, language: str = "") -> str:
    """A text in the language of whoever acts, for what is kept as it was said; what is shown later stays a ``Text``.

    Args:
        language: of somebody else, who is told it.
    """
    return port_of(ctx).text(ctx, text, language)
