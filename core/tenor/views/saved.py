"""Keeps what people saved of lists: filters under their names, their columns, and what a list opens with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, or_, select

from tenor.events.rows import table_of
from tenor.views.access import share_filters
from tenor.views.records import ListChoice, SavedFilter
from tenor_sdk.errors import Conflict, Forbidden, NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

#: filters of a list that a person may keep, and that all may share
MOST: Final = 20
_filters: Final = table_of(SavedFilter)
_choices: Final = table_of(ListChoice)


@dataclass(frozen=True)
class Saved:
    """A filter as its list shows it.

    Args:
        mine: whether it is that of whoever asks.
    """

    id: int
    name: str
    query: str
    shared: bool
    mine: bool


@dataclass(frozen=True)
class Choice:
    """How somebody wants a list.

    Args:
        columns: their keys in order; none: as declared.
        opens_id: the filter with which it opens.
    """

    columns: tuple[str, ...] = ()
    opens_id: int | None = None


class SavedLists:
    """The room's part that stores; what is written is ledgered as whoever acts."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- filters ----------------------------------------------------------------------------------------------------

    def of(self, ctx: KernelContext, record: type[Record]) -> list[Saved]:
        """The filters of a list: one's own first, then those that others share, each by name."""
        return self._found(ctx, record, most=2 * MOST)

    def one(self, ctx: KernelContext, record: type[Record], identity: int) -> Saved:
        """A filter that is this person's to open.

        Raises:
            NotFound: ``not-found``.
        """
        found = self._found(ctx, record, _filters.c.id == identity)
        if not found:
            raise NotFound("not-found")
        return found[0]

    def _found(
        self, ctx: KernelContext, record: type[Record], *which: ColumnElement[bool], most: int | None = None
    ) -> list[Saved]:  # fmt: skip
        mine = _filters.c.owner_id == ctx.actor.id
        wanted = (_filters.c.record == _key(record), or_(mine, _filters.c.shared), *which)
        columns = (
            _filters.c.id,
            _filters.c.name,
            _filters.c.query,
            _filters.c.shared,
            mine.label("mine"),
        )
        statement = (
            select(*columns).where(*wanted).order_by(mine.desc(), _filters.c.name, _filters.c.id)
        )
        rows = self.kernel.db.execute(ctx.guarded, statement.limit(most))
        return [
            Saved(row.id, row.name, row.query, bool(row.shared), bool(row.mine)) for row in rows
        ]

    def keep(
        self,
        ctx: KernelContext,
        record: type[Record],
        name: str,
        query: str,
        *,
        shared: bool = False,
    ) -> int:
        """Keep a filter; its id.

        Raises:
            Conflict: ``filter-name-taken``, ``too-many-filters``, ``too-many-shared-filters``.
            Forbidden: ``not-permitted``: to share it.
        """
        self._check_sharing(ctx, needed=shared)
        self._check_room(ctx, record, needed=shared)
        own = [each for each in self.of(ctx, record) if each.mine]
        if any(each.name == name for each in own):
            raise Conflict("filter-name-taken", name=name)
        if len(own) >= MOST:
            raise Conflict("too-many-filters", most=MOST)
        made = SavedFilter(
            owner_id=ctx.actor.id, record=_key(record), name=name, query=query, shared=shared
        )
        with self.kernel.db.system(ctx.guarded) as session:
            session.add(made)
            session.flush()
            return made.id

    def change(
        self, ctx: KernelContext, record: type[Record], identity: int, name: str, *, shared: bool
    ) -> None:
        """Call a filter otherwise, share it, or share it no longer.

        Raises:
            NotFound, Forbidden: it isn't this person's to change.
            Conflict: ``filter-name-taken``, ``too-many-shared-filters``.
        """
        found = self._to_change(ctx, record, identity)
        if shared != found.shared:
            self._check_sharing(ctx, needed=True)
            self._check_room(ctx, record, needed=shared)
        others = self._found(ctx, record, _filters.c.id != identity, _filters.c.name == name)
        if any(each.mine == found.mine for each in others):
            raise Conflict("filter-name-taken", name=name)
        with self.kernel.db.system(ctx.guarded) as session:
            row = session.get(SavedFilter, identity)
            row.name, row.shared = name, shared

    def remove(self, ctx: KernelContext, record: type[Record], identity: int) -> None:
        """Take a filter away; lists that opened with it open as declared.

        Raises:
            NotFound, Forbidden: it isn't this person's to remove.
        """
        self._to_change(ctx, record, identity)
        with self.kernel.db.system(ctx.guarded) as session:
            session.delete(session.get(SavedFilter, identity))

    def may_change(self, ctx: KernelContext, saved: Saved) -> bool:
        """Whether a filter is this person's to change: one's own, and what is shared for whoever may share."""
        return saved.mine or (saved.shared and ctx.may(share_filters))

    def _to_change(self, ctx: KernelContext, record: type[Record], identity: int) -> Saved:
        found = self.one(ctx, record, identity)
        self.check_change(ctx, found)
        return found

    def check_change(self, ctx: KernelContext, saved: Saved) -> None:
        """Raise where a filter isn't this person's to change.

        Raises:
            Forbidden: ``not-permitted``.
        """
        if not self.may_change(ctx, saved):
            raise Forbidden("not-permitted", what=share_filters.title)

    @staticmethod
    def _check_sharing(ctx: KernelContext, *, needed: bool) -> None:
        if needed and not ctx.may(share_filters):
            raise Forbidden("not-permitted", what=share_filters.title)

    def _check_room(self, ctx: KernelContext, record: type[Record], *, needed: bool) -> None:
        """Whatever is shared stands among the tabs of whoever reads the list."""
        if needed and len(self._found(ctx, record, _filters.c.shared, most=MOST)) >= MOST:
            raise Conflict("too-many-shared-filters", most=MOST)

    # -- choices ----------------------------------------------------------------------------------------------------

    def choice(self, ctx: KernelContext, record: type[Record], view: str) -> Choice:
        """How this person wants a list."""
        wanted = _same(ctx, record, view)
        columns = (_choices.c.columns, _choices.c.opens_id)
        statement = select(*columns).where(
            *(_choices.c[name] == value for name, value in wanted.items())
        )
        row = self.kernel.db.execute(ctx.guarded, statement).first()
        return Choice(tuple(row.columns.split()), row.opens_id) if row is not None else Choice()

    def choose_columns(
        self, ctx: KernelContext, record: type[Record], view: str, columns: Sequence[str]
    ) -> None:
        """Have a list with these columns from now on; none: as declared."""
        self._choose(ctx, record, view, columns=" ".join(columns))

    def open_with(
        self, ctx: KernelContext, record: type[Record], view: str, identity: int | None
    ) -> None:
        """Have a list open with a filter from now on; None: as declared."""
        self._choose(ctx, record, view, opens_id=identity)

    def _choose(self, ctx: KernelContext, record: type[Record], view: str, **chosen: Any) -> None:
        same = _same(ctx, record, view)
        with self.kernel.db.system(ctx.guarded) as session:
            row = session.scalars(select(ListChoice).filter_by(**same)).one_or_none()
            if row is None:
                row = ListChoice(**same)
                session.add(row)
            for name, value in chosen.items():
                setattr(row, name, value)


def _key(record: type[Record]) -> str:
    return f"{record.__plugin__}.{record.slug()}"


def _same(ctx: KernelContext, record: type[Record], view: str) -> dict[str, Any]:
    return {"user_id": ctx.actor.id, "record": _key(record), "view": view}
