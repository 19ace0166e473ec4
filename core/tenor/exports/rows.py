"""The rows of an export: one statement, read through a cursor of the database's own, and made into cells column by
column, a chunk at a time. No record is loaded but for what is computed anew each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, String, and_, func, select, true, type_coerce

from tenor.db.state import state_of
from tenor.records.paging import PageQuery, Pager
from tenor.records.specs import FieldSpec, state_key
from tenor.records.values import currency_of
from tenor_sdk.values import exponent

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.views import ListView

#: rows that are read, made into cells and handed on at once
CHUNK: Final = 1000
Cells = Sequence[Any]


class _LeftOut(str):
    """An empty cell; where rows are objects, one has no such field."""

    __slots__ = ()


#: stands where a rule hides a field of some rows alone
LEFT_OUT: Final = _LeftOut()


class Chunk:
    """Some rows, as far as more than one column needs to know of them.

    Args:
        states: of their workflow; empty texts where they have none.
        currencies: of their amounts.
        records: by their ids, where a column can be had from them alone.
    """

    def __init__(self, states: Cells, currencies: Cells | str, records: dict[int, Any]) -> None:
        self.states, self.currencies, self.records = states, currencies, records

    def amounts(self, minors: Cells) -> list[str | None]:
        """Amounts in major units, as exact texts."""
        if isinstance(self.currencies, str):
            places = exponent(self.currencies)
            return [None if minor is None else _major(minor, places) for minor in minors]
        return [
            None if minor is None else _major(minor, exponent(currency))
            for minor, currency in zip(minors, self.currencies, strict=True)
        ]


@dataclass(frozen=True)
class Column:
    """A column of an export.

    Args:
        key: of its field.
        label: its head in the file.
        make: its cells from what was read.
        read: what the statement reads for it; None: an attribute of the record itself, which is loaded for it.
        figures: whether its cells are figures, though they are texts.
    """

    key: str
    label: str
    make: Callable[[Cells, Chunk], Cells]
    read: Any = None
    figures: bool = False


class Rows:
    """The rows of a list for one person, as far as they may take them out.

    Args:
        view: the list; its columns are the file's where ``columns`` says so.
        query: how it is narrowed and sorted.
        columns: makes the columns from what the list comes to for this person.
        for_people: whether it is meant to be opened, not to be read by a program.
    """

    def __init__(
        self,
        ctx: KernelContext,
        view: ListView,
        query: PageQuery,
        columns: Callable[[Pager], Sequence[Column]],
        *,
        for_people: bool = False,
    ) -> None:
        self.ctx, self.record, self.for_people = ctx, view.record, for_people
        self.pager = Pager(ctx, exportable(ctx, view), replace(query, cursor=""))
        self.columns = columns(self.pager)

    @property
    def fields(self) -> list[str]:
        """The keys of the columns."""
        return [column.key for column in self.columns]

    def count(self) -> int:
        """How many there are."""
        inner = self.pager.everything([self.record.id], ordered=False).subquery()
        return int(self.ctx.session.scalar(select(func.count()).select_from(inner)) or 0)

    def chunks(self) -> Iterator[list[Cells]]:
        """The cells of each column, some rows at a time."""
        reads = {id(column.read): column.read for column in self.columns if column.read is not None}
        self._places = {key: place for place, key in enumerate(reads)}
        each = [*self._about, *reads.values()]
        # each under a name of its own, as one may be read for two ends
        named = [expression.label(f"c{place}") for place, expression in enumerate(each)]
        statement = self.pager.everything(named)
        options = {"yield_per": CHUNK}
        with closing(self.ctx.session.execute(statement, execution_options=options)) as found:
            for rows in found.partitions():
                yield self._cells(list(zip(*rows, strict=True)))

    def _cells(self, read: list[tuple[Any, ...]]) -> list[Cells]:
        rest = iter(read)
        ids = next(rest) if self._loaded else ()
        states = next(rest) if self._state is not None else ()
        currencies: Cells | str = (
            next(rest) if self._currency is not None else self.record.__currency__
        )
        records = self._records(ids) if self._loaded else {}
        if self._is_computed:
            currencies = [currency_of(records[each]) for each in ids]
        elif isinstance(currencies, str) and not currencies.isupper():
            currencies = "CNY"
        chunk = Chunk(states, currencies, records)
        values = list(rest)
        return [
            column.make(
                values[self._places[id(column.read)]]
                if column.read is not None
                else [getattr(records.get(each), column.key, None) for each in ids],
                chunk,
            )
            for column in self.columns
        ]

    def _records(self, ids: Sequence[int]) -> dict[int, Any]:
        session, record = self.ctx.session, self.record
        found: dict[int, Any] = {
            each.id: each
            for each in session.scalars(select(record).where(record.id.in_(ids))).unique()
        }
        return found

    # -- what is read beside the columns ----------------------------------------------------------------------------

    @cached_property
    def _state(self) -> Any:
        key = state_key(self.record)
        return type_coerce(getattr(self.record, key), String()) if key else None

    @cached_property
    def _currency(self) -> Any:
        """The column with the currency of each row; None where the class names one, or a row computes it."""
        named = self.record.__currency__
        return getattr(self.record, named) if named in self.record.__mapper__.columns else None

    @property
    def _is_computed(self) -> bool:
        """Whether a row computes its currency."""
        return self._currency is None and hasattr(self.record, self.record.__currency__)

    @property
    def _loaded(self) -> bool:
        """Whether something can be had from the records alone."""
        return self._is_computed or any(column.read is None for column in self.columns)

    @property
    def _about(self) -> list[Any]:
        identity = self.record.id if self._loaded else None
        return [each for each in (identity, self._state, self._currency) if each is not None]


def raw(expression: Any, spec: FieldSpec) -> Any:
    """A column as the database keeps it, where no value has to be made of it for each row."""
    if spec.kind in ("amount", "rate"):
        return type_coerce(expression, BigInteger())
    if spec.kind in ("choice", "state"):
        return type_coerce(expression, String())
    return expression


def _major(minor: int, places: int) -> str:
    if places == 2:
        return f"{minor // 100}.{minor % 100:02d}" if minor >= 0 else f"-{_major(-minor, 2)}"
    sign, digits = ("-" if minor < 0 else ""), str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def exportable(ctx: KernelContext, view: ListView) -> ListView:
    """The list narrowed to what the person may take out, which may be less than they may read."""
    allowed = ctx.kernel.access.rights(ctx.actor).criteria(view.record, "export")
    guarding = state_of(ctx.session).rights
    if guarding is not None and allowed is guarding.criteria(view.record, "read"):
        return view  # the guard says it already

    def where(actor: Any, today: Any) -> Any:
        own = view.where(actor, today) if view.where is not None else true()
        return own if allowed is None else and_(own, allowed)

    made = copy(view)
    object.__setattr__(made, "where", where)
    return made
