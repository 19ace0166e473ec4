"""The words of a filter: what somebody types for a value of a field, read exactly, as the span that it stands for.

A day of a field of instants is the time from its midnight to the next; ``this-month`` is a span of days; an amount
is exact, so that half a fen lies between two whole ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, Final

from tenor.access.records import Unit, User
from tenor.db.numbers import BEYOND
from tenor.records.schema import read
from tenor.records.specs import FieldSpec
from tenor_sdk.errors import Invalid
from tenor_sdk.fields import FieldInfo
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.values import Amount, Rate, exponent

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: who asks, and the unit that they are of
ME: Final = "me"
MY_UNIT: Final = "my-unit"
#: Python turns no more than 4,300 digits into a number; no column holds more than 19
_LONGEST_FIGURE: Final = 100
_FIGURE: Final = re.compile(r"([+\-\u2212]?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*([万亿]?)", re.ASCII)
_UNITS: Final = {"": 1, "万": 10**4, "亿": 10**8}
_FROM_TODAY: Final = re.compile(r"today(?:([+-])(\d{1,5})d)?", re.ASCII)
_SPAN: Final = re.compile(r"(last|this|next)-(week|month|quarter|year)")
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER: Final = re.compile(r"(\d{4})-q([1-4])", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_STATE: Final = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_PLACES: Final = (0, 2, 3)
_YES: Final = ("true", "yes", "on", "1")
_NO: Final = ("false", "no", "off", "0")
_EARLIER: Final = {"last": -1, "this": 0, "next": 1}


@dataclass(frozen=True)
class Bounds:
    """The span that a word stands for, both ends in it; empty where ``first`` lies after ``last``.

    Args:
        first, last: in the field's type; of an amount whose row says its currency, by decimal places.
    """

    first: Any
    last: Any

    @property
    def is_plain(self) -> bool:
        """Whether it is one value."""
        return not isinstance(self.first, Mapping) and self.first == self.last


class Words:
    """Reads the words of one person."""

    def __init__(self, ctx: KernelContext) -> None:
        self.ctx = ctx
        self.readers: Mapping[str, Callable[[FieldSpec, type[Record], str], Bounds]] = {
            "amount": self._amount,
            "rate": self._rate,
            "date": self._date,
            "time": self._time,
            "integer": self._integer,
            "boolean": self._boolean,
            "choice": self._choice,
            "state": self._state,
            "link": self._link,
            "file": self._link,
        }

    def bounds(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        """What a word stands for.

        Args:
            kind: the record whose field it is.

        Raises:
            Invalid: what is wrong with it.
        """
        reader = self.readers.get(spec.kind)
        return _one(_text(word)) if reader is None else reader(spec, kind, word)

    def key(self, spec: FieldSpec, kind: type[Record], word: str) -> str:
        """A word as everybody writes it: of a choice, state or yes-or-no its key; of all else as it stands."""
        bounds = self.bounds(spec, kind, word)
        if spec.kind == "boolean":
            return "true" if bounds.first else "false"
        if spec.kind in ("choice", "state"):
            return str(getattr(bounds.first, "value", bounds.first))
        return word

    def is_label(self, spec: FieldSpec, name: str) -> bool:
        """Whether the person knows a field under this name."""
        label = self.ctx.kernel.translator.text(spec.label, self.ctx.actor.language, spec.plugin)
        return label.casefold() == name.casefold()

    # -- figures ----------------------------------------------------------------------------------------------------

    def _amount(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        value = _figure(word, "not-an-amount")
        if kind.__currency__ in kind.__mapper__.column_attrs:
            ends = {places: _minor(word, value * 10**places) for places in _PLACES}
            return Bounds(
                {places: one.first for places, one in ends.items()},
                {places: one.last for places, one in ends.items()},
            )
        return _minor(word, value * 10 ** exponent(kind.__currency__))

    def _rate(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        text = word.strip()
        percent = text.endswith(("%", "％"))
        rate = Rate.percent(text[:-1].rstrip()) if percent else Rate.of(text)
        if abs(rate.nano) >= BEYOND:
            raise Invalid("not-a-rate", None, value=word)
        return _one(rate)

    def _integer(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        value = _figure(word, "not-a-whole-number")
        if value.denominator != 1 or abs(value) >= BEYOND:
            raise Invalid("not-a-whole-number")
        return _one(int(value))

    # -- days -------------------------------------------------------------------------------------------------------

    def _date(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        return self._days(word)

    def _time(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        if "T" in word or ":" in word:
            return _one(_read(spec, word))
        days, zone = self._days(word), self.ctx.kernel.clock.zone
        try:
            first = datetime.combine(days.first, time(), zone).astimezone(UTC)
            end = datetime.combine(days.last + timedelta(days=1), time(), zone).astimezone(UTC)
        except OverflowError:
            raise Invalid("not-a-time") from None
        return Bounds(first, end - timedelta(microseconds=1))

    def _days(self, word: str) -> Bounds:
        text = word.strip().lower()
        try:
            if found := _FROM_TODAY.fullmatch(text):
                away = timedelta(days=int(found[2] or 0))
                return _one(self.ctx.today - away if found[1] == "-" else self.ctx.today + away)
            if found := _SPAN.fullmatch(text):
                return _span(self.ctx.today, found[2], _EARLIER[found[1]])
            if found := _MONTH.fullmatch(text):
                return _months(int(found[1]) * 12 + int(found[2]) - 1, 1)
            if found := _QUARTER.fullmatch(text):
                return _months(int(found[1]) * 12 + int(found[2]) * 3 - 3, 3)
            if _YEAR.fullmatch(text):
                return _months(int(text) * 12, 12)
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
                raise ValueError
            return _one(date.fromisoformat(text))
        except (ValueError, OverflowError):
            raise Invalid("not-a-day", None, value=word[:40]) from None

    # -- choices ----------------------------------------------------------------------------------------------------

    def _boolean(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        said = word.strip().casefold()
        if said in _YES or said == self._say(_("Yes")):
            return _one(True)
        if said in _NO or said == self._say(_("No")):
            return _one(False)
        raise Invalid("not-a-yes-or-no")

    def _choice(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        said = word.strip()
        keys = [key for key, _label in spec.choices]
        if said not in keys:
            labelled = [
                key
                for key, label in spec.choices
                if self._say(label, spec.plugin) == said.casefold()
            ]
            if not labelled:
                raise Invalid("not-a-choice", None, value=word[:40], choices=", ".join(keys))
            said = labelled[0]
        return _one(spec.enum(said) if spec.enum else said)

    def _state(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        """A state of the workflow; one that no plugin has any more may still be a case's."""
        said = word.strip()
        flow = self.ctx.kernel.workflow.flow(kind)
        states = flow.states if flow is not None else {}
        if said not in states:
            called = [
                key
                for key, state in states.items()
                if self._say(state.title, state.plugin) == said.casefold()
            ]
            if not called and not _STATE.fullmatch(said):
                raise Invalid("not-a-choice", None, value=word[:40], choices=", ".join(states))
            said = called[0] if called else said
        return _one(said)

    def _link(self, spec: FieldSpec, kind: type[Record], word: str) -> Bounds:
        said = word.strip().lower()
        if said == ME and spec.target is User:
            return _one(self.ctx.actor.id)
        if said == MY_UNIT and spec.target is Unit:
            return _one(self.ctx.actor.unit_id or 0)  # which no unit has
        return _one(_read(spec, word))

    def _say(self, label: Any, plugin: str = "base") -> str:
        text = self.ctx.kernel.translator.text(label, self.ctx.actor.language, plugin)
        return text.casefold()


def _one(value: Any) -> Bounds:
    return Bounds(value, value)


def _text(word: str) -> str:
    if "\0" in word:
        raise Invalid("control-characters")
    return word


def _figure(word: str, key: str) -> Fraction:
    """A figure as people write it, with 万 and 亿, exactly."""
    found = _FIGURE.fullmatch(word.strip()) if len(word) <= _LONGEST_FIGURE else None
    if found is None:
        raise Invalid(key, None, value=word[:40])
    sign, whole, decimals, unit = found.groups()
    value = Fraction(whole.replace(",", "") + (decimals or "")) * _UNITS[unit]
    return -value if sign in ("-", "\u2212") else value


def _minor(word: str, value: Fraction) -> Bounds:
    if abs(value) >= BEYOND:
        raise Invalid("not-an-amount", None, value=word[:40])
    return Bounds(Amount(ceil(value)), Amount(floor(value)))


def _read(spec: FieldSpec, word: str) -> Any:
    """As the API reads it, without the bounds and checks of what is handed in."""
    from dataclasses import replace

    lenient = replace(spec, required=False, info=FieldInfo())
    try:
        value = read([lenient], {spec.key: word}, style="api", partial=True)[spec.key]
    except Invalid as error:
        raise error.fields.get(spec.key, error) from None
    if value is None:
        raise Invalid("required")
    return value


def _span(today: date, unit: str, away: int) -> Bounds:
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=away)
        return Bounds(monday, monday + timedelta(days=6))
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    month = today.year * 12 + today.month - 1
    return _months(month // length * length + away * length, length)


def _months(first: int, length: int) -> Bounds:
    """So many months from one on, counted from the year 0."""
    end = first + length
    start = date(first // 12, first % 12 + 1, 1)
    if end // 12 > date.max.year:
        return Bounds(start, date.max)
    return Bounds(start, date(end // 12, end % 12 + 1, 1) - timedelta(days=1))
