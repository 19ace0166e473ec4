"""Keep the leaves of seals, erasures and legal holds"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0009"
down_revision = "0008"

TABLE = "base_seal_member"
_FILL = """
UPDATE base_seal_member SET leaf = coalesce(
    (SELECT digest FROM base_ledger_entry WHERE base_ledger_entry.id = base_seal_member.entry_id), '')
"""


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _table(name: str, *own: sa.Column[object]) -> None:
    op.create_table(
        name,
        _text("table_name", 100),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        _text("reason", 500),
        *own,
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    columns = ["table_name", "record_id"]
    op.create_index(op.f(f"ix_{name}_table_name_record_id"), name, columns)


def upgrade() -> None:
    _table(
        "base_erasure",
        _text("fields", 1000),
        _text("basis", 500),
        _text("state", 20),
        sa.Column("proposed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("done_at", UtcTime(), nullable=True),
    )
    _table("base_legal_hold", sa.Column("ended_at", UtcTime(), nullable=True))
    kind = sa.String(length=64)
    kind = kind.with_variant(sa.String(length=64, collation="C"), "postgresql")
    op.add_column(TABLE, sa.Column("leaf", kind, nullable=False, server_default=""))
    op.add_column(
        "base_ledger_entry", sa.Column("salts", sa.JSON(none_as_null=True), nullable=True)
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    off = (
        f"DROP TRIGGER {TABLE}_no_update" if sqlite else f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"
    )
    on = (
        f"CREATE TRIGGER {TABLE}_no_update BEFORE UPDATE ON {TABLE}"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        if sqlite
        else f"ALTER TABLE {TABLE} ENABLE TRIGGER USER"
    )
    op.execute(off)
    op.execute(_FILL)
    op.execute(on)


def downgrade() -> None:
    op.drop_table("base_legal_hold")
    op.drop_table("base_erasure")
    op.drop_column("base_ledger_entry", "salts")
    op.drop_column(TABLE, "leaf")
