"""Keep what a vote says"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

TABLE = "base_vote"


def upgrade() -> None:
    kind = sa.String(length=20)
    kind = kind.with_variant(sa.String(length=20, collation="C"), "postgresql")
    op.add_column(TABLE, sa.Column("ballot", kind, nullable=False, server_default="for"))


def downgrade() -> None:
    op.drop_column(TABLE, "ballot")
