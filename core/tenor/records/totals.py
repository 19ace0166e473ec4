"""What the rows of a list come to: counted and added up by one or two axes, within the viewer's own rows, by one
statement whatever their number; and the first rows of each value, for cards.

An axis or amount that is hidden from or masked for the person isn't known, as in a filter: a sum would tell of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Integer, cast, extract, func, literal, select, type_coerce

from tenor.records.conditions import Conditions, Joins
from tenor.records.filters import And, Comparison, Not, Tree, both, parse, written
from tenor.records.local_days import day_read, local_day
from tenor.records.paging import PageQuery, Pager
from tenor.records.values import currency_code
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tenor.context import KernelContext
    from tenor.records.conditions import Place
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView

#: groups that one statement may give: more would be no overview
MOST: Final = 2000
#: amounts are added up in two parts, lest a sum be too large for SQLite
_PART: Final = 1_000_000_000
_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Axis:
    """Along which rows are grouped.

    Args:
        field: its key, as a filter has it: ``state``, ``customer.region``.
        step: of a date, or of an instant where the institution is, ``day``, ``month``, ``quarter`` or ``year``; else
            empty. The values are first days then.
    """

    field: str
    step: str = ""

    def next(self, first: date) -> date:
        """The first day of the step after one."""
        number = first.year * 12 + first.month - 1 + _MONTHS[self.step]
        return date(number // 12, number % 12 + 1, 1)

    def _is_last(self, first: date) -> bool:
        """Whether no step comes after one: a date has no more than four digits for its year."""
        return first.year == date.max.year and first.month + _MONTHS[self.step] > 12

    def begin(self, day: date) -> date:
        """The first day of the step in which a day is."""
        number = day.year * 12 + day.month - 1
        number -= number % _MONTHS[self.step]
        return date(number // 12, number % 12 + 1, 1)

    def test(self, value: Any, raw: str) -> Tree:
        """What holds for the rows of one value alone.

        Args:
            raw: the value as an address holds it.
        """
        if value is None:
            return Comparison(self.field, "=", ())
        if self.step in _MONTHS:
            first = Comparison(self.field, ">=", (value.isoformat(),))
            if self._is_last(value):
                return first
            return And((first, Comparison(self.field, "<", (self.next(value).isoformat(),))))
        return Comparison(self.field, "=", (raw,))

    def words(self, firsts: Iterable[date]) -> list[str]:
        """Some steps as a filter says them, in few letters: each by itself, a whole year by its number."""
        found = []
        for year, here in groupby(sorted(firsts), attrgetter("year")):
            steps = list(here)
            whole = len(steps) * _MONTHS[self.step] == _MONTHS["year"]
            found += [f"{year:04d}"] if whole else [self._word(first) for first in steps]
        return found

    def _word(self, first: date) -> str:
        if self.step == "quarter":
            return f"{first.year:04d}-q{(first.month + 2) // 3}"
        return f"{first.year:04d}-{first.month:02d}"

    def rest(self, words: Sequence[str]) -> Tree:
        """What holds for the rows of any value but these.

        Args:
            words: the values as a filter says them.
        """
        filled = Not(Comparison(self.field, "=", ()))
        if not words:
            return filled
        return And((filled, Not(Comparison(self.field, "=", tuple(words)))))


@dataclass(frozen=True)
class Total:
    """What some rows come to.

    Args:
        values: along each axis; None where a row has none.
        currency: of the sums, CNY where a row names none; empty where nothing is added up.
        sums: in the order in which they were asked for.
    """

    values: tuple[Any, ...]
    currency: str
    count: int
    sums: tuple[Amount, ...] = ()


def allowed(ctx: KernelContext, view: ListView, field: str) -> bool:
    """Whether a person may have rows grouped by a field."""
    try:
        Conditions(ctx, view.record, Joins(view.record)).place(field)
    except Invalid:
        return False
    return True


def summable(ctx: KernelContext, view: ListView, amount: str) -> bool:
    """Whether a person may have an amount added up: they may know it, and in which currency each row has it."""
    conditions = Conditions(ctx, view.record, Joins(view.record))
    try:
        conditions.place(amount)
        _currency(conditions, view.record)
    except Invalid:
        return False
    return True


def totals(
    ctx: KernelContext, view: ListView, query: PageQuery, axes: Sequence[Axis], sums: Sequence[str] = ()
) -> list[Total]:  # fmt: skip
    """The rows that a query leaves, grouped along axes; sums for each currency apart.

    Raises:
        Invalid: ``unknown-filter``: an axis or amount that the person may not know; ``too-many-groups``.
    """
    pager = Pager(ctx, view, replace(query, cursor="", sort=""))
    places = [pager.conditions.place(axis.field) for axis in axes]
    read = [
        _along(ctx, axis, place).label(f"axis_{n}")
        for n, (axis, place) in enumerate(zip(axes, places, strict=True))
    ]
    amounts = [
        type_coerce(pager.conditions.place(each).expression, BigInteger).label(f"sum_{n}")
        for n, each in enumerate(sums)
    ]
    currency = [_currency(pager.conditions, view.record).label("currency")] if sums else []
    every = [view.record.id.label("id"), *read, *currency, *amounts]
    inner = pager.everything(every, ordered=False).subquery()
    by = [inner.c[f"axis_{n}"] for n in range(len(axes))] + ([inner.c.currency] if sums else [])
    parts = [part for n in range(len(sums)) for part in _parts(inner.c[f"sum_{n}"])]
    statement = select(*by, func.count(), *parts).select_from(inner).group_by(*by).limit(MOST + 1)
    rows = ctx.session.execute(statement).all()
    if len(rows) > MOST:
        raise Invalid("too-many-groups", None, limit=MOST)
    return _folded(axes, [_total(ctx, axes, row, bool(sums)) for row in rows])


def _along(ctx: KernelContext, axis: Axis, place: Place) -> Any:
    """Where a row stands along an axis: a month of a date as the number of months since the year 0."""
    if axis.step and place.spec.kind == "time":
        return _day_of(ctx, place, month=axis.step in _MONTHS)
    if axis.step not in _MONTHS:
        return place.expression
    month = extract("year", place.expression) * 12 + extract("month", place.expression) - 1
    return cast(month, Integer)


def _day_of(ctx: KernelContext, place: Place, *, month: bool = False) -> Any:
    """The day of an instant where the institution is."""
    dialect = ctx.kernel.db.reader.dialect
    return local_day(place.expression, ctx.kernel.clock.zone, dialect, month=month)


def _currency(conditions: Conditions, record: type[Record]) -> Any:
    """The currency of a record's amounts: a column of its own, or the code that its class names.

    Raises:
        Invalid: ``unknown-filter``: the person may not know it, but at most an extension's of the same name.
    """
    named = record.__currency__
    if not hasattr(record, named):
        return literal(currency_code(named))
    place = conditions.place(named)
    if place.kind is not record:
        raise Invalid("unknown-filter", None, name=named)
    return place.expression


def _parts(column: Any) -> tuple[Any, Any]:
    high = column // _PART
    return func.sum(high), func.sum(column - high * _PART)


def _total(ctx: KernelContext, axes: Sequence[Axis], row: Any, with_sums: bool) -> Total:
    zone = ctx.kernel.clock.zone
    values = tuple(_value(axis, value, zone) for axis, value in zip(axes, row, strict=False))
    rest = row[len(axes) :]
    currency, rest = (currency_code(rest[0]), rest[1:]) if with_sums else ("", rest)
    count, parts = int(rest[0]), rest[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    sums = tuple(Amount(int(high or 0) * _PART + int(low or 0)) for high, low in pairs)
    return Total(values, currency, count, sums)


def _value(axis: Axis, value: Any, zone: ZoneInfo) -> Any:
    if axis.step and isinstance(value, date):
        return day_read(value, zone)
    if value is None or axis.step not in _MONTHS:
        return value
    return date(int(value) // 12, int(value) % 12 + 1, 1)


def _folded(axes: Sequence[Axis], found: Sequence[Total]) -> list[Total]:
    """Months in their quarters and years, and amounts in their currencies, each together once."""
    made: dict[tuple[tuple[Any, ...], str], Total] = {}
    for one in found:
        values = tuple(
            axis.begin(value) if axis.step in _MONTHS and value is not None else value
            for axis, value in zip(axes, one.values, strict=True)
        )
        made[values, one.currency] = added(
            made.get((values, one.currency)), replace(one, values=values)
        )
    return list(made.values())


def added(one: Total | None, other: Total) -> Total:
    """Two of one currency together."""
    if one is None:
        return other
    sums = tuple(a + b for a, b in zip(one.sums, other.sums, strict=True))
    return replace(one, count=one.count + other.count, sums=sums)


def narrowed(query: PageQuery, *tests: Tree) -> PageQuery:
    """A query that holds for fewer rows."""
    return replace(query, filter=written(both(parse(query.filter), *tests)))


def firsts(
    ctx: KernelContext, view: ListView, query: PageQuery, field: str, most: int
) -> list[int]:
    """The ids of the first rows of each value of a field, in the order of the list; of an instant of each day, the
    earliest.

    Raises:
        Invalid: ``unknown-filter``.
    """
    pager = Pager(ctx, view, replace(query, cursor=""))
    place = pager.conditions.place(field)
    by, order = place.expression, pager.order()
    if place.spec.kind == "time":
        by, order = _day_of(ctx, place), [place.expression, view.record.id]
    number = func.row_number().over(partition_by=by, order_by=order)
    read = (pager.record.id.label("id"), number.label("number"))
    inner = pager.everything(read, ordered=False).subquery()
    statement = select(inner.c.id).where(inner.c.number <= most)
    return list(ctx.session.scalars(statement))
