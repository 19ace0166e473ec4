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
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from tenor.audit.entries import plain
from tenor.records.schema import read
from tenor.records.specs import FieldSpec, specs_of
from tenor_sdk.errors import Invalid
from tenor_sdk.records import Archivable, Extension, Record
from tenor_sdk.views import ListView, Path

if TYPE_CHECKING:
    from tenor.context import KernelContext

CAP = 1000


@dataclass(frozen=True)
class PageQuery:
    """What is asked of a list.

    Args:
        search: text of the search box.
        filters: for a field's key the wanted values, as texts; ``key__from`` and ``key__to`` bound dates and amounts.
        sort: a field's key; with ``-`` before it, descending; empty: as the view says.
        cursor: of the page before or after, from ``Page``.
        size: rows.
        archived: whether archived ones are shown too.
        count: whether they are counted, which costs a statement.
        shown: whether the columns are read out, with the names of linked records; else there are records alone.
    """

    search: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = ""
    cursor: str = ""
    size: int = 50
    archived: bool = False
    count: bool = True
    shown: bool = True


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
        self.extensions: list[Any] = []
        self.aliases: dict[Any, Any] = {}

    def page(self) -> Page:
        """Run it.

        Raises:
            Invalid: a filter, sort or cursor that the list doesn't know.
        """
        base = self._where(self._from())
        count = self._count(base) if self.query.count else 0
        backwards, after = self._position()
        found = self.ctx.session.execute(self._ordered(base, backwards, after))
        rows = list(found.unique() if _joins_lines(self.record) else found)
        more = len(rows) > self.query.size
        rows = rows[: self.query.size]
        if backwards:
            rows.reverse()
        has_next, has_before = (True, more) if backwards else (more, bool(after))
        return self._made(rows, count, has_next, has_before)

    def facet(self, name: str, most: int) -> list[tuple[Any, int]]:
        """The commonest values of a field among the rows that the other filters leave, with their counts.

        Raises:
            Invalid: ``unknown-filter``.
        """
        base = self._where(self._from(), without=name)
        spec = self._filterable(name)
        count = func.count(self.record.id)
        grouped = base.with_only_columns(spec.attribute, count).order_by(None)
        grouped = grouped.group_by(spec.attribute).order_by(count.desc()).limit(most)
        return [(value, int(number)) for value, number in self.ctx.session.execute(grouped)]

    # -- statements -------------------------------------------------------------------------------------------------

    def _from(self) -> Select[Any]:
        entities: list[Any] = [self.record]
        statement: Select[Any] = select(self.record)
        for column in [*self.columns, self.sort]:
            if isinstance(column.attribute, Path):
                statement = self._join_path(statement, column)
            elif issubclass(column.record, Extension) and column.record not in self.extensions:
                self.extensions.append(column.record)
                statement = statement.add_columns(column.record)
                statement = statement.outerjoin(column.record, column.record.id == self.record.id)
        del entities
        return statement

    def _join_path(self, statement: Select[Any], column: PageColumn) -> Select[Any]:
        if column.key in self.aliases:
            return statement
        relation, last = column.attribute.steps[0], column.attribute.steps[-1]
        target = aliased(relation.property.mapper.class_)
        expression = getattr(target, last.key)
        self.aliases[column.key] = expression
        statement = statement.add_columns(expression.label(column.key.replace(".", "__")))
        # along the relation, not by a condition: only so does SQLAlchemy put the alias into the guard's criteria
        return statement.outerjoin(relation.of_type(target))

    def _where(self, statement: Select[Any], *, without: str = "") -> Select[Any]:
        if issubclass(self.record, Archivable) and not self.query.archived:
            statement = statement.where(~self.record.archived)
        if self.view.where is not None:
            statement = statement.where(self.view.where(self.ctx.actor, self.ctx.today))
        if self.query.search.strip():
            statement = statement.where(self._search(self.query.search.strip()))
        for key, values in self.query.filters.items():
            if values and key.partition("__")[0] != without:
                statement = statement.where(self._filter(key, values))
        return statement

    def _search(self, text: str) -> Any:
        kinds = [self.record, *self.extensions]
        fields = [spec for kind in kinds for spec in specs_of(kind).values() if spec.info.search]
        allowed = [spec.attribute for spec in fields if self._may(spec.attribute)]
        if "\0" in text:
            raise Invalid("control-characters")
        pattern = (
            "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        )
        if not allowed:
            raise Invalid("nothing-to-search")
        return or_(*(func.lower(attribute).like(pattern, escape="\\") for attribute in allowed))

    def _filter(self, key: str, values: Sequence[str]) -> Any:
        name, _, bound = key.partition("__")
        spec = self._filterable(name)
        wanted = [
            read([_lenient(spec)], {name: value}, style="api", partial=True)[name]
            for value in values
        ]
        if bound and wanted[0] is None:
            raise Invalid("invalid", {key: Invalid("required")})
        if bound == "from":
            return spec.attribute >= wanted[0]
        if bound == "to":
            return spec.attribute <= wanted[0]
        if bound:
            raise Invalid("unknown-filter", None, name=key)
        return spec.attribute.in_(wanted)

    def _filterable(self, name: str) -> FieldSpec:
        for kind in (self.record, *self.extensions):
            spec = specs_of(kind).get(name)
            if spec is not None and spec.attribute is not None and self._may(spec.attribute):
                return spec
        raise Invalid("unknown-filter", None, name=name)

    def _may(self, attribute: Any) -> bool:
        return self.ctx.kernel.access.may_sort(self.ctx, attribute)

    def _shown(self, column: PageColumn) -> bool:
        # of rows in all states: what a rule hides in one of them isn't a column at all
        effects = self.ctx.kernel.access.field_effects(self.ctx, column.record, None)
        return effects.get(column.spec.key) != "hide"

    def _count(self, statement: Select[Any]) -> int:
        inner = statement.with_only_columns(self.record.id).order_by(None).limit(CAP + 1).subquery()
        return int(self.ctx.session.scalar(select(func.count(inner.c.id)).select_from(inner)) or 0)

    # -- order and position -----------------------------------------------------------------------------------------

    def _sorting(self) -> tuple[bool, PageColumn]:
        asked = self.query.sort
        if asked:
            name = asked.removeprefix("-")
            found = next((column for column in self.columns if column.key == name), None)
            if found is None or found.spec.attribute is None or not self._may(found.spec.attribute):
                raise Invalid("unknown-sort", None, name=name)
            return asked.startswith("-"), found
        if self.view.sort is not None:
            found = _column(self.record, self.view.sort)
            # the order tells what a mask hides, and the cursor would carry it
            if found.spec.attribute is None or self._may(found.spec.attribute):
                return self.view.descending, found
        return True, _column(self.record, self.record.id)

    def _expression(self) -> Any:
        return self.aliases.get(self.sort.key, self.sort.attribute)

    def _ordered(
        self, statement: Select[Any], backwards: bool, after: tuple[Any, int] | None
    ) -> Select[Any]:
        key, identity = self._expression(), self.record.id
        descending = self.descending != backwards
        if after is not None:
            statement = statement.where(
                _beyond(key, identity, after, descending, nulls_first=backwards)
                if self._may_lack(key)
                else _past(key, identity, after, descending)
            )
        order = [key.desc(), identity.desc()] if descending else [key, identity]
        if self._may_lack(key):
            # nulls come last, in whichever direction the column is sorted
            order.insert(0, key.is_(None).desc() if backwards else key.is_(None))
        return statement.order_by(*order).limit(self.query.size + 1)

    def _may_lack(self, key: Any) -> bool:
        """Whether the sort can meet a null; where it can't, the words for nulls would keep an index from being used."""
        own = self.sort.record is self.record and self.sort.key not in self.aliases
        return not own or key.expression.nullable

    def _made(self, rows: Sequence[Any], count: int, has_next: bool, has_before: bool) -> Page:
        records = [row[0] for row in rows]
        values = [self._values(row) for row in rows] if self.query.shown else []
        names = self.ctx.kernel.records.names_in(self.ctx, self.columns, values)
        following = self._cursor(rows[-1], "next") if rows and has_next else ""
        preceding = self._cursor(rows[0], "back") if rows and has_before else ""
        sort = ("-" if self.descending else "") + self.sort.key
        return Page(self.columns, values, records, names, count, following, preceding, sort)

    def _values(self, row: Any) -> dict[str, Any]:
        objects = {type(part): part for part in row if isinstance(part, Record)}
        values = {}
        for column in self.columns:
            if isinstance(column.attribute, Path):
                values[column.key] = getattr(row, column.key.replace(".", "__"))
            else:
                holder = objects.get(column.record)
                values[column.key] = (
                    getattr(holder, column.spec.key) if holder is not None else None
                )
        return values

    # -- cursors ----------------------------------------------------------------------------------------------------

    def _cursor(self, row: Any, direction: str) -> str:
        if isinstance(self.sort.attribute, Path):
            value = getattr(row, self.sort.key.replace(".", "__"))
        else:
            objects = {type(part): part for part in row if isinstance(part, Record)}
            holder = objects.get(self.sort.record)
            value = getattr(holder, self.sort.spec.key) if holder is not None else None
        body = json.dumps([direction, plain(value), row[0].id]).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode()

    def _sign(self, body: bytes) -> bytes:
        about = json.dumps([
            self.ctx.actor.id, self.record.__tablename__, self.query.search, self.sort.key, self.descending,
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


def _joins_lines(record: type[Record]) -> bool:
    """Whether a row of a record is read several times over, with each of its lines beside it."""
    relations = record.__mapper__.relationships
    return any(each.uselist and each.lazy in ("joined", False) for each in relations)


def _beyond(
    key: Any, identity: Any, after: tuple[Any, int], descending: bool, *, nulls_first: bool
) -> Any:
    value, last = after
    further = identity < last if descending else identity > last
    if value is None:
        same = and_(key.is_(None), further)
        return or_(same, key.is_not(None)) if nulls_first else same
    past = key < value if descending else key > value
    beyond = or_(past, and_(key == value, further))
    return beyond if nulls_first else or_(beyond, key.is_(None))


def _past(key: Any, identity: Any, after: tuple[Any, int], descending: bool) -> Any:
    """As ``_beyond`` where there are no nulls: one comparison of pairs, which an index answers."""
    here = tuple_(key, identity)
    return here < after if descending else here > after


def _lenient(spec: FieldSpec) -> FieldSpec:
    """A filter's value has the field's type, but none of its bounds and checks."""
    from dataclasses import replace

    from tenor_sdk.fields import FieldInfo

    kind = "text" if spec.kind in ("state", "computed", "long-text") else spec.kind
    return replace(spec, kind=kind, required=False, info=FieldInfo())


def _column(record: type[Record], given: Any) -> PageColumn:
    if isinstance(given, Path):
        last = given.steps[-1]
        key = ".".join(step.key for step in given.steps)
        return PageColumn(key, specs_of(last.class_)[last.key], last.class_, given)
    if isinstance(given, property):
        name = given.fget.__name__ if given.fget else ""
        return PageColumn(name, specs_of(record)[name], record, given)
    return PageColumn(given.key, specs_of(given.class_)[given.key], given.class_, given)
