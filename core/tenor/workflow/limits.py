"""Which lines of an authority cover a case, and whether the votes reach one of them.

Pure: lines, figures and votes are handed in. The order of lines says nothing, and neither does who asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenor.events.wire import from_json, to_json
from tenor_sdk.authority import Dimension, LimitValue, Measure
from tenor_sdk.i18n import Text
from tenor_sdk.values import Money


@dataclass(frozen=True)
class LineSpec:
    """A line of an authority as a value.

    Args:
        position: whose holders decide.
        people: how many distinct people it takes.
        among: a position of which one of them must be.
        limits: by the name of their dimension, in the order of these names.
    """

    position: str
    people: int = 1
    among: str = ""
    limits: tuple[tuple[str, LimitValue], ...] = ()

    @property
    def positions(self) -> frozenset[str]:
        """Whose holders may take part."""
        return frozenset((self.position, self.among)) - {""}

    def content(self) -> dict[str, Any]:
        """As JSON."""
        limits = {
            name: list(limit) if isinstance(limit, tuple) else to_json(limit)
            for name, limit in self.limits
        }
        return {
            "position": self.position,
            "people": self.people,
            "among": self.among,
            "limits": limits,
        }


def line_of(content: Mapping[str, Any]) -> LineSpec:
    """The line that ``content`` was written of."""
    return line(content["position"], content["people"], content["among"], {
        name: tuple(limit) if isinstance(limit, list) else from_json(limit)
        for name, limit in content["limits"].items()
    })  # fmt: skip


def line(position: str, people: int, among: str, limits: Mapping[str, LimitValue]) -> LineSpec:
    """A line whose limits stand in their one order."""
    return LineSpec(position, people, among, tuple(sorted(limits.items())))


def in_order(lines: Iterable[LineSpec]) -> list[LineSpec]:
    """Lines in an order of their own, however they were entered: who needs fewer people first."""
    return sorted(lines, key=_rank)


def _rank(one: LineSpec) -> tuple[int, str, str, str]:
    return one.people, one.position, one.among, str(one.content()["limits"])


@dataclass(frozen=True)
class Figure:
    """What a dimension says of a case.

    Args:
        value: None where it isn't known.
        lacks: why it isn't known.
        converted: money, in the other currencies of limits, where somebody converts it.
    """

    value: Money | int | str | None
    lacks: Text | None = None
    converted: Mapping[str, Money] = field(default_factory=dict)


@dataclass(frozen=True)
class Cover:
    """What the lines of an authority say of one case.

    Args:
        lines: those that cover it, in their order.
        unknown: the dimensions with limits whose figure isn't known. Then only a line without any limit covers.
    """

    lines: tuple[LineSpec, ...]
    unknown: tuple[str, ...] = ()

    def for_positions(self, held: Iterable[str]) -> list[LineSpec]:
        """The lines under which somebody with these positions may vote."""
        mine = frozenset(held)
        return [one for one in self.lines if one.positions & mine]

    @property
    def positions(self) -> list[str]:
        """Whose holders may vote, in the order of the lines."""
        return list(dict.fromkeys(each for one in self.lines for each in sorted(one.positions)))


def cover(
    lines: Sequence[LineSpec], dimensions: Sequence[Dimension], figures: Mapping[str, Figure]
) -> Cover:
    """The lines that cover a case. A greater figure or a lower limit never brings one in."""
    known = {each.name: each for each in dimensions}
    limited = {name for one in lines for name, _limit in one.limits}
    unknown = tuple(
        sorted(
            name
            for name in limited
            if name not in known or name not in figures or figures[name].value is None
        )
    )
    covering = [
        one
        for one in in_order(lines)
        if (not one.limits if unknown else _covers(one, known, figures))
    ]
    return Cover(tuple(covering), unknown)


def _covers(one: LineSpec, known: Mapping[str, Dimension], figures: Mapping[str, Figure]) -> bool:
    return all(within(known[name], limit, figures[name]) for name, limit in one.limits)


def within(dimension: Dimension, limit: LimitValue, figure: Figure) -> bool:
    """Whether a figure is within a limit: exactly the limit is. What can't be compared isn't."""
    value = figure.value
    if dimension.kind is Measure.MONEY and isinstance(limit, Money):
        money = in_currency(figure, limit.currency)
        return money is not None and money.minor <= limit.minor
    if dimension.kind is Measure.MONTHS and isinstance(limit, int):
        return isinstance(value, int) and value <= limit
    if dimension.kind is Measure.GRADE:
        order = list(dimension.order)
        return value in order and limit in order and order.index(value) <= order.index(limit)
    return isinstance(limit, tuple) and value in limit


def in_currency(figure: Figure, currency: str) -> Money | None:
    """A figure in a currency; None where nobody converts it."""
    value = figure.value
    if isinstance(value, Money) and value.currency == currency:
        return value
    return figure.converted.get(currency)


# -- votes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reached:
    """How far votes have come under one line.

    Args:
        votes: how many of its people agree.
        left: how many are wanted still.
    """

    line: LineSpec
    votes: int
    left: int


def reached(covering: Cover, votes: Mapping[int, frozenset[str]]) -> Reached | None:
    """The line that votes have reached, or are nearest to; None where no line covers the case.

    Args:
        votes: for each person the positions with which they voted.
    """
    ways = [_under(one, votes) for one in covering.lines]
    return min(ways, key=lambda way: (way.left, _rank(way.line)), default=None)


def _under(one: LineSpec, votes: Mapping[int, frozenset[str]]) -> Reached:
    of_it = [held for held in votes.values() if held & one.positions]
    wanting = one.among and not any(one.among in held for held in of_it)
    left = max(one.people - len(of_it), 1 if wanting else 0)
    return Reached(one, min(len(of_it), one.people), left)
