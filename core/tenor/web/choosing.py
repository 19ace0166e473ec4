"""Which fields a page has where some are there only while another one has some value."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import request

from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.views.merge import ShownForm
    from tenor.web.show import Show
    from tenor.web.typed import Typed

#: by this name a form says that it is only to be shown again, with the fields of what was chosen
SHOW_AGAIN = "_show"


def plain(value: Any) -> str:
    """A value as ``Only`` names it."""
    raw = value.value if isinstance(value, enum.Enum) else value
    return "" if raw is None else str(raw)


class Choosing:
    """What of a form is asked for, by what is typed or stands.

    Args:
        value: what stands in a field that wasn't typed.
    """

    def __init__(
        self, form: ShownForm, show: Show, typed: Typed | None, value: Callable[[str], Any]
    ) -> None:
        self._form, self._show, self._typed, self._value = form, show, typed, value
        self._by = {by for by, _values in form.only.values()}

    def asks_for(self, key: str) -> bool:
        """Whether a field is asked for; what is wrong is shown in any case."""
        wrong = self._typed is not None and key in self._typed.errors
        return wrong or self._form.has(key, self._now)

    def _now(self, key: str) -> str:
        if self._typed is not None and key in self._typed.values:
            return self._typed.text(key)
        return plain(self._value(key))

    def mark(self, made: dict[str, Any]) -> dict[str, Any]:
        """An input by which others go, with the button that shows the form again."""
        name = made["name"]
        if name in self._by:
            label = self._show.say(_("Show its fields"))
            made["again"] = {"name": SHOW_AGAIN, "value": name, "label": label}
            made["autofocus"] = request.form.get(SHOW_AGAIN) == name
        return made
