"""Take custom fields"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import CustomType

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("origination_application", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("custom", CustomType(), server_default=sa.text("'{}'"), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("origination_application", schema=None) as batch_op:
        batch_op.drop_column("custom")
