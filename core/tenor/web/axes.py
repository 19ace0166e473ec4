"""Axes of boards, charts and pivots before a person: which values there are, what they are called, which rows are
behind one of them."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tenor.records.conditions import Conditions, Joins
from tenor.records.totals import Axis
from tenor.views.columns import key_of
from tenor.web.chips import value_labels
from tenor_sdk.i18n import _
from tenor_sdk.looks import Per

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records.filters import Tree
    from tenor.records.totals import Total
    from tenor.web.show import Show
    from tenor_sdk.records import Record

#: what a grade is made of: its letters, and a plus or minus
_GRADE: Final = re.compile(r"([A-D])\1{0,2}([+-]*)")


class Along:
    """One axis for one person.

    Args:
        given: as it is declared.

    Raises:
        Invalid: ``unknown-filter``: the person may not know it.
    """

    def __init__(self, ctx: KernelContext, show: Show, record: type[Record], given: Any) -> None:
        self.ctx, self.show, self.record = ctx, show, record
        per = given if isinstance(given, Per) else None
        self.axis = Axis(key_of(per.of if per else given), per.step if per else "")
        self.place = Conditions(ctx, record, Joins(record)).place(self.axis.field)
        self.spec = self.place.spec

    @property
    def label(self) -> str:
        """What the axis is called."""
        label = self.show.label(self.spec)
        steps = {
            "month": _("{date} by month", date=label),
            "quarter": _("{date} by quarter", date=label),
            "year": _("{date} by year", date=label),
        }
        return self.show.say(steps[self.axis.step]) if self.axis.step in steps else label

    def declared(self) -> list[Any]:
        """The values that it always has, in their order: states and choices, as addresses hold them."""
        flow = self.ctx.kernel.workflow.flow(self.place.kind)
        if self.spec.kind == "state" and flow is not None:
            return list(flow.states)
        return [value for value, _label in self.spec.choices]

    def ordered(self, totals: Sequence[Total], place: int = 0) -> list[Any]:
        """The values that rows have: as they are declared, by their time, or the greatest first; none at the end."""
        sizes: dict[Any, int] = {}
        for one in totals:
            value = one.values[place]
            sizes[value] = sizes.get(value, 0) + one.count
        values = [value for value in sizes if value is not None]
        declared = {value: number for number, value in enumerate(self.declared())}
        if declared:
            values.sort(key=lambda value: declared.get(raw(value), len(declared)))
        elif self.axis.step:
            values = self._without_gaps(sorted(values))
        elif self.spec.info.widget == "rating":
            values.sort(key=lambda value: _grade(str(value)))
        else:
            values.sort(key=lambda value: (-sizes[value], str(value)))
        return [*values, *([None] if None in sizes else [])]

    def _without_gaps(self, days: list[date]) -> list[date]:
        """All steps from the first to the last, unless these lie too far apart to be drawn."""
        if not days or len(days) < 2:
            return days
        made = [days[0]]
        while made[-1] < days[-1] and len(made) < _MOST_STEPS:
            made.append(self.axis.next(made[-1]))
        return made if made[-1] >= days[-1] else days

    def labels(self, values: Iterable[Any]) -> Mapping[Any, str]:
        """What each value is called."""
        wanted = list(values)
        none = {None: self.show.say(_("None"))} if None in wanted else {}
        filled = [value for value in wanted if value is not None]
        if self.axis.step:
            return {**{value: self._step(value) for value in filled}, **none}
        raws = [raw(value) for value in filled]
        told = value_labels(self.ctx, self.show, self.place.kind, self.spec, raws)
        empty = self.show.say(_("None"))
        return {**{value: told.get(raw(value)) or raw(value) or empty for value in filled}, **none}

    def _step(self, first: date) -> str:
        if self.axis.step == "year":
            return str(first.year)
        if self.axis.step == "quarter":
            return f"{first.year} Q{(first.month + 2) // 3}"
        return f"{first.year}-{first.month:02d}"

    def test(self, value: Any) -> Any:
        """What holds for the rows of a value, as a filter."""
        if value == "":
            value = None
        return self.axis.test(value, raw(value))

    def rest(self, values: Sequence[Any]) -> Tree:
        """What holds for the rows of any value but these, as a filter."""
        words = self.axis.words(values) if self.axis.step else [raw(value) for value in values]
        return self.axis.rest(words)


#: steps of a time axis of which those without rows are shown too
_MOST_STEPS: Final = 120


def raw(value: Any) -> str:
    """A value as an address holds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, enum.Enum) else str(value)


def _grade(text: str) -> tuple[str, int, int, str]:
    """AAA before AA, A++ before A+ before A, A before B."""
    found = _GRADE.fullmatch(text)
    if found is None:
        return "~", 0, 0, text
    more = found[2].count("+") - found[2].count("-")
    return found[1], -text.count(found[1]), -more, text
