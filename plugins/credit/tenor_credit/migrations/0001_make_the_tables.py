"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, RateType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "credit_limit_proposal",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("growth", RateType(), nullable=False),
        sa.Column("own_funds", AmountType(), nullable=False),
        sa.Column("existing_loans", AmountType(), nullable=False),
        sa.Column("other_channels", AmountType(), nullable=False),
        sa.Column("asked", AmountType(), nullable=True),
        sa.Column("needed", AmountType(), nullable=False),
        sa.Column("proposed", AmountType(), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_credit_limit_proposal_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"],
            ["base_user.id"],
            name=op.f("fk_credit_limit_proposal_made_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["customers_financial_statement.id"],
            name=op.f("fk_credit_limit_proposal_statement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_limit_proposal")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_limit_proposal_number")),
    )
    with op.batch_alter_table("credit_limit_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_limit_proposal_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_credit_limit_proposal_statement_id"), ["statement_id"], unique=False
        )

    op.create_table(
        "credit_rating",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "model",
            sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "model_hash",
            sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("score", sa.BigInteger(), nullable=False),
        sa.Column(
            "grade",
            sa.String(length=8).with_variant(sa.String(length=8, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("tree", sa.JSON(), nullable=False),
        sa.Column(
            "rated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_credit_rating_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rated_by_id"],
            ["base_user.id"],
            name=op.f("fk_credit_rating_rated_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["customers_financial_statement.id"],
            name=op.f("fk_credit_rating_statement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_rating")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_rating_number")),
    )
    with op.batch_alter_table("credit_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_rating_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_credit_rating_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_credit_rating_statement_id"), ["statement_id"], unique=False
        )

    op.create_table(
        "credit_customer_rating",
        sa.Column(
            "grade",
            sa.String(length=8).with_variant(sa.String(length=8, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("rating_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rated_valid_until", sa.Date(), nullable=True),
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
            ["customers_customer.id"],
            name=op.f("fk_credit_customer_rating_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["rating_id"],
            ["credit_rating.id"],
            name=op.f("fk_credit_customer_rating_rating_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_customer_rating")),
    )
    with op.batch_alter_table("credit_customer_rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_credit_customer_rating_rating_id"), ["rating_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("credit_customer_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_customer_rating_rating_id"))

    op.drop_table("credit_customer_rating")
    with op.batch_alter_table("credit_rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_rating_statement_id"))
        batch_op.drop_index(batch_op.f("ix_credit_rating_state"))
        batch_op.drop_index(batch_op.f("ix_credit_rating_customer_id"))

    op.drop_table("credit_rating")
    with op.batch_alter_table("credit_limit_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_credit_limit_proposal_statement_id"))
        batch_op.drop_index(batch_op.f("ix_credit_limit_proposal_customer_id"))

    op.drop_table("credit_limit_proposal")
