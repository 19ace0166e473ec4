"""make the tables of collections"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "collections_collection_case",
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
        sa.Column("overdue", AmountType(), nullable=False),
        sa.Column("days_past_due", sa.BigInteger(), nullable=False),
        sa.Column(
            "stage",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("opened_on", sa.Date(), nullable=False),
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
            name=op.f("fk_collections_collection_case_loan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["base_user.id"],
            name=op.f("fk_collections_collection_case_owner_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["base_unit.id"],
            name=op.f("fk_collections_collection_case_unit_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections_collection_case")),
        sa.UniqueConstraint("number", name=op.f("uq_collections_collection_case_number")),
    )
    with op.batch_alter_table("collections_collection_case", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_days_past_due"),
            ["days_past_due"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_loan_id"), ["loan_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_owner_id"), ["owner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_state"), ["state"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_collections_collection_case_unit_id_id"), ["unit_id", "id"], unique=False
        )

    op.create_table(
        "collections_contact",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column(
            "text", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["base_user.id"],
            name=op.f("fk_collections_contact_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["collections_collection_case.id"],
            name=op.f("fk_collections_contact_case_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections_contact")),
    )
    with op.batch_alter_table("collections_contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collections_contact_case_id"), ["case_id"], unique=False
        )

    op.create_table(
        "collections_promise",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("promised_for", sa.Date(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["base_user.id"],
            name=op.f("fk_collections_promise_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["collections_collection_case.id"],
            name=op.f("fk_collections_promise_case_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collections_promise")),
    )
    with op.batch_alter_table("collections_promise", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_collections_promise_case_id"), ["case_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("collections_promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_promise_case_id"))

    op.drop_table("collections_promise")
    with op.batch_alter_table("collections_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_contact_case_id"))

    op.drop_table("collections_contact")
    with op.batch_alter_table("collections_collection_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_state"))
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_owner_id"))
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_loan_id"))
        batch_op.drop_index(batch_op.f("ix_collections_collection_case_days_past_due"))

    op.drop_table("collections_collection_case")
