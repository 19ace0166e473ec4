"""Let comments name people"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

_COMMENT, _USER = "base_comment", "base_user"
_BY_NAME = "ix_base_user_name"


def upgrade() -> None:
    op.add_column(_COMMENT, sa.Column("mentions", sa.JSON(), nullable=True))
    op.create_index(op.f(_BY_NAME), _USER, ["name"])


def downgrade() -> None:
    op.drop_index(op.f(_BY_NAME), _USER)
    op.drop_column(_COMMENT, "mentions")
