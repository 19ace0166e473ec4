"""make the tables of disposal"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, RateType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "npl_disposal_npl_case",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "borrower",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("base_date", sa.Date(), nullable=False),
        sa.Column("claim", AmountType(), nullable=False),
        sa.Column("provision", AmountType(), nullable=False),
        sa.Column("rate", RateType(), nullable=False),
        sa.Column("chosen", sa.String(length=64), nullable=True),
        sa.Column("frozen", sa.JSON(), nullable=True),
        sa.Column(
            "frozen_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loans_loan.id"],
            name=op.f("fk_npl_disposal_npl_case_loan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_npl_disposal_npl_case_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_npl_disposal_npl_case_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_npl_disposal_npl_case")),
        sa.UniqueConstraint("number", name=op.f("uq_npl_disposal_npl_case_number")),
    )
    with op.batch_alter_table("npl_disposal_npl_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_npl_disposal_npl_case_loan_id"), ["loan_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_npl_disposal_npl_case_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_npl_disposal_npl_case_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_npl_disposal_npl_case_unit_id_id"), ["unit_id", "id"], unique=False
        )

    op.create_table(
        "npl_disposal_disposal_option",
        sa.Column("way", sa.String(length=64), nullable=False),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("payments", sa.BigInteger(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("probability", RateType(), nullable=False),
        sa.Column("cost", AmountType(), nullable=False),
        sa.Column(
            "parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["npl_disposal_npl_case.id"],
            name=op.f("fk_npl_disposal_disposal_option_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_npl_disposal_disposal_option")),
    )
    with op.batch_alter_table("npl_disposal_disposal_option", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_npl_disposal_disposal_option_parent_id"), ["parent_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("npl_disposal_disposal_option", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_npl_disposal_disposal_option_parent_id"))

    op.drop_table("npl_disposal_disposal_option")
    with op.batch_alter_table("npl_disposal_npl_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_npl_disposal_npl_case_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_npl_disposal_npl_case_state"))
        batch_op.drop_index(batch_op.f("ix_npl_disposal_npl_case_owner_id"))
        batch_op.drop_index(batch_op.f("ix_npl_disposal_npl_case_loan_id"))

    op.drop_table("npl_disposal_npl_case")
