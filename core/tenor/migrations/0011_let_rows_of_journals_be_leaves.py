"""Let rows of journals be leaves of seals"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TABLE = "base_seal_member"


def _text(name: str, length: int) -> sa.Column[str]:
    kind = sa.String(length=length)
    kind = kind.with_variant(sa.String(length=length, collation="C"), "postgresql")
    return sa.Column(name, kind, nullable=False, server_default="")


def _guard_again() -> None:
    """On SQLite the table was made anew, and its triggers went with it."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{verb.lower()} BEFORE {verb} ON {TABLE}"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.add_column(_text("table_name", 100))
        table.add_column(_text("salt", 64))
        table.drop_constraint(op.f("uq_base_seal_member_entry_id"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_base_seal_member_table_name_entry_id"), ["table_name", "entry_id"]
        )
    _guard_again()


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f("uq_base_seal_member_table_name_entry_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_base_seal_member_entry_id"), ["entry_id"])
        table.drop_column("salt")
        table.drop_column("table_name")
    _guard_again()
