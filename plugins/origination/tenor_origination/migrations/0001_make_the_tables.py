"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, RateType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "origination_application",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("product", sa.String(length=64), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("rate", RateType(), nullable=False),
        sa.Column("repayment", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "priority",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("queue_rank", sa.BigInteger(), nullable=False),
        sa.Column("approved_amount", AmountType(), nullable=True),
        sa.Column("approved_rate", RateType(), nullable=True),
        sa.Column("approved_months", sa.BigInteger(), nullable=True),
        sa.Column("rating_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_origination_application_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_origination_application_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["credit_rating.id"],
            name=op.f("fk_origination_application_rating_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_origination_application_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origination_application")),
        sa.UniqueConstraint("number", name=op.f("uq_origination_application_number")),
    )
    with op.batch_alter_table("origination_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_origination_application_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_origination_application_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_origination_application_rating_id"), ["rating_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_origination_application_state"), ["state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_origination_application_unit_id_id"), ["unit_id", "id"], unique=False
        )

    op.create_table(
        "origination_application_document",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.String(length=60).with_variant(sa.String(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "name",
            sa.String(length=255).with_variant(sa.String(length=255, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("brought_on", sa.Date(), nullable=False),
        sa.Column(
            "brought_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["origination_application.id"],
            name=op.f("fk_origination_application_document_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["brought_by_id"],
            ["base_user.id"],
            name=op.f("fk_origination_application_document_brought_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["base_file.id"],
            name=op.f("fk_origination_application_document_file_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origination_application_document")),
    )
    with op.batch_alter_table("origination_application_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_origination_application_document_application_id"),
            ["application_id"],
            unique=False,
        )

    op.create_table(
        "origination_condition",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "text",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "set_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("met_on", sa.Date(), nullable=True),
        sa.Column("met_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "note",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["origination_application.id"],
            name=op.f("fk_origination_condition_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["base_file.id"],
            name=op.f("fk_origination_condition_file_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["met_by_id"],
            ["base_user.id"],
            name=op.f("fk_origination_condition_met_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"],
            ["base_user.id"],
            name=op.f("fk_origination_condition_set_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origination_condition")),
    )
    with op.batch_alter_table("origination_condition", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_origination_condition_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "origination_opinion",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "stage",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("view", sa.String(length=64), nullable=False),
        sa.Column(
            "text", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["origination_application.id"],
            name=op.f("fk_origination_opinion_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["base_user.id"],
            name=op.f("fk_origination_opinion_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origination_opinion")),
    )
    with op.batch_alter_table("origination_opinion", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_origination_opinion_application_id"), ["application_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("origination_opinion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origination_opinion_application_id"))

    op.drop_table("origination_opinion")
    with op.batch_alter_table("origination_condition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origination_condition_application_id"))

    op.drop_table("origination_condition")
    with op.batch_alter_table("origination_application_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origination_application_document_application_id"))

    op.drop_table("origination_application_document")
    with op.batch_alter_table("origination_application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origination_application_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_origination_application_state"))
        batch_op.drop_index(batch_op.f("ix_origination_application_rating_id"))
        batch_op.drop_index(batch_op.f("ix_origination_application_owner_id"))
        batch_op.drop_index(batch_op.f("ix_origination_application_customer_id"))

    op.drop_table("origination_application")
