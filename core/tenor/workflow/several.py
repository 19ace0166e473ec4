"""A look at every record that is before several people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import ColumnElement, select

from tenor.events.events import FAILURES
from tenor.workflow.parts import Parts
from tenor.workflow.records import OPEN
from tenor.workflow.tasks import task
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

log = logging.getLogger(__name__)

T = TypeVar("T")
Find = Callable[["KernelContext", Record], Iterable[T]]
_COLUMNS: Final = (task.c.table_name, task.c.record_id)


def found_on_each(
    parts: Parts, ctx: KernelContext, reason: str, find: Find[T], *where: ColumnElement[Any]
) -> Iterator[T]:
    """What is found on the records with an open task of several people, by a look that changes nothing; a record on
    which it can't be told is left out.

    Args:
        where: which of these tasks.
    """
    kernel = parts.kernel
    open_ones = select(*_COLUMNS).where(task.c.state == OPEN, task.c.several, *where).distinct()
    with (
        kernel.context(ctx.actor, write=False) as plain,
        parts.authorities.seeing(plain, reason) as look,
    ):
        for row in kernel.db.execute(look.guarded, open_ones).all():
            kind = kernel.records.by_table.get(row.table_name)
            if kind is None or kind not in parts.flows:
                continue
            try:
                record = look.session.get(kind, row.record_id)
                if record is not None:
                    yield from list(find(look, record))
            except FAILURES:
                log.exception("%s can't be told of %s %s", reason, row.table_name, row.record_id)
