"""Let the institution be put into safe mode"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

TABLE = "base_generation"
_REASON = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("safe_mode", _REASON, nullable=False, server_default=""))
    with op.batch_alter_table(TABLE) as batch:
        batch.alter_column("safe_mode", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_column("safe_mode")
