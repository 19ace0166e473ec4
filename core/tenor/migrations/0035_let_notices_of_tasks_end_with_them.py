"""Let notices of tasks end with them"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_TABLE, _COLUMNS = "base_notice", ("case_id", "round")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column(_TABLE, sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column(_TABLE, name)
