"""Let leave begin on a day to come"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("base_user", sa.Column("on_leave_from", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("base_user", "on_leave_from")
