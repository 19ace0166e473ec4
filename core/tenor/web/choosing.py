"""Which fields a page has, asks for and leaves as they are, where that goes by what stands in others."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import request

from tenor.records.rules import Rule
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec
    from tenor.views.merge import ShownForm
    from tenor.web.show import Show
    from tenor.web.typed import Typed

#: by this name a form says that it is only to be shown again, with the fields of what was chosen
SHOW_AGAIN = "_show"


def plain(value: Any) -> str:
    """A value as ``Only`` names it."""
    raw = value.value if isinstance(value, enum.Enum) else value
    return "" if raw is None else str(raw)


def meant(spec: FieldSpec | None, given: Any, currency: str) -> Any:
    """The value that was given as it would be saved; None where what was typed can't be read.

    Args:
        spec: of the field; None of one that the person may not give.
        given: a text that was typed, or a value that stands there.
        currency: of amounts.
    """
    if spec is None or not isinstance(given, str):
        return given
    try:
        return Rule(spec, "form", currency, required=False).value(given)
    except TenorError:
        return None


class Choosing:
    """What of a form is asked for, by what is typed or stands.

    Args:
        ctx: whose form it is.
        typed: what was typed.
        value: what stands in a field that wasn't typed.
        writable: the fields that the person may give, by key: of others nothing counts that was sent.
        currency: of amounts.
    """

    def __init__(
        self,
        ctx: KernelContext,
        show: Show,
        form: ShownForm,
        typed: Typed | None,
        value: Callable[[str], Any],
        writable: Mapping[str, FieldSpec],
        currency: str,
    ) -> None:
        self._form, self._show, self._typed, self._value = form, show, typed, value
        self._writable, self._currency = writable, currency
        whens, kind = ctx.kernel.expressions.whens, form.record
        self._by = {by for by, _values in form.only.values()}
        self._by |= {name for one in whens.of(kind) for name in one.moved_by}
        self.standing = whens.standing(ctx, kind, self._meant)
        #: whether what the form has may change while it is filled in
        self.moves = bool(self._by)

    def asks_for(self, key: str) -> bool:
        """Whether a field is asked for; what is wrong is shown in any case."""
        wrong = self._typed is not None and key in self._typed.errors
        return wrong or (key not in self.standing.hidden and self._form.has(key, self._now))

    def _now(self, key: str) -> str:
        if self._typed is not None and key in self._typed.values:
            return self._typed.text(key)
        return plain(self._value(key))

    def _meant(self, key: str) -> Any:
        """The value of a field as it would be saved; None where what was typed can't be read."""
        typed, spec = self._typed, self._writable.get(key)
        given = typed.values.get(key) if typed is not None and spec is not None else None
        return meant(spec, self._value(key) if given is None else given, self._currency)

    def mark(self, made: dict[str, Any]) -> dict[str, Any]:
        """An input by which others go, with the button that shows the form again; one that is asked for or stays as it
        is by others."""
        name = made["name"]
        if name in self.standing.required and made["kind"] != "masked":
            made["required"] = True
        if self.moves:
            made["part"] = name
        if name in self._by and made["kind"] != "fixed":
            label = self._show.say(_("Show its fields"))
            made["again"] = {"name": SHOW_AGAIN, "value": name, "label": label}
            made["autofocus"] = request.form.get(SHOW_AGAIN) == name
        return made
