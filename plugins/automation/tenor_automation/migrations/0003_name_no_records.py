"""name records in no to-do: what one is called depends on who asks"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.drop_column("automation_to_do", "record_name")


def downgrade() -> None:
    name = sa.String(length=200)
    name = name.with_variant(sa.String(length=200, collation="C"), "postgresql")
    op.add_column(
        "automation_to_do", sa.Column("record_name", name, nullable=False, server_default="")
    )
