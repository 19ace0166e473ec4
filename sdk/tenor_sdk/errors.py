"""The answers that aren't a yes. One tree, each with a key and values, never with prose built by hand.

::

    TenorError
    ├── Refused      422  a rule of the business says no, and why
    │   └── Blocked  422  a transition that guards refuse, with the list of what is missing
    ├── Invalid      422  what was handed in has errors, by field
    ├── Forbidden    403  this person may not do this with a record that they may see
    ├── NotFound     404  there is no such thing for this person
    └── Conflict     409  somebody else was first, or the record has changed since

The text that a person reads comes from the catalogue of the plugin that raised it, under the message id
``error:<key>``, with the values filled in. Tests assert on ``key``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from tenor_sdk.declare import caller, plugin_of

if TYPE_CHECKING:
    from tenor_sdk.workflow import Blocker


class TenorError(Exception):
    """An answer that a person can act on.

    Args:
        key: what went wrong, in words with dashes (``"limit-exceeded"``); stable, part of the API.
        values: what fills the places of the translated message.
    """

    status: ClassVar[int] = 422

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values: Mapping[str, object] = values
        self.module = caller().module

    @property
    def plugin(self) -> str:
        """The plugin whose catalogue holds the words; ``base`` where it was raised outside any plugin."""
        try:
            return plugin_of(self.module)
        except ValueError:
            return "base"

    def __str__(self) -> str:
        filled = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key} ({filled})" if filled else self.key


class Refused(TenorError):
    """A rule of the business says no: the person's request is understood and allowed, yet doesn't hold."""


class Blocked(Refused):
    """A transition that its guards refuse, with everything that blocks it at once."""

    def __init__(self, key: str, /, blockers: Sequence[Blocker] = (), **values: object) -> None:
        super().__init__(key, **values)
        self.blockers = tuple(blockers)


class Invalid(TenorError):
    """What was handed in has errors.

    Args:
        key: the error as a whole, by default ``"invalid"``.
        fields: for each field at fault its error, a ``TenorError`` whose key says which rule failed.
    """

    def __init__(
        self,
        key: str = "invalid",
        /,
        fields: Mapping[str, TenorError] | None = None,
        **values: object,
    ) -> None:
        super().__init__(key, **values)
        self.fields: Mapping[str, TenorError] = dict(fields or {})


class Forbidden(TenorError):
    """This person may not do this, with a record that they may see."""

    status = 403


class NotFound(TenorError):
    """For this person there is no such thing: it doesn't exist, or lies outside their rows."""

    status = 404


class Conflict(TenorError):
    """The record changed since it was read, or somebody else was first."""

    status = 409
