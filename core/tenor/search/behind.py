"""Records that come by the thousand are keyed afterwards: until then it is on record from which id on a kind lacks
keys, and what lies above it is looked into text by text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, func, select

from tenor.db import gate
from tenor.events.rows import inserting, stamps
from tenor.search.records import SearchState
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: no field is called so
_AFTER: Final = " > "
_states: Final[Any] = SearchState.__table__


@dataclass(frozen=True)
class Stood:
    """What is on record of a kind.

    Args:
        fields: by which its records have keys; empty where nobody has seen to it.
        after: the id up to which they have; None where all have.
    """

    fields: str = ""
    after: int | None = None


def read(said: str | None) -> Stood:
    """What is on record, as it is kept."""
    fields, behind, after = (said or "").partition(_AFTER)
    return Stood(fields, int(after) if behind else None)


def leave(ctx: KernelContext, connection: Connection, record: type[Record]) -> None:
    """Put on record that records which this transaction is about to insert get no keys yet.

    Whoever else would say anything of the same kind waits until this transaction is over.
    """
    before = locked(ctx, connection, record)
    if before.fields and before.after is None:
        key = record.__table__.c.id
        last = _run(connection, select(func.max(key))).scalar_one() or 0
        mark(ctx, connection, record, f"{before.fields}{_AFTER}{last}")


def locked(ctx: KernelContext, connection: Connection, record: type[Record]) -> Stood:
    """What is on record, locked to the end of the transaction; where nothing was, that nobody has seen to it."""
    statement = inserting(ctx.kernel.db.dialect)(_states)
    values = {"table_name": record.__tablename__, "fields": "", **stamps(ctx)}
    _run(connection, statement.values(**values).on_conflict_do_nothing())
    found = select(_states.c.fields).where(_states.c.table_name == record.__tablename__)
    return read(_run(connection, found.with_for_update()).scalar_one())


def mark(ctx: KernelContext, connection: Connection, record: type[Record], said: str) -> None:
    """Put on record by which fields records of a kind have their keys."""
    statement = inserting(ctx.kernel.db.dialect)(_states)
    values = {"table_name": record.__tablename__, "fields": said, **stamps(ctx)}
    _run(
        connection,
        statement.values(**values).on_conflict_do_update(
            index_elements=["table_name"], set_={"fields": said, "changed_at": ctx.now}
        ),
    )


def stood(connection: Connection, record: type[Record]) -> str | None:
    """By which fields all records of a kind have their keys; None where nobody has seen to it."""
    found = select(_states.c.fields).where(_states.c.table_name == record.__tablename__)
    said: str | None = _run(connection, found).scalar_one_or_none()
    return said


def all_stood(connection: Connection) -> dict[str, str]:
    """The same of all kinds, by their tables."""
    return dict(_run(connection, select(_states.c.table_name, _states.c.fields)).all())


def _run(connection: Connection, statement: Any, rows: Any = None) -> Any:
    return connection.execute(statement, rows, execution_options=gate.MARKED)
