"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "errands_errand",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "subject",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_errands_errand_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_errands_errand_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errands_errand")),
        sa.UniqueConstraint("number", name=op.f("uq_errands_errand_number")),
    )
    with op.batch_alter_table("errands_errand", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_errands_errand_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_errands_errand_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_errands_errand_unit_id_id"), ["unit_id", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("errands_errand", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_errands_errand_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_errands_errand_state"))
        batch_op.drop_index(batch_op.f("ix_errands_errand_owner_id"))

    op.drop_table("errands_errand")
