"""Tell refusals to each in their language"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

_CHANGE, _ROW = "base_bulk_change", "base_bulk_row"


def upgrade() -> None:
    none = {"nullable": False, "server_default": "0"}
    op.add_column(_CHANGE, sa.Column("already", sa.BigInteger(), **none))
    so = sa.Column("already", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column(_ROW, so)
    op.add_column(_ROW, sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    for name in ("told", "already"):
        op.drop_column(_ROW, name)
    op.drop_column(_CHANGE, "already")
