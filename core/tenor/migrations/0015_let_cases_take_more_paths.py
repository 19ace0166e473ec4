"""Let cases take more paths: back, taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    op.add_column(
        "base_workflow_case",
        sa.Column("straight_to", sa.String(64), nullable=False, server_default=""),
    )
    op.add_column(
        "base_workflow_step",
        sa.Column("kind", sa.String(20), nullable=False, server_default=""),
    )


def downgrade() -> None:
    op.drop_column("base_workflow_step", "kind")
    op.drop_column("base_workflow_case", "straight_to")
