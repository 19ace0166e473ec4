"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "notes_note",
        sa.Column(
            "subject",
            sa.String().with_variant(sa.String(collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes_note")),
    )


def downgrade() -> None:
    op.drop_table("notes_note")
