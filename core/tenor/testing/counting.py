"""How much the database is asked for a list: as much for many rows as for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event, select

from tenor.access.records import User, UserPosition
from tenor.loader.stage import play
from tenor.records import PageQuery
from tenor.testing.institution import as_actor

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor_sdk.views import ListView


def statements(kernel: Kernel, plugin: str) -> Iterator[str]:
    """Every list of its records, with the demo's data, for whoever of the demo's people sees most of it: a page of one
    row, and of fifty. A list of which nobody sees two rows can't be judged."""
    play(kernel)
    people = _people(kernel)
    for record, views in kernel.views.lists.items():
        if record.__plugin__ != plugin:
            continue
        for key, view in views.items():
            login = max(people, key=lambda each: _asked(kernel, each, view, 50)[0])
            (one, few), (rows, many) = (_asked(kernel, login, view, size) for size in (1, 50))
            if one < rows and few != many:
                of = f"{record.__origin__}: its list {key}".rstrip()
                yield f"{of} takes {few} statements for a row, {many} for {rows}"


def _people(kernel: Kernel) -> list[str]:
    people = select(User.login).where(User.id.in_(select(UserPosition.user_id)))
    with as_actor(kernel, "system", write=False) as ctx, kernel.db.system(ctx.guarded) as session:
        return sorted(session.scalars(people))


def _asked(kernel: Kernel, login: str, view: ListView, size: int) -> tuple[int, int]:
    """How many rows come, and by how many statements."""
    with (
        as_actor(kernel, login, write=False) as ctx,
        _noted(kernel.db.reader) as said,
    ):
        if not ctx.may(view.record, "read"):
            return 0, 0
        found = kernel.records.page(ctx, view, PageQuery(size=size))
        return len(found.records), len(said)


@contextmanager
def _noted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)
