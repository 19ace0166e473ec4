"""Make the tables"""

import sqlalchemy as sa
from alembic import op

from tenor_sdk.columns import AmountType, RateType, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "loans_disbursement",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "payee",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "account",
            sa.String(length=34).with_variant(sa.String(length=34, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "bank",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("first_due", sa.Date(), nullable=True),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column(
            "prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
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
            name=op.f("fk_loans_disbursement_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["base_user.id"],
            name=op.f("fk_loans_disbursement_prepared_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_disbursement")),
    )
    with op.batch_alter_table("loans_disbursement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_loans_disbursement_application_id"), ["application_id"], unique=False
        )

    op.create_table(
        "loans_loan",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "borrower",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("principal", AmountType(), nullable=False),
        sa.Column("rate", RateType(), nullable=False),
        sa.Column("penalty_rate", RateType(), nullable=False),
        sa.Column("compound", sa.Boolean(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("day_count", sa.String(length=64), nullable=False),
        sa.Column("instalment_count", sa.BigInteger(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("first_due", sa.Date(), nullable=False),
        sa.Column("maturity", sa.Date(), nullable=False),
        sa.Column("outstanding", AmountType(), nullable=False),
        sa.Column("overdue", AmountType(), nullable=False),
        sa.Column("days_past_due", sa.BigInteger(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
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
            ["application_id"],
            ["origination_application.id"],
            name=op.f("fk_loans_loan_application_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers_customer.id"],
            name=op.f("fk_loans_loan_customer_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["base_user.id"], name=op.f("fk_loans_loan_owner_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["base_unit.id"], name=op.f("fk_loans_loan_unit_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_loan")),
        sa.UniqueConstraint("number", name=op.f("uq_loans_loan_number")),
    )
    with op.batch_alter_table("loans_loan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_loans_loan_application_id"), ["application_id"], unique=True
        )
        batch_op.create_index(
            batch_op.f("ix_loans_loan_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_loans_loan_days_past_due"), ["days_past_due"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_loans_loan_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_loans_loan_state"), ["state"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_loans_loan_unit_id_id"), ["unit_id", "id"], unique=False
        )

    op.create_table(
        "loans_instalment",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("payable_on", sa.Date(), nullable=False),
        sa.Column("opening", AmountType(), nullable=False),
        sa.Column("principal", AmountType(), nullable=False),
        sa.Column("interest", AmountType(), nullable=False),
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
            ["loans_loan.id"],
            name=op.f("fk_loans_instalment_parent_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_instalment")),
        sa.UniqueConstraint(
            "parent_id", "number", name=op.f("uq_loans_instalment_parent_id_number")
        ),
    )
    with op.batch_alter_table("loans_instalment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_instalment_due"), ["due"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_loans_instalment_parent_id"), ["parent_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_loans_instalment_payable_on"), ["payable_on"], unique=False
        )

    op.create_table(
        "loans_payment_instruction",
        sa.Column(
            "number",
            sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "disbursement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "payee",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "account",
            sa.String(length=34).with_variant(sa.String(length=34, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "bank",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column(
            "prepared_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "released_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["disbursement_id"],
            ["loans_disbursement.id"],
            name=op.f("fk_loans_payment_instruction_disbursement_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loans_loan.id"],
            name=op.f("fk_loans_payment_instruction_loan_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["prepared_by_id"],
            ["base_user.id"],
            name=op.f("fk_loans_payment_instruction_prepared_by_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["released_by_id"],
            ["base_user.id"],
            name=op.f("fk_loans_payment_instruction_released_by_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_payment_instruction")),
        sa.UniqueConstraint("number", name=op.f("uq_loans_payment_instruction_number")),
    )
    with op.batch_alter_table("loans_payment_instruction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_loans_payment_instruction_disbursement_id"),
            ["disbursement_id"],
            unique=True,
        )
        batch_op.create_index(
            batch_op.f("ix_loans_payment_instruction_loan_id"), ["loan_id"], unique=False
        )

    op.create_table(
        "loans_posting",
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("amount", AmountType(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "note",
            sa.String(length=500).with_variant(sa.String(length=500, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loans_loan.id"],
            name=op.f("fk_loans_posting_loan_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_posting")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_loans_posting_reverses_id")),
    )
    with op.batch_alter_table("loans_posting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loans_posting_loan_id"), ["loan_id"], unique=False)

    op.create_table(
        "loans_reminder",
        sa.Column("loan_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "instalment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("days_before", sa.BigInteger(), nullable=False),
        sa.Column("payable_on", sa.Date(), nullable=False),
        sa.Column(
            "currency",
            sa.String(length=3).with_variant(sa.String(length=3, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("principal", AmountType(), nullable=False),
        sa.Column("interest", AmountType(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instalment_id"],
            ["loans_instalment.id"],
            name=op.f("fk_loans_reminder_instalment_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"],
            ["loans_loan.id"],
            name=op.f("fk_loans_reminder_loan_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans_reminder")),
        sa.UniqueConstraint(
            "instalment_id",
            "payable_on",
            "days_before",
            name=op.f("uq_loans_reminder_instalment_id_payable_on_days_before"),
        ),
    )
    with op.batch_alter_table("loans_reminder", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_loans_reminder_instalment_id"), ["instalment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_loans_reminder_loan_id"), ["loan_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("loans_reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_reminder_loan_id"))
        batch_op.drop_index(batch_op.f("ix_loans_reminder_instalment_id"))

    op.drop_table("loans_reminder")
    with op.batch_alter_table("loans_posting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_posting_loan_id"))

    op.drop_table("loans_posting")
    with op.batch_alter_table("loans_payment_instruction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_payment_instruction_loan_id"))
        batch_op.drop_index(batch_op.f("ix_loans_payment_instruction_disbursement_id"))

    op.drop_table("loans_payment_instruction")
    with op.batch_alter_table("loans_instalment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_instalment_payable_on"))
        batch_op.drop_index(batch_op.f("ix_loans_instalment_parent_id"))
        batch_op.drop_index(batch_op.f("ix_loans_instalment_due"))

    op.drop_table("loans_instalment")
    with op.batch_alter_table("loans_loan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_loan_unit_id_id"))
        batch_op.drop_index(batch_op.f("ix_loans_loan_state"))
        batch_op.drop_index(batch_op.f("ix_loans_loan_owner_id"))
        batch_op.drop_index(batch_op.f("ix_loans_loan_days_past_due"))
        batch_op.drop_index(batch_op.f("ix_loans_loan_customer_id"))
        batch_op.drop_index(batch_op.f("ix_loans_loan_application_id"))

    op.drop_table("loans_loan")
    with op.batch_alter_table("loans_disbursement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_loans_disbursement_application_id"))

    op.drop_table("loans_disbursement")
