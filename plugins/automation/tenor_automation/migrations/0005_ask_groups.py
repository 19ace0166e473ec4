"""let a to-do go to all who hold a position"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    kind = sa.String(length=100)
    kind = kind.with_variant(sa.String(length=100, collation="C"), "postgresql")
    op.add_column(
        "automation_to_do", sa.Column("position", kind, nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("automation_to_do", "position")
