"""Pause plugins whose jobs keep failing, split jobs into parts, run them by rank and one at a time"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0016"
down_revision = "0015"

JOB, PAUSED, PROCESS = "base_job", "base_paused_plugin", "base_job_process"
INDEXES = (
    ["state", "queue", "rank", "due_at"],
    ["plugin", "started_at"],
    ["parent_id", "state"],
)
OLDER = ["state", "queue", "due_at"]
TURNS = "uq_base_job_turn_leased"


def _text(name: str, length: int | None = None, **options: Any) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, **options)


def _columns() -> Iterator[sa.Column[Any]]:
    yield sa.Column("rank", sa.BigInteger(), nullable=False, server_default="20")
    yield _text("turn", 300, nullable=True)
    for name in ("fault", "cancel_asked"):
        yield sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
    for name in ("progress", "progress_of", "parent_id", "number", "parts"):
        yield sa.Column(name, sa.BigInteger(), nullable=True)
    yield sa.Column("part", sa.JSON(none_as_null=True), nullable=True)
    yield sa.Column("parts_done", sa.BigInteger(), nullable=False, server_default="0")


def _stamped(table: str, unique: str, *columns: sa.Column[Any]) -> None:
    op.create_table(
        table,
        *columns,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(unique, name=op.f(f"uq_{table}_{unique}")),
    )


def _index(columns: list[str]) -> str:
    return str(op.f(f"ix_{JOB}_{'_'.join(columns)}"))


def upgrade() -> None:
    for column in _columns():
        op.add_column(JOB, column)
    for columns in INDEXES:
        op.create_index(_index(columns), JOB, columns)
    leased = sa.text("state = 'leased'")
    op.create_index(TURNS, JOB, ["turn"], unique=True, sqlite_where=leased, postgresql_where=leased)
    op.drop_index(_index(OLDER), JOB)
    _stamped(
        PAUSED,
        "plugin",
        _text("plugin", 100, nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        _text("reason", nullable=False),
        sa.Column("resumed_at", UtcTime(), nullable=True),
    )
    _stamped(
        PROCESS,
        "name",
        _text("name", 200, nullable=False),
        _text("kind", 20, nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table(PROCESS)
    op.drop_table(PAUSED)
    op.create_index(_index(OLDER), JOB, OLDER)
    op.drop_index(TURNS, JOB)
    for columns in INDEXES:
        op.drop_index(_index(columns), JOB)
    for column in reversed(list(_columns())):
        op.drop_column(JOB, column.name)
