"""Keep beside each membership the digest that was sealed"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0007"

TABLE = "base_seal_member"
_FILL = """
UPDATE base_seal_member SET leaf = coalesce(
    (SELECT digest FROM base_ledger_entry WHERE base_ledger_entry.id = base_seal_member.entry_id), '')
"""


def upgrade() -> None:
    kind = sa.String(length=64)
    kind = kind.with_variant(sa.String(length=64, collation="C"), "postgresql")
    op.add_column(TABLE, sa.Column("leaf", kind, nullable=False, server_default=""))
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
    op.drop_column(TABLE, "leaf")
