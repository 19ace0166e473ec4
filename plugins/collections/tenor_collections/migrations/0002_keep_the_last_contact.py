"""keep when the last contact of a case was, beside the case"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("collections_collection_case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_contact_at", UtcTime(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_last_contact_at"),
            ["last_contact_at"],
            unique=False,
        )
    op.execute(
        "UPDATE collections_collection_case SET last_contact_at ="
        " (SELECT max(at) FROM collections_contact"
        " WHERE collections_contact.case_id = collections_collection_case.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("collections_collection_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_last_contact_at"))
        batch_op.drop_column("last_contact_at")
