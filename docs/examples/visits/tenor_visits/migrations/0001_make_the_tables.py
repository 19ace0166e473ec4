"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "visits_errand_visits",
        sa.Column("visits", sa.BigInteger(), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"],
            ["errands_errand.id"],
            name=op.f("fk_visits_errand_visits_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits_errand_visits")),
    )


def downgrade() -> None:
    op.drop_table("visits_errand_visits")
