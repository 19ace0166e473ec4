"""Let seals say of which form they are"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

SEALS = "base_seal"
MEMBERS = "base_seal_member"
COLUMNS = ["table_name", "entry_id"]
_UNIQUE = f"uq_{MEMBERS}_table_name_entry_id"
_INDEX = f"ix_{MEMBERS}_table_name_entry_id"


def _guard_again() -> None:
    """On SQLite the table was made anew, and its triggers went with it."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {MEMBERS}_no_{verb.lower()} BEFORE {verb} ON {MEMBERS}"
            " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        )


def upgrade() -> None:
    op.add_column(
        SEALS, sa.Column("form", sa.BigInteger(), nullable=False, server_default=sa.text("1"))
    )
    kind = sa.String(length=100)
    kind = kind.with_variant(sa.String(length=100, collation="C"), "postgresql")
    op.add_column(SEALS, sa.Column("stamp", kind, nullable=False, server_default=""))
    with op.batch_alter_table(MEMBERS) as table:
        table.drop_constraint(op.f(_UNIQUE), type_="unique")
    op.create_index(op.f(_INDEX), MEMBERS, COLUMNS)
    _guard_again()


def downgrade() -> None:
    op.drop_index(op.f(_INDEX), MEMBERS)
    with op.batch_alter_table(MEMBERS) as table:
        table.create_unique_constraint(op.f(_UNIQUE), COLUMNS)
    _guard_again()
    op.drop_column(SEALS, "stamp")
    op.drop_column(SEALS, "form")
