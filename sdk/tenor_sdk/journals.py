"""Journals: records that are written once and in great number, and are their own ledger.

``class Posting(Record, AppendOnly, journal=True)``: its rows leave no entry in the ledger. Each says itself what an
entry would have said, and is a leaf of the ledger's seals. A migration makes a table one: ``make_journal(op, "…")``.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import mapped_column
from sqlalchemy.sql.functions import FunctionElement

from tenor_sdk.columns import text_type
from tenor_sdk.fields import FieldInfo

#: what the kernel says of each row besides who made it and when; nobody else may
GIVEN: Final = ("transaction", "behalf_of_id", "procedure", "request_id")
_NOW: Final = "cast(cast(pg_current_xact_id() AS text) AS bigint)"


class _Transaction(FunctionElement[int]):
    """The transaction that writes a row; 0 on SQLite, where there is one writer."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(_Transaction)
def _nowhere(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "0"


@compiles(_Transaction, "postgresql")
def _of_postgresql(_element: Any, _compiler: Any, **_options: Any) -> str:
    return _NOW


def columns() -> dict[str, Any]:
    """The columns that make a record a journal."""

    def info(label: str) -> dict[str, Any]:
        return {"tenor": FieldInfo(label=label, readonly=True)}

    return {
        "transaction": mapped_column(
            sa.BigInteger, default=_Transaction(), nullable=False, info=info("Transaction")
        ),
        "behalf_of_id": mapped_column(sa.BigInteger, info=info("In the place of (id)")),
        "procedure": mapped_column(
            text_type(200), default="", nullable=False, info=info("Through")
        ),
        "request_id": mapped_column(
            text_type(64), default="", nullable=False, info=info("Request")
        ),
    }


def is_journal(record: object) -> bool:
    """Whether the rows of a kind of record are sealed directly."""
    return bool(getattr(record, "__sealed__", False))


def make_journal(op: Any, table: str) -> None:
    """For a migration: the columns of a journal, and triggers by which the database refuses changes and removals.

    Rows that are there belong to the migration's transaction from now on, so that the next seal takes them.

    Args:
        op: Alembic's.
        table: of the record.
    """
    sqlite = op.get_bind().dialect.name == "sqlite"
    text = {length: text_type(length) for length in (64, 200)}
    op.add_column(
        table, sa.Column("transaction", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column(table, sa.Column("behalf_of_id", sa.BigInteger(), nullable=True))
    op.add_column(table, sa.Column("procedure", text[200], nullable=False, server_default=""))
    op.add_column(table, sa.Column("request_id", text[64], nullable=False, server_default=""))
    if not sqlite:
        row = sa.table(table, sa.column("transaction", sa.BigInteger()))
        op.execute(row.update().values(transaction=sa.literal_column(_NOW)))
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'a journal is append-only'); END"
        )


def unmake_journal(op: Any, table: str) -> None:
    """For a migration that goes back: what ``make_journal`` made is taken away."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_no_{verb}")
    else:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for name in reversed(GIVEN):
        op.drop_column(table, name)
