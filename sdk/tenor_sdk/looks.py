"""Other ways to look at a list: as a board, a calendar, a chart, a graph, a pivot. Each shows the rows of its list as
the viewer narrowed it, of their own rows; what is hidden from or masked for somebody is neither an axis nor a sum for
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tenor_sdk.declare import Declaration, caller

Step = Literal["month", "quarter", "year"]


@dataclass(frozen=True)
class Per:
    """The months, quarters or years of a date, or of an instant where the institution is; see ``per_month``."""

    of: Any
    step: Step


def per_month(day: Any) -> Per:
    """The months of a date: ``ChartView(per_month(Loan.maturity))``."""
    return Per(day, "month")


def per_quarter(day: Any) -> Per:
    """The quarters of a date."""
    return Per(day, "quarter")


def per_year(day: Any) -> Per:
    """The years of a date."""
    return Per(day, "year")


@dataclass(frozen=True, eq=False, init=False)
class BoardView(Declaration):
    """A column for each state or choice, with a card for each row: ``BoardView(Application.state)``.

    A card is moved by a transition that leads to the other state, of a choice by changing the record: whoever may not
    do that by its page may not do it here.

    Args:
        by: the state of the record's workflow, or a choice of it.
        shows: columns of the list that a card has, beside the one by which a row is known; by default the next three.
        sums: amounts that each column adds up, for each currency.
        title: in the list's switch; by default "Board".
    """

    by: Any
    shows: tuple[Any, ...]
    sums: tuple[Any, ...]
    title: str

    def __init__(
        self, by: Any, *, shows: Sequence[Any] = (), sums: Sequence[Any] = (), title: str = ""
    ) -> None:
        _set(self, by=by, shows=tuple(shows), sums=tuple(sums), title=title)


@dataclass(frozen=True, eq=False, init=False)
class CalendarView(Declaration):
    """The rows on their days, by the month or the week: ``CalendarView(Loan.next_due)``.

    Args:
        on: a date of the record, or an instant, which stands on its day where the institution is, with its time.
        shows: columns of the list that stand on the day, in place of what a row is known by; one is read easily.
        sums: amounts that each day adds up, for each currency.
        title: in the list's switch; by default "Calendar".
    """

    on: Any
    shows: tuple[Any, ...]
    sums: tuple[Any, ...]
    title: str

    def __init__(
        self, on: Any, *, shows: Sequence[Any] = (), sums: Sequence[Any] = (), title: str = ""
    ) -> None:
        _set(self, on=on, shows=tuple(shows), sums=tuple(sums), title=title)


@dataclass(frozen=True, eq=False, init=False)
class ChartView(Declaration):
    """How many rows there are of each value, or what they sum up to: ``ChartView(per_month(Loan.maturity))``.

    Args:
        by: a choice, a state, a link, a yes or no, or the months of a date.
        sum: an amount that is added up, for each currency a chart of its own; None: the rows are counted.
        kind: ``bar``, or ``line`` over months, quarters and years.
        title: in the list's switch; by default "Chart".
    """

    by: Any
    sum: Any
    kind: Literal["bar", "line"]
    title: str

    def __init__(
        self, by: Any, *, sum: Any = None, kind: Literal["bar", "line"] = "bar", title: str = ""
    ) -> None:
        _set(self, by=by, sum=sum, kind=kind, title=title)


@dataclass(frozen=True, eq=False, init=False)
class GraphView(Declaration):
    """Who is linked to whom: ``GraphView(Stake.holder_id, Stake.held_id, kind=Stake.kind, share=Stake.share)``, where
    each row is a link, or ``GraphView(Company, Company.parent_id)``, where each row is what is linked.

    A link is drawn for whoever may read the row and what is at both of its ends.

    Args:
        of: where a row's links begin: a link of the record, or the record itself.
        to: the links by which they lead on; one is read easily.
        kind: a choice, state or text that says what a link is; by default the label of the one by which it leads.
        share: a rate, whole number or amount that is told of a link.
        title: in the list's switch; by default "Graph".
    """

    of: Any
    to: tuple[Any, ...]
    kind: Any
    share: Any
    title: str

    def __init__(
        self, of: Any, *to: Any, kind: Any = None, share: Any = None, title: str = ""
    ) -> None:
        _set(self, of=of, to=to, kind=kind, share=share, title=title)


@dataclass(frozen=True, eq=False, init=False)
class PivotView(Declaration):
    """Two axes, and in each cell how many rows there are or what they sum up to.

    Args:
        axes: what may stand at either side, as of a chart; two or more, the first two at first.
        sums: amounts that may be added up in place of counting the rows; the first of them at first.
        title: in the list's switch; by default "Pivot".
    """

    axes: tuple[Any, ...]
    sums: tuple[Any, ...]
    title: str

    def __init__(self, *axes: Any, sums: Sequence[Any] = (), title: str = "") -> None:
        _set(self, axes=axes, sums=tuple(sums), title=title)


Look = BoardView | CalendarView | ChartView | GraphView | PivotView


def _set(declaration: Declaration, **values: object) -> None:
    object.__setattr__(declaration, "origin", caller())
    for name, value in values.items():
        object.__setattr__(declaration, name, value)
