"""Links of a record to others of its own kind: what can't stand above it isn't offered for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.access.records import Unit
from tenor.views import address
from tenor.web.addresses import with_query

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor.context import KernelContext
    from tenor.records import FieldSpec
    from tenor_sdk.records import Record

#: by this name an address of suggestions says for which record they are
FOR: Final = "for"


def looped(spec: FieldSpec, record: Record | None) -> int | None:
    """The unit for which what stands above it is asked; None of any other field."""
    own = isinstance(record, Unit) and spec.target is Unit and spec.key == Unit.parent_id.key
    return record.id if own and record is not None else None


def elsewhere(
    ctx: KernelContext, kind: type[Record], identity: int | None
) -> ColumnElement[bool] | None:
    """The condition of units that may stand above one: neither it itself nor one below it."""
    if kind is not Unit or identity is None:
        return None
    path = ctx.session.scalar(select(Unit.path).where(Unit.id == identity))
    return ~Unit.path.startswith(path) if path else None


def suggestions_href(target: type[Record], identity: int | None) -> str:
    """Where what is typed into a picker is looked for."""
    told = {} if identity is None else {FOR: str(identity)}
    return with_query(f"{address(target)}/suggest", told)
