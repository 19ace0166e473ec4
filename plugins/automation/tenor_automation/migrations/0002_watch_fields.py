"""let rules act on the change of a field"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    kind = sa.String(length=100)
    kind = kind.with_variant(sa.String(length=100, collation="C"), "postgresql")
    op.add_column(
        "automation_rule", sa.Column("changed_field", kind, nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("automation_rule", "changed_field")
