"""A page of a list: one statement for the rows, one for the capped count, one for each kind of linked record,
whatever the number of rows. Paged by key, never by offset, so that page 1,000 costs what page 1 does."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Select, func, or_, select

from tenor.audit.entries import plain
from tenor.db.state import state_of
from tenor.records.conditions import Conditions, Joins, by_code_point, containing
from tenor.records.covering import covered
from tenor.records.filters import LONGEST, of_pair, parse
from tenor.records.keys import beyond, past
from tenor.records.specs import FieldSpec, specs_of
from tenor.records.standing import is_axis, stood
from tenor_sdk.computed import Computed
from tenor_sdk.errors import Invalid
from tenor_sdk.records import Archivable, Extension, Record
from tenor_sdk.views import ListView, Path

if TYPE_CHECKING:
    from tenor.context import KernelContext

CAP = 1000
#: kinds of fields that have an order; of a link it is that of ids
_SORTABLE: Final = (
    "text", "choice", "state", "amount", "rate", "date", "time", "integer", "boolean", "link",
)  # fmt: skip


@dataclass(frozen=True)
class PageQuery:
    """What is asked of a list.

    Args:
        search: text of the search box.
        filters: for a field's key the wanted values, as texts; ``key__from`` and ``key__to`` bound dates and amounts;
            of dated facts ``valid_as_of``, ``issued_as_of``, ``known_as_of`` the days on which they are to have stood.
        filter: in the filter language, see ``filters``; it holds beside ``filters``.
        sort: a field's key; with ``-`` before it, descending; empty: as the view says.
        cursor: of the page before or after, from ``Page``.
        size: rows.
        archived: whether archived ones are shown too.
        count: whether they are counted, which costs a statement.
        only: the ids of the only records that are asked about.
        shown: whether the columns are read out; else there are records alone.
        named: whether the linked records in them are called by their names.
    """

    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    size: int = 50
    archived: bool = False
    count: bool = True
    shown: bool = True
    named: bool = True
    filter: str = ""
    only: Sequence[int] | None = None


@dataclass(frozen=True)
class PageColumn:
    """A column of a page: its key, its spec, and where the value stands in a row."""

    key: str
    spec: FieldSpec
    record: type[Record]
    attribute: Any


@dataclass(frozen=True)
class Page:
    """Rows of a list.

    Args:
        rows: for each record its values by column key.
        records: the records themselves, in the same order.
        names: display names of linked records by (table, id).
        count: how many there are, at most ``CAP + 1``; 0 where they weren't counted.
        following, preceding: cursors; empty where there is no such page.
    """

    columns: Sequence[PageColumn]
    rows: Sequence[Mapping[str, Any]]
    records: Sequence[Record]
    names: Mapping[tuple[str, int], str]
    count: int
    following: str
    preceding: str
    sort: str


class Pager:
    """Builds and runs the statements of one list for one person."""

    def __init__(self, ctx: KernelContext, view: ListView, query: PageQuery) -> None:
        self.ctx, self.view, self.query = ctx, view, query
        self.record = view.record
        self.columns = [_column(view.record, column) for column in view.columns]
        self.columns = [column for column in self.columns if self._shown(column)]
        self.descending, self.sort = self._sorting()
        self.joins = Joins(view.record)
        self.conditions = Conditions(ctx, view.record, self.joins)
        self.expressions = {column.key: self._joined(column) for column in self.columns}
        self.expressions[self.sort.key] = self._joined(self.sort)
        self.searched = (self.record, *self.joins.extensions)

    def page(self) -> Page:
        """Run it.

        Raises:
            Invalid: a filter, sort or cursor that the list doesn't know.
        """
        where = self.where()
        count = self._count(self.joined().where(*where)) if self.query.count else 0
        backwards, after = self._position()
        found = self.ctx.session.execute(self._rows(where, backwards, after))
        rows = list(found.unique() if _joins_lines(self.record) else found)
        more = len(rows) > self.query.size
        rows = rows[: self.query.size]
        if backwards:
            rows.reverse()
        has_next, has_before = (True, more) if backwards else (more, bool(after))
        return self._made(rows, count, has_next, has_before)

    def count(self) -> int:
        """How many rows there are, at most ``CAP + 1``.

        Raises:
            Invalid: a filter that the list doesn't know.
        """
        where = self.where()  # first, as it notes what has to be joined
        return self._count(self.joined().where(*where))

    def everything(self, read: Sequence[Any], *, ordered: bool = True) -> Select[Any]:
        """The statement of all rows, in their order: of each what is to be read, and no record.

        Raises:
            Invalid: a filter that the list doesn't know.
        """
        where = self.where()  # first, as it notes what has to be joined
        joined = self.joined().with_only_columns(*read).select_from(self.record).where(*where)
        return self._ordered(joined, backwards=False) if ordered else joined

    # -- statements -------------------------------------------------------------------------------------------------

    def _joined(self, column: PageColumn) -> Any:
        """Where a column's value stands in the statement, joined to it if need be."""
        if isinstance(column.attribute, Path):
            target = self.joins.link(column.attribute.steps[0])
            return getattr(target, column.attribute.steps[-1].key)
        if issubclass(column.record, Extension):
            self.joins.extension(column.record)
        return column.attribute

    def joined(self) -> Select[Any]:
        """The records with all that columns, filters and order read; after these are known."""
        paths = [
            self.expressions[column.key].label(_label(column))
            for column in {one.key: one for one in (*self.columns, self.sort)}.values()
            if isinstance(column.attribute, Path)
        ]
        return self.joins.onto(select(self.record, *self.joins.extensions, *paths))

    def where(self, *, without: str = "") -> list[Any]:
        """The conditions of the rows.

        Args:
            without: a field whose own filters are left out.

        Raises:
            Invalid: a filter that the list doesn't know.
        """
        found: list[Any] = []
        if issubclass(self.record, Archivable) and not self.query.archived:
            found.append(~self.record.archived)
        if self.view.where is not None:
            found.append(self.view.where(self.ctx.actor, self.ctx.today))
        if self.query.only is not None:
            found.append(self.record.id.in_(self.query.only))
        if self.query.search.strip():
            found.append(self._search(self.query.search.strip()))
        found += stood(self.ctx, self.record, self.query.filters)
        for key, values in self.query.filters.items():
            if is_axis(self.record, key):
                continue
            tree = of_pair(key, values)
            if tree is not None and key.partition("__")[0] != without:
                found.append(self.conditions.of(tree))
        tree = parse(self.query.filter)
        if tree is not None:
            found.append(self.conditions.of(tree))
        return found

    def _search(self, text: str) -> Any:
        fields = [spec for kind in self.searched for spec in specs_of(kind).values()]
        allowed = [
            spec.attribute for spec in fields if spec.info.search and self._may(spec.attribute)
        ]
        allowed += [
            spec.attribute for spec in self.ctx.kernel.records.custom.texts(self.ctx, self.record)
        ]
        if len(text) > LONGEST:
            raise Invalid("too-long", limit=LONGEST, length=len(text))
        if "\0" in text:
            raise Invalid("control-characters")
        if not allowed:
            raise Invalid("nothing-to-search")
        found = self.ctx.kernel.search.condition(self.ctx, self.record, text)
        if found is not None:
            return found
        return or_(*(containing(attribute, text) for attribute in allowed))

    def _may(self, attribute: Any) -> bool:
        return self.ctx.kernel.access.may_sort(self.ctx, attribute)

    def _shown(self, column: PageColumn) -> bool:
        # of rows in all states: what a rule hides in one of them isn't a column at all
        access = self.ctx.kernel.access
        if isinstance(column.attribute, Path) and access.hides_way(
            self.ctx, column.attribute.steps
        ):
            return False
        return access.field_effects(self.ctx, column.record, None).get(column.spec.key) != "hide"

    def _count(self, statement: Select[Any]) -> int:
        inner = statement.with_only_columns(self.record.id).order_by(None).limit(CAP + 1).subquery()
        return int(self.ctx.session.scalar(select(func.count(inner.c.id)).select_from(inner)) or 0)

    # -- order and position -----------------------------------------------------------------------------------------

    def _sorting(self) -> tuple[bool, PageColumn]:
        asked = self.query.sort
        if asked:
            name = asked.removeprefix("-")
            found = next((column for column in self.columns if column.key == name), None)
            if found is None or not may_sort(self.ctx, found):
                raise Invalid("unknown-sort", None, name=name)
            return asked.startswith("-"), found
        if self.view.sort is not None:
            found = _column(self.record, self.view.sort)
            # the order tells what a mask hides, and the cursor would carry it
            seen = found.spec.attribute is None or self._may(found.spec.attribute)
            if seen and self._shown(found):
                return self.view.descending, found
        return True, _column(self.record, self.record.id)

    def _rows(
        self, where: Sequence[Any], backwards: bool, after: tuple[Any, int] | None
    ) -> Select[Any]:
        """The rows of the page: where an index holds all that they are chosen and sorted by, by their ids, which are
        found in it alone."""
        beyond_it = self._after(backwards, after)
        chosen = [*where, *beyond_it]
        most = self.query.size + 1
        if not self._ids_first(chosen):
            return self._ordered(self.joined().where(*chosen), backwards).limit(most)
        ids = self._ordered(select(self.record.id).where(*chosen), backwards).limit(most)
        # a database that looks along the order for those of the page is told where it begins and that it ends
        page = self.joined().where(self.record.id.in_(ids.correlate(None)), *beyond_it)
        return self._ordered(page, backwards).limit(most)

    def _ids_first(self, chosen: Sequence[Any]) -> bool:
        rights = state_of(self.ctx.session).rights
        own = rights.criteria(self.record, "read") if rights is not None else None
        if not chosen and (own is None or self.sort.attribute is self.record.id):
            return False  # read along an index of the order, up to the end of the page
        return covered(self.record, [*chosen, self._key(), *([own] if own is not None else [])])

    def _key(self) -> Any:
        return by_code_point(self.expressions[self.sort.key], self.conditions.dialect)

    def _after(self, backwards: bool, after: tuple[Any, int] | None) -> list[Any]:
        """The condition of what comes after a position."""
        if after is None:
            return []
        key, identity, descending = self._key(), self.record.id, self.descending != backwards
        if self._may_lack():
            return [beyond(key, identity, after, descending, nulls_first=backwards)]
        return [past(key, identity, after, descending)]

    def order(self, *, backwards: bool = False) -> list[Any]:
        """By what the rows are ordered."""
        key, identity = self._key(), self.record.id
        keys = [identity] if self.sort.attribute is identity else [key, identity]
        order = [each.desc() for each in keys] if self.descending != backwards else keys
        if self._may_lack():
            # nulls come last, in whichever direction the column is sorted
            order.insert(0, key.is_(None).desc() if backwards else key.is_(None))
        return order

    def _ordered(self, statement: Select[Any], backwards: bool) -> Select[Any]:
        return statement.order_by(*self.order(backwards=backwards))

    def _may_lack(self) -> bool:
        """Whether the sort can meet a null; where it can't, the words for nulls would keep an index from being used."""
        own = self.sort.record is self.record and not isinstance(self.sort.attribute, Path)
        return not own or self.sort.attribute.expression.nullable

    def _made(self, rows: Sequence[Any], count: int, has_next: bool, has_before: bool) -> Page:
        records = [row[0] for row in rows]
        values = [self._values(row) for row in rows] if self.query.shown else []
        named = values if self.query.named else []
        names = self.ctx.kernel.records.names_in(self.ctx, self.columns, named)
        following = self._cursor(rows[-1], "next") if rows and has_next else ""
        preceding = self._cursor(rows[0], "back") if rows and has_before else ""
        sort = ("-" if self.descending else "") + self.sort.key
        return Page(self.columns, values, records, names, count, following, preceding, sort)

    def _values(self, row: Any) -> dict[str, Any]:
        objects = {type(part): part for part in row if isinstance(part, Record)}
        values = {}
        for column in self.columns:
            if isinstance(column.attribute, Path):
                values[column.key] = getattr(row, _label(column))
            else:
                holder = objects.get(column.record)
                values[column.key] = (
                    getattr(holder, column.spec.key) if holder is not None else None
                )
        return values

    # -- cursors ----------------------------------------------------------------------------------------------------

    def _cursor(self, row: Any, direction: str) -> str:
        if isinstance(self.sort.attribute, Path):
            value = getattr(row, _label(self.sort))
        else:
            objects = {type(part): part for part in row if isinstance(part, Record)}
            holder = objects.get(self.sort.record)
            value = getattr(holder, self.sort.spec.key) if holder is not None else None
        body = json.dumps([direction, plain(value), row[0].id]).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode()

    def _sign(self, body: bytes) -> bytes:
        about = json.dumps([
            self.ctx.actor.id, self.record.__tablename__, self.view.title, [one.key for one in self.columns],
            self.query.search, self.sort.key, self.descending, self.query.archived, self.query.filter,
            sorted((key, list(values)) for key, values in self.query.filters.items()),
        ])  # fmt: skip
        return hmac.new(
            self.ctx.kernel.records.secret, about.encode() + b"\0" + body, hashlib.sha256
        ).digest()[:12]

    def _position(self) -> tuple[bool, tuple[Any, int] | None]:
        if not self.query.cursor:
            return False, None
        try:
            raw = base64.urlsafe_b64decode(self.query.cursor.encode())
            # what is read leniently would have many ways to be written
            if base64.urlsafe_b64encode(raw).decode() != self.query.cursor:
                raise ValueError
            signature, body = raw[:12], raw[12:]
            if not hmac.compare_digest(signature, self._sign(body)):
                raise ValueError
            direction, value, identity = json.loads(body)
        except ValueError:
            raise Invalid("unknown-cursor") from None
        return direction == "back", (self._typed(value), int(identity))

    def _typed(self, value: Any) -> Any:
        kind = self.sort.spec.kind
        if value is None:
            return None
        if kind == "amount":
            from tenor_sdk.values import Amount

            return Amount(value)
        if kind == "rate":
            from tenor_sdk.values import Rate

            return Rate(value)
        if kind == "date":
            return date.fromisoformat(value)
        if kind == "time":
            from datetime import datetime

            return datetime.fromisoformat(value)
        return self.sort.spec.enum(value) if self.sort.spec.enum else value


def may_sort(ctx: KernelContext, column: PageColumn) -> bool:
    """Whether a person may have a list sorted by a column: it has an order, and isn't hidden or masked for them."""
    spec = column.spec
    if spec.kind not in _SORTABLE or spec.attribute is None:
        return False
    return ctx.kernel.access.may_sort(ctx, spec.attribute)


def _joins_lines(record: type[Record]) -> bool:
    """Whether a row of a record is read several times over, with each of its lines beside it."""
    relations = record.__mapper__.relationships
    return any(each.uselist and each.lazy in ("joined", False) for each in relations)


def _label(column: PageColumn) -> str:
    """What the value of a column through a link is called in a row."""
    return column.key.replace(".", "__")


def _column(record: type[Record], given: Any) -> PageColumn:
    if isinstance(given, Path):
        last = given.steps[-1]
        key = ".".join(step.key for step in given.steps)
        return PageColumn(key, specs_of(last.class_)[last.key], last.class_, given)
    if isinstance(given, Computed):
        return PageColumn(given.key, specs_of(record)[given.key], record, given)
    return PageColumn(given.key, specs_of(given.class_)[given.key], given.class_, given)
