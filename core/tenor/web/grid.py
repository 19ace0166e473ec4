"""What the rows of a list come to, laid out for a person: values along an axis in their order, the smallest folded into
one where there are too many, each with the way to the rows behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from tenor.web.axes import Along
from tenor_sdk.i18n import _
from tenor_sdk.values import Amount

if TYPE_CHECKING:
    from tenor.records.filters import Tree
    from tenor.records.totals import Total
    from tenor.web.show import Show


@dataclass(frozen=True)
class Step:
    """One value along an axis, or all that were folded into one.

    Args:
        values: of the axis.
        test: what holds for its rows.
    """

    label: str
    values: frozenset[Any]
    test: Tree


def steps_of(along: Along, totals: Sequence[Total], place: int, most: int) -> list[Step]:
    """The values along an axis that are shown: all, or the largest and the rest."""
    values = along.ordered(totals, place)
    filled = [value for value in values if value is not None]
    rest: list[Any] = []
    if len(filled) > most:
        sizes: dict[Any, int] = dict.fromkeys(filled, 0)
        for one in totals:
            if one.values[place] is not None:
                sizes[one.values[place]] = sizes.get(one.values[place], 0) + one.count
        kept = set(sorted(filled, key=lambda value: -sizes[value])[: most - 1])
        rest = [value for value in filled if value not in kept]
        values = [value for value in values if value is None or value in kept]
    labels = along.labels(values)
    steps = [Step(labels[value], frozenset((value,)), along.test(value)) for value in values]
    if rest:
        shown = [value for value in values if value is not None]
        test = along.rest(shown)
        label = along.show.say(_("Others ({n})", n=len(rest)))
        at = len(steps) - (None in values)
        steps.insert(at, Step(label, frozenset(rest), test))
    return steps


class Measure:
    """What is counted or added up: the figure of some rows, and how it is written."""

    def __init__(self, show: Show, place: int | None, currency: str) -> None:
        self.show, self.place, self.currency = show, place, currency

    def of(self, one: Total) -> int:
        """The figure of some rows: a count, or minor units; none of another currency's."""
        if self.place is None:
            return one.count
        return one.sums[self.place].minor if one.currency == self.currency else 0

    def table(self, totals: Sequence[Total], *axes: Sequence[Step]) -> dict[tuple[int, ...], int]:
        """The figures by the numbers of their steps along each axis; each total is looked at once."""
        numbers = [
            {value: number for number, step in enumerate(steps) for value in step.values}
            for steps in axes
        ]
        figures = dict.fromkeys(product(*(range(len(steps)) for steps in axes)), 0)
        for one in totals:
            cell = tuple(known[value] for known, value in zip(numbers, one.values, strict=True))
            figures[cell] += self.of(one)
        return figures

    def text(self, figure: int) -> str:
        """As a page shows it."""
        if self.place is None:
            return str(self.show.number(figure)["text"])
        return self.show.amount_text(Amount(figure), self.currency)

    def exact(self, figure: int) -> str:
        """As a file has it: no separators, in the currency's own unit."""
        return str(figure) if self.place is None else Amount(figure).text(self.currency)

    def plotted(self, figure: int) -> str:
        """As a chart draws it: in the unit that the page shows."""
        if self.place is None:
            return str(figure)
        text = self.show.amount_text(Amount(figure), self.currency)
        return text.replace(",", "").replace("\u2212", "-")

    @property
    def unit(self) -> str:
        """The unit of the figures; empty of counts."""
        if self.place is None:
            return ""
        return self.show.unit if self.currency == "CNY" else self.currency


def currencies(totals: Sequence[Total], place: int | None) -> list[str]:
    """The currencies of which there is a sum each; one empty text where rows are counted."""
    return [""] if place is None else sorted({one.currency for one in totals})
