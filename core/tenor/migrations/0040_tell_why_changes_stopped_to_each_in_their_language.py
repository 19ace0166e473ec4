"""Tell why changes stopped to each in their language"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"

_CHANGE = "base_bulk_change"


def upgrade() -> None:
    op.add_column(_CHANGE, sa.Column("told", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column(_CHANGE, "told")
