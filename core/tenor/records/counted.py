"""What the rows of a list are counted by: the commonest values of its fields, each with how many rows have it.

Of the first ``CAP`` rows, lest a page cost as much as the table is long. All fields by which the list isn't filtered
are counted by one statement, as they count the same rows.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, case, cast, func, literal, null, select, union_all

from tenor.records.filters import of_pair
from tenor.records.paging import CAP, Pager
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.standing import is_axis
from tenor_sdk.records import Extension

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records.paging import PageQuery
    from tenor_sdk.views import ListView

#: of these a range is asked for, not a value
_RANGED: Final = ("date", "time", "amount", "integer", "rate")
#: of what people write freely, a search finds more than a list of values would
_WRITTEN: Final = ("text", "long-text")
#: values of a field that a list counts
TOP: Final = 8
#: values with their counts, the commonest first
Counts = Sequence[tuple[Any, int]]


def narrowing(ctx: KernelContext, view: ListView) -> list[FieldSpec]:
    """The fields by which this person may narrow a list, the institution's own among them."""
    specs = [specs_of(attribute.class_)[attribute.key] for attribute in view.filters]
    allowed = [
        spec
        for spec in specs
        if spec.attribute is not None and ctx.kernel.access.may_sort(ctx, spec.attribute)
    ]
    own = ctx.kernel.records.custom.searched(ctx, view.record)
    return allowed + [spec for spec in own if spec.kind not in _WRITTEN]


def is_ranged(spec: FieldSpec) -> bool:
    """Whether a field is narrowed by bounds."""
    return spec.kind in _RANGED and spec.target is None


def is_countable(view: ListView, spec: FieldSpec) -> bool:
    """Whether the rows of a list are counted by a field."""
    if is_ranged(spec):
        return False
    if spec.is_custom or not issubclass(spec.attribute.class_, Extension):
        return True
    return spec.attribute in list(view.columns)


def as_filter(value: Any) -> str:
    """A value as the filters of an address hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value.value) if isinstance(value, enum.Enum) else str(value)


class Counted:
    """Counts the rows of one list for one person."""

    def __init__(self, ctx: KernelContext, view: ListView, query: PageQuery) -> None:
        self.ctx, self.view, self.query = ctx, view, query

    def by(self, names: Iterable[str], most: int) -> Mapping[str, Counts]:
        """The commonest values of some fields, each among the rows that the other filters leave.

        Args:
            most: values of a field.

        Raises:
            Invalid: ``unknown-filter``.
        """
        wanted = list(dict.fromkeys(names))
        narrowed = {
            key.partition("__")[0]
            for key in self.query.filters
            if not is_axis(self.view.record, key)
        }
        alike = [name for name in wanted if name not in narrowed]
        if len(alike) < 2:
            alike = []
        found = self._together(alike, most) if alike else {}
        return found | {name: self.one(name, most) for name in wanted if name not in found}

    def one(self, name: str, most: int) -> Counts:
        """The commonest values of a field, after those that it is filtered by, however rare these are.

        Raises:
            Invalid: ``unknown-filter``.
        """
        pager = self._pager()
        place = pager.conditions.place(name)
        where = pager.where(without=name)
        chosen = list(self.query.filters.get(name, ()))
        tree = of_pair(name, chosen)
        first = literal(0) if tree is None else case((pager.conditions.of(tree), 1), else_=0)
        read = (place.expression.label("value"), first.label("first"))
        inner = pager.joined().with_only_columns(*read).where(*where).limit(CAP + 1).subquery()
        count = func.count()
        grouped = select(inner.c.value, count).group_by(inner.c.value)
        grouped = grouped.order_by(func.max(inner.c.first).desc(), count.desc(), inner.c.value)
        grouped = grouped.limit(max(most, len(chosen)))
        return [(value, int(number)) for value, number in self.ctx.session.execute(grouped)]

    def _together(self, names: Sequence[str], most: int) -> dict[str, Counts]:
        """Those of several fields, whose rows are the same."""
        pager = self._pager()
        read = [
            pager.conditions.place(name).expression.label(f"value_{place}")
            for place, name in enumerate(names)
        ]
        where = pager.where()  # after the fields, as both note what has to be joined
        rows = pager.joined().with_only_columns(*read).where(*where).limit(CAP + 1).cte("counted")
        columns = [rows.c[f"value_{place}"] for place in range(len(names))]
        every = union_all(*(_commonest(columns, place, most) for place in range(len(names))))
        found: dict[str, list[tuple[int, Any, int]]] = {name: [] for name in names}
        for place, rank, number, *values in self.ctx.session.execute(every):
            found[names[place]].append((rank, values[place], int(number)))
        return {
            name: [(value, number) for _rank, value, number in sorted(counts, key=_by_rank)]
            for name, counts in found.items()
        }

    def _pager(self) -> Pager:
        return Pager(self.ctx, self.view, self.query)


def _by_rank(counted: tuple[int, Any, int]) -> int:
    return counted[0]


def _commonest(columns: Sequence[Any], place: int, most: int) -> Select[Any]:
    """The values of one of the columns: which it is, their rank, their counts, and the values each in its column."""
    value, count = columns[place], func.count()
    rank = func.row_number().over(order_by=(count.desc(), value))
    top = select(value.label("value"), count.label("number"), rank.label("rank")).group_by(value)
    ranked = top.subquery()
    values = [
        ranked.c.value if column is value else cast(null(), column.type) for column in columns
    ]
    return select(literal(place), ranked.c.rank, ranked.c.number, *values).where(
        ranked.c.rank <= most
    )
